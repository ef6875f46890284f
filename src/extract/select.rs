//! Lists by selectors that a person wrote, where detection needs help.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use dom_query::{Matcher, NodeId, NodeRef};

use super::ExtractError;
use super::date;
use super::draft::{Item, Markup, clip};
use super::html::absolute;
use super::listing::{self, Source};
use super::{json, rules};
use crate::model::{DateForm, ListSelectors};

/// Records of one page that are read.
const RECORDS: usize = 1000;
/// Categories of one story, and bytes of one.
const CATEGORIES: usize = 20;
const CATEGORY: usize = 100;

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
    date::check(&selectors.date_form).map_err(|(key, why)| ExtractError::DateForm { key, why })?;
    match json::is_pinned(selectors) {
        true => json::check(selectors),
        false => Selectors::new(selectors).map(|_| ()),
    }
}

struct Selectors {
    items: Selector,
    title: Option<Selector>,
    url: Option<Selector>,
    date: Option<Selector>,
    summary: Option<Selector>,
    image: Option<Selector>,
    author: Option<Selector>,
    categories: Option<Selector>,
    exclude: Vec<Selector>,
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
            categories: one("categories", &texts.categories)?,
            exclude: texts.exclude.iter().map(|text| Selector::new("exclude", text)).collect::<Result<_, _>>()?,
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
    let picker = Picker { source, indices: &indices, form: &texts.date_form };
    let excluded = Excluded::new(&root, &selectors.exclude);
    let records = records.iter().filter(|record| !excluded.holds(record)).take(RECORDS);
    let items = each_once(records.filter_map(|record| picker.item(record, &selectors)).collect());
    if items.is_empty() {
        return Err(ExtractError::ContainerEmpty { selector: texts.items.clone() });
    }
    rules::apply(items, texts)
}

/// Elements that no record may be, or be inside of.
struct Excluded(HashSet<NodeId>);

impl Excluded {
    fn new(root: &NodeRef<'_>, selectors: &[Selector]) -> Excluded {
        Excluded(selectors.iter().flat_map(|selector| selector.find(root)).map(|node| node.id).collect())
    }

    fn holds(&self, record: &NodeRef<'_>) -> bool {
        !self.0.is_empty()
            && (self.0.contains(&record.id) || record.ancestors_it(None).any(|up| self.0.contains(&up.id)))
    }
}

/// The same page twice is one story: the first that has a title stands for it.
fn each_once(items: Vec<Item>) -> Vec<Item> {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut kept: Vec<Item> = Vec::with_capacity(items.len());
    for item in items {
        let known = item.url.as_ref().and_then(|url| at.get(url)).and_then(|nth| kept.get_mut(*nth));
        match known {
            Some(first) if first.title.is_none() && item.title.is_some() => *first = item,
            Some(_) => {}
            None => {
                if let Some(url) = &item.url {
                    at.insert(url.clone(), kept.len());
                }
                kept.push(item);
            }
        }
    }
    kept
}

struct Picker<'a, 'd> {
    source: &'a Source<'a, 'd>,
    indices: &'a HashMap<NodeId, usize>,
    form: &'a DateForm,
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

    fn date(&self, text: &str) -> Option<date::Dated> {
        let visited = self.source.visited;
        let found = date::read_as(text, visited, self.form).ok();
        // Who says how dates are written means nothing else.
        found.or_else(|| self.form.format.is_none().then(|| listing::in_text(text, visited))?)
    }

    /// Every text that a selector finds, each once.
    fn values(&self, record: &NodeRef<'_>, selector: &Selector) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for node in selector.find(record) {
            let value = match &selector.attribute {
                Some(name) => node.attr(name).map(|value| value.trim().to_owned()),
                None => self.range(&node).map(|range| self.source.tree.text(range)),
            };
            all.extend(
                value.map(|value| clip(value, CATEGORY)).filter(|value| !value.is_empty() && !all.contains(value)),
            );
            if all.len() >= CATEGORIES {
                break;
            }
        }
        all
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
            Some(_) => pick(&selectors.date, &["datetime", "content"]).and_then(|text| self.date(&text)),
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
            categories: match &selectors.categories {
                Some(of) => self.values(record, of),
                None => found.categories,
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
