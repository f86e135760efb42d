//! The course of a case: versions of the request, what moved its term, an objection and the decision on it. Every rule is about places
//! in the log, so it holds for each decision of a case, whichever of them a bundle is about.

use super::case::{Case, Reader};
use crate::model::record::{
    self, ApprovalGiven, DecisionRecord, DecisionResult, Objection, ObjectionOutcome, Record, RecordType,
    RequestReceived, Subject, TermAction, TermChanged, kind_of,
};
use crate::model::term::{Change, Event, Length, Step, Sum, SuspensionKind, local_day, sum};
use crate::model::{Day, Digest, Document, Time};

/// A record with its place in the log.
type At<'a, S> = (u64, &'a Record<S>);

/// The course of a case in the order of the log.
pub(super) struct Course<'a> {
    versions: Vec<At<'a, RequestReceived>>,
    terms: Vec<At<'a, TermChanged>>,
    objections: Vec<At<'a, Objection>>,
    decisions: Vec<At<'a, DecisionRecord>>,
}

impl Reader<'_> {
    /// Versions, terms, objections and decisions hang together.
    pub(super) fn course(&mut self, case: &Case<'_>) {
        let course = self.gathered(case);
        let chained = course.chained();
        self.findings.holds("S-123", "request: its versions follow one another", chained, || {
            "one names another version than the one before it, or another applicant, dataset, receipt or term"
                .to_owned()
        });
        for (place, term) in &course.terms {
            let why = course.term(*place, term);
            self.findings.check("S-125", "term: moved as the law lets it be", why);
        }
        let once = course.objections.len() < 2;
        self.findings.holds("S-126", "objection: at most one", once, || "there are more".to_owned());
        for (place, objection) in &course.objections {
            let why = course.objection(*place, objection);
            self.findings.check("S-126", "objection: to this decision, by its addressee", why);
        }
        for (place, decision) in &course.decisions {
            let clock = course.clock(*place, decision);
            self.findings.check("S-124", "decision: the sum of its term", clock);
            let anew = course.on_objection(*place, decision);
            self.findings.check("S-127", "decision: in whose place, and on which objection", anew);
        }
        for approval in &case.superseded {
            let counted = self.uncounted(case, &course, approval);
            self.findings.check("S-128", "approval that counts no longer", counted);
        }
    }

    fn gathered<'c>(&self, case: &'c Case<'_>) -> Course<'c> {
        let versions = case.versions.iter().chain([&case.request]);
        let decisions = case.decisions.iter().chain(&case.decision);
        Course {
            versions: self.placed(versions),
            terms: self.placed(&case.terms),
            objections: self.placed(&case.objections),
            decisions: self.placed(decisions),
        }
    }

    fn placed<'c, S: 'c>(&self, records: impl IntoIterator<Item = &'c Record<S>>) -> Vec<At<'c, S>> {
        let mut placed: Vec<At<'c, S>> =
            records.into_iter().filter_map(|r| Some((self.index(&r.digest)?, r))).collect();
        placed.sort_by_key(|(place, _)| *place);
        placed
    }

    /// An approval that is beside the case is of an earlier version, or a later one of its name took its place.
    fn uncounted(&self, case: &Case<'_>, course: &Course<'_>, approval: &Record<ApprovalGiven>) -> Result<(), String> {
        let (Some(place), request) = (self.index(&approval.digest), approval.subject.request.digest) else {
            return Err("it has no place in the log".to_owned());
        };
        if !course.versions.iter().any(|(at, v)| v.digest == request && at < &place) {
            return Err("it is of no version of this request that was logged before it".to_owned());
        }
        let replaced = |a: &Record<ApprovalGiven>| {
            a.subject.name == approval.subject.name && self.index(&a.digest).is_some_and(|at| at > place)
        };
        let named = |d: &Record<DecisionRecord>| d.subject.approvals.iter().any(|a| a.digest == approval.digest);
        if case.decisions.iter().any(named) {
            return Ok(());
        }
        let rests =
            |d: &Record<DecisionRecord>| d.subject.objection.is_none_or(|on| on.outcome == ObjectionOutcome::Upheld);
        let later = case.decision.as_ref().is_some_and(|d| self.index(&d.digest).is_some_and(|at| at < place));
        let rests = case.decision.as_ref().is_none_or(rests);
        let counts = rests && request == case.request.digest && !later && !case.approvals.iter().any(replaced);
        if counts { Err("it counts, and the decision does not name it".to_owned()) } else { Ok(()) }
    }
}

