//! One end at every place, in every step of the scenarios.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use oncefeed::failpoint::Point;

use crate::reader::Reader;
use crate::scenario::{Step, town, upgrade};
use crate::state::{State, published};
use crate::support::{Folder, copy_folder};

/// Of a place that is passed more often, these passages are disturbed.
const PASSAGES: std::ops::RangeInclusive<usize> = 1..=2;

/// A step with what was before it, and what is after it when nothing disturbs it.
pub(crate) struct Stage {
    pub(crate) step: Step,
    scenario: usize,
    before: Folder,
    pub(crate) published_before: BTreeMap<String, Vec<u8>>,
    pub(crate) after: State,
}

impl Stage {
    /// A copy of what was before the step, with what the sources say now.
    pub(crate) fn begin(&self) -> Folder {
        let folder = Folder::new();
        copy_folder(&self.before.path(""), &folder.path(""));
        folder
    }
}

/// All steps of all scenarios, undisturbed.
pub(crate) fn stages() -> Vec<Stage> {
    let old = Folder::new();
    let upgrade = upgrade(&old);
    let mut stages = Vec::new();
    for (scenario, (folder, steps)) in [(Folder::new(), town()), (old, upgrade)].into_iter().enumerate() {
        for step in steps {
            step.prepare(&folder);
            let before = Folder::new();
            copy_folder(&folder.path(""), &before.path(""));
            let published_before = published(&folder);
            step.run_first(&folder);
            stages.push(Stage { step, scenario, before, published_before, after: State::of(&folder) });
        }
    }
    stages
}

/// Tries something at each of these places in each of these stages (by number), on two threads. Says which places were
/// reached: `attempt` gives `false` where its place was not.
pub(crate) fn everywhere(
    stages: &[Stage],
    points: &[Point],
    attempt: impl Fn(usize, Point) -> bool + Sync,
) -> BTreeSet<&'static str> {
    let jobs: Vec<(usize, Point)> =
        (0..stages.len()).flat_map(|stage| points.iter().map(move |point| (stage, *point))).collect();
    let (next, reached) = (AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((stage, point)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if attempt(*stage, *point) {
                        reached.lock().unwrap().insert(point.name());
                    }
                }
            });
        }
    });
    reached.into_inner().unwrap()
}

/// Every one of the places was reached, else nothing was tried there.
#[track_caller]
pub(crate) fn check_reached(reached: &BTreeSet<&'static str>, points: &[Point]) {
    let missed: Vec<_> = points.iter().filter(|point| !reached.contains(point.name())).collect();
    assert!(missed.is_empty(), "never reached: {missed:?}");
}

/// What follows goes on as if nothing had happened: also the indexes, which nobody sees, are whole.
fn follow(stages: &[Stage], at: usize, folder: &Folder, what: &str) {
    if let Some(next) = stages.get(at + 1).filter(|next| next.scenario == stages[at].scenario) {
        next.step.prepare(folder);
        next.step.run_first(folder);
        State::of(folder).check(&next.after, &format!("{what}, and then {}", next.step.name));
    }
}

#[test]
fn a_run_that_is_killed_anywhere_is_completed_by_the_next() {
    let stages = stages();
    let (kills, reads) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let reached = everywhere(&stages, Point::ALL, |at, point| {
        let stage = &stages[at];
        for passage in PASSAGES {
            let folder = stage.begin();
            let reader = Reader::start(folder.path("public"));
            let what = format!("{}, killed at {}#{passage}", stage.step.name, point.name());
            let ran = stage.step.disturbed(&folder, &format!("{}#{passage}:kill", point.name()));
            if ran.code == 0 {
                return passage > 1;
            }
            assert_eq!(ran.code, -1, "{what}: {}", ran.err);
            stage.step.complete(&folder);
            State::of(&folder).check(&stage.after, &what);
            if passage == 1 && point.is_fallible() {
                follow(&stages, at, &folder, &what);
            }
            let seen = reader.end();
            assert!(seen.wrong.is_empty(), "{what}: {:?}", seen.wrong);
            reads.fetch_add(seen.reads, Ordering::Relaxed);
            kills.fetch_add(1, Ordering::Relaxed);
        }
        true
    });
    check_reached(&reached, Point::ALL);
    let (kills, reads) = (kills.into_inner(), reads.into_inner());
    assert!(reads > kills, "{kills} kills at {} places, {reads} files read meanwhile", reached.len());
}
