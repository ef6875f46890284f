//! Text into words: what counts as the same word, whatever the typography.
//!
//! Compatibility forms (NFKC), case, soft hyphens, zero-width characters, Arabic tatweel and
//! apostrophes inside words do not make another word, nor do the points of initials (`U.S.`), the
//! digits of other scripts, and the ways to abbreviate a unit. Numbers stay whole (`13.2`, `12:40`),
//! thousands separators go, and `48-3/4`, `48 3/4` and `48¾` are `48.75`. Scripts that put no spaces
//! between words (Han, Kana, Thai, Lao, Khmer, Burmese) give one token a character with its marks, so
//! that a shingle of three tokens is a character 3-gram there; numbers in Han numerals stay whole.

use std::borrow::Cow;
use std::str::Chars;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
use xxhash_rust::xxh3::xxh3_64;

use super::han;
use super::lexicon::{Role, role};

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
    /// It is a character of a script without spaces: a part of a word.
    pub(super) part: bool,
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
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if is_ignorable(c) {
            continue;
        }
        word.clear();
        let (mut capital, mut part) = (false, false);
        if c == '%' {
            word.push_str("percent");
        } else if is_spaceless(c) {
            part = !han::number(c, &mut rest, &mut word);
            if part {
                word.push(c);
                take_while(&mut rest, is_mark, &mut word);
            }
        } else if c.is_alphanumeric() {
            capital = c.is_uppercase();
            read_word(c, &mut rest, &mut word);
        } else {
            opens_sentence |= matches!(c, '.' | '!' | '?' | ':' | '\n' | '…' | '•' | '¶' | '。');
            continue;
        }
        let token = token(&word);
        each(Token { number: token.number || part && han::is_digit(c), capital, opens_sentence, part, ..token }, &word);
        opens_sentence = false;
    }
}

/// Reads a word of a script with spaces, of which `first` is read already.
fn read_word(first: char, rest: &mut Chars<'_>, word: &mut String) {
    push_lower(word, first);
    let mut digits = is_decimal(first);
    if first.is_alphabetic() && read_initials(rest, word) {
        return;
    }
    loop {
        let mut ahead = rest.clone();
        let Some(next) = ahead.next() else { break };
        if is_ignorable(next) {
            // Not seen, not kept.
        } else if next.is_alphanumeric() && !is_spaceless(next) {
            digits |= is_decimal(next);
            push_lower(word, next);
        } else if is_mark(next) {
            word.push(next);
        } else if is_apostrophe(next) && ahead.clone().next().is_some_and(char::is_alphabetic) {
            // An apostrophe goes, a number's inner punctuation stays.
        } else if digits && joins_digits(next) && ahead.clone().next().is_some_and(is_decimal) {
            word.push(if next == '\u{2044}' { '/' } else { next });
        } else {
            break;
        }
        *rest = ahead;
    }
    if digits {
        read_fraction(rest, word);
        if let Some(number) = plain_number(word) {
            *word = number;
        }
    } else if word == "per" && rest.as_str().strip_prefix(" cent").is_some_and(ends_word) {
        word.push_str("cent");
        rest.nth(" cent".len() - 1);
    }
}

/// Reads the rest of initials with points ("U.S.", of which "u" is in `word`); false: they are none.
fn read_initials(rest: &mut Chars<'_>, word: &mut String) -> bool {
    let before = rest.as_str();
    let mut ahead = before;
    let mut letters = word.clone();
    while let Some(tail) = ahead.strip_prefix('.') {
        let mut chars = tail.chars();
        let Some(letter) = chars.next().filter(|c| c.is_alphabetic() && ends_word(chars.as_str())) else { break };
        push_lower(&mut letters, letter);
        ahead = chars.as_str();
    }
    if ahead.len() == before.len() {
        return false;
    }
    *word = letters;
    *rest = ahead.strip_prefix('.').unwrap_or(ahead).chars();
    true
}

/// Reads the fraction behind a whole number ("16 1/2", of which "16" is in `word`).
fn read_fraction(rest: &mut Chars<'_>, word: &mut String) {
    let Some(tail) = rest.as_str().strip_prefix(' ') else { return };
    let end = tail.find(|c: char| !c.is_ascii_digit() && c != '/' && c != '\u{2044}').unwrap_or(tail.len());
    let fraction = tail[..end].replace('\u{2044}', "/");
    if word.bytes().all(|b| b.is_ascii_digit()) && ends_word(&tail[end..]) {
        let whole = format!("{word}-{fraction}");
        if plain_number(&whole).is_some() {
            *word = whole;
            *rest = tail[end..].chars();
        }
    }
}

/// Takes characters as long as they are of a kind.
fn take_while(rest: &mut Chars<'_>, kind: impl Fn(char) -> bool, into: &mut String) {
    while let Some(next) = rest.clone().next().filter(|c| kind(*c)) {
        into.push(next);
        rest.next();
    }
}

