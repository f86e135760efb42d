//! The decision: one Cedar evaluation, then for each ground and condition what it comes to and what would change it.
//!
//! Fail closed: a permit needs a ground among Cedar's reasons, no evaluation error, every condition of the slice counted, and
//! our own reading of every condition equal to Cedar's. Anything else is an [`EvaluationFault`], for which no decision exists.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use cedar_policy::{Authorizer, Decision as Allowed, Entities, PolicyId, Request};

use super::paths::PathSet;
use super::question::Question;
use super::reading::{APPROVALS, CLOSED, Can, Mode, OPEN, World};
use super::schema::Schema;
use super::slice::{Part, Rule, Slice};
use crate::model::condition::{Kind, Role};
use crate::model::dataset::{Access, Column};
use crate::model::decision::{Answer, ColumnAnswer, Decision, Need, Outcome, Seen, Status, Wish, WithoutConditions};
use crate::model::input::{DecisionInput, Stage};

/// An operator's problem: the conditions could not be evaluated. No decision exists, and the clock runs on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum EvaluationFault {
    /// The input is no question under this schema.
    #[error("the input cannot be evaluated: {0}")]
    #[diagnostic(code(decide::input), help("nothing was decided; tell the operator of the portal"))]
    Input(String),
    /// A text is not the one that the input names by digest.
    #[error("the input names another {0} than the one given")]
    #[diagnostic(code(decide::texts), help("give the texts that the input names by digest"))]
    WrongText(&'static str),
    /// An entity that Cedar would silently treat as having no attributes.
    #[error("{0} is not in the store of the question")]
    #[diagnostic(code(decide::entity), help("nothing was decided; tell the operator of the portal"))]
    MissingEntity(String),
    /// Cedar skips a policy that errors, so that an erroring condition would allow.
    #[error("evaluation failed: {0}")]
    #[diagnostic(code(decide::cedar), help("nothing was decided; tell the operator of the portal"))]
    Cedar(String),
    /// Cedar and our reading differ: a condition was not counted.
    #[error("`{0}` was not counted as it reads")]
    #[diagnostic(code(decide::uncounted), help("nothing was decided; tell the operator of the portal"))]
    Uncounted(String),
}

/// Which grounds and conditions are read, beside Cedar's word on them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reads {
    Every,
    /// Those that Cedar does not say to hold: what would change them must be told.
    NotHolding,
}

/// Decides one question. Pure: the same input and texts give the same answer, byte for byte.
///
/// # Errors
/// [`EvaluationFault`], never a permit.
pub fn decide(schema: &Schema, slice: &Slice, input: &DecisionInput) -> Result<Decision, EvaluationFault> {
    judge(schema, slice, input, Reads::Every)
}

/// Decides once more, to compare with an answer that [`decide`] gave, byte for byte. An audit does so for every decision of a log, and
/// permits nothing by it: what Cedar says to hold is not read a second time.
///
/// # Errors
/// [`EvaluationFault`], as [`decide`].
pub fn replay(schema: &Schema, slice: &Slice, input: &DecisionInput) -> Result<Decision, EvaluationFault> {
    judge(schema, slice, input, Reads::NotHolding)
}

fn judge(schema: &Schema, slice: &Slice, input: &DecisionInput, reads: Reads) -> Result<Decision, EvaluationFault> {
    same_texts(schema, slice, input)?;
    let mut decision = Decision {
        outcome: Outcome::Permit,
        grounds: Vec::new(),
        conditions: Vec::new(),
        failing: Vec::new(),
        columns: Vec::new(),
        unfilled: Vec::new(),
        uncounted: input.uncounted.clone(),
        alternatives: Vec::new(),
        without_conditions: None,
    };
    if input.dataset.access == Access::Open {
        decision.without_conditions = Some(WithoutConditions::Open);
        let column = |name: &String| ColumnAnswer { name: name.clone(), outcome: Outcome::Permit, failing: Vec::new() };
        decision.columns = input.scope.columns.iter().map(column).collect();
        return Ok(decision);
    }
    if slice.has_ground() {
        let question = Question::new(schema, input)?;
        if input.purpose.is_none() {
            decision.unfilled.push("purpose".to_owned());
        }
        let asker = Asker { schema, question: &question, complete: decision.unfilled.is_empty(), reads };
        answer(&asker, slice, &mut decision)?;
    } else {
        decision.outcome = Outcome::Deny;
        decision.without_conditions = Some(WithoutConditions::NonePublished);
    }
    if matches!(decision.outcome, Outcome::Deny | Outcome::NoGround) {
        decision.alternatives.clone_from(&input.dataset.alternatives);
    }
    Ok(decision)
}

