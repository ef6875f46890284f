//! What a person decided about stories. It holds for good: nothing that is decided later undoes it.

use super::{ClusterId, Evidence, SourceId, Verdict};

/// A change of what was decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Correction {
    /// These tellings are where and why they say.
    Place(Vec<Held>),
    /// No output shows these clusters, whatever joins them.
    Drop(Vec<ClusterId>),
    /// They are shown again.
    Restore(Vec<ClusterId>),
}

/// A telling, where it is and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// Whose it is.
    pub source: SourceId,
    /// Its key there.
    pub key: String,
    /// Where it is.
    pub cluster: ClusterId,
    /// As in [`Member::home`](super::Member::home).
    pub home: ClusterId,
    /// Whether it opened its cluster.
    pub verdict: Verdict,
    /// Why it is there.
    pub because: Evidence,
    /// What it was kept apart from.
    pub apart: Vec<Evidence>,
}

impl Held {
    /// Its source and its key there.
    pub fn name(&self) -> (SourceId, String) {
        (self.source.clone(), self.key.clone())
    }

    /// Whether it was decided into another cluster, which a person has merged with this one.
    pub fn is_guest(&self) -> bool {
        self.home != self.cluster
    }
}
