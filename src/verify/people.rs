//! Who acted: approvals of others than the applicant, mandates that cover the act, and what was decided without a person.

use std::borrow::Cow;

use super::case::{Case, Reader};
use crate::model::record::{
    Actor, Authority, DecisionRecord, DecisionResult, Mandate, ObjectionOutcome, Power, Record, RevocationAction,
};
use crate::model::{Digest, Iri, Time};

impl Reader<'_> {
    /// Who acted under a mandate had it, for this dataset, on that day, logged before.
    pub(super) fn people(&mut self, case: &Case<'_>) {
        self.approvals(case);
        let mut acts: Vec<(Cow<'static, str>, &Actor, Power, Digest, Time)> = Vec::new();
        let decided = case.decision.iter().filter(|d| !by_applicant(&d.subject));
        acts.extend(decided.map(|d| ("decision".into(), &d.subject.actor, Power::Decide, d.digest, d.valid_from)));
        acts.extend(case.deal.iter().map(|d| ("deal".into(), &d.subject.actor, Power::Decide, d.digest, d.valid_from)));
        acts.extend(case.approvals.iter().map(|a| {
            let power = Power::Approve(a.subject.name.clone());
            (format!("approval `{}`", a.subject.name).into(), &a.subject.actor, power, a.digest, a.valid_from)
        }));
        let applicant = &case.request.subject.applicant;
        let (ends, taken): (Vec<_>, Vec<_>) =
            case.revocations.iter().partition(|r| r.subject.action == RevocationAction::End);
        for end in ends {
            let by = &end.subject.actor;
            let own = by.organisation == *applicant && matches!(by.authority, Authority::Register(_));
            self.findings.holds("S-98", "end of the deal: by the reuser", own && by.person.is_some(), || {
                "another organisation gave notice, or nobody who can bind it".to_owned()
            });
        }
        acts.extend(
            taken.iter().map(|r| ("revocation".into(), &r.subject.actor, Power::Decide, r.digest, r.valid_from)),
        );
        acts.extend(
            case.superseded_by
                .iter()
                .map(|d| ("deal that follows".into(), &d.subject.actor, Power::Decide, d.digest, d.valid_from)),
        );
        let (owner, dataset) = (case.owner(), &case.request.subject.dataset);
        for term in &case.terms {
            let Authority::Mandate(digest) = &term.subject.actor.authority else {
                self.findings.check("S-98", "term: mandate", Err("it rests on no mandate".to_owned()));
                continue;
            };
            let Some(mandate) = case.mandates.get(digest) else {
                self.findings.not_given("S-98", "term: mandate", "the mandate is not in the bundle");
                continue;
            };
            // whoever has some power over the data may ask for what is missing
            let some = mandate
                .subject
                .powers
                .iter()
                .any(|power| covers(mandate, &term.subject.actor, power, dataset, term.valid_from));
            let covers = some && Some(&mandate.issuer.register_number) == owner && self.before(digest, &term.digest);
            self.findings.holds("S-98", "term: mandate", covers, || "it does not cover this act".to_owned());
            self.not_withdrawn(case, "term", digest, &term.digest);
        }
        for (act, actor, power, record, at) in acts {
            let what = format_args!("{act}: mandate");
            match &actor.authority {
                Authority::Automatic(official) if case.revocations.iter().any(|r| r.digest == record) => {
                    let by_rule = self.suspended_by_rule(case, &record, actor, official);
                    self.findings.holds("S-98", what, by_rule, || "it needs a person, or no review says so".to_owned());
                }
                Authority::Automatic(_)
                    if case.decision.as_ref().is_some_and(|d| d.digest == record && !rests_on_rules(&d.subject)) =>
                {
                    self.findings.check("S-98", what, Err("it needs a person".to_owned()));
                }
                Authority::Automatic(_) if case.texts.sets.is_empty() && self.file.input.is_none() => {
                    self.findings.not_given("S-98", what, "the set that it rests on is not in the bundle");
                }
                Authority::Automatic(official) if case.decision.as_ref().is_some_and(|d| d.digest == record) => {
                    self.findings.holds("S-98", what, automatic(case, actor, official), || {
                        "it needs a person, or the set that it rests on says otherwise".to_owned()
                    });
                }
                Authority::Mandate(digest) => match case.mandates.get(digest) {
                    Some(mandate) => {
                        let covers = covers(mandate, actor, &power, &case.request.subject.dataset, at)
                            && Some(&mandate.issuer.register_number) == case.owner()
                            && self.before(digest, &record);
                        self.findings.holds("S-98", what, covers, || {
                            format!("it does not cover this act of {}", actor.function)
                        });
                        self.not_withdrawn(case, &act, digest, &record);
                    }
                    None => self.findings.not_given("S-98", what, "the mandate is not in the bundle"),
                },
                _ => {
                    self.findings.check("S-98", what, Err("it rests on no mandate".to_owned()));
                }
            }
        }
    }

    /// Nobody acts under a mandate from the entry of its withdrawal on.
    fn not_withdrawn(&mut self, case: &Case<'_>, act: &str, mandate: &Digest, record: &Digest) {
        let Some(withdrawal) = case.withdrawn.get(mandate) else { return };
        let before = self.before(record, &withdrawal.digest);
        self.findings.holds("S-191", format_args!("{act}: before its mandate was withdrawn"), before, || {
            format!("the mandate was withdrawn at {}", withdrawal.valid_from)
        });
    }

    /// Without a person a deal is only suspended, and only where the review before says so, for the same official.
    fn suspended_by_rule(&self, case: &Case<'_>, record: &Digest, actor: &Actor, official: &str) -> bool {
        let suspends =
            case.revocations.iter().any(|r| r.digest == *record && r.subject.action == RevocationAction::Suspend);
        let earlier = case.reviews.iter().filter(|r| self.before(&r.digest, record));
        let last = earlier.max_by_key(|r| self.index(&r.digest)).map(|r| &r.subject);
        let says = last
            .is_some_and(|r| r.suspends && matches!(&r.actor.authority, Authority::Automatic(by) if by == official));
        suspends && says && actor.person.is_none() && Some(&actor.organisation) == case.owner()
    }

    /// Approvals are of this request, by others than the applicant, given before the decision, which names them all.
    fn approvals(&mut self, case: &Case<'_>) {
        let applicant = &case.request.subject.applicant;
        for a in &case.approvals {
            let name = &a.subject.name;
            self.findings.holds(
                "S-97",
                format_args!("approval `{name}`: not by the applicant"),
                a.subject.actor.organisation != *applicant,
                || "an applicant approved its own request".to_owned(),
            );
            let in_time = |d: &Record<DecisionRecord>| self.before(&a.digest, &d.digest);
            let right = a.subject.request == case.request.reference()
                && self.before(&case.request.digest, &a.digest)
                && case.decision.as_ref().is_none_or(in_time);
            self.findings.holds(
                "S-97",
                format_args!("approval `{name}`: of this request, before it ended"),
                right,
                || "it is of another request, or was logged before it or after the decision".to_owned(),
            );
        }
        let Some(Record { subject: decision, .. }) = &case.decision else { return };
        let all = decision.approvals.iter().copied().eq(case.approvals.iter().map(Record::reference));
        let once = case.approvals.windows(2).all(|p| matches!(p, [a, b] if a.subject.name < b.subject.name));
        self.findings.holds("S-97", "decision: names every approval", all && once, || {
            "the approvals are others, or one name stands twice".to_owned()
        });
        let actor = &decision.actor;
        let own = actor.person.is_some() && actor.organisation == *applicant;
        let own = own && !by_applicant(decision);
        self.findings.holds("S-97", "decision: not by the applicant", !own, || {
            "an applicant decided on its own request".to_owned()
        });
    }
}

/// An applicant withdraws its request or its objection by itself: no power of the owner is used.
fn by_applicant(decision: &DecisionRecord) -> bool {
    match decision.objection {
        Some(on) => on.outcome == ObjectionOutcome::Withdrawn,
        None => decision.result == DecisionResult::Withdrawn,
    }
}

/// Whether the conditions alone can have decided: what was not judged, and what was objected to, needs a person.
fn rests_on_rules(decision: &DecisionRecord) -> bool {
    decision.result.judged() && decision.objection.is_none()
}

/// Without a person only a permit ends a request, and a negative answer where the narrowest set says so; the official is that set's.
fn automatic(case: &Case<'_>, actor: &Actor, official: &str) -> bool {
    let (Some(decision), Some(set)) = (&case.decision, case.texts.sets.last()) else { return false };
    actor.person.is_none()
        && Some(&actor.organisation) == case.owner()
        && official == set.subject.actor.function
        && (decision.subject.result == DecisionResult::Granted || set.subject.automatic_refusals)
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
