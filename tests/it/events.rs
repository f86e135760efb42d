//! Every event of the closed list is raised by something that happens, in one long story; and what cannot be told is a task.

use std::collections::BTreeSet;

use datadeal::engine::{
    Completion, Contact, Correction, DealStep, Delivery, EngineError, Entered, Fulfilment, Happened, Incident,
    NewObjection, NewWebhook, UserRemoved,
};
use datadeal::model::Urn;
use datadeal::model::condition::Lang;
use datadeal::model::event::EventType;
use datadeal::model::record::{ObjectionOutcome, Transition};
use datadeal::model::term::SuspensionKind;
use datadeal::net::{Allow, Client};
use serde_json::json;

use crate::bundles::course::second_decider;
use crate::deals::Life;
use crate::story::{World, owner, question, reuser};

const DAY: i64 = 86_400;

fn hear(world: &World) {
    let client = Client::new(Allow::parse(["127.0.0.1"]).unwrap()).unwrap();
    let new = NewWebhook { url: "http://127.0.0.1:9/".to_owned(), events: [].into() };
    let researcher = world.actor("researcher");
    let hook = world.engine.add_webhook(&researcher, &reuser(), &new, &client).unwrap().wait().unwrap();
    world.engine.test_webhook(&researcher, &hook).unwrap().wait().unwrap();
    for (person, organisation) in [("admin", owner()), ("operator", world.actor("operator").organisation)] {
        let mail = format!("{person}@example.nl");
        let contact = Contact { organisation, person: None, mail, language: Lang::Nl };
        world.engine.set_contact(&world.actor(person), &contact).unwrap().wait().unwrap();
    }
}

fn told(world: &World) -> Vec<(EventType, Option<String>)> {
    let waiting = world.engine.waiting(&world.actor("operator"), 10_000).unwrap();
    waiting.into_iter().map(|message| (message.event, message.about.day)).collect()
}

fn monitored(world: &World) {
    world.engine.monitor_deals(None).unwrap();
}

/// A request that is refused, objected to and granted, late; another whose deal is used, corrected, announced to end, reviewed and revoked.
#[test]
fn every_event_is_raised() {
    let life = Life::new();
    let world = &life.world;
    let engine = &world.engine;
    hear(world);
    second_decider(world);
    let [admin, steward, researcher, chief] = ["admin", "steward", "researcher", "chief"].map(|p| world.actor(p));
    engine.ask_registration(&"NL.KVK:90001354".parse().unwrap(), "Newcomer").unwrap().wait().unwrap();

    let case = world.request(question()).id;
    let until = Some("2026-12-09".parse().unwrap());
    let suspend = engine.suspend_term(&steward, &case, SuspensionKind::Completion, until, "the plan is missing");
    suspend.unwrap().wait().unwrap();
    let declared = serde_json::from_value(json!({"plan": "PLAN-8"})).unwrap();
    let more = Completion { declared, ..Completion::default() };
    engine.complete(&researcher, &case, &more, Entered::default()).unwrap().wait().unwrap();
    engine.extend_term(&steward, &case, "the committee meets late").unwrap().wait().unwrap();
    let last_day = engine.term_now(&steward, &case).unwrap().last_day.to_string();
    let of_the_term = || -> Vec<EventType> {
        let all = told(world).into_iter();
        let term = |kind: &EventType| matches!(kind, EventType::RequestDueSoon | EventType::RequestOverdue);
        all.filter(|(kind, day)| term(kind) && day.as_deref() == Some(&last_day)).map(|(kind, _)| kind).collect()
    };
    world.clock.advance(100 * DAY);
    monitored(world);
    assert_eq!(of_the_term(), []);
    world.clock.advance(7 * DAY);
    monitored(world);
    monitored(world);
    assert_eq!(of_the_term(), [EventType::RequestDueSoon], "once");
    world.clock.advance(14 * DAY);
    monitored(world);
    assert_eq!(of_the_term(), [EventType::RequestDueSoon, EventType::RequestOverdue]);
    engine.approve(&steward, &case, "ethics", false, "no plan").unwrap().wait().unwrap();
    engine.confirm(&admin, &case, None).unwrap().wait().unwrap();
    let new = NewObjection { reasons: "there is one".to_owned(), entered: Entered::default() };
    engine.object(&researcher, &case, &new).unwrap().wait().unwrap();
    engine.decide_objection(&chief, &case, ObjectionOutcome::Rejected, "as before").unwrap().wait().unwrap();

    let short = world.deal();
    engine.deal_step(&researcher, &short, DealStep::End, "no longer needed").unwrap().wait().unwrap();
    let deal = world.deal();
    used(world, &deal);
    life.step(&deal, DealStep::Suspend).unwrap();
    engine.object_to_step(&researcher, &deal, "we keep to the terms").unwrap().wait().unwrap();
    life.step(&deal, DealStep::Resume).unwrap();
    life.step(&deal, DealStep::Intend(14)).unwrap();
    life.view(&deal, "we mended it").unwrap();
    life.step(&deal, DealStep::Drop).unwrap();
    life.stricter(Some(Transition::Live(engine.now())), false);
    monitored(world);
    // the proof of its category was good for a year, and the deal too
    world.clock.advance(220 * DAY);
    monitored(world);
    monitored(world);
    let lapsing = told(world).into_iter().filter(|(kind, _)| *kind == EventType::EvidenceLapsing);
    assert_eq!(lapsing.map(|(_, day)| day).collect::<Vec<_>>(), [Some("2027-11-25".to_owned())], "once");
    world.clock.advance(100 * DAY);
    monitored(world);
    life.step(&deal, DealStep::RevokeAtOnce).unwrap();
    let mandate = engine.mandates(Some(&owner())).unwrap().remove(0).record.id;
    engine.withdraw_mandate(&admin, &mandate).unwrap().wait().unwrap();

    let raised: BTreeSet<EventType> = told(world).into_iter().map(|(kind, _)| kind).collect();
    let missing: Vec<_> = EventType::ALL.iter().filter(|kind| !raised.contains(kind)).map(|k| k.as_str()).collect();
    assert_eq!(missing, [""; 0]);
}

