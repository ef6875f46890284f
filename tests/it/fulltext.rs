//! Full texts: the pages of new stories, fetched once, before anything is decided about them.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::site::Site;
use crate::support::{Folder, Item, rss};

/// Another story for each number, of some 90 words.
fn text(number: usize) -> String {
    let what = ["harbour", "library", "tramway", "bakery", "orchard", "theatre", "quarry", "ferry", "mill", "school"];
    let (one, two) = (what[number % 10], what[number / 10 % 10]);
    (0..6)
        .map(|n| format!("In house {number}{n} on {one} street the {two} committee number {number} counted {n}{number} {one} lamps and wrote them into book {}.</p><p>", number * 7 + n))
        .collect()
}

fn headline(number: usize) -> String {
    format!("Committee {number} counts the lamps of street {}", number * 3)
}

/// The page of a story.
fn article(title: &str, text: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><title>{title}</title><meta property=\"og:type\" content=\"article\">\
         <meta property=\"article:published_time\" content=\"2026-11-23T09:00:00Z\"></head>\
         <body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )
}

/// A page that lists stories of these numbers, with a teaser each.
fn listing(numbers: impl IntoIterator<Item = usize>) -> String {
    let items: String = (numbers.into_iter())
        .map(|n| {
            format!(
                "<article class=\"card\"><h2><a href=\"/2026/11/story-{n}.html\">{}</a></h2><p>Teaser of number {n}. The committee met on a cold evening and counted all that gives light.</p>\
                 <time datetime=\"2026-11-23T{:02}:{:02}:00Z\">today</time></article>",
                headline(n), 1 + n / 60, n % 60
            )
        })
        .collect();
    format!(
        "<!doctype html><html><head><title>The Lamp</title></head><body><main><h1>The Lamp</h1>{items}</main></body></html>"
    )
}

fn page(number: usize) -> String {
    format!("/2026/11/story-{number}.html")
}

/// What only the page of a story says.
fn marker(number: usize) -> String {
    format!("wrote them into book {}.", number * 7 + 5)
}

/// A site with a list of stories and their pages, and a folder whose configuration reads that list.
fn world(numbers: std::ops::Range<usize>) -> (Site, Folder) {
    let (site, folder) = (Site::new(), Folder::new());
    site.put("/news", &listing(numbers.clone()));
    numbers.for_each(|n| site.put(&page(n), &article(&headline(n), &text(n))));
    configure(&folder, &[("lamp", &site.url("/news"), "as = \"listing\"")]);
    (site, folder)
}

/// Sources as id, address and further keys.
fn configure(folder: &Folder, sources: &[(&str, &str, &str)]) {
    let sources: String = (sources.iter())
        .map(|(id, url, keys)| format!("[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n{keys}\n"))
        .collect();
    let fetch = "[fetch]\ndelay = \"0s\"\ntimeout = \"1s\"\nallow_private = [\"127.0.0.1/32\"]\n";
    folder.write("oncefeed.toml", &format!("{fetch}{sources}[[output]]\nid = \"all\"\n"));
}

fn titles(folder: &Folder) -> Vec<String> {
    let mut titles: Vec<String> = folder.items("all.atom").into_iter().map(|item| item.title).collect();
    titles.sort();
    titles
}

/// The published item of a number.
#[track_caller]
fn item(folder: &Folder, number: usize) -> Item {
    let items = folder.items("all.atom");
    let found: Vec<&Item> = items.iter().filter(|item| item.title == headline(number)).collect();
    assert_eq!(found.len(), 1, "{number} is published once");
    found[0].clone()
}

#[track_caller]
fn check_articles(report: &Value, fetched: usize, failed: usize, waiting: usize) {
    let expected = serde_json::json!({"fetched": fetched, "failed": failed, "waiting": waiting});
    assert_eq!(report["articles"], expected, "{report}");
}

