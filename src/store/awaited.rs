//! Stories in the inbox that wait for the text of their page, and what becomes of them.

use chrono::{DateTime, Utc};

use crate::model::{Digest, Newcomer, SourceId, Story, Validators};

/// A story that waits, as far as it takes to fetch its page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Awaited {
    /// Where it comes from.
    pub source: SourceId,
    /// Its key there.
    pub key: String,
    /// Hash of what the source sent for it: another one is another form of the story.
    pub digest: Digest,
    /// The address of its page.
    pub page: String,
    /// Since when it waits; a later edit does not begin the wait anew.
    pub since: DateTime<Utc>,
    /// How often its page was asked for in vain.
    pub tries: u32,
    /// It is an edit of a story that was decided about.
    pub is_edit: bool,
    /// The last answer of its page, whichever story it was for.
    pub last: Option<PageVisit>,
}

/// When a page gave an answer, and what it is asked with the next time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageVisit {
    /// The run that asked.
    pub at: DateTime<Utc>,
    /// As sent with the answer.
    pub validators: Validators,
}

/// A story that waits, whole.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// As its source sent it.
    pub newcomer: Newcomer,
    /// What was decided about under its key, text of its page included.
    pub before: Option<Story>,
}

/// What became of stories that waited for one page, or for several that gave no answer.
#[derive(Clone, Debug, Default)]
pub struct Resolution {
    /// The page that answered, and how.
    pub page: Option<(String, PageVisit)>,
    /// Of each story.
    pub stories: Vec<(Awaited, Resolved)>,
}

/// What became of a story that waited.
#[derive(Clone, Debug)]
pub enum Resolved {
    /// It has its text, and takes the place of what waited: story, voice, hashes and `publish`.
    Told(Box<Newcomer>),
    /// It is decided about as it is.
    Released,
    /// It waits on, and its page was asked for once more.
    Postponed,
}
