//! JSON of others as types, with the place of what does not fit; and the text of a file, or which other encoding it has.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::table_fault::{TableFault, short};
use crate::model::JsonError;
use crate::model::json::parse_foreign;

/// Reads one document, at most `limit` bytes long.
pub(super) fn parse(bytes: &[u8], limit: usize) -> Result<Value, TableFault> {
    if bytes.len() > limit {
        return Err(TableFault::TooLarge { size: bytes.len(), limit });
    }
    parse_foreign(text(bytes)?.as_bytes(), limit).map_err(|e| match e {
        JsonError::Syntax { line, column, why } => TableFault::Syntax { line, column, why: short(&why) },
        other => TableFault::Syntax { line: 1, column: 1, why: short(&other.to_string()) },
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
