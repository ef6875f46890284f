//! A subscriber that reads the outputs all the time, and notices when one is not whole.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// Reads every 5 ms.
pub(crate) struct Reader {
    ends: Arc<AtomicBool>,
    thread: JoinHandle<Seen>,
}

/// What a reader saw.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) reads: usize,
    pub(crate) wrong: Vec<String>,
}

impl Reader {
    pub(crate) fn start(folder: PathBuf) -> Reader {
        let ends = Arc::new(AtomicBool::new(false));
        let its_end = Arc::clone(&ends);
        let thread = std::thread::spawn(move || {
            let mut seen = Seen::default();
            while !its_end.load(Ordering::Relaxed) {
                read_all(&folder, &mut seen);
                std::thread::sleep(Duration::from_millis(5));
            }
            seen
        });
        Reader { ends, thread }
    }

    pub(crate) fn end(self) -> Seen {
        self.ends.store(true, Ordering::Relaxed);
        self.thread.join().unwrap()
    }
}

fn read_all(folder: &Path, seen: &mut Seen) {
    for name in ["all.rss", "all.atom", "all.json", "all.html", "few.rss", "index.html"] {
        let path = folder.join(name);
        // Not there yet, or its folder is gone.
        let Ok(bytes) = std::fs::read(&path) else { continue };
        seen.reads += 1;
        if let Err(why) = whole(name, &bytes) {
            seen.wrong.push(format!("{}: {why}", path.display()));
        }
    }
}

/// Whether a published file is whole and has no id twice.
fn whole(name: &str, bytes: &[u8]) -> Result<(), String> {
    if name.ends_with(".html") {
        let ends = bytes.trim_ascii_end().ends_with(b"</html>");
        return ends.then_some(()).ok_or_else(|| "it has no end".to_owned());
    }
    let feed = feed_rs::parser::parse(bytes).map_err(|cause| cause.to_string())?;
    let mut ids = HashSet::new();
    match feed.entries.into_iter().find(|entry| !ids.insert(entry.id.clone())) {
        Some(twice) => Err(format!("{} is there twice", twice.id)),
        None => Ok(()),
    }
}

#[test]
fn a_reader_notices_files_that_are_written_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let item = "<item><guid>a</guid><title>t</title></item>";
    let document = format!("<rss version=\"2.0\"><channel><title>t</title>{item}</channel></rss>");
    let reader = Reader::start(folder.path().to_owned());
    for _ in 0..20 {
        let (begin, end) = document.split_at(document.len() / 2);
        std::fs::write(folder.path().join("all.rss"), begin).unwrap();
        std::thread::sleep(Duration::from_millis(20));
        std::fs::write(folder.path().join("all.rss"), format!("{begin}{end}")).unwrap();
    }
    let seen = reader.end();
    assert!(!seen.wrong.is_empty(), "{} reads", seen.reads);
    assert!(whole("all.rss", document.replace(item, &item.repeat(2)).as_bytes()).is_err());
    assert_eq!(whole("all.rss", document.as_bytes()), Ok(()));
}
