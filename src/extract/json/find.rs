//! The list of stories in JSON that nobody described: the best array of objects with a title and an address.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::{Around, Item, fields, items_of};
use crate::extract::html::absolute;
use crate::extract::listing::{likeness, width};
use crate::model::ListSelectors;

/// Fewer are a menu, or a story with its pictures.
const FEWEST: usize = 5;
/// Values of one document that are looked at.
const VALUES: usize = 200_000;
/// Objects of one array that are looked at before it is chosen.
const SAMPLE: usize = 60;
/// What a story may be wrapped in.
const WRAPPERS: &[&str] =
    &["node", "data", "item", "attributes", "post", "article", "story", "_source", "fields", "content"];

/// A list as found.
pub(in crate::extract) struct Found {
    pub(in crate::extract) items: Vec<Item>,
    /// The paths that it can be pinned with.
    pub(in crate::extract) list: ListSelectors,
    /// From 0 to 1.
    pub(in crate::extract) confidence: f64,
}

/// An array that may be the list.
struct Candidate {
    worth: f64,
    confidence: f64,
    list: ListSelectors,
}

/// A value that is looked at: what it stands in, and where.
struct Place<'v> {
    parent: usize,
    step: Step<'v>,
}

enum Step<'v> {
    Root,
    Name(&'v str),
    Index(usize),
}

/// Finds the list of a document.
pub(in crate::extract) fn find(root: &Value, around: &Around<'_>) -> Option<Found> {
    let mut best: Option<Candidate> = None;
    let mut places = vec![Place { parent: 0, step: Step::Root }];
    let mut waiting: Vec<(usize, &Value)> = vec![(0, root)];
    while let Some((at, value)) = waiting.pop() {
        let room = VALUES.saturating_sub(places.len());
        let mut add = |step, value| {
            waiting.push((places.len(), value));
            places.push(Place { parent: at, step });
        };
        match value {
            Value::Array(all) => {
                let nested = all.iter().enumerate().filter(|(_, value)| is_nested(value)).take(room);
                nested.for_each(|(nth, value)| add(Step::Index(nth), value));
                if let Some(found) = judge(all, &path(&places, at), around)
                    && best.as_ref().is_none_or(|best| found.worth > best.worth)
                {
                    best = Some(found);
                }
            }
            Value::Object(object) => {
                let nested = object.iter().filter(|(_, value)| is_nested(value)).take(room);
                nested.for_each(|(name, value)| add(Step::Name(name), value));
            }
            _ => {}
        }
    }
    let best = best?;
    let items = items_of(root, around, &best.list);
    (items.len() >= FEWEST).then_some(Found { items, list: best.list, confidence: best.confidence })
}

/// The path to a place.
fn path(places: &[Place<'_>], at: usize) -> String {
    let mut steps = Vec::new();
    let mut at = at;
    while let Some(Place { parent, step }) = places.get(at) {
        match step {
            Step::Root => break,
            Step::Name(name) => steps.push(self::step(name)),
            Step::Index(nth) => steps.push(format!("[{nth}]")),
        }
        at = *parent;
    }
    steps.reverse();
    format!("${}", steps.concat())
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// A name as a step of a path.
fn step(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    match is_plain {
        true => format!(".{name}"),
        false if name.contains('\'') => format!("[\"{name}\"]"),
        false => format!("['{name}']"),
    }
}

/// The object that is the story, and the name of what it is wrapped in.
fn unwrapped(value: &Value) -> Option<(&Map<String, Value>, Option<&'static str>)> {
    let object = value.as_object()?;
    let is_story = |object: &Map<String, Value>| {
        fields::field(object, fields::TITLE).is_some() && fields::field(object, fields::URL).is_some()
    };
    if is_story(object) {
        return Some((object, None));
    }
    WRAPPERS.iter().find_map(|name| {
        let inner = object.get(*name)?.as_object().filter(|inner| is_story(inner))?;
        Some((inner, Some(*name)))
    })
}

/// What an array is worth as a list of stories.
fn judge(all: &[Value], path: &str, around: &Around<'_>) -> Option<Candidate> {
    if all.len() < FEWEST {
        return None;
    }
    let sample: Vec<&Value> = all.iter().take(SAMPLE).collect();
    let stories: Vec<_> = sample.iter().filter_map(|value| unwrapped(value)).collect();
    if stories.len() < FEWEST || stories.len() * 10 < sample.len() * 6 {
        return None;
    }
    let mut addresses = HashSet::new();
    let (mut titles, mut likely, mut dated) = (0.0, 0.0, 0.0);
    let mut widths = Vec::new();
    for (object, _) in &stories {
        let (_, title) = fields::field(object, fields::TITLE)?;
        let (_, url) = fields::field(object, fields::URL)?;
        let title = crate::extract::plain_line(&fields::text(title)?);
        widths.push(width(&title));
        titles += (width(&title) as f64 / 60.0).min(1.5);
        // A relative address is one where nobody knows the document's own.
        let base = || around.base.cloned().or_else(|| "https://n.invalid/".parse().ok());
        if let Some(url) = absolute(&fields::text(url)?, base().as_ref()).filter(|url| url.scheme() != "mailto") {
            likely += likeness(&url);
            addresses.insert(url);
        }
        dated += f64::from(u8::from(fields::field(object, fields::DATE).is_some()));
    }
    widths.sort_unstable();
    let count = stories.len() as f64;
    let (likely, dated) = (likely / count, dated / count);
    let median = widths.get(widths.len() / 2).copied().unwrap_or(0);
    // Menus, tags and people have names and addresses too.
    if addresses.len() < FEWEST || (median < 16 && dated < 0.5) || (median < 24 && likely < 0.0 && dated < 0.5) {
        return None;
    }
    let worth = 2.2 * titles / count + 0.8 * likely + 0.9 * dated + 0.35 * (1.0 + all.len() as f64).log2();
    let confidence =
        (0.45 + 0.2 * dated + 0.2 * likely.clamp(0.0, 1.0) + 0.15 * (median as f64 / 40.0).min(1.0)).min(1.0);
    let (first, wrapper) = stories.first()?;
    let list = pinned(&format!("{path}[*]{}", wrapper.map(step).unwrap_or_default()), first, &stories);
    Some(Candidate { worth, confidence, list })
}

/// The paths that say what was found.
fn pinned(items: &str, first: &Map<String, Value>, stories: &[(&Map<String, Value>, Option<&str>)]) -> ListSelectors {
    let path = |names: &[&str]| {
        let here = fields::field(first, names).map(|(name, _)| name);
        let name = here.or_else(|| stories.iter().find_map(|(object, _)| Some(fields::field(object, names)?.0)));
        name.map(|name| format!("${}", step(name)))
    };
    ListSelectors {
        items: items.to_owned(),
        title: path(fields::TITLE),
        url: path(fields::URL),
        date: path(fields::DATE),
        summary: path(fields::SUMMARY),
        image: path(fields::IMAGE),
        author: path(fields::AUTHOR),
        ..ListSelectors::default()
    }
}
