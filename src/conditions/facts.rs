//! Facts: from JSON to Cedar values, by the types of the schema. All faults are reported at once.

use std::collections::{BTreeMap, BTreeSet};

use cedar_policy::RestrictedExpression;
use serde_json::Value;

use super::paths::nearest;
use super::schema::{Schema, type_uid};
use super::vocabulary::FactType;
use crate::model::input::Facts;
use crate::model::{Time, check_register_number};

/// A fact that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
#[error("`{fact}`: {why}")]
#[diagnostic(code(facts::value), help("{help}"))]
pub struct FactError {
    /// The fact's name, with the member of a record.
    pub fact: String,
    /// The same as a JSON Pointer (RFC 6901) into the facts.
    pub pointer: String,
    /// What is wrong with its value.
    pub why: String,
    /// How to mend it.
    pub help: String,
}

impl FactError {
    /// Of a fact of the schema, or a member of one: such names are plain words.
    fn at(fact: &str, why: String, help: String) -> Self {
        FactError { fact: fact.to_owned(), pointer: format!("/{}", fact.replace('.', "/")), why, help }
    }
}

/// The longest text in a fact, in bytes.
pub const MAX_TEXT: usize = 2000;
/// The most members of a set in a fact.
pub const MAX_SET: usize = 200;

