//! From how a source was and what one visit brought to how it is: its state, with the reason.
//!
//! The one way in is [`judge`], which is pure. A source is held against its own past, and a change has to be
//! confirmed before it is one, since whoever is told too often no longer listens:
//!
//! - `gone` at the first 410; `blocked` and `broken` at the second such answer in a row, `stale` at the third
//!   failure in a row that lasts longer than a day. What never worked is told of at once.
//! - `drifted` when two visits in a row find no stories, three find few or other ones, or one finds other ids.
//! - `quiet`, or `stale` for what brought stories daily, when the silence is a week longer than three times the
//!   longest pause before.
//! - Well again at the first good visit; at the third in a row where it was well for less than a week before, at the
//!   ninth after the next time, and so on.

mod drift;
mod shape;
#[cfg(test)]
mod tests;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use shape::Shape;

use crate::model::{Change, Condition, Day, Odd, Oddity, Past, State, Trouble, Visit};

/// What usually passes is a matter for a person after so long, and so many visits.
const PASSING: TimeDelta = TimeDelta::hours(24);
const PASSING_VISITS: u32 = 3;
/// What stays has to be answered twice: a site that is being renewed says 404 for minutes.
const LASTING_VISITS: u32 = 2;
/// Another kind of trouble has to come so often in a row to be another state.
const OTHER_VISITS: u32 = 3;
/// A source that broke again this soon after it was well has to be read three times as often in a row as the last
/// time to be well, ...
const UNSTEADY: TimeDelta = TimeDelta::days(7);
/// ... up to this power of three.
const UNSTEADIEST: u32 = 4;
/// One that had drifted has to be like before for at least so many visits in a row.
const STEADY_VISITS: u32 = 3;
/// Good visits without a new story, beside the days: a clock that jumped is no silence.
const SILENT_VISITS: u32 = 3;
/// After so long another way is the usual one.
const ACCEPTED: TimeDelta = TimeDelta::days(14);

const SILENT_HELP: &str = "open the site in a browser: it may have ended, or publish elsewhere";
const DRIFTED_HELP: &str = "look at the document with `oncefeed inspect`: the site may have been rebuilt";
const REKEYED_HELP: &str = "nothing, if no story is shown twice";
const MOVED_HELP: &str = "put that address into `url` of the source";

/// What a visit came to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Came<'a> {
    /// A document.
    Document(&'a Shape),
    /// Nothing new: the document is that of last time.
    Unchanged,
    /// It failed.
    Failed(Trouble),
}

/// A state, why, and the cure.
struct Verdict {
    state: State,
    why: Option<String>,
    help: Option<String>,
}

impl Verdict {
    fn new(state: State, why: impl Into<String>, help: Option<&str>) -> Verdict {
        Verdict { state, why: Some(why.into()), help: help.map(str::to_owned) }
    }

    /// What it was.
    fn keep(before: &Condition) -> Verdict {
        Verdict { state: before.state, why: before.why.clone(), help: before.help.clone() }
    }

    fn ok() -> Verdict {
        Verdict { state: State::Ok, why: None, help: None }
    }
}

/// Completes the record of a visit: `after` has its outcome and all else that it brought, `before` is what was
/// known. `moved_to` is where the source moved to for good, without secrets. Gives the change, if there is one.
pub(super) fn judge(
    before: &Visit,
    after: &mut Visit,
    came: Came<'_>,
    moved_to: Option<&str>,
    now: DateTime<Utc>,
) -> Option<Change> {
    let condition = before.condition();
    let was = condition.as_ref();
    let mut past = past_of(before);
    let verdict = match came {
        Came::Failed(trouble) => failed(&mut past, was, after, trouble, now),
        Came::Document(_) | Came::Unchanged => read(&mut past, was, came, moved_to, now),
    };
    after.past = Some(past);
    let (condition, change) = Condition::next(condition, verdict.state, verdict.why, verdict.help, now);
    after.condition = Some(condition);
    change
}

