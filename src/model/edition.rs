//! An output, and what is in it at one moment.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ClusterId, SourceId, Story, Voice, Voices};

/// A format that an output is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RSS 2.0, `ID.rss`.
    Rss,
    /// Atom 1.0, `ID.atom`.
    Atom,
    /// JSON Feed 1.1, `ID.json`.
    Json,
    /// A page to read in a browser, `ID.html`.
    Html,
}

impl Format {
    /// Every format that can be written.
    pub const ALL: &[Format] = &[Format::Rss, Format::Atom, Format::Json, Format::Html];

    /// The word in the configuration, which is also the file's extension.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Rss => "rss",
            Format::Atom => "atom",
            Format::Json => "json",
            Format::Html => "html",
        }
    }

    /// What a server has to say that the file is.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Rss => "application/rss+xml",
            Format::Atom => "application/atom+xml",
            Format::Json => "application/feed+json",
            Format::Html => "text/html",
        }
    }
}

/// What all outputs say of where they come from.
#[derive(Clone, Debug)]
pub struct Site {
    /// Names the site in the feeds.
    pub title: String,
    /// Where the outputs are served, ending in `/`. `None`: feeds carry no `rel=self`.
    pub base_url: Option<Url>,
}

/// A configured output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Unique among the outputs, in the form of a source id; names its files.
    pub id: SourceId,
    /// For readers.
    pub title: String,
    /// The sources it shows, by group; empty: all.
    pub groups: Vec<String>,
    /// What it is written as.
    pub formats: Vec<Format>,
    /// At least so many entries are kept ...
    pub limit: usize,
    /// ... and all that are younger than this, up to [`Output::CAP`].
    pub keep: Duration,
    /// Shows private sources too.
    pub private: bool,
}

impl Output {
    /// No output holds more entries than this, whatever `keep` asks for, unless `limit` is larger.
    pub const CAP: usize = 1_000;
}

/// One source's telling of a story.
#[derive(Clone, Debug)]
pub struct Telling {
    /// Whose it is.
    pub source: SourceId,
    /// The name to show: the outlet that the document names, else the source's title, else its id.
    pub name: String,
    /// The address of the source's document, where it is on the web.
    pub feed_url: Option<String>,
    /// The source's rank; 0 is preferred.
    pub rank: u32,
    /// The story itself.
    pub story: Story,
    /// Who speaks in it.
    pub voice: Voice,
    /// When it was published as far as can be believed: as its source dated it when it was first seen,
    /// but never after that. Later edits do not move it.
    pub published: DateTime<Utc>,
    /// Words of its text when it was decided about: later edits do not change who is shown.
    pub words: u32,
    /// The run that decided about it.
    pub decided: DateTime<Utc>,
    /// Newest change that counts as an update; `None`: none since it was first seen.
    pub revised: Option<DateTime<Utc>>,
    /// False for the old stories of a first visit.
    pub publish: bool,
}

/// One item of an output: one story of the world.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Never changes.
    pub id: ClusterId,
    /// The telling that is shown.
    pub shown: Telling,
    /// The other tellings, best rank first, each source once.
    pub also: Vec<Telling>,
    /// When it was published: as its source says, else as first seen, never after it was first seen.
    pub published: DateTime<Utc>,
    /// The newest change of the shown text that counts, never before `published`.
    pub updated: DateTime<Utc>,
}

impl Entry {
    /// Chooses among the tellings that an output may show. `None` when none of them is published.
    ///
    /// Only the tellings of the run that first published the story compete to be shown, so that what
    /// readers have seen does not alternate; later ones are "also covered by". Among them: a full
    /// text before a summary, then rank, then the earliest, then the source's id.
    pub fn of(id: ClusterId, mut tellings: Vec<Telling>) -> Option<Entry> {
        let opened = tellings.iter().filter(|t| t.publish).map(|t| t.decided).min()?;
        tellings.sort_by(|a, b| {
            (a.rank, a.published, &a.source, &a.story.key).cmp(&(b.rank, b.published, &b.source, &b.story.key))
        });
        let competes = |t: &Telling| t.publish && t.decided <= opened;
        let longest = tellings.iter().filter(|t| competes(t)).map(|t| t.words).max().unwrap_or(0);
        // A telling with at least two thirds of the longest text counts as whole: whose it is matters
        // more than a few paragraphs, but not more than the story itself.
        let chosen =
            tellings.iter().position(|t| competes(t) && t.words.saturating_mul(3) >= longest.saturating_mul(2))?;
        let shown = tellings.remove(chosen);
        let mut also: Vec<Telling> = Vec::new();
        for telling in tellings {
            let seen = |t: &Telling| t.source == telling.source && t.name == telling.name;
            if !seen(&shown) && !also.iter().any(seen) {
                also.push(telling);
            }
        }
        let published = shown.published;
        let updated = shown.revised.unwrap_or(published).max(published);
        Some(Entry { id, shown, also, published, updated })
    }

    /// The independent voices among the tellings that it stands for.
    pub fn voices(&self) -> Voices {
        Voices::among(std::iter::once(&self.shown).chain(&self.also).map(|telling| (&telling.source, &telling.voice)))
    }
}

/// An output at one moment.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Which output.
    pub output: Output,
    /// The newest change among the entries, not the time of rendering; `None` when there are none.
    pub updated: Option<DateTime<Utc>>,
    /// Newest first, equal times by id.
    pub entries: Vec<Entry>,
}

impl Edition {
    /// Orders the entries and cuts them to what the output keeps. Ages are counted back from `newest`,
    /// the time of the last decision, not from now: an output changes when its stories do, and not
    /// because time went by.
    pub fn of(output: &Output, mut entries: Vec<Entry>, newest: DateTime<Utc>) -> Edition {
        entries.sort_by(|a, b| b.published.cmp(&a.published).then(a.id.cmp(&b.id)));
        let keep = chrono::Duration::from_std(output.keep).unwrap_or(chrono::Duration::MAX);
        let since = newest.checked_sub_signed(keep).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let young = entries.iter().take_while(|entry| entry.published >= since).count();
        entries.truncate(output.limit.max(young.min(Output::CAP)));
        let updated = entries.iter().map(|entry| entry.updated).max();
        Edition { output: output.clone(), updated, entries }
    }
}
