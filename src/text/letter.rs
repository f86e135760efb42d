//! The decision letter: what a decision record says, for its addressee. Also the receipt of a request.

use std::collections::BTreeSet;

use super::day::local_day;
use super::facts::Speaker;
use super::{Labels, Texts, plain};
use crate::model::condition::{Bilingual, Level as SetLevel, Role};
use crate::model::decision::{Answer, Outcome, Status};
use crate::model::input::DecisionInput;
use crate::model::record::{Authority, Channel, DecisionRecord, DecisionResult, Level, RequestReceived};
use crate::model::term::{Step, StepKind};
use crate::model::{Time, Urn};

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
    /// When the offer of a deal lapses, if there is one.
    pub offer_until: Option<Time>,
    /// What follows when the body decides too late.
    pub late: Option<&'a Bilingual>,
}

/// The receipt of a request: when it came in, and until when there is time to decide.
#[must_use]
pub fn receipt(texts: &Texts, request: &RequestReceived) -> String {
    let values =
        [("received", texts.date(request.received_at).into()), ("last-day", texts.day(&request.last_day).into())];
    texts.get("letter-receipt", &values)
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
        writer.advice();
        writer.part("letter-heading-weighing", "letter-weighing", &[]);
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
    writer.remedy();
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

    fn request(&mut self) {
        let (texts, request) = (self.speak.texts, self.ended.request);
        let level = self.speak.labels.word("scope.level", &request.scope.level);
        let level = level.map_or_else(|| plain(&request.scope.level), |l| texts.of(&l));
        let purpose = texts.of(&self.speak.labels.purpose(&request.purpose));
        let title = self.title();
        let values = [
            ("received", texts.date(request.received_at).into()),
            ("channel", channel(request.channel).into()),
            ("title", title.into()),
            ("purpose", purpose.into()),
            ("level", level.into()),
        ];
        self.part("letter-heading-request", "letter-request", &values);
        if !request.scope.columns.is_empty() {
            let columns = self.columns(&request.scope.columns);
            self.say("letter-request-columns", &[("columns", columns.into())]);
        }
    }

    fn law(&mut self) {
        let Some(input) = self.ended.input else { return };
        self.part("letter-heading-law", "letter-law", &[("law", input.dataset.law.as_str().into())]);
        for set in &input.sets {
            let level = match set.level {
                SetLevel::Portal => "portal",
                SetLevel::Owner => "owner",
                SetLevel::Dataset => "dataset",
            };
            let line = self.get("letter-set", &[("level", level.into()), ("digest", set.text.to_string().into())]);
            self.item(&line);
        }
    }

    fn facts(&mut self) {
        let Some(input) = self.ended.input else {
            return self.part("letter-heading-facts", "letter-facts-gone", &[]);
        };
        self.part("letter-heading-facts", "letter-facts", &[]);
        let (speak, texts) = (self.speak, self.speak.texts);
        let mut items = Vec::new();
        let fact = |kind: &str, name: &str, value: &serde_json::Value| {
            let path = format!("{kind}.{name}");
            speak.pair(&texts.of(&speak.labels.path(&path)), &speak.value(&path, value))
        };
        for (name, verified) in &input.verified {
            let mut values = vec![
                ("fact", fact("verified", name, &verified.value).into()),
                ("issuer", verified.issuer.as_str().into()),
            ];
            let key = match verified.until {
                Some(until) => {
                    values.push(("until", texts.until(until).into()));
                    "letter-fact-verified-until"
                }
                None => "letter-fact-verified",
            };
            items.push(texts.get(key, &values));
        }
        for (name, value) in &input.declared {
            if input.verified.get(name).is_some_and(|v| v.value == *value) {
                continue;
            }
            items.push(texts.get("letter-fact-declared", &[("fact", fact("declared", name, value).into())]));
        }
        for uncounted in &input.uncounted {
            let evidence = speak.uncounted(uncounted);
            items.push(texts.get("letter-fact-uncounted", &[("evidence", evidence.into())]));
        }
        items.iter().for_each(|i| self.item(i));
    }

    fn assessment(&mut self) {
        let Some(decision) = &self.ended.decision.decision else { return };
        self.part("letter-heading-assessment", "letter-assessment", &[]);
        let one_holds = decision.grounds.iter().any(|g| g.status == Status::Met);
        for answer in decision.grounds.iter().chain(&decision.conditions) {
            let status = match answer.status {
                Status::Met => self.get("letter-status-met", &[]),
                Status::OnSigning => self.get("letter-status-on-signing", &[]),
                Status::AwaitingReview => self.get("letter-status-review", &[]),
                Status::Unknown => self.get("letter-status-unknown", &[]),
                Status::NotMet => self.get("letter-status-not-met", &[]),
            };
            let key = if answer.role == Role::Ground { "letter-ground" } else { "letter-condition" };
            let mut line = self.told(key, answer, status);
            // when one ground holds, what the others lack is no reason for anything
            if answer.role != Role::Ground || !one_holds {
                for sentence in self.why(answer) {
                    line.push(' ');
                    line.push_str(&sentence);
                }
            }
            self.item(&line);
        }
    }

    /// Why a ground or condition does not hold, and what would change that; nothing if it holds.
    fn why(&self, answer: &Answer) -> Vec<String> {
        let speak = self.speak;
        let mut out = Vec::new();
        if matches!(answer.status, Status::Met | Status::OnSigning) {
            return out;
        }
        let seen = speak.seen(&answer.seen, false);
        if !seen.is_empty() {
            out.push(self.get("letter-seen", &[("seen", seen.join("; ").into())]));
        }
        if let Some(need) = answer.needs.as_ref().filter(|n| !n.is_nothing()) {
            out.push(self.get("letter-missing", &[("needs", speak.need(need).into())]));
        }
        if !answer.wishes.is_empty() && self.ended.decision.result != DecisionResult::NoGround {
            let wishes: Vec<String> = answer.wishes.iter().map(|w| speak.wish(w)).collect();
            out.push(self.get("letter-wishes", &[("wishes", wishes.join("; ").into())]));
        }
        if answer.status != Status::AwaitingReview {
            out.push(self.get("letter-hint", &[("hint", speak.texts.of(&answer.text.hint).into())]));
        }
        out
    }

    /// A ground or condition with its provision.
    fn told(&self, key: &str, answer: &Answer, status: String) -> String {
        let label = self.speak.texts.of(&answer.text.label);
        let law = answer.text.legal_basis.as_str();
        self.get(key, &[("label", label.into()), ("law", law.into()), ("status", status.into())])
    }

    fn advice(&mut self) {
        let given = self.ended.input.map(|i| i.approvals.as_slice()).unwrap_or_default();
        if given.is_empty() {
            return self.part("letter-heading-advice", "letter-no-advice", &[]);
        }
        self.part("letter-heading-advice", "letter-advice", &[]);
        for approval in given {
            let label = self.speak.texts.of(&self.speak.labels.approval(&approval.name));
            self.item(&label);
        }
    }

    fn who(&mut self) {
        let actor = &self.ended.decision.actor;
        let function = ("function", actor.function.as_str().into());
        self.heading("letter-heading-who");
        match &actor.authority {
            Authority::Automatic(official) => self.say("letter-who-automatic", &[("official", official.into())]),
            Authority::Mandate(digest) => {
                self.say("letter-who-mandate", &[function, ("digest", digest.to_string().into())]);
            }
            Authority::Register(entry) => self.say("letter-who-register", &[function, ("entry", entry.into())]),
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
        let Some(decision) = record.decision.as_ref().filter(|_| granted(record.result)) else { return };
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
            return self.part("letter-heading-objection", "letter-appeal", &[("id", self.ended.id.to_string().into())]);
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

fn granted(result: DecisionResult) -> bool {
    matches!(result, DecisionResult::Granted | DecisionResult::PartlyGranted)
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