/// Whether a word that stands before this text ends there.
fn ends_word(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric() || is_mark(c))
}

/// The text in NFKC, unless it is already.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        return Cow::Borrowed(text);
    }
    // "16½" must not become "161/2".
    let mut apart = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        let fraction = matches!(c, '\u{BC}'..='\u{BE}' | '\u{2150}'..='\u{215F}');
        if fraction && apart.ends_with(|c: char| c.is_ascii_digit()) {
            apart.push('-');
        }
        apart.push(c);
    }
    Cow::Owned(apart.nfkc().collect())
}

fn token(word: &str) -> Token {
    let (mut spelled, mut number, mut stop) = (word, word.bytes().any(|b| b.is_ascii_digit()), false);
    match role(word) {
        Some(Role::Number(digits)) => (spelled, number) = (digits, true),
        Some(Role::Unit(unit)) => spelled = unit,
        Some(Role::Calendar) => number = true,
        Some(Role::Stop) => stop = true,
        None => {}
    }
    Token { hash: word_hash(spelled), number, capital: false, opens_sentence: false, stop, part: false }
}

fn push_lower(word: &mut String, c: char) {
    if c.is_ascii() {
        word.push(c.to_ascii_lowercase());
    } else if matches!(c, 'ё' | 'Ё') {
        word.push('е');
    } else if c == 'ß' {
        word.push_str("ss");
    } else if let Some(digit) = decimal(c) {
        word.push(digit);
    } else {
        word.extend(c.to_lowercase());
    }
}

/// The digits of scripts that news is written in, as ours.
fn decimal(c: char) -> Option<char> {
    // Arabic, Persian, Devanagari, Bengali, Gujarati, Tamil, Telugu, Thai, Khmer: zeros.
    const ZEROS: [u32; 9] = [0x660, 0x6F0, 0x966, 0x9E6, 0xAE6, 0xBE6, 0xC66, 0xE50, 0x17E0];
    let value = u32::from(c);
    let zero = ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&value))?;
    char::from_digit(value - zero, 10)
}

fn is_decimal(c: char) -> bool {
    c.is_ascii_digit() || !c.is_ascii() && decimal(c).is_some()
}

/// Whether this character stays inside a number.
fn joins_digits(c: char) -> bool {
    matches!(c, '.' | ',' | ':' | '/' | '-' | '\u{2044}')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02BC}' | '\u{2018}' | '`' | '\u{00B4}')
}

/// Characters that are not seen or seldom written: soft hyphen, zero-width, direction marks, variation
/// selectors, tatweel, the vowel points of Arabic and Hebrew.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}' | '\u{05C2}' | '\u{05C4}' | '\u{05C5}' | '\u{05C7}'
        | '\u{064B}'..='\u{065F}' | '\u{0670}' |
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
        | 0x3005..=0x3007 | 0x3040..=0x30FF  // Hiragana, Katakana, and signs among Han
        | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF
        | 0x20000..=0x3FFFF)  // Han
        && (c.is_alphanumeric() || is_mark(c)) && decimal(c).is_none()
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
        check("يُصحَّح عامًا", &["يصحح", "عاما"]);
        check("שָׁלוֹם ёлка", &["שלום", "елка"]);
    }

    #[test]
    fn numbers_stay_whole() {
        check("13.2 pct at 12:40", &["13.2", "pct", "at", "12:40"]);
        check("1,000 and 1,000,000", &["1000", "and", "1000000"]);
        check("up 48-3/4, 7/8", &["up", "48.75", "0.875"]);
        check("up 48 3/4, 16½ and 12 1/2 pct", &["up", "48.75", "16.5", "and", "12.5", "pct"]);
        check("page 2 3/4/5", &["page", "2", "3/4/5"]);
        check("٢٥ درجة, ३०, ๔๒", &["25", "درجة", "30", "42"]);
        check("5% and 5 per cent, per centre", &["5", "percent", "and", "5", "percent", "per", "centre"]);
        check("on 11/24 v2.14.0", &["on", "11/24", "v2.14.0"]);
        check("Boeing 747-400.", &["boeing", "747-400"]);
    }

    #[test]
    fn initials_are_one_word() {
        check("the U.S. and J.P. Morgan", &["the", "us", "and", "jp", "morgan"]);
        check("plan B. Then a.b.cd ran.", &["plan", "b", "then", "ab", "cd", "ran"]);
    }

    #[test]
    fn scripts_without_spaces_give_characters() {
        check("台风逼近", &["台", "风", "逼", "近"]);
        check("서울 시장", &["서울", "시장"]);
        check("ไทย ที่", &["ไ", "ท", "ย", "ที่"]);
        check("十二人受伤", &["12", "人", "受", "伤"]);
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
