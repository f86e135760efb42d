//! Reuse of a dataset in short, for everybody and for every dataset: what it asks, of whom evidence is taken, who decides, how long that took, and
//! what it costs. From the same sets, trust list and mandates that decide.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::compiled::InForce;
use crate::catalogue::read::{AccessReason, access_level};
use crate::engine::requests::pace::Pace;
use crate::engine::state::MandateNow;
use crate::engine::{Engine, EngineError};
use crate::model::condition::{Bilingual, Role, Tariff};
use crate::model::dataset::{Access, Dataset};
use crate::model::decision::Need;
use crate::model::outline::{Outline, Standing};
use crate::model::record::{EvidenceKind, Power};
use crate::model::{OrgId, Time};

/// Reuse in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Reuse {
    /// Why it is not open, where its catalogue says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Bilingual>,
    /// Each ground and condition by its label; none of an open dataset, which asks nothing but its licence.
    pub rules: Vec<RuleShort>,
    /// The approvals that conditions read; none: who meets them gets a yes at once.
    pub approvals: Vec<String>,
    /// Who is mandated, by function.
    pub deciders: Vec<Decider>,
    /// The facts of which a condition asks proof, and whose evidence of them is taken now.
    pub evidence: Vec<EvidenceAsked>,
    /// How long requests took; none where none was decided on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    /// What it costs.
    pub price: Price,
}

/// A ground or condition in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleShort {
    /// `level/id`.
    pub id: String,
    /// Ground, or the kind of condition.
    pub role: Role,
    /// What it asks.
    pub label: Bilingual,
    /// The provision on which it rests.
    pub legal_basis: String,
}

/// Somebody who decides or approves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Decider {
    /// The function.
    pub function: String,
    /// In whose name.
    pub body: Bilingual,
    /// What it may.
    pub powers: BTreeSet<Power>,
    /// Before this instant.
    pub until: Time,
}

/// A fact of which proof is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EvidenceAsked {
    /// The fact, a word of the schema.
    pub fact: String,
    /// Whose evidence of it is taken, by the trust list in force; nobody's, if the list names none.
    pub issuers: Vec<Issuer>,
}

/// An organisation whose evidence is taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[schema(as = EvidenceIssuer)]
pub struct Issuer {
    /// Legal name.
    pub name: String,
    /// Register and number.
    pub organisation: OrgId,
    /// As which kinds of evidence.
    pub kinds: BTreeSet<EvidenceKind>,
}

/// What it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Price {
    /// What conditions of kind `fee` ask.
    Tariffs(Vec<Tariff>),
    /// What the source of the dataset says.
    Words(Bilingual),
    /// Nobody says.
    Unsaid,
}

impl Engine {
    pub(super) fn reuse(
        &self,
        dataset: &Dataset,
        force: &InForce,
        conditions: &[Outline],
        mandates: &[MandateNow],
        now: Time,
    ) -> Result<Reuse, EngineError> {
        let (mut approvals, mut facts) = (Vec::new(), Vec::new());
        for need in conditions.iter().filter_map(|o| o.needs.as_ref()).flat_map(Need::leaves) {
            let (list, word) = match need {
                Need::Approval(name) => (&mut approvals, name.as_str()),
                Need::Fact(path) => match path.strip_prefix("verified.").and_then(|p| p.split('.').next()) {
                    Some(fact) => (&mut facts, fact),
                    None => continue,
                },
                Need::All(_) | Need::Any(_) => continue,
            };
            if !list.iter().any(|known| known == word) {
                list.push(word.to_owned());
            }
        }
        let rule = |o: &Outline| RuleShort {
            id: o.id.clone(),
            role: o.role,
            label: o.text.label.clone(),
            legal_basis: o.text.legal_basis.clone(),
        };
        let decider = |m: &MandateNow| Decider {
            function: m.mandate.function.clone(),
            body: m.mandate.body.clone(),
            powers: m.mandate.powers.clone(),
            until: m.mandate.until,
        };
        let asked = |fact: String| EvidenceAsked { issuers: issuers(force, &fact, now), fact };
        let level = dataset.described.as_ref().and_then(|d| access_level(d.access_rights.as_ref()?.as_str()));
        let reason = level.filter(|_| dataset.access != Access::Open).and_then(|level| level.reason);
        Ok(Reuse {
            reason: reason.map(AccessReason::words),
            rules: conditions.iter().map(rule).collect(),
            approvals,
            deciders: mandates.iter().map(decider).collect(),
            evidence: facts.into_iter().map(asked).collect(),
            pace: self.pace(&dataset.id)?,
            price: price(dataset, conditions),
        })
    }
}

/// Who vouches for a fact now, by name.
fn issuers(force: &InForce, fact: &str, now: Time) -> Vec<Issuer> {
    let listed = force.trust_list.iter().flat_map(|(_, list)| &list.trusted);
    let issuer = |t: &crate::model::record::Trusted| {
        let kinds: BTreeSet<_> = t.kinds.iter().copied().filter(|kind| t.vouches(fact, *kind, now)).collect();
        (!kinds.is_empty()).then(|| Issuer { name: t.name.clone(), organisation: t.organisation.clone(), kinds })
    };
    let found: BTreeSet<Issuer> = listed.filter_map(issuer).collect();
    found.into_iter().collect()
}

/// The tariffs of the conditions that are asked; else what the source says.
fn price(dataset: &Dataset, conditions: &[Outline]) -> Price {
    let fee = |o: &&Outline| matches!(o.role, Role::Condition(_)) && o.standing == Standing::Asks;
    let tariffs: Vec<Tariff> = conditions.iter().filter(fee).filter_map(|o| o.text.tariff.clone()).collect();
    let said = dataset.described.as_ref().and_then(|d| d.price.clone());
    match said {
        _ if !tariffs.is_empty() => Price::Tariffs(tariffs),
        Some(words) => Price::Words(words),
        None => Price::Unsaid,
    }
}
