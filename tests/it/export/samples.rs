//! Real catalogues come in and go out again: each text and address that a sample says of its dataset stands in what is exported, or is reported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use datadeal::catalogue::document::Format;
use datadeal::catalogue::read::{Source, read};
use datadeal::engine::state::ImportSource;
use datadeal::engine::{CatalogueImport, Defaults, Import, ImportFinding, Reached};
use datadeal::model::description::Unmapped;
use oxrdf::{Graph, NamedOrBlankNode, NamedOrBlankNodeRef, Term, TermRef};
use serde_json::Value;

use super::turtle;
use crate::story::{World, owner};

fn samples() -> Option<PathBuf> {
    let shared = std::env::var_os("DATADEAL_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let folder = shared.join("samples");
    if !folder.is_dir() {
        println!("skipped: needs ../shared");
    }
    folder.is_dir().then_some(folder)
}

/// A sample, what the import kept without a place and did, what is written of it, and what the export says that it left out.
fn through(name: &str, text: String) -> (String, Vec<Unmapped>, Import, String, BTreeSet<String>) {
    let world = World::new();
    let reading = read(text.as_bytes(), &Source { name: Some(name), ..Source::default() });
    let import = CatalogueImport {
        source: name.to_owned(),
        owner: owner(),
        defaults: Defaults::default(),
        reading,
        state: ImportSource::default(),
    };
    let done = world.engine.apply_import(&world.actor("admin"), import.clone(), &mut |_, _| {}).unwrap();
    assert_eq!((done.faults.len(), done.skipped.len(), done.new.len()), (0, 0, 1), "{name}: {done:?}");
    let again = world.engine.apply_import(&world.actor("admin"), import, &mut |_, _| {}).unwrap();
    assert!(!again.changes(), "{name}: {again:?}");
    let reached = Reached { address: "https://portal.example".to_owned(), mail: "desk@portal.example".to_owned() };
    let slug = done.new[0].slug.to_string();
    let admin = world.actor("admin");
    let exported = world.engine.export(Some(&admin), Some(&slug), &reached, Format::Turtle).unwrap();
    let left_out = exported.left_out.iter().map(|gap| gap.what.clone()).collect();
    let described = world.engine.dataset(&slug).unwrap().dataset.described.unwrap();
    let of_forms = described.distributions.into_iter().flat_map(|form| form.unmapped);
    let kept = described.unmapped.into_iter().chain(of_forms).collect();
    (text, kept, done, String::from_utf8(exported.document).unwrap(), left_out)
}

/// What a graph says of a thing and of what belongs to it, but for types: each value as a text, with the properties that lead to it.
type Said = BTreeSet<(Vec<String>, String)>;

fn said(graph: &Graph, about: NamedOrBlankNodeRef<'_>, way: &[String], met: &mut BTreeSet<String>, values: &mut Said) {
    if !met.insert(about.to_string()) {
        return;
    }
    for triple in graph.triples_for_subject(about) {
        if triple.predicate == oxrdf::vocab::rdf::TYPE {
            continue;
        }
        let way: Vec<String> = way.iter().cloned().chain([triple.predicate.as_str().to_owned()]).collect();
        match triple.object {
            TermRef::Literal(text) => {
                values.insert((way, text.value().trim().to_owned()));
            }
            TermRef::NamedNode(name) => {
                said(graph, name.into(), &way, met, values);
                values.insert((way, name.as_str().to_owned()));
            }
            TermRef::BlankNode(node) => said(graph, node.into(), &way, met, values),
        }
    }
}

/// A value as it may also be written: an address of mail or phone, a day of an instant, a number with or without its fraction.
fn forms(value: &str) -> Vec<String> {
    let plain = value.strip_prefix("mailto:").or_else(|| value.strip_prefix("tel:")).unwrap_or(value);
    let day = value.get(..10).unwrap_or(value);
    let phone: Vec<&str> = plain.split([' ', '-']).filter(|part| !part.is_empty()).collect();
    vec![
        value.to_owned(),
        plain.to_owned(),
        format!("mailto:{plain}"),
        format!("tel:{}", phone.join("-")),
        day.to_owned(),
        plain.replace(".0", ""),
    ]
}

#[test]
fn samples_come_in_and_go_out() {
    let Some(folder) = samples() else { return };
    let file = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    for name in [
        "dcat-ap-nl30-dataset-example.ttl",
        "donl-reisdocumenten-registers-nonpublic.ttl",
        "donl-verkiezingsuitslag-tk2021.ttl",
        "brp-nonpublic-haspolicy.ttl",
    ] {
        let (text, kept, done, exported, left_out) = through(name, file(name));
        if name.contains("reisdocumenten") {
            let lapsed = |f: &ImportFinding| matches!(f, ImportFinding::LapsedBasis(act, _) if act == "Wet openbaarheid van bestuur");
            assert!(done.findings.iter().any(|f| lapsed(&f.finding)), "{:?}", done.findings);
        }
        let (source, written) = (turtle(&text), turtle(&exported));
        let id = NamedOrBlankNode::NamedNode(oxrdf::NamedNode::new(done.new[0].id.as_str()).unwrap());
        let mut wanted = BTreeSet::new();
        said(&source, id.as_ref(), &[], &mut BTreeSet::new(), &mut wanted);
        let found: BTreeSet<String> = written
            .iter()
            .flat_map(|t| [t.object.into_owned(), Term::from(t.subject.into_owned())])
            .map(|term| match term {
                Term::Literal(text) => text.value().trim().to_owned(),
                Term::NamedNode(name) => name.into_string(),
                Term::BlankNode(_) => String::new(),
            })
            .collect();
        // what the import kept without a place of its own, and the export names as left out
        let reported = |way: &[String], value: &str| {
            let left = |property: &str| left_out.iter().any(|gap| gap.ends_with(property));
            way.iter().any(|step| left(step)) || kept.iter().any(|u| u.value.contains(value) && left(&u.property))
        };
        let lost: Vec<_> = wanted
            .iter()
            .filter(|(way, value)| !reported(way, value) && !forms(value).iter().any(|form| found.contains(form)))
            .collect();
        assert!(wanted.len() > 8, "{name}: {wanted:?}");
        assert!(lost.is_empty(), "{name}: {lost:#?}\nleft out: {left_out:#?}\n{exported}");
    }
    // a package whose resources stand in files of their own
    let json = |name: &str| serde_json::from_str::<Value>(&file(name)).unwrap();
    let mut full = json("donl-ckan-example-1.json");
    full["resources"] = ["donl-ckan-example-2.json", "donl-ckan-example-3.json"].map(json).to_vec().into();
    for (name, text) in [("bare.json", file("donl-ckan-example-0.json")), ("full.json", full.to_string())] {
        let (text, _, _, exported, left_out) = through(name, text);
        let package: Value = serde_json::from_str(&text).unwrap();
        let mut lost = Vec::new();
        super::leaves(&package, "", &mut |path, text| {
            let member = path.split('/').find(|step| !step.is_empty() && step.parse::<usize>().is_err()).unwrap_or("");
            let last = path.rsplit('/').find(|step| step.parse::<usize>().is_err()).unwrap_or("");
            let reported = left_out.iter().any(|gap| gap == member || gap.ends_with(last));
            if !reported && !text.trim().is_empty() && !forms(text).iter().any(|form| exported.contains(form.as_str()))
            {
                lost.push(format!("{path}: {text}"));
            }
        });
        assert!(lost.is_empty(), "{name}: {lost:#?}\nleft out: {left_out:#?}\n{exported}");
    }
}
