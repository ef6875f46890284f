//! What the fuzzers kept, replayed: `tests/fuzz/corpus`, a folder for each target.

use std::fs;
use std::path::PathBuf;

#[path = "../fuzz/checks.rs"]
mod checks;

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
}

#[test]
fn any_bytes_become_a_list_or_none() {
    replay("listing", checks::listing);
}

#[test]
fn any_bytes_become_an_article_or_none() {
    replay("article", checks::article);
}

#[test]
fn any_text_is_a_date_or_none() {
    replay("date", checks::date);
}

#[test]
fn any_address_has_one_canonical_form() {
    replay("url", checks::url);
}
