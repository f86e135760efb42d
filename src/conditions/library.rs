//! The condition library and the examples, compiled in, so that they work from any folder.

use include_dir::{Dir, include_dir};

static POLICIES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policies");

/// The files of one set: `policies/<name>/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folder {
    /// Its name.
    pub name: &'static str,
    /// `policy.cedar`.
    pub policy: &'static str,
    /// `cases.json`.
    pub cases: &'static str,
    /// `README.md`.
    pub readme: &'static str,
}

/// Every folder of the library, in order of their names.
#[must_use]
pub fn folders() -> Vec<Folder> {
    let mut all: Vec<_> = POLICIES.dirs().filter_map(|dir| folder(dir.path().to_str()?)).collect();
    all.sort_by_key(|f| f.name);
    all
}

/// One folder of the library.
#[must_use]
pub fn folder(name: &str) -> Option<Folder> {
    let dir = POLICIES.get_dir(name)?;
    let file = |file: &str| dir.get_file(dir.path().join(file))?.contents_utf8();
    Some(Folder {
        name: dir.path().to_str()?,
        policy: file("policy.cedar")?,
        cases: file("cases.json")?,
        readme: file("README.md")?,
    })
}

/// The invented bodies of the demo, with their datasets.
pub const NEIGHBOURS: &str = include_str!("../../examples/neighbours.json");

/// The ground that most of their datasets have.
pub const AGREEMENT: &str = include_str!("../../examples/agreement.cedar");

static EXAMPLES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/examples");

/// The files of one example: `examples/<name>/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// Its name.
    pub name: &'static str,
    /// `dataset.json`.
    pub dataset: &'static str,
    /// `policy.cedar`; an open dataset has none.
    pub policy: Option<&'static str>,
    /// `cases.json`.
    pub cases: &'static str,
    /// `story.json`.
    pub story: &'static str,
    /// `README.md`.
    pub readme: &'static str,
}

/// Every example, in order of their names.
#[must_use]
pub fn examples() -> Vec<Example> {
    let mut all: Vec<_> = EXAMPLES.dirs().filter_map(|dir| example(dir.path().to_str()?)).collect();
    all.sort_by_key(|e| e.name);
    all
}

/// One example.
#[must_use]
pub fn example(name: &str) -> Option<Example> {
    let dir = EXAMPLES.get_dir(name)?;
    let file = |file: &str| dir.get_file(dir.path().join(file))?.contents_utf8();
    Some(Example {
        name: dir.path().to_str()?,
        dataset: file("dataset.json")?,
        policy: file("policy.cedar"),
        cases: file("cases.json")?,
        story: file("story.json")?,
        readme: file("README.md")?,
    })
}
