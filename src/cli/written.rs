//! What a run has written: a line an output, and what an output had no room for.

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::Failure;
use super::check::count;
use crate::model::{Format, Output, OutputReport, RunReport};

/// A feed, for programs.
pub(super) fn as_json(output: &OutputReport) -> Value {
    json!({"id": output.id, "output": output.of, "entries": output.entries, "cut": output.cut})
}

/// That a feed has no room for all that is younger than its output's `keep`, and what can be done about it.
pub(super) fn cut(id: &str, of: &str, entries: usize, cut: usize) -> (String, String) {
    let what = format!(
        "output `{id}`: {} younger than its `keep` not in it, which holds {entries}; who reads it seldom misses them",
        match cut {
            1 => "1 item is".to_owned(),
            _ => format!("{cut} items are"),
        }
    );
    let wanted = entries + cut;
    let longer =
        if wanted <= Output::MOST { format!("set `limit = {wanted}` for output `{of}`, or ") } else { String::new() };
    (what, format!("{longer}shorten its `keep`, or make several outputs of it with `groups`"))
}

/// A line an output: its items and its files; the feeds for each source of one together.
pub(super) fn print(report: &RunReport, dir: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let mut files: BTreeMap<&str, Vec<&(String, bool)>> = BTreeMap::new();
    let mut others = Vec::new();
    for file in &report.files {
        match report.outputs.iter().find(|output| is_of(&file.0, output.id.as_str())) {
            Some(output) => files.entry(output.id.as_str()).or_default().push(file),
            None => others.push(file),
        }
    }
    let its = |output: &OutputReport| files.get(output.id.as_str()).cloned().unwrap_or_default();
    for feeds in report.outputs.chunk_by(|a, b| a.of == b.of) {
        match feeds {
            [whole] if whole.id == whole.of => {
                writeln!(out, "{:>4} {:<9} in {}: {}", whole.entries, "items", whole.id, written(&its(whole), dir))?;
            }
            feeds => {
                let items: usize = feeds.iter().map(|feed| feed.entries).sum();
                let all: Vec<_> = feeds.iter().flat_map(its).collect();
                let changed = all.iter().filter(|(_, changed)| *changed).count();
                let of = feeds.first().map_or("", |feed| feed.of.as_str());
                writeln!(
                    out,
                    "{items:>4} {:<9} in {of}: {}, by source, {changed} of {} written {dir}/{of}-*",
                    "items",
                    count(feeds.len(), "feed"),
                    count(all.len(), "file")
                )?;
            }
        }
    }
    if !others.is_empty() {
        writeln!(out, "{:>4} {:<9} {}", "", "index", written(&others, dir))?;
    }
    Ok(())
}

fn written(files: &[&(String, bool)], dir: &str) -> String {
    let state = if files.iter().any(|(_, changed)| *changed) { "written" } else { "unchanged" };
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    format!("{state} {dir}/{{{}}}", names.join(","))
}

/// Whether a file is an output's: the others are about all of them.
fn is_of(name: &str, output: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(id, ending)| id == output && Format::ALL.iter().any(|format| format.as_str() == ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cure_is_a_limit_that_may_be_set() {
        let (what, cure) = cut("world", "world", 1_000, 1);
        assert!(what.contains("1 item is younger") && cure.contains("limit = 1001"), "{what} {cure}");
        let (what, cure) = cut("folders-ap", "folders", 1_000, 9_001);
        assert!(what.contains("folders-ap") && !cure.contains("limit") && cure.contains("keep"), "{what} {cure}");
    }
}
