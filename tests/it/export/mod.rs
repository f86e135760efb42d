//! The catalogue for others: what is written holds what went in, names what is missing, and validates; the offers that go with it.

mod doors;
mod draft;
mod offer;
mod samples;
mod shacl;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use datadeal::catalogue::address::Address;
use datadeal::catalogue::document::{Document, Format};
use datadeal::catalogue::read::{Source, read};
use datadeal::catalogue::write::{self, Portal, Written};
use datadeal::conditions::{Schema, Slice, library, load, offer as drawn};
use datadeal::model::condition::{Bilingual, Level};
use datadeal::model::dataset::Dataset;
use datadeal::model::description::Description;
use datadeal::model::json;
use datadeal::model::odrl::Offer;
use oxrdf::{Graph, Triple};
use serde_json::{Value, json};

pub(crate) fn schema() -> &'static Schema {
    static SCHEMA: OnceLock<Schema> = OnceLock::new();
    SCHEMA.get_or_init(|| Schema::built_in().unwrap())
}

/// The conditions of a text, as those of a dataset.
fn slice(text: &str) -> Slice {
    Slice::new(vec![Arc::new(load(schema(), "policy.cedar", text, Level::Dataset).unwrap())]).unwrap()
}

/// Conditions of the library, together.
fn library_slice(names: &[&str]) -> Slice {
    slice(&names.iter().map(|name| library::folder(name).unwrap().policy).collect::<Vec<_>>().join("\n"))
}

fn portal() -> Portal {
    let both = |t: &str| Bilingual { en: format!("{t}, in English"), nl: format!("{t}, in het Nederlands") };
    Portal {
        address: Address::new("https://portal.example.nl/"),
        title: both("Catalogue"),
        description: both("What there is"),
        operator: "NL.OIN:00000099000000000000".parse().unwrap(),
        operator_name: "Portal".to_owned(),
        mail: "desk@example.nl".to_owned(),
    }
}

/// A dataset of which a source says everything.
fn full() -> Dataset {
    let mut dataset = serde_json::to_value(crate::story::dataset()).unwrap();
    dataset["embargoUntil"] = "2027-03-01T00:00:00Z".into();
    dataset["executor"] = json!({"en": "Agency", "nl": "Uitvoerder"});
    dataset["columns"][0]["title"] = json!({"en": "Year", "nl": "Jaar"});
    dataset["columns"][0]["description"] = json!({"en": "Year of birth", "nl": "Geboortejaar"});
    dataset["columns"][0]["datatype"] = "gYear".into();
    dataset["columns"][0]["required"] = true.into();
    dataset["columns"][0]["concept"] = "https://example.nl/concept/year".into();
    dataset["structure"] = json!({
        "models": ["https://example.nl/model"], "primaryKey": ["year"],
        "relations": [{"columns": ["year"], "dataset": "https://example.nl/id/years", "references": ["number"]}],
    });
    dataset["described"] = json!({
        "identifier": "register-1",
        "keywords": [{"text": "register", "lang": "nl"}, {"text": "ABC"}],
        "themes": ["http://publications.europa.eu/resource/authority/data-theme/SOCI"],
        "languages": ["http://publications.europa.eu/resource/authority/language/NLD"],
        "landingPage": "https://example.nl/register",
        "documentation": ["https://example.nl/register/manual"],
        "contact": {"name": "Desk", "email": "desk@example.nl", "web": "https://example.nl/desk", "phone": "+31 70 000 00 00"},
        "creator": {"iri": "https://example.nl/org/agency", "name": "Agency"},
        "publisher": {"iri": "https://example.nl/org/ministry", "name": "Ministry"},
        "source_holders": null,
        "sourceHolders": [{"name": "Municipalities"}],
        "issued": "2020-01-01", "modified": "2026-11-01",
        "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        "spatial": ["http://publications.europa.eu/resource/authority/country/NLD"],
        "temporal": {"from": "2010-01-01", "until": "2025-12-31"},
        "accessRights": "https://dcat.overheid.nl/application-profile/donl/term/ONDER_VOORWAARDEN",
        "legislation": [{"label": "Wet op het register", "reference": "jci1.3:c:BWBR0000001&g=2026-01-01",
            "iri": "https://wetten.overheid.nl/BWBR0000001", "from": "2001-01-01"}],
        "distributions": [{
            "id": "https://example.nl/id/register/csv", "title": "CSV", "description": "Per jaar",
            "accessUrl": "https://example.nl/register/ask", "downloadUrl": "https://example.nl/register.csv", "format": "CSV",
            "mediaType": "text/csv", "licence": "http://standaarden.overheid.nl/owms/terms/geslotenlicentie",
            "rights": "Alleen onder voorwaarden", "byteSize": 1024, "conformsTo": ["https://example.nl/schema"],
            "unmapped": [{"property": "http://www.w3.org/ns/adms#status", "value": "<https://example.nl/status/completed>"}],
        }],
        "unmapped": [
            {"property": "https://example.nl/ns#note", "value": "\"een \\\"noot\\\"\"@nl"},
            {"property": "https://example.nl/ns#rank", "value": "\"3\"^^<http://www.w3.org/2001/XMLSchema#integer>"},
            {"property": "https://example.nl/ns#blank", "value": "_:b0"},
            {"property": "dataset_status", "value": "\"available\""},
        ],
    });
    dataset["described"].as_object_mut().unwrap().remove("source_holders");
    serde_json::from_value(dataset).unwrap()
}

