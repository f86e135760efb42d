//! The life of a request: how it comes in, what is told of it whatever is in force, why, and what of it can be verified.

use datadeal::engine::{
    CaseState, CaseStep, Completion, Entered, NewConfirmation, NewObjection, NewPerson, NewSet, Task,
};
use datadeal::model::condition::{Bilingual, Lang};
use datadeal::model::record::{Channel, ExtraTerm, ObjectionOutcome, Power};
use datadeal::model::term::SuspensionKind;
use datadeal::model::{Time, Urn};
use datadeal::rights::Role;
use datadeal::verify::{CheckResult, Verdict};
use serde_json::{Value, json};

use crate::bundles::course::second_decider;
use crate::story::{World, dataset, owner, question, reuser, set};

const DAY: i64 = 86_400;

fn sound(world: &World) {
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
}

fn at(text: &str) -> Option<Time> {
    Some(text.parse().unwrap())
}

fn refused(world: &World, why: &str) -> Urn {
    let case = world.request(question()).id;
    world.engine.approve(&world.actor("steward"), &case, "ethics", false, why).unwrap().wait().unwrap();
    let told = world.engine.confirm(&world.actor("admin"), &case, None).unwrap().wait().unwrap();
    assert_eq!(told.state, CaseState::Refused);
    case
}

fn object(world: &World, person: &str, case: &Urn, entered: Entered) -> Result<(), String> {
    let new = NewObjection { reasons: "there is a plan".to_owned(), entered };
    let made = world.engine.object(&world.actor(person), case, &new).and_then(datadeal::engine::Pending::wait);
    made.map(|_| ()).map_err(|e| e.to_string())
}

/// Nobody says of its own objection when or how it came; the owner enters what came by post, with a day after the announcement.
#[test]
fn nobody_backdates_its_own_objection() {
    let world = World::new();
    let case = refused(&world, "no plan");
    // a week too late
    world.clock.advance(50 * DAY);
    let then = at("2026-12-01T09:00:00Z");
    let own = Entered { received_at: then, channel: None };
    assert!(object(&world, "researcher", &case, own).unwrap_err().contains("receivedAt"));
    let by_post = |received_at| Entered { received_at, channel: Some(Channel::Post) };
    assert!(object(&world, "researcher", &case, by_post(None)).unwrap_err().contains("channel"));
    let before = by_post(at("2026-11-25T08:59:59Z"));
    assert!(object(&world, "steward", &case, before).unwrap_err().contains("before what it follows"));
    object(&world, "steward", &case, by_post(then)).unwrap();
    let told = world.engine.objection_now(&world.actor("researcher"), &case).unwrap();
    assert_eq!((Some(told.received_at), told.channel), (then, Channel::Post));
    sound(&world);
}

/// S-123 S-124: what completes a request by post counts from the day on which it came, and the verifier finds the same sum.
#[test]
fn a_completion_by_post_counts_from_its_receipt() {
    let world = World::new();
    let (engine, steward) = (&world.engine, world.actor("steward"));
    let case = world.request(question()).id;
    let until = Some("2026-12-20".parse().unwrap());
    engine.suspend_term(&steward, &case, SuspensionKind::Completion, until, "which plan?").unwrap().wait().unwrap();
    let asked = engine.term_now(&steward, &case).unwrap().stands_still.unwrap();
    assert_eq!(asked.reason, "which plan?");
    world.clock.advance(7 * DAY);
    let more =
        Completion { declared: serde_json::from_value(json!({"plan": "PLAN-8"})).unwrap(), ..Completion::default() };
    let complete = |received_at| {
        let entered = Entered { received_at, channel: Some(Channel::Post) };
        engine.complete(&steward, &case, &more, entered)
    };
    assert!(complete(at("2026-11-25T08:00:00Z")).is_err(), "before the request");
    let told = complete(at("2026-11-28T22:30:00Z")).unwrap().wait().unwrap();
    // eight weeks, and the three days until the post came
    assert_eq!(told.term.last_day.to_string(), "2027-01-25");
    engine.approve(&steward, &case, "ethics", true, "sound").unwrap().wait().unwrap();
    let letter = engine.letter(&steward, &case, Lang::En).unwrap();
    assert!(letter.contains("You completed it on 28 November 2026"), "{letter}");
    let bundle = engine.bundle_of_request(&steward, &case, true).unwrap();
    assert_eq!(world.verdict(&bundle).verdict, Verdict::Valid, "{:#?}", world.verdict(&bundle));
    sound(&world);
}

