//! What of a document is believed.
//!
//! A document that would give false stories is withheld at once: nothing of it is stored. It is believed when it
//! stays: three visits in a row that agree, over a day at least, to a list with titles like headlines in which
//! stories came meanwhile. A menu never changes, and what shows one text for all stories is no article however long
//! it does. Whoever knows better says so: `refresh --accept`.

use chrono::{DateTime, TimeDelta, Utc};

use super::drift;
use super::shape::{Shape, common, count};
use crate::model::{Day, Oddity, Past, Withheld};

/// So many documents have to agree, ...
const VISITS: u32 = 3;
/// ... over so long; ...
const CONFIRMED: TimeDelta = TimeDelta::hours(24);
/// ... and where nothing comes, over so long.
const UNMOVED: TimeDelta = TimeDelta::days(14);
/// Of ten columns of a headline, as many as a title has to have.
const HEADLINE: u32 = 6;
/// Fewer stories are no list, and fewer than so many tenths of those before not that list.
const STORIES: u32 = 3;
const TENTHS: u32 = 3;

/// What a document is, held against those before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Weighed {
    /// As they were.
    Usual,
    /// Unlike them, and true all the same.
    Odd(Oddity, String),
    /// Unlike them, and not to be believed.
    Withheld(Oddity, String, Withheld),
    /// Unlike them, and confirmed by what came after or by a person: in words.
    Confirmed(String),
}

/// Weighs a document that was read at `now`.
pub(super) fn weigh(past: &Past, shape: &Shape, now: DateTime<Utc>) -> Weighed {
    if past.accepted {
        return Weighed::Confirmed("accepted as it is".to_owned());
    }
    let Some((what, why)) = drift::oddity(past, shape, now) else { return Weighed::Usual };
    if !what.is_withheld() {
        return Weighed::Odd(what, why);
    }
    let withheld = next(past.withheld.as_ref(), shape, now);
    if is_confirmed(past, shape, what, &withheld, now) {
        let hours = (now - withheld.since).num_hours();
        return Weighed::Confirmed(format!("{} visits over {hours} h agree, so it is believed now", withheld.visits));
    }
    Weighed::Withheld(what, why, withheld)
}

/// The documents in a row that are withheld, with one more.
fn next(before: Option<&Withheld>, shape: &Shape, now: DateTime<Utc>) -> Withheld {
    let agrees = |before: &&Withheld| {
        let smaller = count(&before.last).min(count(&shape.sample)).max(1);
        before.method == shape.how.method || common(&before.last, &shape.sample) * 10 >= smaller * 3
    };
    let new = Withheld {
        since: now,
        visits: 1,
        first: shape.sample.clone(),
        last: shape.sample.clone(),
        method: shape.how.method.clone(),
        lives: false,
    };
    // A clock that was set back confirms nothing.
    match before.filter(agrees).filter(|before| before.since <= now) {
        None => new,
        Some(before) => Withheld {
            since: before.since,
            visits: before.visits.saturating_add(1),
            lives: before.lives || common(&before.first, &shape.sample) < count(&shape.sample),
            first: before.first.clone(),
            ..new
        },
    }
}

fn is_confirmed(past: &Past, shape: &Shape, what: Oddity, withheld: &Withheld, now: DateTime<Utc>) -> bool {
    let lasted = now - withheld.since;
    let stays = withheld.visits >= VISITS && lasted >= CONFIRMED;
    match what {
        Oddity::Retitled => stays,
        Oddity::Layout => stays && is_list(past, &shape.day) && (withheld.lives || lasted >= UNMOVED),
        _ => false,
    }
}

/// Whether there are about as many stories as there were, with titles like headlines.
fn is_list(past: &Past, day: &Day) -> bool {
    let least = |of: fn(&Day) -> u32| past.days.iter().map(of).min().unwrap_or(0);
    let (items, headline) = (least(|day| day.items.0), least(|day| day.headline.0));
    day.items.0 >= STORIES && day.items.0 * 10 >= items * TENTHS && day.headline.0 * 10 >= headline * HEADLINE
}
