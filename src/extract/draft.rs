//! A story as its source sent it.
//!
//! Making a draft is cheap; cleaning it is not. Most items of a document are known from the last
//! visit, so a later stage compares [`Draft::digest`] first and cleans only what changed.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization;
use url::Url;

use super::html::{self, plain};
use super::strip::known;
use crate::model::{Digest, Enclosure, Story, is_redirector};

/// Longest title, in bytes of plain text.
const TITLE_BYTES: usize = 1024;

/// A text and how to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Markup {
    /// HTML, unclean.
    Html(String),
    /// Plain text; what looks like a tag or a reference is text too.
    Plain(String),
}

impl Markup {
    /// The text as the source sent it.
    pub(crate) fn raw(&self) -> &str {
        match self {
            Markup::Html(text) | Markup::Plain(text) => text,
        }
    }

    fn is_blank(&self) -> bool {
        self.raw().trim().is_empty()
    }

    /// One line of plain text.
    pub(crate) fn line(&self) -> String {
        match self {
            Markup::Html(html) => plain::line(html),
            Markup::Plain(text) => plain::one_line(text),
        }
    }

    /// Plain text with paragraphs.
    fn text(&self) -> String {
        match self {
            Markup::Html(html) => plain::text(html),
            Markup::Plain(text) => plain::paragraphs(text),
        }
    }

    /// HTML that may be published.
    fn sanitised(&self, base: Option<&Url>) -> String {
        match self {
            Markup::Html(html) => html::sanitise(html, base),
            Markup::Plain(text) => plain::paragraphs(text)
                .split("\n\n")
                .map(|paragraph| format!("<p>{}</p>", super::entities::escape(paragraph)))
                .collect(),
        }
    }
}

/// The fields of a story as sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Item {
    pub(crate) guid: String,
    pub(crate) url: Option<String>,
    /// As in [`Story::canonical`].
    pub(crate) canonical: Option<String>,
    pub(crate) title: Option<Markup>,
    pub(crate) summary: Option<Markup>,
    pub(crate) content: Option<Markup>,
    /// Plain text of the content, where that was found with it; else it is made of the content.
    pub(crate) text: Option<String>,
    pub(crate) outlet: Option<String>,
    pub(crate) authors: Vec<String>,
    pub(crate) published: Option<DateTime<Utc>>,
    pub(crate) updated: Option<DateTime<Utc>>,
    /// As in [`Story::raw_date`].
    pub(crate) raw_date: Option<String>,
    /// A date was given as an age: it moves with every visit and says nothing about the content.
    pub(crate) aged: bool,
    pub(crate) categories: Vec<String>,
    pub(crate) enclosures: Vec<Enclosure>,
    pub(crate) image: Option<String>,
    pub(crate) language: Option<String>,
    /// The text goes on where only subscribers read.
    pub(crate) is_beginning: bool,
    /// Base of the relative addresses inside the HTML.
    pub(crate) base: Option<Arc<Url>>,
}

/// A story as sent: fields parsed, links absolute, dates read, but its HTML not yet sanitised and
/// its text not yet extracted.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Identity, unique within the document: the guid unless that repeats with other content,
    /// else the link, else a hash of title, outlet and body in hexadecimal. Where the link is a redirector's
    /// that may be another at the next visit, a hash of title, outlet and day.
    pub key: String,
    /// SHA-256 of all that the source sent for the item; equal means that nothing changed.
    pub digest: Digest,
    item: Item,
}

impl Draft {
    /// Absolute address of the story, `http` or `https`.
    pub fn url(&self) -> Option<&str> {
        self.item.url.as_deref()
    }

    /// When the source says it was published.
    pub fn published(&self) -> Option<DateTime<Utc>> {
        self.item.published
    }

    /// When the source says it was last changed.
    pub fn updated(&self) -> Option<DateTime<Utc>> {
        self.item.updated
    }

    /// The title as sent, markup and all; empty when there is none.
    pub fn raw_title(&self) -> &str {
        self.item.title.as_ref().map_or("", Markup::raw).trim()
    }

    /// Whether the text is a beginning, the rest of which only subscribers read.
    pub fn is_beginning(&self) -> bool {
        self.item.is_beginning
    }

