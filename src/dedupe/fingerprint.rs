//! A story's text into the hashes that are stored and compared.

use std::collections::VecDeque;

use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

use super::canonical::canonical_url;
use super::furniture::{compared_title, dateline, is_boilerplate, is_byline, is_correction};
use super::minhash::bands;
use super::normal::{Token, words};
use crate::model::{Digest, Fingerprint, Story};

/// Fewer words than this are no evidence of anything (trap 8 of the reference: tiny sets).
pub(super) const LEAST_WORDS: usize = 8;
/// A title with fewer significant words says too little to fold on (D07, D08).
const LEAST_TITLE_WORDS: usize = 6;
/// The words whose shingles are the lead. Characters of scripts without spaces count half.
const LEAD_WORDS: usize = 60;
/// Words of a text that are compared; what comes behind them adds cost and no certainty.
const MOST_WORDS: usize = 20_000;

/// All hashes of a story.
pub fn fingerprint(story: &Story) -> Fingerprint {
    let media = story.enclosures.iter().find(|enclosure| {
        enclosure.media_type.as_deref().is_some_and(|kind| kind.starts_with("audio/") || kind.starts_with("video/"))
    });
    Fingerprint {
        original: story.canonical.as_deref().and_then(address),
        media: media.map(|enclosure| xxh3_64(enclosure.url.as_bytes())),
        ..fingerprint_of(story.url.as_deref(), &story.title, &story.text)
    }
}

/// The hashes of a bare title, text and address, as `cluster` reads them.
pub fn fingerprint_of(url: Option<&str>, title: &str, text: &str) -> Fingerprint {
    let mut print =
        Fingerprint { url: url.and_then(address), correction: is_correction(title, text), ..Fingerprint::default() };
    read_title(compared_title(title), &mut print);
    read_text(text, &mut print);
    for set in [&mut print.title_tokens, &mut print.shingles, &mut print.tokens, &mut print.numbers, &mut print.names] {
        set.sort_unstable();
        set.dedup();
        set.shrink_to_fit();
    }
    print.bands = bands(&print.shingles);
    print
}

/// Of the canonical URL, where that can identify a story.
fn address(url: &str) -> Option<Digest> {
    canonical_url(url).filter(identifies).map(|url| sha256(url.as_str().as_bytes()))
}

/// A site's front page is the address of no story, though feeds give it to many.
fn identifies(url: &url::Url) -> bool {
    url.path() != "/" || url.query().is_some()
}

fn sha256(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

fn read_title(title: &str, print: &mut Fingerprint) {
    let mut whole = String::new();
    let mut halves = 0;
    let mut parts = Parts::default();
    words(title, |token, word| {
        if token.number {
            print.numbers.push(token.hash);
        }
        if !token.stop {
            halves += if token.part { 1 } else { 2 };
        }
        if let Some(hash) = parts.significant(token) {
            print.title_tokens.push(hash);
            print.tokens.push(hash);
        }
        whole.push_str(word);
        whole.push(' ');
    });
    print.title = (halves >= 2 * LEAST_TITLE_WORDS).then(|| xxh3_64(whole.as_bytes()));
}

/// Finds significant words. In scripts without spaces these are pairs of characters: single ones are in
/// every text, and most words there have two.
#[derive(Default)]
struct Parts {
    last: Option<u32>,
}

impl Parts {
    fn significant(&mut self, token: Token) -> Option<u32> {
        let last = std::mem::replace(&mut self.last, token.part.then_some(token.hash));
        if token.part { last.map(|last| shingle(last, token.hash, 2)) } else { (!token.stop).then_some(token.hash) }
    }
}

fn read_text(text: &str, print: &mut Fingerprint) {
    let mut exact = Sha256::new();
    let mut count = 0;
    let mut capitals = 0;
    // The last two words, for the next shingle.
    let mut last: [Option<u32>; 2] = [None, None];
    let mut parts = Parts::default();
    let mut slots = Slots::default();
    let mut halves = 0;
    let mut take = |token: Token, word: &str, compared: bool| {
        if count >= MOST_WORDS {
            return;
        }
        count += 1;
        exact.update(word.as_bytes());
        exact.update(b" ");
        if token.number {
            print.numbers.push(token.hash);
        }
        if let Some(hash) = parts.significant(token) {
            print.tokens.push(hash);
            capitals += usize::from(token.capital);
            if token.capital && !token.opens_sentence && !token.number && compared {
                print.names.push(token.hash);
            }
        }
        if !compared {
            return;
        }
        if let [Some(first), Some(second)] = last {
            let shingle = shingle(first, second, token.hash);
            print.shingles.push(shingle);
            if halves < 2 * LEAD_WORDS {
                print.lead.push(shingle);
            }
        }
        halves += if token.part { 1 } else { 2 };
        last = [last[1], Some(token.hash)];
        slots.push(token);
    };

    let mut rest = text;
    let mut opening = true;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        if opening && is_byline(line) || is_boilerplate(line) {
            rest = after;
            continue;
        }
        if opening && !line.trim().is_empty() {
            opening = false;
            let start = line.len() - line.trim_start().len();
            let cut = start + dateline(&line[start..]);
            words(&line[..cut], |token, word| take(token, word, false));
            words(&line[cut..], |token, word| take(token, word, true));
        } else {
            words(line, |token, word| take(token, word, true));
        }
        rest = after;
    }

    slots.finish(print);
    print.words = u32::try_from(count).unwrap_or(u32::MAX);
    if count >= LEAST_WORDS {
        print.exact = Some(Digest(exact.finalize().into()));
    }
    // A text in capitals throughout, or in a language that capitalises nouns, names nothing by them.
    if capitals * 2 > count {
        print.names.clear();
        print.name_slots.clear();
    }
}

