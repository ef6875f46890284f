//! Namespaces, by what they are called and by what they are called by mistake.

use crate::extract::markup::Tag;

/// A vocabulary that feeds use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// RSS of any version, or none.
    Rss,
    Atom,
    Rdf,
    DublinCore,
    DublinTerms,
    Content,
    Media,
    Itunes,
    Syndication,
    /// Services that give feeds links of their own and keep those they replaced.
    FeedService,
    Xhtml,
    Xml,
    /// The extensions of site maps.
    SitemapNews,
    SitemapImage,
    SitemapVideo,
    Unknown,
}

/// Declarations kept of one element, and of all open ones: hostile documents have 50,000.
const DECLARATIONS: usize = 64;
const OPEN_DECLARATIONS: usize = 256;

/// The declarations in force, innermost last.
#[derive(Default)]
pub(super) struct Names {
    declared: Vec<(String, Space, usize)>,
    /// Prefix of a root whose own namespace nobody knows: native all the same.
    native: Option<String>,
}

impl Names {
    /// Takes the declarations of an element at `depth`.
    pub(super) fn declare<'a>(&mut self, attributes: impl Iterator<Item = (&'a str, &'a str)>, depth: usize) {
        for (name, uri) in attributes.take(DECLARATIONS) {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) => match rest.strip_prefix(':') {
                    Some(prefix) => prefix,
                    None => continue,
                },
                None => continue,
            };
            if self.declared.len() < OPEN_DECLARATIONS {
                self.declared.push((prefix.to_ascii_lowercase(), by_uri(uri), depth));
            }
        }
    }

    /// Forgets the declarations below `depth`.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.declared.last().is_some_and(|(.., at)| *at >= depth) {
            self.declared.pop();
        }
    }

    /// Names of the root's prefix are native, whatever its namespace.
    pub(super) fn adopt(&mut self, root_prefix: &str) {
        self.native = Some(root_prefix.to_owned());
    }

    /// The vocabulary of a prefix (lower case; empty for none).
    pub(super) fn space(&self, prefix: &str) -> Space {
        let declared = self.declared.iter().rev().find(|(name, ..)| name == prefix).map(|(_, space, _)| *space);
        match declared {
            // An unknown default namespace is a misspelt one.
            Some(Space::Unknown) | None if prefix.is_empty() => Space::Rss,
            Some(Space::Unknown) | None if self.native.as_deref() == Some(prefix) => Space::Rss,
            Some(Space::Unknown) | None => by_prefix(prefix),
            Some(space) => space,
        }
    }
}

/// The vocabulary of a namespace name; scheme, case and trailing slashes do not matter.
pub(super) fn by_uri(uri: &str) -> Space {
    let lower = uri.trim().to_ascii_lowercase();
    let name = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://")).unwrap_or(&lower);
    let name = name.trim_end_matches(['/', '#']);
    match name {
        "" => Space::Rss,
        "www.w3.org/2005/atom" | "w3.org/2005/atom" | "purl.org/atom/ns" => Space::Atom,
        "www.w3.org/1999/02/22-rdf-syntax-ns" => Space::Rdf,
        "purl.org/rss/1.0/modules/content" => Space::Content,
        "purl.org/rss/1.0/modules/syndication" => Space::Syndication,
        "purl.org/dc/terms" => Space::DublinTerms,
        "www.w3.org/1999/xhtml" => Space::Xhtml,
        "www.w3.org/xml/1998/namespace" => Space::Xml,
        "rssnamespace.org/feedburner/ext/1.0" | "www.pheedo.com/namespace/pheedo" => Space::FeedService,
        _ if name.contains("/schemas/sitemap-news/") => Space::SitemapNews,
        _ if name.contains("/schemas/sitemap-image/") => Space::SitemapImage,
        _ if name.contains("/schemas/sitemap-video/") => Space::SitemapVideo,
        _ if name.starts_with("purl.org/dc/elements/1.") => Space::DublinCore,
        _ if name.starts_with("purl.org/atom/ns") => Space::Atom,
        _ if name.starts_with("search.yahoo.com/mrss") => Space::Media,
        _ if name.contains("/dtds/podcast-1.0.dtd") => Space::Itunes,
        _ if name.starts_with("purl.org/rss/1.0/modules") => Space::Unknown,
        _ if [
            "purl.org/rss/",
            "my.netscape.com/",
            "channel.netscape.com/",
            "backend.userland.com/",
            "blogs.law.harvard.edu/tech/rss",
            "cyber.law.harvard.edu/rss",
            "purl.org/net/rss1.1",
        ]
        .iter()
        .any(|known| name.starts_with(known) || *known == format!("{name}/")) =>
        {
            Space::Rss
        }
        _ => Space::Unknown,
    }
}

/// The vocabulary that a prefix stands for everywhere, for those who forgot to declare it.
fn by_prefix(prefix: &str) -> Space {
    match prefix {
        "rss" => Space::Rss,
        "atom" | "atom03" | "atom10" | "a10" => Space::Atom,
        "rdf" => Space::Rdf,
        "dc" => Space::DublinCore,
        "dcterms" | "dct" => Space::DublinTerms,
        "content" => Space::Content,
        "media" => Space::Media,
        "itunes" => Space::Itunes,
        "sy" => Space::Syndication,
        "feedburner" | "pheedo" => Space::FeedService,
        "xhtml" => Space::Xhtml,
        "xml" => Space::Xml,
        "news" => Space::SitemapNews,
        "image" => Space::SitemapImage,
        "video" => Space::SitemapVideo,
        _ => Space::Unknown,
    }
}

/// The vocabulary of the root element, for telling formats apart.
pub(super) fn root_space(tag: Tag<'_>) -> Option<Space> {
    let prefix = tag.name.split_once(':').map_or("", |(prefix, _)| prefix);
    let wanted = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    tag.attribute(&wanted).map(by_uri)
}

#[cfg(test)]
mod tests {
    use super::{Names, Space, by_uri};

    #[test]
    fn names_are_forgiving() {
        assert_eq!(by_uri("https://www.w3.org/2005/Atom/"), Space::Atom);
        assert_eq!(by_uri("http://search.yahoo.com/mrss"), Space::Media);
        assert_eq!(by_uri("http://purl.org/dc/elements/1.1/"), Space::DublinCore);
        assert_eq!(by_uri("http://purl.org/rss/1.0/"), Space::Rss);
        assert_eq!(by_uri("http://purl.org/rss/1.0/modules/slash/"), Space::Unknown);
    }

    #[test]
    fn declarations_beat_habit() {
        let mut names = Names::default();
        assert_eq!(names.space("media"), Space::Media);
        names.declare([("xmlns:media", "http://www.w3.org/2005/Atom")].into_iter(), 3);
        assert_eq!(names.space("media"), Space::Atom);
        names.leave(3);
        assert_eq!(names.space("media"), Space::Media);
    }
}
