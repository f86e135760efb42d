//! Playing a story: each step is performed by the engine, and what comes of it is compared with what the story expects.

use std::collections::{BTreeMap, BTreeSet};

use super::StoryError;
use super::format::{Act, Approval, Ask, Conclusion, Expect, OnRequest, Proof, Step, Story};
use super::stage::{Cast, Stage};
use crate::conditions::library::Example;
use crate::engine::{CaseNow, DealStep, DealTold, EngineError, Entered, NewRequest, Question};
use crate::model::dataset::Dataset;
use crate::model::decision::{Answer, Decision, Outcome};
use crate::model::{Name, OrgId, Time, Urn};

/// How much time passes before a step that names no time, in seconds.
const STEP: i64 = 60;

/// A story as it went.
#[derive(Debug)]
pub struct Told<'s> {
    /// The dataset that it is about.
    pub dataset: Dataset,
    /// What happened, step by step.
    pub events: Vec<Event<'s>>,
    /// The deals that both parties signed, in order.
    pub deals: Vec<Urn>,
}

/// What came of one step.
#[derive(Debug)]
pub struct Event<'s> {
    /// The step.
    pub step: &'s Step,
    /// When it was performed.
    pub at: Time,
    /// What came of it.
    pub happened: Happened,
    /// What came otherwise than expected, in words; nothing in a story that holds.
    pub differences: Vec<String>,
}

/// What came of a step.
#[derive(Debug)]
pub enum Happened {
    /// An answer to a question.
    Answer {
        /// Who asked; nobody in particular if none.
        applicant: Option<OrgId>,
        /// The answer.
        decision: Box<Decision>,
    },
    /// A request was filed, or went on.
    Case(Box<CaseNow>),
    /// A deal was offered, accepted, suspended, resumed or revoked.
    Deal(Box<DealTold>),
    /// Evidence was handed over.
    Evidence {
        /// About whom.
        about: OrgId,
        /// Which facts.
        facts: BTreeSet<String>,
    },
    /// The engine refused, as expected.
    Stopped(String),
}

/// The requests and deals of a story, by the short names of the requests.
#[derive(Debug, Default)]
struct Files {
    requests: BTreeMap<Name, Urn>,
    deals: BTreeMap<Name, Urn>,
    concluded: Vec<Urn>,
}

impl Files {
    fn request(&self, short: &Name) -> Result<&Urn, StoryError> {
        self.requests.get(short).ok_or_else(|| StoryError::Unknown { what: "a request", name: short.to_string() })
    }
    fn deal(&self, short: &Name) -> Result<&Urn, StoryError> {
        self.deals.get(short).ok_or_else(|| StoryError::Unknown { what: "a deal of request", name: short.to_string() })
    }
}

