//! A whole log: what is public is checked once, then case after case by the same checks as a bundle. Each record is verified once,
//! however many cases rest on it. That the entries are the log's own, whoever reads them sees by its root.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::case::{self, Mandates, Public, Reader, Texts, Withdrawals};
use super::entries::{self, Entries, Placed};
use super::file::CaseFile;
use super::keys::{self, Keys};
use super::report::{Check, Findings};
use crate::conditions::Schema;
use crate::model::entry::Entry;
use crate::model::input::{DecisionInput, SetRef};
use crate::model::record::{
    AccessLogSealed, ConditionSetPublished, DatasetImported, DatasetList, Mandate, MandateWithdrawn, Record,
    RecordType, Reference, SchemaPublished, Subject, TrustList, kind_of,
};
use crate::model::{Digest, Document, Time};
use crate::sign::VerifierKey;

/// How many combinations of texts are kept compiled.
const MAX_TEXTS: usize = 256;

/// A record and its entry in the log.
#[derive(Debug, Clone)]
pub struct Logged {
    /// Of the entry.
    pub index: u64,
    /// The entry.
    pub entry: Entry,
    /// The record.
    pub document: Document,
}

/// What is public in a log.
#[derive(Debug, Default)]
pub struct Whole {
    keys: Keys,
    places: BTreeMap<Digest, Placed>,
    mandates: Arc<Mandates>,
    withdrawn: Arc<Withdrawals>,
    /// By digest of the text.
    schemas: BTreeMap<Digest, (Record<SchemaPublished>, Option<Arc<Schema>>)>,
    sets: BTreeMap<Digest, Record<ConditionSetPublished>>,
    trust_lists: BTreeMap<Digest, Record<TrustList>>,
    /// The last seal of the access log.
    sealed: Option<Reference>,
    /// The parts of the access log that were sealed, in order.
    access_log: Vec<AccessLogSealed>,
    /// The lists that imports name beside their records.
    dataset_lists: Vec<DatasetList>,
    compiled: Mutex<HashMap<Named, Arc<Texts>>>,
}

/// The texts that an input names: the schema's text, the records of sets, and that of the trust list.
type Named = (Digest, Vec<SetRef>, Option<Digest>);

/// What a look at one record or case found.
#[derive(Debug, Default)]
pub struct Audited {
    /// Each check that failed.
    pub failed: Vec<Check>,
    /// Whether a decision was replayed to the same bytes.
    pub replayed: bool,
    /// Index and time of each record.
    pub records: Vec<(u64, Option<Time>)>,
}

impl Whole {
    /// The key statements of a log, in its order. `origin` and `key` are those of its checkpoint.
    #[must_use]
    pub fn new(statements: &[Logged], origin: &str, key: &VerifierKey) -> (Self, Audited) {
        let mut whole = Whole::default();
        let mut findings = Findings::of_failures();
        for statement in statements {
            whole.place("keyStatements", statement, &mut findings);
        }
        let entries = Entries { shared: Some(&whole.places), ..Entries::default() };
        let documents = statements.iter().map(|s| &s.document);
        let keys = Keys::read(documents, (origin, Some(key)), &entries, &mut findings);
        whole.keys = keys;
        let audited = whole.audited(findings, statements.iter().map(|s| s.document.digest()));
        (whole, audited)
    }

