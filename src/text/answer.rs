//! The explained answer to one question, for a terminal: at most 100 columns, readable without colour.

use super::facts::Speaker;
use super::{Labels, Texts, wrapped};
use crate::model::condition::{Kind, Role};
use crate::model::decision::{Answer, Decision, Outcome, Status, WithoutConditions};
use crate::model::input::{DecisionInput, Stage};

/// The answer in words: the outcome in one sentence, then grounds, conditions, columns, evidence that did not count and what
/// else could help. `input` is what `decision` was decided on.
#[must_use]
pub fn answer(texts: &Texts, labels: &dyn Labels, decision: &Decision, input: &DecisionInput) -> String {
    let mut teller = Teller { speak: Speaker { texts, labels }, decision, input, lines: Vec::new() };
    teller.heading();
    teller.outcome();
    if decision.without_conditions.is_none() {
        teller.grounds();
        teller.conditions();
        teller.columns();
        teller.marks();
    }
    teller.uncounted();
    teller.alternatives();
    teller.end();
    teller.lines.join("\n")
}

/// The marks before grounds, conditions and columns, as wide as the widest.
const OK: &str = "  ok    ";
const SIGN: &str = "  sign  ";
const ASK: &str = "  ask   ";
const UNKNOWN: &str = "  ?     ";
const NO: &str = "  no    ";
const NO_MARK: &str = "        ";

fn mark(status: Status) -> &'static str {
    match status {
        Status::Met => OK,
        Status::OnSigning => SIGN,
        Status::AwaitingReview => ASK,
        Status::Unknown => UNKNOWN,
        Status::NotMet => NO,
    }
}

fn outcome_mark(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Permit => OK,
        Outcome::Review => ASK,
        Outcome::Incomplete => UNKNOWN,
        Outcome::Deny | Outcome::NoGround => NO,
    }
}

/// The columns that fare alike, by outcome and by what holds it where it is; the good ones first.
pub(super) fn column_groups(decision: &Decision) -> Vec<(Outcome, &[String], Vec<String>)> {
    let mut groups: Vec<(Outcome, &[String], Vec<String>)> = Vec::new();
    for column in &decision.columns {
        let name = super::plain(&column.name);
        match groups.iter_mut().find(|(o, f, _)| *o == column.outcome && *f == column.failing) {
            Some((_, _, names)) => names.push(name),
            None => groups.push((column.outcome, &column.failing, vec![name])),
        }
    }
    groups.sort_by_key(|(outcome, ..)| *outcome);
    groups
}

struct Teller<'a> {
    speak: Speaker<'a>,
    decision: &'a Decision,
    input: &'a DecisionInput,
    lines: Vec<String>,
}