#[test]
fn the_stories_of_a_list_get_the_texts_of_their_pages_once() {
    let (site, folder) = world(1..6);
    let report = folder.refresh("2026-11-23T12:00:00Z");
    check_articles(&report, 5, 0, 0);
    assert_eq!((&report["new"], &report["sources"][0]["articles"]["fetched"]), (&5.into(), &5.into()));
    for number in 1..6 {
        let item = item(&folder, number);
        assert!(item.content.contains(&marker(number)), "{item:?}");
        assert_eq!(item.link.as_deref(), Some(&*site.url(&page(number))));
    }
    let before = folder.read("public/all.atom");
    for hour in ["14", "16"] {
        check_articles(&folder.refresh(&format!("2026-11-23T{hour}:00:00Z")), 0, 0, 0);
    }
    assert_eq!(site.asked("/2026").len(), 5, "no page is asked for twice");
    assert_eq!(folder.read("public/all.atom"), before);

    // Only the page of what is new.
    site.put("/news", &listing(1..7));
    site.put(&page(6), &article(&headline(6), &text(6)));
    check_articles(&folder.refresh("2026-11-23T18:00:00Z"), 1, 0, 0);
    assert_eq!(site.asked("/2026").len(), 6);
    assert!(item(&folder, 6).content.contains(&marker(6)));
}

#[test]
fn a_feed_is_asked_for_texts_only_when_it_is_wished() {
    let (site, folder) = (Site::new(), Folder::new());
    let link = site.url(&page(1));
    let date = "Mon, 23 Nov 2026 10:00:00 GMT";
    site.put("/feed", &rss("lamp", &[("g1", &headline(1), &link, date, "Teaser.")]));
    site.put(&page(1), &article("Lamps counted", &text(1)));
    configure(&folder, &[("lamp", &site.url("/feed"), "")]);
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 0, 0, 0);
    assert_eq!(site.asked("/2026").len(), 0);

    let other = Folder::new();
    configure(&other, &[("lamp", &site.url("/feed"), "full_text = true")]);
    check_articles(&other.refresh("2026-11-23T12:00:00Z"), 1, 0, 0);
    let item = item(&other, 1);
    assert!(item.content.contains(&marker(1)), "the title stays that of the feed");
    assert_eq!(item.published.as_deref(), Some("2026-11-23T10:00:00+00:00"), "and so does the date");
}

#[test]
fn neither_a_file_nor_who_does_not_want_it_fetches_articles() {
    let (site, folder) = world(1..4);
    folder.write("list.html", &listing(1..4).replace("href=\"/", &format!("href=\"{}", site.url("/"))));
    configure(
        &folder,
        &[
            ("file", "file:list.html", "as = \"listing\""),
            ("plain", &site.url("/news"), "as = \"listing\"\nfull_text = false"),
        ],
    );
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 0, 0, 0);
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (3, 0));
}

#[test]
fn a_page_that_is_gone_delays_nothing() {
    let (site, folder) = world(1..6);
    site.refuse(&page(2), 404, &[]);
    site.refuse(&page(3), 410, &[]);
    site.refuse(&page(4), 403, &[]);
    site.put(&page(5), "<rss version=\"2.0\"><channel><title>a feed</title></channel></rss>");
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 1, 4, 0);
    assert_eq!(titles(&folder).len(), 5);
    assert!(item(&folder, 2).content.contains("Teaser of number 2."));
    folder.refresh("2026-11-23T14:00:00Z");
    assert_eq!(site.asked("/2026").len(), 5, "they are not asked again");
}

#[test]
fn a_story_waits_for_a_page_that_does_not_answer_but_not_for_ever() {
    let (site, folder) = world(1..5);
    site.hang(&page(1));
    site.refuse(&page(2), 500, &[]);
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 2, 0, 2);
    assert_eq!(titles(&folder), [headline(3), headline(4)]);
    // Not every run asks a site that has trouble.
    check_articles(&folder.refresh("2026-11-23T12:10:00Z"), 0, 0, 2);
    assert_eq!(site.asked(&page(1)).len(), 1);

    site.put(&page(2), &article(&headline(2), &text(2)));
    check_articles(&folder.refresh("2026-11-23T12:20:00Z"), 1, 0, 1);
    assert!(item(&folder, 2).content.contains(&marker(2)));
    assert_eq!(titles(&folder).len(), 3);

    check_articles(&folder.refresh("2026-11-23T13:00:00Z"), 0, 1, 0);
    assert!(item(&folder, 1).content.contains("Teaser of number 1."));
    let asked = site.asked("/2026").len();
    check_articles(&folder.refresh("2026-11-23T15:00:00Z"), 0, 0, 0);
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (4, asked));
}

