//! Takes lines out of a story: out of its text, its HTML and its summary alike.
//!
//! The one way in is [`without`]. Which lines those are is decided elsewhere; here they go, and the story says
//! that they went.

pub(super) mod known;
mod markup;

use super::draft::clip;
use super::html::plain;
use crate::model::Story;

/// Lines that a story remembers to have lost, and bytes of each.
const REMEMBERED: usize = 20;
const REMEMBERED_BYTES: usize = 200;

/// A story without the lines of its text that have these numbers, ascending; blank lines are not counted. One that would have no
/// text left keeps it.
pub fn without(mut story: Story, numbers: &[usize]) -> Story {
    let Some((text, gone)) = split(&story.text, numbers) else { return story };
    if let Some(html) = &story.content_html {
        let html = markup::without(html, &gone, text.lines());
        story.content_html = Some(html).filter(|html| !html.is_empty());
    }
    story.summary = story.summary.map(|summary| summary_without(&summary, &gone)).filter(|summary| !summary.is_empty());
    let room = REMEMBERED.saturating_sub(story.boilerplate.len());
    let remembered = gone.iter().take(room).map(|line| clip((*line).to_owned(), REMEMBERED_BYTES));
    story.boilerplate.extend(remembered);
    story.text = text;
    story
}

/// A text without some of its lines, and these; `None` where that changes nothing, or leaves nothing.
fn split<'t>(text: &'t str, numbers: &[usize]) -> Option<(String, Vec<&'t str>)> {
    let mut gone = Vec::new();
    let mut number = 0..;
    let mut keeps = |line: &&'t str| {
        let goes =
            !line.trim().is_empty() && number.next().is_some_and(|number| numbers.binary_search(&number).is_ok());
        if goes {
            gone.push(line.trim());
        }
        !goes
    };
    let paragraphs = text.split("\n\n").map(|paragraph| paragraph.lines().filter(&mut keeps).collect::<Vec<_>>());
    let paragraphs: Vec<String> =
        paragraphs.map(|lines| lines.join("\n")).filter(|paragraph| !paragraph.trim().is_empty()).collect();
    (!gone.is_empty() && !paragraphs.is_empty()).then(|| (paragraphs.join("\n\n"), gone))
}

/// A summary without lines at its end, the last first, and at its head: a summary is one line, in which what stands
/// between sentences is told from them by nothing.
fn summary_without(summary: &str, gone: &[&str]) -> String {
    let mut rest = summary.trim();
    for line in gone.iter().rev().map(|line| plain::one_line(line)) {
        rest = rest.strip_suffix(&*line).map_or(rest, str::trim_end);
    }
    for line in gone.iter().map(|line| plain::one_line(line)) {
        rest = rest.strip_prefix(&*line).map_or(rest, str::trim_start);
    }
    rest.to_owned()
}

/// Words of a line, whatever stands between them: markup and text differ in white space.
fn bare(line: &str) -> String {
    line.chars().filter(|c| c.is_alphanumeric()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOOT: &str = "Follow the Lamp on Coble.";

    fn story(text: &str, html: &str, summary: &str) -> Story {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Story { text: text.to_owned(), content_html: some(html), summary: some(summary), ..Story::default() }
    }

    #[test]
    fn a_line_goes_from_text_markup_and_summary() {
        let told = story(
            "It rained.\n\nFollow the Lamp on Coble.",
            "<p>It rained.</p><p>Follow the <b>Lamp</b> on Coble.</p>",
            "It rained. Follow the Lamp on Coble.",
        );
        let kept = without(told, &[1]);
        assert_eq!((kept.text.as_str(), kept.summary.as_deref()), ("It rained.", Some("It rained.")));
        assert_eq!(kept.content_html.as_deref(), Some("<p>It rained.</p>"));
        assert_eq!(kept.boilerplate, [FOOT]);
    }

    #[test]
    fn lines_within_a_paragraph_count() {
        let kept = without(story("a\nb\n\nc\nd\n\ne", "", ""), &[1, 2, 3]);
        assert_eq!((kept.text.as_str(), kept.boilerplate.len()), ("a\n\ne", 3));
    }

    #[test]
    fn nothing_goes_where_nothing_would_be_left() {
        let told = story(FOOT, "<p>Follow the Lamp on Coble.</p>", FOOT);
        assert_eq!(without(told.clone(), &[0]), told);
        assert_eq!(without(told.clone(), &[]), told);
        assert_eq!(without(told.clone(), &[7]), told);
    }

    #[test]
    fn a_summary_that_was_nothing_else_goes() {
        let kept = without(story("It rained.\n\nFollow the Lamp on Coble.", "", FOOT), &[1]);
        assert_eq!(kept.summary, None);
    }

    #[test]
    fn little_is_remembered_of_what_went() {
        let text: String = (0..100).map(|n| format!("{n} {}\n", "ü".repeat(300))).collect();
        let kept = without(story(&text, "", ""), &(1..100).collect::<Vec<_>>());
        assert_eq!(kept.boilerplate.len(), REMEMBERED);
        assert!(kept.boilerplate.iter().all(|line| line.len() <= REMEMBERED_BYTES));
    }
}
