//! "What may I use?": one question over all datasets that somebody may see. The index says where each stands; what is shown of one is decided
//! afresh, as a check of it would be. Nothing is kept.

use std::collections::BTreeSet;

use super::index::{Catalogue, Listed};
use crate::conditions::eligible::{Answers, Asking, ClassId};
use crate::conditions::{EvaluationFault, decide};
use crate::engine::conditions::compiled::InForce;
use crate::engine::conditions::show::together;
use crate::engine::known::View;
use crate::engine::requests::check::{Moment, Question, by_signing, counted, understood};
use crate::engine::{Engine, EngineError, Field};
use crate::evidence::Counted;
use crate::model::dataset::Access;
use crate::model::decision::{Answer, Decision, Status};
use crate::model::eligible::{Eligible, Group, Place, Rule, Totals};
use crate::model::input::{DecisionInput, Uncounted};
use crate::model::{Name, OrgId, Time};
use crate::rights::{Act, Actor, Target};

/// How many datasets that cannot be told are named.
const NAMED: usize = 20;
/// How many subsets of columns are tried for one answer.
const MAX_TRIED: usize = 2_000;

/// Which datasets are wanted. What is left out limits nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only those that stand so.
    pub group: Option<Group>,
    /// Only of this owner.
    pub owner: Option<OrgId>,
    /// Only those that are so open.
    pub access: Option<Access>,
}

/// Which part of the list is wanted.
#[derive(Debug, Clone)]
pub struct Part {
    /// What comes after this place.
    pub after: Option<Place>,
    /// At most so many.
    pub limit: usize,
}

/// What somebody may use.
#[derive(Debug, Clone)]
pub struct MayUse {
    /// The instant that was asked about.
    pub at: Time,
    /// How many datasets stand where, of all that the filter leaves; the group that is wanted makes no difference.
    pub totals: Totals,
    /// The datasets, those first of which the least is missing.
    pub items: Vec<Eligible>,
    /// Short names of datasets that cannot be told, for their conditions cannot be evaluated: at most 20.
    pub faulty: Vec<Name>,
    /// Evidence that does not count.
    pub uncounted: Vec<Uncounted>,
    /// What to give as `after` for the next part; none on the last.
    pub next: Option<Place>,
}

impl Engine {
    /// Answers a question about all datasets that somebody may see: an indication on the facts given, not a decision. Nothing is stored, and
    /// nothing of the index is trusted for a request. The question names no columns: of each dataset all are asked for. Evidence on file
    /// counts as in [`Engine::check`].
    ///
    /// # Errors
    /// Facts that are none, an unknown purpose or level, columns, something declined that none of the datasets asks.
    pub fn eligible(
        &self,
        actor: Option<&Actor>,
        question: &Question,
        filter: &Filter,
        part: &Part,
        at: Option<Time>,
    ) -> Result<MayUse, EngineError> {
        if let Some(actor) = actor {
            self.rights.require(actor, Act::Check, &Target::default())?;
        }
        let now = at.unwrap_or_else(|| self.clock.now());
        let view = self.view()?;
        let catalogue = self.catalogue(&view, now)?;
        let schema = &catalogue.schema;
        if !question.scope.columns.is_empty() {
            let help =
                "leave them out: of each dataset all columns are asked for, and the answer says which can be had";
            return Err(EngineError::input(Field::ScopeColumns, "are those of one dataset", help));
        }
        understood(schema, question)?;
        let wanted = self.wanted(actor, &catalogue, filter);
        can_decline(&catalogue, &wanted, &question.declined)?;
        let counted = self.counted_for(&view, actor, question, &catalogue, now)?;
        let answers = catalogue.index.ask(&Asking {
            now,
            applicant: question.applicant.clone(),
            purpose: question.purpose.clone(),
            scope: question.scope.clone(),
            declared: question.declared.clone(),
            verified: counted.verified.clone(),
            declined: question.declined.clone(),
        })?;
        let Chosen { totals, mut faulty, mut places } = chosen(&catalogue, &answers, &wanted, filter.group, part);
        if let Some(first) = faulty.first() {
            let why = catalogue.find(first).and_then(|listed| answers.fault(listed.class)).unwrap_or_default();
            tracing::error!(datasets = totals.faulty, %first, %why, "conditions cannot be evaluated");
        }
        let more = places.len() > part.limit;
        places.truncate(part.limit);
        let mut items = Vec::with_capacity(places.len());
        let mut asked = Asked { view: &view, actor, question, counted: &counted, now, tries: MAX_TRIED };
        for place in &places {
            match self.told(&mut asked, &catalogue, &answers, place) {
                Ok(told) => items.extend(told),
                Err(EngineError::Evaluation(fault)) => {
                    tracing::error!(dataset = %place.slug, %fault, "its conditions cannot be evaluated");
                    faulty.push(place.slug.clone());
                }
                Err(error) => return Err(error),
            }
        }
        let next = places.into_iter().last().filter(|_| more);
        Ok(MayUse { at: now, totals, items, faulty, uncounted: counted.uncounted, next })
    }

