//! How a dataset is built: the forms in which it is told, what a change of it does, relations, and how long requests took.

use datadeal::catalogue::relations::{Drawn, Edge, Graph, Node};
use datadeal::catalogue::structure::names::Mark;
use datadeal::catalogue::structure::table::{Form, Table};
use datadeal::catalogue::structure::table_fault::TableFault;
use datadeal::catalogue::structure::{csv, csvw, table_schema};
use datadeal::engine::{Difference, NewStructure, Pace, StructurePart};
use datadeal::model::condition::{Bilingual, Lang};
use datadeal::model::description::Unmapped;
use serde_json::{Value, json};

use crate::story::{World, dataset, owner, question};

const CSVW: &str = r#"{
  "@context": ["http://www.w3.org/ns/csvw", {"@language": "nl"}],
  "url": "register.csv",
  "dc:title": "Register",
  "dc:conformsTo": {"@id": "https://example.nl/model"},
  "tableSchema": {
    "columns": [
      {"name": "year", "titles": {"nl": "Jaar", "en": "Year"}, "datatype": "gYear", "required": true, "propertyUrl": "https://example.nl/begrip/jaar"},
      {"name": "birthDate", "titles": "Geboortedatum", "datatype": {"base": "date", "format": "dd-MM-yyyy"}, "propertyUrl": "schema:birthDate", "null": "-"},
      {"name": "country", "titles": "Land", "datatype": "string"}
    ],
    "primaryKey": ["year", "birthDate"],
    "foreignKeys": [
      {"columnReference": "country", "reference": {"resource": "countries.csv", "columnReference": "code"}},
      {"columnReference": "year", "reference": {"resource": "years.csv", "columnReference": "year"}},
      {"columnReference": "birthDate", "reference": {"resource": "register.csv", "columnReference": "birthDate"}}
    ]
  }
}"#;

fn new(table: Table) -> NewStructure {
    NewStructure { table, marks: Vec::new(), models: Vec::new() }
}

fn told(kept: &[Unmapped]) -> Vec<String> {
    kept.iter().map(|k| format!("{} = {}", k.property, k.value)).collect()
}

/// Whether every member of a document stands in another one.
fn stands_in(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        (Value::Object(part), Value::Object(whole)) => {
            part.iter().all(|(k, v)| whole.get(k).is_some_and(|w| stands_in(v, w)))
        }
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(p, w)| stands_in(p, w))
        }
        (part, whole) => part == whole,
    }
}

/// S-222: all that a CSVW file says comes back, in its place; what has no place of its own is named.
#[test]
fn nothing_of_a_csvw_file_is_lost() {
    let table = csvw::read(CSVW.as_bytes()).unwrap();
    assert_eq!(
        told(&table.kept),
        [
            r#"csvw:/@context = ["http://www.w3.org/ns/csvw",{"@language":"nl"}]"#,
            r#"csvw:/dc:title = "Register""#,
            r#"csvw:/tableSchema/columns/birthDate/datatype = {"base":"date","format":"dd-MM-yyyy"}"#,
            r#"csvw:/tableSchema/columns/birthDate/null = "-""#,
            r#"csvw:/tableSchema/columns/birthDate/propertyUrl = "schema:birthDate""#,
            r#"csvw:/url = "register.csv""#,
        ]
    );
    let (written, left) = csvw::write(&table);
    assert_eq!(told(&left), Vec::<String>::new());
    let source: Value = serde_json::from_str(CSVW).unwrap();
    assert!(stands_in(&source, &written), "{written:#}");
    let year = &table.columns[0];
    assert_eq!(year.title, Some(Bilingual { en: "Year".to_owned(), nl: "Jaar".to_owned() }));
    assert_eq!((year.datatype.as_deref(), year.required), (Some("gYear"), true));
    let born = &table.columns[1];
    assert_eq!(born.concept.as_ref().unwrap().as_str(), "http://schema.org/birthDate");
    // through the other form and back
    let (schema, _) = table_schema::write(&table);
    let again = table_schema::read(schema.to_string().as_bytes()).unwrap();
    assert_eq!((again.columns, again.primary_key), (table.columns, table.primary_key));
}

