//! The OpenAPI documents: what is promised stands in a snapshot, follows the Dutch rules for APIs, and names every operation once.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::server::Server;
use crate::support::interop::{interop, ready};

/// The documents by their place.
pub(crate) const DOCUMENTS: [&str; 2] = ["/v1/openapi.json", "/access/v1/openapi.json"];

pub(crate) fn documents() -> Vec<(&'static str, Value)> {
    let server = Server::with(|config| config.address = "https://portal.example".to_owned());
    DOCUMENTS.iter().map(|place| (*place, server.get("", place).expect(200))).collect()
}

#[test]
fn what_is_promised() {
    for (place, document) in documents() {
        insta::assert_json_snapshot!(place.trim_matches('/').replace(['/', '.'], "-"), document);
    }
}

/// NLGov REST API Design Rules, by the ruleset of the standard.
#[test]
fn the_rules_for_dutch_apis_hold() {
    let ruleset =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/nlgov-api-design-rules.spectral.yaml");
    if !ruleset.exists() {
        eprintln!("skipped: needs ../shared/conformance");
        return;
    }
    if !ready() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    for (place, document) in documents() {
        let file = dir.path().join("openapi.json");
        std::fs::write(&file, serde_json::to_vec(&document).unwrap()).unwrap();
        let judged = interop(&["spectral", ruleset.to_str().unwrap(), file.to_str().unwrap()]);
        assert!(judged.status.success(), "{place}: {}", String::from_utf8_lossy(&judged.stdout));
    }
}

/// Every operation has a name of its own, says what it is for, and what is told of a failure is a problem.
#[test]
fn every_operation_is_described() {
    let mut names = BTreeSet::new();
    for (place, document) in documents() {
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let called = format!("{place} {method} {path}");
                assert!(names.insert(operation["operationId"].as_str().unwrap().to_owned()), "{called}");
                assert!(operation["summary"].as_str().is_some_and(|s| s.len() > 5), "{called}: {operation}");
                for (status, response) in operation["responses"].as_object().unwrap() {
                    let problem = response["content"].get("application/problem+json").is_some();
                    assert_eq!(problem, status.starts_with(['4', '5']), "{called}: {status}");
                }
            }
        }
    }
    assert!(names.len() > 5);
}

/// Of two types under one name the document would show one.
#[test]
fn every_schema_has_a_name_of_its_own() {
    let mut names = BTreeSet::new();
    for (path, text) in crate::floors::sources() {
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if !(line.starts_with("#[derive(") && line.contains("ToSchema")) {
                continue;
            }
            let mut shown = None;
            let declared = lines.by_ref().find_map(|line| {
                shown = shown.take().or(line.strip_prefix("#[schema(as = ").and_then(|l| l.split(')').next()));
                let (_, name) = line.split_once("struct ").or_else(|| line.split_once("enum "))?;
                (!line.starts_with("///")).then(|| name.split(|c: char| !c.is_alphanumeric()).next().unwrap())
            });
            let name = shown.or(declared).unwrap();
            assert!(names.insert(name.to_owned()), "{path}: `{name}`");
        }
    }
    assert!(names.len() > 100);
}

/// An object that says nothing of its members would be, to a generated client, one without members.
#[test]
fn every_object_says_what_is_in_it() {
    fn look(place: &str, value: &Value, closed: &mut Vec<String>) {
        let said = |member: &str| value.get(member).is_some();
        let object =
            value["type"] == "object" || value["type"].as_array().is_some_and(|t| t.contains(&"object".into()));
        if object && !said("properties") && !said("additionalProperties") {
            closed.push(place.to_owned());
        }
        for (name, member) in value.as_object().into_iter().flatten() {
            look(&format!("{place}/{name}"), member, closed);
        }
        for (i, item) in value.as_array().into_iter().flatten().enumerate() {
            look(&format!("{place}/{i}"), item, closed);
        }
    }
    for (place, document) in documents() {
        let mut closed = Vec::new();
        look(place, &document, &mut closed);
        assert!(closed.is_empty(), "{closed:?}");
    }
}
