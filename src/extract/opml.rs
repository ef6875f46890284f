//! Lists of subscriptions (OPML 2.0 §`<outline>`), as tolerantly as everything else.

use std::collections::HashSet;

use url::Url;

use super::draft::{Item, Markup, clip};
use super::entities;
use super::html::absolute;
use super::links;
use super::markup::{Piece, Pieces};

/// More outlines than this are no list of subscriptions.
const MOST: usize = 20_000;

/// A feed that somebody subscribes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// `xmlUrl`, as written.
    pub url: String,
    /// `title`, else `text`; `None` when neither says anything.
    pub title: Option<String>,
    /// The folder that it is in, the innermost outline around it that is no feed; and its categories that are names of
    /// folders (`/World,/Sea`).
    pub groups: Vec<String>,
}

/// The subscriptions of an OPML document, each address once, in the document's order. `None`: it is
/// no OPML.
pub fn subscriptions(text: &str) -> Option<Vec<Subscription>> {
    let mut found: Vec<Subscription> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut is_opml = false;
    // For each outline that is open: its name when it is a folder.
    let mut open: Vec<Option<String>> = Vec::new();
    for piece in Pieces::new(text) {
        match piece {
            Piece::Open(tag) if tag.name.eq_ignore_ascii_case("opml") => is_opml = true,
            Piece::Open(tag) if is_opml && tag.name.eq_ignore_ascii_case("outline") => {
                let value = |name: &str| {
                    let value = entities::decode(tag.attribute(name)?).trim().to_owned();
                    (!value.is_empty()).then_some(value)
                };
                let title = value("title").or_else(|| value("text"));
                let url = value("xmlUrl");
                if !tag.empty && open.len() < 64 {
                    open.push(title.clone().filter(|_| url.is_none()));
                }
                let Some(url) = url else { continue };
                if found.len() < MOST && seen.insert(url.clone()) {
                    let mut groups: Vec<String> = open.iter().rev().flatten().next().cloned().into_iter().collect();
                    let categories = value("category").unwrap_or_default();
                    for name in categories.split(',').filter_map(|path| path.trim().strip_prefix('/')) {
                        // A path of several folders names one inside of another, and a group has none.
                        let is_new =
                            !name.is_empty() && !name.contains('/') && groups.iter().all(|known| known != name);
                        groups.extend(is_new.then(|| name.to_owned()));
                    }
                    found.push(Subscription { url, title, groups });
                }
            }
            Piece::Close(name) if name.eq_ignore_ascii_case("outline") => {
                open.pop();
            }
            // A document of another kind need not be read to its end.
            Piece::Open(_) if !is_opml => return None,
            _ => {}
        }
    }
    is_opml.then_some(found)
}

/// The outlines of an OPML document that lead to pages.
pub(super) struct Outlines {
    /// What the document calls itself.
    pub(super) title: Option<String>,
    /// The stories, each address once.
    pub(super) items: Vec<Item>,
    /// Outlines that are subscriptions to feeds.
    pub(super) subscriptions: usize,
}

/// Stories of one document.
const STORIES: usize = 1000;

