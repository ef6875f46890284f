//! Atom 1.0: the MUSTs of RFC 4287, and the SHOULDs that validators warn of.

use std::collections::HashSet;

use super::rss::counts;
use super::value::{is_address, is_id, is_language, is_line, is_media_type, is_person, rfc_3339};
use super::xml::Element;
use super::{Faults, Said, html, xml};

/// Elements with how often they may stand there, at least and at most (§4.1.1, §4.1.2, §4.2.11).
const FEED: &[(&str, usize, usize)] = &[
    ("atom:id", 1, 1),
    ("atom:title", 1, 1),
    ("atom:updated", 1, 1),
    ("atom:author", 1, usize::MAX),
    ("atom:subtitle", 0, 1),
    ("atom:generator", 0, 1),
    ("atom:link", 0, usize::MAX),
    ("atom:entry", 0, usize::MAX),
];
const ENTRY: &[(&str, usize, usize)] = &[
    ("atom:id", 1, 1),
    ("atom:title", 1, 1),
    ("atom:updated", 1, 1),
    ("atom:published", 1, 1),
    ("atom:author", 1, usize::MAX),
    ("atom:category", 0, usize::MAX),
    ("atom:link", 0, usize::MAX),
    ("atom:summary", 0, 1),
    ("atom:content", 0, 1),
    ("atom:source", 0, 1),
    ("media:thumbnail", 0, 1),
];
const SOURCE: &[(&str, usize, usize)] =
    &[("atom:id", 1, 1), ("atom:title", 1, 1), ("atom:updated", 0, 1), ("atom:link", 0, usize::MAX)];

pub(super) fn read(text: &str, faults: &mut Faults) -> Vec<Said> {
    let (feed, before) = match xml::read(text) {
        Ok(read) => read,
        Err(why) => {
            faults.0.push(why);
            return Vec::new();
        }
    };
    faults.unless(before.first().is_some_and(|first| first == "xml"), || "it has no XML declaration".to_owned());
    faults.unless(feed.name == "atom:feed", || format!("a root <{}>", feed.name));
    counts(&feed, FEED, faults);
    faults.unless(feed.text_of("atom:id").is_some_and(is_id), || "the feed's id".to_owned());
    faults.unless(feed.get("xml:lang").is_none_or(is_language), || format!("{:?}", feed.attributes));
    common(&feed, faults);
    let own = feed.all("atom:link").all(|link| matches!(link.get("rel"), Some("self" | "hub" | "alternate")));
    faults.unless(own, || "a feed's link that is none of a feed".to_owned());
    let said: Vec<(Said, i64)> = feed.all("atom:entry").map(|element| entry(element, faults)).collect();
    let newest = said.iter().map(|(_, updated)| *updated).max();
    let updated = feed.text_of("atom:updated").and_then(rfc_3339);
    // Entries that were changed at once are told from one another by no reader, and validators warn of them.
    let moments: Vec<&str> = feed.all("atom:entry").filter_map(|entry| entry.text_of("atom:updated")).collect();
    let distinct: HashSet<&str> = moments.iter().copied().collect();
    faults.unless(moments.len() == distinct.len(), || "two entries were updated at once".to_owned());
    faults.unless(newest.is_none() || updated == newest, || "the feed's updated is not its newest entry's".to_owned());
    said.into_iter().map(|(said, _)| said).collect()
}

