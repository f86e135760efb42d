//! What the index keeps of datasets so that they are found: themes, formats, and the numbers of their words.

use std::collections::{BTreeSet, HashMap};

use serde::Deserialize;

use crate::engine::EngineError;
use crate::model::Iri;
use crate::model::facets::format_word;
use crate::store::{Store, Worded};

/// What a dataset is about, and how it is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(in crate::engine) struct About {
    pub(in crate::engine) themes: BTreeSet<Iri>,
    pub(in crate::engine) formats: BTreeSet<String>,
}

/// What the index reads of a description.
#[derive(Default, Deserialize)]
pub(in crate::engine) struct ForFinding {
    #[serde(default)]
    themes: BTreeSet<Iri>,
    #[serde(default)]
    distributions: Vec<Form>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Form {
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    media_type: Option<String>,
}

impl About {
    /// A format by what its IRI or media type ends with, in capitals: `CSV`.
    pub(in crate::engine) fn of(described: ForFinding) -> Self {
        let format = |form: Form| form.format.or(form.media_type).map(|format| format_word(&format));
        let formats = described.distributions.into_iter().filter_map(format).filter(|format| !format.is_empty());
        About { themes: described.themes, formats: formats.collect() }
    }
}

/// What has words already, by key.
pub(in crate::engine) fn worded(store: &dyn Store) -> Result<HashMap<String, Worded>, EngineError> {
    const PAGE: usize = 5_000;
    let mut found: HashMap<String, Worded> = HashMap::new();
    let mut after = 0;
    loop {
        let page = store.worded(after, PAGE)?;
        let full = page.len() == PAGE;
        after = page.last().map_or(after, |last| last.number);
        found.extend(page.into_iter().map(|worded| (worded.key.clone(), worded)));
        if !full {
            return Ok(found);
        }
    }
}
