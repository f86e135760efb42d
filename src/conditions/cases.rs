//! `cases.json`: what a set must answer to facts that its owner thought of, at a fixed time. The only file that may state
//! verified facts directly; nothing made from a case can become a decision, for its digests and sets name no record.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::decide::{EvaluationFault, decide};
use super::fault::Faults;
use super::library;
use super::load::{ConditionSet, load};
use super::schema::Schema;
use super::slice::{Slice, SliceError};
use super::{facts, facts::FactError};
use crate::model::condition::{Kind, Level, Role};
use crate::model::dataset::{Column, Dataset};
use crate::model::decision::{Decision, Outcome};
use crate::model::input::{
    DecisionInput, Facts, GivenApproval, InputType, Scope, SetRef, Stage, VerifiedFact, Versions,
};
use crate::model::{Digest, JsonError, Name, Salt, Time, json};

/// A `cases.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cases {
    /// Library folders whose sets stand beside this one: a condition alone has no ground.
    #[serde(default)]
    pub with: Vec<Name>,
    /// The clock of every case.
    pub now: Time,
    /// What conditions can read of the dataset; left out where a `dataset.json` lies beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dataset: Option<CaseDataset>,
    /// The cases.
    pub cases: Vec<Case>,
}

/// The part of a dataset that conditions can read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CaseDataset {
    /// Holds personal data.
    #[serde(default)]
    pub personal_data: bool,
    /// Holds special categories.
    #[serde(default)]
    pub special_categories: bool,
    /// Not given before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub embargo_until: Option<Time>,
    /// Its columns.
    #[serde(default)]
    pub columns: Vec<Column>,
}

/// One case: what is known, and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// In a few words.
    pub name: String,
    /// Its own clock, where the edge of a period is looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<Time>,
    /// What the reuser says.
    #[serde(default)]
    pub declared: Facts,
    /// What evidence would support.
    #[serde(default)]
    pub verified: Facts,
    /// The purpose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What is asked.
    #[serde(default)]
    pub scope: Scope,
    /// Approvals given.
    #[serde(default)]
    pub approvals: BTreeSet<String>,
    /// Ids that the reuser does not accept.
    #[serde(default)]
    pub declined: BTreeSet<Name>,
    /// The outcome.
    pub expect: Outcome,
    /// Exactly the ids that hold the outcome where it is.
    #[serde(default)]
    pub failing: BTreeSet<String>,
    /// Exactly the columns that would be permitted; left out: not looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub columns: Option<BTreeSet<String>>,
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseResult {
    /// The case's name.
    pub name: String,
    /// True if everything came as expected.
    pub passed: bool,
    /// What was expected and did not come, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<String>,
}

/// Why cases cannot be run at all.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum CasesError {
    /// Not a `cases.json`.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Json(#[from] JsonError),
    /// The sets do not go together.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Slice(#[from] SliceError),
    /// The cases want a set beside them that nobody has.
    #[error("`with` names `{0}`, which is not in the library")]
    #[diagnostic(code(cases::with), help("datadeal conditions check policies/NAME shows whether a name exists"))]
    With(Name),
    /// A set of the library that is none under this schema.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Faults(#[from] Box<Faults>),
    /// A case states facts that are none.
    #[error("case `{case}`: {}", errors.iter().map(|e| format!("{e} ({})", e.help)).collect::<Vec<_>>().join("; "))]
    #[diagnostic(code(cases::facts))]
    Facts {
        /// The case's name.
        case: String,
        /// Every fault of its facts.
        errors: Vec<FactError>,
    },
    /// A case asks what cannot be asked.
    #[error("case `{case}`: {why}")]
    #[diagnostic(code(cases::case))]
    Case {
        /// The case's name.
        case: String,
        /// What is wrong.
        why: String,
    },
    /// A case could not be evaluated.
    #[error("case `{case}`: {fault}")]
    #[diagnostic(code(cases::fault))]
    Evaluation {
        /// The case's name.
        case: String,
        /// The fault.
        fault: EvaluationFault,
    },
}

/// What a test of a set says.
#[derive(Debug, Clone, Serialize)]
pub struct TestReport {
    /// Each case.
    pub cases: Vec<CaseResult>,
    /// Ids of the set's own grounds and conditions that no case would miss.
    pub unguarded: Vec<String>,
}

