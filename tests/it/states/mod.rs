//! How sources are, as whoever runs the program is told: by what `refresh` says, which cron mails, and by `status`.

mod layout;
mod ping;
mod server;

use serde_json::{Value, json};
use server::Server;

use crate::support::{Folder, Ran, rss};

/// Sources that are read beside one another, and the runs over them.
pub(super) struct Town {
    folder: Folder,
    server: Server,
    /// Days since the first.
    day: u32,
    hour: u32,
}

impl Town {
    /// With sources that are read from the server: id and path.
    fn new(sources: &[(&str, &str)]) -> Town {
        let town = Town { folder: Folder::new(), server: Server::new(), day: 1, hour: 0 };
        town.configure("", sources);
        town
    }

    fn configure(&self, more: &str, sources: &[(&str, &str)]) {
        let source =
            |(id, path): &(&str, &str)| format!("[[source]]\nid = \"{id}\"\nurl = \"{}\"\n", self.server.url(path));
        let sources: String = sources.iter().map(source).collect();
        let fetch = "[fetch]\ndelay = \"0s\"\nallow_private = [\"127.0.0.1/32\"]\n";
        self.folder.write("oncefeed.toml", &format!("{fetch}{more}{sources}"));
    }

    /// A feed of twenty stories, of which those from `first` on are new.
    fn feed(&self, path: &str, first: usize) {
        self.server.answer(path, "200 OK", "Content-Type: application/rss+xml\r\n", &feed("a", first, 20));
    }

    fn fails(&self, path: &str, status: &str) {
        self.server.answer(path, status, "", "");
    }

    fn now(&self) -> String {
        format!("2026-11-{:02}T{:02}:00:00Z", self.day, self.hour)
    }

    /// An hour later, a run that cron would do.
    fn cron(&mut self) -> Ran {
        self.run(&["-q", "refresh", "--force"])
    }

    fn run(&mut self, arguments: &[&str]) -> Ran {
        self.hour += 1;
        let now = self.now();
        self.folder.run(&[&["--now", &now], arguments].concat())
    }

    fn status(&self) -> Value {
        serde_json::from_str(&self.folder.run(&["status", "--json"]).out).unwrap()
    }

    /// The states of all sources.
    fn states(&self) -> Value {
        let status = self.status();
        status["sources"].as_array().unwrap().iter().map(|row| row["state"].clone()).collect()
    }

    /// Eight days of two runs each: long enough to know the sources.
    fn get_known(&mut self, mut change: impl FnMut(&Town, usize)) {
        for run in 0..16 {
            change(self, run);
            let ran = self.cron();
            assert_eq!((ran.code, &*ran.err, &*ran.out), (0, "", ""));
            (self.day, self.hour) = if run % 2 == 0 { (self.day, 11) } else { (self.day + 1, 0) };
        }
    }
}

fn feed(title: &str, first: usize, stories: usize) -> String {
    let words = |n: usize| format!("The council replaced lamp {n} in street {n}{n}, which was {} years old.", n * 3);
    let texts: Vec<_> = (first..first + stories)
        .map(|n| {
            let date = format!("Sun, {:02} Nov 2026 00:{:02}:00 GMT", 1 + n / 50, n % 50);
            (format!("g{n}"), format!("Lamp {n} of street {n}{n}"), format!("https://a.example/{n}"), date, words(n))
        })
        .collect();
    let items: Vec<_> = texts.iter().rev().map(|(a, b, c, d, e)| (&**a, &**b, &**c, &**d, &**e)).collect();
    rss(title, &items)
}

