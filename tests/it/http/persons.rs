//! Who leaves, or may do less from today on: blocked, other roles, a mandate withdrawn. What was done before stays.

use datadeal::engine::{Contact, NewPerson};
use datadeal::model::condition::Lang;
use datadeal::model::{Name, OrgId};
use datadeal::rights::Role;
use datadeal::verify::{Given, Verdict, verify};
use serde_json::{Value, json};

use super::basics::university;
use super::conflicts::under_review;
use super::server::{Answer, Server};

const RESEARCHER: &str = "education-researcher";
const STEWARD: &str = "education-steward";
const SECOND: &str = "education-second";
const HEAD: &str = "education-head";
const OWNER: &str = "NL.OIN:00000099000000012000";

fn add(server: &Server, person: &str, organisation: &str, roles: &[Role]) {
    let new = NewPerson {
        person: person.parse().unwrap(),
        organisation: organisation.parse().unwrap(),
        name: format!("Person {person}"),
        function: format!("function of {person}"),
        roles: roles.iter().copied().collect(),
    };
    server.engine.add_person(&server.operator, &new).unwrap();
}

/// The organisation that runs the portal.
fn portal(server: &Server) -> String {
    server.operator.organisation.to_string()
}

/// An edit of a person by somebody who has just read it.
fn edit(server: &Server, by: &str, method: &str, person: &str, what: &str, body: Option<Value>) -> Answer {
    let place = format!("/v1/persons/{person}");
    let read = server.get(by, &place);
    // whoever may not read it guesses
    let tag = if read.status == 200 { read.header("etag").to_owned() } else { "\"1\"".to_owned() };
    server.call_with(by, method, &format!("{place}/{what}"), body.as_ref(), &[("if-match", &tag)])
}

fn block(server: &Server, by: &str, person: &str) -> Answer {
    edit(server, by, "PUT", person, "block", Some(json!({"reason": "left on 30 November"})))
}

fn unblock(server: &Server, by: &str, person: &str) -> Answer {
    edit(server, by, "DELETE", person, "block", None)
}

fn roles(server: &Server, by: &str, person: &str, roles: &[&str]) -> Answer {
    edit(server, by, "PUT", person, "roles", Some(json!({"roles": roles})))
}

#[track_caller]
fn refused(answer: &Answer, status: u16, why: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.problem().1.contains(why), "{}", answer.text);
}

/// What a verifier says of the bundle of a request, and the bundle.
fn verdict(server: &Server, by: &str, at: &str) -> (Verdict, Value) {
    let answer = server.get(by, &format!("{at}/bundle"));
    assert_eq!(answer.status, 200, "{}", answer.text);
    let bundle = datadeal::verify::read(answer.text.as_bytes()).unwrap();
    let key = server.engine.log_key().unwrap();
    let report = verify(&bundle, &Given { log: Some(&key), ..Given::default() });
    (report.verdict, answer.json())
}

