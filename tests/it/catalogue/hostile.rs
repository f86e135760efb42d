//! Broken and hostile files: each fault is named with its place, and good records are read all the same.

use datadeal::catalogue::read::{MAX_DEPTH, MAX_FAULTS, MAX_FILE, MAX_RECORDS, MAX_TEXT, Problem, Source, read};
use datadeal::model::dataset::Access;

use super::{faults, read_as, record};

const HEAD: &str = "@prefix dct: <http://purl.org/dc/terms/> .\n@prefix dcat: <http://www.w3.org/ns/dcat#> .\n@prefix a: <http://publications.europa.eu/resource/authority/access-right/> .\n";

/// A dataset in Turtle, four lines of it.
fn dataset(name: &str, more: &str) -> String {
    format!(
        "<https://example.nl/d/{name}> a dcat:Dataset ;\n  dct:title \"{name}\"@nl ; dct:description \"d\"@nl ;\n  dct:accessRights a:RESTRICTED ;\n  {more} .\n"
    )
}

fn good(name: &str) -> String {
    dataset(name, "dct:identifier \"x\"")
}

/// The one fault of a text of three datasets of which the second one is hostile; the others are read.
fn between(second: &str) -> Problem {
    let text = format!("{HEAD}{}{second}{}", good("first"), good("last"));
    let reading = read_as("x.ttl", &text);
    assert_eq!(reading.records.len(), 2, "{:?}", faults(&reading));
    assert_eq!(reading.records.iter().filter(|r| r.access == Access::Conditions).count(), 2);
    let [fault] = reading.faults.as_slice() else { panic!("{:?}", faults(&reading)) };
    assert_eq!(fault.place.record.as_deref(), Some("https://example.nl/d/bad"));
    assert_eq!(fault.place.line, Some(8), "{fault}");
    assert!(!fault.problem.mend().is_empty());
    fault.problem.clone()
}

/// S-196: what is too long, too deep or without end is a fault of its record.
#[test]
fn records_that_are_too_much() {
    let long = "x".repeat(MAX_TEXT + 1);
    assert!(matches!(between(&dataset("bad", &format!("dct:title \"{long}\""))), Problem::TextTooLong(..)));
    let cycle = "dct:relation _:a . _:a dct:relation _:b . _:b dct:relation _:a";
    assert_eq!(between(&dataset("bad", cycle)), Problem::Cycle);
    let (open, close) = ("[ dct:relation ".repeat(MAX_DEPTH + 1), " ]".repeat(MAX_DEPTH + 1));
    assert_eq!(between(&dataset("bad", &format!("dct:relation {open}\"x\"{close}"))), Problem::TooDeep);
    let many: String = (0..11_000).map(|n| format!("dct:relation <https://example.nl/{n}> ; ")).collect();
    assert_eq!(between(&dataset("bad", &format!("{many} dct:identifier \"x\""))), Problem::TooManyStatements);
    // nodes that all name two others: written out they would be 2^16 texts
    let shared: String = (0..MAX_DEPTH - 1)
        .map(|n| {
            format!("_:s{n} dct:relation _:s{m} ; dct:source _:s{m} ; dct:title \"{}\" . ", "y".repeat(40), m = n + 1)
        })
        .collect();
    let bomb = between(&dataset("bad", &format!("dct:relation _:s0 . {shared} _:s15 dct:title \"end\"")));
    assert!(matches!(bomb, Problem::TextTooLong(..)), "{bomb}");
    // a part that many share is weighed with each of them
    let heavy: String = (0..3).map(|n| format!("dct:description \"{n}{}\"@nl ; ", "z".repeat(MAX_TEXT - 10))).collect();
    let shared = format!("dcat:distribution _:f . _:f {heavy} dct:title \"f\"");
    assert!(matches!(between(&dataset("bad", &shared)), Problem::RecordTooLarge(_)));
    assert_eq!(
        between("<https://example.nl/d/bad> a dcat:Dataset ;\n dct:description \"no title\" .\n"),
        Problem::NoTitle
    );
}

