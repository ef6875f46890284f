//! Lines that stand in articles and are none of their text.

use super::headed::is_title;
use super::lines::{Fate, Line};
use crate::extract::listing::in_text;

/// Whole lines.
const LINES: &[&str] = &[
    "advertisement",
    "advertisements",
    "anzeige",
    "werbung",
    "publicité",
    "publicidad",
    "pubblicità",
    "reklama",
    "annons",
    "related articles",
    "related stories",
    "related",
    "read more",
    "read also",
    "also read",
    "more on this story",
    "more from",
    "recommended",
    "share",
    "share this article",
    "share this story",
    "follow us",
    "comments",
    "no comments yet...",
    "listen to this article",
    "listen",
    "save",
    "print",
    "email",
    "copy link",
    "sign up",
    "subscribe",
    "subscribe now",
    "mehr zum thema",
    "lesen sie auch",
    "lire aussi",
    "à lire aussi",
    "lee también",
    "leia também",
    "leggi anche",
    "lees ook",
    "läs också",
    "les også",
    "czytaj także",
    "читайте также",
    "tags",
    "topics",
    "image source",
    "getty images",
    "reklam",
    "auch interessant",
    "lies auch",
    "e-mail",
    "teilen",
    "drucken",
    "twitter",
    "facebook",
    "whatsapp",
    "linkedin",
    "feedback",
    "kommentare",
    "artikel teilen",
    "related topics",
    "loading...",
    "advert",
    "ad",
    "annonce",
    "iklan",
    "continue reading below",
    "story continues below",
    "story continues below advertisement",
    "article continues below",
    "article content",
    "don't miss",
    "you may also like",
    "you might also like",
    "join the conversation",
    "watch now",
    "after newsletter promotion",
    "empfohlener redaktioneller inhalt",
    "post comment",
    "leave a comment",
    "caption",
    "close",
    "relaterte emner",
    "ähnliche artikel",
    "关键词",
    "newsletter",
    "most read",
    "trending",
];

/// How lines begin that say whose a picture is.
const CREDITS: &[&str] = &[
    "photo:",
    "photos:",
    "foto:",
    "fotos:",
    "bild:",
    "bilder:",
    "image:",
    "credit:",
    "picture:",
    "©",
    "(c) ",
    "photo by ",
    "photo credit",
    "image credit",
    "crédit photo",
    "imagen:",
    "fotografía:",
    "zdjęcie:",
    "fot.",
    "фото:",
    "photo courtesy",
    "ap photo",
    "quelle:",
    "source:",
];

/// How they end.
const SOURCES: &[&str] =
    &["getty images", "/getty", "/dpa", "/afp", "/reuters", "shutterstock", "imago images", "/ap", "alamy"];

/// How a bracket begins that ends a caption.
const BRACKETS: &[&str] =
    &["image:", "image credit", "images:", "photo", "picture:", "foto:", "bild:", "credit:", "ap photo", "pic:"];

/// What lines at the end of a text speak of that are none of it.
const ABOUT: &[&str] = &[
    "newsletter",
    "subscribe",
    "sign up",
    "your inbox",
    "follow us",
    "follow him on",
    "follow her on",
    "on twitter",
    "on facebook",
    "all rights reserved",
    "copyright",
    "©",
    "contributed to this report",
    "reporting by",
    "additional reporting",
    "abonnieren",
    "folgen sie uns",
    "s'abonner",
    "abonnez-vous",
    "suscríbete",
    "iscriviti",
    "inscreva-se",
    "подписывайтесь",
];
/// Lines looked at from the end.
const TAIL: usize = 8;
/// Bytes of a line that nobody says twice in a row.
const AGAIN: usize = 40;
/// Longest line that introduces links.
const INTRODUCTION: usize = 60;

/// Marks the lines that are no text. `repeated` are the title and the names of the authors.
pub(super) fn mark(lines: &mut [Line], repeated: &[String]) {
    let mut before: [String; 2] = Default::default();
    for (nth, line) in lines.iter_mut().filter(|line| line.is_text()).enumerate() {
        let is_again = before.contains(&line.text);
        if is_again || is_furniture(line, nth, repeated) {
            line.fate = Fate::Gone;
        }
        if line.text.len() >= AGAIN && !is_again {
            let [last, first] = &mut before;
            std::mem::swap(last, first);
            last.clone_from(&line.text);
        }
    }
    introductions(lines);
    tail(lines);
}

