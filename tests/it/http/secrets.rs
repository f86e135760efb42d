//! What is secret stays so: the real program, told to log everything, logs no key, cookie, code, token or secret.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use datadeal::clock::{SystemClock, SystemRandom};
use datadeal::engine::{DataDir, Engine, Entered, NewApiKey, NewRequest, Question};
use datadeal::model::OrgId;
use datadeal::rights::Actor;
use datadeal::sign::SigningKey;
use datadeal::story::Stage;
use reqwest::{Client, RequestBuilder, Response, redirect};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::browser::Browser;
use crate::support::interop::{Peer, ready};
use crate::support::receiver::Receiver;

/// A program that ends with the test.
struct Program(Child);

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

/// An active deal of the insurer on the vehicles, and a data server that has them; the deal's id.
fn deal(engine: &Engine, head: &Actor, claims: &Actor, held: &SigningKey) -> String {
    let question: Question = serde_json::from_value(json!({
        "purpose": "dd:VehicleDamageHandling", "scope": {"termMonths": 12},
        "declared": {"category": "insurer", "commercialUse": true},
    }))
    .unwrap();
    let new = NewRequest { dataset: "vehicles".to_owned(), question, sets: None, entered: Entered::default() };
    let case = engine.submit(claims, &new).unwrap().wait().unwrap();
    let deal = engine.offer(head, &case.id).unwrap().wait().unwrap();
    engine.accept(claims, &deal.id, Some(held)).unwrap().wait().unwrap();
    let server = json!({"name": "register", "owner": head.organisation, "audience": "https://data.example",
        "routes": [{"path": "/vehicles.csv", "dataset": "vehicles"}]});
    engine.put_data_server(head, &serde_json::from_value(server).unwrap()).unwrap().wait().unwrap();
    deal.id.to_string()
}

#[test]
fn no_secret_is_in_the_log() {
    if !ready() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let place = |name: &str| dir.path().join(name);
    let data = place("portal");
    let stage = Stage::cast(&DataDir::new(&data), Arc::new(SystemClock), Arc::new(SystemRandom)).unwrap();
    let (operator, insurer) = (stage.operator().clone(), "NL.KVK:68727720".parse::<OrgId>().unwrap());
    let (engine, held) = stage.into_parts();
    let actor = |person: &str| engine.actor(&person.parse().unwrap()).unwrap();
    let deal = deal(&engine, &actor("vehicles-head"), &actor("vehicles-claims"), &held[&insurer]);
    let person = "vehicles-claims".parse().unwrap();
    let new = NewApiKey { person, label: "test".to_owned(), roles: [].into(), until: None };
    let key = engine.new_api_key(&operator, &new).unwrap().secret;
    drop(engine);

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (address, at) = (format!("http://127.0.0.2:{port}"), format!("http://127.0.0.1:{port}"));
    let mut provider = Peer::start(&["oidc", &format!("{address}/sign-in/done")]);
    let issuer = provider.line();
    std::fs::write(place("secret"), "portal-secret\n").unwrap();
    let config = format!(
        "listen = \"127.0.0.1:{port}\"\naddress = \"{address}\"\n[tracing]\nfilter = \"trace\"\n\
         [outgoing]\nallow = [\"127.0.0.1\"]\n[sign_in]\nissuer = \"{issuer}\"\nclient_id = \"portal\"\n\
         client_secret_file = {:?}\nscopes = [\"profile\", \"organisation\"]\norganisation_claim = \"register_number\"\n",
        place("secret")
    );
    std::fs::write(place("serve.toml"), config).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_datadeal"));
    program.args(["--data", data.to_str().unwrap(), "serve", "--config", place("serve.toml").to_str().unwrap()]);
    program.stdout(Stdio::piped()).stderr(File::create(place("stderr")).unwrap());
    let mut program = Program(program.spawn().unwrap());
    let mut out = BufReader::new(program.0.stdout.take().unwrap());
    let mut told = String::new();
    out.read_line(&mut told).unwrap();

    let runtime = Runtime::new().unwrap();
    let client = Client::builder().no_proxy().redirect(redirect::Policy::none()).build().unwrap();
    let send = |request: RequestBuilder, status: u16| -> (Response, String) {
        let answer = runtime.block_on(request.send()).unwrap();
        let cookie = answer.headers().get("set-cookie").map_or("", |c| c.to_str().unwrap()).to_owned();
        assert_eq!(answer.status().as_u16(), status, "{}", answer.url());
        (answer, cookie.split(';').next().unwrap().trim_start_matches("session=").to_owned())
    };
    let json = |answer: Response| runtime.block_on(answer.json::<Value>()).unwrap();
    let post = |path: &str, key: &str, body: Value| client.post(format!("{at}{path}")).bearer_auth(key).json(&body);
    let get = |path: &str| client.get(format!("{at}{path}"));

    send(post("/v1/checks", &key, json!({"dataset": "vehicles"})), 200);
    let guess = key.replace('d', "e");
    send(post("/v1/checks", &guess, json!({"dataset": "vehicles"})), 401);
    // a person signs in, and acts
    let (begun, first) = send(get("/sign-in"), 303);
    let to = begun.headers()["location"].to_str().unwrap().to_owned();
    let back = runtime.block_on(async { Browser::new().sign_in(&to, "colleague|NL.OIN:00000099000000023000").await });
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let done = format!("{}?{}", back.path(), back.query().unwrap());
    let (_, second) = send(get(&done).header("cookie", format!("session={first}")), 303);
    send(get("/v1/me").header("cookie", format!("session={second}")), 200);
    // a webhook is registered and called
    let receiver = Receiver::start([]);
    let new = json!({"url": receiver.url("/hook"), "events": ["webhook.test"]});
    let made = json(send(post("/v1/webhooks", &key, new), 201).0);
    let hook = format!("/v1/webhooks/{}/tests", made["webhook"]["id"].as_str().unwrap());
    send(post(&hook, &key, json!({})), 202);
    receiver.wait_for(1);
    let secret = made["secret"].as_str().unwrap().trim_start_matches("whsec_");
    // a token is taken, and brought to a data server
    let new = json!({"deal": deal, "server": "register"});
    let token = json(send(post("/access/v1/tokens", &key, new), 201).0)["accessToken"].as_str().unwrap().to_owned();
    let brought = get("/access/v1/forward-auth?server=register").bearer_auth(&token);
    send(brought.header("x-original-method", "GET").header("x-original-uri", "/vehicles.csv"), 204);
    send(get("/sign-in/done?code=of-another&state=x").header("cookie", format!("session={second}")), 400);

    drop(program);
    out.read_to_string(&mut told).unwrap();
    told.push_str(&std::fs::read_to_string(place("stderr")).unwrap());
    assert!(told.contains("answered") && told.contains("TRACE"), "{told}");
    let token = token.rsplit('.').next().unwrap();
    for secret in [&key, &guess, &first, &second, &code, secret, token, "portal-secret"] {
        assert!(secret.len() > 10);
        let line = told.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "`{secret}`");
    }
}
