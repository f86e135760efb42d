//! The columns of a CSV file, from its first line and a sample of its rows. Types are inferred from the values that were seen; whether a
//! column is about persons is never inferred from values.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use csv::{ErrorKind, ReaderBuilder, StringRecord};
use serde_json::json;

use super::members::text;
use super::table::{Form, Table, column};
use super::table_fault::{TableFault, short};
use crate::model::description::Unmapped;

/// How much of a file is read: a caller gives no more than this.
pub const SAMPLE_BYTES: usize = 1 << 20;
/// How many rows are looked at for the types.
pub const SAMPLE_ROWS: usize = 1_000;
/// What can stand between two values. Of those that split the first line into as many, the first counts.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Reads the beginning of a CSV file; `whole` if that is all of it.
///
/// # Errors
/// A [`TableFault`] with its line.
pub fn read(bytes: &[u8], whole: bool) -> Result<Table, TableFault> {
    if bytes.len() > SAMPLE_BYTES {
        return Err(TableFault::TooLarge { size: bytes.len(), limit: SAMPLE_BYTES });
    }
    // a sample ends with its last whole line, so that no character is cut in two
    let end = if whole { None } else { bytes.iter().rposition(|b| *b == b'\n') };
    let text = text(end.and_then(|end| bytes.get(..=end)).unwrap_or(bytes))?;
    let delimiter = delimiter(text);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| fault(&e))?.clone();
    let mut kinds: Vec<Kinds> = header.iter().map(|_| Kinds::default()).collect();
    let mut row = StringRecord::new();
    for _ in 0..SAMPLE_ROWS {
        match reader.read_record(&mut row) {
            Ok(false) => break,
            Ok(true) => kinds.iter_mut().zip(&row).for_each(|(kinds, value)| kinds.see(value, delimiter)),
            // of a sample the last row can be cut
            Err(_) if !whole && reader.read_record(&mut row).is_ok_and(|more| !more) => break,
            Err(error) => return Err(fault(&error)),
        }
    }
    let mut table = Table { form: Form::Csv, ..Table::default() };
    for (name, kinds) in header.iter().zip(kinds) {
        let name = name.trim();
        let mut column = column(name);
        let (datatype, format) = kinds.datatype();
        column.datatype = datatype.map(str::to_owned);
        table.columns.push(column);
        table.kept.extend(format.map(|value| Unmapped {
            property: format!("csvw:/tableSchema/columns/{}/datatype", name.replace('~', "~0").replace('/', "~1")),
            value,
        }));
    }
    if matches!(table.columns.as_slice(), [only] if only.name.is_empty()) {
        return Err(TableFault::NoColumns);
    }
    table.checked(["line 1, column", "", ""])
}

fn delimiter(text: &str) -> u8 {
    let fields = |delimiter: &u8| {
        let mut reader = ReaderBuilder::new().delimiter(*delimiter).has_headers(false).from_reader(text.as_bytes());
        let mut row = StringRecord::new();
        reader.read_record(&mut row).map_or(0, |_| row.len())
    };
    // of equals `max_by_key` takes the last
    DELIMITERS.iter().rev().max_by_key(|d| fields(d)).copied().unwrap_or(b',')
}

fn fault(error: &csv::Error) -> TableFault {
    match error.kind() {
        ErrorKind::UnequalLengths { pos, expected_len, len } => {
            TableFault::Row { line: pos.as_ref().map_or(0, csv::Position::line), found: *len, expected: *expected_len }
        }
        _ => TableFault::Csv { why: short(&error.to_string()) },
    }
}

/// What the values of a column can all be.
#[derive(Debug, Clone)]
struct Kinds {
    seen: bool,
    can: [bool; KINDS.len()],
}

impl Default for Kinds {
    fn default() -> Self {
        Kinds { seen: false, can: [true; KINDS.len()] }
    }
}

