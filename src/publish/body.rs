//! The HTML of an entry: the story's own, or its paragraphs, and at the end who else tells it.
//!
//! Story HTML comes sanitised from `extract`. Everything that is put around it here is plain text
//! until it has gone through [`escape`].

use super::clean;
use super::sheet::Cover;

/// So many other tellers are named in the text; the links name all of them.
const NAMED: usize = 5;

/// What stands in the place of the story: its HTML, else the paragraphs of its plain text. Empty
/// when it has neither.
pub(super) fn story(content_html: Option<&str>, text: &str) -> String {
    let html = content_html.map(clean::text).unwrap_or_default();
    if clean::is_blank(&html) { paragraphs(text) } else { html.trim().to_owned() }
}

/// Plain text as HTML, each paragraph in a `<p>`. Empty when there is nothing to see in it.
pub(super) fn paragraphs(text: &str) -> String {
    split(text).iter().map(|paragraph| format!("<p>{}</p>", escape(paragraph))).collect()
}

/// Plain text with its paragraphs kept and everything else cleaned.
pub(super) fn plain(text: &str) -> String {
    split(text).join("\n\n")
}

/// The paragraph that shows who else tells the story; empty when nobody does.
pub(super) fn coverage(also: &[Cover]) -> String {
    if also.is_empty() {
        return String::new();
    }
    let named: Vec<String> = also.iter().take(NAMED).map(name).collect();
    let more = match also.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("<p>Also covered by: {}{more}</p>", named.join(", "))
}

/// Text as it must be written between HTML tags and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

fn name(cover: &Cover) -> String {
    let name = escape(&cover.label());
    match &cover.url {
        Some(url) => format!("<a href=\"{}\">{name}</a>", escape(url)),
        None => name,
    }
}

/// Paragraphs are separated by blank lines; a single line break is only a space.
fn split(raw: &str) -> Vec<String> {
    let text = clean::text(raw);
    let mut paragraphs = vec![String::new()];
    for line in text.split('\n') {
        match paragraphs.last_mut() {
            Some(last) if !line.trim().is_empty() => {
                last.push_str(line);
                last.push('\n');
            }
            _ => paragraphs.push(String::new()),
        }
    }
    paragraphs.iter().map(|paragraph| clean::line(paragraph)).filter(|p| !p.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tellers(names: &[(&str, Option<&str>)]) -> Vec<Cover> {
        let cover = |(name, url): &(&str, Option<&str>)| Cover {
            name: (*name).to_owned(),
            url: url.map(str::to_owned),
            title: "T".to_owned(),
            language: None,
            published: chrono::DateTime::UNIX_EPOCH,
            source: "s".to_owned(),
            media: Vec::new(),
            agency: None,
        };
        names.iter().map(cover).collect()
    }

    #[test]
    fn names_who_else_tells_the_story() {
        assert_eq!(coverage(&[]), "");
        let two = tellers(&[("A & <B>", Some("https://a.example/?x=1&y='2'")), ("Wire", None)]);
        assert_eq!(
            coverage(&two),
            "<p>Also covered by: <a href=\"https://a.example/?x=1&amp;y=&#39;2&#39;\">A &amp; &lt;B&gt;</a>, Wire</p>"
        );
    }

    #[test]
    fn names_at_most_five_and_counts_the_rest() {
        let seven =
            tellers(&[("A", None), ("B", None), ("C", None), ("D", None), ("E", None), ("F", None), ("G", None)]);
        assert_eq!(coverage(&seven), "<p>Also covered by: A, B, C, D, E and 2 more</p>");
        assert_eq!(coverage(&seven[..5]), "<p>Also covered by: A, B, C, D, E</p>");
    }

    #[test]
    fn plain_text_becomes_paragraphs() {
        assert_eq!(
            paragraphs("One\r\nline <b>.\n \n\nTwo & three\u{0}"),
            "<p>One line &lt;b&gt;.</p><p>Two &amp; three</p>"
        );
        assert_eq!(paragraphs(" \n\u{200b}\n"), "");
        assert_eq!(plain("One\nline.\n\n\nTwo"), "One line.\n\nTwo");
    }

    #[test]
    fn prefers_the_html_that_there_is() {
        assert_eq!(story(Some(" <p>Hi\u{1}</p>\n"), "text"), "<p>Hi</p>");
        assert_eq!(story(Some(" \u{0}"), "text"), "<p>text</p>");
        assert_eq!(story(None, ""), "");
    }
}
