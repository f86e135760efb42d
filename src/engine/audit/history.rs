//! What an audit makes of the records of a case: for each of its decisions the file that a bundle would hold, with all other records of the
//! request beside it.

use std::collections::BTreeMap;

use crate::engine::EngineError;
use crate::model::entry::Entry;
use crate::model::record::{DecisionResult, ObjectionOutcome, OnObjection, Reference, said};
use crate::model::{Digest, Document};
use crate::verify::CaseFile;

/// The records of a case by what they are, each list in the order in which they were made.
#[derive(Default)]
pub(in crate::engine) struct Records {
    pub(in crate::engine) requests: Vec<Document>,
    pub(in crate::engine) decisions: Vec<Document>,
    pub(in crate::engine) deals: Vec<Document>,
    pub(in crate::engine) acceptances: Vec<Document>,
    pub(in crate::engine) approvals: Vec<Document>,
    pub(in crate::engine) revocations: Vec<Document>,
    pub(in crate::engine) reviews: Vec<Document>,
    pub(in crate::engine) erasures: Vec<Document>,
    pub(in crate::engine) terms: Vec<Document>,
    pub(in crate::engine) objections: Vec<Document>,
    pub(in crate::engine) places: Vec<(Digest, u64, Entry)>,
}

/// What a decision says of itself that an audit relies on: its own words, not those of the case's row.
pub(in crate::engine) struct Decided {
    pub(in crate::engine) document: Document,
    pub(in crate::engine) digest: Digest,
    pub(in crate::engine) result: DecisionResult,
    pub(in crate::engine) objection: Option<OnObjection>,
    pub(in crate::engine) input: Option<Digest>,
    request: Digest,
    approvals: Vec<Reference>,
}

impl Decided {
    pub(in crate::engine) fn of(decision: &Document) -> Result<Self, EngineError> {
        let has = |member: &str| decision.inner("credentialSubject", member).is_some();
        let input = has("input").then(|| said(decision, "input")).transpose()?;
        let objection = has("objection").then(|| said(decision, "objection")).transpose()?;
        let approvals = has("approvals").then(|| said(decision, "approvals")).transpose()?.unwrap_or_default();
        let result = said(decision, "result")?;
        let request = said::<Reference>(decision, "request")?.digest;
        Ok(Decided {
            digest: decision.digest(),
            document: decision.clone(),
            result,
            objection,
            input,
            request,
            approvals,
        })
    }
}

impl Decided {
    /// Whether it rests on an answer of its own.
    pub(in crate::engine) fn judges(&self) -> bool {
        self.result.judged() && self.objection.is_none_or(|on| on.outcome == ObjectionOutcome::Upheld)
    }
}

impl Records {
    /// Every record of the request with its place.
    pub(in crate::engine) fn of_request(&self) -> Vec<(u64, &Document)> {
        let place = |d: &Document| {
            let digest = d.digest();
            self.places.iter().find(|(of, ..)| *of == digest).map_or(0, |(_, index, _)| *index)
        };
        self.history(|_| true).map(|d| (place(d), d)).collect()
    }

    fn history(&self, beside: impl Fn(&Digest) -> bool) -> impl Iterator<Item = &Document> {
        let lists = [&self.requests, &self.terms, &self.objections, &self.decisions, &self.approvals];
        lists.into_iter().flatten().filter(move |d| beside(&d.digest()))
    }

    /// The file of a decision.
    pub(in crate::engine) fn decided(&self, decided: &Decided) -> CaseFile {
        let request = self.requests.iter().find(|r| r.digest() == decided.request);
        // one that names no request of the case fails for naming another
        let request = request.or(self.requests.first()).cloned();
        let named = |a: &&Document| decided.approvals.iter().any(|r| r.digest == a.digest());
        let approvals: Vec<Document> = self.approvals.iter().filter(named).cloned().collect();
        self.file(request.unwrap_or_else(|| decided.document.clone()), Some(decided.document.clone()), approvals)
    }

    /// The file of a request that is open, in its newest version; the last approval of that for each name counts.
    pub(in crate::engine) fn open(&self, request: Document) -> Result<CaseFile, EngineError> {
        let (mut newest, version) = (BTreeMap::new(), request.digest());
        for approval in &self.approvals {
            if said::<Reference>(approval, "request")?.digest == version {
                newest.insert(said::<String>(approval, "name")?, approval.clone());
            }
        }
        Ok(self.file(request, None, newest.into_values().collect()))
    }

    fn file(&self, request: Document, decision: Option<Document>, mut approvals: Vec<Document>) -> CaseFile {
        approvals.sort_by_cached_key(|a| said::<String>(a, "name").unwrap_or_default());
        let mut own = vec![request.digest()];
        own.extend(decision.iter().map(Document::digest));
        own.extend(approvals.iter().map(Document::digest));
        CaseFile {
            history: self.history(|digest| !own.contains(digest)).cloned().collect(),
            request,
            decision,
            deal: None,
            acceptance: None,
            revocations: Vec::new(),
            reviews: Vec::new(),
            review_inputs: Vec::new(),
            supersedes: None,
            superseded_by: None,
            superseded_by_acceptance: None,
            approvals,
            erasures: self.erasures.clone(),
            input: None,
            sides: Vec::new(),
            evidence: None,
        }
    }
}

/// The deals of a case that took the place of others.
pub(in crate::engine) struct Neighbours {
    deals: BTreeMap<Digest, Document>,
    /// By the digest of the deal whose place is taken: the deal and its acceptance.
    followed: BTreeMap<Digest, (Document, Document)>,
}

impl Neighbours {
    pub(in crate::engine) fn of(deals: &[Document], acceptances: &[Document]) -> Result<Self, EngineError> {
        let mut followed = BTreeMap::new();
        for deal in deals {
            let (Some(old), digest) = (superseded(deal)?, deal.digest()) else { continue };
            let of_this = |a: &&Document| said::<Reference>(a, "deal").is_ok_and(|named| named.digest == digest);
            let acceptance = acceptances.iter().find(of_this);
            followed.extend(acceptance.map(|a| (old, (deal.clone(), a.clone()))));
        }
        Ok(Neighbours { deals: deals.iter().map(|d| (d.digest(), d.clone())).collect(), followed })
    }

    pub(in crate::engine) fn before(&self, deal: &Document) -> Result<Option<Document>, EngineError> {
        Ok(superseded(deal)?.and_then(|old| self.deals.get(&old).cloned()))
    }

    pub(in crate::engine) fn after(&self, deal: &Digest) -> (Option<Document>, Option<Document>) {
        self.followed.get(deal).cloned().unzip()
    }
}

/// The deal whose place a deal takes.
fn superseded(deal: &Document) -> Result<Option<Digest>, EngineError> {
    let named = deal.inner("credentialSubject", "supersedes").map(|_| said::<Reference>(deal, "supersedes"));
    Ok(named.transpose()?.map(|old| old.digest))
}

/// Takes out of a list what is of one deal.
pub(in crate::engine) fn of_deal(list: &mut Vec<Document>, deal: &Digest) -> Vec<Document> {
    list.extract_if(.., |d| said::<Reference>(d, "deal").is_ok_and(|named| named.digest == *deal)).collect()
}
