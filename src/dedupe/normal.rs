//! Text into words: what counts as the same word, whatever the typography.
//!
//! Compatibility forms (NFKC), case, soft hyphens, zero-width characters, Arabic tatweel and
//! apostrophes inside words do not make another word. Numbers stay whole (`13.2`, `12:40`), thousands
//! separators go, and `48-3/4` is `48.75`. Scripts that put no spaces between words (Han, Kana, Thai,
//! Lao, Khmer, Burmese) give one token a character, so that a shingle of three tokens is a character
//! 3-gram there.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use xxhash_rust::xxh3::xxh3_64;

use super::lexicon;

/// One word of a normalised text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    /// Hash of the normalised word.
    pub(super) hash: u32,
    /// It has a digit, or is a spelled number, a month or a weekday.
    pub(super) number: bool,
    /// It began with a capital letter.
    pub(super) capital: bool,
    /// It is the first word of a sentence or a line.
    pub(super) opens_sentence: bool,
    /// It is so common that it tells nothing (articles, prepositions, "said").
    pub(super) stop: bool,
}

/// Hash of a normalised word, as in [`Token::hash`].
pub(super) fn word_hash(word: &str) -> u32 {
    // The low half of xxh3 is as good as the whole.
    xxh3_64(word.as_bytes()) as u32
}

/// Calls `each` with every word of a text and its normalised spelling, in order.
pub(super) fn words(text: &str, mut each: impl FnMut(Token, &str)) {
    let text = composed(text);
    let mut word = String::with_capacity(32);
    let mut opens_sentence = true;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if is_ignorable(c) {
            continue;
        }
        if is_spaceless(c) {
            word.clear();
            word.push(c);
            each(token(&word, false, opens_sentence), &word);
            opens_sentence = false;
            continue;
        }
        if !c.is_alphanumeric() {
            opens_sentence |= matches!(c, '.' | '!' | '?' | ':' | '\n' | '…' | '•' | '¶' | '。');
            continue;
        }
        word.clear();
        let capital = c.is_uppercase();
        push_lower(&mut word, c);
        let mut digits = c.is_ascii_digit();
        while let Some(&next) = rest.peek() {
            if is_ignorable(next) {
                rest.next();
            } else if next.is_alphanumeric() && !is_spaceless(next) {
                digits |= next.is_ascii_digit();
                push_lower(&mut word, next);
                rest.next();
            } else if is_mark(next) {
                word.push(next);
                rest.next();
            } else if joins(next, digits, &rest) {
                rest.next();
                // An apostrophe goes, a number's inner punctuation stays.
                if !is_apostrophe(next) {
                    word.push(if next == '\u{2044}' { '/' } else { next });
                }
            } else {
                break;
            }
        }
        if digits && let Some(number) = plain_number(&word) {
            word = number;
        }
        each(token(&word, capital, opens_sentence), &word);
        opens_sentence = false;
    }
}

/// The text in NFKC, unless it is already.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

fn token(word: &str, capital: bool, opens_sentence: bool) -> Token {
    let hash = word_hash(word);
    let plain = Token { hash, number: word.bytes().any(|b| b.is_ascii_digit()), capital, opens_sentence, stop: false };
    if !lexicon::may_play(hash) {
        return plain;
    }
    let stop = lexicon::is_stop(word);
    match lexicon::number(word) {
        Some(digits) => Token { hash: word_hash(digits), number: true, stop, ..plain },
        None => Token { number: plain.number || lexicon::is_calendar(word), stop, ..plain },
    }
}

fn push_lower(word: &mut String, c: char) {
    if c.is_ascii() {
        word.push(c.to_ascii_lowercase());
    } else if c == 'ß' {
        word.push_str("ss");
    } else {
        word.extend(c.to_lowercase());
    }
}

