//! The service over HTTP: the real program and wrk with 256 clients, beside a bare axum echo of bodies of the same size.
//!
//! Both share the cores with wrk. The parts of one answer are one echo, and the bare operations on as many threads as there are cores.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use datadeal::conditions::{Schema, load};
use datadeal::engine::{DataDir, NewApiKey};
use datadeal::log::Written;
use datadeal::model::Urn;
use datadeal::model::condition::Level;
use datadeal::model::dataset::Dataset;
use datadeal::model::input::DecisionInput;
use datadeal::rights::Actor;
use datadeal::store::sqlite::Sqlite;
use datadeal::store::{Batch, Item, Kind, Store as _};
use serde_json::{Value, json};

use crate::world::{self, World};
use crate::{Budget, Ceiling, ROUNDS, deals, decisions, median, parts};

/// Seconds of one measurement.
const SECONDS: u64 = 5;
/// Offers that are prepared for each measurement: more than can be made in it.
const OFFERS: usize = 40_000;
/// Rows of deals in the database for the long tail.
const DEAL_ROWS: usize = 1_000_000;
const DATASETS: usize = 10_000;

/// What is asked, and of which portal.
struct Site {
    world: World,
    data: PathBuf,
    researcher: String,
    admin: String,
    schema: Schema,
    input: DecisionInput,
}

impl Site {
    fn new() -> Self {
        let world = World::new();
        let (researcher, admin) = (key(&world, &world.researcher), key(&world, &world.admin));
        let data = world.dir.path().join("data");
        let schema = Schema::built_in().unwrap();
        let set = load(&schema, "bench", &world::text(), Level::Dataset).unwrap_or_else(|e| panic!("{e:?}"));
        let input = decisions::input(&schema, &set, world::facts(), &[]);
        Site { world, data, researcher, admin, schema, input }
    }

    fn dir(&self) -> &Path {
        self.world.dir.path()
    }

    fn check(&self) -> Load<'_> {
        let asked = json!({"dataset": "register", "purpose": "dpv:ScientificResearch",
            "declared": world::facts()["declared"], "scope": {"termMonths": 12}});
        Load { path: "/v1/checks", key: &self.researcher, body: asked.to_string(), ids: None }
    }
}

pub(crate) fn run(wanted: impl Fn(&str) -> bool, budgets: &mut Vec<Budget>, ceilings: &mut Vec<Ceiling>) {
    let wanted = |part: &str| wanted("service") || wanted(&format!("service-{part}"));
    if !["checks", "deals", "memory", "tail", "start"].iter().any(|part| wanted(part)) {
        return;
    }
    if Command::new("wrk").arg("-v").output().is_err() {
        println!("skipped: needs wrk");
        return;
    }
    let site = Site::new();
    if wanted("checks") {
        budgets.push(checks(&site));
    }
    if wanted("deals") {
        budgets.push(durable_deals(&site));
    }
    if wanted("memory") {
        let name = "memory, 100,000 to 1,000,000 checks";
        ceilings.push(Ceiling { name, limit: 5.0, found: memory(&site), unit: "% more" });
    }
    if wanted("tail") {
        let name = "p99 of a check with a million deals";
        ceilings.push(Ceiling { name, limit: 1.5, found: tail(&site), unit: "times that of none" });
    }
    if wanted("start") {
        ceilings.push(Ceiling { name: "start with 10,000 datasets", limit: 1000.0, found: start(), unit: "ms" });
    }
}

fn checks(site: &Site) -> Budget {
    let cores = std::thread::available_parallelism().unwrap().get() as f64;
    let cedar = parts::Cedar::new(site.schema.text(), &world::text());
    let decided = median((0..5).map(|_| timed(2000, || _ = std::hint::black_box(cedar.decide(&site.input)))).collect());
    let (server, check) = (Server::start(&site.data), site.check());
    let answer = server.once(&check);
    assert_eq!(answer["answer"]["outcome"], "permit", "{answer}");
    let echo = Echo::start(answer.to_string());
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let echoed = wrk(site.dir(), &echo.address, &check);
        let checked = wrk(site.dir(), &server.address, &check);
        bare.push(1.0 / echoed.per_second + decided / cores);
        ours.push(1.0 / checked.per_second);
        println!("checks: {checked}; echo: {echoed}; bare decision {:.0} us", decided * 1e6);
    }
    Budget { name: "check over HTTP, 256 clients", limit: 1.6, ours: median(ours), parts: median(bare) }
}

