//! Statements as a document: Turtle or JSON-LD, one group of statements after the other.

use std::io;

use oxjsonld::{JsonLdSerializer, WriterJsonLdSerializer};
use oxrdf::{GraphNameRef, Triple};
use oxttl::TurtleSerializer;
use oxttl::turtle::WriterTurtleSerializer;

use super::vocabulary::PREFIXES;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Turtle.
    Turtle,
    /// JSON-LD, expanded but for its prefixes.
    JsonLd,
}

impl Format {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Turtle => "text/turtle",
            Format::JsonLd => "application/ld+json",
        }
    }
}

/// A document that is being written. Blank nodes are of the whole document.
#[must_use]
pub struct Document(Writer);

enum Writer {
    Turtle(WriterTurtleSerializer<Vec<u8>>),
    JsonLd(WriterJsonLdSerializer<Vec<u8>>),
}

impl Document {
    /// An empty one.
    pub fn new(format: Format) -> Self {
        // a prefix that is no IRI is left out; ours all are
        Document(match format {
            Format::Turtle => {
                let add =
                    |s: TurtleSerializer, (name, iri): (&str, &str)| s.clone().with_prefix(name, iri).unwrap_or(s);
                Writer::Turtle(PREFIXES.into_iter().fold(TurtleSerializer::new(), add).for_writer(Vec::new()))
            }
            Format::JsonLd => {
                let add =
                    |s: JsonLdSerializer, (name, iri): (&str, &str)| s.clone().with_prefix(name, iri).unwrap_or(s);
                Writer::JsonLd(PREFIXES.into_iter().fold(JsonLdSerializer::new(), add).for_writer(Vec::new()))
            }
        })
    }

    /// Adds statements.
    ///
    /// # Errors
    /// Never: it is written to memory.
    pub fn add(&mut self, triples: &[Triple]) -> io::Result<()> {
        for triple in triples {
            match &mut self.0 {
                Writer::Turtle(writer) => writer.serialize_triple(triple)?,
                Writer::JsonLd(writer) => {
                    writer.serialize_quad(triple.as_ref().in_graph(GraphNameRef::DefaultGraph))?;
                }
            }
        }
        Ok(())
    }

    /// The document.
    ///
    /// # Errors
    /// Never: it was written to memory.
    pub fn finish(self) -> io::Result<Vec<u8>> {
        match self.0 {
            Writer::Turtle(writer) => writer.finish(),
            Writer::JsonLd(writer) => writer.finish(),
        }
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Document")
    }
}
