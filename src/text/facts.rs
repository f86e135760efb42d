//! Facts, needs and wishes in words: shared by the explained answer and the decision letter.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Labels, Texts, plain};
use crate::model::Time;
use crate::model::dataset::Alternative;
use crate::model::decision::{Answer, Need, Relation, Seen, Wish};
use crate::model::input::Uncounted;

/// Texts with the labels of a schema.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub(super) texts: &'a Texts,
    pub(super) labels: &'a dyn Labels,
}

impl Speaker<'_> {
    /// What stands at a path; of verified facts that evidence is needed.
    pub(super) fn path(&self, path: &str) -> String {
        let label = self.texts.of(&self.labels.path(path));
        if path.starts_with("verified.") {
            self.texts.get("say-with-evidence", &[("label", label.into())])
        } else {
            label
        }
    }

    /// A value at a path: words by their labels, instants as dates, sets as lists, records member by member.
    pub(super) fn value(&self, path: &str, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(yes) => self.texts.get(if *yes { "say-yes" } else { "say-no" }, &[]),
            Value::Number(n) => n.as_i64().map_or_else(|| n.to_string(), |n| self.texts.number(n)),
            Value::String(text) => self.text(path, text),
            Value::Array(items) if items.is_empty() => self.texts.get("say-none", &[]),
            Value::Array(items) => self.texts.all_of(&items.iter().map(|v| self.value(path, v)).collect::<Vec<_>>()),
            Value::Object(members) => {
                let member = |(name, v): (&String, &Value)| self.value(&format!("{path}.{name}"), v);
                members.iter().map(member).collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn text(&self, path: &str, text: &str) -> String {
        if path == "purpose" {
            return self.texts.of(&self.labels.purpose(text));
        }
        if let Some(label) = self.labels.word(path, text) {
            return self.texts.of(&label);
        }
        match text.parse::<Time>() {
            Ok(time) => self.texts.date(time),
            Err(_) => plain(text),
        }
    }

    /// What was read, in the order of the answer: `Kind of organisation: Company`. Not the clock, and no record of which a member
    /// is told.
    pub(super) fn seen(&self, seen: &[Seen], with_absent: bool) -> Vec<String> {
        let parent = |path: &str| seen.iter().any(|s| s.path.strip_prefix(path).is_some_and(|r| r.starts_with('.')));
        let told = seen.iter().filter(|s| &*s.path != "now" && !parent(&s.path));
        told.filter_map(|s| {
            let value = match &s.value {
                Some(value) => self.value(&s.path, value),
                None if with_absent => self.texts.get("say-not-stated", &[]),
                None => return None,
            };
            Some(self.pair(&self.path(&s.path), &value))
        })
        .collect()
    }

    /// `label: value`.
    pub(super) fn pair(&self, label: &str, value: &str) -> String {
        self.texts.get("say-pair", &[("label", label.into()), ("value", value.into())])
    }

    /// A value that would satisfy a test: `The use is commercial: no`.
    pub(super) fn wish(&self, wish: &Wish) -> String {
        let values: Vec<String> = wish.values.iter().map(|v| self.wished(&wish.path, v)).collect();
        let date = wish.values.iter().any(|v| v.as_str().is_some_and(|t| t == "now" || t.parse::<Time>().is_ok()));
        let key = match (wish.path.as_str(), wish.relation, date) {
            ("accepted", ..) => return self.texts.get("say-wish-accepted", &[]),
            ("now", Relation::AtLeast | Relation::More, _) => "say-wish-wait",
            ("now", ..) => return self.texts.get("say-wish-too-late", &[]),
            (_, Relation::Is, _) => "say-wish-is",
            (_, Relation::OneOf, _) => "say-wish-one-of",
            (_, Relation::IsNot | Relation::NoneOf, _) => "say-wish-none-of",
            (_, Relation::NotAll, _) => "say-wish-not-all",
            (_, Relation::AtMost, false) => "say-wish-at-most",
            (_, Relation::AtMost, true) => "say-wish-by-date",
            (_, Relation::Less, false) => "say-wish-less",
            (_, Relation::Less, true) => "say-wish-before",
            (_, Relation::AtLeast, false) => "say-wish-at-least",
            (_, Relation::AtLeast, true) => "say-wish-from-date",
            (_, Relation::More, false) => "say-wish-more",
            (_, Relation::More, true) => "say-wish-after",
            (_, Relation::NotWithin, _) => "say-wish-not-within",
            (_, Relation::Within, _) => "say-wish-within",
            (_, Relation::HasAll, _) => "say-wish-all-of",
            (_, Relation::HasAny, _) => "say-wish-any-of",
            (_, Relation::Empty, _) => "say-wish-empty",
        };
        let values = match wish.relation {
            Relation::HasAll | Relation::NotAll => self.texts.all_of(&values),
            _ => self.texts.one_of(&values),
        };
        self.texts.get(key, &[("label", self.path(&wish.path).into()), ("values", values.into())])
    }

    fn wished(&self, path: &str, value: &Value) -> String {
        match value.as_str() {
            Some("now") => self.texts.get("say-today", &[]),
            _ => self.value(path, value),
        }
    }

    /// What is needed, as `A and (B or C)`.
    pub(super) fn need(&self, need: &Need) -> String {
        match need {
            Need::Fact(path) => self.path(path),
            Need::Approval(name) => {
                let label = self.texts.of(&self.labels.approval(name));
                self.texts.get("say-approval-by", &[("label", label.into())])
            }
            Need::All(parts) => self.texts.all_of(&self.parts(&shortened(parts))),
            Need::Any(parts) => self.texts.one_of(&self.parts(&parts.iter().collect::<Vec<_>>())),
        }
    }

    fn parts(&self, parts: &[&Need]) -> Vec<String> {
        let one = |need: &&Need| match need {
            Need::All(v) | Need::Any(v) if v.len() > 1 && parts.len() > 1 => format!("({})", self.need(need)),
            _ => self.need(need),
        };
        parts.iter().map(one).collect()
    }

    /// For each verified fact and approval in a need: what proof, and who gives it.
    pub(super) fn sources(&self, need: &Need) -> Vec<String> {
        let mut told = BTreeSet::new();
        let mut out = Vec::new();
        for leaf in need.leaves() {
            let line = match leaf {
                Need::Fact(path) if path.starts_with("verified.") => {
                    let fact: Vec<&str> = path.split('.').take(2).collect();
                    let fact = fact.join(".");
                    self.labels.proof(&fact).map(|proof| {
                        let label = self.texts.of(&self.labels.path(&fact));
                        let values = [("label", label.into()), ("proof", self.texts.of(&proof).into())];
                        self.texts.get("say-proof", &values)
                    })
                }
                Need::Approval(name) => {
                    let key = match self.labels.appointed_by(name).as_deref() {
                        Some("supplier") => "say-appointed-by-supplier",
                        Some("portal") => "say-appointed-by-portal",
                        _ => "say-appointed-by-owner",
                    };
                    Some(self.pair(&self.texts.of(&self.labels.approval(name)), &self.texts.get(key, &[])))
                }
                _ => None,
            };
            out.extend(line.filter(|l| told.insert(l.clone())));
        }
        out
    }

    /// Evidence that does not count, and why.
    pub(super) fn uncounted(&self, uncounted: &Uncounted) -> String {
        let reason = reason(self.texts, &uncounted.reason);
        let digest: String = uncounted.evidence.to_string().chars().take(12).collect();
        let label = self.texts.of(&self.labels.path(&format!("verified.{}", uncounted.fact)));
        let values = [("label", label.into()), ("reason", reason.into()), ("digest", digest.into())];
        self.texts.get("say-uncounted", &values)
    }

    /// An alternative with its kind.
    pub(super) fn alternative(&self, alternative: &Alternative) -> String {
        let values = [("title", self.texts.of(&alternative.title).into()), ("kind", alternative.kind.as_str().into())];
        self.texts.get("say-alternative", &values)
    }

    /// The articles on which answers rest, without repetition.
    pub(super) fn articles<'b>(&self, answers: impl Iterator<Item = &'b Answer>) -> String {
        let mut told = BTreeSet::new();
        let mut articles: Vec<String> = Vec::new();
        let mut act = String::new();
        for basis in answers.map(|a| plain(&a.text.legal_basis)) {
            if !told.insert(basis.clone()) {
                continue;
            }
            // an act that was just named is not named again
            articles.push(match basis.split_once(" art. ") {
                Some((of, number)) if of == act => format!("art. {number}"),
                Some((of, _)) => {
                    of.clone_into(&mut act);
                    basis
                }
                None => basis,
            });
        }
        self.texts.all_of(&articles)
    }
}

