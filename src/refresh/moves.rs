//! Whether an address that a source has moved to for good is believed.
//!
//! A redirect by mistake, to a login page say, must not take a source over for ever: what is there has to be
//! known from the old address, and has to go on answering.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::model::{Doubted, OutcomeKind, Visit};

/// Mistakes are mended in this time; then what came from there counts as known too.
const DOUBT: TimeDelta = TimeDelta::days(3);

/// So many failures in a row say that an address does not come back by itself.
const FAILURES: u32 = 3;

/// Follows a permanent move if it is believed, and gives whether it is. `is_known`: there are stories at the
/// new address that the store knows.
pub(super) fn follow(visit: &mut Visit, moved_to: Option<Url>, is_known: bool, now: DateTime<Utc>) -> bool {
    let doubted = visit.doubted.take();
    let Some(url) = moved_to else { return false };
    // What was learned at a doubted address says nothing for it.
    let since = doubted.filter(|doubted| doubted.url == url && doubted.since <= now).map(|doubted| doubted.since);
    let is_believed = is_known && since.is_none_or(|since| now - since >= DOUBT);
    if is_believed {
        visit.moved_to = Some(url);
    } else {
        visit.doubted = Some(Doubted { url, since: since.unwrap_or(now) });
    }
    is_believed
}

/// After a failure: where the new address goes on failing, the configured one is asked again.
pub(super) fn give_up(visit: &mut Visit) {
    let is_lasting = match visit.outcome.as_ref().map(|outcome| outcome.kind) {
        Some(OutcomeKind::Gone) => true,
        Some(OutcomeKind::Failed) => visit.failures >= FAILURES,
        _ => false,
    };
    visit.moved_to.take_if(|_| is_lasting);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Visits, each so many hours after the first, led to an address for good, with something known there or
    /// not; and whether that was believed.
    #[track_caller]
    fn check(visits: &[(i64, &str, bool, bool)]) {
        let begin: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
        let mut visit = Visit::default();
        for (hours, url, is_known, expected) in visits {
            let url = (!url.is_empty()).then(|| url.parse().unwrap());
            let is_believed = follow(&mut visit, url.clone(), *is_known, begin + TimeDelta::hours(*hours));
            assert_eq!(is_believed, *expected, "after {hours} hours");
            assert_eq!(visit.moved_to, url.filter(|_| *expected), "after {hours} hours");
        }
    }

    #[test]
    fn a_move_is_believed_when_what_is_there_is_known() {
        const NEW: &str = "https://n.example/new";
        check(&[(0, NEW, true, true)]);
        check(&[(0, NEW, false, false), (72, NEW, false, false)]);
        // Known from there only, at first.
        check(&[(0, NEW, false, false), (1, NEW, true, false), (71, NEW, true, false), (72, NEW, true, true)]);
        // A mistake that was mended, and another one.
        check(&[(0, NEW, false, false), (1, "", true, false), (72, NEW, false, false), (73, NEW, true, false)]);
        check(&[(0, NEW, false, false), (72, "https://n.example/other", false, false)]);
        // By a clock that was wrong.
        check(&[(9999, NEW, false, false), (0, NEW, true, true)]);
    }
}
