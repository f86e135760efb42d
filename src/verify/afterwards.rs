//! What became of a deal: revoked step by step, followed by another, asked about again; and what was erased of its case.

use super::case::{Case, Public, Reader};
use super::file::KeptInput;
use super::replay;
use super::whole::Whole;
use crate::model::decision::Outcome;
use crate::model::input::{DecisionInput, SetRef, Stage};
use crate::model::record::{
    Acceptance, Authority, Copies, Deal, DealReview, DecisionRecord, Party, Record, Revocation, RevocationAction,
    Transition,
};
use crate::model::term::local_day;
use crate::model::{Day, OrgId, Time};

impl Reader<'_> {
    /// Revocations and erasures are of this case and came later.
    pub(super) fn afterwards(&mut self, case: &Case<'_>) {
        for revocation in &case.revocations {
            let s = &revocation.subject;
            let of_deal = |d: &Record<Deal>| s.deal == d.reference() && self.before(&d.digest, &revocation.digest);
            let right = case.deal.as_ref().is_some_and(of_deal);
            self.findings.holds("S-96", "revocation: of this deal, logged after it", right, || {
                "it is of another deal, or was logged before".to_owned()
            });
            let step = self.step(case, revocation);
            self.findings.check("S-182", format_args!("revocation: {} is a step that fits", s.action.as_str()), step);
            let how = match s.action {
                RevocationAction::Revoke => "revoked",
                RevocationAction::End => "ended by the reuser",
                _ => continue,
            };
            let end = format!("the deal is no longer in force: {how} from {} on ({})", s.effective, s.reason);
            self.findings.unseen.push(end);
        }
        for erasure in &case.erased {
            let after = |d: &Record<DecisionRecord>| self.before(&d.digest, &erasure.digest);
            let mut versions = case.versions.iter().chain([&case.request]);
            let right =
                versions.any(|v| erasure.subject.request == v.reference()) && case.decision.as_ref().is_some_and(after);
            self.findings.holds("S-79", "erasure: of this request, after it ended", right, || {
                "it is of another request, or the case was open".to_owned()
            });
        }
    }

    /// An intention says until when a view can be given; who revokes a concluded deal announced it and heard, or acts for danger.
    fn step(&self, case: &Case<'_>, revocation: &Record<Revocation>) -> Result<(), String> {
        let s = &revocation.subject;
        let intends = s.action == RevocationAction::Intend;
        if intends != s.view_until.is_some() || s.view_until.is_some_and(|until| until <= revocation.valid_from) {
            return Err("`viewUntil` stands where it should not, or is missing, or is past".to_owned());
        }
        if s.danger && s.action != RevocationAction::Revoke
            || s.view.is_some() && !matches!(s.action, RevocationAction::Revoke | RevocationAction::Drop)
        {
            return Err("it has a member of another step".to_owned());
        }
        // records of earlier versions of the program say neither
        let stops = matches!(s.action, RevocationAction::Suspend | RevocationAction::Revoke);
        if s.objection.is_some() && !stops || s.copies.is_some_and(|copies| Some(copies) != Copies::after(s.action)) {
            return Err("`objection` or `copies` is not that of this step".to_owned());
        }
        let last_day = s.objection.as_ref().map(|o| o.until.parse::<Day>());
        if last_day
            .is_some_and(|day| day.is_err() || day.is_ok_and(|day| day < local_day(revocation.valid_from).into()))
        {
            return Err("the last day to object is none, or was over before".to_owned());
        }
        let concluded = |a: &Record<Acceptance>| self.before(&a.digest, &revocation.digest);
        let needs = match s.action {
            RevocationAction::End if !case.acceptance.as_ref().is_some_and(concluded) => {
                return Err("the deal was not concluded".to_owned());
            }
            RevocationAction::Drop => true,
            RevocationAction::Revoke => !s.danger && case.acceptance.as_ref().is_some_and(concluded),
            _ => false,
        };
        if !needs {
            return Ok(());
        }
        let earlier = case.revocations.iter().filter(|r| self.before(&r.digest, &revocation.digest));
        let steps = earlier.filter(|r| matches!(r.subject.action, RevocationAction::Intend | RevocationAction::Drop));
        let last = steps.max_by_key(|r| self.index(&r.digest)).map(|r| &r.subject);
        let Some(intention) = last.filter(|r| r.action == RevocationAction::Intend) else {
            return Err("it was not announced, and is not for danger".to_owned());
        };
        let heard = s.view.is_some() || intention.view_until.is_some_and(|until| until <= revocation.valid_from);
        if s.action == RevocationAction::Revoke && !heard {
            return Err("the reuser could still give its view, and gave none".to_owned());
        }
        Ok(())
    }

    /// The deal before, and the one after.
    pub(super) fn followed(&mut self, case: &Case<'_>) {
        let Some(deal) = &case.deal else { return };
        let right = match (&deal.subject.supersedes, &case.supersedes) {
            (None, None) => true,
            (Some(named), Some(old)) => {
                *named == old.reference() && alike(old, deal) && self.before(&old.digest, &deal.digest)
            }
            _ => false,
        };
        self.findings.holds("S-180", "deal: takes the place of the deal that it names", right, || {
            "that deal is another or is not there, is of others, or was logged later".to_owned()
        });
        let (new, acceptance) = match (&case.superseded_by, &case.superseded_by_acceptance) {
            (None, None) => return,
            (Some(new), Some(acceptance)) => (new, acceptance),
            _ => {
                let why = "the deal that follows is there without its acceptance, or the acceptance without the deal";
                self.findings.check("S-181", "deal: followed by another", Err(why.to_owned()));
                return;
            }
        };
        let reuser = &case.request.subject.applicant;
        let follows = new.subject.supersedes == Some(deal.reference())
            && alike(deal, new)
            && self.before(&deal.digest, &new.digest)
            && acceptance.subject.deal == new.reference()
            && acceptance.issuer.register_number == *reuser
            && acceptance.subject.actor.organisation == *reuser
            && acceptance.valid_from < new.subject.offer_until
            && self.before(&new.digest, &acceptance.digest);
        self.findings.holds("S-181", "deal: followed by another", follows, || {
            "what follows names another deal, is of others, or was not accepted in time by the reuser".to_owned()
        });
        let from = acceptance.valid_from.max(new.subject.term.from);
        self.findings.unseen.push(format!(
            "the deal ends on {from}: from then on deal {} ({}) takes its place",
            new.subject.number, new.id
        ));
    }

    /// The same question asked again: each time another answer, by rule.
    pub(super) fn reviewed(&mut self, case: &Case<'_>) {
        let mut before = Outcome::Permit;
        for review in &case.reviews {
            let s = &review.subject;
            let of_deal = |d: &Record<Deal>| s.deal == d.reference();
            let after = |a: &Record<Acceptance>| self.before(&a.digest, &review.digest);
            let right = case.deal.as_ref().is_some_and(of_deal)
                && case.acceptance.as_ref().is_some_and(after)
                && s.before == before
                && s.decision.outcome != before
                && !(s.suspends && s.decision.outcome == Outcome::Permit)
                && by_rule(s, case.owner());
            self.findings.holds("S-183", "review: of this deal, another answer than before, by rule", right, || {
                "it is of another deal or not yet concluded, gives no other answer, or a person gave it".to_owned()
            });
            before = s.decision.outcome;
            if let Public::Known(whole) = self.public {
                let kept = self.file.review_inputs.iter().find(|i| i.digest == s.input);
                let erased = case.erased.iter().any(|e| e.subject.erased.contains(&s.input));
                let again = match kept {
                    None if erased => continue,
                    None => Err("its input is gone, and no erasure says why".to_owned()),
                    Some(kept) => self.replayed(case, review, kept, whole),
                };
                self.findings.check("S-185", "review: replayed", again);
            }
        }
        if before != Outcome::Permit {
            let by = case.reviews.last().map_or(Time::EPOCH, |r| r.valid_from);
            self.findings.unseen.push(format!("asked again on {by}, the answer about the deal is {}", before.as_str()));
        }
    }

    fn replayed(
        &self,
        case: &Case<'_>,
        review: &Record<DealReview>,
        kept: &KeptInput,
        whole: &Whole,
    ) -> Result<(), String> {
        let input = kept.read.as_ref().map_err(ToString::to_string)?;
        let deal = case.deal.as_ref().ok_or("there is no deal")?;
        let asks = input.stage == Stage::Deal
            && input.now == review.valid_from
            && input.request == Some(case.request.id)
            && input.applicant.as_ref() == Some(&case.request.subject.applicant)
            && input.purpose.as_ref() == Some(&deal.subject.purpose)
            && input.scope == deal.subject.scope
            && input.declared == case.request.subject.declared
            && input.dataset.id == deal.subject.dataset
            && Some(&input.dataset.owner) == case.owner();
        if !asks {
            return Err("its input asks something else than the deal gives".to_owned());
        }
        let Some(decided) = case.input else { return Err("the input of the decision is gone".to_owned()) };
        let reaches =
            |named: &SetRef| self.before(&named.record, &review.digest) && reaches(decided, named, input.now, whole);
        if !input.sets.iter().all(reaches) {
            return Err("a set that its input names does not reach the deal".to_owned());
        }
        replay::review(&whole.texts(Some(input)), input, review)
    }
}

/// Whether two deals are about the same dataset, between the same.
fn alike(old: &Record<Deal>, new: &Record<Deal>) -> bool {
    let parties = |d: &Record<Deal>| -> Vec<(Party, OrgId)> {
        d.subject.parties.iter().map(|p| (p.party, p.organisation.clone())).collect()
    };
    old.subject.dataset == new.subject.dataset && parties(old) == parties(new)
}

fn by_rule(review: &DealReview, owner: Option<&OrgId>) -> bool {
    let actor = &review.actor;
    actor.person.is_none() && Some(&actor.organisation) == owner && matches!(actor.authority, Authority::Automatic(_))
}

/// A set of a review is that of the decision, or a later version of it that reaches live deals.
fn reaches(decided: &DecisionInput, named: &SetRef, now: Time, whole: &Whole) -> bool {
    let own = decided.sets.iter().find(|s| s.level == named.level);
    if own.is_some_and(|own| own.record == named.record) {
        return true;
    }
    let Some(set) = whole.set(&named.record) else { return false };
    let later = own.and_then(|own| whole.set(&own.record)).is_none_or(|own| own.version < set.version);
    later && set.from <= now && matches!(set.transition, Some(Transition::Live(from)) if from <= now)
}
