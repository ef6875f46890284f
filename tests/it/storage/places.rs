//! Places where nothing can be made or written: 73 or 74, the cause named, and what was there is still there.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::{FIRST, SECOND, lists, permissions_bind, published, skipped, told};
use crate::support::Folder;

const SOURCE: &str = "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n[[output]]\nid = \"all\"\n";

/// Refreshes with these settings in a folder that was made ready.
#[track_caller]
fn check(ready: impl FnOnce(&Folder), settings: &str, code: i32, words: &str) {
    let folder = Folder::new();
    lists(&folder, "a", 3);
    folder.write("oncefeed.toml", &format!("{settings}{SOURCE}"));
    ready(&folder);
    let ran = folder.run(&["--now", FIRST, "refresh"]);
    assert_eq!(ran.code, code, "{settings}: {}", ran.err);
    assert!(ran.err.contains(words) && ran.err.contains("help: "), "{}", ran.err);
}

fn file(name: &'static str) -> impl FnOnce(&Folder) {
    move |folder| {
        folder.write(name, "a file");
    }
}

fn link(target: &str, name: &str) -> impl FnOnce(&Folder) {
    let (target, name) = (target.to_owned(), name.to_owned());
    move |folder| symlink(target, folder.path(&name)).unwrap()
}

#[test]
fn a_store_that_cannot_be_made_is_named() {
    let store = "[store]\nurl = \"sqlite:data/a.db\"\n";
    check(file("data"), store, 73, "data/a.db");
    check(|folder| fs::create_dir_all(folder.path("data/a.db")).unwrap(), store, 73, "not a file");
    check(link("nowhere/at/all", "data"), store, 73, "data/a.db");
    check(link("data", "data"), store, 73, "data/a.db");
    let here = "[store]\nurl = \"sqlite:a.db\"\n";
    check(link("a.db", "a.db"), here, 73, "a.db");
    check(link("nowhere/a.db", "a.db"), here, 73, "a.db");
    for device in ["/dev/full", "/dev/zero", "/dev/null"] {
        check(link(device, "a.db"), here, 73, "not a file");
    }
}

#[test]
fn outputs_that_cannot_be_made_are_named() {
    check(file("public"), "", 73, "public");
    check(link("public", "public"), "", 73, "public");
    check(link("nowhere/at/all", "public"), "", 73, "public");
    check(|folder| fs::create_dir_all(folder.path("public/all.atom")).unwrap(), "", 74, "all.atom");
    let out = |target: &'static str| {
        move |folder: &Folder| {
            fs::create_dir(folder.path("public")).unwrap();
            symlink(target, folder.path("public/all.rss")).unwrap();
        }
    };
    for target in ["/dev/full", "../a.rss", "all.rss", "nowhere"] {
        check(out(target), "", 73, "all.rss");
    }
}

/// Sets the permissions of a folder as long as it lives.
struct Mode<'a>(&'a Path);

impl Mode<'_> {
    fn set(path: &Path, mode: u32) -> Mode<'_> {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        Mode(path)
    }
}

impl Drop for Mode<'_> {
    fn drop(&mut self) {
        let _ = fs::set_permissions(self.0, fs::Permissions::from_mode(0o755));
    }
}

#[test]
fn a_folder_without_permission_is_named_and_its_files_stay() {
    let folder = told(3, "");
    let before = published(&folder);
    let (public, all) = (folder.path("public"), folder.path(""));
    let mode = Mode::set(&public, 0o555);
    if !permissions_bind(&public) {
        return skipped("permissions do not bind this user");
    }
    let ran = folder.run(&["--now", SECOND, "refresh"]);
    assert_eq!(ran.code, 73, "{}", ran.err);
    assert!(ran.err.contains("public/all.rss") && ran.err.contains("ermission"), "{}", ran.err);
    assert_eq!(published(&folder), before);
    drop(mode);
    assert_eq!(folder.refresh(SECOND)["new"], 0, "it is known already");
    assert_eq!(folder.items("all.rss").len(), 13, "and published now");

    let mode = Mode::set(&all, 0o555);
    let ran = folder.run(&["--now", "2026-11-23T22:00:00Z", "refresh"]);
    assert_eq!(ran.code, 73, "{}", ran.err);
    assert!(ran.err.contains("oncefeed.db") && ran.err.contains("writable"), "{}", ran.err);
    assert_eq!(folder.run(&["status"]).code, 0, "who looks needs no permission to write");
    drop(mode);
    assert_eq!(folder.items("all.rss").len(), 13);
}
