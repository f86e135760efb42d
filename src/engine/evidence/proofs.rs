//! Beside each missing fact: what proof, from whom, and how long that usually takes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use crate::conditions::Schema;
use crate::engine::requests::check::{Answered, Question};
use crate::engine::{Engine, EngineError};
use crate::model::condition::Bilingual;
use crate::model::decision::{Decision, Need, Outcome, Status};
use crate::model::record::{EvidenceKind, TrustList};
use crate::model::{OrgId, Time};
use crate::rights::Actor;

/// How a fact becomes verified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProofOf {
    /// The fact.
    pub fact: String,
    /// What people read.
    pub label: Bilingual,
    /// What proof, and from whom.
    pub proof: Bilingual,
    /// How long that usually takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usual: Option<Bilingual>,
    /// Each kind of evidence that can verify it, with those on the trust list who give it; nobody, if it cannot be had that way now.
    pub from: BTreeMap<EvidenceKind, BTreeSet<String>>,
}

/// What an organisation must still prove for a dataset.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MissingProofs {
    /// The dataset by its slug.
    pub dataset: String,
    /// The instant that was asked about.
    pub at: Time,
    /// Facts that its conditions want verified, and that are not.
    pub proofs: Vec<ProofOf>,
}

impl Engine {
    /// How the facts become verified that an answer says are missing.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn proofs_for(&self, decision: &Decision) -> Result<Vec<ProofOf>, EngineError> {
        let facts: BTreeSet<&str> =
            decision.needed(Status::Unknown, Outcome::Incomplete).filter_map(verified).collect();
        if facts.is_empty() {
            return Ok(Vec::new());
        }
        let (schema, list, now) = (self.schema()?, self.trust_list()?, self.clock.now());
        Ok(facts.into_iter().filter_map(|fact| proof_of(&schema, list.as_deref(), fact, now)).collect())
    }

    /// What an organisation must still prove for a dataset, with the facts that it keeps declared. Without a purpose every one counts that
    /// some purpose needs.
    ///
    /// # Errors
    /// As [`Engine::check`].
    pub fn missing_proofs(
        &self,
        actor: Option<&Actor>,
        dataset: &str,
        purpose: Option<String>,
    ) -> Result<MissingProofs, EngineError> {
        let applicant = actor.map(|a| a.organisation.clone());
        let declared = match (actor, &applicant) {
            (Some(actor), Some(own)) => self.profile_if_read(actor, own)?.declared,
            _ => BTreeMap::new(),
        };
        let question = Question { applicant, purpose, declared, ..Question::default() };
        let Answered { dataset, input, decision, .. } = self.check(actor, dataset, &question, None)?;
        Ok(MissingProofs {
            dataset: dataset.dataset.slug.to_string(),
            at: input.now,
            proofs: self.proofs_for(&decision)?,
        })
    }

    /// The profile of an organisation, empty for who may not read it.
    fn profile_if_read(&self, actor: &Actor, organisation: &OrgId) -> Result<crate::engine::Profile, EngineError> {
        match self.profile(actor, organisation) {
            Err(EngineError::Rights(_)) => Ok(crate::engine::Profile::default()),
            other => other,
        }
    }
}

/// The fact that must become verified.
fn verified(need: &Need) -> Option<&str> {
    match need {
        Need::Fact(path) => path.strip_prefix("verified.")?.split('.').next(),
        _ => None,
    }
}

fn proof_of(schema: &Schema, list: Option<&TrustList>, fact: &str, now: Time) -> Option<ProofOf> {
    let info = schema.facts().get(fact)?;
    let kinds = EvidenceKind::ALL.iter().filter(|kind| info.verified_by.iter().any(|k| k == kind.as_str()));
    let vouching = |kind: EvidenceKind| {
        let items = list.iter().flat_map(|l| &l.trusted);
        let now = move |t: &&crate::model::record::Trusted| t.from <= now && t.until.is_none_or(|until| now < until);
        let items = items.filter(move |t| t.facts.contains(fact) && t.kinds.contains(&kind)).filter(now);
        items.map(|t| t.name.clone()).collect()
    };
    Some(ProofOf {
        fact: fact.to_owned(),
        label: info.label.clone(),
        proof: info.proof.clone()?,
        usual: info.usual.clone(),
        from: kinds.map(|kind| (*kind, vouching(*kind))).collect(),
    })
}
