//! Every parser of foreign input, held to what the fuzz targets hold it to: the bodies of `fuzz/`, on their seeds with a few bytes changed.

use proptest::prelude::*;
use proptest::sample::Index;

#[path = "../../fuzz/src/bodies/mod.rs"]
#[expect(unreachable_pub, reason = "the fuzz targets call it from outside")]
mod bodies;

/// Pieces that matter to some parser.
const PIECES: [&str; 24] = [
    "\n",
    "\n\n",
    "\r",
    "// ",
    ",",
    "}",
    "]",
    "\"",
    "\\",
    "\\u0000",
    "null",
    "é",
    "0",
    "-0",
    "1e9",
    "9007199254740992",
    "{\"a\":",
    "[",
    "\u{2014} ",
    "index ",
    "A",
    "=",
    " has ",
    "!(",
];

/// One change of an input.
#[derive(Debug, Clone)]
enum Change {
    Byte(Index, u8),
    Remove(Index, usize),
    Twice(Index, usize),
    Piece(Index, Index),
    /// A part of another seed.
    Other(Index, Index, Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (at(), b' '..=b'~').prop_map(|(at, byte)| Change::Byte(at, byte)),
        (at(), 1usize..24).prop_map(|(at, n)| Change::Remove(at, n)),
        (at(), 1usize..80).prop_map(|(at, n)| Change::Twice(at, n)),
        (at(), at()).prop_map(|(at, piece)| Change::Piece(at, piece)),
        (at(), at(), at(), 1usize..80).prop_map(|(at, seed, from, n)| Change::Other(at, seed, from, n)),
    ]
}

/// A seed and what is changed of it; of some seeds nothing is.
fn changes() -> impl Strategy<Value = (Index, Vec<Change>)> {
    (any::<Index>(), prop::collection::vec(change(), 0..4))
}

fn changed(seeds: &[Vec<u8>], (seed, changes): &(Index, Vec<Change>)) -> Vec<u8> {
    let mut bytes = seed.get(seeds).clone();
    for change in changes {
        let size = bytes.len();
        let place = |at: &Index| at.index(size + 1);
        let part = |from: usize, n: usize, of: &[u8]| of[from..of.len().min(from + n)].to_vec();
        match change {
            Change::Byte(at, byte) => bytes.splice(place(at)..size.min(place(at) + 1), [*byte]).for_each(drop),
            Change::Remove(at, n) => bytes.drain(place(at)..size.min(place(at) + n)).for_each(drop),
            Change::Twice(at, n) => {
                let again = part(place(at), *n, &bytes);
                bytes.splice(place(at)..place(at), again).for_each(drop);
            }
            Change::Piece(at, piece) => bytes.splice(place(at)..place(at), piece.get(&PIECES).bytes()).for_each(drop),
            Change::Other(at, seed, from, n) => {
                let other = seed.get(seeds);
                let other = part(from.index(other.len() + 1), *n, other);
                bytes.splice(place(at)..place(at), other).for_each(drop);
            }
        }
    }
    bytes
}

/// Calls the body on its seeds, of which `read` at least are read, and then on `cases` changed ones.
fn holds(target: &str, body: fn(&[u8]) -> bool, read: usize, cases: u32) {
    let seeds = bodies::seeds(target);
    let found = seeds.iter().filter(|seed| body(seed)).take(read).count();
    assert_eq!(found, read, "{target}: of {} seeds so few are read", seeds.len());
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    let run = proptest::test_runner::TestRunner::new(config).run(&changes(), |changes| {
        body(&changed(&seeds, &changes));
        Ok(())
    });
    run.unwrap_or_else(|e| panic!("{target}: {e}"));
}

/// S-6, S-7, S-28: what is read has one canonical form, and no proof holds but those that were made.
#[test]
fn records() {
    holds("record", bodies::record, 80, 2000);
}

/// S-81, S-83, S-87: without the key of the log nothing is valid, and with it nothing counts that was not logged.
#[test]
fn bundles() {
    holds("bundle", bodies::bundle, 4, 20);
}

/// S-40, S-43, S-46: notes, checkpoints and keys are printed as they were read, and no signature holds but those that were made.
#[test]
fn notes() {
    holds("note", bodies::note, 30, 2000);
}

/// S-50, S-55, S-56: a proof file is printed as it was read, and proves its own entry and no other.
#[test]
fn proofs() {
    holds("proof", bodies::proof, 20, 300);
}

/// Facts files say the same when they are written again, never what is verified, and can be decided on.
#[test]
fn facts() {
    holds("facts", bodies::facts, 50, 100);
}

/// S-63, S-116, S-120: what is loaded can be decided on, and whoever says less gets no more.
#[test]
fn conditions() {
    holds("conditions", bodies::conditions, 33, 150);
}

/// S-151, S-152: no credential counts but those that were issued, and none says more than its issuer signed.
#[test]
fn credentials() {
    holds("credential", bodies::credential, 3, 2000);
}

/// S-231: an offer of others becomes a draft that is no set until it is filled in, and gives nothing to who says nothing.
#[test]
fn offers() {
    holds("odrl", bodies::odrl, 4, 500);
}

/// S-193, S-196: whatever a catalogue says, nothing doubtful is open, and what is kept can be read again.
#[test]
fn catalogues() {
    holds("turtle", bodies::turtle, 1, 500);
    holds("json_ld", bodies::json_ld, 1, 500);
    holds("rdf_xml", bodies::rdf_xml, 1, 500);
    holds("ckan", bodies::ckan, 3, 1000);
}

/// S-222: what a CSVW file says is written again, with what has no place where it stood.
#[test]
fn csvw() {
    holds("csvw", bodies::csvw, 4, 3000);
}

/// S-222: the same of a Table Schema.
#[test]
fn table_schemas() {
    holds("table_schema", bodies::table_schema, 3, 3000);
}

/// S-221: a CSV file names columns and their types, and decides nothing of them.
#[test]
fn csv_files() {
    holds("csv", bodies::csv, 4, 3000);
}