/// What each of these conditions becomes is in the snapshots.
fn full_offer(dataset: &Dataset) -> Offer {
    let slice = library_slice(&[
        "named-category",
        "purpose-within",
        "embargo",
        "non-commercial",
        "ethics-approval",
        "source-named",
        "no-onward-sharing",
        "delete-and-confirm",
        "breach-report",
        "fee-per-year",
        "named-users",
    ]);
    with_records(drawn(schema(), &slice, dataset))
}

fn with_records(mut offer: Offer) -> Offer {
    for text in &mut offer.texts {
        text.record = Some("urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f".parse().unwrap());
    }
    offer
}

fn written(triples: &[Triple], format: Format) -> String {
    let mut document = Document::new(format);
    document.add(triples).unwrap();
    String::from_utf8(document.finish().unwrap()).unwrap()
}

fn turtle(text: &str) -> Graph {
    let triples = oxttl::TurtleParser::new().for_slice(text.as_bytes());
    triples.map(|t| t.unwrap_or_else(|e| panic!("{e}\n{text}"))).collect()
}

fn json_ld(text: &str) -> Graph {
    let quads = oxjsonld::JsonLdParser::new().for_slice(text.as_bytes()).map(Result::unwrap);
    quads.map(|q| Triple::new(q.subject, q.predicate, q.object)).collect()
}

fn same(mut a: Graph, mut b: Graph) {
    let by = oxrdf::graph::CanonicalizationAlgorithm::Unstable;
    a.canonicalize(by);
    b.canonicalize(by);
    assert!(a == b, "{a}\n\nis not\n\n{b}");
}

fn gaps(gaps: &[write::Gap]) -> BTreeSet<&str> {
    gaps.iter().map(|g| g.what.as_str()).collect()
}

fn examples() -> Vec<(Dataset, Option<Offer>)> {
    let read = |e: library::Example| {
        let dataset: Dataset = json::read(e.dataset.as_bytes(), "dataset.json").unwrap();
        let offer = e.policy.map(|policy| with_records(drawn(schema(), &slice(policy), &dataset)));
        (dataset, offer)
    };
    library::examples().into_iter().map(read).collect()
}

/// One dataset, in both forms.
#[test]
fn a_dataset_is_written() {
    let dataset = full();
    let Written { triples, missing, left_out } = write::dataset(&portal(), &dataset, Some(&full_offer(&dataset)));
    assert_eq!(gaps(&missing), BTreeSet::new());
    let expected =
        ["dataset_status", "https://example.nl/ns#blank", "which columns hold personal data, and their groups"];
    assert_eq!(gaps(&left_out), BTreeSet::from(expected));
    let (ttl, jsonld) = (written(&triples, Format::Turtle), written(&triples, Format::JsonLd));
    insta::assert_snapshot!("dataset_turtle", ttl);
    let pretty: Value = serde_json::from_str(&jsonld).unwrap();
    insta::assert_snapshot!("dataset_jsonld", format!("{pretty:#}"));
    let graph: Graph = triples.into_iter().collect();
    same(turtle(&ttl), graph.clone());
    same(json_ld(&jsonld), graph);
}