#[test]
fn cron_mails_when_a_source_breaks_and_when_it_is_well_again_and_not_between() {
    let mut town = Town::new(&[("a", "/a"), ("b", "/b")]);
    town.feed("/a", 1);
    town.feed("/b", 100);
    let first = town.cron();
    assert_eq!((first.code, &*first.err), (0, ""));
    town.fails("/a", "404 Not Found");
    let once = town.cron();
    assert_eq!((once.code, &*once.err), (3, ""), "once is no news");
    let twice = town.cron();
    assert_eq!(twice.code, 3);
    let said = format!(
        "warning: source `a`: broken: {} answered 404 (2 in a row since 2026-11-01 02:00); next try 2026-11-01T05:00:00Z\n  \
         help: the page is gone; correct `url` or remove the source\n",
        town.server.url("/a")
    );
    assert_eq!(twice.err, said);
    for _ in 0..3 {
        let ran = town.cron();
        assert_eq!((ran.code, &*ran.err), (3, ""));
    }
    assert_eq!(town.states(), json!(["broken", "ok"]));
    town.feed("/a", 2);
    let well = town.cron();
    assert_eq!((well.code, &*well.err), (0, "note: source `a`: ok again: it reads again, after 5 h\n"));
    let row = &town.status()["sources"][0];
    assert_eq!(
        (&row["state"], &row["since"], &row["why"]),
        (&"ok".into(), &"2026-11-01T07:00:00Z".into(), &Value::Null)
    );
    let changes: Vec<_> = row["changes"].as_array().unwrap().iter().map(|c| (&c["at"], &c["from"], &c["to"])).collect();
    assert_eq!(
        json!(changes),
        json!([["2026-11-01T03:00:00Z", "ok", "broken"], ["2026-11-01T07:00:00Z", "broken", "ok"]])
    );
}

#[test]
fn a_server_that_is_down_for_some_hours_is_no_news() {
    let mut town = Town::new(&[("a", "/a"), ("b", "/b")]);
    town.feed("/a", 1);
    town.feed("/b", 100);
    town.cron();
    town.fails("/a", "503 Service Unavailable");
    for _ in 0..20 {
        let ran = town.cron();
        assert_eq!((ran.code, &*ran.err), (3, ""));
    }
    assert_eq!(town.states(), json!(["ok", "ok"]));
    // What happened is not hidden from who looks.
    let words = town.folder.run(&["status"]).out;
    assert!(words.contains("failed: ") && words.contains("503 (20 in a row)"), "{words}");
    let seen = town.run(&["refresh", "--force"]);
    assert!(seen.err.is_empty() && seen.out.contains("failed    a: http://127.0.0.1"), "{}{}", seen.out, seen.err);
    (town.day, town.hour) = (2, 3);
    let late = town.cron();
    assert!(
        late.err.contains("source `a`: stale: ") && late.err.contains("22 in a row since 2026-11-01 02:00"),
        "{}",
        late.err
    );
    town.feed("/a", 1);
    assert_eq!(town.cron().err, "note: source `a`: ok again: it reads again, after 27 h\n");
}

#[test]
fn many_that_fail_together_are_one_message() {
    let ids: Vec<String> = (0..12).map(|n| format!("s{n}")).collect();
    let paths: Vec<String> = ids.iter().map(|id| format!("/{id}")).collect();
    let sources: Vec<(&str, &str)> = ids.iter().zip(&paths).map(|(id, path)| (&**id, &**path)).collect();
    let mut town = Town::new(&sources);
    paths.iter().for_each(|path| town.feed(path, 1));
    town.cron();
    paths.iter().for_each(|path| town.fails(path, "504 Gateway Timeout"));
    let down = (0..26).map(|_| {
        (town.day, town.hour) = if town.hour == 23 { (town.day + 1, 0) } else { (town.day, town.hour) };
        town.cron().err
    });
    let said: String = down.collect();
    let wanted =
        "warning: 12 sources at once: stale: s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more\n  help: check this";
    assert!(said.starts_with(wanted) && said.lines().count() == 2, "{said}");
    paths.iter().for_each(|path| town.feed(path, 1));
    let well = town.cron().err;
    assert!(well.starts_with("note: 12 sources at once: ok again: s0, ") && well.lines().count() == 1, "{well}");
}

