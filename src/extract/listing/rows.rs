//! Records: parts of a page that are built alike and hold a day, a name and links to papers.
//!
//! Public records are lists of this kind. Their links say "Agenda", "PDF" or a day, so groups of
//! links find the papers, or the menu; the rows are what a reader calls the list.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use url::Url;

use super::address;
use super::cells::{self, Cell, Sort};
use super::column::{self, Column};
use super::links::Link;
use super::order::{self, Order};
use super::sets::{self, Features, tells_day, within};
use super::{Source, record};
use crate::extract::SURE;
use crate::extract::draft::{Item, Markup, clip};

/// A list of records.
pub(super) struct Records {
    pub(super) items: Vec<Item>,
    /// How they are built, in short.
    pub(super) method: String,
    /// From 0 to 1: how sure it is that these are records, and that they are what the page is for.
    pub(super) confidence: f64,
}

/// The list that links have given, as far as it lies in the records.
struct Held {
    /// Its stories, and of those the ones inside.
    all: f64,
    inside: f64,
    /// Mean of its stories in a record that has any.
    crowd: f64,
    /// Mean of the names in such a record.
    names: f64,
    /// Share of its stories with a date.
    dated: f64,
}

/// The records of a page, if they are a better list than the links that were found (`chosen`: their nodes;
/// `items`: what was made of them; `confidence`: in these).
pub(super) fn better(
    source: &Source<'_, '_>,
    links: &[Link],
    chosen: &[usize],
    items: &[Item],
    confidence: f64,
) -> Option<Records> {
    let (set, features) = sets::best(source, links)?;
    let sure = features.confidence(set.rows.len());
    let rows: Vec<Range<usize>> = set.rows.iter().map(|row| source.tree.range(*row)).collect();
    let is_better = || {
        items.is_empty() || confidence < SURE || {
            let held = held(&rows, chosen, items);
            if held.inside >= 0.5 * held.all {
                // One record, many links: papers of one name.
                weak(items) >= 0.4 || held.crowd >= 1.3 && held.names < 1.3
            } else {
                is_main(&features, rows.len() as f64, &held, sure - confidence)
            }
        }
    };
    if sure < SURE || !is_better() {
        return None;
    }
    let items = read(source, links, &rows);
    // What people wrote under each other leads to who they are.
    let is_of_people = items.iter().filter(|item| leads_to_person(item)).count() * 2 > items.len();
    (items.len() >= 3 && !is_of_people).then_some(Records { items, method: set.key, confidence: sure })
}

fn leads_to_person(item: &Item) -> bool {
    item.url.as_deref().and_then(|url| Url::parse(url).ok()).is_some_and(|url| address::is_of_person(&url))
}

/// Whether records are what a page is for although its links have given another list: its menu, a few posts
/// beside. `lead`: how much surer the records are.
fn is_main(features: &Features, rows: f64, held: &Held, lead: f64) -> bool {
    let papers = features.papers >= 0.6 && features.dated >= 0.7 && rows >= 5.0;
    let many = features.dated >= 0.8 && rows >= 2.0 * held.all;
    many || papers && (rows >= 0.8 * held.all || held.dated < 0.3 && lead > -0.15)
}

fn held(rows: &[Range<usize>], chosen: &[usize], items: &[Item]) -> Held {
    let mut named: HashMap<usize, HashSet<&str>> = HashMap::new();
    let mut inside = 0.0;
    for (at, item) in chosen.iter().zip(items) {
        let before = rows.partition_point(|row| row.start <= *at);
        let nth = before.checked_sub(1).filter(|nth| rows.get(*nth).is_some_and(|row| row.contains(at)));
        let Some(nth) = nth else { continue };
        inside += 1.0;
        let names = named.entry(nth).or_default();
        names.extend(text(item).filter(|text| cells::sort(text) == Sort::Words && text.contains(' ')));
    }
    let all = items.len().max(1) as f64;
    let hit = named.len().max(1) as f64;
    Held {
        all,
        inside,
        crowd: inside / hit,
        names: named.values().map(|names| names.len() as f64).sum::<f64>() / hit,
        dated: items.iter().filter(|item| item.published.is_some()).count() as f64 / all,
    }
}