/// S-196: so many records and no more, and then nothing is taken for gone; so many faults are told one by one, and the others counted.
#[test]
fn files_that_are_too_much() {
    let many: String =
        (0..=MAX_RECORDS).map(|n| format!("<https://example.nl/{n}> a dcat:Dataset ; dct:title \"t\" .\n")).collect();
    let packages: Vec<String> =
        (0..=MAX_RECORDS).map(|n| format!(r#"{{"identifier": "https://example.nl/{n}", "title": "t"}}"#)).collect();
    let packages = format!(r#"{{"success": true, "result": [{}]}}"#, packages.join(","));
    for (name, text) in [("x.ttl", format!("{HEAD}{many}")), ("x.json", packages)] {
        let reading = read_as(name, &text);
        assert!(reading.records.len() <= MAX_RECORDS && reading.records.len() > MAX_RECORDS / 2, "{name}");
        assert!(!reading.whole && reading.faults.iter().any(|f| f.problem == Problem::TooManyRecords), "{name}");
    }
    let untitled: String =
        (0..MAX_FAULTS + 5).map(|n| format!("<https://example.nl/{n}> a dcat:Dataset .\n")).collect();
    let reading = read_as("x.ttl", &format!("{HEAD}{untitled}"));
    assert_eq!((reading.faults.len(), reading.untold, reading.refused.len()), (MAX_FAULTS, 5, MAX_FAULTS + 5));
}

/// S-195: a fault of syntax stays within its record, and then nothing is taken for gone.
#[test]
fn a_fault_of_syntax_stays_where_it_is() {
    let broken = "<https://example.nl/d/bad> a dcat:Dataset ;\n  dct:title \"bad\"@nl ;\n  dcat:landingPage <https://example.nl/a b> ;\n  dct:accessRights a:PUBLIC .\n";
    let text = format!("{HEAD}{}{broken}{}", good("first"), good("last"));
    let reading = read_as("x.ttl", &text);
    assert!(!reading.whole);
    let names: Vec<_> = reading.records.iter().map(|r| r.title.nl.as_str()).collect();
    assert_eq!(names, ["first", "last"], "{:?}", faults(&reading));
    assert_eq!(reading.faults[0].place.line, Some(10), "{:?}", faults(&reading));
    assert!(reading.faults.iter().any(|f| f.problem == Problem::Broken), "{:?}", faults(&reading));
    assert!(reading.refused.iter().any(|iri| iri.as_str().ends_with("/bad")));
}

/// S-195: of half a file the whole records are read.
#[test]
fn half_a_file() {
    let text = format!("{HEAD}{}{}", good("first"), good("last"));
    let cut =
        text.find("RESTRICTED").and_then(|at| text[at + 1..].find("RESTRICTED").map(|next| at + 1 + next)).unwrap();
    let reading = read_as("x.ttl", &text[..cut]);
    assert_eq!(reading.records.len(), 1, "{:?}", faults(&reading));
    assert!(!reading.whole && reading.refused.len() == 1, "{:?}", faults(&reading));
    let packages = super::example("packages.json");
    let cut = packages.find("\"cable-routes\"").unwrap();
    let reading = read_as("x.json", &packages[..cut]);
    assert_eq!((reading.records.len(), reading.whole), (1, false));
    assert!(matches!(reading.faults[0].problem, Problem::Syntax(_)) && reading.faults[0].place.line > Some(30));
    // wherever it is cut: what is told of a record is no more than the whole file tells of it, and nothing is taken for gone
    for name in ["catalogue.jsonld", "catalogue.ttl", "catalogue.rdf", "packages.json"] {
        let text = super::example(name);
        let whole = read_as(name, &text);
        let mut told = 0;
        for cut in (0..text.trim_end().len()).step_by(97).filter(|cut| text.is_char_boundary(*cut)) {
            let reading = read_as(name, &text[..cut]);
            let (end, broken) = (reading.records.len(), reading.faults.len() + reading.untold);
            assert!(!reading.whole || name.ends_with("ttl"), "{name} to {cut} is not whole");
            assert!(end < whole.records.len() || broken > 0 || reading.records == whole.records, "{name} to {cut}");
            for record in &reading.records {
                let there = whole.records.iter().find(|r| r.id == record.id).unwrap();
                let open = |r: &datadeal::catalogue::read::Imported| r.access == Access::Open;
                assert!(!open(record) || open(there), "{name} to {cut} opens {}", record.id);
                told += usize::from(record == there);
            }
        }
        assert!(told > 0 || whole.records.len() == 1, "{name}: no record was read of any part");
    }
}

/// S-196: entities of a file's own are not expanded, and no context is fetched.
#[test]
fn what_would_grow_or_be_fetched() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\n]>\n<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">&b;</rdf:RDF>";
    let reading = read_as("x.rdf", bomb);
    assert_eq!(
        faults(&reading),
        ["line 3: the file declares entities of its own, which can be made to grow without end"]
    );
    assert!(!reading.whole);
    for context in
        ["\"https://evil.example/context\"", "[\"https://evil.example/context\", {\"a\": \"https://a.example/\"}]"]
    {
        let remote = format!("{{\"@context\": {context}, \"@id\": \"https://example.nl/d\", \"@type\": \"Dataset\"}}");
        let reading = read_as("x.jsonld", &remote);
        assert_eq!(reading.faults[0].problem, Problem::RemoteContext("https://evil.example/context".to_owned()));
        assert!(!reading.whole && reading.records.is_empty());
    }
    let deep = format!("{{\"@graph\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    for name in ["x.jsonld", "x.json"] {
        let reading = read_as(name, &deep);
        assert!(!reading.whole && reading.records.is_empty(), "{name}");
    }
    let deep = format!("{HEAD}<https://example.nl/d> dct:relation {}", "[ dct:relation ".repeat(200_000));
    assert!(!read_as("x.ttl", &deep).whole);
}

#[test]
fn encodings() {
    let latin =
        read(b"# a\n# caf\xe9\n<https://example.nl/d> a <http://www.w3.org/ns/dcat#Dataset> .", &Source::default());
    assert_eq!(faults(&latin), ["line 2: this is not UTF-8"]);
    let wide: Vec<u8> = "<?xml version=\"1.0\"?>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(!read(&[&[0xff, 0xfe][..], &wide].concat(), &Source::default()).whole);
    let marked = format!("\u{feff}{HEAD}{}", good("first"));
    assert_eq!(read_as("x.ttl", &marked).records.len(), 1);
    let reading = read(&vec![b' '; MAX_FILE + 1], &Source::default());
    assert_eq!(reading.faults[0].problem, Problem::FileTooLarge);
}

/// The same name twice, names that are none, and languages of all kinds.
#[test]
fn names_and_languages() {
    let package =
        |id: &str, title: &str| format!("{{\"identifier\": \"{id}\", \"title\": \"{title}\", \"notes\": \"n\"}}");
    let list = [
        package("https://example.nl/1", "one"),
        package("https://example.nl/1", "again"),
        package("https://example.nl/a b", "space"),
        package("none", "none"),
        "{\"identifier\": \"https://example.nl/2\", \"title\": 7, \"notes\": [\"n\"]}".to_owned(),
        "7".to_owned(),
        package("https://example.nl/3", "three"),
    ];
    let reading = read_as(
        "x.json",
        &format!("{{\"success\": true, \"result\": {{\"count\": 7, \"results\": [\n{}\n]}}}}", list.join(",\n")),
    );
    let titles: Vec<_> = reading.records.iter().map(|r| r.title.nl.as_str()).collect();
    assert_eq!(titles, ["one", "three"]);
    let problems: Vec<_> = reading.faults.iter().map(|f| f.problem.clone()).collect();
    let lines: Vec<_> = reading.faults.iter().filter_map(|f| f.place.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7]);
    assert!(
        matches!(
            &problems[..],
            [Problem::Twice, Problem::BadIri(_), Problem::NoIri, Problem::Member(..), Problem::Syntax(_)]
        ),
        "{problems:?}"
    );
    let mixed = "<https://example.nl/d> a dcat:Dataset ; dct:title \"Wasser\"@de, \"eau\"@fr, \"water\"@nl-BE, \"\"@en ; dct:description \"zonder taal\" .";
    let reading = read_as("x.ttl", &format!("{HEAD}{mixed}"));
    let water = record(&reading, "/d");
    assert_eq!((water.title.nl.as_str(), water.title.en.as_str()), ("water", "water"));
    assert_eq!(
        (water.described.title_in.as_deref(), water.described.description_in.as_deref()),
        (Some("nl-be"), Some("und"))
    );
    let kept: Vec<_> = water.described.unmapped.iter().map(|u| u.value.as_str()).collect();
    assert_eq!(kept, ["\"Wasser\"@de", "\"eau\"@fr"]);
    let nameless = "[] a dcat:Dataset ; dct:title \"x\" .\n[] a dcat:Dataset ; dct:title \"y\" ; dct:identifier \"https://example.nl/y\" .";
    let reading = read_as("x.ttl", &format!("{HEAD}{nameless}"));
    assert_eq!((reading.records.len(), &reading.faults[0].problem), (1, &Problem::NoIri));
    let relative =
        "{\"@id\": \"d\", \"@type\": \"http://www.w3.org/ns/dcat#Dataset\", \"http://purl.org/dc/terms/title\": \"x\"}";
    assert_eq!(read_as("x.jsonld", relative).faults[0].problem, Problem::BadIri("d".to_owned()));
}

/// A portal that says that it failed has no records, whatever else it says.
#[test]
fn a_server_that_failed() {
    let reading =
        read_as("x.json", "{\"success\": false, \"error\": {\"message\": \"no\"}, \"result\": {\"results\": []}}");
    assert!(!reading.whole && matches!(reading.faults[0].problem, Problem::Failed(_)));
}
