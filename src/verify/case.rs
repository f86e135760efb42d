//! The records of a case, read strictly, and the order in which they are checked.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::entries::Entries;
use super::keys::{Keys, by_digest, read};
use super::report::Findings;
use crate::conditions::Schema;
use crate::model::bundle::Bundle;
use crate::model::condition::Level;
use crate::model::entry;
use crate::model::input::DecisionInput;
use crate::model::record::{
    Acceptance, ApprovalGiven, ConditionSetPublished, Deal, DecisionRecord, Erasure, Mandate, Record, RecordType,
    RequestReceived, Revocation, SchemaPublished, TrustList, kind_of,
};
use crate::model::{Digest, OrgId, Salt};

/// The records of a case.
pub(super) struct Case {
    pub(super) request: Record<RequestReceived>,
    pub(super) decision: Record<DecisionRecord>,
    pub(super) deal: Record<Deal>,
    pub(super) acceptance: Option<Record<Acceptance>>,
    pub(super) approvals: Vec<Record<ApprovalGiven>>,
    pub(super) revocations: Vec<Record<Revocation>>,
    pub(super) mandates: BTreeMap<Digest, Record<Mandate>>,
    pub(super) erased: Vec<Record<Erasure>>,
    pub(super) schema_record: Option<Record<SchemaPublished>>,
    pub(super) schema: Option<Schema>,
    pub(super) sets: Vec<Record<ConditionSetPublished>>,
    pub(super) trust_list: Option<Record<TrustList>>,
    /// The input, once it is known to be the one that the decision names.
    pub(super) input: Option<DecisionInput>,
}

impl Case {
    /// Whose dataset it is: who offers the deal.
    pub(super) fn owner(&self) -> &OrgId {
        &self.deal.issuer.register_number
    }
}

/// What every check of a case needs.
pub(super) struct Reader<'a> {
    pub(super) bundle: &'a Bundle,
    pub(super) entries: &'a Entries,
    pub(super) keys: &'a Keys,
    pub(super) findings: &'a mut Findings,
}

/// Checks a case; what comes back is for replay.
pub(super) fn check(bundle: &Bundle, entries: &Entries, keys: &Keys, findings: &mut Findings) -> Option<Case> {
    let mut reader = Reader { bundle, entries, keys, findings };
    let mut case = reader.case()?;
    reader.versions(&case);
    reader.issuers(&case);
    reader.blinded(&case.request);
    reader.chain(&case);
    reader.result(&case);
    reader.accepted(&case);
    reader.obligations(&case);
    reader.words(&case);
    reader.afterwards(&case);
    reader.people(&case);
    reader.sides(&case);
    case.input = reader.input(&case);
    Some(case)
}

