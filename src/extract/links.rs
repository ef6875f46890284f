//! Lists of links in plain text: an address a line, with or without a title, as people keep and exchange them.

use std::collections::HashSet;
use std::sync::Arc;

use url::Url;

use super::draft::{Item, Markup, clip};
use super::html::absolute;

/// Links of one list.
const LINKS: usize = 1000;
/// Lines that are looked at.
const LINES: usize = 20_000;
/// Longest line: a longer one is a text.
const LINE: usize = 4096;
/// Fewer are a text with links in it.
const FEWEST: usize = 3;
/// Bytes of a line that is no more than a heading; a longer one counts as several.
const HEADING: usize = 80;
/// Letters of the longest word that ends a title only now and then: "at", "the", "see".
const SMALL: usize = 3;

/// The links of a text, each address once.
pub(super) struct Links {
    pub(super) items: Vec<Item>,
    /// Whether the text is nothing but a list of them.
    pub(super) is_list: bool,
}

/// Reads the links of a text, one a line: `URL`, `URL title`, `title URL`, `[title](URL)`, with or without the mark of a
/// list before it. Lines that begin with `#` are headings.
pub(super) fn read(text: &str, base: Option<&Url>) -> Links {
    let mut items: Vec<Item> = Vec::new();
    let mut seen: HashSet<Url> = HashSet::new();
    let (mut linked, mut told, mut other) = (0_usize, 0_usize, 0_usize);
    for line in text.lines().take(LINES).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match link(line, base) {
            Some((url, title, is_told)) => {
                linked += 1;
                told += usize::from(is_told);
                if items.len() < LINKS && seen.insert(url.clone()) {
                    let title =
                        Some(clip(title, 1024)).filter(|title| !title.is_empty()).unwrap_or_else(|| named(&url));
                    items.push(Item {
                        url: Some(url.into()),
                        title: Some(Markup::Plain(title)),
                        base: base.cloned().map(Arc::new),
                        ..Item::default()
                    });
                }
            }
            // A rule between parts says nothing.
            None if line.chars().all(|c| !c.is_alphanumeric()) => {}
            None => other += 1 + line.len() / HEADING,
        }
    }
    // Words between the links: a heading for some of them at most. Sentences that end in addresses are a story.
    let is_list = items.len() >= FEWEST && other * 4 <= linked && told * 2 <= linked;
    Links { items, is_list }
}

/// The one link of a line, what it is called, and whether that reads like a part of a sentence.
fn link(line: &str, base: Option<&Url>) -> Option<(Url, String, bool)> {
    if line.len() > LINE {
        return None;
    }
    let line = without_mark(line);
    if let Some((before, rest)) = line.split_once("](")
        && let Some((address, after)) = rest.split_once(')')
    {
        let (lead, title) = before.split_once('[')?;
        // A picture that is a link, or none, is a badge.
        if lead.ends_with('!') || title.starts_with("![") || title.starts_with('!') {
            return None;
        }
        let address = address.split_whitespace().next()?.trim_matches(['<', '>']);
        // A sentence with a link in it is a sentence.
        return absolute(address, base)
            .filter(|url| url.scheme() != "mailto" && after.chars().count() < 80)
            .map(|url| (url, one_line(title), is_in_sentence(lead, after)));
    }
    let mut found = None;
    let mut words = Vec::new();
    for word in line.split_whitespace() {
        let bare = word.trim_matches(['<', '>', '"', ',', ';', '(', ')']);
        let is_web = bare.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("http"));
        match is_web.then(|| absolute(bare, None)).flatten() {
            Some(_) if found.is_some() => return None,
            Some(url) => found = Some((url, words.len())),
            None => words.push(word),
        }
    }
    let (url, at) = found?;
    // The address stands before or behind its title; between words it is a part of a sentence.
    let is_edge = at == 0 || at == words.len();
    (is_edge && words.len() <= 30).then(|| {
        let is_told = at > 0 && ends_open(&words) || has_sentences(&words);
        (url, words.join(" ").trim_matches([' ', '-', '–', '—', ':', '|']).to_owned(), is_told)
    })
}

/// Whether a link between these stands in a sentence: words lead to it that are no day and end in no sign.
fn is_in_sentence(lead: &str, after: &str) -> bool {
    let lead = lead.trim().trim_matches(['*', '_']).trim_end();
    let is_open = lead.ends_with(|c: char| c.is_alphanumeric() || c == ',');
    let has_words = lead.chars().any(char::is_alphabetic) && !super::date::is_when(lead);
    // "[One](…) and [another](…)": the line goes on as a sentence.
    let goes_on = after.contains("](");
    is_open && has_words || goes_on
}

