//! Disks without room: exit 74, nothing lost, and the published files as they were or whole.

use std::collections::BTreeMap;
use std::process::Command;

use super::{SECOND, published, script, skipped, told};
use crate::support::Folder;

/// An undisturbed run's files, before and after.
fn expected() -> [BTreeMap<String, Vec<u8>>; 2] {
    let folder = told(60, "");
    let before = published(&folder);
    folder.refresh(SECOND);
    [before, published(&folder)]
}

#[track_caller]
fn check_each_whole(folder: &Folder, expected: &[BTreeMap<String, Vec<u8>>; 2], when: &str) {
    let files = published(folder);
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        expected[0].keys().collect::<Vec<_>>(),
        "{when}: nothing is left over"
    );
    for (name, bytes) in files {
        assert!(
            expected.iter().any(|files| files[&name] == bytes),
            "{when}: {name} is neither the old nor the new one"
        );
    }
}

/// Refreshes where no file may grow beyond so many KiB; a write beyond fails, and kills nobody.
fn refresh_within(folder: &Folder, kib: usize) -> (i32, String) {
    let ran = script(folder, &format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" --now {SECOND} refresh"));
    (ran.status.code().unwrap_or(-1), String::from_utf8(ran.stderr).unwrap())
}

#[test]
fn a_write_that_fails_anywhere_loses_nothing() {
    let expected = expected();
    let (mut failed, mut kib, mut done) = (0, 0, false);
    while !done {
        let folder = told(60, "");
        let (code, words) = refresh_within(&folder, kib);
        check_each_whole(&folder, &expected, &format!("{kib} KiB"));
        match code {
            0 => done = true,
            73 | 74 => failed += 1,
            code => panic!("{kib} KiB: exit {code}: {words}"),
        }
        assert!(code == 0 || words.contains("help: "), "{kib} KiB: {words}");
        // Once there is room again.
        folder.refresh(SECOND);
        assert_eq!(published(&folder), expected[1], "{kib} KiB: the next run completes it");
        kib = kib * 5 / 4 + 8;
    }
    assert!(failed > 5, "{failed} runs failed");
}

#[test]
fn a_copy_for_which_there_is_no_room_is_no_failure_of_the_run() {
    let folder = told(60, "");
    let bytes = std::fs::metadata(folder.path("oncefeed.db")).unwrap().len();
    // Room for the outputs and the log, and none for another store.
    let kib = bytes / 1024 - 16;
    let text = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" --now 2026-11-24T06:00:00Z refresh");
    lists_nothing_new(&folder);
    let ran = script(&folder, &text);
    let words = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(0), "{words}");
    assert!(words.contains("no backup of today"), "{words}");
    assert_eq!(super::beside(&folder, ".bak"), ["oncefeed.db.2026-11-23.bak"]);
    assert_eq!(super::beside(&folder, ".part"), [""; 0]);
}

/// So that the store itself does not grow.
fn lists_nothing_new(folder: &Folder) {
    super::lists(folder, "a", 60);
}

/// Whether this user may mount a small file system of their own; `unshare` and its arguments where it works.
fn own_mounts() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["-m"], &["-rm"]];
    ways.into_iter().find(|way| {
        let mount = "mount -t tmpfs -o size=64k none /mnt";
        Command::new("unshare").args(*way).args(["bash", "-c", mount]).output().is_ok_and(|ran| ran.status.success())
    })
}

#[test]
fn a_disk_that_is_full_is_told_of_and_nothing_is_lost() {
    let Some(way) = own_mounts() else {
        return skipped("nobody here may mount a small disk");
    };
    let expected = expected();
    let folder = told(60, "");
    // All of it moves to a disk of 4 MiB, which is then filled but for some KiB.
    let text = "set -u; mkdir disk; mount -t tmpfs -o size=4m none disk; \
        cp -a oncefeed.toml a.rss oncefeed.db* public disk/; cd disk; \
        for left in 0 4 40 160; do \
            head -c 8M /dev/zero >filler 2>/dev/null; truncate -s -${left}K filler; \
            \"$0\" --now 2026-11-23T21:00:00Z refresh >/dev/null 2>../words; echo \"$left: exit $? $(tr '\\n' ' ' <../words)\"; \
            for file in public/*; do cmp -s $file ../before/${file#public/} || cmp -s $file ../after/${file#public/} || echo torn $file; done; \
            rm filler; \
        done; \
        \"$0\" --now 2026-11-23T21:00:00Z refresh --json >/dev/null 2>&1; echo \"then: exit $?\"; \
        for file in public/*; do cmp -s $file ../after/${file#public/} || echo lost $file; done; ls public | wc -l";
    for (name, files) in ["before", "after"].into_iter().zip(&expected) {
        for (file, bytes) in files {
            folder.write(&format!("{name}/{file}"), std::str::from_utf8(bytes).unwrap());
        }
    }
    let ran = Command::new("unshare")
        .args(way)
        .args(["bash", "-c", text, env!("CARGO_BIN_EXE_oncefeed")])
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(said.contains("0: exit 74 ") && said.contains("make room"), "{said} {ran:?}");
    assert!(!said.contains("torn") && !said.contains("lost"), "{said}");
    let codes: Vec<&str> = said.lines().filter_map(|line| line.split("exit ").nth(1)?.split(' ').next()).collect();
    assert!(codes.iter().all(|code| ["0", "73", "74"].contains(code)), "{said}");
    assert!(said.contains("then: exit 0"), "{said}");
}

#[test]
fn a_report_that_cannot_be_written_is_told_of_and_the_outputs_are_there() {
    if !std::path::Path::new("/dev/full").exists() {
        return skipped("there is no /dev/full");
    }
    let (folder, expected) = (told(60, ""), expected());
    let ran = script(&folder, &format!("exec \"$0\" --now {SECOND} refresh --json >/dev/full"));
    assert_eq!(ran.status.code(), Some(74), "{ran:?}");
    assert!(String::from_utf8_lossy(&ran.stderr).contains("standard output cannot be written"), "{ran:?}");
    assert_eq!(published(&folder), expected[1]);
}
