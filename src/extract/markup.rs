//! Cuts markup into tags and text, whatever state it is in.
//!
//! One forgiving tokenizer for XML and HTML: it allocates nothing, never fails, and reads every
//! byte a bounded number of times. What starts neither tag nor comment is text; a tag ends at its
//! `>`, before the next `<`, or at the end.

use memchr::memmem;

/// Longest attribute or element name that is looked at.
const NAME_BYTES: usize = 256;
/// Attributes of one tag that are looked at: hostile tags have 100,000.
const ATTRIBUTES: usize = 256;

/// One piece of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// Characters between tags, references still encoded.
    Text(&'a str),
    /// Characters of a CDATA section: as they are.
    Cdata(&'a str),
    /// `<name …>` or `<name …/>`.
    Open(Tag<'a>),
    /// `</name>`.
    Close(&'a str),
    /// What stands between `<!DOCTYPE` and its end.
    Doctype(&'a str),
    /// A comment, a processing instruction or something like them.
    Other,
}

/// A start tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// As written, prefix and case included.
    pub(crate) name: &'a str,
    /// All between name and end.
    inside: &'a str,
    /// Whether it ended in `/>`.
    pub(crate) empty: bool,
}

impl<'a> Tag<'a> {
    /// Its attributes as written: names with prefixes, values with references. At most 256.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        Attributes { rest: self.inside }.take(ATTRIBUTES).filter(|(name, _)| name.len() <= NAME_BYTES)
    }

    /// The raw value of an attribute, by its name in any case.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Walks over the attributes of a tag.
struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let text =
            self.rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
        if text.is_empty() {
            return None;
        }
        let end = text.find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/')).unwrap_or(text.len());
        let (name, after) = text.split_at(end);
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            self.rest = after;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some((value, rest)) = quoted.and_then(|quote| value.get(1..)?.split_once(quote)) {
            self.rest = rest;
            return Some((name, value));
        }
        // A quote without an end, or none: up to white space.
        let value = if quoted.is_some() { value.get(1..).unwrap_or_default() } else { value };
        let end = value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len());
        let (value, rest) = value.split_at(end);
        self.rest = rest;
        Some((name, value))
    }
}

/// Something that was searched for, not to be searched for again once it is missing: without this
/// memory a megabyte of `<!--` costs a trillion steps.
#[derive(Default)]
struct Missing {
    comment: bool,
    cdata: bool,
    instruction: bool,
    double: bool,
    single: bool,
    angle: bool,
}

