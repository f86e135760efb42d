//! `GET /v1/datasets` with words and facets, on the portal of the examples.

use serde_json::Value;

use super::server::Server;

fn slugs(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["slug"].as_str().unwrap()).collect()
}

/// S-240: found by words, narrowed by facets, each answer with its tag.
#[test]
fn datasets_are_found_by_words_and_facets() {
    let server = Server::start();
    let get = |query: &str| server.get("", &format!("/v1/datasets{query}")).expect(200);
    let all = get("");
    let listed = slugs(&all);
    assert!(listed.windows(2).all(|two| two[0] < two[1]), "{listed:?}");
    assert_eq!(all["total"], listed.len());
    insta::assert_snapshot!(serde_json::to_string_pretty(&get("?q=onderwijsdeelnemers")).unwrap());
    let lines: Vec<String> =
        ["schools", "opleidingen%20geboortejaar", "register", "registers&lang=nl", "%22OR%20NOT(", "nothing"]
            .iter()
            .map(|q| format!("{q}: {}", slugs(&get(&format!("?q={q}"))).join(" ")))
            .collect();
    insta::assert_snapshot!(lines.join("\n"));
    insta::assert_snapshot!(serde_json::to_string_pretty(&all["facets"]).unwrap());
    // each value of a facet leaves as many as it says
    for (facet, values) in all["facets"].as_object().unwrap() {
        for value in values.as_array().unwrap() {
            let plain = value["value"].as_str().map_or_else(|| value["value"].to_string(), str::to_owned);
            let narrowed = get(&format!("?{facet}={plain}"));
            assert_eq!(narrowed["total"], value["count"], "{facet} {plain}");
        }
    }
    let first = get("?q=register&limit=1");
    let rest = get(&format!("?q=register&after={}", first["next"].as_str().unwrap()));
    assert_eq!([slugs(&first), slugs(&rest)].concat(), slugs(&get("?q=register")));
    let answer = server.get("", "/v1/datasets?q=register");
    let tag = answer.header("etag").to_owned();
    assert_eq!(server.call_with("", "GET", "/v1/datasets?q=register", None, &[("if-none-match", &tag)]).status, 304);
}
