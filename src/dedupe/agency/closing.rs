//! Closing lines: "© 2026 AFP", "Copyright 2026 The Associated Press. All rights reserved.", "– Bernama",
//! "(dpa/AFP)".

use super::credit::{is_picture, only};
use super::table::{Agency, alone};

/// Lines at the end of a text that are looked at.
const LINES: usize = 4;
/// Longest copyright line, in bytes.
const LONGEST: usize = 400;
/// Words between the sign of copyright and a name: years, "by".
const BETWEEN: usize = 5;
/// Most words of a name.
const NAME: usize = 4;

/// What only one agency writes below its copy, in lower case.
const PHRASES: &[(&str, &str)] = &[
    ("our standards: the thomson reuters trust principles", "reuters"),
    ("this report by the canadian press was first published", "canadian press"),
    ("ce texte de la presse canadienne a été publié", "canadian press"),
    ("dpa-infocom, dpa:", "dpa"),
    ("view source version on businesswire.com", "business wire"),
    ("view original content to download multimedia", "pr newswire"),
    ("view original content: https://www.prnewswire.", "pr newswire"),
    ("view original content:https://www.prnewswire.", "pr newswire"),
    ("distributed by tribune content agency", "tribune news service"),
    ("the-cnn-wire", "cnn wire"),
    ("view the original press release on accesswire.com", "accesswire"),
];

/// The agencies that the end of a text credits.
pub(super) fn closing(text: &str) -> Option<Vec<&'static Agency>> {
    let lines = text.lines().rev().map(str::trim).filter(|line| !line.is_empty()).take(LINES);
    lines.enumerate().find_map(|(nth, line)| {
        phrase(line).or_else(|| {
            if is_picture(line) {
                return None;
            }
            only(line).or_else(|| copyright(line)).or_else(|| if nth == 0 { tail(line) } else { None })
        })
    })
}

fn phrase(line: &str) -> Option<Vec<&'static Agency>> {
    let end = &line[line.floor_char_boundary(line.len().saturating_sub(LONGEST))..];
    let lower = end.to_lowercase();
    let (_, name) = PHRASES.iter().find(|(phrase, _)| lower.contains(phrase))?;
    Some(vec![alone(name)?])
}

/// "© 2026 AFP", "(c) Copyright Thomson Reuters 2026", "Copyright 2026 The Associated Press. All rights ...".
fn copyright(line: &str) -> Option<Vec<&'static Agency>> {
    if line.len() > LONGEST {
        return None;
    }
    let lower = line.to_ascii_lowercase();
    let signs = ["©", "(c)", "copyright", "℗"];
    let at = signs.iter().filter_map(|sign| Some(lower.find(sign)? + sign.len())).min()?;
    let is_sign = !lower[..at].ends_with("copyright");
    let words: Vec<&str> = line[at..].split_whitespace().collect();
    let skipped = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        let year = !bare.is_empty() && bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '–' | '/'));
        year || matches!(&*bare, "" | "copyright" | "c" | "by" | "the")
    };
    let between = words.iter().take(BETWEEN).take_while(|word| skipped(word)).count();
    // "copyright" is a word of prose too: alone it counts at the beginning of a line, or with a year.
    let year = words.iter().take(between).any(|word| word.contains(|c: char| c.is_ascii_digit()));
    if !(is_sign || year || lower.starts_with("copyright")) {
        return None;
    }
    let rest = &words[between..];
    let name = (1..=NAME.min(rest.len())).rev().find_map(|length| {
        let name = rest[..length].join(" ");
        let ends = name.ends_with(['.', ',', ';', ')']) || rest.get(length).is_none_or(|next| is_end(next));
        alone(&name).filter(|_| ends)
    });
    name.map(|agency| vec![agency]).or_else(|| only(rest.join(" ").split(". ").next()?))
}

/// What may follow the name of who has the copyright: a year, a legal form, a new sentence.
fn is_end(word: &str) -> bool {
    !word.chars().next().is_some_and(|c| c.is_lowercase() || c == '/') || word.starts_with("all")
}

/// What stands behind the last sentence: "... he said. – AFP", "... he said. (dpa/AFP)", "... he said.PTI LUX NAB".
fn tail(line: &str) -> Option<Vec<&'static Agency>> {
    let line = line.trim_end_matches(['.', ' ', '_', '*', '#']);
    if let Some(inside) = line.strip_suffix([')', ']']).and_then(|line| Some(line.rsplit_once(['(', '['])?.1)) {
        return only(inside);
    }
    let at = line
        .char_indices()
        .rev()
        .find(|(_, c)| matches!(c, '.' | '!' | '?' | '"' | '”' | '“' | '»' | '…' | ')' | '。'));
    let (at, mark) = at?;
    let end = line[at + mark.len_utf8()..].trim();
    let dashed = end.trim_start_matches(['-', '–', '—', '/', '|', '~', ' ']);
    only(dashed).or_else(|| signed(dashed))
}

/// "PTI LUX NAB GVS": the agency, and behind it its editors' signs.
fn signed(end: &str) -> Option<Vec<&'static Agency>> {
    let (first, signs) = end.split_once(' ')?;
    let is_sign = |word: &str| (1..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
    let is_signed = signs.split_whitespace().count() <= 10 && signs.split_whitespace().all(is_sign);
    (is_signed && is_sign(first)).then(|| Some(vec![alone(first)?])).flatten()
}
