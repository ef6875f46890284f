//! What an article is called, decided by agreement.
//!
//! A page says its title in many places, and each of them is sometimes wrong: JSON-LD tells of another story,
//! Open Graph is worded for sharing, the first heading is the site's name, `<title>` carries that name along. What
//! several say, or what the address was made of, is likelier right than what the most trusted one says alone.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use url::{Url, form_urlencoded};

use crate::extract::dom::{Facts, Tree};
use crate::extract::html::plain;

/// What separates a title from the name of its site.
const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " » ", " « ", " • ", " · ", " / ", " ‹ ", "|"];
/// Headings of a page that are heard.
const HEADINGS: usize = 4;
/// Places that are marked as a headline.
const MARKED: usize = 2;
/// Longest text that is held against others, in bytes; longer ones are no titles.
const LONGEST: usize = 1024;
/// Of the letters of a longer wording, so many in 100 have to be in the shorter one that it contains.
const CONTAINED: usize = 40;
/// What a wording is worth that another contains, beside one that is equal.
const PART: f64 = 0.75;
/// Fewer words in an address say nothing of a title.
const SLUG_WORDS: usize = 3;

/// What a witness counts: chosen on 1,100 pages, none of which were held out.
const HEADLINE: f64 = 2.5;
const HEADING: f64 = 0.5;
/// A heading that Open Graph repeats: readers and those who share see the same, what tells machines else is for searches.
const AGREED: f64 = 3.5;
const OPEN_GRAPH: f64 = 0.5;
/// It repeats Open Graph more often than not.
const TWITTER: f64 = 0.5;
const TITLE: f64 = 0.5;
const META: f64 = 0.5;
const ITEMPROP: f64 = 2.0;
const SLUG: f64 = 2.0;

/// One place that says what the page is called.
struct Witness {
    text: String,
    /// The text's letters and digits in lower case.
    letters: String,
    weight: f64,
}

/// The title; `headline` is what JSON-LD says. `None`: nothing says it.
pub(super) fn title(tree: &Tree<'_>, facts: &Facts<'_>, url: Option<&Url>, headline: Option<&str>) -> Option<String> {
    let sites = sites(facts, url);
    let witnesses = witnesses(tree, facts, &sites, headline);
    let slug = slug(url);
    let mut best: Option<(f64, &str)> = None;
    for candidate in &witnesses {
        let votes: f64 = witnesses.iter().map(|witness| witness.weight * agreement(candidate, witness)).sum();
        let votes = votes + SLUG * told_by(&slug, &candidate.text);
        // Of equal ones the first, which is the more trusted.
        if best.is_none_or(|(most, _)| votes > most + 1e-9) {
            best = Some((votes, &candidate.text));
        }
    }
    best.map(|(_, text)| text.to_owned())
}

/// All that may be said, the most trusted first.
fn witnesses(tree: &Tree<'_>, facts: &Facts<'_>, sites: &[String], headline: Option<&str>) -> Vec<Witness> {
    let mut all = Vec::new();
    let mut add = |text: String, weight: f64| {
        let letters = letters(&text);
        if text.chars().count() >= 3 && text.len() <= LONGEST && !letters.is_empty() && !sites.contains(&letters) {
            all.push(Witness { text, letters, weight });
        }
    };
    headline.into_iter().for_each(|text| add(without_site(&plain::line(text), sites, false), HEADLINE));
    for (keys, weight) in [("og:title", OPEN_GRAPH), ("twitter:title", TWITTER), ("title", META)] {
        facts.meta(&[keys]).into_iter().for_each(|text| add(without_site(&plain::line(text), sites, true), weight));
    }
    let marked = (0..tree.len()).filter(|at| {
        !tree.node(*at).name.is_empty()
            && tree.node(*at).name != "meta"
            && tree.words(*at).any(|word| word == "headline")
            && tree.attribute(*at, "itemprop").is_some_and(|name| name.eq_ignore_ascii_case("headline"))
    });
    let shared: Vec<String> = facts
        .meta(&["og:title"])
        .map(|text| letters(&without_site(&plain::line(text), sites, true)))
        .into_iter()
        .collect();
    let headings: Vec<String> = shown(tree, "h1", sites).take(HEADINGS).collect();
    // Sites whose first heading is their own name show the title in a second one.
    let lower = shown(tree, "h2", sites).take(HEADINGS).find(|text| shared.contains(&letters(text)));
    let lower = lower.filter(|_| !headings.iter().any(|text| shared.contains(&letters(text))));
    for at in marked.take(MARKED) {
        tree.brief(at).into_iter().for_each(|text| add(text, ITEMPROP));
    }
    for text in headings.into_iter().chain(lower) {
        let weight = if shared.contains(&letters(&text)) { AGREED } else { HEADING };
        add(text, weight);
    }
    facts.title.iter().for_each(|text| add(without_site(text, sites, true), TITLE));
    all
}

