//! One item while it is being read.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::Warnings;
use crate::extract::date;
use crate::extract::draft::{Item, Markup, clip};
use crate::extract::html::absolute;
use crate::model::{Digest, Enclosure};

/// Longest guid that is kept as it is.
const GUID_BYTES: usize = 1024;
/// Longest name of an author or a category; one of half a megabyte is none.
const NAME_BYTES: usize = 256;
/// Longest date that is kept as it was written.
const DATE_BYTES: usize = 64;
/// Of a feed's authors, what each of its items may inherit.
const INHERITED_BYTES: usize = 512;

/// Which date of an item, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum When {
    /// pubDate, published, issued.
    Published,
    /// dc:date.
    Dublin,
    /// created.
    Created,
    /// updated, modified.
    Updated,
}

/// An Atom link, or an RSS one as an alternate.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) rel: String,
    pub(super) url: Option<Url>,
    pub(super) media_type: Option<String>,
    pub(super) length: u64,
}

/// What was read of an item so far.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) item: Item,
    pub(super) dates: Vec<(When, String)>,
    pub(super) links: Vec<Link>,
    /// The RSS link.
    pub(super) link: Option<Url>,
    /// A guid that says it is an address, or an address that stands for the item in other ways.
    pub(super) permalink: Option<Url>,
    /// The link that a feed service has replaced by one of its own.
    pub(super) original_link: Option<Url>,
    /// dc:title, media:title.
    pub(super) other_title: Option<Markup>,
    /// itunes:author: the show rather than the author.
    pub(super) other_author: Option<String>,
    /// dc:identifier, rdf:about.
    pub(super) other_id: Option<String>,
    pub(super) images: Vec<Url>,
    /// Where xml:base changed inside.
    pub(super) base: Option<Arc<Url>>,
}

impl Pending {
    pub(super) fn add_author(&mut self, name: String) {
        add_author(&mut self.item.authors, name);
    }

    pub(super) fn add_category(&mut self, name: &str) {
        let name = clip(name.split_whitespace().collect::<Vec<_>>().join(" "), NAME_BYTES);
        if !name.is_empty() && self.item.categories.len() < 256 && !self.item.categories.contains(&name) {
            self.item.categories.push(name);
        }
    }

    pub(super) fn add_picture(&mut self, url: Url) {
        if self.images.len() < 16 {
            self.images.push(url);
        }
    }

    pub(super) fn add_enclosure(&mut self, url: &Url, media_type: Option<String>, length: u64) {
        let enclosures = &mut self.item.enclosures;
        if enclosures.len() < 64 && !enclosures.iter().any(|enclosure| enclosure.url == url.as_str()) {
            enclosures.push(Enclosure { url: url.as_str().to_owned(), media_type, length });
        }
    }

