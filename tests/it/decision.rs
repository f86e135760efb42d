//! How grounds, conditions and columns come to one outcome, on small sets of which each says one thing.

use std::sync::Arc;

use datadeal::conditions::laws::Laws;
use datadeal::conditions::{EvaluationFault, Rule, Schema, Slice, decide, load};
use datadeal::model::condition::Level;
use datadeal::model::decision::{Decision, Need, Outcome, Status};
use datadeal::model::input::{DecisionInput, SetRef};
use datadeal::model::json;
use serde_json::{Value, json};

use crate::text::{self, world};

const WORDS: &str = "@label_en(\"a\") @label_nl(\"a\") @hint_en(\"a\") @hint_nl(\"a\") @legal_basis(\"Who art. 6\")";

fn ground(id: &str, action: &str, body: &str) -> String {
    format!("@id(\"{id}\") {WORDS}\npermit (principal, action == Action::\"{action}\", resource) when {{ {body} }};\n")
}

fn condition(id: &str, kind: &str, action: &str, body: &str) -> String {
    let clause = if kind == "entry" { "" } else { "@clause_en(\"c\") @clause_nl(\"c\")" };
    format!(
        "@id(\"{id}\") @kind(\"{kind}\") @theme(\"use\") {clause} {WORDS}\nforbid (principal, action == Action::\"{action}\", resource) unless {{ {body} }};\n"
    )
}

const UNIVERSITY: &str = "principal.declared has category && principal.declared.category == Category::\"university\"";

fn slice(text: &str) -> Slice {
    Slice::new(vec![Arc::new(load(&world().schema, "set.cedar", text, Level::Dataset).unwrap())]).unwrap()
}

/// The question of `text::input`, changed, asked of a set.
fn asked(text: &str, changes: &[(&str, Value)]) -> (DecisionInput, Slice) {
    let slice = slice(text);
    let mut input = text::input(changes);
    input.sets =
        slice.sets().iter().map(|s| SetRef { level: s.level(), text: s.digest(), record: s.digest() }).collect();
    (input, slice)
}

fn decided(text: &str, changes: &[(&str, Value)]) -> Decision {
    let (input, slice) = asked(text, changes);
    decide(&world().schema, &slice, &input).unwrap()
}

fn statuses(decision: &Decision) -> Vec<Status> {
    decision.grounds.iter().chain(&decision.conditions).map(|a| a.status).collect()
}

/// S-113: a set above the limits is not read.
#[test]
fn large_sets_are_refused() {
    let broken = |text: &str| load(&world().schema, "x", text, Level::Dataset).unwrap_err().faults[0].rule;
    assert_eq!(broken(&" ".repeat(262_145)), Rule::Size);
    let many: String = (0..201).map(|n| ground(&format!("g{n}"), "reuse", UNIVERSITY)).collect();
    assert_eq!(broken(&many), Rule::Size);
}

/// S-114: acts that are unknown or have lapsed carry nothing.
#[test]
fn legal_bases_are_acts_in_force() {
    let laws = Laws::built_in().unwrap();
    let now = "2026-11-25T09:30:00Z".parse().unwrap();
    let set = |basis: &str| {
        let text = ground("g", "reuse", UNIVERSITY).replace("Who art. 6", basis);
        load(&world().schema, "x", &text, Level::Dataset).unwrap()
    };
    assert!(laws.check(&set("Who art. 6"), now).is_ok());
    assert_eq!(laws.check(&set("Lex Nova art. 1"), now).unwrap_err().faults[0].rule, Rule::LegalBasis);
    assert!(laws.check(&set("Whoever art. 1"), now).is_err());
}

/// S-115: a changed title makes no new version, a changed column does.
#[test]
fn the_version_is_of_what_conditions_can_read() {
    let dataset = text::input(&[]).dataset;
    let mut other = dataset.clone();
    other.title.en = "Another".to_owned();
    other.columns[0].title = Some(other.title.clone());
    assert_eq!(other.version(), dataset.version());
    other.columns[0].group = "g".to_owned();
    assert_ne!(other.version(), dataset.version());
    let read = json!({"id": dataset.id, "personalData": true, "specialCategories": false, "columns": [
        ["school", "", false, false, false], ["year", "", false, false, false], ["pupils", "", false, false, false],
        ["birth_year", "", true, false, false], ["name", "", true, true, false]]});
    assert_eq!(dataset.version().unwrap(), datadeal::model::Digest::of_document(&read));
}

