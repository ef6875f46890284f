//! The index of keys: which stories have which URL, text, title, band or lead.
//!
//! Keys are hashes, so a row for each would touch another page with every insertion, and cost more
//! the larger the store is. So the entries of each settlement are written once, sorted, as a
//! *segment*, and segments of similar size are merged into one (a log-structured merge tree, O'Neil
//! 1996), the large ones a part with each settlement (`merge`). A lookup reads, of each segment, the
//! *fences* and those chunks that can hold a key that is asked for, most of which a *sieve* for
//! every few chunks rules out (`lookup`); there are logarithmically many segments. Of each key the newest
//! [`Key::POSTINGS`] are found, so that what thousands share costs no more. Nothing is read when the
//! store opens, and nothing is held between calls.
//!
//! The index may offer stories that do not have the key (it keeps part of each, and does not hear of
//! edits): who asks compares with the story's fingerprint.

mod lookup;
mod merge;
mod segment;
mod sieve;
mod slim;
#[cfg(test)]
mod tests;

use rusqlite::Connection;

use self::segment::{Writer, segments};
use super::fault::Fault;
use crate::model::Key;

pub(super) use self::lookup::Postings;
pub(super) use self::slim::revive;

/// Bits of an entry that are the story's number; the others are the key's. With 13 million entries
/// under 34 bits of key, 1 key in 1,200 meets a stranger.
const STORY_BITS: u32 = 30;
const STORY_MASK: u64 = (1 << STORY_BITS) - 1;

/// Which keys: those that are of use for ever, and those that are within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tree {
    /// URLs and exact texts.
    Lasting = 1,
    /// Titles, bands and leads. Pruned stories leave.
    Passing = 2,
}

/// The tree that a key stands in, and its number there.
pub(super) fn number(key: &Key) -> (Tree, u64) {
    match key {
        Key::Url(digest) | Key::Exact(digest) => (Tree::Lasting, digest.head()),
        Key::Title(hash) => (Tree::Passing, *hash),
        Key::Band(hash) => (Tree::Passing, 1 << 32 | u64::from(*hash)),
        Key::Lead(hash) => (Tree::Passing, u64::from(*hash)),
    }
}

/// Adds (key, story) pairs.
pub(super) fn insert(db: &Connection, tree: Tree, pairs: &[(u64, i64)]) -> Result<(), Fault> {
    if pairs.is_empty() {
        return Ok(());
    }
    let mut entries = Vec::with_capacity(pairs.len());
    for (key, story) in pairs {
        let story = u64::try_from(*story).ok().filter(|story| *story <= STORY_MASK);
        let story = story.ok_or_else(|| Fault::Misused("the index of keys is full".to_owned()))?;
        entries.push(prefix(*key) | story);
    }
    entries.sort_unstable();
    let mut writer = Writer::begin(db, tree)?;
    for entry in entries {
        writer.push(entry)?;
    }
    writer.pause()?;
    merge::tidy(db, tree, pairs.len())
}

/// Forgets all keys.
pub(super) fn clear(db: &Connection) -> Result<(), Fault> {
    for table in ["key_segment", "key_chunk", "key_sieve", "key_fence"] {
        db.execute(&format!("delete from {table}"), [])?;
    }
    db.execute("update key_dead set entries = 0", [])?;
    Ok(())
}

/// Says that these stories were pruned, whose `entries` passing keys lead to nothing now. They leave when
/// their segments are merged; when half of all may be such, everything is.
pub(super) fn bury(db: &Connection, stories: &[i64], entries: usize) -> Result<(), Fault> {
    slim::mark(db, stories)?;
    let dead: i64 = db
        .prepare_cached("update key_dead set entries = entries + ?1 returning entries")?
        .query_row([i64::try_from(entries).unwrap_or(i64::MAX)], |row| row.get(0))?;
    let all = segments(db, Tree::Passing)?;
    if dead.cast_unsigned().saturating_mul(2) >= segment::entries(&all) && merge::begin_all(db, &all)? {
        db.prepare_cached("update key_dead set entries = 0")?.execute([])?;
    }
    merge::tidy(db, Tree::Passing, entries)
}

/// The part of a key that is kept, where it stands in an entry. Multiplying by an odd number spreads
/// keys that were made of small numbers, and loses nothing (Knuth, 6.4).
fn prefix(key: u64) -> u64 {
    let mixed = (key ^ (key >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15) & !STORY_MASK
}
