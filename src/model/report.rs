//! How a visit and a run ended, in the words of `refresh --json`.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Change, Condition, Kind, SourceId, State};

/// The class of a visit's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// A document was read and its stories taken.
    Ok,
    /// A 304, or the same document as last time.
    Unchanged,
    /// As `Ok`, and every hop was permanent: the new address is remembered.
    Moved,
    /// Temporary: 429, 5xx, a time-out, a reset, a body cut short.
    RetryLater,
    /// 410.
    Gone,
    /// Refused before connecting: forbidden address or scheme.
    Blocked,
    /// Anything else; backs off.
    Failed,
}

impl OutcomeKind {
    /// Whether the visit did what it was for.
    pub fn is_success(self) -> bool {
        matches!(self, OutcomeKind::Ok | OutcomeKind::Unchanged | OutcomeKind::Moved)
    }
}

/// How one visit ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Its class.
    pub kind: OutcomeKind,
    /// What went wrong, one phrase without a full stop; `None` on success. Holds no secrets.
    pub error: Option<String>,
    /// What the user can do about it.
    pub help: Option<String>,
    /// The last HTTP status received.
    pub http_status: Option<u16>,
}

impl Outcome {
    /// An outcome without an error.
    pub fn success(kind: OutcomeKind, http_status: Option<u16>) -> Outcome {
        Outcome { kind, error: None, help: None, http_status }
    }
}

/// What a document turned out to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Feed, listing, article or text.
    pub kind: Kind,
    /// Its format: `rss2.0`, `atom1.0`, `html` and the like.
    pub format: String,
    /// How the stories were found.
    pub method: String,
    /// 0 to 1: how sure that is.
    pub confidence: f64,
    /// Stories in it.
    pub stories: usize,
    /// Those with an address.
    pub links: usize,
    /// Those with a date.
    pub dates: usize,
}

/// Pages that were fetched for the texts of stories.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Articles {
    /// Stories that got the text of their page.
    pub fetched: usize,
    /// Stories whose page could not be had, or held no more than their source gave.
    pub failed: usize,
    /// Stories that still wait for theirs, and are not decided about before.
    pub waiting: usize,
    /// Stories whose page calls the front page, or the page of another story, its own: said as a warning.
    #[serde(skip)]
    pub misnamed: usize,
    /// New stories whose page was a wall, or an error answered as if all was well; they failed.
    #[serde(skip)]
    pub walled: usize,
}

impl std::iter::Sum for Articles {
    fn sum<I: Iterator<Item = Articles>>(all: I) -> Articles {
        all.fold(Articles::default(), |sum, one| Articles {
            fetched: sum.fetched + one.fetched,
            failed: sum.failed + one.failed,
            waiting: sum.waiting + one.waiting,
            misnamed: sum.misnamed + one.misnamed,
            walled: sum.walled + one.walled,
        })
    }
}

/// One visited source in a run's report.
#[derive(Clone, Debug)]
pub struct SourceReport {
    /// Which one.
    pub id: SourceId,
    /// Its address, without secrets.
    pub location: String,
    /// How the visit ended.
    pub outcome: Outcome,
    /// What the document turned out to be; `None` when none was read.
    pub seen: Option<Seen>,
    /// Stories in the document.
    pub stories: usize,
    /// Stories first seen in this run that opened a cluster.
    pub new: usize,
    /// Stories first seen in this run that joined a cluster, also one opened in this run.
    pub folded: usize,
    /// Known stories whose title or text had changed.
    pub updated: usize,
    /// Stories in the document that were not taken: it is unlike those before, and not believed yet.
    pub withheld: usize,
    /// Pages fetched for its stories.
    pub articles: Articles,
    /// Feeds that the document announces, when it is no feed itself.
    pub feeds: Vec<String>,
    /// What was odd about the document though it could be read.
    pub warnings: Vec<String>,
    /// When it may be visited again.
    pub next: Option<DateTime<Utc>>,
    /// How the source is since this visit; `None`: it is not remembered.
    pub condition: Option<Condition>,
    /// What has changed in that with this visit.
    pub change: Option<Change>,
}

impl SourceReport {
    /// The row of a visit that ended like this and brought nothing.
    pub fn new(id: SourceId, outcome: Outcome) -> SourceReport {
        SourceReport {
            id,
            location: String::new(),
            outcome,
            seen: None,
            stories: 0,
            new: 0,
            folded: 0,
            updated: 0,
            withheld: 0,
            articles: Articles::default(),
            feeds: Vec::new(),
            warnings: Vec::new(),
            next: None,
            condition: None,
            change: None,
        }
    }
}

/// What became of one feed of an output.
#[derive(Clone, Debug)]
pub struct OutputReport {
    /// The feed's id, which names its files.
    pub id: SourceId,
    /// The output that it is of: another id only where that has a feed for each source.
    pub of: SourceId,
    /// Entries in it.
    pub entries: usize,
    /// Entries that are younger than the output's `keep`, and for which it has no room.
    pub cut: usize,
}

/// What a run did.
#[derive(Clone, Debug)]
pub struct RunReport {
    /// The run's clock.
    pub at: DateTime<Utc>,
    /// Configured sources that were not due.
    pub not_due: usize,
    /// Sources that were due and for which there was no time: they are the first in the next run.
    pub left: usize,
    /// One for each source that was visited, in order of configuration.
    pub sources: Vec<SourceReport>,
    /// Pages fetched for stories, also of sources that were not visited.
    pub articles: Articles,
    /// Output files, in order: name and whether its bytes changed.
    pub files: Vec<(String, bool)>,
    /// What is odd about the run as a whole.
    pub warnings: Vec<String>,
    /// Files of outputs that are no more, which are still in the published folder.
    pub strays: Vec<String>,
    /// One for each feed that was written, in order of configuration.
    pub outputs: Vec<OutputReport>,
    /// How long the run took on the wall.
    pub elapsed: Duration,
}

impl RunReport {
    /// A run that has done nothing yet.
    pub fn at(now: DateTime<Utc>) -> RunReport {
        RunReport {
            at: now,
            not_due: 0,
            left: 0,
            sources: Vec::new(),
            articles: Articles::default(),
            files: Vec::new(),
            warnings: Vec::new(),
            strays: Vec::new(),
            outputs: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }

    /// Sources whose visit did not succeed.
    pub fn failed(&self) -> usize {
        self.sources.iter().filter(|source| !source.outcome.kind.is_success()).count()
    }

    /// Sources that could be read, and whose stories are not believed: withheld, or unlike all before.
    pub fn doubtful(&self) -> usize {
        let is_drifted = |source: &SourceReport| source.condition.as_ref().is_some_and(|is| is.state == State::Drifted);
        let is_doubtful = |source: &&SourceReport| source.withheld > 0 || is_drifted(source);
        self.sources.iter().filter(|source| source.outcome.kind.is_success()).filter(is_doubtful).count()
    }

    /// Whether every configured source failed. Those that were not due are well or wait, and those that there was no time
    /// for may be: one that fails beside them is one of several.
    pub fn all_failed(&self) -> bool {
        let failed = self.failed();
        failed > 0 && failed == self.sources.len() && self.not_due == 0 && self.left == 0
    }

    /// Sum over the visited sources.
    pub fn sum(&self, figure: impl Fn(&SourceReport) -> usize) -> usize {
        self.sources.iter().map(figure).sum()
    }
}
