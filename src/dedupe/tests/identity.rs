//! Addresses, ids and recordings.

use super::{WIRE, at, check, linked, newcomer, told};
use crate::model::Story;

#[test]
fn an_address_is_an_identity_for_ever() {
    check(
        "AA",
        &[
            linked("ap", 0, "https://n.example/a?utm_source=x", "One"),
            linked("bbc", 9_000, "http://www.n.example/a/#c", "Two"),
        ],
    );
    check(
        "AB",
        &[linked("ap", 0, "https://n.example/?id=42", "One"), linked("bbc", 1, "https://n.example/?id=43", "Two")],
    );
    // A change log gives all its entries one address; an entry that comes again keeps its headline.
    check(
        "AB",
        &[
            linked("ap", 0, "https://n.example/log#1", "Version with new colours"),
            linked("ap", 1, "https://n.example/log#2", "Faster start of the program"),
        ],
    );
    check(
        "AA",
        &[
            linked("ap", 0, "https://n.example/log", "Version with new colours"),
            linked("ap", 1, "https://n.example/log", "Version with new colours"),
        ],
    );
}

#[test]
fn d42_a_guid_means_something_only_in_its_source() {
    let story =
        |text: &str| Story { key: "332".to_owned(), text: text.to_owned(), published: Some(at(0)), ..Story::default() };
    check(
        "AB",
        &[
            newcomer("ap", story("The bridge over the river reopened to all traffic on Monday.")),
            newcomer("bbc", story(WIRE)),
        ],
    );
}

#[test]
fn d22_episodes_with_the_same_notes_are_different() {
    let episode = |number: u32| {
        let mut story = told(
            "ap",
            i64::from(number),
            &format!("Episode {number}"),
            "Subscribe wherever you listen, and write to us what you think of the show and its guests.",
        )
        .story;
        story.enclosures = vec![crate::model::Enclosure {
            url: format!("https://p.example/{number}.mp3"),
            media_type: Some("audio/mpeg".to_owned()),
            length: 0,
        }];
        newcomer("ap", story)
    };
    check("AB", &[episode(1), episode(2)]);
}

#[track_caller]
fn check_links(expected: &str, links: &[&str]) {
    let stories: Vec<_> = (links.iter().zip(0..))
        .map(|(link, hours)| linked(&format!("s{hours}"), hours, link, &format!("Title {hours}")))
        .collect();
    check(expected, &stories);
}

#[test]
fn d27_what_does_not_change_the_page_makes_no_other_address() {
    check_links(
        "AAAAAAA",
        &[
            "https://n.example/a",
            "https://n.example/a?utm_source=x&utm_medium=y",
            "https://n.example/a?fbclid=1&gclid=2",
            "https://n.example/a?ref=rss",
            "https://n.example/a/#top",
            "https://N.example:443/a",
            "http://www.n.example:80/a",
        ],
    );
}

#[test]
fn d28_what_selects_the_page_makes_another() {
    check_links(
        "ABCDE",
        &[
            "https://n.example/a?id=42",
            "https://n.example/a?id=43",
            "https://n.example/?p=42",
            "https://n.example/?p=43",
            "https://n.example/a",
        ],
    );
}

#[test]
fn d29_amp_and_mobile_pages_are_the_page() {
    check_links(
        "AAAAAA",
        &[
            "https://n.example/x",
            "https://amp.n.example/x",
            "https://n.example/x/amp",
            "https://n.example/x?amp=1",
            "https://m.n.example/x",
            "https://www.n.example/x",
        ],
    );
    check_links("ABC", &["https://n.example/x", "https://m.o.example/x", "https://amp.example/x"]);
}

#[test]
fn d32_redirectors_that_carry_their_target_are_unwrapped() {
    check_links(
        "AAAA",
        &[
            "https://n.example/x?id=7",
            "https://www.google.com/url?sa=t&url=https%3A%2F%2Fn.example%2Fx%3Fid%3D7&usg=abc",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fn.example%2Fx%3Fid%3D7%26fbclid%3D1&h=xyz",
            "https://t.umblr.com/redirect?z=https%3A%2F%2Fn.example%2Fx%3Fid%3D7&t=abc",
        ],
    );
    check_links("AB", &["https://n.example/x", "https://news.google.com/rss/articles/CBMiabc"]);
}
