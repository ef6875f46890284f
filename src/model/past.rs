//! What a source was like: as much of its past as a new visit is held against.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Rhythm;

/// Days of documents that are remembered.
const DAYS: usize = 14;

/// What is remembered of a source's visits beside the last one. All of it holds for one address and one way of
/// reading it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Past {
    /// A visit went well: what was misspelt never did.
    pub worked: bool,
    /// Since when visits fail; `None`: the last one went well.
    pub failing_since: Option<DateTime<Utc>>,
    /// The state is a trouble because of failures, not of what was read.
    pub failed: bool,
    /// How the last failed visit failed, and how many in a row failed like this.
    pub trouble: Option<(Trouble, u32)>,
    /// Visits in a row that went well.
    pub steady: u32,
    /// How the last document was unlike those before; `None`: it was not.
    pub odd: Option<Odd>,
    /// What all such documents were like, until the source is well again.
    pub strange: Option<Day>,
    /// Visits in a row whose document was like those before.
    pub in_line: u32,
    /// Day of the last visit that went well.
    pub read: Option<NaiveDate>,
    /// Visits that went well since the last new story.
    pub silent: u32,
    /// When the stories last had other ids than the visit before.
    pub rekeyed: Option<NaiveDate>,
    /// Day of the first document.
    pub first: Option<NaiveDate>,
    /// Documents that were like those before.
    pub documents: u32,
    /// What they were like, the last days of them, oldest first.
    pub days: Vec<Day>,
    /// On which days stories came.
    pub rhythm: Rhythm,
    /// The stories of the last document, its first ones.
    pub last: Sample,
}

/// How a visit failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trouble {
    /// What usually passes: a time-out, a reset, 5xx.
    Temporary,
    /// What stays until somebody acts: 404, not a feed.
    Lasting,
    /// It may not be read.
    Blocked,
    /// 410.
    Gone,
}

/// A document that was unlike those before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Odd {
    /// How.
    pub what: Oddity,
    /// In words and numbers.
    pub why: String,
    /// Visits in a row that found such documents.
    pub visits: u32,
}

/// How a document is unlike those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Oddity {
    /// No stories.
    Empty,
    /// Far fewer stories.
    Few,
    /// Stories without dates.
    Undated,
    /// Stories that all have one title.
    Alike,
    /// Far shorter or far longer texts.
    Length,
    /// Known titles under other ids.
    Rekeyed,
}

/// What the documents of a day (UTC) were like: least and most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// Which day.
    pub on: NaiveDate,
    /// Stories.
    pub items: (u32, u32),
    /// Of 100 stories, those with a date.
    pub dated: (u32, u32),
    /// Of 100 stories, those with a title of their own.
    pub titled: (u32, u32),
    /// Bytes of a story's text as sent, the median.
    pub length: (u32, u32),
}

/// Hashes of stories, in the document's order: short ones, which only have to tell a few dozen apart.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sample {
    /// Of their keys, 8 hexadecimal digits each.
    pub keys: String,
    /// Of their titles, likewise; `--------` where there is none.
    pub titles: String,
}

impl Past {
    /// Notes a document that was like those before it.
    pub fn note(&mut self, today: Day) {
        self.documents = self.documents.saturating_add(1);
        match self.days.last_mut() {
            Some(day) if day.on == today.on => day.widen(&today),
            _ => self.days.push(today),
        }
        self.days.drain(..self.days.len().saturating_sub(DAYS));
    }
}

impl Day {
    /// Lets the ranges hold those of another day too.
    pub fn widen(&mut self, other: &Day) {
        let join = |range: &mut (u32, u32), other: (u32, u32)| {
            *range = (range.0.min(other.0), range.1.max(other.1));
        };
        join(&mut self.items, other.items);
        join(&mut self.dated, other.dated);
        join(&mut self.titled, other.titled);
        join(&mut self.length, other.length);
    }
}
