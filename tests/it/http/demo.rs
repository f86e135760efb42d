//! `serve --demo` as a program: made once, in a directory of its own, with keys that are printed once; it ends when it is told to.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

struct Program {
    child: Child,
    out: BufReader<ChildStdout>,
    port: u16,
}

impl Program {
    fn start(folder: &Path) -> Program {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut program = Command::new(env!("CARGO_BIN_EXE_datadeal"));
        program.args(["serve", "--demo"]).current_dir(folder);
        program.env("DATADEAL_SERVE_LISTEN", format!("127.0.0.1:{port}")).env("DATADEAL_SERVE_TRACING__FORMAT", "json");
        program.stdout(Stdio::piped()).stderr(File::create(folder.join("stderr")).unwrap());
        let mut child = program.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Program { child, out, port }
    }

    /// What it prints until it listens.
    fn started(&mut self) -> String {
        let mut told = String::new();
        while !told.contains(&format!("127.0.0.1:{}", self.port)) {
            assert_ne!(self.out.read_line(&mut told).unwrap(), 0, "{told}");
        }
        told
    }

    fn connect(&self) -> std::io::Result<TcpStream> {
        TcpStream::connect(("127.0.0.1", self.port))
    }

    /// What a call is answered.
    fn call(&self, head: &str) -> String {
        self.call_with(head, "")
    }

    fn call_with(&self, head: &str, body: &str) -> String {
        let mut stream = self.connect().unwrap();
        let length = body.len();
        let call = format!("{head}\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
        stream.write_all(call.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Tells it to end, and sees that it takes no more calls.
    fn end(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        while self.connect().is_ok() {}
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn keys(told: &str) -> Vec<String> {
    told.split_whitespace().filter(|word| word.starts_with("dd_")).map(str::to_owned).collect()
}

#[test]
fn the_demo_is_made_once_and_ends_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut program = Program::start(folder.path());
    let told = program.started();
    let keys_told = keys(&told);
    assert!(keys_told.len() > 5, "{keys_told:?}");
    let head = format!("GET /v1/me HTTP/1.1\r\nauthorization: Bearer {}", keys_told[0]);
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let answer = program.call(&format!("{head}\r\ntraceparent: 00-{trace}-00f067aa0ba902b7-01"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    // a startup finds what it may use among hundreds of datasets; what is on file for it counts
    let asked = json!({"purpose": "dpv:ServiceProvision", "declared":
        {"category": "company", "processingCountries": ["NL"], "onwardRecipients": [], "retentionMonths": 12}});
    let totals = |head: &str, asked: &Value| {
        let head = format!("POST /v1/eligibility HTTP/1.1\r\ncontent-type: application/json{head}");
        let answer = program.call_with(&head, &asked.to_string());
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 "), "{answer}");
        let totals = serde_json::from_str::<Value>(body).unwrap()["totals"].clone();
        ["now", "after", "not"].map(|group| totals[group].as_u64().unwrap())
    };
    let anybody = totals("", &asked);
    assert_eq!(anybody.iter().sum::<u64>(), 294);
    let director = told.lines().find(|line| line.contains(" road-traffic-director ")).unwrap();
    let mut named = asked;
    named["applicant"] = "NL.KVK:68750110".into();
    let startup = totals(&format!("\r\nauthorization: Bearer {}", keys(director)[0]), &named);
    assert_eq!(startup.iter().sum::<u64>(), 294);
    assert!(startup[0] > anybody[0] + 40, "{anybody:?} {startup:?}");

    // a call is under way once its body is asked for; it is let finish
    let body = r#"{"dataset":"education"}"#;
    let mut call = program.connect().unwrap();
    let head = "POST /v1/checks HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-type: application/json";
    call.write_all(format!("{head}\r\ncontent-length: {}\r\n\r\n", body.len()).as_bytes()).unwrap();
    let mut answer = BufReader::new(call.try_clone().unwrap());
    let mut line = String::new();
    answer.read_line(&mut line).unwrap();
    assert!(line.starts_with("HTTP/1.1 100 "), "{line}");
    program.end();
    call.write_all(body.as_bytes()).unwrap();
    let mut told = String::new();
    answer.read_to_string(&mut told).unwrap();
    assert!(told.contains("HTTP/1.1 200 "), "{told}");
    assert_eq!(program.child.wait().unwrap().code(), Some(0));

    // a line for each call, with the trace that came along
    let lines = std::fs::read_to_string(folder.path().join("stderr")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_trace = |line: &&Value| line["span"]["trace_id"] == trace;
    let line = lines.iter().find(of_trace).unwrap();
    assert_eq!((&line["fields"]["status"], &line["span"]["route"]), (&200.into(), &"/v1/me".into()), "{line}");

    // the keys count after a new start, and are not told again
    let mut program = Program::start(folder.path());
    let told = program.started();
    assert_eq!(keys(&told), Vec::<String>::new(), "{told}");
    assert!(program.call(&format!("GET /v1/me HTTP/1.1\r\nauthorization: Bearer {}", keys_told[0])).contains(" 200 "));
    program.end();
    assert_eq!(program.child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_demo_touches_no_directory_that_it_did_not_make() {
    let folder = tempfile::tempdir().unwrap();
    let own = folder.path().join("datadeal-demo");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("mine"), "mine").unwrap();
    let mut program = Program::start(folder.path());
    assert_ne!(program.child.wait().unwrap().code(), Some(0));
    let told = std::fs::read_to_string(folder.path().join("stderr")).unwrap();
    assert!(told.contains("was not made by the demo"), "{told}");
    assert_eq!(std::fs::read_dir(&own).unwrap().count(), 1);
}