/// What is remembered of a source; of one that a version visited which did not, as much as its last visit tells.
pub(super) fn past_of(visit: &Visit) -> Past {
    visit.past.clone().unwrap_or_else(|| Past {
        worked: visit.first_read.is_some(),
        failed: visit.condition().is_some_and(|was| was.state.is_trouble()),
        ..Past::default()
    })
}

/// A visit that failed.
fn failed(past: &mut Past, was: Option<&Condition>, after: &Visit, trouble: Trouble, now: DateTime<Utc>) -> Verdict {
    let since = *past.failing_since.get_or_insert(now);
    past.steady = 0;
    let row = match past.trouble {
        Some((last, row)) if last == trouble => row.saturating_add(1),
        _ => 1,
    };
    past.trouble = Some((trouble, row));
    let state = match trouble {
        Trouble::Temporary => State::Stale,
        Trouble::Lasting => State::Broken,
        Trouble::Blocked => State::Blocked,
        Trouble::Gone => State::Gone,
    };
    let is_sure = match trouble {
        Trouble::Gone => true,
        _ if !past.worked => true,
        // What is broken and times out for once is still broken.
        _ if past.failed && was.is_some_and(|was| was.state != state) => row >= OTHER_VISITS,
        Trouble::Temporary => after.failures >= PASSING_VISITS && now - since > PASSING,
        Trouble::Lasting | Trouble::Blocked => row >= LASTING_VISITS,
    };
    match was {
        Some(was) if !is_sure => Verdict::keep(was),
        None if !is_sure => Verdict::ok(),
        _ => {
            past.failed = true;
            let outcome = after.outcome.as_ref();
            let error = outcome.and_then(|outcome| outcome.error.as_deref()).unwrap_or_default();
            let help = outcome.and_then(|outcome| outcome.help.as_deref());
            Verdict::new(state, format!("{error} ({})", row_of(after.failures, since)), help)
        }
    }
}

/// A visit that went well.
fn read(
    past: &mut Past,
    was: Option<&Condition>,
    came: Came<'_>,
    moved_to: Option<&str>,
    now: DateTime<Utc>,
) -> Verdict {
    past.worked = true;
    past.steady = past.steady.saturating_add(1);
    match came {
        Came::Document(shape) => note(past, shape, now),
        _ => again(past),
    }
    past.read = Some(now.date_naive());
    if let Some(was) = was.filter(|was| past.failed && past.steady < steadiness(was, now)) {
        return Verdict::keep(was);
    }
    let failing_since = past.failing_since.take().filter(|_| past.failed);
    past.failed = false;
    past.trouble = None;
    if let Some(drifted) = drifted(past, was, now) {
        return drifted;
    }
    if let Some(moved_to) = moved_to {
        return Verdict::new(State::Moved, format!("read at {moved_to}, where it moved to for good"), Some(MOVED_HELP));
    }
    silence(past, now).unwrap_or_else(|| Verdict { why: Some(recovered(was, failing_since, now)), ..Verdict::ok() })
}

/// Notes what a document was like.
fn note(past: &mut Past, shape: &Shape, now: DateTime<Utc>) {
    let today = now.date_naive();
    past.first.get_or_insert(today);
    match drift::oddity(past, shape, today) {
        Some((what, why)) => {
            let visits = past.odd.take().map_or(1, |odd| odd.visits.saturating_add(1));
            past.odd = Some(Odd { what, why, visits });
            past.strange.get_or_insert(shape.day).widen(&shape.day);
            past.in_line = 0;
        }
        None => {
            past.odd = None;
            past.in_line = past.in_line.saturating_add(1);
            past.note(shape.day);
        }
    }
    if shape.rekeyed().is_some() {
        past.rekeyed = Some(today);
    }
    past.silent = if shape.new.is_empty() { past.silent.saturating_add(1) } else { 0 };
    for day in &shape.new {
        past.rhythm.note(*day, today);
    }
    past.last = shape.sample.clone();
}

