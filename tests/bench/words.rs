//! Stories to measure with: own words in the proportions of a language, the same each time, a quarter
//! of them near-copies of recent ones.

use std::collections::VecDeque;

/// Words of the language; the n-th is n times as rare as the first (Zipf).
const WORDS: u64 = 30_000;
/// Words of a text: this many, and up to as many again more.
const LEAST_WORDS: u64 = 100;
/// Near-copies are of one of so many stories before them.
const RECENT: usize = 2_000;
const SYLLABLES: [&str; 40] = [
    "ba", "ter", "lo", "min", "ra", "ses", "ku", "dor", "ne", "pal", "ti", "gor", "ve", "lan", "so", "mir", "fa",
    "den", "hu", "kel", "ri", "bos", "ja", "nut", "wo", "gal", "pe", "sil", "mo", "tar", "zi", "rok", "le", "van",
    "cu", "dim", "yo", "hast", "bre", "kin",
];

/// Numbers that look random (SplitMix64, Steele 2014).
pub(crate) struct Numbers(u64);

impl Numbers {
    pub(crate) fn new(seed: u64) -> Numbers {
        Numbers(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// A word of the language, by its rank.
    fn word(&mut self) -> u64 {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((share * (WORDS as f64).ln()).exp() as u64).min(WORDS) - 1
    }
}

/// A story as a source tells it.
#[derive(Clone)]
pub(crate) struct Story {
    pub(crate) number: u64,
    pub(crate) title: String,
    pub(crate) text: String,
    words: Vec<u64>,
}

/// One story after another.
pub(crate) struct Stories {
    numbers: Numbers,
    told: u64,
    recent: VecDeque<Story>,
}

impl Stories {
    pub(crate) fn new(seed: u64) -> Stories {
        Stories { numbers: Numbers::new(seed), told: 0, recent: VecDeque::new() }
    }

    #[allow(dead_code, reason = "one of the two benchmarks asks")]
    pub(crate) fn told(&self) -> u64 {
        self.told
    }

    pub(crate) fn tell(&mut self) -> Story {
        self.told += 1;
        let story =
            if self.numbers.below(4) == 0 && !self.recent.is_empty() { self.near_copy() } else { self.of_its_own() };
        self.recent.push_back(story.clone());
        if self.recent.len() > RECENT {
            self.recent.pop_front();
        }
        story
    }

    fn of_its_own(&mut self) -> Story {
        let numbers = &mut self.numbers;
        let length = LEAST_WORDS + numbers.below(LEAST_WORDS);
        let words: Vec<u64> = (0..length).map(|_| numbers.word()).collect();
        let title: Vec<String> = (0..8).map(|_| spelled(numbers.word())).collect();
        Story { number: self.told, title: capitalised(&title.join(" ")), text: written(&words), words }
    }

    /// About 1 word in 30 replaced, and now and then a paragraph cut.
    fn near_copy(&mut self) -> Story {
        let of = self.numbers.below(self.recent.len() as u64) as usize;
        let (title, mut words) = (self.recent[of].title.clone(), self.recent[of].words.clone());
        for word in &mut words {
            if self.numbers.below(30) == 0 {
                *word = self.numbers.word();
            }
        }
        if self.numbers.below(4) == 0 {
            words.truncate(words.len().max(80) * 3 / 4);
        }
        Story { number: self.told, title, text: written(&words), words }
    }
}

/// Sentences of 14 words; rare words are names where they are a multiple of 16, and a few are numbers.
fn written(words: &[u64]) -> String {
    let mut text = String::new();
    for sentence in words.chunks(14) {
        for (place, word) in sentence.iter().enumerate() {
            if !text.is_empty() {
                text.push(' ');
            }
            match word {
                _ if place == 0 => text.push_str(&capitalised(&spelled(*word))),
                200.. if word % 16 == 0 => text.push_str(&capitalised(&spelled(*word))),
                200.. if word % 16 == 1 => text.push_str(&word.to_string()),
                _ => text.push_str(&spelled(*word)),
            }
        }
        text.push('.');
    }
    text
}

/// Common words are short.
fn spelled(mut rank: u64) -> String {
    let base = SYLLABLES.len() as u64;
    let mut word = String::new();
    loop {
        word.push_str(SYLLABLES[(rank % base) as usize]);
        rank /= base;
        if rank == 0 {
            return word;
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