fn same_texts(schema: &Schema, slice: &Slice, input: &DecisionInput) -> Result<(), EvaluationFault> {
    if input.schema != schema.digest() {
        return Err(EvaluationFault::WrongText("schema"));
    }
    let same = input.sets.len() == slice.sets().len()
        && input
            .sets
            .iter()
            .zip(slice.sets())
            .all(|(named, set)| named.text == set.digest() && named.level == set.level());
    if same { Ok(()) } else { Err(EvaluationFault::WrongText("condition set")) }
}

fn answer(asker: &Asker<'_>, slice: &Slice, decision: &mut Decision) -> Result<(), EvaluationFault> {
    let question = asker.question;
    let mut found: BTreeMap<usize, (&Rule, Found)> = BTreeMap::new();
    let once = asker.part(&slice.once, &question.request, &question.entities, None)?;
    for (rule, f) in slice.once.rules.iter().zip(once) {
        found.insert(rule.order, (rule, f));
    }
    let dataset = &question.input.dataset;
    let asked: Vec<&Column> =
        dataset.columns.iter().filter(|c| question.input.scope.columns.contains(&c.name)).collect();
    if asked.is_empty() && !slice.per_column.rules.is_empty() {
        // its structure is not known: what is asked per column cannot be answered, and is not taken as met
        for rule in &slice.per_column.rules {
            found.insert(
                rule.order,
                (rule, Found { status: Status::NotMet, needs: None, wishes: Vec::new(), seen: Vec::new() }),
            );
        }
    }
    let whole = Judgement::of(found.values().map(|(rule, f)| (*rule, f.status)));
    if asked.is_empty() {
        decision.outcome = whole.outcome;
        decision.failing = whole.failing;
    }
    let mut same_columns: BTreeMap<ColumnKey<'_>, Vec<Found>> = BTreeMap::new();
    let mut failing = HashSet::new();
    let mut held: BTreeMap<usize, Vec<Need>> = BTreeMap::new();
    let by_name = slice.per_column.rules.iter().any(|r| asker.reads_name(r));
    for column in asked {
        let key = ColumnKey::new(column, by_name);
        if !same_columns.contains_key(&key) && !slice.per_column.rules.is_empty() {
            let (request, entities) = question.about(column)?;
            same_columns.insert(key, asker.part(&slice.per_column, &request, &entities, Some(column))?);
        }
        let of_column = same_columns.get(&key).map_or(&[][..], Vec::as_slice);
        let judged = slice.once.rules.iter().filter_map(|r| found.get(&r.order).map(|(_, f)| (r, f.status)));
        let judgement =
            Judgement::of(judged.chain(slice.per_column.rules.iter().zip(of_column).map(|(r, f)| (r, f.status))));
        for (rule, f) in slice.per_column.rules.iter().zip(of_column) {
            if judgement.failing.contains(&rule.name) {
                held.entry(rule.order).or_default().extend(f.needs.clone());
            }
        }
        decision.columns.push(ColumnAnswer {
            name: column.name.clone(),
            outcome: judgement.outcome,
            failing: judgement.failing,
        });
    }
    for (i, rule) in slice.per_column.rules.iter().enumerate() {
        let over = same_columns.values().filter_map(|column| column.get(i));
        // a ground counts where it holds, a condition where it fails
        let chosen = if rule.is_ground() { over.min_by_key(|f| f.status) } else { over.max_by_key(|f| f.status) };
        if let Some(chosen) = chosen {
            // what one column waits for is needed also where another one has it already, or fails
            let needs = chosen.needs.iter().cloned().chain(held.remove(&rule.order).unwrap_or_default());
            let needs: BTreeSet<Need> = needs.collect();
            let needs = (!needs.is_empty()).then(|| Need::all(needs.into_iter().collect()));
            found.insert(rule.order, (rule, Found { needs, ..chosen.clone() }));
        }
    }
    if let Some(worst) = decision.columns.iter().map(|c| c.outcome).max() {
        decision.outcome = worst;
        for column in decision.columns.iter().filter(|c| c.outcome == worst) {
            failing.extend(column.failing.iter().cloned());
        }
        decision.failing = found.values().map(|(r, _)| r.name.clone()).filter(|n| failing.contains(n)).collect();
    }
    if !asker.complete {
        // nothing is permitted on a question that is not filled in, no column either
        decision.outcome = decision.outcome.max(Outcome::Incomplete);
        for column in &mut decision.columns {
            column.outcome = column.outcome.max(Outcome::Incomplete);
        }
    }
    for (rule, f) in found.into_values() {
        let answer = Answer {
            id: rule.name.clone(),
            role: rule.condition.role,
            status: f.status,
            needs: f.needs,
            seen: f.seen,
            wishes: f.wishes,
            text: rule.condition.text.clone(),
        };
        if rule.is_ground() { decision.grounds.push(answer) } else { decision.conditions.push(answer) }
    }
    Ok(())
}

