//! Lists of stories on HTML pages that announce no feed: front pages, sections, blogs, aggregators.
//!
//! Links that are built alike are a group; groups are scored by what their titles, addresses and
//! surroundings look like; the best ones are the list. Nothing in here knows a site.

mod address;
mod candidates;
mod cells;
mod choose;
mod column;
mod confidence;
mod group;
mod kicker;
mod links;
mod marked;
mod order;
mod record;
mod rows;
mod sets;
mod signature;
mod state;
mod structured;
mod table;
mod title;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::date::Dated;
use super::dom::{Facts, Tree};
use super::draft::{Item, Markup, clip};
pub(crate) use address::likeness;
pub(crate) use candidates::{Weighed, candidates};
use group::Ground;
pub(crate) use group::place;
use links::Link;
pub(crate) use record::{date, in_text, picture};
pub(crate) use title::width;

/// A list as found.
pub(super) struct List {
    pub(super) items: Vec<Item>,
    /// How its best part is built, in short.
    pub(super) method: String,
    /// From 0 to 1.
    pub(super) confidence: f64,
    /// The best candidates in words, best first; at most three.
    pub(super) candidates: Vec<String>,
    /// What a person should know who reads stories from it.
    pub(super) advice: Option<String>,
}

/// What a list is read from.
pub(super) struct Source<'a, 'd> {
    pub(super) tree: &'a Tree<'d>,
    pub(super) facts: &'a Facts<'d>,
    pub(super) url: Option<&'a Url>,
    pub(super) visited: Option<DateTime<Utc>>,
}

/// Finds the list of a page.
pub(super) fn find(source: &Source<'_, '_>) -> List {
    let Source { tree, facts, url, visited } = *source;
    let links = links::links(tree, facts.base.as_ref(), url);
    let letters = tree.letters(&(0..tree.len())).0;
    let ground = Ground { tree, links: &links, visited, letters };
    let groups = group::groups(&ground);
    let chosen = choose::choose(&groups);
    let found = choose::found(&groups, &chosen, &links);
    let mut advice = choose::advice(&groups, &chosen, &found, url);
    let mut items = items(source, &links, &found);
    let mut confidence = groups.first().map_or(0.0, |best| confidence::confidence(tree, best, &found, url));
    let mut method = groups.first().map(|group| short(&group.signature)).unwrap_or_default();
    let listed: Vec<usize> = found.iter().filter_map(|member| Some(links.get(member.link)?.at)).collect();
    if let Some(records) = rows::better(source, &links, &listed, &items, confidence) {
        (items, method, confidence) = (records.items, records.method, records.confidence);
        advice = None;
    }
    let told = structured::items(source);
    if items.is_empty() || confidence < super::SURE && told.len() >= 3 {
        if told.len() >= 3 {
            confidence = 0.8;
            method = "structured data".to_owned();
        }
        items = if told.len() >= 3 { told } else { items };
    } else {
        structured::complete(&mut items, told);
    }
    let candidates = (groups.iter().take(3))
        .map(|group| format!("`{}` ({} links, score {:.1})", short(&group.signature), group.members.len(), group.score))
        .collect();
    List { items, method, confidence, candidates, advice }
}

/// The list that a page without visible content brings for its scripts and for machines.
pub(super) fn embedded(source: &Source<'_, '_>) -> Option<List> {
    let items = structured::items(source);
    let method = "structured data".to_owned();
    (!items.is_empty()).then(|| List { items, method, confidence: 0.7, candidates: Vec::new(), advice: None })
}

/// What one record of a list holds.
pub(super) struct Record {
    pub(super) url: Option<Url>,
    pub(super) title: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) author: Option<String>,
    pub(super) image: Option<String>,
    /// What it is filed under.
    pub(super) categories: Vec<String>,
}

