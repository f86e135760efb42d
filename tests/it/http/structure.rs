//! How a dataset is built and how it relates to others, over HTTP: as data, and as the form that the caller accepts.

use datadeal::catalogue::structure::csvw;
use datadeal::engine::NewStructure;

use super::server::Server;

const CSVW: &str = r#"{"columns": [{"name": "school", "propertyUrl": "https://example.nl/id/concept/school"}, {"name": "sex"}],
    "foreignKeys": [{"columnReference": "school", "reference": {"resource": "https://example.nl/id/schools", "columnReference": "code"}}]}"#;

#[test]
fn the_structure_is_public_in_every_form() {
    let server = Server::start();
    let before = server.get("", "/v1/datasets/education/structure");
    let tag = before.header("etag").to_owned();
    assert!(before.expect(200)["columns"].as_array().unwrap().len() > 10);
    let again = server.call_with("", "GET", "/v1/datasets/education/structure", None, &[("if-none-match", &tag)]);
    assert_eq!(again.status, 304);

    let new = NewStructure { table: csvw::read(CSVW.as_bytes()).unwrap(), marks: Vec::new(), models: Vec::new() };
    server.engine.set_structure(&server.operator, "education", &new).unwrap();
    let told = server.get("", "/v1/datasets/education/structure").expect(200);
    assert_eq!(told["columns"][0]["concept"], "https://example.nl/id/concept/school");
    assert_eq!(told["columns"][1]["personal"], true, "what was marked is marked");
    assert_eq!(told["structure"]["relations"][0]["dataset"], "https://example.nl/id/schools");

    let path = "/v1/datasets/education/relations";
    let graph = server.get("", path).expect(200);
    assert_eq!((&graph["relations"][0]["from"], &graph["relations"][0]["to"]), (&0.into(), &1.into()));
    let accept = |kinds: &str| server.call_with("", "GET", &format!("{path}?lang=en"), None, &[("accept", kinds)]);
    for (kinds, kind, starts) in [
        ("image/svg+xml", "image/svg+xml", "<svg "),
        ("text/html, text/vnd.mermaid;q=0.8", "text/vnd.mermaid; charset=utf-8", "flowchart LR\n"),
        ("text/vnd.graphviz, */*", "text/vnd.graphviz; charset=utf-8", "digraph "),
        ("application/json, image/svg+xml", "application/json", "{\"datasets\""),
        ("text/html", "application/json", "{\"datasets\""),
    ] {
        let answer = accept(kinds);
        assert_eq!(
            (answer.status, answer.header("content-type"), answer.header("vary")),
            (200, kind, "accept, authorization, cookie")
        );
        assert!(answer.text.starts_with(starts), "{}", answer.text);
    }
    assert_eq!(server.get("", "/v1/datasets/nothing/structure").problem().0, "not-found");
    assert_eq!(server.get("", "/v1/datasets/nothing/relations").problem().0, "not-found");
}

/// Reuse in plain words stands beside the dataset, for an open one too.
#[test]
fn reuse_stands_beside_every_dataset() {
    let server = Server::start();
    let told = server.get("", "/v1/datasets/education").expect(200)["reuse"].clone();
    assert!(told["rules"].as_array().unwrap().iter().any(|rule| rule["role"] == "ground"), "{told}");
    assert!(told["deciders"].as_array().unwrap().iter().all(|decider| decider.get("person").is_none()), "{told}");
    assert!(!told["evidence"].as_array().unwrap().is_empty() && !told["approvals"].as_array().unwrap().is_empty());
    let open = server.get("", "/v1/datasets/open-dataset").expect(200)["reuse"].clone();
    assert_eq!((open["rules"].as_array().unwrap().len(), &open["price"]), (0, &"unsaid".into()));
}
