//! The members of a package or resource of CKAN, as they are taken one after the other: texts, addresses, days, and what stands in `extras`.

use serde_json::{Map, Value};

use super::draft::{Draft, day};
use super::{MAX_TEXT, Problem};
use crate::model::description::Agent;
use crate::model::{Day, Iri};

/// The pairs of `extras` as members, where there is no member of that name.
pub(super) fn merge_extras(members: &mut Map<String, Value>) {
    let Some(Value::Array(pairs)) = members.remove("extras") else { return };
    let mut rest = Vec::new();
    for pair in pairs {
        let key = pair.get("key").and_then(Value::as_str).map(str::to_owned);
        match (key, pair.get("value")) {
            (Some(key), Some(value)) if members.get(&key).is_none_or(empty) => {
                members.insert(key, value.clone());
            }
            _ => rest.push(pair),
        }
    }
    if !rest.is_empty() {
        members.insert("extras".to_owned(), Value::Array(rest));
    }
}

/// Every access level that is said, as a member or in `extras` beside it: of several the strictest counts.
pub(super) fn levels(members: &Map<String, Value>) -> Vec<String> {
    let pairs = members.get("extras").and_then(Value::as_array).into_iter().flatten();
    let beside = pairs.filter(|pair| pair.get("key").is_some_and(|key| key == "access_rights"));
    let said = members.get("access_rights").into_iter().chain(beside.filter_map(|pair| pair.get("value")));
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned());
    said.filter(|value| !empty(value)).map(text).collect()
}

/// Whether a flag is set; whatever is no flag counts as set.
pub(super) fn flagged(value: &Value) -> bool {
    let unset = value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case("false"));
    !empty(value) && !unset && *value != Value::Bool(false)
}

/// Says nothing.
pub(super) fn empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.iter().all(empty),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

pub(super) fn limited(name: &str, text: &str) -> Result<(), Problem> {
    if text.len() > MAX_TEXT { Err(Problem::TextTooLong(name.to_owned(), text.len())) } else { Ok(()) }
}

/// The members of a package that nobody has taken yet: what is left in the end is kept as it is.
pub(super) struct Members<'a>(pub(super) &'a mut Map<String, Value>);

impl Members<'_> {
    /// A text; numbers are read as they are written.
    pub(super) fn text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.0.get(name) {
            Some(Value::String(text)) => {
                limited(name, text)?;
                let text = text.trim().to_owned();
                self.0.remove(name);
                Ok(Some(text).filter(|text| !text.is_empty()))
            }
            Some(Value::Number(number)) => {
                let text = number.to_string();
                self.0.remove(name);
                Ok(Some(text))
            }
            Some(value) if !empty(value) => Err(Problem::Member(name.to_owned(), "text")),
            _ => Ok(None),
        }
    }

    /// An address; what is none stays.
    pub(super) fn iri(&mut self, name: &str, draft: &mut Draft) -> Result<Option<Iri>, Problem> {
        let Some(text) = self.0.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty()) else {
            return Ok(None);
        };
        limited(name, text)?;
        let found = draft.iri(name, text);
        if found.is_some() {
            self.0.remove(name);
        }
        Ok(found)
    }

    /// Somebody, by address or name.
    pub(super) fn iri_or_text(&mut self, name: &str) -> Result<Option<Agent>, Problem> {
        Ok(self.text(name)?.map(|text| match text.parse::<Iri>() {
            Ok(iri) => Agent { iri: Some(iri), name: None },
            Err(_) => Agent { iri: None, name: Some(text) },
        }))
    }

    /// The day of a time; what is none stays.
    pub(super) fn day(&mut self, name: &str) -> Result<Option<Day>, Problem> {
        let found = self.0.get(name).and_then(Value::as_str).and_then(day);
        if found.is_some() {
            self.0.remove(name);
        }
        Ok(found)
    }

    /// Addresses: a list, one of them, or a list written as a text, as `extras` have it. What is none stays.
    pub(super) fn iris(&mut self, name: &str, draft: &mut Draft) -> Result<Vec<Iri>, Problem> {
        let Some(value) = self.0.remove(name).filter(|value| !empty(value)) else { return Ok(Vec::new()) };
        let items = match value {
            Value::Array(items) => items,
            Value::String(text) => match serde_json::from_str(&text) {
                Ok(Value::Array(items)) => items,
                _ => vec![Value::String(text)],
            },
            other => vec![other],
        };
        let (mut found, mut rest) = (Vec::new(), Vec::new());
        for item in items.into_iter().filter(|item| !empty(item)) {
            let Some(text) = item.as_str() else {
                rest.push(item);
                continue;
            };
            limited(name, text)?;
            draft.weigh(text.len())?;
            match text.trim().parse() {
                Ok(iri) => found.push(iri),
                Err(_) => rest.push(item),
            }
        }
        if !rest.is_empty() {
            self.0.insert(name.to_owned(), Value::Array(rest));
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}
