//! Feeds, lists and pages of others, read where they are at hand, each as an edition of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use async_compression::tokio::bufread::GzipDecoder;
use chrono::{DateTime, Utc};
use oncefeed::extract::{self, Hints};
use oncefeed::model::{ClusterId, Digest, Edition, Entry, Format, Kind, Output, Page, Site, SourceId, Telling, Voice};
use tokio::io::AsyncReadExt as _;

use super::check;
use crate::support::NOW;

/// The documents of a folder beside the project, by name.
fn documents(folder: &str) -> Vec<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(folder);
    let Ok(entries) = fs::read_dir(path) else {
        #[expect(clippy::print_stderr, reason = "a test that read nothing must say so")]
        {
            eprintln!("skipped: ../shared/data/{folder} is not there");
        }
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// All files under a folder, by name.
fn files_under(folder: PathBuf) -> Vec<PathBuf> {
    let (mut folders, mut files) = (vec![folder], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files.sort();
    files
}

/// What a document says, as an output of its own; nothing when it cannot be read.
fn edition(number: usize, path: &Path, set: &str) -> Option<Edition> {
    let page = Page {
        url: Some(format!("https://source.example/{set}/{number}").parse().unwrap()),
        content_type: None,
        body: bytes(path),
        fetched_at: NOW.parse().ok(),
    };
    let reading = extract::read(&page, &Hints::from(Kind::Auto)).ok()?;
    let name = reading.title.clone().unwrap_or_else(|| "source".to_owned());
    let output = Output {
        each: oncefeed::model::Each::None,
        id: SourceId::new(&format!("{set}-{number}")).unwrap(),
        title: name.clone(),
        groups: Vec::new(),
        formats: vec![Format::Rss, Format::Atom, Format::Json],
        limit: 1_000,
        keep: Duration::from_secs(1),
        private: false,
        related: false,
    };
    let now: DateTime<Utc> = NOW.parse().unwrap();
    let entries = reading.drafts.into_iter().take(1_000).enumerate().map(|(at, draft)| {
        let story = draft.clean();
        let published = story.dated().unwrap_or(now).min(now);
        let shown = Telling {
            source: SourceId::new(&format!("{set}-{number}")).unwrap(),
            name: story.outlet.clone().unwrap_or_else(|| name.clone()),
            feed_url: page.url.as_ref().map(ToString::to_string),
            rank: 0,
            voice: Voice::default(),
            published,
            words: 0,
            decided: now,
            revised: story.updated,
            publish: true,
            original: false,
            version: false,
            quiet: false,
            guest: false,
            story,
        };
        let mut id = [0; 32];
        id[..8].copy_from_slice(&at.to_be_bytes());
        Entry::of(ClusterId::from_digest(&Digest(id)), vec![shown], Default::default()).unwrap()
    });
    Some(Edition::of(&output, entries.collect(), DateTime::<Utc>::MIN_UTC))
}

fn bytes(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if path.extension().is_none_or(|ending| ending != "gz") {
        return bytes;
    }
    let mut plain = Vec::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(GzipDecoder::new(bytes.as_slice()).read_to_end(&mut plain)).unwrap();
    plain
}

/// Checks what comes of documents; gives how many could be read.
fn check_each(set: &str, documents: &[PathBuf]) -> usize {
    let site = Site { base_url: Some("https://news.example/".parse().unwrap()), ..Site::default() };
    (documents.iter().enumerate())
        .filter_map(|(number, path)| edition(number, path, set))
        .inspect(|edition| check(set, &site, edition))
        .count()
}

fn check_all(set: &str, folder: &str) {
    let documents = documents(folder);
    let read = check_each(set, &documents);
    assert!(documents.is_empty() || read > documents.len() / 2, "{read} of {} could be read", documents.len());
}

#[test]
fn feeds_of_others_come_out_strict() {
    check_all("feeds", "feeds/files");
}

#[test]
fn lists_of_others_come_out_strict() {
    check_all("listings", "listings/html");
}

#[test]
fn articles_of_others_come_out_strict() {
    check_all("articles", "articles/html");
}

/// `ONCEFEED_DOCUMENTS` names a folder of documents for a wider look, such as the test feeds of a parser.
#[test]
fn what_somebody_names_comes_out_strict() {
    let Some(folder) = std::env::var_os("ONCEFEED_DOCUMENTS") else { return };
    assert!(check_each("named", &files_under(folder.into())) > 0, "nothing in it can be read");
}
