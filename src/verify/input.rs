//! Documents that are not logged themselves: side documents and the decision input, which records name by digest.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use super::case::{Case, Reader};
use crate::model::input::{DecisionInput, GivenApproval, Stage};
use crate::model::record::{DecisionRecord, PersonSide};
use crate::model::{Digest, Document};

impl<'a> Reader<'a> {
    /// Side documents are the ones that records name.
    pub(super) fn sides(&mut self, case: &Case<'_>) {
        let gone: BTreeSet<Digest> = case.erased.iter().flat_map(|e| e.subject.erased.iter().copied()).collect();
        let given: BTreeSet<Digest> = self.file.sides.iter().map(Document::digest).collect();
        let named = LazyCell::new(|| case.actors().filter_map(|a| a.person).collect::<BTreeSet<Digest>>());
        for side in &self.file.sides {
            let read = side.parse::<PersonSide>("side document").map_err(|e| e.to_string());
            let read = read.and_then(|read| {
                let known = named.contains(&side.digest()) && read.kind == "Person";
                if known { Ok(()) } else { Err("no record names it".to_owned()) }
            });
            self.findings.check("S-103", "side document: the one that a record names", read);
        }
        if !gone.is_empty() {
            self.findings.unseen.push(format!("{} documents that were erased", gone.difference(&given).count()));
        }
    }

    /// The decision input is the one that the decision names, and asks what the request asks.
    pub(super) fn input(&mut self, case: &Case<'_>) -> Option<&'a DecisionInput> {
        let (kept, decision) = (self.file.input.as_ref()?, case.decision.as_ref()?);
        let named = decision.subject.input == Some(kept.digest);
        let f = &mut *self.findings;
        f.holds("S-99", "input: the one that the decision names", named, || "it is another document".to_owned());
        let input = match &kept.read {
            Ok(input) => input,
            Err(e) => {
                f.check("S-99", "input: form", Err(e.to_string()));
                return None;
            }
        };
        let at = decision.valid_from;
        f.holds("S-99", "input: of the instant of the decision", input.now == at, || {
            format!("it is of {}, the decision of {at}", input.now)
        });
        f.holds("S-99", "input: asks what the request asks", asks(case, input), || {
            "request, applicant, purpose, scope, facts or acceptances differ".to_owned()
        });
        f.holds("S-99", "input: of the dataset that was decided on", describes(case, &decision.subject, input), || {
            "it is another dataset, owner or body, or an unknown column is asked for".to_owned()
        });
        let given = case.approvals.iter().filter(|a| a.subject.given);
        let given = given.map(|a| GivenApproval { name: a.subject.name.clone(), record: a.digest });
        f.holds(
            "S-99",
            "input: counts the approvals that were given",
            input.approvals.iter().cloned().eq(given),
            || "its approvals are not those of the records".to_owned(),
        );
        if input.dataset.version().ok() != Some(case.request.subject.dataset_version) {
            f.unseen.push("whether the dataset was described so when the request came: its version differs".to_owned());
        }
        Some(input).filter(|_| named)
    }
}

fn asks(case: &Case<'_>, input: &DecisionInput) -> bool {
    let r = &case.request.subject;
    input.stage == Stage::Request
        && input.request == Some(case.first().id)
        && input.applicant.as_ref() == Some(&r.applicant)
        && input.purpose.as_ref() == Some(&r.purpose)
        && input.scope == r.scope
        && input.declared == r.declared
        && input.accepted == r.accepted
}

fn describes(case: &Case<'_>, d: &DecisionRecord, input: &DecisionInput) -> bool {
    let dataset = &input.dataset;
    dataset.id == case.request.subject.dataset
        && Some(&dataset.owner) == case.owner()
        && dataset.competent_body == d.body
        && dataset.executor == d.executor
        && dataset.term.objection.body == d.objection_body
        && dataset.term.objection.web == d.objection_web
        && input.scope.columns.is_subset(&dataset.column_names())
}