    /// The text as sent, markup and all: the content, else the summary; empty when there is neither.
    pub fn raw_text(&self) -> &str {
        self.item.content.as_ref().or(self.item.summary.as_ref()).map_or("", Markup::raw)
    }

    /// Sanitises the HTML and extracts the text.
    pub fn clean(self) -> Story {
        let Item {
            url,
            canonical,
            title,
            summary,
            content,
            text,
            outlet,
            authors,
            published,
            updated,
            raw_date,
            categories,
            enclosures,
            image,
            language,
            base,
            ..
        } = self.item;
        let base = base.as_deref();
        let summary = summary.filter(|summary| !summary.is_blank());
        let content = content.filter(|content| !content.is_blank());
        let text = text.or_else(|| content.as_ref().or(summary.as_ref()).map(Markup::text)).unwrap_or_default();
        // A summary with markup is all the content that there is.
        let markup = content
            .as_ref()
            .or(summary.as_ref().filter(|summary| matches!(summary, Markup::Html(html) if html.contains('<'))));
        let content_html = markup.map(|markup| markup.sanitised(base)).filter(|html| !html.is_empty());
        let image = image.or_else(|| first_picture(content_html.as_deref()?));
        known::clean(Story {
            key: self.key,
            url,
            via: None,
            canonical,
            title: clip(title.map(|title| title.line()).unwrap_or_default(), TITLE_BYTES),
            outlet,
            authors,
            published,
            updated,
            raw_date: raw_date.filter(|_| published.or(updated).is_none()),
            summary: summary.as_ref().map(Markup::line).filter(|summary| !summary.is_empty()),
            content_html,
            text,
            image,
            language,
            categories,
            enclosures,
            boilerplate: Vec::new(),
        })
    }
}

/// The address of the first picture in sanitised HTML.
fn first_picture(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("<img src=\"")?;
    let (address, _) = rest.split_once('"')?;
    Some(super::entities::decode(address).into_owned())
}

/// At most so many bytes, whole characters.
pub(crate) fn clip(mut text: String, bytes: usize) -> String {
    if text.len() > bytes {
        text.truncate(text.floor_char_boundary(bytes));
    }
    text
}

/// Gives every item of a document its digest and its key.
pub(crate) fn settle(items: Vec<Item>, warnings: &mut Vec<String>) -> Vec<Draft> {
    let contents: Vec<Digest> = items.iter().map(content).collect();
    let digests: Vec<Digest> = items.iter().zip(&contents).map(|(item, content)| digest(item, *content)).collect();
    // A guid that stands for two different items stands for neither, and so does a link.
    let guids = repeated(items.iter().zip(&digests).map(|(item, digest)| (item.guid.as_str(), *digest)));
    let has_guid = |item: &Item| !item.guid.is_empty() && !guids.contains(&item.guid);
    let linked = items.iter().zip(&digests).filter(|(item, _)| !has_guid(item));
    let links = repeated(linked.map(|(item, digest)| (item.url.as_deref().unwrap_or_default(), *digest)));
    if !guids.is_empty() {
        warnings.push(format!("{} guids stand for several items each: they are not used", guids.len()));
    }
    let mut taken: HashSet<String> = HashSet::new();
    // How many items had the same hash: copies, of which only the first can be told apart.
    let mut copies: HashMap<String, u32> = HashMap::new();
    let mut drafts = Vec::with_capacity(items.len());
    for ((item, content), digest) in items.into_iter().zip(contents).zip(digests) {
        let free = |key: &&str| !key.is_empty() && !taken.contains(*key);
        let passing = passing(&item);
        let guid = Some(item.guid.as_str()).filter(|guid| !guids.contains(*guid));
        let link = item.url.as_deref().filter(|link| !links.contains(*link));
        let known = guid.filter(free).or_else(|| link.filter(free)).filter(|_| passing.is_none());
        let key = known.map(str::to_owned).unwrap_or_else(|| {
            let hash = passing.clone().unwrap_or_else(|| fallback(&item));
            let nth = copies.entry(hash.clone()).or_insert(0);
            loop {
                *nth += 1;
                let key = if *nth == 1 { hash.clone() } else { format!("{hash}-{nth}") };
                if !taken.contains(&key) {
                    break key;
                }
            }
        });
        taken.insert(key.clone());
        // Some sites put a new session into every link: under a guid another link alone is no edit.
        let digest = match passing {
            Some(_) => said(&item),
            None if key == item.guid => content,
            None => digest,
        };
        drafts.push(Draft { key, digest, item });
    }
    drafts
}

