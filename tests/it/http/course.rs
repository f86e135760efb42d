//! A request over HTTP from draft to letter: edits name the version that they read, and a call that is repeated has its effect once.

use serde_json::json;

use super::basics::university;
use super::server::Server;

const RESEARCHER: &str = "education-researcher";
const STEWARD: &str = "education-steward";

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
    let submit =
        |tag: &str| server.call_with(RESEARCHER, "POST", &format!("{place}/submission"), None, &[("if-match", tag)]);
    let filed = submit(&newer);
    let request = filed.header("location").to_owned();
    assert_eq!(filed.expect(201)["state"], "review");
    assert_eq!(submit(&newer).problem().0, "not-found", "the draft is gone");
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
