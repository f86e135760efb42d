//! From bytes to records: what each format says, and what is kept of what has no place.

use std::path::PathBuf;

use datadeal::catalogue::read::{Doubt, Format, Source, access_level, read};
use datadeal::model::dataset::Access;

use super::{example, faults, read_as, record};

/// S-193: each level as its list says, and what is of no list as not open.
#[test]
fn a_catalogue_in_turtle() {
    let reading = read_as("catalogue.ttl", &example("catalogue.ttl"));
    assert_eq!(faults(&reading), [""; 0]);
    assert!(reading.whole);
    assert_eq!(reading.records.len(), 5);
    let lights = record(&reading, "/street-lights");
    assert_eq!((lights.access, lights.title.nl.as_str()), (Access::Open, "Straatverlichting"));
    assert_eq!(lights.publisher, "Voorbeeldorgaan");
    assert_eq!(lights.licence.as_ref().unwrap().as_str(), "http://creativecommons.org/publicdomain/zero/1.0/");
    let [form] = lights.described.distributions.as_slice() else { panic!("{:?}", lights.described) };
    assert_eq!((form.byte_size, form.unmapped.len()), (Some(204_800), 0));
    assert_eq!(lights.described.keywords.len(), 2);
    let bridges = record(&reading, "/bridge-sensors");
    assert_eq!((bridges.access, bridges.doubts.len()), (Access::Conditions, 0));
    assert_eq!(bridges.described.contact.as_ref().unwrap().email.as_deref(), Some("data@example.nl"));
    assert_eq!(bridges.models[0].as_str(), "https://data.example.nl/id/model/sensors");
    assert_eq!(bridges.described.temporal.unwrap().from.unwrap().to_string(), "2020-01-01");
    let provenance = bridges.described.unmapped.iter().find(|u| u.property.ends_with("provenance")).unwrap();
    assert_eq!(provenance.value, "\"Measured by the body itself\"@en");
    let holders = record(&reading, "/permit-holders");
    assert_eq!(holders.access, Access::Closed);
    assert!(access_level(holders.described.access_rights.as_ref().unwrap().as_str()).unwrap().reason.is_some());
    assert_eq!(holders.described.title_in.as_deref(), Some("nl"));
    let minutes = record(&reading, "/old-minutes");
    assert_eq!(minutes.described.legislation[0].reference.as_deref(), Some("jci1.3:c:BWBR0005252&artikel=10"));
    let noise = record(&reading, "/noise");
    assert_eq!(noise.access, Access::Closed);
    assert_eq!(noise.doubts, [Doubt::UnknownAccess("https://data.example.nl/id/level/ask-us".to_owned())]);
}

#[test]
fn the_same_in_other_formats() {
    let reading = read_as("catalogue.jsonld", &example("catalogue.jsonld"));
    assert_eq!(faults(&reading), [""; 0]);
    let water = record(&reading, "/water-levels");
    assert_eq!((water.access, water.title.en.as_str()), (Access::Conditions, "Water levels"));
    assert_eq!(water.described.description_in.as_deref(), Some("en"));
    let reading = read_as("catalogue.rdf", &example("catalogue.rdf"));
    assert_eq!(faults(&reading), [""; 0]);
    let wells = record(&reading, "/wells");
    assert_eq!(
        (wells.access, wells.title.nl.as_str(), wells.publisher.as_str()),
        (Access::Conditions, "Putten", "Example body")
    );
    assert_eq!(wells.described.distributions[0].title.as_deref(), Some("Wells as CSV"));
}

#[test]
fn packages_of_ckan() {
    let reading = read_as("packages.json", &example("packages.json"));
    assert_eq!(faults(&reading), [""; 0]);
    assert_eq!((reading.of, reading.listed, reading.whole), (Some(2), 2, true));
    let trees = record(&reading, "/tree-register");
    assert_eq!((trees.access, trees.name.as_deref()), (Access::Open, Some("tree-register")));
    assert_eq!(trees.described.distributions[0].byte_size, Some(1_048_576));
    assert!(trees.described.unmapped.iter().any(|u| u.property == "dataset_status"));
    // what stands in `extras`, as CKAN 2.9 with ckanext-dcat writes it
    let cables = record(&reading, "/cable-routes");
    assert_eq!((cables.access, cables.publisher.as_str()), (Access::Conditions, "Example body"));
    assert_eq!(cables.described.themes.len(), 1);
    assert_eq!(cables.described.issued.unwrap().to_string(), "2025-05-01");
    // a package by itself, as `package_show` gives it; without an identifier it is known by its address at the portal
    let alone = r#"{"help": "https://ckan.example.nl/data/api/3/action/help_show?name=package_show", "success": true, "result":
        {"id": "0f-1", "name": "alone", "title": "Alone", "notes": "One.", "private": true, "resources": [], "isopen": false}}"#;
    let reading = read_as("show.json", alone);
    assert_eq!(faults(&reading), [""; 0]);
    let alone = &reading.records[0];
    assert_eq!(alone.id.as_str(), "https://ckan.example.nl/data/dataset/0f-1");
    assert_eq!((alone.access, alone.hidden, &alone.doubts), (Access::Closed, true, &vec![Doubt::NoAccess]));
}

