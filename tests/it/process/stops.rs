//! Signals and kills while sources are being visited.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use super::{NOON, folder, status};
use crate::origin::Origin;
use crate::support::{Folder, Ran, rss};

fn published(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder.path("public")) else { return BTreeMap::new() };
    (entries.map(|entry| entry.unwrap()))
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", child.id())]).status().unwrap();
    assert!(sent.success());
}

/// Starts a refresh.
fn start(folder: &Folder) -> Child {
    folder.command(&["--now", NOON, "refresh"]).spawn().unwrap()
}

/// Sends signals after so many milliseconds each, and waits for the end: how long that took after the last.
pub(super) fn disturb(child: Child, signals: &[(&str, u64)]) -> (Output, Duration) {
    for (name, millis) in signals {
        std::thread::sleep(Duration::from_millis(*millis));
        // One that has ended is still there until it is waited for.
        signal(&child, name);
    }
    let sent = Instant::now();
    (child.wait_with_output().unwrap(), sent.elapsed())
}

/// Twelve sources of six hosts, visited in about half a second.
fn busy(origin: &Origin) -> Folder {
    let sources: Vec<_> = (0..12).map(|number| (number, 60 + 30 * (number as u64 % 5))).collect();
    folder(origin, &sources, "concurrency = 4\ndelay = \"0s\"")
}

#[test]
fn a_run_that_is_terminated_at_any_moment_is_completed_by_the_next() {
    let origin = Origin::start(6);
    let undisturbed = busy(&origin);
    let begun = Instant::now();
    undisturbed.refresh(NOON);
    let lasts = u64::try_from(begun.elapsed().as_millis()).unwrap();
    let expected = published(&undisturbed);
    let stopped = std::sync::atomic::AtomicUsize::new(0);
    let one = |moment: u64| {
        let folder = busy(&origin);
        let name = if moment.is_multiple_of(3) { "INT" } else { "TERM" };
        let after = lasts * moment / 30;
        let (output, took) = disturb(start(&folder), &[(name, after)]);
        let what = format!("{name} after {after} ms: {:?}", output.status);
        assert!(took < Duration::from_secs(5), "{what}: {took:?}");
        match (output.status.code(), output.status.signal()) {
            (Some(0), _) => {}
            // Before the program listens.
            (None, Some(2 | 15)) => {}
            (code, _) => {
                assert_eq!(code, Some(if name == "INT" { 130 } else { 143 }), "{what}");
                assert!(Ran::of(&output).err.contains("the next run completes what is missing"), "{what}");
                stopped.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            }
        }
        for (file, bytes) in published(&folder) {
            assert!(expected.get(&file) == Some(&bytes), "{what}: {file}");
        }
        let ran = folder.run(&["--now", NOON, "refresh"]);
        assert_eq!(ran.code, 0, "{what}: {}", ran.err);
        assert!(published(&folder) == expected, "{what}");
    };
    std::thread::scope(|scope| {
        for half in 0..2 {
            let one = &one;
            scope.spawn(move || (half..30).step_by(2).for_each(one));
        }
    });
    assert!(stopped.into_inner() > 5, "hardly any run was stopped in its middle");
}

#[test]
fn what_hangs_is_given_up_and_a_second_signal_does_not_wait_for_it() {
    let origin = Origin::start(2);
    let hanging = || {
        let folder = folder(&origin, &[(0, 0), (1, 20_000)], "delay = \"0s\"");
        origin.forget();
        let child = start(&folder);
        while origin.asked().len() < 2 {
            std::thread::sleep(Duration::from_millis(10));
        }
        (folder, child)
    };
    let (folder, child) = hanging();
    let (output, took) = disturb(child, &[("TERM", 500)]);
    assert_eq!(output.status.code(), Some(143));
    assert!(took < Duration::from_secs(5), "{took:?}");
    // What was finished is kept: the next run does not ask for it.
    let asked = || origin.asked().get("/s0.rss").copied().unwrap_or_default();
    assert_eq!(asked(), 1);
    let report = folder.run(&["--now", NOON, "refresh", "--max-time", "2s", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    assert_eq!((asked(), &report["left"], &report["not_due"]), (1, &1.into(), &1.into()), "{report}");
    assert_eq!(folder.items("all.rss").len(), 1);

    let (_folder, child) = hanging();
    let (output, took) = disturb(child, &[("INT", 300), ("INT", 200)]);
    assert_eq!(output.status.code(), Some(130));
    assert!(took < Duration::from_millis(1500), "{took:?}");
}

#[test]
fn twenty_kills_in_a_minute_make_no_early_request() {
    let origin = Origin::start(6);
    let folder = busy(&origin);
    for kill in 0..20 {
        let now = format!("2026-11-23T12:00:{:02}Z", 3 * kill);
        let mut child = folder.command(&["--now", &now, "refresh"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(40 + 23 * kill));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let asked = origin.asked();
    assert!(asked.values().all(|times| *times == 1), "{asked:?}");
    // When an hour is over what was killed is asked once more, and nothing is missing.
    let ran = folder.run(&["--now", "2026-11-23T13:10:00Z", "refresh"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let asked = origin.asked();
    assert!(asked.values().all(|times| *times <= 2), "{asked:?}");
    assert_eq!(folder.items("all.rss").len(), 12);
}

#[test]
fn a_first_visit_that_was_killed_is_no_state_of_the_source() {
    let origin = Origin::start(1);
    let folder = folder(&origin, &[(0, 20_000)], "delay = \"0s\"");
    let mut child = start(&folder);
    while origin.asked().is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(status(&folder)[0]["state"].is_null(), "{:?}", status(&folder));
    let item = ("1", "Story", "https://s0.example/1", "Mon, 23 Nov 2026 10:00:00 GMT", "Something happened.");
    origin.serve("/s0.rss", &rss("s0", &[item]), Duration::ZERO);
    let ran = folder.run(&["-q", "--now", "2026-11-23T15:00:00Z", "refresh"]);
    assert_eq!((ran.code, &*ran.err), (0, ""), "that it reads is no news");
    assert_eq!(status(&folder)[0]["state"], "ok");
}
