//! The records of a case, read strictly, and the order in which they are checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::entries::{Entries, Placed};
use super::file::{CaseFile, PublicFile};
use super::keys::{Keys, by_digest, read};
use super::replay;
use super::report::Findings;
use super::whole::Whole;
use crate::conditions::{Schema, Slice, load};
use crate::model::condition::Level;
use crate::model::decision::Decision;
use crate::model::entry;
use crate::model::input::{DecisionInput, SetRef};
use crate::model::record::{
    Acceptance, Actor, ApprovalGiven, ConditionSetPublished, Deal, DealReview, DecisionRecord, Erasure, Mandate,
    MandateWithdrawn, Objection, Record, RecordType, RequestReceived, Revocation, RevocationAction, SchemaPublished,
    Subject, TermChanged, TrustList, kind_of,
};
use crate::model::{Digest, Document, JsonError, OrgId, Salt, json};

/// The records of a case.
pub(super) struct Case<'a> {
    pub(super) request: Record<RequestReceived>,
    pub(super) decision: Option<Record<DecisionRecord>>,
    pub(super) deal: Option<Record<Deal>>,
    pub(super) acceptance: Option<Record<Acceptance>>,
    pub(super) approvals: Vec<Record<ApprovalGiven>>,
    pub(super) revocations: Vec<Record<Revocation>>,
    pub(super) reviews: Vec<Record<DealReview>>,
    pub(super) supersedes: Option<Record<Deal>>,
    pub(super) superseded_by: Option<Record<Deal>>,
    pub(super) superseded_by_acceptance: Option<Record<Acceptance>>,
    pub(super) mandates: Arc<Mandates>,
    pub(super) withdrawn: Arc<Withdrawals>,
    pub(super) erased: Vec<Record<Erasure>>,
    /// Other versions of the request.
    pub(super) versions: Vec<Record<RequestReceived>>,
    pub(super) terms: Vec<Record<TermChanged>>,
    pub(super) objections: Vec<Record<Objection>>,
    /// Other decisions of the case.
    pub(super) decisions: Vec<Record<DecisionRecord>>,
    /// Approvals that count no longer.
    pub(super) superseded: Vec<Record<ApprovalGiven>>,
    pub(super) texts: Arc<Texts>,
    /// The input, once it is known to be the one that the decision names.
    pub(super) input: Option<&'a DecisionInput>,
}

/// The other records of a request.
#[derive(Default)]
struct History {
    versions: Vec<Record<RequestReceived>>,
    terms: Vec<Record<TermChanged>>,
    objections: Vec<Record<Objection>>,
    decisions: Vec<Record<DecisionRecord>>,
    superseded: Vec<Record<ApprovalGiven>>,
}

/// Mandates by digest.
pub(super) type Mandates = BTreeMap<Digest, Record<Mandate>>;

/// Withdrawals by the digest of their mandate.
pub(super) type Withdrawals = BTreeMap<Digest, Record<MandateWithdrawn>>;

/// The texts that a decision rests on.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub(super) schema_record: Option<Record<SchemaPublished>>,
    pub(super) schema: Option<Arc<Schema>>,
    pub(super) sets: Vec<Record<ConditionSetPublished>>,
    pub(super) trust_list: Option<Record<TrustList>>,
    /// How an input names the sets.
    pub(super) named: Vec<SetRef>,
    /// The sets put together, once somebody asks.
    slice: OnceLock<Result<Slice, String>>,
    /// The last answers that these texts gave, in their canonical bytes: cases under the same texts often have the same.
    spelled: Mutex<Vec<(Decision, Arc<[u8]>)>>,
}

/// How many answers are kept.
const MAX_SPELLED: usize = 8;

impl Texts {
    pub(super) fn new(
        schema_record: Option<Record<SchemaPublished>>,
        schema: Option<Arc<Schema>>,
        sets: Vec<Record<ConditionSetPublished>>,
        trust_list: Option<Record<TrustList>>,
    ) -> Self {
        let text = |set: &Record<ConditionSetPublished>| Digest::of(set.subject.text.as_bytes());
        let named = sets.iter().map(|s| SetRef { level: s.subject.level, text: text(s), record: s.digest }).collect();
        let (slice, spelled) = (OnceLock::new(), Mutex::default());
        Texts { schema_record, schema, sets, trust_list, named, slice, spelled }
    }

