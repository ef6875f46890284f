//! From a path to a connection that may be used: permissions, settings, schema.

use std::fs::OpenOptions;
use std::io::Read;
use std::path::Path;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::fault::Fault;
use crate::store::StoreError;
use crate::store::lock::{make_folder, private, unwritable};

/// Every change of the schema, oldest first; `user_version` counts those that were applied.
const MIGRATIONS: &[&str] = &[
    include_str!("0001.sql"),
    include_str!("0002.sql"),
    include_str!("0003.sql"),
    include_str!("0004.sql"),
    include_str!("0005.sql"),
    include_str!("0006.sql"),
];

/// The newest schema that this program knows.
pub(super) const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Marks a file as ours ("once"), so that we never write into the database of another program.
const APPLICATION: i64 = 0x6f6e_6365;

/// Opens a database, making or migrating it as needed.
pub(super) fn open(path: &Path) -> Result<Connection, StoreError> {
    let name = path.display().to_string();
    make_folder(path)?;
    make_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(|error| Fault::from(error).at(&name))?;
    settle_in(&db).map_err(|fault| fault.at(&name))?;
    back_up(&db, path).map_err(|fault| fault.at(&name))?;
    match migrate(&mut db).map_err(|fault| fault.at(&name))? {
        found if found > SCHEMA => Err(StoreError::Newer { store: name, found, known: SCHEMA }),
        _ => Ok(db),
    }
}

/// Makes the file where there is none; SQLite gives its other files the permissions of this one.
/// Looks at the beginning of what is there: SQLite would take a very short file for an empty one.
fn make_file(path: &Path) -> Result<(), StoreError> {
    const BEGINNING: &[u8] = b"SQLite format 3\0";
    let mut beginning = Vec::new();
    private(OpenOptions::new().read(true).append(true).create(true))
        .open(path)
        .and_then(|file| file.take(BEGINNING.len() as u64).read_to_end(&mut beginning))
        .map_err(|cause| unwritable(path, &cause))?;
    if beginning.is_empty() || beginning == BEGINNING {
        return Ok(());
    }
    Err(Fault::damaged("it is not a SQLite database").at(&path.display().to_string()))
}

fn settle_in(db: &Connection) -> Result<(), Fault> {
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.set_prepared_statement_cache_capacity(64);
    if pragma::<String>(db, "journal_mode")? != "wal" {
        is_ours(db)?;
        db.pragma_update(None, "journal_mode", "wal")?;
    }
    // A killed program loses nothing; after a power cut the newest commits may be gone, whole.
    db.pragma_update(None, "synchronous", "normal")?;
    // KiB, when negative.
    db.pragma_update(None, "cache_size", -8192)?;
    // Pages that several settlements change are copied back once, and the log is cut again
    // after a large merge.
    db.pragma_update(None, "wal_autocheckpoint", 4000)?;
    db.pragma_update(None, "journal_size_limit", 32 << 20)?;
    db.pragma_update(None, "temp_store", "memory")?;
    Ok(())
}

/// Refuses a database that has something in it and is not marked as ours.
fn is_ours(db: &Connection) -> Result<(), Fault> {
    let is_empty: bool = db.query_row("select not exists (select 1 from sqlite_schema)", [], |row| row.get(0))?;
    if is_empty || pragma::<i64>(db, "application_id")? == APPLICATION {
        Ok(())
    } else {
        Err(Fault::damaged("it is the database of another program"))
    }
}

/// Copies a database that is about to be migrated to `NAME.schema-N.bak` beside it.
fn back_up(db: &Connection, path: &Path) -> Result<(), Fault> {
    let found: u32 = pragma(db, "user_version")?;
    if found == 0 || found >= SCHEMA || is_ours(db).is_err() {
        return Ok(());
    }
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".schema-{found}.{suffix}"));
        std::path::PathBuf::from(name)
    };
    let (part, whole) = (beside(&format!("{}.part", std::process::id())), beside("bak"));
    if whole.exists() {
        return Ok(());
    }
    // SQLite takes an empty file of ours, and with it our permissions.
    private(OpenOptions::new().write(true).create(true).truncate(true))
        .open(&part)
        .map_err(|cause| Fault::Misused(format!("the backup {} cannot be written: {cause}", part.display())))?;
    let done = db.execute("vacuum into ?1", [part.to_string_lossy()]).map(|_| ()).map_err(Fault::from);
    let done = done.and_then(|()| {
        std::fs::rename(&part, &whole)
            .map_err(|cause| Fault::Misused(format!("the backup {} cannot be written: {cause}", whole.display())))
    });
    if done.is_err() {
        // What is left of it is of no use; that it stays would be no harm.
        let _ = std::fs::remove_file(&part);
    }
    done
}

/// Applies what is missing, all or nothing. Gives the schema's version.
fn migrate(db: &mut Connection) -> Result<u32, Fault> {
    is_ours(db)?;
    if pragma::<u32>(db, "user_version")? >= SCHEMA {
        return Ok(pragma(db, "user_version")?);
    }
    // Who waited here for another to do it asks again.
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found: u32 = pragma(&tx, "user_version")?;
    for migration in MIGRATIONS.iter().skip(found as usize) {
        tx.execute_batch(migration)?;
    }
    let version = found.max(SCHEMA);
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", version)?;
    tx.commit()?;
    Ok(version)
}

fn pragma<T: rusqlite::types::FromSql>(db: &Connection, name: &str) -> rusqlite::Result<T> {
    db.pragma_query_value(None, name, |row| row.get(0))
}
