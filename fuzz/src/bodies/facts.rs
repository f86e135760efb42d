//! Facts files, as a reuser writes them: JSON, or JSON with comments.

use std::sync::{Arc, OnceLock};

use datadeal::cli::read_facts;
use datadeal::conditions::cases::{Case, CaseDataset, CasesError, answer};
use datadeal::conditions::{Schema, Slice, facts as values, load};
use datadeal::engine::Question;
use datadeal::model::condition::Level;
use datadeal::model::dataset::Dataset;
use datadeal::model::decision::Outcome;
use datadeal::model::json;
use serde_json::json;

use super::seeds::policies;

/// A facts file.
pub fn facts(bytes: &[u8]) -> bool {
    let plain = json::read::<Question>(bytes, "facts file");
    let Ok(text) = std::str::from_utf8(bytes) else {
        assert!(plain.is_err());
        return false;
    };
    let read = read_facts(text);
    if plain.is_ok() {
        assert_eq!(read, plain, "what needs no reading of comments is not changed by it");
    }
    let Ok(question) = read else { return false };
    let mut written = json::to_value(&question, "facts file").expect("a question is JSON");
    let again = String::from_utf8(json::canonical(&written)).expect("JSON is text");
    assert_eq!(json::read(again.as_bytes(), "facts file"), Ok(question.clone()));
    assert_eq!(read_facts(&again).as_ref(), Ok(&question));
    let noted = format!("// {{\"verified\": 1,\n{}\n  // }}", serde_json::to_string_pretty(&written).expect("JSON"));
    assert_eq!(read_facts(&noted).as_ref(), Ok(&question), "comments change nothing");
    for verified in [json!({}), json!([]), json!({"kvkNumber": "69599084"})] {
        written["verified"] = verified;
        assert!(read_facts(&written.to_string()).is_err(), "a reuser cannot say what is verified");
    }
    asked(&question);
    true
}

/// Facts that pass the schema can be decided on, and without a purpose nothing is given.
fn asked(question: &Question) {
    let schema = schema();
    let passed = values::check(schema, &question.declared).is_ok();
    let case = Case {
        declared: question.declared.clone(),
        purpose: question.purpose.clone(),
        scope: question.scope.clone(),
        declined: question.declined.clone(),
        ..empty()
    };
    for slice in slices() {
        match answer(schema, slice, dataset(), NOW.parse().expect("a time"), &case) {
            Ok(decision) => {
                assert!(passed, "facts that do not pass are not decided on");
                let permitted = decision.outcome == Outcome::Permit || decision.permitted_columns().next().is_some();
                assert!(!permitted || question.purpose.is_some());
            }
            // a level that the schema does not have is refused by whoever asks, before anything is decided
            Err(CasesError::Evaluation { .. })
                if !schema.words("DataLevel").is_some_and(|w| w.contains(&question.scope.level)) => {}
            Err(CasesError::Evaluation { fault, .. }) => panic!("{fault}"),
            Err(CasesError::Facts { .. }) => assert!(!passed),
            Err(_) => {}
        }
    }
}

pub(super) const NOW: &str = "2026-11-25T09:00:00Z";

pub(super) fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::built_in().expect("the schema that comes with the program"))
}

/// A case in which nothing is known.
pub(super) fn empty() -> Case {
    serde_json::from_value(json!({"name": "any", "expect": "permit"})).expect("a case")
}

/// A dataset with a column of each kind, and the two that facts files ask for most.
pub(super) fn dataset() -> &'static Dataset {
    static DATASET: OnceLock<Dataset> = OnceLock::new();
    DATASET.get_or_init(|| {
        let column = |name: &str, personal: bool, identifying: bool| json!({"name": name, "personal": personal, "identifying": identifying});
        let columns =
            [column("school", false, false), column("year", true, false), column("name", true, true)];
        let own: CaseDataset = serde_json::from_value(json!({"personalData": true, "columns": columns})).expect("a dataset");
        own.into_dataset().expect("a dataset")
    })
}

/// Every condition file of the library and the examples, each as the conditions of a dataset.
fn slices() -> &'static [Slice] {
    static SLICES: OnceLock<Vec<Slice>> = OnceLock::new();
    SLICES.get_or_init(|| {
        let set = |text: &&str| {
            let set = load(schema(), "policy.cedar", text, Level::Dataset).unwrap_or_else(|e| panic!("{e}"));
            Slice::new(vec![Arc::new(set)]).expect("one set")
        };
        policies().iter().map(set).collect()
    })
}

/// The facts of all cases of library and examples together: of each name the last value.
pub(super) fn everything_known() -> Case {
    let mut all = empty();
    for case in super::seeds::cases() {
        let of = |name: &str| case[name].as_object().cloned().unwrap_or_default().into_iter();
        all.declared.extend(of("declared"));
        all.verified.extend(of("verified"));
        all.purpose = case["purpose"].as_str().map(str::to_owned).or(all.purpose);
    }
    let approvals = schema().list("Approval").into_iter().flat_map(|list| list.keys().cloned());
    all.approvals.extend(approvals);
    all
}
