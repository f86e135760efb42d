//! The explained answer: one snapshot per outcome.

use super::*;
use datadeal::model::decision::Outcome;
use datadeal::text::answer;

/// The answer in both languages, after checking its outcome and the width of its lines.
fn told(changes: &[(&str, Value)], outcome: Outcome) -> String {
    let input = input(changes);
    let decision = decided(&input);
    assert_eq!(decision.outcome, outcome, "{decision:#?}");
    let text = both(|texts, labels| answer(texts, labels, &decision, &input));
    assert_filled(&text);
    for line in text.lines() {
        assert!(line.chars().count() <= 100 && line.trim_end() == line, "{line:?}");
    }
    text
}

#[test]
fn permit() {
    insta::assert_snapshot!(told(&[], Outcome::Permit));
}

#[test]
fn review() {
    insta::assert_snapshot!(told(&[("/approvals", json!([]))], Outcome::Review));
}

#[test]
fn incomplete() {
    let changes = [
        ("/verified", json!({})),
        ("/declared/users", Value::Null),
        ("/declared/processingCountries", Value::Null),
        ("/approvals", json!([])),
        (
            "/uncounted",
            json!([{"fact": "designation", "evidence": "ab".repeat(32), "reason": "issuer"},
                {"fact": "securityCertificate", "evidence": "cd".repeat(32), "reason": "lapsed"}]),
        ),
    ];
    insta::assert_snapshot!(told(&changes, Outcome::Incomplete));
}

#[test]
fn deny_with_wishes() {
    let changes = [
        ("/purpose", json!("dpv:Marketing")),
        ("/declared/processingCountries", json!(["NL", "US"])),
        ("/declared/users", json!(1200)),
        ("/verified/securityCertificate", Value::Null),
        ("/accepted", json!(["fee", "no-re-identification", "secure-environment"])),
        ("/approvals", json!([])),
    ];
    insta::assert_snapshot!(told(&changes, Outcome::Deny));
}

#[test]
fn no_ground_with_alternatives() {
    insta::assert_snapshot!(told(&[("/declared/category", json!("company"))], Outcome::NoGround));
}

#[test]
fn some_columns() {
    let changes = [("/scope/columns", json!(["school", "year", "pupils", "birth_year", "name"]))];
    insta::assert_snapshot!(told(&changes, Outcome::Deny));
}

#[test]
fn without_a_purpose() {
    insta::assert_snapshot!(told(&[("/purpose", Value::Null)], Outcome::Incomplete));
}

#[test]
fn a_submitted_request_is_no_indication() {
    let input = input(&[("/stage", json!("request"))]);
    let text = both(|texts, labels| answer(texts, labels, &decided(&input), &input));
    assert!(!text.contains("indication") && !text.contains("indicatie"));
}

#[test]
fn a_live_deal_is_told_that_it_still_holds() {
    let input = input(&[("/stage", json!("deal"))]);
    let text = both(|texts, labels| answer(texts, labels, &decided(&input), &input));
    assert!(text.contains("still meets its conditions"));
}

#[test]
fn open_dataset() {
    let mut input = input(&[]);
    input.dataset.access = datadeal::model::dataset::Access::Open;
    input.dataset.licence = Some("https://creativecommons.org/publicdomain/zero/1.0/".parse().unwrap());
    let decision = decided(&input);
    insta::assert_snapshot!(both(|texts, labels| answer(texts, labels, &decision, &input)));
}

#[test]
fn no_conditions_published() {
    let mut input = input(&[]);
    input.sets.clear();
    let decision = decide(&world().schema, &Slice::new(Vec::new()).unwrap(), &input).unwrap();
    insta::assert_snapshot!(both(|texts, labels| answer(texts, labels, &decision, &input)));
}