/// A column goes. What was decided is told as it was; what is open cannot be judged, which makes no list fail, and can still be withdrawn.
#[test]
fn what_cannot_be_judged_is_shown() {
    let world = World::new();
    let (engine, researcher) = (&world.engine, world.actor("researcher"));
    let ended = refused(&world, "no plan");
    let before = engine.case_now(&researcher, &ended).unwrap().answer;
    assert!(before.is_some());
    let open = [world.request(question()).id, world.request(question()).id, world.request(question()).id];
    let mut without = dataset();
    without.columns.retain(|c| c.name != "birthDate");
    engine.add_datasets(&world.actor("operator"), &[without]).unwrap();
    let told = engine.case_now(&researcher, &ended).unwrap();
    assert_eq!((told.state, told.answer), (CaseState::Refused, before));
    for case in &open {
        let told = engine.case_now(&researcher, case).unwrap();
        assert_eq!((told.state, told.answer), (CaseState::Fault, None));
        assert!(told.fault.unwrap().contains("birthDate"));
    }
    let (listed, _) = engine.cases_after(&researcher, None, 10).unwrap();
    assert_eq!(listed.iter().filter(|c| c.state == CaseState::Fault).count(), 3);
    assert_eq!(engine.cases(&world.actor("admin")).unwrap().len(), 4);
    engine.work(&world.actor("steward"), None, 100).unwrap();
    // what is not judged can be done
    let [first, second, third] = &open;
    let withdrawn = engine.withdraw(&researcher, first, None).unwrap().wait().unwrap();
    assert_eq!(withdrawn.state, CaseState::Withdrawn);
    let admin = world.actor("admin");
    let forwarded = engine.forward_request(&admin, second, "the municipality", None).unwrap().wait().unwrap();
    assert_eq!(forwarded.state, CaseState::Forwarded);
    let until = Some("2026-12-01".parse().unwrap());
    engine.suspend_term(&admin, third, SuspensionKind::Completion, until, "columns").unwrap().wait().unwrap();
    world.clock.advance(7 * DAY);
    let dismissed = engine.not_considered(&admin, third, "no answer").unwrap().wait().unwrap();
    assert_eq!(dismissed.state, CaseState::NotConsidered);
    object(&world, "researcher", &ended, Entered::default()).unwrap();
    let told = engine.case_now(&researcher, &ended).unwrap();
    assert!(told.state == CaseState::Refused && told.fault.is_some());
    second_decider(&world);
    let outcome = ObjectionOutcome::Rejected;
    engine.decide_objection(&world.actor("chief"), &ended, outcome, "as before").unwrap().wait().unwrap();
    sound(&world);
}

/// The words of a reviewer reach the applicant: in the events, while the term stands still, and in the letter in both languages.
#[test]
fn reasons_are_told() {
    let world = World::new();
    let (engine, researcher) = (&world.engine, world.actor("researcher"));
    let case = refused(&world, "the groups are too small");
    let events = engine.case_events(&researcher, &case).unwrap();
    let steps: Vec<CaseStep> = events.iter().map(|e| e.what).collect();
    assert_eq!(steps, [CaseStep::Received, CaseStep::Refused, CaseStep::Decided]);
    let no = &events[1];
    assert_eq!((no.approval.as_deref(), no.function.as_str()), (Some("ethics"), "function of steward"));
    assert_eq!(no.reason.as_deref(), Some("the groups are too small"));
    for (lang, words) in [(Lang::En, "not approved by function of steward"), (Lang::Nl, "niet goedgekeurd door")] {
        let letter = engine.letter(&researcher, &case, lang).unwrap();
        assert!(letter.contains(words) && letter.contains("the groups are too small"), "{letter}");
        assert!(letter.contains("example, not an act of the body named"), "{letter}");
    }
    let outsider = world.actor("operator");
    assert!(engine.case_events(&outsider, &case).is_ok(), "the operator reads cases");
}

