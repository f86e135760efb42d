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
