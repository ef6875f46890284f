//! Same story or not, and why.
//!
//! The ways in are [`fingerprint`], which turns a story into the hashes that are stored and compared,
//! and [`place`], which decides about an inbox. [`Board`] is the same decision one story at a time,
//! for `cluster`. Nothing in here does I/O or reads a clock, and nothing depends on the order in
//! which sources answered: newcomers come sorted.
//!
//! Two laws: never hide, fold; and every decision can be explained with its numbers. A rule that
//! merges needs stronger evidence than a rule that forbids.

mod agency;
mod align;
mod board;
pub mod boilerplate;
mod canonical;
mod correct;
mod fingerprint;
mod furniture;
mod guard;
mod habits;
mod han;
mod lexicon;
mod minhash;
mod normal;
mod place;
mod postings;
mod redirect;
mod related;
#[cfg(test)]
mod tests;
mod verify;

use std::time::Duration;

use crate::model::Representative;

pub use agency::{Credit, agency};
pub use board::{Board, Entrant, Judgement};
pub use canonical::canonical_url;
pub use correct::{merge, split, telling_id};
use fingerprint::LEAST_WORDS;
pub use fingerprint::{fingerprint, fingerprint_of};
pub use furniture::is_correction;
pub use place::{Earlier, place};
pub use related::{Events, Report, events};

/// Which hashes [`fingerprint`] makes. It goes up with every change of the normaliser, the shingles, the
/// seeds, the bands or the canonical URL; a store then has its stories hashed anew.
pub const HASHES: u32 = 3;

/// The `[dedupe]` part of the configuration.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Near text further apart than this is another notice or an anniversary.
    pub window: Duration,
    /// Share of their shingles (Jaccard) from which on two texts are near by that alone, 0.3 to 0.95; the
    /// other thresholds move with it. Lower folds more.
    pub threshold: f64,
    /// A story that is edited again and again moves `updated` for its growth at most this often.
    pub live_min_interval: Duration,
    /// Whose telling is shown when a better one comes after the story was published.
    pub representative: Representative,
}

impl Settings {
    /// The lowest and the highest threshold that mean anything: below, formula news folds; above, a typing
    /// error keeps copies apart.
    pub const THRESHOLDS: std::ops::RangeInclusive<f64> = 0.3..=0.95;

    /// What near text has to have, in one line, for people.
    pub fn near_text(&self) -> String {
        let at = |threshold: f64| format!("{:.2}", verify::raised(threshold, self.threshold));
        let [j, low, part, edited, most, half, lead, whole] =
            [verify::THRESHOLD, 0.28, 0.72, 0.65, 0.85, 0.5, 0.6, 0.8].map(at);
        format!(
            "near text: J >= {j}; or C >= {part} with lead >= {half}, or with half the length and lead >= 0.30 or C >= {most}; \
             or C >= {edited} with lead >= {whole}; or C >= {half} with headline >= 0.60 or J >= {low} and lead >= {lead}; then no \
             veto by numbers, names, words or headlines"
        )
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            window: Duration::from_secs(4 * 24 * 3600),
            threshold: verify::THRESHOLD,
            live_min_interval: Duration::from_secs(3 * 3600),
            representative: Representative::First,
        }
    }
}
