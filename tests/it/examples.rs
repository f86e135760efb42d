//! The examples: each set passes its own cases and would miss each of its rules, and each story comes out as it is told.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use datadeal::conditions::cases::{self, Cases};
use datadeal::conditions::laws::Laws;
use datadeal::conditions::library::{self, Example};
use datadeal::conditions::{ConditionSet, Schema, Slice, load};
use datadeal::engine::DealState;
use datadeal::engine::{CaseState, DataDir, rows};
use datadeal::model::condition::{Level, Role};
use datadeal::model::dataset::Dataset;
use datadeal::model::decision::Outcome;
use datadeal::model::json;
use datadeal::store::Kind;
use datadeal::story::{Happened, NOTICE, Stage, Story};
use datadeal::verify::{CheckResult, Given, Verdict, verify};
use serde_json::{Value, json};

/// An example with its files read.
struct Read {
    example: Example,
    schema: Schema,
    dataset: Dataset,
    cases: Cases,
    set: Option<Arc<ConditionSet>>,
}

fn read(example: Example) -> Read {
    let schema = Schema::built_in().unwrap();
    let set = example.policy.map(|policy| Arc::new(load(&schema, example.name, policy, Level::Dataset).unwrap()));
    Read {
        schema,
        dataset: json::read(example.dataset.as_bytes(), "dataset.json").unwrap(),
        cases: json::read(example.cases.as_bytes(), "cases.json").unwrap(),
        set,
        example,
    }
}

/// The examples that are compiled in are those in the repository, and no file is missing.
#[test]
fn every_folder_is_an_example() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folders = std::fs::read_dir(root).unwrap().filter(|e| e.as_ref().unwrap().path().is_dir());
    let mut names: Vec<String> = folders.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    // files to import, not a story
    names.retain(|name| name != "catalogue");
    names.sort();
    let known: Vec<_> = library::examples().iter().map(|e| e.name.to_owned()).collect();
    assert_eq!(names, known);
    assert_eq!(known.len(), 6);
    for example in library::examples() {
        assert!(example.readme.contains("An example, not an act of the body named"), "{}", example.name);
        let read = read(example);
        assert_eq!(read.dataset.slug.as_str(), example.name);
    }
}

/// Each set's cases pass, and each of its grounds and conditions is missed by some case.
#[test]
fn every_set_passes_its_cases_and_would_miss_each_rule() {
    for Read { example, schema, dataset, cases, set } in library::examples().into_iter().map(read) {
        let Some(set) = set else {
            let nothing = Slice::new(Vec::new()).unwrap();
            for case in &cases.cases {
                let answer = cases::answer(&schema, &nothing, &dataset, cases.now, case).unwrap();
                assert_eq!(answer.outcome, case.expect, "{}: {}", example.name, case.name);
            }
            continue;
        };
        Laws::built_in().unwrap().check(&set, cases.now).unwrap();
        let report = cases::test(&schema, &set, &[], &dataset, &cases).unwrap();
        let failed: Vec<_> = report.cases.iter().filter(|c| !c.passed).collect();
        assert!(failed.is_empty(), "{}: {failed:#?}", example.name);
        assert!(report.unguarded.is_empty(), "{}: no case would miss {:?}", example.name, report.unguarded);
    }
}

/// Each condition is once the only one that fails.
#[test]
fn every_condition_fails_once_alone() {
    for Read { example, cases, set, .. } in library::examples().into_iter().map(read) {
        let conditions = set.iter().flat_map(|s| s.conditions()).filter(|c| c.role != Role::Ground);
        for condition in conditions {
            let alone = cases.cases.iter().any(|case| {
                case.expect != Outcome::Permit && case.failing.iter().eq(std::iter::once(condition.id.as_str()))
            });
            assert!(alone, "{}: `{}` never fails alone", example.name, condition.id);
        }
    }
}

/// Each story comes out as it is told, on a portal of its own; its deals verify, with the decision replayed, and every record says
/// that it is an example.
#[test]
fn every_story_comes_out_as_it_is_told() {
    for example in library::examples() {
        let story = Story::read(example.story).unwrap();
        let dir = tempfile::tempdir().unwrap();
        let mut stage = Stage::new(&DataDir::new(dir.path().join("data")), story.from).unwrap();
        let told = stage.play(&example, &story).unwrap_or_else(|e| panic!("{}: {e}", example.name));
        for (i, event) in told.events.iter().enumerate() {
            assert!(event.differences.is_empty(), "{} step {}: {:#?}", example.name, i + 1, event.differences);
            assert!(!event.step.say.en.is_empty() && !event.step.say.nl.is_empty());
        }
        let engine = stage.engine();
        let key = engine.log_key().unwrap();
        for deal in &told.deals {
            let bundle = engine.bundle(stage.operator(), deal, true).unwrap();
            let report = verify(&bundle, &Given { log: Some(&key), ..Given::default() });
            let failed: Vec<_> = report.checks.iter().filter(|c| c.result != CheckResult::Passed).collect();
            assert_eq!(report.verdict, Verdict::Valid, "{}: {failed:#?}", example.name);
            assert!(report.checks.iter().any(|c| c.must == "S-100"), "{}: replayed", example.name);
        }
        let records = engine.store().records(None, None, None, 10_000).unwrap();
        let records = records.iter().map(|r| json::parse(&r.bytes, json::MAX_BYTES).unwrap());
        let evidence = rows::all::<Value>(engine.store(), Kind::Evidence, None).unwrap();
        for record in records.chain(evidence) {
            assert_eq!(record["notice"], NOTICE, "{}", record["type"]);
        }
    }
}

