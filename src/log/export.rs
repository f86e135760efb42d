//! The log as a folder of plain files in the layout of C2SP tlog-tiles: any web server can serve it, any client of that
//! format can read it, and nothing of ours is needed for either.

use std::io;
use std::path::{Path, PathBuf};

use super::LogReader;
use crate::durable;
use crate::merkle::TreeError;
use crate::merkle::tiles::{Tile, TileKind};
use crate::sign::{Checkpoint, Note};
use crate::store::StoreError;

/// What an export wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// The size of the log in the folder now.
    pub size: u64,
    /// How many files are new.
    pub files: u64,
}

/// Why a log was not exported.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, miette::Diagnostic)]
pub enum ExportError {
    /// There is nothing to export.
    #[error("the log is empty")]
    #[diagnostic(code(export::empty), help("the first entry is made by `datadeal init`"))]
    Empty,
    /// The log cannot be read.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Read(#[from] TreeError<StoreError>),
    /// The folder holds the export of another log, or of another history of this one.
    #[error("`{}` is not an earlier export of this log: {why}", .path.display())]
    #[diagnostic(code(export::other), help("export into a new folder; nothing in this one was changed"))]
    Other {
        /// The checkpoint in the folder.
        path: PathBuf,
        /// What does not fit.
        why: String,
    },
    /// A file cannot be written.
    #[error("`{}` cannot be written: {why}", .path.display())]
    #[diagnostic(code(export::io), help("mend the path or the disk, then export again: what is there is used"))]
    Io {
        /// Where.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        ExportError::Read(TreeError::Read(error))
    }
}

/// Writes what the folder does not have yet, the checkpoint last: a reader of the folder never meets a checkpoint whose
/// tiles are missing. If this dies half-way the old checkpoint still holds, and the next export writes the same files.
/// Partial tiles of earlier exports stay, for readers that hold an earlier checkpoint.
///
/// # Errors
/// [`ExportError::Other`] before anything is written; [`ExportError::Io`] with the folder as readable as before.
pub fn export(log: &LogReader, folder: &Path) -> Result<Exported, ExportError> {
    let head = log.head()?.ok_or(ExportError::Empty)?;
    let before = exported_before(log, folder, &head.checkpoint)?;
    let mut files = 0;
    for kind in std::iter::once(TileKind::Entries).chain((0..8).map(TileKind::Hashes)) {
        let level = if let TileKind::Hashes(level) = kind { level } else { 0 };
        // full tiles never change, so those of the earlier export are not written again
        let mut index = (before >> (8 * level)) / 256;
        while let Some(tile) = Tile::of_tree(kind, index, head.size) {
            let bytes = log.tile(tile)?.ok_or(TreeError::Beyond { asked: tile.start(), size: head.size })?;
            write(&folder.join(tile.to_string()), &bytes)?;
            files += 1;
            index += 1;
        }
    }
    write(&folder.join("checkpoint"), &head.checkpoint)?;
    Ok(Exported { size: head.size, files: files + 1 })
}

/// The size of the log that the folder holds, 0 for a new folder. It must be the beginning of this one.
fn exported_before(log: &LogReader, folder: &Path, newest: &[u8]) -> Result<u64, ExportError> {
    let path = folder.join("checkpoint");
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(failed(&path, &e)),
    };
    let other = |why: String| ExportError::Other { path: path.clone(), why };
    let parse = |bytes: &[u8]| {
        Note::parse(bytes).and_then(|note| Checkpoint::parse(note.text())).map_err(|e| other(e.to_string()))
    };
    let (old, new) = (parse(&bytes)?, parse(newest)?);
    if old.origin() != new.origin() {
        return Err(other(format!("it is of the log `{}`", old.origin())));
    }
    match log.root(old.size()) {
        Ok(root) if root == old.root() => Ok(old.size()),
        Ok(_) => Err(other(format!("its first {} entries are others", old.size()))),
        Err(TreeError::Beyond { size, .. }) => Err(other(format!("it has {} entries, the log {size}", old.size()))),
        Err(e) => Err(e.into()),
    }
}

/// Durably, because the next export takes the full tiles that are there for good.
fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let folder = path.parent().unwrap_or(path);
    let written = std::fs::create_dir_all(folder).and_then(|()| durable::write(path, bytes));
    written.map_err(|e| failed(path, &e))
}

fn failed(path: &Path, error: &io::Error) -> ExportError {
    ExportError::Io { path: path.to_owned(), why: error.to_string() }
}
