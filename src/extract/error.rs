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
    /// A page that stands in for the one that was asked for.
    #[error("blocked: the page {}", if *login { "asks for a login" } else { "is a challenge for browsers" })]
    Blocked {
        /// It asks for a login; else it tests whether its reader is a program.
        login: bool,
    },
    /// A page that asks whether cookies may be set.
    #[error("blocked: the page asks for consent to cookies instead of showing its text")]
    Consent,
    /// A page that says that there is none, answered as if there was.
    #[error("blocked: the page is an error message, though the server answered as if all was well")]
    NotThere,
    /// A page that scripts fill.
    #[error("app_shell: the page holds no text without its scripts")]
    AppShell {
        /// The feeds that it announces, absolute where its address is known.
        feeds: Vec<String>,
    },
    /// A page in which nothing is clearly a list of stories or an article.
    #[error("no list of stories and no article found in the page")]
    NoList {
        /// What came nearest to a list, best first.
        candidates: Vec<String>,
        /// The feeds that it announces, absolute where its address is known.
        feeds: Vec<String>,
    },
    /// A page whose links are relative to an address that nobody told.
    #[error("no list of stories found: the links of the page are relative, and its address is not known")]
    NoBase,
    /// A page without a text or a title.
    #[error("no article found in the page")]
    NoArticle,
    /// A page with a text that is not known to be that of the story it was asked for.
    #[error("the page is not called like the story")]
    Otherwise {
        /// Its text.
        text: String,
    },
    /// A selector of the configuration that finds nothing.
    #[error("container_missing: nothing in the page matches `{selector}`")]
    ContainerMissing {
        /// The selector of `items`.
        selector: String,
    },
    /// A selector of the configuration that finds elements without stories.
    #[error("container_empty: what matches `{selector}` holds no stories")]
    ContainerEmpty {
        /// The selector of `items`.
        selector: String,
    },
    /// A selector that is none.
    #[error("`{selector}` is no CSS selector")]
    Selector {
        /// The key of `[source.list]`.
        key: &'static str,
        /// As configured.
        selector: String,
    },
    /// The selectors of an article's body find nothing.
    #[error("container_missing: nothing in the page matches `{selector}`, which is to be its body")]
    BodyMissing {
        /// Those of `keep`.
        selector: String,
    },
    /// They find elements without text.
    #[error("container_empty: what matches `{selector}` holds no text")]
    BodyEmpty {
        /// Those of `keep`.
        selector: String,
    },
    /// A selector for an article that is none.
    #[error("`{selector}` is no CSS selector")]
    ArticleSelector {
        /// The key of `[source.article]`.
        key: &'static str,
        /// As configured.
        selector: String,
    },
    /// A path that is none, or of a kind that is not known here.
    #[error("`{path}` is no JSON path: {why}")]
    Path {
        /// The key of `[source.list]`.
        key: &'static str,
        /// As configured.
        path: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A form of dates that is none.
    #[error("{why}")]
    DateForm {
        /// The key of `date` in `[source.list]`.
        key: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// Paths for a document that holds no JSON where they lead, or selectors for one that is no page.
    #[error("wrong_document: `{selector}` is {}", if *is_path { "for JSON, and there is none" } else { "for HTML pages, and the document is JSON" })]
    WrongDocument {
        /// The selector of `items`.
        selector: String,
        /// Whether that is a path.
        is_path: bool,
    },
    /// Fewer stories than the configuration expects.
    #[error("too_few: the list has {}, and `min_items` is {least}", stories(*.found))]
    TooFew {
        /// Stories that were found.
        found: usize,
        /// `min_items`.
        least: usize,
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
    /// A list of sitemaps, none of which is in it.
    #[error("index of sitemaps, not a feed{}", listing(.sitemaps))]
    SitemapIndex {
        /// The sitemaps that it lists, absolute where its address is known; those of news first.
        sitemaps: Vec<String>,
    },
    /// Text where a feed was expected.
    #[error("plain text, not a feed")]
    PlainText,
    /// Bytes that are no text in any encoding.
    #[error("nothing readable: the body is binary")]
    Binary,
}

fn stories(count: usize) -> String {
    if count == 1 { "1 story".to_owned() } else { format!("{count} stories") }
}

/// The first announced feed, as the tail of a phrase.
fn announcing(feeds: &[String]) -> String {
    match feeds {
        [] => String::new(),
        [feed] => format!(" (announces feed {feed})"),
        [feed, more @ ..] => format!(" (announces feed {feed} and {} more)", more.len()),
    }
}

/// The first sitemaps of an index, as the tail of a phrase.
fn listing(sitemaps: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = sitemaps.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    match sitemaps.len() {
        0 => String::new(),
        1..=SHOWN => format!(" (lists {shown})"),
        more => format!(" (lists {shown} and {} more)", more - SHOWN),
    }
}

/// The candidates, and what to do with them.
fn no_list(candidates: &[String], feeds: &[String]) -> String {
    let feed = feeds.first().map(|feed| format!("use {feed} as the source's `url`; or ")).unwrap_or_default();
    match candidates {
        [] => format!("{feed}use the address of a page that lists stories: a section page is better than a front page"),
        _ => format!(
            "{feed}say where the stories are with `items` in `[source.list]`; what came nearest: {}",
            candidates.join(", ")
        ),
    }
}

impl ExtractError {
    /// What the user can do about it, where that is known.
    pub fn help(&self) -> Option<String> {
        let help = match self {
            ExtractError::Empty => {
                "the server sent no content; open the address in a browser and correct it".to_owned()
            }
            ExtractError::Html { feeds } => match feeds.first() {
                Some(feed) => format!("use {feed} as the source's `url`"),
                None => "the page announces no feed; read it with `as = \"listing\"` or `as = \"article\"`".to_owned(),
            },
            ExtractError::Blocked { login: true } => {
                "the page is only for its members; look for a feed of the site, or another source".to_owned()
            }
            ExtractError::Blocked { login: false } => {
                "the site does not let programs read this page; look for a feed of the site, or another source"
                    .to_owned()
            }
            ExtractError::Consent => {
                "nobody is there to consent; look for a feed of the site, or give its `cookies` after consent"
                    .to_owned()
            }
            ExtractError::NotThere => {
                "open the address in a browser and correct it; if it is right, try again later".to_owned()
            }
            ExtractError::AppShell { feeds } => match feeds.first() {
                Some(feed) => format!("use {feed} as the source's `url`"),
                None => {
                    "look for a feed or a simpler page of the site; or have a browser run its scripts: `render` of the source"
                        .to_owned()
                },
            },
            ExtractError::NoList { candidates, feeds } => no_list(candidates, feeds),
            ExtractError::NoBase => {
                "say where it is from: `oncefeed inspect --base-url URL FILE`; for a source, write `<base href=\"URL\">` into its head"
                    .to_owned()
            }
            ExtractError::NoArticle | ExtractError::Otherwise { .. } => "read it with `as = \"listing\"`, or correct the address".to_owned(),
            ExtractError::ContainerMissing { .. } => {
                "the site may have been rebuilt; correct `items` in `[source.list]`, or leave the table out".to_owned()
            }
            ExtractError::ContainerEmpty { .. } => {
                "`items` has to match each story, or an element with one; correct it in `[source.list]`".to_owned()
            }
            ExtractError::BodyMissing { .. } => {
                "the site may have been rebuilt; correct `keep` in `[source.article]`, or leave it out".to_owned()
            }
            ExtractError::BodyEmpty { .. } => {
                "`keep` has to match what holds the text; correct it in `[source.article]`".to_owned()
            }
            ExtractError::ArticleSelector { key, .. } => format!("correct `{key}` in `[source.article]`"),
            ExtractError::Selector { key, .. } | ExtractError::Path { key, .. } => {
                format!("correct `{key}` in `[source.list]`")
            }
            ExtractError::DateForm { key, .. } => format!("correct `{key}` of `date` in `[source.list]`"),
            ExtractError::WrongDocument { is_path: true, .. } => {
                "the site may have been rebuilt; write `items` as a CSS selector, or correct the address".to_owned()
            }
            ExtractError::WrongDocument { is_path: false, .. } => {
                "write `items` as a path, for example \"$.posts[*]\", or correct the address".to_owned()
            }
            ExtractError::TooFew { .. } => {
                "the page may have been rebuilt or be empty today; look at it, and correct `[source.list]`".to_owned()
            }
            ExtractError::Json => {
                "JSON Feed has a `version` of https://jsonfeed.org/ or a list named `items`; for other JSON say where the \
                 stories are, with `items = \"$.posts[*]\"` in `[source.list]`"
                    .to_owned()
            }
            ExtractError::BrokenJson(_) => {
                "the document is cut off or damaged; try again later, or tell its publisher".to_owned()
            }
            ExtractError::UnknownRoot(root) => match root.to_ascii_lowercase().as_str() {
                "opml" => "this is a list of feeds; `oncefeed try FILE` reads it".to_owned(),
                "urlset" => {
                    "this is a sitemap without news; use the address of the site's feed or news sitemap".to_owned()
                }
                _ => "read are RSS, Atom, RDF, JSON Feed and news sitemaps; look for another address".to_owned(),
            },
            ExtractError::SitemapIndex { sitemaps } => match sitemaps.first() {
                Some(sitemap) => format!("use the one with the news as the source's `url`: {sitemap}"),
                None => "it lists none; use the address of the site's feed".to_owned(),
            },
            ExtractError::PlainText => "set `as = \"text\"` for this source".to_owned(),
            ExtractError::Binary => {
                "the address leads to a picture, an archive or another file; use the address of the feed".to_owned()
            }
        };
        Some(help)
    }

    /// Whether a login, a test for browsers, a request for consent or an error message stands in the place of the document.
    pub fn is_wall(&self) -> bool {
        matches!(self, ExtractError::Blocked { .. } | ExtractError::Consent | ExtractError::NotThere)
    }

    /// Whether the place of the list is there, and holds no stories: there may be none at present.
    pub fn is_empty_list(&self) -> bool {
        matches!(self, ExtractError::ContainerEmpty { .. })
    }

    /// The key of `[source.list]` whose selector is none.
    pub fn selector_key(&self) -> Option<&'static str> {
        match self {
            ExtractError::Selector { key, .. }
            | ExtractError::Path { key, .. }
            | ExtractError::DateForm { key, .. } => Some(key),
            _ => None,
        }
    }

    /// The feeds that the document announces.
    pub fn feeds(&self) -> &[String] {
        match self {
            ExtractError::Html { feeds } | ExtractError::AppShell { feeds } | ExtractError::NoList { feeds, .. } => {
                feeds
            }
            _ => &[],
        }
    }
}
