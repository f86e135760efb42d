//! The case: request, approvals, decision, deal, acceptance and revocations belong together, and each was done by one who may.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::entries::Entries;
use super::keys::{Keys, by_digest, read};
use super::report::Findings;
use crate::conditions::Schema;
use crate::model::bundle::Bundle;
use crate::model::condition::{Bilingual, Kind, Lang, Role};
use crate::model::decision::{Answer, Decision};
use crate::model::entry;
use crate::model::input::DecisionInput;
use crate::model::record::{
    Acceptance, Actor, ApprovalGiven, Authority, ConditionSetPublished, Deal, DecisionRecord, DecisionResult, Erasure,
    Mandate, Party, PersonSide, Power, Record, RecordType, RequestReceived, Revocation, RevocationAction,
    SchemaPublished, TrustList, Wording,
};
use crate::model::{Digest, Iri, Name, Salt, Time, json};
use crate::text::template;

/// What replay needs of a case.
pub(super) struct Case {
    pub(super) decision: Record<DecisionRecord>,
    pub(super) input: Option<DecisionInput>,
    pub(super) schema: Option<Schema>,
    pub(super) sets: Vec<Record<ConditionSetPublished>>,
    pub(super) trust_list: Option<Record<TrustList>>,
    pub(super) erased: Vec<Record<Erasure>>,
}

struct Reader<'a> {
    bundle: &'a Bundle,
    entries: &'a Entries,
    keys: &'a Keys,
    findings: &'a mut Findings,
}