    /// Schema and sets, compiled.
    pub(super) fn compiled(&self) -> Result<(&Schema, &Slice), String> {
        let schema = self.schema.as_ref().ok_or("there is no schema")?;
        let compile = || {
            let sets = self.sets.iter().map(|s| {
                let (level, text) = (s.subject.level, &s.subject.text);
                load(schema, level.as_str(), text, level).map(Arc::new).map_err(|e| e.to_string())
            });
            Slice::new(sets.collect::<Result<Vec<_>, _>>()?).map_err(|e| e.to_string())
        };
        let slice = self.slice.get_or_init(compile).as_ref().map_err(Clone::clone)?;
        Ok((schema, slice))
    }
}

impl Texts {
    /// The canonical bytes of an answer.
    pub(super) fn spell(&self, answer: &Decision) -> Result<Arc<[u8]>, JsonError> {
        let spelled = || self.spelled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = spelled().iter().find(|(known, _)| known == answer) {
            return Ok(Arc::clone(bytes));
        }
        let bytes: Arc<[u8]> = json::bytes(answer, "decision")?.into();
        let mut spelled = spelled();
        if spelled.len() >= MAX_SPELLED {
            spelled.remove(0);
        }
        spelled.push((answer.clone(), Arc::clone(&bytes)));
        Ok(bytes)
    }
}

impl Case<'_> {
    /// The first version of the request: its id and salt are those of the case.
    pub(super) fn first(&self) -> &Record<RequestReceived> {
        let first = |r: &&Record<RequestReceived>| r.subject.replaces.is_none();
        self.versions.iter().find(first).unwrap_or(&self.request)
    }

    /// Whose dataset it is: who offers the deal, or decided; of an open request, in whose name it is approved and its term is moved.
    pub(super) fn owner(&self) -> Option<&OrgId> {
        let deal = self.deal.iter().map(|d| &d.issuer);
        let decided = self.decision.iter().map(|d| &d.issuer);
        let open = self.approvals.iter().chain(&self.superseded).map(|a| &a.issuer);
        let mut issuers = deal.chain(decided).chain(open).chain(self.terms.iter().map(|t| &t.issuer));
        issuers.next().map(|issuer| &issuer.register_number)
    }

    /// Everybody who acted in it, or published what it rests on.
    pub(super) fn actors(&self) -> impl Iterator<Item = &Actor> {
        fn of<S: Subject>(record: &Record<S>) -> Option<&Actor> {
            record.subject.actor()
        }
        let once = [of(&self.request)].into_iter().flatten();
        once.chain(self.decision.iter().filter_map(of))
            .chain(self.deal.iter().filter_map(of))
            .chain(self.acceptance.iter().filter_map(of))
            .chain(self.approvals.iter().filter_map(of))
            .chain(self.revocations.iter().filter_map(of))
            .chain(self.reviews.iter().filter_map(of))
            .chain(self.supersedes.iter().filter_map(of))
            .chain(self.superseded_by.iter().filter_map(of))
            .chain(self.superseded_by_acceptance.iter().filter_map(of))
            .chain(self.erased.iter().filter_map(of))
            .chain(self.versions.iter().filter_map(of))
            .chain(self.terms.iter().filter_map(of))
            .chain(self.objections.iter().filter_map(of))
            .chain(self.decisions.iter().filter_map(of))
            .chain(self.superseded.iter().filter_map(of))
            .chain(self.withdrawn.values().filter_map(of))
            .chain(self.texts.sets.iter().filter_map(of))
    }
}

/// What is public: in the bundle with the case, or known of the whole log and checked before.
#[derive(Debug, Clone, Copy)]
pub(super) enum Public<'a> {
    InBundle(&'a PublicFile),
    Known(&'a Whole),
}

/// What every check of a case needs.
pub(super) struct Reader<'a> {
    pub(super) file: &'a CaseFile,
    pub(super) public: Public<'a>,
    pub(super) entries: &'a Entries<'a>,
    pub(super) keys: &'a Keys,
    pub(super) findings: &'a mut Findings,
}

