//! When a source is visited again.
//!
//! After a success the latest of all that counts: the source's floor, what its server and its document
//! asked for, and how often it has news. After a failure a back-off that doubles.

use std::time::Duration;

use chrono::{DateTime, DurationRound, TimeDelta, Utc};

use super::Options;
use crate::fetch::{FetchError, LONGEST_WAIT};
use crate::model::{Location, OutcomeKind, Source, Visit, Wishes};

const HOUR: Duration = Duration::from_secs(3600);
/// A visit that is due within this is due: cron is not exact.
const SLACK: Duration = Duration::from_secs(5);
/// What a document asks for is honoured up to this, and nothing of ours waits longer after a success.
const LONGEST_INTERVAL: Duration = Duration::from_secs(24 * 3600);
/// No visit but that of a wrong clock lies so far ahead.
const FAR_AHEAD: TimeDelta = TimeDelta::days(1);
/// So many visits tell nothing yet about how often a source has news.
const FEW_VISITS: u32 = 5;
/// So many visits without news may be chance.
const FEW_IDLE: u32 = 3;

/// Files cost nobody anything: they are read at every run.
pub(super) fn is_due(source: &Source, visit: &Visit, options: Options) -> bool {
    let Some(next) = visit.next else { return true };
    matches!(source.location, Location::File(_))
        || options.force
        || options.now + SLACK >= next
        // The clock was set back: one visit sets the record right, none would silence it for years.
        || visit.last.is_some_and(|last| last - options.now > FAR_AHEAD)
        || next - options.now > farthest(source)
}

/// No right clock sets a visit farther ahead: that of a source that is gone, or whose floor is as high.
fn farthest(source: &Source) -> TimeDelta {
    let floor = TimeDelta::from_std(source.every).unwrap_or(TimeDelta::MAX);
    floor.checked_add(&FAR_AHEAD).unwrap_or(TimeDelta::MAX).max(TimeDelta::days(31))
}

/// When a source is visited again after a success: `max_age` is what its server asked for.
pub(super) fn after_success(
    source: &Source,
    visit: &Visit,
    max_age: Option<Duration>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    let wishes = visit.wishes;
    let wait = interval(source, visit)
        .max(max_age.unwrap_or_default().min(LONGEST_WAIT))
        .max(wishes.ttl.unwrap_or_default().min(LONGEST_INTERVAL));
    past_skips(now + wait, wishes)
}

/// Our own interval: the floor, and more once a source is known to have news less often. A source that
/// makes us take its whole document each time, and never has news, is asked less and less.
fn interval(source: &Source, visit: &Visit) -> Duration {
    if visit.idle < FEW_IDLE {
        return source.every;
    }
    let by_gap = visit.gap.filter(|_| visit.successes >= FEW_VISITS).map(|gap| gap / 2);
    let has_validators = visit.validators.etag.is_some() || visit.validators.last_modified.is_some();
    let by_idling = (!has_validators).then(|| source.every.max(HOUR) * (1 << (visit.idle - FEW_IDLE + 1).min(5)));
    let wanted = by_gap.max(by_idling).unwrap_or_default();
    // A floor that is higher than our longest interval stays the floor.
    wanted.min(LONGEST_INTERVAL).max(source.every)
}

/// The first time from `at` on that is in no hour and on no day that the document wants skipped. Where
/// nothing would be left, nothing is skipped.
fn past_skips(at: DateTime<Utc>, wishes: Wishes) -> DateTime<Utc> {
    if !wishes.skips(at) {
        return at;
    }
    let Ok(hour) = at.duration_trunc(TimeDelta::hours(1)) else { return at };
    let later = (1..=7 * 24).map(|hours| hour + TimeDelta::hours(hours));
    later.into_iter().find(|later| !wishes.skips(*later)).unwrap_or(at)
}

/// When a source is visited again after a failure, the n-th in a row: never earlier than its floor, if it may
/// have been reached at all. `None`: there was a document, good for `max_age`, which could not be read.
pub(super) fn after_failure(
    source: &Source,
    visit: &Visit,
    failure: Option<&FetchError>,
    max_age: Option<Duration>,
    now: DateTime<Utc>,
) -> DateTime<Utc> {
    const GONE: Duration = Duration::from_secs(30 * 24 * 3600);
    let asked_for = failure.and_then(FetchError::retry_after).max(max_age).unwrap_or_default().min(LONGEST_WAIT);
    let wait = match failure {
        // It was not even asked.
        Some(FetchError::HostWaits { .. }) => asked_for,
        Some(failure) if failure.kind() == OutcomeKind::Gone => GONE,
        Some(failure) if failure.kind() == OutcomeKind::RetryLater => {
            let floor = if failure.was_asked() { source.every } else { Duration::ZERO };
            doubled(Duration::from_secs(15 * 60), LONGEST_INTERVAL, visit.failures).max(floor)
        }
        _ => doubled(HOUR, LONGEST_WAIT, visit.failures).max(source.every),
    };
    now + wait.max(asked_for)
}

fn doubled(first: Duration, longest: Duration, failures: u32) -> Duration {
    (first * (1 << failures.saturating_sub(1).min(16))).min(longest)
}

/// The usual time between two of a document's newest stories: the middle one of those between its last 20
/// dates. `None` where fewer than three are dated.
pub(super) fn gap(dates: impl Iterator<Item = DateTime<Utc>>) -> Option<Duration> {
    const NEWEST: usize = 20;
    let mut dates: Vec<DateTime<Utc>> = dates.collect();
    dates.sort_unstable_by(|a, b| b.cmp(a));
    dates.truncate(NEWEST);
    let mut gaps: Vec<TimeDelta> =
        dates.iter().zip(dates.iter().skip(1)).map(|(later, earlier)| *later - *earlier).collect();
    gaps.sort_unstable();
    let middle = gaps.get(gaps.len() / 2).filter(|_| gaps.len() >= 2)?;
    middle.to_std().ok()
}

#[cfg(test)]
mod tests;
