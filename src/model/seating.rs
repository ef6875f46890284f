//! Where a story is, when it is to be in one feed only of several: `once = "site"`, `each = "source"`.
//!
//! A story's place is called its seat. [`Seating::seat`] finds it from what is stored of the story alone, so that a run that
//! was killed before the seat was recorded is completed with the same one.

use std::collections::{HashMap, HashSet};

use super::SourceId;

/// How often a story is published (`site.once`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Once {
    /// Once in each output that it qualifies for.
    #[default]
    Output,
    /// Once in the first output that it qualified for, and there for life.
    Site,
}

/// What an output is made into (`each`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Each {
    /// One feed of all its sources.
    #[default]
    None,
    /// A feed for each of its sources.
    Source,
}

/// The feed that a story is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Which output.
    pub output: SourceId,
    /// Of an output with a feed for each source, whose feed.
    pub source: Option<SourceId>,
}

/// An output among those that have each story once.
#[derive(Clone, Debug)]
pub struct Row {
    /// Which output.
    pub output: SourceId,
    /// The sources that it may show, with their ranks; 0 is preferred.
    pub sources: HashMap<SourceId, u32>,
    /// Whether it has a feed for each of them.
    pub each: bool,
}

/// Outputs that have each story once between them.
#[derive(Clone, Debug)]
pub struct Seating {
    /// Names these outputs in the store: seats of one scope say nothing of another.
    pub scope: String,
    /// In order of configuration: the first is preferred.
    pub rows: Vec<Row>,
    /// Sources whose stories their readers have elsewhere. What these tell finds no seat here, unless it had one before
    /// they told it.
    pub elsewhere: HashSet<SourceId>,
    /// Sources that are listed among those who also told a story, in whatever feed it is.
    pub listed: HashSet<SourceId>,
}

/// What a seat is found by: a published telling of a story.
#[derive(Clone, Debug)]
pub struct Told {
    /// Whose it is.
    pub source: SourceId,
    /// The run that decided about it, in milliseconds since 1970.
    pub decided: i64,
    /// When it was published, in milliseconds since 1970.
    pub published: i64,
    /// Words of its text when it was decided about.
    pub words: u32,
    /// As in [`Telling::guest`](super::Telling::guest).
    pub guest: bool,
}

impl Told {
    /// Guests after those at home, and then as they were decided about.
    pub fn order(&self) -> (bool, i64) {
        (self.guest, self.decided)
    }
}

impl Seating {
    /// The seat of a story with these published tellings. The one that it had before stays its seat for as long as that
    /// feed is there and may show one of them; else the output that may show one longest, of equals the first in
    /// order. `None`: there is none for it here.
    pub fn seat(&self, before: Option<&Seat>, told: &[Told]) -> Option<Seat> {
        if let Some(before) = before
            && let Some(row) = self.rows.iter().find(|row| row.output == before.output)
            && told.iter().any(|told| row.sources.contains_key(&told.source))
        {
            let kept = |source: &SourceId| {
                row.each && row.sources.contains_key(source) && told.iter().any(|told| told.source == *source)
            };
            return match &before.source {
                Some(source) if kept(source) => Some(before.clone()),
                _ => row.seat(told),
            };
        }
        if told.iter().any(|told| self.elsewhere.contains(&told.source)) {
            return None;
        }
        let since =
            |row: &Row| told.iter().filter(|told| row.sources.contains_key(&told.source)).map(Told::order).min();
        let rows = self.rows.iter().filter_map(|row| Some((since(row)?, row)));
        // Of equal ones the first is taken.
        rows.min_by_key(|(since, _)| *since).and_then(|(_, row)| row.seat(told))
    }
}

