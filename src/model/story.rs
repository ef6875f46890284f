//! One item of one source, cleaned.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// An attached media file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Absolute address.
    pub url: String,
    /// Media type as the source gave it.
    #[serde(rename = "type")]
    pub media_type: Option<String>,
    /// Size in bytes; 0 when the source did not say.
    pub length: u64,
}

/// One item of one source, cleaned. Made by `extract` alone: whoever holds one may rely on the
/// title being one line of plain text and on the HTML being sanitised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Story {
    /// Identity within its source: the guid, else the link, else a hash of the content.
    pub key: String,
    /// Where a reader finds it: absolute, `http` or `https`. `None` on pages without links.
    pub url: Option<String>,
    /// The address that the source gave, when that is a redirector's and leads to `url`.
    pub via: Option<String>,
    /// Where its page says that it was published first, when that is another site (`rel=canonical`, RFC 6596):
    /// a claim, which counts only where that story is known.
    pub canonical: Option<String>,
    /// One line of plain text; empty when the source gave none.
    pub title: String,
    /// The outlet that the document names for this story (aggregator pages, `<source>` of RSS,
    /// `atom:source`). `None`: the source itself.
    pub outlet: Option<String>,
    /// Names, in the source's order.
    pub authors: Vec<String>,
    /// When the source says it was published; never invented.
    pub published: Option<DateTime<Utc>>,
    /// When the source says it was last changed.
    pub updated: Option<DateTime<Utc>>,
    /// A date as the source wrote it that cannot be one, where it gave no other: of 1970, of next year, in no
    /// spelling that is known. It counts for nothing.
    pub raw_date: Option<String>,
    /// Plain text.
    pub summary: Option<String>,
    /// Sanitised HTML, links absolute.
    pub content_html: Option<String>,
    /// All that dedupe reads: plain text, paragraphs separated by one blank line, boilerplate gone.
    pub text: String,
    /// Absolute address of a picture.
    pub image: Option<String>,
    /// BCP 47 tag as the source gave it.
    pub language: Option<String>,
    /// In the source's order, each once.
    pub categories: Vec<String>,
    /// In the source's order.
    pub enclosures: Vec<Enclosure>,
    /// Lines that were taken out of its text as boilerplate, in their order; long ones cut, of many the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub boilerplate: Vec<String>,
}

impl Story {
    /// The date that the source gives it: when it was published, else when it was last changed (many
    /// Atom feeds say only that).
    pub fn dated(&self) -> Option<DateTime<Utc>> {
        self.published.or(self.updated)
    }
}