/// Reads the places of numbers and names: each stands between two words before and two words behind
/// it, and is found by either.
#[derive(Default)]
struct Slots {
    /// The last five words; what stands for any number or name is [`Slots::ANY`].
    words: VecDeque<(u32, u32, Variable)>,
    numbers: Vec<u64>,
    names: Vec<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Variable {
    No,
    Number,
    Name,
}

impl Slots {
    const ANY: u32 = 0;

    fn push(&mut self, token: Token) {
        let kind = if token.number {
            Variable::Number
        } else if token.capital && !token.opens_sentence && !token.stop {
            Variable::Name
        } else {
            Variable::No
        };
        let seen = if kind == Variable::No { token.hash } else { Slots::ANY };
        self.words.push_back((token.hash, seen, kind));
        if self.words.len() > 5 {
            self.words.pop_front();
        }
        if self.words.len() == 5 {
            self.take(2);
        }
    }

    fn take(&mut self, at: usize) {
        let (hash, _, kind) = self.words[at];
        if kind == Variable::No {
            return;
        }
        let seen = |at: usize| self.words.get(at).map_or(1, |word| word.1);
        let (before, behind) = (shingle(seen(at - 2), seen(at - 1), 2), shingle(seen(at + 1), seen(at + 2), 3));
        let slots = if kind == Variable::Number { &mut self.numbers } else { &mut self.names };
        for place in [before, behind] {
            slots.push(u64::from(place) << 32 | u64::from(hash));
        }
    }

    fn finish(mut self, print: &mut Fingerprint) {
        for slots in [&mut self.numbers, &mut self.names] {
            slots.sort_unstable();
            slots.dedup();
        }
        (print.number_slots, print.name_slots) = (self.numbers, self.names);
    }
}

fn shingle(a: u32, b: u32, c: u32) -> u32 {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&a.to_le_bytes());
    bytes[4..8].copy_from_slice(&b.to_le_bytes());
    bytes[8..].copy_from_slice(&c.to_le_bytes());
    xxh3_64_with_seed(&bytes, 3) as u32
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = "Talks on the river treaty ended without a deal on Sunday, the two delegations said.";

    #[test]
    fn the_dateline_is_in_the_exact_hash_and_not_in_the_shingles() {
        let plain = fingerprint_of(None, "", TEXT);
        let dated = fingerprint_of(None, "", &format!("PORT ELLERY, Nov 23 (Wire) - {TEXT}"));
        assert_ne!(plain.exact, dated.exact);
        assert_eq!(plain.shingles, dated.shingles);
    }

    #[test]
    fn typography_and_boilerplate_change_nothing() {
        let plain = fingerprint_of(None, "We didn't get there", TEXT);
        let other = fingerprint_of(
            None,
            "We didn’t get there - Harbour News",
            &format!("By Anna Lund\n{TEXT}\n\nRead more: ferry strike"),
        );
        assert_eq!(plain, other);
    }

    #[test]
    fn a_tiny_text_is_no_evidence() {
        let print = fingerprint_of(None, "Weather", "It will rain.");
        assert_eq!((print.exact, print.title), (None, None));
    }

    #[test]
    fn a_front_page_is_the_address_of_no_story() {
        assert_eq!(fingerprint_of(Some("https://n.example/"), "", "").url, None);
        assert!(fingerprint_of(Some("https://n.example/?p=1"), "", "").url.is_some());
    }

    proptest! {
        #[test]
        fn any_text_has_a_fingerprint(
            pieces in proptest::collection::vec(
                prop_oneof![
                    "\\PC{0,6}", "[0-9]{1,3}", Just("U.S.".to_owned()), Just("per cent".to_owned()), Just(" 1/2".to_owned()),
                    Just("½".to_owned()), Just("\u{2044}".to_owned()), "[一二三百万亿〇]{1,5}", "[٠-٩०-९๐-๙]{1,3}", "[ .,:'’\n【】（）%-]{1,2}",
                    Just("日电".to_owned()), Just("\u{e34}\u{64b}\u{301}".to_owned()),
                ],
                0..40,
            )
        ) {
            let text = pieces.concat();
            let print = fingerprint_of(None, &text, &text);
            prop_assert!(print.lead.len() <= 118);
            prop_assert_eq!(fingerprint_of(None, &text, &text), print);
        }
    }
}
