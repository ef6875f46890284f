//! What a site sees of us over many runs: each of them is another process, so all of it is remembered.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};
use oncefeed::fetch::{Client, FetchError, Settings};
use oncefeed::model::{Kind, Source, SourceId, Validators};
use oncefeed::refresh;
use oncefeed::store::{self, Location};
use serde_json::Value;

use crate::support::{Folder, rss};

/// What a path answers: status, header lines, body.
type Answer = (&'static str, String, Vec<u8>);

/// A site on the loopback address that notes how it is treated.
struct Site {
    port: u16,
    answers: Arc<Mutex<BTreeMap<String, Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn new() -> Site {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let site = Site { port: listener.local_addr().unwrap().port(), answers: Arc::default(), asked: Arc::default() };
        let (answers, asked) = (Arc::clone(&site.answers), Arc::clone(&site.asked));
        // It ends with the test binary.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up is no matter of ours.
                let _ = answer(stream, &answers, &asked);
            }
        });
        site
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    fn says(&self, path: &str, status: &'static str, headers: &[&str], body: impl Into<Vec<u8>>) -> &Site {
        let headers = headers.iter().map(|header| format!("{header}\r\n")).collect();
        self.answers.lock().unwrap().insert(path.to_owned(), (status, headers, body.into()));
        self
    }

    /// A feed with an `ETag` and further header lines; `channel` stands in it.
    fn feed(&self, path: &str, headers: &[&str], channel: &str) -> &Site {
        let item = ("1", "The last loaf", "https://n.example/loaf", "Mon, 23 Nov 2026 10:00:00 GMT", "Sold.");
        let body = rss("harbour", &[item]).replace("<description>d", &format!("{channel}<description>d"));
        self.says(path, "200 OK", &[&["ETag: \"1\""], headers].concat(), body)
    }

    /// What was asked for since the last time: paths, those with a condition with a `?` before them.
    fn asked(&self) -> Vec<String> {
        let asked = std::mem::take(&mut *self.asked.lock().unwrap());
        (asked.iter())
            .map(|head| {
                let path = head.split(' ').nth(1).unwrap_or_default();
                if head.contains("if-none-match:") { format!("?{path}") } else { path.to_owned() }
            })
            .collect()
    }
}

fn answer(
    mut stream: TcpStream,
    answers: &Mutex<BTreeMap<String, Answer>>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_lowercase();
    asked.lock().unwrap().push(head.clone());
    let path = head.split(' ').nth(1).unwrap_or_default();
    let found = answers.lock().unwrap().get(path).cloned();
    let (mut status, headers, mut body) = found.unwrap_or(("404 Not Found", String::new(), Vec::new()));
    if status == "200 OK" && head.contains("if-none-match: \"1\"") {
        (status, body) = ("304 Not Modified", Vec::new());
    }
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}

/// A folder with a configuration of these sources.
fn configured(sources: &[(&str, String)]) -> Folder {
    let folder = Folder::new();
    let sources: String =
        sources.iter().map(|(id, url)| format!("[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n")).collect();
    folder.write("oncefeed.toml", &format!("[fetch]\ndelay = \"0s\"\nper_host = 1\n{sources}"));
    folder
}

/// Runs the program at a time ("23 10:00" is the 23rd of November) and gives its report.
#[track_caller]
fn refresh_at(folder: &Folder, at: &str, arguments: &[&str]) -> Value {
    let at = if at.len() > 8 { format!("{at}:00Z") } else { format!("2026-11-{}:00Z", at.replace(' ', "T")) };
    let base = ["--now", &at, "--allow-private", "127.0.0.1/32", "refresh", "--json"];
    let ran = folder.run(&[&base, arguments].concat());
    assert!([0, 3, 4].contains(&ran.code), "exit {}: {}", ran.code, ran.err);
    serde_json::from_str(&ran.out).unwrap_or_else(|cause| panic!("{cause}: {}", ran.out))
}