/// In doubt it is not open: a level that contradicts another, no licence, a licence that gives nothing.
#[test]
fn doubts_close() {
    let of = |said: &str| {
        let text = format!(
            "@prefix dct: <http://purl.org/dc/terms/> . @prefix a: <http://publications.europa.eu/resource/authority/access-right/> .
             <https://example.nl/d> a <http://www.w3.org/ns/dcat#Dataset> ; dct:title \"x\" ; dct:description \"y\" ; {said} ."
        );
        let reading = read_as("x.ttl", &text);
        assert_eq!(faults(&reading), [""; 0], "{said}");
        let record = reading.records[0].clone();
        (record.access, record.doubts)
    };
    let cc0 = "dct:license <http://creativecommons.org/publicdomain/zero/1.0/>";
    assert_eq!(of(&format!("dct:accessRights a:PUBLIC ; {cc0}")), (Access::Open, vec![]));
    assert_eq!(of("dct:accessRights a:PUBLIC"), (Access::Closed, vec![Doubt::NoLicence]));
    assert_eq!(of(cc0), (Access::Closed, vec![Doubt::NoAccess]));
    let (access, doubts) = of(&format!("dct:accessRights a:PUBLIC, a:RESTRICTED ; {cc0}"));
    assert_eq!((access, doubts.len()), (Access::Conditions, 1));
    let (access, doubts) = of(&format!("dct:accessRights \"PUBLIC\" ; {cc0}"));
    assert_eq!((access, doubts), (Access::Closed, vec![Doubt::UnknownAccess("PUBLIC".to_owned())]));
    let closed = "dct:license <http://standaarden.overheid.nl/owms/terms/geslotenlicentie>";
    let (access, doubts) = of(&format!("dct:accessRights a:PUBLIC ; {closed}"));
    assert!(access == Access::Closed && matches!(doubts[..], [Doubt::ClosedLicence(_)]), "{doubts:?}");
    let (access, doubts) = of(&format!("dct:accessRights a:PUBLIC ; {cc0}, <https://example.nl/other>"));
    assert!(access == Access::Closed && matches!(doubts[..], [Doubt::SeveralLicences(_)]), "{doubts:?}");
    // the licence of forms is that of the data if every form has it, and the dataset has none that could not be read
    let form = |said: &str| format!("<http://www.w3.org/ns/dcat#distribution> [ {said} dct:title \"f\" ]");
    let given = format!("{cc0} ;");
    let public = |more: &str| of(&format!("dct:accessRights a:PUBLIC ; {more}"));
    assert_eq!(public(&form(&given)).0, Access::Open);
    assert_eq!(public(&format!("{} ; {}", form(&given), form(""))), (Access::Closed, vec![Doubt::NoLicence]));
    let unread = format!("{} ; dct:license [ dct:title \"ours\" ]", form(&given));
    assert_eq!(public(&unread), (Access::Closed, vec![Doubt::NoLicence]));
}

