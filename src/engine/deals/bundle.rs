//! Bundles: everything about one deal, or one decision, in one file, for whoever wants to verify it without this portal.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::life::DealNow;
use crate::engine::conditions::compiled;
use crate::engine::requests::objection::decided;
use crate::engine::rows;
use crate::engine::state::{Case, Published};
use crate::engine::{Engine, EngineError, Mend};
use crate::log::LogReader;
use crate::merkle::Prover;
use crate::model::bundle::{Bundle, BundleType, EntryProof, LogProof};
use crate::model::entry::EntryType;
use crate::model::input::DecisionInput;
use crate::model::record::{self, Authority, DecisionRecord, KeyStatement, Record, RecordType, Reference};
use crate::model::{Digest, Document, Time, Urn, json};
use crate::rights::{Act, Actor};
use crate::sign::VerifierKey;
use crate::store::{Kind, Store};

/// What the history of a request can hold.
const HISTORY: [EntryType; 5] =
    [EntryType::Request, EntryType::Term, EntryType::Objection, EntryType::Decision, EntryType::Approval];

impl Engine {
    /// The bundle of a deal, under the newest checkpoint or the newest cosigned one.
    ///
    /// # Errors
    /// No right, no such deal, or a store that lost something.
    pub fn bundle(&self, actor: &Actor, deal: &Urn, with_evidence: bool) -> Result<Bundle, EngineError> {
        let row = self.deal(deal)?.value;
        let case = self.case(&row.case)?.value;
        self.rights.require(actor, Act::Bundle, &case.target())?;
        self.bundle_of(&row, &case, with_evidence)
    }

    /// The bundle of a request that was decided: of its deal, or of the decision alone.
    ///
    /// # Errors
    /// No right, no such request, one that is not decided, or a store that lost something.
    pub fn bundle_of_request(&self, actor: &Actor, request: &Urn, with_evidence: bool) -> Result<Bundle, EngineError> {
        let case = self.case(request)?.value;
        self.rights.require(actor, Act::Bundle, &case.target())?;
        if let Some(deal) = &case.deal {
            return self.bundle_of(&self.deal(deal)?.value, &case, with_evidence);
        }
        let decision = decided(&case)?.record;
        self.proven(self.bundle_of_decision(&case, &decision, with_evidence)?)
    }

    pub(in crate::engine) fn bundle_of(
        &self,
        row: &DealNow,
        case: &Case,
        with_evidence: bool,
    ) -> Result<Bundle, EngineError> {
        let deal = self.deal_record(row)?;
        let revocations: Vec<Reference> = row.revocations.iter().map(|r| r.record).collect();
        let reviews: Vec<Reference> = row.reviews.iter().map(|r| r.record).collect();
        let next = row.successor.and_then(|next| Some((next.deal, next.accepted?.0)));
        self.proven(Bundle {
            deal: Some(deal.document.value()),
            acceptance: row.acceptance.map(|r| self.whole(&r)).transpose()?,
            revocations: self.wholes(&revocations)?,
            reviews: self.wholes(&reviews)?,
            supersedes: row.supersedes.map(|old| self.whole(&self.deal(&old)?.value.deal)).transpose()?,
            superseded_by: next.as_ref().map(|(deal, _)| self.whole(deal)).transpose()?,
            superseded_by_acceptance: next.as_ref().map(|(_, accepted)| self.whole(accepted)).transpose()?,
            ..self.bundle_of_decision(case, &deal.subject.decision.record, with_evidence)?
        })
    }

    /// A decision with the case that it ends and all on which it rests, without what is gathered from that.
    fn bundle_of_decision(
        &self,
        case: &Case,
        decision: &Reference,
        with_evidence: bool,
    ) -> Result<Bundle, EngineError> {
        let decided = self.record::<DecisionRecord>(decision, RecordType::Decision)?;
        let decision = &decided.subject;
        let input = decision
            .input
            .map(|digest| rows::load::<Value>(&*self.store, Kind::Input, &digest.to_string()))
            .transpose()?
            .flatten()
            .map(|r| r.value);
        let parsed = input.clone().map(|v| json::from_value::<DecisionInput>(v, "decision input")).transpose()?;
        let named = self.named(parsed.as_ref(), decided.valid_from)?;
        Ok(Bundle {
            kind: BundleType::DataDealBundle,
            version: 1,
            deal: None,
            acceptance: None,
            revocations: Vec::new(),
            reviews: Vec::new(),
            supersedes: None,
            superseded_by: None,
            superseded_by_acceptance: None,
            decision: decided.document.value(),
            request: self.whole(&decision.request)?,
            approvals: self.wholes(&decision.approvals)?,
            history: self.history(case, &decided)?,
            erasures: self.wholes(&case.erased.into_iter().collect::<Vec<_>>())?,
            input,
            schema: named.schema,
            condition_sets: named.sets,
            trust_list: named.trust_list,
            mandates: Vec::new(),
            withdrawals: Vec::new(),
            key_statements: Vec::new(),
            sides: Vec::new(),
            evidence: if with_evidence { self.evidence_named(parsed.as_ref())? } else { Vec::new() },
            log: LogProof { checkpoint: String::new(), entries: Vec::new() },
        })
    }