/// Whether the words before an address call for it, as titles do not: "The papers are kept at".
fn ends_open(words: &[&str]) -> bool {
    words.len() > 2
        && words.last().is_some_and(|word| word.chars().count() <= SMALL && word.chars().all(char::is_lowercase))
}

/// Whether a sentence ends between the words: "She was glad. Her speech:".
fn has_sentences(words: &[&str]) -> bool {
    let ends = |word: &str| word.chars().count() > SMALL + 1 && word.ends_with(['.', '!', '?']);
    words.windows(2).any(|two| {
        let [one, next] = two else { return false };
        ends(one) && next.starts_with(char::is_uppercase)
    })
}

/// A line without the mark of a list: `- `, `* `, `3. `.
fn without_mark(line: &str) -> &str {
    let bare = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let rest =
        if bare.len() < line.len() { bare.strip_prefix(['.', ')']) } else { line.strip_prefix(['-', '*', '+', '•']) };
    let rest = rest.filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or(line).trim_start();
    // A task, done or not.
    ["[ ] ", "[x] "].iter().find_map(|mark| rest.strip_prefix(mark)).unwrap_or(rest)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a link without a title is called: its host and path.
pub(super) fn named(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    clip(format!("{host}{}", url.path().trim_end_matches('/')), 200)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, is_list: bool, expected: &[(&str, &str)]) {
        let found = read(text, None);
        let rows: Vec<(&str, &str)> = (found.items.iter())
            .map(|item| (item.title.as_ref().map_or("", Markup::raw), item.url.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!((rows.as_slice(), found.is_list), (expected, is_list));
    }

    #[test]
    fn lines_are_read_as_people_write_them() {
        check(
            "# Reading list\n\nhttps://a.example/ferry\nhttps://b.example/race The race\nThe storm - https://c.example/\n\
             - [The  *lighthouse*](https://d.example/x \"t\")\n3. [ ] <https://e.example/y>\n----\nhttps://a.example/ferry\n",
            true,
            &[
                ("a.example/ferry", "https://a.example/ferry"),
                ("The race", "https://b.example/race"),
                ("The storm", "https://c.example/"),
                ("The *lighthouse*", "https://d.example/x"),
                ("e.example/y", "https://e.example/y"),
            ],
        );
    }

    #[test]
    fn a_text_with_links_is_a_text() {
        let text = "The ferry was sold on Monday.\nMore: https://a.example/\nSee also https://b.example/ and \
                    https://c.example/ for this.\nThe race is off.\nhttps://d.example/\nIt will rain.\nhttps://e.example/";
        let found = read(text, None);
        assert!(!found.is_list);
        check("Only\nhttps://a.example/", false, &[("a.example", "https://a.example/")]);
    }

    #[test]
    fn sentences_that_end_in_addresses_are_a_story() {
        let is_list = |text: &str| read(text, None).is_list;
        assert!(!is_list(
            "Ferry sold to the trust\n\nIt was sold on Monday to the trust, whose plan is at https://harbour.example/plan\n\
             Papers of the sale are kept at https://archive.example/docs/12\n\
             The mayor said that she was glad. Her speech: https://town.example/speech\n\
             More pictures: https://photos.example/ferry",
        ));
        // A story whose references outnumber its lines.
        let story = format!("The storm\n\n{}\n\n", "It rained for three days and the river rose. ".repeat(20));
        let references: String = (0..12).map(|nth| format!("[{nth}] https://n.example/{nth}\n")).collect();
        assert!(!is_list(&format!("{story}{references}")));
        assert!(is_list(&references));
        // Titles may hold sentences and end in small words, now and then.
        assert!(is_list(
            "The race is off https://a.example/1\nStorm hits the north https://a.example/2\n\
             It rains. Will it end? https://a.example/3\nLighthouse sold https://a.example/4",
        ));
    }

    #[test]
    fn an_article_in_markdown_is_an_article() {
        let is_list = |text: &str| read(text, None).is_list;
        assert!(!is_list(
            "# Why boats float\n\nBoats float because [Archimedes](https://w.example/a) said so.\n\
             It is [buoyancy](https://w.example/b) that does it.\nAnd [density](https://w.example/d) too.\n\
             Even [steel](https://w.example/s) floats.",
        ));
        // Badges at the head of a README.
        let badge = |nth: u8| format!("[![Build](https://i.example/{nth}.svg)](https://ci.example/{nth})\n");
        assert!(!is_list(&format!("# widget\n{}A widget.\n", (0..5).map(badge).collect::<String>())));
        assert!(is_list(
            "- [One](https://a.example/1) by Ann\n- 24 November 2026 [Two](https://a.example/2)\n\
             - **[Three](https://a.example/3)** (2026)\n- News: [Four](https://a.example/4) - of the harbour",
        ));
    }
}
