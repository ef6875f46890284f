//! HTML to plain text, by one pass over its tags.

use crate::extract::markup::{Piece, Pieces};
use crate::extract::{elements, entities};

/// Elements within sentences. With [`is_block`]: what counts as a tag in a title.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "area", "b", "base", "basefont", "bdi", "bdo", "bgsound", "big", "blink", "br", "button",
    "cite", "code", "col", "colgroup", "data", "del", "dfn", "em", "embed", "font", "frame", "frameset", "i", "ilayer",
    "img", "input", "ins", "kbd", "keygen", "label", "layer", "link", "map", "mark", "marquee", "meta", "meter",
    "nobr", "noindex", "output", "param", "picture", "progress", "q", "rp", "rt", "ruby", "s", "samp", "slot", "small",
    "source", "spacer", "span", "strike", "strong", "sub", "sup", "td", "th", "time", "track", "tt", "u", "var", "wbr",
];

/// What stands before the next word.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Space,
    Line,
    Paragraph,
}

struct Writer {
    out: String,
    gap: Gap,
}

impl Writer {
    fn gap(&mut self, gap: Gap) {
        // Two line breaks are how HTML mails and old editors separate paragraphs.
        self.gap = if gap == Gap::Line && self.gap == Gap::Line { Gap::Paragraph } else { self.gap.max(gap) };
    }

    /// Adds text; white space of any length is one gap.
    fn text(&mut self, text: &str) {
        for (nth, word) in text.split(char::is_whitespace).enumerate() {
            if nth > 0 {
                self.gap = self.gap.max(Gap::Space);
            }
            if word.is_empty() {
                continue;
            }
            self.word(word);
        }
    }

    /// Text whose own line ends count: `pre`, or a text without any markup.
    fn lines(&mut self, text: &str, line: Gap) {
        let mut blank = false;
        for (nth, row) in text.split('\n').enumerate() {
            if nth > 0 {
                self.gap = self.gap.max(if blank { Gap::Paragraph } else { line });
            }
            blank = nth > 0 && row.trim().is_empty();
            self.text(row);
        }
    }

    fn word(&mut self, word: &str) {
        // Invisible characters keep equal texts from being equal.
        let invisible =
            |c: char| matches!(c, '\u{AD}' | '\u{200B}' | '\u{2060}' | '\u{FEFF}') || !entities::is_allowed(c);
        if word.chars().all(invisible) {
            return;
        }
        if !self.out.is_empty() {
            self.out.push_str(match self.gap {
                Gap::None => "",
                Gap::Space => " ",
                Gap::Line => "\n",
                Gap::Paragraph => "\n\n",
            });
        }
        self.gap = Gap::None;
        if word.is_ascii() && !word.contains(|c: char| c.is_control()) {
            self.out.push_str(word);
        } else {
            self.out.extend(word.chars().filter(|c| !invisible(*c)));
        }
    }
}

/// The text: paragraphs separated by one blank line, references decoded, scripts and the like gone.
pub(crate) fn text(html: &str) -> String {
    let mut writer = Writer { out: String::with_capacity(html.len()), gap: Gap::None };
    if memchr::memchr(b'<', html.as_bytes()).is_none() {
        writer.lines(&entities::decode(html), Gap::Space);
        return writer.out;
    }
    let mut pieces = Pieces::new(html);
    let mut pre = 0u32;
    while let Some(piece) = pieces.next() {
        match piece {
            Piece::Text(text) | Piece::Cdata(text) => {
                let text = entities::decode(text);
                if pre > 0 { writer.lines(&text, Gap::Line) } else { writer.text(&text) }
            }
            Piece::Open(tag) => {
                if super::tame::skip(&mut pieces, tag) {
                    continue;
                }
                pre += u32::from(tag.name.eq_ignore_ascii_case("pre"));
                writer.gap(gap_at(tag.name));
            }
            Piece::Close(name) => {
                if name.eq_ignore_ascii_case("pre") {
                    pre = pre.saturating_sub(1);
                }
                writer.gap(gap_at(name));
            }
            Piece::Doctype(_) | Piece::Other => {}
        }
    }
    writer.out
}

/// Whether an element ends a paragraph; the name in lower case.
fn is_block(name: &str) -> bool {
    elements::is_block(name) || matches!(name, "body" | "head" | "hr" | "html" | "legend" | "optgroup" | "option")
}

fn gap_at(name: &str) -> Gap {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "br" => Gap::Line,
        "td" | "th" | "img" => Gap::Space,
        name if is_block(name) => Gap::Paragraph,
        _ => Gap::None,
    }
}

/// Whether a tag of that name ends a line of [`text`].
pub(crate) fn breaks_line(name: &str) -> bool {
    gap_at(name) >= Gap::Line
}

