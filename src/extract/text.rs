//! Plain text: the page of an aggregator saved as text, or one story.
//!
//! An aggregator's page is its own article, a footer, and "Related Articles": blocks of source,
//! age, "- source", title and text, two blank lines apart. Anything else is one story whose first
//! line is its title.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::date;
use super::draft::{Item, Markup};

/// The line below which the related stories stand.
const RELATED: &str = "related articles";
/// Lines that begin the footer of an aggregator's article, besides "Explore what … AI can do for you:".
const FOOTER: &[&str] = &["hashtags", "try our ai features", "comments", "no comments yet...", RELATED];
/// The section label that aggregators leave between a repeated headline and the text.
const LABEL: &str = "NewsFeed";
/// How far into a text a repeated headline is looked for.
const HEADLINE_BYTES: usize = 400;

/// What a plain text holds.
pub(crate) struct Text {
    pub(crate) items: Vec<Item>,
    /// Whether it has the shape of an aggregator's page.
    pub(crate) is_aggregator: bool,
}

/// Reads the stories of a plain text. Ages count back from `at`.
pub(crate) fn read(text: &str, base: Option<&Arc<Url>>, at: Option<DateTime<Utc>>) -> Text {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let footer = footer(&lines);
    let (own, below) = lines.split_at_checked(footer).unwrap_or((&lines, &[]));
    let related: Vec<Item> = match below.iter().position(|line| line.eq_ignore_ascii_case(RELATED)) {
        Some(heading) => below
            .get(heading + 1..)
            .unwrap_or_default()
            .split_blocks()
            .filter_map(|block| block_item(block, at))
            .collect(),
        None => Vec::new(),
    };
    let is_aggregator = footer < lines.len();
    let mut items: Vec<Item> = own_item(own).into_iter().chain(related).collect();
    for item in &mut items {
        item.base = base.cloned();
    }
    Text { items, is_aggregator }
}

/// The index of the line where the footer begins, or the number of lines.
///
/// "Comments" may be a heading of an ordinary text: one marker alone counts only where it is
/// the related heading, or the last line.
fn footer(lines: &[&str]) -> usize {
    let mut markers = lines.iter().enumerate().filter(|(_, line)| is_marker(line)).map(|(at, _)| at);
    let Some(first) = markers.next() else { return lines.len() };
    let is_last = lines.iter().skip(first + 1).all(|line| line.is_empty());
    let is_related = lines.get(first).is_some_and(|line| line.eq_ignore_ascii_case(RELATED));
    if is_last || is_related || markers.next().is_some() { first } else { lines.len() }
}

fn is_marker(line: &str) -> bool {
    let lower = line.to_ascii_lowercase();
    FOOTER.contains(&lower.as_str()) || (lower.starts_with("explore what ") && lower.ends_with(" ai can do for you:"))
}

trait Blocks<'a> {
    /// Parts that two or more blank lines separate, without blank lines.
    fn split_blocks(self) -> impl Iterator<Item = Vec<&'a str>>;
}

impl<'a> Blocks<'a> for &'a [&'a str] {
    fn split_blocks(self) -> impl Iterator<Item = Vec<&'a str>> {
        let mut blocks = Vec::new();
        let mut block = Vec::new();
        let mut blank = 0;
        for line in self {
            if line.is_empty() {
                blank += 1;
                continue;
            }
            if blank >= 2 && !block.is_empty() {
                blocks.push(std::mem::take(&mut block));
            }
            blank = 0;
            block.push(*line);
        }
        blocks.push(block);
        blocks.into_iter()
    }
}

/// The page's own article.
fn own_item(lines: &[&str]) -> Option<Item> {
    let mut lines = lines.iter().copied().filter(|line| !line.is_empty());
    let title = lines.next()?;
    Some(item(title, lines))
}

/// A related story, if the block's first and third lines agree on who tells it.
fn block_item(block: Vec<&str>, at: Option<DateTime<Utc>>) -> Option<Item> {
    let mut lines = block.into_iter();
    let (outlet, age, again, title) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
    let again = again.strip_prefix(['-', '–', '—'])?.trim();
    if again.to_lowercase() != outlet.to_lowercase() {
        return None;
    }
    let age = date::age(age)?;
    let published = at.and_then(|at| at.checked_sub_signed(age));
    Some(Item { outlet: Some(outlet.to_owned()), published, aged: true, ..item(title, lines) })
}

