//! `datadeal demo`, as a visitor sees it, in both languages.

use assert_cmd::Command;
use serde_json::Value;

fn demo(words: &[&str]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let ran =
        Command::cargo_bin("datadeal").unwrap().env("TMPDIR", dir.path()).args(words).arg("demo").assert().success();
    let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
    assert!(left.is_empty(), "the temporary folder is removed: {left:?}");
    String::from_utf8(ran.get_output().stdout.clone()).unwrap()
}

/// The root covers the version of the program; how many checks there are grows with the verifier.
fn snapshot(name: &str, text: &str) {
    let long: Vec<_> = text.lines().filter(|l| l.chars().count() > 100).collect();
    assert!(long.is_empty(), "{long:#?}");
    assert!(!text.contains('\u{1b}'), "no colour without a terminal");
    let filters = vec![
        ("[A-Za-z0-9+/]{43}=", "[root]"),
        (r"\(\d+ (checks|controles):", "([n] $1:"),
        (r"\d+ (checks of|controles van de) \d+", "[n] $1 [n]"),
    ];
    insta::with_settings!({filters => filters}, { insta::assert_snapshot!(name, text) });
}

#[test]
fn in_english() {
    snapshot("demo_en", &demo(&["--lang", "en"]));
}

#[test]
fn in_dutch() {
    snapshot("demo_nl", &demo(&["--lang", "nl"]));
}

#[test]
fn as_one_object() {
    let object: Value = serde_json::from_str(&demo(&["--json"])).unwrap();
    assert_eq!(object["code"], 0);
    let stories = object["stories"].as_array().unwrap();
    assert_eq!(stories.len(), 6);
    for story in stories {
        assert_eq!(story["valid"], true);
        for step in story["steps"].as_array().unwrap() {
            assert_eq!(step["differences"].as_array().unwrap().len(), 0);
        }
    }
    let tampered = object["tampered"].as_array().unwrap();
    let first = |i: usize| tampered[i]["failed"][0]["must"].as_str().unwrap();
    assert_eq!((first(0), first(1)), ("S-28", "S-83"));
    assert!(tampered.iter().all(|t| t["verdict"] == "invalid"));
    assert_eq!(object["audit"]["findings"].as_array().unwrap().len(), 0);
}
