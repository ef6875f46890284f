//! What becomes of clusters that a person takes apart or puts together.
//!
//! A telling that left goes back by itself no more: it is known, and what is known stays where it is.
//! What comes later joins whichever cluster it is more like.

use std::collections::{HashMap, HashSet};

use sha2::{Digest as _, Sha256};

use crate::model::{ClusterId, Correction, Digest, Evidence, Held, Rule, SourceId, Verdict, Veto};

/// A telling: its source, and its key there.
type Name = (SourceId, String);

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

/// Takes some tellings (by source and key) out of a cluster; together they are a story of their own. Which
/// side leaves and which keeps the cluster's id is decided by what readers know: `shown` is the telling that
/// they see. `cluster` are all its tellings, oldest first. `None` when none of them is named, or all.
///
/// Tellings that a person had merged into it go back to the id that they had, when all of them leave. What was seeded
/// is no telling that anybody sees: unless it is named itself, it goes along with that id.
pub fn split(cluster: &[Held], named: &HashSet<Name>, shown: Option<&Name>) -> Option<Correction> {
    let (seeds, tellings): (Vec<&Held>, Vec<&Held>) =
        cluster.iter().partition(|held| held.source.is_seeded() && !named.contains(&held.name()));
    let (named, others): (Vec<&Held>, Vec<&Held>) = tellings.iter().partition(|held| named.contains(&held.name()));
    if named.is_empty() || others.is_empty() {
        return None;
    }
    let (mut leaving, mut staying) =
        if named_leave(&named, &others, shown) { (named, others) } else { (others, named) };
    for seed in seeds {
        let is_home = |side: &[&Held]| side.iter().any(|held| held.home == seed.home);
        let side = if seed.is_guest() && is_home(&leaving) && !is_home(&staying) { &mut leaving } else { &mut staying };
        side.push(seed);
    }
    let homes = homes(&leaving, &staying);
    let own = homes[&leaving[0].home];
    let left: HashSet<Name> = leaving.iter().map(|held| held.name()).collect();
    let moved = |held: &Held| match left.contains(&held.name()) {
        true => Held { cluster: own, home: homes[&held.home], ..held.clone() },
        false => held.clone(),
    };
    let moved: Vec<Held> = cluster.iter().map(moved).collect();
    let openers: HashSet<Name> = [own, staying[0].cluster].into_iter().filter_map(|id| opener(&moved, id)).collect();
    let placed = moved.into_iter().map(|held| {
        let (opens, leaves) = (openers.contains(&held.name()), left.contains(&held.name()));
        let crosses = held.because.with.as_ref().is_some_and(|with| left.contains(with) != leaves);
        let stays_why =
            !crosses && if opens { held.verdict == Verdict::Opens && !leaves } else { held.verdict != Verdict::Opens };
        let verdict = if opens { Verdict::Opens } else { Verdict::Joins };
        if stays_why { Held { verdict, ..held } } else { cut(held, verdict, crosses) }
    });
    Some(Correction::Place(placed.collect()))
}

/// Whether those who are named leave; else the others do, and the id stays with those who are named.
fn named_leave(named: &[&Held], others: &[&Held], shown: Option<&Name>) -> bool {
    // Who was merged into it and is taken out whole goes back, whoever asks for it from which side.
    if is_all_of_a_guest(named, others) {
        return true;
    }
    if is_all_of_a_guest(others, named) {
        return false;
    }
    let is_at_home = |side: &[&Held]| side.iter().any(|held| !held.is_guest());
    match (is_at_home(named), is_at_home(others)) {
        (true, false) => false,
        (false, true) => true,
        _ => shown.is_none_or(|shown| named.iter().all(|held| held.name() != *shown)),
    }
}

/// Whether one side is all that came from one other cluster.
fn is_all_of_a_guest(side: &[&Held], rest: &[&Held]) -> bool {
    let is_from = |held: &Held| held.home == side[0].home;
    side[0].is_guest() && side.iter().all(|held| is_from(held)) && !rest.iter().any(|held| is_from(held))
}

