//! The use of deals: what a data server is answered, the record of it, tokens, a proxy in front, and the log over HTTP.

mod given;
pub(crate) mod http;
mod log;
pub(crate) mod nginx;
mod record;
mod token;

use std::collections::BTreeSet;

use datadeal::engine::{DataDir, DealStep, Engine, EngineError, NewPerson};
use datadeal::model::Urn;
use datadeal::model::access::{Call, DataServer, Event};
use datadeal::model::trace::Trace;
use datadeal::rights::Role;
use serde_json::{Value, json};

use crate::story::{World, owner, question, reuser};

/// A portal with a data server of the owner.
pub(crate) fn world() -> World {
    with_server(World::new())
}

pub(crate) fn with_server(world: World) -> World {
    let person = NewPerson {
        person: "register-server".parse().unwrap(),
        organisation: owner(),
        name: "The server of the register".to_owned(),
        function: "data server".to_owned(),
        roles: BTreeSet::from([Role::DataServer]),
    };
    world.engine.add_person(&world.actor("operator"), &person).unwrap();
    world.engine.put_data_server(&world.actor("admin"), &server()).unwrap().wait().unwrap();
    world
}

pub(crate) const AUDIENCE: &str = "https://data.example";

pub(crate) fn server() -> DataServer {
    let routes = json!([
        {"path": "/register.csv", "dataset": "register"},
        {"path": "/years.csv", "dataset": "register", "columns": ["year"]},
        {"path": "/register", "dataset": "register", "columnsKey": "select"},
        {"path": "/tables/*", "dataset": "register", "level": "aggregates"},
    ]);
    let server = json!({"name": "register", "owner": owner(), "audience": AUDIENCE, "routes": routes});
    serde_json::from_value(server).unwrap()
}

pub(crate) fn trace(n: u8) -> Trace {
    Trace::of(None, [n; 24])
}

pub(crate) fn asks(columns: &[&str]) -> Value {
    json!({
        "subject": {"type": "organisation", "id": reuser()},
        "action": {"name": "read"},
        "resource": {"type": "dataset", "id": "register", "properties": {"columns": columns}},
    })
}

/// The answer to one question, as the data server gets it.
pub(crate) fn answer(world: &World, request: Value) -> Value {
    on(&world.engine, world, request, Event::Evaluation).unwrap()
}

fn on(engine: &Engine, world: &World, request: Value, event: Event) -> Result<Value, EngineError> {
    let call = Call::read(request, event).unwrap();
    engine.access(&world.actor("register-server"), &call, Trace::of(None, random()))?.wait()?
}

fn random() -> [u8; 24] {
    use datadeal::clock::{Random as _, SystemRandom};
    let mut drawn = [0; 24];
    SystemRandom.fill(&mut drawn).unwrap();
    drawn
}

fn reason(world: &World, request: Value) -> String {
    let answer = answer(world, request);
    assert_eq!(answer["decision"], false, "{answer}");
    answer["context"]["reason"].as_str().unwrap().to_owned()
}

fn with(mut request: Value, pointer: &str, value: Value) -> Value {
    *request.pointer_mut(pointer).unwrap() = value;
    request
}