/// The keys that stand for items of different content.
fn repeated<'i>(keys: impl Iterator<Item = (&'i str, Digest)>) -> HashSet<String> {
    let mut first: HashMap<&str, Digest> = HashMap::new();
    let mut repeated = HashSet::new();
    for (key, digest) in keys.filter(|(key, _)| !key.is_empty()) {
        if *first.entry(key).or_insert(digest) != digest {
            repeated.insert(key.to_owned());
        }
    }
    repeated
}

/// Feeds a hash with values that cannot run into one another.
struct Hasher(Sha256);

impl Hasher {
    fn add(&mut self, text: &str) {
        self.0.update((text.len() as u64).to_be_bytes());
        self.0.update(text.as_bytes());
    }

    fn add_all<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a String>) {
        self.0.update((texts.len() as u64).to_be_bytes());
        texts.for_each(|text| self.add(text));
    }

    fn finish(self) -> Digest {
        Digest(self.0.finalize().into())
    }
}

/// Of all that the source sent for an item.
fn digest(item: &Item, content: Digest) -> Digest {
    let mut hash = Hasher(Sha256::new());
    hash.add(item.url.as_deref().unwrap_or_default());
    hash.add(&hex(content));
    hash.finish()
}

/// As [`Digest`] is shown, without the cost of formatting: every item of every visit comes by here.
fn hex(digest: Digest) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
    digest.0.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Of all but its link and guid.
fn content(item: &Item) -> Digest {
    let mut hash = Hasher(Sha256::new());
    for markup in [&item.title, &item.summary, &item.content] {
        hash.add(markup.as_ref().map_or("", Markup::raw));
    }
    for text in [&item.outlet, &item.image, &item.language] {
        hash.add(text.as_deref().unwrap_or_default());
    }
    item.canonical.iter().for_each(|canonical| hash.add(canonical));
    hash.add_all(item.authors.iter());
    hash.add_all(item.categories.iter());
    for enclosure in &item.enclosures {
        hash.add(&enclosure.url);
        hash.add(enclosure.media_type.as_deref().unwrap_or_default());
        hash.add(&enclosure.length.to_string());
    }
    for date in [item.published, item.updated].iter().filter(|_| !item.aged) {
        hash.add(&date.map(|date| date.timestamp().to_string()).unwrap_or_default());
    }
    hash.finish()
}

/// What an item is known by whose link is a redirector's and may be another at the next visit, as on news
/// aggregators: SHA-256 of normalised title, outlet and day. `None`: its link is
/// no redirector's, or it has a guid of its own.
fn passing(item: &Item) -> Option<String> {
    let link = item.url.as_deref()?;
    let own_guid = !item.guid.is_empty() && !link.contains(&item.guid);
    if own_guid || !Url::parse(link).is_ok_and(|url| is_redirector(&url)) {
        return None;
    }
    let title = Some(words(&item.title.as_ref()?.line())).filter(|title| !title.is_empty())?;
    let mut hash = Hasher(Sha256::new());
    hash.add(&title);
    hash.add(&words(item.outlet.as_deref().unwrap_or_default()));
    // A headline may come again on another day, over another story.
    let date = item.published.filter(|_| !item.aged);
    hash.add(&date.map(|date| date.date_naive().to_string()).unwrap_or_default());
    Some(hash.finish().to_string())
}

/// Of what an item says in words: the links inside of it pass too.
fn said(item: &Item) -> Digest {
    let mut hash = Hasher(Sha256::new());
    for markup in [&item.title, &item.summary, &item.content] {
        hash.add(&markup.as_ref().map(Markup::line).unwrap_or_default());
    }
    hash.add_all(item.authors.iter());
    hash.finish()
}

