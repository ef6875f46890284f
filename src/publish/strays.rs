//! Files of outputs that are no more.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::model::{Format, SourceId};

/// So many bytes of a file are looked at: what we write says in its head who wrote it.
const HEAD: u64 = 4096;
/// One of these is in the head of everything that we write.
const MARKS: &[&str] = &["oncefeed", "every story once"];

/// The files in the directory that an earlier configuration had written and `written` does not name,
/// in order of their names. They are still served, and nothing keeps them up to date.
pub fn strays(written: &[&str], dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut strays: Vec<PathBuf> = (entries.filter_map(Result::ok))
        .filter(|entry| entry.file_name().to_str().is_some_and(|name| is_ours(name) && !written.contains(&name)))
        .map(|entry| entry.path())
        .filter(|path| says_so(path))
        .collect();
    strays.sort();
    strays
}

/// Whether it is named like an output: `ID.rss` and the like.
fn is_ours(name: &str) -> bool {
    let Some((id, ending)) = name.rsplit_once('.') else { return false };
    Format::ALL.iter().any(|format| format.as_str() == ending) && SourceId::new(id).is_some()
}

fn says_so(path: &Path) -> bool {
    let mut head = Vec::new();
    let is_file = path.symlink_metadata().is_ok_and(|found| found.is_file());
    let read = is_file && File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head)).is_ok();
    read && MARKS.iter().any(|mark| String::from_utf8_lossy(&head).contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_wrote_and_do_not_write_any_more_is_a_stray() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("old.rss", "<generator>oncefeed</generator>"),
            ("world.rss", "<generator>oncefeed</generator>"),
            ("mine.rss", "<generator>by hand</generator>"),
            ("notes.txt", "oncefeed"),
        ] {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        assert_eq!(strays(&["world.rss"], dir.path()), [dir.path().join("old.rss")]);
        assert!(strays(&[], Path::new("/nowhere")).is_empty());
    }
}