impl Stage {
    /// Plays a story to its end.
    ///
    /// # Errors
    /// The engine refuses what the story does not expect it to refuse, or the story names what is not in it.
    pub fn play<'s>(&mut self, example: &Example, story: &'s Story) -> Result<Told<'s>, StoryError> {
        let cast = self.set_up(example, story)?;
        let mut files = Files::default();
        let mut events = Vec::new();
        for (i, step) in story.steps.iter().enumerate() {
            match step.at {
                Some(at) => self.set(at),
                None => self.set(self.engine.now().plus_seconds(STEP)),
            }
            let failed =
                |source| StoryError::Step { story: example.name.to_owned(), step: i + 1, source: Box::new(source) };
            let happened = match self.perform(&cast, &mut files, &step.act) {
                Err(StoryError::Engine(refusal)) if step.expect.stopped.is_some() && is_a_no(&refusal) => {
                    Happened::Stopped(refusal.to_string())
                }
                other => other.map_err(failed)?,
            };
            let differences = differences(&step.expect, &happened);
            events.push(Event { step, at: self.engine.now(), happened, differences });
        }
        Ok(Told { dataset: cast.dataset, events, deals: files.concluded })
    }

    fn perform(&self, cast: &Cast, files: &mut Files, act: &Act) -> Result<Happened, StoryError> {
        match act {
            Act::Check(ask) => self.check(cast, ask),
            Act::Request(ask) => self.request(cast, files, ask),
            Act::Approve(approval) => self.approve(cast, files, approval, true),
            Act::Refuse(approval) => self.approve(cast, files, approval, false),
            Act::Confirm(on) => {
                let actor = self.actor(cast, &on.by)?;
                case(self.engine.confirm(&actor, files.request(&on.request)?, on.reason.as_deref())?.wait()?)
            }
            Act::Withdraw(on) => {
                let actor = self.actor(cast, &on.by)?;
                case(self.engine.withdraw(&actor, files.request(&on.request)?, on.reason.as_deref())?.wait()?)
            }
            Act::Offer(on) => self.offer(cast, files, &on.request, &on.by),
            Act::Accept(on) => self.accept(cast, files, &on.request, &on.by),
            Act::Conclude(Conclusion { request, by, with }) => {
                self.offer(cast, files, request, by)?;
                self.set(self.engine.now().plus_seconds(STEP));
                self.accept(cast, files, request, with)
            }
            Act::Suspend(on) => self.revoke(cast, files, on, DealStep::Suspend),
            Act::Resume(on) => self.revoke(cast, files, on, DealStep::Resume),
            Act::Revoke(on) => self.revoke(cast, files, on, DealStep::RevokeAtOnce),
            Act::Evidence(given) => self.hand_over(cast, given),
        }
    }

    fn hand_over(&self, cast: &Cast, given: &Proof) -> Result<Happened, StoryError> {
        self.prove(cast, given)?;
        let about = cast.organisation(&given.about)?.clone();
        Ok(Happened::Evidence { about, facts: given.facts.keys().cloned().collect() })
    }

    fn question(ask: &Ask) -> Question {
        Question {
            purpose: Some(ask.purpose.clone()),
            scope: ask.scope.clone(),
            declared: ask.declared.clone(),
            declined: ask.declined.clone(),
            ..Question::default()
        }
    }

    /// A check by somebody counts the evidence on file for its organisation.
    fn check(&self, cast: &Cast, ask: &Ask) -> Result<Happened, StoryError> {
        let actor = ask.by.as_ref().map(|by| self.actor(cast, by)).transpose()?;
        let applicant = actor.as_ref().map(|a| a.organisation.clone());
        let evidence = applicant.as_ref().map(|org| self.on_file(org)).transpose()?.unwrap_or_default();
        let question = Question { applicant: applicant.clone(), evidence, ..Self::question(ask) };
        let decision = self.engine.check(actor.as_ref(), cast.dataset.slug.as_str(), &question, None)?.decision;
        Ok(Happened::Answer { applicant, decision: Box::new(decision) })
    }

    fn request(&self, cast: &Cast, files: &mut Files, ask: &Ask) -> Result<Happened, StoryError> {
        let missing = || StoryError::Unknown { what: "nobody who files a request", name: ask.purpose.clone() };
        let actor = self.actor(cast, ask.by.as_ref().ok_or_else(missing)?)?;
        let new = NewRequest {
            dataset: cast.dataset.slug.to_string(),
            question: Self::question(ask),
            sets: None,
            entered: Entered::default(),
        };
        let filed = self.engine.submit(&actor, &new)?.wait()?;
        if let Some(short) = &ask.short {
            files.requests.insert(short.clone(), filed.id);
        }
        case(filed)
    }

    fn approve(&self, cast: &Cast, files: &Files, on: &Approval, given: bool) -> Result<Happened, StoryError> {
        let actor = self.actor(cast, &on.by)?;
        case(self.engine.approve(&actor, files.request(&on.request)?, &on.name, given, &on.reason)?.wait()?)
    }

    fn offer(&self, cast: &Cast, files: &mut Files, request: &Name, by: &Name) -> Result<Happened, StoryError> {
        let told = self.engine.offer(&self.actor(cast, by)?, files.request(request)?)?.wait()?;
        files.deals.insert(request.clone(), told.id);
        Ok(Happened::Deal(Box::new(told)))
    }

    fn accept(&self, cast: &Cast, files: &mut Files, request: &Name, by: &Name) -> Result<Happened, StoryError> {
        let actor = self.actor(cast, by)?;
        let deal = *files.deal(request)?;
        let told = self.engine.accept(&actor, &deal, self.held(&actor.organisation))?.wait()?;
        files.concluded.push(deal);
        Ok(Happened::Deal(Box::new(told)))
    }

    fn revoke(&self, cast: &Cast, files: &Files, on: &OnRequest, action: DealStep) -> Result<Happened, StoryError> {
        let reason = on.reason.as_deref().unwrap_or_default();
        let told =
            self.engine.deal_step(&self.actor(cast, &on.by)?, files.deal(&on.request)?, action, reason)?.wait()?;
        Ok(Happened::Deal(Box::new(told)))
    }
}

