//! The access log is sealed hour by hour: a record in the log holds the digest of all records of a part of it, and names the part before.
//!
//! 1. *The part is closed*: a row says that no record before an instant is written any more. Each record is written with a guard on that
//!    row, so whoever had read it earlier is refused and asks again. Dying here: the next call seals this part with what follows.
//! 2. *The part is read, and its seal signed and logged* with the row. Dying before that is as after 1, later it is done.
//! 3. *Records that are past their term are removed*, whole parts only, in pages. Dying half-way: the next call goes on; an audit knows
//!    from the seal that they may be gone.

use chrono::Months;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::record::{ACCESS_LOG, PAGE};
use crate::clock::WrongClock;
use crate::engine::operation::{New, Operation};
use crate::engine::rows;
use crate::engine::state::AccessLogNow;
use crate::engine::{Engine, EngineError};
use crate::model::access::Line;
use crate::model::access::line::first_key;
use crate::model::entry::EntryType;
use crate::model::record::{AccessLogSealed, RecordType, Reference, read};
use crate::model::{Digest, Document, Time};
use crate::store::{Item, Kind, Row};

/// A part begins and ends at a multiple of this, in seconds.
const PART: i64 = 3600;
/// For how long after the end of a part a clock that is behind may still write into it, in seconds.
const GRACE: i64 = 60;

/// What was done to keep the access log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// The seal that was made.
    pub sealed: Option<Reference>,
    /// How many records were removed since their term is over.
    pub removed: u64,
}

impl Engine {
    /// Seals what is over, and removes what is past its term. For a clock that calls it every few minutes; two processes may.
    ///
    /// # Errors
    /// The store cannot be read or written; a conflict when another process did the same: nothing is lost, and there is nothing to do.
    pub fn keep_access_log(&self) -> Result<Kept, EngineError> {
        let now = self.clock.now();
        let over = Time::from_unix((now.unix() - GRACE).div_euclid(PART) * PART).unwrap_or(Time::EPOCH);
        let row = rows::load::<AccessLogNow>(&*self.store, Kind::Setting, ACCESS_LOG)?;
        let (mut log, mut version) = row.map_or_else(Default::default, |row| (row.value, row.version));
        let first = self.first_record(log.sealed_until)?;
        let Some(from) = first.filter(|first| *first < over).map(|first| log.sealed_until.unwrap_or(first)) else {
            return Ok(Kept { sealed: None, removed: self.remove_past(&log, version, now)? });
        };
        if log.closed.is_none_or(|closed| closed < over) {
            log.closed = Some(over);
            let mut op = Operation::start(self)?;
            rows::guard(&mut op.item, Kind::Setting, ACCESS_LOG, version);
            rows::put(&mut op.item, Kind::Setting, ACCESS_LOG, None, &log)?;
            op.commit()?;
            let again = rows::load::<AccessLogNow>(&*self.store, Kind::Setting, ACCESS_LOG)?;
            version = again.filter(|row| row.value == log).map_or(0, |row| row.version);
        }
        let until = log.closed.unwrap_or(over);
        let (digest, count) = self.digest_of(from, until)?;
        let mut op = Operation::start(self)?;
        let subject = AccessLogSealed { from, until, count, digest, before: log.seal, kept_until: kept_until(until)? };
        if op.now < until {
            return Err(WrongClock::Behind { now: op.now, newest: until }.into());
        }
        let operator = self.portal.operator.clone();
        let seal = op.sign(New::public(RecordType::AccessLog, &operator, &subject))?;
        log.seal = Some(seal);
        log.sealed_until = Some(until);
        rows::guard(&mut op.item, Kind::Setting, ACCESS_LOG, version);
        rows::put(&mut op.item, Kind::Setting, ACCESS_LOG, None, &log)?;
        op.commit()?;
        let version = rows::load::<AccessLogNow>(&*self.store, Kind::Setting, ACCESS_LOG)?.map_or(0, |row| row.version);
        Ok(Kept { sealed: Some(seal), removed: self.remove_past(&log, version, now)? })
    }

    /// The second of the first record that is not sealed.
    fn first_record(&self, sealed: Option<Time>) -> Result<Option<Time>, EngineError> {
        let after = sealed.map(first_key);
        let rows = self.store.rows(Kind::AccessRecord, None, after.as_deref(), 1)?;
        rows.first().map(at).transpose()
    }

    /// SHA-256 of the records of a part, a line each, and how many there are (SPEC S-161).
    pub(super) fn digest_of(&self, from: Time, until: Time) -> Result<(Digest, u64), EngineError> {
        let (mut hash, mut count) = (Sha256::new(), 0);
        self.each_access_record(from, until, |_, bytes| {
            hash.update(bytes);
            hash.update(b"\n");
            count += 1;
            Ok::<_, EngineError>(())
        })?;
        Ok((Digest::from(<[u8; 32]>::from(hash.finalize())), count))
    }

    /// Removes the records of parts that are past their term.
    fn remove_past(&self, log: &AccessLogNow, version: u64, now: Time) -> Result<u64, EngineError> {
        let (mut past, mut after) = (None, log.removed.map(|seal| seal.id.to_string()));
        'seals: loop {
            let seals = self.store.records(Some(EntryType::AccessLog), None, after.as_deref(), PAGE)?;
            for seal in &seals {
                let seal = read::<AccessLogSealed>(Document::read(seal.bytes.clone())?, RecordType::AccessLog)?;
                if seal.subject.kept_until > now {
                    break 'seals;
                }
                past = Some((seal.reference(), seal.subject.until));
            }
            match seals.last().filter(|_| seals.len() == PAGE) {
                Some(last) => after = Some(last.id.clone()),
                None => break,
            }
        }
        let Some((seal, until)) = past else { return Ok(0) };
        let (end, mut removed) = (first_key(until), 0);
        loop {
            let rows = self.store.rows(Kind::AccessRecord, None, None, PAGE)?;
            let gone: Vec<&Row> = rows.iter().take_while(|row| row.key < end).collect();
            let mut op = Operation::start(self)?;
            op.item = gone.iter().fold(Item::default(), |item, row| item.delete(Kind::AccessRecord, row.key.as_str()));
            removed += gone.len() as u64;
            let done = gone.len() < PAGE;
            if done {
                let log = AccessLogNow { removed: Some(seal), ..log.clone() };
                rows::guard(&mut op.item, Kind::Setting, ACCESS_LOG, version);
                rows::put(&mut op.item, Kind::Setting, ACCESS_LOG, None, &log)?;
            }
            op.commit()?;
            if done {
                return Ok(removed);
            }
        }
    }
}

/// How long records are kept: data, for the law changes.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Keep {
    keep_months: u32,
    #[serde(rename = "why")]
    _why: String,
}

fn kept_until(until: Time) -> Result<Time, EngineError> {
    let keep: Keep = serde_json::from_str(include_str!("../../../policies/access-log.json")).map_err(|e| {
        EngineError::state(format!("policies/access-log.json: {e}"), "mend it, and build the program again")
    })?;
    let end = until.chrono().checked_add_months(Months::new(keep.keep_months));
    Ok(end.and_then(|end| Time::from_unix(end.timestamp())).unwrap_or(until))
}

fn at(row: &Row) -> Result<Time, EngineError> {
    let wrong = || EngineError::Row { kind: row.kind, key: row.key.clone(), why: "its time cannot be read".to_owned() };
    rows::parse::<Line>(row)?.value.at().ok_or_else(wrong)
}
