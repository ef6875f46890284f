//! Records: parts of a page that are built alike and hold a day, a name and links to papers.
//!
//! Public records are lists of this kind. Their links say "Agenda", "PDF" or a day, so groups of
//! links find the papers, or the menu; the rows are what a reader calls the list.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::cells::{self, Cell, Sort};
use super::column::{self, Column};
use super::links::{Link, class};
use super::title::is_button;
use super::{Source, group, record};
use crate::extract::dom::Tree;
use crate::extract::draft::{Item, Markup, clip};

/// Largest record, in nodes.
const ROW: usize = 600;
/// Records of one set.
const ROWS: usize = 1000;
/// Sets that are looked at, those with the most records.
const SETS: usize = 40;
/// Records of a set that its score is made of.
const SAMPLE: usize = 12;
/// Links of one record that are looked at.
pub(super) const LINKS: usize = 40;

/// A list of records.
pub(super) struct Records {
    pub(super) items: Vec<Item>,
    /// How they are built, in short.
    pub(super) method: String,
    /// From 0 to 1: how sure it is that these are records, and that they are what the page is for.
    pub(super) confidence: f64,
}

/// Parts that are built alike.
struct Set {
    key: String,
    rows: Vec<usize>,
}

/// What a set looks like; shares are from 0 to 1.
#[derive(Debug, Default)]
struct Features {
    /// Records that tell a day or a time.
    dated: f64,
    /// Records with a line that may name them.
    named: f64,
    /// Records with more lines than one.
    rich: f64,
    /// Records with a link to a paper.
    papers: f64,
    /// Mean of the days that a record tells.
    days: f64,
    /// Mean of its links.
    links: f64,
    /// Mean of its letters that are not linked.
    prose: f64,
    /// How much of it stands where no stories stand, 0 to 2.
    boilerplate: f64,
    /// Links of the page, menus aside, that stand in the set.
    covered: f64,
}

impl Features {
    fn score(&self, rows: usize) -> f64 {
        1.5 * self.dated
            + 0.8 * self.named
            + 0.6 * self.rich
            + 0.4 * self.papers
            + 0.35 * (1.0 + rows as f64).log2()
            + 1.2 * self.covered
            - 1.6 * self.boilerplate
            - 0.6 * (self.days - 2.0).clamp(0.0, 4.0)
            - 0.15 * (self.links - 6.0).clamp(0.0, 10.0)
            - 0.005 * (self.prose - 500.0).clamp(0.0, 400.0)
    }

    fn confidence(&self, rows: usize) -> f64 {
        let many = (rows as f64 / 6.0).min(1.0);
        let sum = 0.3 * self.dated
            + 0.15 * self.named
            + 0.1 * self.rich
            + 0.1 * self.papers
            + 0.15 * many
            + 0.2 * self.covered.min(1.0);
        (sum - 0.2 * self.boilerplate - 0.1 * (self.days - 2.0).clamp(0.0, 3.0)).clamp(0.0, 1.0)
    }

    /// Rows of days without a name are records when they lead to papers; else they are an archive's months.
    fn is_list(&self) -> bool {
        let is_sure = self.dated >= 0.8 && self.papers >= 0.8;
        (self.boilerplate < 0.8 || self.boilerplate < 1.5 && is_sure)
            && self.dated >= 0.5
            && (self.named >= 0.5 && self.rich >= 0.5 || self.papers >= 0.5)
    }
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
    let letters = source.tree.letters(&(0..source.tree.len())).0;
    let (set, features) = best(source, links, letters)?;
    let sure = features.confidence(set.rows.len());
    if sure < crate::extract::SURE {
        return None;
    }
    let rows: Vec<Range<usize>> = set.rows.iter().map(|row| source.tree.range(*row)).collect();
    let inside = |at: &usize| {
        rows.partition_point(|row| row.start <= *at)
            .checked_sub(1)
            .filter(|nth| rows.get(*nth).is_some_and(|row| row.contains(at)))
    };
    let mut named: HashMap<usize, HashSet<&str>> = HashMap::new();
    let mut held = 0.0;
    for (at, item) in chosen.iter().zip(items) {
        let Some(nth) = inside(at) else { continue };
        held += 1.0;
        let names = named.entry(nth).or_default();
        if let Some(Markup::Plain(text)) = &item.title
            && cells::sort(text) == Sort::Words
            && text.contains(' ')
        {
            names.insert(text);
        }
    }
    let all = items.len().max(1) as f64;
    let crowd = held / named.len().max(1) as f64;
    let names = named.values().map(|names| names.len() as f64).sum::<f64>() / named.len().max(1) as f64;
    let dated = items.iter().filter(|item| item.published.is_some()).count() as f64 / all;
    let papers = features.papers >= 0.6 && features.dated >= 0.7 && rows.len() >= 5;
    let more = features.dated >= 0.8 && rows.len() as f64 >= 2.0 * all;
    let is_better = items.is_empty()
        || confidence < crate::extract::SURE
        || held >= 0.5 * all && (weak(items) >= 0.4 || crowd >= 1.3 && names < 1.3)
        || held < 0.5 * all && more
        || held < 0.5 * all && papers && (rows.len() as f64 >= 0.8 * all || dated < 0.3 && sure > confidence - 0.15);
    if !is_better {
        return None;
    }
    let items = read(source, links, &rows);
    (items.len() >= 3).then(|| Records { items, method: set.key, confidence: sure })
}

