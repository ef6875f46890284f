//! Which groups make the list, and which of their links are its stories.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::address;
use super::group::{Group, Member};
use super::links::Link;
use super::title::is_button;

/// How far below the best group another may score and belong to the list.
const NEAR: f64 = 1.1;
/// And how far on front pages, where blocks are built in many ways.
const FRONT: f64 = 2.7;
/// So many groups make a front page.
const BLOCKS: usize = 4;
/// Stories of one list.
const STORIES: usize = 1000;
/// So many stories show how a site numbers them.
const NUMBERED: usize = 12;

/// Indices of the groups that make the list.
pub(super) fn choose(groups: &[Group]) -> Vec<usize> {
    // One card that is built like no other says little about the rest of the page.
    let Some(first) = groups.first() else { return Vec::new() };
    let best =
        groups.iter().find(|group| group.members.len() >= 3 && group.score > first.score - FRONT).unwrap_or(first);
    let within = |near: f64, front: f64| -> Vec<usize> {
        (groups.iter().enumerate())
            .filter(|(_, group)| {
                let features = &group.features;
                let gap = best.score - group.score;
                gap <= near && features.boilerplate < 1.0 + best.features.boilerplate
                    || gap <= front && features.boilerplate < 0.8 && features.likeness >= 0.5 && features.len >= 0.33
            })
            .map(|(nth, _)| nth)
            .collect()
    };
    let chosen = within(NEAR, FRONT);
    // A page of many blocks has more of them.
    if chosen.len() >= BLOCKS { within(NEAR, FRONT + NEAR) } else { chosen }
}

/// What to say of a front page of many blocks: they change places and kinds by the day, sections do not.
pub(super) fn advice(groups: &[Group], chosen: &[usize], found: &[&Member], own: Option<&Url>) -> Option<String> {
    let is_front = own.is_some_and(|url| url.path().trim_matches('/').is_empty() && url.query().is_none());
    let starts: HashSet<usize> = found.iter().map(|member| member.link).collect();
    let blocks = (chosen.iter().filter_map(|nth| groups.get(*nth)))
        .filter(|group| group.members.iter().any(|member| starts.contains(&member.link)))
        .count();
    (is_front && blocks >= BLOCKS).then(|| {
        "a front page of many blocks: the page of a section is a better source, and the site's feeds better still"
            .to_owned()
    })
}

/// The members of the chosen groups, each address once, in the page's order.
pub(super) fn found<'g>(groups: &'g [Group], chosen: &[usize], links: &[Link]) -> Vec<&'g Member> {
    let mut by_key: HashMap<&str, usize> = HashMap::new();
    let mut all: Vec<&'g Member> = Vec::new();
    for group in chosen.iter().filter_map(|nth| groups.get(*nth)) {
        let likeness = group.features.likeness;
        for member in &group.members {
            let Some(link) = links.get(member.link) else { continue };
            // A category among stories.
            if is_button(&member.title.text) || link.likeness <= -1.0 && likeness >= 0.4 && !link.external {
                continue;
            }
            match by_key.get(link.key.as_str()).and_then(|at| all.get_mut(*at)) {
                None => {
                    by_key.insert(&link.key, all.len());
                    all.push(member);
                }
                Some(kept) if is_better(member, kept) => *kept = member,
                Some(_) => {}
            }
        }
    }
    without_strays(&mut all, links);
    all.sort_by_key(|member| member.link);
    all.truncate(STORIES);
    all
}

/// The better group comes first, but a heading names a story best, then what is called its title, then the link's
/// own text: of the links of one card one may hold the teaser.
fn is_better(member: &Member, kept: &Member) -> bool {
    let (new, old) = (&member.title, &kept.title);
    if new.heading != old.heading {
        return new.heading;
    }
    if new.titled != old.titled {
        return new.titled;
    }
    new.own && !old.own && new.text != old.text
}

/// Drops what has no number where a site numbers or dates the addresses of its stories, when most of what is
/// like it in its folder has none: collections, services and guides that stand among stories.
fn without_strays(all: &mut Vec<&Member>, links: &[Link]) {
    let mut shapes: HashMap<String, (usize, usize)> = HashMap::new();
    for link in all.iter().filter_map(|member| links.get(member.link)) {
        let (numbered, count) = shapes.entry(address::shape(&link.url)).or_default();
        *numbered += usize::from(address::is_numbered(&link.url));
        *count += 1;
    }
    let numbered: usize = shapes.values().map(|(numbered, _)| numbered).sum();
    if numbered < NUMBERED || numbered * 4 < all.len() * 3 {
        return;
    }
    all.retain(|member| {
        links.get(member.link).is_some_and(|link| {
            let is_usual =
                shapes.get(&address::shape(&link.url)).is_some_and(|(numbered, count)| numbered * 2 >= *count);
            is_usual || address::is_numbered(&link.url)
        })
    });
}