/// The tokenizer: an iterator over the pieces of a document.
pub(crate) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    missing: Missing,
    /// Elements that have no end tag from here on.
    endless: Vec<&'static str>,
    /// A comment, a CDATA section or a tag had no end before the document's.
    pub(crate) cut_off: bool,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(text: &'a str) -> Pieces<'a> {
        Pieces { text, at: 0, missing: Missing::default(), endless: Vec::new(), cut_off: false }
    }

    /// How many bytes were read.
    pub(crate) fn position(&self) -> usize {
        self.at
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, bytes: usize) -> &'a str {
        let piece = self.text.get(self.at..self.at + bytes).unwrap_or_else(|| self.rest());
        self.at += piece.len();
        piece
    }

    /// Skips the content of an element up to its end tag. Without one, everything to the end is
    /// content if the element is `raw` (of what follows `<script>` nothing is markup), else
    /// nothing is. Gives what was skipped.
    pub(crate) fn skip_content(&mut self, name: &'static str, is_raw: bool) -> &'a str {
        if self.endless.contains(&name) {
            return "";
        }
        let rest = self.rest();
        let mut from = 0;
        while let Some(found) = rest.get(from..).and_then(|tail| memmem::find(tail.as_bytes(), b"</")) {
            let at = from + found;
            let after = rest.get(at + 2..).unwrap_or_default();
            let is_end = after.get(..name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name))
                && !after.get(name.len()..).is_some_and(|tail| tail.starts_with(|c: char| c.is_ascii_alphanumeric()));
            if is_end {
                return self.advance(at);
            }
            from = at + 2;
        }
        if is_raw {
            return self.advance(rest.len());
        }
        self.endless.push(name);
        ""
    }

    /// `<!…`: comment, CDATA, DOCTYPE.
    fn declaration(&mut self) -> Piece<'a> {
        let rest = self.rest();
        if let Some(body) = rest.strip_prefix("<!--") {
            // `<!-->` and `<!--->` are whole comments in HTML.
            if body.starts_with('>') || body.starts_with("->") {
                self.advance(if body.starts_with('>') { 5 } else { 6 });
                return Piece::Other;
            }
            if !self.missing.comment {
                if let Some(end) = memmem::find(body.as_bytes(), b"-->") {
                    self.advance(4 + end + 3);
                    return Piece::Other;
                }
                self.missing.comment = true;
            }
            self.cut_off = true;
            self.advance(4);
            return Piece::Other;
        }
        if let Some(body) = strip_prefix_any_case(rest, "<![CDATA[") {
            if !self.missing.cdata {
                if let Some(end) = memmem::find(body.as_bytes(), b"]]>") {
                    let content = body.get(..end).unwrap_or_default();
                    self.advance(9 + end + 3);
                    return Piece::Cdata(content);
                }
                self.missing.cdata = true;
            }
            self.cut_off = true;
            self.advance(9);
            return Piece::Other;
        }
        if let Some(body) = strip_prefix_any_case(rest, "<!DOCTYPE") {
            let end = doctype_end(body);
            self.advance(9);
            let content = self.advance(end);
            self.advance(1);
            return Piece::Doctype(content);
        }
        self.skip_to_angle()
    }

    /// Skips to the next `>`, or over the `<` when there is none.
    fn skip_to_angle(&mut self) -> Piece<'a> {
        if !self.missing.angle {
            if let Some(end) = memchr::memchr(b'>', self.rest().as_bytes()) {
                self.advance(end + 1);
                return Piece::Other;
            }
            self.missing.angle = true;
        }
        self.cut_off = true;
        Piece::Text(self.advance(1))
    }

    /// `<?…?>`.
    fn instruction(&mut self) -> Piece<'a> {
        if !self.missing.instruction {
            if let Some(end) = memmem::find(self.rest().as_bytes(), b"?>") {
                self.advance(end + 2);
                return Piece::Other;
            }
            self.missing.instruction = true;
        }
        // Without its own end it ends like a tag.
        let tail = self.rest().as_bytes().get(1..).unwrap_or_default();
        if let Some(next) = memchr::memchr2(b'<', b'>', tail)
            && tail.get(next) == Some(&b'<')
        {
            self.cut_off = true;
            self.advance(1 + next);
            return Piece::Other;
        }
        self.skip_to_angle()
    }

    /// `<name …>` or `</name …>`; the caller has seen that a name follows.
    fn tag(&mut self, closing: bool) -> Piece<'a> {
        self.advance(if closing { 2 } else { 1 });
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let name_end = bytes
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/' | b'<'))
            .unwrap_or(bytes.len());
        let name = self.advance(name_end);
        let end = self.tag_end(self.rest().as_bytes());
        let inside = self.advance(end);
        match self.rest().as_bytes().first() {
            Some(b'>') => {
                self.advance(1);
            }
            // The next tag begins, or nothing does.
            Some(_) => {}
            None => self.cut_off = true,
        }
        if closing {
            return Piece::Close(name);
        }
        Piece::Open(Tag { name, inside, empty: inside.ends_with('/') })
    }

    /// Where a tag ends: at a `>` or `<` outside quotes.
    fn tag_end(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        let mut after_equals = false;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'>' | b'<' => return at,
                b'"' | b'\'' if after_equals => {
                    after_equals = false;
                    if let Some(end) = self.quote_end(*byte, bytes.get(at + 1..).unwrap_or_default()) {
                        at += 1 + end;
                    }
                }
                b'=' => after_equals = true,
                _ if byte.is_ascii_whitespace() => {}
                _ => after_equals = false,
            }
            at += 1;
        }
        bytes.len()
    }

    /// The closing quote, if the value up to it is believable: one that swallowed whole tags has
    /// lost its own quote.
    fn quote_end(&mut self, quote: u8, bytes: &[u8]) -> Option<usize> {
        let missing = if quote == b'"' { &mut self.missing.double } else { &mut self.missing.single };
        if *missing {
            return None;
        }
        let Some(end) = memchr::memchr(quote, bytes) else {
            *missing = true;
            return None;
        };
        let value = bytes.get(..end)?;
        let swallowed = memchr::memchr(b'>', value)
            .and_then(|angle| value.get(angle..))
            .is_some_and(|tail| memchr::memchr(b'<', tail).is_some() && memchr::memchr(b'=', tail).is_some());
        (!swallowed).then_some(end)
    }
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        if bytes.is_empty() {
            return None;
        }
        let Some(open) = memchr::memchr(b'<', bytes) else {
            return Some(Piece::Text(self.advance(bytes.len())));
        };
        if open > 0 {
            return Some(Piece::Text(self.advance(open)));
        }
        let piece = match bytes.get(1) {
            Some(b'!') => self.declaration(),
            Some(b'?') => self.instruction(),
            Some(b'/') if bytes.get(2).is_some_and(|b| starts_name(*b)) => self.tag(true),
            Some(b'/') if bytes.get(2) == Some(&b'>') => {
                self.advance(3);
                Piece::Other
            }
            Some(b) if starts_name(*b) => self.tag(false),
            _ => Piece::Text(self.advance(1)),
        };
        Some(piece)
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

fn strip_prefix_any_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, tail) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

/// The length of a DOCTYPE with its internal subset.
fn doctype_end(body: &str) -> usize {
    let bytes = body.as_bytes();
    let angle = memchr::memchr(b'>', bytes).unwrap_or(bytes.len());
    match memchr::memchr(b'[', bytes.get(..angle).unwrap_or_default()) {
        None => angle,
        Some(open) => {
            // `]` and `>` with only white space between them.
            let tail = bytes.get(open..).unwrap_or_default();
            memchr::memchr_iter(b']', tail)
                .find_map(|close| {
                    let after = tail.get(close + 1..)?;
                    // Bounded: a subset of nothing but brackets and spaces must stay linear.
                    let white = after.iter().take(64).take_while(|b| b.is_ascii_whitespace()).count();
                    (after.get(white) == Some(&b'>')).then_some(open + close + 1 + white)
                })
                .unwrap_or(angle)
        }
    }
}
