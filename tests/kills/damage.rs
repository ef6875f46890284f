//! What a failing disk does at every operation, and a fault of ours in a reader: the program says so, keeps what was
//! published, and the next run completes what is missing.

use oncefeed::failpoint::Point;

use crate::every::{Stage, check_reached, everywhere, stages};
use crate::origin::Origin;
use crate::scenario::town;
use crate::state::{State, published};
use crate::support::{Folder, Ran, rss};

/// The exit code that an operation's failure leads to.
fn code(point: Point) -> i32 {
    match point {
        Point::Folder => 73,
        // The new file is there, and flushed; that only its name may be lost in a power cut is no failure.
        Point::Renamed => 0,
        _ => 74,
    }
}

/// Every published file is the one of before or the one of after.
#[track_caller]
fn check_published(folder: &Folder, stage: &Stage, what: &str) {
    let found = published(folder);
    for (name, old) in &stage.published_before {
        assert!(found.contains_key(name), "{what}: {name} is gone");
        assert!(found[name] == *old || found[name] == stage.after.published[name], "{what}: {name} is damaged");
    }
    for name in found.keys() {
        assert!(stage.after.published.contains_key(name), "{what}: {name} was left behind");
    }
}

#[test]
fn a_disk_that_fails_or_is_full_costs_nothing_that_was_there() {
    let stages = stages();
    let points: Vec<Point> = Point::ALL.iter().copied().filter(|point| point.is_fallible()).collect();
    let reached = everywhere(&stages, &points, |at, point| {
        let stage = &stages[at];
        for how in ["io-error", "enospc"] {
            let folder = stage.begin();
            let what = format!("{}, {how} at {}", stage.step.name, point.name());
            let ran = stage.step.disturbed(&folder, &format!("{}:{how}", point.name()));
            if ran.code == 0 && code(point) != 0 {
                return false;
            }
            assert_eq!(ran.code, code(point), "{what}: {}", ran.err);
            assert!(ran.code == 0 || ran.err.contains("help:"), "{what}: no cure in {}", ran.err);
            check_published(&folder, stage, &what);
            stage.step.complete(&folder);
            State::of(&folder).check(&stage.after, &what);
        }
        true
    });
    check_reached(&reached, &points);
}

#[test]
fn a_run_that_just_exits_is_completed_too() {
    let stages = stages();
    let points = [Point::Settled, Point::Rename];
    let reached = everywhere(&stages, &points, |at, point| {
        let stage = &stages[at];
        let folder = stage.begin();
        let ran = stage.step.disturbed(&folder, &format!("{}:exit", point.name()));
        if ran.code == 99 {
            stage.step.complete(&folder);
            State::of(&folder).check(&stage.after, stage.step.name);
        }
        ran.code == 99
    });
    check_reached(&reached, &points);
}

#[test]
fn a_fault_in_a_reader_costs_one_source() {
    for (point, words) in [
        ("before_visit", "the visit failed inside the program"),
        ("read", "reading the document failed inside the program"),
        ("clean", "reading the document failed inside the program"),
    ] {
        let folder = Folder::new();
        town().swap_remove(0).prepare(&folder);
        let mut command = folder.command(&["--now", "2026-11-23T12:00:00Z", "refresh", "--json"]);
        let ran = Ran::of(&command.env("ONCEFEED_FAILPOINT", format!("{point}:panic")).output().unwrap());
        assert_eq!(ran.code, 3, "{point}: {}", ran.err);
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let rows = report["sources"].as_array().unwrap();
        let of = |outcome: &str| rows.iter().filter(|row| row["outcome"] == outcome).collect::<Vec<_>>();
        assert_eq!((of("ok").len(), of("failed").len()), (2, 1), "{point}: {report}");
        assert_eq!(of("failed")[0]["error"], words, "{point}");
        assert!(!folder.items("all.rss").is_empty(), "{point}: the others are published");
        // The next run reads what this one could not.
        assert_eq!(folder.refresh("2026-11-23T12:00:00Z")["failed"], 0, "{point}");
        assert_eq!(folder.items("all.rss").len(), 3, "{point}");
    }
}

#[test]
fn what_was_decided_is_published_by_the_next_run_though_nothing_is_due() {
    let origin = Origin::start(1);
    let folder = Folder::new();
    let item = ("1", "Bridge reopens", "https://a.example/1", "Mon, 23 Nov 2026 10:00:00 GMT", "It reopened today.");
    origin.serve("/a.rss", &rss("a", &[item]), std::time::Duration::ZERO);
    let url = origin.url(0, "/a.rss");
    let fetch = "[fetch]\nallow_private = [\"127.0.1.0/24\"]";
    folder.write(
        "oncefeed.toml",
        &format!("{fetch}\n[[source]]\nid = \"a\"\nurl = \"{url}\"\n[[output]]\nid = \"all\"\n"),
    );
    let mut command = folder.command(&["--now", "2026-11-23T12:00:00Z", "refresh"]);
    let ran = Ran::of(&command.env("ONCEFEED_FAILPOINT", "rename:kill").output().unwrap());
    assert_eq!((ran.code, published(&folder).contains_key("all.rss")), (-1, false), "{}", ran.err);
    let report = folder.refresh("2026-11-23T12:00:10Z");
    assert_eq!((&report["not_due"], folder.items("all.rss").len()), (&1.into(), 1), "{report}");
    assert_eq!(origin.asked()["/a.rss"], 1);
}