    /// Takes in one more public record: it may be named by cases from now on.
    pub fn publish(&mut self, logged: &Logged) -> Audited {
        let mut findings = Findings::of_failures();
        match kind_of(&logged.document) {
            Ok(RecordType::Mandate) => {
                if let Some(mandate) = self.read::<Mandate>("mandate", logged, &mut findings) {
                    self.by("mandate", &mandate, Some(mandate.subject.giver.as_str()), &mut findings);
                    Arc::make_mut(&mut self.mandates).insert(mandate.digest, mandate);
                }
            }
            Ok(RecordType::MandateWithdrawal) => {
                if let Some(record) = self.read::<MandateWithdrawn>("withdrawal", logged, &mut findings) {
                    self.by("withdrawal", &record, Some(record.subject.giver.as_str()), &mut findings);
                    let entries = Entries { shared: Some(&self.places), ..Entries::default() };
                    let right = case::withdraws(&record, &self.mandates, &self.withdrawn, &entries);
                    findings.check("S-190", "withdrawal: of a mandate", right);
                    // of two the first one counts
                    Arc::make_mut(&mut self.withdrawn).entry(record.subject.mandate.digest).or_insert(record);
                }
            }
            Ok(RecordType::Schema) => {
                if let Some(record) = self.read::<SchemaPublished>("schema", logged, &mut findings) {
                    self.by("schema", &record, self.operator().as_deref(), &mut findings);
                    let schema = Schema::parse(&record.subject.text).map(Arc::new);
                    let read = schema.as_ref().map(|_| ()).map_err(ToString::to_string);
                    findings.check("S-60", "schema: can be read", read);
                    self.schemas.insert(Digest::of(record.subject.text.as_bytes()), (record, schema.ok()));
                }
            }
            Ok(RecordType::ConditionSet) => {
                if let Some(set) = self.read::<ConditionSetPublished>("condition set", logged, &mut findings) {
                    let by = self.keys.operator().and_then(|operator| case::publisher(&set.subject, operator));
                    self.by("condition set", &set, by.map(|o| o.as_str()), &mut findings);
                    self.sets.insert(set.digest, set);
                }
            }
            Ok(RecordType::TrustList) => {
                if let Some(list) = self.read::<TrustList>("trust list", logged, &mut findings) {
                    self.by("trust list", &list, self.operator().as_deref(), &mut findings);
                    self.trust_lists.insert(list.digest, list);
                }
            }
            Ok(RecordType::AccessLog) => {
                if let Some(seal) = self.read::<AccessLogSealed>("access log", logged, &mut findings) {
                    self.by("access log", &seal, self.operator().as_deref(), &mut findings);
                    findings.check(
                        "S-162",
                        "access log: follows the part before",
                        follows(self.sealed.zip(self.access_log.last()), &seal),
                    );
                    self.sealed = Some(seal.reference());
                    self.access_log.push(seal.subject);
                }
            }
            Ok(RecordType::Dataset) => {
                if let Some(record) = self.read::<DatasetImported>("dataset", logged, &mut findings) {
                    self.by("dataset", &record, self.operator().as_deref(), &mut findings);
                    let right = one_place(&record.subject);
                    findings.check("S-192", "dataset: in the record or in a list", right);
                    self.dataset_lists.extend(record.subject.list);
                    // no decision reads it from here: the input holds the dataset as it was
                    let at = self.places.remove(&record.digest).and_then(|p| p.at);
                    return Audited { records: vec![(logged.index, at)], ..self.audited(findings, []) };
                }
            }
            Ok(other) => {
                findings.check("S-86", "entry", Err(format!("a {other} is no public record of a log")));
            }
            Err(e) => {
                findings.check("S-60", "record: form", Err(e.to_string()));
            }
        }
        self.audited(findings, [logged.document.digest()])
    }

    /// Checks a case whose records stand at these entries, as [`verify`](super::verify) checks that of a bundle.
    #[must_use]
    pub fn case(&self, file: &CaseFile, entries: &[(Digest, u64, Entry)]) -> Audited {
        let mut findings = Findings::of_failures();
        let mut own = Entries { shared: Some(&self.places), ..Entries::default() };
        for (member, document) in file.records() {
            let digest = document.digest();
            entries::signed(member, document, &mut findings);
            match entries.iter().find(|(of, ..)| *of == digest) {
                Some((_, index, entry)) => {
                    let placed = Placed::new(*index, entry.clone(), member, document);
                    entries::agrees(document, &placed, &mut findings);
                    own.places.insert(digest, placed);
                }
                None => {
                    findings.check(
                        "S-83",
                        format_args!("{member}: in the log"),
                        Err(format!("no entry has the digest {digest}")),
                    );
                }
            }
        }
        let public = Public::Known(self);
        let mut reader = Reader { file, public, entries: &own, keys: &self.keys, findings: &mut findings };
        let replayed = case::check(&mut reader);
        let records = own.places.values().map(|p| (p.index, p.at.filter(|_| !p.elsewhere))).collect();
        Audited { failed: findings.checks, replayed, records }
    }

    /// The lists that imports name beside their records, in the order of the log.
    #[must_use]
    pub fn dataset_lists(&self) -> &[DatasetList] {
        &self.dataset_lists
    }

    /// The parts of the access log that were sealed, in order.
    #[must_use]
    pub fn access_log(&self) -> &[AccessLogSealed] {
        &self.access_log
    }

