//! Lines that stand in articles and are none of their text.

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
    "loading...",
    "story continues below advertisement",
    "article continues below advertisement",
    "newsletter",
    "most read",
    "trending",
];

/// The lines that are text.
pub(super) fn without<'l>(lines: &'l [String], repeated: &[String]) -> Vec<&'l str> {
    lines
        .iter()
        .enumerate()
        .filter(|(nth, line)| !is_furniture(line, *nth, repeated))
        .map(|(_, line)| line.as_str())
        .collect()
}

fn is_furniture(line: &str, nth: usize, repeated: &[String]) -> bool {
    let lower = line.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != '.');
    if LINES.contains(&bare) || LINES.contains(&bare.trim_end_matches('.')) {
        return true;
    }
    // The head of a page repeats what is said elsewhere; further down such a line is a subheading.
    nth < 5 && repeated.iter().any(|known| known.eq_ignore_ascii_case(line))
}
