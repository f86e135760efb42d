//! JSON of others: any value, but no member twice, and neither too large nor too deep. Fractions, `null` and names in any script are read;
//! the record profile (`model::json`) has none of these.

use std::fmt;

use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::table_fault::{TableFault, short};
use crate::model::json::MAX_DEPTH;

/// Reads one document, at most `limit` bytes long.
pub(super) fn parse(bytes: &[u8], limit: usize) -> Result<Value, TableFault> {
    if bytes.len() > limit {
        return Err(TableFault::TooLarge { size: bytes.len(), limit });
    }
    let text = text(bytes)?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Once(0).deserialize(&mut reader).and_then(|v| reader.end().map(|()| v));
    value.map_err(|e| {
        let why = e.to_string();
        let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
        TableFault::Syntax { line: e.line(), column: e.column(), why: short(why) }
    })
}

/// A part of a document as a type; members that the type does not know stay behind. At `objects` objects stand: a type would read a list in
/// the place of one as its members in their order.
pub(super) fn typed<T: DeserializeOwned>(value: &Value, objects: &[&str]) -> Result<T, TableFault> {
    for path in objects {
        object_at(value, String::new(), &mut path.split('.').filter(|step| !step.is_empty()))?;
    }
    serde_path_to_error::deserialize(value)
        .map_err(|e| TableFault::Shape { at: short(&e.path().to_string()), why: short(&e.inner().to_string()) })
}

fn object_at<'p>(
    value: &Value,
    at: String,
    steps: &mut (impl Iterator<Item = &'p str> + Clone),
) -> Result<(), TableFault> {
    match steps.next() {
        None if value.is_object() || value.is_null() => Ok(()),
        None => Err(TableFault::Shape { at, why: "an object stands here, with its members by name".to_owned() }),
        Some("*") => {
            let mut each = value.as_array().into_iter().flatten().enumerate();
            each.try_for_each(|(i, v)| object_at(v, format!("{at}[{i}]"), &mut steps.clone()))
        }
        Some(step) => {
            let at = if at.is_empty() { step.to_owned() } else { format!("{at}.{step}") };
            value.get(step).map_or(Ok(()), |v| object_at(v, at, steps))
        }
    }
}

/// The text of a file: UTF-8 with or without its mark, or which other encoding it has.
pub(super) fn text(bytes: &[u8]) -> Result<&str, TableFault> {
    if [&[0xFF, 0xFE][..], &[0xFE, 0xFF], &[0, 0, 0xFE, 0xFF]].iter().any(|mark| bytes.starts_with(mark)) {
        return Err(TableFault::Wide);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let line = |at: usize| 1 + bytes.iter().take(at).filter(|b| **b == b'\n').count();
    if let Some(at) = bytes.iter().position(|b| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C)) {
        return Err(TableFault::Binary { line: line(at), byte: bytes.get(at).copied().unwrap_or_default() });
    }
    std::str::from_utf8(bytes).map_err(|e| {
        let at = e.valid_up_to();
        let (line, byte) = (line(at), bytes.get(at).copied().unwrap_or_default());
        // the five bytes that Windows-1252 leaves open
        match bytes.iter().any(|b| matches!(b, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)) {
            true => TableFault::Binary { line, byte },
            false => TableFault::Windows1252 { line, byte },
        }
    })
}

/// Reads any value, at some depth.
#[derive(Clone, Copy)]
struct Once(usize);

impl Once {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.0 >= MAX_DEPTH {
            return Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels")));
        }
        Ok(Once(self.0 + 1))
    }
}

impl<'de> DeserializeSeed<'de> for Once {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Value;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E>(self, v: i64) -> Result<Value, E> {
        Ok(Value::from(v))
    }
    fn visit_u64<E>(self, v: u64) -> Result<Value, E> {
        Ok(Value::from(v))
    }
    fn visit_f64<E>(self, v: f64) -> Result<Value, E> {
        Ok(Value::from(v))
    }
    fn visit_str<E>(self, v: &str) -> Result<Value, E> {
        Ok(Value::from(v))
    }
    fn visit_string<E>(self, v: String) -> Result<Value, E> {
        Ok(Value::String(v))
    }
    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut out = Vec::new();
        while let Some(v) = seq.next_element_seed(inner)? {
            out.push(v);
        }
        Ok(Value::Array(out))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut out = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            if out.contains_key(&key) {
                return Err(A::Error::custom(format!("the member `{}` stands twice", short(&key))));
            }
            let value = map.next_value_seed(inner)?;
            out.insert(key, value);
        }
        Ok(Value::Object(out))
    }
}
