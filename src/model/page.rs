//! What a visit to a source brings, and what is remembered of it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Condition, Digest, Outcome, OutcomeKind, Past, State, Wishes};

/// A document as it came, undecoded.
#[derive(Clone, Debug)]
pub struct Page {
    /// The address after redirects: the base of relative links. `None` for a file that was given
    /// without one.
    pub url: Option<Url>,
    /// The `Content-Type` header as sent.
    pub content_type: Option<String>,
    /// The body, transfer and content encodings undone, at most twice `fetch.max_bytes`.
    pub body: Vec<u8>,
    /// When it was read; relative dates ("2 hours ago") are resolved against it. `None` when not
    /// known: then they have no date.
    pub fetched_at: Option<DateTime<Utc>>,
}

/// The validators of the last answer that was stored, verbatim (RFC 9110 §8.8): quotes, weakness
/// marks and suffixes are the server's business.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
    /// The address that issued them, the only one that they are sent to; `None`: the one that a visit
    /// starts at.
    #[serde(default)]
    pub issuer: Option<Url>,
}

/// A permanent move that is not believed yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubted {
    /// Where it leads.
    pub url: Url,
    /// When it was met first.
    pub since: DateTime<Utc>,
}

/// What is remembered of a source between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Not to be visited before this; `None`: never visited, so due.
    pub next: Option<DateTime<Utc>>,
    /// When it was visited last, successfully or not.
    pub last: Option<DateTime<Utc>>,
    /// When a document of it was read for the first time; `None`: the next is its first, of which
    /// only the newest stories are published.
    pub first_read: Option<DateTime<Utc>>,
    /// Validators of the last document that was stored.
    pub validators: Validators,
    /// SHA-256 of the last body that was read: an equal one is not read again.
    pub body: Option<Digest>,
    /// What the document called itself when it was last read.
    pub title: Option<String>,
    /// Failures in a row.
    pub failures: u32,
    /// Where every hop of a permanent redirect led to, once that document had been read.
    pub moved_to: Option<Url>,
    /// How the last visit ended.
    pub outcome: Option<Outcome>,
    /// Digest of how the source was configured then: what was remembered of another address, or read
    /// in another way, does not hold for this one.
    #[serde(default)]
    pub configured: Option<Digest>,
    /// What the last document asked of its visitors; a 304 leaves it as it was.
    #[serde(default)]
    pub wishes: Wishes,
    /// The usual time between two of the document's newest stories; `None`: it does not tell.
    #[serde(default)]
    pub gap: Option<Duration>,
    /// Visits that succeeded.
    #[serde(default)]
    pub successes: u32,
    /// How many of the last of these, in a row, brought no story that was new or edited.
    #[serde(default)]
    pub idle: u32,
    /// Where it says that it moved to for good, but nothing that was there was known.
    #[serde(default)]
    pub doubted: Option<Doubted>,
    /// Compressed answers of it were damaged: it is asked not to compress.
    #[serde(default)]
    pub uncompressed: bool,
    /// What it was like at the visits before; `None`: visited by a version that did not remember it.
    #[serde(default)]
    pub past: Option<Past>,
    /// How it is, as of the last visit; `None` as for `past`.
    #[serde(default)]
    pub condition: Option<Condition>,
}

impl Visit {
    /// How the source is; for a visit of a version that did not remember it told by how that ended. `None`: no
    /// visit to it has come to an end yet.
    pub fn condition(&self) -> Option<Condition> {
        // A version that remembers the past has said how it is, if that could be said.
        if self.condition.is_some() || self.past.is_some() {
            return self.condition.clone();
        }
        let outcome = self.outcome.as_ref()?;
        let state = match outcome.kind {
            OutcomeKind::Ok | OutcomeKind::Unchanged if self.moved_to.is_none() => State::Ok,
            OutcomeKind::Ok | OutcomeKind::Unchanged | OutcomeKind::Moved => State::Moved,
            OutcomeKind::RetryLater => State::Stale,
            OutcomeKind::Gone => State::Gone,
            OutcomeKind::Blocked => State::Blocked,
            OutcomeKind::Failed => State::Broken,
        };
        let (why, help) = (outcome.error.clone(), outcome.help.clone());
        Some(Condition { state, since: None, why, help, changes: Vec::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the version before stored it, with this way to have ended.
    #[track_caller]
    fn check(outcome: &str, expected: State) {
        let record = format!(
            r#"{{"next":null,"last":"2026-11-23T06:00:00Z","first_read":"2026-11-20T06:00:00Z",
                "validators":{{"etag":null,"last_modified":null}},"body":null,"title":null,"failures":3,"moved_to":null,
                "outcome":{{"kind":"{outcome}","error":"e","help":"h","http_status":null}},"configured":null}}"#
        );
        let visit: Visit = serde_json::from_str(&record).unwrap();
        let condition = visit.condition().unwrap();
        assert_eq!((condition.state, condition.since), (expected, None), "{outcome}");
    }

    #[test]
    fn a_visit_of_an_earlier_version_has_the_state_of_its_end() {
        check("ok", State::Ok);
        check("unchanged", State::Ok);
        check("moved", State::Moved);
        check("retry_later", State::Stale);
        check("failed", State::Broken);
        check("blocked", State::Blocked);
        check("gone", State::Gone);
        assert_eq!(Visit::default().condition(), None);
        let begun = Visit {
            past: Some(Past::default()),
            outcome: Some(Outcome::success(OutcomeKind::RetryLater, None)),
            ..Visit::default()
        };
        assert_eq!(begun.condition(), None, "that a first visit was begun says nothing");
    }
}
