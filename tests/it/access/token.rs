//! Access tokens, and calls that reach a data server with them.

use datadeal::engine::{DealStep, EngineError, Forward, Forwarded, NewToken};
use datadeal::model::{DidKey, Urn};
use datadeal::sign::token::{Reader, TokenError};
use serde_json::Value;

use super::{AUDIENCE, answer, asks, server, trace, world};
use crate::story::World;

const ISSUER: &str = "https://portal.example";

pub(super) fn new(deal: &Urn) -> NewToken {
    NewToken { deal: *deal, server: "register".parse().unwrap(), columns: [].into(), user: None }
}

pub(super) fn token(world: &World, new: &NewToken) -> Result<String, EngineError> {
    let issued = world
        .engine
        .access_token(&world.actor("researcher"), ISSUER, new, super::Trace::of(None, super::random()))?
        .wait()??;
    assert_eq!((issued.token_type, issued.expires_in), ("Bearer", 900));
    Ok(issued.access_token)
}

#[derive(Debug, PartialEq)]
pub(super) enum Answer {
    Go,
    No,
    NoToken,
}

pub(super) fn forward(world: &World, address: &str, token: Option<&str>) -> Answer {
    forward_as(world, Forward { server: "register", method: "GET", address, token, issuer: ISSUER })
}

fn forward_as(world: &World, forward: Forward<'_>) -> Answer {
    match world.engine.brought(&forward).unwrap() {
        Forwarded::NoToken => Answer::NoToken,
        Forwarded::No => Answer::No,
        Forwarded::Brought(brought) => {
            let trace = super::Trace::of(None, super::random());
            if world.engine.forward(&brought, trace).unwrap().wait().unwrap() { Answer::Go } else { Answer::No }
        }
    }
}

/// S-172: only an active deal, only its reuser, only its columns, and not beyond its term.
#[test]
fn a_token_is_bound_to_an_active_deal() {
    let world = world();
    let deal = world.deal();
    let said = token(&world, &new(&deal)).unwrap();
    let keys: Vec<DidKey> = keys(&world);
    let read = |keys: &[DidKey]| -> Result<Value, TokenError> {
        Reader { keys, issuer: ISSUER, audience: AUDIENCE, now: world.engine.now() }.read(&said)
    };
    let claims = read(&keys).unwrap();
    assert_eq!(claims["deal"], deal.to_string());
    assert_eq!(claims["columns"], serde_json::json!(["birthDate", "year"]));

    let admin = world.engine.access_token(&world.actor("admin"), ISSUER, &new(&deal), trace(3)).map(|_| ());
    assert!(matches!(admin, Err(EngineError::Rights(_))), "{admin:?}");
    let columns = NewToken { columns: ["name".to_owned()].into(), ..new(&deal) };
    assert!(matches!(token(&world, &columns), Err(EngineError::State { .. })));
    let nowhere = NewToken { server: "elsewhere".parse().unwrap(), ..new(&deal) };
    assert!(matches!(token(&world, &nowhere), Err(EngineError::Input { .. })));

    // near the end of its term a token is shorter
    let until = world.engine.deal_now(&world.actor("researcher"), &deal).unwrap().deal.term.until;
    world.clock.set(until.plus_seconds(-60));
    let last = world
        .engine
        .access_token(&world.actor("researcher"), ISSUER, &new(&deal), trace(3))
        .unwrap()
        .wait()
        .unwrap()
        .unwrap();
    assert_eq!(last.expires_in, 60);
    world.clock.set(until);
    assert!(matches!(token(&world, &new(&deal)), Err(EngineError::State { .. })));
}

fn keys(world: &World) -> Vec<DidKey> {
    use base64::Engine as _;
    let read = |x: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(x).unwrap().try_into().unwrap();
    world.engine.access_keys().unwrap().iter().map(|jwk| DidKey::new(read(&jwk.x))).collect()
}

/// S-170 S-172: the key before is published while its tokens live; one that was stolen is not.
#[test]
fn keys_of_tokens_are_rotated() {
    let world = world();
    let deal = world.deal();
    assert_eq!(keys(&world), []);
    let first = token(&world, &new(&deal)).unwrap();
    let operator = world.actor("operator");
    assert!(world.engine.rotate_access_key(&world.actor("admin"), false).is_err());
    let second_key = world.engine.rotate_access_key(&operator, false).unwrap();
    assert_eq!(keys(&world).len(), 2);
    assert_eq!(forward(&world, "/register.csv", Some(&first)), Answer::Go);
    let second = token(&world, &new(&deal)).unwrap();
    assert_eq!(forward(&world, "/register.csv", Some(&second)), Answer::Go);
    world.clock.advance(1800);
    assert_eq!(keys(&world), [second_key]);
    let third = token(&world, &new(&deal)).unwrap();
    world.engine.rotate_access_key(&operator, true).unwrap();
    assert_eq!(keys(&world).len(), 1);
    assert_eq!(forward(&world, "/register.csv", Some(&third)), Answer::NoToken);
    // no record is signed by such a key
    assert!(
        keys(&world).iter().all(|key| world
            .engine
            .store()
            .row(datadeal::store::Kind::Key, &key.to_string())
            .unwrap()
            .is_none())
    );
}

