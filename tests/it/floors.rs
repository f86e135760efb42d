//! The shape of the house, read from `src/`: floors, rooms, and what each file may say. The table stands in `src/lib.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Crates that have a room of their own, and the places that may name them.
const ENGINES: &[(&str, &[&str])] = &[
    ("cedar_policy", &["src/conditions/", "src/rights/"]),
    ("ed25519_dalek", &["src/sign/"]),
    ("rusqlite", &["src/store/sqlite/"]),
    ("fluent_bundle", &["src/text/"]),
    ("snowball_stemmers_rs", &["src/stems.rs"]),
    ("clap", &["src/cli/"]),
    ("indicatif", &["src/cli/"]),
    ("axum", &["src/http/"]),
    ("reqwest", &["src/net/"]),
    ("lettre", &["src/net/"]),
    ("openidconnect", &["src/net/"]),
    ("oxrdf", &["src/catalogue/"]),
    ("oxttl", &["src/catalogue/"]),
    ("oxjsonld", &["src/catalogue/"]),
    ("oxrdfxml", &["src/catalogue/"]),
    ("quick_xml", &["src/catalogue/"]),
];

/// The only module that prints.
const PRINTS: &str = "src/cli/output.rs";

/// No file is longer, in lines. Five hundred is the aim; this is the wall.
const LONGEST: usize = 700;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every file under a folder of the repository, with its path from the root, in order.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                found.push((path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn sources() -> Vec<(String, String)> {
    let mut sources = files("src");
    sources.retain(|(path, _)| Path::new(path).extension().is_some_and(|e| e == "rs"));
    assert!(sources.len() > 50);
    sources
}

/// The text without lines that are comments: a link in the docs is no import.
fn code(text: &str) -> String {
    text.lines().filter(|l| !l.trim_start().starts_with("//")).map(|l| format!("{l}\n")).collect()
}

/// The room of a file: its folder under `src/`, or its own name.
fn room(path: &str) -> &str {
    let inside = path.strip_prefix("src/").unwrap();
    inside.split(['/', '.']).next().unwrap()
}

/// The rooms of each floor, from the table in the docs of the library: `| floor | rooms |`, each room in backticks.
fn table(lib: &str) -> BTreeMap<String, usize> {
    let mut floors = BTreeMap::new();
    let rows = lib.lines().filter_map(|l| l.strip_prefix("//! | "));
    for (floor, row) in rows.filter(|row| row.starts_with(|c: char| c.is_ascii_digit())).enumerate() {
        let (number, rooms) = row.split_once('|').unwrap();
        assert_eq!(number.trim(), floor.to_string(), "the floors of src/lib.rs are counted from 0");
        for name in rooms.split('`').skip(1).step_by(2) {
            assert_eq!(floors.insert(name.to_owned(), floor), None, "`{name}` stands twice in src/lib.rs");
        }
    }
    floors
}

/// What a file imports of our own: the names after `crate::` and `datadeal::`, also in braces.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for start in ["crate::", "datadeal::"] {
        for (at, _) in code.match_indices(start) {
            let (before, rest) = code.split_at(at);
            let before = before.chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = rest.strip_prefix(start).unwrap();
            match rest.strip_prefix('{') {
                None => {
                    found.insert(word(rest).to_owned());
                }
                Some(group) => {
                    let mut depth = 0;
                    let mut fresh = true;
                    for (i, c) in group.char_indices() {
                        match c {
                            '{' => depth += 1,
                            '}' if depth == 0 => break,
                            '}' => depth -= 1,
                            ',' if depth == 0 => fresh = true,
                            c if fresh && c.is_alphabetic() => {
                                found.insert(word(group.split_at(i).1).to_owned());
                                fresh = false;
                            }
                            _ => {}
                        }
                    }
                }
            }
        }
    }
    found
}

fn word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()
}

#[test]
fn every_file_says_what_it_is_and_none_is_too_long() {
    for (path, text) in sources().into_iter().chain(files("tests/it")).filter(|(path, _)| path.ends_with(".rs")) {
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 8, "{path}: the first line says what the file is");
        let lines = text.lines().count();
        assert!(lines <= LONGEST, "{path}: {lines} lines");
    }
}

