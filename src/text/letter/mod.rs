//! The decision letter: what a decision record says, for its addressee. Also the receipt of a request.

use std::collections::{BTreeMap, BTreeSet};

use super::day::local_day;
use super::facts::Speaker;
use super::{Labels, Texts, plain};
use crate::model::condition::Bilingual;
use crate::model::decision::{Answer, Outcome};
use crate::model::input::DecisionInput;
use crate::model::record::{
    ApprovalGiven, Authority, Channel, DecisionRecord, DecisionResult, Level, Mandate, RequestReceived,
};
use crate::model::term::{Step, StepKind, weeks_after};
use crate::model::{Digest, Time, Urn};

mod judged;
mod request;
mod step;

pub use step::step_letter;

/// In how many weeks one appeals to a court (Algemene wet bestuursrecht art. 6:7).
const APPEAL_WEEKS: u8 = 6;

/// A decision with what its letter tells of the case.
#[derive(Debug, Clone, Copy)]
pub struct Ended<'a> {
    /// The id of the decision, which the addressee quotes.
    pub id: Urn,
    /// When it was taken.
    pub decided: Time,
    /// The title of the dataset.
    pub title: &'a Bilingual,
    /// The decision.
    pub decision: &'a DecisionRecord,
    /// The request that it ends.
    pub request: &'a RequestReceived,
    /// What it was decided on; none for a withdrawal, and none after erasure.
    pub input: Option<&'a DecisionInput>,
    /// When that request was completed, if it was.
    pub completed: Option<Time>,
    /// From when each document counts that makes a fact verified, as far as it is kept.
    pub evidence_from: &'a BTreeMap<Digest, Time>,
    /// The approvals and refusals on which the decision rests.
    pub approvals: &'a [ApprovalGiven],
    /// The mandate under which it was taken.
    pub mandate: Option<&'a Mandate>,
    /// Whether others were asked for their views.
    pub views: bool,
    /// When the offer of a deal lapses, if there is one.
    pub offer_until: Option<Time>,
    /// What follows when the body decides too late.
    pub late: Option<&'a Bilingual>,
    /// Where the body is reached.
    pub contact: Option<&'a str>,
    /// What the portal says on every record: that it is an example.
    pub notice: Option<&'a str>,
}

/// The receipt of a request: when it came in, until when there is time to decide, and where to ask.
#[must_use]
pub fn receipt(texts: &Texts, request: &RequestReceived, contact: Option<&str>, notice: Option<&str>) -> String {
    let values =
        [("received", texts.date(request.received_at).into()), ("last-day", texts.day(&request.last_day).into())];
    let contact = contact.map(|contact| texts.get("letter-questions", &[("contact", contact.into())]));
    let receipt =
        [Some(texts.get("letter-receipt", &values)), contact].into_iter().flatten().collect::<Vec<_>>().join(" ");
    notice.map_or_else(|| receipt.clone(), |notice| format!("{notice}\n\n{receipt}"))
}

/// The letter as plain text, one paragraph a line; [`super::wrap`] makes it fit a terminal.
#[must_use]
pub fn letter(texts: &Texts, labels: &dyn Labels, ended: &Ended<'_>) -> String {
    let mut writer = Writer { speak: Speaker { texts, labels }, ended, parts: 0, lines: Vec::new() };
    writer.head();
    writer.decision();
    writer.request();
    // what was not judged, and what stays as it was, was not weighed
    let weighed = ended.decision.decision.is_some();
    if weighed {
        writer.law();
        writer.facts();
        writer.assessment();
        writer.terms();
        writer.advice();
        writer.weighing();
    }
    if ended.decision.result != DecisionResult::Withdrawn {
        writer.who();
    }
    writer.time();
    writer.fee();
    writer.next();
    if ended.decision.result != DecisionResult::Withdrawn {
        writer.part("letter-heading-publication", "letter-publication", &[]);
    }
    // nobody objects to what it withdrew itself, or to what another body decides on
    if !matches!(ended.decision.result, DecisionResult::Withdrawn | DecisionResult::Forwarded) {
        writer.remedy();
    }
    let level = if ended.decision.actor.level == Level::Simple { "simple" } else { "advanced" };
    writer.part("letter-heading-signature", "letter-signature", &[("level", level.into())]);
    writer.lines.join("\n")
}