fn durable_deals(site: &Site) -> Budget {
    let Site { world, data, .. } = site;
    let server = Server::start(data);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    let offers =
        |ids: &[Urn]| Load { path: "/v1/deals", key: &site.admin, body: String::new(), ids: Some(ids.to_vec()) };
    // the first makes the server know everything, and says how large an answer and its rows are
    let cases = world.granted(2, 2);
    let bytes = deals::written(world, &world.engine.offer(&world.admin, &cases[0]).unwrap().wait().unwrap());
    let offered = server.once(&offers(&cases[1..])).to_string();
    // all of them are there beforehand: each round meets the same database, and no disk that is busy with what was filed for it
    let cases = world.granted(ROUNDS * OFFERS, 1024);
    for (round, cases) in cases.chunks(OFFERS).enumerate() {
        let offer = offers(cases);
        let echo = Echo::start(offered.clone());
        let echoed = wrk(site.dir(), &echo.address, &offer);
        let before = server.written();
        let made = wrk(site.dir(), &server.address, &offer);
        let batch = deals::mean_batch(before, server.written());
        let path = site.dir().join(format!("http{round}.db"));
        let alone = deals::parts_alone(&path, &site.schema, &site.input, (batch, bytes));
        bare.push(1.0 / echoed.per_second + alone);
        ours.push(1.0 / made.per_second);
        println!("durable deals: {made}, {batch} in a commit; echo: {echoed}; bare parts {:.0} us", alone * 1e6);
    }
    Budget { name: "durable deal over HTTP, 256 clients", limit: 1.6, ours: median(ours), parts: median(bare) }
}

fn timed(n: u32, mut f: impl FnMut()) -> f64 {
    let start = Instant::now();
    for _ in 0..n {
        f();
    }
    start.elapsed().as_secs_f64() / f64::from(n)
}

fn key(world: &World, of: &Actor) -> String {
    let operator = world.engine.actor(&"operator".parse().unwrap()).unwrap();
    let new = NewApiKey { person: of.person.clone(), label: "bench".to_owned(), roles: [].into(), until: None };
    world.engine.new_api_key(&operator, &new).unwrap().secret
}

/// The 99th percentile of checks with a million rows of deals in the database, to that without them, each the median of the rounds.
fn tail(site: &Site) -> f64 {
    let measure = |what: &str| {
        let (server, check) = (Server::start(&site.data), site.check());
        let figures: Vec<Figures> = (0..=ROUNDS).map(|_| wrk(site.dir(), &server.address, &check)).skip(1).collect();
        figures.iter().for_each(|f| println!("{what}: {f}"));
        median(figures.iter().map(|f| f.p99).collect())
    };
    // the rows are copies of one deal
    site.world.engine.offer(&site.world.admin, &site.world.granted(1, 1)[0]).unwrap().wait().unwrap();
    let without = measure("checks, few deals");
    fill(&site.data);
    measure("checks, a million deals") / without
}

/// Writes rows of deals as the engine writes them.
fn fill(data: &Path) {
    let store = Sqlite::open(&DataDir::new(data).database()).unwrap();
    let one = store.rows(Kind::Deal, None, None, 1).unwrap().remove(0);
    for chunk in 0..DEAL_ROWS / 10_000 {
        let mut item = Item::default();
        for i in 0..10_000 {
            let id = format!("urn:uuid:{:08x}-0000-7000-8000-{:012x}", chunk, i);
            item = item.put(Kind::Deal, id, one.parent.as_deref(), one.body.clone());
        }
        store.commit(&Batch { advance: None, items: vec![&item] }).unwrap();
    }
}

/// By how many percent the resident memory grows from the 100,000th check to the millionth.
fn memory(site: &Site) -> f64 {
    let (server, check) = (Server::start(&site.data), site.check());
    let mut count = 0.0;
    let mut until = |wanted: f64| {
        while count < wanted {
            count += wrk(site.dir(), &server.address, &check).per_second * SECONDS as f64;
        }
        server.resident()
    };
    let first = until(100_000.0);
    let last = until(1_000_000.0);
    println!("resident: {first:.1} MB at 100,000 checks, {last:.1} MB at 1,000,000");
    (last / first - 1.0) * 100.0
}

/// From the start of the process to its first answer, with many datasets, in milliseconds.
fn start() -> f64 {
    let world = World::new();
    let operator = world.engine.actor(&"operator".parse().unwrap()).unwrap();
    for chunk in 0..DATASETS / 500 {
        let many: Vec<Dataset> = (0..500)
            .map(|i| {
                let mut dataset = world::dataset();
                dataset["id"] = format!("https://example.nl/id/register-{chunk}-{i}").into();
                dataset["slug"] = format!("register-{chunk}-{i}").into();
                serde_json::from_value(dataset).unwrap()
            })
            .collect();
        world.engine.add_datasets(&operator, &many).unwrap();
    }
    let data = world.dir.path().join("data");
    let once = || {
        let begun = Instant::now();
        let server = Server::start(&data);
        assert_eq!(server.status("/readyz"), 204);
        begun.elapsed().as_secs_f64() * 1e3
    };
    once();
    median((0..5).map(|_| once()).collect())
}

/// What is asked again and again.
struct Load<'a> {
    path: &'a str,
    key: &'a str,
    /// The body; of offers it names one request each time.
    body: String,
    ids: Option<Vec<Urn>>,
}

