//! What was asked, which law applies, and on which facts was decided.

use std::collections::BTreeSet;

use super::{Writer, channel};
use crate::model::condition::Level as SetLevel;
use crate::text::plain;

impl Writer<'_> {
    pub(super) fn request(&mut self) {
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
        if let Some(completed) = self.ended.completed {
            self.say("letter-request-completed", &[("completed", texts.date(completed).into())]);
        }
        if !request.scope.columns.is_empty() {
            let columns = self.columns(&request.scope.columns);
            self.say("letter-request-columns", &[("columns", columns.into())]);
        }
        self.scope();
    }

    /// What was asked beside columns and level.
    fn scope(&mut self) {
        let (texts, scope) = (self.speak.texts, &self.ended.request.scope);
        let all = |words: &BTreeSet<String>| texts.all_of(&words.iter().map(|w| plain(w)).collect::<Vec<_>>());
        let (from, until) = (scope.period_from.map(|t| texts.date(t)), scope.period_until.map(|t| texts.until(t)));
        match (from, until) {
            (Some(from), Some(until)) => {
                self.say("letter-request-period", &[("from", from.into()), ("until", until.into())]);
            }
            (Some(from), None) => self.say("letter-request-from", &[("from", from.into())]),
            (None, Some(until)) => self.say("letter-request-until", &[("until", until.into())]),
            (None, None) => {}
        }
        if !scope.editions.is_empty() {
            self.say("letter-request-editions", &[("editions", all(&scope.editions).into())]);
        }
        if !scope.linkage.is_empty() {
            self.say("letter-request-linkage", &[("linkage", all(&scope.linkage).into())]);
        }
        if let Some(volume) = scope.volume_per_day {
            self.say("letter-request-volume", &[("volume", texts.number(volume).into())]);
        }
        if let Some(months) = scope.term_months {
            let months = self.get("term-months", &[("n", months.into())]);
            self.say("letter-request-term", &[("term", months.into())]);
        }
    }

    pub(super) fn law(&mut self) {
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

    pub(super) fn facts(&mut self) {
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
            let from = self.ended.evidence_from.get(&verified.evidence).map(|from| texts.date(*from));
            let key = match (from, verified.until.map(|until| texts.until(until))) {
                (Some(from), Some(until)) => {
                    values.extend([("from", from.into()), ("until", until.into())]);
                    "letter-fact-verified-from"
                }
                (None, Some(until)) => {
                    values.push(("until", until.into()));
                    "letter-fact-verified-until"
                }
                (_, None) => "letter-fact-verified",
            };
            items.push(texts.get(key, &values));
        }
        for (name, value) in &input.declared {
            if input.verified.get(name).is_some_and(|v| v.value == *value) {
                continue;
            }
            let stated = self.ended.completed.unwrap_or(self.ended.request.received_at);
            let values = [("fact", fact("declared", name, value).into()), ("stated", texts.date(stated).into())];
            items.push(texts.get("letter-fact-declared", &values));
        }
        for uncounted in &input.uncounted {
            let evidence = speak.uncounted(uncounted);
            items.push(texts.get("letter-fact-uncounted", &[("evidence", evidence.into())]));
        }
        items.iter().for_each(|i| self.item(i));
    }
}
