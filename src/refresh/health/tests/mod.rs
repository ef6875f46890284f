//! Lives of sources: visits as words, and the states that come of them.

mod life;
mod lists;
mod years;

use life::Life;
use proptest::prelude::*;

/// Visits an hour apart, and the states with the number of the visit that they begin at.
#[track_caller]
fn check(visits: &str, expected: &str) {
    let mut life = Life::new();
    let states = life.live(visits);
    assert_eq!(states, expected, "{visits}\n{:?}", life.visit.condition);
}

/// As `check`, after eight days in which a source of 20 stories worked.
#[track_caller]
fn check_known(visits: &str, expected: &str) {
    let mut life = Life::known();
    let states = life.live(visits);
    assert_eq!(states, expected, "{visits}\n{:?}", life.visit.condition);
}

#[test]
fn what_passes_is_nobodys_business() {
    check_known("503 new 503 503 new timeout same", "1 ok");
    check_known("404 new 404 same new", "1 ok");
    check_known("401 new", "1 ok");
    check_known("503*3", "1 ok");
    check_known("503 +20h 503 503", "1 ok");
    check_known("404 503 404 new", "1 ok");
}

#[test]
fn what_stays_is_told_of_once() {
    check_known("404*5", "1 ok, 2 broken");
    check_known("html*2 new", "1 ok, 2 broken, 3 ok");
    check_known("401*3", "1 ok, 2 blocked");
    check_known("refused*3 new", "1 ok, 2 blocked, 4 ok");
    check_known("410 410", "1 gone");
    check_known("503 503 +25h 503 503", "1 ok, 3 stale");
    check_known("503 +25h 503", "1 ok");
    check_known("503 503 +25h 503 same", "1 ok, 3 stale, 4 ok");
}

#[test]
fn what_never_worked_is_told_of_at_once() {
    check("404 404 new", "1 broken, 3 ok");
    check("timeout timeout", "1 stale");
    check("401", "1 blocked");
    check("410", "1 gone");
    check("timeout 404 404 404", "1 stale, 2 broken");
}

#[test]
fn one_trouble_beside_another_changes_nothing() {
    check_known("404*2 503 404 503 404 timeout 401 404*2", "1 ok, 2 broken");
    check_known("410 +30d 404 +30d 503 404", "1 gone");
    check_known("404*2 401*3 404", "1 ok, 2 broken, 5 blocked");
    check_known("404*2 410", "1 ok, 2 broken, 3 gone");
}

#[test]
fn a_source_that_comes_and_goes_is_told_of_three_times() {
    check_known(&"404 404 new ".repeat(20), "1 ok, 2 broken, 3 ok, 5 broken");
    check_known(&format!("{} new new new", "404 404 new ".repeat(20)), "1 ok, 2 broken, 3 ok, 5 broken, 62 ok");
    // In fives it takes longer to be sure of it.
    check_known(&"404 404 new*3 ".repeat(20), "1 ok, 2 broken, 3 ok, 7 broken, 10 ok, 12 broken");
    // After a good week it is a steady source again.
    check_known("404*2 new +8d new 404*2 new", "1 ok, 2 broken, 3 ok, 6 broken, 7 ok");
}

#[test]
fn a_document_unlike_all_before_is_noticed() {
    check_known("none none", "1 ok, 2 drifted");
    check_known("none same", "1 ok, 2 drifted");
    check_known("none new none new", "1 ok");
    check_known("few few few", "1 ok, 3 drifted");
    check_known("few same same", "1 ok, 3 drifted");
    check_known("undated*3", "1 ok, 3 drifted");
    check_known("alike*3", "1 ok, 3 drifted");
    check_known("teasers*3", "1 ok, 3 drifted");
    check_known("rekeyed", "1 drifted");
    check_known("few undated alike", "1 ok, 3 drifted");
}

#[test]
fn a_document_like_those_before_is_left_alone() {
    check_known("new*30", "1 ok");
    check_known("renewed*5", "1 ok");
    // Half of the stories is not few, and texts of half the length are texts.
    check_known("half*5", "1 ok");
    // Nothing is known of what was only seen for some days.
    check(&format!("{} none none few few few undated*3 rekeyed", "new +11h ".repeat(10)), "1 ok");
}

