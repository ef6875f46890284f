//! What becomes of clusters that a person takes apart or puts together.
//!
//! A telling that left goes back by itself no more: it is known, and what is known stays where it is.
//! What comes later joins whichever cluster it is more like.

use std::collections::HashSet;

use sha2::{Digest as _, Sha256};

use crate::model::{ClusterId, Correction, Digest, Evidence, Held, Rule, SourceId, Verdict, Veto};

/// Names a telling, for people: the id of the cluster that it opens when nothing is like it.
pub fn telling_id(source: &SourceId, key: &str) -> ClusterId {
    name(b"oncefeed cluster 1\0", source, key.as_bytes())
}

/// A number for what a source calls by this.
pub(super) fn name(kind: &[u8], source: &SourceId, key: &[u8]) -> ClusterId {
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update(source.as_str());
    hash.update(b"\0");
    hash.update(key);
    ClusterId::from_digest(&Digest(hash.finalize().into()))
}

/// Takes some tellings (by source and key) out of a cluster; together they are a story of their own. The
/// others keep the cluster's id. `cluster` are all its tellings, oldest first. `None` when none of them
/// is named, or all.
pub fn split(cluster: &[Held], leaving: &HashSet<(SourceId, String)>) -> Option<Correction> {
    let leaves = |held: &Held| leaving.contains(&(held.source.clone(), held.key.clone()));
    let first = cluster.iter().find(|held| leaves(held))?;
    cluster.iter().find(|held| !leaves(held))?;
    let mut key = first.cluster.0.to_vec();
    key.extend(first.key.as_bytes());
    let own = name(b"oncefeed split 1\0", &first.source, &key);
    let mut opened = HashSet::new();
    let placed = cluster.iter().map(|held| {
        let (cluster, home) = if leaves(held) { (own, own) } else { (held.cluster, held.home) };
        let verdict = if opened.insert(cluster) { Verdict::Opens } else { Verdict::Joins };
        let crosses = (held.because.with.as_ref()).is_some_and(|with| leaving.contains(with) != leaves(held));
        let alone = verdict == Verdict::Opens && held.verdict != Verdict::Opens;
        if crosses || alone || leaves(held) && held.verdict == Verdict::Opens {
            return cut(held, cluster, home, verdict);
        }
        Held { cluster, home, verdict, ..held.clone() }
    });
    Some(Correction::Place(placed.collect()))
}

/// A telling whose reason to be where it was a person has overruled: that reason is kept as what it is
/// kept apart from.
fn cut(held: &Held, cluster: ClusterId, home: ClusterId, verdict: Verdict) -> Held {
    let overruled = (held.because.with.is_some())
        .then(|| Evidence { veto: Some(Veto::Split), ..held.because.clone() })
        .filter(|evidence| !matches!(evidence.rule, Rule::Split | Rule::Merge));
    Held {
        cluster,
        home,
        verdict,
        because: Evidence::bare(Rule::Split, held.because.with.clone()),
        apart: overruled.into_iter().chain(held.apart.iter().cloned()).collect(),
        ..held.clone()
    }
}

/// Puts a cluster's tellings into another, whose id stays. They keep their homes: what comes later need be
/// like one side only. `None` when one has no tellings, or both are the same.
pub fn merge(kept: &[Held], merged: &[Held]) -> Option<Correction> {
    let (opener, first) = (kept.first()?, merged.first()?);
    if opener.cluster == first.cluster {
        return None;
    }
    let with = Some((opener.source.clone(), opener.key.clone()));
    let placed = merged.iter().map(|held| {
        let held = Held { cluster: opener.cluster, ..held.clone() };
        match held.verdict {
            Verdict::Opens => {
                Held { verdict: Verdict::Joins, because: Evidence::bare(Rule::Merge, with.clone()), ..held }
            }
            _ => held,
        }
    });
    Some(Correction::Place(placed.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ClusterId = ClusterId([1; 16]);
    const B: ClusterId = ClusterId([2; 16]);

    fn name(source: &str) -> (SourceId, String) {
        (SourceId::new(source).unwrap(), "k".to_owned())
    }

    fn held(source: &str, cluster: ClusterId, with: Option<&str>) -> Held {
        let (source, key) = name(source);
        let rule = if with.is_some() { Rule::NearText } else { Rule::Opens };
        let verdict = if with.is_some() { Verdict::Joins } else { Verdict::Opens };
        let because = Evidence::bare(rule, with.map(name));
        Held { source, key, cluster, home: cluster, verdict, because, apart: Vec::new() }
    }

    /// One line a telling: source, cluster, whether it opens it, rule, what it is kept apart from.
    fn told(correction: Option<Correction>) -> Vec<String> {
        let Some(Correction::Place(placed)) = correction else { return Vec::new() };
        let line = |held: &Held| {
            let cluster = if held.cluster == A {
                "A"
            } else if held.cluster == B {
                "B"
            } else {
                "new"
            };
            let apart: Vec<&str> = held.apart.iter().map(|apart| apart.rule.as_str()).collect();
            let home = if held.home == held.cluster { "home" } else { "guest" };
            format!("{} {cluster} {home} {:?} {} {apart:?}", held.source, held.verdict, held.because.rule.as_str())
        };
        placed.iter().map(line).collect()
    }

    #[test]
    fn who_is_split_off_opens_a_story_and_remembers_why_it_was_folded() {
        let cluster = [held("ap", A, None), held("bbc", A, Some("ap")), held("cnn", A, Some("bbc"))];
        assert_eq!(
            told(split(&cluster, &HashSet::from([name("bbc")]))),
            [
                "ap A home Opens opens []",
                "bbc new home Opens split [\"near-text\"]",
                "cnn A home Joins split [\"near-text\"]"
            ]
        );
        assert_eq!(
            told(split(&cluster, &HashSet::from([name("bbc"), name("cnn")]))),
            ["ap A home Opens opens []", "bbc new home Opens split [\"near-text\"]", "cnn new home Joins near-text []"]
        );
        assert_eq!(
            told(split(&cluster, &HashSet::from([name("ap")]))),
            ["ap new home Opens split []", "bbc A home Opens split [\"near-text\"]", "cnn A home Joins near-text []"]
        );
    }

    #[test]
    fn none_and_all_are_no_part() {
        let cluster = [held("ap", A, None), held("bbc", A, Some("ap"))];
        assert_eq!(split(&cluster, &HashSet::new()), None);
        assert_eq!(split(&cluster, &HashSet::from([name("ap"), name("bbc")])), None);
        assert_eq!(split(&[], &HashSet::new()), None);
    }

    #[test]
    fn who_is_merged_stays_at_home() {
        let (kept, merged) = ([held("ap", A, None)], [held("bbc", B, None), held("cnn", B, Some("bbc"))]);
        let both = merge(&kept, &merged);
        assert_eq!(told(both.clone()), ["bbc A guest Joins merge []", "cnn A guest Joins near-text []"]);
        assert_eq!(merge(&kept, &kept), None);
        // And can be taken apart again.
        let Some(Correction::Place(guests)) = both else { panic!("they are merged") };
        let cluster: Vec<Held> = kept.into_iter().chain(guests).collect();
        assert_eq!(
            told(split(&cluster, &HashSet::from([name("bbc"), name("cnn")]))),
            ["ap A home Opens opens []", "bbc new home Opens split []", "cnn new home Joins near-text []"]
        );
    }
}
