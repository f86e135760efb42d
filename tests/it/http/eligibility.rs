//! `POST /v1/eligibility`: what may I use, over HTTP, on the portal of the examples.

use std::collections::BTreeSet;

use datadeal::model::dataset::Dataset;
use serde_json::{Value, json};

use super::basics::university;
use super::server::Server;

/// The question of a check, without a dataset and without columns.
fn everywhere() -> Value {
    let mut question = university();
    let members = question.as_object_mut().unwrap();
    members.remove("dataset");
    members.insert("scope".to_owned(), json!({"termMonths": 24}));
    question
}

#[test]
fn what_may_i_use_is_answered_without_signing_in() {
    let server = Server::start();
    let answer = server.post("", "/v1/eligibility", &everywhere());
    assert_eq!(answer.header("cache-control"), "no-store");
    let json = answer.expect(200);
    assert!(json["notice"]["nl"].as_str().unwrap().contains("geen besluit"), "{json}");
    let told: Vec<(String, String)> = json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["group"].as_str().unwrap().to_owned(), item["slug"].as_str().unwrap().to_owned()))
        .collect();
    let shown: Vec<String> = told.iter().map(|(group, slug)| format!("{group} {slug}")).collect();
    insta::assert_snapshot!(shown.join("\n"));
    // each as a check of it says
    for item in json["items"].as_array().unwrap() {
        let mut question = everywhere();
        question["dataset"] = item["slug"].clone();
        let check = server.post("", "/v1/checks", &question).expect(200);
        assert_eq!(check["answer"]["outcome"], item["outcome"], "{item}");
    }
    // page by page, and group by group
    let page = server.post("", "/v1/eligibility?limit=2", &everywhere()).expect(200);
    assert_eq!(page["items"].as_array().unwrap()[..], json["items"].as_array().unwrap()[..2]);
    let next = format!("/v1/eligibility?limit=2&after={}", page["next"].as_str().unwrap());
    let page = server.post("", &next, &everywhere()).expect(200);
    assert_eq!(page["items"].as_array().unwrap()[..], json["items"].as_array().unwrap()[2..4]);
    let not = server.post("", "/v1/eligibility?group=not", &everywhere()).expect(200);
    assert!(not["items"].as_array().unwrap().iter().all(|item| item["group"] == "not"));
    assert_eq!(not["totals"], json["totals"]);
    // the university itself has its evidence counted
    let own = server.post("education-researcher", "/v1/eligibility?group=after", &everywhere()).expect(200);
    let education = own["items"].as_array().unwrap().iter().find(|item| item["slug"] == "education").unwrap();
    let before = json["items"].as_array().unwrap().iter().find(|item| item["slug"] == "education").unwrap();
    let (education, before) = (leaves(&education["needs"]), leaves(&before["needs"]));
    assert!(education.is_subset(&before) && education.len() < before.len(), "{education:?} {before:?}");
}

/// The facts and approvals of a need.
fn leaves(need: &Value) -> BTreeSet<String> {
    let parts = need.as_object().into_iter().flatten();
    let of = |(_, value): (&String, &Value)| match value.as_array() {
        Some(parts) => parts.iter().flat_map(leaves).collect(),
        None => BTreeSet::from([value.to_string()]),
    };
    parts.flat_map(of).collect()
}

/// S-211: signed in or not, nobody is told of what is not for it.
#[test]
fn datasets_for_some_are_told_to_them_alone() {
    let server = Server::start();
    let mut hidden = serde_json::to_value(server.engine.dataset("education").unwrap().dataset).unwrap();
    hidden["id"] = "https://example.nl/id/hidden".into();
    hidden["slug"] = "hidden".into();
    hidden["audience"] = json!(["NL.OIN:00000099000000023000"]);
    let hidden: Dataset = serde_json::from_value(hidden).unwrap();
    server.engine.add_datasets(&server.operator, &[hidden]).unwrap();
    let sees = |person: &str| {
        let found = server.post(person, "/v1/eligibility", &everywhere()).expect(200);
        let eligible = found["items"].as_array().unwrap().iter().any(|item| item["slug"] == "hidden");
        let listed = server.get(person, "/v1/datasets").expect(200);
        assert_eq!(listed["items"].as_array().unwrap().iter().any(|item| item["slug"] == "hidden"), eligible);
        let shown = server.get(person, "/v1/datasets/hidden");
        assert_eq!(shown.status, if eligible { 200 } else { 404 });
        // what is told to somebody is kept in no memory that others share
        let kept = shown.header("cache-control").to_owned();
        assert!(kept.starts_with("private") || !eligible, "{kept}");
        if !eligible {
            let (word, detail) = shown.problem();
            let nothing = server.get(person, "/v1/datasets/hidde0").problem();
            assert_eq!((word, detail.replace("hidden", "hidde0")), nothing);
        }
        eligible
    };
    assert!(!sees(""));
    assert!(!sees("vehicles-claims"));
    assert!(sees("education-researcher"));
    assert!(sees("education-head"));
    assert!(sees("operator"));
}

/// What is wrong is said with its place.
#[test]
fn a_bad_question_is_answered_with_its_place() {
    let server = Server::start();
    let told = |path: &str, body: Value| {
        let answer = server.post("", path, &body);
        let (word, _) = answer.problem();
        let at: Vec<String> = answer.json()["errors"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|e| e["pointer"].as_str().unwrap().to_owned())
            .collect();
        format!("{} {word} {}", answer.status, at.join(" "))
    };
    let here = "/v1/eligibility";
    let all = [
        told(here, json!({"dataset": "education"})),
        told(here, json!({"purpose": "fun"})),
        told(here, json!({"scope": {"columns": ["nationality"]}})),
        told(here, json!({"declared": {"category": 7}})),
        told(here, json!({"declined": ["nothing"]})),
        told("/v1/eligibility?group=soon", json!({})),
        told("/v1/eligibility?after=now-1", json!({})),
        told("/v1/eligibility?owner=me", json!({})),
        told("/v1/eligibility?what=1", json!({})),
    ];
    insta::assert_snapshot!(all.join("\n"));
}
