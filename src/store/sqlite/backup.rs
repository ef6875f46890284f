//! Copies of a database beside it: `NAME.schema-N.bak` before its schema changes, `NAME.2026-11-24.bak` once a day.
//!
//! A copy is whole or not there: it is made under another name, flushed, and renamed. It is written anew from the
//! tables (`VACUUM INTO`), so that what cannot be read is noticed, and no older copy is given up for a damaged one.

use std::cmp::Reverse;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, Days, NaiveDate, Utc};
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::fault::Fault;
use super::open::{self, beside};
use super::point::reach;
use crate::failpoint::Point;
use crate::store::error::PATIENCE;
use crate::store::lock::private;

/// Bytes of a store that are copied a day, on average. 1 GiB is 150,000 stories, and took 2 s of processor time.
const COPIED_A_DAY: u64 = 1 << 30;

/// Which copy a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Of before a change of this schema.
    Schema(u32),
    /// Of this day, UTC.
    Day(NaiveDate),
}

impl Kind {
    /// What a name has after that of the database, and before `.bak` or `.part`.
    fn infix(self) -> String {
        match self {
            Kind::Schema(schema) => format!(".schema-{schema}"),
            Kind::Day(day) => format!(".{}", day.format("%Y-%m-%d")),
        }
    }

    fn read(infix: &str) -> Option<Kind> {
        let kind = match infix.strip_prefix(".schema-") {
            Some(schema) => Kind::Schema(schema.parse().ok()?),
            None => Kind::Day(NaiveDate::parse_from_str(infix.strip_prefix('.')?, "%Y-%m-%d").ok()?),
        };
        // Only as we write it.
        (kind.infix() == infix).then_some(kind)
    }
}

/// Copies a database of this schema, of which there is no copy yet.
pub(super) fn before_migration(db: &Connection, path: &Path, schema: u32) -> Result<(), Fault> {
    let whole = name(path, Kind::Schema(schema), "bak");
    if whole.exists() {
        return Ok(());
    }
    // One at a time: who comes second waits here, and finds that it is done.
    let mut other = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    other.busy_timeout(PATIENCE)?;
    let _alone = other.transaction_with_behavior(TransactionBehavior::Immediate)?;
    if whole.exists() { Ok(()) } else { copy(db, path, Kind::Schema(schema)) }
}

/// Copies a database when that is due, and gives up what is more than `keep` copies of days. Gives the copy that was
/// made. Asks for the lock of a run.
pub(super) fn daily(path: &Path, keep: usize, now: DateTime<Utc>) -> Result<Option<PathBuf>, Fault> {
    let today = now.date_naive();
    if keep == 0 || !is_due(path, today) {
        return Ok(None);
    }
    copy(&open::read_only(path)?, path, Kind::Day(today))?;
    let mut days: Vec<NaiveDate> = days(path).collect();
    // One of a day to come was made under a wrong clock: it is the first to go, or it would stay for ever.
    days.sort_by_key(|day| (*day > today, Reverse(*day)));
    for day in days.into_iter().skip(keep) {
        // One that stays harms nothing but the disk, and is tried again.
        let _ = fs::remove_file(name(path, Kind::Day(day), "bak"));
    }
    Ok(Some(name(path, Kind::Day(today), "bak")))
}

/// Once a day; of a store of several GiB only every so many days, so that what is copied in a week has a bound. A copy of
/// a day to come says nothing.
pub(super) fn is_due(path: &Path, today: NaiveDate) -> bool {
    let bytes = fs::metadata(path).map_or(0, |file| file.len());
    let pause = Days::new(bytes / COPIED_A_DAY);
    let since = today.checked_sub_days(pause).unwrap_or(today);
    !days(path).any(|day| (since..=today).contains(&day))
}

/// The copy that was made last, of any kind.
pub(super) fn newest(path: &Path) -> Option<PathBuf> {
    // By the time of the file: days are those of clocks that may have been wrong.
    let made = |kind: &Kind| fs::metadata(name(path, *kind, "bak")).and_then(|file| file.modified());
    kinds(path).max_by_key(|kind| made(kind).unwrap_or(SystemTime::UNIX_EPOCH)).map(|kind| name(path, kind, "bak"))
}

/// The copy of the newest schema up to this one.
pub(super) fn of_schema(path: &Path, known: u32) -> Option<PathBuf> {
    let schemas = kinds(path).filter_map(|kind| match kind {
        Kind::Schema(schema) if schema <= known => Some(schema),
        _ => None,
    });
    schemas.max().map(|schema| name(path, Kind::Schema(schema), "bak"))
}

fn copy(db: &Connection, path: &Path, kind: Kind) -> Result<(), Fault> {
    let [part, whole] = ["part", "bak"].map(|ending| name(path, kind, ending));
    let unwritten =
        |cause: io::Error| Fault::Misused(format!("its backup {} cannot be written: {cause}", part.display()));
    remove_parts(path);
    // SQLite takes an empty file of ours, and with it our permissions.
    private(OpenOptions::new().write(true).create_new(true)).open(&part).map_err(unwritten)?;
    let filled = reach(Point::BackUp).and_then(|()| fill(db, &part)).and_then(|()| reach(Point::BackedUp));
    let done = filled.and_then(|()| {
        File::open(&part).and_then(|file| file.sync_all()).map_err(unwritten)?;
        fs::rename(&part, &whole).map_err(unwritten)
    });
    match done {
        // What is left of it is of no use; that it stays would be no harm.
        Err(_) => drop(fs::remove_file(&part)),
        // Should a power cut take back the name, it is made again.
        Ok(()) => drop(File::open(folder(path)).and_then(|folder| folder.sync_all())),
    }
    done
}

fn fill(db: &Connection, part: &Path) -> Result<(), Fault> {
    // As text it would be another file where a name is not UTF-8.
    let Some(text) = part.to_str() else {
        return Err(Fault::Misused(format!("its backup {} needs a name in UTF-8", part.display())));
    };
    db.execute("vacuum into ?1", [text])?;
    Ok(())
}

fn name(path: &Path, kind: Kind, ending: &str) -> PathBuf {
    beside(path, &format!("{}.{ending}", kind.infix()))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn days(path: &Path) -> impl Iterator<Item = NaiveDate> {
    kinds(path).filter_map(|kind| match kind {
        Kind::Day(day) => Some(day),
        Kind::Schema(_) => None,
    })
}

/// The copies that are there.
fn kinds(path: &Path) -> impl Iterator<Item = Kind> {
    endings(path).filter_map(|(ending, _)| Kind::read(ending.strip_suffix(".bak")?))
}

/// Removes what copies that were killed have left, also the journals of those.
fn remove_parts(path: &Path) {
    for (ending, file) in endings(path) {
        let part = ending.strip_suffix("-journal").unwrap_or(&ending).strip_suffix(".part");
        // Earlier versions put the number of their process in.
        if part.is_some_and(|infix| infix.starts_with(".schema-") || Kind::read(infix).is_some()) {
            // One that stays harms nothing but the disk.
            let _ = fs::remove_file(file);
        }
    }
}

/// The files beside a database whose names begin like its own, with what follows.
fn endings(path: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    let begins = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let files = fs::read_dir(folder(path)).into_iter().flatten().flatten();
    files.filter_map(move |file| {
        let name = file.file_name().to_str()?.strip_prefix(begins.as_deref()?)?.to_owned();
        Some((name, file.path()))
    })
}
