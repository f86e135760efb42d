//! The life of a deal: accepted by who may bind, revoked step by step, renewed, amended, asked about again, and what happens under it.

use std::collections::BTreeSet;

use datadeal::engine::{
    Amendment, DealState, DealStep, DealTold, Delivery, Fulfilment, Incident, NamedUser, NewByDecision, Pending,
    UserRemoved,
};
use datadeal::model::decision::Outcome;
use datadeal::model::record::Transition;
use datadeal::model::{Time, Urn};
use datadeal::verify::{CheckResult, Verdict};
use serde_json::{Value, json};

use crate::story::{World, question, set};

const DAY: i64 = 86_400;

/// A portal, and what its people do with deals.
pub(crate) struct Life {
    pub(crate) world: World,
}

impl Life {
    pub(crate) fn new() -> Self {
        Life { world: World::new() }
    }

    pub(crate) fn step(&self, deal: &Urn, step: DealStep) -> Result<DealTold, String> {
        let admin = self.world.actor("admin");
        let pending = self.world.engine.deal_step(&admin, deal, step, "a reason").map_err(|e| e.to_string())?;
        pending.wait().map_err(|e| e.to_string())
    }

    pub(crate) fn state(&self, deal: &Urn) -> DealState {
        self.world.engine.deal_now(&self.world.actor("researcher"), deal).unwrap().state
    }

    pub(crate) fn accept(&self, deal: &Urn) -> Result<DealTold, String> {
        let pending = self.world.engine.accept(&self.world.actor("researcher"), deal, None);
        pending.map_err(|e| e.to_string())?.wait().map_err(|e| e.to_string())
    }

    pub(crate) fn renew(&self, deal: &Urn) -> Result<DealTold, String> {
        let pending = self.world.engine.renew(&self.world.actor("admin"), deal).map_err(|e| e.to_string())?;
        pending.wait().map_err(|e| e.to_string())
    }

    pub(crate) fn amend(&self, deal: &Urn, change: &Amendment) -> Result<DealTold, String> {
        let pending = self.world.engine.amend(&self.world.actor("admin"), deal, change).map_err(|e| e.to_string())?;
        pending.wait().map_err(|e| e.to_string())
    }

    pub(crate) fn view(&self, deal: &Urn, text: &str) -> Result<(), String> {
        let pending = self.world.engine.give_view(&self.world.actor("researcher"), deal, text);
        pending.map_err(|e| e.to_string())?.wait().map(|_| ()).map_err(|e| e.to_string())
    }

    /// The bundle is right, and says this of what became of the deal.
    fn verified(&self, deal: &Urn, unseen: &str) {
        let report = self.world.verdict(&self.world.bundle(deal));
        let failed: Vec<_> = report.checks.iter().filter(|c| c.result != CheckResult::Passed).collect();
        assert_eq!(report.verdict, Verdict::Valid, "{failed:#?}");
        assert!(report.unseen.iter().any(|u| u.contains(unseen)), "{:#?}", report.unseen);
    }

    fn audited(&self) {
        let audit = self.world.engine.audit(&self.world.actor("operator"), &mut |_, _| {}).unwrap();
        assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
    }

    /// The owner vouches for the category of the reuser, for so many days.
    fn confirmed(&self, days: i64) {
        let confirmation = datadeal::engine::NewConfirmation {
            organisation: crate::story::reuser(),
            fact: "category".to_owned(),
            value: "university".into(),
            until: self.world.engine.now().plus_seconds(days * DAY),
            reason: "accreditation seen".to_owned(),
        };
        self.world.engine.confirm_evidence(&self.world.actor("steward"), &confirmation).unwrap().wait().unwrap();
    }

    /// A new version of the dataset's set, with a further promise that no deal has accepted.
    pub(crate) fn stricter(&self, transition: Option<Transition>, automatic_suspension: bool) {
        let mut new = set();
        new.text += datadeal::conditions::library::folder("non-commercial").unwrap().policy;
        new.cases = serde_json::from_value(json!({"now": crate::story::NOW, "dataset": {"personalData": true}, "cases": [
            {"name": "unknown", "declared": {"plan": "PLAN-7"}, "approvals": ["ethics"], "purpose": "dpv:ScientificResearch", "expect": "incomplete", "failing": ["named-category", "non-commercial"]}
        ]}))
        .unwrap();
        new.transition = transition;
        new.automatic_suspension = automatic_suspension;
        self.world.engine.publish_conditions(&self.world.actor("admin"), &new).unwrap();
    }
}

