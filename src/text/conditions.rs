//! Grounds and conditions in plain words, for everybody who thinks of asking: what each asks, what counts, and whose proof.

use super::facts::Speaker;
use super::{Labels, Texts, wrapped};
use crate::model::condition::{Kind, Role};
use crate::model::outline::{Outline, Standing};

const ITEM: &str = "  - ";
const DETAIL: &str = "    ";

/// What the conditions of a dataset ask, grouped by how each is met.
#[must_use]
pub fn conditions(texts: &Texts, labels: &dyn Labels, outlines: &[Outline]) -> String {
    let mut teller = Teller { speak: Speaker { texts, labels }, lines: Vec::new() };
    let groups = [
        (Role::Ground, "terms-grounds"),
        (Role::Condition(Kind::Entry), "terms-entry"),
        (Role::Condition(Kind::Promise), "terms-promise"),
        (Role::Condition(Kind::Duty), "terms-duty"),
        (Role::Condition(Kind::Delivery), "terms-delivery"),
        (Role::Condition(Kind::Fee), "terms-fee"),
    ];
    for (role, title) in groups {
        let of_group: Vec<&Outline> = outlines.iter().filter(|o| o.role == role).collect();
        if of_group.is_empty() {
            continue;
        }
        if !teller.lines.is_empty() {
            teller.lines.push(String::new());
        }
        let title = texts.get(title, &[]);
        teller.line("", &title);
        of_group.into_iter().for_each(|o| teller.outline(o));
    }
    teller.lines.join("\n")
}

struct Teller<'a> {
    speak: Speaker<'a>,
    lines: Vec<String>,
}

impl Teller<'_> {
    fn line(&mut self, first: &str, text: &str) {
        self.lines.push(wrapped(first, text));
    }

    fn columns(&self, key: &str, columns: &[String]) -> String {
        self.speak.texts.get(key, &[("columns", columns.join(", ").into())])
    }

    fn outline(&mut self, outline: &Outline) {
        let texts = self.speak.texts;
        let text = &outline.text;
        let values = [("label", texts.of(&text.label).into()), ("law", text.legal_basis.as_str().into())];
        let label = texts.get("explain-ground", &values);
        self.line(ITEM, &label);
        match outline.standing {
            Standing::Met => return self.line(DETAIL, &texts.get("terms-met", &[])),
            Standing::Never if outline.barred.is_empty() => return self.line(DETAIL, &texts.get("terms-never", &[])),
            Standing::Never | Standing::Asks => {}
        }
        if !outline.barred.is_empty() {
            let line = self.columns("terms-barred", &outline.barred);
            self.line(DETAIL, &line);
        }
        if outline.standing == Standing::Never {
            return;
        }
        if let Some(columns) = &outline.columns {
            let line = self.columns("terms-columns", columns);
            self.line(DETAIL, &line);
        }
        if let Some(due) = &text.due {
            let line = texts.get("explain-due", &[("due", texts.due(due).into())]);
            self.line(DETAIL, &line);
        }
        if let Some(tariff) = &text.tariff {
            let line = texts.get("explain-tariff", &[("tariff", texts.tariff(tariff).into())]);
            self.line(DETAIL, &line);
        }
        if let Some(need) = &outline.needs {
            let line = texts.get("terms-looks-at", &[("needs", self.speak.need(need).into())]);
            self.line(DETAIL, &line);
            for source in self.speak.sources(need) {
                self.line("      - ", &source);
            }
        }
        if !outline.wishes.is_empty() {
            let wishes: Vec<String> = outline.wishes.iter().map(|w| self.speak.wish(w)).collect();
            let line = texts.get("terms-counts", &[("wishes", wishes.join("; ").into())]);
            self.line(DETAIL, &line);
        }
        let hint = texts.get("explain-hint", &[("hint", texts.of(&text.hint).into())]);
        self.line(DETAIL, &hint);
    }
}
