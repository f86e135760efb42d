//! Whatever the documents allow, and more, asked of the service by a program of others (schemathesis): no fault of the service, no status
//! and no body that is not promised.

use super::openapi::DOCUMENTS;
use super::server::Server;
use crate::support::interop::{interop, ready};

/// Examples of each operation; `.ci/slow` asks more.
fn examples() -> String {
    std::env::var_os("DATADEAL_API_EXAMPLES").map_or_else(|| "5".to_owned(), |n| n.to_str().unwrap().to_owned())
}

#[test]
fn nothing_is_answered_that_is_not_promised() {
    if !ready() {
        return;
    }
    let server = Server::with(|config| config.limits.per_minute = 0);
    for place in DOCUMENTS {
        for person in ["education-researcher", "education-head", "operator"] {
            let document = format!("{}{place}", server.address);
            let asked = interop(&["fuzz", &document, &server.key(person), &examples()]);
            let told = String::from_utf8_lossy(&asked.stdout);
            assert!(asked.status.success(), "{place} as {person}:\n{told}\n{}", String::from_utf8_lossy(&asked.stderr));
        }
    }
    assert_eq!(server.engine.audit(&server.operator, &mut |_, _| {}).unwrap().findings.len(), 0);
}
