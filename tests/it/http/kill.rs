//! The real program killed under load, again and again, with clients that retry under their idempotency keys: every acknowledged deal and
//! acceptance is there exactly once, and the audit finds nothing.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datadeal::clock::{SystemClock, SystemRandom};
use datadeal::engine::{DataDir, DealState, Engine, NewApiKey};
use datadeal::model::entry::EntryType;
use datadeal::sign::proof;
use datadeal::story::Stage;
use serde_json::{Value, json};

/// How often it is killed; `.ci/slow` asks for more.
fn rounds() -> usize {
    std::env::var_os("DATADEAL_CRASH_ROUNDS").map_or(3, |n| n.to_str().unwrap().parse().unwrap())
}

/// Deals made between two kills, by all clients together.
const BETWEEN: usize = 12;
const CLIENTS: usize = 4;

fn serve(data: &Path, port: u16) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_datadeal"))
        .args(["--data", data.to_str().unwrap(), "serve"])
        .env("DATADEAL_SERVE_LISTEN", format!("127.0.0.1:{port}"))
        .env("DATADEAL_SERVE_LIMITS__PER_MINUTE", "0")
        .env("DATADEAL_SERVE_TRACING__FILTER", "error")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.contains("127.0.0.1"), "{line}");
    child
}

/// Calls until it is answered: whether an earlier try had its effect is not known, and with the key need not be.
async fn surely(client: &reqwest::Client, url: &str, key: &str, once: &str, body: &Value) -> Value {
    let call = || {
        let request = client.post(url).bearer_auth(key).header("idempotency-key", once);
        request.header("content-type", "application/json").body(body.to_string())
    };
    answered(call).await
}

async fn answered(call: impl Fn() -> reqwest::RequestBuilder) -> Value {
    loop {
        let Ok(answer) = call().send().await else { continue };
        let status = answer.status().as_u16();
        let Ok(text) = answer.text().await else { continue };
        match status {
            200 | 201 => return serde_json::from_str(&text).unwrap(),
            503 => {}
            _ => panic!("{status}: {text}"),
        }
    }
}

#[test]
fn every_acknowledged_deal_is_there_once() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("portal");
    let stage = Stage::cast(&DataDir::new(&data), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let key = |person: &str| {
        let new =
            NewApiKey { person: person.parse().unwrap(), label: "kill".to_owned(), roles: [].into(), until: None };
        stage.engine().new_api_key(stage.operator(), &new).unwrap().secret
    };
    let (claims, head) = (key("vehicles-claims"), key("vehicles-head"));
    let operator = stage.operator().clone();
    let (engine, mut held) = stage.into_parts();
    drop(engine);
    let insurer = Arc::new(held.remove(&"NL.KVK:68727720".parse().unwrap()).unwrap());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("http://127.0.0.1:{port}");
    let asked = json!({"dataset": "vehicles", "purpose": "dd:VehicleDamageHandling", "scope": {"termMonths": 12},
        "declared": {"category": "insurer", "commercialUse": true}});
    let (made, wanted) = (Arc::new(AtomicUsize::new(0)), (rounds() + 1) * BETWEEN);
    let mut server = serve(&data, port);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (address, claims, head, asked) = (address.clone(), claims.clone(), head.clone(), asked.clone());
            let (made, insurer) = (Arc::clone(&made), Arc::clone(&insurer));
            runtime.spawn(async move {
                let client = reqwest::Client::builder().no_proxy().build().unwrap();
                let mut deals = Vec::new();
                while made.load(Ordering::SeqCst) < wanted {
                    let once = format!("{number}-{}", deals.len());
                    let request = surely(&client, &format!("{address}/v1/requests"), &claims, &once, &asked).await;
                    let offer = json!({"request": request["id"]});
                    let deal = surely(&client, &format!("{address}/v1/deals"), &head, &once, &offer).await;
                    // the insurer holds its key itself: it fetches the document, signs it, and hands it in
                    let place = format!("{address}/v1/deals/{}/acceptance", deal["id"].as_str().unwrap());
                    let document = answered(|| client.get(&place).bearer_auth(&claims)).await;
                    let at = document["validFrom"].as_str().unwrap().parse().unwrap();
                    let signed = json!({"signed": proof::sign(&document, &insurer, at).unwrap().value()});
                    let accepted = surely(&client, &place, &claims, &format!("{once}-accepted"), &signed).await;
                    assert_eq!(accepted["state"], "active");
                    deals.push(deal["id"].as_str().unwrap().to_owned());
                    made.fetch_add(1, Ordering::SeqCst);
                }
                deals
            })
        })
        .collect();
    for round in 1..=rounds() {
        while made.load(Ordering::SeqCst) < round * BETWEEN {
            std::thread::yield_now();
        }
        server.kill().unwrap();
        server.wait().unwrap();
        server = serve(&data, port);
    }
    let acknowledged: Vec<String> = clients.into_iter().flat_map(|client| runtime.block_on(client).unwrap()).collect();
    server.kill().unwrap();
    server.wait().unwrap();

    let engine = Engine::open(&DataDir::new(&data), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let unique: BTreeSet<&String> = acknowledged.iter().collect();
    assert_eq!(unique.len(), acknowledged.len(), "two calls were told of one deal");
    let there: BTreeSet<String> = engine.deals(&operator).unwrap().iter().map(|deal| deal.id.to_string()).collect();
    assert!(acknowledged.iter().all(|id| there.contains(id)), "an acknowledged deal is gone");
    assert_eq!(there.len(), acknowledged.len(), "a deal is there twice");
    let active = engine.deals(&operator).unwrap().iter().all(|deal| deal.state == DealState::Active);
    assert!(active, "an acknowledged acceptance is gone");
    let acceptances = engine.store().records(Some(EntryType::Acceptance), None, None, 10_000).unwrap();
    assert_eq!(acceptances.len(), acknowledged.len(), "an acceptance is there twice");
    let audit = engine.audit(&operator, &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
    assert_eq!(audit.deals as usize, acknowledged.len());
}