pub(super) fn check(bundle: &Bundle, entries: &Entries, keys: &Keys, findings: &mut Findings) -> Option<Case> {
    let mut reader = Reader { bundle, entries, keys, findings };
    let request = reader.one::<RequestReceived>("request", &bundle.request, RecordType::Request);
    let decision = reader.one::<DecisionRecord>("decision", &bundle.decision, RecordType::Decision);
    let deal = reader.one::<Deal>("deal", &bundle.deal, RecordType::Deal);
    let acceptance =
        bundle.acceptance.as_ref().and_then(|v| reader.one::<Acceptance>("acceptance", v, RecordType::Acceptance));
    let approvals: Vec<Record<ApprovalGiven>> = reader.many("approvals", &bundle.approvals, RecordType::Approval);
    let revocations: Vec<Record<Revocation>> = reader.many("revocations", &bundle.revocations, RecordType::Revocation);
    let mandates = by_digest(reader.many::<Mandate>("mandates", &bundle.mandates, RecordType::Mandate));
    let erased: Vec<Record<Erasure>> = reader.many("erasures", &bundle.erasures, RecordType::Erasure);
    let schema = reader.schema(&bundle.schema);
    let sets: Vec<Record<ConditionSetPublished>> =
        reader.many("conditionSets", &bundle.condition_sets, RecordType::ConditionSet);
    let trust_list =
        bundle.trust_list.as_ref().and_then(|v| reader.one::<TrustList>("trustList", v, RecordType::TrustList));
    let (request, decision, deal) = (request?, decision?, deal?);

    reader.same_case(&request);
    reader.chain(&request, &decision, &deal);
    if let Some(acceptance) = &acceptance {
        reader.accepted(&deal, acceptance);
    } else {
        reader.findings.not_given(
            "S-93",
            "acceptance: by the reuser",
            "the bundle holds no acceptance: the deal is not active",
        );
    }
    reader.obligations(&request, &decision, &deal);
    reader.words(&deal);
    reader.revoked(&deal, &revocations);
    reader.people(&request, &decision, &deal, &approvals, &mandates, &revocations);
    reader.sides(&erased);
    let input = reader.input(&decision);
    Some(Case { decision, input, schema, sets, trust_list, erased })
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

    /// The schema, parsed once for words and replay.
    fn schema(&mut self, document: &Value) -> Option<Schema> {
        let record = self.one::<SchemaPublished>("schema", document, RecordType::Schema)?;
        let parsed = Schema::parse(&record.subject.text).map_err(|e| e.to_string());
        self.findings.check("S-60", "schema: can be read", parsed.as_ref().map(|_| ()).map_err(Clone::clone));
        parsed.ok()
    }

    fn many<S: serde::de::DeserializeOwned>(
        &mut self,
        member: &str,
        documents: &[Value],
        kind: RecordType,
    ) -> Vec<Record<S>> {
        documents.iter().filter_map(|v| self.one(member, v, kind)).collect()
    }

    fn index(&self, digest: &Digest) -> Option<u64> {
        self.entries.places.get(digest).map(|p| p.index)
    }

    fn before(&self, first: &Digest, second: &Digest) -> bool {
        matches!((self.index(first), self.index(second)), (Some(a), Some(b)) if a < b)
    }

    /// Every entry about this case is blinded with the request's id and salt; every other with its own id.
    fn same_case(&mut self, request: &Record<RequestReceived>) {
        let (case, salt) = (request.id.to_string(), request.salt);
        if salt.is_none() {
            self.findings.check("S-8", "request: salt", Err("a request has a salt".to_owned()));
        }
        let of_case = ["deal", "acceptance", "revocations", "decision", "request", "approvals", "erasures"];
        let mut wrong = Vec::new();
        for (member, document) in self.bundle.records() {
            let Some(placed) = self.entries.places.get(&Digest::of_document(document)) else { continue };
            let own = document.get("id").and_then(Value::as_str).unwrap_or("");
            let (name, salt): (&str, Option<&Salt>) =
                if of_case.contains(&member) { (&case, salt.as_ref()) } else { (own, None) };
            if placed.entry.about != entry::about(name, &placed.entry.id, salt) {
                wrong.push(member);
            }
        }
        self.findings.holds("S-88", "entries: blinded with their case", wrong.is_empty(), || {
            format!("not so: {}", wrong.join(", "))
        });
    }

    /// Request, decision and deal are about one another.
    fn chain(&mut self, request: &Record<RequestReceived>, decision: &Record<DecisionRecord>, deal: &Record<Deal>) {
        let (r, d, l) = (&request.subject, &decision.subject, &deal.subject);
        let f = &mut *self.findings;
        f.holds(
            "S-90",
            "decision: on this request",
            d.request == request.reference() && d.addressee == r.applicant,
            || "it names another request or applicant".to_owned(),
        );
        f.holds(
            "S-90",
            "deal: on this decision",
            l.decision.record == decision.reference() && Some(l.decision.input) == d.input,
            || "it names another decision or input".to_owned(),
        );
        let granted = matches!(d.result, DecisionResult::Granted | DecisionResult::PartlyGranted);
        f.holds("S-91", "decision: granted", granted, || format!("it ended as {}", d.result.as_str()));
        let columns = l.scope.columns.is_subset(&d.granted) && l.scope.columns.is_subset(&r.scope.columns);
        f.holds("S-91", "deal: only columns that were asked for and granted", columns, || {
            "it gives other columns".to_owned()
        });
        let same = l.purpose == r.purpose
            && l.dataset == r.dataset
            && l.scope.level == r.scope.level
            && l.scope.linkage.is_subset(&r.scope.linkage);
        f.holds("S-91", "deal: for the purpose, dataset and level that were asked for", same, || {
            "they differ".to_owned()
        });
        let party =
            |side: Party| l.parties.iter().filter(|p| p.party == side).map(|p| &p.organisation).collect::<Vec<_>>();
        let parties =
            party(Party::Reuser) == [&r.applicant] && party(Party::Provider) == [&deal.issuer.register_number];
        f.holds("S-91", "deal: offered by the provider to the applicant", parties, || {
            "the parties are others".to_owned()
        });
        f.holds("S-91", "deal: valid until the end of its term", deal.valid_until == Some(l.term.until), || {
            "validUntil differs from the term".to_owned()
        });
        let order = self.before(&request.digest, &decision.digest) && self.before(&decision.digest, &deal.digest);
        self.findings
            .holds("S-92", "request, decision and deal: logged in this order", order, || "they are not".to_owned());
    }

    fn accepted(&mut self, deal: &Record<Deal>, acceptance: &Record<Acceptance>) {
        let a = &acceptance.subject;
        let f = &mut *self.findings;
        f.holds("S-93", "acceptance: of this deal", a.deal == deal.reference(), || "it names another deal".to_owned());
        f.holds("S-93", "acceptance: of these words", a.words == deal.subject.words, || {
            "it accepts other words".to_owned()
        });
        let all: BTreeSet<String> = deal.subject.obligations.iter().map(|o| o.id.clone()).collect();
        f.holds("S-93", "acceptance: of every obligation", a.accepted == all, || "it accepts others".to_owned());
        let reuser = deal
            .subject
            .parties
            .iter()
            .any(|p| p.party == Party::Reuser && p.organisation == acceptance.issuer.register_number);
        f.holds("S-93", "acceptance: by the reuser", reuser, || {
            format!("it is by {}", acceptance.issuer.register_number)
        });
        f.holds(
            "S-93",
            "acceptance: before the offer lapsed",
            acceptance.valid_from < deal.subject.offer_until,
            || format!("it is of {}, the offer lapsed at {}", acceptance.valid_from, deal.subject.offer_until),
        );
        let order = self.before(&deal.digest, &acceptance.digest);
        self.findings.holds("S-92", "acceptance: logged after the deal", order, || "it is not".to_owned());
    }

    /// Exactly one obligation for each condition that becomes true by signing and that the request accepts, with its clause.
    fn obligations(
        &mut self,
        request: &Record<RequestReceived>,
        decision: &Record<DecisionRecord>,
        deal: &Record<Deal>,
    ) {
        let Some(answer) = &decision.subject.decision else { return };
        let clauses: BTreeMap<&str, _> = signing(answer, &request.subject.accepted).collect();
        let found: BTreeMap<&str, _> = deal
            .subject
            .obligations
            .iter()
            .filter(|o| !o.id.starts_with("term/"))
            .map(|o| (o.id.as_str(), Some(&o.clause)))
            .collect();
        self.findings.holds(
            "S-94",
            "deal: one clause per condition",
            clauses == found && found.len() <= deal.subject.obligations.len(),
            || "its obligations differ from the conditions of the decision".to_owned(),
        );
    }

    /// The agreement's words are those of the template that this program has.
    fn words(&mut self, deal: &Record<Deal>) {
        let what = "deal: the agreement's words";
        if deal.subject.words == (Wording { nl: template(Lang::Nl), en: template(Lang::En) }) {
            self.findings.check("S-95", what, Ok(()));
        } else {
            self.findings.not_given(
                "S-95",
                what,
                "they are of a template that this version of the program does not have",
            );
        }
    }

    fn revoked(&mut self, deal: &Record<Deal>, revocations: &[Record<Revocation>]) {
        for revocation in revocations {
            let s = &revocation.subject;
            let owner = revocation.issuer.register_number == deal.issuer.register_number;
            self.findings.holds(
                "S-96",
                "revocation: of this deal, by its provider",
                s.deal == deal.reference() && owner,
                || "it is of another deal, or by another".to_owned(),
            );
            if s.action == RevocationAction::Revoke {
                self.findings
                    .unseen
                    .push(format!("the deal is no longer in force: revoked from {} on ({})", s.effective, s.reason));
            }
        }
    }

    /// Who acted under a mandate had it, for this dataset, on that day, logged before.
    fn people(
        &mut self,
        request: &Record<RequestReceived>,
        decision: &Record<DecisionRecord>,
        deal: &Record<Deal>,
        approvals: &[Record<ApprovalGiven>],
        mandates: &BTreeMap<Digest, Record<Mandate>>,
        revocations: &[Record<Revocation>],
    ) {
        let dataset = &request.subject.dataset;
        let owner = deal.issuer.register_number.clone();
        let mut acts: Vec<(String, &Actor, Power, Digest, Time)> = vec![
            ("decision".to_owned(), &decision.subject.actor, Power::Decide, decision.digest, decision.valid_from),
            ("deal".to_owned(), &deal.subject.actor, Power::Decide, deal.digest, deal.valid_from),
        ];
        for a in approvals {
            let own = a.subject.actor.organisation == request.subject.applicant;
            self.findings.holds("S-97", format!("approval `{}`: not by the applicant", a.subject.name), !own, || {
                "an applicant approved its own request".to_owned()
            });
            self.findings.holds(
                "S-97",
                format!("approval `{}`: of this request", a.subject.name),
                a.subject.request == request.reference(),
                || "it is of another request".to_owned(),
            );
            acts.push((
                format!("approval `{}`", a.subject.name),
                &a.subject.actor,
                Power::Approve(a.subject.name.clone()),
                a.digest,
                a.valid_from,
            ));
        }
        acts.extend(
            revocations
                .iter()
                .map(|r| ("revocation".to_owned(), &r.subject.actor, Power::Decide, r.digest, r.valid_from)),
        );
        for (what, actor, power, record, at) in acts {
            let what = format!("{what}: mandate");
            match &actor.authority {
                Authority::Automatic(_) if record == decision.digest => {
                    self.findings.check("S-98", what, Ok(()));
                }
                Authority::Mandate(digest) => match mandates.get(digest) {
                    Some(mandate) => {
                        let covers = covers(mandate, actor, &power, dataset, at)
                            && mandate.issuer.register_number == owner
                            && self.before(digest, &record);
                        self.findings.holds("S-98", what, covers, || {
                            format!("it does not cover this act of {}", actor.function)
                        });
                    }
                    None => self.findings.not_given("S-98", what, "the mandate is not in the bundle"),
                },
                _ => {
                    self.findings.check("S-98", what, Err("it rests on no mandate".to_owned()));
                }
            }
        }
    }

    /// Side documents are the ones that records name.
    fn sides(&mut self, erased: &[Record<Erasure>]) {
        let gone: BTreeSet<Digest> = erased.iter().flat_map(|e| e.subject.erased.iter().copied()).collect();
        let given: BTreeSet<Digest> = self.bundle.sides.iter().map(Digest::of_document).collect();
        let person = |v: &Value| {
            v.pointer("/credentialSubject/actor/person").and_then(Value::as_str).and_then(|p| p.parse::<Digest>().ok())
        };
        let named: BTreeSet<Digest> = self.bundle.records().filter_map(|(_, v)| person(v)).collect();
        for side in &self.bundle.sides {
            let read = json::from_value::<PersonSide>(side.clone(), "side document").map_err(|e| e.to_string());
            let read = read.and_then(|_| {
                if named.contains(&Digest::of_document(side)) { Ok(()) } else { Err("no record names it".to_owned()) }
            });
            self.findings.check("S-103", "side document: the one that a record names", read);
        }
        if !gone.is_empty() {
            self.findings.unseen.push(format!("{} documents that were erased", gone.difference(&given).count()));
        }
    }

    /// The decision input is the one that the decision names.
    fn input(&mut self, decision: &Record<DecisionRecord>) -> Option<DecisionInput> {
        let document = self.bundle.input.as_ref()?;
        let named = decision.subject.input == Some(Digest::of_document(document));
        self.findings
            .holds("S-99", "input: the one that the decision names", named, || "it is another document".to_owned());
        match json::from_value::<DecisionInput>(document.clone(), "decision input") {
            Ok(input) => {
                let at = decision.valid_from;
                self.findings.holds("S-99", "input: of the instant of the decision", input.now == at, || {
                    format!("it is of {}, the decision of {at}", input.now)
                });
                Some(input).filter(|_| named)
            }
            Err(e) => {
                self.findings.check("S-99", "input: form", Err(e.to_string()));
                None
            }
        }
    }
}

/// The conditions that become true by signing and were accepted, with their clauses. In a decision that grants some of the
/// columns such a condition may fail, for another column.
fn signing<'a>(
    answer: &'a Decision,
    accepted: &'a BTreeSet<Name>,
) -> impl Iterator<Item = (&'a str, Option<&'a Bilingual>)> {
    let by_signing = |c: &&Answer| matches!(c.role, Role::Condition(kind) if kind != Kind::Entry);
    let conditions = answer.conditions.iter().filter(by_signing);
    conditions
        .filter(|c| accepted.iter().any(|id| id.as_str() == c.bare_id()))
        .map(|c| (c.id.as_str(), c.text.clause.as_ref()))
}

fn covers(mandate: &Record<Mandate>, actor: &Actor, power: &Power, dataset: &Iri, at: Time) -> bool {
    let m = &mandate.subject;
    Some(m.person) == actor.person
        && m.organisation == actor.organisation
        && m.powers.contains(power)
        && (m.datasets.is_empty() || m.datasets.contains(dataset))
        && m.from <= at
        && at < m.until
        && m.giver == mandate.issuer.register_number
}
