//! Feeds that changed and of which the hub has not been told yet.
//!
//! They stand in a file beside the feeds, so that a run that fails or is killed leaves them to the next.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use super::{File, PublishError, files};

/// Hidden, as it is nothing to be served: though all that it says is public.
const NAME: &str = ".oncefeed-hub";

/// Longer lists are none of ours.
const MOST_BYTES: u64 = 1 << 20;

/// The addresses of the feeds that the hub has still to be told of. None where the list cannot be read: then
/// subscribers learn of those feeds at their next change.
pub fn pending(dir: &Path) -> BTreeSet<String> {
    let mut text = String::new();
    let read = fs::File::open(dir.join(NAME)).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut text));
    read.map(|_| text.lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// Remembers which feeds the hub has still to be told of; of none there is no file.
pub fn expect(topics: &BTreeSet<String>, dir: &Path) -> Result<(), PublishError> {
    let path = dir.join(NAME);
    if topics.is_empty() {
        return match fs::remove_file(&path) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(PublishError::Unwritable { path, source }),
            _ => Ok(()),
        };
    }
    let bytes = topics.iter().flat_map(|topic| [topic.as_bytes(), b"\n"]).flatten().copied().collect();
    files::write(&[File { name: NAME.to_owned(), bytes }], dir).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expected_is_pending_until_it_is_not() {
        let dir = tempfile::tempdir().unwrap();
        assert!(pending(dir.path()).is_empty());
        let topics: BTreeSet<String> = ["https://n.example/b.rss", "https://n.example/a.rss"].map(str::to_owned).into();
        expect(&topics, dir.path()).unwrap();
        assert_eq!(pending(dir.path()), topics);
        for _ in 0..2 {
            expect(&BTreeSet::new(), dir.path()).unwrap();
            assert!(pending(dir.path()).is_empty() && fs::read_dir(dir.path()).unwrap().next().is_none());
        }
    }
}
