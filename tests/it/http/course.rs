//! A request over HTTP from draft to letter: edits name the version that they read, and a call that is repeated has its effect once.

use serde_json::json;

use super::basics::university;
use super::server::Server;

const RESEARCHER: &str = "education-researcher";
const STEWARD: &str = "education-steward";
const APPLICANT: &str = "NL.OIN:00000099000000023000";

#[test]
fn a_draft_is_edited_in_the_version_that_was_read() {
    let server = Server::start();
    let made = server.post(RESEARCHER, "/v1/drafts", &json!({"dataset": "education"}));
    let (place, tag) = (made.header("location").to_owned(), made.header("etag").to_owned());
    // all columns are asked for, and for some of them the law has no ground
    assert_eq!(made.expect(201)["answer"]["outcome"], "no_ground");
    assert_eq!(server.call(RESEARCHER, "PUT", &place, Some(&university())).problem().0, "precondition-required");
    let put = |tag: &str| server.call_with(RESEARCHER, "PUT", &place, Some(&university()), &[("if-match", tag)]);
    assert_eq!(put("\"0\"").problem().0, "precondition-failed");
    let written = put(&tag);
    let newer = written.header("etag").to_owned();
    assert_ne!(newer, tag);
    assert_eq!(written.expect(200)["answer"]["outcome"], "review");
    assert_eq!(put(&tag).problem().0, "precondition-failed");
    assert_eq!(server.get(STEWARD, &place).problem().0, "forbidden");
    let submit = |tag: &str| {
        server.call_with(
            RESEARCHER,
            "POST",
            &format!("{place}/submission"),
            Some(&json!({})),
            &[("if-match", tag), ("idempotency-key", "submit")],
        )
    };
    assert_eq!(submit(&tag).problem().0, "precondition-failed");
    let filed = submit(&newer);
    let request = filed.header("location").to_owned();
    assert_eq!(filed.expect(201)["state"], "review");
    assert_eq!(submit(&newer).header("location"), request, "the same call has its effect once");
    let again =
        server.call_with(RESEARCHER, "POST", &format!("{place}/submission"), Some(&json!({})), &[("if-match", &newer)]);
    assert_eq!(again.problem().0, "not-found", "the draft is gone");
    server.get(RESEARCHER, &request).expect(200);
}

#[test]
fn a_request_is_asked_about_completed_approved_and_told_in_a_letter() {
    let server = Server::start();
    let request = server.post(RESEARCHER, "/v1/requests", &university()).expect(201);
    let at = |what: &str| format!("/v1/requests/{}{what}", request["id"].as_str().unwrap());
    let receipt = server.get(RESEARCHER, &at("/receipt?lang=en"));
    assert!(receipt.header("content-type").starts_with("text/plain") && receipt.text.contains("25 November 2026"));
    assert_eq!(server.get(RESEARCHER, &at("/letter")).problem().0, "conflict", "nothing was decided");

    let work = server.get(STEWARD, "/v1/work").expect(200);
    assert_eq!(work["items"][0]["tasks"], json!([{"approve": "data-steward"}]), "{work}");
    let question = json!({"kind": "completion", "until": "2026-12-09", "reason": "which plan is it?"});
    let asked = server.post(STEWARD, &at("/term/suspensions"), &question).expect(200);
    assert_eq!(asked["term"]["standsStill"]["until"], "2026-12-09", "{asked}");
    let more = json!({"completion": {"declared": {"plan": "PLAN-2"}}});
    let complete =
        || server.call_with(RESEARCHER, "POST", &at("/completions"), Some(&more), &[("idempotency-key", "once")]);
    let completed = complete().expect(200);
    assert_eq!(completed["request"]["declared"]["plan"], "PLAN-2");
    assert_eq!(complete().expect(200)["request"], completed["request"], "the same call has its effect once");
    assert!(server.get(RESEARCHER, &at("/term")).expect(200)["standsStill"].is_null());

    let clause = json!({"en": "Results are shown first.", "nl": "Uitkomsten worden eerst getoond."});
    let term = json!({"clause": clause, "reason": "small groups", "legalBasis": "Algemene wet bestuursrecht art. 3:4"});
    let approval = json!({"approval": "data-steward", "reason": "the plan is sound", "terms": [term]});
    let ended = server.post(STEWARD, &at("/approvals"), &approval).expect(200);
    assert_eq!(ended["state"], "granted", "{ended}");
    let letter = server.get(RESEARCHER, &at("/letter?lang=nl"));
    assert!(letter.text.contains("Wij") && !letter.text.contains("letter-"), "{}", letter.text);
    assert_eq!(server.get("", &at("/letter")).status, 401);
}

