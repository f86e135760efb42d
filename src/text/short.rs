//! The answer in a few lines: the outcome, and the one or two grounds or conditions that hold it where it is.

use super::answer::column_groups;
use super::facts::Speaker;
use super::{Labels, Texts, plain};
use crate::model::dataset::Dataset;
use crate::model::decision::{Answer, Decision, Need, Outcome, Status, WithoutConditions};

/// How many deciding grounds and conditions are told, and how many columns are named in a line.
const MOST: usize = 2;
const NAMED: usize = 4;

/// The gist of an answer: a sentence, then at most a handful of details. The lines are not wrapped.
#[must_use]
pub fn short(texts: &Texts, labels: &dyn Labels, decision: &Decision, dataset: &Dataset) -> Vec<String> {
    let gist = Gist { speak: Speaker { texts, labels }, decision, dataset };
    let mut lines = vec![gist.sentence()];
    lines.extend(gist.details());
    lines
}

struct Gist<'a> {
    speak: Speaker<'a>,
    decision: &'a Decision,
    dataset: &'a Dataset,
}

impl Gist<'_> {
    fn get(&self, key: &str) -> String {
        self.speak.texts.get(key, &[])
    }

    /// True if some columns fare otherwise than others.
    fn mixed(&self) -> bool {
        column_groups(self.decision).len() > 1
    }

    fn sentence(&self) -> String {
        let texts = self.speak.texts;
        let granted = self.decision.permitted_columns().count();
        let waiting = self.decision.columns.iter().filter(|c| c.outcome == Outcome::Review).count();
        match (self.decision.without_conditions, self.decision.outcome) {
            (Some(WithoutConditions::Open), _) => match &self.dataset.licence {
                Some(licence) => texts.get("explain-open", &[("licence", licence.as_str().into())]),
                None => self.get("explain-open-without-licence"),
            },
            (Some(WithoutConditions::NonePublished), _) => self.get("explain-none-published"),
            (None, Outcome::Permit) => self.get("short-permit"),
            (None, _) if self.mixed() && granted > 0 => {
                let values = [("granted", granted.into()), ("asked", self.decision.columns.len().into())];
                texts.get("short-partial", &values)
            }
            (None, _) if self.mixed() && waiting > 0 => {
                let values = [("waiting", waiting.into()), ("asked", self.decision.columns.len().into())];
                texts.get("short-partial-waits", &values)
            }
            (None, Outcome::Review) => texts.get("short-review", &[("n", self.approvals().into())]),
            (None, Outcome::Incomplete) => self.get("explain-incomplete"),
            (None, Outcome::Deny) => texts.get("explain-deny", &[("n", self.decision.failing.len().into())]),
            (None, Outcome::NoGround) => self.get("short-no-ground"),
        }
    }

    /// How many approvals are missing.
    fn approvals(&self) -> usize {
        let needs = self.failing(&self.decision.failing).filter_map(|a| a.needs.as_ref());
        let mut names: Vec<&Need> = needs.flat_map(Need::leaves).filter(|n| matches!(n, Need::Approval(_))).collect();
        names.sort();
        names.dedup();
        names.len()
    }

    fn failing<'f>(&'f self, ids: &'f [String]) -> impl Iterator<Item = &'f Answer> {
        self.decision.grounds.iter().chain(&self.decision.conditions).filter(|a| ids.contains(&a.id))
    }

    fn details(&self) -> Vec<String> {
        let decision = self.decision;
        if self.mixed() {
            return self.columns();
        }
        match decision.outcome {
            Outcome::Permit => {
                let met = decision.grounds.iter().filter(|g| g.status == Status::Met);
                met.take(MOST).map(|g| self.ground(g)).collect()
            }
            Outcome::NoGround => self.who_then(),
            _ => self.deciding(),
        }
    }

    /// To whom the law does give a way, and what else could help.
    fn who_then(&self) -> Vec<String> {
        let texts = self.speak.texts;
        let list = |items: Vec<String>| items.join("; ");
        let grounds = self.decision.grounds.iter().take(MOST).map(|g| texts.of(&g.text.label)).collect();
        let titles: Vec<_> = self.decision.alternatives.iter().map(|a| texts.of(&a.title)).collect();
        let mut lines = vec![texts.get("short-only", &[("grounds", list(grounds).into())])];
        if !titles.is_empty() {
            lines.push(texts.get("short-instead", &[("titles", list(titles).into())]));
        }
        lines
    }

    /// One line for all columns that fare alike, the good ones first.
    fn columns(&self) -> Vec<String> {
        let texts = self.speak.texts;
        let line = |(outcome, failing, names): (Outcome, &[String], Vec<String>)| {
            let mut titles: Vec<String> = names.iter().take(NAMED).map(|n| self.title(n)).collect();
            if names.len() > NAMED {
                titles.push(texts.get("short-more", &[("n", (names.len() - NAMED).into())]));
            }
            let why: Vec<String> = self.failing(failing).take(MOST).map(|a| self.why_in_short(outcome, a)).collect();
            let values = [("columns", texts.all_of(&titles).into()), ("why", why.join("; ").into())];
            let key = match outcome {
                Outcome::Permit => "short-columns-yes",
                Outcome::Review => "short-columns-wait",
                Outcome::Incomplete => "short-columns-unknown",
                Outcome::Deny => "short-columns-no",
                Outcome::NoGround => "short-columns-no-ground",
            };
            texts.get(key, &values)
        };
        column_groups(self.decision).into_iter().map(line).collect()
    }

    fn title(&self, name: &str) -> String {
        let title = self.dataset.columns.iter().find(|c| c.name == name).and_then(|c| c.title.as_ref());
        title.map_or_else(|| plain(name), |t| self.speak.texts.of(t))
    }

    /// Whose approval a column waits for, or which condition it fails.
    fn why_in_short(&self, outcome: Outcome, answer: &Answer) -> String {
        match &answer.needs {
            Some(need) if outcome == Outcome::Review => self.speak.need(need),
            _ => self.speak.texts.of(&answer.text.label),
        }
    }

    /// The first grounds and conditions that hold the answer where it is, with what would help.
    fn deciding(&self) -> Vec<String> {
        let texts = self.speak.texts;
        let line = |answer: &Answer| {
            let label = texts.of(&answer.text.label);
            let helps = match &answer.needs {
                Some(need) if !need.is_nothing() => self.speak.need(need),
                _ => texts.of(&answer.text.hint),
            };
            texts.get("short-because", &[("label", label.into()), ("helps", helps.into())])
        };
        self.failing(&self.decision.failing).take(MOST).map(line).collect()
    }

    fn ground(&self, ground: &Answer) -> String {
        let texts = self.speak.texts;
        let values = [("label", texts.of(&ground.text.label).into()), ("law", ground.text.legal_basis.as_str().into())];
        texts.get("explain-ground", &values)
    }
}
