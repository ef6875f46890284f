//! A copy a day beside the store, and the way back.

use std::fs;

use rusqlite::Connection;

use super::{FIRST, beside, command, lists, published, script, smash, text_of, told};
use crate::support::Folder;

fn days(folder: &Folder) -> Vec<String> {
    let names = beside(folder, ".bak");
    names.iter().map(|name| name.trim_start_matches("oncefeed.db.").trim_end_matches(".bak").to_owned()).collect()
}

/// Refreshes at these times; gives the days of which copies are left.
#[track_caller]
fn check(settings: &str, times: &[&str], expected: &[&str]) {
    let folder = told(3, settings);
    for now in times {
        assert_eq!(folder.run(&["--now", now, "refresh"]).code, 0);
    }
    assert_eq!(days(&folder), expected, "{times:?}");
}

#[test]
fn a_day_has_one_copy_and_three_are_kept() {
    let times = ["2026-11-23T23:59:59Z", "2026-11-24T00:00:00Z", "2026-11-25T12:00:00Z", "2026-11-25T13:00:00Z"];
    check("", &times[..1], &["2026-11-23"]);
    check("", &times, &["2026-11-23", "2026-11-24", "2026-11-25"]);
    let more = [&times[..], &["2026-11-26T06:00:00Z"]].concat();
    check("", &more, &["2026-11-24", "2026-11-25", "2026-11-26"]);
    check("[store]\nbackups = 1\n", &more, &["2026-11-26"]);
    check("[store]\nbackups = 0\n", &more, &[]);
}

#[test]
fn a_clock_that_was_wrong_takes_no_place_for_ever_and_no_copy_that_is_needed() {
    // Far ahead and back: the copy of then is the first to go.
    check("", &["2099-01-01T00:00:00Z"], &["2026-11-23", "2099-01-01"]);
    let back = ["2099-01-01T00:00:00Z", "2026-11-24T06:00:00Z", "2026-11-25T06:00:00Z"];
    check("", &back[..2], &["2026-11-23", "2026-11-24", "2099-01-01"]);
    check("", &back, &["2026-11-23", "2026-11-24", "2026-11-25"]);
    // Ahead on many days in a row: those of now are kept all the same.
    let ahead: Vec<String> = (1..=5).map(|day| format!("2099-01-0{day}T00:00:00Z")).collect();
    let mut times: Vec<&str> = ahead.iter().map(String::as_str).collect();
    times.push("2026-11-24T06:00:00Z");
    check("", &times, &["2026-11-24", "2099-01-04", "2099-01-05"]);
    // Far behind, as a machine without a battery wakes up.
    check("", &["1970-01-01T00:01:00Z", "1970-01-01T01:00:00Z"], &["1970-01-01", "2026-11-23"]);
}

#[test]
fn a_copy_is_whole_private_and_no_database_in_use() {
    let folder = told(20, "");
    let copy = folder.path("oncefeed.db.2026-11-23.bak");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let copy = Connection::open(&copy).unwrap();
    let ask = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(ask("pragma integrity_check"), "ok");
    assert_eq!(ask("select cast(stories as text) from settled"), "20");
    drop(copy);
    assert_eq!(beside(&folder, "part"), [""; 0]);
    assert!(published(&folder).keys().all(|name| !name.contains("oncefeed.db")));
}

#[test]
fn what_a_killed_copy_left_goes_and_what_is_of_others_stays() {
    let folder = told(3, "");
    for name in ["oncefeed.db.2026-11-20.part", "oncefeed.db.2026-11-20.part-journal", "oncefeed.db.schema-1.part"] {
        folder.write(name, "half");
    }
    for name in ["oncefeed.db.mine.part", "other.db.2026-11-20.part", "oncefeed.db.2026-1-1.bak", "oncefeed.db.bak"] {
        folder.write(name, "mine");
    }
    for day in 24..30 {
        folder.refresh(&format!("2026-11-{day}T06:00:00Z"));
    }
    assert_eq!(beside(&folder, "part"), ["oncefeed.db.mine.part", "other.db.2026-11-20.part"]);
    assert_eq!(beside(&folder, "-journal"), [""; 0]);
    assert_eq!(days(&folder), ["2026-1-1", "2026-11-27", "2026-11-28", "2026-11-29", "bak"]);
}

