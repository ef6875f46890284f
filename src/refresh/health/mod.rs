//! From how a source was and what one visit brought to how it is: its state, with the reason.
//!
//! The one way in is [`judge`], which is pure. A source is held against its own past, and a change has to be
//! confirmed before it is one, since whoever is told too often no longer listens:
//!
//! - `gone` at the first 410; `blocked` and `broken` at the second such answer in a row, `stale` at the third
//!   failure in a row that lasts longer than a day. What never worked is told of at once.
//! - `drifted` when two visits in a row find no stories, three find few or other ones, or one finds other ids or
//!   another part of the page. What may be false is withheld from the first such visit on (`trust`).
//! - `quiet`, or `stale` for what brought stories daily, when the silence is a week longer than three times the
//!   longest pause before.
//! - `blocked` as well when all that the new stories lead to are walls (`walls`).
//! - Well again at the first good visit; at the third in a row where it was well for less than a week before, at the
//!   ninth after the next time, and so on.

mod drift;
mod layout;
mod numbers;
mod shape;
#[cfg(test)]
mod tests;
mod trust;
mod walls;

use chrono::{DateTime, TimeDelta, Utc};

pub(super) use shape::Shape;
pub(super) use walls::{heed, judge_articles};

use crate::model::{Change, Condition, Day, Odd, Oddity, Past, State, Trouble, Visit};
use trust::{Weighed, weigh};

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
/// A list that is there and empty may be between two months, for so long at least.
const EMPTIED: TimeDelta = TimeDelta::hours(24);
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

/// What has to be known of the source beside its visits.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) id: &'a str,
    /// Its address as a person may give it to a command, without secrets.
    pub(super) place: &'a str,
    /// Where it moved to for good, without secrets.
    pub(super) moved_to: Option<&'a str>,
    /// It wants the texts of the pages that its stories lead to.
    pub(super) wants_texts: bool,
}

impl About<'_> {
    fn cure(self, what: Oddity) -> String {
        let About { id, place, .. } = self;
        match what {
            Oddity::Rekeyed => REKEYED_HELP.to_owned(),
            withheld if withheld.is_withheld() => format!(
                "nothing of it is published; look with `oncefeed inspect {place}`, and if it is right: \
                 `oncefeed refresh --accept {id}`"
            ),
            _ => format!("look with `oncefeed inspect {place}`: the site may have been rebuilt"),
        }
    }
}

/// Whether what a visit read is believed, and so may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Belief {
    /// It is like what was read before.
    Believed,
    /// Its stories are, with far less of their texts: what is new is believed, and no known text becomes shorter.
    News,
    /// It is not, and was confirmed: as after a first visit.
    Anew,
    /// It is not. What the source told before stays.
    Withheld,
}

/// Whether a document is believed, held against what is remembered of its source.
pub(super) fn belief(past: Option<&Past>, shape: &Shape, now: DateTime<Utc>) -> Belief {
    match past.map_or(Weighed::Usual, |past| weigh(past, shape, now)) {
        Weighed::Odd(Oddity::Short, _) => Belief::News,
        Weighed::Usual | Weighed::Odd(..) => Belief::Believed,
        Weighed::Confirmed(_) => Belief::Anew,
        Weighed::Withheld(..) => Belief::Withheld,
    }
}