/// A term that a reviewer adds stands in the letter with its reason and provision.
#[test]
fn a_term_of_the_reviewer_is_in_the_letter() {
    let world = World::new();
    let (engine, steward) = (&world.engine, world.actor("steward"));
    let case = world.request(question()).id;
    let clause = Bilingual {
        en: "The reuser shows its results first.".to_owned(),
        nl: "De hergebruiker toont eerst zijn uitkomsten.".to_owned(),
    };
    let (reason, legal_basis) = ("small groups".to_owned(), "Algemene wet bestuursrecht art. 3:4".to_owned());
    let term = ExtraTerm { clause, reason, legal_basis };
    engine.approve_under(&steward, &case, "ethics", "sound", &[term]).unwrap().wait().unwrap();
    let deal = engine.offer(&world.actor("admin"), &case).unwrap().wait().unwrap();
    for (lang, words, until) in [
        (Lang::En, "The reuser shows its results first. Reason: small groups (Algemene wet", "You can sign it"),
        (
            Lang::Nl,
            "De hergebruiker toont eerst zijn uitkomsten. Reden: small groups (Algemene wet",
            "kunt die ondertekenen",
        ),
    ] {
        let letter = engine.letter(&steward, &case, lang).unwrap();
        assert!(letter.contains(words) && letter.contains(until), "{letter}");
    }
    engine.accept(&world.actor("researcher"), &deal.id, None).unwrap().wait().unwrap();
    let letter = engine.letter(&steward, &case, Lang::En).unwrap();
    assert!(!letter.contains("You can sign it"), "it was signed: {letter}");
}

/// S-80: a decision without a deal is verified by its own bundle, however the request ended; of what is open there is none.
#[test]
fn a_decision_is_verified_without_a_deal() {
    let world = World::new();
    let (engine, researcher) = (&world.engine, world.actor("researcher"));
    second_decider(&world);
    let valid = |case: &Urn| {
        let bundle = engine.bundle_of_request(&researcher, case, true).unwrap();
        assert!(bundle.deal.is_none());
        let report = world.verdict(&bundle);
        assert_eq!(report.verdict, Verdict::Valid, "{report:#?}");
        serde_json::to_value(bundle).unwrap()
    };
    let open = world.request(question()).id;
    assert!(engine.bundle_of_request(&researcher, &open, false).unwrap_err().to_string().contains("not decided"));
    engine.withdraw(&researcher, &open, None).unwrap().wait().unwrap();
    valid(&open);
    let case = refused(&world, "no plan");
    let bundle = valid(&case);
    assert_eq!(bundle["decision"]["credentialSubject"]["result"], "refused");
    object(&world, "researcher", &case, Entered::default()).unwrap();
    valid(&case);
    let outcome = ObjectionOutcome::Rejected;
    engine.decide_objection(&world.actor("chief"), &case, outcome, "as before").unwrap().wait().unwrap();
    valid(&case);
    // what is of a deal does not stand without one
    let deal = world.deal();
    let mut bundle = world.bundle(&deal);
    bundle.deal = None;
    let report = world.verdict(&bundle);
    let first = report.checks.iter().find(|c| c.result == CheckResult::Failed).unwrap();
    assert_eq!(first.must, "S-80");
}

/// An incomplete request is somebody's work: to ask, then to take it no further; and what is overdue is.
#[test]
fn an_incomplete_request_is_somebodys_work() {
    let world = World::new();
    let engine = &world.engine;
    let mut asked = question();
    asked["declared"].as_object_mut().unwrap().remove("plan");
    let tasks = |person: &str| -> Vec<Task> {
        engine.work(&world.actor(person), None, 100).unwrap().0.into_iter().flat_map(|w| w.tasks).collect()
    };
    let case = world.request(asked).id;
    let told = engine.case_now(&world.actor("steward"), &case).unwrap();
    assert_eq!(told.state, CaseState::Incomplete);
    assert_eq!((tasks("steward"), tasks("admin")), (vec![Task::Ask], vec![Task::Ask]));
    let (steward, until) = (world.actor("steward"), Some("2026-12-02".parse().unwrap()));
    engine.suspend_term(&steward, &case, SuspensionKind::Completion, until, "the plan").unwrap().wait().unwrap();
    assert!(tasks("steward").is_empty() && tasks("admin").is_empty(), "it waits for the applicant");
    world.clock.advance(8 * DAY);
    assert_eq!((tasks("steward"), tasks("admin")), (vec![Task::Ask], vec![Task::Ask, Task::Dismiss]));
    world.clock.advance(100 * DAY);
    assert_eq!(tasks("admin"), [Task::Ask, Task::Dismiss, Task::Overdue]);
}