/// Notes that the document is still that of last time, odd or not.
fn again(past: &mut Past) {
    past.silent = past.silent.saturating_add(1);
    match &mut past.odd {
        // The ids are other ones once.
        Some(odd) if odd.what != Oddity::Rekeyed => odd.visits = odd.visits.saturating_add(1),
        odd => {
            *odd = None;
            past.in_line = past.in_line.saturating_add(1);
        }
    }
}

/// Whether the source is drifted, after what was noted.
fn drifted(past: &mut Past, was: Option<&Condition>, now: DateTime<Utc>) -> Option<Verdict> {
    let drifted = was.filter(|was| was.state == State::Drifted);
    let Some(odd) = &past.odd else {
        if let Some(drifted) = drifted.filter(|was| past.in_line < steadiness(was, now).max(STEADY_VISITS)) {
            return Some(Verdict::keep(drifted));
        }
        // What was told of once and went by itself is a way of the source, such as its weekends.
        if let Some(strange) = past.strange.take().filter(|_| drifted.is_some()) {
            past.note(Day { on: now.date_naive(), ..strange });
        }
        return None;
    };
    let is_usual_now = drifted.and_then(|was| was.since).is_some_and(|since| now - since >= ACCEPTED);
    if is_usual_now && odd.what != Oddity::Empty {
        past.days.clear();
        past.documents = 0;
        past.odd = None;
        past.strange = None;
        return None;
    }
    let (visits, help) = match odd.what {
        Oddity::Rekeyed => (1, REKEYED_HELP),
        Oddity::Empty => (2, DRIFTED_HELP),
        _ => (3, DRIFTED_HELP),
    };
    if odd.visits >= visits || drifted.is_some() {
        return Some(Verdict::new(State::Drifted, odd.why.clone(), Some(help)));
    }
    None
}

/// Whether there was no new story for too long.
fn silence(past: &Past, now: DateTime<Utc>) -> Option<Verdict> {
    if past.silent < SILENT_VISITS {
        return None;
    }
    let silence = past.rhythm.silence(now.date_naive())?;
    let state = if silence.was_daily { State::Stale } else { State::Quiet };
    let why = format!(
        "no new story since {}, for {}; its longest pause before was {}",
        silence.last,
        days(silence.days),
        days(silence.longest)
    );
    Some(Verdict::new(state, why, Some(SILENT_HELP)))
}

/// Visits in a row that make a source well again.
fn steadiness(was: &Condition, now: DateTime<Utc>) -> u32 {
    let was_well = |change: &Change| change.from.is_some_and(State::is_trouble) && !change.to.is_trouble();
    let times = was.changes.iter().filter(|change| was_well(change) && now - change.at < UNSTEADY).count();
    3_u32.pow(u32::try_from(times).map_or(UNSTEADIEST, |times| times.min(UNSTEADIEST)))
}

/// Why a source is well again.
fn recovered(was: Option<&Condition>, failing_since: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    match (failing_since, was.map(|was| was.state)) {
        (Some(since), _) => format!("it reads again, after {}", span(now - since)),
        (None, Some(State::Quiet | State::Stale)) => "it has new stories again".to_owned(),
        (None, _) => "as before again".to_owned(),
    }
}

fn row_of(failures: u32, since: DateTime<Utc>) -> String {
    match failures {
        0 | 1 => "1 in a row".to_owned(),
        more => format!("{more} in a row since {}", since.format("%Y-%m-%d %H:%M")),
    }
}

/// A time in one unit, rounded down.
fn span(time: TimeDelta) -> String {
    match time.num_minutes() {
        minutes @ ..120 => format!("{} min", minutes.max(0)),
        minutes @ 120..2_880 => format!("{} h", minutes / 60),
        minutes => days(minutes / 1_440),
    }
}

fn days(count: i64) -> String {
    if count == 1 { "1 day".to_owned() } else { format!("{count} days") }
}