/// Delivered, corrected, an incident, and what was promised about it: due, met for one and overdue for another.
fn used(world: &World, deal: &Urn) {
    let (engine, admin, researcher) = (&world.engine, world.actor("admin"), world.actor("researcher"));
    let user = json!({"name": "an analyst", "function": "analyst", "statement": "secrecy"});
    let user = engine.name_user(&researcher, deal, serde_json::from_value(user).unwrap()).unwrap().wait().unwrap().id;
    let removed = UserRemoved { user, reason: "left".to_owned() };
    engine.remove_user(&researcher, deal, removed).unwrap().wait().unwrap();
    let delivery: Delivery = serde_json::from_value(json!({"edition": "2026", "channel": "download"})).unwrap();
    engine.record_delivery(&admin, deal, delivery).unwrap().wait().unwrap();
    assert!(matches!(engine.correct(&admin, "register", "2025"), Err(EngineError::NotFound { .. })));
    engine.correct(&admin, "register", "2026").unwrap().wait().unwrap();
    let corrections = engine.deal_events_after(&researcher, deal, None, 100).unwrap().0.into_iter();
    let corrections: Vec<_> = corrections.filter(|e| matches!(e.what, Happened::Corrected(_))).collect();
    let correction = Happened::Corrected(Correction { edition: "2026".to_owned() });
    assert_eq!((corrections.len(), &corrections[0].what, &corrections[0].organisation), (1, &correction, &owner()));
    let incident = || Incident {
        at: engine.now(),
        nature: "a laptop was lost".to_owned(),
        data: "the delivery".to_owned(),
        measures: "wiped".to_owned(),
    };
    let first = engine.report_incident(&researcher, deal, incident()).unwrap().wait().unwrap();
    world.clock.advance(3600);
    engine.report_incident(&researcher, deal, incident()).unwrap().wait().unwrap();
    monitored(world);
    let proof = Fulfilment {
        obligation: "dataset/breach-report".to_owned(),
        occasion: Some(first.id),
        proof: "letter of today".to_owned(),
        digest: None,
    };
    engine.prove_obligation(&researcher, deal, proof).unwrap().wait().unwrap();
    world.clock.advance(10 * DAY);
    monitored(world);
}

/// Who has neither a mail address nor a webhook here is not told in silence: it is a task of the owner, until there is an address.
#[test]
fn who_cannot_be_reached_is_a_task() {
    let world = World::new();
    let (engine, admin, researcher) = (&world.engine, world.actor("admin"), world.actor("researcher"));
    let case = world.request(question()).id;
    assert!(engine.undelivered(&admin, None, 100).unwrap().0.is_empty(), "who asks sees that it was received");
    engine.approve(&world.actor("steward"), &case, "ethics", false, "no plan").unwrap().wait().unwrap();
    engine.confirm(&admin, &case, None).unwrap().wait().unwrap();
    let tasks = || engine.undelivered(&admin, None, 100).unwrap().0;
    let [task] = &tasks()[..] else { panic!("one task: {:?}", tasks()) };
    assert_eq!((task.event, &task.to, task.about.request), (EventType::RequestDecided, &reuser(), Some(case)));
    assert_eq!(task.why.as_deref(), Some("no mail address or webhook is known here"));
    let again = engine.replay_message(&admin, &task.id).unwrap_err();
    assert!(again.to_string().contains("has no mail address or webhook here"), "{again}");
    let contact =
        Contact { organisation: reuser(), person: None, mail: "desk@example.nl".to_owned(), language: Lang::Nl };
    engine.set_contact(&researcher, &contact).unwrap().wait().unwrap();
    engine.replay_message(&admin, &task.id).unwrap().wait().unwrap();
    assert!(tasks().is_empty());
    let waiting = engine.waiting(&researcher, 100).unwrap();
    assert_eq!((waiting.len(), waiting[0].event, waiting[0].at), (1, EventType::RequestDecided, task.at));
}