/// Drops the short lines that introduce nothing but links: "Read on", in any language.
fn introductions(lines: &mut [Line]) {
    let mut below: Option<Fate> = None;
    for line in lines.iter_mut().rev() {
        let is_short = line.text.chars().count() < INTRODUCTION && line.text.ends_with([':', '：', '…']);
        if line.is_text() && is_short && below == Some(Fate::Link) {
            line.fate = Fate::Gone;
        }
        below = Some(line.fate);
    }
}

/// Drops what follows the last paragraph: lists of links, and lines about the site, its letters and its rights.
fn tail(lines: &mut [Line]) {
    let mut left = TAIL;
    let mut headed = false;
    for line in lines.iter_mut().rev().filter(|line| line.is_text()) {
        let lower = line.text.to_lowercase();
        if left == 0 {
            break;
        }
        if line.leads || line.heading > 0 && !headed || ABOUT.iter().any(|words| lower.contains(words)) {
            line.fate = Fate::Gone;
        }
        headed |= line.heading > 0;
        left = left.saturating_sub(1);
        if line.is_text() && line.text.chars().count() > INTRODUCTION {
            break;
        }
    }
}

fn is_furniture(line: &Line, nth: usize, repeated: &[String]) -> bool {
    let (heading, line) = (line.heading, line.text.as_str());
    let lower = line.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    if !bare.chars().any(char::is_alphanumeric) || LINES.contains(&bare) || LINES.contains(&bare.trim_end_matches('.'))
    {
        return true;
    }
    let width = line.chars().count();
    let is_credit = width < 140
        && (CREDITS.iter().any(|start| lower.starts_with(start)) || SOURCES.iter().any(|end| bare.ends_with(end)));
    if is_credit {
        return true;
    }
    // "(Image: NAME)" at the end of a caption.
    let in_brackets = lower.strip_suffix(')').and_then(|line| line.rsplit_once('(')).map(|(_, inside)| inside.trim());
    if width < 320 && in_brackets.is_some_and(|inside| BRACKETS.iter().any(|start| inside.starts_with(start))) {
        return true;
    }
    if nth < 8 && (heading == 1 || is_title(line, repeated)) {
        return true;
    }
    // The head of a page repeats what is said elsewhere; further down such a line is a subheading.
    nth < 8 && (repeated.iter().any(|known| known.eq_ignore_ascii_case(line)) || width < 90 && is_dateline(&lower))
}

/// "Published 24 November 2026, 06:00", "4 minute read": a line about the article, not of it.
fn is_dateline(lower: &str) -> bool {
    let ends_sentence = lower.ends_with(['.', '!', '?', '。']);
    let reads = ["min read", "minute read", "minutes read", "min lesezeit", "min de lecture"]
        .iter()
        .any(|words| lower.contains(words));
    reads
        || !ends_sentence && lower.chars().any(char::is_numeric) && in_text(lower, None).is_some_and(|date| !date.aged)
}

#[cfg(test)]
mod tests {
    use super::mark;
    use crate::extract::article::lines::Line;

    #[track_caller]
    fn check(lines: &[&str], expected: &[&str]) {
        let mut lines: Vec<Line> = lines.iter().map(|line| Line::plain((*line).to_owned())).collect();
        mark(&mut lines, &["The lamp goes dark".to_owned(), "Ida Moor".to_owned()]);
        let left: Vec<_> = lines.iter().filter(|line| line.is_text()).map(|line| line.text.as_str()).collect();
        assert_eq!(left, expected);
    }

    #[test]
    fn drops_buttons_credits_and_what_the_head_repeats() {
        check(
            &[
                "The lamp goes dark",
                "Ida Moor",
                "24 November 2026, 06:00",
                "4 min read",
                "It went out.",
                "Share",
                "Photo: Ida Moor",
            ],
            &["It went out."],
        );
    }

    #[test]
    fn leaves_sentences_about_the_same_things_alone() {
        let lines = [
            "On 24 November 2026 the lamp went out.",
            "Share prices fell, and comments were few.",
            "The advertisement had promised light.",
            "Nine lines below the head a date is a subheading:",
            "One.",
            "Two.",
            "Three.",
            "Four.",
            "24 November 2026",
        ];
        check(&lines, &lines);
    }
}
