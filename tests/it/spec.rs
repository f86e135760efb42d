//! `SPEC.md` and the tests name one another: every MUST has a test that says so, every number stands once, every number that the
//! code names exists, and the examples are real.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn spec() -> String {
    std::fs::read_to_string(root().join("SPEC.md")).unwrap()
}

/// The numbers that SPEC.md states: `- **S-12** ...`.
fn stated() -> Vec<u32> {
    let number = |line: &str| line.strip_prefix("- **S-")?.split_once("**")?.0.parse().ok();
    spec().lines().filter_map(number).collect()
}

/// The numbers named in a text.
fn named(text: &str) -> BTreeSet<u32> {
    let digits = |t: &str| t.chars().take_while(char::is_ascii_digit).collect::<String>();
    let numbers =
        text.match_indices("S-").filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_ascii_alphanumeric()));
    numbers.filter_map(|(at, _)| digits(&text[at + 2..]).parse().ok()).collect()
}

fn rust_files(folder: &Path, out: &mut Vec<PathBuf>) {
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        rust_files(&root().join(folder), &mut files);
    }
    files.into_iter().map(|f| (f.clone(), std::fs::read_to_string(f).unwrap())).collect()
}

/// The doc comments of tests, each with all its lines; those of property tests too.
fn test_comments(text: &str) -> String {
    let (mut out, mut comment, mut attributes) = (String::new(), String::new(), false);
    for line in text.lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("/// ") {
            comment = if attributes { doc.to_owned() } else { format!("{comment} {doc}") };
            attributes = false;
        } else if line.starts_with("#[test]") {
            out.push_str(&format!("{comment}\n"));
            attributes = true;
        } else if !line.starts_with("#[") {
            comment.clear();
            attributes = false;
        }
    }
    out
}

/// No number stands twice, and a test names each.
#[test]
fn every_must_is_named_by_a_test() {
    let stated = stated();
    let mut seen = BTreeSet::new();
    let twice: Vec<_> = stated.iter().filter(|n| !seen.insert(**n)).collect();
    assert!(twice.is_empty(), "twice in SPEC.md: {twice:?}");
    assert!(seen.len() > 100);
    let tested: BTreeSet<u32> = sources().iter().flat_map(|(_, text)| named(&range(&test_comments(text)))).collect();
    let missing: Vec<_> = seen.difference(&tested).map(|n| format!("S-{n}")).collect();
    assert!(missing.is_empty(), "no test names {}", missing.join(", "));
}

/// `S-20 to S-30` names each.
fn range(text: &str) -> String {
    let mut out = text.to_owned();
    for (at, _) in text.match_indices(" to S-") {
        let from = text[..at].rsplit("S-").next().and_then(|n| n.parse::<u32>().ok());
        let until = text[at + 6..].chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>();
        if let (Some(from), Ok(until)) = (from, until) {
            (from..=until).for_each(|n| out.push_str(&format!(" S-{n}")));
        }
    }
    out
}

/// What code and tests name is stated.
#[test]
fn every_number_that_is_named_is_stated() {
    let stated: BTreeSet<u32> = stated().into_iter().collect();
    let mut unknown: BTreeMap<u32, PathBuf> = BTreeMap::new();
    for (file, text) in sources() {
        let own = file.ends_with("tests/it/spec.rs");
        unknown.extend(named(&text).into_iter().filter(|n| !own && !stated.contains(n)).map(|n| (n, file.clone())));
    }
    assert!(unknown.is_empty(), "not in SPEC.md: {unknown:?}");
}

/// The examples of sections 5 to 7 stand in the vectors with the same bytes.
#[test]
fn later_examples_are_real() {
    let spec = spec();
    let bundle = std::fs::read_to_string(root().join("tests/vectors/bundle.json")).unwrap();
    for example in ["Example 5.1", "Example 6.1", "Example 7.1"] {
        let (_, rest) = spec.split_once(example).unwrap();
        let block = rest.split_once("```text\n").unwrap().1.split_once("\n```").unwrap().0;
        let lines: Vec<&str> = block.lines().collect();
        assert!(bundle.contains(lines[0]), "{example} is not in tests/vectors/bundle.json");
        let digest = |text: &str| datadeal::model::Digest::of(text.as_bytes()).to_string();
        match lines.as_slice() {
            [record, stated] if example == "Example 5.1" => assert_eq!(digest(record), *stated),
            [entry, about] => assert!(entry.contains(&digest(about)), "{example}"),
            _ => {}
        }
    }
}