impl Course<'_> {
    /// One chain, all about the same.
    fn chained(&self) -> bool {
        let Some((_, first)) = self.versions.first() else { return false };
        let follows = |pair: &[At<'_, RequestReceived>]| match pair {
            [(_, a), (_, b)] => {
                let (x, y) = (&a.subject, &b.subject);
                y.replaces == Some(a.reference())
                    && (&x.applicant, &x.applicant_name, &x.dataset) == (&y.applicant, &y.applicant_name, &y.dataset)
                    && (x.received_at, &x.last_day) == (y.received_at, &y.last_day)
                    && y.completed_at.is_none_or(|came| {
                        let before = x.completed_at.unwrap_or(a.valid_from);
                        before <= came && came <= b.valid_from
                    })
            }
            _ => true,
        };
        let begins = first.subject.replaces.is_none() && first.subject.completed_at.is_none();
        begins && self.versions.windows(2).all(follows)
    }

    /// The version that stood at a place.
    fn version(&self, place: u64) -> Option<&Record<RequestReceived>> {
        self.versions.iter().rfind(|(at, _)| *at < place).map(|(_, v)| *v)
    }

    /// What moved the term of the request, or of an objection, before a place.
    fn events(&self, objection: Option<&Digest>, place: u64) -> Result<Vec<Event>, String> {
        let since = objection.and_then(|o| self.objections.iter().find(|(_, r)| r.digest == *o)).map(|(at, _)| *at);
        let until = self.objections.first().map_or(u64::MAX, |(at, _)| *at);
        // what was completed after an objection moves the term of that
        let of = |at: u64| match since {
            Some(since) => at > since,
            None => at < until,
        };
        let mut events: Vec<(u64, Event)> = Vec::new();
        for (at, version) in self.versions.iter().filter(|(at, v)| v.subject.replaces.is_some() && of(*at)) {
            let came = version.subject.completed_at.unwrap_or(version.valid_from);
            events.push((*at, Event { day: local_day(came), change: Change::Complete }));
        }
        for (at, term) in &self.terms {
            if term.subject.objection.map(|o| o.digest).as_ref() == objection {
                events.push((*at, Event { day: local_day(term.valid_from), change: change(term)? }));
            }
        }
        events.retain(|(at, _)| *at < place);
        events.sort_by_key(|(at, _)| *at);
        Ok(events.into_iter().map(|(_, event)| event).collect())
    }

    /// The day after which a term counts.
    fn start(&self, objection: Option<&Digest>) -> Result<Day, String> {
        let Some(objection) = objection else {
            let (_, first) = self.versions.first().ok_or("there is no request")?;
            return Ok(local_day(first.subject.received_at).into());
        };
        let (_, objection) = self.objections.iter().find(|(_, o)| o.digest == *objection).ok_or("no objection")?;
        let decision = self.objected(objection).ok_or("it is to no decision of the case")?;
        let until: Day = decision.subject.objection_until.parse().map_err(|_| "no last day to object".to_owned())?;
        Ok(until.max(local_day(objection.subject.received_at).into()))
    }

    fn objected(&self, objection: &Record<Objection>) -> Option<&Record<DecisionRecord>> {
        self.decisions.iter().find(|(_, d)| d.reference() == objection.subject.decision).map(|(_, d)| *d)
    }

    /// The sum of a term at a place, whose first line is known.
    fn sum(&self, objection: Option<&Digest>, place: u64, first: &Step, day: Day) -> Result<Sum, String> {
        let events = self.events(objection, place)?;
        let start = self.start(objection)?;
        sum(start.date(), &first.law, first.length, &events, day.date()).map_err(|e| e.to_string())
    }

    /// The first line of the sum of a term: a decision on it says it. Without one the last day is taken as the term's bare end.
    fn first_line(&self, objection: Option<&Digest>) -> Option<&Step> {
        let of = |d: &DecisionRecord| d.objection.map(|o| o.record.digest).as_ref() == objection;
        self.decisions.iter().find(|(_, d)| of(&d.subject)).and_then(|(_, d)| d.subject.clock.first())
    }

    fn term(&self, place: u64, term: &Record<TermChanged>) -> Result<(), String> {
        let t = &term.subject;
        let version = self.version(place).ok_or("it was logged before the request")?;
        if t.request != version.reference() {
            return Err("it names another version than the one that stood".to_owned());
        }
        let objection = t.objection.map(|o| o.digest);
        let ended = self.decisions.iter().find(|(_, d)| d.subject.objection.map(|o| o.record.digest) == objection);
        if ended.is_some_and(|(at, _)| *at < place) {
            return Err("it was logged after the decision".to_owned());
        }
        let Some(first) = self.first_line(objection.as_ref()) else { return Ok(()) };
        let sum = self.sum(objection.as_ref(), place + 1, first, local_day(term.valid_from).into())?;
        let last_day = sum.standing.is_none().then(|| Day::from(sum.last_day));
        if t.last_day == last_day { Ok(()) } else { Err("its last day is another".to_owned()) }
    }

    fn objection(&self, place: u64, objection: &Record<Objection>) -> Result<(), String> {
        let o = &objection.subject;
        let decision = self.objected(objection).ok_or("it is to no decision of the case")?;
        let before = self.decisions.iter().any(|(at, d)| d.digest == decision.digest && *at < place);
        if !before || o.received_at > objection.valid_from {
            return Err("it was logged before the decision, or received later".to_owned());
        }
        if o.received_at < decision.subject.announcement.at {
            return Err("it was received before the decision was announced".to_owned());
        }
        if let Some(first) = self.first_line(Some(&objection.digest))
            && first.last_day != o.last_day
        {
            return Err("its last day is not that of the decision on it".to_owned());
        }
        Ok(())
    }

    fn clock(&self, place: u64, decision: &Record<DecisionRecord>) -> Result<(), String> {
        let d = &decision.subject;
        let objection = d.objection.map(|o| o.record.digest);
        let first = d.clock.first().ok_or("it has none")?;
        let sum = self.sum(objection.as_ref(), place, first, local_day(decision.valid_from).into())?;
        let begins = objection.is_some()
            || self.versions.first().is_some_and(|(_, v)| v.subject.last_day == first.last_day.to_string());
        let right = begins && sum.steps == d.clock && d.last_day == sum.last_day.to_string();
        if right { Ok(()) } else { Err("its lines or its last day do not follow from the records".to_owned()) }
    }

    fn on_objection(&self, place: u64, decision: &Record<DecisionRecord>) -> Result<(), String> {
        let d = &decision.subject;
        let Some(on) = d.objection else {
            let once = self.decisions.iter().filter(|(_, d)| d.subject.objection.is_none()).count() == 1;
            let alone = once && d.supersedes.is_none();
            return if alone { Ok(()) } else { Err("it takes the place of another without an objection".to_owned()) };
        };
        let found = self.objections.iter().find(|(at, o)| o.reference() == on.record && *at < place);
        let (_, objection) = found.ok_or("no such objection was logged before it")?;
        let first = self.objected(objection).ok_or("the objection is to no decision of the case")?;
        let f = &first.subject;
        if on.outcome == ObjectionOutcome::Withdrawn {
            if d.actor.organisation != d.addressee {
                return Err("it was withdrawn by somebody else".to_owned());
            }
        } else if d.actor.person.is_none() || d.actor.person == f.actor.person {
            return Err("it was taken by the person who took the first, or by nobody".to_owned());
        }
        let others = (on.outcome == ObjectionOutcome::Upheld).then_some(first.reference());
        let stays = (d.result, &d.granted, &d.refused) == (f.result, &f.granted, &f.refused)
            && d.decision.is_none()
            && d.input.is_none();
        if d.supersedes != others || (others.is_none() && !stays) {
            return Err("it does not take the place of the first, or changes one that stays".to_owned());
        }
        Ok(())
    }

    /// Whether the time to complete the request had passed without an answer when a decision was taken.
    pub(super) fn incomplete(&self, decision: &Record<DecisionRecord>) -> bool {
        let place = self.decisions.iter().find(|(_, d)| d.digest == decision.digest).map_or(0, |(at, _)| *at);
        let events = self.events(None, place).unwrap_or_default();
        let last = events.iter().rfind(|e| !matches!(e.change, Change::Extend { .. }));
        let day = local_day(decision.valid_from);
        matches!(
            last.map(|e| &e.change),
            Some(Change::Suspend { kind: SuspensionKind::Completion, until: Some(until), .. }) if *until < day
        )
    }
}