/// A proxy lets through what the token and the deal allow, and nothing that is not understood.
#[test]
fn a_call_goes_on_by_token_address_and_deal() {
    let world = world();
    let deal = world.deal();
    let whole = token(&world, &new(&deal)).unwrap();
    let years = token(&world, &NewToken { columns: ["year".to_owned()].into(), ..new(&deal) }).unwrap();
    for (address, token, expected) in [
        ("/register.csv", Some(&whole), Answer::Go),
        ("/register?select=year,birthDate", Some(&whole), Answer::Go),
        ("/years.csv", Some(&years), Answer::Go),
        ("/register?select=year", Some(&years), Answer::Go),
        ("/register.csv", Some(&years), Answer::No),
        ("/register", Some(&years), Answer::No),
        ("/register?select=birthDate", Some(&years), Answer::No),
        ("/register?select=year&select=birthDate", Some(&whole), Answer::No),
        ("/tables/1", Some(&whole), Answer::No),
        ("/elsewhere", Some(&whole), Answer::No),
        ("/x/../register.csv", Some(&whole), Answer::No),
        ("/register.csv", None, Answer::NoToken),
        ("/register.csv", Some(&"dd_key".to_owned()), Answer::NoToken),
    ] {
        assert_eq!(forward(&world, address, token.map(String::as_str)), expected, "{address}");
    }
    let ask =
        Forward { server: "register", method: "GET", address: "/register.csv", token: Some(&whole), issuer: ISSUER };
    assert_eq!(forward_as(&world, Forward { method: "HEAD", ..ask }), Answer::Go);
    for (changed, expected) in [
        (Forward { method: "POST", ..ask }, Answer::No),
        (Forward { method: "get", ..ask }, Answer::No),
        (Forward { server: "other", ..ask }, Answer::No),
        (Forward { server: "", ..ask }, Answer::No),
        (Forward { issuer: "https://other.example", ..ask }, Answer::NoToken),
    ] {
        assert_eq!(forward_as(&world, changed), expected, "{changed:?}");
    }
    // a token for one server opens no other
    let mut second = server();
    (second.name, second.audience) = ("second".parse().unwrap(), "https://second.example".to_owned());
    world.engine.put_data_server(&world.actor("admin"), &second).unwrap().wait().unwrap();
    assert_eq!(forward_as(&world, Forward { server: "second", ..ask }), Answer::NoToken);

    let admin = world.actor("admin");
    let revoke = |action| world.engine.deal_step(&admin, &deal, action, "a question").unwrap().wait().unwrap();
    revoke(DealStep::Suspend);
    assert_eq!(forward(&world, "/register.csv", Some(&whole)), Answer::No);
    revoke(DealStep::Resume);
    assert_eq!(forward(&world, "/register.csv", Some(&whole)), Answer::Go);
    world.clock.advance(900);
    assert_eq!(forward(&world, "/register.csv", Some(&whole)), Answer::NoToken);
    world.engine.remove_data_server(&admin, &"register".parse().unwrap()).unwrap().wait().unwrap();
    assert_eq!(forward(&world, "/register.csv", Some(&whole)), Answer::No);
    answer(&world, asks(&["year"]));
    assert_eq!(world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap().findings, []);
}

/// A data server is its owner's, and its routes can be read in one way only.
#[test]
fn a_data_server_is_checked_when_it_is_made_known() {
    let world = world();
    let put = |person: &str, server: &datadeal::model::access::DataServer| {
        world.engine.put_data_server(&world.actor(person), server).map(|pending| pending.wait().unwrap())
    };
    assert!(matches!(put("researcher", &server()), Err(EngineError::Rights(_))));
    let mut column = server();
    column.routes[1].columns = ["name".to_owned()].into();
    let mut path = server();
    path.routes[0].path = "/a/../b".to_owned();
    let mut dataset = server();
    dataset.routes[0].dataset = "registers".to_owned();
    for wrong in [column, path, dataset] {
        assert!(
            matches!(put("admin", &wrong), Err(EngineError::Input { .. } | EngineError::NotFound { .. })),
            "{wrong:?}"
        );
    }
    assert_eq!(world.engine.data_servers(&world.actor("admin")).unwrap(), [server()]);
}
