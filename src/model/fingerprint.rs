//! All hashes of a story, and the keys under which stories that may be the same find each other.

use serde::{Deserialize, Serialize};

use super::Digest;

/// What is compared. All hashes are xxh3 with fixed seeds, so they may be stored; see
/// `dedupe::VERSION` for what a change of them means.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// SHA-256 of the canonical URL, where the story has one.
    pub url: Option<Digest>,
    /// SHA-256 of the normalised text with its dateline: equal means the same text. `None` when
    /// the text is too short to mean anything.
    pub exact: Option<Digest>,
    /// Hash of the title as compared; `None` when it has too few significant words.
    pub title: Option<u64>,
    /// Sorted distinct hashes of the words of the title as compared.
    pub title_tokens: Vec<u32>,
    /// Sorted distinct hashes of the text's word 3-shingles, dateline and byline removed.
    pub shingles: Vec<u64>,
    /// Hashes of the shingles of the first 60 words, in order of the text.
    pub lead: Vec<u64>,
    /// Sorted distinct hashes of the text's words.
    pub tokens: Vec<u32>,
    /// Sorted distinct hashes of numbers, months and weekdays in title and text.
    pub numbers: Vec<u32>,
    /// Sorted distinct hashes of proper names (capitalised words inside a sentence) in the text.
    pub names: Vec<u32>,
    /// Words in the normalised text.
    pub words: u32,
    /// The title or the text says that this is a correction or a repeat of an earlier telling.
    pub correction: bool,
    /// The keys of the near-text index: bands of the MinHash signature and lead keys, distinct.
    pub near: Vec<u64>,
}

/// Stories that share a key may be the same; stories that share none are never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Key {
    /// Canonical URL: for ever.
    Url(Digest),
    /// Same text: for days.
    Exact(Digest),
    /// Same title: for hours.
    Title(u64),
    /// A band or a lead key: within `dedupe.window`.
    Near(u64),
}

impl Fingerprint {
    /// Everything that stories are looked up by.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        (self.url.map(Key::Url).into_iter())
            .chain(self.exact.map(Key::Exact))
            .chain(self.title.map(Key::Title))
            .chain(self.near.iter().copied().map(Key::Near))
    }
}