/// The texts of the headings that are about this page: neither decoration, nor the site's name, nor a step of the
/// way to the page, nor a link to another.
fn shown<'t>(tree: &'t Tree<'_>, name: &'t str, sites: &'t [String]) -> impl Iterator<Item = String> + 't {
    tree.find(0..tree.len(), name)
        .filter(|at| !is_elsewhere(tree, *at))
        .filter_map(|at| tree.brief(at))
        .filter(|text| text.chars().count() >= 4 && !sites.contains(&letters(text)))
}

/// Whether a heading is part of a menu or a breadcrumb trail, or leads to another page.
fn is_elsewhere(tree: &Tree<'_>, at: usize) -> bool {
    let is_trail = |at: usize| {
        tree.node(at).name == "nav" || tree.words(at).any(|word| matches!(word, "breadcrumb" | "breadcrumbs"))
    };
    let is_step = tree.attribute(at, "aria-current").is_some_and(|value| value.eq_ignore_ascii_case("page"));
    is_step || tree.ancestors(at).any(is_trail)
}

/// Whether two say the same: 1 when they do, less when one says more.
fn agreement(one: &Witness, other: &Witness) -> f64 {
    let (short, long) = if one.letters.len() <= other.letters.len() { (one, other) } else { (other, one) };
    if short.letters == long.letters {
        1.0
    } else if short.letters.len() * 100 >= long.letters.len() * CONTAINED && long.letters.contains(&short.letters) {
        PART
    } else {
        0.0
    }
}

/// The words that the address was made of, where it has enough.
fn slug(url: Option<&Url>) -> Vec<String> {
    let words = |segment: &str| -> Vec<String> {
        // Percent signs mean the same in a path as in a form.
        let text: String = form_urlencoded::parse(segment.as_bytes()).map(|(name, _)| name.to_lowercase()).collect();
        let is_word = |word: &&str| word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
        text.split(|c: char| !c.is_alphanumeric()).filter(is_word).map(str::to_owned).collect()
    };
    let segments = url.and_then(Url::path_segments).into_iter().flatten();
    let longest = segments.map(words).max_by_key(Vec::len).unwrap_or_default();
    if longest.len() >= SLUG_WORDS { longest } else { Vec::new() }
}

/// Share of the words of an address that a title has, from 0 to 1.
fn told_by(slug: &[String], title: &str) -> f64 {
    if slug.is_empty() {
        return 0.0;
    }
    let mut own: HashSet<String> = HashSet::new();
    for word in title.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        own.insert(bare(word, false));
        own.insert(bare(word, true));
        own.insert(word.to_owned());
    }
    slug.iter().filter(|word| own.contains(*word)).count() as f64 / slug.len() as f64
}

/// A word as addresses spell it: without marks, or with the second letter that stands for them.
fn bare(word: &str, doubled: bool) -> String {
    let mut out = String::new();
    for c in word.chars() {
        match c {
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'ø' | 'ö' if doubled => out.push_str("oe"),
            'ä' if doubled => out.push_str("ae"),
            'ü' if doubled => out.push_str("ue"),
            'å' if doubled => out.push_str("aa"),
            'ø' => out.push('o'),
            'đ' => out.push('d'),
            'ł' => out.push('l'),
            'ı' => out.push('i'),
            c => out.extend(c.nfd().filter(|c| c.is_alphanumeric())),
        }
    }
    out
}

