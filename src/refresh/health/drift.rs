//! Whether a document is unlike all that its source gave before.
//!
//! It is held against the least and the most of the last days, not against an average: what the source has done
//! lately, at any time of day, is its usual way.

use chrono::{DateTime, NaiveDate, Utc};

use super::layout;
use super::shape::Shape;
use crate::model::{Day, Kind, Oddity, Past};

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
/// Other ids for known titles, or other titles, are a way of the source when it has done that before, this many days back.
const HABIT_DAYS: i64 = 60;

/// How the document is unlike the source's past, with its numbers in words; `None`: it is not, or there is too
/// little past.
pub(super) fn oddity(past: &Past, shape: &Shape, now: DateTime<Utc>) -> Option<(Oddity, String)> {
    let today = now.date_naive();
    let usual = Usual::of(&past.days)?;
    if let Some(why) = layout::change(past, shape, now) {
        return Some((Oddity::Layout, why));
    }
    // Two documents of a list have shown how it names its stories; feeds have more ways of doing that.
    let has_list = shape.how.kind == Kind::Listing && past.documents >= 2;
    if has_list && let Some(odd) = names(past, shape, &usual, today) {
        return Some(odd);
    }
    let is_known = past.first.is_some_and(|first| (today - first).num_days() >= ACQUAINTANCE);
    if !is_known || past.days.len() < FEWEST_DAYS || past.documents < FEWEST_DOCUMENTS {
        return None;
    }
    numbers(past, shape, &usual, today)
}

/// Whether the stories have other names than they had, or all the same.
fn names(past: &Past, shape: &Shape, usual: &Usual, today: NaiveDate) -> Option<(Oddity, String)> {
    if shape.day.items.0 < STORIES {
        return None;
    }
    if is_below(shape.day.titled, usual.titled) {
        let (now, before) = (shape.day.titled.0, usual.titled.0);
        let why = format!("{now} % of the stories have a title of their own, where {before} % had at least");
        return Some((Oddity::Alike, why));
    }
    let (retitled, kept) = shape.retitled().filter(|_| !is_habit(past.retitled, today))?;
    Some((Oddity::Retitled, format!("{retitled} of {kept} stories that were known have other titles")))
}

/// Whether the numbers are others than they were.
fn numbers(past: &Past, shape: &Shape, usual: &Usual, today: NaiveDate) -> Option<(Oddity, String)> {
    let items = shape.day.items.0;
    if items == 0 {
        let (what, words) = match shape.is_emptied() {
            true => (Oddity::Emptied, "the list is there and holds no stories"),
            false => (Oddity::Empty, "no stories"),
        };
        return (usual.items.0 >= USUAL).then(|| (what, format!("{words}, where there were {}", range(usual.items))));
    }
    let is_few = usual.items.0 >= MANY && items * 10 < usual.items.0 * 3;
    if is_few && !begins_anew(past, shape) {
        let stories = if items == 1 { "story" } else { "stories" };
        return Some((Oddity::Few, format!("{items} {stories}, where there were {}", range(usual.items))));
    }
    if let Some((rekeyed, known)) = shape.rekeyed().filter(|_| !is_habit(past.rekeyed, today)) {
        return Some((Oddity::Rekeyed, format!("{rekeyed} of {known} stories that were known have other ids")));
    }
    if items < STORIES {
        return None;
    }
    if is_below(shape.day.dated, usual.dated) {
        let (now, before) = (shape.day.dated.0, usual.dated.0);
        return Some((Oddity::Undated, format!("{now} % of the stories have a date, where {before} % had at least")));
    }
    names(past, shape, usual, today).or_else(|| texts(shape, usual))
}

/// Whether a list is short because it has begun anew, as on the first of a month.
fn begins_anew(past: &Past, shape: &Shape) -> bool {
    let is_same_list = shape.how.kind == Kind::Listing && past.methods.contains(&shape.how.method);
    shape.still == 0 && (shape.renewed || is_same_list)
}

/// Whether the texts are others than they were: all the same, or far shorter or longer.
fn texts(shape: &Shape, usual: &Usual) -> Option<(Oddity, String)> {
    let length = shape.day.length.0;
    if length >= BYTES && is_below(shape.day.told, usual.told) {
        let (now, before) = (shape.day.told.0, usual.told.0);
        let why = format!("{now} % of the texts are of one story only, where {before} % were at least");
        return Some((Oddity::Copied, why));
    }
    if usual.length.0 < BYTES {
        return None;
    }
    let what = match length {
        short if short.saturating_mul(TIMES) < usual.length.0 => Oddity::Short,
        long if long / TIMES > usual.length.1 => Oddity::Length,
        _ => return None,
    };
    Some((what, format!("texts of {length} bytes, where there were {}", range(usual.length))))
}

/// Whether a share, in points, has fallen far below the least that it was.
fn is_below(now: (u32, u32), usual: (u32, u32)) -> bool {
    now.0 + POINTS < usual.0
}

/// Whether the source has done this before, every now and then: it last did on this day.
fn is_habit(last: Option<NaiveDate>, today: NaiveDate) -> bool {
    last.is_some_and(|day| (today - day).num_days() <= HABIT_DAYS)
}

/// What the documents of all remembered days were like.
struct Usual {
    items: (u32, u32),
    dated: (u32, u32),
    titled: (u32, u32),
    length: (u32, u32),
    told: (u32, u32),
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
            told: range(|day| day.told)?,
        })
    }
}

fn range((least, most): (u32, u32)) -> String {
    if least == most { format!("always {least}") } else { format!("{least} to {most}") }
}
