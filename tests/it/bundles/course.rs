//! Bundles with a history: a request that was completed while its term stood still, with a term that a reviewer added; and a refusal,
//! an objection and the decision on it.

use std::collections::BTreeSet;

use datadeal::engine::{Completion, Entered, NewMandate, NewObjection, NewPerson};
use datadeal::model::Urn;
use datadeal::model::condition::Bilingual;
use datadeal::model::record::{ExtraTerm, ObjectionOutcome, Power};
use datadeal::model::term::SuspensionKind;
use datadeal::rights::Role;
use serde_json::{Value, json};

use super::{Made, Maker};
use crate::story::{World, owner, question};
use crate::support::forge::Forge;

const SUBJECT: &str = "/decision/credentialSubject";

pub(super) fn add(m: &mut Maker) {
    let world = World::new();
    let deal = completed(&world);
    let bundle = told(&world, &deal);
    let mut push = |name, must: Option<&'static str>, world: &World, bundle: Value| {
        let log = world.engine.log_key().unwrap();
        m.made.push(Made { name, must, bundle, log, witnesses: Vec::new(), quorum: 0 });
    };
    push("completed, its term moved, a term added", None, &world, bundle.clone());
    let forged = |change: &dyn Fn(&mut Forge)| changed(&world, &bundle, change);
    let wrong = [
        ("a version about another receipt", "S-123", forged(&|f| set(f, "Request", "lastDay", json!("2027-01-21")))),
        ("a version that replaces nothing", "S-123", forged(&|f| f.remove("/request/credentialSubject/replaces"))),
        (
            "a version that came before the one before it",
            "S-123",
            forged(&|f| {
                let request = f.at("/request/credentialSubject").as_object_mut().unwrap();
                request.insert("completedAt".to_owned(), "2026-11-25T08:59:59Z".into());
            }),
        ),
        ("a suspension with a last day", "S-125", forged(&|f| set(f, "Term", "lastDay", json!("2027-01-20")))),
        (
            "a suspension by nobody",
            "S-98",
            forged(&|f| set(f, "Term", "actor/authority", json!({"register": "chief"}))),
        ),
        ("a sum that does not add up", "S-124", forged(&|f| f.set(&format!("{SUBJECT}/clock/1/length"), "P9D"))),
        ("another last day", "S-124", forged(&|f| f.set(&format!("{SUBJECT}/lastDay"), "2027-01-20"))),
        ("an approval that counts is left out", "S-128", forged(&left_out)),
        (
            "a deal without the term that was added",
            "S-94",
            forged(&|f| {
                f.at("/deal/credentialSubject/obligations").as_array_mut().unwrap().pop();
                f.at("/acceptance/credentialSubject/accepted").as_array_mut().unwrap().retain(|id| id != "term/1");
            }),
        ),
    ];
    for (name, must, bundle) in wrong {
        push(name, Some(must), &world, bundle);
    }
    let mut alone = bundle.clone();
    alone.as_object_mut().unwrap().remove("deal");
    push("an acceptance without its deal", Some("S-80"), &world, alone);
    let world = World::new();
    let case = refused(&world);
    let bundle = world.engine.bundle_of_request(&world.actor("researcher"), &case, true).unwrap();
    push("a refusal by itself", None, &world, serde_json::to_value(bundle).unwrap());
    let world = World::new();
    let deal = upheld(&world);
    let bundle = told(&world, &deal);
    push("an objection that was upheld", None, &world, bundle.clone());
    let forged = |change: &dyn Fn(&mut Forge)| changed(&world, &bundle, change);
    let wrong = [
        (
            "an objection received later",
            "S-126",
            forged(&|f| {
                set(f, "Objection", "receivedAt", json!("2026-12-01T09:00:01Z"));
            }),
        ),
        (
            "an objection received before the announcement",
            "S-126",
            forged(&|f| set(f, "Objection", "receivedAt", json!("2026-11-25T08:59:59Z"))),
        ),
        ("takes the place of nothing", "S-127", forged(&|f| f.remove(&format!("{SUBJECT}/supersedes")))),
        (
            "decided by who decided before",
            "S-127",
            forged(&|f| {
                let first = path(f, "Decision");
                let person = f.at(&format!("{first}/credentialSubject/actor/person")).clone();
                f.set(&format!("{SUBJECT}/actor/person"), person);
            }),
        ),
        (
            "rejected, and decided otherwise",
            "S-127",
            forged(&|f| {
                f.set(&format!("{SUBJECT}/objection/outcome"), "rejected");
            }),
        ),
    ];
    for (name, must, bundle) in wrong {
        push(name, Some(must), &world, bundle);
    }
}

