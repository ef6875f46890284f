//! Links that are built alike, and how much they look like a list of stories.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::address;
use super::links::Link;
use super::record;
use super::signature::widened;
use super::title::{self, Title, is_button, width};
use crate::extract::dom::Tree;
use chrono::{DateTime, Utc};

/// Largest term of what follows it, in nodes.
const TERM: usize = 40;
/// Largest record, in nodes.
const RECORD: usize = 3000;
/// Members whose surroundings are looked at for the score.
const SAMPLE: usize = 40;
/// Links of one kind that say nothing about a list.
const FEW: usize = 3;

/// One link of a group with what belongs to it.
pub(super) struct Member {
    /// Index of the link.
    pub(super) link: usize,
    /// The nodes that belong to it.
    pub(super) record: Range<usize>,
    pub(super) title: Title,
}

/// Links that are built alike.
pub(super) struct Group {
    pub(super) signature: String,
    pub(super) members: Vec<Member>,
    pub(super) features: Features,
    pub(super) score: f64,
}

/// What the score is made of; shares are from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Features {
    /// Median width of the titles over 60.
    pub(super) len: f64,
    /// Titles in or around a heading.
    pub(super) heading: f64,
    /// Titles that are called titles.
    pub(super) titled: f64,
    /// Mean likeness of the addresses to those of stories, -2 to 2.
    pub(super) likeness: f64,
    /// Records with a date.
    pub(super) dated: f64,
    /// Records with a text besides the title.
    pub(super) text: f64,
    /// How much of it stands where no stories stand, 0 to 2.
    pub(super) boilerplate: f64,
    /// Addresses of the commonest shape.
    pub(super) shape: f64,
    pub(super) penalty: f64,
}

impl Features {
    /// Weights of a prototype that was fixed on saved pages of 59 hosts.
    fn score(&self, members: usize) -> f64 {
        2.2 * self.len.min(1.5)
            + 1.5 * self.heading
            + 0.7 * self.titled
            + 0.8 * self.likeness
            + 0.9 * self.dated
            + 0.6 * self.text
            + 0.35 * (1.0 + members as f64).log2()
            - 1.6 * self.boilerplate
            - self.penalty
    }
}

/// What every group is compared with.
pub(super) struct Ground<'a, 'd> {
    pub(super) tree: &'a Tree<'d>,
    pub(super) links: &'a [Link],
    pub(super) visited: Option<DateTime<Utc>>,
    /// Letters of the whole page.
    pub(super) letters: u32,
}

/// The groups, best first.
pub(super) fn groups(ground: &Ground<'_, '_>) -> Vec<Group> {
    let mut by_signature: HashMap<&str, Vec<usize>> = HashMap::new();
    let mut order: Vec<&str> = Vec::new();
    for (nth, link) in ground.links.iter().enumerate() {
        let members = by_signature.entry(&link.signature).or_default();
        if members.is_empty() {
            order.push(&link.signature);
        }
        members.push(nth);
    }
    let bodies = bodies(ground.tree);
    let kinds =
        kinds(order.into_iter().filter_map(|kind| Some((kind.to_owned(), by_signature.remove(kind)?))).collect());
    let mut groups: Vec<Group> =
        kinds.into_iter().filter_map(|(signature, links)| group(ground, &bodies, &signature, links)).collect();
    groups.sort_by(|a, b| b.score.total_cmp(&a.score));
    groups
}

/// Cards that stand alone in blocks of their own become one kind, where they differ in nothing but the block.
fn kinds(kinds: Vec<(String, Vec<usize>)>) -> Vec<(String, Vec<usize>)> {
    let mut few: HashMap<String, usize> = HashMap::new();
    for (kind, links) in kinds.iter().filter(|(_, links)| links.len() < FEW) {
        *few.entry(widened(kind)).or_default() += links.len();
    }
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut out: Vec<(String, Vec<usize>)> = Vec::with_capacity(kinds.len());
    for (kind, links) in kinds {
        let wide = widened(&kind);
        if links.len() >= FEW || few.get(&wide).is_none_or(|count| *count < FEW) {
            out.push((kind, links));
            continue;
        }
        let nth = *at.entry(wide.clone()).or_insert(out.len());
        match out.get_mut(nth) {
            Some((_, all)) => all.extend(links),
            None => out.push((wide, links)),
        }
    }
    out
}

