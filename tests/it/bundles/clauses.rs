//! Deals whose clauses, fees and grounds are not those of the decision, each signed by the owner as if they were.

use serde_json::{Value, json};

use super::Maker;
use crate::support::forge::Forge;

const OBLIGATIONS: &str = "/deal/credentialSubject/obligations";
const GROUNDS: &str = "/deal/credentialSubject/grounds";

pub(super) fn add(m: &mut Maker) {
    m.forged("another clause", "S-94", |f| f.set("/deal/credentialSubject/obligations/0/clause/en", "You may."));
    m.forged("another due rule", "S-94", |f| {
        let obligations = f.bundle["deal"]["credentialSubject"]["obligations"].as_array().unwrap();
        let at = obligations.iter().position(|o| o.get("due").is_some()).unwrap();
        f.set(&format!("/deal/credentialSubject/obligations/{at}/due"), "P9D after incident");
    });
    m.forged("no ground", "S-94", |f| f.set("/deal/credentialSubject/grounds", json!([])));
    m.forged("a clause of no condition", "S-94", |f| {
        let mut more = f.at(OBLIGATIONS)[0].clone();
        more["id"] = "dataset/pay-in-kind".into();
        f.at(OBLIGATIONS).as_array_mut().unwrap().push(more);
        accepts_all(f);
    });
    m.forged("a clause left out", "S-94", |f| {
        f.remove(&format!("{OBLIGATIONS}/0"));
        accepts_all(f);
    });
    m.forged("a clause among the terms", "S-94", |f| {
        f.set(&format!("{OBLIGATIONS}/0/id"), "term/pay-in-kind");
        accepts_all(f);
    });
    m.forged("a term twice", "S-94", |f| {
        let mut term = f.at(OBLIGATIONS)[0].clone();
        (term["id"], term["kind"]) = ("term/notice".into(), "term".into());
        f.at(OBLIGATIONS).as_array_mut().unwrap().extend([term.clone(), term]);
        accepts_all(f);
    });
    m.forged("a clause of another kind", "S-94", |f| f.set(&format!("{OBLIGATIONS}/0/kind"), "delivery"));
    m.forged("a clause on another legal basis", "S-94", |f| {
        f.set(&format!("{OBLIGATIONS}/0/legalBasis"), "Woo art. 5.1");
    });
    m.forged("a clause that the request declined", "S-94", |f| {
        let declined = f.at(OBLIGATIONS)[0]["id"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        for path in ["/request/credentialSubject/accepted", "/input/accepted"] {
            f.at(path).as_array_mut().unwrap().retain(|id| *id != declined.as_str());
        }
    });
    m.forged("a fee that was not decided on", "S-94", |f| {
        let id = f.at(OBLIGATIONS)[0]["id"].clone();
        let tariff = json!({"cents": 100, "currency": "EUR", "per": "deal"});
        f.set("/deal/credentialSubject/fees", json!([{"id": id, "tariff": tariff}]));
    });
    m.forged("a ground that was not decided on", "S-94", |f| {
        let mut other = f.at(GROUNDS)[0].clone();
        other["id"] = "dataset/good-cause".into();
        f.at(GROUNDS).as_array_mut().unwrap().push(other);
    });
    m.forged("a ground on another legal basis", "S-94", |f| {
        f.set(&format!("{GROUNDS}/0/legalBasis"), "Woo art. 5.1");
    });
    m.forged("a ground of another name", "S-94", |f| f.set(&format!("{GROUNDS}/0/label/en"), "Anybody"));
    m.forged("a ground that was not met", "S-94", |f| {
        f.set("/decision/credentialSubject/decision/grounds/0/status", "not_met");
    });
}

/// The reuser accepts what the deal says now.
fn accepts_all(f: &mut Forge) {
    let mut ids: Vec<Value> = f.at(OBLIGATIONS).as_array().unwrap().iter().map(|o| o["id"].clone()).collect();
    ids.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    ids.dedup();
    f.set("/acceptance/credentialSubject/accepted", ids);
}