fn entry(entry: &Element, faults: &mut Faults) -> (Said, i64) {
    counts(entry, ENTRY, faults);
    common(entry, faults);
    let alternate = entry.all("atom:link").find(|link| link.get("rel") == Some("alternate"));
    let content = entry.all("atom:content").next();
    // §4.1.1.1: what has no content is to be read elsewhere.
    faults.unless(content.is_some() || alternate.is_some(), || "neither content nor link".to_owned());
    if let Some(content) = content {
        faults.unless(content.get("type") == Some("html"), || "content of another type".to_owned());
        faults.unless(!content.text.trim().is_empty(), || "empty content".to_owned());
        html::check(&content.text, faults);
    }
    let has_text = content.is_some() || entry.all("atom:summary").count() == 1;
    faults.unless(has_text, || "neither content nor summary".to_owned());
    let plain =
        entry.all("atom:summary").all(|s| s.get("type").is_none_or(|t| t == "text") && !s.text.trim().is_empty());
    faults.unless(plain, || "a summary that is empty or no text".to_owned());
    let terms: Vec<&str> = entry.all("atom:category").filter_map(|category| category.get("term")).collect();
    faults.unless(terms.iter().all(|term| is_line(term)), || format!("the categories {terms:?}"));
    faults.unless(terms.len() == entry.all("atom:category").count(), || "a category without a term".to_owned());
    let pictures = entry.all("media:thumbnail").all(|picture| picture.get("url").is_some_and(is_address));
    faults.unless(pictures, || "a picture without an address".to_owned());
    for source in entry.all("atom:source") {
        counts(source, SOURCE, faults);
        common(source, faults);
        faults.unless(source.text_of("atom:id").is_some_and(|id| is_address(id) || is_id(id)), || {
            "the id of a source".to_owned()
        });
    }
    let date = |name: &str| entry.text_of(name).and_then(rfc_3339);
    let (published, updated) = (date("atom:published"), date("atom:updated"));
    faults.unless(published.is_some() && published <= updated, || "updated is before published".to_owned());
    let said = Said {
        id: entry.text_of("atom:id").unwrap_or_default().to_owned(),
        title: entry.text_of("atom:title").unwrap_or_default().to_owned(),
        link: alternate.and_then(|link| link.get("href")).map(str::to_owned),
        published: published.unwrap_or_default(),
    };
    (said, updated.unwrap_or_default())
}

/// What feeds, entries and sources share: titles, dates, persons, links, languages.
fn common(of: &Element, faults: &mut Faults) {
    for name in ["atom:title", "atom:subtitle", "atom:generator"] {
        for text in of.all(name) {
            faults.unless(is_line(&text.text), || format!("<{name}> is no line: {:?}", text.text));
            faults.unless(text.get("type").is_none_or(|kind| kind == "text"), || format!("<{name}> is no text"));
        }
    }
    let languages = of.children.iter().filter_map(|child| child.get("xml:lang"));
    for language in languages {
        faults.unless(is_language(language), || format!("the language {language:?}"));
    }
    for name in ["atom:updated", "atom:published"] {
        let good = of.all(name).all(|date| rfc_3339(&date.text).is_some());
        faults.unless(good, || format!("the date {:?}", of.text_of(name)));
    }
    let named = of.all("atom:author").all(|author| author.text_of("atom:name").is_some_and(is_person));
    faults.unless(named, || "an author without a name, or with an address".to_owned());
    links(of, faults);
}

fn links(of: &Element, faults: &mut Faults) {
    // §4.1.1: no two alternates of equal type and language. Validators want no link twice either.
    let mut seen = HashSet::new();
    for link in of.all("atom:link") {
        let known = ["self", "hub", "alternate", "related", "via", "enclosure"];
        faults.unless(link.get("rel").is_some_and(|rel| known.contains(&rel)), || format!("{:?}", link.attributes));
        faults.unless(link.get("href").is_some_and(is_address), || format!("the link {:?}", link.attributes));
        faults.unless(link.get("type").is_none_or(is_media_type), || format!("the type {:?}", link.get("type")));
        faults.unless(link.get("title").is_none_or(is_line), || format!("the title {:?}", link.get("title")));
        let length = link.get("length").is_none_or(|length| length.parse::<u64>().is_ok_and(|length| length > 0));
        faults.unless(length, || format!("the length {:?}", link.get("length")));
        if link.get("rel") == Some("alternate") {
            let new = seen.insert((link.get("type"), link.get("hreflang")));
            faults.unless(new, || "two alternates of one kind".to_owned());
        }
    }
}
