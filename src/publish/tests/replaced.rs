//! What is in the directory, before, during and after.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::SystemTime;

use tempfile::TempDir;

use super::super::{File, PublishError, render, write};
use super::{hand_made, site};

fn dir() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn file(bytes: &[u8]) -> File {
    File { name: "world.rss".to_owned(), bytes: bytes.to_vec() }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|found| found.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn changed(files: &[File], dir: &Path) -> Vec<bool> {
    write(files, dir).unwrap().into_iter().map(|written| written.changed).collect()
}

fn modified(path: &Path) -> SystemTime {
    fs::metadata(path).unwrap().modified().unwrap()
}

/// An instant long ago, so that a new time is told from the old one without waiting.
fn make_old(path: &Path) -> SystemTime {
    let old = SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::options().append(true).open(path).unwrap().set_modified(old).unwrap();
    old
}

#[test]
fn makes_the_directory_and_touches_nothing_the_second_time() {
    let root = dir();
    let public = root.path().join("a/public");
    let files = render(&site(), &hand_made()).unwrap();
    assert_eq!(changed(&files, &public), [true; 4]);
    let rss = public.join("world.rss");
    let old = make_old(&rss);
    assert_eq!(changed(&files, &public), [false; 4]);
    assert_eq!(modified(&rss), old);
    assert_eq!(names(&public), ["world.atom", "world.html", "world.json", "world.rss"]);
    assert_eq!(fs::read(&rss).unwrap(), files[0].bytes);
}

#[test]
fn only_what_differs_is_replaced() {
    let root = dir();
    let other = File { name: "world.atom".to_owned(), ..file(b"same") };
    changed(&[file(b"one"), other.clone()], root.path());
    assert_eq!(changed(&[file(b"two"), other], root.path()), [true, false]);
    assert_eq!(fs::read(root.path().join("world.rss")).unwrap(), b"two");
}

#[test]
fn a_reader_never_sees_half_a_file() {
    let root = dir();
    let path = root.path().join("world.rss");
    let versions = [vec![b'a'; 300_000], vec![b'b'; 200_000]];
    changed(&[file(&versions[0])], root.path());
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let seen = fs::read(&path).unwrap();
                assert!(versions.contains(&seen), "{} bytes", seen.len());
            }
        });
        for round in 1..60 {
            changed(&[file(&versions[round % 2])], root.path());
        }
        done.store(true, Ordering::Relaxed);
        reader.join().unwrap();
    });
    assert_eq!(names(root.path()), ["world.rss"]);
}

#[test]
fn removes_what_a_killed_run_left_and_nothing_else() {
    let root = dir();
    let plant = |name: &str| fs::write(root.path().join(name), "half").unwrap();
    for name in [
        ".world.rss.0.oncefeed-tmp",
        ".world.rss.2.oncefeed-tmp",
        ".other.rss.0.oncefeed-tmp",
        ".world.rss.swp",
        "mine.tmp",
    ] {
        plant(name);
    }
    let kept = [".other.rss.0.oncefeed-tmp", ".world.rss.swp", "mine.tmp", "world.rss"];
    changed(&[file(b"one")], root.path());
    assert_eq!(names(root.path()), kept);
    plant(".world.rss.1.oncefeed-tmp");
    assert_eq!(changed(&[file(b"one")], root.path()), [false]);
    assert_eq!(names(root.path()), kept, "also when nothing else is to do");
}

#[test]
fn leaves_the_temporary_file_of_a_living_run_alone() {
    let root = dir();
    let name = ".world.rss.0.oncefeed-tmp";
    let living = fs::File::create(root.path().join(name)).unwrap();
    living.try_lock().unwrap();
    assert_eq!(changed(&[file(b"one")], root.path()), [true]);
    assert_eq!(names(root.path()), [name, "world.rss"]);
}

#[test]
fn a_directory_that_cannot_be_made_is_named() {
    let root = dir();
    let public = root.path().join("file/public");
    fs::write(root.path().join("file"), "").unwrap();
    let error = write(&[file(b"one")], &public).unwrap_err();
    assert!(matches!(&error, PublishError::Uncreatable { dir, .. } if *dir == public), "{error}");
    assert!(error.help().starts_with("nothing was written"));
}

