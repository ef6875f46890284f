//! Articles in several parts: where one goes on.
//!
//! A part is the same address with the next number: `?page=2`, `/2/`, `/page/2`, and, where the page says
//! `rel=next` of it, `-2.html`. The next story, which many sites announce with `rel=next` too, has another address.

use url::Url;

use super::html::absolute;
use super::markup::{Piece, Pieces};
use super::{entities, text};
use crate::model::Page;

/// Names of the parameter that counts parts.
const PARAMETERS: &[&str] = &["page", "p", "pg", "pagenum", "paged", "seite", "pagina", "part", "teil"];
/// Words before a part's number in a path.
const WORDS: &[&str] = &["page", "seite", "pagina", "part", "p", "teil", "sida", "side", "strona"];
/// Links of a page that are looked at.
const LINKS: usize = 5000;
/// Parts beyond this are those of a list.
const MOST: u32 = 50;

/// Where the article of a page goes on: on the same host, absolute. `None`: this is all of it.
pub fn next_part(page: &Page) -> Option<Url> {
    next(&text(page), page.url.as_ref()?)
}

/// As [`next_part`], of a page that was decoded already.
pub(super) fn next(html: &str, url: &Url) -> Option<Url> {
    let own = Part::of(url, false);
    let declared = Part::of(url, true);
    let mut base = url.clone();
    let mut linked: Option<Url> = None;
    let tags = Pieces::new(html).filter_map(|piece| match piece {
        Piece::Open(tag) if ["a", "link", "base"].iter().any(|name| tag.name.eq_ignore_ascii_case(name)) => Some(tag),
        _ => None,
    });
    for tag in tags.take(LINKS) {
        let Some(found) = tag.attribute("href").and_then(|href| absolute(&entities::decode(href), Some(&base))) else {
            continue;
        };
        if tag.name.eq_ignore_ascii_case("base") {
            base = found;
            continue;
        }
        if found.host_str() != url.host_str() || !matches!(found.scheme(), "http" | "https") {
            continue;
        }
        let rel = tag.attribute("rel").unwrap_or_default();
        let is_next = rel.split_ascii_whitespace().any(|rel| rel.eq_ignore_ascii_case("next"));
        if is_next && declared.is_before(&Part::of(&found, true)) {
            return Some(without_fragment(found));
        }
        let is_link = tag.name.eq_ignore_ascii_case("a");
        if linked.is_none() && is_link && own.is_before(&Part::of(&found, false)) {
            linked = Some(without_fragment(found));
        }
    }
    linked
}

fn without_fragment(mut url: Url) -> Url {
    url.set_fragment(None);
    url
}

/// An address as that of a part.
#[derive(Debug, PartialEq, Eq)]
struct Part {
    /// The address without its number.
    whole: String,
    number: u32,
}

impl Part {
    /// Reads an address; `declared`: also a number that is only the end of a name.
    fn of(url: &Url, declared: bool) -> Part {
        let mut number = None;
        let pairs: Vec<String> = url
            .query_pairs()
            .filter(|(name, value)| {
                let count = value.parse().ok().filter(|count| (1..=MOST).contains(count));
                let is_count = PARAMETERS.contains(&&*name.to_ascii_lowercase()) && count.is_some() && number.is_none();
                number = if is_count { count } else { number };
                !is_count
            })
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut path = url.path().trim_end_matches('/').to_owned();
        if number.is_none()
            && let Some((head, count)) = counted(&path, declared)
        {
            (path, number) = (head, Some(count));
        }
        Part { whole: format!("{path}?{}", pairs.join("&")), number: number.unwrap_or(1) }
    }

    fn is_before(&self, other: &Part) -> bool {
        self.whole == other.whole && other.number == self.number + 1
    }
}

/// A path without the number of its part, and that number.
fn counted(path: &str, declared: bool) -> Option<(String, u32)> {
    let count =
        |text: &str| text.parse().ok().filter(|count| (1..=MOST).contains(count) && !text.starts_with(['0', '+']));
    let (head, last) = path.rsplit_once('/')?;
    if let Some(count) = count(last) {
        let head = head.rsplit_once('/').filter(|(_, word)| WORDS.contains(word)).map_or(head, |(head, _)| head);
        // The front page has no parts, and neither has a month.
        let is_story = head.rsplit('/').next().is_some_and(|name| name.len() > 4);
        return is_story.then(|| (head.to_owned(), count));
    }
    let (name, ending) = last.rsplit_once('.').map_or((last, ""), |(name, ending)| (name, ending));
    let (stem, number) = name.rsplit_once(['-', '_', ','])?;
    let worded = WORDS.iter().find_map(|word| number.strip_prefix(word)).and_then(count);
    let stem_word = stem.rsplit_once(['-', '_', ',']).filter(|(_, word)| WORDS.contains(word));
    let (stem, count) = match (worded, stem_word, count(number)) {
        (Some(count), _, _) => (stem, count),
        (None, Some((stem, _)), Some(count)) => (stem, count),
        (None, None, Some(count)) if declared => (stem, count),
        _ => return None,
    };
    let dot = if ending.is_empty() { "" } else { "." };
    Some((format!("{head}/{stem}{dot}{ending}"), count))
}

#[cfg(test)]
mod tests {
    use super::next;

    /// Where a page that holds this goes on.
    #[track_caller]
    fn check(url: &str, html: &str, expected: Option<&str>) {
        let found = next(html, &url.parse().unwrap());
        assert_eq!(found.as_ref().map(|url| url.as_str()), expected, "{url} {html}");
    }

    const STORY: &str = "https://harbour.example/2026/11/ferry-strike.html";

    #[test]
    fn the_next_number_of_the_same_address_is_the_next_part() {
        check(STORY, "<a href='?page=2'>2</a><a href='?page=3'>3</a>", Some(&format!("{STORY}?page=2")));
        check(
            &format!("{STORY}?page=2"),
            "<a href='?page=1'>1</a><a href='?page=3#top'>3</a>",
            Some(&format!("{STORY}?page=3")),
        );
        check(
            "https://h.example/ferry-strike/",
            "<a href='/ferry-strike/2/'>Next</a>",
            Some("https://h.example/ferry-strike/2/"),
        );
        check(
            "https://h.example/ferry-strike",
            "<a href='/ferry-strike/page/2'>2</a>",
            Some("https://h.example/ferry-strike/page/2"),
        );
        check(
            "https://h.example/n/ferry.html",
            "<a href='ferry-seite2.html'>2</a>",
            Some("https://h.example/n/ferry-seite2.html"),
        );
        let declared = "<link rel=next href='/n/ferry-2.html'>";
        check("https://h.example/n/ferry.html", declared, Some("https://h.example/n/ferry-2.html"));
    }

    #[test]
    fn the_next_story_is_no_part() {
        check(STORY, "<link rel='next' href='/2026/11/bakery-burns.html'>", None);
        check(STORY, "<a href='https://other.example/2026/11/ferry-strike.html?page=2'>2</a>", None);
        check(STORY, "<a href='?page=3'>3</a><a href='?comments=2'>2</a>", None);
        // A name that ends in a number, without anybody saying that it is a part.
        check("https://h.example/n/ferry.html", "<a href='/n/ferry-2.html'>The second ferry</a>", None);
        check("https://h.example/2026/11", "<a href='/2026/12'>December</a>", None);
        check("https://h.example/", "<a href='/page/2'>Older</a>", None);
        check(&format!("{STORY}?page=2"), "<a href='?page=1'>Back</a>", None);
    }
}