    pub(super) fn mandates(&self) -> Arc<Mandates> {
        Arc::clone(&self.mandates)
    }

    pub(super) fn withdrawn(&self) -> Arc<Withdrawals> {
        Arc::clone(&self.withdrawn)
    }

    /// A published set by the digest of its record.
    pub(super) fn set(&self, record: &Digest) -> Option<&ConditionSetPublished> {
        self.sets.get(record).map(|set| &set.subject)
    }

    /// The texts that an input names; none of them without an input.
    pub(super) fn texts(&self, input: Option<&DecisionInput>) -> Arc<Texts> {
        let Some(input) = input else { return Arc::default() };
        let named = (input.schema, input.sets.clone(), input.trust_list);
        let mut compiled = self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = compiled.get(&named) {
            return Arc::clone(found);
        }
        let (record, schema) = self.schemas.get(&input.schema).cloned().unzip();
        let sets = input.sets.iter().filter_map(|s| self.sets.get(&s.record).cloned()).collect();
        let trust_list = input.trust_list.and_then(|d| self.trust_lists.get(&d).cloned());
        let texts = Arc::new(Texts::new(record, schema.flatten(), sets, trust_list));
        if compiled.len() >= MAX_TEXTS {
            compiled.clear();
        }
        compiled.insert(named, Arc::clone(&texts));
        texts
    }

    fn operator(&self) -> Option<String> {
        self.keys.operator().map(ToString::to_string)
    }

    fn place(&mut self, member: &'static str, logged: &Logged, findings: &mut Findings) {
        entries::signed(member, &logged.document, findings);
        let placed = Placed::new(logged.index, logged.entry.clone(), member, &logged.document);
        entries::agrees(&logged.document, &placed, findings);
        findings.holds("S-88", format_args!("{member}: about itself"), case::blinded(&placed, "", None), || {
            "its entry is about something else".to_owned()
        });
        self.places.insert(logged.document.digest(), placed);
    }

    fn read<S: Subject>(
        &mut self,
        member: &'static str,
        logged: &Logged,
        findings: &mut Findings,
    ) -> Option<Record<S>> {
        self.place(member, logged, findings);
        let entries = Entries { shared: Some(&self.places), ..Entries::default() };
        let kind = kind_of(&logged.document).ok()?;
        keys::read(member, &logged.document, kind, &entries, &self.keys, findings)
    }

    fn by<S>(&self, what: &str, record: &Record<S>, by: Option<&str>, findings: &mut Findings) {
        let issuer = record.issuer.register_number.as_str();
        findings.holds("S-76", format_args!("{what}: by the party whose act it is"), by == Some(issuer), || {
            format!("it is by {issuer}")
        });
    }

    fn audited(&self, findings: Findings, records: impl IntoIterator<Item = Digest>) -> Audited {
        // the clock of a statement that continues a log is that of the new log, not of the entries that follow (SPEC S-89)
        let placed = |digest: Digest| self.places.get(&digest).map(|p| (p.index, p.at.filter(|_| !p.continues)));
        let records = records.into_iter().filter_map(placed).collect();
        Audited { failed: findings.checks, replayed: false, records }
    }
}

/// The parts of an access log follow each other without a gap, and none is sealed before it is over (SPEC S-162).
fn follows(before: Option<(Reference, &AccessLogSealed)>, seal: &Record<AccessLogSealed>) -> Result<(), String> {
    let part = &seal.subject;
    if part.before != before.map(|(reference, _)| reference) {
        return Err("it names another part as the one before".to_owned());
    }
    if let Some((_, before)) = before.filter(|(_, before)| before.until != part.from) {
        return Err(format!("it begins at {}, and the part before ends at {}", part.from, before.until));
    }
    let ordered = part.from < part.until && part.until <= seal.valid_from && part.until <= part.kept_until;
    if ordered && part.count > 0 { Ok(()) } else { Err("its times or its count cannot be".to_owned()) }
}

/// An import has its datasets in its record, or names a list of them; never both.
fn one_place(import: &DatasetImported) -> Result<(), String> {
    let both = import.list.is_some() && !(import.datasets.is_empty() && import.gone.is_empty());
    if both { Err("it has datasets of its own and names a list".to_owned()) } else { Ok(()) }
}
