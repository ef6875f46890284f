//! A story as terms: what it speaks of, how much, and how the words were written.

use std::collections::HashMap;

use super::super::normal::{Token, word_hash, words};
use super::common::is_common;

/// Letters of a word that count. An event is told in other words and in other forms of them
/// ("election", "elected"); cutting serves every inflected language, and needs no rules for any. With 4
/// B-cubed F1 is .01 higher than with 5, whatever the thresholds, and .02 than with 6; 3 mix up too much.
const LETTERS: usize = 4;
/// Words of a text that tell the event; background comes behind them.
const LEAD_WORDS: usize = 60;
/// What a word behind the lead is worth.
const TAIL: f32 = 0.5;
/// Words of a text that are read at all.
const MOST_WORDS: usize = 400;
/// What a word gains by standing in the title too.
const TITLE: f32 = 1.3;
/// What a word of the title is worth that the text does not have.
const TITLE_ALONE: f32 = 0.7;

/// One term of a story.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) hash: u32,
    /// How much this story speaks of it, 0 to 2.6.
    pub(super) weight: f32,
    /// Written with a small letter, with a capital inside a sentence, with a capital where every word
    /// has one.
    pub(super) lower: bool,
    pub(super) capital: bool,
    pub(super) unsure: bool,
    /// A number or a date.
    pub(super) number: bool,
    /// See [`is_common`].
    pub(super) common: bool,
}

/// How a word stands in its line.
#[derive(Clone, Copy)]
struct Word {
    hash: u32,
    token: Token,
    common: bool,
}

/// What a term has gathered so far.
#[derive(Default)]
struct Gathered {
    count: f32,
    titled: bool,
    lower: bool,
    capital: bool,
    unsure: bool,
    number: bool,
    common: bool,
}

/// The terms of a story, in order of their hashes.
pub(super) fn terms(title: &str, text: &str) -> Vec<Term> {
    let mut gathered: HashMap<u32, Gathered> = HashMap::new();
    let mut read = 0;
    gather(title, &mut gathered, |term| term.titled = true);
    for line in text.lines() {
        gather(line, &mut gathered, |term| {
            term.count += if read < LEAD_WORDS { 1.0 } else { TAIL };
            read += 1;
        });
        if read >= MOST_WORDS {
            break;
        }
    }
    let mut terms: Vec<Term> = gathered.into_iter().map(|(hash, term)| term.finish(hash)).collect();
    terms.sort_unstable_by_key(|term| term.hash);
    terms
}

impl Gathered {
    fn finish(self, hash: u32) -> Term {
        // The second mention says less than the first.
        let told = if self.count > 0.0 { 2.0 * self.count / (self.count + 1.0) } else { TITLE_ALONE };
        Term {
            hash,
            weight: if self.titled { told * TITLE } else { told },
            lower: self.lower,
            capital: self.capital,
            unsure: self.unsure,
            number: self.number,
            common: self.common,
        }
    }
}

/// Gathers the terms of one line; `count` says what an occurrence is worth.
fn gather(line: &str, into: &mut HashMap<u32, Gathered>, mut count: impl FnMut(&mut Gathered)) {
    let found = line_words(line);
    let shouted = every_word_has_a_capital(&found);
    for Word { hash, token, common } in found {
        let term = into.entry(hash).or_default();
        term.number |= token.number;
        term.common |= common;
        if !token.number {
            term.lower |= !token.capital;
            term.capital |= token.capital && !token.opens_sentence && !shouted;
            term.unsure |= token.capital && (token.opens_sentence || shouted);
        }
        count(term);
    }
}

fn line_words(line: &str) -> Vec<Word> {
    let mut found = Vec::new();
    // Of a script without spaces two neighbours are a term: one character says next to nothing.
    let mut before: Option<char> = None;
    words(line, |token, word| {
        if found.len() >= MOST_WORDS {
            return;
        }
        let mut letters = word.chars();
        let first = letters.next().unwrap_or(' ');
        if !first.is_ascii() && first.is_alphabetic() && letters.next().is_none() {
            if let Some(before) = before.replace(first) {
                let pair: String = [before, first].iter().collect();
                found.push(Word { hash: word_hash(&pair), token, common: false });
            }
            return;
        }
        before = None;
        if token.stop || word.len() < 2 && !token.number {
            return;
        }
        let hash = if token.number { token.hash } else { word_hash(beginning(word)) };
        found.push(Word { hash, token, common: !token.number && is_common(word) });
    });
    found
}

fn beginning(word: &str) -> &str {
    word.char_indices().nth(LETTERS).map_or(word, |(at, _)| &word[..at])
}

/// Headlines Like This One, or in capitals: there a capital makes no name.
fn every_word_has_a_capital(line: &[Word]) -> bool {
    let inside = line.iter().filter(|word| !word.token.number && !word.token.opens_sentence);
    let (all, capitals) =
        inside.fold((0, 0), |(all, capitals), word| (all + 1, capitals + usize::from(word.token.capital)));
    capitals * 10 > all * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn find(terms: &[Term], word: &str) -> Term {
        let hash = word_hash(beginning(word));
        *terms.iter().find(|term| term.hash == hash).unwrap_or_else(|| panic!("no {word}"))
    }

    #[test]
    fn forms_of_a_word_are_one_term() {
        assert_eq!(terms("", "elections").len(), 1);
        assert_eq!(terms("", "elections elected").len(), 1);
        assert_eq!(terms("", "выборы выборов")[0].weight, terms("", "выборы выборы")[0].weight);
    }

    #[test]
    fn a_capital_makes_a_name_only_where_not_every_word_has_one() {
        let found = terms("Ferry Runs Aground Off Port Ellery", "The ferry Isola ran aground near Ellery.");
        assert!(find(&found, "isola").capital && find(&found, "ellery").capital);
        assert!(!find(&found, "aground").capital && find(&found, "aground").lower);
        assert!(find(&found, "runs").unsure && !find(&found, "runs").capital);
    }

    #[test]
    fn the_title_and_the_lead_weigh_more() {
        let tail = "filler words stand here ".repeat(20);
        let found = terms("harbour", &format!("harbour quay {tail} beacon"));
        let weight = |word| find(&found, word).weight;
        assert!(weight("harbour") > weight("quay") && weight("quay") > weight("beacon"));
    }

    #[test]
    fn scripts_without_spaces_give_pairs_of_characters() {
        assert_eq!(terms("", "台风逼近").len(), 3);
        assert_eq!(terms("", ""), Vec::new());
    }
}