/// S-165: a question about a deal, from before it is offered until after it is revoked; a no has a reason.
#[test]
fn access_follows_the_deal() {
    let world = world();
    assert_eq!(reason(&world, asks(&["year"])), "no-deal");
    let case = world.request(question());
    world.engine.approve(&world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    let deal = world.engine.offer(&world.actor("admin"), &case.id).unwrap().wait().unwrap();
    assert_eq!(reason(&world, asks(&["year"])), "not-active");
    world.engine.accept(&world.actor("researcher"), &deal.id, None).unwrap().wait().unwrap();
    let until = deal.deal.term.until.to_string();
    let yes = json!({"decision": true, "context": {"deal": deal.id, "until": until}});
    assert_eq!(answer(&world, asks(&["year"])), yes);
    assert_eq!(answer(&world, asks(&["year", "birthDate"])), yes);
    let mut whole = asks(&[]);
    whole["resource"].as_object_mut().unwrap().remove("properties");
    assert_eq!(answer(&world, whole), yes);

    for (pointer, value, expected) in [
        ("/subject/type", json!("user"), "subject"),
        ("/subject/id", json!("alice"), "subject"),
        ("/subject/id", json!("NL.KVK:68727720"), "no-deal"),
        ("/action/name", json!("delete"), "action"),
        ("/resource/type", json!("record"), "resource"),
        ("/resource/id", json!("registers"), "dataset"),
        ("/resource/id", json!("https://example.nl/id/other"), "dataset"),
        ("/resource/properties", json!({"columns": ["year", "name"]}), "unknown-column"),
        ("/resource/properties", json!({"columns": ["year"], "level": "aggregates"}), "level"),
    ] {
        assert_eq!(reason(&world, with(asks(&["year"]), pointer, value.clone())), expected, "{pointer} {value}");
    }
    assert_eq!(answer(&world, with(asks(&["year"]), "/resource/id", json!("https://example.nl/id/register"))), yes);
    let mut other = asks(&["year"]);
    other["context"] = json!({"deal": "urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f"});
    assert_eq!(reason(&world, other), "no-deal");

    let admin = world.actor("admin");
    let revoke = |action| world.engine.deal_step(&admin, &deal.id, action, "a question").unwrap().wait().unwrap();
    revoke(DealStep::Suspend);
    assert_eq!(reason(&world, asks(&["year"])), "not-active");
    revoke(DealStep::Resume);
    assert_eq!(answer(&world, asks(&["year"])), yes);
    world.clock.set(deal.deal.term.until);
    assert_eq!(reason(&world, asks(&["year"])), "not-active");
    assert_eq!(world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap().findings, []);
}

/// S-165: one deal must cover the whole question, its columns and its edition.
#[test]
fn two_deals_are_not_added_up() {
    let world = world();
    let deal = |scope: Value| -> Urn {
        let case = world.request(with(question(), "/scope", scope));
        world.engine.approve(&world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
        let deal = world.engine.offer(&world.actor("admin"), &case.id).unwrap().wait().unwrap();
        world.engine.accept(&world.actor("researcher"), &deal.id, None).unwrap().wait().unwrap().id
    };
    let years = deal(json!({"columns": ["year"]}));
    deal(json!({"columns": ["birthDate"], "editions": ["2024"]}));
    let answered = answer(&world, asks(&["year"]));
    assert_eq!(answered["context"]["deal"], json!(years));
    let both = answer(&world, asks(&["year", "birthDate"]));
    assert_eq!(both["context"], json!({"reason": "column", "columns": ["birthDate"]}));
    let edition =
        |edition: &str| with(asks(&[]), "/resource/properties", json!({"columns": ["birthDate"], "edition": edition}));
    assert_eq!(answer(&world, edition("2024"))["decision"], true);
    // the deal of the years names every edition, that of the birth dates does not
    assert_eq!(answer(&world, edition("2025"))["context"], json!({"reason": "column", "columns": ["birthDate"]}));
    let only = |deal: &Urn| {
        let mut request = edition("2024");
        request["context"] = json!({"deal": deal});
        request
    };
    assert_eq!(reason(&world, only(&years)), "column");
}

/// A second process revokes the deal: the next answer of the first is no.
#[test]
fn a_deal_revoked_by_another_process_is_denied_at_the_next_call() {
    let world = world();
    let deal = world.deal();
    assert_eq!(answer(&world, asks(&["year"]))["decision"], true);
    let random = std::sync::Arc::new(datadeal::clock::SystemRandom);
    let other = Engine::open(&DataDir::new(world.dir.path().join("data")), world.clock.clone(), random).unwrap();
    other.deal_step(&world.actor("admin"), &deal, DealStep::RevokeAtOnce, "misuse").unwrap().wait().unwrap();
    assert_eq!(reason(&world, asks(&["year"])), "not-active");
}

/// A data server asks about the data of its own owner: alone it is refused, in a batch this one item is.
#[test]
fn nobody_asks_about_the_data_of_others() {
    let world = world();
    world.deal();
    let person = NewPerson {
        person: "other-server".parse().unwrap(),
        organisation: reuser(),
        name: "Another server".to_owned(),
        function: "data server".to_owned(),
        roles: BTreeSet::from([Role::DataServer]),
    };
    world.engine.add_person(&world.actor("operator"), &person).unwrap();
    let ask = |person: &str, request: Value, event| {
        let call = Call::read(request, event).unwrap();
        world.engine.access(&world.actor(person), &call, Trace::of(None, random())).unwrap().wait().unwrap()
    };
    for person in ["other-server", "researcher", "steward", "operator"] {
        let refused = ask(person, asks(&["year"]), Event::Evaluation).unwrap_err();
        assert!(matches!(refused, EngineError::Rights(_)), "{person}: {refused}");
    }
    let batch = json!({"evaluations": [asks(&["year"])]});
    let answered = ask("other-server", batch, Event::Evaluations).unwrap();
    assert_eq!(answered["evaluations"][0]["decision"], false);
    assert_eq!(answered["evaluations"][0]["context"]["error"]["status"], 403);
    // each of these calls is recorded: as a no, or as one that could not be decided
    let records = record::records(&world);
    let status: Vec<_> = records.iter().map(|r| r["status"].as_str().unwrap()).collect();
    assert_eq!(status, ["Ok", "Error", "Error", "Error", "Ok"]);
    let refused = |r: &Value| r.pointer("/body/adl.core.response/context/error/status") == Some(&json!(403));
    assert!(records[..4].iter().all(refused), "{records:#?}");
    assert_eq!(world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap().findings, []);
}

/// AuthZEN 1.0 section 7: defaults, whole entities that replace them, the three semantics, an item that is malformed, and a batch
/// without items.
#[test]
fn a_batch_is_answered_in_order() {
    let world = world();
    world.deal();
    let ask = |request: Value| on(&world.engine, &world, request, Event::Evaluations).unwrap();
    let decisions = |answer: &Value| -> Vec<bool> {
        answer["evaluations"].as_array().unwrap().iter().map(|e| e["decision"].as_bool().unwrap()).collect()
    };
    let resource = |columns: &[&str]| json!({"resource": {"type": "dataset", "id": "register", "properties": {"columns": columns}}});
    let batch = |semantic: Option<&str>| {
        let items = [
            resource(&["year"]),
            resource(&["name"]),
            json!({}),
            resource(&["birthDate"]),
            json!({"subject": {"type": "user", "id": "x"}}),
        ];
        let mut batch = json!({"subject": asks(&[])["subject"], "action": {"name": "read"}, "evaluations": items});
        if let Some(semantic) = semantic {
            batch["options"] = json!({"evaluations_semantic": semantic});
        }
        batch
    };
    let all = ask(batch(None));
    assert_eq!(decisions(&all), [true, false, false, true, false]);
    let missing = json!({"status": 400, "message": "`/evaluations/2/resource` is missing"});
    assert_eq!(all["evaluations"][2]["context"]["error"], missing);
    assert_eq!(ask(batch(Some("execute_all"))), all);
    assert_eq!(decisions(&ask(batch(Some("deny_on_first_deny")))), [true, false]);
    assert_eq!(decisions(&ask(batch(Some("permit_on_first_permit")))), [true]);
    for empty in [
        asks(&["year"]),
        json!({"evaluations": [], "subject": asks(&[])["subject"], "action": {"name": "read"}, "resource": asks(&["year"])["resource"]}),
    ] {
        assert_eq!(ask(empty)["decision"], true);
    }
    let wrong = with(batch(Some("execute_all")), "/options/evaluations_semantic", json!("some"));
    assert_eq!(Call::read(wrong, Event::Evaluations).unwrap_err().pointer, "/options/evaluations_semantic");
}

/// What is missing or of another type makes a question malformed, and what is not known is ignored.
#[test]
fn a_malformed_question_names_its_member() {
    let pointer = |request: Value| Call::read(request, Event::Evaluation).map(|_| ()).map_err(|e| e.pointer);
    for (member, value) in [
        ("/subject", json!("alice")),
        ("/subject/type", json!(1)),
        ("/subject/id", json!(null)),
        ("/action/name", json!(123)),
        ("/resource/id", json!(["x"])),
        ("/resource/properties", json!([])),
        ("/resource/properties/columns", json!([])),
        ("/resource/properties/columns", json!("year")),
        ("/resource/properties/columns", json!([1])),
    ] {
        assert_eq!(pointer(with(asks(&["year"]), member, value.clone())), Err(member.to_owned()), "{value}");
    }
    for member in ["subject", "action", "resource"] {
        let mut request = asks(&["year"]);
        request.as_object_mut().unwrap().remove(member);
        assert_eq!(pointer(request), Err(format!("/{member}")));
    }
    let mut more = asks(&["year"]);
    more["more"] = json!(null);
    more["subject"]["properties"] = json!({"role": "admin"});
    assert_eq!(pointer(more), Ok(()));
    assert_eq!(pointer(json!([])), Err(String::new()));
}
