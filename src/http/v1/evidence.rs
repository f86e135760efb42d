//! `/evidence` and what is about it: documents that make a fact verified, whether each counts now, what rests on it, and what is missing.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::super::body::Posted;
use super::super::caller::Caller;
use super::super::parts::{Path, Query};
use super::{Problem, Service, blocking};
use crate::engine::{EvidenceNow, MissingProofs, NewByDecision, NewConfirmation};
use crate::evidence::ForeignCredential;
use crate::model::{DatasetName, OrgId, Time, Urn};
use crate::rights::Actor;

/// The evidence of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct EvidenceList {
    /// Whose.
    organisation: OrgId,
    /// Each fact that a document states.
    items: Vec<EvidenceNow>,
}

impl Service {
    async fn evidence_of(self: Arc<Self>, actor: Actor, organisation: OrgId) -> Result<Json<EvidenceList>, Problem> {
        let list = move || {
            let items = self.engine.evidence_of(&actor, &organisation)?;
            Ok(EvidenceList { organisation, items })
        };
        blocking(list).await.map(Json)
    }

    /// What is on file once evidence came; the open requests of the organisation are judged again.
    async fn came(
        self: Arc<Self>,
        actor: Actor,
        organisation: OrgId,
    ) -> Result<(StatusCode, Json<EvidenceList>), Problem> {
        let (engine, about) = (Arc::clone(&self.engine), organisation.clone());
        blocking(move || engine.judge_again(&about)).await?;
        Ok((StatusCode::CREATED, self.evidence_of(actor, organisation).await?))
    }
}

/// Lists the evidence of an organisation
///
/// Each fact with who states it, until when, whether it counts now and if not why, and the decisions that rest on it.
#[utoipa::path(get, path = "/organisations/{organisation}/evidence", tag = "evidence", operation_id = "listEvidence",
    params(("organisation" = OrgId, Path, description = "Register and number")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 200, description = "What is on file", body = EvidenceList)))]
pub(in crate::http) async fn list(
    State(service): State<Arc<Service>>,
    Caller(actor): Caller,
    Path(organisation): Path<OrgId>,
) -> Result<Json<EvidenceList>, Problem> {
    service.evidence_of(actor, organisation).await
}

/// A document of evidence.
#[derive(Debug, ToSchema)]
#[schema(as = EvidenceDocument)]
#[serde(untagged)]
#[expect(dead_code, reason = "it says what the body is; the engine reads it")]
pub(in crate::http) enum EvidenceDocument {
    /// A credential in the form of others: VC-JWT or SD-JWT VC.
    Foreign(ForeignCredential),
    /// An `EvidenceCredential` as its issuer signed it.
    Own(Map<String, Value>),
}

/// Adds evidence of the caller's organisation
///
/// Whether it counts is found out at each decision. The status of a credential is looked up at once; when its list does not come in time,
/// it is not known yet (`reason` is `status`), and is looked up again later.
#[utoipa::path(post, path = "/evidence", tag = "evidence", operation_id = "addEvidence", request_body = EvidenceDocument,
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "What is on file now", body = EvidenceList)))]
pub(in crate::http) async fn add(
    State(service): State<Arc<Service>>,
    posted: Posted<Value>,
) -> Result<(StatusCode, Json<EvidenceList>), Problem> {
    posted.act(|actor, document| service.engine.add_evidence(actor, document)).await?;
    let (engine, client, document) = (Arc::clone(&service.engine), service.client.clone(), posted.value.clone());
    // the evidence is on file: a list that is slow is no reason not to say so
    let looked = blocking(move || engine.look_up_statuses(&document, &client));
    let _ = tokio::time::timeout(Duration::from_secs(service.config.limits.seconds) / 2, looked).await;
    let own = posted.actor.organisation.clone();
    service.came(posted.actor, own).await
}

/// A fact that a reviewer confirms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Confirming {
    /// A fact of the schema.
    #[schema(min_length = 1, max_length = 64)]
    fact: String,
    /// Its value.
    value: Value,
    /// Before when it counts.
    until: Time,
    /// What was seen.
    #[schema(min_length = 1, max_length = 2000)]
    reason: String,
}