/// Reads one record that is known to be one: of its links, the one with the best name counts.
pub(super) fn of_record(source: &Source<'_, '_>, range: std::ops::Range<usize>) -> Record {
    let Source { tree, facts, url, .. } = *source;
    let links = links::links_in(tree, range.clone(), facts.base.as_ref(), url);
    let mut best: Option<(f64, Url, String)> = None;
    for link in &links {
        let title = title::title(tree, &links, link, &range);
        let worth = if title::is_button(&title.text) { 0.0 } else { 1.0 }
            + if title.heading { 2.0 } else { 0.0 }
            + if title.titled { 1.0 } else { 0.0 }
            + (width(&title.text) as f64 / 60.0).min(1.5)
            + 0.4 * link.likeness;
        if best.as_ref().is_none_or(|(most, ..)| worth > *most) {
            best = Some((worth, link.url.clone(), title.text));
        }
    }
    let (url, title) = best.map_or((None, None), |(_, url, title)| (Some(url), Some(title)));
    let title = title.filter(|title| !title.is_empty()).or_else(|| tree.lines(range.clone()).into_iter().next());
    Record {
        summary: record::summary(tree, range.clone(), title.as_deref().unwrap_or_default()),
        author: record::author(tree, range.clone()),
        categories: kicker::labels(tree, range.clone(), title.as_deref().unwrap_or_default()),
        image: record::image(tree, range, facts.base.as_ref()),
        url,
        title,
    }
}

fn items(source: &Source<'_, '_>, links: &[Link], found: &[&group::Member]) -> Vec<Item> {
    let Source { tree, facts, visited, .. } = *source;
    let base = facts.base.clone().map(Arc::new);
    let dates = dates(source, found);
    (found.iter().zip(dates))
        .filter_map(|(found, date)| {
            let link = links.get(found.link)?;
            let record = found.record.clone();
            let date = date.or_else(|| address_date(&link.url, visited));
            let title = clip(found.title.text.clone(), 1024);
            Some(Item {
                url: Some(link.url.to_string()),
                summary: record::summary(tree, record.clone(), &title).map(Markup::Plain),
                categories: kicker::labels(tree, record.clone(), &title),
                title: Some(Markup::Plain(title)),
                authors: record::author(tree, record.clone()).into_iter().collect(),
                published: date.map(|date| date.at),
                aged: date.is_some_and(|date| date.aged),
                image: record::image(tree, record, facts.base.as_ref()),
                language: facts.language.clone(),
                base: base.clone(),
                ..Item::default()
            })
        })
        .collect()
}

/// The dates of records. What is two days in numbers is read as the others are that are one.
fn dates(source: &Source<'_, '_>, found: &[&group::Member]) -> Vec<Option<Dated>> {
    let Source { tree, visited, .. } = *source;
    let mut dates: Vec<_> = found.iter().map(|found| record::date(tree, found.record.clone(), visited)).collect();
    if dates.iter().all(Option::is_some) {
        return dates;
    }
    let lines: Vec<Vec<cells::Cell>> = found.iter().map(|found| cells::cells(tree, &found.record)).collect();
    let Some(order) = order::order(&lines) else { return dates };
    for (date, cells) in dates.iter_mut().zip(&lines).filter(|(date, _)| date.is_none()) {
        let mut days = cells.iter().filter(|cell| cell.sort == cells::Sort::When);
        *date = days.find_map(|cell| record::in_text(&order::iso(&cell.text, order)?, visited));
    }
    dates
}

/// The day that stands in an address.
pub(crate) fn address_date(url: &Url, visited: Option<DateTime<Utc>>) -> Option<Dated> {
    let parts: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
    let digits = |text: &&str, count: usize| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    parts.windows(3).find_map(|three| {
        let [year, month, day] = three else { return None };
        let is_date = digits(year, 4) && (digits(month, 2) || digits(month, 1)) && (digits(day, 2) || digits(day, 1));
        is_date.then(|| super::date::read(&format!("{year}-{month:0>2}-{day:0>2}"), visited).ok())?
    })
}

/// The end of a signature, which a person can find in the page.
fn short(signature: &str) -> String {
    let parts: Vec<&str> = signature.split('>').collect();
    parts.get(parts.len().saturating_sub(3)..).unwrap_or(&parts).join(" > ")
}

#[cfg(test)]
mod tests;