/// How many of the titles are buttons, days or numbers; all of them where a few texts repeat.
fn weak(items: &[Item]) -> f64 {
    let title = |item: &Item| match &item.title {
        Some(Markup::Plain(text)) => cells::sort(text) != Sort::Words,
        _ => true,
    };
    let distinct: HashSet<&str> = (items.iter())
        .filter_map(|item| match &item.title {
            Some(Markup::Plain(text)) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    let all = items.len().max(1) as f64;
    if (distinct.len() as f64) < 0.4 * all {
        return 1.0;
    }
    items.iter().filter(|item| title(item)).count() as f64 / all
}

fn best(source: &Source<'_, '_>, links: &[Link], letters: u32) -> Option<(Set, Features)> {
    let mut sets = sets(source, links);
    sets.sort_by_key(|set| std::cmp::Reverse(set.rows.len()));
    sets.truncate(SETS);
    let outside = |link: &&Link| group::place(source.tree, link.at, letters) < 0.8;
    let all =
        links.iter().step_by(links.len().div_ceil(200).max(1)).filter(outside).map(|link| link.at).collect::<Vec<_>>();
    let mut found: Vec<(Set, Features)> = (sets.into_iter())
        .map(|set| {
            let features = features(source, links, &set, letters, &all);
            (set, features)
        })
        .filter(|(_, features)| features.is_list())
        .collect();
    found.sort_by(|(a, one), (b, other)| other.score(b.rows.len()).total_cmp(&one.score(a.rows.len())));
    found.into_iter().next()
}

/// Parts with links that are built alike, none inside of another.
fn sets(source: &Source<'_, '_>, links: &[Link]) -> Vec<Set> {
    let tree = source.tree;
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut sets: Vec<Set> = Vec::new();
    for at in 0..tree.len() {
        let name = tree.node(at).name.as_str();
        let is_part = matches!(
            name,
            "tr" | "li"
                | "div"
                | "article"
                | "section"
                | "p"
                | "dd"
                | "dl"
                | "table"
                | "h2"
                | "h3"
                | "h4"
                | "h5"
                | "h6"
                | "a"
        );
        let range = tree.range(at);
        if !is_part || range.len() > ROW || within(links, &range).is_empty() || is_head(tree, at) {
            continue;
        }
        let key = key(tree, at);
        let nth = *by_key.entry(key).or_insert_with_key(|key| {
            sets.push(Set { key: key.clone(), rows: Vec::new() });
            sets.len() - 1
        });
        let Some(set) = sets.get_mut(nth) else { continue };
        if set.rows.last().is_some_and(|last| tree.range(*last).end > at) {
            set.rows.pop();
        }
        if set.rows.len() < ROWS {
            set.rows.push(at);
        }
    }
    sets.retain(|set| set.rows.len() >= 3);
    sets
}

/// Whether a row of a table heads its columns.
fn is_head(tree: &Tree<'_>, at: usize) -> bool {
    let columns = cells::columns(tree, at);
    columns.len() > 1 && columns.iter().all(|at| tree.node(*at).name == "th")
}

/// The links in a range.
pub(super) fn within<'l>(links: &'l [Link], range: &Range<usize>) -> &'l [Link] {
    let from = links.partition_point(|link| link.at < range.start);
    let rest = links.get(from..).unwrap_or_default();
    let count = rest.iter().take(LINKS).take_while(|link| link.at < range.end).count();
    rest.get(..count).unwrap_or_default()
}

/// How a part is built, and what it stands in. Rows of a table are alike whatever they are called.
fn key(tree: &Tree<'_>, at: usize) -> String {
    let mut parts: Vec<String> = Vec::new();
    for at in tree.ancestors(at) {
        let node = tree.node(at);
        if matches!(node.name.as_str(), "tbody" | "thead" | "tfoot") {
            continue;
        }
        if matches!(node.name.as_str(), "body" | "html") || parts.len() >= 3 {
            break;
        }
        let mut out = node.name.clone();
        if !matches!(node.name.as_str(), "tr" | "td") {
            for class in node.class.split_whitespace().filter_map(class).take(2) {
                out.push('.');
                out.push_str(&class);
            }
        }
        parts.push(out);
    }
    parts.reverse();
    parts.join(" > ")
}

