//! A page that is rebuilt: what is read from another part of it is no news.

use serde_json::{Value, json};

use crate::support::{Folder, Ran};

/// Words of headlines: ten places and ten happenings.
const PLACES: [&str; 10] = [
    "Harbour bridge",
    "Market hall",
    "North ferry",
    "Old lighthouse",
    "City library",
    "Tram depot",
    "Fish auction",
    "Botanic garden",
    "Rowing club",
    "Paper mill",
];
const HAPPENINGS: [&str; 10] = [
    "opens again after two years of repairs",
    "is to be sold to the neighbouring town",
    "stays closed until the end of the winter",
    "gets a new roof before the storms come",
    "celebrates one hundred years with a concert",
    "needs forty volunteers for the summer",
    "wins the prize of the regional assembly",
    "loses half of its visitors in one season",
    "is searched for leaks by divers and dogs",
    "has been painted in the wrong colour",
];

/// A page of a site that is read from a file, an hour after the last time.
struct Site {
    folder: Folder,
    hour: u32,
}

impl Site {
    fn new(list: &str) -> Site {
        let folder = Folder::new();
        let source = "[[source]]\nid = \"harbour\"\nurl = \"file:page.html\"\nas = \"listing\"\n";
        folder.write("oncefeed.toml", &format!("[store]\nbackups = 0\n{source}{list}"));
        Site { folder, hour: 0 }
    }

    fn shows(&mut self, page: &str) -> &mut Site {
        self.folder.write("page.html", page);
        self
    }

    fn run(&mut self, arguments: &[&str]) -> Ran {
        self.hour += 1;
        let now = format!("2026-11-{:02}T{:02}:00:00Z", 23 + self.hour / 24, self.hour % 24);
        self.folder.run(&[&["--now", &now], arguments].concat())
    }

    /// Exit code, what cron mails, and how many items are published.
    fn cron(&mut self) -> (i32, String, usize) {
        let ran = self.run(&["-q", "refresh"]);
        (ran.code, ran.err, self.folder.items("all.rss").len())
    }

    fn report(&mut self) -> Value {
        serde_json::from_str(&self.run(&["refresh", "--json"]).out).unwrap()
    }

    fn row(&self) -> Value {
        let status: Value = serde_json::from_str(&self.folder.run(&["status", "--json"]).out).unwrap();
        status["sources"][0].clone()
    }
}

/// The page: a menu, the list unless there is none, and what is read most.
fn page(list: &str) -> String {
    let menu: String = ["News", "Sport", "Culture", "Weather", "Traffic", "Jobs", "Contact", "About us"]
        .iter()
        .map(|name| format!("<li class=menu-item><a href=\"/{}/\">{name}</a></li>", name.to_lowercase()))
        .collect();
    let popular: String = (0..6)
        .map(|n| {
            let title = format!("{} {}", PLACES[n], ["in pictures: what our readers sent us", "and its ghosts"][n % 2]);
            format!("<li class=popular-item><a href=\"/series/readers-choice-{n}\">{title}</a></li>")
        })
        .collect();
    format!(
        "<html><head><base href=https://harbour.example/><title>Harbour News</title></head><body><header><nav><ul>{menu}</ul></nav></header>\
         <main>{list}</main><aside class=popular><h2>Most read</h2><ul>{popular}</ul></aside></body></html>"
    )
}

/// Twenty-four stories, of which the newest has this number, built with these classes.
fn list(class: &str, newest: usize) -> String {
    let story = |n: usize| {
        let (place, happening) = (PLACES[n % 10], HAPPENINGS[(n / 10 + n) % 10]);
        format!(
            "<div class={class}-card><h3 class={class}-title><a href=\"/2026/11/story-{n}\">{place} {happening}</a></h3>\
             <p class={class}-text>The town council heard on day {n} that the {place} {happening}.</p></div>"
        )
    };
    let stories: String = (newest - 23..=newest).rev().map(story).collect();
    format!("<section class={class}-list>{stories}</section>")
}

#[test]
fn a_page_without_its_list_is_withheld_and_told_of_until_the_list_is_back() {
    let mut site = Site::new("");
    assert_eq!(site.shows(&page(&list("river", 30))).cron(), (0, String::new(), 24));
    assert_eq!(site.shows(&page(&list("river", 31))).cron(), (0, String::new(), 25));

    // Other classes around the same stories are nobody's business.
    assert_eq!(site.shows(&page(&list("tide", 32))).cron(), (0, String::new(), 26));
    let before = site.folder.read("public/all.atom");

    let (code, mail, _) = site.shows(&page("")).cron();
    let said = "warning: source `harbour`: drifted: another part of the page is taken for the list: 0 of the 24 stories \
                before are in it, which holds 6\n  help: nothing of it is published; look with `oncefeed inspect ";
    assert!(mail.starts_with(said) && mail.contains("`oncefeed refresh --accept harbour`"), "{mail}");
    assert_eq!((code, site.row()["state"].clone()), (3, json!("drifted")));
    let report = site.report();
    assert_eq!(report["sources"][0]["withheld"], 6, "{report}");
    assert_eq!((&report["new"], &report["failed"]), (&json!(0), &json!(0)));
    // What stays like this is told of once, and never becomes news.
    for _ in 0..60 {
        assert_eq!(site.cron().1, "");
    }
    assert_eq!(site.folder.read("public/all.atom"), before);

    // Nothing was lost meanwhile, and nothing is told twice.
    let back = site.shows(&page(&list("tide", 34))).cron();
    assert_eq!(back, (0, "note: source `harbour`: ok again: as before again\n".to_owned(), 28));
    assert_eq!(site.cron(), (0, String::new(), 28));
}