fn sound(server: &Server) {
    let audit = server.engine.audit(&server.operator, &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
}

/// A reviewer leaves: its key opens nothing from the next call on, what waited for it is done by another, and what it approved stays valid.
#[test]
fn a_reviewer_leaves() {
    let server = Server::start();
    add(&server, "education-admin", OWNER, &[Role::OrganisationAdmin]);
    let before = under_review(&server);
    let sound_plan = json!({"approval": "data-steward", "reason": "sound"});
    assert_eq!(server.post(STEWARD, &format!("{before}/approvals"), &sound_plan).expect(200)["state"], "granted");
    let waiting = server.post(RESEARCHER, "/v1/requests", &university()).expect(201);
    let waiting = format!("/v1/requests/{}", waiting["id"].as_str().unwrap());
    let tasks = |person: &str| server.get(person, "/v1/work").expect(200)["items"].as_array().unwrap().len();
    assert_eq!((tasks(STEWARD), tasks(SECOND)), (1, 1));

    let persons = server.get("education-admin", "/v1/persons").expect(200);
    let named = |person: &str| persons["items"].as_array().unwrap().iter().any(|p| p["person"] == person);
    assert!(named(STEWARD) && named(HEAD) && !named(RESEARCHER), "its own people: {persons}");
    let first = server.get("education-admin", "/v1/persons?limit=1").expect(200);
    let next = server.get("education-admin", &format!("/v1/persons?limit=1&after={}", first["next"].as_str().unwrap()));
    assert_ne!(first["items"], next.expect(200)["items"]);
    let place = format!("/v1/persons/{STEWARD}/block");
    let reason = json!({"reason": "left on 30 November"});
    let blind = server.call("education-admin", "PUT", &place, Some(&reason));
    assert_eq!(blind.problem().0, "precondition-required");
    assert_eq!(server.get(STEWARD, "/v1/me").status, 200);
    let blocked = block(&server, "education-admin", STEWARD);
    let tag = blocked.header("etag").to_owned();
    let blocked = blocked.expect(200);
    assert_eq!(blocked["blocked"]["by"], "education-admin");
    assert_eq!(server.get("education-admin", &format!("/v1/persons/{STEWARD}")).header("etag"), tag);

    // whatever it asks, also what everybody may
    for path in ["/v1/me", "/v1/work", waiting.as_str()] {
        assert_eq!(server.get(STEWARD, path).problem().0, "unauthenticated", "{path}");
    }
    assert_eq!(server.post(STEWARD, "/v1/checks", &university()).status, 401);
    assert_eq!(server.post(STEWARD, &format!("{waiting}/approvals"), &sound_plan).status, 401);
    let steward: Name = STEWARD.parse().unwrap();
    assert!(server.engine.actor(&steward).unwrap_err().to_string().contains("is blocked"));
    // others go on
    assert_eq!(tasks(SECOND), 1);
    assert_eq!(server.post(SECOND, &format!("{waiting}/approvals"), &sound_plan).expect(200)["state"], "granted");
    for at in [&before, &waiting] {
        assert_eq!(verdict(&server, HEAD, at).0, Verdict::Valid);
    }
    sound(&server);
    // back again, with the same key
    refused(&block(&server, "education-admin", STEWARD), 409, "blocked already");
    assert_eq!(unblock(&server, "education-admin", STEWARD).expect(200).get("blocked"), None);
    assert_eq!(server.get(STEWARD, "/v1/me").status, 200);
    refused(&unblock(&server, "education-admin", STEWARD), 409, "is not blocked");
}

/// Who is blocked gets no mail about what happens meanwhile, at its own address.
#[test]
fn who_is_blocked_is_told_of_nothing() {
    let server = Server::start();
    let owner: OrgId = OWNER.parse().unwrap();
    let head = server.engine.actor(&HEAD.parse().unwrap()).unwrap();
    for person in [None, Some(STEWARD.parse().unwrap())] {
        let contact =
            Contact { organisation: owner.clone(), person, mail: "a@example.nl".to_owned(), language: Lang::Nl };
        server.engine.set_contact(&head, &contact).unwrap().wait().unwrap();
    }
    let told = || server.engine.waiting(&server.operator, 1000).unwrap().iter().filter(|m| m.to == owner).count();
    server.post(RESEARCHER, "/v1/requests", &university()).expect(201);
    let first = told();
    assert!(first > 0 && first % 2 == 0, "both addresses: {first}");
    block(&server, "operator", STEWARD).expect(200);
    server.post(RESEARCHER, "/v1/requests", &university()).expect(201);
    assert_eq!(told() - first, first / 2);
}

/// Between the draft of a refusal and its confirmation the mandate of who would confirm is withdrawn: refused. What was answered before, under
/// an appointment that ends too, stays, and verifies beside its withdrawal.
#[test]
fn a_mandate_withdrawn_between_draft_and_confirmation() {
    let server = Server::start();
    let at = under_review(&server);
    let no = json!({"approval": "data-steward", "reason": "no plan"});
    assert_eq!(server.post(STEWARD, &format!("{at}/refusals"), &no).expect(200)["state"], "draft");
    server.clock.advance(60);

    let mandates = server.get(HEAD, "/v1/mandates").expect(200)["items"].as_array().unwrap().clone();
    let of = |person: &str| {
        let found = mandates.iter().find(|m| m["person"] == person && m.get("withdrawn").is_none()).unwrap();
        assert_eq!(found["mandate"]["giver"], OWNER);
        format!("/v1/mandates/{}/withdrawal", found["record"]["id"].as_str().unwrap())
    };
    for person in [RESEARCHER, STEWARD] {
        assert_eq!(server.post(person, &of(HEAD), &json!({})).problem().0, "forbidden");
    }
    assert_eq!(server.get(RESEARCHER, "/v1/mandates").problem().0, "forbidden");
    let withdraw =
        |path: &str, key: &str| server.call_with(HEAD, "POST", path, Some(&json!({})), &[("idempotency-key", key)]);
    let done = withdraw(&of(HEAD), "one").expect(200);
    assert!(done["withdrawn"]["at"].is_string(), "{done}");
    assert_eq!(withdraw(&of(HEAD), "one").expect(200), done, "once");
    refused(&withdraw(&of(HEAD), "two"), 409, "ended already");
    withdraw(&of(STEWARD), "three").expect(200);
    let shown = server.get("operator", &format!("/v1/mandates?owner={OWNER}")).expect(200);
    let ended = shown["items"].as_array().unwrap().iter().filter(|m| m.get("withdrawn").is_some()).count();
    assert_eq!(ended, 2);

    let confirm = || server.post(HEAD, &format!("{at}/confirmation"), &json!({"reason": "no plan"}));
    refused(&confirm(), 409, "has no mandate to decide");
    refused(&server.post(STEWARD, &format!("{at}/approvals"), &no), 409, "did not appoint");
    let head = server.engine.actor(&HEAD.parse().unwrap()).unwrap();
    let mut again = server.engine.mandates(Some(&head.organisation)).unwrap().into_iter();
    let again = again.find(|m| m.person == head.person).unwrap().mandate;
    let new = datadeal::engine::NewMandate {
        body: again.body,
        person: head.person.clone(),
        powers: again.powers,
        datasets: again.datasets,
        from: None,
        until: again.until,
        published: None,
    };
    server.engine.give_mandate(&head, &head.organisation, &new).unwrap();
    assert_eq!(confirm().expect(200)["state"], "refused");
    let (verdict, bundle) = verdict(&server, HEAD, &at);
    assert_eq!(verdict, Verdict::Valid);
    assert_eq!(bundle["withdrawals"].as_array().unwrap().len(), 1, "that of the appointment, which came after");
    sound(&server);
}

/// Of a withdrawal and an act under the mandate at the same time one is first: nothing ever stands behind the withdrawal.
#[test]
fn a_mandate_withdrawn_while_it_is_used() {
    let server = Server::start();
    let no = json!({"approval": "data-steward", "reason": "no plan"});
    let head = server.engine.actor(&HEAD.parse().unwrap()).unwrap();
    let steward: Name = STEWARD.parse().unwrap();
    for _ in 0..12 {
        let request = server.post(RESEARCHER, "/v1/requests", &university()).expect(201)["id"].clone();
        let given = server.engine.mandates(Some(&head.organisation)).unwrap();
        let given = given.into_iter().find(|m| m.person == steward && m.withdrawn.is_none()).unwrap();
        let calls = [
            (HEAD, format!("/v1/mandates/{}/withdrawal", given.record.id), json!({})),
            (STEWARD, format!("/v1/requests/{}/refusals", request.as_str().unwrap()), no.clone()),
        ];
        let [withdrawn, answered] = at_once(&server, calls.map(|(by, path, body)| (by, "POST", path, body, None)));
        assert_eq!(withdrawn.status, 200, "{}", withdrawn.text);
        assert!(matches!(answered.status, 200 | 409), "{}", answered.text);
        let new = datadeal::engine::NewMandate {
            body: given.mandate.body,
            person: steward.clone(),
            powers: given.mandate.powers,
            datasets: given.mandate.datasets,
            from: None,
            until: given.mandate.until,
            published: None,
        };
        server.engine.give_mandate(&head, &head.organisation, &new).unwrap();
    }
    sound(&server);
}

/// Two calls at once.
fn at_once(server: &Server, calls: [(&str, &str, String, Value, Option<String>); 2]) -> [Answer; 2] {
    let calls = calls.map(|(by, method, path, body, tag)| {
        let (key, url) = (server.key(by), format!("{}{path}", server.address));
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        async move {
            let request = reqwest::Client::new().request(method, url).bearer_auth(key);
            let request = request.header("content-type", "application/json");
            let request = tag.into_iter().fold(request, |request, tag| request.header("if-match", tag));
            let response = request.body(body.to_string()).send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, text: response.text().await.unwrap() }
        }
    });
    server.wait(async {
        let [first, second] = calls.map(tokio::spawn);
        [first.await.unwrap(), second.await.unwrap()]
    })
}