/// Everything that is said of a dataset stands in what is written.
#[test]
fn what_went_in_is_there() {
    let dataset = full();
    let told = written(&write::dataset(&portal(), &dataset, None).triples, Format::Turtle);
    let mut missed = Vec::new();
    let left_out = ["_:b0", "dataset_status", "https://example.nl/ns#blank", "\"available\""];
    // what decides stands in the conditions, and what is done about a decision in the decision
    let aside = ["/access", "/regime", "/term", "/slug", "/owner", "/alternatives/0/kind", "/embargoUntil"];
    leaves(&serde_json::to_value(&dataset).unwrap(), "", &mut |path, text| {
        let aside = aside.iter().any(|a| path.starts_with(a)) || left_out.contains(&text);
        let text = text.replace("+31 70 000 00 00", "+31-70-000-00-00");
        let local = text.rsplit(['/', '#']).next().unwrap_or(&text).trim_matches('"').to_owned();
        // a Turtle document may write an IRI with a prefix, and a term of N-Triples in its own way
        if !aside && !told.contains(&text) && !told.contains(&local) && !path.contains("/unmapped/") {
            missed.push(format!("{path}: {text}"));
        }
    });
    assert!(missed.is_empty(), "{missed:#?}\n{told}");
    assert!(told.contains("\"een \\\"noot\\\"\"@nl") && told.contains("<https://example.nl/ns#rank> 3"), "{told}");
}

fn leaves(value: &Value, path: &str, see: &mut dyn FnMut(&str, &str)) {
    match value {
        Value::String(text) => see(path, text),
        Value::Number(n) => see(path, &n.to_string()),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, v)| leaves(v, &format!("{path}/{i}"), see));
        }
        Value::Object(map) => map.iter().for_each(|(k, v)| leaves(v, &format!("{path}/{k}"), see)),
        Value::Null | Value::Bool(_) => {}
    }
}

/// The examples say little of themselves: what the profile asks beside that is named, and nothing is made up.
#[test]
fn what_is_missing_is_named() {
    for (dataset, offer) in examples() {
        let Written { triples, missing, .. } = write::dataset(&portal(), &dataset, offer.as_ref());
        let expected = BTreeSet::from(["dcat:contactPoint", "dct:creator", "dcat:theme"]);
        assert_eq!(gaps(&missing), expected, "{}", dataset.slug);
        let (ttl, jsonld) = (written(&triples, Format::Turtle), written(&triples, Format::JsonLd));
        for property in ["dcat:contactPoint", "dct:creator", "dcat:theme"] {
            assert!(!ttl.contains(property), "{property}\n{ttl}");
        }
        same(turtle(&ttl), json_ld(&jsonld));
        // under conditions one is led to where it can be asked for
        let leads = format!("dcat:accessURL <https://portal.example.nl/v1/datasets/{}>", dataset.slug);
        assert_eq!(ttl.contains(&leads), offer.is_some(), "{ttl}");
        assert_eq!(ttl.contains("odrl:hasPolicy"), offer.is_some(), "{ttl}");
    }
}

/// A text names the digest of its conditions; IRIs are made of the address and the name of a dataset, each time the same.
#[test]
fn the_cedar_text_is_named_by_its_digest() {
    let dataset = full();
    let offer = full_offer(&dataset);
    let one = written(&write::dataset(&portal(), &dataset, Some(&offer)).triples, Format::Turtle);
    assert_eq!(one, written(&write::dataset(&portal(), &dataset, Some(&offer)).triples, Format::Turtle));
    let digest = offer.texts[0].digest.to_string();
    assert!(one.contains(&format!("spdx:checksumValue \"{digest}\"^^xsd:hexBinary")), "{one}");
    let set = "<https://portal.example.nl/v1/condition-sets/urn:uuid:01a211ee-ea80-7922-b29e-0c5c73062b0f>";
    assert!(one.contains(&format!("dct:source {set}")), "{one}");
    assert!(one.contains("odrl:hasPolicy <https://portal.example.nl/v1/catalogue/register#offer>"), "{one}");
}

