//! Lines out of HTML that was sanitised: with their words go the elements that held nothing else.

use std::collections::HashMap;

use super::bare;
use crate::extract::entities;
use crate::extract::html::plain::breaks_line;
use crate::extract::markup::{Piece, Pieces};

/// Elements without content and end tag that are something to look at.
const SEEN: &[&str] = &["img", "hr"];
const VOID: &[&str] = &["br", "hr", "img", "wbr"];

/// A piece of the markup.
struct Part<'h> {
    source: &'h str,
    piece: Piece<'h>,
    /// The line that it stands on; what ends a line stands on that.
    line: usize,
    goes: bool,
}

/// Sanitised HTML without the lines that are gone from its text, which still has those that are kept. Of lines that are
/// both, as many go as went there, from the end on. What is left is as well-nested as it was.
pub(super) fn without<'l>(html: &str, gone: &[&str], kept: impl Iterator<Item = &'l str>) -> String {
    if !html.contains('<') {
        return paragraphs(kept);
    }
    let (mut parts, lines) = parts(html);
    let mut wanted: HashMap<String, usize> = HashMap::new();
    for line in gone {
        *wanted.entry(bare(line)).or_default() += 1;
    }
    let mut lost: Vec<bool> = lines.iter().rev().map(|line| take(&mut wanted, &bare(line))).collect();
    lost.reverse();
    let is_lost = |line: usize| lost.get(line).copied().unwrap_or(false);
    drop_words(&mut parts, is_lost);
    drop_empty(&mut parts);
    let html: String = parts.iter().filter(|part| !part.goes).map(|part| part.source).collect();
    html.trim().to_owned()
}

/// What has no markup has no other line breaks than its text.
fn paragraphs<'l>(kept: impl Iterator<Item = &'l str>) -> String {
    let lines = kept.map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("<p>{}</p>", entities::escape(line))).collect()
}

fn take(wanted: &mut HashMap<String, usize>, line: &str) -> bool {
    let left = wanted.get_mut(line).filter(|left| **left > 0);
    left.map(|left| *left -= 1).is_some()
}

/// The pieces of the markup, and the text of each line.
fn parts(html: &str) -> (Vec<Part<'_>>, Vec<String>) {
    let (mut parts, mut lines) = (Vec::new(), vec![String::new()]);
    let mut pieces = Pieces::new(html);
    let mut from = 0;
    while let Some(piece) = pieces.next() {
        let source = html.get(from..pieces.position()).unwrap_or_default();
        from = pieces.position();
        let ends_line = match piece {
            Piece::Open(tag) => breaks_line(tag.name),
            Piece::Close(name) => breaks_line(name),
            Piece::Text(text) | Piece::Cdata(text) => {
                lines.last_mut().into_iter().for_each(|line| line.push_str(&entities::decode(text)));
                false
            }
            Piece::Doctype(_) | Piece::Other => false,
        };
        parts.push(Part { source, piece, line: lines.len() - 1, goes: false });
        if ends_line && lines.last().is_some_and(|line| !line.trim().is_empty()) {
            lines.push(String::new());
        }
    }
    (parts, lines)
}

/// Drops the words of lines, with the pictures that are links there (buttons), and the breaks that end them.
fn drop_words(parts: &mut [Part<'_>], is_lost: impl Fn(usize) -> bool) {
    let mut links = 0u32;
    for part in parts.iter_mut() {
        let is_word = match part.piece {
            Piece::Text(_) | Piece::Cdata(_) => true,
            Piece::Open(tag) if tag.name == "a" => {
                links += 1;
                false
            }
            Piece::Close("a") => {
                links = links.saturating_sub(1);
                false
            }
            Piece::Open(tag) => tag.name == "br" || tag.name == "img" && links > 0,
            _ => false,
        };
        part.goes = is_word && is_lost(part.line);
    }
}

/// An element that is open.
struct Open<'h> {
    name: &'h str,
    at: usize,
    /// It has lost words.
    has_lost: bool,
    /// It holds something still.
    has_content: bool,
}

