//! The public register: who is shown and who is not, on which ground, under which terms, and what came in the place of what.

use datadeal::engine::{DealStep, Entered, NewObjection, NewRequest, Question, RegisterRow, register_csv};
use datadeal::model::Urn;
use datadeal::model::condition::Bilingual;
use datadeal::model::record::{DecisionResult, ExtraTerm, ObjectionOutcome};
use datadeal::rights::Role;

use crate::bundles::course::second_decider;
use crate::people::{committee, person};
use crate::story::{World, question, reuser};

fn rows(world: &World) -> Vec<RegisterRow> {
    world.engine.register(None, None, 100).unwrap().0
}

/// Nobody is shown on its own word, nor while nothing was verified; what was erased stays hidden.
#[test]
fn only_what_was_verified_unmasks() {
    let world = World::new();
    let engine = &world.engine;
    let trader = person(&world, "trader", &committee(), &[Role::Requester]);
    // it says that it is a university, which no sole trader is
    let question: Question = serde_json::from_value(question()).unwrap();
    let new = NewRequest { dataset: "register".to_owned(), question, entered: Entered::default(), sets: None };
    let case = engine.submit(&trader, &new).unwrap().wait().unwrap().id;
    engine.forward_request(&world.actor("admin"), &case, "the municipality", None).unwrap().wait().unwrap();
    world.clock.advance(1);
    let deal = world.deal();
    let shown = rows(&world);
    assert_eq!(shown.len(), 2);
    let addressees: Vec<_> = shown.iter().map(|row| row.addressee.as_ref().map(|a| a.organisation.clone())).collect();
    assert_eq!(addressees, [None, Some(reuser())], "{shown:?}");
    assert!(!register_csv(&shown).contains(committee().as_str()));
    // the register is searched in what it shows
    assert!(engine.register(Some("Organisation of the test"), None, 100).unwrap().0.is_empty());

    engine.deal_step(&world.actor("admin"), &deal, DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    let request = engine.deal_now(&world.actor("admin"), &deal).unwrap().request;
    engine.erase(&world.actor("operator"), &request, "retention").unwrap();
    assert!(rows(&world).iter().all(|row| row.addressee.is_none()));
}

/// A row has its ground and the title of the dataset before there is a deal; then the terms, each with its provision, and those marked that a
/// reviewer added.
#[test]
fn a_row_says_on_which_ground_and_under_which_terms() {
    let world = World::new();
    let (engine, case) = (&world.engine, world.request(question()).id);
    let text = |text: &str| Bilingual { en: text.to_owned(), nl: text.to_owned() };
    let terms = [ExtraTerm {
        clause: text("Show us the text before it is published."),
        reason: "it names villages".to_owned(),
        legal_basis: "Wet register onderwijsdeelnemers art. 23".to_owned(),
    }];
    engine.approve_under(&world.actor("steward"), &case, "ethics", "sound", &terms).unwrap().wait().unwrap();
    let row = rows(&world).remove(0);
    assert_eq!((row.title.en.as_str(), row.grounds.len(), row.terms.len()), ("Register", 1, 0));
    let deal = engine.offer(&world.actor("admin"), &case).unwrap().wait().unwrap();
    let row = rows(&world).remove(0);
    assert_eq!((row.deal, row.grounds.clone()), (Some(deal.id), deal.deal.grounds));
    let marked: Vec<_> = row.terms.iter().map(|t| (t.id.as_str(), t.extra)).collect();
    assert_eq!(marked, [("dataset/no-re-identification", false), ("dataset/breach-report", false), ("term/1", true)]);
    assert!(row.terms.iter().all(|term| !term.legal_basis.is_empty()));
    assert!(register_csv(&[row]).contains("extra: Show us the text before it is published. (Wet register"));
}

/// A decision that was replaced on an objection stays in the register, and says by which.
#[test]
fn a_decision_that_was_replaced_stays() {
    let world = World::new();
    let engine = &world.engine;
    second_decider(&world);
    let case: Urn = world.request(question()).id;
    engine.approve(&world.actor("steward"), &case, "ethics", false, "no plan").unwrap().wait().unwrap();
    engine.confirm(&world.actor("admin"), &case, None).unwrap().wait().unwrap();
    let new = NewObjection { reasons: "there is one".to_owned(), entered: Entered::default() };
    engine.object(&world.actor("researcher"), &case, &new).unwrap().wait().unwrap();
    engine.approve(&world.actor("steward"), &case, "ethics", true, "it has a plan").unwrap().wait().unwrap();
    let chief = world.actor("chief");
    engine.decide_objection(&chief, &case, ObjectionOutcome::Upheld, "it has").unwrap().wait().unwrap();
    let deal = engine.offer(&world.actor("admin"), &case).unwrap().wait().unwrap().id;
    let [new, old] = &rows(&world)[..] else { panic!("two decisions") };
    assert_eq!((new.result, old.result), (DecisionResult::Granted, DecisionResult::Refused));
    assert_eq!((new.superseded_by, old.superseded_by), (None, Some(new.decision)));
    assert_eq!((new.id, old.id, new.deal, old.deal), (case, case, Some(deal), None));
    let csv = register_csv(&rows(&world));
    assert_eq!(csv.matches(&new.decision.to_string()).count(), 2, "{csv}");
}