/// What the site may be called at either end of a title.
fn sites(facts: &Facts<'_>, url: Option<&Url>) -> Vec<String> {
    let host = url.and_then(Url::host_str).map(|host| host.trim_start_matches("www."));
    let domain = host.and_then(psl::domain_str);
    let label = domain.and_then(|domain| domain.split('.').next());
    let application = ["application-name", "apple-mobile-web-app-title"];
    facts
        .meta(&["og:site_name"])
        .into_iter()
        .chain(application.iter().filter_map(|key| facts.meta(&[key])))
        .chain(host)
        .chain(domain)
        .chain(label)
        .map(letters)
        .filter(|name| !name.is_empty())
        .collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A title without the name of its site. `guess`: also without a few words at its end that may be one.
fn without_site(title: &str, sites: &[String], guess: bool) -> String {
    let title = without_lead(title, sites);
    let cut = SEPARATORS.iter().filter_map(|separator| title.rsplit_once(separator)).max_by_key(|(head, _)| head.len());
    let Some((head, tail)) = cut else { return title.to_owned() };
    let words = |text: &str| text.split_whitespace().count();
    let is_site = sites.contains(&letters(tail));
    let may_be = guess && words(tail) <= 4 && words(head) >= 3 && words(head) > words(tail);
    if (is_site || may_be) && !head.trim().is_empty() { head.trim().to_owned() } else { title.to_owned() }
}

/// A title without the name of its site before it.
fn without_lead<'t>(title: &'t str, sites: &[String]) -> &'t str {
    let cut = SEPARATORS
        .iter()
        .chain([": "].iter())
        .filter_map(|separator| title.split_once(separator))
        .min_by_key(|(head, _)| head.len());
    match cut {
        Some((head, tail))
            if sites.contains(&letters(head)) && tail.chars().filter(|c| c.is_alphanumeric()).count() >= 8 =>
        {
            tail.trim()
        }
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::title;
    use crate::extract::dom::{Dom, Facts, Tree};

    /// The title of a page of harbour.example, given what JSON-LD says, its head and its heading.
    #[track_caller]
    fn check(path: &str, headline: Option<&str>, head: &str, heading: &str, expected: Option<&str>) {
        let dom = Dom::parse(&format!("<html><head>{head}</head><body><h1>{heading}</h1><p>Text.</p></body></html>"));
        let tree = Tree::new(&dom.document);
        let url = format!("https://www.harbour.example{path}").parse().ok();
        let facts = Facts::new(&dom.json, &tree, url.as_ref());
        assert_eq!(title(&tree, &facts, url.as_ref(), headline).as_deref(), expected);
    }

    const SHARED: &str = "<title>Ferry strike ends after nine days | Harbour</title>\
        <meta property='og:title' content='Ferry strike ends after nine days'>\
        <meta name='twitter:title' content='Ferry strike ends after nine days'>";

    #[test]
    fn what_all_others_and_the_address_say_outvotes_one() {
        let said = Some("Ferry strike ends after nine days");
        check(
            "/ferry-strike-ends-after-nine-days",
            Some("Boats sail again"),
            SHARED,
            "Ferry strike ends after nine days",
            said,
        );
        check("/a/17", Some("Harbour"), SHARED, "Ferry strike ends after nine days", said);
    }

    #[test]
    fn what_the_publisher_tells_machines_stands_unless_most_speak_against_it() {
        let said = Some("Boats sail again as strike ends");
        check("/boats-sail-again-as-strike-ends", said, SHARED, "Nine days without boats are over", said);
        check("/a/17", said, "<title>Ferry strike ends</title>", "Boats sail again as strike ends", said);
    }

    #[test]
    fn what_is_shown_and_shared_outvotes_what_is_for_searches() {
        let shown = "A woman who lost much shares what she learnt";
        let head = "<title>Weight loss: seven changes | Harbour</title>\
            <meta property='og:title' content='A woman who lost much shares what she learnt'>";
        let searched = Some("Weight loss: seven changes");
        check("/a/17", searched, head, shown, Some(shown));
        // A heading of the second level shows it where the first is the site's name, or a step of the way.
        check("/a/17", searched, head, &format!("Harbour</h1><h2>{shown}</h2><h1>Harbour"), Some(shown));
        let trail = format!("Harbour</h1><nav><h1>Weight loss: seven changes</h1></nav><h2>{shown}</h2><h1>Harbour");
        check("/a/17", searched, head, &trail, Some(shown));
        // What is only shared is worded for sharing.
        check("/a/17", searched, head, "Weight loss: seven changes", searched);
    }

    #[test]
    fn the_name_of_the_site_is_no_part_of_a_title() {
        check("/a", None, "<title>Ferry strike ends – Harbour</title>", "", Some("Ferry strike ends"));
        check("/a", None, "<title>Harbour: Ferry strike ends</title>", "", Some("Ferry strike ends"));
        check("/a", None, "<title>Ferry strike ends</title>", "Harbour", Some("Ferry strike ends"));
        // What is part of the headline stays.
        check("/a", None, "", "Ferries | boats – ships", Some("Ferries | boats – ships"));
        check("/a", None, "<title>Harbour</title>", "", None);
    }

    #[test]
    fn an_address_is_spelt_without_marks() {
        let head = "<meta property='og:title' content='Fähren fahren: Streik am Hafen endet'>";
        check(
            "/faehren-fahren-streik-hafen-endet.html",
            None,
            head,
            "Ruhe nach neun Tagen",
            Some("Fähren fahren: Streik am Hafen endet"),
        );
    }
}
