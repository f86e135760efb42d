//! What is verified, as documents: those of one case, and those that are public and shared by many cases.

use std::sync::Arc;

use serde_json::Value;

use super::report::Findings;
use crate::evidence::Exhibit;
use crate::model::bundle::Bundle;
use crate::model::input::DecisionInput;
use crate::model::{Digest, Document, JsonError};

/// The documents of one case, as canonical bytes.
#[derive(Debug, Clone)]
pub struct CaseFile {
    /// The request.
    pub request: Document,
    /// How it ended; none while it is open.
    pub decision: Option<Document>,
    /// The deal that came of it.
    pub deal: Option<Document>,
    /// The deal's acceptance.
    pub acceptance: Option<Document>,
    /// Suspensions, resumptions and revocations of the deal.
    pub revocations: Vec<Document>,
    /// The same question asked again about the deal.
    pub reviews: Vec<Document>,
    /// Inputs of the reviews, of a whole log; a bundle leaves them out.
    pub review_inputs: Vec<KeptInput>,
    /// The deal whose place this one takes.
    pub supersedes: Option<Document>,
    /// The deal that took the place of this one.
    pub superseded_by: Option<Document>,
    /// The acceptance of the deal that took its place.
    pub superseded_by_acceptance: Option<Document>,
    /// Approvals and refusals, by name; the last one for a name counts.
    pub approvals: Vec<Document>,
    /// Every other record of the request: earlier and later versions, what moved its term, an objection, other decisions, approvals that count
    /// no longer.
    pub history: Vec<Document>,
    /// What was erased of the case.
    pub erasures: Vec<Document>,
    /// The decision input; none if it was erased.
    pub input: Option<KeptInput>,
    /// Side documents that name natural persons.
    pub sides: Vec<Document>,
    /// Evidence, if it was asked for.
    pub evidence: Option<Vec<Arc<Exhibit>>>,
}

/// A decision input as it was kept.
#[derive(Debug, Clone)]
pub struct KeptInput {
    /// Its digest, by which the decision names it.
    pub digest: Digest,
    /// What it says, if it can be read.
    pub read: Result<DecisionInput, JsonError>,
}

impl KeptInput {
    /// Reads an input.
    #[must_use]
    pub fn new(document: &Document) -> Self {
        KeptInput { digest: document.digest(), read: document.parse("decision input") }
    }
}

impl CaseFile {
    /// Every record, with the name of its member in a bundle, in the order of SPEC section 8.
    pub(super) fn records(&self) -> impl Iterator<Item = (&'static str, &Document)> {
        self.deal
            .iter()
            .map(|d| ("deal", d))
            .chain(self.acceptance.iter().map(|d| ("acceptance", d)))
            .chain(self.revocations.iter().map(|d| ("revocations", d)))
            .chain(self.reviews.iter().map(|d| ("reviews", d)))
            .chain(self.supersedes.iter().map(|d| ("supersedes", d)))
            .chain(self.superseded_by.iter().map(|d| ("supersededBy", d)))
            .chain(self.superseded_by_acceptance.iter().map(|d| ("supersededByAcceptance", d)))
            .chain(self.decision.iter().map(|d| ("decision", d)))
            .chain([("request", &self.request)])
            .chain(self.approvals.iter().map(|d| ("approvals", d)))
            .chain(self.history.iter().map(|d| ("history", d)))
            .chain(self.erasures.iter().map(|d| ("erasures", d)))
    }
}

/// The documents of a bundle that are public.
#[derive(Debug)]
pub(super) struct PublicFile {
    pub(super) schema: Document,
    pub(super) condition_sets: Vec<Document>,
    pub(super) trust_list: Option<Document>,
    pub(super) mandates: Vec<Document>,
    pub(super) withdrawals: Vec<Document>,
    pub(super) key_statements: Vec<Document>,
}

impl PublicFile {
    pub(super) fn records(&self) -> impl Iterator<Item = (&'static str, &Document)> {
        [("schema", &self.schema)]
            .into_iter()
            .chain(self.condition_sets.iter().map(|d| ("conditionSets", d)))
            .chain(self.trust_list.iter().map(|d| ("trustList", d)))
            .chain(self.mandates.iter().map(|d| ("mandates", d)))
            .chain(self.withdrawals.iter().map(|d| ("withdrawals", d)))
            .chain(self.key_statements.iter().map(|d| ("keyStatements", d)))
    }
}

/// Evidence as read; none if there is none.
fn exhibits(documents: Vec<Document>, findings: &mut Findings) -> Option<Vec<Arc<Exhibit>>> {
    let mut exhibits = Vec::new();
    for document in documents {
        match Exhibit::read(document) {
            Ok(exhibit) => exhibits.push(Arc::new(exhibit)),
            Err(e) => {
                findings.check("S-102", "evidence: form", Err(e.to_string()));
            }
        }
    }
    Some(exhibits).filter(|e| !e.is_empty())
}

/// The documents of a bundle; none if one of them is outside the profile, which is then found.
pub(super) fn of_bundle(bundle: &Bundle, findings: &mut Findings) -> Option<(CaseFile, PublicFile)> {
    let mut whole = true;
    let mut one = |member: &str, value: &Value| match Document::of(value) {
        Ok(document) => Some(document),
        Err(e) => {
            whole = findings.check("S-30", format_args!("{member}: within the profile"), Err(e.to_string()));
            None
        }
    };
    let mut many =
        |member: &str, values: &[Value]| -> Vec<Document> { values.iter().filter_map(|v| one(member, v)).collect() };
    let revocations = many("revocations", &bundle.revocations);
    let reviews = many("reviews", &bundle.reviews);
    let approvals = many("approvals", &bundle.approvals);
    let history = many("history", &bundle.history);
    let erasures = many("erasures", &bundle.erasures);
    let sides = many("sides", &bundle.sides);
    let condition_sets = many("conditionSets", &bundle.condition_sets);
    let mandates = many("mandates", &bundle.mandates);
    let withdrawals = many("withdrawals", &bundle.withdrawals);
    let key_statements = many("keyStatements", &bundle.key_statements);
    let deal = bundle.deal.as_ref().and_then(|v| one("deal", v));
    let decision = one("decision", &bundle.decision);
    let acceptance = bundle.acceptance.as_ref().and_then(|v| one("acceptance", v));
    let supersedes = bundle.supersedes.as_ref().and_then(|v| one("supersedes", v));
    let superseded_by = bundle.superseded_by.as_ref().and_then(|v| one("supersededBy", v));
    let superseded_by_acceptance =
        bundle.superseded_by_acceptance.as_ref().and_then(|v| one("supersededByAcceptance", v));
    let input = bundle.input.as_ref().and_then(|v| one("input", v)).as_ref().map(KeptInput::new);
    let trust_list = bundle.trust_list.as_ref().and_then(|v| one("trustList", v));
    let (request, schema) = (one("request", &bundle.request), one("schema", &bundle.schema));
    let evidence = bundle.evidence.iter().filter_map(|v| one("evidence", v)).collect();
    let evidence = exhibits(evidence, findings);
    let (request, schema) = (request?, schema?);
    let case = CaseFile {
        request,
        decision,
        deal,
        acceptance,
        revocations,
        reviews,
        review_inputs: Vec::new(),
        supersedes,
        superseded_by,
        superseded_by_acceptance,
        approvals,
        history,
        erasures,
        input,
        sides,
        evidence,
    };
    let public = PublicFile { schema, condition_sets, trust_list, mandates, withdrawals, key_statements };
    whole.then_some((case, public))
}
