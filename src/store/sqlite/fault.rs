//! What goes wrong inside, before it knows which store it happened to.

use rusqlite::ErrorCode;
use rusqlite::types::FromSqlError;

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

    /// As the situation that it is for the user.
    pub(super) fn at(self, store: &str) -> StoreError {
        let store = store.to_owned();
        let error = match self {
            Fault::Damaged(cause) => return StoreError::Corrupt { store, cause },
            Fault::Misused(cause) => return StoreError::Failed { store, cause },
            Fault::Sql(error) => error,
        };
        let cause = error.to_string();
        let Some(code) = error.sqlite_error_code() else {
            // Everything else that rusqlite reports is a value that is not of the expected type.
            return StoreError::Corrupt { store, cause };
        };
        match code {
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Locked { store, holder: None },
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt { store, cause },
            ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                StoreError::Unwritable { store, cause }
            }
            _ => StoreError::Failed { store, cause },
        }
    }
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