/// Columns that no condition can tell apart are asked about once.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
struct ColumnKey<'a>(&'a str, &'a str, [bool; 3]);

impl<'a> ColumnKey<'a> {
    fn new(c: &'a Column, by_name: bool) -> Self {
        ColumnKey(if by_name { &c.name } else { "" }, &c.group, [c.personal, c.identifying, c.special])
    }
}

/// The outcome of one column, or of a dataset without columns: of the grounds the best counts, then the worst of it and the conditions.
struct Judgement {
    outcome: Outcome,
    failing: Vec<String>,
}

/// The outcome of rules that are told one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tally {
    /// The best of the grounds.
    pub(super) best: Status,
    worst: Outcome,
}

impl Default for Tally {
    fn default() -> Self {
        Tally { best: Status::NotMet, worst: Outcome::Permit }
    }
}

impl Tally {
    pub(super) fn add(&mut self, ground: bool, status: Status) {
        if ground {
            self.best = self.best.min(status);
        } else {
            self.worst = self.worst.max(outcome(status));
        }
    }

    fn ground(self) -> Outcome {
        match self.best {
            Status::NotMet => Outcome::NoGround,
            other => outcome(other),
        }
    }

    pub(super) fn outcome(self) -> Outcome {
        self.ground().max(self.worst)
    }
}

impl Judgement {
    fn of<'a>(rules: impl Iterator<Item = (&'a Rule, Status)> + Clone) -> Self {
        let mut tally = Tally::default();
        rules.clone().for_each(|(rule, status)| tally.add(rule.is_ground(), status));
        let (best, ground, total) = (tally.best, tally.ground(), tally.outcome());
        let holds = |rule: &Rule, status: Status| {
            outcome(status) == total
                && total != Outcome::Permit
                && (!rule.is_ground() || (ground == total && status == best))
        };
        let failing = rules.filter(|(r, s)| holds(r, *s)).map(|(r, _)| r.name.clone()).collect();
        Judgement { outcome: total, failing: if total == Outcome::NoGround { Vec::new() } else { failing } }
    }
}

fn outcome(status: Status) -> Outcome {
    match status {
        Status::Met | Status::OnSigning => Outcome::Permit,
        Status::AwaitingReview => Outcome::Review,
        Status::Unknown => Outcome::Incomplete,
        Status::NotMet => Outcome::Deny,
    }
}

/// What one ground or condition comes to in one question.
#[derive(Clone)]
struct Found {
    status: Status,
    needs: Option<Need>,
    wishes: Vec<Wish>,
    seen: Vec<Seen>,
}

pub(super) struct Asker<'a> {
    schema: &'a Schema,
    question: &'a Question<'a>,
    complete: bool,
    reads: Reads,
}

impl<'a> Asker<'a> {
    /// Whoever asks for a class of datasets at once, one rule after the other.
    pub(super) fn of_many(schema: &'a Schema, question: &'a Question<'a>) -> Self {
        Asker { schema, question, complete: question.input.purpose.is_some(), reads: Reads::Every }
    }
}

