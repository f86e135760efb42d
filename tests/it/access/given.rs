//! What deals limit beside columns and time, wherever it is asked: editions and periods in tokens, named users, the volume of a day; and
//! that whoever got data stands among those who received them.

use datadeal::engine::{Delivery, EngineError, Happened, NamedUser, NewToken, Received, UserRemoved};
use datadeal::model::Urn;
use datadeal::sign::token::Reader;
use serde_json::{Value, json};

use super::record::records;
use super::token::{Answer, forward, new, token};
use super::{AUDIENCE, answer, asks, reason, server, with, with_server, world};
use crate::story::{World, question, set};

/// A deal on this scope.
fn deal(world: &World, scope: Value) -> Urn {
    let case = world.request(with(question(), "/scope", scope));
    world.engine.approve(&world.actor("steward"), &case.id, "ethics", true, "sound").unwrap().wait().unwrap();
    let deal = world.engine.offer(&world.actor("admin"), &case.id).unwrap().wait().unwrap();
    world.engine.accept(&world.actor("researcher"), &deal.id, None).unwrap().wait().unwrap().id
}

fn findings(world: &World) -> usize {
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert_eq!(audit.findings, []);
    usize::try_from(audit.access_records).unwrap()
}

/// Whether it may go on, and if not why, as it was recorded.
fn why(world: &World, address: &str, token: &str) -> (Answer, Value) {
    world.clock.advance(1);
    let answer = forward(world, address, Some(token));
    let last = records(world).pop().unwrap();
    (answer, last["body"]["adl.core.response"]["context"]["reason"].clone())
}

/// S-171: a token says the editions and the period of its deal, and no reader gives more than it covers; our own neither, even where the
/// organisation has another deal. Each call with a token that counts is recorded, also when it may not go on.
#[test]
fn a_token_covers_no_more_than_its_deal() {
    let world = world();
    let mut known = server();
    known.routes = serde_json::from_value(json!([
        {"path": "/2024.csv", "dataset": "register", "columns": ["year"], "edition": "2024"},
        {"path": "/2025.csv", "dataset": "register", "columns": ["year"], "edition": "2025"},
        {"path": "/all.csv", "dataset": "register", "columns": ["year"]},
        {"path": "/births.csv", "dataset": "register", "columns": ["birthDate"], "edition": "2024"},
        {"path": "/tables.csv", "dataset": "register", "level": "aggregates", "edition": "2024"},
        {"path": "/march", "dataset": "register", "columns": ["year"],
         "periodFrom": "2024-03-01T00:00:00Z", "periodUntil": "2024-04-01T00:00:00Z"},
        {"path": "/spring", "dataset": "register", "columns": ["year"],
         "periodFrom": "2024-03-01T00:00:00Z", "periodUntil": "2024-06-01T00:00:00Z"},
    ]))
    .unwrap();
    world.engine.put_data_server(&world.actor("admin"), &known).unwrap().wait().unwrap();
    let old = deal(&world, json!({"columns": ["year"], "editions": ["2024"]}));
    let everything = deal(&world, json!({"columns": ["year", "birthDate"]}));
    let march =
        json!({"columns": ["year"], "periodFrom": "2024-03-01T00:00:00Z", "periodUntil": "2024-04-01T00:00:00Z"});
    let month = deal(&world, march);
    let claims = |token: &str| -> Value {
        use base64::Engine as _;
        let key = |x: &str| base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(x).unwrap().try_into().unwrap();
        let keys: Vec<_> =
            world.engine.access_keys().unwrap().iter().map(|k| datadeal::model::DidKey::new(key(&k.x))).collect();
        let issuer = "https://portal.example";
        Reader { keys: &keys, issuer, audience: AUDIENCE, now: world.engine.now() }.read(token).unwrap()
    };
    let (old, all, month) = (
        token(&world, &new(&old)).unwrap(),
        token(&world, &new(&everything)).unwrap(),
        token(&world, &new(&month)).unwrap(),
    );
    assert_eq!((&claims(&old)["editions"], claims(&old).get("periodFrom")), (&json!(["2024"]), None));
    assert_eq!(claims(&all).get("editions"), None);
    assert_eq!(claims(&month)["periodUntil"], "2024-04-01T00:00:00Z");

    for (address, token, expected) in [
        ("/2024.csv", &old, (Answer::Go, Value::Null)),
        ("/2025.csv", &old, (Answer::No, json!("token"))),
        ("/all.csv", &old, (Answer::No, json!("token"))),
        ("/births.csv", &old, (Answer::No, json!("token"))),
        ("/tables.csv", &old, (Answer::No, json!("token"))),
        ("/2025.csv", &all, (Answer::Go, Value::Null)),
        ("/tables.csv", &all, (Answer::No, json!("token"))),
        ("/march", &month, (Answer::Go, Value::Null)),
        ("/spring", &month, (Answer::No, json!("token"))),
        ("/all.csv", &month, (Answer::No, json!("token"))),
        ("/nowhere", &all, (Answer::No, json!("resource"))),
        ("/x/../all.csv", &all, (Answer::No, json!("resource"))),
    ] {
        assert_eq!(why(&world, address, token), expected, "{address}");
    }
    // nobody's call leaves nothing
    let before = records(&world).len();
    for token in [None, Some("dd_key"), Some(&old[..old.len() - 4])] {
        assert_eq!(forward(&world, "/2024.csv", token), Answer::NoToken);
    }
    assert_eq!(records(&world).len(), before);
    assert_eq!(findings(&world), before);
}

