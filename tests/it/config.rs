//! The configuration: what counts for what, and that an error names the value and where it came from.

use std::collections::BTreeSet;
use std::path::Path;

use datadeal::config::Config;

fn load(text: &str) -> Result<Config, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    Config::load(Some(file.path())).map_err(|e| e.to_string().replace(&file.path().display().to_string(), "FILE"))
}

#[test]
fn an_error_names_the_value_and_where_it_came_from() {
    for (text, named) in [
        ("lisen = \"127.0.0.1:1\"", &["lisen", "FILE"][..]),
        ("listen = 5", &["listen", "FILE"]),
        ("[limits]\nper_minute = \"many\"", &["limits.per_minute", "FILE"]),
        ("[limits]\nburst = 0", &["limits.burst", "FILE"]),
        ("address = \"deals.example.nl\"", &["address", "FILE"]),
        ("address = \"https://deals.example.nl/\"", &["address", "FILE"]),
        ("[limits]\nbody_bytes = 100000000", &["limits.body_bytes", "4194304"]),
        ("[sign_in]\nissuer = \"https://idp.example\"", &["client_id"]),
        ("listen = ", &["FILE"]),
    ] {
        let error = load(text).unwrap_err();
        assert!(named.iter().all(|name| error.contains(name)), "{text}: {error}");
    }
    let error = Config::load(Some(Path::new("nothing/here.toml"))).unwrap_err();
    assert!(error.to_string().contains("nothing/here.toml"));
}

#[test]
fn what_is_left_out_has_its_default() {
    assert_eq!(load("").unwrap(), Config::default());
    let some = load("[limits]\nburst = 7").unwrap();
    assert_eq!((some.limits.burst, some.limits.per_minute), (7, Config::default().limits.per_minute));
}

/// docs/configuration.md lists every value.
#[test]
fn every_value_is_documented() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md")).unwrap();
    let rows = text.lines().filter_map(|l| l.strip_prefix("| `")).filter_map(|l| l.split('`').next());
    let stated: BTreeSet<String> = rows.map(str::to_owned).collect();
    let source = include_str!("../../src/config.rs");
    let fields = source.lines().filter_map(|l| l.strip_prefix("    pub ")).filter_map(|l| l.split(':').next());
    for field in fields.filter(|f| !f.contains('(')) {
        let named = |value: &String| {
            value == field || value.starts_with(&format!("{field}.")) || value.ends_with(&format!(".{field}"))
        };
        assert!(stated.iter().any(named), "`{field}` is not in docs/configuration.md");
    }
}
