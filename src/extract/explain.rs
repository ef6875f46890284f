//! Why a page is read as it is: the groups of links that were weighed, and selectors that pin the list.

use super::dom::{Dom, Facts, Tree};
use super::draft::{Item, Markup};
use super::listing::{self, Source};
use super::pin::{Pin, Pinner};
use super::{SURE, decode, json, sniff};
use crate::model::{ListSelectors, Page};

/// Groups that are shown.
const GROUPS: usize = 5;
/// Titles that are shown of each.
const SAMPLES: usize = 3;
/// Groups that a refusal names.
const NEAREST: usize = 3;

/// A group of links that may be the list of a page.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// How its links are built, in short: names and classes of them and of what they stand in.
    pub selector: String,
    /// Links in it.
    pub links: usize,
    /// What it came to; the list is made of the best groups.
    pub score: f64,
    /// What the score is made of, by name.
    pub features: Vec<(&'static str, f64)>,
    /// The first titles.
    pub samples: Vec<String>,
    /// Selectors that find it.
    pub list: Option<ListSelectors>,
}

/// What was weighed in a document.
#[derive(Clone, Debug, Default)]
pub struct Explanation {
    /// The best groups of links, best first; none in a document that is no page.
    pub candidates: Vec<Candidate>,
    /// Selectors for the list that is found, or for the group that came nearest to one.
    pub pin: Option<Pin>,
    /// Whether they are for what is believed to be the list.
    pub is_sure: bool,
}

/// Explains how the list of a document is found.
pub fn explain(page: &Page) -> Explanation {
    let (text, _) = decode::decode(&page.body, page.content_type.as_deref());
    let text = text.trim_start_matches('\u{FEFF}');
    if let Some(root) = json::parse(text) {
        let around = json::Around { base: page.url.as_ref(), visited: page.fetched_at };
        let pin = json::find(&root, &around).map(|found| Pin {
            stories: found.items.len(),
            reproduced: found.items.len(),
            extra: 0,
            list: found.list,
        });
        return Explanation { is_sure: pin.is_some(), pin, candidates: Vec::new() };
    }
    if sniff::is_plain(text, page.content_type.as_deref()) {
        return Explanation::default();
    }
    let dom = Dom::parse(text);
    let tree = Tree::new(&dom.document);
    let facts = Facts::new(&dom.json, &tree, page.url.as_ref());
    let url = page.url.as_ref().or(facts.base.as_ref());
    let source = Source { tree: &tree, facts: &facts, url, visited: page.fetched_at };
    let pinner = Pinner::new(&source);
    let candidates: Vec<Candidate> =
        listing::candidates(&source, GROUPS).into_iter().map(|group| candidate(&pinner, group)).collect();
    let list = listing::find(&source);
    let is_sure = list.confidence >= SURE && !list.items.is_empty();
    let pin = pinner.pin(&list.items);
    Explanation { candidates, pin, is_sure }
}

fn candidate(pinner: &Pinner<'_, '_>, group: listing::Weighed) -> Candidate {
    Candidate {
        selector: group.signature,
        links: group.links,
        score: group.score,
        features: group.features,
        samples: samples(&group.items),
        list: pinner.pin(&group.items).map(|pin| pin.list),
    }
}

fn samples(items: &[Item]) -> Vec<String> {
    items.iter().filter_map(|item| item.title.as_ref().map(Markup::line)).take(SAMPLES).collect()
}

/// What came nearest to a list, as `items` would be written, best first.
pub(super) fn nearest(source: &Source<'_, '_>) -> Vec<String> {
    let groups = listing::candidates(source, NEAREST);
    let groups = groups.into_iter().filter(|group| group.items.len() >= 2);
    let pinner = Pinner::new(source);
    groups
        .filter_map(|group| {
            let pin = pinner.pin(&group.items)?;
            let sample: String = samples(&group.items).first()?.chars().take(40).collect();
            Some(format!(
                "`items = {:?}` ({} of {} links, \u{201C}{sample}\u{201D} \u{2026})",
                pin.list.items, pin.reproduced, pin.stories
            ))
        })
        .collect()
}
