//! Where stories come from.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Access, ArticleSelectors, ListSelectors, Render};

/// Names no source, see [`SourceId::seeded`].
const SEEDED: &str = "from-output";

/// The configured id of a source: 1 to 64 characters of `a-z`, `0-9` and `-`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SourceId(String);

impl SourceId {
    /// The id, or `None` when the text is not one.
    pub fn new(text: &str) -> Option<SourceId> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        fits.then(|| SourceId(text.to_owned()))
    }

    /// The source that no configuration can have: items of old outputs are kept under it, so that a rebuilt store knows
    /// their ids.
    pub fn seeded() -> SourceId {
        SourceId(SEEDED.to_owned())
    }

    /// Whether it is that one.
    pub fn is_seeded(&self) -> bool {
        self.0 == SEEDED
    }

    /// The id as configured.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a source is read from. Only the configuration can name a file; no link and no redirect
/// ever leads to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// An `http` or `https` address.
    Web(Url),
    /// A file of this machine, absolute or relative to the working directory.
    File(PathBuf),
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Web(url) => url.fmt(f),
            Location::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}

/// How a document is to be read (`as` in the configuration and in `inspect`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Find out from the document.
    #[default]
    Auto,
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// An HTML page that lists stories.
    Listing,
    /// An HTML page that is one story.
    Article,
    /// Plain text: an aggregator page, or one story.
    Text,
}

impl Kind {
    /// The kinds that this version reads.
    pub const READABLE: &[Kind] = &[Kind::Auto, Kind::Feed, Kind::Listing, Kind::Article, Kind::Text];

    /// The word used in the configuration and in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Auto => "auto",
            Kind::Feed => "feed",
            Kind::Listing => "listing",
            Kind::Article => "article",
            Kind::Text => "text",
        }
    }
}

/// Whether a source's stories may fold with others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Folding {
    /// Stories join the clusters they belong to.
    #[default]
    Fold,
    /// Each story opens a cluster of its own, which nothing joins.
    Never,
}

/// When an edit at the source moves an entry's `updated`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UpdatePolicy {
    /// When the text grew by more than a fifth, or is marked as a correction.
    #[default]
    Content,
    /// Never.
    Never,
    /// At every change of title or text.
    Always,
}

/// A configured source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Unique among the sources; part of every story's identity, so it must not change.
    pub id: SourceId,
    /// The name shown to readers: `title` in the configuration, else what the document calls itself.
    pub title: Option<String>,
    /// Whose outlet it is (`owner`): sources of one owner are one voice. `None`: told by its address.
    pub owner: Option<String>,
    /// Where it is read from.
    pub location: Location,
    /// How its document is read.
    pub kind: Kind,
    /// Where its stories are, for a listing: `[source.list]`.
    pub list: Option<ListSelectors>,
    /// Where an article stands on the source's page, or on those of its stories: `[source.article]`.
    pub article: Option<ArticleSelectors>,
    /// Outputs choose sources by these names.
    pub groups: Vec<String>,
    /// 0 is preferred: decides whose telling of a story is shown.
    pub rank: u32,
    /// Contributes nothing, not even its name, to outputs that are not private.
    pub private: bool,
    /// Whether its stories may fold with others.
    pub folding: Folding,
    /// When an edit moves `updated`.
    pub update: UpdatePolicy,
    /// Floor between two visits to this source.
    pub every: Duration,
    /// How it is reached, where that differs from the others.
    pub access: Access,
    /// Whether the texts of its stories are fetched from their own pages; `None`: those of a listing are. A
    /// file's never are.
    pub full_text: Option<bool>,
    /// The program that gives its page; `None`: it is fetched.
    pub render: Option<Render>,
}

impl Source {
    /// A source with every default but that no pages are fetched for its stories, as for an address that is
    /// only looked at.
    pub fn plain(id: SourceId, location: Location, kind: Kind) -> Source {
        Source {
            id,
            title: None,
            owner: None,
            location,
            kind,
            list: None,
            article: None,
            groups: Vec::new(),
            rank: 0,
            private: false,
            folding: Folding::Fold,
            update: UpdatePolicy::Content,
            every: Duration::ZERO,
            access: Access::default(),
            full_text: Some(false),
            render: None,
        }
    }
}
