//! The ladder of identity: address, original, text, near text, title, each rung with its vetoes.
//!
//! A cluster is joined by agreement with its members, never through a chain of them.

use std::collections::{HashMap, HashSet};

use super::{Board, Entrant, Judgement, SAME_TEXT_SECONDS, Slot};
use crate::dedupe::LEAST_WORDS;
use crate::dedupe::guard::{self, veto};
use crate::dedupe::verify::{Likeness, compare};
use crate::model::{Evidence, Fingerprint, Folding, Rule, Veto};

/// A headline alone is believed for so long (D07).
const SAME_TITLE_SECONDS: i64 = 48 * 3600;
/// Near text that is as good as the same text.
const SAME: f64 = 0.9;
/// Near misses that are kept for `explain`.
const APART: usize = 3;
/// A near miss worth telling of has at least this similarity.
const APART_SCORE: f64 = 0.1;

/// What the members of one cluster say about a newcomer.
#[derive(Default)]
struct Votes {
    accepted: usize,
    vetoed: usize,
    /// The cluster's first story is among those that accepted.
    opener: bool,
    /// Its own source tells it apart from one of them.
    barred: bool,
    best: Option<(u32, Evidence)>,
}

impl Board {
    /// Decides about a newcomer. Changes nothing: whoever asks adds it where it belongs.
    pub fn judge(&self, new: &Entrant) -> Judgement {
        if new.folding == Folding::Never {
            return Judgement { with: None, because: Evidence::bare(Rule::Opens, None), apart: Vec::new() };
        }
        let mut apart = Vec::new();
        let found = (self.by_url(new, &mut apart))
            .or_else(|| self.by_original(new, &mut apart))
            .or_else(|| self.by_text(new, &mut apart))
            .or_else(|| self.by_near_text(new, &mut apart))
            .or_else(|| self.by_title(new, &mut apart));
        let joined = found.as_ref().map(|(slot, _)| self.cluster(*slot));
        apart.retain(|(slot, _)| Some(self.cluster(*slot)) != joined);
        apart.sort_by(|(a, x), (b, y)| y.score.total_cmp(&x.score).then(a.cmp(b)));
        apart.dedup_by_key(|(slot, _)| *slot);
        apart.truncate(APART);
        match found {
            Some((slot, because)) => Judgement { with: Some(slot), because, apart },
            None => Judgement { with: None, because: Evidence::bare(Rule::Opens, None), apart },
        }
    }

    fn by_url(&self, new: &Entrant, apart: &mut Vec<(u32, Evidence)>) -> Option<(u32, Evidence)> {
        let url = new.fingerprint.url?;
        let is_list = self.habits.lists.contains(&url);
        let mut best = None;
        for (slot, other) in self.folding(self.urls.get(&url.head())) {
            if other.fingerprint.url != Some(url) {
                continue;
            }
            let like = compare(&new.fingerprint, &other.fingerprint);
            // A change log gives all its entries one address, an item that was edited keeps its headline
            // or its text.
            let one_list = is_list || new.distinct && other.distinct && new.source == other.source;
            let speechless = new.fingerprint.words < 3 && new.fingerprint.title_tokens.is_empty();
            if one_list && like.title < 0.5 && !like.is_near() && !speechless {
                apart.push((slot, evidence(Rule::SameUrl, new, other, &like, Some(Veto::Titles))));
                continue;
            }
            better(&mut best, new, (slot, other, like));
        }
        let (slot, other, like) = best?;
        Some((slot, Evidence { score: 1.0, ..evidence(Rule::SameUrl, new, other, &like, None) }))
    }

    /// A page that names another as its original (`rel=canonical` across sites) is a copy of it. That is a
    /// claim, and often a wrong one: it counts when the original is known and neither headline nor text
    /// speaks against it.
    fn by_original(&self, new: &Entrant, apart: &mut Vec<(u32, Evidence)>) -> Option<(u32, Evidence)> {
        let (own, named) = (new.fingerprint.url, new.fingerprint.original);
        for url in own.iter().chain(&named) {
            for (slot, other) in self.folding(self.urls.get(&url.head())) {
                let (its_own, it_names) = (other.fingerprint.url, other.fingerprint.original);
                if !(named.is_some() && named == its_own || own.is_some() && own == it_names) {
                    continue;
                }
                let like = compare(&new.fingerprint, &other.fingerprint);
                let silent = |print: &Fingerprint| (print.words as usize) < LEAST_WORDS;
                let speaks_against = like.title < 0.3 && like.score() < 0.3;
                if speaks_against && !silent(&new.fingerprint) && !silent(&other.fingerprint) {
                    apart.push((slot, evidence(Rule::SameOriginal, new, other, &like, Some(Veto::Titles))));
                    continue;
                }
                return Some((slot, Evidence { score: 1.0, ..evidence(Rule::SameOriginal, new, other, &like, None) }));
            }
        }
        None
    }