/// A home for each that is left: its own where nobody stays in it, else one that is made of it. What comes
/// later needs to agree with those of one home, and those of two homes need not agree.
fn homes(leaving: &[&Held], staying: &[&Held]) -> HashMap<ClusterId, ClusterId> {
    let mut homes = HashMap::new();
    for held in leaving {
        let is_empty = held.is_guest() && staying.iter().all(|other| other.home != held.home);
        homes.entry(held.home).or_insert_with(|| if is_empty { held.home } else { split_off(held) });
    }
    homes
}

/// The home that a telling opens when it leaves its own: another one for each that it had, so that none comes
/// twice.
fn split_off(held: &Held) -> ClusterId {
    name(b"oncefeed split 1\0", &held.source, &[&held.home.0, held.key.as_bytes()].concat())
}

/// Who opens a cluster: who did, of those at home in it, else the oldest of them.
fn opener(moved: &[Held], cluster: ClusterId) -> Option<Name> {
    let members = || moved.iter().filter(|held| held.cluster == cluster);
    let mut at_home = members().filter(|held| !held.is_guest());
    let opened = at_home.clone().find(|held| held.verdict == Verdict::Opens || held.because.rule == Rule::Merge);
    let guest = || members().find(|held| held.verdict == Verdict::Opens).or(members().next());
    opened.or_else(|| at_home.next()).or_else(guest).map(Held::name)
}

/// A telling whose reason to be where it was a person has overruled. When it names one of the other side, it
/// is kept as what the telling is kept apart from.
fn cut(held: Held, verdict: Verdict, crosses: bool) -> Held {
    let because = Evidence::bare(Rule::Split, held.because.with.clone());
    let overruled = (crosses && !matches!(held.because.rule, Rule::Split | Rule::Merge))
        .then(|| Evidence { veto: Some(Veto::Split), ..held.because.clone() });
    Held { verdict, because, apart: overruled.into_iter().chain(held.apart).collect(), ..held }
}

/// Puts the tellings of other clusters into one, whose id stays. They keep their homes: what comes later need
/// be like one side only. Gives all that change. `None` when one side has no tellings, or both are one.
pub fn merge(kept: &[Held], merged: &[Held]) -> Option<Correction> {
    let opener = kept.iter().find(|held| held.verdict == Verdict::Opens).or(kept.first())?;
    if merged.is_empty() || merged.iter().any(|held| held.cluster == opener.cluster) {
        return None;
    }
    let together: HashSet<Name> = kept.iter().chain(merged).map(Held::name).collect();
    let stayed = kept.iter().map(|held| (held, reunited(held, &together)));
    let stayed = stayed.filter(|(before, held)| *before != held).map(|(_, held)| held);
    let moved = merged.iter().map(|held| {
        let held = Held { cluster: opener.cluster, ..reunited(held, &together) };
        match held.verdict {
            Verdict::Opens => {
                let because = Evidence::bare(Rule::Merge, Some(opener.name()));
                Held { verdict: Verdict::Joins, because, ..held }
            }
            _ => held,
        }
    });
    Some(Correction::Place(stayed.chain(moved).collect()))
}

