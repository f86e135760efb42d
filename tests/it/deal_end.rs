//! How a deal ends and is asked about again: days that can be, the reuser's notice, objections, users that count, monitoring when it is due.

use datadeal::engine::{DealState, DealStep, Delivery, LastLook, NamedUser, UserRemoved};
use datadeal::model::condition::Lang;
use datadeal::model::record::Transition;
use datadeal::verify::Verdict;
use serde_json::json;

use crate::deals::Life;
use crate::story::question;

const DAY: i64 = 86_400;

/// S-182: the time for a view is at least a day and at most a year; days that no calendar has are refused, and nothing is written.
#[test]
fn the_time_for_a_view_can_be() {
    let life = Life::new();
    let deal = life.world.deal();
    for days in [i64::MIN, -1, 0, 367, 2_932_897, 100_000_000_000_000, i64::MAX] {
        assert!(life.step(&deal, DealStep::Intend(days)).unwrap_err().contains("too short or too long"), "{days}");
    }
    assert_eq!(life.world.bundle(&deal).revocations.len(), 0);
    let told = life.step(&deal, DealStep::Intend(366)).unwrap();
    assert_eq!(told.view_until, Some(life.world.engine.now().plus_seconds(366 * DAY)));
}

/// S-76 S-98 S-182: the reuser ends its deal by a notice that the operator records; the owner cannot give it.
#[test]
fn a_reuser_ends_its_deal() {
    let life = Life::new();
    let (world, engine) = (&life.world, &life.world.engine);
    let deal = world.deal();
    assert!(life.step(&deal, DealStep::End).is_err());
    let researcher = world.actor("researcher");
    let told = engine.deal_step(&researcher, &deal, DealStep::End, "the research is done").unwrap().wait().unwrap();
    assert_eq!(told.state, DealState::Ended);
    assert_eq!(life.state(&deal), DealState::Ended);
    assert!(life.step(&deal, DealStep::RevokeAtOnce).is_err());
    let bundle = world.bundle(&deal);
    let end = &bundle.revocations[0];
    assert_eq!(end["issuer"]["registerNumber"], "NL.OIN:00000099000000000000");
    assert_eq!(end["credentialSubject"]["copies"], "delete");
    let report = world.verdict(&bundle);
    assert_eq!(report.verdict, Verdict::Valid, "{:#?}", report.checks);
    assert!(report.unseen.iter().any(|u| u.contains("ended by the reuser")), "{:#?}", report.unseen);
    let letter = engine.deal_letter(&researcher, &deal, Lang::En).unwrap();
    assert!(letter.contains("The reuser has ended data deal") && letter.contains("within thirty days"), "{letter}");
    let audit = engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
}

/// S-182: a suspension and a revocation say where and until when one objects and what becomes of the copies, and an objection is kept.
#[test]
fn one_objects_to_a_step() {
    let life = Life::new();
    let (world, engine) = (&life.world, &life.world.engine);
    let deal = world.deal();
    let researcher = world.actor("researcher");
    assert!(engine.object_to_step(&researcher, &deal, "why").is_err());
    assert!(engine.deal_letter(&researcher, &deal, Lang::Nl).is_err());
    life.step(&deal, DealStep::Suspend).unwrap();
    life.step(&deal, DealStep::RevokeAtOnce).unwrap();
    let revocations = world.bundle(&deal).revocations;
    let subjects: Vec<_> = revocations.iter().map(|r| &r["credentialSubject"]).collect();
    assert_eq!(subjects.iter().map(|s| &s["copies"]).collect::<Vec<_>>(), [&json!("hold"), &json!("delete")]);
    let until = subjects[1]["objection"]["until"].as_str().unwrap();
    assert_eq!(until, "2027-01-06");
    assert!(engine.object_to_step(&researcher, &deal, " ").is_err());
    engine.object_to_step(&researcher, &deal, "the data were not passed on").unwrap().wait().unwrap();
    assert_eq!(engine.deal_events_after(&researcher, &deal, None, 10).unwrap().0.len(), 1);
    for (lang, day) in [(Lang::Nl, "6 januari 2027"), (Lang::En, "6 January 2027")] {
        let letter = engine.deal_letter(&researcher, &deal, lang).unwrap();
        assert!(letter.contains(day) && !letter.contains('['), "{letter}");
    }
    assert_eq!(world.verdict(&world.bundle(&deal)).verdict, Verdict::Valid);
}