/// What a source gave as long as it could be read, in words; `None`: nothing yet.
pub(super) fn gave(past: &Past) -> Option<String> {
    let (day, seen) = (past.days.last()?, past.seen?);
    let stories = if day.items.1 == 1 { "story" } else { "stories" };
    Some(format!("it gave {} {stories} until {}", day.items.1, seen.format("%Y-%m-%d %H:%M")))
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
/// known. Gives the change, if there is one.
pub(super) fn judge(
    before: &Visit,
    after: &mut Visit,
    came: Came<'_>,
    about: About<'_>,
    now: DateTime<Utc>,
) -> Option<Change> {
    let condition = before.condition();
    let was = condition.as_ref();
    let mut past = past_of(before);
    let verdict = match came {
        Came::Failed(trouble) => failed(&mut past, was, after, trouble, now),
        Came::Document(_) | Came::Unchanged => read(&mut past, was, came, about, now),
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
fn read(past: &mut Past, was: Option<&Condition>, came: Came<'_>, about: About<'_>, now: DateTime<Utc>) -> Verdict {
    past.worked = true;
    past.steady = past.steady.saturating_add(1);
    let confirmed = match came {
        Came::Document(shape) => note(past, shape, now),
        _ => {
            again(past, now);
            None
        }
    };
    past.read = Some(now.date_naive());
    if let Some(was) = was.filter(|was| past.failed && past.steady < steadiness(was, now)) {
        return Verdict::keep(was);
    }
    let failing_since = past.failing_since.take().filter(|_| past.failed);
    past.failed = false;
    past.trouble = None;
    if let Some(why) = confirmed {
        return Verdict { why: Some(why), ..Verdict::ok() };
    }
    if let Some(drifted) = drifted(past, was, about, now) {
        return drifted;
    }
    if let Some(walled) = walls::standing(past, about.wants_texts) {
        return walled;
    }
    if let Some(moved_to) = about.moved_to {
        return Verdict::new(State::Moved, format!("read at {moved_to}, where it moved to for good"), Some(MOVED_HELP));
    }
    silence(past, now).unwrap_or_else(|| Verdict { why: Some(recovered(was, failing_since, now)), ..Verdict::ok() })
}

/// Notes what a document was like. Gives why it is believed though it is unlike those before.
fn note(past: &mut Past, shape: &Shape, now: DateTime<Utc>) -> Option<String> {
    let today = now.date_naive();
    past.first.get_or_insert(today);
    let mut confirmed = None;
    match weigh(past, shape, now) {
        Weighed::Withheld(what, why, withheld) => {
            note_odd(past, what, why, now);
            past.withheld = Some(withheld);
            return None;
        }
        Weighed::Odd(what, why) => {
            note_odd(past, what, why, now);
            past.strange.get_or_insert(shape.day).widen(&shape.day);
        }
        Weighed::Confirmed(why) => {
            past.forget_documents();
            past.first = Some(today);
            confirmed = Some(why);
            note_usual(past, shape);
        }
        Weighed::Usual => note_usual(past, shape),
    }
    past.withheld = None;
    note_stories(past, shape, now);
    confirmed
}

fn note_odd(past: &mut Past, what: Oddity, why: String, now: DateTime<Utc>) {
    let before = past.odd.take();
    let visits = before.as_ref().map_or(1, |odd| odd.visits.saturating_add(1));
    let since = before.and_then(|odd| odd.since).or(Some(now));
    past.odd = Some(Odd { what, why, visits, since });
    past.in_line = 0;
}

fn note_usual(past: &mut Past, shape: &Shape) {
    past.odd = None;
    past.in_line = past.in_line.saturating_add(1);
    past.note(shape.day);
}

/// Notes the stories of a document that is believed.
fn note_stories(past: &mut Past, shape: &Shape, now: DateTime<Utc>) {
    let today = now.date_naive();
    past.rekeyed = shape.rekeyed().map(|_| today).or(past.rekeyed);
    past.retitled = shape.retitled().map(|_| today).or(past.retitled);
    past.silent = if shape.new.is_empty() { past.silent.saturating_add(1) } else { 0 };
    for day in &shape.new {
        past.rhythm.note(*day, today);
    }
    // What comes after an empty document is held against what was before it.
    if shape.day.items.0 > 0 {
        past.last = shape.sample.clone();
        past.seen = Some(now);
        past.kind = Some(shape.how.kind);
        past.read_by(&shape.how.method);
        past.confidence = shape.how.confidence;
    }
}

/// Notes that the document is still the one that was believed last, odd or not.
fn again(past: &mut Past, now: DateTime<Utc>) {
    past.silent = past.silent.saturating_add(1);
    past.withheld = None;
    let is_empty = |odd: &Odd| matches!(odd.what, Oddity::Empty | Oddity::Emptied);
    if !past.odd.as_ref().is_some_and(is_empty) {
        past.seen = past.seen.map(|_| now);
    }
    match &mut past.odd {
        // The ids are other ones once, and what was withheld was not remembered: this is what was before it.
        Some(odd) if odd.what != Oddity::Rekeyed && !odd.what.is_withheld() => {
            odd.visits = odd.visits.saturating_add(1);
        }
        odd => {
            *odd = None;
            past.in_line = past.in_line.saturating_add(1);
        }
    }
}

/// Whether the source is drifted, after what was noted.
fn drifted(past: &mut Past, was: Option<&Condition>, about: About<'_>, now: DateTime<Utc>) -> Option<Verdict> {
    let drifted = was.filter(|was| past.drift.is_some_and(|what| was.state == state_of(what)));
    let Some(odd) = &past.odd else {
        // That the old list is back is sure at once: its stories are known.
        let least = if past.drift == Some(Oddity::Layout) { 1 } else { STEADY_VISITS };
        if let Some(drifted) = drifted.filter(|was| past.in_line < steadiness(was, now).max(least)) {
            return Some(Verdict::keep(drifted));
        }
        past.drift = None;
        // What was told of once and went by itself is a way of the source, such as its weekends.
        if let Some(strange) = past.strange.take().filter(|_| drifted.is_some()) {
            past.note(Day { on: now.date_naive(), ..strange });
        }
        return None;
    };
    let is_usual_now = drifted.and_then(|was| was.since).is_some_and(|since| now - since >= ACCEPTED);
    if is_usual_now && !matches!(odd.what, Oddity::Empty | Oddity::Emptied) && !odd.what.is_withheld() {
        past.days.clear();
        past.documents = 0;
        past.odd = None;
        past.strange = None;
        past.drift = None;
        return None;
    }
    if !is_sure(past, odd, now) && drifted.is_none() {
        return None;
    }
    let verdict = Verdict::new(state_of(odd.what), odd.why.clone(), Some(&about.cure(odd.what)));
    past.drift = Some(odd.what);
    Some(verdict)
}

/// Whether a person is told of it.
fn is_sure(past: &Past, odd: &Odd, now: DateTime<Utc>) -> bool {
    let visits = match odd.what {
        Oddity::Rekeyed | Oddity::Layout => 1,
        Oddity::Empty | Oddity::Emptied | Oddity::Copied => 2,
        _ => 3,
    };
    let lasted = odd.since.map(|since| now - since).unwrap_or_default();
    let pause = TimeDelta::days(past.rhythm.longest_pause()).max(EMPTIED);
    odd.visits >= visits && (odd.what != Oddity::Emptied || lasted > pause)
}

/// One text for all stories is a wall; all else is a change.
fn state_of(what: Oddity) -> State {
    if what == Oddity::Copied { State::Blocked } else { State::Drifted }
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
