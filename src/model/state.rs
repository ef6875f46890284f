//! How a source is, beyond its last visit: the state that a person acts on, since when, and why.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Changes of state that are remembered of one source.
const CHANGES: usize = 20;

/// How a source is, held against its own past.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It reads, and brings stories as it always did.
    Ok,
    /// It reads, but has had no new story for much longer than it ever had none.
    Quiet,
    /// It reads, at another address for good, which the configuration does not name yet.
    Moved,
    /// What it holds is old: it has failed for over a day with what usually passes, or it brought stories
    /// day after day and no longer does.
    Stale,
    /// It reads, but unlike its own past: no stories, no dates, other ids.
    Drifted,
    /// It answers, but not with what can be read: 404, or no feed.
    Broken,
    /// It may not be read: a login, a test for browsers, or an address that we refuse.
    Blocked,
    /// Its server says that it is gone for good: 410.
    Gone,
}

impl State {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Quiet => "quiet",
            State::Moved => "moved",
            State::Stale => "stale",
            State::Drifted => "drifted",
            State::Broken => "broken",
            State::Blocked => "blocked",
            State::Gone => "gone",
        }
    }

    /// Whether somebody has to look at it. The others are for who asks.
    pub fn is_trouble(self) -> bool {
        !matches!(self, State::Ok | State::Quiet | State::Moved)
    }
}

/// The state of a source and how it came to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The state.
    pub state: State,
    /// When it came to it; `None` where that was before states were remembered.
    pub since: Option<DateTime<Utc>>,
    /// In words and numbers, as of the last visit; `None` when all is well. Holds no secrets.
    pub why: Option<String>,
    /// What the user can do about it.
    pub help: Option<String>,
    /// The last changes, oldest first.
    #[serde(default)]
    pub changes: Vec<Change>,
}

/// A change from one state to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// At the visit of this time.
    pub at: DateTime<Utc>,
    /// `None`: there was no visit before.
    pub from: Option<State>,
    /// What it is now.
    pub to: State,
    /// In words and numbers.
    pub why: Option<String>,
}

impl Change {
    /// Whether it is news for a person: something newly needs looking at, or no longer does. From one trouble to
    /// another is none, unless there is nothing more to hope for.
    pub fn is_news(&self) -> bool {
        let was_trouble = self.from.is_some_and(State::is_trouble);
        was_trouble != self.to.is_trouble() || self.to == State::Gone
    }
}

impl Condition {
    /// The condition of a source whose visit leaves it in `state`, and the change if it is one. That the first
    /// visit ever went well is none.
    pub fn next(
        before: Option<Condition>,
        state: State,
        why: Option<String>,
        help: Option<String>,
        now: DateTime<Utc>,
    ) -> (Condition, Option<Change>) {
        let from = before.as_ref().map(|before| before.state);
        let (since, mut changes) = match before {
            Some(before) if before.state == state => (before.since, before.changes),
            Some(before) => (Some(now), before.changes),
            None => (Some(now), Vec::new()),
        };
        let is_change = from != Some(state) && (from.is_some() || state != State::Ok);
        let change = is_change.then(|| Change { at: now, from, to: state, why: why.clone() });
        changes.extend(change.clone());
        changes.drain(..changes.len().saturating_sub(CHANGES));
        // What was bad before is in the changes; a source that is well needs no reasons.
        let why = why.filter(|_| state != State::Ok);
        (Condition { state, since, why, help, changes }, change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(from: Option<State>, to: State, expected: bool) {
        let change = Change { at: DateTime::UNIX_EPOCH, from, to, why: None };
        assert_eq!(change.is_news(), expected, "{from:?} to {to:?}");
    }

    #[test]
    fn news_is_what_newly_needs_somebody_and_what_no_longer_does() {
        check(Some(State::Ok), State::Broken, true);
        check(Some(State::Quiet), State::Stale, true);
        check(None, State::Blocked, true);
        check(Some(State::Broken), State::Ok, true);
        check(Some(State::Stale), State::Moved, true);
        check(Some(State::Broken), State::Gone, true);
        check(Some(State::Ok), State::Quiet, false);
        check(Some(State::Broken), State::Blocked, false);
        check(None, State::Moved, false);
    }

    #[test]
    fn only_the_last_changes_are_remembered_and_the_state_keeps_its_beginning() {
        let at = |hour| DateTime::UNIX_EPOCH + chrono::Duration::hours(hour);
        let (mut condition, change) = Condition::next(None, State::Ok, None, None, at(0));
        assert_eq!((condition.since, change), (Some(at(0)), None));
        for hour in 1..80 {
            let state = if hour / 2 % 2 == 0 { State::Ok } else { State::Broken };
            (condition, _) = Condition::next(Some(condition), state, None, None, at(hour));
        }
        assert_eq!((condition.state, condition.since), (State::Broken, Some(at(78))));
        assert_eq!(condition.changes.len(), CHANGES);
        assert_eq!(condition.changes.last().map(|change| change.at), Some(at(78)));
    }
}
