//! Several stories at once: chains, boilerplate, standing phrases.

use super::{WIRE, check, told};

#[test]
fn d51_stories_do_not_chain() {
    let words = |from: usize, to: usize| {
        (from..to).map(|n| format!("word{}", n * n * 7 % 9973)).collect::<Vec<_>>().join(" ").replace("word", "w x")
    };
    let (a, b, c) = (words(0, 200), words(40, 240), words(95, 295));
    check("AAB", &[told("ap", 0, "One", &a), told("bbc", 1, "Two", &b), told("cnn", 2, "Three", &c)]);
}

#[test]
fn d49_boilerplate_raises_nothing() {
    let residue = "\n\nRelated Articles\n\nVideo Duration 02 minutes 25 seconds 02:25\n\nWe use cookies to improve your visit.\n\nNo comments \
        yet. Be the first to leave a comment.\n\nSign up for our newsletter";
    let bridge = format!("The bridge over the river reopened to all traffic on Monday.{residue}");
    let bread = format!("Bread is to cost more in the whole valley from next week.{residue}");
    check("AB", &[told("ap", 0, "Bridge", &bridge), told("bbc", 1, "Bread", &bread)]);
    check("AA", &[told("ap", 0, "Bridge", &format!("{WIRE}{residue}")), told("bbc", 1, "Bread", WIRE)]);
}

/// Lists of one site give every story the site's own description, feeds "Read the full story".
#[test]
fn a_standing_phrase_makes_no_story() {
    let blurb = "News from the river towns, every day, by people who live there. Subscribe to read all of it, and write to us \
        about what you see from your window, because the valley is long and we are few.";
    let short = "Read the full story on our website, with pictures and comments.";
    for phrase in [blurb, short] {
        check(
            "ABC",
            &[
                told("ap", 0, "Bridge closed", phrase),
                told("ap", 1, "Choir on the train", phrase),
                told("ap", 2, "Rye loaf wins", phrase),
            ],
        );
    }
    check("AB", &[told("ap", 0, "Bridge closed", short), told("bbc", 1, "Choir on the train", short)]);
    // Under one headline it is one story, and so is a whole report under another.
    check(
        "AA",
        &[told("ap", 0, "Bridge closed for nine weeks", blurb), told("bbc", 1, "Bridge closed for nine weeks", blurb)],
    );
    check("AA", &[told("ap", 0, "We didn't get there", WIRE), told("ap", 1, "No deal on the river", WIRE)]);
}