/// A text's words, in lower case.
fn words(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// SHA-256 of normalised title, outlet and body, for items without guid and link.
fn fallback(item: &Item) -> String {
    let body = item.content.as_ref().or(item.summary.as_ref());
    let mut hash = Hasher(Sha256::new());
    hash.add(&words(item.title.as_ref().map_or("", Markup::raw)));
    hash.add(&words(item.outlet.as_deref().unwrap_or_default()));
    hash.add(&words(body.map_or("", Markup::raw)));
    hash.finish().to_string()
}

#[cfg(test)]
mod tests {
    use super::{Digest, Item, Markup, hex, settle};

    fn item(guid: &str, url: &str, title: &str) -> Item {
        Item {
            guid: guid.to_owned(),
            url: (!url.is_empty()).then(|| url.to_owned()),
            title: Some(Markup::Html(title.to_owned())),
            ..Item::default()
        }
    }

    #[track_caller]
    fn check(items: &[(&str, &str, &str)], expected: &[&str]) -> usize {
        let mut warnings = Vec::new();
        let drafts = settle(items.iter().map(|(guid, url, title)| item(guid, url, title)).collect(), &mut warnings);
        let keys: Vec<_> = drafts
            .iter()
            .map(|draft| if draft.key.len() >= 64 { format!("hash{}", &draft.key[64..]) } else { draft.key.clone() })
            .collect();
        assert_eq!(keys, expected);
        warnings.len()
    }

    #[test]
    fn the_guid_is_the_key_else_the_link_else_a_hash() {
        let warnings = check(
            &[("g", "http://n.example/1", "A"), ("", "http://n.example/2", "B"), ("", "", "C")],
            &["g", "http://n.example/2", "hash"],
        );
        assert_eq!(warnings, 0);
    }

    #[test]
    fn a_guid_of_several_items_is_no_guid() {
        let warnings = check(
            &[("g", "http://n.example/1", "A"), ("g", "http://n.example/2", "B"), ("h", "http://n.example/3", "C")],
            &["http://n.example/1", "http://n.example/2", "h"],
        );
        assert_eq!(warnings, 1);
    }

    #[test]
    fn a_link_of_several_items_is_no_identity() {
        let home = "http://n.example/";
        assert_eq!(check(&[("", home, "A"), ("", home, "B"), ("g", home, "C")], &["hash", "hash", "g"]), 0);
    }

    #[test]
    fn copies_of_one_item_do_not_take_its_guid_away() {
        let copy = ("g", "http://n.example/1", "A");
        assert_eq!(check(&[copy, copy, copy, copy], &["g", "http://n.example/1", "hash", "hash-2"]), 0);
    }

    #[test]
    fn spelling_of_white_space_does_not_change_the_hash() {
        let key = |title: &str| settle(vec![item("", "", title)], &mut Vec::new())[0].key.clone();
        assert_eq!(key("One  Title!"), key("one title"));
        assert_ne!(key("one title"), key("another title"));
    }

    #[test]
    fn the_digest_changes_with_the_content_alone() {
        let digest = |change: &dyn Fn(&mut Item)| {
            let mut item = item("g", "http://n.example/1", "A");
            change(&mut item);
            settle(vec![item], &mut Vec::new())[0].digest
        };
        let plain = digest(&|_| {});
        assert_eq!(plain, digest(&|item| item.guid = "h".to_owned()));
        assert_eq!(plain, digest(&|item| item.url = Some("http://n.example/1?session=2".to_owned())));
        assert_ne!(plain, digest(&|item| item.summary = Some(Markup::Html("x".to_owned()))));
        assert_ne!(plain, digest(&|item| item.published = Some("2026-01-01T00:00:00Z".parse().unwrap())));
        assert_ne!(plain, digest(&|item| item.categories.push("c".to_owned())));
    }

    #[test]
    fn hexadecimal_is_as_shown() {
        let digest = Digest(std::array::from_fn(|nth| (nth as u8).wrapping_mul(37)));
        assert_eq!(hex(digest), digest.to_string());
    }

    #[test]
    fn an_age_is_not_content() {
        let digest = |date: &str| {
            let item = Item { published: date.parse().ok(), aged: true, ..item("", "", "A") };
            settle(vec![item], &mut Vec::new())[0].digest
        };
        assert_eq!(digest("2026-01-01T00:00:00Z"), digest("2026-01-01T01:00:00Z"));
    }

    #[test]
    fn cleaning_makes_title_summary_content_and_text() {
        let item = Item {
            title: Some(Markup::Html("AT&amp;T <b>rises</b>\n".to_owned())),
            summary: Some(Markup::Html("<p>Short.</p>".to_owned())),
            content: Some(Markup::Html("<p>One.</p><script>x</script><p>Two.</p>".to_owned())),
            ..Item::default()
        };
        let story = settle(vec![item], &mut Vec::new()).remove(0).clean();
        assert_eq!(story.title, "AT&T rises");
        assert_eq!(story.summary.as_deref(), Some("Short."));
        assert_eq!(story.content_html.as_deref(), Some("<p>One.</p><p>Two.</p>"));
        assert_eq!(story.text, "One.\n\nTwo.");
    }

    #[test]
    fn the_first_picture_stands_for_a_story_without_one() {
        let item = Item {
            content: Some(Markup::Html("<p>a<img alt=x src='https://n.example/p?a=1&amp;b=2'>".to_owned())),
            ..Item::default()
        };
        let story = settle(vec![item], &mut Vec::new()).remove(0).clean();
        assert_eq!(story.image.as_deref(), Some("https://n.example/p?a=1&b=2"));
    }

    #[test]
    fn plain_text_is_not_read_as_markup() {
        let item = Item {
            title: Some(Markup::Plain("1 < 2 &amp; <b>".to_owned())),
            content: Some(Markup::Plain("a <b>\n\nc & d".to_owned())),
            ..Item::default()
        };
        let story = settle(vec![item], &mut Vec::new()).remove(0).clean();
        assert_eq!(story.title, "1 < 2 &amp; <b>");
        assert_eq!(story.content_html.as_deref(), Some("<p>a &lt;b&gt;</p><p>c &amp; d</p>"));
        assert_eq!(story.text, "a <b>\n\nc & d");
    }

    #[test]
    fn a_summary_alone_gives_the_text() {
        let item = Item { summary: Some(Markup::Html("Fish &amp; chips".to_owned())), ..Item::default() };
        let story = settle(vec![item], &mut Vec::new()).remove(0).clean();
        assert_eq!(
            (story.text.as_str(), story.summary.as_deref(), story.content_html),
            ("Fish & chips", Some("Fish & chips"), None)
        );
    }

    /// Key and digest of a single item of an aggregator.
    fn passing(guid: &str, token: &str, title: &str, day: &str) -> (String, Digest) {
        let link = format!("https://news.google.com/rss/articles/{token}?oc=5");
        let mut item = item(guid, &link, title);
        item.summary = Some(Markup::Html(format!("<a href=\"{link}\">{title}</a>&nbsp;<font>Metro</font>")));
        item.published = format!("{day}T10:00:00Z").parse().ok();
        let draft = settle(vec![item], &mut Vec::new()).remove(0);
        (draft.key, draft.digest)
    }

    #[test]
    fn a_link_that_changes_at_every_visit_makes_no_new_item() {
        let first = passing("CBMia", "CBMia", "Talks end without a deal - Metro", "2026-11-23");
        assert_eq!(passing("CBMib", "CBMib", "Talks end without a deal - Metro", "2026-11-23"), first);
        assert_eq!(passing("", "CBMib", "Talks end without a deal - Metro", "2026-11-23"), first);
        for other in [
            passing("CBMia", "CBMia", "Talks go on - Metro", "2026-11-23"),
            passing("CBMia", "CBMia", "Talks end without a deal - Ledger", "2026-11-23"),
            passing("CBMia", "CBMia", "Talks end without a deal - Metro", "2026-11-30"),
        ] {
            assert_ne!(other.0, first.0);
        }
        // A guid of its own counts.
        assert_eq!(passing("story-7", "CBMia", "Talks end without a deal - Metro", "2026-11-23").0, "story-7");
    }
}