/// A deal on a request that was asked for more, and given under a term of the reviewer.
fn completed(world: &World) -> Urn {
    let (engine, steward) = (&world.engine, world.actor("steward"));
    let case = world.request(question()).id;
    world.clock.advance(86_400);
    engine.approve(&steward, &case, "ethics", false, "which plan?").unwrap().wait().unwrap();
    let until = Some("2026-12-10".parse().unwrap());
    engine.suspend_term(&steward, &case, SuspensionKind::Completion, until, "the plan").unwrap().wait().unwrap();
    world.clock.advance(3 * 86_400);
    let declared = serde_json::from_value(json!({"plan": "PLAN-8"})).unwrap();
    let more = Completion { declared, ..Completion::default() };
    engine.complete(&world.actor("researcher"), &case, &more, Entered::default()).unwrap().wait().unwrap();
    engine.extend_term(&steward, &case, "the committee meets in January").unwrap().wait().unwrap();
    engine.approve(&steward, &case, "ethics", false, "too small groups").unwrap().wait().unwrap();
    let text = |t: &str| Bilingual { en: t.to_owned(), nl: t.to_owned() };
    let term = ExtraTerm {
        clause: text("The reuser shows its results to the owner before it publishes them."),
        reason: "small groups".to_owned(),
        legal_basis: "Algemene wet bestuursrecht art. 3:4".to_owned(),
    };
    engine.approve_under(&steward, &case, "ethics", "the plan is sound", &[term]).unwrap().wait().unwrap();
    concluded(world, &case)
}

/// A request that was refused.
fn refused(world: &World) -> Urn {
    let (engine, steward) = (&world.engine, world.actor("steward"));
    let case = world.request(question()).id;
    engine.approve(&steward, &case, "ethics", false, "no plan").unwrap().wait().unwrap();
    engine.confirm(&world.actor("admin"), &case, None).unwrap().wait().unwrap();
    case
}

/// A deal on a request that was refused, until somebody else decided on the objection.
fn upheld(world: &World) -> Urn {
    let (engine, steward) = (&world.engine, world.actor("steward"));
    second_decider(world);
    let case = refused(world);
    world.clock.advance(6 * 86_400);
    let objection = NewObjection { reasons: "there is a plan".to_owned(), entered: Entered::default() };
    engine.object(&world.actor("researcher"), &case, &objection).unwrap().wait().unwrap();
    engine.approve(&steward, &case, "ethics", true, "the plan is sound").unwrap().wait().unwrap();
    let chief = world.actor("chief");
    engine.decide_objection(&chief, &case, ObjectionOutcome::Upheld, "it has a plan").unwrap().wait().unwrap();
    concluded(world, &case)
}

/// Another person with a mandate to decide.
pub(crate) fn second_decider(world: &World) {
    let (engine, operator) = (&world.engine, world.actor("operator"));
    let chief = NewPerson {
        person: "chief".parse().unwrap(),
        organisation: owner(),
        name: "Person chief".to_owned(),
        function: "function of chief".to_owned(),
        roles: BTreeSet::from([Role::OwnerAdmin]),
    };
    engine.add_person(&operator, &chief).unwrap();
    let mandate = NewMandate {
        body: Bilingual { en: "the Minister".to_owned(), nl: "de Minister".to_owned() },
        person: chief.person,
        powers: BTreeSet::from([Power::Decide]),
        datasets: BTreeSet::new(),
        from: None,
        until: engine.now().plus_seconds(1000 * 86_400),
        published: None,
    };
    engine.give_mandate(&world.actor("admin"), &owner(), &mandate).unwrap();
}

fn concluded(world: &World, case: &Urn) -> Urn {
    let deal = world.engine.offer(&world.actor("admin"), case).unwrap().wait().unwrap();
    world.engine.accept(&world.actor("researcher"), &deal.id, None).unwrap().wait().unwrap().id
}

fn told(world: &World, deal: &Urn) -> Value {
    serde_json::to_value(world.bundle(deal)).unwrap()
}

fn changed(world: &World, bundle: &Value, change: &dyn Fn(&mut Forge)) -> Value {
    let mut forge = Forge::new(world, bundle.clone());
    change(&mut forge);
    forge.settle();
    forge.bundle
}

/// Where the first record of a type stands in the history.
fn path(f: &mut Forge, kind: &str) -> String {
    let kind = format!("{kind}Credential");
    let at = f.at("/history").as_array().unwrap().iter().position(|d| d["type"][1] == kind.as_str()).unwrap();
    format!("/history/{at}")
}

fn set(f: &mut Forge, kind: &str, member: &str, value: Value) {
    let path = path(f, kind);
    f.set(&format!("{path}/credentialSubject/{member}"), value);
}

/// The refusal that a later approval took the place of is said to be of another name.
fn left_out(f: &mut Forge) {
    let now = f.at("/request/id").clone();
    let history = f.at("/history").as_array().unwrap();
    let at = history
        .iter()
        .position(|d| d["credentialSubject"]["request"]["id"] == now && d["type"][1] == "ApprovalCredential");
    f.set(&format!("/history/{}/credentialSubject/name", at.unwrap()), "data-steward");
}
