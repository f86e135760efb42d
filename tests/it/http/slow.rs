//! Clients that are slow, or too many: nobody holds a place for long, and others are answered.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc;
use std::time::Duration;

use super::server::Server;

fn connect(server: &Server) -> TcpStream {
    TcpStream::connect(server.address.strip_prefix("http://").unwrap()).unwrap()
}

/// What one connection is answered in all.
fn answered(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    match stream.read_to_string(&mut text) {
        Ok(_) => text,
        Err(e) if e.kind() == ErrorKind::ConnectionReset => text,
        Err(e) => panic!("{e}: {text}"),
    }
}

/// Somebody who does as one should.
fn polite(server: &Server) -> TcpStream {
    let mut stream = connect(server);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    stream
}

/// Writes so many bytes a second for as long as it is taken, and `stop` is there.
fn drip(stream: &TcpStream, stop: mpsc::Receiver<()>) -> std::thread::JoinHandle<()> {
    let mut stream = stream.try_clone().unwrap();
    std::thread::spawn(move || {
        while stop.recv_timeout(Duration::from_millis(50)) == Err(mpsc::RecvTimeoutError::Timeout) {
            if stream.write_all(b"a").is_err() {
                return;
            }
        }
    })
}

const HEAD: &str = "GET /healthz HTTP/1.1\r\nhost: x\r\nx-more: ";
const BODY: &str = "POST /access/v1/evaluation HTTP/1.1\r\nhost: x\r\nx-request-id: id-7\r\n\
    content-type: application/json\r\ncontent-length: 1000\r\n\r\n{";
const CHECK: &str =
    "POST /v1/checks HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{";

/// One place, and a second of patience: whoever is slow is followed by somebody who is answered.
#[test]
fn who_is_slow_gives_the_place_back() {
    let server = Server::with(|config| {
        config.limits.connections = 1;
        config.limits.seconds = 1;
    });
    for (sent, drips) in [("", false), (HEAD, false), (HEAD, true), (CHECK, false), (CHECK, true)] {
        let mut slow = connect(&server);
        slow.write_all(sent.as_bytes()).unwrap();
        let (go_on, stop) = mpsc::channel();
        let dripping = drips.then(|| drip(&slow, stop));
        let next = answered(&mut polite(&server));
        assert!(next.starts_with("HTTP/1.1 204 "), "after {sent:?}: {next}");
        let told = answered(&mut slow);
        assert_eq!(told.starts_with("HTTP/1.1 408 "), sent == CHECK, "{sent:?}: {told}");
        drop(go_on);
        dripping.into_iter().for_each(|thread| thread.join().unwrap());
    }
    // many answers are asked for, and none is read
    let mut slow = connect(&server);
    slow.write_all("GET /v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(400).as_bytes()).unwrap();
    let next = answered(&mut polite(&server));
    assert!(next.starts_with("HTTP/1.1 204 "), "{next}");
    assert!(answered(&mut slow).matches("HTTP/1.1 200 OK").count() < 400, "they fitted on the way: ask more");
}

/// An answer that comes from a layer is like every other: a problem, with trace, version and the id that the caller gave.
#[test]
fn a_call_that_takes_too_long_is_told_so() {
    let server = Server::with(|config| config.limits.seconds = 1);
    let mut slow = connect(&server);
    slow.write_all(
        BODY.replace("x-request", "authorization: Bearer KEY\r\nx-request")
            .replace("KEY", &server.key("operator"))
            .as_bytes(),
    )
    .unwrap();
    let told = answered(&mut slow);
    let (head, body) = told.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 408 "), "{told}");
    let headers =
        ["content-type: application/problem+json", "x-request-id: id-7", "api-version: 1", "traceparent: 00-"];
    assert!(headers.iter().all(|header| head.contains(header)), "{told}");
    assert!(body.contains("urn:datadeal:problem:timeout"), "{told}");
    let metrics = server.get("", "/metrics").text;
    assert!(metrics.contains("route=\"/access/v1/evaluation\",status=\"408\""), "{metrics}");
}

/// Who comes when all places are taken waits for one.
#[test]
fn so_many_connections_at_once() {
    let server = Server::with(|config| config.limits.connections = 2);
    let (first, _second) = (connect(&server), connect(&server));
    let mut third = polite(&server);
    third.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let waits = third.read(&mut [0]).unwrap_err().kind();
    assert!(matches!(waits, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waits}");
    drop(first);
    third.set_read_timeout(None).unwrap();
    let told = answered(&mut third);
    assert!(told.starts_with("HTTP/1.1 204 "), "{told}");
}
