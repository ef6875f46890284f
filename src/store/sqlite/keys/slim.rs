//! Which stories were pruned, a bit each, so that a merge can ask for every entry.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::sqlite::fault::Fault;

/// Bytes of a row: with its head it fills a page.
const BYTES: usize = 4032;
/// Stories of a row.
const STORIES: usize = BYTES * 8;

/// The stories that were pruned.
#[derive(Default)]
pub(super) struct Slim {
    rows: Vec<Option<Vec<u8>>>,
}

impl Slim {
    pub(super) fn read(db: &Connection) -> Result<Slim, Fault> {
        let mut slim = Slim::default();
        let mut statement = db.prepare_cached("select id, stories from key_slim order by id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let number: usize = row.get::<_, i64>(0)?.try_into().map_err(|_| unreadable())?;
            // No more than a story's number in an entry has room for.
            if number > super::STORY_MASK as usize / STORIES {
                return Err(unreadable());
            }
            slim.rows.resize_with(number, || None);
            slim.rows.push(Some(sized(row.get(1)?)?));
        }
        Ok(slim)
    }

    pub(super) fn has(&self, story: u64) -> bool {
        let (row, byte, bit) = place(story as usize);
        self.rows.get(row).and_then(Option::as_ref).is_some_and(|bytes| bytes[byte] & bit != 0)
    }
}

/// These were pruned.
pub(super) fn mark(db: &Connection, stories: &[i64]) -> Result<(), Fault> {
    let mut rows: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for story in stories.iter().filter_map(|story| usize::try_from(*story).ok()) {
        rows.entry(story / STORIES).or_default().push(story);
    }
    for (row, stories) in rows {
        change(db, row, |bytes| {
            for (_, byte, bit) in stories.iter().map(|story| place(*story)) {
                bytes[byte] |= bit;
            }
        })?;
    }
    Ok(())
}

/// This one was edited and has keys again.
pub(in crate::store::sqlite) fn revive(db: &Connection, story: i64) -> Result<(), Fault> {
    let Ok(story) = usize::try_from(story) else { return Ok(()) };
    let (row, byte, bit) = place(story);
    change(db, row, |bytes| bytes[byte] &= !bit)
}

fn change(db: &Connection, row: usize, with: impl FnOnce(&mut [u8])) -> Result<(), Fault> {
    let id = row as i64;
    let stored = db
        .prepare_cached("select stories from key_slim where id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    let before = stored.map_or_else(|| Ok(vec![0; BYTES]), sized)?;
    let mut bytes = before.clone();
    with(&mut bytes);
    if bytes != before {
        db.prepare_cached("insert or replace into key_slim values (?1, ?2)")?.execute(params![id, bytes])?;
    }
    Ok(())
}

fn sized(bytes: Vec<u8>) -> Result<Vec<u8>, Fault> {
    if bytes.len() == BYTES { Ok(bytes) } else { Err(unreadable()) }
}

fn unreadable() -> Fault {
    Fault::damaged("the list of pruned stories cannot be read")
}

/// Row, byte in it and bit in that.
fn place(story: usize) -> (usize, usize, u8) {
    (story / STORIES, story % STORIES / 8, 1 << (story % 8))
}