#[test]
fn what_never_worked_is_told_of_at_once() {
    let mut town = Town::new(&[("a", "/a"), ("b", "/b"), ("c", "/c"), ("d", "/d")]);
    town.fails("/a", "401 Unauthorized");
    town.fails("/b", "410 Gone");
    town.fails("/c", "503 Service Unavailable");
    town.server.answer("/d", "403 Forbidden", "cf-mitigated: challenge\r\n", "");
    let ran = town.cron();
    assert_eq!(ran.code, 4);
    let lines: Vec<_> = ran.err.lines().filter(|line| line.starts_with("warning")).collect();
    for (line, wanted) in lines.iter().zip(["`a`: blocked: ", "`b`: gone: ", "`c`: stale: ", "`d`: blocked: "]) {
        assert!(line.contains(wanted), "{wanted} is not in {line}");
    }
    assert_eq!(lines.len(), 4, "{}", ran.err);
    assert_eq!(town.states(), json!(["blocked", "gone", "stale", "blocked"]));
}

#[test]
fn a_login_in_the_place_of_a_page_is_a_block() {
    let mut town = Town::new(&[("a", "/a")]);
    let login = "<html><head><title>Log in</title></head><body><form><input name=user><input type=password></form></body></html>";
    town.server.answer("/a", "200 OK", "Content-Type: text/html\r\n", login);
    let ran = town.cron();
    assert!(ran.err.contains("source `a`: blocked: "), "{}", ran.err);
    assert_eq!(town.status()["sources"][0]["outcome"], "failed");
}

#[test]
fn what_is_gone_says_so_at_once() {
    let mut town = Town::new(&[("a", "/a")]);
    town.feed("/a", 1);
    town.cron();
    town.fails("/a", "410 Gone");
    let ran = town.cron();
    assert!(ran.err.contains("source `a`: gone: ") && ran.err.contains("help: "), "{}", ran.err);
    let report: Value = serde_json::from_str(&town.run(&["refresh", "--force", "--json"]).out).unwrap();
    assert_eq!(report["sources"][0]["state"], "gone");
}

#[test]
fn a_move_is_shown_until_the_configuration_names_the_new_address() {
    let mut town = Town::new(&[("a", "/a")]);
    town.feed("/a", 1);
    town.cron();
    town.feed("/b", 1);
    town.server.answer("/a", "301 Moved Permanently", &format!("Location: {}\r\n", town.server.url("/b")), "");
    let ran = town.run(&["refresh", "--force"]);
    let to = town.server.url("/b");
    assert_eq!(ran.code, 0);
    let said = format!(
        "note: source `a`: moved: read at {to}, where it moved to for good\n  help: put that address into `url` of the source\n"
    );
    assert_eq!(ran.err, said);
    assert_eq!((&*town.cron().err, town.states()), ("", json!(["moved"])));
    let words = town.folder.run(&["status"]).out;
    assert!(words.contains(&to) && words.contains("help: put that address"), "{words}");
    town.configure("", &[("a", "/b")]);
    assert_eq!((&*town.cron().err, town.states()), ("", json!(["ok"])));
}

#[test]
fn a_feed_without_its_stories_is_noticed_and_keeps_its_output() {
    let mut town = Town::new(&[("a", "/a")]);
    town.get_known(|town, run| town.feed("/a", 1 + run));
    let before = town.folder.read("public/all.rss");
    town.server.answer("/a", "200 OK", "", &feed("a", 1, 0));
    let once = town.cron();
    assert_eq!((once.code, &*once.err), (0, ""));
    let twice = town.cron();
    assert!(
        twice.err.starts_with("warning: source `a`: drifted: no stories, where there were always 20\n"),
        "{}",
        twice.err
    );
    assert_eq!((twice.code, town.states()), (3, json!(["drifted"])));
    assert_eq!(town.folder.read("public/all.rss"), before);
    town.feed("/a", 18);
    let mails: String = (0..4).map(|_| town.cron().err).collect();
    assert_eq!(mails, "note: source `a`: ok again: as before again\n");
}

#[test]
fn stories_under_other_ids_are_noticed_and_not_shown_again() {
    let mut town = Town::new(&[("a", "/a")]);
    town.get_known(|town, run| town.feed("/a", 1 + run));
    let before = town.folder.items("all.rss").len();
    let other = feed("a", 16, 20).replace("isPermaLink=\"false\">g", "isPermaLink=\"false\">urn:post:");
    town.server.answer("/a", "200 OK", "", &other);
    let ran = town.cron();
    assert!(ran.err.contains("drifted: 20 of 20 stories that were known have other ids"), "{}", ran.err);
    assert_eq!(town.folder.items("all.rss").len(), before);
}