impl Load<'_> {
    /// The script for wrk. Each of its threads takes its own part of the ids.
    fn script(&self, threads: usize) -> String {
        let head = format!(
            "wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"application/json\"\nwrk.headers[\"authorization\"] = \"Bearer {}\"\n",
            self.key
        );
        let Some(ids) = &self.ids else { return format!("{head}wrk.body = [==[{}]==]\n", self.body) };
        let mut list = String::from("local ids = {\n");
        ids.iter().for_each(|id| _ = writeln!(list, "\"{id}\","));
        format!(
            "{head}{list}}}\nlocal count = 0\nfunction setup(thread)\n  thread:set(\"place\", count)\n  count = count + 1\nend\n\
             function request()\n  at = (at or place) + {threads}\n  local id = ids[at - {threads} + 1] or ids[1]\n  \
             return wrk.format(nil, nil, nil, '{{\"request\":\"' .. id .. '\"}}')\nend\n"
        )
    }
}

/// What wrk found.
struct Figures {
    per_second: f64,
    p50: f64,
    p99: f64,
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.0} a second, p50 {:.1} ms, p99 {:.1} ms", self.per_second, self.p50, self.p99)
    }
}

const THREADS: usize = 2;

fn wrk(dir: &Path, address: &str, load: &Load<'_>) -> Figures {
    let script = dir.join("load.lua");
    std::fs::write(&script, load.script(THREADS)).unwrap();
    let (threads, seconds) = (format!("-t{THREADS}"), format!("-d{SECONDS}s"));
    let out = Command::new("wrk")
        .args([&threads, "-c256", &seconds, "--latency", "--timeout", "20s", "-s"])
        .arg(&script)
        .arg(format!("{address}{}", load.path))
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(!text.contains("Non-2xx") && !text.contains("Socket errors"), "{}: {text}", load.path);
    let after = |name: &str| {
        let line = text.lines().find(|l| l.trim_start().starts_with(name)).unwrap_or_else(|| panic!("{name}: {text}"));
        line.split_whitespace().nth(1).unwrap().to_owned()
    };
    let milliseconds = |text: String| match text {
        t if t.ends_with("us") => t.trim_end_matches("us").parse::<f64>().unwrap() / 1e3,
        t if t.ends_with("ms") => t.trim_end_matches("ms").parse().unwrap(),
        t => t.trim_end_matches('s').parse::<f64>().unwrap() * 1e3,
    };
    Figures {
        per_second: after("Requests/sec:").parse().unwrap(),
        p50: milliseconds(after("50%")),
        p99: milliseconds(after("99%")),
    }
}

/// The real program.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(data: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_datadeal"))
            .args(["--json", "--data"])
            .arg(data)
            .arg("serve")
            .env("DATADEAL_SERVE_LISTEN", "127.0.0.1:0")
            .env("DATADEAL_SERVE_LIMITS__PER_MINUTE", "0")
            .env("DATADEAL_SERVE_TRACING__FILTER", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut text = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        // one object over several lines
        while !text.ends_with("\n}\n") {
            assert!(out.read_line(&mut text).unwrap() > 0, "{text}");
        }
        let said: Value = serde_json::from_str(&text).unwrap();
        Server { child, address: said["listening"].as_str().unwrap().to_owned() }
    }

    fn client<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    /// One call, and its answer.
    fn once(&self, load: &Load<'_>) -> Value {
        let body = match &load.ids {
            Some(ids) => json!({"request": ids[0]}).to_string(),
            None => load.body.clone(),
        };
        Self::client(async {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let request = client.post(format!("{}{}", self.address, load.path)).bearer_auth(load.key);
            let text = request.header("content-type", "application/json").body(body).send().await.unwrap().text().await;
            serde_json::from_str(&text.unwrap()).unwrap()
        })
    }

    fn status(&self, path: &str) -> u16 {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self::client(async { client.get(format!("{}{path}", self.address)).send().await.unwrap().status().as_u16() })
    }

    /// What its log wrote, as its metrics say.
    fn written(&self) -> Written {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let get = async { client.get(format!("{}/metrics", self.address)).send().await.unwrap().text().await.unwrap() };
        let text = Self::client(get);
        let count = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok()).unwrap();
        Written { commits: count("commits_total "), operations: count("committed_operations_total ") }
    }

    /// Resident memory in megabytes.
    fn resident(&self) -> f64 {
        let status = std::fs::read_to_string(PathBuf::from(format!("/proc/{}/status", self.child.id()))).unwrap();
        let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A bare axum route that reads a JSON body and answers with one of the size of ours.
struct Echo {
    address: String,
    _runtime: tokio::runtime::Runtime,
}

impl Echo {
    fn start(answer: String) -> Self {
        let answer: Value = serde_json::from_str(&answer).unwrap();
        let route = axum::routing::post(move |axum::Json(_): axum::Json<Value>| {
            let answer = answer.clone();
            async move { axum::Json(answer) }
        });
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        runtime.spawn(async move { axum::serve(listener, axum::Router::new().fallback(route)).await });
        Echo { address, _runtime: runtime }
    }
}
