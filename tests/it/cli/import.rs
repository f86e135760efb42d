//! `dataset import` at the command line: a preview, the import, the same again, a part of a file, and what comes of an address.

use super::{Place, snapshot};

fn ready() -> Place {
    let place = Place::ready();
    place.copy("catalogue");
    place
}

#[test]
fn from_preview_to_import() {
    let place = ready();
    let text = std::fs::read_to_string(place.dir.path().join("catalogue/catalogue.ttl")).unwrap();
    let other = text
        .replace("Every lamp post", "Each lamp post")
        .replace("<https://data.example.nl/id/level/ask-us>", "access:RESTRICTED");
    place.write("other.ttl", &other);
    let at = other.find(":noise a").unwrap();
    place.write(
        "part.ttl",
        &format!("{}:noise a dcat:Dataset ; dct:title \"x\" ; dct:relation <no iri> .\n", &other[..at]),
    );
    place.write("whole.ttl", &other[..at]);
    let told = place.transcript(
        "
        --as steward dataset import catalogue/catalogue.ttl
        --as steward dataset import catalogue/catalogue.ttl --defaults catalogue/defaults.json
        --as steward dataset import catalogue/catalogue.ttl --defaults catalogue/defaults.json --source example --apply
        --as steward dataset import catalogue/catalogue.ttl --source example --apply
        --as steward dataset import other.ttl --source example
        --as steward dataset import part.ttl --source example --apply
        --as steward dataset import whole.ttl --source example --apply
        --lang nl --as steward dataset import catalogue/catalogue.ttl --source example
        --as steward dataset import catalogue/packages.json --defaults catalogue/defaults.json --apply
        dataset show bridge-sensors
        dataset list
        ",
    );
    snapshot("import", &told);
    let object = place.json("--as steward dataset import catalogue/catalogue.ttl --source example");
    assert_eq!((object["unchanged"].as_u64(), object["whole"].as_bool()), (Some(3), Some(true)), "{object:#}");
    assert_eq!(object["changed"].as_array().unwrap().len(), 2);
    assert_eq!(object["findings"][0]["finding"], "no-conditions");
}

#[test]
fn what_cannot_be_imported() {
    let place = ready();
    place.write("empty.ttl", "");
    place.write("text.txt", "hello");
    place.write("bad.json", "{\"competentBody\": \"x\"}");
    let told = place.transcript(
        "
        --as researcher dataset import catalogue/catalogue.ttl --owner NL.OIN:00000099000000012000
        --as steward dataset import nothing.ttl
        --as steward dataset import empty.ttl
        --as steward dataset import text.txt
        --as steward dataset import catalogue/catalogue.ttl --format xml
        --as steward dataset import catalogue/catalogue.ttl --format json-ld
        --as steward dataset import catalogue/catalogue.ttl --defaults bad.json
        --as steward dataset import https://127.0.0.1/catalogue.ttl
        --as steward dataset import http://example.nl/catalogue.ttl
        --as steward dataset import https://example.nl/c.ttl --allow 10.0.0.0/99
        ",
    );
    snapshot("import-refused", &told);
}
