//! Importing a catalogue of 20,000 datasets until all of it is durable, beside parsing its RDF alone; and until it is found by its words.

use std::fmt::Write as _;
use std::time::Instant;

use datadeal::catalogue::read::{Source, read};
use datadeal::engine::state::ImportSource;
use datadeal::engine::{CatalogueImport, Defaults};

use crate::world::{self, World};
use crate::{Budget, ROUNDS, median};

const RECORDS: usize = 20_000;

pub(crate) fn run(budgets: &mut Vec<Budget>) {
    let text = catalogue();
    println!("a catalogue of {RECORDS} datasets, {:.0} MB", text.len() as f64 / 1e6);
    let (mut ours, mut words, mut parts) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // each time into a portal that holds none of it
        let world = World::new();
        let start = Instant::now();
        let source = Source { name: Some("catalogue.ttl"), ..Source::default() };
        let reading = read(text.as_bytes(), &source);
        let import = CatalogueImport {
            source: "catalogue.ttl".to_owned(),
            owner: world::OWNER.parse().unwrap(),
            defaults: Defaults::default(),
            reading,
            state: ImportSource::default(),
        };
        let done = world.engine.apply_import(&world.admin, import, &mut |_, _| {}).unwrap();
        ours.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        world.engine.index_datasets().unwrap();
        words.push(start.elapsed().as_secs_f64());
        assert_eq!((done.new.len(), done.faults.len()), (RECORDS, 0));
        let start = Instant::now();
        let triples = oxttl::TurtleParser::new().for_slice(&text).filter(|t| t.is_ok()).count();
        parts.push(start.elapsed().as_secs_f64());
        assert!(triples > 20 * RECORDS);
    }
    println!("found by their words after {:.0} ms more", median(words) * 1e3);
    budgets.push(Budget { name: "import 20,000 records", limit: 2.0, ours: median(ours), parts: median(parts) });
}

/// Datasets as a national catalogue describes them: some thirty statements each, of which a few have no place here.
fn catalogue() -> String {
    let mut text = String::from(
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix dct: <http://purl.org/dc/terms/> .\n@prefix foaf: <http://xmlns.com/foaf/0.1/> .\n\
         @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .\n@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\
         @prefix eu: <http://publications.europa.eu/resource/authority/> .\n@prefix d: <https://data.example.nl/id/dataset/> .\n",
    );
    let levels = ["access-right/PUBLIC", "access-right/RESTRICTED", "access-right/NON_PUBLIC"];
    for n in 0..RECORDS {
        let (level, body, day) = (levels[n % 3], n % 300, 1 + n % 28);
        write!(
            text,
            "d:n{n} a dcat:Dataset ;\n  dct:title \"Dataset {n} of body {body}\"@en , \"Dataset {n} van orgaan {body}\"@nl ;\n  \
             dct:description \"What body {body} keeps of subject {n}: each case, when it began, when it ended, and what came of it.\"@en , \
             \"Wat orgaan {body} bijhoudt van onderwerp {n}: elke zaak, wanneer zij begon, wanneer zij eindigde en wat ervan kwam.\"@nl ;\n  \
             dct:identifier \"n{n}\" ; dct:accessRights <http://publications.europa.eu/resource/authority/{level}> ;\n  \
             dct:publisher <https://data.example.nl/id/body/{body}> ; dct:creator <https://data.example.nl/id/body/{body}> ;\n  \
             dcat:contactPoint [ a vcard:Organization ; vcard:fn \"Desk of body {body}\" ; vcard:hasEmail <mailto:desk{body}@example.nl> ] ;\n  \
             dcat:theme <http://publications.europa.eu/resource/authority/data-theme/GOVE> ; dcat:keyword \"subject {n}\"@en , \"zaken\"@nl , \"cases\"@en ;\n  \
             dct:language <http://publications.europa.eu/resource/authority/language/NLD> ; dct:issued \"2025-03-{day:02}\"^^xsd:date ; dct:modified \"2026-05-{day:02}\"^^xsd:date ;\n  \
             dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/MONTHLY> ; dct:provenance \"kept by the body itself\" ;\n  \
             dct:temporal [ a dct:PeriodOfTime ; dcat:startDate \"2015-01-01\"^^xsd:date ] ; dcat:landingPage <https://data.example.nl/page/{n}> ;\n  \
             dcat:distribution <https://data.example.nl/id/file/{n}> .\n\
             <https://data.example.nl/id/file/{n}> a dcat:Distribution ; dct:title \"Dataset {n} as CSV\"@en ; dcat:accessURL <https://data.example.nl/files/{n}> ;\n  \
             dcat:downloadURL <https://data.example.nl/files/{n}.csv> ; dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;\n  \
             dct:license <http://creativecommons.org/publicdomain/zero/1.0/> ; dcat:byteSize \"{n}\"^^xsd:nonNegativeInteger .\n"
        )
        .unwrap();
    }
    for body in 0..300 {
        writeln!(text, "<https://data.example.nl/id/body/{body}> a foaf:Agent ; foaf:name \"Body {body}\"@en .")
            .unwrap();
    }
    text
}
