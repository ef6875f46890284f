//! Whether a page was rebuilt, so that another part of it is taken for the list; and whether it is a page at all that
//! was read before.
//!
//! One sign is none: news pages change their stories within hours, and the best part of a front page is built in
//! another way from day to day. It takes two: a way of reading that is new, or hardly a story that was there before, with
//! few stories, titles as short as those of a menu, dates that are gone, or a reader that was sure and is not; or a list in which stories used to stay for
//! days and of which none is left. A class that was renamed leaves the stories,
//! and a list that says by its dates that it is all new is.

use chrono::{DateTime, Utc};

use super::shape::{Shape, count};
use crate::model::{Day, Kind, Past};

/// Fewer stories of the last document say nothing.
const FEWEST: usize = 5;
const MANY: usize = 8;
/// Points of 100 that the share of dated stories has to fall.
const POINTS: u32 = 50;
/// Titles of a menu are narrower than these parts of ten of the narrowest headlines, where those have so many columns.
const MENU: u32 = 6;
const HEADLINE: u32 = 20;
const MENU_LINKS: usize = 3;
/// Of 100 stories, so many leave in an hour at most, as long as nothing else was seen: by documents that are known.
const LOST: [(u32, u32); 2] = [(5, 1), (2, 2)];
const LOST_AT_FIRST: u32 = 4;
/// Where so many of 100 stories should still be there, a list without any of them is another one, however it is built.
const LASTING: usize = 60;
/// Of 100: surer than this a list was, and less sure than this it is.
const SURE: u32 = 70;
const DOUBTED: u32 = 55;

/// The signs of a document, with its numbers in words where together they are enough; `None`: it is of the same list.
pub(super) fn change(past: &Past, shape: &Shape, now: DateTime<Utc>) -> Option<String> {
    let before = past.kind?;
    let last = count(&past.last);
    let is_new_way = !past.methods.contains(&shape.how.method);
    let is_known = shape.still * 2 >= last.max(1);
    if before != shape.how.kind && shape.how.kind != Kind::Feed && is_new_way && !is_known {
        let (now, was) = (shape.how.kind.as_str(), before.as_str());
        return Some(format!("it reads as {} {now}, where it was {} {was}", article(now), article(was)));
    }
    let items = shape.day.items.0 as usize;
    if shape.how.kind != Kind::Listing || before != Kind::Listing || last < FEWEST || items == 0 {
        return None;
    }
    let is_menu = items >= MENU_LINKS && is_narrow(past, shape.day.headline.0);
    // What was withheld is no more believed because time has passed.
    let is_renewed = shape.renewed && past.withheld.is_none();
    if is_renewed && !is_menu || is_better(past, shape) {
        return None;
    }
    let fewest = least(past, |day| day.items.0).map_or(last, |fewest| last.min(fewest as usize));
    let is_few = fewest >= MANY && items * 10 < fewest * 3;
    let is_undated = least(past, |day| day.dated.0).is_some_and(|usual| shape.day.dated.0 + POINTS < usual);
    let is_other = shape.still * 10 < last;
    let expected = expected(past, now);
    // The reader itself doubts that it is the page's list.
    let is_doubted = past.confidence >= SURE && shape.how.confidence < DOUBTED;
    let is_thin = shape.still * 300 < last * expected;
    // A short one may have begun anew, as on the first of a month.
    let is_lasting = past.documents >= 2 && expected >= LASTING;
    let changed = match is_new_way {
        true => is_few || is_thin || is_other && (is_menu || is_undated || is_doubted),
        false => is_other && (is_menu || is_doubted || is_few && is_undated || is_thin && is_lasting && !is_few),
    };
    changed.then(|| told(shape, last, is_new_way, is_menu))
}

fn told(shape: &Shape, last: usize, is_new_way: bool, is_menu: bool) -> String {
    let items = shape.day.items.0;
    let place = if is_new_way { "another part of the page is taken for the list" } else { "the list holds others" };
    let menu = if is_menu { ", with titles as short as those of a menu" } else { "" };
    format!(
        "{place}: {} of the {last} stories before {} in it, which holds {items}{menu}",
        shape.still,
        if shape.still == 1 { "is" } else { "are" },
    )
}

/// Of 100 stories of the last document, how many should still be there, by the fastest that they ever left.
fn expected(past: &Past, now: DateTime<Utc>) -> usize {
    let Some(seen) = past.seen else { return 0 };
    let now = past.withheld.as_ref().map_or(now, |withheld| withheld.since.min(now));
    let floor =
        LOST.iter().find(|(documents, _)| past.documents >= *documents).map_or(LOST_AT_FIRST, |(_, lost)| *lost);
    let lost = past.days.iter().map(|day| day.lost.1).max().unwrap_or(0).max(floor);
    let hours = usize::try_from((now - seen).num_hours()).unwrap_or(0).max(1);
    100_usize.saturating_sub((lost as usize).saturating_mul(hours).saturating_mul(3) / 2)
}

fn is_narrow(past: &Past, columns: u32) -> bool {
    let usual = least(past, |day| day.headline.0).filter(|usual| *usual >= HEADLINE);
    usual.is_some_and(|usual| columns * 10 < usual * MENU)
}

/// After a first visit that met a page under repair: what is there now is more of a list than what was then.
fn is_better(past: &Past, shape: &Shape) -> bool {
    let most = past.days.iter().map(|day| day.headline.1).max().unwrap_or(0);
    past.documents <= 2 && shape.how.confidence >= past.confidence && shape.day.headline.0 > most * 2
}

fn least(past: &Past, of: fn(&Day) -> u32) -> Option<u32> {
    past.days.iter().map(of).min()
}

fn article(kind: &str) -> &'static str {
    if kind.starts_with('a') { "an" } else { "a" }
}