impl Row {
    /// The seat of a story in this output: where it has a feed for each source, that of the source which is shown of
    /// those that told it first: whole texts before cuts, then by rank, then the earliest.
    fn seat(&self, told: &[Told]) -> Option<Seat> {
        let mine = || told.iter().filter_map(|told| Some((told, *self.sources.get(&told.source)?)));
        let first = mine().map(|(told, _)| told.order()).min()?;
        let first = || mine().filter(|(told, _)| told.order() == first);
        let longest = first().map(|(told, _)| told.words).max()?;
        let is_cut = |told: &Told| told.words.saturating_mul(3) < longest.saturating_mul(2);
        let best = first().min_by_key(|(told, rank)| (is_cut(told), *rank, told.published, &told.source));
        let source = best.map(|(told, _)| told.source.clone()).filter(|_| self.each);
        Some(Seat { output: self.output.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(name: &str) -> SourceId {
        SourceId::new(name).unwrap()
    }

    fn ids(names: &str) -> HashSet<SourceId> {
        names.split_whitespace().map(id).collect()
    }

    /// Outputs in order, as `name: its sources`; with a feed for each source when the name has a star.
    fn seating(rows: &[&str]) -> Seating {
        let row = |line: &&str| {
            let (name, sources) = line.split_once(": ").unwrap();
            let sources = sources.split_whitespace().zip(0..).map(|(name, rank)| (id(name), rank)).collect();
            Row { output: id(name.trim_end_matches('*')), sources, each: name.ends_with('*') }
        };
        Seating { scope: "x".to_owned(), rows: rows.iter().map(row).collect(), elsewhere: ids("shut"), listed: ids("") }
    }

    /// Tellings as `source@run`.
    fn told(tellings: &str) -> Vec<Told> {
        let telling = |text: &str| {
            let (source, run) = text.split_once('@').unwrap();
            Told { source: id(source), decided: run.parse().unwrap(), published: 0, words: 100, guest: false }
        };
        tellings.split_whitespace().map(telling).collect()
    }

    /// Where a story is: `output` or `output/source`, `""` for nowhere.
    #[track_caller]
    fn check(rows: &[&str], before: &str, tellings: &str, expected: &str) {
        let parse = |text: &str| match text.split_once('/') {
            Some((output, source)) => Seat { output: id(output), source: Some(id(source)) },
            None => Seat { output: id(text), source: None },
        };
        let before = (!before.is_empty()).then(|| parse(before));
        let found = seating(rows).seat(before.as_ref(), &told(tellings));
        assert_eq!(found, (!expected.is_empty()).then(|| parse(expected)), "{before:?} {tellings}");
    }

    #[test]
    fn the_first_output_that_a_story_qualified_for_has_it() {
        let rows = ["world: ap bbc", "local: metro ap", "rest: ap bbc metro"];
        check(&rows, "", "ap@1", "world");
        check(&rows, "", "metro@1", "local");
        check(&rows, "", "metro@1 ap@1", "world");
        // It qualified for the second before it qualified for the first.
        check(&rows, "", "metro@1 bbc@2", "local");
        check(&rows, "", "cnn@1", "");
    }

    #[test]
    fn it_stays_there_as_long_as_it_may() {
        let rows = ["world: ap bbc", "local: metro ap"];
        check(&rows, "local", "metro@1 ap@1", "local");
        check(&rows, "local", "bbc@1", "world");
        check(&rows, "gone", "metro@1 bbc@2", "local");
        check(&rows, "local", "cnn@1", "");
    }

    #[test]
    fn what_readers_have_elsewhere_finds_no_seat_but_keeps_one() {
        let rows = ["mine: ap shut"];
        check(&rows, "", "ap@1", "mine");
        check(&rows, "", "ap@1 shut@2", "");
        check(&rows, "mine", "ap@1 shut@2", "mine");
    }

    #[test]
    fn of_feeds_for_each_source_one_has_it() {
        let rows = ["folders*: ap bbc metro", "rest: ap bbc"];
        check(&rows, "", "bbc@1 metro@1", "folders/bbc");
        check(&rows, "", "metro@1 bbc@2", "folders/metro");
        check(&rows, "folders/metro", "metro@1 bbc@1", "folders/metro");
        // Its source is no more: another feed of the same output.
        check(&rows, "folders/cnn", "metro@1 bbc@2", "folders/metro");
        check(&rows, "folders", "metro@1", "folders/metro");
        check(&["folders: ap"], "folders/ap", "ap@1", "folders");
    }

    #[test]
    fn a_whole_text_is_preferred_to_a_cut_and_a_guest_comes_last() {
        let mut tellings = told("ap@1 bbc@1");
        tellings[0].words = 60;
        let rows = seating(&["folders*: ap bbc"]);
        let whose = |tellings: &[Told]| rows.seat(None, tellings).unwrap().source.unwrap();
        assert_eq!(whose(&tellings), id("bbc"));
        tellings[0].words = 70;
        assert_eq!(whose(&tellings), id("ap"));
        tellings[0].guest = true;
        assert_eq!(whose(&tellings), id("bbc"));
    }
}
