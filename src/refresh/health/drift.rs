//! Whether a document is unlike all that its source gave before.
//!
//! It is held against the least and the most of the last days, not against an average: what the source has done
//! lately, at any time of day, is its usual way.

use chrono::NaiveDate;

use super::shape::Shape;
use crate::model::{Day, Oddity, Past};

/// Of a source that is known for less than a week, weekends are not known; ...
const ACQUAINTANCE: i64 = 7;
/// ... and of fewer days with another document, or fewer documents, nothing is.
const FEWEST_DAYS: usize = 3;
const FEWEST_DOCUMENTS: u32 = 5;
/// Below these a number says nothing: stories, usual stories for "none" and for "few", bytes of text.
const STORIES: u32 = 4;
const USUAL: u32 = 3;
const MANY: u32 = 8;
const BYTES: u32 = 40;
/// Texts this many times as long or short are others: a teaser is a tenth of a text.
const TIMES: u32 = 8;
/// Points of 100 that a share has to fall below all that it was.
const POINTS: u32 = 50;
/// Other ids for known titles are a way of the source when it has done that before, this many days back.
const REKEYED_DAYS: i64 = 60;

/// How the document is unlike the source's past, with its numbers in words; `None`: it is not, or there is too
/// little past.
pub(super) fn oddity(past: &Past, shape: &Shape, today: NaiveDate) -> Option<(Oddity, String)> {
    let is_known = past.first.is_some_and(|first| (today - first).num_days() >= ACQUAINTANCE);
    if !is_known || past.days.len() < FEWEST_DAYS || past.documents < FEWEST_DOCUMENTS {
        return None;
    }
    let usual = Usual::of(&past.days)?;
    let items = shape.day.items.0;
    if items == 0 {
        return (usual.items.0 >= USUAL)
            .then(|| (Oddity::Empty, format!("no stories, where there were {}", range(usual.items))));
    }
    if usual.items.0 >= MANY && items * 10 < usual.items.0 * 3 {
        return Some((Oddity::Few, format!("{items} stories, where there were {}", range(usual.items))));
    }
    if let Some((rekeyed, known)) = shape.rekeyed().filter(|_| !is_habit(past, today)) {
        return Some((Oddity::Rekeyed, format!("{rekeyed} of {known} stories that were known have other ids")));
    }
    if items < STORIES {
        return None;
    }
    let fell = |now: (u32, u32), usual: (u32, u32)| now.0 + POINTS < usual.0;
    if fell(shape.day.dated, usual.dated) {
        let (now, before) = (shape.day.dated.0, usual.dated.0);
        return Some((Oddity::Undated, format!("{now} % of the stories have a date, where {before} % had at least")));
    }
    if fell(shape.day.titled, usual.titled) {
        let (now, before) = (shape.day.titled.0, usual.titled.0);
        let why = format!("{now} % of the stories have a title of their own, where {before} % had at least");
        return Some((Oddity::Alike, why));
    }
    let length = shape.day.length.0;
    let is_odd =
        usual.length.0 >= BYTES && (length.saturating_mul(TIMES) < usual.length.0 || length / TIMES > usual.length.1);
    is_odd.then(|| (Oddity::Length, format!("texts of {length} bytes, where there were {}", range(usual.length))))
}

/// Whether the source gives known titles other ids every now and then.
fn is_habit(past: &Past, today: NaiveDate) -> bool {
    past.rekeyed.is_some_and(|day| (today - day).num_days() <= REKEYED_DAYS)
}

/// What the documents of all remembered days were like.
struct Usual {
    items: (u32, u32),
    dated: (u32, u32),
    titled: (u32, u32),
    length: (u32, u32),
}

impl Usual {
    fn of(days: &[Day]) -> Option<Usual> {
        let range = |of: fn(&Day) -> (u32, u32)| {
            let least = days.iter().map(|day| of(day).0).min()?;
            Some((least, days.iter().map(|day| of(day).1).max()?))
        };
        Some(Usual {
            items: range(|day| day.items)?,
            dated: range(|day| day.dated)?,
            titled: range(|day| day.titled)?,
            length: range(|day| day.length)?,
        })
    }
}

fn range((least, most): (u32, u32)) -> String {
    if least == most { format!("always {least}") } else { format!("{least} to {most}") }
}