#[test]
fn rooms_import_from_lower_floors_only() {
    let sources = sources();
    let lib = &sources.iter().find(|(path, _)| path == "src/lib.rs").unwrap().1;
    let floors = table(lib);
    let rooms: BTreeSet<&str> = sources.iter().map(|(path, _)| room(path)).filter(|room| *room != "lib").collect();
    let listed: BTreeSet<&str> = floors.keys().map(String::as_str).collect();
    assert_eq!(listed, rooms, "the table in src/lib.rs lists every room and no other");
    for (path, text) in &sources {
        let own = room(path);
        let Some(floor) = floors.get(own) else { continue };
        let code = code(text);
        for import in imports(&code) {
            if import == own {
                continue;
            }
            let other = floors.get(&import).unwrap_or_else(|| panic!("{path}: `{import}` is no room"));
            assert!(other < floor, "{path}: `{own}` is on floor {floor} and imports `{import}` of floor {other}");
        }
        // from the door of a room, `super` is the whole house
        let door = path == &format!("src/{own}.rs") || path == &format!("src/{own}/mod.rs");
        if door {
            let around = |room: &&&str| **room != own && code.contains(&format!("use super::{room}::"));
            assert_eq!(rooms.iter().find(around), None, "{path}: write `crate::`, so that this test can read it");
        }
    }
}

/// The reading of imports above is only worth something if it finds them.
#[test]
fn imports_are_found_in_every_form() {
    let code = "use crate::a::b; let x = crate::c::d(); use crate::{e::{f, g}, h, i::j as k}; subcrate::no::x;";
    assert_eq!(imports(code).into_iter().collect::<Vec<_>>(), ["a", "c", "e", "h", "i"]);
}

#[test]
fn outside_engines_stay_in_their_rooms() {
    for (path, text) in sources() {
        let code = code(&text);
        for (engine, rooms) in ENGINES {
            let named = code.match_indices(engine).any(|(at, _)| word(code.split_at(at).1) == *engine);
            let allowed = rooms.iter().any(|room| path.starts_with(room));
            assert!(allowed || !named, "{path}: `{engine}` belongs in {}", rooms.join(" and "));
        }
    }
}

#[test]
fn only_one_module_prints_and_nothing_is_left_undone() {
    for (path, text) in sources() {
        let code = code(&text);
        for print in ["print!", "println!", "eprint!", "eprintln!"] {
            assert!(path == PRINTS || !code.contains(print), "{path}: `{print}` belongs in {PRINTS}");
        }
        for mark in ["todo!", "unimplemented!", "dbg!"] {
            assert!(!code.contains(mark), "{path}: `{mark}`");
        }
    }
}

/// What is true on one machine only has no place in the repository.
#[test]
fn no_path_of_a_machine() {
    let roots = ["home", "root", "Users", "work", "mnt", "tmp"].map(|folder| format!("/{folder}/"));
    let folders = ["src", "tests", "policies", "examples", "docs", "benches", "fuzz", ".ci"];
    let tops = ["README.md", "SPEC.md", "CHANGELOG.md", "Cargo.toml"];
    let top = |name: &&str| std::fs::read_to_string(root().join(name)).ok().map(|text| ((*name).to_owned(), text));
    for (path, text) in folders.iter().flat_map(|f| files(f)).chain(tops.iter().filter_map(top)) {
        // not what cargo builds, for instance under fuzz/
        if path.contains("/target/") {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            for found in roots.iter().flat_map(|root| line.match_indices(root.as_str())) {
                // within an address or a longer path it is no root
                let before = line.split_at(found.0).0.chars().next_back();
                let inside = before.is_some_and(|c| c.is_alphanumeric() || "./-_}*)".contains(c));
                assert!(inside, "{path}:{number}: `{}` is a path of one machine", found.1);
            }
        }
    }
}

/// docs/ARCHITECTURE.md: short, and every path that it names is there.
#[test]
fn the_map_is_short_and_true() {
    let Ok(text) = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")) else { return };
    assert!(text.lines().count() <= 120, "docs/ARCHITECTURE.md has at most 120 lines");
    let mut fenced = false;
    let mut named = BTreeSet::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            named.extend(line.split('`').skip(1).step_by(2).filter(|t| is_path(t)).map(str::to_owned));
            named.extend(links(line));
        }
    }
    assert!(!named.is_empty(), "a map names places");
    let names: BTreeSet<String> = ["src", "policies", "tests", "docs"]
        .iter()
        .flat_map(|folder| files(folder))
        .filter_map(|(path, _)| path.rsplit('/').next().map(str::to_owned))
        .collect();
    for path in named {
        // a name without a folder is that of any file
        let there = names.contains(&path) || root().join(&path).exists() || root().join("docs").join(&path).exists();
        assert!(there, "docs/ARCHITECTURE.md names `{path}`, which is not there");
    }
}

/// Something with a folder or a known ending in it, and nothing that a path has not.
fn is_path(text: &str) -> bool {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "/._-".contains(c));
    let ending = [".rs", ".md", ".toml", ".json", ".cedar", ".cedarschema", ".ftl", ".sql", ".py"];
    plain && !text.starts_with('/') && (text.contains('/') || ending.iter().any(|e| text.ends_with(e)))
}

/// The targets of links into the repository.
fn links(line: &str) -> Vec<String> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    targets.filter(|t| !t.is_empty() && !t.contains("://")).map(str::to_owned).collect()
}
