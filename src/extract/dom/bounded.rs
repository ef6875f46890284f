//! Rewrites a page into well-nested markup of bounded depth, in one pass, before a parser sees it.
//!
//! html5ever is quadratic in depth, and a thread that spins in it cannot be stopped. What comes out
//! of here keeps every element, class and attribute that tells where stories are, but closes what it
//! opens, in order: the parser's depth is ours. Scripts, styles and comments go; the JSON that pages
//! carry for machines is set aside.

use crate::extract::markup::{Piece, Pieces, Tag};
use crate::extract::{elements, entities};

/// Deepest nesting kept; tags below are dropped, their text stays.
const DEPTH: usize = 256;
/// Elements of one page: ten times the largest front pages seen.
const ELEMENTS: usize = 60_000;
/// Attributes of one element that are kept: the parser compares each with each.
const ATTRIBUTES: usize = 64;
/// Longest value that is kept. Pictures inside of attributes are longer.
const VALUE_BYTES: usize = 8 * 1024;
/// Longest name of an element or attribute.
const NAME_BYTES: usize = 64;
/// Characters to be escaped in one text: html5ever looks to the text's end for each when it writes them.
const RUN: usize = 256;
/// Characters of one page that a parser reads as references, beyond which they are dropped: each costs as much as a tag,
/// and the largest front pages seen have some thousands.
const REFERENCES: usize = 100_000;
/// Longest title.
const TITLE_BYTES: usize = 4096;
/// JSON set aside, in bytes of all blocks.
const JSON_BYTES: usize = 3 * 1024 * 1024;

/// Elements without content.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements that go with all they hold.
const WITH_CONTENT: &[&str] = &[
    "applet", "audio", "canvas", "iframe", "math", "noembed", "noframes", "noscript", "object", "select", "style",
    "svg", "template", "textarea", "video", "xmp",
];

/// Tags that go, their content stays: a parser treats each in a way of its own.
const TRANSPARENT: &[&str] = &[
    "head",
    "frameset",
    "frame",
    "plaintext",
    "image",
    "isindex",
    "param",
    "option",
    "optgroup",
    "noindex",
    "listing",
];

/// Elements out of which no end tag but their own reaches.
const WALLS: &[&str] = &["table", "td", "th", "caption"];

/// A page that may be parsed.
pub(super) struct Bounded {
    pub(super) html: String,
    /// The content of every block of JSON, in order.
    pub(super) json: Vec<String>,
    /// Scripts that were dropped.
    pub(super) scripts: usize,
    /// What the page says to readers without scripts.
    pub(super) unscripted: String,
}

/// Whether an element ends a paragraph that is open where it begins; the name in lower case.
fn is_block(name: &str) -> bool {
    elements::is_block(name) || matches!(name, "button" | "colgroup" | "hgroup" | "search" | "td" | "th")
}

/// The page as any parser will read it.
pub(super) fn bound(html: &str) -> Bounded {
    let mut writer = Writer {
        page: Bounded {
            html: String::with_capacity(html.len() / 2),
            json: Vec::new(),
            scripts: 0,
            unscripted: String::new(),
        },
        open: Vec::new(),
        dropped: 0,
        elements: 0,
        titled: false,
        json_bytes: 0,
        run: 0,
        references: 0,
    };
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) | Piece::Cdata(text) => writer.text(text),
            Piece::Close(name) => writer.close(&name.to_ascii_lowercase()),
            Piece::Open(tag)
                if tag.name.len() <= NAME_BYTES && tag.name.starts_with(|c: char| c.is_ascii_alphabetic()) =>
            {
                let name = tag.name.to_ascii_lowercase();
                match name.as_str() {
                    "script" => writer.script(tag, pieces.skip_content("script", true)),
                    "title" => writer.title(pieces.skip_content("title", false)),
                    "noscript" => {
                        let inside = pieces.skip_content("noscript", false);
                        if writer.page.unscripted.len() < 4096 {
                            writer
                                .page
                                .unscripted
                                .push_str(inside.get(..inside.floor_char_boundary(4096)).unwrap_or_default());
                        }
                    }
                    name if let Some(known) = WITH_CONTENT.iter().find(|known| **known == name) => {
                        if !tag.empty {
                            pieces.skip_content(known, *known == "style");
                        }
                    }
                    name if TRANSPARENT.contains(&name) => {}
                    _ => writer.open(name, tag),
                }
            }
            Piece::Open(_) | Piece::Doctype(_) | Piece::Other => {}
        }
    }
    writer.close_down_to(0);
    writer.page
}

