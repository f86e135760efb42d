//! The real program killed under load, again and again, with clients that retry under their idempotency keys: every acknowledged deal is there
//! exactly once, and the audit finds nothing.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use datadeal::clock::{SystemClock, SystemRandom};
use datadeal::engine::{DataDir, Engine, NewApiKey};
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
    loop {
        let request = client.post(url).bearer_auth(key).header("idempotency-key", once);
        let request = request.header("content-type", "application/json").body(body.to_string());
        let Ok(answer) = request.send().await else { continue };
        let status = answer.status().as_u16();
        let Ok(text) = answer.text().await else { continue };
        match status {
            201 => return serde_json::from_str(&text).unwrap(),
            409 if text.contains("repeat it") => {}
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
    drop(stage);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("http://127.0.0.1:{port}");
    let asked = json!({"dataset": "vehicles", "purpose": "dd:VehicleDamageHandling", "scope": {"termMonths": 12},
        "declared": {"category": "insurer", "commercialUse": true}});
    let (made, wanted) = (Arc::new(AtomicUsize::new(0)), (rounds() + 1) * BETWEEN);
    let mut server = serve(&data, port);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|number| {
            let (address, claims, head, asked, made) =
                (address.clone(), claims.clone(), head.clone(), asked.clone(), Arc::clone(&made));
            runtime.spawn(async move {
                let client = reqwest::Client::builder().no_proxy().build().unwrap();
                let mut deals = Vec::new();
                while made.load(Ordering::SeqCst) < wanted {
                    let once = format!("{number}-{}", deals.len());
                    let request = surely(&client, &format!("{address}/v1/requests"), &claims, &once, &asked).await;
                    let offer = json!({"request": request["id"]});
                    let deal = surely(&client, &format!("{address}/v1/deals"), &head, &once, &offer).await;
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
    let audit = engine.audit(&operator, &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
    assert_eq!(audit.deals as usize, acknowledged.len());
}