/// Whoever got data by a question, a token or a proxy stands among those who received them, once for each deal and edition until columns
/// are given that were not given before; and is told of a correction.
#[test]
fn who_took_data_is_a_recipient() {
    let world = world();
    let (engine, admin) = (&world.engine, world.actor("admin"));
    let deal = world.deal();
    let received = |edition: Option<&str>| {
        let asked = Received { edition: edition.map(str::to_owned), ..Received::default() };
        engine.recipients(&admin, "register", &asked).unwrap()
    };
    let ask = |columns: &[&str], edition: Option<&str>| {
        let mut request = asks(columns);
        if let Some(edition) = edition {
            request["resource"]["properties"]["edition"] = json!(edition);
        }
        answer(&world, request)["decision"].as_bool().unwrap()
    };
    assert!(!ask(&["name"], None));
    assert_eq!(answer(&world, with(asks(&["year"]), "/action/name", json!("use")))["decision"], true);
    assert_eq!(received(None), [], "a no gives nothing, and `use` gets nothing");
    assert!(ask(&["year"], Some("2024")) && ask(&["year"], Some("2024")));
    let found = received(None);
    assert_eq!((found.len(), found[0].deliveries, found[0].deals.contains(&deal)), (1, 1, true));
    assert_eq!((&found[0].columns, &found[0].editions), (&["year".to_owned()].into(), &["2024".to_owned()].into()));
    assert!(ask(&["birthDate", "year"], Some("2024")) && ask(&["birthDate"], Some("2024")));
    assert_eq!((received(None)[0].deliveries, received(None)[0].columns.len()), (2, 2));
    assert_eq!(received(Some("2025")), []);
    // a token opens what it covers, of whichever edition: it is counted when it is taken
    let token = token(&world, &NewToken { columns: ["year".to_owned()].into(), ..new(&deal) }).unwrap();
    assert_eq!(received(Some("2025"))[0].deliveries, 1);
    assert_eq!(forward(&world, "/years.csv", Some(&token)), Answer::Go);
    assert_eq!(received(None)[0].deliveries, 3);
    let channels: Vec<_> = engine
        .deal_events_after(&admin, &deal, None, 100)
        .unwrap()
        .0
        .into_iter()
        .filter_map(|e| match e.what {
            Happened::Delivered(delivery) => Some((delivery.channel, e.person.is_some())),
            _ => None,
        })
        .collect();
    assert_eq!(channels.iter().filter(|(c, person)| c == "access/evaluation" && !person).count(), 2, "{channels:?}");
    assert_eq!(channels.iter().filter(|(c, _)| c == "access/token").count(), 1);
    assert_eq!(
        engine.correct(&admin, "register", "2026").unwrap().wait().unwrap().len(),
        1,
        "it may be of any edition"
    );

    // a data server records what it delivered otherwise, of its owner's data
    let delivery = Delivery {
        at: None,
        edition: Some("2023".to_owned()),
        columns: ["year".to_owned()].into(),
        channel: "a medium".to_owned(),
        records: Some(7),
        digest: None,
    };
    let by_server = world.actor("register-server");
    let event = engine.record_delivery(&by_server, &deal, delivery.clone()).unwrap().wait().unwrap();
    assert_eq!(engine.deal_event(&by_server, &deal, &event.id).unwrap(), event);
    assert!(engine.deal_events_after(&by_server, &deal, None, 1).is_err());
    assert!(received(Some("2023"))[0].editions.contains("2023"));
    let unsaid = Delivery { edition: None, ..delivery };
    assert!(matches!(engine.record_delivery(&by_server, &deal, unsaid), Err(EngineError::Input { .. })));
    findings(&world);
}

