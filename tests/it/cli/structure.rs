//! How a dataset is built, at the command line: from files, on one screen, and into files.

use super::{Place, snapshot, words};

const CSVW: &str = r#"{
  "@context": "http://www.w3.org/ns/csvw",
  "url": "enrolments.csv",
  "dc:conformsTo": {"@id": "https://example.nl/id/model/enrolments"},
  "tableSchema": {
    "columns": [
      {"name": "personal-number", "titles": {"en": "Personal number", "nl": "Persoonsgebonden nummer"}, "datatype": "string", "required": true},
      {"name": "school", "titles": {"en": "School", "nl": "Instelling"}, "datatype": "string", "propertyUrl": "https://example.nl/id/concept/school"},
      {"name": "postcode6", "datatype": {"base": "string", "format": "[0-9]{4}[A-Z]{2}"}},
      {"name": "sex", "titles": {"en": "Sex", "nl": "Geslacht"}, "datatype": "string"},
      {"name": "birth-date", "titles": {"en": "Birth date", "nl": "Geboortedatum"}, "datatype": "date"},
      {"name": "guardian email", "titles": {"en": "Mail of the guardian", "nl": "Mail van de verzorger"}, "datatype": "string"}
    ],
    "primaryKey": "personal-number",
    "foreignKeys": [{"columnReference": "school", "reference": {"resource": "https://example.nl/id/schools", "columnReference": "code"}}]
  }
}"#;

/// The four questions of the national pilot, each on one screen; in both languages, and as data.
#[test]
fn a_structure_is_seen_applied_and_written() {
    let place = Place::ready();
    place.write("enrolments.csv-metadata.json", CSVW);
    place.write("enrolments.csv", "personal-number;school;amount\n012345678;01AB;1,5\n112345678;02CD;2\n");
    let told = place.transcript(
        "
        dataset show education --structure
        --as steward dataset structure education --csvw enrolments.csv-metadata.json
        --lang nl --as steward dataset structure education --csvw enrolments.csv-metadata.json
        --as steward dataset structure education --csvw enrolments.csv-metadata.json --special sex --model https://example.nl/id/model/two --apply
        --as steward dataset structure education --csvw enrolments.csv-metadata.json --special sex --model https://example.nl/id/model/two --apply
        dataset show education --structure
        --lang nl dataset structure education
        dataset relations education
        dataset relations education --form mermaid
        dataset structure education --form csvw
        dataset structure education --form table-schema
        --as steward dataset structure education --csv enrolments.csv
        ",
    );
    snapshot("structure", &told);
    let object = place.json("dataset show education --structure");
    assert_eq!(object["structure"]["primaryKey"][0], "personal-number");
    assert_eq!(object["relations"]["datasets"][1]["dataset"], "https://example.nl/id/schools");
    let svg = place.run(&words("dataset relations education --form svg"));
    assert!(svg.out.starts_with("<svg ") && svg.out.ends_with("</svg>\n"), "{}", svg.out);
    // what was written is read as the same
    let written = place.run(&words("dataset structure education --form csvw")).out;
    let came = place.run_with(&words("--as steward dataset structure education --csvw -"), &written);
    assert!(came.out.contains("Nothing changes."), "{}", came.out);
}

/// Whose is wrong is told with its place, and nothing is written.
#[test]
fn a_wrong_file_changes_nothing() {
    let place = Place::ready();
    place.write("half.json", "{\"columns\": [{\"name\": \"a\"");
    place.write("remote.json", "{\"@context\": \"http://127.0.0.1/context\", \"columns\": [{\"name\": \"a\"}]}");
    place.write("short.csv", "a,b\n1\n");
    std::fs::write(place.dir.path().join("latin.csv"), b"naam,plaats\nJos\xe9,Den Haag\n").unwrap();
    let before = place.json("dataset show education");
    let told = place.transcript(
        "
        --as steward dataset structure education --csvw half.json --apply
        --as steward dataset structure education --csvw remote.json --apply
        --as steward dataset structure education --csv short.csv --apply
        --as steward dataset structure education --csv latin.csv --apply
        --as steward dataset structure education --csv nothing.csv --apply
        --as steward dataset structure education --table-schema half.json --csv short.csv
        --as steward dataset structure nothing --csv short.csv
        --as steward dataset structure education --csvw education/dataset.json
        ",
    );
    snapshot("structure_wrong", &told);
    assert_eq!(place.json("dataset show education"), before);
}

/// Reuse in plain words for every dataset, open ones too.
#[test]
fn reuse_in_plain_words() {
    let place = Place::ready();
    for example in ["open-dataset", "vehicles"] {
        place.copy(example);
    }
    let open = std::fs::read_to_string(place.dir.path().join("open-dataset/dataset.json")).unwrap();
    let mut open: serde_json::Value = serde_json::from_str(&open).unwrap();
    open["owner"] = super::OWNER.into();
    open["described"] = serde_json::json!({
        "sourceHolders": [{"name": "Municipalities"}, {"iri": "https://example.nl/id/org/council"}],
        "price": {"en": "Free of charge", "nl": "Gratis"},
    });
    place.write("open.json", &open.to_string());
    let slug = open["slug"].as_str().unwrap().to_owned();
    let told = place.transcript(&format!(
        "
        --as operator dataset add open.json
        dataset show {slug}
        --lang nl dataset show {slug}
        dataset show education
        --lang nl dataset show education
        "
    ));
    snapshot("reuse", &told);
    // whose evidence counts, and how long it took, once there is something to tell
    place.write("asked.json", "{\"purpose\": \"dd:EducationResearch\", \"declared\": {\"category\": \"company\"}}");
    let asked = place.json("--as researcher request submit --dataset education --facts asked.json");
    place.json(&format!(
        "--as steward request confirm {}",
        asked["request"]["id"].as_str().unwrap_or_else(|| panic!("{asked:#}"))
    ));
    let trust = format!("--as operator trust add --org {} --fact designation --kind confirmation", super::OWNER);
    assert_eq!(place.json(&trust)["code"], 0);
    assert_eq!(place.json("--as operator trust publish")["code"], 0);
    for (lang, counts, took) in [
        (
            "en",
            "Counts from: Ministry of Education (a confirmation by a person)",
            "The last request took less than a day.",
        ),
        ("nl", "Telt van: Ministry of Education (", "Het laatste verzoek duurde minder dan een dag."),
    ] {
        let told = place.run(&words(&format!("--lang {lang} dataset show education"))).out;
        assert!(told.contains(counts) && told.contains(took), "{told}");
    }
    let object = place.json("dataset show education");
    assert_eq!(object["reuse"]["approvals"].as_array().unwrap().len(), 1, "{object:#}");
    assert!(object["reuse"]["evidence"].as_array().is_some_and(|asked| !asked.is_empty()));
}