    /// The item. Ages count back from `visited`.
    pub(super) fn finish(mut self, visited: Option<DateTime<Utc>>, warnings: &mut Warnings) -> Item {
        let mut item = std::mem::take(&mut self.item);
        let is_page =
            |link: &&Link| link.media_type.as_deref().is_none_or(|kind| kind.is_empty() || kind.contains("html"));
        let alternates = || self.links.iter().filter(|link| link.rel == "alternate" && web(link.url.as_ref()));
        let alternate = alternates().find(is_page).or_else(|| alternates().next()).and_then(|link| link.url.clone());
        let url = self.original_link.take().or(self.link.take()).or(alternate).or(self.permalink.take());
        item.url = url.map(String::from);
        for link in &self.links {
            if link.rel == "enclosure"
                && let Some(url) = link.url.as_ref().filter(|url| web(Some(*url)))
                && item.enclosures.len() < 64
                && !item.enclosures.iter().any(|known| known.url == url.as_str())
            {
                item.enclosures.push(Enclosure {
                    url: url.as_str().to_owned(),
                    media_type: link.media_type.clone(),
                    length: link.length,
                });
            }
        }
        let blank = item.title.as_ref().is_none_or(|title| title.raw().trim().is_empty());
        if blank {
            item.title = self.other_title.take().or(item.title);
        }
        if item.authors.is_empty() {
            item.authors.extend(self.other_author.take());
        }
        if item.guid.is_empty() {
            item.guid = self.other_id.take().unwrap_or_default();
        }
        // An identity is kept for ever; a megabyte of it is hashed.
        if item.guid.len() > GUID_BYTES {
            item.guid = Digest(Sha256::digest(item.guid.as_bytes()).into()).to_string();
        }
        let picture = item
            .enclosures
            .iter()
            .find(|enclosure| enclosure.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/")));
        item.image = item
            .image
            .take()
            .or_else(|| self.images.first().map(|url| url.as_str().to_owned()))
            .or_else(|| picture.map(|picture| picture.url.clone()));
        self.dates.sort_by_key(|(when, _)| *when);
        for (when, text) in &self.dates {
            let slot = if *when == When::Updated { &mut item.updated } else { &mut item.published };
            if slot.is_some() || text.trim().is_empty() {
                continue;
            }
            match date::read(text, visited) {
                Ok(dated) => {
                    *slot = Some(dated.at);
                    item.aged |= dated.aged;
                }
                Err(warning) => {
                    item.raw_date.get_or_insert_with(|| clip(text.trim().to_owned(), DATE_BYTES));
                    warnings.add(warning);
                }
            }
        }
        item.base = item.base.or(self.base);
        item
    }
}

/// Adds a name that is not there yet.
pub(super) fn add_author(authors: &mut Vec<String>, name: String) {
    let name = clip(name, NAME_BYTES);
    let is_new = !authors.iter().any(|known| known.eq_ignore_ascii_case(&name));
    if !name.is_empty() && is_new && authors.len() < 64 {
        authors.push(name);
    }
}

/// Gives the authors of a feed to its items that have none (RFC 4287 §4.2.1): as many as fit, since each
/// item gets copies of them.
pub(super) fn inherit_authors(items: &mut [Item], authors: &[String]) {
    let mut room = INHERITED_BYTES;
    let fits = |author: &&String| {
        let left = room.checked_sub(author.len() + size_of::<String>());
        room = left.unwrap_or(0);
        left.is_some()
    };
    let authors: Vec<String> = authors.iter().take_while(fits).cloned().collect();
    for item in items.iter_mut().filter(|item| item.authors.is_empty()) {
        item.authors.clone_from(&authors);
    }
}

/// Whether it is an address of the web.
fn web(url: Option<&Url>) -> bool {
    url.is_some_and(|url| matches!(url.scheme(), "http" | "https"))
}

/// An address of the web, absolute.
pub(super) fn web_url(text: &str, base: Option<&Url>) -> Option<Url> {
    absolute(text, base).filter(|url| web(Some(url)))
}

/// A name from what RSS feeds put into `author`: an address, a name, or both in either order.
pub(super) fn person(text: &str) -> String {
    let text = text.trim();
    let tidy = |name: &str| {
        let name = name.trim().trim_matches(['"', '\'', '<', '>', ',', ';']).trim();
        name.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // "mail@n.example (A Name)"
    if let Some((mail, name)) = text.split_once('(')
        && mail.contains('@')
        && !name.trim_end_matches([')', ' ']).is_empty()
    {
        return tidy(name.trim_end().trim_end_matches(')'));
    }
    // "A Name <mail@n.example>", "A Name (mail@n.example)"
    if let Some((name, mail)) = text.split_once(['<', '('])
        && mail.contains('@')
    {
        return if name.trim().is_empty() { tidy(mail.trim_end_matches(')')) } else { tidy(name) };
    }
    let text = text.strip_suffix("()").unwrap_or(text);
    tidy(text.strip_prefix("mailto:").unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::person;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(person(text), expected);
    }

    #[test]
    fn an_author_is_a_name_if_there_is_one() {
        check("mail@n.example (A. Name)", "A. Name");
        check("A. Name <mail@n.example>", "A. Name");
        check("A. Name (mail@n.example)", "A. Name");
        check(" A.\n Name ", "A. Name");
        check("mail@n.example", "mail@n.example");
        check("mail@n.example ()", "mail@n.example");
        check("<mail@n.example>", "mail@n.example");
        check("A. Name (The Lamp)", "A. Name (The Lamp)");
    }
}
