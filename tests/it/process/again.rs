//! Runs beside and after one another.

use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use super::{NOON, folder};
use crate::origin::Origin;
use crate::support::Folder;

#[test]
fn of_many_that_start_at_once_one_works() {
    let origin = Origin::start(2);
    let folder = folder(&origin, &[(0, 4000), (1, 4000)], "");
    let starts: Vec<_> =
        (0..6).map(|_| (Instant::now(), folder.command(&["--now", NOON, "refresh"]).spawn().unwrap())).collect();
    let mut codes = Vec::new();
    for (_, child) in starts {
        let output = child.wait_with_output().unwrap();
        codes.push(output.status.code().unwrap());
        if codes.last() == Some(&75) {
            assert!(String::from_utf8_lossy(&output.stderr).contains("another run is at work"));
        }
    }
    codes.sort_unstable();
    assert_eq!(codes, [0, 75, 75, 75, 75, 75]);
    assert!(origin.asked().values().all(|times| *times == 1), "{:?}", origin.asked());
}

#[test]
fn who_comes_second_is_refused_at_once() {
    let origin = Origin::start(1);
    let folder = folder(&origin, &[(0, 3000)], "");
    let mut first = folder.command(&["--now", NOON, "refresh"]).spawn().unwrap();
    while origin.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let begun = Instant::now();
    assert_eq!(folder.run(&["--now", NOON, "refresh"]).code, 75);
    // It does not wait for the first; a busy machine is forgiven a moment.
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(first.wait().unwrap().code(), Some(0));
}

/// Which file each published name is, and when it and the folder were written.
fn identities(folder: &Folder) -> Vec<(String, u64, i64, i64)> {
    let of = |name: &str| {
        let about = std::fs::metadata(folder.path(name)).unwrap();
        (name.to_owned(), about.ino(), about.mtime(), about.mtime_nsec())
    };
    let entries = std::fs::read_dir(folder.path("public")).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| format!("public/{}", entry.unwrap().file_name().into_string().unwrap())).collect();
    names.sort();
    names.push("public".to_owned());
    names.iter().map(|name| of(name)).collect()
}

#[test]
fn ten_runs_without_news_touch_no_file() {
    let origin = Origin::start(3);
    let folder = folder(&origin, &[(0, 0), (1, 0), (2, 0)], "delay = \"0s\"");
    folder.refresh(NOON);
    let before = identities(&folder);
    assert!(before.len() > 4);
    for run in 0..10 {
        // About every second one visits.
        let now = format!("2026-11-23T{:02}:{:02}:00Z", 13 + run / 2, 30 * (run % 2));
        let report = folder.refresh(&now);
        assert_eq!((&report["new"], &report["folded"], &report["updated"]), (&0.into(), &0.into(), &0.into()));
        assert_eq!(identities(&folder), before, "{now}");
    }
    assert!(origin.asked().values().all(|times| *times > 2), "{:?}", origin.asked());
}
