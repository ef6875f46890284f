//! When a source is visited again.

use std::time::Duration;

use super::Options;
use crate::model::{Location, OutcomeKind, Source, Visit};

/// A visit that is due within this is due: cron is not exact.
const SLACK: Duration = Duration::from_secs(5);
/// Nothing that a server says makes us wait longer than this after a success.
const LONGEST_WAIT: Duration = Duration::from_secs(7 * 24 * 3600);
/// A source's own wish (`ttl`) is honoured up to this.
const LONGEST_TTL: Duration = Duration::from_secs(24 * 3600);

/// Files cost nobody anything: they are read at every run.
pub(super) fn is_due(source: &Source, visit: &Visit, options: Options) -> bool {
    let Some(next) = visit.next else { return true };
    let waits_for_server = visit.outcome.as_ref().is_some_and(|outcome| outcome.http_status == Some(429));
    matches!(source.location, Location::File(_))
        || options.force && !waits_for_server
        || options.now + SLACK >= next
        // A clock that was set back must not silence a source for years.
        || next - options.now > chrono::Duration::days(31)
}

/// How long to leave a source alone after a success: its floor, what its server asked for, or what
/// its document asked for.
pub(super) fn wait(source: &Source, max_age: Option<Duration>, ttl: Option<Duration>) -> Duration {
    let max_age = max_age.unwrap_or_default().min(LONGEST_WAIT);
    source.every.max(max_age).max(ttl.unwrap_or_default().min(LONGEST_TTL))
}

/// How long to leave a source alone after its n-th failure in a row.
pub(super) fn back_off(visit: &Visit, retry_after: Option<Duration>, transient: bool) -> Duration {
    const GONE: Duration = Duration::from_secs(30 * 24 * 3600);
    if visit.outcome.as_ref().is_some_and(|outcome| outcome.kind == OutcomeKind::Gone) {
        return GONE;
    }
    let (first, longest) = if transient { (15 * 60, 24 * 3600) } else { (3600, 7 * 24 * 3600) };
    let doubled = first << visit.failures.saturating_sub(1).min(16);
    Duration::from_secs(doubled.min(longest)).max(retry_after.unwrap_or_default())
}
