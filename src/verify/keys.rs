//! Keys: which key could sign what, at which place in the log. A key is valid for a record if its statement was logged before the
//! record's entry, covers the use, and was not revoked before that entry.

use std::collections::BTreeMap;

use serde_json::Value;

use super::entries::Entries;
use super::report::{Findings, Vouched};
use crate::model::record::{
    self, Actor, Holder, Issuer, KeyStatement, KeyUse, Level, LogIdentity, Record, RecordType, Subject,
};
use crate::model::{DidKey, Digest, Document, OrgId};
use crate::sign::{Checkpoint, Note, VerifierKey, possession};

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
    /// The statements of a log or bundle. `origin` and `key` are those of the log whose checkpoint is given.
    pub(super) fn read<'a>(
        statements: impl IntoIterator<Item = &'a Document>,
        (origin, key): (&str, Option<&VerifierKey>),
        entries: &Entries<'_>,
        findings: &mut Findings,
    ) -> Self {
        let mut keys = Keys::default();
        for document in statements {
            match record::read::<KeyStatement>(document.clone(), RecordType::KeyStatement) {
                Ok(record) => match entries.index(&record.digest) {
                    Some(index) => keys.statements.push(Stated { index, record }),
                    None => continue,
                },
                Err(e) => {
                    findings.check("S-60", "keyStatements: form", Err(e.to_string()));
                }
            }
        }
        keys.statements.sort_by_key(|s| s.index);
        keys.anchored(origin, key, findings);
        for i in 0..keys.statements.len() {
            keys.stated_rightly(i, findings);
        }
        keys
    }

    /// Entry 0 is the statement of the operator about its own key, and names the log whose checkpoint this is.
    fn anchored(&mut self, origin: &str, key: Option<&VerifierKey>, findings: &mut Findings) {
        let what = "entry 0 is the operator's key statement";
        let Some(first) = self.statements.first().filter(|s| s.index == 0) else {
            findings.not_given("S-71", what, "entry 0 is not in the bundle");
            return;
        };
        let (subject, issuer) = (&first.record.subject, &first.record.issuer);
        let own =
            Issuer { id: subject.key, legal_name: subject.name.clone(), register_number: subject.organisation.clone() };
        let itself = *issuer == own && !subject.recovery && subject.revokes.is_empty();
        findings.holds("S-71", what, itself && subject.log.is_some(), || {
            "it does not state its own key and log".to_owned()
        });
        let key = key.map(ToString::to_string);
        let log = subject.log.as_ref();
        let anchors = log.is_some_and(|l| l.origin == origin && key.as_ref().is_none_or(|k| *k == l.key));
        findings.holds("S-71", "entry 0 anchors this log", anchors, || {
            format!("it anchors another log than `{origin}`, or another key than the one given")
        });
        self.operator = Some(subject.organisation.clone());
    }

    /// Who runs the portal, as entry 0 says.
    pub(super) fn operator(&self) -> Option<&OrgId> {
        self.operator.as_ref()
    }

    /// A statement is made by the operator, or by the organisation's own key for `keys`; the new key proves possession.
    fn stated_rightly(&self, i: usize, findings: &mut Findings) {
        let Some(Stated { index, record }) = self.statements.get(i) else { return };
        let subject = &record.subject;
        let what = format!("key of {} (entry {index})", subject.organisation);
        let document = record.document.value();
        let stated = document.get("credentialSubject").unwrap_or(&Value::Null);
        findings.holds("S-70", format_args!("{what}: proof of possession"), possession::holds(subject, stated), || {
            "the stated key did not sign the statement".to_owned()
        });
        if *index == 0 {
            return;
        }
        // entry 0 of a log that this one continues states itself too: what is before it vouches for that log's key
        let anchor = self.anchored_log_before(i);
        findings.holds("S-71", format_args!("{what}: anchors no log"), subject.log.is_none() || anchor, || {
            "only entry 0 names a log".to_owned()
        });
        let new = self.before(*index).all(|s| s.record.subject.key != subject.key);
        findings.holds("S-74", format_args!("{what}: stated once"), new, || "the key was stated before".to_owned());
        if anchor {
            return;
        }
        let by_operator = self.operator.as_ref() == Some(&record.issuer.register_number);
        let by_itself = record.issuer.register_number == subject.organisation;
        findings.check("S-72", format_args!("{what}: stated by one who may"), self.may_state(record, *index));
        if by_operator && !by_itself {
            findings.holds(
                "S-72",
                format_args!("{what}: how the register number was checked"),
                subject.checked.is_some(),
                || "the operator does not say".to_owned(),
            );
        }
        let own = |key: &DidKey| {
            let known = self
                .before(*index)
                .find(|s| s.record.subject.key == *key && s.record.subject.organisation == subject.organisation);
            known.is_some() && self.revoked_before(key, *index).is_none()
        };
        findings.holds(
            "S-75",
            format_args!("{what}: revokes its own keys only"),
            subject.revokes.iter().all(own),
            || "it revokes a key that is not a valid key of the organisation".to_owned(),
        );
        findings.vouched.push(Vouched {
            organisation: subject.organisation.to_string(),
            key: subject.key.to_string(),
            held_by: word(subject.held_by).to_owned(),
            by: if by_operator {
                format!("the operator, {}", record.issuer.legal_name)
            } else {
                "itself, with an earlier key".to_owned()
            },
            checked: subject.checked.clone(),
        });
    }

    /// Whether this is entry 0 of a log that was given up (SPEC S-136): it states itself, as entry 0 does, and the statement in the
    /// entry before, which is an anchor too, says why and from which checkpoint it goes on, signed by this log's key.
    fn anchored_log_before(&self, i: usize) -> bool {
        let Some((before, this)) =
            i.checked_sub(1).and_then(|b| Some((self.statements.get(b)?, self.statements.get(i)?)))
        else {
            return false;
        };
        let subject = &this.record.subject;
        let own =
            Issuer { id: subject.key, legal_name: subject.name.clone(), register_number: subject.organisation.clone() };
        let itself = this.record.issuer == own
            && !subject.recovery
            && subject.revokes.is_empty()
            && self.operator.as_ref() == Some(&subject.organisation);
        let anchored = before.record.subject.log.as_ref().zip(subject.log.as_ref()).is_some_and(|(l, o)| goes_on(l, o));
        itself && anchored && this.index == before.index + 1 && (before.index == 0 || self.anchored_log_before(i - 1))
    }

    /// The operator states first keys, and later ones only as a recovery; an organisation states its own later ones.
    fn may_state(&self, record: &Record<KeyStatement>, index: u64) -> Result<(), String> {
        let (subject, issuer) = (&record.subject, &record.issuer.register_number);
        let by_operator = self.operator.as_ref() == Some(issuer);
        let by_itself = *issuer == subject.organisation;
        if !by_operator && !by_itself {
            return Err(format!("stated by {issuer}, which is neither the operator nor the organisation"));
        }
        if by_itself && subject.recovery {
            return Err("an organisation recovers no key itself".to_owned());
        }
        let keeps_own = self.before(index).any(|s| {
            let s = &s.record.subject;
            s.organisation == subject.organisation
                && s.uses.contains(&KeyUse::Keys)
                && self.revoked_before(&s.key, index).is_none()
        });
        if !by_itself && keeps_own && !subject.recovery {
            return Err("the organisation has a key for keys, and this is not marked as a recovery".to_owned());
        }
        self.valid(&record.issuer, KeyUse::Keys, index)
    }

    fn before(&self, index: u64) -> impl Iterator<Item = &Stated> {
        self.statements.iter().filter(move |s| s.index < index || (s.index == 0 && index == 0))
    }

    /// The entry that revoked a key, of those before a place.
    fn revoked_before(&self, key: &DidKey, index: u64) -> Option<u64> {
        self.before(index).find(|s| s.record.subject.revokes.contains(key)).map(|s| s.index)
    }

    /// The statement of a key, of those before a place.
    fn stated(&self, key: &DidKey, index: u64) -> Option<&KeyStatement> {
        self.before(index).map(|s| &s.record.subject).find(|s| s.key == *key)
    }

    /// Whether a key of this issuer may sign for a use at a place in the log.
    pub(super) fn valid(&self, issuer: &Issuer, key_use: KeyUse, index: u64) -> Result<(), String> {
        let subject = self
            .stated(&issuer.id, index)
            .ok_or_else(|| format!("no statement of the key {} before entry {index}", issuer.id))?;
        if subject.organisation != issuer.register_number || subject.name != issuer.legal_name {
            return Err(format!("the key is stated to be of {} ({})", subject.organisation, subject.name));
        }
        if !subject.uses.contains(&key_use) {
            return Err(format!("the key may not sign `{}`", key_use.as_str()));
        }
        match self.revoked_before(&issuer.id, index) {
            Some(revoked) => Err(format!("the key was revoked by entry {revoked}")),
            None => Ok(()),
        }
    }

    /// The record says where the key lives as the key's statement does, and claims no higher level than that allows.
    fn holder(&self, actor: Option<&Actor>, issuer: &Issuer, index: u64) -> Result<(), String> {
        let Some(actor) = actor else { return Ok(()) };
        let stated = self.stated(&issuer.id, index).map(|s| s.held_by);
        if stated.is_some_and(|held| held != actor.key_held_by) {
            return Err(format!("it says `{}`, the key's statement otherwise", word(actor.key_held_by)));
        }
        if actor.level != Level::Simple && actor.key_held_by != Holder::Own {
            return Err("a key that the service holds gives a simple signature only".to_owned());
        }
        Ok(())
    }
}