/// How many of the titles are buttons, days or numbers; all of them where a few texts repeat.
fn weak(items: &[Item]) -> f64 {
    let all = items.len().max(1) as f64;
    let distinct: HashSet<&str> = items.iter().filter_map(text).collect();
    if (distinct.len() as f64) < 0.4 * all {
        return 1.0;
    }
    items.iter().filter(|item| text(item).is_none_or(|text| cells::sort(text) != Sort::Words)).count() as f64 / all
}

fn text(item: &Item) -> Option<&str> {
    match &item.title {
        Some(Markup::Plain(text)) => Some(text),
        _ => None,
    }
}

/// The records as stories, each address once.
fn read(source: &Source<'_, '_>, links: &[Link], rows: &[Range<usize>]) -> Vec<Item> {
    let tree = source.tree;
    let lines: Vec<Vec<Cell>> = rows.iter().map(|row| cells::cells(tree, row)).collect();
    let columns: Vec<Column> = column::rank(tree, rows, &lines, links);
    let order = order::order(&lines);
    let common = column::common(links, rows);
    let names: Vec<Option<&Cell>> =
        lines.iter().map(|cells| column::name(cells, &columns).and_then(|nth| cells.get(nth))).collect();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for name in names.iter().flatten() {
        *times.entry(&name.text).or_default() += 1;
    }
    let mut seen: HashSet<&str> = HashSet::new();
    let mut items: Vec<Item> = Vec::new();
    for ((row, cells), name) in rows.iter().zip(&lines).zip(names) {
        let Some(link) = column::link(tree, within(links, row), name, &common) else { continue };
        let Some(title) = column::title(tree, cells, name, link, &times) else { continue };
        // The folder that a page lies in is none of its records.
        if source.url.is_some_and(|page| is_around(&link.url, page)) {
            continue;
        }
        if seen.insert(&link.key) {
            items.push(Item { url: Some(link.url.to_string()), ..item(source, row, cells, title, order) });
        }
    }
    items
}

/// Whether an address is that of a folder that a page lies in: "Parent Directory".
fn is_around(url: &Url, page: &Url) -> bool {
    url.origin() == page.origin()
        && url.query().is_none()
        && url.path().ends_with('/')
        && page.path().starts_with(url.path())
}

fn item(source: &Source<'_, '_>, row: &Range<usize>, cells: &[Cell], title: String, order: Option<Order>) -> Item {
    let Source { tree, facts, visited, .. } = *source;
    let exact = order.and_then(|order| cells.iter().find_map(|cell| order::iso(&cell.text, order)));
    let told = || cells.iter().filter(|cell| tells_day(cell)).find_map(|cell| record::in_text(&cell.text, visited));
    let date = (exact.and_then(|day| record::in_text(&day, visited)))
        .or_else(told)
        .or_else(|| record::date(tree, row.clone(), visited));
    let rest: Vec<&str> = (cells.iter())
        .filter(|cell| matches!(cell.sort, Sort::Words | Sort::When | Sort::Label))
        .filter(|cell| !title.contains(cell.text.as_str()))
        .map(|cell| cell.text.as_str())
        .collect();
    let summary = clip(rest.join(" "), 2000);
    Item {
        title: Some(Markup::Plain(clip(title, 1024))),
        summary: Some(summary).filter(|text| text.len() >= 8).map(Markup::Plain),
        published: date.map(|date| date.at),
        aged: date.is_some_and(|date| date.aged),
        image: record::image(tree, row.clone(), facts.base.as_ref()),
        language: facts.language.clone(),
        base: facts.base.clone().map(Arc::new),
        ..Item::default()
    }
}