/// Only who has authority to bind its organisation accepts, and the record says on what it rests.
#[test]
fn a_deal_is_accepted_by_who_may_bind() {
    let life = Life::new();
    let (engine, operator) = (&life.world.engine, life.world.actor("operator"));
    let new = datadeal::engine::NewPerson {
        person: "assistant".parse().unwrap(),
        organisation: crate::story::reuser(),
        name: "Person assistant".to_owned(),
        function: "assistant".to_owned(),
        roles: BTreeSet::from([datadeal::rights::Role::Requester]),
    };
    engine.add_person(&operator, &new).unwrap();
    let case = life.world.request(question());
    engine.approve(&life.world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    let deal = engine.offer(&life.world.actor("admin"), &case.id).unwrap().wait().unwrap();
    let refused = engine.accept(&life.world.actor("assistant"), &deal.id, None).unwrap_err().to_string();
    assert_eq!(refused, "`assistant` has no authority to bind NL.KVK:69599084");
    // the organisation's own administrator can state it, a stranger cannot
    let assistant = "assistant".parse().unwrap();
    assert!(engine.authorise(&life.world.actor("admin"), &assistant, "mandate").is_err());
    engine.authorise(&life.world.actor("researcher"), &assistant, "mandate of the board, 2026-11-01").unwrap();
    let told = engine.accept(&life.world.actor("assistant"), &deal.id, None).unwrap().wait().unwrap();
    assert_eq!(told.state, DealState::Active);
    let acceptance = life.world.bundle(&deal.id).acceptance.unwrap();
    let authority = acceptance.pointer("/credentialSubject/actor/authority/register").unwrap();
    assert_eq!(authority, "mandate of the board, 2026-11-01");
}

/// Of two who accept at once one wins; the other learns that something changed.
#[test]
fn a_deal_is_accepted_once() {
    let life = Life::new();
    let engine = &life.world.engine;
    let case = life.world.request(question());
    engine.approve(&life.world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    let deal = engine.offer(&life.world.actor("admin"), &case.id).unwrap().wait().unwrap().id;
    let researcher = life.world.actor("researcher");
    let both = [engine.accept(&researcher, &deal, None), engine.accept(&researcher, &deal, None)];
    let [first, second] = both.map(|pending| pending.and_then(Pending::wait).map_err(|e| e.to_string()));
    assert_eq!(first.unwrap().state, DealState::Active);
    // it comes before or after the first was written
    let why = second.unwrap_err();
    assert!(why.contains("changed in the meantime") || why.contains("The deal was accepted"), "{why}");
    assert!(life.accept(&deal).unwrap_err().starts_with("The deal was accepted on"));
}

/// S-182: a concluded deal is revoked after it was announced and the reuser heard, or after the time for it; or at once for danger.
#[test]
fn a_revocation_is_announced_and_heard() {
    let life = Life::new();
    let deal = life.world.deal();
    assert_eq!(life.step(&deal, DealStep::Revoke).unwrap_err(), "its revocation was not announced");
    assert_eq!(life.step(&deal, DealStep::Drop).unwrap_err(), "the deal is active");
    assert!(life.view(&deal, "no").unwrap_err().contains("no revocation is announced"));
    assert!(life.step(&deal, DealStep::Intend(0)).is_err());
    let told = life.step(&deal, DealStep::Intend(14)).unwrap();
    assert_eq!(told.state, DealState::Active);
    assert_eq!(told.view_until, Some("2026-12-09T09:00:00Z".parse().unwrap()));
    assert_eq!(life.step(&deal, DealStep::Intend(14)).unwrap_err(), "its revocation is announced already");
    assert_eq!(
        life.step(&deal, DealStep::Revoke).unwrap_err(),
        "the reuser can give its view until 2026-12-09T09:00:00Z"
    );
    // dropped, and announced again: the view on the first one is not one on the second
    life.view(&deal, "we keep to the terms").unwrap();
    life.step(&deal, DealStep::Drop).unwrap();
    life.step(&deal, DealStep::Intend(14)).unwrap();
    assert!(life.step(&deal, DealStep::Revoke).is_err());
    life.view(&deal, "we still do").unwrap();
    assert_eq!(life.step(&deal, DealStep::Revoke).unwrap().state, DealState::Revoked);
    life.verified(&deal, "revoked from 2026-11-25T09:00:00Z on");
    let revocations = life.world.bundle(&deal).revocations;
    let actions: Vec<_> = revocations.iter().map(|r| r["credentialSubject"]["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["intend", "drop", "intend", "revoke"]);
    assert!(revocations[3]["credentialSubject"]["view"].is_string());
    // nobody answers: the time passes
    let other = life.world.deal();
    life.step(&other, DealStep::Suspend).unwrap();
    life.step(&other, DealStep::Intend(1)).unwrap();
    life.world.clock.advance(DAY);
    assert!(life.view(&other, "too late").is_err());
    assert_eq!(life.step(&other, DealStep::Revoke).unwrap().state, DealState::Revoked);
    // for danger
    let third = life.world.deal();
    assert_eq!(life.step(&third, DealStep::RevokeAtOnce).unwrap().state, DealState::Revoked);
    life.verified(&third, "revoked");
    life.audited();
}

/// S-180 S-181: a deal is renewed near its end, and one deal follows the other without a gap.
#[test]
fn a_deal_is_renewed() {
    let life = Life::new();
    let deal = life.world.deal();
    assert!(life.renew(&deal).unwrap_err().contains("it can be renewed from 2027-08-25T09:00:00Z on"));
    life.world.clock.advance(300 * DAY);
    life.confirmed(700);
    let next = life.renew(&deal).unwrap();
    assert_eq!((next.state, next.supersedes), (DealState::Offered, Some(deal)));
    assert_eq!(next.deal.term.from, "2027-11-25T09:00:00Z".parse::<Time>().unwrap());
    assert!(life.renew(&deal).unwrap_err().contains("was offered already"));
    assert_eq!(life.accept(&next.id).unwrap().state, DealState::Upcoming);
    assert_eq!(life.state(&deal), DealState::Active);
    life.verified(&deal, "the deal ends on 2027-11-25T09:00:00Z");
    life.audited();
    life.world.clock.set("2027-11-25T09:00:00Z".parse().unwrap());
    assert_eq!((life.state(&deal), life.state(&next.id)), (DealState::Superseded, DealState::Active));
    life.verified(&next.id, "anything after the checkpoint");
    life.audited();
    // the case is alive, whichever deal it is
    let request = next.request;
    let operator = life.world.actor("operator");
    assert_eq!(life.world.engine.erase(&operator, &request, "x").unwrap_err().to_string(), "its deal is still alive");
}

/// What is announced, suspended or revoked takes the deal with it that is to follow.
#[test]
fn a_renewal_goes_the_way_of_its_deal() {
    let life = Life::new();
    let deal = life.world.deal();
    life.world.clock.advance(300 * DAY);
    life.confirmed(700);
    let next = life.renew(&deal).unwrap().id;
    // an offer is not accepted while the deal stands still
    life.step(&deal, DealStep::Suspend).unwrap();
    assert_eq!(life.accept(&next).unwrap_err(), "the deal is suspended, not active");
    life.step(&deal, DealStep::Resume).unwrap();
    life.accept(&next).unwrap();
    life.step(&deal, DealStep::Suspend).unwrap();
    assert_eq!(life.state(&next), DealState::Suspended);
    life.step(&deal, DealStep::Intend(1)).unwrap();
    life.view(&deal, "we were right").unwrap();
    life.step(&deal, DealStep::Revoke).unwrap();
    assert_eq!((life.state(&deal), life.state(&next)), (DealState::Revoked, DealState::Revoked));
    life.audited();
}

/// A deal is amended: narrower at once, never wider.
#[test]
fn a_deal_is_amended() {
    let life = Life::new();
    let deal = life.world.deal();
    let columns = |names: &[&str]| Some(names.iter().map(|n| (*n).to_owned()).collect());
    let until = |text: &str| Some(text.parse().unwrap());
    for (change, why) in [
        (Amendment::default(), "the amendment: changes nothing"),
        (Amendment { columns: columns(&["year", "name"]), until: None }, "columns: are others than the deal gives"),
        (Amendment { columns: columns(&[]), until: None }, "columns: are others than the deal gives"),
        (Amendment { columns: None, until: until("2028-01-01T00:00:00Z") }, "--until: 2028-01-01T00:00:00Z is past"),
    ] {
        let refused = life.amend(&deal, &change).unwrap_err();
        assert!(refused.starts_with(why), "{refused}");
    }
    let change = Amendment { columns: columns(&["year"]), until: until("2027-06-01T00:00:00Z") };
    let next = life.amend(&deal, &change).unwrap();
    assert_eq!(life.accept(&next.id).unwrap().state, DealState::Active);
    assert_eq!(life.state(&deal), DealState::Superseded);
    assert_eq!(next.deal.scope.columns, BTreeSet::from(["year".to_owned()]));
    life.verified(&next.id, "anything after");
    life.verified(&deal, "takes its place");
    // each place in a status list is of one deal
    let now = life.step(&next.id, DealStep::RevokeAtOnce).unwrap();
    assert_eq!(now.state, DealState::Revoked);
    assert!(life.amend(&next.id, &change).unwrap_err().contains("revoked, not active"));
    life.audited();
}

/// S-96 S-182 S-183: what is done to a deal within one second, and the answers when it is asked about again, are audited in the order of the
/// log, whatever their ids are.
#[test]
fn what_happens_in_one_second_is_in_order() {
    let life = Life::new();
    let deal = life.world.deal();
    for _ in 0..4 {
        for step in [DealStep::Intend(14), DealStep::Drop, DealStep::Suspend, DealStep::Resume] {
            life.step(&deal, step).unwrap();
        }
    }
    let (engine, operator) = (&life.world.engine, life.world.actor("operator"));
    let trusted = engine.trust_list().unwrap().unwrap().trusted.clone();
    let asked_again = |before, after| {
        engine.trust_publish(&operator).unwrap();
        let report = engine.monitor(&operator, None).unwrap();
        assert_eq!(report.changed.iter().map(|c| (c.before, c.after)).collect::<Vec<_>>(), [(before, after)]);
    };
    for _ in 0..3 {
        for key in trusted.iter().map(|t| &t.key).collect::<BTreeSet<_>>() {
            engine.trust_remove(&operator, key).unwrap();
        }
        asked_again(Outcome::Permit, Outcome::Incomplete);
        for one in &trusted {
            engine.trust_add(&operator, one.clone()).unwrap();
        }
        asked_again(Outcome::Incomplete, Outcome::Permit);
    }
    life.verified(&deal, "anything after");
    life.audited();
}

/// S-183 S-185: evidence lapses; what rested on it no longer passes, which is logged, and by rule suspended.
#[test]
fn a_lapse_of_evidence_suspends_by_rule() {
    let life = Life::new();
    life.stricter(None, true);
    let mut asked = question();
    asked["declared"]["commercialUse"] = false.into();
    asked["scope"]["termMonths"] = 24.into();
    let case = life.world.request(asked);
    let engine = &life.world.engine;
    engine.approve(&life.world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    let deal = engine.offer(&life.world.actor("admin"), &case.id).unwrap().wait().unwrap().id;
    life.accept(&deal).unwrap();
    let admin = life.world.actor("admin");
    let monitor = || engine.monitor(&admin, Some(&crate::story::owner())).unwrap();
    let report = monitor();
    assert_eq!((report.looked, report.changed.len(), report.undecided.len()), (1, 0, 0));
    assert!(engine.monitor(&life.world.actor("researcher"), None).is_err());
    assert!(engine.monitor(&admin, None).is_err());
    life.world.clock.advance(365 * DAY);
    let report = monitor();
    let [changed] = report.changed.as_slice() else { panic!("{report:?}") };
    assert_eq!(
        (changed.before, changed.after, changed.state),
        (Outcome::Permit, Outcome::Incomplete, DealState::Suspended)
    );
    assert_eq!(life.state(&deal), DealState::Suspended);
    life.verified(&deal, "the answer about the deal is incomplete");
    // new evidence: the answer is a permit again, and a person lets the deal go on
    life.confirmed(365);
    let report = monitor();
    assert_eq!(report.changed.len(), 1);
    assert_eq!((report.changed[0].after, report.changed[0].state), (Outcome::Permit, DealState::Suspended));
    assert_eq!(life.step(&deal, DealStep::Resume).unwrap().state, DealState::Active);
    life.verified(&deal, "anything after");
    life.audited();
}

/// S-185: an institution is authorised, then its project has a deal; when the authorisation is revoked, the project is suspended by rule.
#[test]
fn a_lapse_of_an_authorisation_suspends_the_project() {
    let life = Life::new();
    let (world, engine) = (&life.world, &life.world.engine);
    crate::evidence::trust_decisions(world);
    let institution = world.deal();
    let request = engine.deal_now(&world.actor("admin"), &institution).unwrap().request;
    let new = NewByDecision { request, fact: "authorisation".to_owned(), until: None };
    engine.evidence_by_decision(&world.actor("admin"), &new).unwrap().wait().unwrap();
    // from now on a project needs the authorisation of its institution
    let mut version = set();
    version.text += datadeal::conditions::library::folder("earlier-authorisation").unwrap().policy;
    version.cases = serde_json::from_value(json!({"now": crate::story::NOW, "dataset": {"personalData": true}, "cases": [
        {"name": "not authorised", "declared": {"category": "university", "plan": "PLAN-7"}, "verified": {"category": "university"},
            "approvals": ["ethics"], "purpose": "dpv:ScientificResearch", "expect": "incomplete", "failing": ["earlier-authorisation"]}
    ]}))
    .unwrap();
    version.automatic_suspension = true;
    engine.publish_conditions(&world.actor("admin"), &version).unwrap();
    let project = world.deal();
    let monitor = || engine.monitor(&world.actor("operator"), None).unwrap();
    assert!(monitor().changed.is_empty());
    life.step(&institution, DealStep::RevokeAtOnce).unwrap();
    let report = monitor();
    let [changed] = report.changed.as_slice() else { panic!("{report:?}") };
    assert_eq!((changed.deal, changed.state), (project, DealState::Suspended));
    assert_eq!(changed.failing, ["dataset/earlier-authorisation"]);
    life.verified(&project, "the answer about the deal is");
    life.audited();
}

/// S-185: a version that reaches live deals changes their answer; one for new requests does not.
#[test]
fn a_new_version_reaches_what_it_says() {
    let life = Life::new();
    let deal = life.world.deal();
    let admin = life.world.actor("admin");
    let owner = crate::story::owner();
    let monitor = || life.world.engine.monitor(&admin, Some(&owner)).unwrap();
    life.stricter(None, true);
    assert_eq!(monitor().changed.len(), 0);
    life.stricter(Some(Transition::Renewal), true);
    assert_eq!(monitor().changed.len(), 0);
    let from = life.world.engine.now().plus_seconds(30 * DAY);
    life.stricter(Some(Transition::Live(from)), true);
    assert_eq!(monitor().changed.len(), 0);
    life.world.clock.set(from);
    let report = monitor();
    let [changed] = report.changed.as_slice() else { panic!("{report:?}") };
    assert_eq!((changed.before, changed.deal), (Outcome::Permit, deal));
    assert_ne!(changed.after, Outcome::Permit);
    assert_eq!(changed.failing, ["dataset/non-commercial"]);
    assert_eq!(changed.state, DealState::Suspended);
    // the same answer is not logged twice
    assert_eq!(monitor().changed.len(), 0);
    let told = life.world.engine.deal_now(&admin, &deal).unwrap();
    assert_eq!(told.answer, Some(changed.after));
    life.verified(&deal, "the answer about the deal is");
    life.audited();
    // a person lets it go on; the answer stays what it is
    assert_eq!(life.step(&deal, DealStep::Resume).unwrap().state, DealState::Active);
    assert!(life.renew(&deal).unwrap_err().contains("can be renewed from"));
    life.world.clock.advance(250 * DAY);
    assert!(life.renew(&deal).unwrap_err().contains("the deal would no longer be granted as it is"));
    life.audited();
}

/// Users are named and removed without a new decision; deliveries, incidents and proofs give the obligations their dates.
#[test]
fn what_happens_under_a_deal() {
    let life = Life::new();
    let deal = life.world.deal();
    let (engine, researcher, admin) = (&life.world.engine, life.world.actor("researcher"), life.world.actor("admin"));
    let user = |name: &str| NamedUser {
        name: name.to_owned(),
        function: "analyst".to_owned(),
        statement: "secrecy, 2026-11-20".to_owned(),
        from: None,
        until: None,
        access_id: None,
    };
    let named = engine.name_user(&researcher, &deal, user("Person one")).unwrap().wait().unwrap();
    engine.name_user(&researcher, &deal, user("Person two")).unwrap().wait().unwrap();
    assert!(engine.name_user(&admin, &deal, user("Person three")).is_err());
    assert!(engine.name_user(&researcher, &deal, user(" ")).is_err());
    let removed = UserRemoved { user: named.id, reason: "left".to_owned() };
    engine.remove_user(&researcher, &deal, removed.clone()).unwrap().wait().unwrap();
    assert!(engine.remove_user(&researcher, &deal, removed).is_err());
    let users = engine.users(&admin, &deal).unwrap();
    let active: BTreeSet<_> = users.iter().map(|u| (u.user.name.as_str(), u.active)).collect();
    assert_eq!(active, BTreeSet::from([("Person one", false), ("Person two", true)]));
    assert_ne!(users[0].user.access_id, users[1].user.access_id);

    let delivery = |columns: &[&str]| Delivery {
        at: None,
        edition: Some("2026".to_owned()),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        channel: "download".to_owned(),
        records: Some(12),
        digest: None,
    };
    assert!(engine.record_delivery(&researcher, &deal, delivery(&[])).is_err());
    assert!(engine.record_delivery(&admin, &deal, delivery(&["name"])).is_err());
    engine.record_delivery(&admin, &deal, delivery(&["year"])).unwrap().wait().unwrap();

    let late = |events: Vec<datadeal::engine::ObligationNow>| -> Vec<Value> {
        let due = events.into_iter().filter(|o| o.due.is_some());
        due.map(|o| json!([o.id, o.due, o.met.is_some(), o.late])).collect()
    };
    assert_eq!(late(engine.obligations(&researcher, &deal).unwrap()), [Value::Null; 0]);
    let incident = Incident {
        at: engine.now(),
        nature: "a laptop was lost".to_owned(),
        data: "the delivery of 2026".to_owned(),
        measures: "its disk was encrypted; access withdrawn".to_owned(),
    };
    let reported = engine.report_incident(&researcher, &deal, incident).unwrap().wait().unwrap();
    let due = "2026-11-26T23:00:00Z";
    let told = late(engine.obligations(&researcher, &deal).unwrap());
    assert_eq!(told, [json!(["dataset/breach-report", due, false, false])]);
    life.world.clock.advance(2 * DAY);
    let told = late(engine.obligations(&researcher, &deal).unwrap());
    assert_eq!(told, [json!(["dataset/breach-report", due, false, true])]);
    let proof = Fulfilment {
        obligation: "dataset/breach-report".to_owned(),
        occasion: Some(reported.id),
        proof: "report of 27 November".to_owned(),
        digest: None,
    };
    let without = Fulfilment { occasion: None, ..proof.clone() };
    assert!(engine.prove_obligation(&researcher, &deal, without).is_err());
    engine.prove_obligation(&researcher, &deal, proof).unwrap().wait().unwrap();
    let told = late(engine.obligations(&researcher, &deal).unwrap());
    assert_eq!(told, [json!(["dataset/breach-report", due, true, true])]);

    // it is erased with the case, once nothing of it is alive
    life.step(&deal, DealStep::RevokeAtOnce).unwrap();
    assert!(engine.name_user(&researcher, &deal, user("Person four")).is_err());
    let request = engine.deal_now(&admin, &deal).unwrap().request;
    assert_eq!(engine.deal_events_after(&admin, &deal, None, 10).unwrap().0.len(), 6);
    engine.erase(&life.world.actor("operator"), &request, "the term of keeping is over").unwrap();
    assert_eq!(engine.deal_events_after(&admin, &deal, None, 10).unwrap(), (Vec::new(), None));
    life.audited();
}