/// Runs the program at one time after the other, and what the site was asked for in each run.
#[track_caller]
fn check_runs(site: &Site, folder: &Folder, runs: &[(&str, &[&str])]) {
    for (at, expected) in runs {
        let report = refresh_at(folder, at, &[]);
        assert_eq!(site.asked(), *expected, "at {at}: {report}");
    }
}

#[test]
fn a_source_is_left_alone_as_long_as_it_and_its_server_wish() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/feed"))]);
    site.feed("/feed", &["Cache-Control: max-age=5400"], "");
    check_runs(
        &site,
        &folder,
        &[("23 10:00", &["/feed"]), ("23 11:00", &[]), ("23 11:30", &["?/feed"]), ("23 12:30", &[])],
    );
    // A 304 says anew how long it is good.
    site.feed("/feed", &["Cache-Control: max-age=60"], "");
    check_runs(&site, &folder, &[("23 13:00", &["?/feed"]), ("23 13:59", &[]), ("23 14:00", &["?/feed"])]);
}

#[test]
fn what_a_feed_asks_for_holds_also_when_it_is_not_sent_again() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/feed"))]);
    site.feed("/feed", &[], "<ttl>180</ttl><skipHours><hour>16</hour><hour>17</hour></skipHours>");
    check_runs(
        &site,
        &folder,
        &[
            ("23 10:00", &["/feed"]),
            ("23 12:00", &[]),
            ("23 13:00", &["?/feed"]),
            ("23 15:00", &[]),
            ("23 16:00", &[]),
            ("23 17:59", &[]),
            ("23 18:00", &["?/feed"]),
        ],
    );
}

#[test]
fn a_host_that_has_had_enough_is_left_alone_by_all_sources_and_by_force() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/a")), ("metro", site.url("/b"))]);
    site.says("/a", "429 Too Many Requests", &["Retry-After: 7200"], "").feed("/b", &[], "");
    let report = refresh_at(&folder, "23 10:00", &[]);
    assert_eq!(site.asked(), ["/a"]);
    assert_eq!(report["failed"], 2, "{report}");
    assert_eq!(report["sources"][1]["next"], "2026-11-23T12:00:00Z", "{report}");
    let status = folder.run(&["status"]).out;
    assert!(status.contains("; never asked, failed (1 in a row)") && status.contains("left alone for 2 h"), "{status}");
    for arguments in [&[][..], &["--force"]] {
        let report = refresh_at(&folder, "23 11:30", arguments);
        assert_eq!((site.asked(), &report["not_due"]), (Vec::new(), &2.into()), "{report}");
    }
    site.feed("/a", &[], "");
    refresh_at(&folder, "23 12:00", &[]);
    assert_eq!(site.asked(), ["/a", "/b"]);
    // By then it is forgotten.
    refresh_at(&folder, "23 12:30", &["--force"]);
    assert_eq!(site.asked(), ["?/a", "?/b"]);
}

#[test]
fn a_clock_that_jumps_costs_each_source_one_visit() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/feed"))]);
    site.feed("/feed", &["Cache-Control: max-age=604800"], "");
    let visit: &[&str] = &["?/feed"];
    check_runs(
        &site,
        &folder,
        &[
            ("23 10:00", &["/feed"]),
            ("2036-11-23T10:00", visit),
            ("2036-11-23T10:05", &[]),
            ("23 10:05", visit),
            ("23 10:10", &[]),
            ("2025-11-23T10:00", visit),
            ("2025-11-24T10:00", &[]),
            ("23 10:15", visit),
            ("23 10:20", &[]),
            ("30 10:15", visit),
        ],
    );
}

#[test]
fn a_host_that_waits_by_a_wrong_clock_is_not_silent_for_years() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/a"))]);
    site.says("/a", "429 Too Many Requests", &[], "");
    refresh_at(&folder, "2036-11-23T10:00", &[]);
    site.asked();
    check_runs(&site, &folder, &[("23 10:00", &["/a"]), ("23 10:05", &[]), ("23 11:00", &["/a"])]);
}