#[test]
fn a_host_that_refuses_is_left_alone() {
    let (site, folder) = world(1..6);
    site.refuse(&page(1), 429, &["Retry-After: 600"]);
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 0, 0, 5);
    assert_eq!(site.asked("/2026").len(), 1);
    site.put(&page(1), &article(&headline(1), &text(1)));
    check_articles(&folder.refresh("2026-11-23T12:30:00Z"), 5, 0, 0);
    assert_eq!(titles(&folder).len(), 5);
}

#[test]
fn a_host_whose_pages_hang_costs_a_run_three_of_them() {
    let (site, folder) = world(1..9);
    (1..9).for_each(|n| site.hang(&page(n)));
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 0, 0, 8);
    assert_eq!(site.asked("/2026").len(), 3);
}

#[test]
fn a_first_visit_asks_for_twenty_pages_and_the_rest_comes_later() {
    let (site, folder) = world(1..41);
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 20, 0, 10);
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (20, 20));
    check_articles(&folder.refresh("2026-11-23T13:00:00Z"), 10, 0, 0);
    // What a first visit does not publish is fetched for nobody.
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (30, 30));
    (11..41).for_each(|number| assert!(item(&folder, number).content.contains(&marker(number)), "{number}"));
    check_articles(&folder.refresh("2026-11-23T15:00:00Z"), 0, 0, 0);
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (30, 30));
}

#[test]
fn a_run_that_was_killed_before_the_pages_is_completed() {
    let (site, folder) = world(1..6);
    // The pages are asked for oldest first.
    site.hang(&page(3));
    let mut child = Command::new(env!("CARGO_BIN_EXE_oncefeed"))
        .args(["--now", "2026-11-23T12:00:00Z", "refresh", "--json"])
        .current_dir(folder.path(""))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    site.wait_for(&page(3));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!folder.path("public/all.atom").exists());

    (3..6).for_each(|n| site.put(&page(n), &article(&headline(n), &text(n))));
    // The source itself is not due, and what it told is there.
    let report = folder.refresh("2026-11-23T12:01:00Z");
    assert_eq!(report["not_due"], 1);
    check_articles(&report, 3, 0, 0);
    (1..6).for_each(|number| assert!(item(&folder, number).content.contains(&marker(number)), "{number}"));
    assert_eq!(
        site.asked(&page(1)).len() + site.asked(&page(2)).len(),
        2,
        "a text that is there is not asked for again"
    );
    folder.refresh("2026-11-23T14:00:00Z");
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (5, 6));
}

#[test]
fn a_teaser_folds_with_the_wire_whose_text_its_page_has() {
    let (site, folder) = (Site::new(), Folder::new());
    let date = "Mon, 23 Nov 2026 10:00:00 GMT";
    let wire = text(4).replace("</p><p>", " ");
    let whole = rss("quay", &[("q", "Lamps counted on tramway street", "https://quay.example/wire", date, &wire)]);
    let teaser = rss("lamp", &[("l", "Committee does its duty", &site.url(&page(4)), date, "What was in the books.")]);
    site.put("/quay", &whole);
    site.put("/lamp", &teaser);
    site.put(&page(4), &article("Committee does its duty", &text(4)));
    let sources = |keys| [("quay", site.url("/quay"), ""), ("lamp", site.url("/lamp"), keys)];
    for (keys, folded) in [("full_text = true", 1), ("full_text = false", 0)] {
        let folder = if folded == 1 { &folder } else { &Folder::new() };
        let sources = sources(keys);
        let rows: Vec<_> = sources.iter().map(|(id, url, keys)| (*id, url.as_str(), *keys)).collect();
        configure(folder, &rows);
        let report = folder.refresh("2026-11-23T12:00:00Z");
        assert_eq!(report["folded"], folded, "{report}");
        assert_eq!(folder.items("all.atom").len(), 2 - folded);
    }
}