    /// The datasets that a filter leaves, of those that somebody may see.
    fn wanted(&self, actor: Option<&Actor>, catalogue: &Catalogue, filter: &Filter) -> Vec<usize> {
        let owner = filter.owner.as_ref().map(|owner| catalogue.owners.iter().position(|o| o == owner));
        let seen = |listed: &Listed| self.sees_listed(actor, catalogue, listed);
        let is_of = |listed: &Listed| owner.is_none_or(|owner| owner == usize::try_from(listed.owner).ok());
        let wanted = |listed: &Listed| {
            !listed.gone && filter.access.is_none_or(|access| access == listed.access) && is_of(listed) && seen(listed)
        };
        (0..).zip(&catalogue.listed).filter(|(_, listed)| wanted(listed)).map(|(at, _)| at).collect()
    }

    /// What the evidence of a question supports, whatever the dataset.
    fn counted_for(
        &self,
        view: &View,
        actor: Option<&Actor>,
        question: &Question,
        catalogue: &Catalogue,
        now: Time,
    ) -> Result<Counted, EngineError> {
        let mut guards = Vec::new();
        let list = self.trust_list_in_force(view, &mut guards, now)?.map(|((_, list), _)| list);
        let on_file = self.on_file_for(view, actor, question)?;
        let given = self.handed_in(&question.evidence, now)?;
        let shown = self.shown(view, list.as_deref(), given, on_file, now, &mut guards)?;
        Ok(counted(&catalogue.schema, list.as_deref(), question, &shown, now))
    }

    /// A dataset as it is told: decided as a check of it. None if it went, or went out of sight, since the index was made.
    fn told(
        &self,
        asked: &mut Asked<'_>,
        catalogue: &Catalogue,
        answers: &Answers<'_>,
        place: &Place,
    ) -> Result<Option<Eligible>, EngineError> {
        let Some(listed) = catalogue.find(&place.slug) else { return Ok(None) };
        let found = match self.dataset_seen(asked.view, asked.actor, place.slug.as_str()) {
            Ok(found) if found.gone.is_some() => return Ok(None),
            Err(EngineError::NotFound { .. }) => return Ok(None),
            found => found?,
        };
        let force = self.in_force(asked.view, &found.dataset, asked.now)?;
        // what this dataset does not ask by signing is declined where others ask it
        let declined = asked.question.declined.intersection(&by_signing(&force.slice)).cloned().collect();
        let question = Question { declined, ..asked.question.clone() };
        let counted = asked.counted.clone();
        let input = self.input_with(&found, &force, &question, Moment::default(), counted, asked.now)?;
        let decision = decide(&force.schema, &force.slice, &input)?;
        let changed = answers.standing(listed.class).outcome != Some(decision.outcome);
        if changed {
            tracing::warn!(dataset = %place.slug, "its conditions changed while it was asked about");
        }
        let d = found.dataset;
        let (group, fewer) = match Group::of(decision.outcome) {
            Group::Not if changed || place.group == Group::After => match asked.fewer(&force, input)? {
                Left::Columns(columns, decision) => (Group::After, Some((columns, decision))),
                Left::Nothing => (Group::Not, None),
                Left::Untried => (place.group.max(Group::After), None),
            },
            group => (group, None),
        };
        let needs = (group == Group::After).then(|| answers.needs(listed.class));
        let signed = fewer.as_ref().map_or(&decision, |(_, decision)| decision);
        let open = d.access == Access::Open;
        let (sign, failing) = match group {
            Group::Now | Group::After => (rules(signed, |a| a.status == Status::OnSigning), Vec::new()),
            Group::Not => (Vec::new(), rules(&decision, |a| decision.failing.contains(&a.id))),
        };
        Ok(Some(Eligible {
            id: d.id,
            slug: d.slug,
            title: d.title,
            owner: d.owner,
            access: d.access,
            group,
            outcome: decision.outcome,
            rank: place.rank,
            licence: d.licence.filter(|_| open),
            sign,
            needs,
            failing,
            columns: fewer.map(|(columns, _)| columns).unwrap_or_default(),
            alternatives: decision.alternatives,
            without_conditions: decision.without_conditions,
        }))
    }
}