/// Whether a script hands the page's data to others: `window.__STATE__ = {...}`.
fn is_state(script: &str) -> bool {
    let Some(rest) = script.trim_start().strip_prefix("window") else { return false };
    let head = rest.get(..rest.floor_char_boundary(NAME_BYTES)).unwrap_or_default();
    let Some((name, value)) = head.split_once('=') else { return false };
    name.contains("__") && value.trim_start().starts_with(['{', '['])
}

struct Open<'a> {
    name: String,
    tag: Tag<'a>,
    is_block: bool,
    /// Its end tag came while a block inside of it was open: it ends with that block.
    ended: bool,
}

struct Writer<'a> {
    page: Bounded,
    /// Outermost first.
    open: Vec<Open<'a>>,
    /// Start tags dropped at the depth limit whose end tags are still to come.
    dropped: usize,
    elements: usize,
    titled: bool,
    json_bytes: usize,
    /// Characters to be escaped since the last tag.
    run: usize,
    /// Characters that were written as references, or begin one.
    references: usize,
}

impl<'a> Writer<'a> {
    fn text(&mut self, text: &str) {
        let text = entities::allowed(text);
        for c in text.chars() {
            self.run += usize::from(matches!(c, '&' | '<' | '>' | '\u{A0}'));
            self.references += usize::from(matches!(c, '&' | '<' | '>'));
            if self.references > REFERENCES && matches!(c, '&' | '<' | '>') {
                self.page.html.push(' ');
                continue;
            }
            if self.run > RUN {
                self.page.html.push_str("<wbr>");
                self.run = 0;
            }
            match c {
                '<' => self.page.html.push_str("&lt;"),
                '>' => self.page.html.push_str("&gt;"),
                c => self.page.html.push(c),
            }
        }
    }

    fn script(&mut self, tag: Tag<'_>, content: &str) {
        let kind = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
        self.page.scripts += usize::from(!kind.contains("json"));
        if (kind.contains("json") || is_state(content)) && self.json_bytes + content.len() <= JSON_BYTES {
            self.json_bytes += content.len();
            self.page.json.push(content.to_owned());
        }
    }

    /// Only the first title is the page's.
    fn title(&mut self, content: &str) {
        if !std::mem::replace(&mut self.titled, true) {
            self.page.html.push_str("<title>");
            self.run = 0;
            self.text(content.get(..content.floor_char_boundary(TITLE_BYTES)).unwrap_or_default());
            self.page.html.push_str("</title>");
        }
    }

    fn open(&mut self, name: String, tag: Tag<'a>) {
        if matches!(name.as_str(), "html" | "body") || VOID.contains(&name.as_str()) {
            if name == "hr" {
                self.end_before(&["p"], WALLS);
            }
            self.elements += 1;
            if self.elements <= ELEMENTS {
                self.write(&name, tag);
            }
            return;
        }
        let is_block = is_block(&name);
        if is_block
            && !matches!(
                name.as_str(),
                "button" | "caption" | "colgroup" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr"
            )
        {
            self.end_before(&["p"], WALLS);
        }
        match name.as_str() {
            "li" => {
                self.end_before(&["li"], &["ul", "ol", "menu", "table", "td", "th", "blockquote", "section", "article"])
            }
            "dd" | "dt" => self.end_before(&["dd", "dt"], &["dl", "table", "td", "th", "ul", "ol"]),
            "td" | "th" => self.end_before(&["td", "th"], &["tr", "table"]),
            "tr" => self.end_before(&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => self.end_before(&["tbody", "thead", "tfoot"], &["table"]),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                let is_heading = |open: &Open<'_>| matches!(open.name.as_bytes(), [b'h', b'1'..=b'6']);
                if self.open.last().is_some_and(is_heading) {
                    self.close_down_to(self.open.len() - 1);
                }
            }
            "button" => self.end_before(&["button"], WALLS),
            // A parser takes the end of the inner one for that of the outer.
            "form" if self.open.iter().any(|open| open.name == "form") => return,
            _ => {}
        }
        let reopened = if name == "a" { self.end_link() } else { Vec::new() };
        for open in reopened {
            self.push(open);
        }
        self.push(Open { name, tag, is_block, ended: false });
    }

