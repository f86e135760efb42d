//! What only some of the columns wait for: who must approve it sees that, who asks for it sees it, and nothing is given sooner.

use std::collections::BTreeSet;

use datadeal::conditions::cases::Cases;
use datadeal::conditions::library;
use datadeal::engine::{CaseNow, CaseState, NewMandate, NewSet, Task};
use datadeal::model::condition::Bilingual;
use datadeal::model::decision::Outcome;
use datadeal::model::record::Power;
use serde_json::{Value, json};

use crate::story::{NOW, World, owner, question, set};

fn rule(id: &str, kind: &str, head: &str, body: &str) -> String {
    format!(
        r#"@id("{id}") {kind} @label_en("{id}") @label_nl("{id}") @hint_en("ask") @hint_nl("vraag") @legal_basis("Algemene wet bestuursrecht art. 3:2")
{head} (principal, action == Action::"reuseColumn", resource) {body};
"#
    )
}

fn condition(body: &str) -> String {
    rule("of-columns", r#"@kind("entry") @theme("privacy")"#, "forbid", &format!("unless {{ {body} }}"))
}

fn ground(body: &str) -> String {
    let university = r#"principal.declared has category && principal.declared.category == Category::"university""#;
    rule("by-columns", "", "permit", &format!("when {{ {university} && ({body}) }}"))
}

/// A portal whose dataset has one column that is personal and one that is not, and these rules beside those of the library. The steward is
/// appointed for two approvals.
fn world(rules: &[String], of_library: &[&str], without_columns: &Value) -> World {
    let world = World::new();
    let of_library = of_library.iter().map(|name| library::folder(name).unwrap().policy.to_owned());
    let text = of_library.chain(rules.iter().cloned()).collect::<Vec<_>>().join("\n");
    let cases = json!({"now": NOW, "dataset": {"personalData": true}, "cases": [without_columns]});
    let cases: Cases = serde_json::from_value(cases).unwrap();
    let admin = world.actor("admin");
    world.engine.publish_conditions(&admin, &NewSet { text, cases, ..set() }).unwrap();
    let mandate = NewMandate {
        body: Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() },
        person: "steward".parse().unwrap(),
        powers: BTreeSet::from([Power::Approve("data-steward".to_owned())]),
        datasets: BTreeSet::new(),
        from: None,
        until: world.engine.now().plus_seconds(86_400),
        published: None,
    };
    world.engine.give_mandate(&admin, &owner(), &mandate).unwrap();
    world.clock.advance(60);
    world
}

fn denied() -> Value {
    json!({"name": "no columns", "expect": "deny", "failing": ["of-columns"], "purpose": "dpv:ScientificResearch"})
}

fn columns(case: &CaseNow) -> Vec<(String, Outcome)> {
    case.answer.iter().flat_map(|a| &a.columns).map(|c| (c.name.clone(), c.outcome)).collect()
}

/// What the steward is to approve, as its list says.
fn tasks(world: &World) -> Vec<String> {
    let (work, _) = world.engine.work(&world.actor("steward"), None, 10).unwrap();
    let approve = |task: Task| if let Task::Approve(name) = task { Some(name) } else { None };
    work.into_iter().flat_map(|w| w.tasks).filter_map(approve).collect()
}

fn approve(world: &World, case: &CaseNow, name: &str) -> CaseNow {
    world.engine.approve(&world.actor("steward"), &case.id, name, true, "seen").unwrap().wait().unwrap()
}

/// One column fails for good, the other one waits for an approval.
#[test]
fn an_approval_beside_a_column_that_is_refused() {
    let waits = condition(r#"resource.personal && context.approvals.contains("ethics")"#);
    let world = world(&[waits], &["named-category"], &denied());
    let case = world.request(question());
    let before = [("year".to_owned(), Outcome::Deny), ("birthDate".to_owned(), Outcome::Review)];
    assert_eq!((case.state, columns(&case)), (CaseState::Review, before.to_vec()));
    assert_eq!(tasks(&world), ["ethics"]);
    assert!(serde_json::to_string(&case.answer).unwrap().contains(r#""needs":{"approval":"ethics"}"#), "{case:?}");
    let case = approve(&world, &case, "ethics");
    assert_eq!((case.state, columns(&case)[1].1), (CaseState::Draft, Outcome::Permit));
    let case = world.engine.confirm(&world.actor("admin"), &case.id, None).unwrap().wait().unwrap();
    assert_eq!(case.state, CaseState::PartlyGranted);
}

/// One column has its ground already, the other one gets it by an approval.
#[test]
fn an_approval_beside_a_column_that_has_its_ground() {
    let ground = ground(r#"resource.personal == false || context.approvals.contains("ethics")"#);
    let world = world(
        &[ground],
        &[],
        &json!({"name": "no columns", "expect": "no_ground", "purpose": "dpv:ScientificResearch"}),
    );
    let case = world.request(question());
    let before = [("year".to_owned(), Outcome::Permit), ("birthDate".to_owned(), Outcome::Review)];
    assert_eq!((case.state, columns(&case)), (CaseState::Review, before.to_vec()));
    assert_eq!(tasks(&world), ["ethics"]);
    assert_eq!(approve(&world, &case, "ethics").state, CaseState::Granted);
}

/// Two columns wait for different approvals of one condition.
#[test]
fn two_approvals_for_two_columns() {
    let either = condition(
        r#"resource.personal && context.approvals.contains("ethics")
        || resource.personal == false && context.approvals.contains("data-steward")"#,
    );
    let world = world(&[either], &["named-category"], &denied());
    let case = world.request(question());
    assert_eq!((case.state, tasks(&world)), (CaseState::Review, vec!["data-steward".to_owned(), "ethics".to_owned()]));
    let case = approve(&world, &case, "ethics");
    assert_eq!((case.state, tasks(&world)), (CaseState::Review, vec!["data-steward".to_owned()]));
    assert_eq!(approve(&world, &case, "data-steward").state, CaseState::Granted);
}

/// A proof that only one column wants is named too.
#[test]
fn a_proof_beside_a_column_that_has_its_ground() {
    let ground = ground("resource.personal == false || principal.verified has designation");
    let world = world(
        &[ground],
        &[],
        &json!({"name": "no columns", "expect": "no_ground", "purpose": "dpv:ScientificResearch"}),
    );
    let case = world.request(question());
    let after = [("year".to_owned(), Outcome::Permit), ("birthDate".to_owned(), Outcome::Incomplete)];
    assert_eq!(columns(&case), after);
    let proofs = world.engine.proofs_for(case.answer.as_ref().unwrap()).unwrap();
    assert_eq!(proofs.iter().map(|p| p.fact.as_str()).collect::<Vec<_>>(), ["designation"]);
}
