//! The configuration: what counts for what, and that an error names the value and where it came from.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use datadeal::config::Config;

fn load(text: &str) -> Result<Config, String> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let loaded = Config::load(Some(file.path())).map(|(config, _)| config);
    // a file is named by the shorter of its paths, from here or from the root: by its own name in both
    let name = file.path().file_name().unwrap().to_str().unwrap();
    loaded.map_err(|e| e.to_string().replace(name, "FILE"))
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

/// What the program finds wrong later names its origin as well; the environment counts for more than the file.
#[test]
fn the_program_says_where_a_value_came_from() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let datadeal = |words: &[&str], environment: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_datadeal"));
        command.arg("--data").arg(&data).args(words).envs(environment.iter().copied());
        let out = command.output().unwrap();
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    assert_eq!(datadeal(&["init"], &[]).0, Some(0));
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let file = data.join("datadeal.toml");
    std::fs::write(&file, format!("listen = \"{address}\"\n")).unwrap();
    let cases = [
        (("LIMITS__BURST", "0"), "limits.burst", "DATADEAL_SERVE_"),
        (("REGISTER", "nothing/here.json"), "register", "DATADEAL_SERVE_"),
        (("OUTGOING__ALLOW", "[\"10.0.0.0/99\"]"), "outgoing.allow", "DATADEAL_SERVE_"),
        (("WITNESSES", "[\"none\"]"), "witnesses", "DATADEAL_SERVE_"),
        (("TRACING__FILTER", "=,="), "tracing.filter", "DATADEAL_SERVE_"),
        (("TRACING__FORMAT", "json"), "listen", "datadeal.toml"),
    ];
    for ((name, value), key, origin) in cases {
        let mut environment = vec![(format!("DATADEAL_SERVE_{name}"), value)];
        if key != "listen" {
            environment.push(("DATADEAL_SERVE_LISTEN".to_owned(), "127.0.0.1:0"));
        }
        let environment: Vec<(&str, &str)> = environment.iter().map(|(n, v)| (n.as_str(), *v)).collect();
        let (code, said) = datadeal(&["serve"], &environment);
        // the lines of an error are wrapped
        let said = said.split_whitespace().filter(|w| *w != "│").collect::<Vec<_>>().concat();
        assert!(code == Some(4) && said.contains(key) && said.contains(origin), "{name}: {code:?} {said}");
    }
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
