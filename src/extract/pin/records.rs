//! The selector of `items`: for elements that each hold one story, chosen so that it matches few others.

use std::collections::{HashMap, HashSet};

use super::index::{Index, Part, Sketch};

/// Selectors that one list is pinned with at most.
const PARTS: usize = 8;
/// Ancestors that make a context.
const CONTEXTS: usize = 8;
/// Stories that sketches are made after in one round.
const MODELS: usize = 4;
/// Elements around one link that may be its record.
const LEVELS: usize = 10;

/// For each element that may stand for a story, which one.
pub(super) type Owners = HashMap<usize, usize>;

/// The elements around each story's link that hold no other story's, inmost first.
pub(super) fn chains(index: &Index<'_, '_>, links: &[Option<usize>], all_links: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let tree = index.tree();
    // Links of stories, in the page's order: element, story.
    let holds_another = |at: usize, story: usize| {
        let range = tree.range(at);
        let from = all_links.partition_point(|(link, _)| *link < range.start);
        all_links
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|(link, _)| *link < range.end)
            .any(|(_, of)| *of != story)
    };
    (links.iter().enumerate())
        .map(|(story, link)| {
            let Some(link) = link else { return Vec::new() };
            let above = tree.ancestors(*link).take(LEVELS);
            above
                .take_while(|at| {
                    !matches!(tree.node(*at).name.as_str(), "body" | "html" | "") && !holds_another(*at, story)
                })
                .collect()
        })
        .collect()
}

/// Sketches that match an element of as many stories as can be had, and few elements of none.
pub(super) fn sketches(index: &Index<'_, '_>, chains: &[Vec<usize>]) -> Vec<Sketch> {
    let owners: Owners =
        chains.iter().enumerate().flat_map(|(story, chain)| chain.iter().map(move |at| (*at, story))).collect();
    let mut left: Vec<usize> =
        (0..chains.len()).filter(|story| chains.get(*story).is_some_and(|c| !c.is_empty())).collect();
    let mut taken: HashSet<usize> = HashSet::new();
    let mut chosen: Vec<Sketch> = Vec::new();
    let mut tried: HashMap<Sketch, Option<Vec<usize>>> = HashMap::new();
    while !left.is_empty() && chosen.len() < PARTS {
        let mut best: Option<(f64, Sketch, HashSet<usize>)> = None;
        let step = left.len().div_ceil(MODELS).max(1);
        for story in left.iter().step_by(step) {
            for (level, at) in chains.get(*story).into_iter().flatten().enumerate() {
                for sketch in around(index, *at) {
                    let found = tried.entry(sketch.clone()).or_insert_with(|| index.matches(&sketch));
                    let Some(found) = found else { continue };
                    let Some((worth, stories)) = worth(found, &owners, &taken, level, &sketch) else { continue };
                    if best.as_ref().is_none_or(|(most, ..)| worth > *most) {
                        best = Some((worth, sketch, stories));
                    }
                }
            }
        }
        let Some((_, sketch, stories)) = best else { break };
        taken.extend(&stories);
        left.retain(|story| !taken.contains(story));
        chosen.push(sketch);
    }
    chosen
}

/// What a sketch adds to those before it; `None`: more harm than good.
fn worth(
    found: &[usize],
    owners: &Owners,
    taken: &HashSet<usize>,
    level: usize,
    sketch: &Sketch,
) -> Option<(f64, HashSet<usize>)> {
    let mut stories: HashSet<usize> = HashSet::new();
    let (mut strange, mut again) = (0_usize, 0_usize);
    for at in found {
        match owners.get(at) {
            None => strange += 1,
            Some(story) if taken.contains(story) => again += 1,
            Some(story) => again += usize::from(!stories.insert(*story)),
        }
    }
    if stories.is_empty() || strange > stories.len() {
        return None;
    }
    // The whole record has the date and the summary; a short selector is one that a person can read.
    let roomy = 0.05 * (level as f64).min(6.0);
    let short = 0.1 * (sketch.own.classes.len() as f64) + if sketch.context.is_some() { 0.15 } else { 0.0 };
    // Names that a build made are others after the next one.
    let numbered = sketch.css().bytes().filter(u8::is_ascii_digit).count() as f64 * 0.05;
    let gain = stories.len() as f64 - 1.2 * strange as f64 - 0.3 * again as f64;
    (gain > 0.0).then_some((gain * (1.0 + roomy) * sketch.firmness() - short - numbered, stories))
}

/// The sketches that describe an element, alone and in what it stands in.
fn around(index: &Index<'_, '_>, at: usize) -> Vec<Sketch> {
    let tree = index.tree();
    let owns = parts(index, at);
    let mut contexts: Vec<Option<(Part, bool)>> = vec![None];
    for (nth, up) in tree.ancestors(at).skip(1).take(CONTEXTS).enumerate() {
        if matches!(tree.node(up).name.as_str(), "html" | "") {
            break;
        }
        let name = tree.node(up).name.clone();
        if let Some(id) = index.id(up) {
            contexts.push(Some((Part { id: Some(id), ..Part::default() }, nth == 0)));
        }
        for class in index.classes(up).iter().take(2) {
            contexts.push(Some((Part { name: name.clone(), id: None, classes: vec![class.clone()] }, nth == 0)));
        }
        if index.classes(up).is_empty() && name != "div" && name != "body" {
            contexts.push(Some((Part { name, ..Part::default() }, nth == 0)));
        }
    }
    owns.iter()
        .flat_map(|own| contexts.iter().map(|context| Sketch { own: own.clone(), context: context.clone() }))
        .collect()
}

/// An element by its name, by each of its classes, and by two of them.
pub(super) fn parts(index: &Index<'_, '_>, at: usize) -> Vec<Part> {
    let name = index.tree().node(at).name.clone();
    let part = |classes: &[&String]| Part {
        name: name.clone(),
        id: None,
        classes: classes.iter().map(|class| (*class).clone()).collect(),
    };
    let classes = index.classes(at);
    let mut parts = vec![part(&[])];
    parts.extend(classes.iter().take(5).map(|class| part(&[class])));
    if let [first, second, ..] = classes {
        parts.push(part(&[first, second]));
    }
    parts
}
