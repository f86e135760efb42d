//! The explained decision beside the bare Cedar operations.

use std::collections::BTreeSet;
use std::sync::Arc;

use datadeal::conditions::{ConditionSet, Schema, Slice, decide, load};
use datadeal::model::condition::Level;
use datadeal::model::decision::Outcome;
use datadeal::model::input::{DecisionInput, SetRef};
use datadeal::model::{Digest, Time};
use serde_json::{Value, json};

use crate::{Budget, compare, parts, world};

pub(crate) fn run(budgets: &mut Vec<Budget>) {
    let schema = Schema::built_in().unwrap();
    let text = world::text();
    let set = Arc::new(load(&schema, "bench", &text, Level::Dataset).unwrap_or_else(|e| panic!("{e:?}")));
    let slice = Slice::new(vec![set.clone()]).unwrap();
    let cedar = parts::Cedar::new(schema.text(), &text);
    let all = world::facts();
    let permit = input(&schema, &set, all.clone(), &[]);
    let failing = input(
        &schema,
        &set,
        all.clone(),
        &["commercialUse", "registrationActive", "country", "securityCertificate", "protectionAssessment"],
    );
    let mut absent = all;
    for fact in ["registrationActive", "country", "securityCertificate", "protectionAssessment", "authorisation"] {
        absent["verified"].as_object_mut().unwrap().remove(fact);
    }
    let unknown = input(&schema, &set, absent, &[]);
    for (name, limit, input, outcome) in [
        ("explained decision, permit", 1.5, permit, Outcome::Permit),
        ("explained decision, five failing", 2.0, failing, Outcome::Deny),
        ("explained decision, five unknown", 2.0, unknown, Outcome::Incomplete),
    ] {
        let decision = decide(&schema, &slice, &input).unwrap();
        assert_eq!(decision.outcome, outcome, "{name}: {:?}", decision.failing);
        if outcome != Outcome::Permit {
            assert_eq!(decision.failing.len(), 5, "{:?}", decision.failing);
        }
        assert_eq!(cedar.decide(&input) == cedar_policy::Decision::Allow, outcome == Outcome::Permit);
        let ours = || drop(std::hint::black_box(decide(&schema, &slice, &input).unwrap()));
        let (ours, parts) = compare(2000, ours, || {
            std::hint::black_box(cedar.decide(&input));
        });
        budgets.push(Budget { name, limit, ours, parts });
    }
}

/// What the decision of the world's reuser reads, with some facts spoiled so that their conditions fail.
pub(crate) fn input(schema: &Schema, set: &ConditionSet, mut facts: Value, spoiled: &[&str]) -> DecisionInput {
    for name in spoiled {
        let spoil = |v: &mut Value| match v {
            Value::Bool(b) => *b = !*b,
            Value::String(s) => *s = "US".to_owned(),
            Value::Object(m) => {
                for key in ["until", "completedOn"] {
                    if let Some(v) = m.get_mut(key) {
                        *v = "2020-01-01T00:00:00Z".into();
                    }
                }
            }
            _ => unreachable!("no such fact in the bench"),
        };
        for part in ["declared", "verified"] {
            if let Some(v) = facts[part].get_mut(*name) {
                spoil(v);
            }
        }
    }
    let nothing = Digest::of(b"");
    let now: Time = "2026-11-25T09:00:00Z".parse().unwrap();
    let verified = facts["verified"].as_object().unwrap().iter();
    let verified = verified.map(|(k, v)| {
        let until = "2027-11-25T09:00:00Z";
        (k.clone(), json!({"value": v, "issuer": world::REUSER, "until": until, "evidence": nothing}))
    });
    let verified: serde_json::Map<String, Value> = verified.collect();
    let sets = vec![SetRef { level: set.level(), text: set.digest(), record: nothing }];
    let accepted: BTreeSet<&str> = BTreeSet::from(["no-re-identification"]);
    serde_json::from_value(json!({
        "type": "DecisionInput", "salt": nothing, "now": now, "stage": "request", "applicant": world::REUSER,
        "purpose": "dpv:ScientificResearch", "scope": {"termMonths": 12}, "dataset": world::dataset(),
        "declared": facts["declared"], "verified": verified, "approvals": [], "accepted": accepted,
        "sets": sets, "schema": schema.digest(), "versions": {"cedar": "", "datadeal": ""},
    }))
    .unwrap()
}
