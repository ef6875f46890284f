//! What the fuzzers kept, replayed: `tests/fuzz/corpus`, a folder for each target.

use std::fs;
use std::path::PathBuf;

#[path = "../fuzz/checks.rs"]
mod checks;

/// Mutations of each file that are tried; `ONCEFEED_MUTATIONS` asks for more.
const MUTATIONS: u64 = 20;

/// Runs the check of a target on files made of those of its corpus: parts exchanged, repeated
/// and cut, the same at every run.
#[track_caller]
fn mutate(target: &str, check: fn(&[u8])) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let all: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
    let asked = std::env::var("ONCEFEED_MUTATIONS").ok().and_then(|count| count.parse().ok());
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        // xorshift64*, Vigna 2016.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % below.max(1)
    };
    for nth in 0..all.len() as u64 * asked.unwrap_or(MUTATIONS) {
        let mut bytes = all[random(all.len())].clone();
        for _ in 0..=random(4) {
            let other = &all[random(all.len())];
            let from = random(other.len());
            let part = &other[from..(from + random(120)).min(other.len())];
            let at = random(bytes.len());
            match random(4) {
                0 => drop(bytes.splice(at..at, part.iter().copied())),
                1 => drop(bytes.splice(at..(at + random(40)).min(bytes.len()), part.iter().copied())),
                2 => drop(bytes.splice(at..at, part.repeat(random(60)))),
                _ => bytes.truncate(at + 1),
            }
        }
        let outcome = std::panic::catch_unwind(|| check(&bytes));
        assert!(outcome.is_ok(), "{target}, mutation {nth}: {:?}", String::from_utf8_lossy(&bytes));
    }
}

/// Runs the check of a target on every file of its corpus.
#[track_caller]
fn replay(target: &str, check: fn(&[u8])) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 10, "the corpus of {target} is there");
    for file in files {
        let bytes = fs::read(&file).unwrap();
        let outcome = std::panic::catch_unwind(|| check(&bytes));
        assert!(outcome.is_ok(), "{}", file.display());
    }
}

#[test]
fn any_bytes_become_text() {
    replay("decode", checks::decode);
}

#[test]
fn any_bytes_become_clean_stories_or_none() {
    replay("feed", checks::feed);
}

#[test]
fn any_bytes_become_a_page_or_none() {
    replay("html", checks::html);
    mutate("html", checks::html);
}

#[test]
fn any_bytes_become_a_list_or_none() {
    replay("listing", checks::listing);
    mutate("listing", checks::listing);
}

#[test]
fn any_bytes_become_an_article_or_none() {
    replay("article", checks::article);
    mutate("article", checks::article);
}

#[test]
fn any_text_is_a_date_or_none() {
    replay("date", checks::date);
}

#[test]
fn any_address_has_one_canonical_form() {
    replay("url", checks::url);
}
