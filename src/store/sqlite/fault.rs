//! What goes wrong inside, before it knows which store it happened to.

use std::path::Path;

use rusqlite::types::FromSqlError;
use rusqlite::{ErrorCode, ffi};

use super::backup;
use crate::store::StoreError;

/// Why a piece of work on the database failed.
#[derive(Debug)]
pub(super) enum Fault {
    /// The database said no.
    Sql(rusqlite::Error),
    /// What is stored cannot be: says what.
    Damaged(String),
    /// What was asked cannot be done: says why.
    Misused(String),
}

impl Fault {
    pub(super) fn damaged(what: &str) -> Fault {
        Fault::Damaged(what.to_owned())
    }

    /// Whether another has the database, who may be done soon.
    pub(super) fn is_busy(&self) -> bool {
        let Fault::Sql(error) = self else { return false };
        matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// As the situation that it is for the user.
    pub(super) fn at(self, store: &str) -> StoreError {
        let store = store.to_owned();
        let error = match self {
            Fault::Damaged(cause) => return corrupt(store, cause),
            Fault::Misused(cause) => return StoreError::Failed { store, cause },
            Fault::Sql(error) => error,
        };
        let cause = said(&error);
        let Some(code) = error.sqlite_error() else {
            // Everything else that rusqlite reports is a value that is not of the expected type.
            return corrupt(store, cause);
        };
        match code.code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
                StoreError::Busy { store }
            }
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => corrupt(store, cause),
            // Tables that are not as this program made them, and rows that contradict their index.
            ErrorCode::Unknown | ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch => corrupt(store, cause),
            ErrorCode::SystemIoFailure if is_of_content(code.extended_code) => corrupt(store, cause),
            // It grows the index of its log, which needs room before anything is written.
            ErrorCode::SystemIoFailure if code.extended_code == ffi::SQLITE_IOERR_SHMSIZE => StoreError::Full { store },
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                StoreError::Unwritable { store, cause }
            }
            ErrorCode::DiskFull => StoreError::Full { store },
            _ => StoreError::Failed { store, cause },
        }
    }
}

fn corrupt(store: String, cause: String) -> StoreError {
    let backup = backup::newest(Path::new(&store));
    StoreError::Corrupt { store, cause, backup }
}

/// Whether the disk works, and gave other bytes than it was given.
fn is_of_content(extended: i32) -> bool {
    [ffi::SQLITE_IOERR_CORRUPTFS, ffi::SQLITE_IOERR_DATA].contains(&extended)
}

/// What the database said; of an input/output error also what it was about to do.
fn said(error: &rusqlite::Error) -> String {
    let what = match error.sqlite_extended_error_code() {
        Some(ffi::SQLITE_IOERR_READ | ffi::SQLITE_IOERR_SHORT_READ) => "reading",
        Some(ffi::SQLITE_IOERR_WRITE) => "writing",
        Some(ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_DIR_FSYNC) => "flushing",
        Some(ffi::SQLITE_IOERR_TRUNCATE) => "cutting a file",
        Some(ffi::SQLITE_IOERR_DELETE) => "removing a file",
        Some(ffi::SQLITE_IOERR_SHMOPEN | ffi::SQLITE_IOERR_SHMMAP) => "making the index of its log",
        _ => return error.to_string(),
    };
    format!("{error} while {what}")
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Sql(error)
    }
}

impl From<FromSqlError> for Fault {
    fn from(error: FromSqlError) -> Fault {
        Fault::Damaged(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The situation that a result code of SQLite is, as the variant's name, and what is said.
    #[track_caller]
    fn check(code: i32, situation: &str, words: &str) {
        let error = Fault::from(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).at("a.db");
        let (name, said) = (format!("{error:?}"), format!("{error}; {}", error.help().unwrap()));
        assert_eq!(name.split([' ', '{']).next(), Some(situation), "{name}");
        assert!(said.contains(words) && said.contains("a.db"), "{said}");
    }

    #[test]
    fn a_full_disk_and_a_failing_one_are_told_apart() {
        check(ffi::SQLITE_FULL, "Full", "make room");
        check(ffi::SQLITE_IOERR_SHMSIZE, "Full", "make room");
        check(ffi::SQLITE_IOERR, "Failed", "failing disk");
        check(ffi::SQLITE_IOERR_WRITE, "Failed", "while writing");
        check(ffi::SQLITE_IOERR_FSYNC, "Failed", "while flushing");
        check(ffi::SQLITE_IOERR_READ, "Failed", "while reading");
        check(ffi::SQLITE_NOMEM, "Failed", "memory");
        check(ffi::SQLITE_INTERRUPT, "Failed", "interrupted");
    }

    #[test]
    fn what_may_not_be_written_is_not_damaged() {
        check(ffi::SQLITE_READONLY, "Unwritable", "readonly");
        check(ffi::SQLITE_READONLY_DIRECTORY, "Unwritable", "writable");
        check(ffi::SQLITE_CANTOPEN, "Unwritable", "unable to open");
        check(ffi::SQLITE_CANTOPEN_ISDIR, "Unwritable", "unable to open");
        check(ffi::SQLITE_PERM, "Unwritable", "permission");
    }

    #[test]
    fn a_busy_database_is_neither_full_nor_damaged() {
        for code in [ffi::SQLITE_BUSY, ffi::SQLITE_BUSY_SNAPSHOT, ffi::SQLITE_BUSY_RECOVERY, ffi::SQLITE_LOCKED] {
            check(code, "Busy", "5 seconds");
        }
        check(ffi::SQLITE_PROTOCOL, "Busy", "another program");
    }

    #[test]
    fn damage_is_damage_whoever_notices() {
        check(ffi::SQLITE_CORRUPT, "Corrupt", "malformed");
        check(ffi::SQLITE_CORRUPT_INDEX, "Corrupt", "malformed");
        check(ffi::SQLITE_NOTADB, "Corrupt", "not a database");
        check(ffi::SQLITE_IOERR_CORRUPTFS, "Corrupt", "I/O");
        check(ffi::SQLITE_IOERR_DATA, "Corrupt", "I/O");
        check(ffi::SQLITE_ERROR, "Corrupt", "move the file away");
        check(ffi::SQLITE_CONSTRAINT_UNIQUE, "Corrupt", "constraint");
    }
}
