//! When the machine is in trouble: the database is held by somebody else, the disk is full, the clock is wrong. Nothing is half done, the
//! caller is told when to try again, and the same call then succeeds.

use std::sync::Arc;
use std::time::Duration;

use datadeal::store::sqlite::Sqlite;
use rusqlite::Connection;

use super::basics::university;
use super::server::{Answer, Server};
use crate::support::faulty::{Fault, Faulty, Step};

fn submit(server: &Server) -> Answer {
    let once = [("idempotency-key", "once")];
    server.call_with("education-researcher", "POST", "/v1/requests", Some(&university()), &once)
}

/// The call is answered 503 with a wait time, and nothing of it is there; what only reads goes on.
fn refused(server: &Server) {
    let answer = submit(server);
    assert_eq!((answer.status, answer.problem().0.as_str()), (503, "unavailable"));
    assert_eq!(answer.header("retry-after"), answer.json()["retryAfter"].to_string());
    assert!(!answer.text.contains("datadeal.db") && !answer.text.contains("ordered"), "{}", answer.text);
    let listed = server.get("education-researcher", "/v1/requests").expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 0);
    assert_eq!(server.post("", "/v1/checks", &university()).status, 200);
}

/// The same call has its effect, once, and the audit passes.
fn mended(server: &Server) {
    assert_eq!(server.get("", "/readyz").status, 204);
    let id = submit(server).expect(201)["id"].clone();
    assert_eq!(submit(server).expect(201)["id"], id);
    let listed = server.get("education-researcher", "/v1/requests").expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(server.engine.audit(&server.operator, &mut |_, _| {}).unwrap().findings.len(), 0);
}

#[test]
fn somebody_else_holds_the_database() {
    let server = Server::on(|path| Arc::new(Sqlite::open_waiting(path, Duration::from_millis(10)).unwrap()));
    // the key notes that it is used, and is made: not in the way of what follows
    server.get("education-researcher", "/v1/me").expect(200);
    let other = Connection::open(server.dir.path().join("portal/datadeal.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert_eq!(server.get("", "/readyz").status, 204, "nobody has tried to write yet");
    refused(&server);
    let ready = server.get("", "/readyz");
    assert_eq!((ready.status, ready.problem().0.as_str()), (503, "unavailable"));
    other.execute_batch("ROLLBACK").unwrap();
    mended(&server);
}

#[test]
fn the_disk_is_full() {
    for fault in [Fault::Full, Fault::ReadOnly, Fault::NotKept] {
        let (store, order) = std::sync::mpsc::channel();
        let server = Server::on(move |path| {
            let faulty = Arc::new(Faulty::new(Arc::new(Sqlite::open(path).unwrap())));
            store.send(Arc::clone(&faulty)).unwrap();
            faulty
        });
        let faulty = order.recv().unwrap();
        // the key notes that it is used, which nobody waits for; what is written after it does not come before it
        server.get("education-researcher", "/v1/me").expect(200);
        server.key("operator");
        faulty.order(Step::Commit, 0, fault);
        refused(&server);
        assert!(faulty.done());
        // what is ready tries to write: once in vain
        faulty.order(Step::Commit, 0, fault);
        assert_eq!(server.get("", "/readyz").status, 503, "{fault:?}");
        mended(&server);
    }
}

/// A clock that was set wrong, in either direction, signs nothing; set right again it does.
#[test]
fn the_clock_is_wrong() {
    for seconds in [3600, -3600] {
        let server = Server::start();
        server.clock.advance(86_400 * 30);
        let made = server.call_with("education-researcher", "POST", "/v1/requests", Some(&university()), &[]);
        made.expect(201);
        server.clock.jump(seconds);
        let answer = submit(&server);
        assert_eq!((answer.status, answer.problem().0.as_str()), (503, "unavailable"), "{seconds}");
        assert!(!answer.header("retry-after").is_empty());
        assert_eq!(server.get("", "/readyz").status, 503);
        assert_eq!(server.get("", "/healthz").status, 204);
        server.clock.jump(-seconds);
        assert_eq!(server.get("", "/readyz").status, 204);
        submit(&server).expect(201);
        assert_eq!(server.engine.audit(&server.operator, &mut |_, _| {}).unwrap().findings.len(), 0);
    }
}
