//! What was taken out of stories as boilerplate, for `explain` and `try`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::check::count;
use super::message::printable;
use crate::model::SourceId;
use crate::store::Placed;

/// Characters of a line that are shown.
const SHOWN: usize = 90;
/// Lines of all sources that `try` shows.
const LINES: usize = 8;

/// The lines of one telling, under it.
pub(super) fn explain(story: &Placed, out: &mut dyn Write) -> io::Result<()> {
    for line in &story.story.boilerplate {
        writeln!(out, "         taken out as boilerplate: {}", shown(line))?;
    }
    Ok(())
}

/// A line that was taken out, and of how many stories of its source.
pub(super) struct Dropped<'a> {
    source: &'a SourceId,
    line: &'a str,
    stories: usize,
}

/// What was taken out of stories, the most frequent lines first.
pub(super) fn of<'a>(stories: impl Iterator<Item = &'a Placed>) -> Vec<Dropped<'a>> {
    let mut lines: BTreeMap<(&SourceId, &str), usize> = BTreeMap::new();
    for story in stories {
        for line in &story.story.boilerplate {
            *lines.entry((&story.source, line)).or_default() += 1;
        }
    }
    let dropped = lines.into_iter().map(|((source, line), stories)| Dropped { source, line, stories });
    let mut dropped: Vec<Dropped<'_>> = dropped.collect();
    dropped.sort_by_key(|dropped| std::cmp::Reverse(dropped.stories));
    dropped
}

/// The section of `try` about it, where there is any.
pub(super) fn print(dropped: &[Dropped<'_>], out: &mut dyn Write) -> io::Result<()> {
    if dropped.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nDropped as boilerplate: lines that stand around the stories of a source")?;
    for Dropped { source, line, stories } in dropped.iter().take(LINES) {
        writeln!(out, "{stories:>4}x  {:<14} {}", source.as_str(), shown(line))?;
    }
    if dropped.len() > LINES {
        writeln!(out, "       and {} more", count(dropped.len() - LINES, "line"))?;
    }
    Ok(())
}

pub(super) fn as_json(dropped: &[Dropped<'_>]) -> Vec<Value> {
    let line =
        |dropped: &Dropped<'_>| json!({"source": dropped.source, "line": dropped.line, "stories": dropped.stories});
    dropped.iter().map(line).collect()
}

fn shown(line: &str) -> String {
    let mut short: String = line.chars().take(SHOWN).collect();
    if line.chars().nth(SHOWN).is_some() {
        short.push('…');
    }
    printable(&short)
}