#[test]
fn validators_of_where_a_redirect_leads_are_used_there() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/a"))]);
    site.says("/a", "302 Found", &["Location: /b"], "").feed("/b", &[], "").feed("/c", &[], "");
    check_runs(&site, &folder, &[("23 10:00", &["/a", "/b"]), ("23 11:00", &["/a", "?/b"])]);
    site.says("/a", "302 Found", &["Location: /c"], "");
    check_runs(&site, &folder, &[("23 12:00", &["/a", "/c"]), ("23 13:00", &["/a", "?/c"])]);
}

#[test]
fn a_move_is_followed_until_the_new_address_goes_on_failing() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/a"))]);
    site.says("/a", "301 Moved Permanently", &["Location: /b"], "").feed("/b", &[], "");
    check_runs(&site, &folder, &[("23 10:00", &["/a", "/b"]), ("23 11:00", &["?/b"])]);
    site.says("/b", "404 Not Found", &[], "").feed("/a", &[], "");
    let failures: [(&str, &[&str]); 3] = [("23 12:00", &["?/b"]), ("23 13:00", &["?/b"]), ("23 15:00", &["?/b"])];
    check_runs(&site, &folder, &failures);
    check_runs(&site, &folder, &[("23 18:59", &[]), ("23 19:00", &["/a"]), ("23 20:00", &["?/a"])]);
}

#[test]
fn a_source_whose_compression_is_broken_is_asked_without_next_time() {
    let site = Site::new();
    let folder = configured(&[("harbour", site.url("/a"))]);
    let asks_for_plain = || {
        let asked = std::mem::take(&mut *site.asked.lock().unwrap());
        asked.iter().map(|head| head.contains("accept-encoding: identity")).collect::<Vec<_>>()
    };
    site.says("/a", "200 OK", &["Content-Encoding: gzip"], b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xff\xff\xff\xff".to_vec());
    refresh_at(&folder, "23 10:00", &[]);
    assert_eq!(asks_for_plain(), [false]);
    site.feed("/a", &[], "");
    for at in ["23 11:00", "23 12:00"] {
        assert_eq!(refresh_at(&folder, at, &[])["failed"], 0);
        assert_eq!(asks_for_plain(), [true]);
    }
}

#[test]
fn what_robots_txt_said_outlives_the_run() {
    let site = Site::new();
    let folder = Folder::new();
    site.says("/robots.txt", "200 OK", &[], "User-agent: oncefeed\nDisallow: /closed\n");
    site.says("/a", "200 OK", &[], "<p>a</p>").says("/busy", "429 Too Many Requests", &["Retry-After: 60"], "");
    let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().unwrap();
    let page = |path: &str, seconds: i64| {
        let url: url::Url = site.url(path).parse().unwrap();
        let id = SourceId::new("a").unwrap();
        let source = Source::plain(id, oncefeed::model::Location::Web(url.clone()), Kind::Article);
        let location = Location::Sqlite(folder.path("news.db"));
        let settings = Settings {
            allow_private: vec!["127.0.0.1/32".parse().unwrap()],
            delay: Duration::ZERO,
            ..Settings::default()
        };
        tokio::runtime::Runtime::new().unwrap().block_on(async move {
            // Everything anew, as in another process.
            let (store, web) = (store::open(&location).unwrap(), Client::new(settings).unwrap());
            let at = now + chrono::TimeDelta::seconds(seconds);
            web.recall_hosts(&store.hosts().await.unwrap(), at);
            refresh::page(&*store, &web, Some(&source), &url, &Validators::default(), at).await.unwrap()
        })
    };
    assert!(page("/a", 0).is_ok());
    assert!(matches!(page("/closed", 1).unwrap_err(), FetchError::RobotsForbid { .. }));
    assert!(page("/a", 86_399).is_ok());
    assert_eq!(site.asked(), ["/robots.txt", "/a", "/a"]);
    assert!(page("/busy", 86_400).unwrap_err().whole_host());
    assert!(page("/a", 86_459).unwrap_err().whole_host());
    assert_eq!(site.asked(), ["/robots.txt", "/busy"]);
    assert!(page("/a", 86_460).is_ok());
}