#[test]
fn an_edit_asks_once_whether_its_page_changed_too() {
    let (site, folder) = world(1..4);
    site.put_tagged(&page(2), "a", &article(&headline(2), &text(2)));
    folder.refresh("2026-11-23T12:00:00Z");
    let id = item(&folder, 2).id;

    site.put("/news", &listing(1..4).replace("Teaser of number 2.", "Teaser of number two, edited."));
    check_articles(&folder.refresh("2026-11-23T14:00:00Z"), 1, 0, 0);
    let asked = site.asked(&page(2));
    assert_eq!((asked.len(), asked[1].if_none_match.as_deref()), (2, Some("\"a\"")));
    assert!(item(&folder, 2).content.contains(&marker(2)), "a page that did not change keeps its text");

    site.put_tagged(&page(2), "b", &article(&headline(2), &format!("{}It was a long night.", text(2))));
    site.put("/news", &listing(1..4).replace("Teaser of number 2.", "Teaser of number two, edited again."));
    folder.refresh("2026-11-23T16:00:00Z");
    assert!(item(&folder, 2).content.contains("It was a long night."));

    // A page that cannot be had takes no text away.
    site.refuse(&page(2), 403, &[]);
    site.put("/news", &listing(1..4).replace("Teaser of number 2.", "Teaser of number two, and again."));
    check_articles(&folder.refresh("2026-11-23T18:00:00Z"), 0, 1, 0);
    assert!(item(&folder, 2).content.contains("It was a long night."));
    folder.refresh("2026-11-23T20:00:00Z");
    assert_eq!((site.asked(&page(2)).len(), item(&folder, 2).id), (4, id));
    assert_eq!(titles(&folder).len(), 3);
}

#[test]
fn one_notice_at_several_addresses_is_nobodys_text() {
    let (site, folder) = world(1..6);
    let notice = article(
        "The Lamp",
        "We are sorry: this story of ours is no longer available to readers outside of the town. Please ask at our counter in the town hall, which is open on every weekday.",
    );
    [1, 3, 4].into_iter().for_each(|n| site.put(&page(n), &notice));
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 2, 3, 0);
    for number in [1, 3, 4] {
        let content = item(&folder, number).content;
        assert!(content.contains("Teaser of number") && !content.contains("sorry"), "{content}");
    }
    assert!(item(&folder, 2).content.contains(&marker(2)));
}

#[test]
fn two_lists_with_one_story_ask_for_its_page_once() {
    let (site, folder) = world(1..4);
    site.put("/front", &listing(1..4));
    let sources = [("lamp", site.url("/news"), "as = \"listing\""), ("front", site.url("/front"), "as = \"listing\"")];
    configure(&folder, &[(sources[0].0, &sources[0].1, sources[0].2)]);
    folder.refresh("2026-11-23T12:00:00Z");
    let rows: Vec<_> = sources.iter().map(|(id, url, keys)| (*id, url.as_str(), *keys)).collect();
    configure(&folder, &rows);
    let report = folder.refresh("2026-11-23T14:00:00Z");
    assert_eq!((&report["folded"], site.asked("/2026").len()), (&3.into(), 3));
    check_articles(&report, 3, 0, 0);

    let fresh = Folder::new();
    configure(&fresh, &rows);
    check_articles(&fresh.refresh("2026-11-23T12:00:00Z"), 6, 0, 0);
    assert_eq!((titles(&fresh).len(), site.asked("/2026").len()), (3, 6));
}

#[test]
fn an_undated_list_publishes_nothing_old_at_its_first_visit() {
    let (site, folder) = world(1..4);
    let undated = |html: String| html.replace("<time datetime", "<span title").replace("</time>", "</span>");
    site.put("/news", &undated(listing(1..4)));
    site.put(&page(2), &article(&headline(2), &text(2)).replace("2026-11-23T09", "2025-01-02T09"));
    folder.refresh("2026-11-23T12:00:00Z");
    assert_eq!(titles(&folder), [headline(1), headline(3)]);
}

