//! Keys: which key could sign what, at which place in the log. A key is valid for a record if its statement was logged before the
//! record's entry, covers the use, and was not revoked before that entry.

use std::collections::BTreeMap;

use serde_json::Value;

use super::entries::Entries;
use super::report::{Findings, Vouched};
use crate::model::bundle::Bundle;
use crate::model::record::{self, Holder, Issuer, KeyStatement, KeyUse, Record, RecordType};
use crate::model::{Digest, OrgId};
use crate::sign::{Checkpoint, Note, possession};

/// The key statements of a bundle, in the order of the log.
#[derive(Debug, Default)]
pub(super) struct Keys {
    statements: Vec<Stated>,
    operator: Option<OrgId>,
}

#[derive(Debug)]
struct Stated {
    index: u64,
    record: Record<KeyStatement>,
}

impl Keys {
    pub(super) fn read(bundle: &Bundle, entries: &Entries, findings: &mut Findings) -> Self {
        let mut keys = Keys::default();
        for document in &bundle.key_statements {
            match record::read::<KeyStatement>(document.clone(), RecordType::KeyStatement) {
                Ok(record) => match entries.places.get(&record.digest) {
                    Some(placed) => keys.statements.push(Stated { index: placed.index, record }),
                    None => continue,
                },
                Err(e) => {
                    findings.check("S-60", "keyStatements: form", Err(e.to_string()));
                }
            }
        }
        keys.statements.sort_by_key(|s| s.index);
        let first = keys
            .statements
            .first()
            .filter(|s| s.index == 0)
            .map(|s| (s.record.subject.clone(), s.record.issuer.clone()));
        match first {
            Some((subject, issuer)) => {
                let itself = issuer.id == subject.key && subject.log.is_some();
                findings.holds("S-71", "entry 0 is the operator's key statement", itself, || {
                    "it does not state its own key and log".to_owned()
                });
                let origin = bundle.log.checkpoint.lines().next().unwrap_or("");
                findings.holds(
                    "S-71",
                    "entry 0 anchors this log",
                    subject.log.as_ref().is_some_and(|l| l.origin == origin),
                    || format!("it anchors another log than `{origin}`"),
                );
                keys.operator = Some(subject.organisation);
            }
            None => {
                findings.not_given("S-71", "entry 0 is the operator's key statement", "entry 0 is not in the bundle")
            }
        }
        for i in 0..keys.statements.len() {
            keys.stated_rightly(i, findings);
        }
        keys
    }

    /// A statement is made by the operator, or by the organisation's own key for `keys`; the new key proves possession.
    fn stated_rightly(&self, i: usize, findings: &mut Findings) {
        let Some(Stated { index, record }) = self.statements.get(i) else { return };
        let subject = &record.subject;
        let what = format!("key of {} (entry {index})", subject.organisation);
        findings.holds("S-70", format!("{what}: proof of possession"), possession::holds(subject), || {
            "the stated key did not sign the statement".to_owned()
        });
        if *index == 0 {
            return;
        }
        if self.anchored_log_before(i) {
            // the first entry of the log that this one continues: what is before it vouches for its log's key
            return;
        }
        let by_operator = self.operator.as_ref() == Some(&record.issuer.register_number);
        let by_itself = record.issuer.register_number == subject.organisation;
        let allowed = match (by_operator, by_itself) {
            (false, false) => Err(format!(
                "stated by {}, which is neither the operator nor the organisation",
                record.issuer.register_number
            )),
            _ => self.valid(&record.issuer, KeyUse::Keys, *index),
        };
        findings.check("S-72", format!("{what}: stated by one who may"), allowed);
        if by_operator && !by_itself {
            findings.holds(
                "S-72",
                format!("{what}: how the register number was checked"),
                subject.checked.is_some(),
                || "the operator does not say".to_owned(),
            );
        }
        findings.vouched.push(Vouched {
            organisation: subject.organisation.to_string(),
            key: subject.key.to_string(),
            held_by: if subject.held_by == Holder::Own { "self" } else { "service" }.to_owned(),
            by: if by_operator {
                format!("the operator, {}", record.issuer.legal_name)
            } else {
                "itself, with an earlier key".to_owned()
            },
            checked: subject.checked.clone(),
        });
    }

    /// Whether this is entry 0 of a log that was given up: it states itself, and the statement in the entry before continues a
    /// checkpoint that this log's key signed.
    fn anchored_log_before(&self, i: usize) -> bool {
        let Some((before, this)) =
            i.checked_sub(1).and_then(|b| Some((self.statements.get(b)?, self.statements.get(i)?)))
        else {
            return false;
        };
        let itself = this.record.issuer.id == this.record.subject.key
            && this.record.subject.organisation == before.record.subject.organisation;
        let continues = before.record.subject.log.as_ref().and_then(|log| log.continues.as_deref());
        let signed = |note: &str, key: &str| {
            let (note, key) = (Note::parse(note.as_bytes()).ok()?, key.parse().ok()?);
            Checkpoint::open(&note, &key, &[]).ok()
        };
        let own = this.record.subject.log.as_ref().map(|log| log.key.as_str());
        let anchored = continues.zip(own).and_then(|(note, key)| signed(note, key)).is_some();
        itself && anchored && this.index == before.index + 1 && (before.index == 0 || self.anchored_log_before(i - 1))
    }

    /// Whether a key of this issuer may sign for a use at a place in the log.
    pub(super) fn valid(&self, issuer: &Issuer, key_use: KeyUse, index: u64) -> Result<(), String> {
        let before = || self.statements.iter().filter(|s| s.index < index || (s.index == 0 && index == 0));
        let stated = before()
            .find(|s| s.record.subject.key == issuer.id)
            .ok_or_else(|| format!("no statement of the key {} before entry {index}", issuer.id))?;
        let subject = &stated.record.subject;
        if subject.organisation != issuer.register_number || subject.name != issuer.legal_name {
            return Err(format!("the key is stated to be of {} ({})", subject.organisation, subject.name));
        }
        if !subject.uses.contains(&key_use) {
            return Err(format!("the key may not sign `{}`", key_use.as_str()));
        }
        match before().find(|s| s.record.subject.revokes.contains(&issuer.id)) {
            Some(revoked) => Err(format!("the key was revoked by entry {}", revoked.index)),
            None => Ok(()),
        }
    }
}

/// Records of one member of the bundle, read strictly and with their keys checked.
pub(super) fn read<S: serde::de::DeserializeOwned>(
    member: &str,
    document: &Value,
    kind: RecordType,
    entries: &Entries,
    keys: &Keys,
    findings: &mut Findings,
) -> Option<Record<S>> {
    let record = match record::read::<S>(document.clone(), kind) {
        Ok(record) => record,
        Err(e) => {
            findings.check("S-60", format!("{member}: form"), Err(e.to_string()));
            return None;
        }
    };
    if let Some(placed) = entries.places.get(&record.digest) {
        findings.check(
            "S-73",
            format!("{member}: key of {}", record.issuer.register_number),
            keys.valid(&record.issuer, kind.key_use(), placed.index),
        );
    }
    Some(record)
}

/// Records by digest.
pub(super) fn by_digest<S>(records: Vec<Record<S>>) -> BTreeMap<Digest, Record<S>> {
    records.into_iter().map(|r| (r.digest, r)).collect()
}
