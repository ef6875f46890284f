//! From a path to a connection that may be used: permissions, settings, schema.

use std::fs::OpenOptions;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::backup;
use super::fault::Fault;
use super::point::reach;
use crate::failpoint::Point;
use crate::store::StoreError;
use crate::store::error::PATIENCE;
use crate::store::lock::{make_folder, private, unwritable};

/// Every change of the schema, oldest first; `user_version` counts those that were applied.
const MIGRATIONS: &[&str] = &[
    include_str!("0001.sql"),
    include_str!("0002.sql"),
    include_str!("0003.sql"),
    include_str!("0004.sql"),
    include_str!("0005.sql"),
    include_str!("0006.sql"),
    include_str!("0007.sql"),
    include_str!("0008.sql"),
    include_str!("0009.sql"),
    include_str!("0010.sql"),
    include_str!("0011.sql"),
    include_str!("0012.sql"),
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
    share_permissions(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(|error| Fault::from(error).at(&name))?;
    settle_in(&db).map_err(|fault| fault.at(&name))?;
    back_up(&db, path).map_err(|fault| fault.at(&name))?;
    match migrate(&mut db).map_err(|fault| fault.at(&name))? {
        found if found > SCHEMA => {
            Err(StoreError::Newer { store: name, found, known: SCHEMA, backup: backup::of_schema(path, SCHEMA) })
        }
        _ => Ok(db),
    }
}

/// Opens a database to look into it, also where nothing can be written.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, StoreError> {
    match open(path) {
        Err(StoreError::Unwritable { store, cause }) => match read_only(path) {
            // That it cannot be written is what to mend.
            Err(Fault::Sql(_)) => Err(StoreError::Unwritable { store, cause }),
            Err(Fault::Misused(cause)) => Err(StoreError::Unwritable { store, cause }),
            Err(fault) => Err(fault.at(&store)),
            Ok(db) => Ok(db),
        },
        opened => opened,
    }
}

/// A database of the schema that is known, as it is. SQLite shares a file with writers beside it, where it
/// has to write; without a log there are none, and it may take the file for one that never changes.
pub(super) fn read_only(path: &Path) -> Result<Connection, Fault> {
    let shared = read_with(path, "mode=ro");
    match shared {
        Err(Fault::Sql(_)) if !has_log(path) => read_with(path, "immutable=1"),
        _ => shared,
    }
}

fn read_with(path: &Path, how: &str) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(uri(path, how), flags)?;
    db.busy_timeout(PATIENCE)?;
    is_ours(&db)?;
    match pragma::<u32>(&db, "user_version")? {
        SCHEMA => Ok(db),
        _ => Err(Fault::Misused("it is of another version, and has to be brought up to this one first".to_owned())),
    }
}

/// A file as SQLite wants it with parameters; what could be taken for something else is escaped.
fn uri(path: &Path, parameters: &str) -> String {
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => uri.push(char::from(*byte)),
            byte => uri.push_str(&format!("%{byte:02x}")),
        }
    }
    format!("{uri}?{parameters}")
}

/// Whether changes wait in the write-ahead log: nobody who had it open last has closed it.
pub(super) fn has_log(path: &Path) -> bool {
    std::fs::metadata(beside(path, "-wal")).is_ok_and(|file| file.len() > 0)
}

/// A name that begins like that of the database.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Makes the file where there is none; SQLite gives its other files the permissions of this one.
/// Looks at the beginning of what is there: SQLite would take a very short file for an empty one, and an empty one for
/// a store that knows nothing yet.
fn make_file(path: &Path) -> Result<(), StoreError> {
    const BEGINNING: &[u8] = b"SQLite format 3\0";
    let damaged = |what| Err(Fault::damaged(what).at(&path.display().to_string()));
    match std::fs::metadata(path) {
        // A pipe would be waited for, a device read for ever.
        Ok(found) if !found.is_file() => {
            return Err(unwritable(path, &std::io::Error::other("there is something that is not a file")));
        }
        Ok(found) if found.len() == 0 && backup::newest(path).is_some() => return damaged("it is empty"),
        _ => {}
    }
    let mut beginning = Vec::new();
    private(OpenOptions::new().read(true).append(true).create(true))
        .open(path)
        .and_then(|file| file.take(BEGINNING.len() as u64).read_to_end(&mut beginning))
        .map_err(|cause| unwritable(path, &cause))?;
    if beginning.is_empty() || beginning == BEGINNING {
        return Ok(());
    }
    damaged("it is not a SQLite database")
}

/// Gives the log and its index the permissions of the database. While that may not be written, whoever reads it takes the
/// right to write from them too, and nobody would give it back.
fn share_permissions(path: &Path) {
    let Ok(wanted) = std::fs::metadata(path).map(|file| file.permissions()) else { return };
    for file in ["-wal", "-shm"].map(|ending| beside(path, ending)) {
        if std::fs::metadata(&file).is_ok_and(|found| found.permissions() != wanted) {
            // Where that is not ours to do, SQLite says what is missing.
            let _ = std::fs::set_permissions(file, wanted.clone());
        }
    }
}

fn settle_in(db: &Connection) -> Result<(), Fault> {
    db.busy_timeout(PATIENCE)?;
    db.set_prepared_statement_cache_capacity(64);
    // What lies outside of its page is damage, and not to be taken for a row.
    db.pragma_update(None, "cell_size_check", true)?;
    log_ahead(db)?;
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

/// Turns the write-ahead log on. SQLite needs the file alone for that and does not wait for it, so we do: others may be
/// opening the same new store.
fn log_ahead(db: &Connection) -> Result<(), Fault> {
    let begun = Instant::now();
    loop {
        let done = pragma::<String>(db, "journal_mode").map_err(Fault::from).and_then(|mode| match mode.as_str() {
            "wal" => Ok(()),
            _ => is_ours(db).and_then(|()| Ok(db.pragma_update(None, "journal_mode", "wal")?)),
        });
        match done {
            Err(fault) if fault.is_busy() && begun.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(5)),
            done => return done,
        }
    }
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

/// Copies a database that is about to be migrated.
fn back_up(db: &Connection, path: &Path) -> Result<(), Fault> {
    match pragma(db, "user_version")? {
        found if found > 0 && found < SCHEMA && is_ours(db).is_ok() => backup::before_migration(db, path, found),
        _ => Ok(()),
    }
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
        reach(Point::Migrate)?;
    }
    let version = found.max(SCHEMA);
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", version)?;
    reach(Point::Migrated)?;
    tx.commit()?;
    Ok(version)
}

fn pragma<T: rusqlite::types::FromSql>(db: &Connection, name: &str) -> rusqlite::Result<T> {
    db.pragma_query_value(None, name, |row| row.get(0))
}
