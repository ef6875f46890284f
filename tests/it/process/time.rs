//! `refresh --max-time`: what was read counts, what was not comes first in the next run.

use std::time::Instant;

use serde_json::Value;

use super::{NOON, folder, status};
use crate::origin::Origin;
use crate::support::Folder;

/// Refreshes for so long at most, which is no failure.
#[track_caller]
fn refresh(folder: &Folder, now: &str, most: &str) -> Value {
    let ran = folder.run(&["--now", now, "refresh", "--json", "--max-time", most]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// The ids of the visited sources.
fn visited(report: &Value) -> Vec<&str> {
    report["sources"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap()).collect()
}

#[test]
fn what_is_left_over_comes_first_in_the_next_run() {
    let origin = Origin::start(1);
    let folder = folder(&origin, &[(0, 300); 12], "per_host = 1\ndelay = \"0s\"");
    let first = refresh(&folder, NOON, "3s");
    let done = visited(&first).len();
    let left = first["left"].as_u64().unwrap();
    assert!((1..12).contains(&done), "{first}");
    assert_eq!((done as u64 + left, &first["failed"]), (12, &0.into()), "{first}");
    assert_eq!(folder.items("all.rss").len(), done, "what was read is published");
    // Who was given up is as if never visited.
    let waiting = status(&folder).into_iter().filter(|row| row["outcome"].is_null() && row["failures"] == 0).count();
    assert_eq!(waiting as u64, left);

    // An hour later all are due, and there is time for some: those that were left.
    let second = refresh(&folder, "2026-11-23T13:00:00Z", "2s");
    let twice = visited(&second).iter().filter(|id| visited(&first).contains(id)).count();
    assert!(!visited(&second).is_empty());
    assert!(twice == 0 || visited(&second).len() > left as usize, "{first}\n{second}");

    let last = refresh(&folder, "2026-11-23T13:00:00Z", "1h");
    assert_eq!(last["left"], 0);
    assert_eq!(folder.items("all.rss").len(), 12);
}

#[test]
fn people_are_told_what_was_left() {
    let origin = Origin::start(1);
    let folder = folder(&origin, &[(0, 0)], "");
    let ran = folder.run(&["--now", NOON, "refresh", "--max-time", "0s"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(origin.asked().is_empty(), "where there is no time nobody is asked");
    assert!(ran.out.contains("   1           left over when the time was up"), "{}", ran.out);
    assert!(!folder.run(&["--now", NOON, "refresh"]).out.contains("left over"));
    assert_eq!(folder.run(&["refresh", "--max-time", "soon"]).code, 2);
}

#[test]
fn a_visit_that_is_given_up_changes_nothing_of_what_is_remembered() {
    let origin = Origin::start(1);
    let folder = folder(&origin, &[(0, 0)], "delay = \"0s\"");
    folder.refresh(NOON);
    let before = status(&folder);
    // The same address hangs now.
    let body = crate::support::rss("s0", &[]);
    origin.serve("/s0.rss", &body, std::time::Duration::from_secs(20));
    let begun = Instant::now();
    let report = refresh(&folder, "2026-11-23T14:00:00Z", "2s");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert_eq!((&report["left"], &report["failed"]), (&1.into(), &0.into()), "{report}");
    assert!(report["warnings"][0].as_str().unwrap().contains("longer --max-time"), "{report}");
    assert_eq!(status(&folder), before);
    assert_eq!(folder.items("all.rss").len(), 1);
}

#[test]
fn a_host_that_is_slow_holds_up_no_other() {
    let origin = Origin::start(2);
    let slow = [(0, 1500); 6];
    let fast = [(1, 0); 6];
    let folder = folder(&origin, &[slow, fast].concat(), "concurrency = 2\nper_host = 1\ndelay = \"0s\"");
    let report = refresh(&folder, NOON, "4s");
    let ids = visited(&report);
    assert!((6..12).all(|number| ids.contains(&&*format!("s{number}"))), "{report}");
    assert!(report["left"].as_u64().unwrap() >= 1, "{report}");
}
