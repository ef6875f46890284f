//! What `inspect --explain` says of a document: what it was taken for, what was weighed, what pins it.

use std::io::{self, Write};

use serde::Serialize;

use super::message::printable;
use crate::config;
use crate::extract::{Candidate, Explanation, ExtractError, Reading};

/// Stories that are shown.
const STORIES: usize = 10;

/// A candidate as JSON has it.
#[derive(Serialize)]
pub(super) struct Weighed<'a> {
    selector: &'a str,
    n: usize,
    score: f64,
    features: serde_json::Map<String, serde_json::Value>,
    samples: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<&'a crate::model::ListSelectors>,
}

/// Selectors as JSON has them, with how much they were found to pick.
#[derive(Serialize)]
pub(super) struct Pinned<'a> {
    list: &'a crate::model::ListSelectors,
    stories: usize,
    reproduced: usize,
    extra: usize,
}

pub(super) fn pinned(explanation: &Explanation) -> Option<Pinned<'_>> {
    let pin = explanation.pin.as_ref()?;
    Some(Pinned { list: &pin.list, stories: pin.stories, reproduced: pin.reproduced, extra: pin.extra })
}

pub(super) fn weighed(candidate: &Candidate) -> Weighed<'_> {
    let rounded = |number: f64| (number * 100.0).round() / 100.0;
    Weighed {
        selector: &candidate.selector,
        n: candidate.links,
        score: rounded(candidate.score),
        features: candidate.features.iter().map(|(name, value)| ((*name).to_owned(), rounded(*value).into())).collect(),
        samples: &candidate.samples,
        list: candidate.list.as_ref(),
    }
}

/// Prints an explanation for people.
pub(super) fn print(
    name: &str,
    seen: Result<&Reading, &ExtractError>,
    explanation: &Explanation,
    out: &mut dyn Write,
) -> io::Result<()> {
    match seen {
        Ok(reading) => {
            let kind = reading.kind.as_str();
            let stories = super::check::count(reading.drafts.len(), "story");
            writeln!(out, "{name}: {kind} ({}), {stories}, confidence {:.2}", reading.format, reading.confidence)?;
            writeln!(out, "  how: {}", printable(&reading.method))?;
            reading.warnings.iter().try_for_each(|warning| writeln!(out, "  warning: {}", printable(warning)))?;
        }
        Err(cause) => {
            writeln!(out, "{name}: {}", printable(&cause.to_string()))?;
            if let Some(help) = cause.help() {
                writeln!(out, "  help: {}", printable(&help))?;
            }
        }
    }
    let feeds = seen.map_or_else(ExtractError::feeds, |reading| &reading.feeds);
    feeds.iter().try_for_each(|feed| writeln!(out, "  feed: {}", printable(feed)))?;
    if let Ok(reading) = seen {
        stories(reading, out)?;
    }
    if !explanation.candidates.is_empty() {
        writeln!(out, "\n  groups of links, best first:")?;
        explanation.candidates.iter().try_for_each(|candidate| group(candidate, out))?;
    }
    let Some(pin) = &explanation.pin else { return Ok(()) };
    let what = if explanation.is_sure { "the list" } else { "the links that come nearest to a list" };
    writeln!(out, "\n  to pin {what}: it finds {} of {}, and {} besides\n", pin.reproduced, pin.stories, pin.extra)?;
    writeln!(out, "{}", config::list_written(&pin.list))
}

fn stories(reading: &Reading, out: &mut dyn Write) -> io::Result<()> {
    let shown = STORIES.min(reading.drafts.len());
    if shown < reading.drafts.len() {
        writeln!(out, "\n  the first {shown}:")?;
    } else {
        writeln!(out)?;
    }
    for draft in reading.drafts.iter().take(STORIES) {
        let story = draft.clone().clean();
        let date = story.published.map_or_else(|| "no date".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
        writeln!(out, "    {}  ({date})", printable(&story.title))?;
        if let Some(url) = &story.url {
            writeln!(out, "      {url}")?;
        }
    }
    Ok(())
}

fn group(candidate: &Candidate, out: &mut dyn Write) -> io::Result<()> {
    let links = super::check::count(candidate.links, "link");
    writeln!(out, "    score {:.2}, {links}: {}", candidate.score, printable(&candidate.selector))?;
    let features: Vec<String> = candidate.features.iter().map(|(name, value)| format!("{name} {value:.2}")).collect();
    writeln!(out, "      {}", features.join(", "))?;
    candidate.samples.iter().try_for_each(|title| {
        let title: String = title.chars().take(90).collect();
        writeln!(out, "      \u{201C}{}\u{201D}", printable(&title))
    })
}
