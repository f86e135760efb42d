//! Two who act on the same thing: one wins, and the other is told what came between, in members and in words.

use datadeal::conditions::library;
use datadeal::engine::{NewMandate, NewPerson, NewSet};
use datadeal::model::condition::{Bilingual, Level};
use datadeal::model::record::Power;
use datadeal::rights::Role;
use datadeal::sign::proof;
use serde_json::{Value, json};

use super::basics::university;
use super::deals::offered;
use super::server::{Answer, Server};

const RESEARCHER: &str = "education-researcher";
const STEWARD: &str = "education-steward";
const SECOND: &str = "education-second";
const HEAD: &str = "education-head";
const OWNER: &str = "NL.OIN:00000099000000012000";
const UNIVERSITY: &str = "NL.OIN:00000099000000023000";

/// What a conflict says came between. The ids of records are random.
fn changed(answer: &Answer) -> Value {
    assert_eq!(answer.problem().0, "conflict", "{}", answer.text);
    let mut changed = answer.json()["changed"].clone();
    for change in changed.as_array_mut().unwrap_or(&mut Vec::new()) {
        if let Some(record) = change.as_object_mut().unwrap().remove("record") {
            assert!(record.as_str().unwrap().starts_with("urn:uuid:"));
        }
        let detail = answer.problem().1;
        assert!(detail.contains(change["words"]["en"].as_str().unwrap()), "{detail}");
    }
    changed
}

/// A request that waits for the data steward, and another person who was appointed for the same.
pub(super) fn under_review(server: &Server) -> String {
    let new = NewPerson {
        person: SECOND.parse().unwrap(),
        organisation: OWNER.parse().unwrap(),
        name: "the second data steward".to_owned(),
        function: "datasteward".to_owned(),
        roles: [Role::Reviewer].into(),
    };
    server.engine.add_person(&server.operator, &new).unwrap();
    let mandate = NewMandate {
        body: Bilingual { en: "the owner".to_owned(), nl: "de eigenaar".to_owned() },
        person: SECOND.parse().unwrap(),
        powers: [Power::Approve("data-steward".to_owned())].into(),
        datasets: [].into(),
        from: None,
        until: server.engine.now().plus_seconds(86_400 * 365),
        published: None,
    };
    let head = server.engine.actor(&HEAD.parse().unwrap()).unwrap();
    server.engine.give_mandate(&head, &OWNER.parse().unwrap(), &mandate).unwrap();
    server.clock.advance(60);
    let request = server.post(RESEARCHER, "/v1/requests", &university()).expect(201);
    server.clock.advance(60);
    format!("/v1/requests/{}", request["id"].as_str().unwrap())
}

/// The same conditions in other words: a version of its own.
fn publish(server: &Server) {
    let example = library::examples().into_iter().find(|e| e.name == "education").unwrap();
    let set = NewSet {
        name: "policy.cedar".to_owned(),
        text: format!("{}\n// at {}\n", example.policy.unwrap(), server.engine.now()),
        cases: serde_json::from_str(example.cases).unwrap(),
        level: Level::Dataset,
        owner: None,
        dataset: Some("education".to_owned()),
        from: None,
        automatic_refusals: false,
        transition: None,
        automatic_suspension: false,
    };
    let head = server.engine.actor(&HEAD.parse().unwrap()).unwrap();
    server.engine.publish_conditions(&head, &set).unwrap();
}

/// Two calls at once, each by somebody with headers.
fn at_once(server: &Server, calls: [(&str, String, Value, &str); 2]) -> Vec<Answer> {
    let calls = calls.map(|(person, path, body, tag)| {
        let (key, tag) = (server.key(person), tag.to_owned());
        let url = format!("{}{path}", server.address);
        async move {
            let request = reqwest::Client::new().post(url).bearer_auth(key).header("content-type", "application/json");
            let request = if tag.is_empty() { request } else { request.header("if-match", tag) };
            let response = request.body(body.to_string()).send().await.unwrap();
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Answer { status, headers, text: response.text().await.unwrap() }
        }
    });
    let mut answers = server.wait(async {
        let [first, second] = calls.map(tokio::spawn);
        vec![first.await.unwrap(), second.await.unwrap()]
    });
    answers.sort_by_key(|answer| answer.status);
    answers
}