/// Who begins later counts among the users, can be removed, and of two who name the last one at once one counts again.
#[test]
fn users_that_count() {
    let life = Life::new();
    let (world, engine) = (&life.world, &life.world.engine);
    let mut asked = question();
    asked["declared"]["users"] = 1.into();
    let case = world.request(asked);
    engine.approve(&world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    let deal = engine.offer(&world.actor("admin"), &case.id).unwrap().wait().unwrap().id;
    life.accept(&deal).unwrap();
    let researcher = world.actor("researcher");
    let user = |from: Option<i64>| NamedUser {
        name: "Person one".to_owned(),
        function: "analyst".to_owned(),
        statement: "secrecy".to_owned(),
        from: from.map(|days| engine.now().plus_seconds(days * DAY)),
        until: None,
        access_id: None,
    };
    let first = engine.name_user(&researcher, &deal, user(Some(30))).unwrap();
    let second = engine.name_user(&researcher, &deal, user(None));
    let (first, second) = (first.wait().unwrap(), second.and_then(datadeal::engine::Pending::wait));
    assert!(second.is_err());
    let told = engine.users(&researcher, &deal).unwrap();
    assert_eq!((told.len(), told[0].active, told[0].ended), (1, false, false));
    assert!(engine.name_user(&researcher, &deal, user(None)).is_err());
    let removed = UserRemoved { user: first.id, reason: "will not come".to_owned() };
    engine.remove_user(&researcher, &deal, removed).unwrap().wait().unwrap();
    engine.name_user(&researcher, &deal, user(None)).unwrap().wait().unwrap();
}

/// A delivery is of an edition that the deal gives.
#[test]
fn a_delivery_is_of_an_edition_of_the_deal() {
    let life = Life::new();
    let (world, engine) = (&life.world, &life.world.engine);
    let mut asked = question();
    asked["scope"]["editions"] = json!(["2025"]);
    let case = world.request(asked);
    engine.approve(&world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    let deal = engine.offer(&world.actor("admin"), &case.id).unwrap().wait().unwrap().id;
    life.accept(&deal).unwrap();
    let delivery = |edition: &str| Delivery {
        at: None,
        edition: Some(edition.to_owned()),
        columns: [].into(),
        channel: "download".to_owned(),
        records: None,
        digest: None,
    };
    let refused = engine.record_delivery(&world.actor("admin"), &deal, delivery("2026")).unwrap_err();
    assert!(refused.to_string().contains("edition"), "{refused}");
    engine.record_delivery(&world.actor("admin"), &deal, delivery("2025")).unwrap().wait().unwrap();
}

/// Monitoring is due at the start, after what live deals rest on was written, when something lapses, and once an hour; not else.
#[test]
fn monitoring_when_it_is_due() {
    let life = Life::new();
    let (world, engine) = (&life.world, &life.world.engine);
    let deal = world.deal();
    let mut last = LastLook::default();
    let mut looked = || engine.monitor_if_due(&mut last).unwrap().map(|report| report.changed.len());
    assert_eq!(looked(), Some(0));
    assert_eq!(looked(), None);
    // a version that begins later: due when it is published, and when it begins
    let from = engine.now().plus_seconds(600);
    life.stricter(Some(Transition::Live(from)), true);
    assert_eq!(looked(), Some(0));
    assert_eq!(looked(), None);
    world.clock.set(from);
    assert_eq!(looked(), Some(1));
    assert_eq!(life.state(&deal), DealState::Suspended);
    assert_eq!(looked(), None);
    world.clock.advance(3600);
    assert_eq!(looked(), Some(0));
}