/// Runs the cases of `own`, with the sets named by `with` beside it.
///
/// # Errors
/// [`CasesError`] if a case cannot be run.
pub fn test(
    schema: &Schema,
    own: &Arc<ConditionSet>,
    beside: &[Arc<ConditionSet>],
    dataset: &Dataset,
    cases: &Cases,
) -> Result<TestReport, CasesError> {
    let sets: Vec<_> = std::iter::once(own).chain(beside).cloned().collect();
    let slice = Slice::new(sets.clone())?;
    let questions = questions(schema, &slice, dataset, cases)?;
    let results = run(schema, &slice, &questions)?;
    let mut unguarded = Vec::new();
    for condition in own.conditions() {
        let gone = Slice::without(sets.clone(), Some(&format!("{}/{}", own.level().as_str(), condition.id)))?;
        if run(schema, &gone, &questions)? == results {
            unguarded.push(condition.id.to_string());
        }
    }
    Ok(TestReport { cases: results, unguarded })
}

/// What comes of the cases of `own`, with the sets named by `with` beside it; not which of its rules no case would miss.
///
/// # Errors
/// [`CasesError`] if a case cannot be run.
pub fn results(
    schema: &Schema,
    own: &Arc<ConditionSet>,
    beside: &[Arc<ConditionSet>],
    dataset: &Dataset,
    cases: &Cases,
) -> Result<Vec<CaseResult>, CasesError> {
    let slice = Slice::new(std::iter::once(own).chain(beside).cloned().collect())?;
    run(schema, &slice, &questions(schema, &slice, dataset, cases)?)
}

/// The sets of the library that stand beside the one that the cases are about.
///
/// # Errors
/// [`CasesError`] for a name that the library does not have.
pub fn beside(schema: &Schema, cases: &Cases) -> Result<Vec<Arc<ConditionSet>>, CasesError> {
    let one = |name: &Name| {
        let folder = library::folder(name.as_str()).ok_or_else(|| CasesError::With(name.clone()))?;
        Ok(Arc::new(load(schema, folder.name, folder.policy, Level::Dataset)?))
    };
    cases.with.iter().map(one).collect()
}

/// The dataset that the cases are about: their own, or the one given, or one without columns.
///
/// # Errors
/// Never; the type is that of reading JSON.
pub fn dataset(cases: &Cases, given: Option<&Dataset>) -> Result<Dataset, JsonError> {
    match (&cases.dataset, given) {
        (Some(own), _) => own.clone().into_dataset(),
        (None, Some(given)) => Ok(given.clone()),
        (None, None) => CaseDataset::default().into_dataset(),
    }
}

/// A case with what is asked in it.
type Asked<'c> = (&'c Case, DecisionInput);

fn questions<'c>(
    schema: &Schema,
    slice: &Slice,
    dataset: &Dataset,
    cases: &'c Cases,
) -> Result<Vec<Asked<'c>>, CasesError> {
    cases.cases.iter().map(|case| Ok((case, input(schema, slice, dataset, cases.now, case)?))).collect()
}

fn run(schema: &Schema, slice: &Slice, questions: &[Asked<'_>]) -> Result<Vec<CaseResult>, CasesError> {
    let one = |(case, input): &Asked<'_>| {
        let decision =
            decide(schema, slice, input).map_err(|fault| CasesError::Evaluation { case: case.name.clone(), fault })?;
        Ok(compare(case, &decision))
    };
    questions.iter().map(one).collect()
}

/// The answer to one case.
///
/// # Errors
/// [`CasesError`] if it cannot be run.
pub fn answer(
    schema: &Schema,
    slice: &Slice,
    dataset: &Dataset,
    now: Time,
    case: &Case,
) -> Result<Decision, CasesError> {
    let input = input(schema, slice, dataset, now, case)?;
    decide(schema, slice, &input).map_err(|fault| CasesError::Evaluation { case: case.name.clone(), fault })
}

fn compare(case: &Case, decision: &Decision) -> CaseResult {
    let mut differences = Vec::new();
    if decision.outcome != case.expect {
        differences.push(format!("expected {}, got {}", case.expect.as_str(), decision.outcome.as_str()));
    }
    let failing: BTreeSet<String> = decision.failing.iter().map(|id| bare(id).to_owned()).collect();
    if failing != case.failing {
        differences.push(format!("expected failing {}, got {}", list(&case.failing), list(&failing)));
    }
    if let Some(expected) = &case.columns {
        let permitted: BTreeSet<String> = decision.permitted_columns().map(str::to_owned).collect();
        if permitted != *expected {
            differences.push(format!("expected columns {}, got {}", list(expected), list(&permitted)));
        }
    }
    CaseResult { name: case.name.clone(), passed: differences.is_empty(), differences }
}

