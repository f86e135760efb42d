//! Which format a file is in: as it is stated, by its media type, by its name, or by how it begins.

use super::Source;

/// A format that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RDF 1.1 Turtle; N-Triples is a part of it.
    Turtle,
    /// JSON-LD 1.1.
    JsonLd,
    /// RDF/XML.
    RdfXml,
    /// The JSON of CKAN's action API.
    Ckan,
}

impl std::str::FromStr for Format {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Format::ALL.into_iter().find(|(word, _)| *word == text).map(|(_, format)| format);
        found.ok_or_else(|| format!("`{text}` is none of: turtle, json-ld, rdf-xml, ckan"))
    }
}

impl Format {
    /// Every format with the word for it.
    pub const ALL: [(&'static str, Format); 4] =
        [("turtle", Format::Turtle), ("json-ld", Format::JsonLd), ("rdf-xml", Format::RdfXml), ("ckan", Format::Ckan)];

    /// The format of a file; none if nothing tells it.
    pub(super) fn of(text: &str, source: &Source<'_>) -> Option<Format> {
        source
            .format
            .or_else(|| source.media_type.and_then(Format::of_media_type))
            .or_else(|| source.name.and_then(Format::of_name))
            .or_else(|| Format::of_text(text))
    }

    /// By a media type. `application/json` may be both of the two.
    fn of_media_type(media_type: &str) -> Option<Format> {
        match media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "text/turtle" | "application/x-turtle" | "application/n-triples" => Some(Format::Turtle),
            "application/ld+json" => Some(Format::JsonLd),
            "application/rdf+xml" => Some(Format::RdfXml),
            _ => None,
        }
    }

    /// By the ending of a name, without what follows in an address.
    fn of_name(name: &str) -> Option<Format> {
        let name = name.split(['?', '#']).next().unwrap_or_default();
        match name.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "ttl" | "nt" => Some(Format::Turtle),
            "jsonld" => Some(Format::JsonLd),
            "rdf" | "xml" | "owl" => Some(Format::RdfXml),
            _ => None,
        }
    }

    /// By what stands in it: JSON-LD has members that begin with `@`.
    fn of_text(text: &str) -> Option<Format> {
        let text = text.trim_start();
        if text.starts_with(['{', '[']) {
            let linked = ["\"@context\"", "\"@graph\"", "\"@id\"", "\"@type\""].iter().any(|word| text.contains(word));
            return Some(if linked { Format::JsonLd } else { Format::Ckan });
        }
        if text.starts_with("<?xml") || text.starts_with("<rdf:") || text.starts_with("<!DOCTYPE") {
            return Some(Format::RdfXml);
        }
        let turtle = ["@prefix", "@base", "PREFIX", "BASE", "prefix", "base", "<", "#", "_:", "["];
        turtle.iter().any(|start| text.starts_with(start)).then_some(Format::Turtle)
    }
}
