//! From stories that were found to selectors that find them: a configuration that a person can read, keep and correct.
//!
//! The way in is [`Pinner::pin`]. What it gives has been tried on the page: [`Pin`] says how many of the stories it finds again.

mod index;
mod inner;
mod records;

use std::collections::{HashMap, HashSet};

use url::Url;

use self::index::{Index, Sketch};
use self::inner::Wanted;
use super::date;
use super::draft::{Item, Markup};
use super::html::absolute;
use super::listing::Source;
use super::select;
use crate::model::{DateForm, ListSelectors};

/// Records whose fields are looked at.
const RECORDS: usize = 120;
/// Longest text that a date is in.
const DATE: usize = 80;

/// Selectors for a list, tried on its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// The selectors.
    pub list: ListSelectors,
    /// Stories that were to be found.
    pub stories: usize,
    /// Of these, how many the selectors find, with the same title and address.
    pub reproduced: usize,
    /// Stories that they find besides.
    pub extra: usize,
}

/// A page for which selectors are made.
pub(super) struct Pinner<'a, 'd> {
    source: &'a Source<'a, 'd>,
    index: Index<'a, 'd>,
}

impl<'a, 'd> Pinner<'a, 'd> {
    pub(super) fn new(source: &'a Source<'a, 'd>) -> Pinner<'a, 'd> {
        Pinner { source, index: Index::new(source.tree) }
    }

    /// Selectors that find these stories; `None`: none that finds any.
    pub(super) fn pin(&self, wanted: &[Item]) -> Option<Pin> {
        self.index.renew();
        pin(self.source, &self.index, wanted)
    }
}

fn pin(source: &Source<'_, '_>, index: &Index<'_, '_>, wanted: &[Item]) -> Option<Pin> {
    let stories = Stories::new(source, wanted);
    let chains = records::chains(index, &stories.main, &stories.links);
    let sketches = records::sketches(index, &chains);
    let bare = ListSelectors { items: joined(&sketches), ..ListSelectors::default() };
    if bare.items.is_empty() {
        return None;
    }
    let records = matched(index, &sketches, &chains);
    let full = fields(source, index, &stories, &records, &bare);
    let without = |title: bool, url: bool, rest: bool| ListSelectors {
        title: full.title.clone().filter(|_| title),
        url: full.url.clone().filter(|_| url),
        date: full.date.clone().filter(|_| rest),
        summary: full.summary.clone().filter(|_| rest),
        image: full.image.clone().filter(|_| rest),
        author: full.author.clone().filter(|_| rest),
        ..bare.clone()
    };
    // The first is the one that says most.
    let mut variants = [
        full.clone(),
        without(true, false, true),
        without(false, true, true),
        without(false, false, true),
        bare.clone(),
    ]
    .map(|list| stories.tried(source, list))
    .into_iter();
    let first = variants.next()?;
    let worth = |pin: &Pin| pin.reproduced as f64 - 0.5 * pin.extra as f64;
    let best = variants.fold(first, |best, next| if worth(&next) > worth(&best) { next } else { best });
    (best.reproduced > 0).then_some(best)
}

/// The stories that are to be found, and where the page links them.
struct Stories<'w> {
    wanted: &'w [Item],
    /// Every link to one of them: element and story, in the page's order.
    links: Vec<(usize, usize)>,
    /// For each story the link that is called like it.
    main: Vec<Option<usize>>,
}

