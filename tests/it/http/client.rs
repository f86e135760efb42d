//! A client that is generated from the OpenAPI document drives a whole story, in another language, with a key that stays with it.

use datadeal::sign::keyfile;

use super::server::Server;
use crate::support::interop::{interop, ready};

#[test]
fn a_generated_client_comes_to_a_deal() {
    if !ready() {
        return;
    }
    let server = Server::start();
    let place = |name: &str| server.dir.path().join(name).to_str().unwrap().to_owned();
    let (document, key_file, bundle) = (place("openapi.json"), place("insurer.pem"), place("deal.json"));
    std::fs::write(&document, server.get("", "/v1/openapi.json").text).unwrap();
    let held = server.held("NL.KVK:68727720").unwrap();
    keyfile::write(key_file.as_ref(), held).unwrap();
    let (reuser, owner, did) = (server.key("vehicles-claims"), server.key("vehicles-head"), held.public().to_string());
    let told = interop(&["client", &document, &server.address, &reuser, &owner, &key_file, &did, &bundle]);
    let words = format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{words}");

    let key = server.engine.log_key().unwrap().to_string();
    let verified = std::process::Command::new(env!("CARGO_BIN_EXE_datadeal"))
        .args(["verify", &bundle, "--log-key", &key])
        .output()
        .unwrap();
    assert_eq!(verified.status.code(), Some(0), "{}", String::from_utf8_lossy(&verified.stdout));
}