fn named(world: &World, deal: &Urn, name: &str) -> (Urn, String) {
    let user = NamedUser {
        name: name.to_owned(),
        function: "analyst".to_owned(),
        statement: "secrecy, signed today".to_owned(),
        from: None,
        until: None,
        access_id: None,
    };
    let event = world.engine.name_user(&world.actor("researcher"), deal, user).unwrap().wait().unwrap();
    match event.what {
        Happened::UserNamed(user) => (event.id, user.access_id.unwrap()),
        other => panic!("{other:?}"),
    }
}

/// S-165 S-171: a user is asked for by the pseudonym that the deal gave, while it is named; a deal for named users gives nothing without one.
#[test]
fn users_are_those_that_the_deal_names() {
    let world = world();
    let deal = world.deal();
    let (event, user) = named(&world, &deal, "Person one");
    let of = |user: &str| {
        let properties = json!({"organisation": crate::story::reuser()});
        with(asks(&["year"]), "/subject", json!({"type": "user", "id": user, "properties": properties}))
    };
    assert_eq!(answer(&world, of(&user))["decision"], true);
    assert_eq!(answer(&world, asks(&["year"]))["decision"], true, "this deal does not ask for named users");
    assert_eq!(reason(&world, of("0123456789abcdef0123456789abcdef")), "user");
    assert_eq!(reason(&world, with(of(&user), "/subject/properties", json!({}))), "subject");
    let batch = json!({"evaluations": [of(&user), of("nobody")]});
    let answered = super::on(&world.engine, &world, batch, datadeal::model::access::Event::Evaluations).unwrap();
    let told = |n: usize| answered["evaluations"][n]["decision"].clone();
    assert_eq!((told(0), told(1)), (json!(true), json!(false)));
    let for_user = |user: &str| NewToken { user: Some(user.to_owned()), ..new(&deal) };
    assert!(matches!(token(&world, &for_user("nobody")), Err(EngineError::State { .. })));
    let brought = token(&world, &for_user(&user)).unwrap();
    assert_eq!(forward(&world, "/years.csv", Some(&brought)), Answer::Go);
    let removed = UserRemoved { user: event, reason: "left".to_owned() };
    world.engine.remove_user(&world.actor("researcher"), &deal, removed).unwrap().wait().unwrap();
    assert_eq!(reason(&world, of(&user)), "user");
    assert_eq!(why(&world, "/years.csv", &brought), (Answer::No, json!("user")));
    findings(&world);

    // a deal whose conditions hold `named-users`
    let world = with_server(World::new());
    let promise = datadeal::conditions::library::folder("named-users").unwrap().policy;
    let text = format!("{}\n{promise}", set().text);
    world.engine.publish_conditions(&world.actor("admin"), &datadeal::engine::NewSet { text, ..set() }).unwrap();
    let deal = world.deal();
    assert_eq!(reason(&world, asks(&["year"])), "user");
    assert!(matches!(token(&world, &new(&deal)), Err(EngineError::State { .. })));
    let (_, user) = named(&world, &deal, "Person one");
    assert_eq!(answer(&world, of(&user))["decision"], true);
    assert_eq!(reason(&world, asks(&["year"])), "user");
    let brought = token(&world, &NewToken { user: Some(user), ..new(&deal) }).unwrap();
    assert_eq!(forward(&world, "/years.csv", Some(&brought)), Answer::Go);
    findings(&world);
}