    fn by_text(&self, new: &Entrant, apart: &mut Vec<(u32, Evidence)>) -> Option<(u32, Evidence)> {
        let text = new.fingerprint.exact?;
        let longest = SAME_TEXT_SECONDS.max(self.window_seconds());
        let (mut agreed, mut barred) = (Vec::new(), HashSet::new());
        for (slot, other) in self.folding(self.texts.get(&text)) {
            if (new.time - other.time).abs() > longest {
                continue;
            }
            let like = compare(&new.fingerprint, &other.fingerprint);
            let veto = same_text_veto(new, other, &like, self.habits.standing.contains(&text));
            if veto.is_some() {
                // No other source's telling may bridge what one source tells apart.
                barred.extend((new.source == other.source).then(|| self.home(slot)));
                apart.push((slot, evidence(Rule::SameText, new, other, &like, veto)));
                continue;
            }
            agreed.push((slot, other, like));
        }
        let mut best = None;
        for found in agreed {
            if !barred.contains(&self.home(found.0)) {
                better(&mut best, new, found);
            }
        }
        let (slot, other, like) = best?;
        Some((slot, Evidence { score: 1.0, ..evidence(Rule::SameText, new, other, &like, None) }))
    }

    fn by_near_text(&self, new: &Entrant, apart: &mut Vec<(u32, Evidence)>) -> Option<(u32, Evidence)> {
        let window = self.window_seconds();
        let mut votes: HashMap<u32, Votes> = HashMap::new();
        for slot in self.with_openers(self.candidates(new)) {
            let Slot { entrant: other, home, .. } = &self.slots[slot as usize];
            let seconds = new.time - other.time;
            if other.folding == Folding::Never || seconds.abs() > window {
                continue;
            }
            let like = compare(&new.fingerprint, &other.fingerprint);
            let near = like.at(self.settings.threshold).is_near();
            let veto = if near {
                let alike = like.jaccard >= SAME || like.containment >= SAME && like.title == 0.0;
                let standing = alike && self.habits.stand(&new.fingerprint, &other.fingerprint);
                let phrase = alike && is_phrase(new, other, &like, standing);
                votes.entry(*home).or_default().barred |= phrase && new.source == other.source;
                phrase.then_some(Veto::Titles).or_else(|| veto(&new.fingerprint, &other.fingerprint, &like, seconds))
            } else if like.containment >= 0.72 && like.lead < 0.5 {
                Some(Veto::Lead)
            } else {
                Some(Veto::TooLittle)
            };
            let found = evidence(Rule::NearText, new, other, &like, veto);
            if veto.is_some() {
                if found.score >= APART_SCORE {
                    apart.push((slot, found));
                }
                if near {
                    votes.entry(*home).or_default().vetoed += 1;
                }
                continue;
            }
            let members = &self.homes[home];
            let votes = votes.entry(*home).or_default();
            votes.accepted += 1;
            votes.opener |= members.first() == Some(&slot);
            // The most alike as a whole explains best; of equals the oldest stays (candidates come in order).
            if votes.best.as_ref().is_none_or(|(_, best)| found.jaccard > best.jaccard) {
                votes.best = Some((slot, found));
            }
        }
        let mut agreed: Vec<(u32, Evidence)> = Vec::new();
        for (home, votes) in votes {
            let Some(best) = votes.best else { continue };
            let members = self.homes[&home].len();
            if !votes.barred && votes.accepted > votes.vetoed && (votes.opener || votes.accepted * 2 > members) {
                agreed.push(best);
            } else {
                apart.push((best.0, Evidence { veto: Some(Veto::Members), ..best.1 }));
            }
        }
        // A summary is contained in its story and in a round-up that quotes it: the one that it is more
        // like in every respect, and of equals the older one.
        let strength = |found: &Evidence| found.jaccard + found.containment + found.lead + found.title;
        agreed.into_iter().max_by(|(a, x), (b, y)| strength(x).total_cmp(&strength(y)).then(b.cmp(a)))
    }