#[test]
fn another_list_is_believed_when_it_stays_and_lives() {
    let mut site = Site::new("");
    site.shows(&page(&list("river", 30))).cron();
    site.shows(&page(&list("river", 31))).cron();
    let elsewhere = |newest| page(&list("tide", newest)).replace("/2026/11/story-", "/stories/n");
    let (code, mail, items) = site.shows(&elsewhere(80)).cron();
    assert!(
        code == 3 && items == 25 && mail.contains("0 of the 24 stories before are in it, which holds 24"),
        "{mail}"
    );
    for hour in 1..24 {
        assert_eq!(site.shows(&elsewhere(80 + hour / 6)).cron(), (3, String::new(), 25));
    }
    let said = "note: source `harbour`: ok again: 25 visits over 24 h agree, so it is believed now\n";
    assert_eq!(site.shows(&elsewhere(84)).cron(), (0, said.to_owned(), 49));
    assert_eq!(site.shows(&elsewhere(85)).cron(), (0, String::new(), 50));
}

#[test]
fn a_person_may_say_that_another_list_is_right() {
    let mut site = Site::new("");
    site.shows(&page(&list("river", 30))).cron();
    site.shows(&page(&list("river", 31))).cron();
    let none = site.run(&["-q", "refresh", "--accept", "harbour"]);
    assert_eq!((none.code, &*none.err), (0, "note: source `harbour`: there is nothing to be accepted\n"));
    let elsewhere = page(&list("tide", 80)).replace("/2026/11/story-", "/stories/n");
    assert_eq!(site.shows(&elsewhere).cron().2, 25);
    let ran = site.run(&["-q", "refresh", "--accept", "harbour"]);
    assert_eq!((ran.code, &*ran.err), (0, "note: source `harbour`: ok again: accepted as it is\n"));
    assert_eq!(site.folder.items("all.rss").len(), 49);
    assert_eq!(site.cron(), (0, String::new(), 49));
    let unknown = site.run(&["refresh", "--accept", "harbor"]);
    assert!(unknown.code == 2 && unknown.err.contains("no source `harbor`"), "{}", unknown.err);
}

#[test]
fn other_addresses_of_the_same_stories_are_told_of_and_not_shown_again() {
    let mut site = Site::new("");
    site.shows(&page(&list("river", 30))).cron();
    site.shows(&page(&list("river", 31))).cron();
    let moved = page(&list("river", 32)).replace("/2026/11/story-", "/news/id-");
    let (_, _, items) = site.shows(&moved).cron();
    assert_eq!(items, 26, "the one that is new");
}

#[test]
fn buttons_in_the_place_of_headlines_edit_no_story() {
    let mut site = Site::new("");
    site.shows(&page(&list("river", 30))).cron();
    site.shows(&page(&list("river", 31))).cron();
    let before = site.folder.read("public/all.atom");
    let site_of = |text: &str| {
        let stories: String = (8..=31)
            .map(|n| format!("<div class=c><h3><a href=\"/2026/11/story-{n}\">{text} {}</a></h3></div>", "x".repeat(n)))
            .collect();
        page(&stories)
    };
    for _ in 0..2 {
        assert_eq!(site.shows(&site_of("Open the whole story in our reader")).cron(), (3, String::new(), 25));
    }
    let (code, mail, _) = site.cron();
    assert!(code == 3 && mail.contains("drifted: 24 of 24 stories that were known have other titles"), "{mail}");
    assert_eq!(site.folder.read("public/all.atom"), before);
}

#[test]
fn a_container_that_is_missing_and_one_that_is_empty_are_two_things() {
    let mut site = Site::new("[source.list]\nitems = \"section.river-list > div\"\n");
    site.shows(&page(&list("river", 30))).cron();
    assert_eq!(site.shows(&page(&list("river", 31))).cron(), (0, String::new(), 25));
    let before = site.folder.read("public/all.atom");

    // None today: that may be.
    let empty = page("<section class=river-list><div class=note></div></section>");
    let report = site.shows(&empty).report();
    let note = &report["sources"][0]["warnings"][0];
    let wanted = "container_empty: what matches `section.river-list > div` holds no stories; it gave 24 stories until 2026-11-23 02:00";
    assert_eq!(note, wanted);
    assert_eq!((site.cron(), site.row()["state"].clone()), ((0, String::new(), 25), json!("ok")));

    site.shows(&page(&list("tide", 32))).cron();
    let (code, mail, items) = site.cron();
    let said = "warning: source `harbour`: broken: container_missing: nothing in the page matches `section.river-list > div`; \
                it gave 24 stories until 2026-11-23 02:00 (2 in a row since 2026-11-23 05:00)\n  help: the site may have been \
                rebuilt; correct `items` in `[source.list]`, or leave the table out; look with `oncefeed inspect ";
    assert!(code == 4 && items == 25 && mail.starts_with(said), "{mail}");
    assert_eq!(site.folder.read("public/all.atom"), before);
    let back = site.shows(&page(&list("river", 32))).cron();
    assert_eq!(back, (0, "note: source `harbour`: ok again: it reads again, after 2 h\n".to_owned(), 26));
}