impl Teller<'_> {
    fn get(&self, key: &str) -> String {
        self.speak.texts.get(key, &[])
    }

    fn part(&mut self, key: &str) {
        let title = self.get(key);
        self.lines.push(String::new());
        self.lines.push(title);
    }

    fn line(&mut self, first: &str, text: &str) {
        self.lines.push(wrapped(first, text));
    }

    fn heading(&mut self) {
        let texts = self.speak.texts;
        let title = texts.of(&self.input.dataset.title);
        let line = match &self.input.purpose {
            Some(purpose) => {
                let purpose = texts.of(&self.speak.labels.purpose(purpose));
                texts.get("explain-asked", &[("title", title.into()), ("purpose", purpose.into())])
            }
            None => texts.get("explain-asked-without-purpose", &[("title", title.into())]),
        };
        self.line("", &line);
        self.lines.push(String::new());
    }

    fn outcome(&mut self) {
        let texts = self.speak.texts;
        let (decision, dataset) = (self.decision, &self.input.dataset);
        let permitted = if decision.unfilled.is_empty() { decision.permitted_columns().count() } else { 0 };
        let sentence = match (decision.without_conditions, decision.outcome) {
            (Some(WithoutConditions::Open), _) => match &dataset.licence {
                Some(licence) => texts.get("explain-open", &[("licence", licence.as_str().into())]),
                None => self.get("explain-open-without-licence"),
            },
            (Some(WithoutConditions::NonePublished), _) => self.get("explain-none-published"),
            (None, Outcome::Permit) if self.input.stage == Stage::Deal => self.get("explain-still"),
            (None, Outcome::Permit) => self.get("explain-permit"),
            (None, _) if permitted > 0 => {
                let values = [("granted", permitted.into()), ("asked", decision.columns.len().into())];
                texts.get("explain-partial", &values)
            }
            (None, Outcome::Review) => self.get("explain-review"),
            (None, Outcome::Incomplete) => self.get("explain-incomplete"),
            (None, Outcome::Deny) => texts.get("explain-deny", &[("n", decision.failing.len().into())]),
            (None, Outcome::NoGround) if decision.columns.iter().any(|c| c.outcome != Outcome::NoGround) => {
                let without = decision.columns.iter().filter(|c| c.outcome == Outcome::NoGround);
                let columns: Vec<String> = without.map(|c| super::plain(&c.name)).collect();
                texts.get("explain-no-ground-some", &[("columns", texts.all_of(&columns).into())])
            }
            (None, Outcome::NoGround) => {
                let articles = self.speak.articles(decision.grounds.iter());
                texts.get("explain-no-ground", &[("articles", articles.into())])
            }
        };
        self.line("", &sentence);
        if !decision.unfilled.is_empty() {
            let fields: Vec<String> = decision.unfilled.iter().map(|f| self.speak.path(f)).collect();
            let sentence = texts.get("explain-unfilled", &[("fields", texts.all_of(&fields).into())]);
            self.line("", &sentence);
        }
    }

    fn grounds(&mut self) {
        self.part("explain-grounds");
        let best = self.decision.grounds.iter().map(|g| g.status).min();
        for ground in &self.decision.grounds {
            self.label(ground);
            // when the best ground holds, nobody needs to know what the others lack
            if Some(ground.status) == best && !matches!(ground.status, Status::Met | Status::OnSigning) {
                self.detail(ground);
            }
        }
    }

    fn conditions(&mut self) {
        if self.decision.conditions.is_empty() {
            return;
        }
        let no_ground = self.decision.outcome == Outcome::NoGround;
        self.part(if no_ground { "explain-conditions-no-ground" } else { "explain-conditions" });
        for condition in &self.decision.conditions {
            self.label(condition);
            match condition.status {
                Status::Met => {}
                _ if no_ground => {}
                Status::OnSigning => self.terms(condition),
                Status::NotMet => {
                    self.terms(condition);
                    self.detail(condition);
                }
                // nobody is asked ten questions to be refused on the first
                Status::Unknown | Status::AwaitingReview if self.decision.outcome == Outcome::Deny => {}
                Status::Unknown | Status::AwaitingReview => self.detail(condition),
            }
        }
    }

    fn marks(&mut self) {
        self.lines.push(String::new());
        let marks = self.get("explain-marks");
        self.line("", &marks);
    }

    fn label(&mut self, answer: &Answer) {
        let texts = self.speak.texts;
        let label = texts.of(&answer.text.label);
        let kind = match answer.role {
            Role::Ground => {
                let values = [("label", label.into()), ("law", answer.text.legal_basis.as_str().into())];
                let line = texts.get("explain-ground", &values);
                return self.line(mark(answer.status), &line);
            }
            Role::Condition(Kind::Entry) => return self.line(mark(answer.status), &label),
            Role::Condition(Kind::Promise) => "say-kind-promise",
            Role::Condition(Kind::Duty) => "say-kind-duty",
            Role::Condition(Kind::Delivery) => "say-kind-delivery",
            Role::Condition(Kind::Fee) => "say-kind-fee",
        };
        let values = [("label", label.into()), ("kind", self.get(kind).into())];
        let line = texts.get("explain-term", &values);
        self.line(mark(answer.status), &line);
    }

    /// When a duty is due, what a fee amounts to.
    fn terms(&mut self, answer: &Answer) {
        if let Some(due) = &answer.text.due {
            let line = self.speak.texts.get("explain-due", &[("due", self.speak.texts.due(due).into())]);
            self.line(NO_MARK, &line);
        }
        if let Some(tariff) = &answer.text.tariff {
            let line = self.speak.texts.get("explain-tariff", &[("tariff", self.speak.texts.tariff(tariff).into())]);
            self.line(NO_MARK, &line);
        }
    }

    /// Why it does not hold, and what would change that.
    fn detail(&mut self, answer: &Answer) {
        let texts = self.speak.texts;
        let no_ground = self.decision.outcome == Outcome::NoGround;
        let seen = self.speak.seen(&answer.seen, answer.status == Status::NotMet && !no_ground);
        if !seen.is_empty() {
            let line = texts.get("explain-seen", &[("seen", seen.join("; ").into())]);
            self.line(NO_MARK, &line);
        }
        if !answer.wishes.is_empty() && !no_ground {
            let wishes: Vec<String> = answer.wishes.iter().map(|w| self.speak.wish(w)).collect();
            let line = texts.get("explain-wishes", &[("wishes", wishes.join("; ").into())]);
            self.line(NO_MARK, &line);
        }
        if let Some(need) = answer.needs.as_ref().filter(|n| !n.is_nothing()) {
            let line = texts.get("explain-needs", &[("needs", self.speak.need(need).into())]);
            self.line(NO_MARK, &line);
            for source in self.speak.sources(need) {
                self.line(&format!("{NO_MARK}- "), &source);
            }
        }
        let hint = texts.get("explain-hint", &[("hint", texts.of(&answer.text.hint).into())]);
        self.line(NO_MARK, &hint);
        if answer.role != Role::Ground {
            let law = texts.get("explain-law", &[("law", answer.text.legal_basis.as_str().into())]);
            self.line(NO_MARK, &law);
        }
    }

    /// Told only if not all columns fare alike.
    fn columns(&mut self) {
        let texts = self.speak.texts;
        let groups = column_groups(self.decision);
        if groups.len() < 2 {
            return;
        }
        self.part("explain-columns");
        for (outcome, failing, names) in &groups {
            self.line(outcome_mark(*outcome), &names.join(", "));
            let rules = self.decision.grounds.iter().chain(&self.decision.conditions);
            let why: Vec<String> = rules.filter(|a| failing.contains(&a.id)).map(|a| texts.of(&a.text.label)).collect();
            if *outcome == Outcome::NoGround {
                let line = self.get("explain-column-no-ground");
                self.line(NO_MARK, &line);
            } else if !why.is_empty() {
                let line = texts.get("explain-column-why", &[("why", why.join("; ").into())]);
                self.line(NO_MARK, &line);
            }
        }
        if self.decision.unfilled.is_empty() && self.decision.permitted_columns().next().is_some() {
            let line = self.get("explain-columns-ask");
            self.lines.push(String::new());
            self.line("", &line);
        }
    }

    fn uncounted(&mut self) {
        if self.decision.uncounted.is_empty() {
            return;
        }
        self.part("explain-uncounted");
        for uncounted in &self.decision.uncounted {
            let line = self.speak.uncounted(uncounted);
            self.line("  - ", &line);
        }
    }

    fn alternatives(&mut self) {
        if self.decision.alternatives.is_empty() {
            return;
        }
        self.part("explain-alternatives");
        for alternative in &self.decision.alternatives {
            let line = self.speak.alternative(alternative);
            self.line("  - ", &line);
            self.line("    ", alternative.iri.as_str());
        }
    }

    fn end(&mut self) {
        if self.input.stage != Stage::Check || self.decision.without_conditions == Some(WithoutConditions::Open) {
            return;
        }
        self.lines.push(String::new());
        let line = self.get("explain-indication");
        self.line("", &line);
    }
}
