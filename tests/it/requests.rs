//! Requests on their way: drafts, completed while the term stands still, forwarded, not considered, objected to; who does what first; and what
//! waits for whom. After each story the audit finds nothing.

use datadeal::engine::{
    CaseNow, CaseState, Completion, EngineError, Entered, NewObjection, NewRequest, Pending, Question, Task,
};
use datadeal::model::condition::Lang;
use datadeal::model::record::{Channel, DecisionRecord, DecisionResult, ObjectionOutcome, RecordType, Reference};
use datadeal::model::term::SuspensionKind;
use datadeal::model::{Day, Urn};
use serde_json::json;

use crate::bundles::course::second_decider;
use crate::story::{World, question, reuser};

const DAY: i64 = 86_400;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn decision(world: &World, reference: &Reference) -> DecisionRecord {
    world.engine.read_record::<DecisionRecord>(reference, RecordType::Decision).unwrap().subject
}

/// Everything in the log is sound, and only what is said to be overdue is.
fn sound(world: &World) {
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
}

fn ask(world: &World, case: &Urn, until: &str) {
    let (steward, until) = (world.actor("steward"), Some(day(until)));
    world
        .engine
        .suspend_term(&steward, case, SuspensionKind::Completion, until, "the plan is missing")
        .unwrap()
        .wait()
        .unwrap();
}

fn objects(world: &World, case: &Urn) {
    let new = NewObjection { reasons: "there is a plan".to_owned(), entered: Entered::default() };
    world.engine.object(&world.actor("researcher"), case, &new).unwrap().wait().unwrap();
}

/// Refused by the steward, confirmed by the admin.
fn refused(world: &World) -> Urn {
    let case = world.request(question()).id;
    world.engine.approve(&world.actor("steward"), &case, "ethics", false, "no plan").unwrap().wait().unwrap();
    let told = world.engine.confirm(&world.actor("admin"), &case, None).unwrap().wait().unwrap();
    assert_eq!(told.state, CaseState::Refused);
    case
}

/// S-124: asked for more, answered, extended; the last day follows, approvals of the version before are void, and the decision carries the sum.
#[test]
fn a_request_is_completed_while_its_term_stands_still() {
    let world = World::new();
    let (engine, steward) = (&world.engine, world.actor("steward"));
    let case = world.request(question()).id;
    engine.approve(&steward, &case, "ethics", false, "which plan?").unwrap().wait().unwrap();
    ask(&world, &case, "2026-12-09");
    assert!(engine.suspend_term(&steward, &case, SuspensionKind::Agreed, None, "again").is_err(), "it stands still");
    world.clock.advance(7 * DAY);
    let declared = serde_json::from_value(json!({"plan": "PLAN-8"})).unwrap();
    let more = Completion { declared, ..Completion::default() };
    let told = engine.complete(&world.actor("researcher"), &case, &more, Entered::default()).unwrap().wait().unwrap();
    assert_eq!((told.state, told.id), (CaseState::Review, case));
    assert!(told.voided.contains("ethics"), "the refusal was of the version before");
    assert_eq!(told.request.received_at.to_string(), crate::story::NOW, "receipt stays");
    // eight weeks, and the seven days that it stood still
    assert_eq!((told.term.last_day, told.term.stands_still), (day("2027-01-27"), None));
    let extended = engine.extend_term(&steward, &case, "the committee meets in January").unwrap().wait().unwrap();
    assert_eq!(extended.last_day, day("2027-03-24"));
    assert!(engine.extend_term(&steward, &case, "once more").is_err(), "a term is extended once");
    sound(&world);
    let ended = engine.approve(&steward, &case, "ethics", true, "the plan is sound").unwrap().wait().unwrap();
    assert_eq!(ended.state, CaseState::Granted);
    let record = decision(&world, &ended.decision.unwrap());
    let sum: Vec<_> = record.clock.iter().map(|s| (s.length.to_string(), s.last_day.to_string())).collect();
    let line = |length: &str, last: &str| (length.to_owned(), last.to_owned());
    assert_eq!(sum, [line("P8W", "2027-01-20"), line("P7D", "2027-01-27"), line("P8W", "2027-03-24")]);
    assert_eq!(record.last_day, "2027-03-24");
    let letter = engine.letter(&steward, &case, Lang::En).unwrap();
    assert!(letter.contains("It stood still for 7 days (Algemene wet bestuursrecht art. 4:15(1))"), "{letter}");
    sound(&world);
}

/// An extension a day too late is refused; what is overdue is shown, found by the audit, and changes no decision.
#[test]
fn what_comes_too_late_does_not_move_the_term() {
    let world = World::new();
    let (engine, steward) = (&world.engine, world.actor("steward"));
    let case = world.request(question()).id;
    // the last day is 20 January
    world.clock.advance(57 * DAY);
    let error = engine.extend_term(&steward, &case, "too much work").unwrap_err();
    assert!(error.to_string().contains("2027-01-20"), "{error}");
    assert!(engine.term_now(&steward, &case).unwrap().overdue);
    let audit = engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert_eq!(audit.findings.iter().map(|f| f.must).collect::<Vec<_>>(), ["S-111"]);
    let told = engine.approve(&steward, &case, "ethics", true, "sound").unwrap().wait().unwrap();
    assert_eq!((told.state, told.term.overdue), (CaseState::Granted, false));
    let letter = engine.letter(&steward, &case, Lang::Nl).unwrap();
    assert!(letter.contains("dwangsom"), "{letter}");
    sound(&world);
}