#[test]
fn a_copy_that_cannot_be_made_is_told_of_and_harms_nothing() {
    let folder = told(3, "");
    // Something is where it is to be written, and cannot be taken for a part of ours.
    fs::create_dir(folder.path("oncefeed.db.2026-11-24.part")).unwrap();
    folder.write("oncefeed.db.2026-11-24.part/in-the-way", "");
    let ran = folder.run(&["--now", "2026-11-24T06:00:00Z", "-q", "refresh"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("no backup of today") && ran.err.contains("store.backups"), "{}", ran.err);
    assert_eq!(days(&folder), ["2026-11-23"]);
    assert_eq!(folder.items("all.rss").len(), 13);
}

#[test]
fn the_command_that_is_named_brings_the_store_back() {
    let undisturbed = told(40, "");
    undisturbed.refresh("2026-11-24T06:00:00Z");
    let folder = told(40, "");
    let before = published(&folder);
    let store = folder.path("oncefeed.db");
    // Torn, with a log that would be applied to whatever stands there.
    let half = fs::read(&store).unwrap().len() / 2;
    let writer = Connection::open(&store).unwrap();
    writer.execute_batch("create table scribble (x); insert into scribble values (zeroblob(90000))").unwrap();
    let log = fs::read(folder.path("oncefeed.db-wal")).unwrap();
    drop(writer);
    let bytes = fs::read(&store).unwrap();
    fs::write(&store, &bytes[..half]).unwrap();
    fs::write(folder.path("oncefeed.db-wal"), log).unwrap();

    let ran = folder.run(&["--now", "2026-11-24T06:00:00Z", "refresh"]);
    assert_eq!(ran.code, 65, "{}", ran.err);
    assert!(ran.err.contains("oncefeed.db.2026-11-23.bak"), "{}", ran.err);
    assert_eq!(published(&folder), before, "nothing is published from a damaged store");

    let restored = script(&folder, command(&ran.err));
    assert!(restored.status.success(), "{restored:?}");
    assert!(folder.path("oncefeed.db.broken").exists(), "the damaged one is kept");
    folder.refresh("2026-11-24T06:00:00Z");
    assert_eq!(published(&folder), published(&undisturbed));
}

#[test]
fn no_copy_is_made_of_a_damaged_store_and_none_is_given_up() {
    let folder = told(40, "[store]\nbackups = 1\n");
    // The text of a story that was held back, so that nothing but the copy reads it.
    smash(&folder, &text_of(4));
    let ran = folder.run(&["--now", "2026-11-24T06:00:00Z", "refresh"]);
    assert_eq!(ran.code, 65, "{}", ran.err);
    assert_eq!(days(&folder), ["2026-11-23"]);
    assert_eq!(folder.items("all.rss").len(), 40, "what could be read is published");
}

#[test]
fn what_is_published_is_never_beside_the_store() {
    #[track_caller]
    fn refused(folder: &Folder, settings: &str) {
        let source = "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n";
        folder.write("oncefeed.toml", &format!("{settings}{source}"));
        let ran = folder.run(&["--now", FIRST, "refresh"]);
        assert_eq!(ran.code, 78, "{settings}: {}", ran.err);
        assert!(ran.err.contains("published"), "{}", ran.err);
    }
    let folder = Folder::new();
    lists(&folder, "a", 1);
    refused(&folder, "[store]\nurl = \"sqlite:public/a.db\"\n");
    refused(&folder, "[store]\nurl = \"sqlite:public/below/a.db\"\n");
    refused(&folder, "[publish]\ndir = \".\"\n");
    #[cfg(unix)]
    {
        fs::create_dir(folder.path("real")).unwrap();
        std::os::unix::fs::symlink("real", folder.path("linked")).unwrap();
        refused(&folder, "[publish]\ndir = \"linked\"\n[store]\nurl = \"sqlite:real/a.db\"\n");
    }
    // A neighbour whose name begins alike is another folder.
    folder.write("oncefeed.toml", "[publish]\ndir = \"data\"\n[store]\nurl = \"sqlite:data-of-mine/a.db\"\n");
    assert_eq!(folder.run(&["--now", FIRST, "refresh"]).code, 0);
}
