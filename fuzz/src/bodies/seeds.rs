//! Inputs to begin with, right ones and wrong ones: from the vectors, the library of conditions and the examples.

use datadeal::conditions::library;
use datadeal::model::bitstring::Bitstring;
use datadeal::model::json;
use serde_json::{Value, json};

use super::proof;

/// A facts file as `datadeal facts new` writes it.
const COMMENTED: &str = "// What do you want to know?\n{\n  // \"applicant\": \"NL.KVK:12345678\",\n  \"purpose\": \"dd:EducationResearch\",\n  \"scope\": {\n    // - school\n    \"columns\": [\"school\", \"year\",],\n    \"level\": \"records\", // no comment: it stands behind something\n    \"linkage\": [],\n  },\n  \"declared\": {\"plan\": \"// [1,] \\\" ,}\",},\n  \"evidence\": [],\n  \"declined\": [],\n}\n";

/// The inputs of the vectors of some kind.
pub(super) fn vectors(text: &str, kind: &str) -> Vec<Value> {
    let all: Vec<Value> = serde_json::from_str(text).expect("vectors are JSON");
    all.into_iter().filter(|v| v["kind"] == kind).map(|mut v| v["input"].take()).collect()
}

pub(super) const NOTES: &str = include_str!("../../../tests/vectors/notes.json");
pub(super) const BUNDLE: &str = include_str!("../../../tests/vectors/bundle.json");
pub(super) const BUNDLES: &str = include_str!("../../../tests/vectors/bundles.json");
const PROOFS: &str = include_str!("../../../tests/vectors/proofs.json");
const DOCUMENTS: &str = include_str!("../../../tests/vectors/documents.json");

const TURTLE: &str = include_str!("../../../examples/catalogue/catalogue.ttl");
const LINKED: &str = include_str!("../../../examples/catalogue/catalogue.jsonld");
const XML: &str = include_str!("../../../examples/catalogue/catalogue.rdf");
const PACKAGES: &str = include_str!("../../../examples/catalogue/packages.json");

fn texts(vectors: Vec<Value>, member: &str) -> impl Iterator<Item = Vec<u8>> {
    let texts: Vec<_> = vectors.iter().filter_map(|v| v[member].as_str()).map(|t| t.as_bytes().to_vec()).collect();
    texts.into_iter()
}

/// The seeds of a target, by its name.
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    match target {
        "record" => records(),
        "bundle" => bundles(),
        "note" => {
            let notes = ["note", "checkpoint"].into_iter().flat_map(|kind| texts(vectors(NOTES, kind), "note"));
            notes.chain(texts(vectors(NOTES, "vkey"), "text")).collect()
        }
        "proof" => texts(vectors(NOTES, "tlog-proof"), "file").chain(proof::honest()).collect(),
        "facts" => facts(),
        "credential" => super::credential::credentials(),
        "odrl" => super::odrl::offers(),
        "turtle" => vec![TURTLE.as_bytes().to_vec()],
        "json_ld" => vec![LINKED.as_bytes().to_vec()],
        "rdf_xml" => vec![XML.as_bytes().to_vec()],
        "ckan" => {
            let all: Value = serde_json::from_str(PACKAGES).expect("packages are JSON");
            let each = all["result"]["results"].as_array().into_iter().flatten().map(|p| p.to_string().into_bytes());
            each.chain([PACKAGES.as_bytes().to_vec()]).collect()
        }
        "csv" | "csvw" | "table_schema" => super::table::seeds(target),
        "conditions" => policies().into_iter().map(Vec::from).collect(),
        other => panic!("there is no target `{other}`"),
    }
}

/// Signed documents, the records and log entries of a bundle, and documents at the edges of the profile.
fn records() -> Vec<Vec<u8>> {
    let bundle: Value = serde_json::from_str(BUNDLE).expect("a bundle is JSON");
    let entries = bundle["log"]["entries"].as_array().into_iter().flatten().map(|e| json::canonical(&e["entry"]));
    let proofs = ["proof", "sign"].into_iter().flat_map(|kind| vectors(PROOFS, kind));
    let signed = proofs.map(|v| json::canonical(&v["document"]));
    let members = bundle.as_object().into_iter().flat_map(|map| map.values());
    let records = members.flat_map(|m| m.as_array().map_or(std::slice::from_ref(m), Vec::as_slice));
    let records = records.filter(|r| r.get("proof").is_some()).map(json::canonical);
    let list = json::canonical(&status_list(&bundle));
    entries.chain(signed).chain(records).chain([list]).chain(texts(vectors(DOCUMENTS, "document"), "text")).collect()
}

/// A status list; no vector holds one. Its proof is that of another record.
fn status_list(bundle: &Value) -> Value {
    let bits = Bitstring::default().encode().expect("bits");
    let id = "https://data.example/status/1";
    json!({
        "@context": bundle["deal"]["@context"], "type": ["VerifiableCredential", "BitstringStatusListCredential"], "id": id,
        "issuer": bundle["deal"]["issuer"], "validFrom": "2026-11-25T09:00:00Z", "validUntil": "2026-11-26T09:00:00Z",
        "credentialSubject": {"id": format!("{id}#list"), "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": bits},
        "proof": bundle["deal"]["proof"],
    })
}

/// The bundle of the vectors, and what each vector changes of it.
fn bundles() -> Vec<Vec<u8>> {
    let changes = vectors(BUNDLES, "bundle");
    let changes = changes.iter().map(|v| json::canonical(&json!({"remove": v["remove"], "set": v["set"]})));
    std::iter::once(BUNDLE.as_bytes().to_vec()).chain(changes).collect()
}

/// Every condition file of the library and the examples.
pub(super) fn policies() -> Vec<&'static str> {
    let examples = library::examples();
    library::folders().iter().map(|f| f.policy).chain(examples.iter().filter_map(|e| e.policy)).collect()
}

/// The cases of library and examples, with the schema's facts at work in them.
pub(super) fn cases() -> Vec<Value> {
    let (folders, examples) = (library::folders(), library::examples());
    let files = folders.iter().map(|f| f.cases).chain(examples.iter().map(|e| e.cases));
    let files = files.map(|text| serde_json::from_str::<Value>(text).expect("cases are JSON"));
    files.flat_map(|mut file| file["cases"].as_array_mut().map(std::mem::take).unwrap_or_default()).collect()
}

/// What is said in each case, as a facts file; of those that say the same one is enough.
fn facts() -> Vec<Vec<u8>> {
    let asked = |mut case: Value| {
        let map = case.as_object_mut().expect("a case is an object");
        map.retain(|name, _| matches!(name.as_str(), "purpose" | "scope" | "declared" | "declined"));
        json::canonical(&case)
    };
    let mut all: Vec<_> = cases().into_iter().map(asked).collect();
    all.push(COMMENTED.as_bytes().to_vec());
    all.sort();
    all.dedup();
    all
}