/// S-116: other texts than those named, unknown words and facts of another type give no decision.
#[test]
fn an_input_that_is_no_question_gives_no_decision() {
    let set = ground("g", "reuse", UNIVERSITY);
    let (input, slice) = asked(&set, &[]);
    let schema = &world().schema;
    let fault = |input: &DecisionInput| decide(schema, &slice, input).unwrap_err();
    let mut other = input.clone();
    other.schema = datadeal::model::Digest::of(b"other");
    assert_eq!(fault(&other), EvaluationFault::WrongText("schema"));
    let mut other = input.clone();
    other.sets[0].text = datadeal::model::Digest::of(b"other");
    assert_eq!(fault(&other), EvaluationFault::WrongText("condition set"));
    for (path, value) in [
        ("/purpose", json!("dpv:Nothing")),
        ("/scope/level", json!("everything")),
        ("/declared/category", json!("universty")),
        ("/declared/users", json!("four")),
        ("/declared/unheardOf", json!(1)),
    ] {
        let (input, slice) = asked(&set, &[(path, value)]);
        assert!(decide(schema, &slice, &input).is_err(), "{path}");
    }
}

/// S-117: met, on signing, awaiting review, unknown with what is needed, not met; what fails anyway asks for nothing.
#[test]
fn each_condition_has_one_of_five_answers() {
    let set = ground("g", "reuse", UNIVERSITY)
        + &condition("plan", "entry", "reuse", "principal.declared has plan && context.scope has termMonths")
        + &condition("ethics", "entry", "reuse", "context.approvals.contains(\"ethics\")")
        + &condition("promise", "promise", "reuse", "context.accepted.contains(\"promise\")");
    let all: &[(&str, Value)] = &[
        ("/declared/plan", json!("P")),
        ("/scope/termMonths", json!(12)),
        ("/accepted", json!(["promise"])),
        ("/approvals", json!([{"name": "ethics", "record": "cd".repeat(32)}])),
    ];
    let status = |changes: &[(&str, Value)]| statuses(&decided(&set, &[all, changes].concat()));
    use Status::{AwaitingReview, Met, NotMet, OnSigning, Unknown};
    assert_eq!(status(&[]), [Met, Met, Met, OnSigning]);
    assert_eq!(status(&[("/stage", json!("deal"))]), [Met, Met, Met, Met]);
    assert_eq!(status(&[("/approvals", json!([]))]), [Met, Met, AwaitingReview, OnSigning]);
    assert_eq!(status(&[("/accepted", json!([]))]), [Met, Met, Met, NotMet]);
    assert_eq!(status(&[("/declared/plan", Value::Null)]), [Met, Unknown, Met, OnSigning]);
    let needs =
        |changes: &[(&str, Value)]| decided(&set, &[all, changes].concat()).conditions[0].needs.clone().unwrap();
    let fact = |path: &str| Need::Fact(path.to_owned());
    assert_eq!(needs(&[("/declared/plan", Value::Null)]), fact("declared.plan"));
    let both = [("/declared/plan", Value::Null), ("/scope/termMonths", Value::Null)];
    assert_eq!(needs(&both), Need::All(vec![fact("declared.plan"), fact("scope.termMonths")]));
    // known to fail, so nobody is asked for the rest
    let sure = ground("g", "reuse", &format!("{UNIVERSITY} && principal.verified has employees"));
    let found = decided(&sure, &[("/declared/category", json!("company"))]);
    assert_eq!((found.outcome, found.grounds[0].status, &found.grounds[0].needs), (Outcome::NoGround, NotMet, &None));
}

