//! HTML inside of a feed: balanced, absolute, and nothing in it that runs or loads a page.

use super::Faults;
use super::value::{is_address, is_visible};

/// Elements without an end.
const VOID: &[&str] = &["area", "br", "col", "hr", "img", "source", "track", "wbr"];

/// What a reader has to show, and what cannot harm it.
const KNOWN: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "audio",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
];

/// Notes what is wrong with a piece of HTML.
pub(crate) fn check(html: &str, faults: &mut Faults) {
    faults.unless(html.chars().all(is_visible), || format!("a character in {html:?}"));
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some((text, markup)) = rest.split_once('<') {
        references(text, faults);
        let Some((tag, after)) = end_of(markup) else {
            faults.0.push(format!("a tag has no end: {markup:?}"));
            return;
        };
        rest = after;
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        faults.unless(KNOWN.contains(&name.as_str()), || format!("the element <{tag}>"));
        if tag.starts_with('/') {
            faults.unless(open.pop().as_ref() == Some(&name), || format!("</{name}> ends nothing in {html:?}"));
            continue;
        }
        attributes(&tag[name.len()..], faults);
        if !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    references(rest, faults);
    faults.unless(open.is_empty(), || format!("{} has no end", open.join(", ")));
}

/// A tag up to its `>`, which may stand in a quoted value, and what follows.
fn end_of(markup: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, c) in markup.char_indices() {
        match (quote, c) {
            (None, '>') => return Some((&markup[..at], &markup[at + 1..])),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

/// A `&` begins a reference; browsers guess, strict readers complain.
fn references(text: &str, faults: &mut Faults) {
    for after in text.split('&').skip(1) {
        let name = after.split(';').next().unwrap_or_default();
        let known =
            after.contains(';') && (["amp", "lt", "gt", "quot", "nbsp"].contains(&name) || name.starts_with('#'));
        faults.unless(known, || format!("a bare & before {:?}", after.chars().take(20).collect::<String>()));
    }
}

fn attributes(text: &str, faults: &mut Faults) {
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((name, value, after)) = attribute(rest) else {
            faults.0.push(format!("an attribute without a quoted value: {rest:?}"));
            return;
        };
        rest = after.trim_start();
        let name = name.to_ascii_lowercase();
        faults.unless(!name.starts_with("on") && !["style", "srcdoc"].contains(&name.as_str()), || {
            format!("the attribute {name}")
        });
        references(value, faults);
        if ["href", "src", "poster", "cite", "data", "action"].contains(&name.as_str()) {
            let address = value.replace("&amp;", "&").replace("&quot;", "\"");
            // Bodies may say who is to be written to.
            let good = address.starts_with("mailto:") && name == "href" || is_loose_address(&address);
            faults.unless(good, || format!("the address {address:?} in {name}"));
        }
    }
}

/// Inside HTML an address is as the URL standard writes it, with what RFC 3986 would escape.
fn is_loose_address(address: &str) -> bool {
    let parsed = url::Url::parse(address).ok();
    is_address(address) || parsed.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.as_str() == address)
}

fn attribute(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_once("=\"")?;
    let (value, after) = rest.split_once('"')?;
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then_some((name, value, after))
}