/// A telling that a person had taken from others with whom it is together again: what held holds again.
fn reunited(held: &Held, together: &HashSet<Name>) -> Held {
    let is_undone = |evidence: &Evidence| {
        evidence.veto == Some(Veto::Split) && evidence.with.as_ref().is_some_and(|with| together.contains(with))
    };
    let (undone, apart): (Vec<Evidence>, Vec<Evidence>) = held.apart.iter().cloned().partition(is_undone);
    let why = undone.into_iter().find(|evidence| evidence.with == held.because.with);
    let because = match why {
        Some(why) if held.verdict == Verdict::Joins && held.because.rule == Rule::Split => {
            Evidence { veto: None, ..why }
        }
        _ => held.because.clone(),
    };
    Held { because, apart, ..held.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ClusterId = ClusterId([1; 16]);
    const B: ClusterId = ClusterId([2; 16]);
    const C: ClusterId = ClusterId([3; 16]);

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
            let cluster = match held.cluster {
                A => "A",
                B => "B",
                C => "C",
                _ => "new",
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
            told(split(&cluster, &HashSet::from([name("bbc")]), None)),
            [
                "ap A home Opens opens []",
                "bbc new home Opens split [\"near-text\"]",
                "cnn A home Joins split [\"near-text\"]"
            ]
        );
        assert_eq!(
            told(split(&cluster, &HashSet::from([name("bbc"), name("cnn")]), None)),
            ["ap A home Opens opens []", "bbc new home Opens split [\"near-text\"]", "cnn new home Joins near-text []"]
        );
        assert_eq!(
            told(split(&cluster, &HashSet::from([name("ap")]), None)),
            ["ap new home Opens split []", "bbc A home Opens split [\"near-text\"]", "cnn A home Joins near-text []"]
        );
    }

    #[test]
    fn none_and_all_are_no_part() {
        let cluster = [held("ap", A, None), held("bbc", A, Some("ap"))];
        assert_eq!(split(&cluster, &HashSet::new(), None), None);
        assert_eq!(split(&cluster, &HashSet::from([name("ap"), name("bbc")]), None), None);
        assert_eq!(split(&[], &HashSet::new(), None), None);
    }

    fn names<const N: usize>(sources: [&str; N]) -> HashSet<Name> {
        HashSet::from(sources.map(name))
    }

    /// A cluster as it is after a correction.
    fn corrected(cluster: &[Held], correction: Option<Correction>) -> Vec<Held> {
        let Some(Correction::Place(placed)) = correction else { panic!("nothing is corrected") };
        let now = |held: &Held| placed.iter().find(|placed| placed.name() == held.name()).unwrap_or(held).clone();
        cluster.iter().map(now).collect()
    }

    /// A with two tellings, and as guests two of B and one of C.
    fn merged() -> Vec<Held> {
        let kept = [held("ap", A, None), held("bbc", A, Some("ap"))];
        let others = [held("cnn", B, None), held("dpa", B, Some("cnn")), held("efe", C, None)];
        corrected(&[kept.as_slice(), &others].concat(), merge(&kept, &others))
    }

    #[test]
    fn who_is_merged_stays_at_home() {
        let lines: Vec<String> = told(Some(Correction::Place(merged())));
        assert_eq!(
            lines,
            [
                "ap A home Opens opens []",
                "bbc A home Joins near-text []",
                "cnn A guest Joins merge []",
                "dpa A guest Joins near-text []",
                "efe A guest Joins merge []"
            ]
        );
        assert_eq!(merge(&merged(), &merged()), None);
        assert_eq!(merge(&[], &merged()), None);
        assert_eq!(merge(&merged(), &[]), None);
    }

    #[test]
    fn who_was_merged_goes_back_to_its_id() {
        let guests = [
            "ap A home Opens opens []",
            "bbc A home Joins near-text []",
            "cnn B home Opens split []",
            "dpa B home Joins near-text []",
            "efe A guest Joins merge []",
        ];
        // Whoever is shown.
        for shown in ["ap", "cnn"] {
            assert_eq!(told(split(&merged(), &names(["cnn", "dpa"]), Some(&name(shown)))), guests);
            assert_eq!(told(split(&merged(), &names(["ap", "bbc", "efe"]), Some(&name(shown)))), guests);
        }
        // Several together: under the id of the first, and they need not agree for that.
        assert_eq!(
            told(split(&merged(), &names(["ap", "bbc"]), Some(&name("ap"))))[2..],
            ["cnn B home Opens split []", "dpa B home Joins near-text []", "efe B guest Joins split []"]
        );
        // Merged and taken out again, any number of times.
        let apart = corrected(&merged(), split(&merged(), &names(["cnn", "dpa"]), None));
        let (b, rest): (Vec<Held>, Vec<Held>) = apart.into_iter().partition(|held| held.cluster == B);
        let again = corrected(&[rest.as_slice(), &b].concat(), merge(&rest, &b));
        let back = corrected(&again, split(&again, &names(["cnn", "dpa"]), None));
        assert!(back.iter().all(|held| (held.cluster == B) == ["cnn", "dpa"].contains(&held.source.as_str())));
    }

    #[test]
    fn the_id_stays_with_those_who_had_it_first() {
        // Some of a guest's leave, though readers see them.
        let left = told(split(&merged(), &names(["dpa"]), Some(&name("dpa"))));
        assert_eq!(left[3..], ["dpa new home Opens split [\"near-text\"]", "efe A guest Joins merge []"]);
        // All that are at home stay, and with them who is named.
        let left = told(split(&merged(), &names(["ap", "bbc", "cnn"]), None));
        assert!(left[0].starts_with("ap A home") && left[2].starts_with("cnn A guest"), "{left:?}");
        assert_eq!(left[3..], ["dpa new home Opens split [\"near-text\"]", "efe new guest Joins split []"]);
        // Where both sides have such, who is shown decides.
        for (named, shown) in [("ap", "ap"), ("bbc", "ap"), ("ap", "bbc"), ("bbc", "bbc")] {
            let now = corrected(&merged(), split(&merged(), &names([named]), Some(&name(shown))));
            let of = |source: &str| now.iter().find(|held| held.source.as_str() == source).unwrap().cluster;
            assert_eq!((of(shown), of("ap") == of("bbc")), (A, false), "{named} {shown}");
        }
    }

    #[test]
    fn who_leaves_together_need_not_agree() {
        let now = corrected(&merged(), split(&merged(), &names(["bbc", "dpa", "efe"]), Some(&name("ap"))));
        let home = |source: &str| now.iter().find(|held| held.source.as_str() == source).unwrap().home;
        let homes = HashSet::from(["bbc", "dpa", "efe", "ap", "cnn"].map(home));
        assert_eq!(homes.len(), 5, "{now:?}");
        let new: HashSet<ClusterId> =
            now[..].iter().filter(|held| held.cluster != A).map(|held| held.cluster).collect();
        assert_eq!(new, HashSet::from([home("bbc")]));
        assert_eq!(home("efe"), C, "whose home is empty takes it along");
    }

    #[test]
    fn a_home_is_not_opened_twice() {
        let cluster = [held("ap", A, None), held("bbc", A, Some("ap"))];
        let apart = corrected(&cluster, split(&cluster, &names(["bbc"]), None));
        let own = apart[1].home;
        let mut again = corrected(&apart, merge(&apart[..1], &apart[1..]));
        // Another has come to its home meanwhile, and stays.
        again.push(Held { cluster: A, home: own, ..held("cnn", A, Some("bbc")) });
        let apart = corrected(&again, split(&again, &names(["bbc"]), None));
        assert!(![A, own].contains(&apart[1].home), "{apart:?}");
    }

    #[test]
    fn who_is_together_again_is_not_kept_apart() {
        let cluster = [held("ap", A, None), held("bbc", A, Some("ap")), held("cnn", A, Some("bbc"))];
        let apart = corrected(&cluster, split(&cluster, &names(["bbc"]), Some(&name("ap"))));
        let (kept, left) = ([apart[0].clone(), apart[2].clone()], [apart[1].clone()]);
        let again = [kept[0].clone(), left[0].clone(), kept[1].clone()];
        assert_eq!(
            told(Some(Correction::Place(corrected(&again, merge(&kept, &left))))),
            ["ap A home Opens opens []", "bbc A guest Joins merge []", "cnn A home Joins near-text []"]
        );
        // From others it stays apart.
        assert_eq!(told(merge(&[held("dpa", B, None)], &left)), ["bbc B guest Joins merge [\"near-text\"]"]);
    }
}
