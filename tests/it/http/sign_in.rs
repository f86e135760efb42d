//! People sign in with a real OpenID Provider (`tests/interop/oidc.mjs`), get a session, act in it, and leave.

use datadeal::config::{Config, SignIn};
use datadeal::model::Name;
use reqwest::Url;

use super::basics::university;
use super::server::{Answer, Server};
use crate::support::browser::Browser;
use crate::support::interop::{Peer, ready};

/// The cookie that an answer sets.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

pub(crate) struct Portal {
    pub(crate) server: Server,
    _provider: Peer,
}

pub(crate) fn portal(levels: &[&str]) -> Portal {
    portal_with(levels, |_| {})
}

fn portal_with(levels: &[&str], change: impl FnOnce(&mut Config)) -> Portal {
    // the provider must know where the browser comes back to before the portal knows where the provider is
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("http://127.0.0.2:{port}");
    let mut provider = Peer::start(&["oidc", &format!("{address}/sign-in/done")]);
    let issuer = provider.line();
    let server = Server::with(|config| {
        config.address = address;
        config.sign_in = Some(SignIn {
            issuer,
            client_id: "portal".to_owned(),
            client_secret_file: None,
            scopes: vec!["profile".to_owned(), "organisation".to_owned()],
            organisation_claim: Some("register_number".to_owned()),
            levels: levels.iter().map(|l| (*l).to_owned()).collect(),
        });
        let secret = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(secret.path(), "portal-secret\n").unwrap();
        let kept = secret.keep().unwrap().1;
        config.sign_in.as_mut().unwrap().client_secret_file = Some(kept);
        change(config);
    });
    server.clock.set(datadeal::clock::Clock::now(&datadeal::clock::SystemClock));
    Portal { server, _provider: provider }
}

/// Goes through the whole of a sign-in; the session's cookie, and the last answer.
pub(crate) fn sign_in(server: &Server, account: &str, back: &str) -> (String, Answer) {
    let begun = server.get("", &format!("/sign-in?back={back}"));
    assert_eq!(begun.status, 303, "{}", begun.text);
    let first = cookie(&begun);
    let back = server.wait(async { Browser::new().sign_in(begun.header("location"), account).await });
    let done = server.send("GET", &path_of(&back), &[("cookie", &first)], None);
    (if done.status == 303 { cookie(&done) } else { first }, done)
}

fn path_of(url: &Url) -> String {
    format!("{}?{}", url.path(), url.query().unwrap_or_default())
}

#[test]
fn a_person_signs_in_acts_and_leaves() {
    if !ready() {
        return;
    }
    let Portal { server, _provider } = portal(&[]);
    // a colleague of the university whom nobody has added: the provider says for whom
    let (session, done) = sign_in(&server, "colleague|NL.OIN:00000099000000023000", "/nl/verzoeken");
    assert_eq!((done.status, done.header("location")), (303, "/nl/verzoeken"));
    let set = done.header("set-cookie");
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && !set.contains("Secure"), "{set}");
    let as_person = |method: &str, path: &str, more: &[(&str, &str)], body: Option<Vec<u8>>| {
        let mut headers = vec![("cookie", session.as_str())];
        headers.extend(more);
        server.send(method, path, &headers, body)
    };
    let me = as_person("GET", "/v1/me", &[], None).expect(200);
    assert_eq!(me["organisation"], "NL.OIN:00000099000000023000");
    assert_eq!(me["roles"], serde_json::json!(["requester"]));
    let said = me["signedIn"].as_str().unwrap();
    assert!(
        said.starts_with("by OpenID Connect, http://127.0.0.1:")
            && said.ends_with("level http://eidas.europa.eu/LoA/substantial"),
        "{said}"
    );
    // what the person files says how it signed in
    let body = serde_json::to_vec(&university()).unwrap();
    let json_type = ("content-type", "application/json");
    let filed = as_person("POST", "/v1/requests", &[json_type], Some(body.clone())).expect(201);
    assert_eq!(filed["request"]["actor"]["authenticated"], me["signedIn"]);
    assert_eq!(filed["request"]["channel"], "web");
    // another site's page has the browser send the cookie along, and gains nothing
    let elsewhere = [json_type, ("sec-fetch-site", "cross-site"), ("origin", "https://elsewhere.example")];
    assert_eq!(as_person("POST", "/v1/requests", &elsewhere, Some(body)).problem().0, "forbidden");
    // the second time it is the same person
    let (again, _) = sign_in(&server, "colleague|NL.OIN:00000099000000023000", "/");
    assert_eq!(server.send("GET", "/v1/me", &[("cookie", &again)], None).expect(200)["person"], me["person"]);
    // out: the cookie opens nothing any more, the other session still does
    assert_eq!(as_person("POST", "/sign-out", &[], None).status, 204);
    assert_eq!(as_person("GET", "/v1/me", &[], None).status, 401);
    assert_eq!(server.send("GET", "/v1/me", &[("cookie", &again)], None).status, 200);
    // and after a working day it does not
    server.clock.advance(8 * 3600);
    assert_eq!(server.send("GET", "/v1/me", &[("cookie", &again)], None).status, 401);
}