/// Checks a case, and replays its decision: true if that gave the same bytes.
pub(super) fn check(reader: &mut Reader<'_>) -> bool {
    let Some(mut case) = reader.case() else { return false };
    reader.versions(&case);
    reader.issuers(&case);
    reader.blinded(case.first());
    reader.chain(&case);
    reader.course(&case);
    reader.result(&case);
    reader.accepted(&case);
    reader.obligations(&case);
    reader.words(&case);
    reader.afterwards(&case);
    reader.followed(&case);
    reader.people(&case);
    reader.sides(&case);
    case.input = reader.input(&case);
    reader.reviewed(&case);
    replay::check(reader.file, reader.entries, &case, reader.findings)
}

impl<'a> Reader<'a> {
    fn one<S: Subject>(&mut self, member: &str, document: &Document, kind: RecordType) -> Option<Record<S>> {
        read(member, document, kind, self.entries, self.keys, self.findings)
    }

    fn many<S: Subject>(&mut self, member: &str, documents: &[Document], kind: RecordType) -> Vec<Record<S>> {
        documents.iter().filter_map(|d| self.one(member, d, kind)).collect()
    }

    /// Every record but the key statements, in this order.
    fn case(&mut self) -> Option<Case<'a>> {
        let file = self.file;
        let request = self.one::<RequestReceived>("request", &file.request, RecordType::Request);
        let decision = file.decision.as_ref().map(|d| self.one::<DecisionRecord>("decision", d, RecordType::Decision));
        let deal = file.deal.as_ref().map(|d| self.one::<Deal>("deal", d, RecordType::Deal));
        let acceptance =
            file.acceptance.as_ref().map(|d| self.one::<Acceptance>("acceptance", d, RecordType::Acceptance));
        let approvals = self.many("approvals", &file.approvals, RecordType::Approval);
        let revocations = self.many("revocations", &file.revocations, RecordType::Revocation);
        let reviews = self.many("reviews", &file.reviews, RecordType::Review);
        let supersedes = file.supersedes.as_ref().map(|d| self.one::<Deal>("supersedes", d, RecordType::Deal));
        let superseded_by = file.superseded_by.as_ref().map(|d| self.one::<Deal>("supersededBy", d, RecordType::Deal));
        let superseded_by_acceptance = file
            .superseded_by_acceptance
            .as_ref()
            .map(|d| self.one::<Acceptance>("supersededByAcceptance", d, RecordType::Acceptance));
        let (mandates, withdrawn) = match self.public {
            Public::InBundle(public) => {
                let mandates = by_digest(self.many::<Mandate>("mandates", &public.mandates, RecordType::Mandate));
                let withdrawn = self.withdrawn(&public.withdrawals, &mandates);
                (Arc::new(mandates), Arc::new(withdrawn))
            }
            Public::Known(whole) => (whole.mandates(), whole.withdrawn()),
        };
        let erased = self.many("erasures", &file.erasures, RecordType::Erasure);
        let history = self.history(&file.history);
        let texts = match self.public {
            Public::InBundle(public) => Arc::new(self.texts(public)),
            Public::Known(whole) => whole.texts(file.input.as_ref().and_then(|i| i.read.as_ref().ok())),
        };
        // one that is there and cannot be read leaves nothing to check the others against
        let readable = |there: bool, read: bool| (!there || read).then_some(());
        readable(decision.is_some(), matches!(decision, Some(Some(_))))?;
        readable(deal.is_some(), matches!(deal, Some(Some(_))))?;
        Some(Case {
            request: request?,
            decision: decision.flatten(),
            deal: deal.flatten(),
            acceptance: acceptance.flatten(),
            approvals,
            revocations,
            reviews,
            supersedes: supersedes.flatten(),
            superseded_by: superseded_by.flatten(),
            superseded_by_acceptance: superseded_by_acceptance.flatten(),
            mandates,
            withdrawn,
            erased,
            texts,
            input: None,
            versions: history.versions,
            terms: history.terms,
            objections: history.objections,
            decisions: history.decisions,
            superseded: history.superseded,
        })
    }

    /// The withdrawals of a bundle.
    fn withdrawn(&mut self, documents: &[Document], mandates: &Mandates) -> Withdrawals {
        let mut withdrawn = Withdrawals::new();
        for document in documents {
            let record = self.one::<MandateWithdrawn>("withdrawals", document, RecordType::MandateWithdrawal);
            let Some(record) = record else { continue };
            let by = record.issuer.register_number == record.subject.giver;
            self.findings.holds("S-76", "withdrawal: by the party whose act it is", by, || {
                format!("it is by {}", record.issuer.register_number)
            });
            let right = withdraws(&record, mandates, &withdrawn, self.entries);
            self.findings.check("S-190", "withdrawal: of a mandate", right);
            // of two the first one counts
            withdrawn.entry(record.subject.mandate.digest).or_insert(record);
        }
        withdrawn
    }

    /// The other records of the request, each by its type.
    fn history(&mut self, documents: &[Document]) -> History {
        let mut history = History::default();
        for document in documents {
            match kind_of(document) {
                Ok(kind @ RecordType::Request) => history.versions.extend(self.one("history", document, kind)),
                Ok(kind @ RecordType::Term) => history.terms.extend(self.one("history", document, kind)),
                Ok(kind @ RecordType::Objection) => history.objections.extend(self.one("history", document, kind)),
                Ok(kind @ RecordType::Decision) => history.decisions.extend(self.one("history", document, kind)),
                Ok(kind @ RecordType::Approval) => history.superseded.extend(self.one("history", document, kind)),
                Ok(other) => {
                    self.findings.check("S-60", "history", Err(format!("a {other} is no part of it")));
                }
                Err(e) => {
                    self.findings.check("S-60", "history: form", Err(e.to_string()));
                }
            }
        }
        history
    }

    /// The texts of a bundle; the schema is parsed once for words and replay.
    fn texts(&mut self, public: &PublicFile) -> Texts {
        let record = self.one::<SchemaPublished>("schema", &public.schema, RecordType::Schema);
        let schema = record.as_ref().and_then(|record| {
            let parsed = Schema::parse(&record.subject.text).map_err(|e| e.to_string());
            self.findings.check("S-60", "schema: can be read", parsed.as_ref().map(|_| ()).map_err(Clone::clone));
            parsed.ok().map(Arc::new)
        });
        let sets = self.many("conditionSets", &public.condition_sets, RecordType::ConditionSet);
        let trust_list =
            public.trust_list.as_ref().and_then(|d| self.one::<TrustList>("trustList", d, RecordType::TrustList));
        Texts::new(record, schema, sets, trust_list)
    }

    pub(super) fn index(&self, digest: &Digest) -> Option<u64> {
        self.entries.index(digest)
    }

    pub(super) fn before(&self, first: &Digest, second: &Digest) -> bool {
        matches!((self.index(first), self.index(second)), (Some(a), Some(b)) if a < b)
    }

    /// Versions count from 1, and a later one names the one before it.
    fn versions(&mut self, case: &Case<'_>) {
        let texts = &case.texts;
        let sets =
            texts.sets.iter().map(|s| (s.subject.version, s.subject.replaces.is_some() == (s.subject.version > 1)));
        let others = texts.schema_record.iter().map(|s| s.subject.version);
        let others = others.chain(texts.trust_list.iter().map(|t| t.subject.version)).map(|v| (v, true));
        let right = sets.chain(others).all(|(version, fits)| version >= 1 && fits);
        self.findings.holds("S-67", "versions: counted from 1", right, || {
            "a version is 0, or a set of a later version does not name the one before it".to_owned()
        });
    }

    /// Each record is issued by the party whose act it is.
    fn issuers(&mut self, case: &Case<'_>) {
        let Some(operator) = self.keys.operator() else { return };
        let owner = case.owner();
        let mut acts: Vec<(&str, &OrgId, Option<&OrgId>)> =
            vec![("request", &case.request.issuer.register_number, Some(operator))];
        acts.extend(case.decision.iter().map(|r| ("decision", &r.issuer.register_number, owner)));
        acts.extend(case.approvals.iter().map(|r| ("approval", &r.issuer.register_number, owner)));
        let ends = |r: &Record<Revocation>| r.subject.action == RevocationAction::End;
        acts.extend(
            case.revocations
                .iter()
                .map(|r| ("revocation", &r.issuer.register_number, if ends(r) { Some(operator) } else { owner })),
        );
        acts.extend(case.reviews.iter().map(|r| ("review", &r.issuer.register_number, owner)));
        acts.extend(case.supersedes.iter().map(|r| ("superseded deal", &r.issuer.register_number, owner)));
        acts.extend(case.superseded_by.iter().map(|r| ("superseding deal", &r.issuer.register_number, owner)));
        if matches!(self.public, Public::InBundle(_)) {
            acts.extend(case.mandates.values().map(|r| ("mandate", &r.issuer.register_number, Some(&r.subject.giver))));
        }
        acts.extend(case.versions.iter().map(|r| ("request", &r.issuer.register_number, Some(operator))));
        acts.extend(case.terms.iter().map(|r| ("term", &r.issuer.register_number, owner)));
        acts.extend(case.objections.iter().map(|r| ("objection", &r.issuer.register_number, Some(operator))));
        acts.extend(case.decisions.iter().map(|r| ("decision", &r.issuer.register_number, owner)));
        acts.extend(case.superseded.iter().map(|r| ("approval", &r.issuer.register_number, owner)));
        acts.extend(case.erased.iter().map(|r| ("erasure", &r.issuer.register_number, Some(operator))));
        let texts = &case.texts;
        acts.extend(texts.schema_record.iter().map(|r| ("schema", &r.issuer.register_number, Some(operator))));
        acts.extend(texts.trust_list.iter().map(|r| ("trust list", &r.issuer.register_number, Some(operator))));
        acts.extend(
            texts.sets.iter().map(|r| ("condition set", &r.issuer.register_number, publisher(&r.subject, operator))),
        );
        for (what, issuer, by) in acts {
            self.findings.holds(
                "S-76",
                format_args!("{what}: by the party whose act it is"),
                by == Some(issuer),
                || match by {
                    Some(by) => format!("it is by {issuer}, not by {by}"),
                    None => "its level, owner and dataset do not fit one another".to_owned(),
                },
            );
        }
    }

    /// Every entry about this case is blinded with the request's id and salt; every other with its own id.
    fn blinded(&mut self, request: &Record<RequestReceived>) {
        let case = request.id.to_string();
        let places = self.entries.places.values();
        let wrong: BTreeSet<&str> =
            places.filter(|p| !blinded(p, &case, request.salt.as_ref())).map(|p| p.member).collect();
        self.findings.holds("S-88", "entries: blinded with their case", wrong.is_empty(), || {
            format!("not so: {}", wrong.into_iter().collect::<Vec<_>>().join(", "))
        });
    }
}