/// Evidence that comes later is looked at: what then waits for a person is told once, and what needs none is decided.
#[test]
fn evidence_that_comes_later_moves_open_requests() {
    let world = World::new();
    let (engine, researcher) = (&world.engine, world.actor("researcher"));
    // what was confirmed has lapsed
    world.clock.advance(370 * DAY);
    let (first, second) = (world.request(question()), world.request(question()));
    assert_eq!((first.state, second.state), (CaseState::Incomplete, CaseState::Incomplete));
    engine.approve(&world.actor("steward"), &second.id, "ethics", true, "sound").unwrap().wait().unwrap();
    assert_eq!(engine.judge_again(&reuser()).unwrap(), 0);
    let confirmation = NewConfirmation {
        organisation: reuser(),
        fact: "category".to_owned(),
        value: "university".into(),
        until: engine.now().plus_seconds(365 * DAY),
        reason: "accreditation seen".to_owned(),
    };
    engine.confirm_evidence(&world.actor("steward"), &confirmation).unwrap().wait().unwrap();
    assert_eq!(engine.judge_again(&reuser()).unwrap(), 2);
    assert_eq!(engine.judge_again(&reuser()).unwrap(), 0, "each is told once");
    let state = |case: &Urn| engine.case_now(&researcher, case).unwrap().state;
    assert_eq!((state(&first.id), state(&second.id)), (CaseState::Review, CaseState::Granted));
    sound(&world);
}

/// Who withdrew a request, and whose request another body decides on, is not told to object; against a decision on an objection one
/// appeals until a day that is named.
#[test]
fn the_remedy_is_the_one_that_there_is() {
    let world = World::new();
    let (engine, researcher) = (&world.engine, world.actor("researcher"));
    let letters = |case: &Urn| [Lang::En, Lang::Nl].map(|lang| engine.letter(&researcher, case, lang).unwrap());
    let withdrawn = world.request(question()).id;
    engine.withdraw(&researcher, &withdrawn, None).unwrap().wait().unwrap();
    let forwarded = world.request(question()).id;
    engine.forward_request(&world.actor("admin"), &forwarded, "the municipality", None).unwrap().wait().unwrap();
    for letter in [withdrawn, forwarded].iter().flat_map(letters) {
        assert!(!letter.contains("You can object") && !letter.contains("bezwaar maken"), "{letter}");
    }
    second_decider(&world);
    let case = refused(&world, "no plan");
    assert!(letters(&case)[0].contains("We did not deviate from them."));
    object(&world, "researcher", &case, Entered::default()).unwrap();
    engine.approve(&world.actor("steward"), &case, "ethics", true, "it has").unwrap().wait().unwrap();
    let outcome = ObjectionOutcome::Upheld;
    engine.decide_objection(&world.actor("chief"), &case, outcome, "it has a plan").unwrap().wait().unwrap();
    let [en, nl] = letters(&case);
    assert!(
        en.contains("until 6 January 2027 at the latest") && nl.contains("uiterlijk op 6 januari 2027"),
        "{en}{nl}"
    );
    assert!(en.contains("the reasons that you gave in your objection") && !en.contains("We did not deviate"), "{en}");
}

/// GDPR art. 22: nobody who may be a natural person is refused without a person; who is known to be none is, where the owner published that.
#[test]
fn a_natural_person_is_refused_by_a_person() {
    let world = World::new();
    let automatic = NewSet { automatic_refusals: true, ..set() };
    world.clock.advance(60);
    world.engine.publish_conditions(&world.actor("admin"), &automatic).unwrap();
    let refused = |natural: Option<bool>| {
        let mut asked = question();
        asked["purpose"] = json!("dpv:Marketing");
        if let Some(natural) = natural {
            asked["declared"]["naturalPerson"] = Value::from(natural);
        }
        world.request(asked).state
    };
    assert_eq!(refused(None), CaseState::Draft);
    assert_eq!(refused(Some(true)), CaseState::Draft);
    assert_eq!(refused(Some(false)), CaseState::Refused);
    sound(&world);
}

/// A person of another organisation whom the owner appointed for an approval.
pub(crate) fn outsider(world: &World) {
    let (engine, operator) = (&world.engine, world.actor("operator"));
    let committee: datadeal::model::OrgId = "NL.OIN:00000099000000000003".parse().unwrap();
    engine.add_organisation(&operator, &committee, "Committee").unwrap();
    let person = NewPerson {
        person: "outsider".parse().unwrap(),
        organisation: committee,
        name: "Person outsider".to_owned(),
        function: "function of outsider".to_owned(),
        roles: [Role::Reviewer].into(),
    };
    engine.add_person(&operator, &person).unwrap();
    let body = Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() };
    let mandate = datadeal::engine::NewMandate {
        body,
        person: person.person,
        powers: [Power::Approve("ethics".to_owned())].into(),
        datasets: [].into(),
        from: None,
        until: engine.now().plus_seconds(1000 * DAY),
        published: Some("https://example.nl/mandates".to_owned()),
    };
    engine.give_mandate(&world.actor("admin"), &owner(), &mandate).unwrap();
}
