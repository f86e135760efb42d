//! A question, put to every unit: evaluated, or remembered from a question that had the same values where the body looks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cedar_policy::{Entities, Request};

use super::answers::Answers;
use super::bodies::Body;
use super::index::{Index, Probe};
use super::memory::{Came, Kept};
use crate::conditions::cedar_version;
use crate::conditions::decide::{Asker, EvaluationFault};
use crate::conditions::paths::{PathSet, Paths};
use crate::conditions::question::Question;
use crate::model::input::{DecisionInput, Facts, InputType, Scope, Stage, VerifiedFact, Versions};
use crate::model::{Digest, Name, OrgId, Salt, Time};

/// A question over all datasets: that of a check, without a dataset and without columns, which are those of each.
#[derive(Debug, Clone)]
pub struct Asking {
    /// The one instant of the operation.
    pub now: Time,
    /// Who asks.
    pub applicant: Option<OrgId>,
    /// A purpose of the schema.
    pub purpose: Option<String>,
    /// What is asked of each dataset; the names of columns in it do not count.
    pub scope: Scope,
    /// What the reuser says, checked.
    pub declared: Facts,
    /// What evidence supports.
    pub verified: BTreeMap<String, VerifiedFact>,
    /// What the reuser does not accept.
    pub declined: BTreeSet<Name>,
}

impl Index {
    /// Puts a question to all classes.
    ///
    /// # Errors
    /// [`EvaluationFault::Input`] if it is no question under this schema. A fault of conditions is an answer of the classes that have them.
    pub fn ask(&self, asking: &Asking) -> Result<Answers<'_>, EvaluationFault> {
        let input = self.input(asking);
        let question = Question::new(&self.schema, &input)?;
        let paths = self.schema.paths();
        let keys: Vec<Digest> = self.bodies.iter().map(|body| key(body, paths, &question, asking)).collect();
        let remembered = self.memory.all();
        let same = |(body, key): (usize, &Digest)| remembered.iter().find(|kept| kept.keys.get(body) == Some(key));
        let known: Vec<Option<&Arc<Kept>>> = keys.iter().enumerate().map(same).collect();
        let recall = |(unit, body): (usize, &u32)| {
            let kept = usize::try_from(*body).ok().and_then(|body| known.get(body).copied().flatten());
            kept.and_then(|kept| kept.came.get(unit).cloned())
        };
        let mut came: Vec<Option<Came>> = self.units.iter().enumerate().map(recall).collect();
        let evaluated = came.iter().filter(|came| came.is_none()).count();
        self.evaluate(&question, &mut came);
        let never = || Came::Fault("it was not evaluated".into());
        let kept = Arc::new(Kept { keys, came: came.into_iter().map(|c| c.unwrap_or_else(never)).collect() });
        self.memory.put(&kept);
        Ok(Answers::of(self, kept, asking.purpose.is_some(), evaluated))
    }

    /// Evaluates the units of which it is not known what they come to.
    fn evaluate(&self, question: &Question<'_>, came: &mut [Option<Came>]) {
        let asker = Asker::of_many(&self.schema, question);
        for (probe, units) in &self.probes {
            let place = |unit: &u32| usize::try_from(*unit).ok();
            let open: Vec<u32> = units
                .iter()
                .copied()
                .filter(|unit| place(unit).is_some_and(|unit| came.get(unit).is_some_and(Option::is_none)))
                .collect();
            if open.is_empty() {
                continue;
            }
            let about = self.about(question, probe);
            for unit in open {
                let (Some(body), Some(place)) = (self.body_of(unit), place(&unit).and_then(|u| came.get_mut(u))) else {
                    continue;
                };
                let alone = about
                    .as_ref()
                    .map_err(Clone::clone)
                    .and_then(|(request, entities, present)| asker.alone(&body.rule, request, entities, *present));
                *place = Some(match alone {
                    Ok((status, need)) => Came::To(status, need.map(Arc::new)),
                    Err(fault) => Came::Fault(fault.to_string().into()),
                });
            }
        }
    }

    /// The question about datasets or columns with these values.
    pub(super) fn about(
        &self,
        question: &Question<'_>,
        probe: &Probe,
    ) -> Result<(Request, Entities, PathSet), EvaluationFault> {
        let columns = probe.columns.and_then(|number| self.columns.get(usize::try_from(number).ok()?));
        let context = question.context(columns)?;
        match &probe.column {
            Some(column) => {
                let (request, entities) = question.of_column(context, &column.column())?;
                Ok((request, entities, question.present))
            }
            None => question.of_dataset(
                context,
                probe.personal_data.unwrap_or(false),
                probe.special_categories.unwrap_or(false),
                probe.embargo.flatten(),
            ),
        }
    }

    pub(super) fn input(&self, asking: &Asking) -> DecisionInput {
        DecisionInput {
            kind: InputType::DecisionInput,
            salt: Salt::new([0; 32]),
            now: asking.now,
            stage: Stage::Check,
            request: None,
            applicant: asking.applicant.clone(),
            purpose: asking.purpose.clone(),
            scope: Scope { columns: BTreeSet::new(), ..asking.scope.clone() },
            dataset: self.blank.clone(),
            declared: asking.declared.clone(),
            verified: asking.verified.clone(),
            uncounted: Vec::new(),
            approvals: Vec::new(),
            // each body reads its own id alone, so that it makes no difference what others are accepted beside it
            accepted: self.accepts.difference(&asking.declined).cloned().collect(),
            sets: Vec::new(),
            schema: self.schema.digest(),
            trust_list: None,
            versions: Versions { cedar: cedar_version(), datadeal: env!("CARGO_PKG_VERSION").to_owned() },
        }
    }
}

/// All of a question that makes a difference to a body: what stands at the paths that it names, whether its own promise is declined, and
/// whether the question is filled in, for otherwise nothing is decided.
fn key(body: &Body, paths: &Paths, question: &Question<'_>, asking: &Asking) -> Digest {
    let values = body.named.iter().filter_map(|id| paths.info(id)).map(|info| question.value(&info.text, None));
    let values: Vec<_> = values.collect();
    let declined = body.accepts.as_ref().is_some_and(|own| asking.declined.contains(own));
    // serialising values of JSON never fails; if it did, nothing would be found under the digest of the instant and another question
    let text = serde_json::to_vec(&(asking.purpose.is_some(), declined, values));
    Digest::of(&text.unwrap_or_else(|e| format!("{e} {:?}", asking).into_bytes()))
}