fn bare(id: &str) -> &str {
    id.split_once('/').map_or(id, |(_, id)| id)
}

fn list(names: &BTreeSet<String>) -> String {
    format!("[{}]", names.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
}

/// The input of a case. Its record digests are those of nothing.
///
/// # Errors
/// [`CasesError`] if the case is no question of this schema.
pub fn input(
    schema: &Schema,
    slice: &Slice,
    dataset: &Dataset,
    now: Time,
    case: &Case,
) -> Result<DecisionInput, CasesError> {
    let faulty = |errors| CasesError::Facts { case: case.name.clone(), errors };
    let wrong = |why: String| CasesError::Case { case: case.name.clone(), why };
    facts::check(schema, &case.declared).map_err(faulty)?;
    facts::check(schema, &case.verified).map_err(faulty)?;
    let nothing = Digest::of(b"");
    let verified = case.verified.iter().map(|(name, value)| {
        (name.clone(), VerifiedFact { value: value.clone(), issuer: "case".to_owned(), until: None, evidence: nothing })
    });
    for (what, list, names) in
        [("approval", "Approval", &case.approvals), ("purpose", "Purpose", &case.purpose.iter().cloned().collect())]
    {
        if let Some(unknown) = names.iter().find(|n| !schema.list(list).is_some_and(|l| l.contains_key(*n))) {
            return Err(wrong(format!("`{unknown}` is no {what} of the schema")));
        }
    }
    let by_signing = by_signing(slice);
    if let Some(unknown) = case.declined.iter().find(|d| !by_signing.contains(*d)) {
        return Err(wrong(format!("`{unknown}` is nothing that can be declined")));
    }
    Ok(DecisionInput {
        kind: InputType::DecisionInput,
        salt: Salt::new([0; 32]),
        now: case.now.unwrap_or(now),
        stage: Stage::Check,
        request: None,
        applicant: None,
        purpose: case.purpose.clone(),
        scope: case.scope.clone().resolve(dataset).map_err(|c| wrong(format!("`{c}` is no column of the dataset")))?,
        dataset: dataset.clone(),
        declared: case.declared.clone(),
        verified: verified.collect::<BTreeMap<_, _>>(),
        uncounted: Vec::new(),
        approvals: case.approvals.iter().map(|name| GivenApproval { name: name.clone(), record: nothing }).collect(),
        accepted: by_signing.difference(&case.declined).cloned().collect(),
        sets: slice.sets().iter().map(|s| SetRef { level: s.level(), text: s.digest(), record: nothing }).collect(),
        schema: schema.digest(),
        trust_list: None,
        versions: Versions { cedar: String::new(), datadeal: String::new() },
    })
}

/// The ids that become true by signing, and so can be declined.
pub(super) fn by_signing(slice: &Slice) -> BTreeSet<Name> {
    let signed = slice.conditions().filter(|(_, c)| matches!(c.role, Role::Condition(k) if k != Kind::Entry));
    signed.map(|(_, c)| c.id.clone()).collect()
}

impl CaseDataset {
    /// A dataset of no owner, for cases only.
    ///
    /// # Errors
    /// Never; the type is that of reading JSON.
    pub fn into_dataset(self) -> Result<Dataset, JsonError> {
        let text = json!({"en": "a dataset of a case", "nl": "een dataset van een voorbeeld"});
        let mut whole = json!({
            "id": "urn:datadeal:case", "slug": "case", "title": text, "description": text, "owner": "NL.OIN:00000099000000000000",
            "competentBody": text, "publisher": "case", "access": "conditions", "regime": "sector", "law": "none",
            "term": {"objection": {"body": text, "web": "urn:datadeal:case", "weeks": 6}},
        });
        let own = json::to_value(&self, "dataset of a case")?;
        if let (Value::Object(whole), Value::Object(own)) = (&mut whole, own) {
            whole.extend(own);
        }
        json::from_value(whole, "dataset of a case")
    }
}