fn group(ground: &Ground<'_, '_>, bodies: &[Range<usize>], signature: &str, all: Vec<usize>) -> Option<Group> {
    let link = |nth: usize| ground.links.get(nth);
    // The same page twice is one story: the first link with a text stands for it.
    let mut first: HashMap<&str, usize> = HashMap::new();
    let mut links: Vec<usize> = Vec::new();
    for nth in all {
        let here = link(nth)?;
        match first.get(here.key.as_str()) {
            None => {
                first.insert(&here.key, links.len());
                links.push(nth);
            }
            Some(at) => {
                let kept = links.get_mut(*at)?;
                if is_button(&link(*kept)?.text) && !is_button(&here.text) {
                    *kept = nth;
                }
            }
        }
    }
    links.sort_unstable();
    let members = with_records(ground, &links)?;
    let mut features = features(ground, &members);
    features.penalty += 2.5 * in_bodies(ground, bodies, &members);
    let score = features.score(members.len());
    Some(Group { signature: signature.to_owned(), members, features, score })
}

/// The highest ancestor of each link that holds no other of them.
fn with_records(ground: &Ground<'_, '_>, links: &[usize]) -> Option<Vec<Member>> {
    let tree = ground.tree;
    let at = |nth: Option<&usize>| nth.and_then(|nth| ground.links.get(*nth)).map(|link| link.at);
    let mut members = Vec::with_capacity(links.len());
    for (nth, index) in links.iter().enumerate() {
        let link = ground.links.get(*index)?;
        let before = nth.checked_sub(1).and_then(|nth| at(links.get(nth)));
        let after = at(links.get(nth + 1));
        let mut record = link.at;
        // A link alone has no neighbours that would bound its record.
        let climb = if links.len() == 1 { 3 } else { 12 };
        for ancestor in tree.ancestors(link.at).skip(1).take(climb) {
            let range = tree.range(ancestor);
            let is_taken =
                before.is_some_and(|before| before >= range.start) || after.is_some_and(|after| after < range.end);
            if is_taken || range.len() > RECORD || matches!(tree.node(ancestor).name.as_str(), "body" | "html" | "main")
            {
                break;
            }
            record = ancestor;
        }
        let mut range = tree.range(record);
        // Flat lists: what follows a title belongs to it, up to the next.
        let around = tree.range(tree.node(record).parent);
        let inside = tree.letters(&range).0;
        let own = tree.letters(&tree.range(link.at)).0;
        if links.len() > 1 && inside <= own + 3 {
            let end = match after {
                Some(after) if after < around.end => start_of(tree, after, tree.node(record).parent),
                _ => around.end.min(range.end + 60),
            };
            range.end = range.end.max(end.min(range.start + RECORD));
            range = with_term(tree, record, range);
        }
        let title = title::title(tree, ground.links, link, &range);
        members.push(Member { link: *index, record: range, title });
    }
    Some(members)
}

/// What is said of a term, with the term before it: a day, and what happened on it. The term that follows belongs to the
/// next.
fn with_term(tree: &Tree<'_>, record: usize, range: Range<usize>) -> Range<usize> {
    let parent = tree.node(record).parent;
    let is_child = |at: &usize| tree.node(*at).parent == parent && !tree.node(*at).name.is_empty();
    let is_term = |at: &usize| is_child(at) && tree.node(*at).name == "dt";
    let before = (parent + 1..record).rev().take(TERM).find(is_child);
    let Some(term) = before.filter(|at| tree.node(record).name == "dd" && is_term(at)) else { return range };
    let end = (tree.range(record).end..range.end).find(is_term).unwrap_or(range.end);
    term..end
}

