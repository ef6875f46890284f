//! Same story or not, and why.
//!
//! The ways in are [`fingerprint`], which turns a story into the hashes that are stored and compared,
//! and [`place`], which decides about an inbox. [`Board`] is the same decision one story at a time,
//! for `cluster`. Nothing in here does I/O or reads a clock, and nothing depends on the order in
//! which sources answered: newcomers come sorted.
//!
//! Two laws: never hide, fold; and every decision can be explained with its numbers. A rule that
//! merges needs stronger evidence than a rule that forbids.

mod board;
mod canonical;
mod fingerprint;
mod furniture;
mod guard;
mod lexicon;
mod minhash;
mod normal;
mod place;
mod postings;
mod related;
#[cfg(test)]
mod tests;
mod verify;

use std::time::Duration;

pub use board::{Board, Entrant, Judgement};
pub use canonical::canonical_url;
use fingerprint::LEAST_WORDS;
pub use fingerprint::{fingerprint, fingerprint_of};
pub use place::{Earlier, place};
pub use related::{Events, Report, events};

/// The `[dedupe]` part of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Near text further apart than this is another notice or an anniversary.
    pub window: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { window: Duration::from_secs(4 * 24 * 3600) }
    }
}