/// Who publishes a set: the operator for the portal, an owner for itself and its datasets.
pub(super) fn publisher<'a>(set: &'a ConditionSetPublished, operator: &'a OrgId) -> Option<&'a OrgId> {
    match (set.level, &set.owner, &set.dataset) {
        (Level::Portal, None, None) => Some(operator),
        (Level::Owner, Some(owner), None) | (Level::Dataset, Some(owner), Some(_)) => Some(owner),
        _ => None,
    }
}

/// A withdrawal ends a mandate that its giver gave before, once.
pub(super) fn withdraws(
    withdrawal: &Record<MandateWithdrawn>,
    mandates: &Mandates,
    withdrawn: &Withdrawals,
    entries: &Entries<'_>,
) -> Result<(), String> {
    let named = &withdrawal.subject.mandate;
    let mandate = mandates.get(&named.digest).filter(|m| m.reference() == *named);
    let mandate = mandate.ok_or("it names a mandate that is not there")?;
    let places = entries.index(&mandate.digest).zip(entries.index(&withdrawal.digest));
    match places.is_some_and(|(given, ended)| given < ended) && mandate.subject.giver == withdrawal.subject.giver {
        false => Err("it is of another giver, or stands before the mandate".to_owned()),
        true if withdrawn.contains_key(&named.digest) => Err("the mandate was withdrawn before".to_owned()),
        true => Ok(()),
    }
}

/// Whether an entry is about the case, or about its own public record.
pub(super) fn blinded(placed: &Placed, case: &str, salt: Option<&Salt>) -> bool {
    let (name, salt) = if placed.of_case { (case, salt) } else { (placed.id.as_str(), None) };
    placed.entry.about == entry::about(name, &placed.entry.id, salt)
}