/// S-222: the same of a Table Schema; types go to their datatypes and back.
#[test]
fn nothing_of_a_table_schema_is_lost() {
    let source = json!({
        "fields": [
            {"name": "id", "title": "Number", "title@nl": "Nummer", "type": "integer", "constraints": {"required": true, "unique": true}},
            {"name": "mail", "type": "string", "format": "email"},
            {"name": "page", "type": "string", "format": "uri", "rdfType": "https://schema.org/url"},
            {"name": "place", "type": "geopoint", "description": "Where it is"},
            {"name": "tags", "type": "array", "bareNumber": false},
        ],
        "primaryKey": "id",
        "missingValues": ["", "n/a"],
        "foreignKeys": [{"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}],
    });
    let package =
        json!({"name": "package", "resources": [{"name": "one", "path": "one.csv", "schema": source.clone()}]});
    let table = table_schema::read(package.to_string().as_bytes()).unwrap();
    let datatypes: Vec<_> = table.columns.iter().filter_map(|c| c.datatype.as_deref()).collect();
    assert_eq!(datatypes, ["integer", "string", "anyURI", "string", "json"]);
    let (written, left) = table_schema::write(&table);
    assert!(stands_in(&source, &written), "{written:#}");
    // what a package says around its schema has no place in a schema
    assert_eq!(
        told(&left),
        [
            r#"data-package:/resources/name = "package""#,
            r#"data-package:/schema/name = "one""#,
            r#"data-package:/schema/path = "one.csv""#,
        ]
    );
    let (other, left) = csvw::write(&table);
    assert_eq!(csvw::read(other.to_string().as_bytes()).unwrap().columns, table.columns);
    assert!(left.len() > 4, "what only Table Schema has is told: {left:?}");
}

/// What is wrong with a file, each with its place, the value and how to mend it.
#[test]
fn faults_are_named_with_their_place() {
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let many = format!("{{\"columns\":[{}]}}", vec!["{\"name\":\"x\"}"; 2001].join(","));
    let big = " ".repeat(1 << 20) + "{}";
    let name = format!("{}\n", "n".repeat(201));
    type Read = fn(&[u8]) -> Result<Table, TableFault>;
    let whole: Read = |bytes| csv::read(bytes, true);
    let cases: Vec<(&str, Read, &[u8])> = vec![
        ("half a file", csvw::read, br#"{"columns":[{"name":"a""#),
        ("a member twice", csvw::read, b"{\"columns\":[{\"name\":\"a\",\n\"name\":\"b\"}]}"),
        ("too deep", table_schema::read, deep.as_bytes()),
        ("too large", csvw::read, big.as_bytes()),
        ("too many columns", csvw::read, many.as_bytes()),
        ("another shape", csvw::read, br#"{"columns":[{"name":"a"},{"name":"b","datatype":7}]}"#),
        ("another shape", table_schema::read, br#"{"fields":[{"name":"a","constraints":[]}]}"#),
        ("nothing", csvw::read, b"{}"),
        ("nothing", table_schema::read, br#"{"fields":[]}"#),
        ("a remote context", csvw::read, br#"{"@context":"http://127.0.0.1/evil","columns":[{"name":"a"}]}"#),
        ("a remote schema", csvw::read, br#"{"tableSchema":"http://127.0.0.1/s.json"}"#),
        ("a remote schema", table_schema::read, br#"{"schema":"../../secret.json"}"#),
        ("two tables", csvw::read, br#"{"tables":[{"url":"a.csv"},{"url":"b.csv"}]}"#),
        ("no name", csvw::read, br#"{"columns":[{"name":"a"},{"datatype":"string"}]}"#),
        ("a name twice", csvw::read, br#"{"columns":[{"name":"a"},{"name":"a"}]}"#),
        ("a key of nothing", csvw::read, br#"{"columns":[{"name":"a"}],"primaryKey":"b"}"#),
        (
            "two sides",
            table_schema::read,
            br#"{"fields":[{"name":"a"}],"foreignKeys":[{"fields":"a","reference":{"fields":["b","c"]}}]}"#,
        ),
        ("Windows-1252", whole, b"naam,plaats\nJos\xe9,Den Haag\n"),
        ("UTF-16", whole, b"\xff\xfea\0,\0b\0"),
        ("a workbook", whole, b"PK\x03\x04\x14\0\x06\0"),
        ("a shorter row", whole, b"a,b,c\n1,2,3\n1,2\n"),
        ("an open quote", whole, b"a,b\n\"1,2\n3,4\n"),
        ("empty", whole, b""),
        ("a name without letters", whole, b"a, ,c\n"),
        ("a name twice", whole, b"a;b;a\n"),
        ("a long name", whole, name.as_bytes()),
    ];
    let line = |(what, read, bytes): &(&str, Read, &[u8])| {
        let fault = read(bytes).expect_err(what);
        let help = miette::Diagnostic::help(&fault).unwrap_or_else(|| panic!("{what}: no mend"));
        format!("{what}: {fault}\n    {help}")
    };
    insta::assert_snapshot!(cases.iter().map(line).collect::<Vec<_>>().join("\n"));
}

fn others(world: &World) {
    let mut countries = dataset();
    (countries.id, countries.slug) = ("https://example.nl/id/countries".parse().unwrap(), "countries".parse().unwrap());
    countries.title = Bilingual { en: "Countries".to_owned(), nl: "Landen".to_owned() };
    let mut secret = countries.clone();
    (secret.id, secret.slug) = ("https://example.nl/id/secret".parse().unwrap(), "secret".parse().unwrap());
    secret.audience = Some([owner()].into());
    let points = json!([{"columns": ["year"], "dataset": dataset().id, "references": ["year"]}]);
    secret.structure.relations = serde_json::from_value(points).unwrap();
    world.engine.add_datasets(&world.actor("operator"), &[countries, secret]).unwrap();
}

/// S-220: a structure is one record and one entry; what conditions can read makes a new version, and nothing else does. Marks stay unless
/// they are said otherwise. S-223: what it means by a name is a dataset of the portal, or is kept and told.
#[test]
fn a_structure_is_set_by_its_owner() {
    let world = World::new();
    others(&world);
    let (engine, admin) = (&world.engine, world.actor("admin"));
    let size = || engine.log().reader().head().unwrap().unwrap().size;
    let before = engine.dataset("register").unwrap();
    let table = csvw::read(CSVW.as_bytes()).unwrap();
    let seen = engine.structure_change(&admin, "register", &new(table.clone())).unwrap();
    assert_eq!(
        (seen.record, engine.dataset("register").unwrap().version),
        (None, before.version),
        "a look changes nothing"
    );
    let entries = size();
    let set = engine.set_structure(&admin, "register", &new(table.clone())).unwrap();
    assert!(set.record.is_some() && size() == entries + 1);
    assert_eq!((set.columns.clone(), set.parts.clone()), (seen.columns, seen.parts));
    let now = engine.dataset("register").unwrap();
    assert_eq!((now.version, set.before, now.record), (set.version, before.version, set.record.unwrap()));
    assert_ne!(now.version, before.version, "a column more is something that conditions can read");
    // what was marked is marked
    let born = &now.dataset.columns[1];
    assert!(born.personal && born.identifying && born.title.is_some());
    let relations: Vec<_> = now.dataset.structure.relations.iter().map(|r| r.dataset.as_str()).collect();
    assert_eq!(relations, ["https://example.nl/id/countries", "https://example.nl/id/register"]);
    let kept = told(&now.dataset.structure.kept);
    assert!(kept.iter().any(|k| k.starts_with("csvw:/foreignKeys/year") && k.contains("years.csv")), "{kept:?}");
    assert_eq!(now.dataset.structure.models[0].as_str(), "https://example.nl/model");

    // once more: nothing
    let again = engine.set_structure(&admin, "register", &new(table.clone())).unwrap();
    assert!(again.is_empty() && again.record.is_none() && size() == entries + 1);
    // a title is nothing that conditions read
    let mut other = table.clone();
    other.columns[0].title = None;
    let title = engine.set_structure(&admin, "register", &new(other)).unwrap();
    assert!(title.record.is_some() && title.version == title.before && title.columns.len() == 1);

    // from the data: names and types, and a key whose column is gone goes with it
    let sample = csv::read(b"year,country,postcode\n2020,NL,1234AB\n", true).unwrap();
    let marked = NewStructure { marks: vec![("postcode".to_owned(), Mark::Identifying)], ..new(sample.clone()) };
    let change = engine.set_structure(&admin, "register", &marked).unwrap();
    let words: Vec<_> = change.columns.iter().map(|c| (c.column.as_str(), c.change)).collect();
    assert_eq!(words, [("postcode", Difference::New), ("birthDate", Difference::Gone)]);
    assert!(change.parts.contains(&StructurePart::Key) && change.parts.contains(&StructurePart::Relations));
    let now = engine.dataset("register").unwrap().dataset;
    let [year, _, postcode] = now.columns.as_slice() else { panic!("{:?}", now.columns) };
    assert_eq!(year.datatype.as_deref(), Some("gYear"), "what is known is not guessed anew");
    assert!(postcode.personal && postcode.identifying && !postcode.special);

    // who says the group says nothing of the marks, and the other way round; a word that is no mark is refused
    let file = |of: &str| {
        format!(r#"{{"columns": [{{"name": "year"}}, {{"name": "country"}}, {{"name": "postcode", {of}}}]}}"#)
    };
    let place = |of: &str| {
        let table = csvw::read(file(of).as_bytes()).unwrap();
        engine.set_structure(&admin, "register", &new(table)).unwrap();
        engine.dataset("register").unwrap().dataset.columns[2].clone()
    };
    let grouped = place(r#""datadeal:group": "place""#);
    assert!(grouped.personal && grouped.identifying && grouped.group == "place", "{grouped:?}");
    let marked = place(r#""datadeal:marks": ["personal"]"#);
    assert!(marked.personal && !marked.identifying && marked.group == "place", "{marked:?}");
    let wrong = csvw::read(file(r#""datadeal:marks": ["personel"]"#).as_bytes()).unwrap_err().to_string();
    assert!(wrong.contains("columns[2]") && wrong.contains("personel"), "{wrong}");

    // not by anybody else, and no mark on what is not there
    let refused = engine.set_structure(&world.actor("researcher"), "register", &new(sample.clone()));
    assert!(refused.unwrap_err().to_string().contains("researcher"));
    let nothing = NewStructure { marks: vec![("bsn".to_owned(), Mark::Personal)], ..new(sample) };
    assert!(engine.set_structure(&admin, "register", &nothing).unwrap_err().to_string().contains("`bsn`"));
    let audit = engine.audit(&world.actor("operator"), &mut |_, _| {}).unwrap();
    assert!(audit.findings.is_empty(), "{:#?}", audit.findings);
}

/// S-221: a name suggests, and decides nothing; columns that together point at one person are found where they can be asked for together.
#[test]
fn names_suggest_and_decide_nothing() {
    let world = World::new();
    let (engine, admin) = (&world.engine, world.actor("admin"));
    let sample = csv::read("bsn;postcode;geslacht;geboortejaar;jaar\n;;;;\n".as_bytes(), true).unwrap();
    let change = engine.set_structure(&admin, "register", &new(sample)).unwrap();
    let marks: Vec<_> = change.suggestions.iter().map(|s| (s.column.as_str(), s.mark)).collect();
    assert_eq!(
        marks,
        [
            ("bsn", Mark::Identifying),
            ("postcode", Mark::Personal),
            ("geslacht", Mark::Personal),
            ("geboortejaar", Mark::Personal)
        ]
    );
    let now = engine.dataset("register").unwrap().dataset;
    assert!(now.columns.iter().all(|c| !c.personal && !c.identifying && !c.special));
    assert_eq!(change.together, ["postcode", "geslacht", "geboortejaar"]);
    assert_eq!(engine.built(None, "register").unwrap().together, change.together);
}

/// S-223: relations from a dataset and to it; a dataset that not everybody may see is no title here, and none that points here.
#[test]
fn relations_go_both_ways_and_betray_nobody() {
    let world = World::new();
    others(&world);
    let (engine, admin) = (&world.engine, world.actor("admin"));
    let mut table = csvw::read(CSVW.as_bytes()).unwrap();
    table.foreign_keys[1].resource = "https://example.nl/id/secret".to_owned();
    engine.set_structure(&admin, "register", &new(table)).unwrap();
    let graph = engine.relations(None, "register").unwrap();
    let titles: Vec<_> = graph.datasets.iter().map(|n| (n.dataset.as_str(), n.title.is_some())).collect();
    assert_eq!(
        titles,
        [
            ("https://example.nl/id/register", true),
            ("https://example.nl/id/countries", true),
            ("https://example.nl/id/secret", false)
        ]
    );
    assert!(graph.relations.iter().all(|e| e.from == 0));
    let back = engine.relations(None, "countries").unwrap();
    assert_eq!((back.relations.len(), back.relations[0].from, back.relations[0].to), (1, 1, 0));
    // one that is hidden from everybody is not named by its short name either
    let mut table = csvw::read(CSVW.as_bytes()).unwrap();
    table.foreign_keys[1].resource = "secret".to_owned();
    let own = engine.structure_change(&admin, "register", &new(table)).unwrap();
    assert!(!told(&own.kept).iter().any(|k| k.contains("foreignKeys")), "its owner may name it");
}

/// S-223: a hostile title ends no text that it stands in.
#[test]
fn a_hostile_title_stays_where_it_stands() {
    let hostile = "\"]; x --> y %%{init: 1}%% <script>alert('&')</script> \\\" -> z [label=\n#quot; \u{202e}]]>";
    let node = |iri: &str, title: &str| Node {
        dataset: iri.parse().unwrap(),
        title: Some(Bilingual { en: title.to_owned(), nl: title.to_owned() }),
    };
    let edge =
        |from, to, column: &str| Edge { from, to, columns: vec![column.to_owned()], references: vec!["id".to_owned()] };
    let graph = Graph {
        datasets: vec![node("urn:x:1", "Register"), node("urn:x:2", hostile), node("urn:x:3", &"long ".repeat(60))],
        relations: vec![
            edge(0, 1, hostile),
            edge(0, 2, "code"),
            edge(0, 2, "other"),
            edge(2, 0, "back"),
            edge(0, 0, "parent"),
        ],
    };
    let [mermaid, dot, svg] = [Drawn::Mermaid, Drawn::Dot, Drawn::Svg].map(|form| graph.draw(form, Lang::En));
    assert_eq!(mermaid.lines().count(), 1 + 3 + 5);
    assert!(mermaid.lines().skip(1).all(|l| l.matches('"').count() == 2 && !l.contains(['<', '%', '\\'])), "{mermaid}");
    assert_eq!(dot.lines().count(), 3 + 3 + 5 + 1);
    // within quotes every quote is escaped
    let ends = |l: &str| l.replace("\\\\", "").replace("\\\"", "").matches('"').count();
    assert!(dot.lines().filter(|l| l.contains("label=")).all(|l| ends(l) == 2), "{dot}");
    assert!(!svg.contains("<script") && !svg.contains('\u{202e}') && svg.contains("&lt;script&gt;"), "{svg}");
    insta::assert_snapshot!(format!("{mermaid}\n{dot}\n{svg}"));
}

/// How long requests took is the median of those that were decided on, told with how many there were; what was withdrawn is none.
#[test]
fn the_pace_is_that_of_the_log() {
    let world = World::new();
    let engine = &world.engine;
    let pace = || engine.show(None, "register", None).unwrap().reuse.pace;
    assert_eq!(pace(), None);
    let took = |days: i64, given: bool| {
        let case = world.request(question()).id;
        world.clock.advance(days * 86_400);
        if given {
            engine.approve(&world.actor("steward"), &case, "ethics", true, "sound").unwrap().wait().unwrap();
        } else {
            engine.withdraw(&world.actor("researcher"), &case, None).unwrap().wait().unwrap();
        }
    };
    took(2, true);
    assert_eq!(pace(), Some(Pace { requests: 1, median_days: 2 }));
    took(30, false);
    took(9, true);
    took(4, true);
    assert_eq!(pace(), Some(Pace { requests: 3, median_days: 4 }));
    took(7, true);
    assert_eq!(pace(), Some(Pace { requests: 4, median_days: 6 }), "of two in the middle the mean, rounded up");
}

/// The table of a dataset is written with what conditions can read of it, and read as the same.
#[test]
fn a_dataset_goes_out_and_comes_back() {
    for example in datadeal::conditions::library::examples() {
        let dataset: datadeal::model::dataset::Dataset = serde_json::from_str(example.dataset).unwrap();
        if dataset.columns.is_empty() {
            continue;
        }
        let (document, _) = csvw::write(&Table::of(Form::Csvw, &dataset));
        let read = csvw::read(document.to_string().as_bytes()).unwrap();
        assert_eq!(read.columns, dataset.columns, "{}", example.name);
        let (document, _) = table_schema::write(&Table::of(Form::TableSchema, &dataset));
        let read = table_schema::read(document.to_string().as_bytes()).unwrap();
        assert_eq!(read.columns, dataset.columns, "{}", example.name);
    }
}