#[test]
fn two_reviewers_at_once() {
    let server = Server::start();
    let at = under_review(&server);
    let seen = server.get(STEWARD, &at).header("etag").to_owned();
    assert_eq!(server.get(SECOND, &at).header("etag"), seen, "both see the same");
    let answer = |reason: &str| json!({"approval": "data-steward", "reason": reason});
    let answers = at_once(
        &server,
        [
            (STEWARD, format!("{at}/approvals"), answer("sound"), &seen),
            (SECOND, format!("{at}/approvals"), answer("sound enough"), &seen),
        ],
    );
    assert_eq!([answers[0].status, answers[1].status], [200, 409], "{answers:?}");
    insta::assert_json_snapshot!(changed(&answers[1]));
    // the one who was first is not overwritten a second later, whether or not the other says what it saw
    server.clock.advance(1);
    for (what, reason) in [("approvals", "again"), ("refusals", "not at all")] {
        let late = server.post(SECOND, &format!("{at}/{what}"), &answer(reason));
        assert_eq!(changed(&late)[0]["approval"], "data-steward", "{}", late.text);
    }
    assert_eq!(server.get(STEWARD, &at).expect(200)["state"], "granted");
}

/// A refusal of one is not overwritten by another; who gave it may change its mind.
#[test]
fn an_answer_of_another_stays() {
    let server = Server::start();
    let at = under_review(&server);
    let answer = |reason: &str| json!({"approval": "data-steward", "reason": reason});
    server.post(STEWARD, &format!("{at}/refusals"), &answer("no plan")).expect(200);
    server.clock.advance(60);
    let other = server.post(SECOND, &format!("{at}/approvals"), &answer("sound"));
    let told = changed(&other);
    assert_eq!(told[0]["outcome"], "refused");
    assert_eq!(told[0]["at"], "2026-11-25T09:02:00Z");
    let ended = server.post(STEWARD, &format!("{at}/approvals"), &answer("there is one")).expect(200);
    assert_eq!(ended["state"], "granted");
}

#[test]
fn double_acceptance() {
    let server = Server::start();
    let deal = offered(&server);
    server.clock.advance(60);
    let place = format!("/v1/deals/{deal}/acceptance");
    let seen = server.get(RESEARCHER, &format!("/v1/deals/{deal}")).header("etag").to_owned();
    let signed = || {
        let document = server.get(RESEARCHER, &place).expect(200);
        let at = document["validFrom"].as_str().unwrap().parse().unwrap();
        json!({"signed": proof::sign(&document, server.held(UNIVERSITY).unwrap(), at).unwrap().value()})
    };
    let (first, second) = (signed(), signed());
    let answers =
        at_once(&server, [(RESEARCHER, place.clone(), first, &seen), (RESEARCHER, place.clone(), second, "")]);
    assert_eq!([answers[0].status, answers[1].status], [200, 409], "{answers:?}");
    insta::assert_json_snapshot!(changed(&answers[1]));
    assert_eq!(changed(&server.post(RESEARCHER, &place, &json!({}))), changed(&answers[1]));
    let audit = server.engine.audit(&server.operator, &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:?}", audit.findings);
}

#[test]
fn a_set_replaced_between_check_and_request() {
    let server = Server::start();
    server.clock.advance(60);
    let file = || {
        let mut filed = university();
        filed["sets"] = server.post(RESEARCHER, "/v1/checks", &university()).expect(200)["sets"].clone();
        filed
    };
    let filed = file();
    let draft = server.post(RESEARCHER, "/v1/drafts", &university());
    let (place, tag) = (draft.header("location").to_owned(), draft.header("etag").to_owned());
    publish(&server);
    let refused = server.post(RESEARCHER, "/v1/requests", &filed);
    insta::assert_json_snapshot!(changed(&refused));
    let submit = |tag: &str| {
        let place = format!("{place}/submission");
        server.call_with(RESEARCHER, "POST", &place, Some(&json!({})), &[("if-match", tag)])
    };
    assert_eq!(changed(&submit(&tag)), changed(&refused), "a draft is not submitted under other conditions either");
    let listed = server.get(RESEARCHER, "/v1/requests").expect(200);
    assert_eq!(listed["items"], json!([]), "nothing was received");
    // who looks again goes on
    server.post(RESEARCHER, "/v1/requests", &file()).expect(201);
    submit(server.get(RESEARCHER, &place).header("etag")).expect(201);
}

#[test]
fn a_set_replaced_between_work_list_and_confirmation() {
    let server = Server::start();
    let at = under_review(&server);
    let refusal = json!({"approval": "data-steward", "reason": "no plan"});
    server.post(STEWARD, &format!("{at}/refusals"), &refusal).expect(200);
    server.clock.advance(60);
    let seen = || {
        let work = server.get(HEAD, "/v1/work").expect(200);
        assert!(work["items"][0]["tasks"].as_array().unwrap().contains(&json!("confirm")), "{work}");
        work["items"][0]["etag"].as_str().unwrap().to_owned()
    };
    let before = seen();
    assert_eq!(server.get(HEAD, &at).header("etag"), before, "the list shows what the request shows");
    publish(&server);
    let confirm = |tag: &str| {
        server.call_with(HEAD, "POST", &format!("{at}/confirmation"), Some(&json!({})), &[("if-match", tag)])
    };
    insta::assert_json_snapshot!(changed(&confirm(&before)));
    assert_eq!(confirm(&seen()).expect(200)["state"], "refused");
    // and what ended meanwhile is told as well
    insta::assert_json_snapshot!(changed(&confirm(&before)));
    assert_eq!(confirm("nonsense").problem().0, "invalid");
}