    /// With the first story of each of their homes, whose word counts most, however many came since.
    fn with_openers(&self, mut slots: Vec<u32>) -> Vec<u32> {
        let homes: HashSet<u32> = slots.iter().map(|slot| self.home(*slot)).collect();
        slots.extend(homes.iter().filter_map(|home| self.homes[home].first()));
        slots.sort_unstable();
        slots.dedup();
        slots
    }

    /// Equal headlines of different sources, when one of them has no text to compare.
    fn by_title(&self, new: &Entrant, apart: &mut Vec<(u32, Evidence)>) -> Option<(u32, Evidence)> {
        let title = new.fingerprint.title?;
        let bare = |print: &Fingerprint| (print.words as usize) < LEAST_WORDS;
        let series = self.is_series(title, new.source);
        for (slot, other) in self.folding(self.titles.get(&title)) {
            if (new.time - other.time).abs() > SAME_TITLE_SECONDS || new.source == other.source {
                continue;
            }
            let like = compare(&new.fingerprint, &other.fingerprint);
            if !bare(&new.fingerprint) && !bare(&other.fingerprint) {
                apart.push((slot, evidence(Rule::SameTitle, new, other, &like, Some(Veto::TooLittle))));
                continue;
            }
            if series {
                apart.push((slot, evidence(Rule::SameTitle, new, other, &like, Some(Veto::Series))));
                continue;
            }
            // A headline is weak evidence, and says so.
            return Some((slot, Evidence { score: 0.5, ..evidence(Rule::SameTitle, new, other, &like, None) }));
        }
        None
    }

    /// Whether a headline is that of a series ("Morning briefing from the river towns today"): one source
    /// has given it to several stories, or `source` gives it again.
    fn is_series(&self, title: u64, source: u32) -> bool {
        let mut told: HashMap<u32, u32> = HashMap::new();
        self.folding(self.titles.get(&title)).any(|(slot, other)| {
            let cluster = self.cluster(slot);
            other.source == source || told.insert(other.source, cluster).is_some_and(|earlier| earlier != cluster)
        })
    }
}

/// The same words can still be two stories: other recordings behind them, or a standing phrase ("Read
/// the full story on our site", the site's own description) under different headlines.
fn same_text_veto(new: &Entrant, other: &Entrant, like: &Likeness, is_standing: bool) -> Option<Veto> {
    let (a, b) = (&new.fingerprint, &other.fingerprint);
    if let (Some(x), Some(y)) = (a.media, b.media)
        && x != y
    {
        return Some(Veto::Media);
    }
    is_phrase(new, other, like, is_standing).then_some(Veto::Titles)
}

/// Whether a text that two stories share may be a standing phrase: it is short, or is known to be one, or
/// about neither of the headlines of one source; and their headlines and addresses are different. One source
/// repeats longer phrases than two have in common.
fn is_phrase(new: &Entrant, other: &Entrant, like: &Likeness, is_standing: bool) -> bool {
    let (a, b) = (&new.fingerprint, &other.fingerprint);
    let headed = !a.title_tokens.is_empty() && !b.title_tokens.is_empty();
    let own = new.source == other.source;
    let (words, title) = if own || is_standing { (100, 0.6) } else { (20, 0.4) };
    let short = a.words.min(b.words) < words || is_standing || own && guard::is_standing(a, b);
    headed && short && like.title < title && (a.url.is_none() || a.url != b.url)
}

/// Keeps the better of two stories that a newcomer may join: of its own source, else the one with the more
/// similar headline, else the earlier.
fn better<'a>(best: &mut Option<(u32, &'a Entrant, Likeness)>, new: &Entrant, found: (u32, &'a Entrant, Likeness)) {
    let worth = |(_, other, like): &(u32, &Entrant, Likeness)| (other.source == new.source, like.title);
    if best.as_ref().is_none_or(|best| worth(&found) > worth(best)) {
        *best = Some(found);
    }
}

fn evidence(rule: Rule, new: &Entrant, other: &Entrant, like: &Likeness, veto: Option<Veto>) -> Evidence {
    let count = |print: &Fingerprint| u32::try_from(print.shingles.len()).unwrap_or(u32::MAX);
    Evidence {
        rule,
        with: None,
        score: like.score(),
        jaccard: like.jaccard,
        containment: like.containment,
        lead: like.lead,
        title: like.title,
        shingles: (like.shared as u32, count(&new.fingerprint), count(&other.fingerprint)),
        apart_seconds: new.time - other.time,
        veto,
    }
}