#[test]
fn who_is_not_known_gets_no_session() {
    if !ready() {
        return;
    }
    let Portal { server, _provider } = portal(&[]);
    let (session, done) = sign_in(&server, "stranger", "/");
    assert_eq!(done.problem().0, "forbidden");
    assert_eq!(server.send("GET", "/v1/me", &[("cookie", &session)], None).status, 401);
    let (_, done) = sign_in(&server, "stranger|NL.KVK:12345678", "/");
    assert_eq!(done.problem().0, "forbidden", "an organisation that is not known here");
    // an administrator says who that is
    let person: Name = "education-steward".parse().unwrap();
    let issuer = server.get("", "/sign-in").header("location").split("/auth").next().unwrap().to_owned();
    server.engine.link_identity(&server.operator, &person, &issuer, "stranger").unwrap();
    let (session, done) = sign_in(&server, "stranger", "//elsewhere.example/");
    assert_eq!((done.status, done.header("location")), (303, "/"), "only to a place of our own");
    assert_eq!(server.send("GET", "/v1/me", &[("cookie", &session)], None).expect(200)["person"], "education-steward");
    let (_, done) = sign_in(&server, "stranger", "/%09/elsewhere.example");
    assert_eq!((done.status, done.header("location")), (303, "/"), "a browser passes over a tab");
    // an answer that belongs to no sign-in that began in this browser
    let answer = server.get("", "/sign-in/done?code=x&state=y");
    assert_eq!(answer.problem().0, "invalid");
    let begun = server.get("", "/sign-in");
    let first = cookie(&begun);
    for query in ["code=x&state=y", "error=access_denied&state=y", "state=y"] {
        let answer = server.send("GET", &format!("/sign-in/done?{query}"), &[("cookie", &first)], None);
        assert!(matches!(answer.status, 400 | 403), "{query}: {}", answer.text);
    }
}

/// The session of who is blocked opens nothing from the next call on, and it gets no other.
#[test]
fn who_is_blocked_does_not_sign_in() {
    if !ready() {
        return;
    }
    let Portal { server, _provider } = portal(&[]);
    let account = "colleague|NL.OIN:00000099000000023000";
    let (session, _) = sign_in(&server, account, "/");
    let me = |session: &str| server.send("GET", "/v1/me", &[("cookie", session)], None);
    let person: Name = me(&session).expect(200)["person"].as_str().unwrap().parse().unwrap();
    server.engine.block(&server.operator, &person, "left", None).unwrap().wait().unwrap();
    assert_eq!(me(&session).problem().0, "unauthenticated");
    let (other, done) = sign_in(&server, account, "/");
    assert_eq!((done.problem().0.as_str(), done.status), ("unauthenticated", 401));
    assert_eq!(me(&other).status, 401);
    server.engine.unblock(&server.operator, &person, None).unwrap().wait().unwrap();
    assert_eq!(me(&session).status, 200);
}

#[test]
fn a_level_that_is_too_low_is_refused() {
    if !ready() {
        return;
    }
    let Portal { server, _provider } = portal(&["http://eidas.europa.eu/LoA/high"]);
    let (_, done) = sign_in(&server, "colleague|NL.OIN:00000099000000023000", "/");
    let (word, detail) = done.problem();
    assert_eq!(word, "forbidden");
    assert!(detail.contains("LoA/high") && detail.contains("LoA/substantial"), "{detail}");
}

/// People behind one address have a bucket each; a cookie that opens nothing is counted by address.
#[test]
fn who_signed_in_is_counted_by_person() {
    if !ready() {
        return;
    }
    let Portal { server, _provider } = portal_with(&[], |config| {
        config.limits.per_minute = 1;
        config.limits.burst = 5;
    });
    // two calls each, by the address
    let (one, _) = sign_in(&server, "colleague|NL.OIN:00000099000000023000", "/");
    let (other, _) = sign_in(&server, "another|NL.OIN:00000099000000023000", "/");
    let me = |cookie: &str| server.send("GET", "/v1/me", &[("cookie", cookie)], None).status;
    assert_eq!([0; 6].map(|_| me(&one)), [200, 200, 200, 200, 200, 429]);
    assert_eq!(me(&other), 200);
    assert_eq!([0; 2].map(|_| me("session=AAAAAAAAAAAAAAAAAAAAAA")), [401, 429]);
}