/// Confirms a fact about an organisation
///
/// Signed with the key for evidence of the organisation of the person who confirms; it counts if the trust list says so.
#[utoipa::path(post, path = "/organisations/{organisation}/evidence", tag = "evidence", operation_id = "confirmEvidence",
    request_body = Confirming, params(("organisation" = OrgId, Path, description = "About whom")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "What is on file now", body = EvidenceList)))]
pub(in crate::http) async fn confirm(
    State(service): State<Arc<Service>>,
    Path(organisation): Path<OrgId>,
    posted: Posted<Confirming>,
) -> Result<(StatusCode, Json<EvidenceList>), Problem> {
    let new = |c: &Confirming| NewConfirmation {
        organisation: organisation.clone(),
        fact: c.fact.clone(),
        value: c.value.clone(),
        until: c.until,
        reason: c.reason.clone(),
    };
    posted.act(|actor, confirming| service.engine.confirm_evidence(actor, &new(confirming))).await?;
    service.came(posted.actor, organisation).await
}

/// What an earlier decision makes evidence for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct ByDecision {
    /// A fact that an earlier decision verifies, as `authorisation`.
    #[schema(min_length = 1, max_length = 64)]
    fact: String,
    /// Before when it counts; the end of the deal if that is earlier, or if there is a deal and this is left out.
    #[serde(default)]
    until: Option<Time>,
}

/// Makes evidence of a granted request
///
/// The owner states that it authorised the organisation, for later requests. It ends by itself, and with the decision or deal.
#[utoipa::path(post, path = "/requests/{id}/evidence", tag = "evidence", operation_id = "evidenceByDecision",
    request_body = ByDecision, params(("id" = Urn, Path, description = "The request that was granted")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "What is on file of that organisation now", body = EvidenceList)))]
pub(in crate::http) async fn by_decision(
    State(service): State<Arc<Service>>,
    Path(request): Path<Urn>,
    posted: Posted<ByDecision>,
) -> Result<(StatusCode, Json<EvidenceList>), Problem> {
    let new = |by: &ByDecision| NewByDecision { request, fact: by.fact.clone(), until: by.until };
    posted.act(|actor, by| service.engine.evidence_by_decision(actor, &new(by))).await?;
    let about = service.engine.case_now(&posted.actor, &request)?.request.applicant.clone();
    service.came(posted.actor, about).await
}

/// Nothing more is said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct LookUp {}

/// Asks the register about an organisation
///
/// What the register knows becomes evidence; what was asked a short while ago is not asked again.
#[utoipa::path(post, path = "/organisations/{organisation}/look-ups", tag = "evidence", operation_id = "lookUp",
    request_body = LookUp, params(("organisation" = OrgId, Path, description = "About whom")),
    security(("apiKey" = []), ("session" = [])),
    responses((status = 201, description = "What is on file now", body = EvidenceList)))]
pub(in crate::http) async fn look_up(
    State(service): State<Arc<Service>>,
    Path(organisation): Path<OrgId>,
    posted: Posted<LookUp>,
) -> Result<(StatusCode, Json<EvidenceList>), Problem> {
    let registry = service.registry.as_ref().ok_or_else(|| Problem::not_found("This portal asks no register."))?;
    posted.act(|actor, LookUp {}| service.engine.look_up(actor, &organisation, &**registry)).await?;
    service.came(posted.actor, organisation).await
}

/// For which dataset.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Wanted {
    /// The dataset, by slug or IRI.
    dataset: DatasetName,
    /// A purpose of the schema; without one every proof is named that some purpose needs.
    purpose: Option<String>,
}

/// Lists the proofs that a dataset wants and that are missing
///
/// Each with what proves it, who on the trust list gives that, and how long it usually takes. An organisation that signs in has its own
/// evidence and declared facts counted.
#[utoipa::path(get, path = "/missing-proofs", tag = "evidence", operation_id = "missingProofs", params(Wanted),
    responses((status = 200, description = "What is missing", body = MissingProofs)))]
pub(in crate::http) async fn missing(
    State(service): State<Arc<Service>>,
    caller: Option<Caller>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<MissingProofs>, Problem> {
    let actor = caller.map(|Caller(actor)| actor);
    let missing = service.engine.missing_proofs(actor.as_ref(), wanted.dataset.as_str(), wanted.purpose);
    Ok(Json(missing.map_err(|error| Problem::from(error).in_query())?))
}
