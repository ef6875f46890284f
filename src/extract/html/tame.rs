//! Rewrites HTML into well-nested markup of bounded depth, in one pass.
//!
//! What comes out holds only the elements and attributes of the list, every attribute quoted,
//! every text escaped, every element closed in order: any HTML parser reads it as we did. So the
//! depth limit holds for the parser too, and nothing hides from the list in odd syntax.

use std::borrow::Cow;

use url::Url;

use super::list::{ANYWHERE, ATTRIBUTES, ELEMENTS, Element, Flow, WITH_CONTENT};
use crate::extract::entities;
use crate::extract::markup::{Piece, Pieces, Tag};

/// Deepest nesting kept; tags below are dropped, their text stays.
const DEPTH: usize = 256;
/// Longest address that is kept.
const URL_BYTES: usize = 8 * 1024;

/// Skips what the element holds, if that is to be dropped; gives whether it is.
pub(super) fn skip(pieces: &mut Pieces<'_>, tag: Tag<'_>) -> bool {
    let Some((name, is_raw)) = WITH_CONTENT.iter().find(|(known, _)| known.eq_ignore_ascii_case(tag.name)) else {
        return false;
    };
    // `<svg/>` is empty; HTML does not know `<script/>`.
    if *is_raw || !tag.empty {
        pieces.skip_content(name, *is_raw);
    }
    true
}

/// The address as an absolute one with a scheme that may be published.
pub(crate) fn absolute(address: &str, base: Option<&Url>) -> Option<Url> {
    let address = address.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    if address.is_empty() || address.len() > URL_BYTES {
        return None;
    }
    let url = match base {
        Some(base) => base.join(address),
        None => Url::parse(address),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https" | "mailto") && url.as_str().len() <= URL_BYTES)
}

/// What resolving its addresses may add to a text: each of 50,000 links grows by a base of 2 KB otherwise.
const GROWTH_BYTES: usize = 1 << 20;

/// The HTML as any parser will read it.
pub(super) fn tame(html: &str, base: Option<&Url>) -> String {
    let mut tamer = Tamer {
        out: String::with_capacity(html.len()),
        open: Vec::new(),
        counts: [0; ELEMENTS.len()],
        dropped: 0,
        base,
        growth: GROWTH_BYTES,
    };
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) => entities::escape_into(&entities::allowed(&entities::decode(text)), &mut tamer.out),
            Piece::Cdata(text) => entities::escape_into(&entities::allowed(text), &mut tamer.out),
            Piece::Open(tag) => {
                if !skip(&mut pieces, tag) {
                    tamer.open(tag);
                }
            }
            Piece::Close(name) => tamer.close(name),
            Piece::Doctype(_) | Piece::Other => {}
        }
    }
    tamer.finish()
}

struct Tamer<'b> {
    out: String,
    /// Indices into [`ELEMENTS`], outermost first.
    open: Vec<usize>,
    /// How often each element is in `open`: an end tag without a start must not cost a search.
    counts: [u16; ELEMENTS.len()],
    /// Start tags dropped at the depth limit whose end tags are still to come.
    dropped: usize,
    base: Option<&'b Url>,
    /// What is left of [`GROWTH_BYTES`].
    growth: usize,
}

fn find(name: &str) -> Option<(usize, &'static Element)> {
    let lower = name.to_ascii_lowercase();
    let index = ELEMENTS.binary_search_by(|element| element.name.cmp(lower.as_str())).ok()?;
    Some((index, ELEMENTS.get(index)?))
}

fn name_of(index: usize) -> &'static str {
    ELEMENTS.get(index).map_or("", |element| element.name)
}

/// The address of the largest picture of a set (HTML, 4.8.4.2.1 "Srcset attributes").
fn widest(set: &str) -> Option<String> {
    let candidates = set.split(", ").filter_map(|candidate| {
        let mut parts = candidate.split_whitespace();
        let address = parts.next()?.trim_end_matches(',');
        let size = parts.next().and_then(|size| size.trim_end_matches(['w', 'x', ',']).parse::<f64>().ok());
        Some((address, size.unwrap_or(1.0)))
    });
    candidates.max_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(address, _)| address.to_owned())
}

