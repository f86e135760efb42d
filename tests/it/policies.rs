//! The library: each folder explains itself, and its cases permit, deny, lack a fact, and would miss each of its rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use datadeal::conditions::cases::{self, Cases};
use datadeal::conditions::laws::Laws;
use datadeal::conditions::library::{self, Folder};
use datadeal::conditions::{Schema, load};
use datadeal::model::condition::{Kind, Level, Role};
use datadeal::model::decision::Outcome;
use datadeal::model::json;

#[test]
fn every_folder_is_in_the_library() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let folders = std::fs::read_dir(root).unwrap().map(|e| e.unwrap()).filter(|e| e.path().is_dir());
    let names: BTreeSet<String> =
        folders.map(|e| e.file_name().into_string().unwrap()).filter(|n| n != "service").collect();
    assert_eq!(names, library::folders().iter().map(|f| f.name.to_owned()).collect());
    assert!(names.len() >= 24, "{}", names.len());
}

/// Each folder: a README with its legal basis, rules on acts in force, cases of every sort that pass, and no rule that no case
/// would miss.
#[test]
fn every_folder_keeps_its_cases() {
    let schema = Schema::built_in().unwrap();
    let set = |f: &Folder| Arc::new(load(&schema, f.name, f.policy, Level::Dataset).unwrap());
    let mut kinds = BTreeSet::new();
    for folder in library::folders() {
        let cases: Cases = json::read(folder.cases.as_bytes(), "cases.json").unwrap();
        let own = set(&folder);
        Laws::built_in().unwrap().check(&own, cases.now).unwrap();
        for condition in own.conditions() {
            kinds.insert(match condition.role {
                Role::Ground => "ground",
                Role::Condition(Kind::Entry) => "entry",
                Role::Condition(Kind::Promise) => "promise",
                Role::Condition(Kind::Duty) => "duty",
                Role::Condition(Kind::Delivery) => "delivery",
                Role::Condition(Kind::Fee) => "fee",
            });
        }
        assert!(folder.readme.starts_with("# ") && folder.readme.contains("egal basis"), "{}", folder.name);
        let beside: Vec<_> = cases.with.iter().map(|n| set(&library::folder(n.as_str()).unwrap())).collect();
        let dataset = cases.dataset.clone().unwrap_or_default().into_dataset().unwrap();
        let report = cases::test(&schema, &own, &beside, &dataset, &cases).unwrap();
        let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
        assert!(failed.is_empty(), "{}: {failed:#?}", folder.name);
        assert!(report.unguarded.is_empty(), "{}: no case would miss {:?}", folder.name, report.unguarded);
        let ends = |outcomes: &[Outcome]| cases.cases.iter().any(|c| outcomes.contains(&c.expect));
        assert!(ends(&[Outcome::Permit]), "{}: no case permits", folder.name);
        assert!(ends(&[Outcome::Deny, Outcome::NoGround]), "{}: no case denies", folder.name);
        let absent = ends(&[Outcome::Incomplete, Outcome::Review]);
        assert!(
            absent || own.conditions().iter().all(|c| reads_no_fact(&c.role)),
            "{}: no case lacks a fact",
            folder.name
        );
    }
    assert_eq!(kinds, BTreeSet::from(["ground", "entry", "promise", "duty", "delivery", "fee"]));
}

/// A promise, duty or fee that asks for acceptance only has nothing that could be missing.
fn reads_no_fact(role: &Role) -> bool {
    matches!(role, Role::Condition(kind) if *kind != Kind::Entry)
}