/// A level of a form that is no word is kept with that form: written out again it is no form of its own.
#[test]
fn what_a_form_says_stays_with_it() {
    let text = "@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
         <https://example.nl/d> a dcat:Dataset ; dct:title \"x\" ; dct:description \"y\" ;
         dcat:distribution [ dct:title \"f\" ; dct:accessRights [ dct:title \"staff\" ] ] .";
    let reading = read_as("x.ttl", text);
    let described = &reading.records[0].described;
    let [form] = described.distributions.as_slice() else { panic!("{described:?}") };
    assert_eq!((form.unmapped.len(), described.unmapped.len()), (1, 0), "{described:?}");
    assert!(form.unmapped[0].property.ends_with("accessRights") && form.unmapped[0].value.contains("staff"));
    assert!(matches!(reading.records[0].doubts[..], [Doubt::UnknownAccess(_)]), "{:?}", reading.records[0].doubts);
}

/// In doubt a package is not open and not shown: levels in two places, a text in the place of a flag, a member twice, a form that is kept back.
#[test]
fn doubts_close_packages() {
    let eu = "http://publications.europa.eu/resource/authority/access-right/";
    let of = |more: &str| {
        let text = format!(
            r#"{{"success": true, "result": {{"identifier": "https://example.nl/d", "title": "d", "notes": "d",
            "license_id": "http://creativecommons.org/publicdomain/zero/1.0/deed.nl", {more}}}}}"#
        );
        let reading = read_as("x.json", &text);
        reading.records.first().map(|r| (r.access, r.hidden)).ok_or_else(|| faults(&reading).join("; "))
    };
    let level = |level: &str| format!(r#""access_rights": "{eu}{level}""#);
    let public = level("PUBLIC");
    assert_eq!(of(&public), Ok((Access::Open, false)));
    let extra = format!(r#"{public}, "extras": [{{"key": "access_rights", "value": "{eu}NON_PUBLIC"}}]"#);
    assert_eq!(of(&extra), Ok((Access::Closed, false)));
    assert_eq!(of(&format!(r#"{public}, "private": "true""#)), Ok((Access::Open, true)));
    assert_eq!(of(&format!(r#"{public}, "private": "false""#)), Ok((Access::Open, false)));
    let form = format!(r#"{public}, "resources": [{{"url": "https://example.nl/f", {}}}]"#, level("RESTRICTED"));
    assert_eq!(of(&form), Ok((Access::Conditions, false)));
    let both = format!(
        r#"{public}, "resources": [{{"url": "https://example.nl/f", {public}, "extras": [{{"key": "access_rights", "value": "staff"}}]}}]"#
    );
    assert_eq!(of(&both), Ok((Access::Closed, false)));
    let twice = of(&format!("{}, {public}", level("NON_PUBLIC"))).unwrap_err();
    assert!(twice.contains("access_rights"), "{twice}");
}

/// Two readings of one file are the same, whatever names the parser gives to nodes without one.
#[test]
fn reading_is_the_same_each_time() {
    let text = "@prefix dct: <http://purl.org/dc/terms/> .
        <https://example.nl/d> a <http://www.w3.org/ns/dcat#Dataset> ; dct:title \"x\"@nl, \"y\"@nl, \"z\"@de ; dct:description \"d\" ;
        dct:spatial [ dct:title \"b\" ; <http://www.w3.org/ns/dcat#bbox> [ dct:title \"c\" ] ] ; dct:relation _:n . _:n dct:title \"n\" .";
    let (first, second) = (read_as("x.ttl", text), read_as("x.ttl", text));
    assert_eq!(first, second);
    let unmapped = &first.records[0].described.unmapped;
    assert_eq!(unmapped.len(), 4, "{unmapped:#?}");
    assert!(unmapped.iter().all(|u| !u.value.contains("_:")), "{unmapped:#?}");
}

#[test]
fn the_format_is_stated_or_seen() {
    let ckan = example("packages.json");
    assert_eq!(read(ckan.as_bytes(), &Source::default()).records.len(), 2);
    let turtle = example("catalogue.ttl");
    assert_eq!(read(turtle.as_bytes(), &Source::default()).records.len(), 5);
    let as_turtle = Source { format: Some(Format::Turtle), name: Some("x.json"), media_type: Some("application/json") };
    assert_eq!(read(turtle.as_bytes(), &as_turtle).records.len(), 5);
    let served =
        Source { media_type: Some("text/turtle; charset=utf-8"), name: Some("https://example.nl/x"), format: None };
    assert_eq!(read(turtle.as_bytes(), &served).records.len(), 5);
    let none = read(b"PK\x03\x04", &Source::default());
    assert_eq!(faults(&none), ["the file: this is neither Turtle, JSON-LD, RDF/XML nor the JSON of CKAN"]);
}

/// The samples of real catalogues, where they are at hand.
#[test]
fn samples_of_real_catalogues() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/samples");
    let folder = std::env::var_os("DATADEAL_SHARED").map_or(folder, |shared| PathBuf::from(shared).join("samples"));
    if !folder.is_dir() {
        println!("skipped: needs ../shared");
        return;
    }
    let sample = |name: &str| read_as(name, &std::fs::read_to_string(folder.join(name)).unwrap());
    let travel = sample("donl-reisdocumenten-registers-nonpublic.ttl");
    assert_eq!(faults(&travel), [""; 0]);
    assert_eq!(travel.records[0].access, Access::Closed);
    let vote = sample("donl-verkiezingsuitslag-tk2021.ttl");
    assert_eq!((faults(&vote).len(), &vote.records[0].doubts), (0, &vec![Doubt::NoAccess]));
    let profile = sample("dcat-ap-nl30-dataset-example.ttl");
    assert_eq!((faults(&profile).len(), profile.records.len()), (0, 1));
    assert!(profile.beside > 0);
    let people = sample("brp-nonpublic-haspolicy.ttl");
    let form = &people.records[0].described.distributions[0];
    assert!(form.rights.is_some() && form.unmapped.iter().any(|u| u.property.ends_with("hasPolicy")), "{form:?}");
    let levels = sample("donl-access-rights-taxonomy.ttl");
    assert_eq!((levels.records.len(), levels.beside > 50), (0, true));
    let search = sample("data-overheid-package_search-shape.json");
    assert_eq!(search.of, Some(306));
    let package = sample("donl-ckan-example-1.json");
    assert_eq!((faults(&package).len(), package.records[0].described.legislation.len()), (0, 1));
}
