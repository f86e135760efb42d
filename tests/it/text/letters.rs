//! The decision letter: one snapshot per way in which a request ends.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use datadeal::model::decision::Outcome;
use datadeal::model::record::{ApprovalGiven, DecisionRecord, RequestReceived};
use datadeal::text::{Ended, letter, receipt};

const DIGEST: &str = "0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e0e";

fn mandate() -> Value {
    json!({"person": DIGEST, "function": "Head of data services", "organisation": "NL.OIN:00000001003214345000",
        "authority": {"mandate": DIGEST}, "authenticated": "eHerkenning EH3", "keyHeldBy": "service", "level": "simple"})
}

fn request(input: &DecisionInput) -> RequestReceived {
    let value = json!({
        "applicant": "NL.KVK:69599084", "applicantName": "Test EMZ Dagobert", "dataset": input.dataset.id,
        "datasetVersion": DIGEST, "purpose": input.purpose, "scope": input.scope, "declared": input.declared,
        "accepted": input.accepted, "receivedAt": "2026-11-02T10:00:00Z", "channel": "post",
        "lastDay": "2026-12-28", "actor": mandate(),
    });
    json::from_value(value, "request").unwrap()
}

/// The record of a decision on `input` that ends as `result`.
fn record(input: &DecisionInput, result: &str, changes: &[(&str, Value)]) -> DecisionRecord {
    let decision = decided(input);
    let permitted: BTreeSet<&str> = decision.permitted_columns().collect();
    let granted = if result.ends_with("granted") { permitted } else { BTreeSet::new() };
    let refused: Vec<&String> = input.scope.columns.iter().filter(|c| !granted.contains(c.as_str())).collect();
    let mut value = json!({
        "body": input.dataset.competent_body, "executor": input.dataset.executor, "addressee": "NL.KVK:69599084",
        "request": {"id": "urn:uuid:01936f5e-7c1a-7def-8a2b-3c4d5e6f7080", "digest": DIGEST},
        "result": result, "granted": granted, "refused": refused, "decision": decision, "input": DIGEST,
        "actor": {"function": "automatic", "organisation": "NL.OIN:00000001003214345000",
            "authority": {"automatic": "Head of data services"}, "authenticated": "none", "keyHeldBy": "service", "level": "simple"},
        "receivedAt": "2026-11-02T10:00:00Z", "lastDay": "2026-12-28",
        "clock": [{"step": "term", "law": "Algemene wet bestuursrecht art. 4:13", "length": "P8W", "end": "2026-12-28", "lastDay": "2026-12-28"}],
        "announcement": {"at": "2026-11-25T09:30:00Z", "channel": "web"},
        "objectionBody": input.dataset.term.objection.body, "objectionWeb": input.dataset.term.objection.web,
        "objectionUntil": "2027-01-06",
    });
    change(&mut value, changes);
    json::from_value(value, "decision").unwrap()
}

/// The records of the approvals that an input counts.
fn approvals(input: &DecisionInput) -> Vec<ApprovalGiven> {
    let given = input.approvals.iter().map(|a| {
        let value = json!({"request": {"id": "urn:uuid:01936f5e-7c1a-7def-8a2b-3c4d5e6f7080", "digest": DIGEST},
            "name": a.name, "given": true, "reason": "The plan is sound.", "actor": mandate()});
        json::from_value(value, "approval").unwrap()
    });
    given.collect()
}

fn told(input: &DecisionInput, record: &DecisionRecord, with_input: bool, offer_until: Option<&str>) -> String {
    let request = request(input);
    let ended = Ended {
        id: "urn:uuid:01936f5e-7c1a-7def-8a2b-3c4d5e6f7081".parse().unwrap(),
        decided: "2026-11-25T09:30:00Z".parse().unwrap(),
        title: &input.dataset.title,
        decision: record,
        request: &request,
        input: with_input.then_some(input),
        completed: None,
        evidence_from: &BTreeMap::new(),
        approvals: &approvals(input),
        mandate: None,
        views: false,
        contact: Some("data@ministry.example"),
        notice: None,
        offer_until: offer_until.map(|t| t.parse().unwrap()),
        late: None,
    };
    let text = both(|texts, labels| letter(texts, labels, &ended));
    assert_filled(&text);
    text
}