#[test]
fn what_a_private_source_told_stays_its_own() {
    let (site, folder) = (Site::new(), Folder::new());
    let date = "Mon, 23 Nov 2026 10:00:00 GMT";
    let secret = format!("For members only: the treasurer knew. {}", text(1).replace("</p><p>", " "));
    site.put("/members", &rss("members", &[("m", &headline(1), &site.url(&page(1)), date, &secret)]));
    site.put("/news", &listing(1..2));
    site.put_tagged(&page(1), "a", &article(&headline(1), &text(1)[..400]));
    let members = ("members", site.url("/members"), "private = true\nfull_text = true");
    let lamp = ("lamp", site.url("/news"), "as = \"listing\"");
    configure(&folder, &[(members.0, &members.1, members.2)]);
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 0, 1, 0);
    configure(&folder, &[(members.0, &members.1, members.2), (lamp.0, &lamp.1, lamp.2)]);
    check_articles(&folder.refresh("2026-11-23T14:00:00Z"), 1, 0, 0);
    let content = item(&folder, 1).content;
    assert!(content.contains("wrote them") && !content.contains("treasurer"), "{content}");
}

#[test]
fn an_edit_within_the_hour_waits_until_its_page_may_be_asked() {
    let (site, folder) = world(1..3);
    folder.write("oncefeed.toml", &folder.read("oncefeed.toml").replace("[fetch]\n", "[fetch]\nevery = \"10m\"\n"));
    folder.refresh("2026-11-23T12:00:00Z");
    site.put("/news", &listing(1..3).replace("Teaser of number 2.", "Teaser of number two, edited."));
    check_articles(&folder.refresh("2026-11-23T12:30:00Z"), 0, 0, 1);
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (2, 2), "what was published stays");
    check_articles(&folder.refresh("2026-11-23T13:00:00Z"), 1, 0, 0);
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (2, 3));
}

#[test]
fn who_waits_for_nothing_decides_at_once() {
    let (site, folder) = world(1..4);
    folder.write(
        "oncefeed.toml",
        &folder.read("oncefeed.toml").replace("[fetch]\n", "[fetch]\nfull_text_wait = \"0s\"\n"),
    );
    site.refuse(&page(1), 503, &[]);
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 2, 1, 0);
    assert_eq!(titles(&folder).len(), 3);
}

#[test]
fn a_source_that_wants_no_texts_any_more_waits_for_none() {
    let (site, folder) = world(1..4);
    (1..4).for_each(|n| site.refuse(&page(n), 500, &[]));
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 0, 0, 3);
    configure(&folder, &[("lamp", &site.url("/news"), "as = \"listing\"\nfull_text = false")]);
    check_articles(&folder.refresh("2026-11-23T12:05:00Z"), 0, 0, 0);
    assert_eq!((titles(&folder).len(), site.asked("/2026").len()), (3, 3));
}