/// S-127: a refusal, an objection decided by another person, the new decision; the audit sees all three.
#[test]
fn an_objection_is_decided_by_somebody_else() {
    let world = World::new();
    let engine = &world.engine;
    second_decider(&world);
    let case = refused(&world);
    world.clock.advance(10 * DAY);
    objects(&world, &case);
    // six weeks from the last day to object, which is 6 January
    assert_eq!(engine.term_now(&world.actor("chief"), &case).unwrap().last_day, day("2027-02-17"));
    let upheld =
        |person: &str| engine.decide_objection(&world.actor(person), &case, ObjectionOutcome::Upheld, "it has");
    let error = upheld("admin").unwrap_err();
    assert!(error.to_string().contains("who took a decision"), "{error}");
    assert!(upheld("chief").is_err(), "the answer is as it was");
    engine.approve(&world.actor("steward"), &case, "ethics", true, "it has a plan").unwrap().wait().unwrap();
    let told = upheld("chief").unwrap().wait().unwrap();
    assert_eq!(told.state, CaseState::Granted);
    let record = decision(&world, &told.decision.unwrap());
    assert_eq!(record.objection.unwrap().outcome, ObjectionOutcome::Upheld);
    assert_eq!(decision(&world, &record.supersedes.unwrap()).result, DecisionResult::Refused);
    let letter = engine.letter(&world.actor("researcher"), &case, Lang::En).unwrap();
    assert!(letter.contains("We uphold your objection") && letter.contains("district court"), "{letter}");
    let audit = engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
    assert_eq!((audit.by_type["decision"], audit.by_type["objection"], audit.replayed), (2, 1, 2));
}

/// One that is rejected, inadmissible or withdrawn leaves the decision as it is.
#[test]
fn an_objection_that_fails_changes_nothing() {
    for outcome in [ObjectionOutcome::Rejected, ObjectionOutcome::Inadmissible, ObjectionOutcome::Withdrawn] {
        let world = World::new();
        let engine = &world.engine;
        second_decider(&world);
        let case = refused(&world);
        let first = engine.case_now(&world.actor("researcher"), &case).unwrap().decision;
        // a day after the six weeks is too late, and is taken in all the same
        world.clock.advance(50 * DAY);
        objects(&world, &case);
        let told = match outcome {
            ObjectionOutcome::Withdrawn => engine.withdraw_objection(&world.actor("researcher"), &case, None),
            outcome => engine.decide_objection(&world.actor("chief"), &case, outcome, "as before"),
        };
        let told = told.unwrap().wait().unwrap();
        assert_eq!((told.state, told.decision), (CaseState::Refused, first));
        let record = decision(&world, &told.objection.unwrap().decision.unwrap());
        assert_eq!((record.result, record.supersedes), (DecisionResult::Refused, None));
        let new = NewObjection { reasons: "again".to_owned(), entered: Entered::default() };
        assert!(engine.object(&world.actor("researcher"), &case, &new).is_err(), "once");
        sound(&world);
    }
}

/// Another body's data; and a request that was not completed in time.
#[test]
fn what_is_not_judged_ends_with_a_decision_too() {
    let world = World::new();
    let (engine, admin) = (&world.engine, world.actor("admin"));
    let case = world.request(question()).id;
    let told = engine.forward_request(&admin, &case, "the municipality", None).unwrap().wait().unwrap();
    assert_eq!(told.state, CaseState::Forwarded);
    let letter = engine.letter(&admin, &case, Lang::En).unwrap();
    assert!(letter.contains("the municipality"), "{letter}");

    let case = world.request(question()).id;
    let dismissed = || engine.not_considered(&admin, &case, "the plan never came");
    assert!(dismissed().is_err(), "nobody asked for more");
    ask(&world, &case, "2026-12-02");
    world.clock.advance(7 * DAY);
    assert!(dismissed().is_err(), "there is time left");
    world.clock.advance(DAY);
    let told = dismissed().unwrap().wait().unwrap();
    assert_eq!(told.state, CaseState::NotConsidered);
    assert_eq!(decision(&world, &told.decision.unwrap()).last_day, "2027-01-27");
    sound(&world);
}

