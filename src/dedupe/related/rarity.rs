//! What a term is worth: how rare it is, learnt from the stream itself.
//!
//! Inverse document frequency over events more than over stories: a name in twenty tellings of one
//! event is as telling as before. Before a stream has shown anything, what a word looks like stands
//! in for what it will turn out to be, as if [`PRIOR`] stories had been seen.

use std::collections::HashMap;

use super::terms::Term;

/// Stories that the guess from a word's looks is worth.
const PRIOR: f32 = 100.0;
/// Guessed share of the stories that have a common word, another word, a number or date, a name.
const COMMON: f32 = 0.15;
const WORD: f32 = 0.02;
const NUMBER: f32 = 0.01;
const NAME: f32 = 0.004;
/// An event is who and where before it is what.
const NAME_WEIGHT: f32 = 1.3;
/// How much the count of events counts; the rest is the count of stories.
const EVENTS: f32 = 0.7;
/// However common, a term is worth something.
const LEAST: f32 = 0.05;
/// Terms that are remembered; past it all counts are halved, and what was seen once goes.
const MOST_TERMS: usize = 1 << 18;

/// The terms of a stream and how common they are.
#[derive(Debug, Default)]
pub(super) struct Rarity {
    terms: HashMap<u32, Seen>,
    stories: u32,
    events: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    stories: u32,
    events: u32,
    lower: u32,
    capital: u32,
    unsure: u32,
    number: bool,
    common: bool,
}

impl Rarity {
    /// Learns how the words of a story are written. Comes before [`Rarity::weigh`]: the story itself may
    /// be the first to show that a word is a name.
    pub(super) fn read(&mut self, terms: &[Term]) {
        for term in terms {
            let seen = self.terms.entry(term.hash).or_default();
            seen.lower += u32::from(term.lower);
            seen.capital += u32::from(term.capital);
            seen.unsure += u32::from(term.unsure);
            seen.number |= term.number;
            seen.common |= term.common;
        }
    }

    /// What a term is worth now, and whether it names or counts something.
    pub(super) fn weigh(&self, term: u32) -> (f32, bool) {
        let seen = self.terms.get(&term).copied().unwrap_or_default();
        let name = seen.is_name();
        let guess = match () {
            () if seen.common => COMMON,
            () if seen.number => NUMBER,
            () if name => NAME,
            () => WORD,
        };
        let of = mixed(self.stories, self.events) + PRIOR;
        let rare = (of / (mixed(seen.stories, seen.events) + PRIOR * guess)).ln().max(LEAST);
        (if name { rare * NAME_WEIGHT } else { rare }, name || seen.number)
    }

    /// Counts a story's terms; `news` says of a term whether its event did not have it before.
    pub(super) fn count(&mut self, terms: &[Term], opens: bool, news: impl Fn(u32) -> bool) {
        self.stories += 1;
        self.events += u32::from(opens);
        for term in terms {
            let seen = self.terms.entry(term.hash).or_default();
            seen.stories += 1;
            seen.events += u32::from(news(term.hash));
        }
    }

    /// Keeps memory bounded; what is common now matters more than what was.
    pub(super) fn forget(&mut self) {
        if self.terms.len() <= MOST_TERMS {
            return;
        }
        self.stories /= 2;
        self.events /= 2;
        self.terms.retain(|_, seen| {
            for count in [&mut seen.stories, &mut seen.events, &mut seen.lower, &mut seen.capital, &mut seen.unsure] {
                *count /= 2;
            }
            seen.stories > 0
        });
    }
}

impl Seen {
    /// Written with a capital more often than not, or seen only where every word has one.
    fn is_name(&self) -> bool {
        let named = self.capital > self.lower;
        !self.number && (named || self.lower == 0 && self.unsure > 0 && !self.common)
    }
}

fn mixed(stories: u32, events: u32) -> f32 {
    EVENTS * events as f32 + (1.0 - EVENTS) * stories as f32
}

#[cfg(test)]
mod tests {
    use super::super::terms::terms;
    use super::*;

    fn weight(rarity: &Rarity, word: &str) -> f32 {
        rarity.weigh(terms("", word)[0].hash).0
    }

    #[test]
    fn names_weigh_more_than_words_and_words_more_than_common_ones() {
        let mut rarity = Rarity::default();
        rarity.read(&terms("", "The ferry Isola was late, police told us"));
        let [name, word, common] = ["isola", "ferry", "police"].map(|word| weight(&rarity, word));
        assert!(name > word && word > common, "{name} {word} {common}");
    }

    #[test]
    fn many_tellings_of_one_event_make_a_name_less_common_than_many_events() {
        let story = terms("", "the ferry Isola");
        let [mut one, mut many] = [Rarity::default(), Rarity::default()];
        for at in 0..50 {
            one.read(&story);
            one.count(&story, at == 0, |_| at == 0);
            many.read(&story);
            many.count(&story, true, |_| true);
        }
        assert!(weight(&one, "isola") > weight(&many, "isola"));
    }
}
