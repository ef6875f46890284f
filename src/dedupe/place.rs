//! Decides about an inbox.

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::Settings;
use super::board::{Board, Entrant};
use super::furniture::is_correction;
use crate::model::{
    ClusterId, Decision, Digest, Evidence, Member, Newcomer, Placement, Rule, SourceId, UpdatePolicy, Verdict,
};

/// What the store knew of a newcomer that comes again in another form.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Where it is.
    pub cluster: ClusterId,
    /// Words of its text as it was.
    pub words: u32,
    /// Its title as it was.
    pub title: String,
    /// The source's choice of what moves `updated`.
    pub update: UpdatePolicy,
}

/// Decides about newcomers, in their order (sorted by the store), given every known story that shares
/// a key with one of them and the other members of those stories' clusters. `earlier` says for each
/// newcomer what was known of the same source and key.
pub fn place(newcomers: &[Newcomer], earlier: &[Option<Earlier>], known: &[Member], settings: &Settings) -> Decision {
    let mut names = Names::default();
    let mut board = Board::new(settings);
    // Slot to the story's name, for the evidence.
    let mut stories: Vec<(SourceId, String)> = Vec::new();
    for member in known {
        let entrant = Entrant {
            source: names.source(&member.source),
            distinct: true,
            time: member.time.timestamp(),
            folding: member.folding,
            fingerprint: Arc::clone(&member.fingerprint),
        };
        board.add(entrant, names.cluster(member.cluster));
        stories.push((member.source.clone(), member.key.clone()));
    }

    let mut placements = Vec::with_capacity(newcomers.len());
    for (newcomer, earlier) in newcomers.iter().zip(earlier.iter().map(Option::as_ref)) {
        let entrant = Entrant {
            source: names.source(&newcomer.source),
            distinct: true,
            time: newcomer.time().timestamp(),
            folding: newcomer.folding,
            fingerprint: Arc::clone(&newcomer.fingerprint),
        };
        if let Some(earlier) = earlier {
            // It stays where it is; its new text takes part in later comparisons from the next run on.
            placements.push(Placement {
                verdict: Verdict::Known { moves_updated: moves_updated(newcomer, earlier) },
                cluster: earlier.cluster,
                because: Evidence::bare(Rule::SameId, Some((newcomer.source.clone(), newcomer.story.key.clone()))),
                apart: Vec::new(),
            });
            continue;
        }
        let judgement = board.judge(&entrant);
        let named = |slot: u32, evidence: Evidence| Evidence { with: Some(stories[slot as usize].clone()), ..evidence };
        let (verdict, cluster, because) = match judgement.with {
            Some(slot) => (Verdict::Joins, board.cluster(slot), named(slot, judgement.because)),
            None => (Verdict::Opens, names.cluster(mint(newcomer)), judgement.because),
        };
        placements.push(Placement {
            verdict,
            cluster: names.clusters[cluster as usize],
            because,
            apart: judgement.apart.into_iter().map(|(slot, evidence)| named(slot, evidence)).collect(),
        });
        board.add(entrant, cluster);
        stories.push((newcomer.source.clone(), newcomer.story.key.clone()));
    }
    Decision { placements }
}

/// The id of the cluster that a story opens: a function of its source and key, so that a decision
/// that is repeated after a crash, or after the database was lost, mints the same.
fn mint(newcomer: &Newcomer) -> ClusterId {
    let mut hash = Sha256::new();
    hash.update(b"oncefeed cluster 1\0");
    hash.update(newcomer.source.as_str());
    hash.update(b"\0");
    hash.update(&newcomer.story.key);
    ClusterId::from_digest(&Digest(hash.finalize().into()))
}

/// Whether readers should be told of an edit: by default when the text grew by more than a fifth or
/// is marked as a correction, never for a typo.
fn moves_updated(newcomer: &Newcomer, earlier: &Earlier) -> bool {
    match earlier.update {
        UpdatePolicy::Never => false,
        UpdatePolicy::Always => true,
        UpdatePolicy::Content => {
            let grown = u64::from(newcomer.fingerprint.words) * 5 > u64::from(earlier.words) * 6;
            let corrected = newcomer.fingerprint.correction && !is_correction(&earlier.title, "");
            grown && newcomer.fingerprint.words >= 8 || corrected
        }
    }
}

/// Sources and clusters as the small numbers that the board works with.
#[derive(Default)]
struct Names {
    sources: HashMap<SourceId, u32>,
    numbers: HashMap<ClusterId, u32>,
    clusters: Vec<ClusterId>,
}

impl Names {
    fn source(&mut self, id: &SourceId) -> u32 {
        if let Some(number) = self.sources.get(id) {
            return *number;
        }
        let number = self.sources.len() as u32;
        self.sources.insert(id.clone(), number);
        number
    }

    fn cluster(&mut self, id: ClusterId) -> u32 {
        *self.numbers.entry(id).or_insert_with(|| {
            self.clusters.push(id);
            (self.clusters.len() - 1) as u32
        })
    }
}
