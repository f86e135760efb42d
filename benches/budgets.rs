//! The budgets of the design, each as a ratio to its parts measured alone in the same run, alternating, median of five, both absolute
//! figures beside the ratio: `cargo bench`. Ends in lines `budget NAME: RATIO (limit)`.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::unreachable,
    clippy::panic,
    reason = "a bench that cannot go on stops"
)]

mod parts;
mod world;

use std::sync::Arc;
use std::time::Instant;

use datadeal::conditions::{Schema, Slice, decide, load};
use datadeal::model::condition::Level;
use datadeal::model::decision::Outcome;
use datadeal::model::input::{DecisionInput, SetRef};
use serde_json::{Value, json};

const ROUNDS: usize = 5;

struct Budget {
    name: &'static str,
    limit: f64,
    /// Seconds for one operation of ours and of the parts.
    ours: f64,
    parts: f64,
}

fn main() {
    let mut budgets = Vec::new();
    decisions(&mut budgets);
    println!();
    let mut missed = 0;
    for b in &budgets {
        let ratio = b.ours / b.parts;
        println!("{:<34} ours {:>9.1} us, parts {:>9.1} us", b.name, b.ours * 1e6, b.parts * 1e6);
        println!("budget {}: {ratio:.2} (limit {})", b.name, b.limit);
        missed += usize::from(ratio > b.limit);
    }
    println!("{missed} missed");
}

fn median(mut v: Vec<f64>) -> f64 {
    v.sort_by(f64::total_cmp);
    v[v.len() / 2]
}

/// Times both sides in turn, the median of the rounds of each.
fn compare(n: u32, mut ours: impl FnMut(), mut parts: impl FnMut()) -> (f64, f64) {
    let time = |f: &mut dyn FnMut()| {
        let start = Instant::now();
        for _ in 0..n {
            f();
        }
        start.elapsed().as_secs_f64() / f64::from(n)
    };
    time(&mut ours);
    time(&mut parts);
    let (mut a, mut b) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        a.push(time(&mut ours));
        b.push(time(&mut parts));
    }
    (median(a), median(b))
}

fn decisions(budgets: &mut Vec<Budget>) {
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

fn input(schema: &Schema, set: &datadeal::conditions::ConditionSet, facts: Value, spoiled: &[&str]) -> DecisionInput {
    let mut facts = facts;
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
    let nothing = datadeal::model::Digest::of(b"");
    let verified: serde_json::Map<String, Value> = facts["verified"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(k, v)| {
            (
                k.clone(),
                json!({"value": v, "issuer": "NL.KVK:69599084", "until": "2027-11-25T09:00:00Z", "evidence": nothing}),
            )
        })
        .collect();
    let text = json!({"en": "t", "nl": "t"});
    let sets = vec![SetRef { level: set.level(), text: set.digest(), record: nothing }];
    serde_json::from_value(json!({
        "type": "DecisionInput", "salt": nothing, "now": "2026-11-25T09:00:00Z", "stage": "request", "applicant": "NL.KVK:69599084",
        "purpose": "dpv:ScientificResearch", "scope": {"termMonths": 12},
        "dataset": {
            "id": "https://example.nl/id/register", "slug": "register", "title": text, "description": text,
            "owner": "NL.OIN:00000099000000000001", "competentBody": text, "publisher": "p", "access": "conditions", "regime": "sector",
            "law": "l", "personalData": true, "specialCategories": false,
            "term": {"objection": {"body": text, "web": "https://example.nl", "weeks": 6}},
        },
        "declared": facts["declared"], "verified": verified, "approvals": [], "accepted": ["no-re-identification"],
        "sets": sets, "schema": schema.digest(), "versions": {"cedar": "", "datadeal": ""},
    }))
    .unwrap()
}
