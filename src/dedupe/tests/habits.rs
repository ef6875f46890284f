//! What sources give to many of their stories makes no story of them.

use super::{check, linked, told};
use crate::model::Newcomer;

/// Heads that have nothing to do with each other.
const HEADS: [&str; 6] =
    ["Bridge closed", "Choir on the train", "Rye loaf wins", "Vines dug up", "Harbour lights out", "Postman at chess"];

const BLURB: &str = "The Herald is the independent daily of the river towns, founded by its readers, and written by people who live \
    there. Subscribe to read all of it, or write to us about what you see.";

#[test]
fn the_description_of_a_publisher_in_two_of_its_feeds_folds_nothing() {
    let stories: Vec<Newcomer> = (HEADS.iter().zip(0..))
        .map(|(title, hour)| told(if hour % 2 == 0 { "herald-local" } else { "herald-world" }, hour, title, BLURB))
        .collect();
    check("ABCDEF", &stories);
    // A report of that length under two headlines at two sources is one story (D03).
    check("AA", &[told("ap", 0, HEADS[0], BLURB), told("bbc", 1, HEADS[1], BLURB)]);
}

#[test]
fn a_long_description_is_known_by_its_third_headline() {
    let long = [BLURB; 5].join(" ");
    let stories: Vec<Newcomer> =
        (HEADS.iter().zip(0..)).map(|(title, hour)| told("herald", hour, title, &long)).collect();
    check("ABCDEF", &stories);
}

#[test]
fn a_short_phrase_needs_more_than_a_common_subject() {
    let phrase = "Read the full story on our website and subscribe for more of what happens here.";
    check(
        "AB",
        &[
            told("ap", 0, "Ferry strike: minister meets union leaders", phrase),
            told("bbc", 1, "Ferry strike: island shops run out of bread", phrase),
        ],
    );
}

#[test]
fn the_address_of_a_list_is_that_of_no_story_whoever_gives_it() {
    let ticker = |source: &str, hours: i64, title: &str| linked(source, hours, "https://a.example/ticker", title);
    check(
        "ABCBC",
        &[
            ticker("all", 0, HEADS[0]),
            ticker("all", 1, HEADS[1]),
            ticker("all", 2, HEADS[2]),
            ticker("news", 3, HEADS[1]),
            ticker("news", 4, HEADS[2]),
        ],
    );
    check(
        "ABABC",
        &[
            ticker("all", 0, HEADS[0]),
            ticker("news", 1, HEADS[1]),
            ticker("news", 2, HEADS[0]),
            ticker("all", 3, HEADS[1]),
            ticker("all", 4, HEADS[2]),
        ],
    );
    // One story of each is one story under two headlines (D13).
    check("AA", &[ticker("all", 0, HEADS[0]), ticker("news", 1, HEADS[1])]);
}

#[test]
fn a_story_told_hundreds_of_times_is_one() {
    let words: Vec<String> = (0..200).map(|n| format!("w{}", n * n * 7 % 9973)).collect();
    let copy = |number: usize| {
        let mut words = words.clone();
        for at in 0..4 {
            words[(number * 37 + at * 53) % 200] = format!("x{number}y{at}");
        }
        told(&format!("s{number}"), number as i64 % 40, "The same headline over all of them today", &words.join(" "))
    };
    let stories: Vec<Newcomer> = (0..300).map(copy).collect();
    check(&"A".repeat(300), &stories);
}
