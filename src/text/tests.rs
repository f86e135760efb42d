//! The two files against each other and against the code that names their keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::*;

/// Key -> the variables of its sentence.
fn keys(sources: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in sources.iter().flat_map(|s| s.lines()) {
        let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
        let rest = match line.split_once(" =") {
            Some((key, rest)) if starts => {
                current = key.to_owned();
                assert!(out.insert(current.clone(), BTreeSet::new()).is_none(), "{key} stands twice");
                rest
            }
            _ => line,
        };
        for found in rest.split('$').skip(1) {
            let name = found.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            out.get_mut(&current).unwrap().insert(name);
        }
    }
    out
}

/// Every text between quotes in shipped code that starts like a key; the words of the database are no keys.
fn named_in_code(folder: &Path, families: &BTreeSet<String>, out: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("store") {
            named_in_code(&path, families, out);
        } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
            let text = fs::read_to_string(&path).unwrap();
            let shipped = text.split("#[cfg(test)]").next().unwrap();
            let literals = shipped.split('"').filter(|l| l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
            out.extend(literals.filter(|l| families.iter().any(|f| l.starts_with(f.as_str()))).map(str::to_owned));
        }
    }
}

#[test]
fn both_files_are_read_without_an_error() {
    for source in [NL, EN].concat() {
        let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, errors)| errors).unwrap();
        let messages = resource.entries().filter(|e| format!("{e:?}").starts_with("Message")).count();
        assert_eq!(messages, keys(&[source]).len());
    }
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    let (nl, en) = (keys(&NL), keys(&EN));
    assert_eq!(nl.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
    for (key, variables) in &nl {
        assert_eq!(variables, &en[key], "{key}");
    }
}

#[test]
fn every_key_is_named_in_code_and_every_key_named_is_there() {
    let there: BTreeSet<String> = keys(&EN).into_keys().collect();
    let families = there.iter().map(|k| format!("{}-", k.split('-').next().unwrap())).collect();
    let mut named = BTreeSet::new();
    named_in_code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &families, &mut named);
    let differ: Vec<_> = named.symmetric_difference(&there).collect();
    assert!(differ.is_empty(), "only in code or only in the files: {differ:?}");
}

#[test]
fn a_missing_key_is_shown_in_brackets() {
    assert_eq!(Texts::new(Lang::Nl).get("no-such-key", &[]), "[no-such-key]");
    assert!(format!("{:?}", Texts::new(Lang::En)).contains("En"));
}

#[test]
fn values_cannot_steer_a_terminal() {
    let en = Texts::new(Lang::En);
    let values = [("label", "a\u{1b}[2J\nb".into()), ("value", "\u{202E}c { $label }".into())];
    assert_eq!(en.get("say-pair", &values), "a [2J b:  c { $label }");
}

#[test]
fn texts_are_wrapped_by_words_and_items_hang() {
    let text = format!("{}\n\n  - {}", "word ".repeat(30).trim_end(), "long ".repeat(30).trim_end());
    let lines: Vec<String> = wrap(&text).lines().map(str::to_owned).collect();
    assert!(lines.iter().all(|l| l.chars().count() <= WIDTH), "{lines:?}");
    assert_eq!(lines[2], "");
    assert!(lines[3].starts_with("  - long") && lines[4].starts_with("    long"));
}

/// Every event has a subject and a text of its own in both languages, for owner and reuser, with nothing left unsaid.
#[test]
fn every_event_has_its_mail() {
    use crate::model::OrgId;
    use crate::model::event::{Event, EventType};
    let (owner, reuser): (OrgId, _) = ("NL.OIN:00000099000000000001".parse().unwrap(), "NL.KVK:69599084".parse().ok());
    for lang in [Lang::Nl, Lang::En] {
        let texts = Texts::new(lang);
        let mut told = BTreeSet::new();
        for kind in EventType::ALL {
            let event = Event::new(*kind, OrgId::clone(&owner), reuser.clone()).state("granted").day("2026-11-25");
            for party in [true, false] {
                let (subject, text) = mail(&texts, &event, party, "Register\r\nBcc: x@example.nl", "Portal");
                let all = format!("{subject}\n{text}");
                assert!(!all.contains('{') && !all.contains('[') && !subject.contains(['\r', '\n']), "{all}");
                assert!(!subject.contains(&kind.as_str().replace('.', "-")), "{kind} has no subject");
                assert!(!all.contains("event"), "{kind}");
                told.insert(subject);
            }
        }
        assert!(told.len() > EventType::ALL.len(), "subjects differ");
    }
}

/// A deal of other words is told as such: its text here would be another one than that which was signed.
#[test]
fn words_of_another_template_are_not_ours() {
    use crate::model::Digest;
    use crate::model::record::Wording;
    let (nl, en) = (template(Lang::Nl), template(Lang::En));
    assert!(has_words(&Wording { nl, en }));
    let other = Digest::of(b"other words");
    assert!(!has_words(&Wording { nl, en: other }) && !has_words(&Wording { nl: other, en }));
    assert!(!has_words(&Wording { nl: en, en: nl }));
}