/// Refuses to decline what none of the datasets asks, which would otherwise be taken as accepted.
fn can_decline(catalogue: &Catalogue, wanted: &[usize], declined: &BTreeSet<Name>) -> Result<(), EngineError> {
    if declined.is_empty() {
        return Ok(());
    }
    let classes: BTreeSet<ClassId> =
        wanted.iter().filter_map(|at| catalogue.listed.get(*at)).map(|listed| listed.class).collect();
    let known = catalogue.index.accepted_by(&classes);
    match declined.difference(&known).next() {
        None => Ok(()),
        Some(unknown) => {
            let help = "name a promise, duty, delivery or fee of a dataset that you may see";
            let error = EngineError::not_found("condition that can be declined", unknown, help);
            Err(error.named_by(Field::Declined))
        }
    }
}

/// A question that is put to one dataset after the other.
struct Asked<'a> {
    view: &'a View,
    actor: Option<&'a Actor>,
    question: &'a Question,
    counted: &'a Counted,
    now: Time,
    /// How many more subsets of columns may be tried.
    tries: usize,
}

impl Asked<'_> {
    /// The columns that are not refused when they are asked for together, one after the other as far as they go together.
    fn fewer(&mut self, force: &InForce, mut input: DecisionInput) -> Result<Left, EvaluationFault> {
        let (mut answer, mut untried) = (None, false);
        let columns: Vec<String> = input.dataset.columns.iter().map(|column| column.name.clone()).collect();
        let some = together(columns, |some| {
            let Some(left) = self.tries.checked_sub(1) else {
                untried = true;
                return Ok(false);
            };
            self.tries = left;
            input.scope.columns = some.iter().cloned().collect();
            match decide(&force.schema, &force.slice, &input) {
                Ok(decision) if Group::of(decision.outcome) != Group::Not => {
                    answer = Some(decision);
                    Ok(true)
                }
                // a column that cannot be told is not asked for
                Ok(_) | Err(EvaluationFault::Cedar(_) | EvaluationFault::Uncounted(_)) => Ok(false),
                Err(fault) => Err(fault),
            }
        })?;
        Ok(match answer {
            Some(answer) => Left::Columns(some, answer),
            None if untried => Left::Untried,
            None => Left::Nothing,
        })
    }
}

/// What is left of a dataset that cannot be had with all of its columns.
enum Left {
    /// These columns, and the answer for them.
    Columns(Vec<String>, Decision),
    /// No column.
    Nothing,
    /// So much was tried that it is left to a check.
    Untried,
}

fn rules(decision: &Decision, so: impl Fn(&Answer) -> bool) -> Vec<Rule> {
    let all = decision.grounds.iter().chain(&decision.conditions).filter(|answer| so(answer));
    all.map(|a| Rule { id: a.id.clone(), role: a.role, label: a.text.label.clone() }).collect()
}

/// What was chosen for one part of the list.
struct Chosen {
    totals: Totals,
    faulty: Vec<Name>,
    /// One more than the part holds, if there are more.
    places: Vec<Place>,
}

/// Sorts what is wanted into groups, and gives those of the list that stand behind a place, those first of which the least is missing.
fn chosen(catalogue: &Catalogue, answers: &Answers<'_>, wanted: &[usize], group: Option<Group>, part: &Part) -> Chosen {
    let (mut totals, mut faulty, mut keys) = (Totals::default(), Vec::new(), Vec::new());
    // by short name: what is not behind that of the place has had its turn where group and rank are the same
    let after = part.after.as_ref().map(|place| {
        let passed = catalogue.listed.partition_point(|listed| listed.slug <= place.slug);
        (place.group, place.rank, passed)
    });
    for (at, listed) in wanted.iter().filter_map(|at| Some((*at, catalogue.listed.get(*at)?))) {
        let standing = answers.standing(listed.class);
        let Some(stands) = standing.group else {
            totals.faulty += 1;
            if faulty.len() < NAMED {
                faulty.push(listed.slug.clone());
            }
            continue;
        };
        match stands {
            Group::Now => totals.now += 1,
            Group::After => totals.after += 1,
            Group::Not => totals.not += 1,
        }
        let key = (stands, standing.rank, at);
        if group.is_none_or(|group| group == stands) && after.is_none_or(|after| key >= after) {
            keys.push(key);
        }
    }
    // the few that are shown are looked for among many
    let many = part.limit.saturating_add(1);
    if keys.len() > many {
        keys.select_nth_unstable(many);
        keys.truncate(many);
    }
    keys.sort_unstable();
    let place = |(group, rank, at): (Group, u16, usize)| {
        Some(Place { group, rank, slug: catalogue.listed.get(at)?.slug.clone() })
    };
    Chosen { totals, faulty, places: keys.into_iter().filter_map(place).collect() }
}
