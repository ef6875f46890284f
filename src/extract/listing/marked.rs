//! Stories that the page's own elements mark: microdata (HTML Standard, "Microdata", schema.org types) and
//! microformats (`h-entry`, `h-event`; microformats.org/wiki/microformats2).

use std::ops::Range;

use super::Source;
use super::record::{in_text, picture};
use crate::extract::date;
use crate::extract::draft::{Item, Markup, clip};
use crate::extract::html::absolute;

/// Marked parts of one page.
const PARTS: usize = 300;
/// Nodes of one part that are looked at.
const PART: usize = 600;

/// How a part is marked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Microdata,
    Microformats,
}

/// What a property is, in either form.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Property {
    Title,
    Url,
    Date,
    Begins,
    Summary,
    Author,
    Image,
    Category,
}

/// The marked stories, in the page's order.
pub(super) fn items(source: &Source<'_, '_>) -> Vec<Item> {
    let tree = source.tree;
    (0..tree.len())
        .filter_map(|at| Some((at, form(source, at)?)))
        .take(PARTS)
        .filter_map(|(at, form)| item(source, at, form))
        .collect()
}

/// Whether an element marks a story, and how.
fn form(source: &Source<'_, '_>, at: usize) -> Option<Form> {
    let node = source.tree.node(at);
    if node.class.split_whitespace().any(|class| matches!(class, "h-entry" | "h-event")) {
        return Some(Form::Microformats);
    }
    let kind = source.tree.attribute(at, "itemtype")?;
    let is_story = (kind.split_whitespace())
        .filter_map(|kind| kind.rsplit(['/', '#']).next())
        .any(|kind| kind.ends_with("Article") || kind.ends_with("Posting") || kind.ends_with("Event"));
    is_story.then_some(Form::Microdata)
}

fn item(source: &Source<'_, '_>, part: usize, form: Form) -> Option<Item> {
    let Source { tree, facts, visited, .. } = *source;
    let base = facts.base.as_ref();
    let mut item = Item { language: facts.language.clone(), ..Item::default() };
    let mut begins = None;
    let whole = tree.range(part);
    let mut at = part + 1;
    while at < whole.end.min(part + PART) {
        let range = tree.range(at);
        let is_inner = is_part(source, at, form);
        for property in properties(source, at, form) {
            let text = || value(source, at, range.clone());
            let when = || text().and_then(|text| date::read(&text, visited).ok().or_else(|| in_text(&text, visited)));
            match property {
                Property::Title if item.title.is_none() && !is_inner => {
                    item.title = text().map(|text| Markup::Plain(clip(text, 1024)));
                }
                Property::Url if item.url.is_none() => item.url = address(source, at).map(String::from),
                Property::Date if item.published.is_none() => {
                    let found = when();
                    item.published = found.map(|date| date.at);
                    item.aged = found.is_some_and(|date| date.aged);
                }
                Property::Begins if begins.is_none() => begins = when().map(|date| date.at),
                Property::Summary if item.summary.is_none() => {
                    item.summary = text().map(|text| Markup::Plain(clip(text, 2000)));
                }
                Property::Author if item.authors.len() < 8 => item.authors.extend(author(source, at)),
                Property::Image if item.image.is_none() => {
                    item.image = picture(tree, at, base).or_else(|| address(source, at).map(String::from));
                }
                Property::Category if item.categories.len() < 20 => {
                    item.categories.extend(text().filter(|text| text.len() < 80));
                }
                _ => {}
            }
        }
        // What a thing inside of the story has is not the story's.
        at = if is_inner { range.end.max(at + 1) } else { at + 1 };
    }
    item.published = item.published.or(begins);
    (item.title.is_some() && item.url.is_some()).then_some(item)
}

/// Whether an element begins a thing of its own.
fn is_part(source: &Source<'_, '_>, at: usize, form: Form) -> bool {
    match form {
        Form::Microdata => source.tree.attribute(at, "itemscope").is_some(),
        Form::Microformats => source.tree.node(at).class.split_whitespace().any(|class| {
            matches!(class, "h-card" | "h-cite" | "h-entry" | "h-event" | "h-feed" | "h-adr" | "h-geo" | "h-item")
        }),
    }
}

fn properties(source: &Source<'_, '_>, at: usize, form: Form) -> Vec<Property> {
    let named = |name: &str| match name {
        "headline" | "name" | "p-name" => Some(Property::Title),
        "url" | "u-url" => Some(Property::Url),
        "datepublished" | "dt-published" => Some(Property::Date),
        "startdate" | "dt-start" => Some(Property::Begins),
        "description" | "p-summary" => Some(Property::Summary),
        "author" | "p-author" => Some(Property::Author),
        "image" | "thumbnailurl" | "u-photo" | "u-featured" => Some(Property::Image),
        "articlesection" | "p-category" => Some(Property::Category),
        _ => None,
    };
    match form {
        Form::Microdata => {
            let names = source.tree.attribute(at, "itemprop").unwrap_or_default().to_lowercase();
            names.split_whitespace().filter_map(named).collect()
        }
        Form::Microformats => {
            let is_marked =
                |class: &&str| class.starts_with("p-") || class.starts_with("u-") || class.starts_with("dt-");
            source.tree.node(at).class.split_whitespace().filter(is_marked).filter_map(named).collect()
        }
    }
}

/// What a property says: what is written for machines, else its text.
fn value(source: &Source<'_, '_>, at: usize, range: Range<usize>) -> Option<String> {
    let tree = source.tree;
    let marked = ["content", "datetime"].iter().find_map(|name| tree.attribute(at, name));
    let text = marked.unwrap_or_else(|| tree.text(range.start..range.end.min(range.start + PART)));
    Some(text.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty())
}

/// Where a property leads.
fn address(source: &Source<'_, '_>, at: usize) -> Option<url::Url> {
    let tree = source.tree;
    let written = ["href", "src", "content"].iter().find_map(|name| tree.attribute(at, name));
    // `<h2 class="p-name u-url"><a href=...>` is wrong, and common.
    let inside = || tree.find(tree.range(at), "a").find_map(|at| tree.attribute(at, "href"));
    let found = absolute(&written.or_else(inside)?, source.facts.base.as_ref())?;
    Some(found).filter(|url| url.scheme() != "mailto")
}

/// The name of an author: that of the person who is marked inside, else the text.
fn author(source: &Source<'_, '_>, at: usize) -> Option<String> {
    let tree = source.tree;
    let range = tree.range(at);
    let near = range.start..range.end.min(range.start + 100);
    let is_name = |at: &usize| {
        tree.attribute(*at, "itemprop").is_some_and(|name| name.eq_ignore_ascii_case("name"))
            || tree.node(*at).class.split_whitespace().any(|class| class == "p-name")
    };
    let named = near.skip(1).find(is_name);
    let name = value(source, named.unwrap_or(at), tree.range(named.unwrap_or(at)))?;
    (name.chars().count() < 80 && !name.contains("://")).then_some(name)
}
