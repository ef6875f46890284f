//! Why a document could not be read.

use thiserror::Error;

/// A document that gave no stories, by situation.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExtractError {
    /// Nothing, or nothing but white space.
    #[error("empty body")]
    Empty,
    /// An HTML page where a feed was expected.
    #[error("HTML page, not a feed{}", announcing(.feeds))]
    Html {
        /// The feeds that it announces, absolute where its address is known.
        feeds: Vec<String>,
    },
    /// An HTML page that was to be read as a list of stories or as one story.
    #[error("HTML page without a feed, which this version does not read yet")]
    Unsupported {
        /// The feeds that it announces, absolute where its address is known.
        feeds: Vec<String>,
    },
    /// JSON of another kind.
    #[error("JSON but not JSON Feed")]
    Json,
    /// JSON that ends or breaks before its first item is complete.
    #[error("broken JSON: {0}")]
    BrokenJson(String),
    /// XML of another kind.
    #[error("XML with unknown root <{0}>")]
    UnknownRoot(String),
    /// Text where a feed was expected.
    #[error("plain text, not a feed")]
    PlainText,
    /// Bytes that are no text in any encoding.
    #[error("nothing readable: the body is binary")]
    Binary,
}

/// The first announced feed, as the tail of a phrase.
fn announcing(feeds: &[String]) -> String {
    match feeds {
        [] => String::new(),
        [feed] => format!(" (announces feed {feed})"),
        [feed, more @ ..] => format!(" (announces feed {feed} and {} more)", more.len()),
    }
}

impl ExtractError {
    /// What the user can do about it, where that is known.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            ExtractError::Empty => {
                "the server sent no content; open the address in a browser and correct it".to_owned()
            }
            ExtractError::Html { feeds } | ExtractError::Unsupported { feeds } => match feeds.first() {
                Some(feed) => format!("use {feed} as the source's `url`"),
                None => "the page announces no feed; pages without a feed are not read yet by this version".to_owned(),
            },
            ExtractError::Json => {
                "JSON Feed has a `version` of https://jsonfeed.org/ or a list named `items`; look for another address"
                    .to_owned()
            }
            ExtractError::BrokenJson(_) => {
                "the document is cut off or damaged; try again later, or tell its publisher".to_owned()
            }
            ExtractError::UnknownRoot(root) => match root.to_ascii_lowercase().as_str() {
                "opml" => "this is a list of feeds; use `oncefeed import`".to_owned(),
                "urlset" | "sitemapindex" => "this is a site map; use the address of the site's feed".to_owned(),
                _ => "read are RSS, Atom, RDF and JSON Feed; look for another address".to_owned(),
            },
            ExtractError::PlainText => "set `as = \"text\"` for this source".to_owned(),
            ExtractError::Binary => {
                "the address leads to a picture, an archive or another file; use the address of the feed".to_owned()
            }
        };
        Some(help)
    }

    /// The feeds that the document announces.
    pub fn feeds(&self) -> &[String] {
        match self {
            ExtractError::Html { feeds } | ExtractError::Unsupported { feeds } => feeds,
            _ => &[],
        }
    }
}
