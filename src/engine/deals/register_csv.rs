//! The public register as a table for a spreadsheet: CSV (RFC 4180), with heads and words in the language of the reader.

use super::register::{Addressee, RegisterField, RegisterRow, RegisterTerm};
use crate::engine::{DealState, EngineError};
use crate::model::Time;
use crate::model::condition::Lang;
use crate::model::term::local_day;
use crate::text::Texts;

/// The heads of the columns, as their words are named.
const HEADS: [&str; 18] = [
    "register-head-request",
    "register-head-decision",
    "register-head-superseded-by",
    "register-head-decided",
    "register-head-body",
    "register-head-result",
    "register-head-dataset",
    "register-head-title",
    "register-head-addressee",
    "register-head-number",
    "register-head-purpose",
    "register-head-columns",
    "register-head-grounds",
    "register-head-terms",
    "register-head-fees",
    "register-head-from",
    "register-head-until",
    "register-head-state",
];

/// Rows as CSV. A cell that a spreadsheet would take for a formula begins with an apostrophe.
///
/// # Errors
/// None that can come: the table is written into memory.
pub fn register_csv(rows: &[RegisterRow], lang: Lang) -> Result<String, EngineError> {
    let texts = Texts::new(lang);
    let failed =
        |e: &dyn std::fmt::Display| EngineError::state(format!("the table cannot be written: {e}"), "try again");
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(HEADS.map(|head| texts.get(head, &[]))).map_err(|e| failed(&e))?;
    for row in rows {
        writer.write_record(cells(&texts, row).map(harmless)).map_err(|e| failed(&e))?;
    }
    let bytes = writer.into_inner().map_err(|e| failed(&e))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn cells(texts: &Texts, row: &RegisterRow) -> [String; 18] {
    let list = |items: &mut dyn Iterator<Item = String>| items.collect::<Vec<_>>().join("; ");
    let day = |at: Time| local_day(at).to_string();
    let not_public = || texts.get("register-withheld", &[]);
    let hidden = |field: RegisterField| row.withheld.as_ref().is_some_and(|w| w.fields.contains(&field));
    let or = |field: RegisterField, text: String| if hidden(field) { not_public() } else { text };
    let who = |of: fn(&Addressee) -> String| row.addressee.as_ref().map_or_else(not_public, of);
    let word = |kind: &str, word: &str| texts.get(&format!("{kind}-state-{}", word.replace('_', "-")), &[]);
    [
        row.id.to_string(),
        row.decision.to_string(),
        row.superseded_by.map_or_else(String::new, |by| by.to_string()),
        day(row.decided),
        texts.of(&row.body),
        word("request", row.result.as_str()),
        row.dataset.to_string(),
        texts.of(&row.title),
        who(|a| a.name.clone()),
        who(|a| a.organisation.to_string()),
        or(RegisterField::Purpose, row.purpose.clone().unwrap_or_default()),
        or(RegisterField::Columns, list(&mut row.columns.iter().cloned())),
        list(&mut row.grounds.iter().map(|g| g.legal_basis.clone())),
        or(RegisterField::Terms, list(&mut row.terms.iter().map(|t| term(texts, t)))),
        or(RegisterField::Fees, list(&mut row.fees.iter().map(|f| texts.tariff(&f.tariff)))),
        row.term.map_or_else(String::new, |t| day(t.from)),
        row.term.map_or_else(String::new, |t| day(t.until)),
        row.state.map_or_else(String::new, |s: DealState| word("deal", s.as_str())),
    ]
}

fn term(texts: &Texts, term: &RegisterTerm) -> String {
    let key = if term.extra { "register-extra-term" } else { "register-term" };
    texts.get(key, &[("clause", texts.of(&term.clause).into()), ("law", term.legal_basis.as_str().into())])
}