/// One line of text: a title. Only tags that HTML knows are markup here, as a title may well
/// be about `Vec<T>`.
pub(crate) fn line(html: &str) -> String {
    let mut writer = Writer { out: String::with_capacity(html.len()), gap: Gap::None };
    let mut pieces = Pieces::new(html);
    let mut from = 0;
    while let Some(piece) = pieces.next() {
        let source = html.get(from..pieces.position()).unwrap_or_default();
        match piece {
            Piece::Text(text) => writer.text(&entities::decode(text)),
            Piece::Cdata(text) => writer.text(text),
            Piece::Open(tag) => {
                if !super::tame::skip(&mut pieces, tag) {
                    mark(&mut writer, tag.name, source);
                }
            }
            Piece::Close(name) => mark(&mut writer, name, source),
            Piece::Doctype(_) | Piece::Other => {}
        }
        from = pieces.position();
    }
    writer.out
}

/// Whether HTML has an element of that name.
pub(crate) fn is_known(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let name = lower.as_str();
    is_block(name) || INLINE.binary_search(&name).is_ok() || super::list::drops_content(name)
}

/// A known tag is at most a gap, an unknown one is text.
fn mark(writer: &mut Writer, name: &str, source: &str) {
    let lower = name.to_ascii_lowercase();
    let name = lower.as_str();
    if gap_at(name) > Gap::None {
        writer.gap(Gap::Space);
    } else if !is_known(name) {
        writer.text(&entities::decode(source));
    }
}

/// Plain text as one line.
pub(crate) fn one_line(text: &str) -> String {
    let mut writer = Writer { out: String::with_capacity(text.len()), gap: Gap::None };
    writer.text(text);
    writer.out
}

/// Plain text with its paragraphs: lines trimmed, any number of blank lines is one.
pub(crate) fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = "";
    for row in text.lines() {
        let row = entities::allowed(row.trim());
        if row.is_empty() {
            gap = "\n\n";
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap.is_empty() { "\n" } else { gap });
        }
        gap = "";
        out.push_str(&row);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{INLINE, line, paragraphs, text};

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(text(html), expected);
    }

    #[track_caller]
    fn check_line(html: &str, expected: &str) {
        assert_eq!(line(html), expected);
    }

    #[test]
    fn blocks_are_paragraphs() {
        check("<p>One.</p><p>Two <b>bold</b>.</p>", "One.\n\nTwo bold.");
        check("<div>a<div>b</div>c</div>", "a\n\nb\n\nc");
        check("<ul><li>a</li> <li>b</li></ul>", "a\n\nb");
        check("a<br>b<br/><br />c", "a\nb\n\nc");
        check("<td>a</td><td>b</td>", "a b");
    }

    #[test]
    fn inline_tags_do_not_break_words() {
        check("un<b>believ</b>able", "unbelievable");
        check("a\n  b &nbsp; c", "a b c");
    }

    #[test]
    fn decodes_references() {
        check("<p>Fish &amp; chips &lt;3</p>", "Fish & chips <3");
        check("1 &amp;lt; 2 <i>x</i>", "1 &lt; 2 x");
    }

    #[test]
    fn drops_what_nobody_reads() {
        check("a<script>var x = '<p>';</script>b<style>p{}</style><!-- c -->", "ab");
        check("so\u{AD}ft \u{200B} hyp&shy;hen", "soft hyphen");
    }

    #[test]
    fn keeps_lines_of_pre() {
        check("<pre>a\n  b\n\nc</pre> d\ne", "a\nb\n\nc\n\nd e");
    }

    #[test]
    fn text_without_markup_keeps_its_paragraphs() {
        check("One\nline.\n\nTwo &amp; three.", "One line.\n\nTwo & three.");
    }

    #[test]
    fn broken_markup_is_no_loss() {
        check("1 < 2 <3 a<b", "1 < 2 <3 a");
        check("<p>open <a href='x'>link", "open link");
        check("a <!-- never closed", "a never closed");
    }

    #[test]
    fn a_title_is_one_line() {
        check_line(" <b>Bold</b>\n title<br>here ", "Bold title here");
        check_line("Vec<T> and <em>Option</em><V> &lt;x&gt;", "Vec<T> and Option<V> <x>");
        check_line("a<p>b</p>c", "a b c");
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(INLINE.is_sorted());
    }

    #[test]
    fn an_element_without_its_end_tag_does_not_swallow_the_rest() {
        check("safe<object data=x> text", "safe text");
        check("safe<svg/> text", "safe text");
        check("safe<script> text", "safe");
    }

    #[test]
    fn plain_text_is_taken_as_it_is() {
        assert_eq!(paragraphs("a &amp; <b>\r\nc\n\n\n d \n"), "a &amp; <b>\nc\n\nd");
    }
}
