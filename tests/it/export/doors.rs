//! The catalogue over HTTP and on the command line.

use datadeal::model::json;

use super::{json_ld, same, turtle};
use crate::cli::{Place, words};
use crate::http::server::Server;

/// Turtle, or JSON-LD for who asks for it; an answer that the caller has is not sent again.
#[test]
fn the_catalogue_is_served() {
    let server = Server::start();
    let of = |accept: &str, path: &str| server.send("GET", path, &[("accept", accept)], None);
    for path in ["/v1/catalogue", "/v1/catalogue/education"] {
        let plain = of("*/*", path);
        assert_eq!((plain.status, plain.header("content-type")), (200, "text/turtle"), "{}", plain.text);
        let linked = of("application/ld+json", path);
        assert_eq!((linked.status, linked.header("content-type")), (200, "application/ld+json"));
        same(turtle(&plain.text), json_ld(&linked.text));
        assert_ne!(plain.header("etag"), linked.header("etag"));
        assert!(plain.header("vary").contains("accept"));
        let again = server.send("GET", path, &[("if-none-match", plain.header("etag"))], None);
        assert_eq!((again.status, again.text.as_str()), (304, ""));
    }
    let whole = of("text/turtle", "/v1/catalogue").text;
    assert_eq!(whole.matches("a dcat:Dataset").count(), 6, "{whole}");
    assert!(whole.contains(&format!("<{}/v1/catalogue> a dcat:Catalog", server.address)), "{whole}");
    assert_eq!(of("*/*", "/v1/catalogue/nothing").status, 404);
}

/// A dataset for few is there for them, its owner and the operator; for all others there is none.
#[test]
fn a_dataset_for_few_is_left_out() {
    let server = Server::start();
    let mut dataset = server.engine.dataset("education").unwrap().dataset;
    let organisation = server.engine.actor(&"vehicles-requester".parse().unwrap()).map(|a| a.organisation);
    dataset.audience = Some(organisation.into_iter().collect());
    server.engine.add_datasets(&server.operator, std::slice::from_ref(&dataset)).unwrap();
    for path in ["/v1/catalogue", "/v1/catalogue/education"] {
        let of = |person: &str| server.get(person, path);
        let there = |answer: crate::http::server::Answer| answer.text.contains("Register Onderwijsdeelnemers");
        assert!(!there(of("")), "{path}");
        assert!(!there(of("education-researcher")), "{path}");
        let operator = of(server.operator.person.as_str());
        assert_eq!(operator.header("cache-control"), "private, no-cache");
        assert!(there(operator), "{path}");
    }
    let hidden = server.get("education-researcher", "/v1/catalogue/education").problem();
    let nothing = server.get("education-researcher", "/v1/catalogue/nothing").problem();
    assert_eq!(hidden.0.replace("education", "nothing"), nothing.0, "who may not see it learns nothing");
}

/// On the command line: to the terminal with what is missing, or into a file; a draft from an offer.
#[test]
fn export_and_draft_on_the_command_line() {
    let place = Place::ready();
    let came = place.run(&words("dataset export education --address https://portal.example.nl"));
    assert_eq!((came.code, came.err.as_str()), (0, ""));
    for line in [
        "# - education: dcat:theme",
        "# - education: dataset/not-together",
        "dcat:accessURL <https://portal.example.nl/v1/datasets/education>",
    ] {
        assert!(came.out.contains(line), "{line}\n{}", came.out);
    }
    let text = turtle(&came.out);
    let came = place.run(&words("dataset export education --address https://portal.example.nl --format jsonld"));
    same(text, json_ld(&came.out));
    // JSON has no comments: it is said beside the document
    assert!(came.err.contains("- education: dcat:theme"), "{}", came.err);
    let came = place.run(&words("dataset export --out catalogue.ttl --lang nl"));
    assert!(came.out.starts_with("Een dataset geschreven naar catalogue.ttl\nHet profiel vraagt dit"), "{}", came.out);
    let kept = std::fs::read_to_string(place.dir.path().join("catalogue.ttl")).unwrap();
    assert!(kept.contains("a dcat:Catalog"), "{kept}");
    let came = place.run(&words("dataset export --json"));
    let object = json::parse(came.out.as_bytes(), json::MAX_BYTES).unwrap();
    assert_eq!(object["missing"][0]["what"], "dcat:theme");
    assert_eq!(place.run(&words("dataset export nothing")).code, 4);

    place.write("offer.ttl", "@prefix odrl: <http://www.w3.org/ns/odrl/2/> .\n<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:use ] .\n");
    let came = place.run(&words("conditions draft --odrl offer.ttl --out policy.cedar"));
    assert_eq!(came.code, 0, "{came:?}");
    assert!(came.out.contains("next: datadeal conditions check policy.cedar"), "{}", came.out);
    let came = place.run(&words("conditions check policy.cedar"));
    assert_eq!(came.code, 1);
    assert!(came.out.contains("@label_en is still to be filled in"), "{}", came.out);
    place.write("offer.ttl", "@prefix odrl: <http://www.w3.org/ns/odrl/2/> .\n<urn:x:o> a odrl:Offer ; odrl:permission [ odrl:action odrl:sell ] .\n");
    let came = place.run(&words("conditions draft --odrl offer.ttl"));
    assert_eq!((came.code, came.out.as_str()), (4, ""));
    assert!(came.err.contains("http://www.w3.org/ns/odrl/2/sell"), "{}", came.err);
}