#[test]
fn granted() {
    let input = input(&[("/stage", json!("request"))]);
    let record = record(&input, "granted", &[]);
    insta::assert_snapshot!(told(&input, &record, true, Some("2026-12-25T23:00:00Z")));
}

#[test]
fn partly_granted() {
    let changes = [
        ("/stage", json!("request")),
        ("/scope/columns", json!(["school", "year", "pupils", "birth_year", "name"])),
        ("/declared/kvkNumber", json!("69599084")),
        ("/uncounted", json!([{"fact": "processingBasis", "evidence": "ab".repeat(32), "reason": "issuer"}])),
    ];
    let input = input(&changes);
    let record = record(&input, "partly_granted", &[("/actor", mandate()), ("/announcement/channel", json!("post"))]);
    insta::assert_snapshot!(told(&input, &record, true, None));
}

#[test]
fn refused_too_late_with_a_reason() {
    let input = input(&[("/stage", json!("request")), ("/purpose", json!("dpv:Marketing")), ("/approvals", json!([]))]);
    assert_eq!(decided(&input).outcome, Outcome::Deny);
    let changes = [
        ("/actor", mandate()),
        ("/lastDay", json!("2026-11-24")),
        ("/reason", json!("Marketing was never a purpose of the register.")),
    ];
    insta::assert_snapshot!(told(&input, &record(&input, "refused", &changes), true, None));
}

#[test]
fn refused_without_facts_and_approval() {
    let changes = [
        ("/stage", json!("request")),
        ("/verified/securityCertificate", Value::Null),
        ("/declared/users", Value::Null),
        ("/approvals", json!([])),
    ];
    let input = input(&changes);
    assert_eq!(decided(&input).outcome, Outcome::Incomplete);
    let text = told(&input, &record(&input, "refused", &[("/actor", mandate())]), true, None);
    let judged: Vec<&str> = text.lines().filter(|l| l.contains("missing:") || l.contains("ontbrak:")).collect();
    insta::assert_snapshot!(judged.join("\n"));
}

#[test]
fn no_ground() {
    let input = input(&[("/stage", json!("request")), ("/declared/category", json!("company"))]);
    insta::assert_snapshot!(told(&input, &record(&input, "no_ground", &[]), true, None));
}

#[test]
fn withdrawn() {
    let input = input(&[("/stage", json!("request"))]);
    let changes =
        [("/decision", Value::Null), ("/input", Value::Null), ("/refused", json!([])), ("/executor", Value::Null)];
    insta::assert_snapshot!(told(&input, &record(&input, "withdrawn", &changes), false, None));
}

#[test]
fn after_erasure_the_letter_says_that_the_facts_are_gone() {
    let input = input(&[("/stage", json!("request"))]);
    let text = told(&input, &record(&input, "granted", &[]), false, None);
    assert!(text.contains("The facts are no longer kept.") && text.contains("De feiten worden niet meer bewaard."));
}

#[test]
fn the_receipt_names_the_last_day() {
    let request = request(&input(&[]));
    let said = receipt(&Texts::new(Lang::En), &request, None, None);
    assert_eq!(
        said,
        "We received your request on 2 November 2026. You will hear from us on 28 December 2026 at the latest."
    );
    let said = receipt(&Texts::new(Lang::Nl), &request, Some("data@ministry.example"), None);
    assert_eq!(
        said,
        "Wij hebben uw verzoek ontvangen op 2 november 2026. U hoort uiterlijk op 28 december 2026 van ons. Hebt u vragen? Stel ze hier: data@ministry.example."
    );
}
