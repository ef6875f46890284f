//! What a source was like: as much of its past as a new visit is held against.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Kind, Rhythm};

/// Days of documents that are remembered.
const DAYS: usize = 14;
/// Ways of reading that are remembered: the best part of a front page is another one from day to day.
const METHODS: usize = 12;

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
    /// The stories of the last document that was believed, its first ones.
    pub last: Sample,
    /// When that document was read, or last found unchanged.
    pub seen: Option<DateTime<Utc>>,
    /// What the believed documents turned out to be.
    pub kind: Option<Kind>,
    /// How their stories were found: hashes of the methods, the last one first.
    pub methods: Vec<String>,
    /// 0 to 100: how sure the last of these was.
    pub confidence: u32,
    /// What is withheld at present; `None`: the last document was believed.
    pub withheld: Option<Withheld>,
    /// A person has said that the next document is right, whatever it is.
    pub accepted: bool,
    /// Why the source is called drifted, or was last.
    pub drift: Option<Oddity>,
    /// When known ids last had other titles than the visit before.
    pub retitled: Option<NaiveDate>,
    /// Pages that stood in for the articles of new stories, logins, challenges and errors, until one was read.
    pub walled: u32,
    /// Articles in a row that were read since.
    pub reached: u32,
    /// What is to be said of the pages that its stories lead to, though they can be read.
    pub note: Option<String>,
}

/// Documents in a row that were not believed, and nothing of which was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// When the first of them was read, after which all agreed.
    pub since: DateTime<Utc>,
    /// How many they are.
    pub visits: u32,
    /// Stories of the first, its first ones.
    pub first: Sample,
    /// Stories of the last, its first ones.
    pub last: Sample,
    /// How their stories were found: a hash of the method.
    pub method: String,
    /// Stories came since the first, as they do in a list of news and not in a menu.
    pub lives: bool,
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
    /// When the first of them was read; `None`: by a version that did not note it.
    #[serde(default)]
    pub since: Option<DateTime<Utc>>,
}

/// How a document is unlike those before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Oddity {
    /// No stories.
    Empty,
    /// No stories in the place that the configuration names, which is there.
    Emptied,
    /// Far fewer stories.
    Few,
    /// Stories without dates.
    Undated,
    /// Stories that all have one title.
    Alike,
    /// Far longer texts.
    Length,
    /// Far shorter texts.
    Short,
    /// One text for all stories.
    Copied,
    /// Known titles under other ids.
    Rekeyed,
    /// Known ids under other titles.
    Retitled,
    /// Another part of the page, or another kind of document.
    Layout,
}

impl Oddity {
    /// Whether what such a document holds would be false stories, or false texts of known ones. Few stories, short ones
    /// and those without dates are true.
    pub fn is_withheld(self) -> bool {
        match self {
            Oddity::Alike | Oddity::Copied | Oddity::Retitled | Oddity::Layout => true,
            Oddity::Empty
            | Oddity::Emptied
            | Oddity::Few
            | Oddity::Short
            | Oddity::Undated
            | Oddity::Length
            | Oddity::Rekeyed => false,
        }
    }
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
    /// Of 100 stories with a text, those with a text of their own; 0 where that was not noted.
    #[serde(default)]
    pub told: (u32, u32),
    /// Width of a title in columns, the median; 0 where that was not noted.
    #[serde(default)]
    pub headline: (u32, u32),
    /// Of 100 stories of the document before, those that left in an hour.
    #[serde(default)]
    pub lost: (u32, u32),
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
    /// Notes how a believed document was read.
    pub fn read_by(&mut self, method: &str) {
        self.methods.retain(|known| known != method);
        self.methods.insert(0, method.to_owned());
        self.methods.truncate(METHODS);
    }

    /// Forgets what documents were like, so that the next one is believed whatever it is. When stories came, and what
    /// failed, stays known.
    pub fn forget_documents(&mut self) {
        let Past { worked, failing_since, failed, trouble, steady, read, rhythm, walled, reached, note, .. } =
            std::mem::take(self);
        *self = Past {
            worked,
            failing_since,
            failed,
            trouble,
            steady,
            read,
            rhythm,
            walled,
            reached,
            note,
            ..Past::default()
        };
    }
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
        join(&mut self.told, other.told);
        join(&mut self.headline, other.headline);
        join(&mut self.lost, other.lost);
    }
}
