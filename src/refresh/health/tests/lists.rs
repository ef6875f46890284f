//! Lists on pages, and what of them is believed: visits an hour apart, each with a page of some kind.

use super::super::{Belief, belief};
use super::life::{Held, Life};
use crate::model::Kind;
use crate::refresh::health::shape::{How, Shape};

/// A page with a list of stories.
struct Page {
    method: &'static str,
    stories: Vec<Held>,
}

fn story(key: String, title: String) -> Held {
    Held { key, title, dated: None, bytes: 0, text: 0 }
}

/// Twenty-four headlines, the newest of which has this number.
fn headlines(method: &'static str, newest: usize) -> Page {
    let title = |n: usize| format!("Headline {n} of the harbour news, with some words more");
    Page { method, stories: (newest - 23..=newest).rev().map(|n| story(format!("k{n}"), title(n))).collect() }
}

fn menu(method: &'static str) -> Page {
    let words = ["News", "Sport", "Culture", "Weather", "Traffic", "Jobs", "Contact"];
    Page { method, stories: words.iter().map(|word| story(format!("/{word}"), (*word).to_owned())).collect() }
}

/// What is read most: stories that were never in the list.
fn popular(method: &'static str, count: usize) -> Page {
    let title = |n: usize| format!("A long read {n} that everybody liked very much");
    Page { method, stories: (0..count).map(|n| story(format!("p{n}"), title(n))).collect() }
}

impl Life {
    /// A source of two pages an hour apart.
    fn of_list() -> Life {
        let mut life = Life::new();
        life.kind = Kind::Listing;
        life.reads(&headlines("river", 50));
        life.reads(&headlines("river", 51));
        life
    }

    /// Whether a page is believed an hour after the last one, and the state that it leaves.
    fn reads(&mut self, page: &Page) -> (Belief, &'static str) {
        let belief = self.weighs(page, 0.9);
        self.came(Some(&page.stories));
        (belief, self.visit.condition.as_ref().unwrap().state.as_str())
    }

    /// Whether a page is believed an hour after the last one, by how sure its reader is.
    fn weighs(&mut self, page: &Page, confidence: f64) -> Belief {
        self.now += chrono::Duration::hours(1);
        self.method = page.method.to_owned();
        let told = page.stories.iter().map(Held::told);
        let (how, past) = (How::new(self.kind, page.method, confidence), self.visit.past.as_ref());
        let shape = Shape::of_told(how, &told.collect::<Vec<_>>(), past, self.now);
        belief(past, &shape, self.now)
    }
}

#[track_caller]
fn check(page: &Page, expected: (Belief, &str)) {
    assert_eq!(Life::of_list().reads(page), expected, "{}", page.method);
}

#[test]
fn a_list_is_believed_however_it_is_built() {
    check(&headlines("river", 52), (Belief::Believed, "ok"));
    check(&headlines("tide", 52), (Belief::Believed, "ok"));
    // Half of it is new within the hour.
    check(&headlines("tide", 63), (Belief::Believed, "ok"));
    // All of it is, and says so.
    let mut renewed = headlines("river", 90);
    renewed.stories.iter_mut().for_each(|story| story.dated = "2026-01-01T02:30:00Z".parse().ok());
    check(&renewed, (Belief::Believed, "ok"));
    // All of it is, and nobody has looked for a day.
    let mut life = Life::of_list();
    life.now += chrono::Duration::hours(24);
    assert_eq!(life.reads(&headlines("river", 90)), (Belief::Believed, "ok"));
}

#[test]
fn another_part_of_the_page_is_not() {
    check(&menu("nav"), (Belief::Withheld, "drifted"));
    check(&menu("river"), (Belief::Withheld, "drifted"));
    check(&popular("aside", 5), (Belief::Withheld, "drifted"));
    check(&popular("aside", 24), (Belief::Withheld, "drifted"));
    check(&popular("river", 24), (Belief::Withheld, "drifted"));
}

