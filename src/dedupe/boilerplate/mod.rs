//! Boilerplate that one source puts around its stories: learnt from what it repeats.
//!
//! [`learn`] counts of each line (block) how many different stories had it, [`repeated`] says which lines of a text
//! are of that kind. A telling of a story that was counted is no second one, so what is told again and again (a live
//! blog, a correction, a wire under other headlines) teaches nothing. What is remembered comes in and goes
//! out as [`Blocks`]; nothing in here knows where it is kept.

mod distinct;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use xxhash_rust::xxh3::Xxh3;

use self::distinct::{is_distinct, witness};
use super::furniture::is_boilerplate;
use crate::model::{Block, Blocks, Fingerprint, Sightings, Witness};

/// So many different stories make a line boilerplate (reference: a block in five articles of one source).
const STORIES: usize = 5;
/// Lines of a text that are looked at: the first, and the last, where boilerplate mostly stands.
const HEAD: usize = 12;
const TAIL: usize = 36;
/// A longer line, in letters, is no boilerplate.
const LONGEST: usize = 2_000;
/// A line of so many letters is a sentence. A shorter one may be a heading, a step of a recipe or an item of a list,
/// which belong to a text though many have them.
const SENTENCE: usize = 40;
/// Letters of a story's own beyond which a line no longer stands at an edge of its text.
const EDGE: usize = 60;
/// What is usual is in one story of so many, since it was seen first.
const USUAL: u64 = 3;
/// A story of fewer letters than this that has less than a fifth of its text left would be nothing.
const REST: usize = 24;

/// The blocks of a text that are worth remembering, each once.
pub fn blocks(text: &str) -> BTreeSet<Block> {
    let lines: Vec<&str> = lines(text).collect();
    let middle = lines.len().saturating_sub(TAIL).max(HEAD);
    let outer = lines.iter().take(HEAD).chain(lines.iter().skip(middle));
    outer.filter(|line| letters(line) <= LONGEST).filter_map(|line| block(line)).collect()
}

/// Learns from one more story of a source: its text, and the hashes of it as it was sent.
pub fn learn(known: &mut Blocks, text: &str, print: &Fingerprint) {
    known.stories += 1;
    let (now, told) = (known.stories, witness(print));
    for block in blocks(text) {
        let fresh = || Sightings { first: now, ..Sightings::default() };
        let seen = known.seen.entry(block).or_insert_with(fresh);
        seen.last = now;
        seen.times += 1;
        let Some(told) = told.as_ref().filter(|_| !seen.is_learnt) else { continue };
        testify(&mut seen.witnesses, told, print);
        if seen.witnesses.len() >= STORIES {
            seen.witnesses = Vec::new();
            seen.is_learnt = true;
        }
    }
}

/// Adds a story to the witnesses if it is another than each of them. Of two that are one the fuller stays: a short
/// story that says little else than the line is hard to tell from any.
fn testify(witnesses: &mut Vec<Witness>, told: &Witness, print: &Fingerprint) {
    let mut same = witnesses.iter_mut().filter(|other| !is_distinct(other, print));
    match (same.next(), same.next()) {
        (None, _) => witnesses.push(told.clone()),
        (Some(other), None) if other.shingles < told.shingles => *other = told.clone(),
        _ => {}
    }
}

/// The numbers of the lines of a text (blank ones not counted) that are boilerplate of its source. None at all where
/// next to nothing would be left: then they are what the story says.
///
/// Any line that is a sentence goes from the edges of a text, and from between its paragraphs what is usual there. A
/// short line goes only where it is usual and stands at the end: a heading never does.
pub fn repeated(known: &Blocks, text: &str) -> Vec<usize> {
    let lines: Vec<Line> = lines(text).map(|line| Line::of(line, known)).collect();
    let usual = lines.iter().enumerate().filter(|(_, line)| line.is_sentence() && line.learnt == Some(true));
    let mut found: BTreeSet<usize> = usual.map(|(number, _)| number).collect();
    found.extend(edge(lines.iter().enumerate().rev(), |line| line.is_sentence() || line.learnt == Some(true)));
    found.extend(edge(lines.iter().enumerate(), Line::is_sentence));
    let own = |(number, line): (usize, &Line)| if found.contains(&number) { 0 } else { line.own() };
    let left: usize = lines.iter().enumerate().map(own).sum();
    let all: usize = lines.iter().map(|line| line.letters).sum();
    if left < REST && left * 5 < all { Vec::new() } else { found.into_iter().collect() }
}

/// A line of a text.
struct Line {
    letters: usize,
    /// Whether it is usual, where it is learnt.
    learnt: Option<bool>,
    /// It is boilerplate anywhere.
    is_furniture: bool,
}

impl Line {
    fn of(line: &str, known: &Blocks) -> Line {
        let seen = block(line).and_then(|block| known.seen.get(&block)).filter(|seen| seen.is_learnt);
        let learnt = seen.map(|seen| seen.times * USUAL > known.stories.saturating_sub(seen.first));
        Line { letters: letters(line), learnt, is_furniture: is_boilerplate(line) }
    }

    fn is_sentence(&self) -> bool {
        self.letters >= SENTENCE
    }

    /// Letters of the story's own.
    fn own(&self) -> usize {
        if self.is_furniture { 0 } else { self.letters }
    }
}

/// The learnt lines that stand at one edge of a text, whose lines come from there, as far as they may go there.
fn edge<'l>(lines: impl Iterator<Item = (usize, &'l Line)>, may_go: impl Fn(&Line) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut own = 0;
    for (number, line) in lines {
        match line.learnt {
            Some(_) if may_go(line) => found.push(number),
            _ => own += line.own(),
        }
        if own > EDGE {
            break;
        }
    }
    found
}

/// The lines of a text that are not blank.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// What a line is known by: its words, whatever stands between them. `None`: it has none.
fn block(line: &str) -> Option<Block> {
    let mut hash = Xxh3::with_seed(0);
    let mut is_empty = true;
    for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        hash.update(word.to_lowercase().as_bytes());
        hash.update(b" ");
        is_empty = false;
    }
    (!is_empty).then(|| hash.digest())
}

/// Letters and digits of a line; a character of a script that needs few of them counts three times.
fn letters(line: &str) -> usize {
    line.chars().filter(|c| c.is_alphanumeric()).map(|c| if c >= '\u{2E80}' { 3 } else { 1 }).sum()
}