/// Drops the elements that have lost words and hold nothing any more.
fn drop_empty(parts: &mut [Part<'_>]) {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut empty: Vec<(usize, usize)> = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        match part.piece {
            Piece::Open(tag) if VOID.contains(&tag.name) => {
                let is_seen = SEEN.contains(&tag.name) && !part.goes;
                open.last_mut().into_iter().for_each(|open| {
                    open.has_content |= is_seen;
                    open.has_lost |= part.goes;
                });
            }
            Piece::Open(tag) => open.push(Open { name: tag.name, at, has_lost: false, has_content: false }),
            Piece::Text(text) | Piece::Cdata(text) => {
                let has_words = !part.goes && !text.trim().is_empty();
                open.last_mut().into_iter().for_each(|open| {
                    open.has_content |= has_words;
                    open.has_lost |= part.goes;
                });
            }
            // Sanitised markup is well-nested: an end tag is that of the last element.
            Piece::Close(name) if open.last().is_some_and(|open| open.name == name) => {
                let Some(closed) = open.pop() else { continue };
                if closed.has_lost && !closed.has_content {
                    empty.push((closed.at, at));
                }
                open.last_mut().into_iter().for_each(|open| {
                    open.has_lost |= closed.has_lost;
                    open.has_content |= closed.has_content;
                });
            }
            _ => {}
        }
    }
    // Those inside others come first: a part is looked at once.
    let mut done = parts.len();
    for (from, to) in empty.into_iter().rev() {
        if from < done {
            let end = (to + 1).min(done);
            parts.get_mut(from..end).unwrap_or_default().iter_mut().for_each(|part| part.goes = true);
            done = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without;
    use crate::extract::html;

    #[track_caller]
    fn check(html: &str, gone: &[&str], kept: &[&str], expected: &str) {
        let found = without(html, gone, kept.iter().copied());
        assert_eq!(found, expected);
        // Harmless still, and well-nested.
        assert_eq!(html::sanitise(&found, None), found);
    }

    #[test]
    fn elements_that_held_nothing_else_go() {
        check("<p>a</p><p>Follow <b>us</b>.</p>", &["Follow us."], &["a"], "<p>a</p>");
        check(
            "<div><p>a</p></div><ul><li>x</li><li>y</li></ul><p>b</p>",
            &["x", "y"],
            &["a", "b"],
            "<div><p>a</p></div><p>b</p>",
        );
        check("<ul><li>x</li><li>y</li></ul>", &["x"], &["y"], "<ul><li>y</li></ul>");
        check("<blockquote><p>Join &amp; read</p></blockquote><p>a</p>", &["Join & read"], &["a"], "<p>a</p>");
    }

    #[test]
    fn lines_between_breaks_go() {
        check("<p>a<br>Follow us<br>b</p>", &["Follow us"], &["a", "b"], "<p>a<br>b</p>");
        check("a<br>Follow <i>us</i>", &["Follow us"], &["a"], "a<br>");
    }

    #[test]
    fn pictures_stay_and_buttons_go() {
        let button = "<a href=\"https://n.example/\" rel=\"noopener noreferrer nofollow\"><img src=\"https://n.example/b.png\"></a>";
        let picture = "<img src=\"https://n.example/p.png\">";
        check(&format!("<p>a</p><p>{button} Follow us</p>"), &["Follow us"], &["a"], "<p>a</p>");
        check(&format!("<p>a</p><p>{picture}Us</p>"), &["Us"], &["a"], &format!("<p>a</p><p>{picture}</p>"));
        check("<p>a</p><hr><p>Us</p>", &["Us"], &["a"], "<p>a</p><hr>");
    }

    #[test]
    fn of_equal_lines_the_last_go() {
        check("<p>x</p><p>a</p><p>x</p>", &["x"], &["x", "a"], "<p>x</p><p>a</p>");
        check("<p>x</p><p>a</p><p>X!</p>", &["x"], &["x", "a"], "<p>a</p><p>X!</p>");
    }

    #[test]
    fn what_was_empty_before_and_what_is_not_there_stay() {
        check("<p></p><p>a</p>", &["x"], &["a"], "<p></p><p>a</p>");
        check("<p>ax</p><p>x y</p>", &["x"], &["ax", "x y"], "<p>ax</p><p>x y</p>");
    }

    #[test]
    fn text_without_markup_becomes_paragraphs() {
        check("a\n\nUs", &["Us"], &["a", "", "1 < 2"], "<p>a</p><p>1 &lt; 2</p>");
    }

    #[test]
    fn size_costs_little() {
        let deep = html::sanitise(&("<div>".repeat(20_000) + "x"), None);
        assert!(!without(&deep, &["x"], std::iter::empty()).contains('x'));
        let many = "<p>x</p>".repeat(100_000) + "<p>a</p>";
        let gone = vec!["x"; 100_000];
        let start = crate::extract::tests::spent();
        assert_eq!(without(&many, &gone, std::iter::once("a")), "<p>a</p>");
        assert!(crate::extract::tests::spent() - start < std::time::Duration::from_secs(2));
    }
}