/// What came by post is entered with the instant at which it came: the term counts from that day in Amsterdam. Nobody enters its own.
#[test]
fn staff_enters_what_came_by_post() {
    let server = Server::start();
    let mut asked = university();
    let own = json!({"receivedAt": "2026-11-20T22:30:00Z"});
    asked.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    let refused = server.post(RESEARCHER, "/v1/requests", &asked);
    assert_eq!(refused.problem().0, "invalid");
    assert_eq!(refused.json()["errors"][0]["pointer"], "/receivedAt");
    asked["applicant"] = json!(APPLICANT);
    asked["channel"] = json!("post");
    let mut last = |received: &str| {
        asked["receivedAt"] = json!(received);
        let filed = server.post(STEWARD, "/v1/requests", &asked).expect(201);
        assert_eq!(filed["request"]["channel"], "post");
        (filed["id"].as_str().unwrap().to_owned(), filed["term"]["lastDay"].clone())
    };
    // half past eleven in the evening, and half past midnight, in Amsterdam
    let (request, evening) = last("2026-11-19T22:30:00Z");
    let (_, night) = last("2026-11-19T23:30:00Z");
    assert_eq!((evening, night), (json!("2027-01-14"), json!("2027-01-15")));
    let at = |what: &str| format!("/v1/requests/{request}{what}");
    let receipt = server.get(RESEARCHER, &at("/receipt?lang=nl"));
    assert!(receipt.text.contains("19 november 2026"), "{}", receipt.text);
    server.clock.advance(3 * 86_400);
    let more = json!({"completion": {"declared": {"plan": "PLAN-2"}}, "receivedAt": "2026-11-27T22:30:00Z", "channel": "post"});
    assert_eq!(server.post(RESEARCHER, &at("/completions"), &more).problem().0, "invalid");
    let completed = server.post(STEWARD, &at("/completions"), &more).expect(200);
    assert_eq!(completed["request"]["completedAt"], "2026-11-27T22:30:00Z");
}

/// What a reviewer asked and why it refused is told to whoever may read the request.
#[test]
fn the_words_of_a_reviewer_are_told() {
    let server = Server::start();
    let request = server.post(RESEARCHER, "/v1/requests", &university()).expect(201);
    let at = |what: &str| format!("/v1/requests/{}{what}", request["id"].as_str().unwrap());
    let question = json!({"kind": "completion", "until": "2026-12-09", "reason": "which plan is it?"});
    server.post(STEWARD, &at("/term/suspensions"), &question).expect(200);
    let told = server.get(RESEARCHER, &at("")).expect(200);
    assert_eq!(told["term"]["standsStill"]["reason"], "which plan is it?");
    let no = json!({"approval": "data-steward", "reason": "the groups are too small"});
    server.post(STEWARD, &at("/refusals"), &no).expect(200);
    let events = server.get(RESEARCHER, &at("/events")).expect(200);
    let told: Vec<_> = events["items"].as_array().unwrap().iter().map(|e| (&e["what"], &e["reason"])).collect();
    let wanted = [
        (json!("received"), json!(null)),
        (json!("suspended"), question["reason"].clone()),
        (json!("refused"), no["reason"].clone()),
    ];
    assert!(told.into_iter().eq(wanted.iter().map(|(what, why)| (what, why))), "{events}");
    assert_eq!(events["items"][2]["approval"], "data-steward");
    assert!(events["items"][2]["function"].is_string());
    assert_eq!(server.get("", &at("/events")).status, 401);
}

/// Anybody reads what the data are and what binds them: page by page, and only once as long as it stays as it is.
#[test]
fn the_data_and_what_binds_them_are_public() {
    let server = Server::start();
    let first = server.get("", "/v1/datasets?limit=2").expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let rest = server.get("", &format!("/v1/datasets?after={}", first["next"].as_str().unwrap())).expect(200);
    let slugs: Vec<&str> = first["items"]
        .as_array()
        .unwrap()
        .iter()
        .chain(rest["items"].as_array().unwrap())
        .map(|d| d["slug"].as_str().unwrap())
        .collect();
    assert!(slugs.is_sorted() && slugs.contains(&"education") && rest["next"].is_null(), "{slugs:?}");
    let dataset = server.get("", "/v1/datasets/education");
    let (tag, told) = (dataset.header("etag").to_owned(), dataset.expect(200));
    assert!(told["dataset"]["columns"].as_array().unwrap().len() > 3, "{told}");
    let again = server.call_with("", "GET", "/v1/datasets/education", None, &[("if-none-match", &tag)]);
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", tag.as_str()));
    assert_eq!(server.get("", "/v1/datasets/nothing").problem().0, "not-found");
    let sets = told["sets"].as_array().unwrap();
    let set = server.get("", &format!("/v1/condition-sets/{}", sets.last().unwrap()["record"]["id"].as_str().unwrap()));
    assert!(set.header("cache-control").contains("public"));
    let set = set.expect(200);
    assert!(set["credentialSubject"]["text"].as_str().unwrap().contains("permit (principal"), "{set}");
    assert_eq!(set["credentialSubject"]["version"], sets.last().unwrap()["version"]);
    let schema = server.get("", "/v1/schema").expect(200);
    assert!(schema["text"].as_str().unwrap().contains("naturalPerson"));
}