impl Tamer<'_> {
    fn open(&mut self, tag: Tag<'_>) {
        let Some((index, element)) = find(tag.name) else { return };
        if element.flow == Flow::Void {
            if element.name == "hr" {
                self.end_before("p");
            }
            self.write(element.name, tag);
            return;
        }
        if element.flow == Flow::Block {
            self.end_before("p");
        }
        match element.name {
            "dd" | "dt" => {
                self.end_before("dd");
                self.end_before("dt");
            }
            "td" | "th" => {
                self.end_before("td");
                self.end_before("th");
            }
            "li" | "tr" | "a" => self.end_before(element.name),
            _ => {}
        }
        if self.open.len() >= DEPTH {
            self.dropped += 1;
            return;
        }
        self.write(element.name, tag);
        self.open.push(index);
        if let Some(count) = self.counts.get_mut(index) {
            *count += 1;
        }
    }

    fn close(&mut self, name: &str) {
        let Some((index, element)) = find(name) else { return };
        if element.flow == Flow::Void {
            if element.name == "br" {
                self.out.push_str("<br>");
            }
            return;
        }
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        if self.counts.get(index).is_none_or(|count| *count == 0) {
            return;
        }
        // An inline end tag does not reach out of the cell or the list that it stands in.
        let reach = self.open.iter().rposition(|open| *open == index);
        if let Some(at) = reach {
            self.close_down_to(at);
        }
    }

    /// Ends an open element that a new one of its kind ends implicitly.
    fn end_before(&mut self, name: &str) {
        let Some((index, _)) = find(name) else { return };
        if self.counts.get(index).is_none_or(|count| *count == 0) {
            return;
        }
        let walls: &[&str] = match name {
            "li" => &["ul", "ol", "table", "blockquote", "section", "article"],
            "dd" | "dt" => &["dl", "table", "ul", "ol"],
            "td" | "th" => &["tr", "table"],
            "tr" => &["table"],
            "a" => &[],
            _ => &["table", "td", "th", "caption"],
        };
        for (at, open) in self.open.iter().enumerate().rev() {
            if *open == index {
                self.close_down_to(at);
                return;
            }
            if walls.contains(&name_of(*open)) {
                return;
            }
        }
    }

    fn close_down_to(&mut self, at: usize) {
        for index in self.open.drain(at..).rev() {
            if let Some(count) = self.counts.get_mut(index) {
                *count -= 1;
            }
            self.out.push_str("</");
            self.out.push_str(name_of(index));
            self.out.push('>');
        }
    }

    /// Writes a start tag with the attributes that are allowed.
    fn write(&mut self, name: &'static str, tag: Tag<'_>) {
        if name == "img" {
            return self.write_image(tag);
        }
        let allowed = ATTRIBUTES.iter().find(|(element, _)| *element == name).map_or(&[][..], |(_, names)| names);
        self.out.push('<');
        self.out.push_str(name);
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in tag.attributes() {
            let known = allowed.iter().chain(&ANYWHERE).find(|known| known.eq_ignore_ascii_case(key));
            let Some(key) = known.filter(|key| !seen.contains(key)) else { continue };
            seen.push(key);
            let value = entities::decode(value);
            if matches!(*key, "href" | "cite") {
                if let Some(url) = self.resolve(&value) {
                    self.attribute(key, url.as_str());
                }
            } else {
                self.attribute(key, &entities::allowed(&value));
            }
        }
        self.out.push('>');
    }

    /// Writes an image, unless it has no address or nobody would see it.
    fn write_image(&mut self, tag: Tag<'_>) {
        let value = |key| tag.attribute(key).map(entities::decode);
        let size = |key| value(key).and_then(|text| text.trim().trim_end_matches("px").parse::<u32>().ok());
        let (width, height) = (size("width"), size("height"));
        if width.is_some_and(|width| width <= 1) || height.is_some_and(|height| height <= 1) {
            return;
        }
        // Lazy loaders put a placeholder into `src` and the address beside it.
        let plain = ["data-src", "data-original", "data-lazy-src", "src"].into_iter().filter_map(value);
        let sets = ["data-srcset", "srcset"].into_iter().filter_map(|key| widest(&value(key)?).map(Cow::Owned));
        let address =
            plain.chain(sets).filter_map(|address| self.resolve(&address)).find(|url| url.scheme() != "mailto");
        let Some(address) = address else { return };
        self.out.push_str("<img");
        self.attribute("src", address.as_str());
        for key in ["alt", "title"] {
            if let Some(text) = value(key) {
                self.attribute(key, &entities::allowed(&text));
            }
        }
        for (key, number) in [("width", width), ("height", height)] {
            if let Some(number) = number {
                self.attribute(key, &number.to_string());
            }
        }
        self.out.push('>');
    }

    /// An address, absolute, while there is room for what that adds.
    fn resolve(&mut self, address: &str) -> Option<Url> {
        let url = absolute(address, self.base)?;
        self.growth = self.growth.checked_sub(url.as_str().len().saturating_sub(address.len()))?;
        Some(url)
    }

    fn attribute(&mut self, key: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(key);
        self.out.push_str("=\"");
        for (nth, part) in value.split('"').enumerate() {
            if nth > 0 {
                self.out.push_str("&quot;");
            }
            entities::escape_into(part, &mut self.out);
        }
        self.out.push('"');
    }

    fn finish(mut self) -> String {
        self.close_down_to(0);
        self.out
    }
}
