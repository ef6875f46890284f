//! Others at work on the same store.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use oncefeed::store::{Location, lock};
use rusqlite::Connection;

use super::{SECOND, published, told};
use crate::support::Folder;

/// A program that has begun to write and does not end.
fn writer(folder: &Folder) -> Connection {
    let database = Connection::open(folder.path("oncefeed.db")).unwrap();
    database.execute_batch("begin immediate; update settled set stories = stories").unwrap();
    database
}

#[test]
fn who_looks_is_served_while_another_writes_and_who_writes_waits_and_says_so() {
    let folder = told(5, "");
    let before = published(&folder);
    let busy = writer(&folder);
    for command in [&["status"][..], &["status", "--json"], &["explain", &folder.items("all.rss")[0].title]] {
        let ran = folder.run(command);
        assert_eq!(ran.code, 0, "{command:?}: {}", ran.err);
    }
    let begun = Instant::now();
    let ran = folder.run(&["--now", SECOND, "refresh"]);
    assert_eq!(ran.code, 75, "{}", ran.err);
    assert!(begun.elapsed() >= Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(ran.err.contains("another program") && ran.err.contains("sqlite3"), "{}", ran.err);
    assert_eq!(published(&folder), before);
    drop(busy);
    assert_eq!(folder.refresh(SECOND)["new"], 10);
}

#[test]
fn corrections_do_not_wait_for_a_run_and_name_it() {
    let folder = told(5, "");
    let _run = lock(&Location::Sqlite(folder.path("oncefeed.db")), "process 4711").unwrap();
    let id = folder.items("all.rss")[0].id.clone();
    let address = folder.items("all.rss")[1].link.clone().unwrap();
    let begun = Instant::now();
    for command in [&["split", &id, "a"][..], &["merge", &id, &address], &["drop", &id], &["refresh"]] {
        let ran = folder.run(command);
        assert_eq!(ran.code, 75, "{command:?}: {}", ran.err);
        assert!(ran.err.contains("process 4711"), "{}", ran.err);
    }
    assert!(begun.elapsed() < Duration::from_secs(60), "each at once: {:?}", begun.elapsed());
    for command in [&["status"][..], &["explain", &id]] {
        assert_eq!(folder.run(command).code, 0, "{command:?}");
    }
}

#[test]
fn a_killed_run_leaves_a_mark_and_the_next_clears_it() {
    let folder = told(5, "");
    let mark = folder.path("oncefeed.db.lock");
    assert_eq!(fs::read(&mark).unwrap(), b"", "a run that ends leaves none");
    let busy = writer(&folder);
    let mut run = Command::new(env!("CARGO_BIN_EXE_oncefeed"))
        .args(["--now", SECOND, "refresh"])
        .current_dir(folder.path(""))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // It waits for the writer now, or will.
    let begun = Instant::now();
    while fs::read(&mark).unwrap().is_empty() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::yield_now();
    }
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(!fs::read(&mark).unwrap().is_empty());
    drop(busy);
    assert_eq!(folder.refresh(SECOND)["new"], 10);
    assert_eq!(fs::read(&mark).unwrap(), b"");
}
