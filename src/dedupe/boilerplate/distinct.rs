//! Whether two stories that have a line in common are two stories.
//!
//! What decides elsewhere that tellings fold wants strong evidence for a fold. Here a mistake in that direction
//! costs little, since a sixth story comes, and one in the other takes a paragraph from a story: whatever looks
//! like a telling of the same is one.

use crate::model::{Fingerprint, Witness};

/// Hashes that stand for a title and for a text.
const WORDS: usize = 12;
const SAMPLE: usize = 16;
/// Two headlines with so much of the shorter in common are of one story, or of one series.
const SAME_TITLE: f64 = 0.6;
/// A different story has at least this share of its text to itself ...
const OWN: f64 = 0.2;
/// ... and this where the headlines have a word in common, as those of a live blog have.
const OWN_WITH_TITLE: f64 = 0.5;

/// A story as a witness; `None` when its text is too short to be told from another.
pub(super) fn witness(print: &Fingerprint) -> Option<Witness> {
    let sample: Vec<u32> = print.shingles.iter().take(SAMPLE).copied().collect();
    let title = print.title_tokens.iter().take(WORDS).copied().collect();
    let shingles = u32::try_from(print.shingles.len()).unwrap_or(u32::MAX);
    (!sample.is_empty()).then_some(Witness { title, sample, shingles })
}

/// Whether a story is another one than a witness. Both shares are of the shorter or fuller side, whichever has less
/// to itself: what grew contains what it was.
pub(super) fn is_distinct(witness: &Witness, print: &Fingerprint) -> bool {
    let common = common(&witness.title, &print.title_tokens);
    let shorter = witness.title.len().min(print.title_tokens.len());
    if shorter > 0 && common as f64 >= SAME_TITLE * shorter as f64 {
        return false;
    }
    let (own, shingles) = (own(witness, print), print.shingles.len() as f64);
    let shared = (1.0 - own) * f64::from(witness.shingles);
    let least = own.min(1.0 - (shared / shingles.max(1.0)).min(1.0));
    least >= if common > 0 { OWN_WITH_TITLE } else { OWN }
}

/// The share of a witness's text that a story does not have, as its sample tells.
fn own(witness: &Witness, print: &Fingerprint) -> f64 {
    let shared = common(&witness.sample, &print.shingles);
    1.0 - shared as f64 / witness.sample.len().max(1) as f64
}

/// How many of a few hashes are among many, which are sorted.
fn common(few: &[u32], many: &[u32]) -> usize {
    few.iter().filter(|hash| many.binary_search(hash).is_ok()).count()
}
