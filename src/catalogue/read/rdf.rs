//! The parsers of others, and where they stop. Turtle goes on after a fault; of the other two what was read before it counts.

use oxjsonld::{JsonLdErrorCode, JsonLdParser};
use oxrdf::Triple;
use oxrdfxml::RdfXmlParser;
use oxttl::TurtleParser;
use quick_xml::events::Event;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::draft::NOWHERE;
use super::fault::lines;
use super::graph::Graph;
use super::{Format, MAX_FAULTS, Place, Problem, Reading, Source, dcat};
use crate::model::json::without_place;

/// Reads the datasets of a file of RDF.
pub(super) fn read(text: &str, format: Format, source: &Source<'_>) -> Reading {
    let mut reading = Reading::default();
    let mut graph = Graph::default();
    graph.whole = true;
    let base = source.name.filter(|name| name.starts_with("https://") || name.starts_with("http://"));
    match format {
        Format::Turtle | Format::Ckan => turtle(text, base, &mut graph, &mut reading),
        Format::RdfXml => xml(text, base, &mut graph, &mut reading),
        Format::JsonLd => json(text, base, &mut graph, &mut reading),
    }
    graph.flush();
    // a file that was not written to its first line is no catalogue of which all is gone
    if graph.whole && graph.size == 0 {
        graph.whole = false;
        reading.fault(Place::default(), Problem::Empty);
    }
    (reading.whole, reading.paged) = (graph.whole, graph.paged);
    dcat::records(&graph, text, &mut reading);
    reading
}

fn turtle(text: &str, base: Option<&str>, graph: &mut Graph, reading: &mut Reading) {
    let mut parser = TurtleParser::new();
    if let Some(based) = base.and_then(|base| TurtleParser::new().with_base_iri(base).ok()) {
        parser = based;
    }
    for triple in parser.for_slice(text) {
        match triple {
            Ok(triple) => {
                if !add(triple, graph, reading) {
                    return;
                }
            }
            Err(e) => {
                graph.broke();
                reading.fault(Place::line(line(e.location().start.line)), Problem::Syntax(e.message().to_owned()));
                // a file of another kind has a fault in every line
                if reading.untold > MAX_FAULTS {
                    return;
                }
            }
        }
    }
}

fn json(text: &str, base: Option<&str>, graph: &mut Graph, reading: &mut Reading) {
    // its parser bears any depth, and what it makes of it does not
    if let Err(e) = serde_json::from_str::<Shallow>(text) {
        graph.broke();
        reading.fault(Place::line(e.line()), Problem::Syntax(without_place(&e)));
        if e.is_syntax() && e.to_string().contains("recursion limit") {
            return;
        }
    }
    let Ok(parser) = JsonLdParser::new().with_base_iri(base.unwrap_or(NOWHERE)) else { return };
    for quad in parser.for_slice(text) {
        match quad {
            Ok(quad) => {
                if !add(Triple::new(quad.subject, quad.predicate, quad.object), graph, reading) {
                    return;
                }
            }
            Err(e) => {
                graph.broke();
                let problem = match e.code() {
                    Some(JsonLdErrorCode::LoadingRemoteContextFailed) => Problem::RemoteContext(remote(text)),
                    _ => Problem::Syntax(e.to_string()),
                };
                // the syntax of JSON was told already
                if e.location().is_none() {
                    reading.fault(Place::default(), problem);
                }
                return;
            }
        }
    }
}

fn xml(text: &str, base: Option<&str>, graph: &mut Graph, reading: &mut Reading) {
    if let Some(before) = text.find("<!ENTITY").and_then(|at| text.get(..at)) {
        graph.broke();
        reading.fault(Place::line(lines(before)), Problem::Entities);
        return;
    }
    let mut parser = RdfXmlParser::new();
    if let Some(based) = base.and_then(|base| RdfXmlParser::new().with_base_iri(base).ok()) {
        parser = based;
    }
    let mut triples = parser.for_slice(text);
    while let Some(triple) = triples.next() {
        match triple {
            Ok(triple) => {
                if !add(triple, graph, reading) {
                    return;
                }
            }
            Err(e) => {
                graph.broke();
                let before = usize::try_from(triples.buffer_position()).ok().and_then(|at| text.as_bytes().get(..at));
                let newlines = before.unwrap_or_default().iter().filter(|b| **b == b'\n').count();
                reading.fault(Place::line(newlines + 1), Problem::Syntax(e.to_string()));
                return;
            }
        }
    }
    // its parser takes the end of half a file for the end of the file
    if !closed(text) {
        graph.broke();
        reading.fault(Place::line(lines(text)), Problem::Syntax("the file ends within an element".to_owned()));
    }
}

/// Whether every element of a file of XML is closed.
fn closed(text: &str) -> bool {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut open = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(_)) => open += 1,
            Ok(Event::End(_)) => open = open.saturating_sub(1),
            Ok(Event::Eof) => return open == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

fn add(triple: Triple, graph: &mut Graph, reading: &mut Reading) -> bool {
    let room = graph.add(triple);
    if !room {
        graph.broke();
        reading.fault(Place::default(), Problem::TooManyRecords);
    }
    room
}

/// The first address that stands where a context does.
fn remote(text: &str) -> String {
    let after = text.split("\"@context\"").skip(1);
    let quoted = |rest: &str| {
        let rest = rest.trim_start().strip_prefix(':')?.trim_start().trim_start_matches(['[', ' ', '\n', '\r', '\t']);
        rest.strip_prefix('"')?.split('"').next().map(|found| found.chars().take(200).collect::<String>())
    };
    after.filter_map(quoted).next().unwrap_or_else(|| "its address is within another one".to_owned())
}

fn line(from_zero: u64) -> usize {
    usize::try_from(from_zero).unwrap_or(usize::MAX).saturating_add(1)
}

/// Any JSON, of which nothing is kept: a reader with a limit of depth.
struct Shallow;

impl<'de> Deserialize<'de> for Shallow {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Shallow)
    }
}

impl<'de> Visitor<'de> for Shallow {
    type Value = Shallow;
    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }
    fn visit_bool<E>(self, _: bool) -> Result<Shallow, E> {
        Ok(Shallow)
    }
    fn visit_i64<E>(self, _: i64) -> Result<Shallow, E> {
        Ok(Shallow)
    }
    fn visit_u64<E>(self, _: u64) -> Result<Shallow, E> {
        Ok(Shallow)
    }
    fn visit_f64<E>(self, _: f64) -> Result<Shallow, E> {
        Ok(Shallow)
    }
    fn visit_str<E>(self, _: &str) -> Result<Shallow, E> {
        Ok(Shallow)
    }
    fn visit_unit<E>(self) -> Result<Shallow, E> {
        Ok(Shallow)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shallow, A::Error> {
        while items.next_element::<Shallow>()?.is_some() {}
        Ok(Shallow)
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Shallow, A::Error> {
        while members.next_key::<IgnoredAny>()?.is_some() {
            members.next_value::<Shallow>()?;
        }
        Ok(Shallow)
    }
}
