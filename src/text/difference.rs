//! What a new version of a condition set changes, in words: for the owner who publishes it.

use super::{Texts, plain, wrapped};
use crate::model::decision::Outcome;
use crate::model::difference::{
    Answered, CaseChanges, Change, DealChange, DealChanges, Meaning, RuleChange, SetDifference,
};

const ITEM: &str = "  - ";
const DETAIL: &str = "    ";

/// The difference in paragraphs: grounds and conditions, what they permit, saved cases, live deals, and the lines of the text.
#[must_use]
pub fn difference(texts: &Texts, difference: &SetDifference) -> String {
    let mut teller = Teller { texts, lines: Vec::new() };
    let told = &difference.difference;
    match &difference.before {
        None => teller.say("diff-first", &[("n", told.rules.len().into())]),
        Some(before) => {
            let values = [
                ("version", difference.version.into()),
                ("before", before.version.into()),
                ("date", texts.date(before.from).into()),
            ];
            teller.say("diff-head", &values);
            teller.rules(&told.rules, told.meaning);
            teller.cases(&told.cases);
        }
    }
    if difference.before.is_some() || difference.deals.live > 0 {
        teller.deals(&difference.deals);
    }
    if difference.before.is_some() {
        teller.text(&told.text);
    }
    teller.lines.join("\n")
}

type Values<'v> = [(&'v str, super::FluentValue<'v>)];

struct Teller<'a> {
    texts: &'a Texts,
    lines: Vec<String>,
}

impl Teller<'_> {
    fn line(&mut self, first: &str, key: &str, values: &Values<'_>) {
        self.lines.push(wrapped(first, &self.texts.get(key, values)));
    }

    fn say(&mut self, key: &str, values: &Values<'_>) {
        self.line("", key, values);
    }

    fn rules(&mut self, rules: &[RuleChange], meaning: Meaning) {
        self.lines.push(String::new());
        if rules.is_empty() {
            self.say("diff-rules-none", &[]);
        }
        for rule in rules {
            let change = match rule.change {
                Change::Added => "added",
                Change::Removed => "removed",
                Change::Changed => "changed",
            };
            let values = [
                ("change", change.into()),
                ("label", self.texts.of(&rule.label).into()),
                ("id", rule.id.as_str().into()),
            ];
            self.line(ITEM, "diff-rule", &values);
            if !rule.parts.is_empty() {
                let part = |part: &crate::model::difference::Part| {
                    self.texts.get("diff-part", &[("part", part.as_str().into())])
                };
                let parts = rule.parts.iter().map(part).collect::<Vec<_>>().join(", ");
                self.line(DETAIL, "diff-rule-parts", &[("parts", parts.into())]);
            }
            self.line(DETAIL, "diff-rule-meaning", &[("meaning", word(rule.meaning).into())]);
        }
        self.say("diff-meaning", &[("meaning", word(meaning).into())]);
    }

    fn cases(&mut self, cases: &CaseChanges) {
        self.lines.push(String::new());
        let values = [("total", cases.total.into()), ("changed", cases.changed.len().into())];
        match (cases.total, cases.changed.len()) {
            (0, _) => self.say("diff-cases-unknown", &[]),
            (_, 0) => self.say("diff-cases-same", &values[..1]),
            _ => self.say("diff-cases", &values),
        }
        for case in &cases.changed {
            let values = [
                ("name", case.name.as_str().into()),
                ("before", self.answer(case.before.outcome, &case.before.failing).into()),
                ("after", self.answer(case.after.outcome, &case.after.failing).into()),
            ];
            self.line(ITEM, "diff-case", &values);
            if case.before.columns != case.after.columns {
                let columns = |answered: &Answered| match answered.columns.as_slice() {
                    [] => self.texts.get("diff-no-columns", &[]),
                    some => some.join(", "),
                };
                let (before, after) = (columns(&case.before), columns(&case.after));
                self.line(DETAIL, "diff-columns-before", &[("columns", before.into())]);
                self.line(DETAIL, "diff-columns-after", &[("columns", after.into())]);
            }
        }
        if !cases.not_asked.is_empty() {
            self.say("diff-cases-not-asked", &[]);
        }
        for case in &cases.not_asked {
            let values = [("name", case.name.as_str().into()), ("why", case.why.as_str().into())];
            self.line(ITEM, "diff-case-not-asked", &values);
        }
    }

    fn deals(&mut self, deals: &DealChanges) {
        self.lines.push(String::new());
        let decided = deals.live.saturating_sub(deals.not_decided);
        let values = [("live", deals.live.into()), ("changed", deals.changed.into())];
        match (deals.live, deals.changed) {
            (0, _) => self.say("diff-deals-none", &[]),
            (_, 0) if decided > 0 => self.say("diff-deals-same", &[("live", decided.into())]),
            (_, 0) => {}
            _ => self.say("diff-deals", &values),
        }
        deals.listed.iter().for_each(|deal| self.deal(deal));
        let more = deals.changed.saturating_sub(deals.listed.len());
        match deals.listed.len() {
            _ if more == 0 => {}
            0 => self.say("diff-deals-hidden", &[]),
            _ => self.line(ITEM, "diff-deals-more", &[("n", more.into())]),
        }
        if deals.not_decided > 0 {
            self.say("diff-deals-not-decided", &[("n", deals.not_decided.into())]);
        }
        if deals.changed > 0 {
            self.say("diff-deals-stand", &[]);
        }
    }

    fn deal(&mut self, deal: &DealChange) {
        let values = [
            ("number", deal.number.as_str().into()),
            ("id", deal.deal.to_string().into()),
            ("reuser", deal.reuser.as_str().into()),
            ("before", self.answer(deal.before, &[]).into()),
            ("after", self.answer(deal.after, &deal.failing).into()),
        ];
        self.line(ITEM, "diff-deal", &values);
    }

    /// `deny (dataset/purpose)`
    fn answer(&self, outcome: Outcome, failing: &[String]) -> String {
        let answer = self.texts.get("diff-answer", &[("outcome", outcome.as_str().into())]);
        if failing.is_empty() {
            return answer;
        }
        self.texts.get("diff-answer-because", &[("answer", answer.into()), ("ids", failing.join(", ").into())])
    }

    /// The lines as they are: a line of a diff is never wrapped.
    fn text(&mut self, diff: &str) {
        self.lines.push(String::new());
        if diff.is_empty() {
            return self.say("diff-text-same", &[]);
        }
        self.say("diff-text", &[]);
        self.lines.extend(diff.lines().map(plain));
    }
}

fn word(meaning: Meaning) -> &'static str {
    match meaning {
        Meaning::Same => "same",
        Meaning::Stricter => "stricter",
        Meaning::Looser => "looser",
        Meaning::Open => "open",
    }
}
