//! What may be used, for a terminal: three groups, each dataset in a few lines.

use super::facts::Speaker;
use super::{Labels, Texts, plain, wrapped};
use crate::model::Name;
use crate::model::decision::{Need, Outcome, WithoutConditions};
use crate::model::eligible::{Eligible, Group, Rule, Totals};

/// How many columns are named in a line.
const NAMED: usize = 30;

/// The answer to "what may I use?" in words: how many datasets stand where, then those that were asked for.
#[must_use]
pub fn eligible(texts: &Texts, labels: &dyn Labels, totals: &Totals, items: &[Eligible], faulty: &[Name]) -> String {
    let speak = Speaker { texts, labels };
    let numbers = [("now", totals.now.into()), ("after", totals.after.into()), ("not", totals.not.into())];
    let mut lines = vec![wrapped("", &texts.get("eligible-totals", &numbers))];
    for group in Group::ALL {
        let of_group: Vec<&Eligible> = items.iter().filter(|item| item.group == group).collect();
        if of_group.is_empty() {
            continue;
        }
        lines.push(String::new());
        lines.push(texts.get(heading(group), &[]));
        for item in of_group {
            let values = [("title", texts.of(&item.title).into()), ("slug", item.slug.as_str().into())];
            lines.push(wrapped("  - ", &texts.get("eligible-dataset", &values)));
            lines.extend(details(&speak, item).iter().map(|detail| wrapped("    ", detail)));
        }
    }
    if totals.faulty > 0 {
        let names: Vec<&str> = faulty.iter().map(Name::as_str).collect();
        let values = [("n", totals.faulty.into()), ("names", names.join(", ").into())];
        lines.push(String::new());
        lines.push(wrapped("", &texts.get("eligible-faulty", &values)));
    }
    lines.push(String::new());
    lines.push(wrapped("", &texts.get("explain-indication", &[])));
    lines.join("\n")
}

fn heading(group: Group) -> &'static str {
    match group {
        Group::Now => "eligible-now",
        Group::After => "eligible-after",
        Group::Not => "eligible-not",
    }
}

fn details(speak: &Speaker<'_>, item: &Eligible) -> Vec<String> {
    let texts = speak.texts;
    let mut lines = Vec::new();
    match (item.without_conditions, item.outcome) {
        (Some(WithoutConditions::Open), _) => lines.push(match &item.licence {
            Some(licence) => texts.get("eligible-open", &[("licence", licence.as_str().into())]),
            None => texts.get("eligible-open-without-licence", &[]),
        }),
        (Some(WithoutConditions::NonePublished), _) => lines.push(texts.get("eligible-none-published", &[])),
        (None, Outcome::NoGround) if item.group == Group::Not => lines.push(texts.get("eligible-no-ground", &[])),
        (None, _) => {}
    }
    if let Some(needs) = item.needs.as_ref().filter(|needs| !Need::is_nothing(needs)) {
        lines.push(texts.get("explain-needs", &[("needs", speak.need(needs).into())]));
    }
    if !item.sign.is_empty() {
        lines.push(texts.get("eligible-sign", &[("rules", named(texts, &item.sign).into())]));
    }
    if !item.failing.is_empty() {
        lines.push(texts.get("eligible-failing", &[("rules", named(texts, &item.failing).into())]));
    }
    if !item.columns.is_empty() {
        let mut columns: Vec<String> = item.columns.iter().take(NAMED).map(|c| plain(c)).collect();
        if item.columns.len() > NAMED {
            columns.push("…".to_owned());
        }
        lines.push(texts.get("eligible-columns", &[("columns", columns.join(", ").into())]));
    }
    // who can use it itself needs nothing instead
    for alternative in item.alternatives.iter().filter(|_| item.group == Group::Not) {
        let values = [("alternative", speak.alternative(alternative).into()), ("iri", alternative.iri.as_str().into())];
        lines.push(texts.get("eligible-instead", &values));
    }
    lines
}

fn named(texts: &Texts, rules: &[Rule]) -> String {
    rules.iter().map(|rule| texts.of(&rule.label)).collect::<Vec<_>>().join("; ")
}