    /// A bundle with who acted, with which keys, and the proof that all of it is in the log.
    fn proven(&self, mut bundle: Bundle) -> Result<Bundle, EngineError> {
        self.add_people(&mut bundle)?;
        self.add_keys(&mut bundle)?;
        bundle.log = self.prove(&bundle)?;
        Ok(bundle)
    }

    /// A record as it was signed.
    pub(in crate::engine) fn whole(&self, reference: &Reference) -> Result<Value, EngineError> {
        Ok(self.document_of(reference)?.value())
    }

    fn wholes(&self, references: &[Reference]) -> Result<Vec<Value>, EngineError> {
        references.iter().map(|r| self.whole(r)).collect()
    }

    /// A record that is named by its digest alone.
    fn whole_with(&self, digest: &Digest) -> Result<Value, EngineError> {
        Ok(self.document_with(digest, None)?.ok_or_else(|| EngineError::lost("record", digest))?.value())
    }

    /// Every other record of the request, in the order of the log.
    fn history(&self, case: &Case, decided: &Record<DecisionRecord>) -> Result<Vec<Value>, EngineError> {
        let mut own = BTreeSet::from([decided.digest, decided.subject.request.digest]);
        own.extend(decided.subject.approvals.iter().map(|a| a.digest));
        let mut history = rows::logged(&*self.store, &case.id.to_string())?;
        history.retain(|(_, stored)| HISTORY.contains(&stored.kind) && !own.contains(&stored.digest));
        history.into_iter().map(|(_, stored)| Ok(Document::read(stored.bytes)?.value())).collect()
    }

    /// The texts that an input names; without it the schema that was in force then.
    fn named(&self, input: Option<&DecisionInput>, decided: Time) -> Result<Named, EngineError> {
        let schemas =
            rows::load::<Published>(&*self.store, Kind::Schema, "schema")?.map(|r| r.value).unwrap_or_default();
        let by_text = |digest: Digest| schemas.versions.iter().rev().find(|v| v.text == digest);
        let schema = match input {
            Some(input) => by_text(input.schema),
            None => schemas.in_force(decided),
        };
        let schema = schema.ok_or_else(|| EngineError::lost("schema", "of the decision"))?;
        let sets = input.map(|i| i.sets.iter().map(|s| self.whole_with(&s.record)).collect()).transpose()?;
        Ok(Named {
            schema: self.whole(&schema.record)?,
            sets: sets.unwrap_or_default(),
            trust_list: input.and_then(|i| i.trust_list).map(|d| self.whole_with(&d)).transpose()?,
        })
    }

    fn evidence_named(&self, input: Option<&DecisionInput>) -> Result<Vec<Value>, EngineError> {
        let Some(input) = input else { return Ok(Vec::new()) };
        let mut out = Vec::new();
        for digest in input.evidence() {
            out.extend(rows::load::<Value>(&*self.store, Kind::Evidence, &digest.to_string())?.map(|r| r.value));
        }
        Ok(out)
    }

