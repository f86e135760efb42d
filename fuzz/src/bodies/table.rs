//! Files that say how a dataset is built: CSVW, Table Schema and CSV. What is read is written again and says the same; what has no place is
//! kept, and stands where it stood when the same form is written.

use std::collections::BTreeSet;

use datadeal::catalogue::structure::table::{MAX_COLUMNS, Table};
use datadeal::catalogue::structure::{csv as csv_file, csvw as csvw_file, table_schema as table_schema_file};
use datadeal::model::description::Unmapped;
use serde_json::Value;

type Read = fn(&[u8]) -> Result<Table, datadeal::catalogue::structure::table_fault::TableFault>;
type Write = fn(&Table) -> (Value, Vec<Unmapped>);

/// A CSVW file.
pub fn csvw(bytes: &[u8]) -> bool {
    let Ok(table) = csvw_file::read(bytes) else { return false };
    again(&table, csvw_file::read, csvw_file::write, true);
    again(&table, table_schema_file::read, table_schema_file::write, false);
    true
}

/// A Table Schema.
pub fn table_schema(bytes: &[u8]) -> bool {
    let Ok(table) = table_schema_file::read(bytes) else { return false };
    again(&table, table_schema_file::read, table_schema_file::write, true);
    again(&table, csvw_file::read, csvw_file::write, false);
    true
}

/// A CSV file, whole or as the beginning of one.
pub fn csv(bytes: &[u8]) -> bool {
    let part = csv_file::read(bytes, false);
    let Ok(table) = csv_file::read(bytes, true) else {
        if let Ok(table) = part {
            sound(&table);
        }
        return false;
    };
    again(&table, csvw_file::read, csvw_file::write, false);
    assert!(table.columns.iter().all(|c| !c.personal && !c.identifying && !c.special), "nothing is decided by a name");
    true
}

/// The same table, written and read.
fn again(table: &Table, read: Read, write: Write, same_form: bool) {
    sound(table);
    let (document, left) = write(table);
    let text = serde_json::to_vec(&document).expect("a document is JSON");
    let again = match read(&text) {
        Ok(again) => again,
        // a document that grew over the limit by being written out is the only one
        Err(fault) => {
            assert!(text.len() > 100_000, "{fault}: {document}");
            return;
        }
    };
    assert_eq!((&again.columns, &again.primary_key), (&table.columns, &table.primary_key));
    assert_eq!((&again.models, &again.foreign_keys), (&table.models, &table.foreign_keys));
    if same_form {
        let places = |kept: &[Unmapped]| kept.iter().map(|k| k.property.clone()).collect::<BTreeSet<_>>();
        let mut all = places(&again.kept);
        all.extend(places(&left));
        let lost: Vec<_> = places(&table.kept).difference(&all).cloned().collect();
        assert!(lost.is_empty(), "lost: {lost:?} of {document}");
    }
}

/// What is read has columns, each with a name of its own, and keys of them.
fn sound(table: &Table) {
    let names: BTreeSet<&String> = table.columns.iter().map(|c| &c.name).collect();
    assert!((1..=MAX_COLUMNS).contains(&names.len()) && names.len() == table.columns.len());
    let keys = table.foreign_keys.iter().flat_map(|k| &k.columns).chain(&table.primary_key);
    assert!(keys.into_iter().all(|name| names.contains(name)));
    assert!(table.foreign_keys.iter().all(|k| k.columns.len() == k.references.len()));
}

/// Files to begin with.
pub(super) fn seeds(target: &str) -> Vec<Vec<u8>> {
    let files: &[&str] = match target {
        "csvw" => &CSVW,
        "table_schema" => &TABLE_SCHEMA,
        _ => &CSV,
    };
    files.iter().map(|file| file.as_bytes().to_vec()).collect()
}

const CSVW: [&str; 4] = [
    r#"{"@context":["http://www.w3.org/ns/csvw",{"@language":"nl"}],"url":"leerlingen.csv","dc:title":"Leerlingen",
    "dc:conformsTo":[{"@id":"https://example.nl/model"}],"tableSchema":{"columns":[
    {"name":"id","titles":"Nummer","datatype":"integer","required":true},
    {"name":"born","titles":{"nl":"Geboren","en":["Born","Birth"]},"datatype":{"base":"date","format":"dd-MM-yyyy"},"propertyUrl":"schema:birthDate"},
    {"name":"land","lang":"nl","null":["","-"],"dc:description":[{"@value":"Land","@language":"nl"},{"@value":"Country","@language":"en"}]},
    {"name":"sum","virtual":true,"valueUrl":"https://example.nl/{id}"}],
    "primaryKey":"id","foreignKeys":[{"columnReference":"land","reference":{"resource":"landen.csv","columnReference":"code"}}]}}"#,
    r#"{"columns":[{"titles":"only a title"},{"name":"b","datadeal:group":"number","datadeal:marks":["personal","identifying"]}]}"#,
    r#"{"@context":"http://www.w3.org/ns/csvw","@type":"TableGroup","notes":[1.5,null],"tables":[{"url":"a","tableSchema":{"columns":[
    {"name":"a/b~c","datatype":"string"},{"name":"parent"}],"rowTitles":["a/b~c"],
    "foreignKeys":[{"columnReference":["parent"],"reference":{"resource":"a","columnReference":["a/b~c"]}}]}}]}"#,
    r#"{"url":"a.csv","tableSchema":{"columns":[{"name":"x","titles":["X","Y"],"required":false,"separator":";","ordered":true}],"aboutUrl":"{x}"}}"#,
];

const TABLE_SCHEMA: [&str; 3] = [
    r#"{"fields":[{"name":"id","type":"integer","constraints":{"required":true,"unique":true,"minimum":0.5}},
    {"name":"born","title":"Born","title@nl":"Geboren","type":"date","format":"%d-%m-%Y"},
    {"name":"mail","type":"string","format":"email","rdfType":"https://schema.org/email"},
    {"name":"page","type":"string","format":"uri","description":"A page"},{"name":"many","type":"array"},{"name":"x","datadeal:group":"g","datadeal:marks":["special","personal"]}],
    "primaryKey":["id"],"missingValues":["","-"],"foreignKeys":[{"fields":["id"],"reference":{"resource":"","fields":["id"]}},
    {"fields":"x","reference":{"resource":"https://example.nl/others","fields":"y"}}]}"#,
    r#"{"name":"package","resources":[{"name":"one","path":"a.csv","schema":{"fields":[{"name":"a"},{"name":"b","type":"any"}]}}]}"#,
    r#"{"fields":[{"name":"a","type":"number","datadeal:datatype":"decimal"},{"name":"b","type":"geopoint"}],"datadeal:conformsTo":["urn:x:y"]}"#,
];

const CSV: [&str; 4] = [
    "id;name;born;amount\n1;\"a;b\";2001-02-03;1,5\n2;c;1999-12-31;2\n",
    "\u{feff}a,b\r\n0012,true\r\n\"x\ny\",false\r\n",
    "only\n",
    "a\tb\n2026-11-25T09:00:00Z\t09:00:00\n",
];
