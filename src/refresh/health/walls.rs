//! Whether the stories of a source lead to articles, or to walls that stand before them.
//!
//! A single wall is a page that failed. Several in a row without an article between are the way of the source: its list
//! can be read and its articles cannot, until one can.

use chrono::{DateTime, Utc};

use super::{Verdict, past_of, steadiness};
use crate::model::{Articles, Change, Condition, Past, State, Visit};

/// So many new stories in a row have to lead to walls, ...
const WALLS: u32 = 3;
/// ... and in a run so many of four pages.
const OF_FOUR: usize = 3;
/// Pages of a run that show together whether they call themselves rightly.
const TELLING: usize = 2;

const HELP: &str = "open one in a browser: give what it asks for (`headers`, `cookies`), or set `full_text = false`, and \
    its stories are as its list tells them";

/// Notes what came of the pages that the stories of a source led to in a run, and what is to be said of them.
pub(in crate::refresh) fn heed(visit: &mut Visit, articles: Articles, note: Option<String>, now: DateTime<Utc>) {
    let mut past = past_of(visit);
    let asked = articles.fetched + articles.failed;
    if articles.walled > 0 && articles.walled * 4 >= asked * OF_FOUR {
        past.walled = past.walled.saturating_add(number(articles.walled));
        past.reached = 0;
    } else if articles.fetched > 0 {
        past.reached = past.reached.saturating_add(number(articles.fetched));
        // A site that lets some pages through, and then none, is behind its wall most of the time.
        let least = visit.condition.as_ref().filter(|_| is_walled(&past)).map_or(1, |was| steadiness(was, now));
        if past.reached >= least {
            past.walled = 0;
        }
    }
    if note.is_some() || articles.fetched >= TELLING {
        past.note = note;
    }
    visit.past = Some(past);
}

/// Judges a source by its articles, `before` being its visit as it was recorded. Gives the change, if there is one.
pub(in crate::refresh) fn judge_articles(before: &Visit, after: &mut Visit, now: DateTime<Utc>) -> Option<Change> {
    let (was, mut past) = (is_walled(&past_of(before)), past_of(after));
    let (is, is_otherwise) = (is_walled(&past), past.failed || past.drift.is_some());
    let state = after.condition.as_ref().map(|condition| condition.state);
    let verdict = match state {
        Some(state) if is && !state.is_trouble() => standing(&mut past, true)?,
        Some(State::Blocked) if was && !is && !is_otherwise => {
            Verdict { why: Some("its articles can be read again".to_owned()), ..Verdict::ok() }
        }
        _ => return None,
    };
    let (condition, change) = Condition::next(after.condition.take(), verdict.state, verdict.why, verdict.help, now);
    after.condition = Some(condition);
    change
}

/// The state of a source whose articles are behind a wall; who wants none of them is behind no wall.
pub(super) fn standing(past: &mut Past, wants_texts: bool) -> Option<Verdict> {
    if !wants_texts {
        past.walled = 0;
    }
    let why = "its articles are behind a wall: a login, a question for consent or for browsers, or one error for all";
    is_walled(past).then(|| Verdict::new(State::Blocked, why, Some(HELP)))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn is_walled(past: &Past) -> bool {
    past.walled >= WALLS
}