    /// Ends an open link, and gives the blocks inside of it, outermost first: they go on without it.
    fn end_link(&mut self) -> Vec<Open<'a>> {
        let Some(at) = self.open.iter().rposition(|open| open.name == "a" && !open.ended) else { return Vec::new() };
        let inside = self.open.get(at + 1..).unwrap_or_default();
        if inside.iter().any(|open| WALLS.contains(&open.name.as_str())) {
            // A link around a table: the links in it stay in it, which parsers sort out within bounds.
            return Vec::new();
        }
        let blocks: Vec<Open<'a>> = (inside.iter())
            .filter(|open| open.is_block && !open.ended)
            .map(|open| Open { name: open.name.clone(), ..*open })
            .collect();
        self.close_down_to(at);
        blocks
    }

    fn push(&mut self, open: Open<'a>) {
        self.elements += 1;
        if self.open.len() >= DEPTH || self.elements > ELEMENTS {
            self.dropped += 1;
            return;
        }
        self.write(&open.name, open.tag);
        self.open.push(open);
    }

    fn close(&mut self, name: &str) {
        if name == "br" {
            self.page.html.push_str("<br>");
            return;
        }
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        let is_block = is_block(name);
        let walls: &[&str] = match name {
            "table" => &[],
            "td" | "th" | "caption" | "tr" | "tbody" | "thead" | "tfoot" => &["table"],
            _ => WALLS,
        };
        let is_heading = matches!(name.as_bytes(), [b'h', b'1'..=b'6']);
        let mut between = false;
        for at in (0..self.open.len()).rev() {
            let Some(open) = self.open.get_mut(at) else { return };
            let is_same = open.name == name || is_heading && matches!(open.name.as_bytes(), [b'h', b'1'..=b'6']);
            if is_same && !open.ended {
                if between && !is_block {
                    open.ended = true;
                } else {
                    self.close_down_to(at);
                }
                return;
            }
            if walls.contains(&open.name.as_str()) {
                return;
            }
            between |= open.is_block;
        }
    }

    /// Ends an open element that a new one of its kind ends implicitly.
    fn end_before(&mut self, names: &[&str], walls: &[&str]) {
        for at in (0..self.open.len()).rev() {
            let Some(open) = self.open.get(at) else { return };
            if names.contains(&open.name.as_str()) {
                return self.close_down_to(at);
            }
            // A paragraph holds no blocks: below one there is none.
            if walls.contains(&open.name.as_str()) || names == ["p"] && open.is_block {
                return;
            }
        }
    }

    fn close_down_to(&mut self, at: usize) {
        while self.open.len() > at || self.open.last().is_some_and(|open| open.ended) {
            let Some(open) = self.open.pop() else { return };
            self.page.html.push_str("</");
            self.page.html.push_str(&open.name);
            self.page.html.push('>');
        }
    }

    fn write(&mut self, name: &str, tag: Tag<'_>) {
        self.run = 0;
        let out = &mut self.page.html;
        out.push('<');
        out.push_str(name);
        let is_name = |key: &str| {
            key.len() <= NAME_BYTES
                && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.'))
        };
        for (key, value) in tag.attributes().filter(|(key, _)| is_name(key)).take(ATTRIBUTES) {
            self.references += memchr::memchr_iter(b'&', value.as_bytes()).count();
            if value.len() > VALUE_BYTES
                || self.references > REFERENCES
                || key.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"))
            {
                continue;
            }
            out.push(' ');
            out.push_str(key);
            out.push_str("=\"");
            for (nth, part) in value.split('"').enumerate() {
                out.push_str(if nth > 0 { "&quot;" } else { "" });
                out.push_str(&entities::allowed(part));
            }
            out.push('"');
        }
        out.push('>');
    }
}