impl Reader<'_> {
    fn one<S: serde::de::DeserializeOwned>(
        &mut self,
        member: &str,
        document: &Value,
        kind: RecordType,
    ) -> Option<Record<S>> {
        read(member, document, kind, self.entries, self.keys, self.findings)
    }

    fn many<S: serde::de::DeserializeOwned>(
        &mut self,
        member: &str,
        documents: &[Value],
        kind: RecordType,
    ) -> Vec<Record<S>> {
        documents.iter().filter_map(|v| self.one(member, v, kind)).collect()
    }

    /// Every record but the key statements, in this order.
    fn case(&mut self) -> Option<Case> {
        let bundle = self.bundle;
        let request = self.one::<RequestReceived>("request", &bundle.request, RecordType::Request);
        let decision = self.one::<DecisionRecord>("decision", &bundle.decision, RecordType::Decision);
        let deal = self.one::<Deal>("deal", &bundle.deal, RecordType::Deal);
        let acceptance =
            bundle.acceptance.as_ref().map(|v| self.one::<Acceptance>("acceptance", v, RecordType::Acceptance));
        let approvals = self.many("approvals", &bundle.approvals, RecordType::Approval);
        let revocations = self.many("revocations", &bundle.revocations, RecordType::Revocation);
        let mandates = by_digest(self.many::<Mandate>("mandates", &bundle.mandates, RecordType::Mandate));
        let erased = self.many("erasures", &bundle.erasures, RecordType::Erasure);
        let schema_record = self.one::<SchemaPublished>("schema", &bundle.schema, RecordType::Schema);
        let schema = schema_record.as_ref().and_then(|s| self.schema(s));
        let sets = self.many("conditionSets", &bundle.condition_sets, RecordType::ConditionSet);
        let trust_list =
            bundle.trust_list.as_ref().and_then(|v| self.one::<TrustList>("trustList", v, RecordType::TrustList));
        Some(Case {
            request: request?,
            decision: decision?,
            deal: deal?,
            acceptance: acceptance.flatten(),
            approvals,
            revocations,
            mandates,
            erased,
            schema_record,
            schema,
            sets,
            trust_list,
            input: None,
        })
    }

    /// The schema, parsed once for words and replay.
    fn schema(&mut self, record: &Record<SchemaPublished>) -> Option<Schema> {
        let parsed = Schema::parse(&record.subject.text).map_err(|e| e.to_string());
        self.findings.check("S-60", "schema: can be read", parsed.as_ref().map(|_| ()).map_err(Clone::clone));
        parsed.ok()
    }

    pub(super) fn index(&self, digest: &Digest) -> Option<u64> {
        self.entries.places.get(digest).map(|p| p.index)
    }

    pub(super) fn before(&self, first: &Digest, second: &Digest) -> bool {
        matches!((self.index(first), self.index(second)), (Some(a), Some(b)) if a < b)
    }

    /// Versions count from 1, and a later one names the one before it.
    fn versions(&mut self, case: &Case) {
        let sets =
            case.sets.iter().map(|s| (s.subject.version, s.subject.replaces.is_some() == (s.subject.version > 1)));
        let others = case.schema_record.iter().map(|s| s.subject.version);
        let others = others.chain(case.trust_list.iter().map(|t| t.subject.version)).map(|v| (v, true));
        let right = sets.chain(others).all(|(version, fits)| version >= 1 && fits);
        self.findings.holds("S-67", "versions: counted from 1", right, || {
            "a version is 0, or a set of a later version does not name the one before it".to_owned()
        });
    }

    /// Each record is issued by the party whose act it is.
    fn issuers(&mut self, case: &Case) {
        let Some(operator) = self.keys.operator() else { return };
        let owner = case.owner();
        let mut acts: Vec<(&str, &OrgId, Option<&OrgId>)> = vec![
            ("request", &case.request.issuer.register_number, Some(operator)),
            ("decision", &case.decision.issuer.register_number, Some(owner)),
        ];
        acts.extend(case.approvals.iter().map(|r| ("approval", &r.issuer.register_number, Some(owner))));
        acts.extend(case.revocations.iter().map(|r| ("revocation", &r.issuer.register_number, Some(owner))));
        acts.extend(case.mandates.values().map(|r| ("mandate", &r.issuer.register_number, Some(&r.subject.giver))));
        acts.extend(case.erased.iter().map(|r| ("erasure", &r.issuer.register_number, Some(operator))));
        acts.extend(case.schema_record.iter().map(|r| ("schema", &r.issuer.register_number, Some(operator))));
        acts.extend(case.trust_list.iter().map(|r| ("trust list", &r.issuer.register_number, Some(operator))));
        acts.extend(case.sets.iter().map(|r| {
            let s = &r.subject;
            let by = match (s.level, &s.owner, &s.dataset) {
                (Level::Portal, None, None) => Some(operator),
                (Level::Owner, Some(owner), None) | (Level::Dataset, Some(owner), Some(_)) => Some(owner),
                _ => None,
            };
            ("condition set", &r.issuer.register_number, by)
        }));
        for (what, issuer, by) in acts {
            self.findings.holds(
                "S-76",
                format!("{what}: by the party whose act it is"),
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
        let (case, salt) = (request.id.to_string(), request.salt);
        let mut wrong = BTreeSet::new();
        for (member, document) in self.bundle.records() {
            let Some(placed) = self.entries.places.get(&Digest::of_document(document)) else { continue };
            let own = document.get("id").and_then(Value::as_str).unwrap_or("");
            let of_case = kind_of(document).is_ok_and(RecordType::of_case);
            let (name, salt): (&str, Option<&Salt>) = if of_case { (&case, salt.as_ref()) } else { (own, None) };
            if placed.entry.about != entry::about(name, &placed.entry.id, salt) {
                wrong.insert(member);
            }
        }
        self.findings.holds("S-88", "entries: blinded with their case", wrong.is_empty(), || {
            format!("not so: {}", wrong.into_iter().collect::<Vec<_>>().join(", "))
        });
    }
}
