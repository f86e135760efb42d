//! A service for tests: the portal of the examples, on a port of its own, with a clock that is set.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use datadeal::clock::{FixedClock, SeededRandom};
use datadeal::config::Config;
use datadeal::engine::{DataDir, Engine, NewApiKey};
use datadeal::http::Service;
use datadeal::model::{Name, OrgId};
use datadeal::rights::Actor;
use datadeal::sign::SigningKey;
use datadeal::store::Store;
use datadeal::story::Stage;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

/// When the clock of a test stands.
pub(crate) const NOW: &str = "2026-11-25T09:00:00Z";

/// Opens a store by the path of the database.
type Open = Box<dyn FnOnce(&Path) -> Arc<dyn Store>>;

/// A running service.
pub(crate) struct Server {
    pub(crate) address: String,
    pub(crate) engine: Arc<Engine>,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) operator: Actor,
    pub(crate) dir: tempfile::TempDir,
    runtime: Runtime,
    client: Client,
    keys: Mutex<BTreeMap<String, String>>,
    held: BTreeMap<OrgId, SigningKey>,
    end: Option<oneshot::Sender<()>>,
    served: Option<tokio::task::JoinHandle<()>>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON; null if it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
    /// The body, if the status is this one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        self.json()
    }
    /// The word of the problem and what is said of it, which is no command for a terminal.
    #[track_caller]
    pub(crate) fn problem(&self) -> (String, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let json = self.json();
        assert_eq!(json["status"], self.status, "{}", self.text);
        let word = json["type"].as_str().unwrap().trim_start_matches("urn:datadeal:problem:").to_owned();
        let detail = json["detail"].as_str().unwrap();
        assert!(!detail.contains("datadeal ") && !detail.contains("--"), "{detail}");
        (word, detail.to_owned())
    }
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    /// With another configuration than the default, which has no limits of rate here.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::made(change, None)
    }

    /// With another store under it, on the same database.
    pub(crate) fn on(store: impl FnOnce(&Path) -> Arc<dyn Store> + 'static) -> Self {
        Self::made(|_| {}, Some(Box::new(store)))
    }

    fn made(change: impl FnOnce(&mut Config), store: Option<Open>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::new(dir.path().join("portal"));
        let clock = Arc::new(FixedClock::new(NOW.parse().unwrap()));
        let random = Arc::new(SeededRandom::not_for_production([9; 32]));
        let stage = Stage::cast(&data, clock.clone(), random.clone()).unwrap();
        let operator = stage.operator().clone();
        let (mut engine, held) = stage.into_parts();
        if let Some(store) = store {
            drop(engine);
            engine = Engine::open_on(store(&data.database()), &data, clock.clone(), random).unwrap();
        }
        let engine = Arc::new(engine);
        let runtime = Runtime::new().unwrap();
        let mut config = Config::default();
        config.limits.per_minute = 0;
        config.outgoing.allow = vec!["127.0.0.1".to_owned()];
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        config.address.clone_from(&address);
        change(&mut config);
        let service = Service::new(Arc::clone(&engine), config).unwrap();
        let (end, ended) = oneshot::channel();
        let served = runtime.spawn(service.serve(listener, async {
            let _ = ended.await;
        }));
        let client = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let (keys, end, served) = (Mutex::default(), Some(end), Some(served));
        Server { address, engine, clock, operator, dir, runtime, client, keys, held, end, served }
    }

    /// The API key of a person, made when it is first asked for.
    pub(crate) fn key(&self, person: &str) -> String {
        let mut keys = self.keys.lock().unwrap();
        let make = || {
            let person: Name = person.parse().unwrap();
            let new = NewApiKey { person, label: "test".to_owned(), roles: [].into(), until: None };
            self.engine.new_api_key(&self.operator, &new).unwrap().secret
        };
        keys.entry(person.to_owned()).or_insert_with(make).clone()
    }

    /// The key that an organisation holds itself.
    pub(crate) fn held(&self, organisation: &str) -> Option<&SigningKey> {
        self.held.get(&organisation.parse().unwrap())
    }

    /// Waits for a future of a test.
    pub(crate) fn wait<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// A call with a body of bytes, and headers beside.
    pub(crate) fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Vec<u8>>) -> Answer {
        let mut request =
            self.client.request(Method::from_bytes(method.as_bytes()).unwrap(), format!("{}{path}", self.address));
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            request = request.header(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        self.wait(async {
            let response = request.send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, text: String::from_utf8_lossy(&response.bytes().await.unwrap()).into_owned() }
        })
    }

    /// A call by a person, or by nobody (`""`), with a JSON body or none.
    pub(crate) fn call(&self, person: &str, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.call_with(person, method, path, body, &[])
    }

    pub(crate) fn call_with(
        &self,
        person: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
        more: &[(&str, &str)],
    ) -> Answer {
        let bearer = if person.is_empty() { String::new() } else { format!("Bearer {}", self.key(person)) };
        let mut headers = more.to_vec();
        if !person.is_empty() {
            headers.push(("authorization", &bearer));
        }
        if body.is_some() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, body.map(|b| serde_json::to_vec(b).unwrap()))
    }

    pub(crate) fn get(&self, person: &str, path: &str) -> Answer {
        self.call(person, "GET", path, None)
    }

    pub(crate) fn post(&self, person: &str, path: &str, body: &Value) -> Answer {
        self.call(person, "POST", path, Some(body))
    }

    /// Ends the service as Ctrl-C does, and gives the portal back.
    pub(crate) fn stop(&mut self) {
        drop(self.end.take());
        if let Some(served) = self.served.take() {
            self.runtime.block_on(served).unwrap();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}