fn features(source: &Source<'_, '_>, links: &[Link], set: &Set, letters: u32, all: &[usize]) -> Features {
    let tree = source.tree;
    let mut sum = Features::default();
    let sample: Vec<usize> = set.rows.iter().step_by(set.rows.len().div_ceil(SAMPLE).max(1)).copied().collect();
    for row in &sample {
        let range = tree.range(*row);
        let cells = cells::cells(tree, &range);
        let has = |sort: Sort| f64::from(u8::from(cells.iter().any(|cell| cell.sort == sort)));
        let inside = within(links, &range);
        let mut days: Vec<&str> = cells.iter().filter(|cell| tells_day(cell)).map(|cell| cell.text.as_str()).collect();
        days.sort_unstable();
        days.dedup();
        sum.dated += f64::from(u8::from(!days.is_empty()));
        sum.named += has(Sort::Words);
        sum.rich += f64::from(u8::from(cells.len() > 1));
        sum.papers += f64::from(u8::from(inside.iter().any(|link| is_paper(tree, link))));
        sum.days += days.len() as f64;
        sum.links += inside.len() as f64;
        let (all, linked) = tree.letters(&range);
        sum.prose += f64::from(all.saturating_sub(linked));
        sum.boilerplate += group::place(tree, *row, letters);
    }
    let count = sample.len().max(1) as f64;
    let held = (set.rows.iter())
        .map(|row| {
            let range = tree.range(*row);
            all.partition_point(|at| *at < range.end) - all.partition_point(|at| *at < range.start)
        })
        .sum::<usize>();
    Features {
        dated: sum.dated / count,
        named: sum.named / count,
        rich: sum.rich / count,
        papers: sum.papers / count,
        days: sum.days / count,
        links: sum.links / count,
        prose: sum.prose / count,
        boilerplate: sum.boilerplate / count,
        covered: held as f64 / all.len().max(1) as f64,
    }
}

/// Whether a link leads to a paper of a record, as its address or its text says.
fn is_paper(tree: &Tree<'_>, link: &Link) -> bool {
    let said = column::label(tree, link);
    column::is_paper(&link.url) || !said.is_empty() && !is_button(&said) && cells::is_paper(&said)
}

/// Whether a line tells a day: nothing else, or beside few words.
fn tells_day(cell: &Cell) -> bool {
    cell.sort == Sort::When || cell.text.len() < 100 && record::in_text(&cell.text, None).is_some()
}

fn read(source: &Source<'_, '_>, links: &[Link], rows: &[Range<usize>]) -> Vec<Item> {
    let Source { tree, facts, visited, .. } = *source;
    let base = facts.base.clone().map(Arc::new);
    let lines: Vec<Vec<Cell>> = rows.iter().map(|row| cells::cells(tree, row)).collect();
    let columns: Vec<Column> = column::rank(tree, rows, &lines, links);
    let common = column::common(links, rows);
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut items: Vec<Item> = Vec::new();
    let named: Vec<Option<usize>> = lines.iter().map(|cells| column::name(cells, &columns)).collect();
    let mut times: HashMap<&str, usize> = HashMap::new();
    for (cells, nth) in lines.iter().zip(&named) {
        if let Some(cell) = nth.and_then(|nth| cells.get(nth)) {
            *times.entry(&cell.text).or_default() += 1;
        }
    }
    for ((row, cells), nth) in rows.iter().zip(&lines).zip(&named) {
        let name = nth.and_then(|nth| cells.get(nth));
        let Some(link) = column::link(tree, within(links, row), name, &common) else { continue };
        let Some(title) = column::title(tree, cells, name, link, &times) else { continue };
        if seen.insert(&link.key, items.len()).is_some() {
            continue;
        }
        let date = (cells.iter().filter(|cell| tells_day(cell)).find_map(|cell| record::in_text(&cell.text, visited)))
            .or_else(|| record::date(tree, row.clone(), visited));
        let rest: Vec<&str> = (cells.iter())
            .filter(|cell| name.is_none_or(|name| name.at != cell.at) && !title.contains(cell.text.as_str()))
            .filter(|cell| matches!(cell.sort, Sort::Words | Sort::When | Sort::Label))
            .map(|cell| cell.text.as_str())
            .collect();
        let summary = clip(rest.join(" "), 2000);
        items.push(Item {
            url: Some(link.url.to_string()),
            title: Some(Markup::Plain(clip(title, 1024))),
            summary: Some(summary).filter(|text| text.len() >= 8).map(Markup::Plain),
            published: date.map(|date| date.at),
            aged: date.is_some_and(|date| date.aged),
            image: record::image(tree, row.clone(), facts.base.as_ref()),
            language: facts.language.clone(),
            base: base.clone(),
            ..Item::default()
        });
    }
    items
}