#[test]
fn a_file_that_cannot_be_replaced_is_named_and_left() {
    let root = dir();
    fs::create_dir(root.path().join("world.rss")).unwrap();
    let error = write(&[file(b"one")], root.path()).unwrap_err();
    assert!(matches!(&error, PublishError::Unwritable { path, .. } if path.ends_with("world.rss")), "{error}");
    assert_eq!(names(root.path()), ["world.rss"]);
}

#[test]
fn a_name_is_a_name_in_the_directory() {
    let root = dir();
    let public = root.path().join("public");
    for name in ["../world.rss", "/world.rss", "a/world.rss", "..", ".", "", "world.rss/"] {
        let file = File { name: name.to_owned(), ..file(b"one") };
        assert!(matches!(write(&[file], &public), Err(PublishError::Outside { .. })), "{name:?}");
    }
    assert_eq!(names(root.path()), ["public"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn unchanged_bytes_keep_their_file_and_new_ones_are_for_everybody() {
        let root = dir();
        let stat = || fs::metadata(root.path().join("world.rss")).unwrap();
        changed(&[file(b"one")], root.path());
        let before = stat();
        assert_eq!(before.mode() & 0o777, 0o644);
        changed(&[file(b"one")], root.path());
        assert_eq!((stat().ino(), stat().mtime_nsec()), (before.ino(), before.mtime_nsec()));
    }

    #[test]
    fn a_link_out_of_the_directory_is_refused() {
        let root = dir();
        let public = root.path().join("public");
        fs::create_dir(&public).unwrap();
        fs::write(root.path().join("precious"), "mine").unwrap();
        for target in ["../precious", "../missing", "/etc/hostname-of-nobody"] {
            let link = public.join("world.rss");
            symlink(target, &link).unwrap();
            let error = write(&[file(b"one")], &public).unwrap_err();
            assert!(matches!(error, PublishError::Outside { .. }), "{target}: {error}");
            assert!(link.is_symlink());
            fs::remove_file(link).unwrap();
        }
        assert_eq!(fs::read(root.path().join("precious")).unwrap(), b"mine");
        assert_eq!(names(root.path()), ["precious", "public"]);
    }

    #[test]
    fn nothing_is_written_through_a_link_at_the_name_of_a_temporary_file() {
        let root = dir();
        let public = root.path().join("public");
        fs::create_dir(&public).unwrap();
        fs::write(root.path().join("precious"), "mine").unwrap();
        symlink("../precious", public.join(".world.rss.0.oncefeed-tmp")).unwrap();
        assert_eq!(changed(&[file(b"one")], &public), [true]);
        assert_eq!(fs::read(root.path().join("precious")).unwrap(), b"mine");
        assert!(!public.join("world.rss").is_symlink());
        assert_eq!(fs::read(public.join("world.rss")).unwrap(), b"one");
    }

    #[test]
    fn links_inside_the_directory_and_to_the_directory_are_followed() {
        let root = dir();
        let public = root.path().join("public");
        fs::create_dir(root.path().join("real")).unwrap();
        symlink("real", &public).unwrap();
        fs::write(public.join("named.rss"), "old").unwrap();
        symlink("named.rss", public.join("world.rss")).unwrap();
        assert_eq!(changed(&[file(b"one")], &public), [true]);
        assert_eq!(fs::read(public.join("named.rss")).unwrap(), b"one");
        assert!(public.join("world.rss").is_symlink());
    }

    #[test]
    fn a_read_only_directory_is_an_error_and_the_file_stays() {
        let root = dir();
        changed(&[file(b"one")], root.path());
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o555)).unwrap();
        // Permissions do not bind root; there is a directory that nobody can write to, then.
        let bound = fs::write(root.path().join("probe"), "").is_err();
        let result = write(&[file(b"two")], if bound { root.path() } else { Path::new("/proc") });
        fs::set_permissions(root.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = result.unwrap_err();
        assert!(matches!(error, PublishError::Unwritable { .. }), "{error}");
        assert!(error.help().contains("is as it was before"));
        assert_eq!(fs::read(root.path().join("world.rss")).unwrap(), b"one");
    }
}