/// What the stories show together. They follow one another in time, so that one portal can tell them all.
#[test]
fn the_stories_show_every_end() {
    let dir = tempfile::tempdir().unwrap();
    let mut stories: Vec<_> = library::examples().into_iter().map(|e| (e, Story::read(e.story).unwrap())).collect();
    stories.sort_by_key(|(_, s)| s.from);
    let mut stage = Stage::new(&DataDir::new(dir.path().join("data")), stories[0].1.from).unwrap();
    let (mut states, mut deals, mut outcomes, mut stopped) = (Vec::new(), Vec::new(), BTreeSet::new(), 0);
    for (example, story) in &stories {
        assert!(stage.engine().now() <= story.from, "{} begins before the story before it ends", example.name);
        for event in stage.play(example, story).unwrap().events {
            assert!(event.differences.is_empty(), "{}: {:?}", example.name, event.differences);
            if let Some(decision) = event.happened.decision() {
                outcomes.insert(decision.outcome);
                assert_eq!(
                    decision.outcome == Outcome::NoGround,
                    decision.outcome == Outcome::NoGround && !decision.alternatives.is_empty()
                );
            }
            match event.happened {
                Happened::Case(case) => states.push(case.state),
                Happened::Deal(deal) => deals.push(deal.state),
                Happened::Stopped(_) => stopped += 1,
                _ => {}
            }
        }
    }
    use CaseState::{Draft, Granted, NoGround, PartlyGranted, Refused, Review, Withdrawn};
    for state in [Draft, Granted, NoGround, PartlyGranted, Refused, Review, Withdrawn] {
        assert!(states.contains(&state), "{state:?}");
    }
    for state in [DealState::Offered, DealState::Active, DealState::Revoked] {
        assert!(deals.contains(&state), "{state:?}");
    }
    assert!(outcomes.is_superset(&BTreeSet::from([
        Outcome::Permit,
        Outcome::Review,
        Outcome::Deny,
        Outcome::NoGround
    ])));
    assert_eq!(stopped, 2);
}

/// A story with its steps changed, played on a portal of its own, in the folder that is given last.
pub(crate) fn retold(
    name: &str,
    change: impl Fn(&mut Value),
    see: impl FnOnce(&Stage, &datadeal::story::Told<'_>, &Path),
) {
    let example = library::example(name).unwrap();
    let mut document: Value = serde_json::from_str(example.story).unwrap();
    change(&mut document);
    let story: Story = serde_json::from_value(document).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut stage = Stage::new(&DataDir::new(dir.path().join("data")), story.from).unwrap();
    let told = stage.play(&example, &story).unwrap();
    see(&stage, &told, dir.path());
}

/// The supplier refuses the columns on which it was asked.
pub(crate) fn supplier_refuses(story: &mut Value) {
    let steps = story["steps"].as_array_mut().unwrap();
    let mut supplier = steps[6].clone();
    let say = supplier["say"].clone();
    supplier = json!({"say": say, "do": {"refuse": supplier["do"]["approve"]}, "expect": {"state": "draft"}});
    supplier["do"]["refuse"]["request"] = json!("routes");
    let mut asked = steps[1].clone();
    asked["do"]["request"].as_object_mut().unwrap().remove("declined");
    asked["expect"] =
        json!({"outcome": "review", "state": "review", "failing": ["counter-service", "supplier-consent"]});
    let mut officer = steps[2].clone();
    officer["expect"] = json!({"outcome": "review", "state": "review", "failing": ["supplier-consent"]});
    let (confirmed, concluded) = (steps[3].clone(), steps[4].clone());
    *steps = vec![asked, officer, supplier, confirmed, concluded];
}

/// Who refuses, refuses the columns that wait for it; the others are given, in a deal that verifies.
#[test]
fn a_refusal_closes_only_the_columns_that_wait_for_it() {
    retold("road-traffic", supplier_refuses, |stage, told, _| {
        let differences: Vec<_> = told.events.iter().flat_map(|e| &e.differences).collect();
        assert!(differences.is_empty(), "{differences:#?}");
        let engine = stage.engine();
        let bundle = engine.bundle(stage.operator(), &told.deals[0], true).unwrap();
        let report = verify(&bundle, &Given { log: Some(&engine.log_key().unwrap()), ..Given::default() });
        assert_eq!(report.verdict, Verdict::Valid, "{:#?}", report.checks);
    });
}

/// A declined promise that says nothing about the columns granted is no clause of their deal.
#[test]
fn what_was_declined_is_no_clause() {
    retold(
        "road-traffic",
        |_| {},
        |stage, told, _| {
            let deal = stage.engine().deal_now(stage.operator(), &told.deals[0]).unwrap().deal;
            let ids: Vec<_> = deal.obligations.iter().map(|o| o.id.as_str()).collect();
            assert!(ids.contains(&"dataset/source-named") && !ids.contains(&"dataset/segments-stay-inside"), "{ids:?}");
        },
    );
}

/// What comes otherwise than expected is said.
#[test]
fn a_story_that_does_not_hold_says_so() {
    let change = |story: &mut Value| {
        let first = &mut story["steps"][0]["expect"];
        first["outcome"] = json!("deny");
        first["columns"] = json!(["votes"]);
        story["steps"][1]["expect"] = json!({"stopped": "another reason"});
    };
    retold("open-dataset", change, |_, told, _| {
        assert_eq!(told.events[0].differences.len(), 2, "{:?}", told.events[0].differences);
        assert!(told.events[0].differences[0].contains("expected deny, got permit"));
        assert_eq!(told.events[1].differences.len(), 1);
    });
    let unknown = Story::read(r#"{"title": {"en": "a", "nl": "b"}, "when": "2026-11-25T09:00:00Z"}"#).unwrap_err();
    assert!(unknown.to_string().contains("when"), "{unknown}");
}
