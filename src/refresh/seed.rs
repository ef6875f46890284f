//! Items of old outputs, which give a rebuilt store the ids and dates that readers know.

use chrono::{DateTime, Utc};

use crate::model::Entry;
use crate::store::Placed;

/// An entry as readers have known it: with the dates of the item that was seeded of it, where there is one.
pub(super) fn as_published(entry: Entry, seeded: &[Placed]) -> Entry {
    let Some(published) = seeded.iter().map(|seed| seed.published).min() else { return entry };
    let told = seeded.iter().filter_map(|seed| seed.story.updated).max();
    let is_revised = entry.updated > entry.published;
    let updated = Some(entry.updated).filter(|_| is_revised).max(told).unwrap_or(published).max(published);
    Entry { published, updated, ..entry }
}

/// When a story was published that is told like this since a time: not after what was seeded of it.
pub(super) fn time_of(told: DateTime<Utc>, placed: &[Placed]) -> DateTime<Utc> {
    let seeded = placed.iter().filter(|telling| telling.source.is_seeded()).map(|seed| seed.published);
    seeded.min().map_or(told, |seeded| seeded.min(told))
}