/// Reads the outlines as stories: their `url` (§ type `link`), else the page of a subscription (`htmlUrl`), else an address
/// that is their text. `None`: it is no OPML.
pub(super) fn stories(text: &str, base: Option<&Url>) -> Option<Outlines> {
    let mut found = Outlines { title: None, items: Vec::new(), subscriptions: 0 };
    let mut seen: HashSet<Url> = HashSet::new();
    let (mut is_opml, mut in_title) = (false, false);
    for piece in Pieces::new(text) {
        match piece {
            Piece::Open(tag) if tag.name.eq_ignore_ascii_case("opml") => is_opml = true,
            Piece::Open(tag) if is_opml && tag.name.eq_ignore_ascii_case("title") => in_title = !tag.empty,
            Piece::Text(text) | Piece::Cdata(text) if in_title && found.title.is_none() => {
                let title = entities::decode(text).split_whitespace().collect::<Vec<_>>().join(" ");
                found.title = Some(clip(title, 1024)).filter(|title| !title.is_empty());
            }
            Piece::Close(_) => in_title = false,
            Piece::Open(tag) if is_opml && tag.name.eq_ignore_ascii_case("outline") => {
                let value = |name: &str| {
                    let value = entities::decode(tag.attribute(name)?).trim().to_owned();
                    (!value.is_empty()).then_some(value)
                };
                found.subscriptions += usize::from(value("xmlUrl").is_some());
                let text = value("text").or_else(|| value("title"));
                let address = value("url").or_else(|| value("htmlUrl")).or_else(|| text.clone());
                let Some(url) = address.and_then(|address| page_at(&address, base)) else { continue };
                if found.items.len() < STORIES && seen.insert(url.clone()) {
                    let title =
                        text.filter(|text| absolute(text, None).is_none()).unwrap_or_else(|| links::named(&url));
                    found.items.push(Item {
                        title: Some(Markup::Plain(clip(crate::extract::plain_line(&title), 1024))),
                        url: Some(url.into()),
                        published: value("created")
                            .and_then(|date| super::date::read(&date, None).ok())
                            .map(|date| date.at),
                        ..Item::default()
                    });
                }
            }
            // A document of another kind need not be read to its end.
            Piece::Open(_) if !is_opml => return None,
            _ => {}
        }
    }
    is_opml.then_some(found)
}

/// The address of a page; words are none.
fn page_at(address: &str, base: Option<&Url>) -> Option<Url> {
    let is_address = !address.contains(char::is_whitespace) && address.contains(['/', ':']);
    absolute(address, base).filter(|url| is_address && url.scheme() != "mailto")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_stories(outlines: &str, subscriptions: usize, expected: &[&str]) {
        let text = format!(
            "<opml version=\"2.0\"><head><title>Reading &amp; more</title></head><body>{outlines}</body></opml>"
        );
        let found = stories(&text, None).unwrap();
        let rows: Vec<String> = (found.items.iter())
            .map(|item| {
                format!("{} <{}>", item.title.as_ref().map_or("", Markup::raw), item.url.as_deref().unwrap_or(""))
            })
            .collect();
        assert_eq!((found.title.as_deref(), found.subscriptions), (Some("Reading & more"), subscriptions));
        assert_eq!(rows, expected);
    }

    #[test]
    fn outlines_with_addresses_are_stories() {
        check_stories(
            r#"<outline text="Sea"><outline type="link" text="The ferry &amp;amp; the crew" url="https://a.example/1"/>
               <outline type="rss" text="Harbour" xmlUrl="https://h.example/feed" htmlUrl="https://h.example/"/>
               <outline text="https://b.example/race"/><outline text="again" url="https://a.example/1"/></outline>"#,
            1,
            &[
                "The ferry & the crew <https://a.example/1>",
                "Harbour <https://h.example/>",
                "b.example/race <https://b.example/race>",
            ],
        );
        check_stories(
            r#"<outline text="Only a feed" xmlUrl="https://h.example/feed"/><outline text="a note"/>"#,
            1,
            &[],
        );
    }

    #[test]
    fn folders_are_groups_and_each_feed_is_there_once() {
        let text = r#"<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
            <outline text="World"><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/f?x=1&amp;y=2"/>
            <outline text="B" xmlUrl="https://b.example/"></outline></outline>
            <outline title="C" xmlUrl="https://c.example/" category="/Sea, /World,tag,/a/b,/Sea"/><outline xmlUrl="https://a.example/f?x=1&amp;y=2"/></body></opml>"#;
        let found = subscriptions(text).unwrap();
        let rows: Vec<_> = found.iter().map(|s| (s.url.as_str(), s.title.as_deref(), s.groups.join("+"))).collect();
        assert_eq!(
            rows,
            [
                ("https://a.example/f?x=1&y=2", Some("A & B"), "World".to_owned()),
                ("https://b.example/", Some("B"), "World".to_owned()),
                ("https://c.example/", Some("C"), "Sea+World".to_owned()),
            ]
        );
    }

    #[test]
    fn other_documents_are_no_lists() {
        for text in ["", "<rss><channel/></rss>", "plain", "<html><body><outline xmlUrl='x'></body></html>"] {
            assert_eq!(subscriptions(text), None, "{text}");
        }
        assert_eq!(subscriptions("<opml><body></body></opml>"), Some(Vec::new()));
    }
}