impl<'w> Stories<'w> {
    fn new(source: &Source<'_, '_>, wanted: &'w [Item]) -> Stories<'w> {
        let tree = source.tree;
        let by_url: HashMap<&str, usize> =
            wanted.iter().enumerate().filter_map(|(nth, item)| Some((item.url.as_deref()?, nth))).collect();
        let mut links = Vec::new();
        let mut main: Vec<Option<(u8, usize)>> = vec![None; wanted.len()];
        for at in tree.find(0..tree.len(), "a") {
            let Some(url) = address(source, at) else { continue };
            let Some(&story) = by_url.get(url.as_str()) else { continue };
            links.push((at, story));
            let title = wanted.get(story).map(title).unwrap_or_default();
            let text = tree.text(tree.range(at));
            let worth = match () {
                () if text == title => 3,
                () if !text.is_empty() && (text.contains(title) || title.contains(&text)) => 2,
                () if tree.ancestors(at).take(4).any(|up| tree.node(up).is_heading()) => 1,
                () => 0,
            };
            if let Some(main) = main.get_mut(story)
                && main.is_none_or(|(known, _)| worth > known)
            {
                *main = Some((worth, at));
            }
        }
        Stories { wanted, links, main: main.into_iter().map(|main| main.map(|(_, at)| at)).collect() }
    }

    /// What selectors find of them.
    fn tried(&self, source: &Source<'_, '_>, list: ListSelectors) -> Pin {
        let known: HashSet<(&str, &str)> =
            self.wanted.iter().map(|item| (title(item), item.url.as_deref().unwrap_or_default())).collect();
        let found = select::items(source, &list).unwrap_or_default();
        let again: HashSet<(&str, &str)> = (found.iter())
            .map(|item| (title(item), item.url.as_deref().unwrap_or_default()))
            .filter(|found| known.contains(found))
            .collect();
        let reproduced = again.len();
        Pin { stories: known.len(), reproduced, extra: found.len().saturating_sub(reproduced), list }
    }
}

fn title(item: &Item) -> &str {
    item.title.as_ref().map_or("", Markup::raw)
}

/// Where a link leads, as lists have it.
fn address(source: &Source<'_, '_>, at: usize) -> Option<Url> {
    let mut url = absolute(&source.tree.attribute(at, "href")?, source.facts.base.as_ref())?;
    url.set_fragment(None);
    Some(url)
}

fn joined(sketches: &[Sketch]) -> String {
    sketches.iter().map(Sketch::css).collect::<Vec<_>>().join(", ")
}

/// The records that the sketches match, with their stories.
fn matched(index: &Index<'_, '_>, sketches: &[Sketch], chains: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let owner: HashMap<usize, usize> =
        chains.iter().enumerate().flat_map(|(story, chain)| chain.iter().map(move |at| (*at, story))).collect();
    let mut records: Vec<(usize, usize)> = (sketches.iter().filter_map(|sketch| index.matches(sketch)).flatten())
        .filter_map(|at| Some((at, *owner.get(&at)?)))
        .collect();
    records.sort_unstable();
    records.dedup();
    records
}

/// The selectors of the fields, each where it is right for most of the records.
fn fields(
    source: &Source<'_, '_>,
    index: &Index<'_, '_>,
    stories: &Stories<'_>,
    records: &[(usize, usize)],
    bare: &ListSelectors,
) -> ListSelectors {
    let tree = source.tree;
    let step = records.len().div_ceil(RECORDS).max(1);
    let sample: Vec<(usize, &Item)> =
        records.iter().step_by(step).filter_map(|(at, story)| Some((*at, stories.wanted.get(*story)?))).collect();
    let text = |at: usize| tree.text(tree.range(at));
    let mut texts: HashMap<usize, String> = HashMap::new();
    for (record, _) in &sample {
        for at in inner::nodes(tree, *record) {
            texts.entry(at).or_insert_with(|| text(at));
        }
    }
    let text = |at: usize| texts.get(&at).map(String::as_str).unwrap_or_default();
    let chosen = |least: f64,
                  has: &dyn Fn(&Item) -> bool,
                  right: &dyn Fn(usize, &Item) -> bool,
                  gives: &dyn Fn(usize) -> bool| {
        let wanted: Vec<Wanted> = (sample.iter().filter(|(_, item)| has(item)))
            .map(|(record, item)| Wanted {
                record: *record,
                right: inner::nodes(tree, *record).filter(|at| right(*at, item)).collect(),
            })
            .collect();
        if wanted.len() * 2 < sample.len() {
            return None;
        }
        let (css, count) = inner::selector(index, &wanted, gives)?;
        (count as f64 >= least * wanted.len() as f64).then_some(css)
    };
    let has_link = |at: usize| tree.attribute(at, "href").is_some_and(|href| !href.is_empty());
    let is_url = |at: usize, item: &Item| {
        tree.node(at).name == "a" && address(source, at).is_some_and(|url| item.url.as_deref() == Some(url.as_str()))
    };
    let has_text = |at: usize| !text(at).is_empty();
    let dated = |at: usize| {
        let marked =
            ["datetime", "content"].iter().find_map(|name| tree.attribute(at, name)).filter(|value| !value.is_empty());
        marked.unwrap_or_else(|| text(at).to_owned())
    };
    let is_date = |at: usize, item: &Item| {
        let value = dated(at);
        value.len() <= DATE
            && date::read_as(&value, source.visited, &DateForm::default())
                .is_ok_and(|date| Some(date.at) == item.published)
    };
    let pictured = |at: usize| ["data-src", "src", "content"].iter().find_map(|name| tree.attribute(at, name));
    let is_image = |at: usize, item: &Item| {
        pictured(at)
            .and_then(|src| absolute(&src, source.facts.base.as_ref()))
            .is_some_and(|url| item.image.as_deref() == Some(url.as_str()))
    };
    let is_author = |at: usize, item: &Item| item.authors.first().is_some_and(|author| text(at) == author);
    let summary = |item: &Item| item.summary.as_ref().map_or(String::new(), |text| text.raw().to_owned());
    ListSelectors {
        url: chosen(0.95, &|_| true, &is_url, &has_link),
        title: chosen(0.95, &|_| true, &|at, item| text(at) == title(item), &has_text),
        date: chosen(0.8, &|item| item.published.is_some(), &is_date, &|at| !dated(at).is_empty()),
        summary: chosen(0.8, &|item| item.summary.is_some(), &|at, item| text(at) == summary(item), &has_text),
        image: chosen(0.8, &|item| item.image.is_some(), &is_image, &|at| pictured(at).is_some()),
        author: chosen(0.8, &|item| !item.authors.is_empty(), &is_author, &has_text),
        ..bare.clone()
    }
}

#[cfg(test)]
mod tests;
