//! The `head` file: the newest signed checkpoint, outside the database, as a memory that a restored backup cannot undo.
//!
//! It is replaced by a rename and not synced: after a power cut it may show an older checkpoint, never a newer one than
//! the database holds. Two processes may write it, and then it may show the older of two until one of
//! them writes again: it lags.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use super::LogFault;
use crate::durable;

/// What the file holds; `None` if there is none yet. An empty file is a fault: it is what a power cut leaves on some
/// file systems, and only a person can tell that from a trick.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>, LogFault> {
    match std::fs::read(path) {
        Ok(bytes) if bytes.is_empty() => {
            Err(LogFault::HeadFile { path: path.to_owned(), why: "it is empty".to_owned() })
        }
        Ok(bytes) => Ok(Some(bytes)),
        // the file comes with the first entry, but its folder must be there, or it never comes
        Err(e) if e.kind() == io::ErrorKind::NotFound => match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => Err(LogFault::head(path, &e)),
            _ => Ok(None),
        },
        Err(e) => Err(LogFault::head(path, &e)),
    }
}

/// Counts the writes of this process, so that two logs in it never share a temporary file.
static WRITES: AtomicU64 = AtomicU64::new(0);

/// Replaces the file. The temporary name is of this process and this write alone: a process that opens the log brings the
/// file up to date while the one that committed the same size writes it too, and with one name the rename of the first would take
/// the file of the second away. If we die before the rename, that file stays and harms nobody.
pub(super) fn write(path: &Path, checkpoint: &[u8]) -> io::Result<()> {
    let write = WRITES.fetch_add(1, Ordering::Relaxed);
    let temporary = durable::beside(path, &format!(".{}-{write}", std::process::id()));
    std::fs::write(&temporary, checkpoint)?;
    std::fs::rename(&temporary, path)
}