/// A call with another body that comes under a key at the same time is not answered as if it had been done.
#[test]
fn another_call_under_the_same_key_is_refused() {
    let server = Server::start();
    let at = under_review(&server);
    let complete = |plan: &str| json!({"completion": {"declared": {"plan": plan}}});
    let call = |plan: &str| {
        let (key, url, body) = (server.key(RESEARCHER), format!("{}{at}/completions", server.address), complete(plan));
        async move {
            let request = reqwest::Client::new().post(url).bearer_auth(key).header("idempotency-key", "one");
            let answer = request.header("content-type", "application/json").body(body.to_string()).send().await;
            (answer.unwrap().status().as_u16(), body)
        }
    };
    let mut answers = server.wait(async {
        let calls = [call("PLAN-2"), call("PLAN-3")].map(tokio::spawn);
        let [first, second] = calls;
        vec![first.await.unwrap(), second.await.unwrap()]
    });
    answers.sort_by_key(|(status, _)| *status);
    assert_eq!([answers[0].0, answers[1].0], [200, 422]);
    let plan = &server.get(RESEARCHER, &at).expect(200)["request"]["declared"]["plan"];
    assert_eq!(*plan, answers[0].1["completion"]["declared"]["plan"], "what was answered was done");
}

/// Whatever the call guards beside its key: the same call at once is answered to everybody as it was to the first.
#[test]
fn the_same_act_at_once_is_done_once() {
    let server = Server::start();
    let at = under_review(&server);
    let id = at.rsplit('/').next().unwrap();
    let call = |person: &str, path: String, body: &Value| {
        let (key, url, body) = (server.key(person), format!("{}{path}", server.address), body.to_string());
        async move {
            let request = reqwest::Client::new().post(url).bearer_auth(key).header("idempotency-key", "together");
            let answer = request.header("content-type", "application/json").body(body).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    let together = |person: &str, path: &str, body: Value| {
        // made before the calls: a key is a commit of its own
        server.key(person);
        let answers = server.wait(async {
            let calls: Vec<_> = (0..12).map(|_| tokio::spawn(call(person, path.to_owned(), &body))).collect();
            let mut answers = std::collections::BTreeSet::new();
            for call in calls {
                let (status, text) = call.await.unwrap();
                assert!(matches!(status, 200 | 201), "{path}: {text}");
                answers.insert(serde_json::from_str::<Value>(&text).unwrap()["id"].as_str().unwrap().to_owned());
            }
            answers
        });
        assert_eq!(answers.len(), 1, "{path}: {answers:?}");
        answers.into_iter().next().unwrap()
    };
    let approval = json!({"approval": "data-steward", "reason": "sound"});
    assert_eq!(together(STEWARD, &format!("{at}/approvals"), approval), id);
    let deal = together(HEAD, "/v1/deals", json!({"request": id}));
    let place = format!("/v1/deals/{deal}/acceptance");
    let document = server.get(RESEARCHER, &place).expect(200);
    let at = document["validFrom"].as_str().unwrap().parse().unwrap();
    let signed = proof::sign(&document, server.held(UNIVERSITY).unwrap(), at).unwrap().value();
    assert_eq!(together(RESEARCHER, &place, json!({"signed": signed})), deal);
    let audit = server.engine.audit(&server.operator, &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty() && audit.deals == 1, "{:?}", audit.findings);
}

/// Who offers twice at once is told of the deal that is there.
#[test]
fn two_offers_at_once() {
    let server = Server::start();
    let at = under_review(&server);
    let id = at.rsplit('/').next().unwrap();
    server
        .post(STEWARD, &format!("{at}/approvals"), &json!({"approval": "data-steward", "reason": "sound"}))
        .expect(200);
    let offer = json!({"request": id});
    let answers = at_once(
        &server,
        [(HEAD, "/v1/deals".to_owned(), offer.clone(), ""), (HEAD, "/v1/deals".to_owned(), offer, "")],
    );
    assert_eq!([answers[0].status, answers[1].status], [201, 409], "{answers:?}");
    let told = answers[1].json();
    let between = told["changed"].as_array().is_some_and(|c| c.len() == 1 && c[0]["what"] == "deal");
    assert!(between || told["detail"].as_str().unwrap().contains("has a deal already"), "{told}");
}