#[test]
fn a_file_that_is_missing_is_told_of_like_a_page() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n").write("a.rss", &feed("a", 1, 5));
    let run = |hour: u32| folder.run(&["--now", &format!("2026-11-24T{hour:02}:00:00Z"), "-q", "refresh"]);
    assert_eq!(run(1).err, "");
    std::fs::remove_file(folder.path("a.rss")).unwrap();
    assert_eq!((run(2).err.as_str(), run(2).code), ("", 4));
    folder.write("a.rss", &feed("a", 1, 5));
    assert!(
        run(4).err.starts_with("note: source `a`: ok again"),
        "it was told of at the second run, also within the hour"
    );
}

#[test]
fn after_a_change_of_the_configuration_a_source_has_no_past() {
    let mut town = Town::new(&[("a", "/a")]);
    town.feed("/a", 1);
    town.cron();
    town.configure("", &[("a", "/typo")]);
    assert!(town.cron().err.contains("source `a`: broken: "));
    town.configure("", &[("a", "/another-typo")]);
    assert!(town.cron().err.contains("source `a`: broken: "));
}

#[test]
fn an_address_that_a_source_moved_to_shows_nothing_that_was_sent() {
    let mut town = Town::new(&[]);
    town.folder.write_secret(
        "oncefeed.toml",
        &format!(
            "[fetch]\nallow_private = [\"127.0.0.1/32\"]\n[[source]]\nid = \"a\"\nurl = \"{}\"\n\
             cookies = \"sid=s3cr3tc00kie\"\n",
            town.server.url("/a")
        ),
    );
    town.feed("/b/s3cr3tc00kie", 1);
    town.server.answer("/a", "301 Moved Permanently", "Location: /b/s3cr3tc00kie\r\n", "");
    let ran = town.cron();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let status = town.status();
    assert_eq!(status["sources"][0]["state"], "moved", "{status}");
    assert!(!status.to_string().contains("s3cr3tc00kie") && !ran.err.contains("s3cr3tc00kie"), "{status} {}", ran.err);
}

#[test]
fn teasers_in_the_place_of_texts_are_news_and_take_no_text_away() {
    let mut town = Town::new(&[("a", "/a")]);
    let feed = |first: usize, is_full: bool| {
        let text = |n: usize| match is_full {
            true => (0..30)
                .map(|line| format!("Lamp {n} of house {} was stone by stone rebuilt. ", n * 50 + line))
                .collect(),
            false => format!("The council has rebuilt lamp {n} of street {}, at last.", n * 3),
        };
        let item = |n: usize| {
            format!(
                "<item><title>Lamp {n} of street {n}{n}</title><guid isPermaLink=\"false\">g{n}</guid><description>{}</description></item>",
                text(n)
            )
        };
        let items: String = (first..first + 12).rev().map(item).collect();
        format!(
            "<rss version=\"2.0\"><channel><title>A</title><link>https://a.example/</link>\
             <description>d</description>{items}</channel></rss>"
        )
    };
    let shows = |town: &Town, first, is_full| {
        town.server.answer("/a", "200 OK", "Content-Type: application/rss+xml\r\n", &feed(first, is_full));
    };
    town.get_known(|town, run| shows(town, run, true));
    let texts = |town: &Town| {
        town.folder.items("all.atom").iter().filter(|item| item.content.contains("stone by stone")).count()
    };
    let titles = |town: &Town| town.folder.items("all.atom").len();
    let before = (texts(&town), titles(&town));
    // What is new is told at once, and what is known keeps its text; for cron it is a matter when it stays.
    for new in 1..3 {
        shows(&town, 15 + new, false);
        assert_eq!(town.cron().err, "");
        assert_eq!((texts(&town), titles(&town)), (before.0, before.1 + new));
    }
    shows(&town, 18, false);
    let mail = town.cron().err;
    assert!(mail.contains("drifted: texts of") && !mail.contains("--accept"), "{mail}");
}
