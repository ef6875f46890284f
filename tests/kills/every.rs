//! One kill at every place, in every step of the scenarios.

use std::collections::{BTreeMap, HashSet};

use oncefeed::failpoint::Point;

use crate::reader::Reader;
use crate::scenario::{Step, town, upgrade};
use crate::state::{State, published};
use crate::support::{Folder, copy_folder};

/// A passage later than this is no other place.
const PASSAGES: usize = 3;

/// A step with what was before it and what is after it when nothing disturbs it.
pub(crate) struct Stage {
    pub(crate) step: Step,
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

/// All steps of all scenarios.
pub(crate) fn stages() -> Vec<Stage> {
    let old = Folder::new();
    let scenarios = [(Folder::new(), town()), {
        let steps = upgrade(&old);
        (old, steps)
    }];
    let mut stages = Vec::new();
    for (folder, steps) in scenarios {
        for step in steps {
            step.prepare(&folder);
            let before = Folder::new();
            copy_folder(&folder.path(""), &before.path(""));
            let published_before = published(&folder);
            step.run_first(&folder);
            stages.push(Stage { step, before, published_before, after: State::of(&folder) });
        }
    }
    stages
}

#[test]
fn a_run_that_is_killed_anywhere_is_completed_by_the_next() {
    let stages = stages();
    let reader = Reader::start(Folder::new().path("public"));
    let mut reached = HashSet::new();
    let mut kills = 0;
    for stage in &stages {
        for point in Point::ALL {
            for passage in 1..=PASSAGES {
                let folder = stage.begin();
                reader.look_at(folder.path("public"));
                let what = format!("{}, killed at {}#{passage}", stage.step.name, point.name());
                let ran = stage.step.disturbed(&folder, &format!("{}#{passage}:kill", point.name()));
                if ran.code == 0 {
                    break;
                }
                assert_eq!(ran.code, -1, "{what}: {}", ran.err);
                reached.insert(point.name());
                kills += 1;
                stage.step.run(&folder);
                State::of(&folder).check(&stage.after, &what);
            }
        }
    }
    let missed: Vec<_> = Point::ALL.iter().filter(|point| !reached.contains(point.name())).collect();
    assert!(missed.is_empty(), "never reached: {missed:?}");
    let seen = reader.end();
    println!("{kills} kills at {} places, {} reads", reached.len(), seen.reads);
    assert!(seen.wrong.is_empty(), "{:?}", seen.wrong);
    assert!(seen.reads > kills, "{} reads", seen.reads);
}
