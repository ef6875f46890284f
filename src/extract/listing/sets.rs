//! Parts of a page that are built alike, and how much they look like records: a day, a name, links to papers.

use std::collections::HashMap;
use std::ops::Range;

use super::cells::{self, Cell, Sort};
use super::column;
use super::links::Link;
use super::signature::class;
use super::title::is_button;
use super::{Source, group, record};
use crate::extract::dom::Tree;

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

/// Parts that are built alike.
pub(super) struct Set {
    /// How they are built, in short.
    pub(super) key: String,
    /// Their elements.
    pub(super) rows: Vec<usize>,
}

/// The page's links, of many some.
struct Sample {
    at: Vec<usize>,
    /// How many stand outside of menus.
    outside: usize,
    /// Letters of the page.
    letters: u32,
}

/// What a set looks like; shares are from 0 to 1.
#[derive(Debug, Default)]
pub(super) struct Features {
    /// Records that tell a day or a time.
    pub(super) dated: f64,
    /// Records with a line that may name them.
    named: f64,
    /// Records with more lines than one.
    rich: f64,
    /// Records with a link to a paper.
    pub(super) papers: f64,
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

    /// From 0 to 1.
    pub(super) fn confidence(&self, rows: usize) -> f64 {
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

/// The set that looks most like a list of records.
pub(super) fn best(source: &Source<'_, '_>, links: &[Link]) -> Option<(Set, Features)> {
    let letters = source.tree.letters(&(0..source.tree.len())).0;
    let mut sets = sets(source, links);
    sets.sort_by_key(|set| std::cmp::Reverse(set.rows.len()));
    sets.truncate(SETS);
    let sample: Vec<&Link> = links.iter().step_by(links.len().div_ceil(200).max(1)).collect();
    let outside = sample.iter().filter(|link| group::place(source.tree, link.at, letters) < 0.8).count();
    let all = Sample { at: sample.iter().map(|link| link.at).collect(), outside, letters };
    let mut found: Vec<(Set, Features)> = (sets.into_iter())
        .map(|set| {
            let features = features(source, links, &set, &all);
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

fn features(source: &Source<'_, '_>, links: &[Link], set: &Set, all: &Sample) -> Features {
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
        let (written, linked) = tree.letters(&range);
        sum.prose += f64::from(written.saturating_sub(linked));
        sum.boilerplate += group::place(tree, *row, all.letters);
    }
    let count = sample.len().max(1) as f64;
    let held = (set.rows.iter())
        .map(|row| {
            let range = tree.range(*row);
            all.at.partition_point(|at| *at < range.end) - all.at.partition_point(|at| *at < range.start)
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
        covered: held as f64 / all.outside.max(held).max(1) as f64,
    }
}

/// Whether a link leads to a paper of a record, as its address or its text says.
fn is_paper(tree: &Tree<'_>, link: &Link) -> bool {
    let said = column::label(tree, link);
    column::is_paper(&link.url) || !said.is_empty() && !is_button(&said) && cells::is_paper(&said)
}

/// Whether a line tells a day: nothing else, or beside few words.
pub(super) fn tells_day(cell: &Cell) -> bool {
    cell.sort == Sort::When && !cells::is_clock(&cell.text)
        || cell.text.len() < 100 && record::in_text(&cell.text, None).is_some()
}
