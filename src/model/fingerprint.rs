//! All hashes of a story, and the keys under which stories that may be the same find each other.

use super::Digest;

/// What is compared. The hashes are xxh3 with fixed seeds, so they may be stored. Those of 32 bits
/// are only ever compared inside one pair of stories, or have to agree several at a time, where that
/// width is plenty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    /// SHA-256 of the canonical URL, where the story has one that can identify it.
    pub url: Option<Digest>,
    /// SHA-256 of the canonical URL that its page names as the original, at another site.
    pub original: Option<Digest>,
    /// SHA-256 of the normalised text with its dateline: equal means the same text. `None` when
    /// the text is too short to mean anything.
    pub exact: Option<Digest>,
    /// Hash of the title as compared; `None` when it has too few significant words.
    pub title: Option<u64>,
    /// Hash of the address of the first audio or video enclosure: stories that carry different
    /// recordings are different, whatever their text.
    pub media: Option<u64>,
    /// Sorted distinct hashes of the significant words of the title as compared.
    pub title_tokens: Vec<u32>,
    /// Sorted distinct hashes of the text's word 3-shingles, dateline and byline removed.
    pub shingles: Vec<u32>,
    /// Hashes of the shingles of the first 60 words, in order of the text: at most 58. Of a script without
    /// spaces those of the first 120 characters.
    pub lead: Vec<u32>,
    /// Sorted distinct hashes of the significant words of title and text.
    pub tokens: Vec<u32>,
    /// Sorted distinct hashes of the numbers, months and weekdays in title and text.
    pub numbers: Vec<u32>,
    /// Sorted distinct hashes of the proper names (capitalised words inside a sentence) in the text.
    pub names: Vec<u32>,
    /// Sorted distinct places of numbers: the hash of the words around one (numbers among them not told
    /// apart) in the high half, the number's in the low half. Two fillings of one form have different
    /// numbers in equal places.
    pub number_slots: Vec<u64>,
    /// The same for proper names.
    pub name_slots: Vec<u64>,
    /// Bands of the MinHash signature of the shingles; empty when there are none.
    pub bands: Vec<u32>,
    /// Words in the normalised text.
    pub words: u32,
    /// Title or text say that this corrects or repeats an earlier telling.
    pub correction: bool,
}

/// Stories that share a key may be the same; stories that share none are never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Key {
    /// Canonical URL: for ever.
    Url(Digest),
    /// Same text: for days.
    Exact(Digest),
    /// Same title: for hours.
    Title(u64),
    /// A band of the signature: one in common is enough to be worth a comparison.
    Band(u32),
    /// A shingle of the first 40 words: it takes [`Key::LEADS`] in common.
    Lead(u32),
}

impl Key {
    /// So many lead keys make a candidate (measured: recall .924 alone, .986 with the bands).
    pub const LEADS: usize = 3;
    /// At most so many stories are looked at under one band or lead key, the newest: what is more
    /// common than this tells nothing.
    pub const POSTINGS: usize = 200;
    /// At most so many stories are compared with one newcomer for their bands and lead keys, those with
    /// most in common first.
    pub const CANDIDATES: usize = 64;
}

impl Fingerprint {
    /// Lead shingles that are keys: those of the first 40 words.
    const LEAD_KEYS: usize = 38;

    /// The lead shingles that the story is looked up by.
    pub fn lead_keys(&self) -> &[u32] {
        &self.lead[..self.lead.len().min(Self::LEAD_KEYS)]
    }

    /// Everything that the story is looked up by.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        (self.url.map(Key::Url).into_iter())
            .chain(self.original.map(Key::Url))
            .chain(self.exact.map(Key::Exact))
            .chain(self.title.map(Key::Title))
            .chain(self.bands.iter().copied().map(Key::Band))
            .chain(self.lead_keys().iter().copied().map(Key::Lead))
    }
}
