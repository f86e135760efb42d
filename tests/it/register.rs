//! The public register: who is shown and who is not, on which ground, under which terms, and what came in the place of what.

use datadeal::engine::{DealStep, Entered, NewObjection, NewRequest, Question, RegisterRow, register_csv};
use datadeal::model::Urn;
use datadeal::model::condition::{Bilingual, Lang};
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
    assert!(!register_csv(&shown, Lang::Nl).unwrap().contains(committee().as_str()));
    // the register is searched in what it shows
    assert!(engine.register(Some("Organisation of the test"), None, 100).unwrap().0.is_empty());

    engine.deal_step(&world.actor("admin"), &deal, DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    let request = engine.deal_now(&world.actor("admin"), &deal).unwrap().request;
    engine.erase(&world.actor("operator"), &request, "retention").unwrap();
    assert!(rows(&world).iter().all(|row| row.addressee.is_none()));
}

/// A row has its ground, the title of the dataset and the terms, each with its provision, and those marked that a reviewer added: before there
/// is a deal as the decision says, then as the deal does.
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
    let decided = rows(&world).remove(0);
    assert_eq!((decided.title.en.as_str(), decided.grounds.len(), decided.deal), ("Register", 1, None));
    let deal = engine.offer(&world.actor("admin"), &case).unwrap().wait().unwrap();
    let row = rows(&world).remove(0);
    assert_eq!((row.deal, row.grounds.clone()), (Some(deal.id), deal.deal.grounds));
    let marked: Vec<_> = row.terms.iter().map(|t| (t.id.as_str(), t.extra)).collect();
    assert_eq!(marked, [("dataset/no-re-identification", false), ("dataset/breach-report", false), ("term/1", true)]);
    assert!(row.terms.iter().all(|term| !term.legal_basis.is_empty()));
    assert_eq!(decided.terms, row.terms);
    let csv = register_csv(&[row], Lang::Nl).unwrap();
    assert!(csv.contains("extra: Show us the text before it is published. (Wet register"), "{csv}");
    // what is refused has no terms
    let refused = world.request(question()).id;
    engine.approve(&world.actor("steward"), &refused, "ethics", false, "no plan").unwrap().wait().unwrap();
    engine.confirm(&world.actor("admin"), &refused, None).unwrap().wait().unwrap();
    assert!(rows(&world).iter().find(|row| row.id == refused).unwrap().terms.is_empty());
}

/// The table speaks one language, that of its reader, and no cell of it is a formula or leaves its place.
#[test]
fn the_table_is_in_the_language_of_its_reader() {
    let world = World::new();
    world.deal();
    let mut row = rows(&world).remove(0);
    row.title = Bilingual { en: "=1+1, \"said\"\nand done".to_owned(), nl: "Een titel".to_owned() };
    let read = |lang| {
        let text = register_csv(&[row.clone()], lang).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let [heads, cells] = &lines[..] else { panic!("{text}") };
        assert_eq!((heads.len(), cells.len()), (18, 18));
        heads.iter().zip(cells).map(|(head, cell)| (head.to_owned(), cell.to_owned())).collect::<Vec<_>>()
    };
    let (nl, en) = (read(Lang::Nl), read(Lang::En));
    let at = |of: &[(String, String)], n: usize| of[n].clone();
    let two = |head: &str, cell: &str| (head.to_owned(), cell.to_owned());
    assert_eq!((at(&nl, 4).0, at(&en, 4).0), ("bestuursorgaan".to_owned(), "competent body".to_owned()));
    assert_eq!((at(&nl, 5), at(&en, 5)), (two("uitkomst", "toegekend"), two("result", "granted")));
    assert_eq!(at(&nl, 17), two("stand van de deal", "van kracht"));
    assert_eq!(at(&en, 7), two("title", "'=1+1, \"said\" and done"));
    assert!(nl.iter().zip(&en).all(|((nl, _), (en, _))| !nl.starts_with('[') && !en.starts_with('[')));
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
    let csv = register_csv(&rows(&world), Lang::Nl).unwrap();
    assert_eq!(csv.matches(&new.decision.to_string()).count(), 2, "{csv}");
}