    /// The mandates under which somebody acted, their withdrawals, and the side documents of the persons.
    fn add_people(&self, bundle: &mut Bundle) -> Result<(), EngineError> {
        let actor = |document: &Value, member: &str| {
            document.pointer(&format!("/credentialSubject/actor/{member}")).cloned().unwrap_or_default()
        };
        let authority = |document| serde_json::from_value::<Authority>(actor(document, "authority"));
        let mandates: BTreeSet<Digest> = bundle
            .records()
            .filter_map(|(_, document)| match authority(document) {
                Ok(Authority::Mandate(digest)) => Some(digest),
                _ => None,
            })
            .collect();
        for digest in mandates {
            let mandate = self.whole_with(&digest)?;
            let id = mandate.get("id").and_then(Value::as_str).unwrap_or_default();
            rows::each_record(&*self.store, Some(EntryType::MandateWithdrawal), id, |record| {
                bundle.withdrawals.push(Document::read(record.bytes)?.value());
                Ok(())
            })?;
            bundle.mandates.push(mandate);
        }
        let person = |document| actor(document, "person").as_str().and_then(|p| p.parse::<Digest>().ok());
        let persons: BTreeSet<Digest> = bundle.records().filter_map(|(_, document)| person(document)).collect();
        for person in persons {
            bundle.sides.extend(rows::load::<Value>(&*self.store, Kind::Side, &person.to_string())?.map(|r| r.value));
        }
        Ok(())
    }

    /// Every statement about the keys of the operator and of every issuer in the bundle.
    fn add_keys(&self, bundle: &mut Bundle) -> Result<(), EngineError> {
        let issuer = |v: &Value| v.pointer("/issuer/registerNumber").and_then(Value::as_str).map(str::to_owned);
        let mut organisations: BTreeSet<String> = bundle.records().filter_map(|(_, v)| issuer(v)).collect();
        organisations.insert(self.portal.operator.to_string());
        for organisation in organisations {
            rows::each_record(&*self.store, Some(EntryType::Key), &organisation, |record| {
                bundle.key_statements.push(Document::read(record.bytes)?.value());
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Entry, index and inclusion proof for each record, under one checkpoint: the newest that witnesses cosigned if it
    /// covers them all, else the newest.
    fn prove(&self, bundle: &Bundle) -> Result<LogProof, EngineError> {
        let mut leaves = Vec::new();
        for (_, document) in bundle.records() {
            let (digest, id) = (Digest::of_document(document), document.get("id").and_then(Value::as_str));
            let leaf = self.store.leaf_of(id.unwrap_or_default())?.filter(|leaf| leaf.digest == digest);
            leaves.push(leaf.ok_or_else(|| EngineError::lost("log entry of record", digest))?);
        }
        let head = self.covering(leaves.iter().map(|leaf| leaf.index).max().unwrap_or(0))?;
        let store = &self.store;
        let mut prover = Prover::new(head.checkpoint.size(), |level, from, count| {
            store.hashes(level, from, usize::try_from(count).unwrap_or(usize::MAX))
        });
        let mut entries: BTreeMap<u64, EntryProof> = BTreeMap::new();
        for leaf in leaves {
            let path = prover.inclusion(leaf.index).map_err(|e| EngineError::Tree(e.to_string()))?;
            let proof = path.iter().map(ToString::to_string).collect();
            let entry = json::parse(&leaf.bytes, json::MAX_BYTES)?;
            entries.insert(leaf.index, EntryProof { record: leaf.digest, index: leaf.index, entry, proof });
        }
        Ok(LogProof { checkpoint: head.note.to_string(), entries: entries.into_values().collect() })
    }

    /// The log's verifier key, as entry 0 states it: what a verifier needs to be given.
    ///
    /// # Errors
    /// The log is empty or entry 0 is no key statement of a log.
    pub fn log_key(&self) -> Result<VerifierKey, EngineError> {
        log_key(&*self.store)
    }

    /// Reading the log, without a key.
    #[must_use]
    pub fn log_reader(&self) -> &LogReader {
        self.log.reader()
    }
}

/// The verifier key that entry 0 of a log states.
pub(in crate::engine) fn log_key(store: &dyn Store) -> Result<VerifierKey, EngineError> {
    let none = || {
        EngineError::state(
            "entry 0 of the log states no log key",
            Mend::by("the database was altered", "datadeal audit"),
        )
    };
    let leaf = store.leaves(0, 1)?.into_iter().next().ok_or_else(none)?;
    let stored = store.record_by_digest(&leaf.digest, Some(leaf.index))?.ok_or_else(none)?;
    let document = compiled::document(stored, leaf.digest)?;
    let statement = record::read::<KeyStatement>(document, RecordType::KeyStatement)?;
    Ok(statement.subject.log.ok_or_else(none)?.key.parse()?)
}

/// The texts that an input names.
struct Named {
    schema: Value,
    sets: Vec<Value>,
    trust_list: Option<Value>,
}
