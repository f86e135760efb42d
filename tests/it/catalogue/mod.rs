//! Catalogues of others: what is read of them, what an import does with it, and what comes over the network.

mod applied;
mod hostile;
mod network;
mod reading;

use datadeal::catalogue::read::{Imported, Reading, Source, read};
use datadeal::engine::state::ImportSource;
use datadeal::engine::{CatalogueImport, Defaults, Import};

use crate::story::{World, owner};

/// A file of `examples/catalogue/`.
pub(crate) fn example(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/catalogue").join(name);
    std::fs::read_to_string(path).unwrap()
}

/// Reads a text under a name.
pub(crate) fn read_as(name: &str, text: &str) -> Reading {
    read(text.as_bytes(), &Source { name: Some(name), ..Source::default() })
}

/// The record of the dataset whose IRI ends so.
fn record<'r>(reading: &'r Reading, end: &str) -> &'r Imported {
    reading.records.iter().find(|r| r.id.as_str().ends_with(end)).unwrap_or_else(|| panic!("no {end}: {reading:#?}"))
}

/// What went wrong, each on a line.
fn faults(reading: &Reading) -> Vec<String> {
    reading.faults.iter().map(ToString::to_string).collect()
}

/// An import for the owner of the world, under one name.
fn import(reading: Reading) -> CatalogueImport {
    CatalogueImport {
        source: "catalogue".to_owned(),
        owner: owner(),
        defaults: Defaults::read(example("defaults.json").as_bytes()).unwrap(),
        reading,
        state: ImportSource::default(),
    }
}

impl World {
    pub(super) fn preview(&self, reading: Reading) -> Import {
        self.engine.preview_import(&self.actor("admin"), import(reading), &mut |_, _| {}).unwrap()
    }

    pub(super) fn apply(&self, reading: Reading) -> Import {
        self.engine.apply_import(&self.actor("admin"), import(reading), &mut |_, _| {}).unwrap()
    }
}