fn word(holder: Holder) -> &'static str {
    if holder == Holder::Own { "self" } else { "service" }
}

/// Whether a log goes on from an older one: from a checkpoint under the older log's key, with the reason, and under another name
/// and another key than that.
fn goes_on(log: &LogIdentity, older: &LogIdentity) -> bool {
    let opens = || {
        let note = Note::parse(log.continues.as_deref()?.as_bytes()).ok()?;
        let (key, newer) = (older.key.parse::<VerifierKey>().ok()?, log.key.parse::<VerifierKey>().ok()?);
        let opened = Checkpoint::open(&note, &key, &[]).ok()?;
        Some(opened.checkpoint().origin() == older.origin && newer.key() != key.key())
    };
    log.reason.is_some() && log.origin != older.origin && opens() == Some(true)
}

/// A record of one member of the bundle, read strictly and with its key checked.
pub(super) fn read<S: Subject>(
    member: &str,
    document: &Document,
    kind: RecordType,
    entries: &Entries<'_>,
    keys: &Keys,
    findings: &mut Findings,
) -> Option<Record<S>> {
    let record = match record::read::<S>(document.clone(), kind) {
        Ok(record) => record,
        Err(e) => {
            findings.check("S-60", format_args!("{member}: form"), Err(e.to_string()));
            return None;
        }
    };
    envelope(member, &record, findings);
    if let Some(index) = entries.index(&record.digest) {
        findings.check(
            "S-73",
            format_args!("{member}: key of {}", record.issuer.register_number),
            keys.valid(&record.issuer, record.subject.key_use(kind), index),
        );
        findings.check(
            "S-77",
            format_args!("{member}: where the key lives"),
            keys.holder(record.subject.actor(), &record.issuer, index),
        );
    }
    Some(record)
}

/// What the envelope must hold for a type: a salt if it is not public, and the end of what it grants.
fn envelope<S: Subject>(member: &str, record: &Record<S>, findings: &mut Findings) {
    let of_case = record.kind.of_case();
    findings.holds("S-8", format_args!("{member}: salt"), record.salt.is_some() == of_case, || {
        if of_case { "a record of a case has a salt" } else { "a public record has none" }.to_owned()
    });
    let status = !record.has_status || record.kind == RecordType::Deal;
    let ends = record.valid_until == record.subject.until();
    findings.holds("S-66", format_args!("{member}: until when"), ends && status, || {
        "validUntil is not the end of what the record grants, or it has a status and is no deal".to_owned()
    });
}

/// Records by digest.
pub(super) fn by_digest<S>(records: Vec<Record<S>>) -> BTreeMap<Digest, Record<S>> {
    records.into_iter().map(|r| (r.digest, r)).collect()
}