/// Two administrators at once: one is first, and the other reads again. Of two operators who block each other one stays.
#[test]
fn two_administrators_at_once() {
    let server = Server::start();
    add(&server, "second-operator", &portal(&server), &[Role::Operator]);
    let place = format!("/v1/persons/{STEWARD}");
    let tag = server.get("operator", &place).header("etag").to_owned();
    let edit = |by, roles: &[&str]| (by, "PUT", format!("{place}/roles"), json!({"roles": roles}), Some(tag.clone()));
    let calls = [edit("operator", &["reviewer", "requester"]), edit("second-operator", &["reviewer"])];
    let answers = at_once(&server, calls);
    let mut statuses = answers.iter().map(|a| a.status).collect::<Vec<_>>();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "{answers:?}");
    let late = server.call_with(
        "operator",
        "PUT",
        &format!("{place}/block"),
        Some(&json!({"reason": "left"})),
        &[("if-match", &tag)],
    );
    assert_eq!(late.problem().0, "precondition-failed");

    let tag_of = |person: &str| server.get("operator", &format!("/v1/persons/{person}")).header("etag").to_owned();
    let end = |by, whom: &str| {
        (by, "PUT", format!("/v1/persons/{whom}/block"), json!({"reason": "left"}), Some(tag_of(whom)))
    };
    let answers = at_once(&server, [end("operator", "second-operator"), end("second-operator", "operator")]);
    let done = answers.iter().filter(|a| a.status == 200).count();
    assert!(done == 1 && answers.iter().all(|a| matches!(a.status, 200 | 401 | 409 | 412)), "{answers:?}");
    let left = ["operator", "second-operator"].iter().filter(|p| server.get(p, "/v1/me").status == 200).count();
    assert_eq!(left, 1);
}