impl Asker<'_> {
    fn reads_name(&self, rule: &Rule) -> bool {
        self.schema.paths().id("resource.name").is_some_and(|id| rule.condition.body.reads.contains(id))
    }

    /// Every rule of one action, in one evaluation.
    fn part(
        &self,
        part: &Part,
        request: &Request,
        entities: &Entities,
        column: Option<&Column>,
    ) -> Result<Vec<Found>, EvaluationFault> {
        if part.rules.is_empty() {
            return Ok(Vec::new());
        }
        let world = World {
            paths: self.schema.paths(),
            request,
            entities,
            present: self.question.present,
            approvals: &self.question.approvals,
        };
        let cedar = if self.complete { Some(CedarSays::ask(part, request, entities)?) } else { None };
        let mut out = Vec::with_capacity(part.rules.len());
        for (i, rule) in part.rules.iter().enumerate() {
            let body = &rule.condition.body;
            let (status, needs) = match &cedar {
                Some(says) if self.reads == Reads::NotHolding && says.holds(i, rule) == Some(true) => {
                    (Status::Met, None)
                }
                Some(says) => {
                    let closed = world.can(&body.node, CLOSED);
                    if closed.has(Can::ERROR) || says.disagrees(i, rule, closed == Can::TRUE) {
                        return Err(EvaluationFault::Uncounted(rule.name.clone()));
                    }
                    if closed == Can::TRUE { (Status::Met, None) } else { self.failing(&world, rule) }
                }
                None => {
                    let open = Mode { facts_open: true, approvals_open: false };
                    if world.can(&body.node, open) == Can::TRUE {
                        (Status::Met, None)
                    } else {
                        self.failing(&world, rule)
                    }
                }
            };
            let mut wishes = Vec::new();
            if status == Status::NotMet && self.complete {
                world.wishes(&body.node, true, &mut wishes);
            }
            out.push(Found {
                status: self.on_signing(rule, status),
                needs,
                wishes,
                seen: self.seen(body.reads, column),
            });
        }
        Ok(out)
    }

    /// What one rule comes to, whatever stands beside it, and what it needs: as [`Asker::part`] says of it, without Cedar's second word.
    pub(super) fn alone(
        &self,
        rule: &Rule,
        request: &Request,
        entities: &Entities,
        present: PathSet,
    ) -> Result<(Status, Option<Need>), EvaluationFault> {
        let (paths, approvals) = (self.schema.paths(), &self.question.approvals);
        let world = World { paths, request, entities, present, approvals };
        let mode = if self.complete { CLOSED } else { Mode { facts_open: true, approvals_open: false } };
        let can = world.can(&rule.condition.body.node, mode);
        if self.complete && can.has(Can::ERROR) {
            return Err(EvaluationFault::Uncounted(rule.name.clone()));
        }
        let (status, needs) = if can == Can::TRUE { (Status::Met, None) } else { self.failing(&world, rule) };
        Ok((self.on_signing(rule, status), needs))
    }

    /// For a body that does not hold now: can approvals alone, or facts and approvals, still make it hold?
    fn failing(&self, world: &World<'_>, rule: &Rule) -> (Status, Option<Need>) {
        let body = &rule.condition.body;
        if body.approvals && world.can(&body.node, APPROVALS).has(Can::TRUE) {
            return (Status::AwaitingReview, Some(world.need(&body.node, true, APPROVALS)));
        }
        let missing = !body.reads.and(self.schema.paths().open()).without(&self.question.present).is_empty();
        if missing && world.can(&body.node, OPEN).has(Can::TRUE) {
            return (Status::Unknown, Some(world.need(&body.node, true, OPEN)));
        }
        (Status::NotMet, None)
    }

    /// Promises, duties, deliveries and fees become true by signing.
    fn on_signing(&self, rule: &Rule, status: Status) -> Status {
        let by_signing = matches!(rule.condition.role, Role::Condition(k) if k != Kind::Entry);
        if status == Status::Met && by_signing && self.question.input.stage != Stage::Deal {
            Status::OnSigning
        } else {
            status
        }
    }

    fn seen(&self, reads: PathSet, column: Option<&Column>) -> Vec<Seen> {
        let paths = self.schema.paths();
        let readable = reads
            .iter()
            .filter_map(|id| paths.info(id).map(|info| (id, info)))
            .filter(|(_, info)| !info.record || info.optional);
        readable
            .filter(|(_, info)| {
                !matches!(info.text.as_str(), "context.scope" | "context.accepted" | "context.approvals")
            })
            .map(|(id, info)| Seen { path: paths.shown(id), value: self.question.value(&info.text, column) })
            .collect()
    }
}

/// Cedar's own word on each policy.
struct CedarSays {
    allowed: bool,
    named: Vec<bool>,
}

impl CedarSays {
    fn ask(part: &Part, request: &Request, entities: &Entities) -> Result<Self, EvaluationFault> {
        let response = Authorizer::new().is_authorized(request, &part.policies, entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(EvaluationFault::Cedar(error.to_string()));
        }
        let mut named = vec![false; part.rules.len()];
        for id in response.diagnostics().reason() {
            let at: Option<&mut bool> = part.index.get::<PolicyId>(id).and_then(|i| named.get_mut(*i));
            *at.ok_or_else(|| EvaluationFault::Uncounted(id.to_string()))? = true;
        }
        Ok(CedarSays { allowed: response.decision() == Allowed::Allow, named })
    }

    /// Whether a rule holds, as far as Cedar says: on deny it is silent about grounds.
    fn holds(&self, i: usize, rule: &Rule) -> Option<bool> {
        let named = self.named.get(i).copied()?;
        match (rule.is_ground(), self.allowed) {
            (true, true) => Some(named),
            (true, false) => None,
            (false, _) => Some(!named),
        }
    }

    /// True if our reading says otherwise: on allow Cedar names the grounds that hold and no condition; on deny the conditions that do not.
    fn disagrees(&self, i: usize, rule: &Rule, holds: bool) -> bool {
        let named = self.named.get(i).copied().unwrap_or(false);
        match (rule.is_ground(), self.allowed) {
            (true, true) => named != holds,
            // on deny grounds are not named, unless no condition failed: then none may hold
            (true, false) => named || (holds && !self.named.iter().any(|n| *n)),
            (false, true) => named || !holds,
            (false, false) => named == holds,
        }
    }
}