#[test]
fn a_source_that_hangs_leaves_the_pages_of_others_their_time() {
    let (site, folder) = world(1..4);
    site.hang("/hangs");
    let source =
        |id: &str, path: &str, keys: &str| format!("[[source]]\nid = \"{id}\"\nurl = \"{}\"\n{keys}\n", site.url(path));
    let (lamp, hangs) = (source("lamp", "/news", "as = \"listing\""), source("hangs", "/hangs", ""));
    let fetch = "[fetch]\ndelay = \"0s\"\nallow_private = [\"127.0.0.1/32\"]\n";
    folder.write("oncefeed.toml", &format!("{fetch}{lamp}{hangs}[[output]]\nid = \"all\"\n"));
    let ran = folder.run(&["--now", "2026-11-23T12:00:00Z", "refresh", "--json", "--max-time", "8s"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["left"], 1, "{report}");
    check_articles(&report, 3, 0, 0);
}

/// The page of a number that names this address its own.
fn calling(number: usize, canonical: &str) -> String {
    let link = format!("<link rel=\"canonical\" href=\"{canonical}\"></head>");
    article(&headline(number), &text(number)).replace("</head>", &link)
}

#[test]
fn d31_a_canonical_that_is_the_front_page_or_one_for_all_is_ignored_and_the_source_is_told_of() {
    for canonical in ["/", "/2026/11/story-1.html", "https://elsewhere.example/2026/a-story"] {
        let (site, folder) = world(1..4);
        (1..4).for_each(|n| site.put(&page(n), &calling(n, canonical)));
        let report = folder.refresh("2026-11-23T12:00:00Z");
        check_articles(&report, 3, 0, 0);
        assert_eq!(report["new"], 3, "{canonical}: nothing folds because of it");
        let warnings = report["sources"][0]["warnings"].to_string();
        assert!(warnings.contains("rel=canonical") && warnings.contains("ignored"), "{canonical}: {warnings}");
        for number in 1..4 {
            assert_eq!(item(&folder, number).link.as_deref(), Some(&*site.url(&page(number))), "{canonical}");
        }
        // Also when nothing comes: it is a matter for whoever looks after the source.
        folder.refresh("2026-11-23T14:00:00Z");
        let status = folder.run(&["status"]).out;
        assert!(status.contains("note: `rel=canonical` of"), "{status}");
    }
    // Each its own, and one story at two addresses: nothing to be said.
    let (site, folder) = world(1..3);
    (1..3).for_each(|n| site.put(&page(n), &calling(n, &page(n))));
    let report = folder.refresh("2026-11-23T12:00:00Z");
    assert!(!report["sources"][0]["warnings"].to_string().contains("canonical"), "{report}");
}

#[test]
fn d62_a_wall_answered_with_200_is_no_text_and_takes_none_away() {
    let form = "<form><input name=\"u\"><input type=\"password\"></form>";
    let walls = [
        format!("<html><title>Log in</title><body><h1>Members</h1>{form}"),
        "<html><title>Just a moment...</title><body><p>Checking your browser.".to_owned(),
        "<html><title>Before you continue</title><body><h1>Cookies</h1><button>Accept all</button>".to_owned(),
        "<html><title>Page not found</title><body><h1>Sorry</h1><p>There is nothing here.".to_owned(),
    ];
    for wall in walls {
        let (site, folder) = world(1..4);
        site.put(&page(2), &wall);
        check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 2, 1, 0);
        let walled = item(&folder, 2);
        assert!(walled.content.contains("Teaser of number 2") && !walled.content.contains("wrote them"), "{walled:?}");
        // The list itself behind the wall: the source is blocked, and what was read stays.
        let before = folder.read("public/all.atom");
        site.put("/news", &wall);
        for hour in ["14", "16"] {
            let ran = folder.run(&["--now", &format!("2026-11-23T{hour}:00:00Z"), "refresh", "--force"]);
            assert_eq!(ran.code, 4, "{wall}: {}", ran.err);
        }
        let status: Value = serde_json::from_str(&folder.run(&["status", "--json"]).out).unwrap();
        assert_eq!(status["sources"][0]["state"], "blocked", "{wall}");
        assert_eq!(folder.read("public/all.atom"), before);
    }
}

