//! The shapes of the profile, by a validator of others, where both are there.

use datadeal::catalogue::document::{Document, Format};
use datadeal::catalogue::write;

use super::{conformance, full, full_offer, portal};
use crate::support::interop::{interop, ready};

/// A catalogue with a dataset that says all, one without a distribution of its own, and an open one passes; without a theme it does not.
#[test]
fn the_shapes_of_the_profile_hold() {
    let Some(shapes) = conformance("dcat-ap-nl") else { return };
    if !ready() {
        return;
    }
    let dataset = full();
    let offer = full_offer(&dataset);
    let mut bare = dataset.clone();
    (bare.slug, bare.id) = ("bare".parse().unwrap(), "https://example.nl/id/bare".parse().unwrap());
    bare.described.as_mut().unwrap().distributions.clear();
    let mut open = bare.clone();
    (open.slug, open.id) = ("open".parse().unwrap(), "https://example.nl/id/open".parse().unwrap());
    open.access = datadeal::model::dataset::Access::Open;
    let mut poor = open.clone();
    poor.described.as_mut().unwrap().themes.clear();
    let folder = tempfile::tempdir().unwrap();
    for (name, datasets) in [("whole", vec![&dataset, &bare, &open]), ("poor", vec![&poor])] {
        let mut document = Document::new(Format::Turtle);
        document.add(&write::head(&portal(), datasets.iter().map(|d| &d.id)).triples).unwrap();
        for dataset in datasets {
            let offer = Some(&offer).filter(|_| dataset.access != open.access);
            document.add(&write::dataset(&portal(), dataset, offer).triples).unwrap();
        }
        let file = folder.path().join(format!("{name}.ttl"));
        std::fs::write(&file, document.finish().unwrap()).unwrap();
        let run = interop(&["shacl", shapes.to_str().unwrap(), file.to_str().unwrap()]);
        let told = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        match name {
            "whole" => assert!(run.status.success(), "{told}"),
            _ => assert!(run.status.code() == Some(1) && told.contains("theme"), "{told}"),
        }
    }
}