/// What is written is read again as it was, by the reader of catalogues.
#[test]
fn what_is_written_is_read_again() {
    let dataset = full();
    for format in [Format::Turtle, Format::JsonLd] {
        let text = written(&write::dataset(&portal(), &dataset, Some(&full_offer(&dataset))).triples, format);
        let source = Source { media_type: Some(format.media_type()), ..Source::default() };
        let reading = read(text.as_bytes(), &source);
        assert_eq!((reading.records.len(), reading.faults.len()), (1, 0), "{:?}", reading.faults);
        let found = &reading.records[0];
        assert_eq!((&found.id, &found.title, &found.description), (&dataset.id, &dataset.title, &dataset.description));
        assert_eq!((&found.publisher, found.access), (&dataset.publisher, dataset.access));
        assert!(dataset.structure.models.iter().all(|m| found.models.contains(m)), "{:?}", found.models);
        let mut expected = dataset.described.as_deref().unwrap().clone();
        let mut read = (*found.described).clone();
        // the parts that the profile writes in another way than they came
        expected.contact.as_mut().unwrap().phone = Some("+31-70-000-00-00".to_owned());
        expected.distributions[0].media_type = Some("https://www.iana.org/assignments/media-types/text/csv".to_owned());
        expected.access_rights = read.access_rights.clone();
        // a format without an IRI is a node, which the reader keeps as it is; roles and days have no place of their own
        expected.distributions[0].format = None;
        expected.source_holders.clear();
        expected.legislation[0].from = None;
        let law = |label: &str| read.legislation.iter().find(|l| l.label.as_deref() == Some(label)).cloned();
        assert_eq!(law("Wet op het register").as_ref(), expected.legislation.first());
        assert!(law(&dataset.law).is_some());
        read.legislation.clear();
        expected.legislation.clear();
        let kept =
            |d: &Description| d.unmapped.iter().map(|u| (u.property.clone(), u.value.clone())).collect::<BTreeSet<_>>();
        let lost = expected.unmapped.iter().filter(|u| u.property.ends_with("note") || u.property.ends_with("rank"));
        assert!(
            lost.clone().count() == 2
                && lost.into_iter().all(|u| kept(&read).contains(&(u.property.clone(), u.value.clone()))),
            "{:?}",
            kept(&read)
        );
        for described in [&mut read, &mut expected] {
            described.unmapped.clear();
            described.distributions.iter_mut().for_each(|d| d.unmapped.clear());
            described.keywords.sort();
        }
        assert_eq!(read, expected);
    }
}

/// What its source says in one language is written in that one, also of the distribution that leads to the conditions.
#[test]
fn a_text_in_one_language_is_written_in_one() {
    let mut dataset = full();
    let described = dataset.described.as_mut().unwrap();
    (described.title_in, described.description_in) = (Some("nl".to_owned()), Some("und".to_owned()));
    described.distributions.clear();
    let (title, description) = (dataset.title.nl.clone(), dataset.description.nl.clone());
    (dataset.title.en, dataset.description.en) = (title.clone(), description.clone());
    let offer = full_offer(&dataset);
    let told = write::dataset(&portal(), &dataset, Some(&offer)).triples;
    let said = |text: &str| {
        let texts = told.iter().filter(|t| matches!(&t.object, oxrdf::Term::Literal(l) if l.value() == text));
        texts.map(|t| t.object.to_string()).collect::<Vec<_>>()
    };
    let in_dutch = format!("\"{title}\"@nl");
    assert_eq!(said(&title), [in_dutch.clone(), in_dutch]);
    assert_eq!(said(&description), [format!("\"{description}\"")]);
}

/// A text that RDF does not take is left out and named, and the rest is written.
#[test]
fn what_is_no_iri_is_left_out() {
    let mut dataset = full();
    let described = dataset.described.as_mut().unwrap();
    described.landing_page = Some("https://example.nl/%zz".parse().unwrap());
    described.keywords[0].lang = Some("not a language".to_owned());
    let Written { triples, left_out, .. } = write::dataset(&portal(), &dataset, None);
    assert!(gaps(&left_out).contains("<https://example.nl/%zz>, which is no IRI by RFC 3987"), "{left_out:?}");
    assert!(written(&triples, Format::Turtle).contains("dcat:keyword \"register\" , \"ABC\""));
}

/// The conformance data of other projects, where they are there.
fn conformance(what: &str) -> Option<std::path::PathBuf> {
    let shared = std::env::var_os("DATADEAL_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), std::path::PathBuf::from);
    let folder = shared.join("conformance").join(what);
    let there = folder.exists();
    if !there {
        eprintln!("skipped: needs ../shared/conformance");
    }
    Some(folder).filter(|_| there)
}