/// Why evidence does not count, in words.
#[must_use]
pub fn reason(texts: &Texts, reason: &str) -> String {
    let key = match reason {
        "signature" => "say-uncounted-signature",
        "subject" => "say-uncounted-subject",
        "fact" => "say-uncounted-fact",
        "issuer" => "say-uncounted-issuer",
        "reason" => "say-uncounted-reason",
        "holder" => "say-uncounted-holder",
        "not-yet" => "say-uncounted-not-yet",
        "lapsed" => "say-uncounted-lapsed",
        "revoked" => "say-uncounted-revoked",
        "suspended" => "say-uncounted-suspended",
        "status" => "say-uncounted-status",
        "value" => "say-uncounted-value",
        other => return plain(other),
    };
    texts.get(key, &[])
}

/// A value at a path in words: `verified.category` and `university` give `University`.
#[must_use]
pub fn value(texts: &Texts, labels: &dyn Labels, path: &str, value: &Value) -> String {
    Speaker { texts, labels }.value(path, value)
}

/// A value that counts, in words: `Kind of organisation: University`.
#[must_use]
pub fn wish(texts: &Texts, labels: &dyn Labels, wish: &Wish) -> String {
    Speaker { texts, labels }.wish(wish)
}

/// Without a declared fact whose verified twin is needed too, and without members of a record that is needed whole.
fn shortened(parts: &[Need]) -> Vec<&Need> {
    let needed = |path: &str| parts.iter().any(|p| matches!(p, Need::Fact(f) if f == path));
    let superfluous = |path: &str| {
        path.strip_prefix("declared.").is_some_and(|name| needed(&format!("verified.{name}")))
            || path.rsplit_once('.').is_some_and(|(record, _)| needed(record))
    };
    parts.iter().filter(|p| !matches!(p, Need::Fact(path) if superfluous(path))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::condition::{Bilingual, Lang};

    /// Labels that say the path itself.
    struct Plain;

    fn same(text: &str) -> Bilingual {
        Bilingual { en: text.to_owned(), nl: text.to_owned() }
    }

    impl Labels for Plain {
        fn path(&self, path: &str) -> Bilingual {
            same(path.rsplit('.').next().unwrap())
        }
        fn proof(&self, path: &str) -> Option<Bilingual> {
            Some(same(&format!("a paper on {path}")))
        }
        fn word(&self, _: &str, _: &str) -> Option<Bilingual> {
            None
        }
        fn approval(&self, name: &str) -> Bilingual {
            same(name)
        }
        fn appointed_by(&self, _: &str) -> Option<String> {
            Some("supplier".to_owned())
        }
        fn purpose(&self, name: &str) -> Bilingual {
            same(name.trim_start_matches("dpv:"))
        }
    }

    #[test]
    fn every_relation_has_its_words() {
        let texts = Texts::new(Lang::En);
        let speak = Speaker { texts: &texts, labels: &Plain };
        let wish = |path: &str, relation, values: Value| {
            let values = serde_json::from_value(values).unwrap();
            speak.wish(&Wish { path: path.to_owned(), relation, values })
        };
        let date = json!(["2027-01-01T00:00:00Z"]);
        let said = [
            wish("declared.plan", Relation::Is, json!(["x"])),
            wish("declared.commercialUse", Relation::IsNot, json!([true])),
            wish("scope.columns", Relation::NoneOf, json!(["name", "address"])),
            wish("declared.users", Relation::AtMost, json!([1500])),
            wish("declared.users", Relation::Less, json!([5])),
            wish("scope.termMonths", Relation::AtLeast, json!([12])),
            wish("scope.termMonths", Relation::More, json!([11])),
            wish("scope.periodFrom", Relation::AtLeast, date.clone()),
            wish("scope.periodUntil", Relation::AtMost, date.clone()),
            wish("scope.periodUntil", Relation::Less, date.clone()),
            wish("verified.licence.until", Relation::More, json!(["now"])),
            wish("now", Relation::AtLeast, date.clone()),
            wish("now", Relation::Less, date),
            wish("purpose", Relation::Within, json!(["dpv:Research", "dpv:Care"])),
            wish("declared.measures", Relation::HasAll, json!(["a", "b"])),
            wish("declared.measures", Relation::HasAny, json!(["a", "b"])),
            wish("scope.linkage", Relation::Empty, json!([])),
            wish("accepted", Relation::HasAll, json!(["fee"])),
        ];
        insta::assert_snapshot!(said.join("\n"), @"
        plan: x
        commercialUse: not yes
        columns: not name or address
        users: at most 1,500
        users: less than 5
        termMonths: at least 12
        termMonths: more than 11
        periodFrom: 1 January 2027 or later
        periodUntil: at the latest 1 January 2027
        periodUntil: before 1 January 2027
        until (with evidence): later than today
        waiting until 1 January 2027
        nothing: the time for it has passed
        purpose: Research or Care, or a purpose under it
        measures: at any rate a and b
        measures: at any rate a or b
        linkage: none
        that you accept this term
        ");
    }

    #[test]
    fn needs_are_short_and_name_their_sources_once() {
        let texts = Texts::new(Lang::En);
        let speak = Speaker { texts: &texts, labels: &Plain };
        let fact = |path: &str| Need::Fact(path.to_owned());
        let need = Need::All(vec![
            fact("declared.category"),
            fact("verified.category"),
            fact("verified.licence"),
            fact("verified.licence.until"),
            Need::Any(vec![fact("declared.plan"), Need::Approval("supplier".to_owned())]),
        ]);
        assert_eq!(
            speak.need(&need),
            "category (with evidence), licence (with evidence) and (plan or approval by: supplier)"
        );
        assert_eq!(
            speak.sources(&need),
            [
                "evidence for category: a paper on verified.category",
                "evidence for licence: a paper on verified.licence",
                "supplier: given by a person of the supplier who has rights in the data",
            ]
        );
    }
}