/// Where the child of `parent` begins that holds a node.
fn start_of(tree: &Tree<'_>, at: usize, parent: usize) -> usize {
    tree.ancestors(at).find(|node| tree.node(*node).parent == parent).unwrap_or(at)
}

fn features(ground: &Ground<'_, '_>, members: &[Member]) -> Features {
    let tree = ground.tree;
    let count = members.len().max(1) as f64;
    let share = |test: &dyn Fn(&Member) -> bool| members.iter().filter(|member| test(member)).count() as f64 / count;
    let link = |member: &Member| ground.links.get(member.link);
    let mut widths: Vec<usize> = members.iter().map(|member| width(&member.title.text)).collect();
    widths.sort_unstable();
    let median = widths.get(widths.len() / 2).copied().unwrap_or(0);
    let sample: Vec<&Member> = members.iter().step_by(members.len().div_ceil(SAMPLE).max(1)).collect();
    let sampled = sample.len().max(1) as f64;
    let dated =
        sample.iter().filter(|member| record::date(tree, member.record.clone(), ground.visited).is_some()).count();
    let rich = |member: &&&Member| {
        let (all, linked) = tree.letters(&member.record);
        all.saturating_sub(linked) >= 60
    };
    let boilerplate =
        sample.iter().filter_map(|member| link(member)).map(|link| place(tree, link.at, ground.letters)).sum::<f64>();
    let heading = share(&|member| member.title.heading);
    let texts: HashSet<&str> = members.iter().map(|member| member.title.text.as_str()).collect();
    let external = share(&|member| link(member).is_some_and(|link| link.external));
    let prose =
        sample.iter().filter_map(|member| link(member)).filter(|link| in_prose(tree, link.at)).count() as f64 / sampled;
    let mut shapes: HashMap<String, usize> = HashMap::new();
    for link in members.iter().filter_map(link) {
        *shapes.entry(address::shape(&link.url)).or_default() += 1;
    }
    let mut penalty = 0.0;
    if median < 16 {
        penalty += 1.2;
    }
    if (texts.len() as f64) < 0.7 * count {
        penalty += 1.0;
    }
    if share(&|member| is_button(&member.title.text)) > 0.5 {
        penalty += 2.0;
    }
    if members.len() < 3 && heading < 0.5 {
        penalty += 0.8;
    }
    if external > 0.6 && heading < 0.5 {
        penalty += 0.8;
    }
    penalty += 2.5 * prose;
    Features {
        len: median as f64 / 60.0,
        heading,
        titled: share(&|member| member.title.titled),
        likeness: members.iter().filter_map(link).map(|link| link.likeness).sum::<f64>() / count,
        dated: dated as f64 / sampled,
        text: sample.iter().filter(rich).count() as f64 / sampled,
        boilerplate: boilerplate / sampled,
        shape: shapes.values().max().copied().unwrap_or(0) as f64 / count,
        penalty,
    }
}

/// The texts of entries that the page gives in full, as hAtom, h-entry and schema.org name them; none where there
/// are too few of them for a list of entries.
fn bodies(tree: &Tree<'_>) -> Vec<Range<usize>> {
    const NAMES: &[&str] =
        &["entry-content", "post-content", "post-body", "e-content", "article-body", "entry-summary"];
    let mut bodies: Vec<Range<usize>> = Vec::new();
    for at in 0..tree.len() {
        let is_body = tree.node(at).class.split_whitespace().take(24).any(|class| NAMES.contains(&class));
        if is_body && bodies.last().is_none_or(|last| at >= last.end) {
            bodies.push(tree.range(at));
        }
    }
    if bodies.len() < FEW { Vec::new() } else { bodies }
}

