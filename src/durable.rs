//! Files that are on the disk when a call returns, whole or not at all.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Replaces a file: written under another name, synced, renamed, and the folder synced. If we die on the way, the old
/// file is there (or none), and perhaps a `.partial` one, which the next call writes over. One writer per path at a
/// time.
///
/// # Errors
/// What the file system says; the old file may then have been replaced or not, but it is never torn.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let partial = beside(path, ".partial");
    let mut file = File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    std::fs::rename(&partial, path)?;
    sync_folder_of(path)
}

/// Syncs a file that somebody else wrote.
///
/// # Errors
/// What the file system says.
pub fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Makes durable that a file is in its folder: that it was made, renamed or removed.
///
/// # Errors
/// What the file system says.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    // only Unix can open a folder for this; elsewhere the rename itself has to do
    if cfg!(unix) {
        sync(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    } else {
        Ok(())
    }
}

/// The path with something added to its last name.
#[must_use]
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}