#[test]
fn a_drifted_source_is_well_when_it_stays_like_before() {
    check_known("none none new same same", "1 ok, 2 drifted, 5 ok");
    check_known("none none new none new new", "1 ok, 2 drifted");
    check_known("rekeyed new new new", "1 drifted, 4 ok");
    check_known("none none 503 new new new", "1 ok, 2 drifted, 6 ok");
}

#[test]
fn what_went_by_itself_is_a_way_of_the_source() {
    let weekend = format!("none*4 +42h {}", "new +5h ".repeat(20));
    check_known(&weekend.repeat(5), "1 ok, 2 drifted, 7 ok");
    // But not what nobody was told of.
    check_known("none new none new none none", "1 ok, 6 drifted");
}

#[test]
fn another_way_is_the_usual_one_after_two_weeks_but_no_stories_never_are() {
    check_known("few*3 +14d few few few", "1 ok, 3 drifted, 4 ok");
    check_known("none*2 +60d none none", "1 ok, 2 drifted");
}

#[test]
fn other_ids_all_the_time_are_a_way_of_the_source() {
    check(&format!("new {} rekeyed +1h rekeyed", "rekeyed +23h ".repeat(8)), "1 ok");
}

#[test]
fn a_move_is_shown_until_it_is_configured() {
    check_known("moved same new 404 new", "1 moved");
    check_known("moved 404 404 new", "1 moved, 3 broken, 4 moved");
    check_known("moved none none", "1 moved, 3 drifted");
}

#[test]
fn a_silence_is_held_against_the_longest_before() {
    // Twenty stories every day for weeks, then nothing: eleven days after.
    check(&format!("{} {}", "renewed +23h ".repeat(40), "same +23h ".repeat(20)), "1 ok, 51 stale");
    check(&format!("{} {} new", "renewed +23h ".repeat(40), "same +23h ".repeat(20)), "1 ok, 51 stale, 61 ok");
    check(&format!("{} {}", "new +23h ".repeat(40), "same +23h ".repeat(20)), "1 ok, 51 quiet");
    check(&format!("{} {}", "new +143h ".repeat(40), "same +23h ".repeat(60)), "1 ok, 61 quiet");
    check(&format!("{} {} new", "new +143h ".repeat(40), "same +23h ".repeat(60)), "1 ok, 61 quiet, 101 ok");
}

#[test]
fn a_clock_that_jumps_is_no_silence() {
    check(&format!("{} +3650d same same", "new +23h ".repeat(40)), "1 ok");
    check(&format!("{} +3650d new -3650d same*5 +30h new", "new +23h ".repeat(40)), "1 ok");
}

#[test]
fn reasons_have_words_and_numbers() {
    let why = |visits: &str| {
        let mut life = Life::known();
        life.live(visits);
        life.visit.condition.unwrap().why.unwrap()
    };
    assert_eq!(why("404 404 404"), "n.example answered 404 (3 in a row since 2026-01-09 01:00)");
    assert_eq!(why("none none"), "no stories, where there were always 20");
    assert_eq!(why("few*3"), "2 stories, where there were always 20");
    assert_eq!(why("rekeyed"), "19 of 19 stories that were known have other ids");
    assert_eq!(why("moved"), "read at https://m.example/, where it moved to for good");
    let change = |visits: &str| {
        let mut life = Life::known();
        life.live(visits);
        life.visit.condition.unwrap().changes.pop().unwrap().why.unwrap()
    };
    assert_eq!(change("404 404 new"), "it reads again, after 2 h");
    assert_eq!(change("none none new new new"), "as before again");
    let quiet = format!("{} {} new", "new +143h ".repeat(40), "same +23h ".repeat(60));
    assert_eq!(change(&quiet), "it has new stories again");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a source does, hour by hour for a week: at most eleven mails, since after each it has to be well for three
    /// times as long.
    #[test]
    fn no_source_is_told_of_all_the_time(visits in prop::collection::vec((0usize..9, 1usize..6), 33)) {
        const WORDS: [&str; 9] = ["new", "same", "404", "503", "401", "none", "few", "rekeyed", "undated"];
        let mut life = Life::known();
        let words = visits.iter().map(|(word, times)| format!("{}*{times} ", WORDS[*word])).collect::<String>();
        life.live(&words);
        let news = life.changes.iter().filter(|change| change.is_news()).count();
        prop_assert!(news <= 11, "{news} in {words}");
    }
}