/// The share of links that stand in the text of an entry. One in each may be its title.
fn in_bodies(ground: &Ground<'_, '_>, bodies: &[Range<usize>], members: &[Member]) -> f64 {
    let body = |member: &Member| {
        let at = ground.links.get(member.link)?.at;
        let nth = bodies.partition_point(|body| body.end <= at);
        bodies.get(nth).filter(|body| body.contains(&at)).map(|_| nth)
    };
    let inside: Vec<usize> = members.iter().filter_map(body).collect();
    let distinct = inside.iter().collect::<HashSet<_>>().len();
    if distinct * 5 >= bodies.len() * 3 && inside.len() * 3 <= distinct * 4 {
        return 0.0;
    }
    inside.len() as f64 / members.len().max(1) as f64
}

/// Whether a link is a part of a sentence.
fn in_prose(tree: &Tree<'_>, at: usize) -> bool {
    let Some(block) = tree.ancestors(at).skip(1).take(5).find(|at| tree.node(*at).is_block()) else { return false };
    if tree.node(block).is_heading() {
        return false;
    }
    let (all, linked) = tree.letters(&tree.range(block));
    let before = tree.letters(&(block..at));
    let own = tree.letters(&tree.range(at)).0;
    let is_paragraph =
        tree.node(block).name == "p" && all.saturating_sub(linked) >= 60 && all.saturating_sub(linked) > 2 * own;
    is_paragraph || before.0.saturating_sub(before.1) >= 30
}

/// How little the place of a link is one of stories, from 0 to 2.
pub(crate) fn place(tree: &Tree<'_>, at: usize, letters: u32) -> f64 {
    let mut worst: f64 = 0.0;
    let (mut in_item, mut headed) = (false, false);
    for at in tree.ancestors(at).skip(1) {
        let node = tree.node(at);
        if matches!(node.name.as_str(), "body" | "html") {
            break;
        }
        // What holds most of the page says nothing about one part of it: "with-sidebar".
        if tree.letters(&tree.range(at)).0 * 2 > letters {
            break;
        }
        in_item |= matches!(node.name.as_str(), "article" | "li" | "section" | "main");
        let tag: f64 = match node.name.as_str() {
            "nav" | "footer" => 2.0,
            "aside" => 1.2,
            "header" => {
                headed = true;
                0.0
            }
            _ => 0.0,
        };
        let word = tree.words(at).map(weight).fold(0.0, f64::max);
        worst = worst.max(tag).max(word);
    }
    // The head of an item is where its title stands; that of a page is not.
    if headed && !in_item { worst.max(0.8) } else { worst }
}

fn weight(word: &str) -> f64 {
    match word {
        "nav" | "navbar" | "navigation" | "footer" | "menu" | "submenu" | "menus" | "breadcrumb" | "breadcrumbs"
        | "pagination" | "pager" | "paging" | "topbar" | "tagcloud" | "colophon" | "masthead" | "megamenu"
        | "contentinfo" | "foot" | "mainmenu" | "topmenu" | "sitemap" | "langs" | "languages" | "postmeta"
        | "social" | "share" | "sharing" | "cookie" | "login" => 2.0,
        "sidebar" | "aside" | "widget" | "widgets" | "complementary" | "blogroll" | "archives" | "categories"
        | "tags" | "ad" | "ads" | "advert" | "sponsored" | "comments" | "rail" | "related" => 1.2,
        "promo" | "meta" | "slider" | "carousel" | "slideshow" | "popular" | "trending" | "recent" | "ticker"
        | "marquee" | "mostread" | "viewed" => 0.5,
        word if word.ends_with("menu") || word.ends_with("nav") || word.ends_with("footer") => 2.0,
        word if word.starts_with("sidebar") || word.ends_with("sidebar") || word.starts_with("widget") => 1.2,
        _ => 0.0,
    }
}