#[test]
fn a_list_that_its_reader_doubts_is_not_believed_without_a_story_that_is_known() {
    let after_a_day = |page: &Page, confidence: f64| {
        let mut life = Life::of_list();
        life.now += chrono::Duration::hours(24);
        life.weighs(page, confidence)
    };
    assert_eq!(after_a_day(&popular("river", 5), 0.5), Belief::Withheld);
    assert_eq!(after_a_day(&headlines("river", 52), 0.5), Belief::Believed);
    assert_eq!(after_a_day(&headlines("river", 90), 0.9), Belief::Believed);
}

#[test]
fn another_kind_of_document_is_not_but_a_feed_is() {
    let mut life = Life::of_list();
    life.kind = Kind::Article;
    assert_eq!(life.reads(&popular("article", 1)), (Belief::Withheld, "drifted"));
    life.kind = Kind::Feed;
    assert_eq!(life.reads(&headlines("rss", 52)).0, Belief::Believed);
    // Where a feed was, its site's front page is none.
    life.kind = Kind::Listing;
    assert_eq!(life.reads(&menu("nav")), (Belief::Withheld, "drifted"));
}

#[test]
fn a_menu_is_never_believed_however_long_it_stays() {
    let mut life = Life::of_list();
    for day in 0..90 {
        assert_eq!(life.reads(&menu("nav")), (Belief::Withheld, "drifted"), "day {day}");
        life.now += chrono::Duration::hours(23);
    }
    assert_eq!(life.reads(&headlines("river", 52)), (Belief::Believed, "ok"));
    assert_eq!(life.changes.len(), 2, "{:?}", life.changes);
}

#[test]
fn another_list_is_believed_when_stories_come() {
    let mut life = Life::of_list();
    for hour in 0..24 {
        assert_eq!(life.reads(&headlines("tide", 200 + hour / 3)), (Belief::Withheld, "drifted"), "hour {hour}");
    }
    assert_eq!(life.reads(&headlines("tide", 208)), (Belief::Anew, "ok"));
    assert_eq!(life.reads(&headlines("tide", 209)), (Belief::Believed, "ok"));
    // What was there before is now what is unlike.
    assert_eq!(life.reads(&headlines("river", 53)), (Belief::Withheld, "drifted"));
}

#[test]
fn a_list_in_which_nothing_comes_is_believed_after_two_weeks() {
    let mut life = Life::of_list();
    for hour in 0..14 * 24 {
        assert_eq!(life.reads(&headlines("tide", 200)).0, Belief::Withheld, "hour {hour}");
    }
    assert_eq!(life.reads(&headlines("tide", 200)), (Belief::Anew, "ok"));
}

#[test]
fn a_page_under_repair_at_the_first_visit_is_no_yardstick() {
    let mut life = Life::new();
    life.kind = Kind::Listing;
    life.reads(&menu("nav"));
    assert_eq!(life.reads(&headlines("river", 50)), (Belief::Believed, "ok"));
}

#[test]
fn other_titles_are_withheld_unless_that_is_the_way_of_the_source() {
    let retitled = |hour: usize| {
        let mut page = headlines("river", 51);
        page.stories.iter_mut().for_each(|story| story.title = format!("{} ({hour} readers)", story.title));
        page
    };
    check(&retitled(1), (Belief::Withheld, "ok"));
    let mut life = Life::new();
    life.kind = Kind::Listing;
    (1..9).for_each(|hour| assert_eq!(life.reads(&retitled(hour)), (Belief::Believed, "ok"), "{hour}"));
}

#[test]
fn one_text_for_all_stories_is_a_wall() {
    let mut life = Life::known();
    let walled = |life: &mut Life| {
        let text = |n: usize| Held {
            bytes: 120,
            text: 7,
            dated: Some(life.now),
            ..story(format!("w{n}"), format!("Title w{n}"))
        };
        let page = Page { method: "rss", stories: (0..20).map(text).collect() };
        life.reads(&page)
    };
    assert_eq!(walled(&mut life), (Belief::Withheld, "ok"));
    for _ in 0..40 {
        assert_eq!(walled(&mut life), (Belief::Withheld, "blocked"));
        life.now += chrono::Duration::hours(23);
    }
}
