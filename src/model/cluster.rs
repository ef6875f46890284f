//! Tellings of one story of the world, and how it was decided that they are.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Digest, Fingerprint, Folding, SourceId, Story, Voice};

/// Names a cluster for ever: the first 16 bytes of a SHA-256 over the opening story's source and
/// key, so a repeated decision mints the same id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClusterId(pub [u8; 16]);

impl ClusterId {
    /// From a digest of the opening story's identity.
    pub fn from_digest(digest: &Digest) -> ClusterId {
        ClusterId(digest.0[..16].try_into().expect("a digest has 32 bytes"))
    }

    /// The id that readers see, in RSS `guid`, Atom `id` and JSON Feed `id`: a URN of a UUID
    /// (RFC 9562 §4 and §5.8, version 8: made from a hash). It depends on no host name and no year.
    pub fn urn(&self) -> String {
        let mut b = self.0;
        b[6] = (b[6] & 0x0f) | 0x80;
        b[8] = (b[8] & 0x3f) | 0x80;
        let hex: String = b.iter().map(|byte| format!("{byte:02x}")).collect();
        let (a, rest) = hex.split_at(8);
        let (b, rest) = rest.split_at(4);
        let (c, rest) = rest.split_at(4);
        let (d, e) = rest.split_at(4);
        format!("urn:uuid:{a}-{b}-{c}-{d}-{e}")
    }

    /// The first 12 hexadecimal digits: what people type.
    pub fn short(&self) -> String {
        self.0[..6].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Display for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.short())
    }
}

impl fmt::Debug for ClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClusterId({})", self.short())
    }
}

/// A story in the inbox: delivered, not decided.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Where it comes from.
    pub source: SourceId,
    /// The source's rank when it was delivered.
    pub rank: u32,
    /// The source's choice when it was delivered.
    pub folding: Folding,
    /// The story.
    pub story: Story,
    /// Who speaks in it.
    pub voice: Voice,
    /// Its hashes.
    pub fingerprint: Arc<Fingerprint>,
    /// Hash of what the source sent for it, to tell an edit from a repeat.
    pub digest: Digest,
    /// The run that first saw it.
    pub first_seen: DateTime<Utc>,
    /// False for what a first visit brings beyond its newest: known, but not published.
    pub publish: bool,
}

impl Newcomer {
    /// The time used for comparing: as dated, but nothing is told before it happens, so never after it was
    /// first seen; as first seen where it has no date.
    pub fn time(&self) -> DateTime<Utc> {
        self.story.dated().map_or(self.first_seen, |dated| dated.min(self.first_seen))
    }
}

/// A decided story as the decider needs it.
#[derive(Clone, Debug)]
pub struct Member {
    /// Where it came from.
    pub source: SourceId,
    /// Its key there.
    pub key: String,
    /// Where it is.
    pub cluster: ClusterId,
    /// The cluster that it was decided into. Another one than `cluster` after a person merged the two:
    /// the tellings of one home agree with each other, those of one cluster need not.
    pub home: ClusterId,
    /// As published, else as first seen.
    pub time: DateTime<Utc>,
    /// The source's choice when it was delivered.
    pub folding: Folding,
    /// Its hashes.
    pub fingerprint: Arc<Fingerprint>,
}

/// The rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// Nothing like it is known: it opens a cluster.
    Opens,
    /// Same source and same id.
    SameId,
    /// Same canonical URL.
    SameUrl,
    /// One page names the other as its original (`rel=canonical` across sites).
    SameOriginal,
    /// Same normalised text.
    SameText,
    /// Nearly the same text, verified on the exact shingle sets.
    NearText,
    /// Same title, no usable text on one side.
    SameTitle,
    /// A person took it out of the cluster that it had been folded into.
    Split,
    /// A person put it and its cluster into this one.
    Merge,
}