/// S-167: what a deal gives a day is counted over all doors, in days of Europe/Amsterdam, and in one call too.
#[test]
fn a_day_has_its_volume() {
    let world = world();
    let deal = deal(&world, json!({"columns": ["year"], "volumePerDay": 10}));
    let of =
        |volume: u64| with(asks(&["year"]), "/resource/properties", json!({"columns": ["year"], "volume": volume}));
    assert_eq!(reason(&world, of(11)), "volume");
    assert_eq!(answer(&world, of(6))["decision"], true);
    assert_eq!(reason(&world, of(5)), "volume");
    assert_eq!(answer(&world, asks(&["year"]))["decision"], true, "a question is one");
    let batch = json!({"evaluations": [of(2), of(2), of(1), asks(&["year"])]});
    let answered = super::on(&world.engine, &world, batch, datadeal::model::access::Event::Evaluations).unwrap();
    let decisions: Vec<_> =
        answered["evaluations"].as_array().unwrap().iter().map(|a| a["decision"].as_bool().unwrap()).collect();
    assert_eq!(decisions, [true, false, true, false]);
    assert_eq!(answered["evaluations"][3]["context"]["reason"], "volume");
    assert!(matches!(token(&world, &new(&deal)), Err(EngineError::State { .. })));
    // 23:00 UTC is midnight in Amsterdam
    world.clock.set("2026-11-25T22:59:59Z".parse().unwrap());
    assert_eq!(reason(&world, of(1)), "volume");
    world.clock.advance(1);
    let brought = token(&world, &new(&deal)).unwrap();
    assert_eq!(forward(&world, "/years.csv", Some(&brought)), Answer::Go);
    assert_eq!(reason(&world, of(9)), "volume");
    assert_eq!(answer(&world, of(8))["decision"], true);
    assert_eq!(why(&world, "/years.csv", &brought), (Answer::No, json!("volume")));
    findings(&world);
    // many at once: no more than there is, and each is answered
    world.clock.advance(86_400);
    let permits: usize = std::thread::scope(|scope| {
        let ask = || (0..4).filter(|_| asked_again(&world, &of(1))).count();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(permits, 10);
    findings(&world);
    // what is over is no longer counted
    world.clock.advance(3 * 86_400);
    world.engine.tidy().unwrap();
    assert_eq!(world.engine.store().rows(datadeal::store::Kind::Volume, None, None, 9).unwrap(), []);
}

/// As the service does: a call is decided anew when what it read has changed meanwhile.
fn asked_again(world: &World, request: &Value) -> bool {
    loop {
        match super::on(&world.engine, world, request.clone(), datadeal::model::access::Event::Evaluation) {
            Err(error) if error.is_conflict() => {}
            answer => return answer.unwrap()["decision"] == json!(true),
        }
    }
}

/// S-167: an audit finds a day that gave more than it has.
#[test]
fn an_audit_counts_the_day() {
    let world = world();
    deal(&world, json!({"columns": ["year"], "volumePerDay": 3}));
    assert_eq!(answer(&world, asks(&["year"]))["decision"], true);
    assert_eq!(answer(&world, asks(&["year"]))["decision"], true);
    let database = rusqlite::Connection::open(world.dir.path().join("data/datadeal.db")).unwrap();
    database.execute_batch("DELETE FROM state WHERE kind = 'volume'").unwrap();
    assert_eq!(answer(&world, asks(&["year"]))["decision"], true);
    assert_eq!(answer(&world, asks(&["year"]))["decision"], true);
    let audit = world.engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert_eq!(audit.findings.iter().map(|f| f.must).collect::<Vec<_>>(), ["S-164"]);
}
