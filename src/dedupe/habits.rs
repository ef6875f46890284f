//! What sources give to many of their stories, and what therefore says nothing about one of them.

use std::collections::{HashMap, HashSet};

use super::board::Entrant;
use super::verify::compare;
use crate::model::{Digest, Fingerprint};

/// Stories of one source under one key that are compared with each other.
const LOOKED_AT: usize = 6;

/// Habits that have been noticed.
#[derive(Debug, Default)]
pub(super) struct Habits {
    /// Addresses of lists: one source gives them to different stories (a change log, a ticker).
    pub(super) lists: HashSet<Digest>,
    /// Texts that one source gives under different headlines (the site's own description).
    pub(super) standing: HashSet<Digest>,
}

impl Habits {
    /// Whether one of two stories has a standing text.
    pub(super) fn stand(&self, a: &Fingerprint, b: &Fingerprint) -> bool {
        [a.exact, b.exact].into_iter().flatten().any(|text| self.standing.contains(&text))
    }

    /// Looks through stories that came together before the first of them is judged.
    pub(super) fn foresee(&mut self, coming: &[Entrant]) {
        let mut urls: HashMap<(u32, Digest), Vec<&Entrant>> = HashMap::new();
        let mut texts: HashMap<(u32, Digest), Vec<&Entrant>> = HashMap::new();
        for entrant in coming {
            for (key, under) in [(entrant.fingerprint.url, &mut urls), (entrant.fingerprint.exact, &mut texts)] {
                let Some(key) = key else { continue };
                let under = under.entry((entrant.source, key)).or_default();
                if under.len() < LOOKED_AT {
                    under.push(entrant);
                }
            }
        }
        let different = |stories: &[&Entrant], title: f64, text_counts: bool| {
            pairs(stories).any(|(a, b)| {
                let (a, b) = (&a.fingerprint, &b.fingerprint);
                let like = compare(a, b);
                let headed = !a.title_tokens.is_empty() && !b.title_tokens.is_empty();
                headed
                    && like.title < title
                    && !(text_counts && like.is_near())
                    && (text_counts || a.url.is_none() || a.url != b.url)
            })
        };
        self.lists.extend(urls.iter().filter(|(_, stories)| different(stories, 0.5, true)).map(|((_, url), _)| *url));
        // Two headlines over one whole report are a report under two headlines; three are a habit.
        let stands = |stories: &[&Entrant]| match stories[0].fingerprint.words {
            ..100 => different(stories, 0.4, false),
            _ => stories.len() > 2 && pairs(stories).all(|pair| different(&[pair.0, pair.1], 0.4, false)),
        };
        self.standing.extend(texts.iter().filter(|(_, stories)| stands(stories)).map(|((_, text), _)| *text));
    }
}

fn pairs<'a>(stories: &'a [&'a Entrant]) -> impl Iterator<Item = (&'a Entrant, &'a Entrant)> {
    stories.iter().enumerate().flat_map(|(at, a)| stories[at + 1..].iter().map(|b| (*a, *b)))
}
