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
