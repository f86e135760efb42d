//! Catalogues of others, one function for each format: what is read keeps what a dataset must have, and nothing doubtful is open.

use std::collections::BTreeSet;

use datadeal::catalogue::read::{Format, Licence, MAX_FAULTS, MAX_RECORD, Source, access_level, licence, read};
use datadeal::model::dataset::Access;
use datadeal::model::json;

/// Turtle.
pub fn turtle(bytes: &[u8]) -> bool {
    catalogue(bytes, Format::Turtle)
}

/// JSON-LD.
pub fn json_ld(bytes: &[u8]) -> bool {
    catalogue(bytes, Format::JsonLd)
}

/// RDF/XML.
pub fn rdf_xml(bytes: &[u8]) -> bool {
    catalogue(bytes, Format::RdfXml)
}

/// CKAN's JSON.
pub fn ckan(bytes: &[u8]) -> bool {
    catalogue(bytes, Format::Ckan)
}

fn catalogue(bytes: &[u8], format: Format) -> bool {
    let source = Source { format: Some(format), ..Source::default() };
    let reading = read(bytes, &source);
    let again = read(bytes, &source);
    // the reader of JSON-LD tells of several faults of a context any one
    if format == Format::JsonLd && !reading.whole {
        assert_eq!((&reading.records, reading.whole), (&again.records, again.whole), "reading is the same each time");
    } else {
        assert_eq!(reading, again, "reading is the same each time");
    }
    assert!(reading.faults.len() <= MAX_FAULTS);
    assert!(reading.whole || !reading.faults.is_empty(), "what is not whole says why");
    let mut ids = BTreeSet::new();
    for record in &reading.records {
        assert!(ids.insert(&record.id), "a name stands once");
        assert!(!record.title.en.is_empty() && !record.title.nl.is_empty() && !record.description.nl.is_empty());
        if record.access == Access::Open {
            let level = record.described.access_rights.as_ref().and_then(|iri| access_level(iri.as_str()));
            assert_eq!(level.map(|l| l.access), Some(Access::Open), "only a known level is open");
            let given = record.licence.as_ref().map(|iri| licence(iri.as_str()));
            assert!(matches!(given, Some(Licence::Open | Licence::Other)), "only a licence makes it open");
        }
        // quoting makes a text longer, never without end
        let kept = json::to_value(&record.described, "description").expect("a description is JSON");
        let bytes = json::canonical(&kept);
        assert!(bytes.len() < 8 * MAX_RECORD, "{}", bytes.len());
        assert_eq!(json::read(&bytes, "description"), Ok(record.described.clone()), "it can be kept and read again");
    }
    reading.whole && !reading.records.is_empty()
}
