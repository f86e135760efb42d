//! `POST /checks`: may I use this, for this, and if not: what is missing? Nothing is kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::super::body::Body;
use super::super::caller::Caller;
use super::{Problem, Service};
use crate::engine::{Answered, ProofOf, Question};
use crate::model::change::SetVersion;
use crate::model::condition::Bilingual;
use crate::model::decision::Decision;
use crate::model::input::{Facts, Scope};
use crate::model::{DatasetName, Digest, Iri, Name, OrgId, Time};

/// A question about a dataset.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"dataset": "education", "purpose": "dd:EducationResearch",
    "scope": {"columns": ["birth-year", "nationality", "postcode4"], "termMonths": 24}, "declared": {"category": "university"}}))]
pub(in crate::http) struct Asked {
    /// The dataset, by slug or IRI.
    pub(super) dataset: DatasetName,
    /// Who asks; without it no evidence counts.
    #[serde(default)]
    applicant: Option<OrgId>,
    /// A purpose of the schema.
    #[serde(default)]
    purpose: Option<String>,
    /// What is asked; no columns: all of them.
    #[serde(default)]
    scope: Scope,
    /// What the reuser says of itself and of this request: facts of the schema with their values.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    declared: Facts,
    /// Evidence documents.
    #[serde(default)]
    #[schema(value_type = Vec<BTreeMap<String, Value>>)]
    evidence: Vec<Value>,
    /// Ids of promises, duties, deliveries and fees that are not accepted.
    #[serde(default)]
    declined: BTreeSet<Name>,
}

impl Asked {
    pub(super) fn question(&self) -> Question {
        Question {
            applicant: self.applicant.clone(),
            purpose: self.purpose.clone(),
            scope: self.scope.clone(),
            declared: self.declared.clone(),
            evidence: self.evidence.clone(),
            declined: self.declined.clone(),
        }
    }
}

/// An answer. It is an indication, not a decision.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct Checked {
    /// That it is an indication.
    notice: Bilingual,
    /// The dataset.
    dataset: Iri,
    /// Its version.
    dataset_version: Digest,
    /// The instant that it was answered for.
    at: Time,
    /// The answer, condition by condition.
    answer: Decision,
    /// The condition sets that answered. A request that names them is decided by no others.
    sets: Vec<SetVersion>,
    /// Beside each missing fact that must be proved: what proof, from whom, and how long it usually takes.
    proofs: Vec<ProofOf>,
}

/// Asks whether data may be used
///
/// Anybody may ask. An organisation that signs in has the evidence counted that is on file for it. Nothing is kept but daily counts.
#[utoipa::path(post, path = "/checks", tag = "checks", operation_id = "check", request_body = Asked,
    responses((status = 200, description = "The answer", body = Checked)))]
pub(in crate::http) async fn check(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    Body(asked): Body<Asked>,
) -> Result<Json<Checked>, Problem> {
    let actor = caller.map(|Caller(actor)| actor);
    let mut question = asked.question();
    if let (None, Some(actor)) = (&question.applicant, &actor) {
        question.applicant = Some(actor.organisation.clone());
    }
    let Answered { dataset, input, decision: answer, sets } =
        service.engine.check(actor.as_ref(), asked.dataset.as_str(), &question, None)?;
    service.engine.count(&dataset.dataset.id, asked.purpose.as_deref(), &answer, input.now);
    Ok(Json(Checked {
        notice: service.both("explain-indication"),
        dataset: dataset.dataset.id,
        dataset_version: dataset.version,
        at: input.now,
        proofs: service.engine.proofs_for(&answer)?,
        sets,
        answer,
    }))
}