fn case(now: CaseNow) -> Result<Happened, StoryError> {
    Ok(Happened::Case(Box::new(now)))
}

/// A refusal that a story can expect; anything else is trouble.
fn is_a_no(error: &EngineError) -> bool {
    matches!(error, EngineError::State { .. } | EngineError::Rights(_))
}

impl Happened {
    /// The answer that goes with it.
    #[must_use]
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Happened::Answer { decision, .. } => Some(decision),
            Happened::Case(case) => case.answer.as_ref(),
            _ => None,
        }
    }
}

fn differences(expect: &Expect, happened: &Happened) -> Vec<String> {
    let mut out = Vec::new();
    let mut compare = |what: &str, expected: Option<String>, found: Option<String>| {
        if let Some(expected) = expected
            && found.as_ref() != Some(&expected)
        {
            out.push(format!("{what}: expected {expected}, got {}", found.unwrap_or_else(|| "none".to_owned())));
        }
    };
    let decision = happened.decision();
    let outcome = |o: Outcome| o.as_str().to_owned();
    compare("outcome", expect.outcome.map(outcome), decision.map(|d| outcome(d.outcome)));
    let failing = decision.map(|d| d.failing.iter().map(|id| bare(d, id).to_owned()).collect::<BTreeSet<_>>());
    compare("failing", expect.failing.as_ref().map(list), failing.as_ref().map(list));
    let (state, deal) = match happened {
        Happened::Case(case) => (Some(format!("{:?}", case.state)), None),
        Happened::Deal(deal) => (None, Some(deal)),
        _ => (None, None),
    };
    compare("state", expect.state.map(|s| format!("{s:?}")), state);
    compare("deal", expect.deal.map(|s| format!("{s:?}")), deal.map(|d| format!("{:?}", d.state)));
    let columns: Option<BTreeSet<String>> = match deal {
        Some(deal) => Some(deal.deal.scope.columns.clone()),
        None => decision.map(|d| d.permitted_columns().map(str::to_owned).collect()),
    };
    compare("columns", expect.columns.as_ref().map(list), columns.as_ref().map(list));
    match (&expect.stopped, happened) {
        (Some(text), Happened::Stopped(why)) if why.contains(text) => {}
        (Some(text), Happened::Stopped(why)) => out.push(format!("stopped: expected `{text}`, got `{why}`")),
        (Some(text), _) => out.push(format!("stopped: expected `{text}`, and it was done")),
        (None, _) => {}
    }
    out
}

fn bare<'d>(decision: &'d Decision, id: &'d str) -> &'d str {
    decision.grounds.iter().chain(&decision.conditions).find(|a| a.id == id).map_or(id, Answer::bare_id)
}

fn list(names: &BTreeSet<String>) -> String {
    format!("[{}]", names.iter().map(String::as_str).collect::<Vec<_>>().join(", "))
}