/// Checks all facts against the schema.
///
/// # Errors
/// Every fact that is unknown, of another type, or fails its own check.
pub fn check(schema: &Schema, facts: &Facts) -> Result<(), Vec<FactError>> {
    let errors: Vec<_> = facts.iter().filter_map(|(name, value)| expression(schema, name, value).err()).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The Cedar value of one fact.
///
/// # Errors
/// As [`check`], for this fact.
pub fn expression(schema: &Schema, name: &str, value: &Value) -> Result<RestrictedExpression, FactError> {
    let Some(info) = schema.facts().get(name) else {
        let help = match nearest(name, schema.facts().keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "see which facts the schema in force has".to_owned(),
        };
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        return Err(FactError { fact: name.to_owned(), pointer, why: "is no fact of the schema".to_owned(), help });
    };
    let built = build(schema, name, &info.ty, value)?;
    if let Some(rule) = info.check.as_deref() {
        own_check(rule, value).map_err(|why| {
            FactError::at(name, format!("`{}`: {why}", shown(value)), "copy it from the register".to_owned())
        })?;
    }
    Ok(built)
}

/// The check of a value that its type cannot say.
fn own_check(rule: &str, value: &Value) -> Result<(), &'static str> {
    let text = value.as_str().unwrap_or("");
    match rule {
        "kvk" => check_register_number("NL.KVK", text),
        "oin" => check_register_number("NL.OIN", text),
        "rsin" => check_register_number("NL.RSIN", text),
        "euid" => check_register_number("EUID", text),
        "lei" => check_register_number("LEI", text),
        "sbi" => {
            let ok = |v: &Value| {
                v.as_str()
                    .is_some_and(|t| (2..=6).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
            };
            let all = value.as_array().is_some_and(|codes| codes.iter().all(ok));
            if all { Ok(()) } else { Err("an SBI code has 2 to 5 digits, with or without dots") }
        }
        _ => Err("the schema names a check that this program does not know"),
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 60 { text.chars().take(60).chain("...".chars()).collect() } else { text }
}

fn build(schema: &Schema, name: &str, ty: &FactType, value: &Value) -> Result<RestrictedExpression, FactError> {
    let wrong = |what: &str, help: String| FactError::at(name, format!("{} is not {what}", shown(value)), help);
    match (ty, value) {
        (FactType::Text, Value::String(text)) if text.len() <= MAX_TEXT => {
            Ok(RestrictedExpression::new_string(text.clone()))
        }
        (FactType::Text, _) => Err(wrong("a text", format!("write it between quotes, at most {MAX_TEXT} bytes"))),
        (FactType::Number, Value::Number(n)) => n
            .as_i64()
            .map(RestrictedExpression::new_long)
            .ok_or_else(|| wrong("a whole number", "write digits only".to_owned())),
        (FactType::Number, _) => Err(wrong("a whole number", "write digits only, without quotes".to_owned())),
        (FactType::Flag, Value::Bool(b)) => Ok(RestrictedExpression::new_bool(*b)),
        (FactType::Flag, _) => Err(wrong("yes or no", "write true or false, without quotes".to_owned())),
        (FactType::Instant, value) => {
            let time = value.as_str().and_then(|text| text.parse::<Time>().ok());
            time.map(|time| schema.instants.value(time))
                .ok_or_else(|| wrong("a time", "write it like \"2027-01-01T00:00:00Z\"".to_owned()))
        }
        (FactType::Word(list), Value::String(word)) => self::word(schema, name, list, word),
        (FactType::Word(list), _) => Err(wrong("a word", format!("one of: {}", words(schema, list)))),
        (FactType::Texts | FactType::Words(_), Value::Array(items)) if items.len() <= MAX_SET => {
            let one = match ty {
                FactType::Words(list) => FactType::Word(list.clone()),
                _ => FactType::Text,
            };
            let mut seen = BTreeSet::new();
            for item in items {
                if !seen.insert(item.as_str()) {
                    return Err(wrong("a set", format!("{} stands twice", shown(item))));
                }
            }
            items
                .iter()
                .map(|v| build(schema, name, &one, v))
                .collect::<Result<Vec<_>, _>>()
                .map(RestrictedExpression::new_set)
        }
        (FactType::Texts | FactType::Words(_), _) => {
            Err(wrong("a list", format!("write it between [ and ], at most {MAX_SET} members")))
        }
        (FactType::Record(members), Value::Object(map)) => {
            if let Some(extra) = map.keys().find(|k| !members.contains_key(*k)) {
                let known = members.keys().cloned().collect::<Vec<_>>().join(", ");
                let pointer = format!("/{}/{}", name.replace('.', "/"), extra.replace('~', "~0").replace('/', "~1"));
                return Err(FactError {
                    fact: format!("{name}.{extra}"),
                    pointer,
                    why: "is not known".to_owned(),
                    help: format!("the members are: {known}"),
                });
            }
            let mut fields = BTreeMap::new();
            for (key, member) in members {
                let place = format!("{name}.{key}");
                let missing = || FactError::at(&place, "is missing".to_owned(), member.label.en.clone());
                let value = map.get(key).ok_or_else(missing)?;
                fields.insert(key.clone(), build(schema, &place, &member.ty, value)?);
            }
            RestrictedExpression::new_record(fields).map_err(|e| wrong("a record", e.to_string()))
        }
        (FactType::Record(members), _) => Err(wrong(
            "a record",
            format!("write {{ ... }} with: {}", members.keys().cloned().collect::<Vec<_>>().join(", ")),
        )),
    }
}

fn words(schema: &Schema, list: &str) -> String {
    schema.words(list).unwrap_or_default().join(", ")
}

fn word(schema: &Schema, name: &str, list: &str, word: &str) -> Result<RestrictedExpression, FactError> {
    let known = schema.words(list).unwrap_or_default();
    match type_uid(schema, list, word) {
        Some(uid) if known.iter().any(|w| w == word) => Ok(RestrictedExpression::new_entity_uid(uid)),
        _ => Err(FactError::at(
            name,
            format!("`{word}` is not one of its words"),
            format!("one of: {}", words(schema, list)),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_wrong_fact_is_named_with_its_mend() {
        let schema = Schema::built_in().unwrap();
        let facts: Facts = serde_json::from_value(json!({
            "category": "universty", "employees": "12", "employes": 3, "kvkNumber": "1234567", "foundedOn": "2020",
            "designation": {"by": "the minister", "reference": "x"}, "sbiCodes": ["72.1", "72.1"], "dpoAppointed": 1,
        }))
        .unwrap();
        let errors = check(&schema, &facts).unwrap_err();
        let text: Vec<_> = errors.iter().map(|e| format!("{e} ({})", e.help)).collect();
        insta::assert_snapshot!(text.join("\n"), @r#"
        `category`: `universty` is not one of its words (one of: university, research-institution, competent-body, road-authority, statistics-office, planning-bureau, company, insurer, bank, information-provider, sector-council, civil-society, other)
        `designation.until`: is missing (valid until)
        `dpoAppointed`: 1 is not yes or no (write true or false, without quotes)
        `employees`: "12" is not a whole number (write digits only, without quotes)
        `employes`: is no fact of the schema (did you mean `employees`?)
        `foundedOn`: "2020" is not a time (write it like "2027-01-01T00:00:00Z")
        `kvkNumber`: `"1234567"`: a trade register number has 8 digits (copy it from the register)
        `sbiCodes`: ["72.1","72.1"] is not a set ("72.1" stands twice)
        "#);
    }
}