impl Reader<'_> {
    /// What was not judged has no answer; it says why not.
    pub(super) fn unjudged(&self, case: &Case<'_>, decision: &Record<DecisionRecord>) -> bool {
        let d = &decision.subject;
        let nothing = d.granted.is_empty() && d.refused.is_empty();
        nothing
            && d.decision.is_none()
            && match d.result {
                DecisionResult::Withdrawn => true,
                DecisionResult::Forwarded => d.forwarded_to.is_some(),
                DecisionResult::NotConsidered => self.gathered(case).incomplete(decision),
                _ => false,
            }
    }
}

/// What a record does to a term; an error if its members do not fit its action.
fn change(term: &Record<TermChanged>) -> Result<Change, String> {
    let (t, record) = (&term.subject, term.digest);
    match (t.action, t.kind, &t.law, t.length, t.until) {
        (TermAction::Suspend, Some(kind), Some(law), None, until) => {
            Ok(Change::Suspend { record, law: law.clone(), kind, until: until.map(Day::date) })
        }
        (TermAction::Resume, None, None, None, None) => Ok(Change::Resume),
        (TermAction::Extend, None, Some(law), Some(length), None) => {
            Ok(Change::Extend { record, law: law.clone(), length })
        }
        _ => Err("its members do not fit what it does".to_owned()),
    }
}