/// Whether this character stays inside the word that it stands in.
fn joins(c: char, digits: bool, rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut ahead = rest.clone();
    ahead.next();
    let next = ahead.peek().copied().unwrap_or(' ');
    if is_apostrophe(c) {
        return next.is_alphabetic();
    }
    digits && matches!(c, '.' | ',' | ':' | '/' | '-' | '\u{2044}') && next.is_ascii_digit()
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02BC}' | '\u{2018}' | '`' | '\u{00B4}')
}

/// Characters that are not seen: soft hyphen, zero-width, direction marks, tatweel, variation selectors.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{0640}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

/// Combining marks belong to the letter before them (vowel signs of Indic scripts, Arabic harakat).
fn is_mark(c: char) -> bool {
    !c.is_ascii() && unicode_normalization::char::is_combining_mark(c)
}

/// Scripts that are written without spaces between words.
fn is_spaceless(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF       // Thai, Lao
        | 0x1000..=0x109F     // Burmese
        | 0x1780..=0x17FF     // Khmer
        | 0x3040..=0x30FF     // Hiragana, Katakana
        | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)  // Han
        && (c.is_alphanumeric() || is_mark(c))
}

/// One spelling for one number: `1,000` is `1000`, `16-1/2` is `16.5`. `None`: it stays as it is.
fn plain_number(word: &str) -> Option<String> {
    let bytes = word.as_bytes();
    if bytes.contains(&b',') && bytes.iter().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'.')) {
        let groups = word.split('.').next().unwrap_or(word);
        let fits = groups.split(',').skip(1).all(|group| group.len() == 3);
        return Some(if fits { word.replace(',', "") } else { word.replace(',', ".") });
    }
    let (whole, fraction) = match word.split_once('-') {
        Some((whole, fraction)) if fraction.contains('/') => (whole, fraction),
        None if word.contains('/') => ("0", word),
        _ => return None,
    };
    let (above, below) = fraction.split_once('/')?;
    let parse = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 6);
    let (whole, above, below) = (parse(whole)?, parse(above)?, parse(below)?);
    // 7/8 is seven eighths, 11/24 a date: fractions of prices have these denominators only.
    if !matches!(below, 2 | 4 | 8 | 16 | 32 | 64) || above >= below {
        return None;
    }
    let value = f64::from(whole) + f64::from(above) / f64::from(below);
    Some(format!("{value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        words(text, |_, word| found.push(word.to_owned()));
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn typography_makes_no_other_word() {
        check("We didn’t get there", &["we", "didnt", "get", "there"]);
        check("We didn't get there", &["we", "didnt", "get", "there"]);
        check("co\u{AD}operate zero\u{200B}width", &["cooperate", "zerowidth"]);
        check("ﬁne Ｆｕｌｌ", &["fine", "full"]);
        check("STRASSE Straße", &["strasse", "strasse"]);
        check("محمـــد", &["محمد"]);
        check("e\u{301}tat état", &["état", "état"]);
    }

    #[test]
    fn numbers_stay_whole() {
        check("13.2 pct at 12:40", &["13.2", "pct", "at", "12:40"]);
        check("1,000 and 1,000,000", &["1000", "and", "1000000"]);
        check("up 48-3/4, 7/8", &["up", "48.75", "0.875"]);
        check("on 11/24 v2.14.0", &["on", "11/24", "v2.14.0"]);
        check("Boeing 747-400.", &["boeing", "747-400"]);
    }

    #[test]
    fn scripts_without_spaces_give_characters() {
        check("台风逼近", &["台", "风", "逼", "近"]);
        check("서울 시장", &["서울", "시장"]);
        check("ไทย", &["ไ", "ท", "ย"]);
    }

    #[test]
    fn knows_capitals_inside_a_sentence() {
        let mut names = Vec::new();
        words("The mayor met Anna Lund. Rain fell", |token, word| {
            if token.capital && !token.opens_sentence {
                names.push(word.to_owned());
            }
        });
        assert_eq!(names, ["anna", "lund"]);
    }
}