/// A type, how CSVW says it where a word is not enough, and whether a value is of it; the narrow ones first.
type Kind = (&'static str, Option<(&'static str, &'static str)>, fn(&str, u8) -> bool);
const KINDS: [Kind; 9] = [
    ("boolean", None, |v, _| matches!(v, "true" | "false")),
    ("integer", None, |v, _| is_integer(v)),
    ("decimal", None, |v, _| is_decimal(v, '.')),
    ("decimal", Some(("decimalChar", ",")), |v, delimiter| delimiter != b',' && is_decimal(v, ',')),
    ("date", None, |v, _| is_date(v, "%Y-%m-%d")),
    ("date", Some(("", "dd-MM-yyyy")), |v, _| is_date(v, "%d-%m-%Y")),
    ("dateTime", None, |v, _| NaiveDateTime::parse_from_str(v, "%Y-%m-%dT%H:%M:%S%.f").is_ok()),
    ("dateTimeStamp", None, |v, _| v.contains('T') && DateTime::parse_from_rfc3339(v).is_ok()),
    ("time", None, |v, _| NaiveTime::parse_from_str(v, "%H:%M:%S").is_ok()),
];

impl Kinds {
    fn see(&mut self, value: &str, delimiter: u8) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        self.seen = true;
        for (can, (_, _, is)) in self.can.iter_mut().zip(KINDS) {
            *can = *can && is(value, delimiter);
        }
    }

    /// The datatype, and how CSVW writes it whole; none where no value was seen.
    fn datatype(&self) -> (Option<&'static str>, Option<String>) {
        if !self.seen {
            return (None, None);
        }
        let Some((_, (name, format, _))) = self.can.iter().zip(KINDS).find(|(can, _)| **can) else {
            return (Some("string"), None);
        };
        let whole = format.map(|(part, value)| match part {
            "" => json!({"base": name, "format": value}).to_string(),
            part => json!({"base": name, "format": {part: value}}).to_string(),
        });
        (Some(name), whole)
    }
}

/// Digits with a sign. What begins with a zero is a code, not a number.
fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let code = digits.len() > 1 && digits.starts_with('0');
    !code && (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_decimal(value: &str, mark: char) -> bool {
    match value.split_once(mark) {
        Some((whole, part)) => {
            (is_integer(whole) || whole == "-0")
                && (1..=18).contains(&part.len())
                && part.bytes().all(|b| b.is_ascii_digit())
        }
        None => is_integer(value),
    }
}

fn is_date(value: &str, form: &str) -> bool {
    value.len() == 10 && NaiveDate::parse_from_str(value, form).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(text: &str) -> Vec<String> {
        let table = read(text.as_bytes(), true).unwrap();
        table.columns.into_iter().map(|c| format!("{} {}", c.name, c.datatype.unwrap_or_default())).collect()
    }

    #[test]
    fn types_are_what_all_values_are() {
        let text = "id;bsn;amount;born;since;at;ok;note;empty\n\
            1;012345678;1,5;2001-02-03;03-02-2001;2026-11-25T09:00:00;true;a;\n\
            20;112345678;-12;1999-12-31;31-12-1999;2026-11-25T09:00:00.5;false;;\n";
        let expected =
            ["id integer", "bsn string", "amount decimal", "born date", "since date", "at dateTime", "ok boolean"];
        let found = types(text);
        assert_eq!(found.get(..7).unwrap(), expected);
        assert_eq!(found.get(7..).unwrap(), ["note string", "empty "]);
        let kept = read(text.as_bytes(), true).unwrap().kept;
        assert_eq!(kept.len(), 2, "the comma and the order of days are kept for CSVW: {kept:?}");
    }

    #[test]
    fn the_delimiter_is_the_one_that_splits_the_first_line() {
        assert_eq!(types("\u{feff}a,b\r\n\"1;2\",x\r\n"), ["a string", "b string"]);
        assert_eq!(types("a\tb,c\td\n1\t2\t3\n"), ["a integer", "b,c integer", "d integer"]);
        assert_eq!(types("only\n1\n"), ["only integer"]);
    }

    #[test]
    fn a_sample_is_cut_anywhere() {
        let text = "name,é\n\"a\nb\",2\n\"c\nd\",ééé";
        for end in 9..text.len() {
            let bytes = text.as_bytes().get(..end).unwrap();
            let table = read(bytes, false).unwrap_or_else(|e| panic!("{end}: {e}"));
            assert_eq!(table.columns.len(), 2);
        }
        assert!(matches!(read("a,b\n1\n".as_bytes(), true), Err(TableFault::Row { line: 2, found: 1, expected: 2 })));
    }
}