impl Rule {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::Opens => "opens",
            Rule::SameId => "same-id",
            Rule::SameUrl => "same-url",
            Rule::SameOriginal => "same-original",
            Rule::SameText => "same-text",
            Rule::NearText => "near-text",
            Rule::SameTitle => "same-title",
            Rule::Split => "split",
            Rule::Merge => "merge",
        }
    }
}

/// Why two near-equal stories were kept apart all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Veto {
    /// Too little text in common.
    TooLittle,
    /// The same words around other numbers.
    Numbers,
    /// The same words around other names.
    Names,
    /// Other words in equal places, or a denial of the same words.
    Words,
    /// The titles name different things that the other's text does not have.
    Titles,
    /// The headline is one that its source gives to one story after the other.
    Series,
    /// The long one only contains the short one, which does not begin where it begins.
    Lead,
    /// They carry different recordings.
    Media,
    /// One side is never folded (`dedupe = "never"`).
    Never,
    /// Most members of that cluster disagree.
    Members,
    /// A person took them apart.
    Split,
}

impl Veto {
    /// The word used in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Veto::TooLittle => "too-little",
            Veto::Numbers => "numbers",
            Veto::Names => "names",
            Veto::Words => "words",
            Veto::Titles => "titles",
            Veto::Series => "series",
            Veto::Lead => "lead",
            Veto::Media => "media",
            Veto::Never => "never",
            Veto::Members => "members",
            Veto::Split => "split",
        }
    }
}

/// The numbers behind a comparison of two stories.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// The rule that joined them, or would have.
    pub rule: Rule,
    /// The other story: its source and key.
    pub with: Option<(SourceId, String)>,
    /// 0 to 1: 1 for identities, the larger of the two similarities for near text.
    pub score: f64,
    /// Shingles of both / of either (Jaccard).
    pub jaccard: f64,
    /// Shingles of both / of the shorter (containment).
    pub containment: f64,
    /// Share of the shorter's lead that is in the longer's.
    pub lead: f64,
    /// Jaccard of the words of the titles.
    pub title: f64,
    /// Shingles of both, of the newcomer, of the other.
    pub shingles: (u32, u32, u32),
    /// Seconds between the two.
    pub apart_seconds: i64,
    /// What kept them apart; `None` when they joined.
    pub veto: Option<Veto>,
}

impl Evidence {
    /// Evidence of an identity, or of nothing: no shingles were compared.
    pub fn bare(rule: Rule, with: Option<(SourceId, String)>) -> Evidence {
        let score = if rule == Rule::Opens { 0.0 } else { 1.0 };
        Evidence {
            rule,
            with,
            score,
            jaccard: 0.0,
            containment: 0.0,
            lead: 0.0,
            title: 0.0,
            shingles: (0, 0, 0),
            apart_seconds: 0,
            veto: None,
        }
    }
}

/// What became of a newcomer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It is known by source and key, and was edited: it stays in its cluster.
    Known {
        /// Whether the edit is one that moves `updated` (INTERFACE: `update`).
        moves_updated: bool,
    },
    /// It is another telling.
    Joins,
    /// It is a story of its own.
    Opens,
}

/// Where a newcomer belongs, and why.
#[derive(Clone, Debug)]
pub struct Placement {
    /// What became of it.
    pub verdict: Verdict,
    /// The cluster it is in now.
    pub cluster: ClusterId,
    /// As in [`Member::home`].
    pub home: ClusterId,
    /// It comes under the key of another story, which its source has given a second time: that one
    /// keeps its place under a key of ours, and this one takes the source's.
    pub takes_key: bool,
    /// Why.
    pub because: Evidence,
    /// The nearest stories of other clusters that were compared and kept apart, best first; at most 3.
    pub apart: Vec<Evidence>,
}

impl Placement {
    /// At home in a cluster, apart from nothing.
    pub fn new(verdict: Verdict, cluster: ClusterId, because: Evidence) -> Placement {
        Placement { verdict, cluster, home: cluster, takes_key: false, because, apart: Vec::new() }
    }
}

/// What a decider decided about an inbox: one placement for each newcomer, in its order.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// In the order of the inbox.
    pub placements: Vec<Placement>,
}
