//! The question: from facts and a dataset to a decision input, and its answer. Nothing is kept.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::conditions::{Schema, Slice, decide, facts};
use crate::engine::conditions::compiled::InForce;
use crate::engine::evidence::standing::Shown;
use crate::engine::known::View;
use crate::engine::state::DatasetNow;
use crate::engine::{Engine, EngineError, Field, Mend};
use crate::evidence::{self, Counted, Exhibit, Measure};
use crate::model::change::SetVersion;
use crate::model::condition::{Kind as ConditionKind, Role};
use crate::model::decision::Decision;
use crate::model::input::{DecisionInput, Facts, GivenApproval, InputType, Scope, Stage, Versions};
use crate::model::record::TrustList;
use crate::model::{Name, OrgId, Time, Urn};
use crate::rights::{Act, Actor, Target};

/// A facts file: what a reuser says, and the evidence that it has. A `verified` member is refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Who asks; a check may leave it out, and then no evidence counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub applicant: Option<OrgId>,
    /// A purpose of the schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What is asked.
    #[serde(default)]
    pub scope: Scope,
    /// What the reuser says.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, Value>)]
    pub declared: Facts,
    /// Evidence documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Value>,
    /// Ids of promises, duties, deliveries and fees that the reuser does not accept.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub declined: BTreeSet<Name>,
}

/// The moment of a case that a decision input is made for.
#[derive(Debug, Clone, Default)]
pub(in crate::engine) struct Moment {
    pub(in crate::engine) stage: Option<Stage>,
    pub(in crate::engine) request: Option<Urn>,
    pub(in crate::engine) approvals: Vec<GivenApproval>,
    /// What was accepted; in a check everything but what was declined.
    pub(in crate::engine) accepted: Option<BTreeSet<Name>>,
    /// Documents of the applicant.
    pub(in crate::engine) evidence: Shown,
}

/// An answer, and what it rests on.
#[derive(Debug)]
pub struct Answered {
    /// The dataset.
    pub dataset: DatasetNow,
    /// Everything that was read.
    pub input: DecisionInput,
    /// The answer.
    pub decision: Decision,
    /// The sets that answered.
    pub sets: Vec<SetVersion>,
}

impl Engine {
    /// Answers a question about a dataset: an indication on the facts given, not a decision. Nothing is stored. `at` asks about another
    /// instant than now. Evidence on file counts as well if the actor may add evidence for the applicant: nobody learns from a check
    /// what another organisation can prove.
    ///
    /// # Errors
    /// Facts that are none, an unknown dataset, column, purpose or level; an evaluation fault.
    pub fn check(
        &self,
        actor: Option<&Actor>,
        dataset: &str,
        question: &Question,
        at: Option<Time>,
    ) -> Result<Answered, EngineError> {
        if let Some(actor) = actor {
            self.rights.require(actor, Act::Check, &Target::default())?;
        }
        let now = at.unwrap_or_else(|| self.clock.now());
        let view = self.view()?;
        let dataset = self.dataset_seen(&view, actor, dataset).map_err(|e| e.named_by(Field::Dataset))?;
        still_there(&dataset)?;
        let mut force = self.in_force(&view, &dataset.dataset, now)?;
        let on_file = self.on_file_for(&view, actor, question)?;
        let given = self.handed_in(&question.evidence, now)?;
        let moment =
            Moment { evidence: self.evidence_in(&view, &mut force, given, on_file, now)?, ..Moment::default() };
        let input = self.input(&dataset, &force, question, moment, now)?;
        let decision = decide(&force.schema, &force.slice, &input)?;
        Ok(Answered { dataset, input, decision, sets: force.set_versions() })
    }

    /// The evidence on file that counts in a question: that of the applicant, if the actor may add to it.
    pub(in crate::engine) fn on_file_for(
        &self,
        view: &View,
        actor: Option<&Actor>,
        question: &Question,
    ) -> Result<Arc<Vec<Arc<Exhibit>>>, EngineError> {
        if let (Some(actor), Some(applicant)) = (actor, &question.applicant) {
            let own = Target::of_applicant(applicant.clone());
            if self.rights.require(actor, Act::AddEvidence, &own).is_ok() {
                return self.exhibits_of(view, applicant);
            }
        }
        Ok(Arc::default())
    }

    /// The evidence of a moment under what is in force; what is read is added to its guards.
    pub(in crate::engine) fn evidence_in(
        &self,
        view: &View,
        force: &mut InForce,
        given: Vec<Arc<Exhibit>>,
        on_file: Arc<Vec<Arc<Exhibit>>>,
        now: Time,
    ) -> Result<Shown, EngineError> {
        let list = force.trust_list.as_ref().map(|(_, list)| Arc::clone(list));
        self.shown(view, list.as_deref(), given, on_file, now, &mut force.guards)
    }