/// The sum of the term that runs: that of an open request, or of the objection to its decision. `records` are those of the case with their
/// places in the log, `law` and `length` the term by the table of who asks.
///
/// # Errors
/// What cannot be read, or cannot have happened to a term.
pub fn running(records: &[(u64, &Document)], law: &str, length: Length, now: Time) -> Result<Sum, String> {
    fn all<S: Subject>(records: &[(u64, &Document)], kind: RecordType) -> Result<Vec<(u64, Record<S>)>, String> {
        let of = records.iter().filter(|(_, d)| kind_of(d).is_ok_and(|found| found == kind));
        of.map(|(at, d)| Ok((*at, record::read((*d).clone(), kind).map_err(|e| e.to_string())?))).collect()
    }
    fn at<S>(records: &[(u64, Record<S>)]) -> Vec<At<'_, S>> {
        records.iter().map(|(at, r)| (*at, r)).collect()
    }
    let versions = all(records, RecordType::Request)?;
    let (terms, objections) = (all(records, RecordType::Term)?, all::<Objection>(records, RecordType::Objection)?);
    let decisions = all(records, RecordType::Decision)?;
    let objection = objections.last().filter(|_| !decisions.is_empty()).map(|(_, o)| o.digest);
    let course =
        Course { versions: at(&versions), terms: at(&terms), objections: at(&objections), decisions: at(&decisions) };
    let (start, events) = (course.start(objection.as_ref())?, course.events(objection.as_ref(), u64::MAX)?);
    sum(start.date(), law, length, &events, local_day(now)).map_err(|e| e.to_string())
}