/// S-118: the best ground, then the worst of it and the conditions.
#[test]
fn the_best_ground_and_the_worst_condition_decide() {
    let never = ground(
        "other",
        "reuse",
        "principal.declared has category && principal.declared.category == Category::\"bank\"",
    );
    let open = ground("later", "reuse", "principal.verified has employees");
    let both = ground("g", "reuse", UNIVERSITY) + &never + &open;
    assert_eq!(decided(&both, &[]).outcome, Outcome::Permit);
    assert_eq!(decided(&(never.clone() + &open), &[]).outcome, Outcome::Incomplete);
    assert_eq!(decided(&never, &[]).outcome, Outcome::NoGround);
    let denied = both.clone() + &condition("c", "entry", "reuse", "context.scope.level == DataLevel::\"answer\"");
    let found = decided(&denied, &[]);
    assert_eq!((found.outcome, found.failing), (Outcome::Deny, vec!["dataset/c".to_owned()]));
    assert!(!found.alternatives.is_empty());
    let without = decided(&both, &[("/purpose", Value::Null)]);
    assert_eq!((without.outcome, without.unfilled), (Outcome::Incomplete, vec!["purpose".to_owned()]));
    let no_ground = decided(&condition("c", "entry", "reuse", "context.scope.level == DataLevel::\"records\""), &[]);
    assert_eq!(no_ground.outcome, Outcome::Deny);
    assert!(no_ground.without_conditions.is_some());
    assert_eq!(decided(&denied, &[("/dataset/access", json!("open"))]).outcome, Outcome::Permit);
}

/// S-119: a column needs a ground of either action, every general condition and its own; the worst column is the whole.
#[test]
fn columns_are_judged_one_by_one() {
    let set = ground("g", "reuse", UNIVERSITY)
        + &condition(
            "personal",
            "entry",
            "reuseColumn",
            "resource.personal == false || principal.verified has employees",
        );
    let ask = |columns: Value| decided(&set, &[("/scope/columns", columns)]);
    assert_eq!(ask(json!(["school"])).outcome, Outcome::Permit);
    let two = ask(json!(["school", "birth_year"]));
    let outcomes: Vec<_> = two.columns.iter().map(|c| c.outcome).collect();
    assert_eq!((two.outcome, outcomes), (Outcome::Incomplete, vec![Outcome::Permit, Outcome::Incomplete]));
    assert_eq!(two.columns[1].failing, ["dataset/personal"]);
    let by_column = ground("c", "reuseColumn", "resource.personal == false");
    assert_eq!(decided(&by_column, &[("/scope/columns", json!(["school"]))]).outcome, Outcome::Permit);
    assert_eq!(decided(&by_column, &[("/scope/columns", json!(["school", "name"]))]).outcome, Outcome::NoGround);
    // a structure that is not known is not taken as harmless
    let unknown = [("/dataset/columns", json!([])), ("/scope/columns", json!([]))];
    assert_eq!(decided(&set, &unknown).outcome, Outcome::Deny);
}

/// S-120: an overflow in Cedar is a fault, never a permit.
#[test]
fn an_evaluation_error_is_no_permit() {
    // the only operations left that can fail at run time are those on dates
    let set = ground("g", "reuse", UNIVERSITY)
        + &condition(
            "c",
            "entry",
            "reuse",
            "context.now.offset(duration(\"106751991167d\")).offset(duration(\"106751991167d\")) > context.now",
        );
    let (input, slice) = asked(&set, &[]);
    let fault = decide(&world().schema, &slice, &input).unwrap_err();
    assert!(matches!(fault, EvaluationFault::Cedar(_)), "{fault:?}");
}

/// S-121: the same bytes each time, by another schema object and another slice.
#[test]
fn a_decision_has_the_same_bytes_each_time() {
    let set =
        ground("g", "reuse", UNIVERSITY) + &condition("e", "entry", "reuse", "context.approvals.contains(\"ethics\")");
    let bytes = |d: &Decision| json::canonical(&json::to_value(d, "decision").unwrap());
    let (input, _) = asked(&set, &[]);
    let schema = Schema::built_in().unwrap();
    let again = Slice::new(vec![Arc::new(load(&schema, "other name", &set, Level::Dataset).unwrap())]).unwrap();
    assert_eq!(bytes(&decide(&schema, &again, &input).unwrap()), bytes(&decided(&set, &[])));
}