#[test]
fn d62_a_source_all_of_whose_articles_are_walls_is_blocked_until_one_can_be_read() {
    let walls = [
        "<html><title>Log in</title><body><h1>Members</h1><form><input name=\"u\"><input type=\"password\"></form>"
            .to_owned(),
        "<html><title>Before you continue</title><body><h1>Cookies</h1><button>Accept all</button>".to_owned(),
        // An error that no list of phrases has.
        article(
            "The Lamp",
            "We are sorry: our lantern has gone out, and nothing can be read here. We look for matches in the cellar, and ask you to come back when the day is lighter than the night was, which is soon.",
        ),
    ];
    for wall in walls {
        let (site, folder) = world(1..3);
        folder.refresh("2026-11-23T12:00:00Z");
        (1..6).for_each(|n| site.put(&page(n), &wall));
        site.put("/news", &listing(1..6));
        let ran = folder.run(&["--now", "2026-11-23T14:00:00Z", "refresh"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.err.contains("`lamp`: blocked: its articles are behind a wall"), "{wall}: {}", ran.err);
        // The list is read, what was known keeps its text, and nothing of the wall is there.
        assert_eq!(titles(&folder).len(), 5, "{wall}");
        assert!((1..3).all(|n| item(&folder, n).content.contains(&marker(n))));
        assert!((3..6).all(|n| item(&folder, n).content.contains("Teaser of number")));
        // Told once, and shown until an article can be read.
        let ran = folder.run(&["--now", "2026-11-23T16:00:00Z", "refresh"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let status = folder.run(&["status"]).out;
        assert!(status.contains("blocked") && status.contains("full_text = false"), "{status}");
        site.put("/news", &listing(1..8));
        site.put(&page(6), &article(&headline(6), &text(6)));
        site.put(&page(7), &article(&headline(7), &text(7)));
        let ran = folder.run(&["--now", "2026-11-23T18:00:00Z", "refresh"]);
        assert!(ran.err.contains("`lamp`: ok again"), "{wall}: {}", ran.err);
        assert!(folder.run(&["status"]).out.contains("lamp  ok"));
    }
}

#[test]
fn d49_what_stands_under_all_articles_is_taken_out_of_their_texts() {
    let titles = [
        "Walnut harvest begins",
        "Copper price falls",
        "Museum opens wing",
        "Violin found",
        "Turbine stops",
        "Sparrow returns",
    ];
    let about = "The Lamp is a newspaper of its readers and lives by their money alone: become a member for three crowns a month.";
    let (site, folder) = world(1..7);
    let list = (1..7).fold(listing(1..7), |list, n| list.replace(&headline(n), titles[n - 1]));
    site.put("/news", &list);
    (1..7).for_each(|n| site.put(&page(n), &article(titles[n - 1], &format!("{}</p><p>{about}", text(n)))));
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 6, 0, 0);
    let items = folder.items("all.atom");
    for number in 1..7 {
        let content = &items.iter().find(|item| item.title == titles[number - 1]).unwrap().content;
        assert!(content.contains(&marker(number)) && !content.contains("newspaper of its readers"), "{content}");
    }
}

#[test]
fn d62_who_wants_no_articles_any_more_is_not_blocked_by_them() {
    let (site, folder) = world(1..5);
    (1..5).for_each(|n| site.put(&page(n), "<html><title>Just a moment...</title><body><p>Checking your browser."));
    let state = |folder: &Folder| {
        let status: Value = serde_json::from_str(&folder.run(&["status", "--json"]).out).unwrap();
        status["sources"][0]["state"].clone()
    };
    folder.refresh("2026-11-23T12:00:00Z");
    assert_eq!(state(&folder), "blocked");
    configure(&folder, &[("lamp", &site.url("/news"), "as = \"listing\"\nfull_text = false")]);
    folder.refresh("2026-11-23T14:00:00Z");
    assert_eq!(state(&folder), "ok");
}

#[test]
fn an_article_in_parts_is_read_to_its_end() {
    let (site, folder) = world(1..2);
    let part = |part: usize| {
        let links = format!("<a href=\"?page={}\">{}</a>", part + 1, part + 1);
        let links = if part < 3 { links } else { String::new() };
        article(&headline(1), &text(10 + part)).replace("</article>", &format!("</article>{links}"))
    };
    site.put(&page(1), &part(1));
    site.put(&format!("{}?page=2", page(1)), &part(2));
    site.put(&format!("{}?page=3", page(1)), &part(3));
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 1, 0, 0);
    let item = item(&folder, 1);
    assert!((11..14).all(|n| item.content.contains(&marker(n))), "{item:?}");
    assert_eq!(site.asked("/2026").len(), 3);
}

#[test]
fn a_body_that_is_pinned_is_all_that_is_taken_and_never_the_whole_page() {
    let (site, folder) = world(1..3);
    let pinned =
        |class: &str| format!("<div class=\"{class}\"><p>{}</p><p class=\"promo\">Buy lamps.</p></div>", text(7));
    site.put(
        &page(1),
        &article(&headline(1), &text(1)).replace("</article>", &format!("</article>{}", pinned("story"))),
    );
    let keys = "as = \"listing\"\n[source.article]\nkeep = [\"div.story\"]\nremove = [\".promo\"]";
    configure(&folder, &[("lamp", &site.url("/news"), keys)]);
    check_articles(&folder.refresh("2026-11-23T12:00:00Z"), 1, 1, 0);
    let one = item(&folder, 1);
    assert!(one.content.contains(&marker(7)) && !one.content.contains(&marker(1)), "{one:?}");
    assert!(!one.content.contains("Buy lamps"), "{one:?}");
    let two = item(&folder, 2);
    assert!(!two.content.contains(&marker(2)), "its page holds no such element: {two:?}");
}