/// Nobody becomes more than it is, ends the rights of those above it, or locks the door behind everybody.
#[test]
fn nobody_climbs() {
    let server = Server::start();
    let university = server.engine.actor(&RESEARCHER.parse().unwrap()).unwrap().organisation.to_string();
    add(&server, "colleague", &university, &[Role::Requester]);
    add(&server, "own-auditor", &university, &[Role::Auditor]);
    add(&server, "plain", &university, &[Role::Requester]);

    // who administers an organisation: its own people, and no role of the portal
    for (whom, given) in
        [(RESEARCHER, "operator"), (RESEARCHER, "auditor"), ("colleague", "operator"), ("colleague", "auditor")]
    {
        assert_eq!(
            roles(&server, RESEARCHER, whom, &[given, "organisation-admin"]).problem().0,
            "forbidden",
            "{given}"
        );
    }
    for whom in ["own-auditor", STEWARD, "operator"] {
        assert_eq!(block(&server, RESEARCHER, whom).problem().0, "forbidden", "{whom}");
        assert_eq!(roles(&server, RESEARCHER, whom, &["requester"]).problem().0, "forbidden", "{whom}");
    }
    assert_eq!(server.get(RESEARCHER, &format!("/v1/persons?organisation={OWNER}")).problem().0, "forbidden");
    assert_eq!(server.get(RESEARCHER, &format!("/v1/persons/{STEWARD}")).problem().0, "forbidden");
    // who administers nothing
    for by in ["plain", STEWARD, HEAD, "own-auditor"] {
        assert_eq!(roles(&server, by, by, &["organisation-admin"]).problem().0, "forbidden", "{by}");
        assert_eq!(block(&server, by, "colleague").problem().0, "forbidden", "{by}");
        assert_eq!(unblock(&server, by, "colleague").problem().0, "forbidden", "{by}");
    }
    for by in ["plain", STEWARD] {
        assert_eq!(server.get(by, "/v1/persons").problem().0, "forbidden", "{by}");
    }
    assert_eq!(server.get("own-auditor", &format!("/v1/persons?organisation={OWNER}")).status, 200);
    assert_eq!(roles(&server, RESEARCHER, "colleague", &[]).problem().0, "invalid");
    assert_eq!(roles(&server, RESEARCHER, "colleague", &["king"]).problem().0, "invalid");

    // what it may: and the next call of the person is by the new roles
    assert_eq!(server.get("colleague", "/v1/persons").status, 403);
    roles(&server, RESEARCHER, "colleague", &["organisation-admin"]).expect(200);
    assert_eq!(server.get("colleague", "/v1/persons").status, 200);
    assert_eq!(server.post("colleague", "/v1/requests", &super::basics::university()).status, 403);

    // nobody ends its own rights, or takes from itself what it cannot give back
    refused(&block(&server, RESEARCHER, RESEARCHER), 409, "nobody blocks itself");
    refused(&roles(&server, RESEARCHER, RESEARCHER, &["requester"]), 409, "cannot give back");
    roles(&server, RESEARCHER, RESEARCHER, &["organisation-admin"]).expect(200);
    refused(&roles(&server, "operator", "operator", &["requester"]), 409, "cannot give back");
    refused(&block(&server, "operator", "operator"), 409, "nobody blocks itself");
    // whom the operator blocked the organisation does not let in again
    block(&server, "operator", "plain").expect(200);
    assert_eq!(unblock(&server, RESEARCHER, "plain").problem().0, "forbidden");
    unblock(&server, "operator", "plain").expect(200);
    // the last operator stays, whoever asks
    add(&server, "second-operator", &portal(&server), &[Role::Operator]);
    block(&server, "second-operator", "operator").expect(200);
    refused(&roles(&server, "second-operator", "second-operator", &["auditor"]), 409, "cannot give back");
    let key = server.engine.actor(&"second-operator".parse().unwrap()).unwrap();
    let blocked: Name = "operator".parse().unwrap();
    server.engine.unblock(&key, &blocked, None).unwrap().wait().unwrap();
    roles(&server, "second-operator", "operator", &["auditor"]).expect(200);
    add_operator_is_last(&server, &key);
}

/// Of the only operator who is left nobody else can take the role: there is nobody who may.
fn add_operator_is_last(server: &Server, last: &datadeal::rights::Actor) {
    let other = datadeal::rights::Actor { person: "nobody".parse().unwrap(), ..last.clone() };
    let told = server.engine.block(&other, &last.person, "left", None).unwrap_err().to_string();
    assert!(told.contains("is the last operator"), "{told}");
    let told = server.engine.set_roles(&other, &last.person, &[Role::Auditor].into(), None).unwrap_err().to_string();
    assert!(told.contains("is the last operator"), "{told}");
}