/// The owner enters what came by post, with the day on which it came; nobody else does, and through no channel of the portal or none at
/// all.
#[test]
fn staff_enters_what_came_by_post() {
    let world = World::new();
    let question: Question = serde_json::from_value(question()).unwrap();
    let new = |channel| NewRequest {
        dataset: "register".to_owned(),
        question: Question { applicant: Some(reuser()), ..question.clone() },
        sets: None,
        entered: Entered { received_at: Some("2026-11-20T22:30:00Z".parse().unwrap()), channel },
    };
    let enter = |person: &str, channel| world.engine.submit(&world.actor(person), &new(channel));
    assert!(enter("steward", Some(Channel::Web)).is_err());
    assert!(enter("steward", None).unwrap_err().to_string().contains("channel"));
    assert!(enter("operator", Some(Channel::Post)).is_err());
    let told = enter("steward", Some(Channel::Post)).unwrap().wait().unwrap();
    assert_eq!((told.request.applicant.clone(), told.request.last_day.as_str()), (reuser(), "2027-01-15"));
    let receipt = world.engine.receipt(&world.actor("researcher"), &told.id, Lang::Nl).unwrap();
    assert!(receipt.contains("20 november 2026") && receipt.contains("15 januari 2027"), "{receipt}");
    let told = enter("steward", Some(Channel::Counter)).unwrap().wait().unwrap();
    assert_eq!(told.request.channel, Channel::Counter);
    sound(&world);
}

/// A draft is changed in the version that was read, and submitted once.
#[test]
fn a_draft_is_no_request_until_it_is_submitted() {
    let world = World::new();
    let (engine, researcher) = (&world.engine, world.actor("researcher"));
    let id = engine.new_draft(&researcher, "register", &Question::default()).unwrap().wait().unwrap();
    let read = || engine.draft(&researcher, &id).unwrap();
    let first = read();
    assert!(first.answer.is_some() && first.fault.is_none());
    let change = |version, question: &Question| {
        engine.change_draft(&researcher, &id, version, "register", question).unwrap().wait().is_ok()
    };
    let wrong: Question = serde_json::from_value(json!({"purpose": "fun"})).unwrap();
    assert!(change(first.version, &wrong));
    assert!(read().fault.is_some());
    let whole: Question = serde_json::from_value(question()).unwrap();
    assert!(!change(first.version, &whole), "somebody else changed it");
    assert!(change(read().version, &whole));
    assert!(engine.draft(&world.actor("steward"), &id).is_err());
    assert!(engine.cases(&world.actor("operator")).unwrap().is_empty());
    let version = read().version;
    let submit = || engine.submit_draft(&researcher, &id, version);
    let told = [submit(), submit()].map(|pending| pending.and_then(Pending::wait));
    assert_eq!(told.iter().filter(|t| t.is_ok()).count(), 1);
    assert!(engine.drafts_after(&researcher, None, 10).unwrap().0.is_empty());
    assert_eq!(engine.cases(&researcher).unwrap().len(), 1);
    sound(&world);
}

/// Of two who act on what both have read, one is first, and the other is told that it changed.
#[test]
fn two_at_once_and_one_wins() {
    let world = World::new();
    let engine = &world.engine;
    let case = world.request(question()).id;
    let steward = world.actor("steward");
    // the second may come before or after the first was written: in either case it does nothing
    let twice = |act: &dyn Fn() -> Result<Pending<CaseNow>, EngineError>| {
        let (first, second) = (act(), act());
        [first, second].map(|pending| pending.and_then(Pending::wait).is_ok()).iter().filter(|ok| **ok).count()
    };
    assert_eq!(twice(&|| engine.approve(&steward, &case, "ethics", true, "as read")), 1);
    let case = world.request(question()).id;
    engine.approve(&steward, &case, "ethics", false, "no plan").unwrap().wait().unwrap();
    assert_eq!(twice(&|| engine.confirm(&world.actor("admin"), &case, None)), 1);
    sound(&world);
}

/// What waits for whom: the approval for who was appointed, the confirmation and the objection for who may decide.
#[test]
fn the_work_list_says_what_waits_for_whom() {
    let world = World::new();
    let engine = &world.engine;
    second_decider(&world);
    let tasks = |person: &str| -> Vec<Task> {
        engine.work(&world.actor(person), None, 100).unwrap().0.into_iter().flat_map(|w| w.tasks).collect()
    };
    let case = world.request(question()).id;
    assert_eq!(tasks("steward"), [Task::Approve("ethics".to_owned())]);
    assert!(tasks("admin").is_empty() && tasks("researcher").is_empty());
    engine.approve(&world.actor("steward"), &case, "ethics", false, "no plan").unwrap().wait().unwrap();
    assert_eq!(tasks("admin"), [Task::Confirm]);
    engine.confirm(&world.actor("admin"), &case, None).unwrap().wait().unwrap();
    assert!(tasks("admin").is_empty());
    objects(&world, &case);
    assert_eq!(tasks("chief"), [Task::DecideObjection]);
    assert!(tasks("admin").is_empty(), "the admin took the first decision");
    // the one that is due first comes first
    world.clock.advance(DAY);
    let later = world.request(question()).id;
    let first: Vec<Urn> =
        engine.work(&world.actor("steward"), None, 100).unwrap().0.into_iter().map(|w| w.request).collect();
    assert_eq!(first, [later]);
}