type Values<'a> = [(&'a str, super::FluentValue<'a>)];

struct Writer<'a> {
    speak: Speaker<'a>,
    ended: &'a Ended<'a>,
    parts: u32,
    lines: Vec<String>,
}

impl Writer<'_> {
    fn get(&self, key: &str, values: &Values<'_>) -> String {
        self.speak.texts.get(key, values)
    }

    fn say(&mut self, key: &str, values: &Values<'_>) {
        let line = self.get(key, values);
        self.lines.push(line);
    }

    fn item(&mut self, text: &str) {
        self.lines.push(format!("- {text}"));
    }

    /// A numbered heading.
    fn heading(&mut self, key: &str) {
        self.parts += 1;
        let heading = self.get(key, &[]);
        self.lines.push(String::new());
        self.lines.push(format!("{}. {heading}", self.parts));
    }

    fn part(&mut self, heading: &str, text: &str, values: &Values<'_>) {
        self.heading(heading);
        self.say(text, values);
    }

    fn title(&self) -> String {
        self.speak.texts.of(self.ended.title)
    }

    fn head(&mut self) {
        let (texts, ended) = (self.speak.texts, self.ended);
        if let Some(notice) = ended.notice {
            self.lines.extend([notice.to_owned(), String::new()]);
        }
        let body = texts.of(&ended.decision.body);
        match &ended.decision.executor {
            Some(executor) => {
                let values = [("executor", texts.of(executor).into()), ("body", body.into())];
                self.say("letter-body-executor", &values);
            }
            None => self.lines.push(capital(&body)),
        }
        self.lines.push(String::new());
        self.say("letter-number", &[("id", ended.id.to_string().into())]);
        self.say("letter-date", &[("date", texts.date(ended.decided).into())]);
        self.lines.push(String::new());
        let name = ended.request.applicant_name.as_str();
        self.say("letter-to", &[("name", name.into()), ("number", ended.decision.addressee.as_str().into())]);
        let title = self.title();
        self.say("letter-subject", &[("title", title.into())]);
    }

    fn decision(&mut self) {
        let record = self.ended.decision;
        self.heading("letter-heading-decision");
        if let Some(on) = record.objection {
            self.say("letter-on-objection", &[("outcome", on.outcome.as_str().into())]);
        }
        match record.result {
            // what the first decision said is not said again
            _ if record.objection.is_some() && record.supersedes.is_none() => {}
            DecisionResult::Granted => self.say("letter-granted", &[]),
            DecisionResult::PartlyGranted => self.say("letter-partly-granted", &[]),
            DecisionResult::Refused => self.say("letter-refused", &[]),
            DecisionResult::NoGround => {
                let grounds = record.decision.iter().flat_map(|d| &d.grounds);
                let articles = self.speak.articles(grounds);
                self.say("letter-no-ground", &[("articles", articles.into())]);
            }
            DecisionResult::Withdrawn => self.say("letter-withdrawn", &[]),
            DecisionResult::NotConsidered => self.say("letter-not-considered", &[]),
            DecisionResult::Forwarded => {
                let to = record.forwarded_to.clone().unwrap_or_default();
                self.say("letter-forwarded", &[("to", to.into())]);
            }
        }
        if let Some(reason) = &record.reason {
            self.say("letter-reason", &[("reason", reason.into())]);
        }
        if record.decision.is_none() {
            return;
        }
        if !record.granted.is_empty() {
            let columns = self.columns(&record.granted);
            self.say("letter-given", &[("columns", columns.into())]);
        } else if record.result == DecisionResult::Granted {
            self.say("letter-given-whole", &[]);
        }
        if matches!(record.result, DecisionResult::PartlyGranted | DecisionResult::Refused) {
            self.not_given();
        }
    }

    fn columns(&self, columns: &BTreeSet<String>) -> String {
        self.speak.texts.all_of(&columns.iter().map(|c| plain(c)).collect::<Vec<_>>())
    }

    /// Columns that are not given, together where the reasons are the same.
    fn not_given(&mut self) {
        let record = self.ended.decision;
        let Some(decision) = &record.decision else { return };
        let mut groups: Vec<(bool, &[String], BTreeSet<String>)> = Vec::new();
        for column in decision.columns.iter().filter(|c| record.refused.contains(&c.name)) {
            let closed = column.outcome == Outcome::NoGround;
            match groups.iter_mut().find(|(c, failing, _)| *c == closed && *failing == column.failing) {
                Some((_, _, names)) => {
                    names.insert(column.name.clone());
                }
                None => groups.push((closed, &column.failing, BTreeSet::from([column.name.clone()]))),
            }
        }
        for (closed, failing, names) in groups {
            let columns = self.columns(&names);
            let rules = decision.grounds.iter().chain(&decision.conditions).filter(|a| failing.contains(&a.id));
            let why: Vec<String> = rules.map(|a| self.told("letter-because", a, String::new())).collect();
            if closed {
                self.say("letter-not-given-no-ground", &[("columns", columns.into())]);
            } else if !why.is_empty() {
                let why = self.speak.texts.all_of(&why);
                self.say("letter-not-given", &[("columns", columns.into()), ("why", why.into())]);
            }
        }
    }

    /// A ground or condition with its provision.
    fn told(&self, key: &str, answer: &Answer, status: String) -> String {
        let label = self.speak.texts.of(&answer.text.label);
        let law = answer.text.legal_basis.as_str();
        self.get(key, &[("label", label.into()), ("law", law.into()), ("status", status.into())])
    }

    fn who(&mut self) {
        let actor = &self.ended.decision.actor;
        let function = ("function", actor.function.as_str().into());
        self.heading("letter-heading-who");
        match &actor.authority {
            Authority::Automatic(official) => self.say("letter-who-automatic", &[("official", official.into())]),
            Authority::Mandate(digest) => {
                self.say("letter-who-mandate", &[function, ("digest", digest.to_string().into())]);
                if let Some(published) = self.ended.mandate.and_then(|m| m.published.as_deref()) {
                    self.say("letter-who-published", &[("published", published.into())]);
                }
            }
            Authority::Register(entry) => self.say("letter-who-register", &[function, ("entry", entry.into())]),
        }
        if let Some(contact) = self.ended.contact {
            self.say("letter-questions", &[("contact", contact.into())]);
        }
    }

    fn time(&mut self) {
        let (texts, record) = (self.speak.texts, self.ended.decision);
        let values = [
            ("received", texts.date(record.received_at).into()),
            ("last-day", texts.day(&record.last_day).into()),
            ("decided", texts.date(self.ended.decided).into()),
            ("announced", texts.date(record.announcement.at).into()),
            ("channel", channel(record.announcement.channel).into()),
        ];
        if record.result == DecisionResult::Withdrawn {
            return self.part("letter-heading-time", "letter-time-withdrawn", &values);
        }
        self.part("letter-heading-time", "letter-time", &values);
        if record.clock.len() > 1 {
            self.say("letter-time-sum", &[]);
            for step in &record.clock {
                let line = self.step(step);
                self.item(&line);
            }
        }
        if record.last_day.parse().is_ok_and(|last| local_day(self.ended.decided) > last) {
            self.say("letter-time-late", &[]);
            if let Some(late) = self.ended.late {
                let late = texts.of(late);
                self.lines.push(late);
            }
        }
    }

    /// A line of the sum of the term.
    fn step(&self, step: &Step) -> String {
        let unit = match step.length.unit() {
            "days" => "term-days",
            "weeks" => "term-weeks",
            _ => "term-months",
        };
        let length = ("length", self.get(unit, &[("n", step.length.count().into())]).into());
        let key = match step.step {
            StepKind::Term => "letter-step-term",
            StepKind::StoodStill => "letter-step-stood-still",
            StepKind::Extended => "letter-step-extended",
        };
        let last_day = self.speak.texts.day(&step.last_day.to_string());
        self.get(key, &[length, ("law", step.law.as_str().into()), ("last-day", last_day.into())])
    }

    fn fee(&mut self) {
        let record = self.ended.decision;
        let Some(decision) = record.decision.as_ref().filter(|_| record.result.grants()) else { return };
        self.heading("letter-heading-fee");
        let fees: Vec<_> = decision.conditions.iter().filter_map(|c| Some((c, c.text.tariff.as_ref()?))).collect();
        if fees.is_empty() {
            self.say("letter-no-fee", &[]);
        }
        for (condition, tariff) in fees {
            let label = self.speak.texts.of(&condition.text.label);
            let tariff = self.speak.texts.tariff(tariff);
            self.say("letter-fee", &[("label", label.into()), ("tariff", tariff.into())]);
        }
    }

    fn next(&mut self) {
        let record = self.ended.decision;
        if record.objection.is_some() && record.supersedes.is_none() {
            return;
        }
        self.heading("letter-heading-next");
        match (record.result, self.ended.offer_until) {
            (DecisionResult::Granted | DecisionResult::PartlyGranted, Some(until)) => {
                let offer = self.speak.texts.until(until);
                self.say("letter-next-offer", &[("offer", offer.into())]);
            }
            (DecisionResult::Granted | DecisionResult::PartlyGranted, None) => self.say("letter-next-granted", &[]),
            (DecisionResult::Refused, _) => self.say("letter-next-refused", &[]),
            (DecisionResult::NoGround, _) => self.say("letter-next-no-ground", &[]),
            (DecisionResult::Withdrawn | DecisionResult::NotConsidered, _) => {
                self.say("letter-next-withdrawn", &[]);
            }
            (DecisionResult::Forwarded, _) => self.say("letter-next-forwarded", &[]),
        }
        let alternatives = record.decision.as_ref().map(|d| d.alternatives.as_slice()).unwrap_or_default();
        if !alternatives.is_empty() {
            self.say("letter-alternatives", &[]);
        }
        for alternative in alternatives {
            let told = self.speak.alternative(alternative);
            let values = [("alternative", told.into()), ("iri", alternative.iri.as_str().into())];
            let line = self.get("letter-alternative", &values);
            self.item(&line);
        }
    }

    /// How to object; against the decision on an objection one appeals to a court.
    fn remedy(&mut self) {
        if self.ended.decision.objection.is_some() {
            let until = weeks_after(self.ended.decision.announcement.at, APPEAL_WEEKS).to_string();
            let values = [("id", self.ended.id.to_string().into()), ("until", self.speak.texts.day(&until).into())];
            return self.part("letter-heading-objection", "letter-appeal", &values);
        }
        let (texts, record) = (self.speak.texts, self.ended.decision);
        let values = [
            ("body", texts.of(&record.objection_body).into()),
            ("until", texts.day(&record.objection_until).into()),
            ("web", record.objection_web.as_str().into()),
            ("id", self.ended.id.to_string().into()),
        ];
        self.part("letter-heading-objection", "letter-objection", &values);
    }
}

/// With a capital, as the first word of a line.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The word of a channel in the sentences; everything of the portal is `portal`.
fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Post => "post",
        Channel::Email => "email",
        Channel::Counter => "counter",
        Channel::Forwarded => "forwarded",
        Channel::Cli | Channel::Web | Channel::Api => "portal",
    }
}
