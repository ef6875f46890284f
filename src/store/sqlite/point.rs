//! Where a test makes the database fail, as it would by itself.

use std::io;

use rusqlite::ffi;

use super::fault::Fault;
use crate::failpoint::{Point, operate};

/// Passes a place that stands for an operation on the database.
#[inline]
pub(super) fn reach(point: Point) -> Result<(), Fault> {
    operate(point).map_err(|cause| {
        let code = if cause.kind() == io::ErrorKind::StorageFull { ffi::SQLITE_FULL } else { ffi::SQLITE_IOERR };
        Fault::Sql(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
    })
}
