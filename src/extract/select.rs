//! Lists by selectors that a person wrote, where detection needs help.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use dom_query::{Matcher, NodeId, NodeRef};

use super::ExtractError;
use super::date;
use super::draft::{Item, Markup, clip};
use super::html::absolute;
use super::listing::{self, Source};
use crate::model::ListSelectors;

/// Records of one page that are read.
const RECORDS: usize = 1000;

/// A selector, and the attribute that is meant: `h2 a@href`.
struct Selector {
    matcher: Option<Matcher>,
    attribute: Option<String>,
}

impl Selector {
    /// Reads `sel`, `sel@attr` or `@attr`, the last being an attribute of the record itself.
    fn new(key: &'static str, text: &str) -> Result<Selector, ExtractError> {
        let (css, attribute) = match text.rsplit_once('@') {
            Some((css, name))
                if !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_') =>
            {
                (css.trim(), Some(name.to_ascii_lowercase()))
            }
            _ => (text.trim(), None),
        };
        let wrong = || ExtractError::Selector { key, selector: text.to_owned() };
        let matcher = match css {
            "" if attribute.is_some() => None,
            "" => return Err(wrong()),
            css => Some(Matcher::new(css).map_err(|_| wrong())?),
        };
        Ok(Selector { matcher, attribute })
    }

    /// The elements of a record that match, the record itself first.
    fn find<'d>(&self, record: &NodeRef<'d>) -> Vec<NodeRef<'d>> {
        let Some(matcher) = &self.matcher else { return vec![*record] };
        let own = record.is_match(matcher).then_some(*record);
        own.into_iter().chain(record.descendants_it().filter(|node| node.is_match(matcher))).collect()
    }
}

/// Whether every selector is one; the error names the first that is none.
pub(crate) fn check(selectors: &ListSelectors) -> Result<(), ExtractError> {
    Selectors::new(selectors).map(|_| ())
}

struct Selectors {
    items: Selector,
    title: Option<Selector>,
    url: Option<Selector>,
    date: Option<Selector>,
    summary: Option<Selector>,
    image: Option<Selector>,
    author: Option<Selector>,
}

impl Selectors {
    fn new(texts: &ListSelectors) -> Result<Selectors, ExtractError> {
        let one = |key, text: &Option<String>| text.as_deref().map(|text| Selector::new(key, text)).transpose();
        Ok(Selectors {
            items: Selector::new("items", &texts.items)?,
            title: one("title", &texts.title)?,
            url: one("url", &texts.url)?,
            date: one("date", &texts.date)?,
            summary: one("summary", &texts.summary)?,
            image: one("image", &texts.image)?,
            author: one("author", &texts.author)?,
        })
    }
}

/// The stories that the selectors pick.
pub(super) fn items(source: &Source<'_, '_>, texts: &ListSelectors) -> Result<Vec<Item>, ExtractError> {
    let selectors = Selectors::new(texts)?;
    let tree = source.tree;
    let indices = tree.indices();
    let root = tree.reference(0).ok_or(ExtractError::Empty)?;
    let records = selectors.items.find(&root);
    if records.is_empty() {
        return Err(ExtractError::ContainerMissing { selector: texts.items.clone() });
    }
    let picker = Picker { source, indices: &indices };
    let items: Vec<Item> = records.iter().take(RECORDS).filter_map(|record| picker.item(record, &selectors)).collect();
    if items.is_empty() {
        return Err(ExtractError::ContainerEmpty { selector: texts.items.clone() });
    }
    Ok(items)
}

struct Picker<'a, 'd> {
    source: &'a Source<'a, 'd>,
    indices: &'a HashMap<NodeId, usize>,
}

impl Picker<'_, '_> {
    fn range(&self, node: &NodeRef<'_>) -> Option<Range<usize>> {
        self.indices.get(&node.id).map(|at| self.source.tree.range(*at))
    }

    /// The first value that a selector finds in a record and that says something.
    fn value(&self, record: &NodeRef<'_>, selector: &Selector, usual: &[&str]) -> Option<String> {
        selector.find(record).iter().find_map(|node| {
            let value = match &selector.attribute {
                Some(name) => node.attr(name).map(|value| value.trim().to_owned()),
                None => usual
                    .iter()
                    .find_map(|name| node.attr(name).map(|value| value.trim().to_owned()))
                    .or_else(|| Some(self.source.tree.text(self.range(node)?))),
            };
            value.filter(|value| !value.is_empty())
        })
    }

    fn item(&self, record: &NodeRef<'_>, selectors: &Selectors) -> Option<Item> {
        let Source { tree, facts, visited, .. } = *self.source;
        let base = facts.base.as_ref();
        let range = self.range(record)?;
        let pick = |selector: &Option<Selector>, usual: &[&str]| {
            selector.as_ref().and_then(|selector| self.value(record, selector, usual))
        };
        let found = listing::of_record(self.source, range.clone());
        let url = match &selectors.url {
            Some(_) => pick(&selectors.url, &["href"]).and_then(|href| absolute(&href, base)),
            None => found.url,
        };
        let title = match &selectors.title {
            Some(_) => pick(&selectors.title, &[]),
            None => found.title,
        };
        let date = match &selectors.date {
            Some(_) => pick(&selectors.date, &["datetime", "content"])
                .and_then(|text| date::read(&text, visited).ok().or_else(|| listing::in_text(&text, visited))),
            None => listing::date(tree, range.clone(), visited),
        };
        let title = title.map(|title| clip(title, 1024)).filter(|title| !title.is_empty());
        let url = url.filter(|url| url.scheme() != "mailto");
        // A record without an address and without a name is an advertisement or a gap.
        if title.is_none() && url.is_none() {
            return None;
        }
        Some(Item {
            url: url.map(String::from),
            summary: match &selectors.summary {
                Some(_) => pick(&selectors.summary, &[]),
                None => found.summary,
            }
            .map(Markup::Plain),
            title: title.map(Markup::Plain),
            authors: match &selectors.author {
                Some(_) => pick(&selectors.author, &[]).into_iter().collect(),
                None => found.author.into_iter().collect(),
            },
            published: date.map(|date| date.at),
            aged: date.is_some_and(|date| date.aged),
            image: match &selectors.image {
                Some(_) => pick(&selectors.image, &["data-src", "src", "content"])
                    .and_then(|src| absolute(&src, base))
                    .map(String::from),
                None => found.image,
            },
            language: facts.language.clone(),
            base: base.cloned().map(Arc::new),
            ..Item::default()
        })
    }
}
