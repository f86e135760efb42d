//! The log over HTTP: read by a client of others, cached as long as it is right, and cosigned by witnesses.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use datadeal::sign::{Note, NoteKey, SigningKey};
use serde_json::Value;

use super::http::concluded;
use crate::http::server::Server;
use crate::support::interop::{interop, ready};

const FOREVER: &str = "public, max-age=31536000, immutable";

/// S-52 S-53 S-54: tiles, entries and checkpoint are those that a client of C2SP logs verifies.
#[test]
fn a_client_of_others_reads_the_log() {
    if !ready() {
        return;
    }
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("old");
    std::fs::write(&old, server.get("", "/log/checkpoint").text).unwrap();
    concluded(&server);
    let read = interop(&["log", &format!("{}/log", server.address), old.to_str().unwrap()]);
    let told = format!("{}{}", String::from_utf8_lossy(&read.stdout), String::from_utf8_lossy(&read.stderr));
    assert!(read.status.success(), "{told}");
}

/// The answer to a path that no client would send: others resolve `..` themselves.
fn as_it_is(server: &Server, path: &str) -> String {
    let mut stream = TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: portal.example\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

/// What never changes is kept for good, the checkpoint for a moment; nothing else is at these addresses.
#[test]
fn each_part_of_the_log_has_one_address() {
    let server = Server::start();
    let deal = concluded(&server);
    let size: u64 = server.get("", "/log/checkpoint").text.lines().nth(1).unwrap().parse().unwrap();
    for (path, kind, cache) in [
        ("/log/checkpoint".to_owned(), "text/plain; charset=utf-8", "public, max-age=2"),
        ("/log/key".to_owned(), "text/plain; charset=utf-8", "public, max-age=2"),
        (format!("/log/tile/0/000.p/{size}"), "application/octet-stream", FOREVER),
        (format!("/log/tile/entries/000.p/{size}"), "application/octet-stream", FOREVER),
        ("/log/tile/entries/000.p/1".to_owned(), "application/octet-stream", FOREVER),
        ("/log/entries".to_owned(), "application/json", "public, max-age=2"),
        ("/log/proof?entry=0".to_owned(), "text/plain; charset=utf-8", "public, max-age=2"),
        (format!("/log/proof?entry={deal}"), "text/plain; charset=utf-8", "public, max-age=2"),
        ("/log/consistency?old=1".to_owned(), "application/json", "public, max-age=2"),
    ] {
        let answer = server.get("", &path);
        let headers = ["content-type", "cache-control", "access-control-allow-origin"].map(|name| answer.header(name));
        assert_eq!((answer.status, headers), (200, [kind, cache, "*"]), "{path}");
    }
    let entries = server.get("", "/log/entries?from=1").expect(200);
    assert_eq!(entries["items"][0]["index"], 1);
    assert_eq!(entries["items"].as_array().unwrap().len() as u64, size - 1);
    for path in [
        "/log/tile/0/000".to_owned(),
        format!("/log/tile/0/000.p/{}", size + 1),
        "/log/tile/0/000.p/0".to_owned(),
        "/log/tile/0/0.p/1".to_owned(),
        "/log/tile/00/000.p/1".to_owned(),
        "/log/tile/8/000.p/1".to_owned(),
        "/log/tile/0/../0/000.p/1".to_owned(),
        "/log/tile/0/%2e%2e/%2e%2e/key".to_owned(),
        "/log/tile/..%2fkey".to_owned(),
        "/log/tile//0/000.p/1".to_owned(),
        "/log/tile/0/000.p/1/".to_owned(),
        "/log/tile/0/000.p%2f1%00".to_owned(),
        "/log/proof?entry=99999".to_owned(),
        "/log/datadeal.db".to_owned(),
    ] {
        let answer = as_it_is(&server, &path);
        assert!(answer.starts_with("HTTP/1.1 404 ") && answer.contains("application/problem+json"), "{path}: {answer}");
    }
    for path in ["/log/entries?from=x", "/log/entries?more=1", "/log/proof", "/log/consistency?old=99999"] {
        assert_eq!(server.get("", path).status, 400, "{path}");
    }
}

/// A witness brings its line, and the checkpoint carries it from then on; who is no witness of the configuration is refused.
#[test]
fn witnesses_bring_their_cosignatures() {
    let witness = NoteKey::witness("witness.example/w1", SigningKey::from_seed([2; 32])).unwrap();
    let stranger = NoteKey::witness("witness.example/w2", SigningKey::from_seed([3; 32])).unwrap();
    let server = Server::with(|config| config.witnesses = vec![witness.public().to_string()]);
    let checkpoint = server.get("", "/log/checkpoint").text;
    let note = Note::parse(checkpoint.as_bytes()).unwrap();
    let line = |key: &NoteKey, note: &Note| {
        format!("{}\n", key.cosign(note, "2026-11-25T09:00:30Z".parse().unwrap()).unwrap())
    };
    let bring = |text: &str| {
        server.send("POST", "/log/cosignatures", &[("content-type", "text/plain")], Some(text.as_bytes().to_vec()))
    };
    for wrong in [line(&stranger, &note), checkpoint.clone(), "nothing".to_owned(), String::new()] {
        let answer = bring(&wrong);
        assert_eq!((answer.status, answer.problem().0.as_str()), (400, "invalid"), "{wrong}: {}", answer.text);
    }
    let kept = bring(&line(&witness, &note));
    assert_eq!((kept.status, kept.text.contains("witness.example/w1")), (200, true), "{}", kept.text);
    assert_eq!(server.get("", "/log/checkpoint").text, kept.text);
    assert!(server.get("", "/log/proof?entry=0").text.contains("witness.example/w1"));
    // the question to a witness, answered as a witness does
    concluded(&server);
    let size: Value = server.get("", "/log/consistency?old=1").expect(200);
    let question = size["question"].as_str().unwrap();
    assert!(question.starts_with("old 1\n") && question.contains("\n\n— "), "{question}");
    // the line belongs to the checkpoint that it was made for
    assert_eq!(bring(&line(&witness, &note)).status, 400);
    assert_eq!(bring(&format!("{checkpoint}{}", line(&witness, &note))).status, 200);
}
