//! A hub is told of the feeds that changed, once, and of nothing that is nobody's business.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::support::{Folder, Ran, rss};

/// Takes forms on 127.0.0.1, and answers with one status after another, the last again and again.
struct Hub {
    port: u16,
    forms: Arc<Mutex<Vec<String>>>,
}

impl Hub {
    fn new(statuses: &'static [&'static str]) -> Hub {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let forms = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&forms);
        std::thread::spawn(move || {
            let last = statuses.last().copied().unwrap_or("204 No Content");
            let mut statuses = statuses.iter().copied();
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                memory.lock().unwrap().push(form(&mut stream));
                let status = statuses.next().unwrap_or(last);
                let answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Hub { port, forms }
    }

    /// The forms since the last call, sorted.
    fn told(&self) -> Vec<String> {
        let mut forms = std::mem::take(&mut *self.forms.lock().unwrap());
        forms.sort();
        forms
    }
}

/// The body of a request, which has to be a form.
fn form(stream: &mut TcpStream) -> String {
    let (mut bytes, mut piece) = (Vec::new(), [0; 1024]);
    loop {
        let read = stream.read(&mut piece).unwrap();
        bytes.extend_from_slice(&piece[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let head = head.to_lowercase();
        assert!(head.starts_with("post /hub?a=1 ") && head.contains("application/x-www-form-urlencoded"), "{head}");
        let length = head.split("content-length: ").nth(1).unwrap().lines().next().unwrap().trim();
        if body.len() >= length.parse::<usize>().unwrap() {
            return body.to_owned();
        }
    }
}

fn folder(hub: &Hub) -> Folder {
    let folder = Folder::new();
    let config = format!(
        "[site]\nbase_url = \"https://news.example/feeds\"\n[publish]\nhub = \"http://127.0.0.1:{}/hub?a=1\"\n\
         [fetch]\nallow_private = [\"127.0.0.1/32\"]\ndelay = \"0s\"\n\
         [[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n\
         [[output]]\nid = \"world\"\nformats = [\"rss\", \"json\", \"html\"]\n\
         [[output]]\nid = \"mine\"\nprivate = true\nformats = [\"rss\"]\n",
        hub.port
    );
    folder.write("oncefeed.toml", &config);
    folder
}

/// The folder's source has these stories from now on.
fn run(folder: &Folder, stories: &[&str]) -> Ran {
    let items: Vec<_> = (stories.iter())
        .map(|story| (*story, *story, "https://a.example/1", "Mon, 23 Nov 2026 10:00:00 GMT", "Text."))
        .collect();
    folder.write("a.rss", &rss("a", &items));
    let ran = folder.run(&["--now", "2026-11-24T06:00:00Z", "refresh"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran
}

const RSS: &str = "hub.mode=publish&hub.url=https%3A%2F%2Fnews.example%2Ffeeds%2Fworld.rss";
const JSON: &str = "hub.mode=publish&hub.url=https%3A%2F%2Fnews.example%2Ffeeds%2Fworld.json";

#[test]
fn the_hub_is_told_of_each_feed_that_changed_and_of_no_other() {
    let hub = Hub::new(&["204 No Content"]);
    let folder = folder(&hub);
    run(&folder, &["one"]);
    assert_eq!(hub.told(), [JSON, RSS], "neither pages nor private outputs");
    run(&folder, &["one"]);
    assert!(hub.told().is_empty(), "nothing changed");
    run(&folder, &["two", "one"]);
    assert_eq!(hub.told(), [JSON, RSS]);
}

#[test]
fn feeds_name_the_hub_and_private_ones_do_not() {
    let hub = Hub::new(&["204 No Content"]);
    let folder = folder(&hub);
    run(&folder, &["one"]);
    let address = format!("http://127.0.0.1:{}/hub?a=1", hub.port);
    let link = format!("<atom:link href=\"{address}\" rel=\"hub\"></atom:link>");
    assert!(folder.read("public/world.rss").contains(&link), "{}", folder.read("public/world.rss"));
    let json: serde_json::Value = serde_json::from_str(&folder.read("public/world.json")).unwrap();
    assert_eq!(json["hubs"], serde_json::json!([{"type": "WebSub", "url": address}]));
    assert!(!folder.read("public/mine.rss").contains("127.0.0.1"));
}

#[test]
fn what_a_hub_was_not_told_is_told_by_the_next_run() {
    let hub = Hub::new(&["204 No Content", "503 Service Unavailable", "202 Accepted"]);
    let folder = folder(&hub);
    let ran = run(&folder, &["one"]);
    assert!(
        ran.err.contains("the hub was not told of 1 feed that has changed, the next run tries again"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("answered 503"), "{}", ran.err);
    hub.told();
    let ran = run(&folder, &["one"]);
    assert_eq!(hub.told(), [RSS], "the other one was told before");
    assert!(!ran.err.contains("hub"), "{}", ran.err);
    run(&folder, &["one"]);
    assert!(hub.told().is_empty());
}

#[test]
fn a_hub_that_is_not_public_is_not_asked() {
    let hub = Hub::new(&["204 No Content"]);
    let folder = folder(&hub);
    let config = folder.read("oncefeed.toml").replace("allow_private = [\"127.0.0.1/32\"]\n", "");
    folder.write("oncefeed.toml", &config);
    let ran = run(&folder, &["one"]);
    assert!(hub.told().is_empty());
    assert!(ran.err.contains("not a public address"), "{}", ran.err);
    assert!(folder.read("public/world.rss").contains("<title>one</title>"), "the feeds are written all the same");
}

#[test]
fn a_run_that_has_a_time_to_end_leaves_the_rest_for_the_hub_to_the_next() {
    let hub = Hub::new(&["204 No Content"]);
    let folder = folder(&hub);
    let config = folder.read("oncefeed.toml").replace("delay = \"0s\"", "delay = \"60s\"");
    folder.write("oncefeed.toml", &config);
    let item = ("one", "one", "https://a.example/1", "Mon, 23 Nov 2026 10:00:00 GMT", "Text.");
    folder.write("a.rss", &rss("a", &[item]));
    let refresh = || folder.run(&["--now", "2026-11-24T06:00:00Z", "refresh", "--max-time", "4s"]);
    let ran = refresh();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("was not told of 1 feed that has changed, the next run tries again: the time"),
        "{}",
        ran.err
    );
    assert_eq!(hub.told(), [JSON]);
    refresh();
    assert_eq!(hub.told(), [RSS]);
}
