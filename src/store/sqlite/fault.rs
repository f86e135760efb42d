//! SQLite's errors in the words of the closed list.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use super::StoreError;

/// What an error of SQLite means for the database at `path`.
pub(super) fn of(path: &Path, error: &Error) -> StoreError {
    let path = path.to_owned();
    let why = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            StoreError::Busy { path }
        }
        Some(ErrorCode::DiskFull) => StoreError::Full { path },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly { path },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Corrupt { path, why },
        Some(ErrorCode::NotADatabase) => StoreError::Foreign { path },
        Some(ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch) => {
            StoreError::Misuse { why }
        }
        Some(_) => StoreError::Io { path, why },
        None if matches!(error, Error::ToSqlConversionFailure(_)) => StoreError::Misuse { why },
        // not from SQLite but from reading a value: a column holds what it cannot hold
        None => StoreError::Corrupt { path, why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    /// What cannot be provoked in a test with a real disk.
    #[test]
    fn every_code_has_its_word() {
        let path = Path::new("db");
        let word = |code| of(path, &Error::SqliteFailure(ffi::Error::new(code), None));
        assert!(word(ffi::SQLITE_BUSY).passes() && word(ffi::SQLITE_BUSY_SNAPSHOT).passes());
        assert_eq!(word(ffi::SQLITE_FULL), StoreError::Full { path: path.to_owned() });
        assert_eq!(word(ffi::SQLITE_READONLY), StoreError::ReadOnly { path: path.to_owned() });
        assert_eq!(word(ffi::SQLITE_NOTADB), StoreError::Foreign { path: path.to_owned() });
        assert!(matches!(word(ffi::SQLITE_CORRUPT), StoreError::Corrupt { .. }));
        assert!(matches!(word(ffi::SQLITE_CONSTRAINT_TRIGGER), StoreError::Misuse { .. }));
        for doubtful in [ffi::SQLITE_IOERR, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_CANTOPEN, ffi::SQLITE_NOMEM] {
            assert!(word(doubtful).leaves_doubt(), "{doubtful}");
        }
        for certain in [ffi::SQLITE_BUSY, ffi::SQLITE_FULL, ffi::SQLITE_READONLY, ffi::SQLITE_CONSTRAINT] {
            assert!(!word(certain).leaves_doubt(), "{certain}");
        }
    }
}