    /// Everything that a decision reads, checked.
    pub(in crate::engine) fn input(
        &self,
        dataset: &DatasetNow,
        force: &InForce,
        question: &Question,
        moment: Moment,
        now: Time,
    ) -> Result<DecisionInput, EngineError> {
        understood(&force.schema, question)?;
        let trust_list = force.trust_list.as_ref().map(|(_, list)| list.as_ref());
        let counted = counted(&force.schema, trust_list, question, &moment.evidence, now);
        self.input_with(dataset, force, question, moment, counted, now)
    }

    /// The same, of a question that is understood, with evidence that was counted already.
    pub(in crate::engine) fn input_with(
        &self,
        dataset: &DatasetNow,
        force: &InForce,
        question: &Question,
        moment: Moment,
        counted: Counted,
        now: Time,
    ) -> Result<DecisionInput, EngineError> {
        let schema = &force.schema;
        let scope = question.scope.clone().resolve(&dataset.dataset).map_err(|column| {
            let known: Vec<_> = dataset.dataset.columns.iter().map(|c| c.name.as_str()).collect();
            let help = format!("the columns of this dataset are: {}", known.join(", "));
            EngineError::not_found("column", column, help).named_by(Field::ScopeColumns)
        })?;
        let accepted = match moment.accepted {
            Some(accepted) => accepted,
            None => self.accepted(force, &question.declined)?,
        };
        Ok(DecisionInput {
            kind: InputType::DecisionInput,
            salt: self.random.salt()?,
            now,
            stage: moment.stage.unwrap_or(Stage::Check),
            request: moment.request,
            applicant: question.applicant.clone(),
            purpose: question.purpose.clone(),
            scope,
            dataset: dataset.dataset.clone(),
            declared: question.declared.clone(),
            verified: counted.verified,
            uncounted: counted.uncounted,
            approvals: moment.approvals,
            accepted,
            sets: force.sets.clone(),
            schema: schema.digest(),
            trust_list: force.trust_list.as_ref().map(|(digest, _)| *digest),
            versions: versions(),
        })
    }

    /// Everything that is accepted by signing, but what was declined.
    pub(in crate::engine) fn accepted(
        &self,
        force: &InForce,
        declined: &BTreeSet<Name>,
    ) -> Result<BTreeSet<Name>, EngineError> {
        let by_signing = by_signing(&force.slice);
        if let Some(unknown) = declined.iter().find(|d| !by_signing.contains(*d)) {
            let known: Vec<_> = by_signing.iter().map(Name::as_str).collect();
            let help = format!("these can: {}", known.join(", "));
            return Err(
                EngineError::not_found("condition that can be declined", unknown, help).named_by(Field::Declined)
            );
        }
        Ok(by_signing.difference(declined).cloned().collect())
    }
}

/// What a slice asks by signing: what can be accepted or declined.
pub(in crate::engine) fn by_signing(slice: &Slice) -> BTreeSet<Name> {
    let asks = |role| matches!(role, Role::Condition(kind) if kind != ConditionKind::Entry);
    slice.conditions().filter(|(_, c)| asks(c.role)).map(|(_, c)| c.id.clone()).collect()
}

/// Refuses to answer for a dataset that its catalogue holds no more.
pub(in crate::engine) fn still_there(dataset: &DatasetNow) -> Result<(), EngineError> {
    let Some(gone) = &dataset.gone else { return Ok(()) };
    Err(EngineError::state(
        format!("its catalogue holds `{}` no more since {}", dataset.dataset.slug, gone.at.day()),
        Mend::by("ask for another dataset, or ask its owner", "datadeal dataset list"),
    ))
}

/// Whether the facts, the purpose and the level of a question are those of the schema.
pub(in crate::engine) fn understood(schema: &Schema, question: &Question) -> Result<(), EngineError> {
    facts::check(schema, &question.declared).map_err(EngineError::Facts)?;
    if let Some(purpose) = &question.purpose
        && !schema.list("Purpose").is_some_and(|l| l.contains_key(purpose))
    {
        let help = Mend::by("see which the schema has", "datadeal schema show");
        return Err(EngineError::not_found("purpose", purpose, help).named_by(Field::Purpose));
    }
    if !schema.words("DataLevel").is_some_and(|w| w.contains(&question.scope.level)) {
        let help = "one of: records, aggregates, answer, access-in-place";
        return Err(EngineError::not_found("level", &question.scope.level, help).named_by(Field::Level));
    }
    Ok(())
}

/// What the evidence of a moment supports; nothing while nobody says who asks.
pub(in crate::engine) fn counted(
    schema: &Schema,
    trust_list: Option<&TrustList>,
    question: &Question,
    shown: &Shown,
    now: Time,
) -> Counted {
    match &question.applicant {
        Some(organisation) => {
            let measure = Measure { schema, trust_list, organisation, now, against: &shown.against };
            evidence::count(&measure, shown.exhibits())
        }
        None => Counted::default(),
    }
}

/// The versions that decide in this program.
pub(in crate::engine) fn versions() -> Versions {
    Versions { cedar: cedar_version(), datadeal: env!("CARGO_PKG_VERSION").to_owned() }
}

fn cedar_version() -> String {
    crate::conditions::cedar_version()
}
