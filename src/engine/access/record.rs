//! The access log: records appended, read page by page in the order of time.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::clock::WrongClock;
use crate::engine::operation::Operation;
use crate::engine::rows;
use crate::engine::state::AccessLogNow;
use crate::engine::{Engine, EngineError, Field};
use crate::model::Time;
use crate::model::access::Line;
use crate::model::access::line::first_key;
use crate::rights::{Act, Actor, Target};
use crate::store::Kind;

/// The row that says how far the log is closed and sealed.
pub(super) const ACCESS_LOG: &str = "access-log";
/// How many records are read at once.
pub(super) const PAGE: usize = 500;

/// A page of the access log.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AccessPage {
    /// Records in the form of the Authorization Decision Log.
    #[schema(value_type = Vec<BTreeMap<String, Value>>)]
    pub items: Vec<Value>,
    /// What to give as `after` for the next page; none on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Engine {
    /// Adds a record to an operation. It is refused if the part of the log in which it would stand is closed meanwhile, so that what is
    /// sealed is all that there is.
    pub(super) fn append(&self, op: &mut Operation<'_>, line: &Line) -> Result<(), EngineError> {
        let log = self.known::<AccessLogNow>(&op.view, Kind::Setting, ACCESS_LOG)?;
        if let Some(closed) = log.as_ref().and_then(|log| log.value.closed).filter(|closed| op.now < *closed) {
            return Err(WrongClock::Behind { now: op.now, newest: closed }.into());
        }
        rows::guard(&mut op.item, Kind::Setting, ACCESS_LOG, log.map_or(0, |log| log.version));
        let key = line.key();
        rows::guard(&mut op.item, Kind::AccessRecord, &key, 0);
        rows::put(&mut op.item, Kind::AccessRecord, &key, None, line)
    }

    /// Records from an instant on and before another, at most `limit`, after one of them.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub fn access_records(
        &self,
        actor: &Actor,
        from: Time,
        until: Time,
        after: Option<&str>,
        limit: usize,
    ) -> Result<AccessPage, EngineError> {
        self.rights.require(actor, Act::ReadAccessLog, &Target::default())?;
        let (first, end) = (first_key(from), first_key(until));
        let after = after.filter(|after| *after > first.as_str()).unwrap_or(&first);
        let (mut items, mut last) = (Vec::new(), None);
        for row in self.store.rows(Kind::AccessRecord, None, Some(after), limit + 1)? {
            if row.key >= end {
                break;
            }
            if items.len() == limit {
                return Ok(AccessPage { items, next: last });
            }
            items.push(rows::parse::<Value>(&row)?.value);
            last = Some(row.key);
        }
        Ok(AccessPage { items, next: None })
    }

    /// Shows each record of a part of the log, in its own bytes; `see` may end it with an error.
    pub(super) fn each_access_record<E: From<EngineError>>(
        &self,
        from: Time,
        until: Time,
        mut see: impl FnMut(&str, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut after, end) = (first_key(from), first_key(until));
        loop {
            let rows = self.store.rows(Kind::AccessRecord, None, Some(&after), PAGE).map_err(EngineError::from)?;
            for row in rows.iter().take_while(|row| row.key < end) {
                see(&row.key, &row.body)?;
            }
            match rows.last().filter(|last| rows.len() == PAGE && last.key < end) {
                Some(last) => after = last.key.clone(),
                None => return Ok(()),
            }
        }
    }

    /// Writes the records from an instant on and before another as JSON Lines: the bytes of which a seal holds the digest.
    ///
    /// # Errors
    /// No right, a store that cannot be read, or an `out` that cannot be written.
    pub fn export_access(
        &self,
        actor: &Actor,
        from: Time,
        until: Time,
        out: &mut dyn std::io::Write,
    ) -> Result<u64, EngineError> {
        self.rights.require(actor, Act::ReadAccessLog, &Target::default())?;
        let mut count = 0;
        self.each_access_record(from, until, |_, bytes| {
            count += 1;
            out.write_all(bytes).and_then(|()| out.write_all(b"\n")).map_err(|e| {
                EngineError::input(Field::File, e.to_string(), "name one that can be written, on a disk with room")
            })
        })?;
        Ok(count)
    }
}
