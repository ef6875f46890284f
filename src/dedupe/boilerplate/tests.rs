//! Stories of invented sites: which of their lines go, and which stay.

use super::{blocks, learn, repeated};
use crate::dedupe::fingerprint_of;
use crate::model::Blocks;

const BOX: &str = "The Harbour Lamp is a newspaper of its readers: become a member for three crowns a month.";

/// A sentence that no other number has.
fn own(number: usize) -> String {
    let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap());
    let word = |at: usize| [letter(number), letter(number / 26), letter(at), letter(at * 7)].iter().collect::<String>();
    (0..20).map(word).collect::<Vec<_>>().join(" ") + "."
}

/// Learns from stories, as headline and text.
fn learnt(stories: &[(String, String)]) -> Blocks {
    let mut known = Blocks::default();
    for (title, text) in stories {
        learn(&mut known, text, &fingerprint_of(None, title, text));
    }
    known
}

/// What the last of some stories keeps, after all were learnt from.
#[track_caller]
fn check(stories: &[(String, String)], kept: &str) {
    let known = learnt(stories);
    let text = &stories.last().unwrap().1;
    let gone = repeated(&known, text);
    let lines = super::lines(text).enumerate().filter(|(number, _)| !gone.contains(number)).map(|(_, line)| line);
    assert_eq!(lines.collect::<Vec<_>>().join("\n"), kept);
}

fn stories(count: usize, text: impl Fn(usize) -> String) -> Vec<(String, String)> {
    let titles =
        ["Ferry", "Bakery", "Heron", "Lantern", "Windmill", "Quarry", "Rooftop", "Orchard", "Tunnel", "Market"];
    (0..count).map(|at| (titles[at % titles.len()].to_owned(), text(at))).collect()
}

#[test]
fn the_fifth_story_gives_it_away() {
    let text = |at: usize| format!("{}\n\n{BOX}", own(at));
    check(&stories(5, text), &own(4));
    check(&stories(4, text), &text(3).replace("\n\n", "\n"));
}

#[test]
fn it_goes_from_anywhere_when_it_is_usual() {
    let between = |at: usize| format!("{}\n\n{BOX}\n\n{}", own(at), own(at + 50));
    check(&stories(6, between), &format!("{}\n{}", own(5), own(55)));
    check(&stories(6, |at| format!("{BOX}\n\n{}", own(at))), &own(5));
    // Five of thirty have it in the middle: it may be what they say.
    let seldom = |at: usize| if at % 6 == 5 { between(at) } else { own(at) };
    check(&stories(30, seldom), &between(29).replace("\n\n", "\n"));
}

#[test]
fn short_lines_go_from_the_end_alone() {
    let text = |at: usize| format!("Ingredients\n\n{}\n\nFollow the Lamp on Coble\n\nTags: no. {at}", own(at));
    check(&stories(6, text), &format!("Ingredients\n{}\nTags: no. 5", own(5)));
    // A step of some recipes is no line of the site.
    let step = |at: usize| if at.is_multiple_of(5) { format!("{}\n\nServe at once.", own(at)) } else { own(at) };
    check(&stories(26, step), &format!("{}\nServe at once.", own(25)));
}

#[test]
fn one_story_told_again_and_again_teaches_nothing() {
    let grows = |at: usize| (0..=at).rev().map(own).collect::<Vec<_>>().join("\n\n");
    let live: Vec<(String, String)> = stories(12, grows);
    let whole = |at: usize| live[at].1.replace("\n\n", "\n");
    check(&live, &whole(11));
    // A wire under other headlines, its last paragraph rewritten.
    let wire: Vec<(String, String)> =
        stories(9, |at| (0..8).map(own).chain([own(at + 40)]).collect::<Vec<_>>().join("\n\n"));
    check(&wire, &wire[8].1.replace("\n\n", "\n"));
    // Reworked under one headline.
    let same = (0..9).map(|at| ("Ferry line stops for good".to_owned(), format!("{}\n\n{BOX}", own(at))));
    let same: Vec<(String, String)> = same.collect();
    check(&same, &same[8].1.replace("\n\n", "\n"));
}

#[test]
fn a_short_first_story_stands_in_nobodys_way() {
    let short = ("Noon".to_owned(), format!("Come at noon today.\n\n{BOX}"));
    let others = stories(5, |at| format!("{}\n\n{BOX}", own(at)));
    let told: Vec<(String, String)> = std::iter::once(short).chain(others).collect();
    check(&told, &own(4));
}

#[test]
fn a_refrain_is_one_storys_own() {
    let song = format!("{}\n\n{BOX}\n\n{}\n\n{BOX}\n\n{}\n\n{BOX}", own(1), own(2), own(3));
    let mut told = stories(8, own);
    told.push(("Song".to_owned(), song.clone()));
    check(&told, &song.replace("\n\n", "\n"));
}

#[test]
fn what_is_the_whole_text_stays() {
    let mut told = stories(6, |at| format!("{}\n\n{BOX}", own(at)));
    told.push(("Membership".to_owned(), BOX.to_owned()));
    check(&told, BOX);
    told.push(("Noon".to_owned(), format!("At noon.\n\n{BOX}")));
    check(&told, &format!("At noon.\n{BOX}"));
}

#[test]
fn what_stands_between_words_tells_no_lines_apart() {
    assert_eq!(blocks("Sign up  now — it's free!\n\n***\n\nsign up now: it's FREE").len(), 1);
    assert_eq!(blocks("Page 1\nPage 2").len(), 2);
    assert_eq!(blocks(&(0..500).map(|n| format!("Line {n}\n")).collect::<String>()).len(), 48);
}