fn item<'a>(title: &str, lines: impl Iterator<Item = &'a str>) -> Item {
    let mut paragraphs: Vec<String> = lines.map(without_durations).collect();
    if let Some(first) = paragraphs.first_mut() {
        let kept = without_headline(first, title).to_owned();
        *first = kept;
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    Item {
        title: Some(Markup::Plain(title.to_owned())),
        content: (!paragraphs.is_empty()).then(|| Markup::Plain(paragraphs.join("\n\n"))),
        ..Item::default()
    }
}

/// Drops what a video player leaves behind: "Video Duration 02 minutes 25 seconds 02:25".
fn without_durations(line: &str) -> String {
    const START: &str = "Video Duration ";
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once(START) {
        match duration_end(after) {
            Some(after) => {
                out.push_str(before.trim_end());
                rest = after;
            }
            None => {
                out.push_str(before);
                out.push_str(START);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// What follows `\d+ minutes? \d+ seconds?( \d\d:\d\d)?`.
fn duration_end(text: &str) -> Option<&str> {
    fn number(text: &str) -> Option<&str> {
        let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
        (rest.len() < text.len()).then_some(rest)
    }
    fn unit<'a>(text: &'a str, name: &str) -> Option<&'a str> {
        let rest = text.strip_prefix(' ')?.strip_prefix(name)?;
        let rest = rest.strip_prefix('s').unwrap_or(rest);
        (!rest.starts_with(char::is_alphanumeric)).then_some(rest)
    }
    let rest = unit(number(text)?, "minute")?;
    let rest = unit(number(rest.strip_prefix(' ')?)?, "second")?;
    let clock = rest.strip_prefix(' ').and_then(|clock| {
        let bytes = clock.as_bytes().first_chunk::<5>()?;
        let is_clock = bytes.iter().enumerate().all(|(at, b)| if at == 2 { *b == b':' } else { b.is_ascii_digit() });
        is_clock.then(|| clock.get(5..))?
    });
    Some(clock.unwrap_or(rest))
}

/// Drops a repeated headline at the head of a text, with the section label behind it.
fn without_headline<'a>(text: &'a str, title: &str) -> &'a str {
    let title = words(title);
    let head = text.get(..text.floor_char_boundary(HEADLINE_BYTES)).unwrap_or(text);
    if let Some((before, _)) = head.split_once(LABEL) {
        let after = text.get(before.len() + LABEL.len()..).unwrap_or_default();
        let said = words(before);
        let known = said.iter().filter(|word| title.contains(word)).count();
        let stands_alone = (before.is_empty() || before.ends_with(' ')) && after.starts_with(' ');
        // Three of five words: headlines are reworded, sentences share less with them.
        if stands_alone && known * 5 >= said.len() * 3 {
            return after.trim_start();
        }
    }
    // The headline alone on its line.
    if title == words(text) { "" } else { text }
}

/// Words for comparison: lower case, quotation marks and punctuation aside.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{Text, read};
    use crate::extract::draft::settle;
    use crate::model::Story;

    const PAGE: &str = "\
Ferry stops for good
The last ferry left at noon.
'We will miss it,' said the captain.
Hashtags

Try Our AI Features
Explore what Harbour9 AI can do for you:
Comments
No comments yet...
Related Articles


The Lamp
3 hours ago
- The Lamp
Bridge opens beside old ferry line
The bridge opened on Monday. Video Duration 01 minute 5 seconds 01:05 Cars crossed it at once.


The Gull
1 day ago
- THE GULL
‘It was time' says captain, after last ferry
'It was time' – captain speaks after the last ferry NewsFeed The captain says he is not sad. Video Duration 02 minutes 25 seconds 02:25 Video Duration 00 minutes 09 seconds 00:09


Advertisement
buy now
- something else
Not a story
Not a text";

    fn stories(text: &str) -> Vec<Story> {
        let at = "2026-11-24T06:00:00Z".parse().ok();
        let Text { items, .. } = read(text, None, at);
        settle(items, &mut Vec::new()).into_iter().map(|draft| draft.clean()).collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let stories = stories(text);
        let found: Vec<_> = stories.iter().map(|story| (story.title.as_str(), story.text.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn an_aggregators_page_holds_its_article_and_the_related_ones() {
        check(
            PAGE,
            &[
                ("Ferry stops for good", "The last ferry left at noon.\n\n'We will miss it,' said the captain."),
                ("Bridge opens beside old ferry line", "The bridge opened on Monday. Cars crossed it at once."),
                ("‘It was time' says captain, after last ferry", "The captain says he is not sad."),
            ],
        );
    }

    #[test]
    fn related_stories_name_their_outlet_and_their_age() {
        let stories = stories(PAGE);
        let about: Vec<_> = stories
            .iter()
            .map(|story| (story.outlet.as_deref(), story.published.map(|date| date.to_rfc3339())))
            .collect();
        assert_eq!(
            about,
            [
                (None, None),
                (Some("The Lamp"), Some("2026-11-24T03:00:00+00:00".to_owned())),
                (Some("The Gull"), Some("2026-11-23T06:00:00+00:00".to_owned())),
            ]
        );
    }

    #[test]
    fn ages_need_a_clock() {
        let Text { items, is_aggregator } = read(PAGE, None, None);
        assert!(is_aggregator && items.iter().all(|item| item.published.is_none()));
    }

    #[test]
    fn line_ends_of_other_systems_change_nothing() {
        assert_eq!(stories(PAGE), stories(&PAGE.replace('\n', "\r\n")));
    }

    #[test]
    fn a_plain_text_is_one_story() {
        check("\n Title \n\nOne.\n\nTwo.\nThree.", &[("Title", "One.\n\nTwo.\n\nThree.")]);
        check("Title", &[("Title", "")]);
    }

    #[test]
    fn films_keep_their_sentences() {
        let sentence = "Video duration matters: the Video Duration of 90 minutes was too long.";
        check(&format!("On films\n{sentence}"), &[("On films", sentence)]);
        let sentence = "Video Duration 90 minutes is what the form said.";
        check(&format!("On films\n{sentence}"), &[("On films", sentence)]);
    }

    #[test]
    fn one_word_of_the_footer_cuts_nothing() {
        check("On forums\nComments\nPeople comment a lot.", &[("On forums", "Comments\n\nPeople comment a lot.")]);
        check("A title\nA text.\nComments\n", &[("A title", "A text.")]);
    }

    #[test]
    fn a_sentence_with_the_label_in_it_stays() {
        let sentence = "The company renamed its product NewsFeed in spring.";
        check(&format!("Storm hits coast\n{sentence}"), &[("Storm hits coast", sentence)]);
        let sentence = "A hundred Hours is the name of the play.";
        check(&format!("A hundred hours\n{sentence}"), &[("A hundred hours", sentence)]);
    }

    #[test]
    fn a_headline_that_is_repeated_on_its_own_line_goes() {
        check("Storm hits coast\nStorm hits coast\nIt rained.", &[("Storm hits coast", "It rained.")]);
    }
}
