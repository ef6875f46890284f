//! Sources with secrets: what a run writes and says holds none of them, and what they bring stays private.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use crate::support::{Folder, NOW, rss};

/// Part of every secret, and of nothing else.
const SENTINEL: &str = "s3nt1nel";
/// What a server would be sent for `me:s3nt1nel-password`, in Base64.
const ENCODED: &str = "bWU6czNudDFuZWwtcGFzc3dvcmQ=";

/// A server for the tests' addresses; remembers what it was asked.
struct Site {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn new() -> Site {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let head = head(&mut stream);
                // The program may have hung up already.
                let _ = stream.write_all(answer(&head).as_bytes());
                memory.lock().unwrap().push(head);
            }
        });
        Site { port, asked }
    }

    fn asked(&self, path: &str) -> Vec<String> {
        self.asked.lock().unwrap().iter().filter(|head| head.starts_with(&format!("GET {path} "))).cloned().collect()
    }
}

fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(1) => head.push(byte[0]),
            _ => break,
        }
    }
    String::from_utf8(head).unwrap()
}

/// A feed of one item at addresses that begin with `/feed`; some others lead there or nowhere.
fn answer(head: &str) -> String {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let (status, header, body) = match path {
        path if path.starts_with("/feed") => {
            let name = path.split(['/', '-']).nth(2).unwrap_or_default();
            let link = format!("https://{name}.example/1");
            let item = ("1", &*format!("Only {name} tells this"), &*link, "Mon, 23 Nov 2026 10:00:00 GMT", "A text.");
            ("200 OK", String::new(), rss(name, &[item]))
        }
        path if path.starts_with("/moved") => {
            ("301 Moved", format!("Location: {}\r\n", path.replace("/moved", "/feed")), String::new())
        }
        // A page that names a feed beside itself.
        path if path.starts_with("/page") => {
            let link = "<link rel=alternate type=application/rss+xml title=x href=feed.xml>";
            (
                "200 OK",
                "Content-Type: text/html\r\n".to_owned(),
                format!("<html><head>{link}</head><body>Hello.</body>"),
            )
        }
        // A server that repeats what it was sent.
        path if path.starts_with("/login") => {
            ("302 Found", format!("Location: /gone?was={SENTINEL}-cookie\r\n"), String::new())
        }
        _ => ("404 Not Found", String::new(), String::new()),
    };
    format!("HTTP/1.1 {status}\r\nConnection: close\r\n{header}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// One source for each way to have a secret; two outputs.
fn configuration(port: u16) -> String {
    let at = format!("http://127.0.0.1:{port}");
    let source = |id: &str, url: &str, lines: &str| format!("[[source]]\nid = \"{id}\"\n{url}\n{lines}\n");
    let url = |path: &str| format!("url = \"{at}{path}\"");
    [
        "[fetch]\nallow_private = [\"127.0.0.1/32\"]\ndelay = \"0s\"".to_owned(),
        source("basic", &url("/feed/basic"), "username = \"me\"\npassword_file = \"secrets/password\""),
        source("bearer", &url("/nowhere"), "token = \"${TEST_TOKEN}\""),
        source("variable", &url("/moved/variable-${TEST_KEY}"), ""),
        source("file", "url_file = \"secrets/url\"", ""),
        source("lost", &url("/lost/${TEST_KEY}"), ""),
        source("page", &url("/page/${TEST_KEY}/index"), "as = \"feed\""),
        source("beside", "url_file = \"secrets/page\"", ""),
        source("cookie", &url("/login"), &format!("cookies = \"a={SENTINEL}-cookie\"")),
        source("header", &url("/feed/header"), &format!("headers = {{ X-Key = \"{SENTINEL}-header\" }}")),
        source("proxied", "url = \"http://93.184.215.14/\"", &format!("proxy = \"http://me:{SENTINEL}@127.0.0.1:1\"")),
        source("address", &format!("url = \"http://me:{SENTINEL}@127.0.0.1:{port}/feed/address\""), ""),
        source("open", &url("/feed/open"), ""),
        "[[output]]\nid = \"all\"\n[[output]]\nid = \"mine\"\nprivate = true\n".to_owned(),
    ]
    .join("\n")
}

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn run(folder: &Folder, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_oncefeed"))
        .args(["--now", NOW, "-vv"])
        .args(arguments)
        .current_dir(folder.path(""))
        .env("TEST_TOKEN", format!("{SENTINEL}-token"))
        .env("TEST_KEY", format!("{SENTINEL}-key"))
        .env("ONCEFEED_LOG", "trace")
        // A proxy of the environment is not used: nobody answers there.
        .env("http_proxy", "http://127.0.0.1:1")
        .env("ALL_PROXY", "http://127.0.0.1:1")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Run { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

fn folder(port: u16) -> Folder {
    let folder = Folder::new();
    folder.write("secrets/password", &format!("{SENTINEL}-password\n"));
    folder.write("secrets/url", &format!("http://127.0.0.1:{port}/feed/file-{SENTINEL}\n"));
    folder.write("secrets/page", &format!("http://127.0.0.1:{port}/page/{SENTINEL}/index"));
    folder.write("oncefeed.toml", &configuration(port));
    set_mode(&folder, 0o600);
    folder
}

fn set_mode(folder: &Folder, mode: u32) {
    fs::set_permissions(folder.path("oncefeed.toml"), fs::Permissions::from_mode(mode)).unwrap();
}

#[track_caller]
fn holds_no_secret(what: &str, bytes: &[u8]) {
    for secret in [SENTINEL, ENCODED] {
        let found = bytes.windows(secret.len()).position(|part| part.eq_ignore_ascii_case(secret.as_bytes()));
        let around = found.map(|at| String::from_utf8_lossy(&bytes[at.saturating_sub(200)..at]).into_owned());
        assert_eq!(around, None, "a secret in {what}");
    }
}

/// Every file of a folder, but those that the test wrote.
fn files(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.file_name().to_str().unwrap() {
            "secrets" | "oncefeed.toml" => {}
            _ if entry.path().is_dir() => files(&entry.path(), found),
            name => found.push((name.to_owned(), fs::read(entry.path()).unwrap())),
        }
    }
}

#[test]
fn nothing_that_a_run_writes_or_says_holds_a_secret() {
    let site = Site::new();
    let folder = folder(site.port);
    let mut said = vec![run(&folder, &["refresh"])];
    assert_eq!(said[0].code, 3, "{}", said[0].err);
    for command in [
        &["refresh", "--json", "--force"][..],
        &["status"],
        &["status", "--json"],
        &["check"],
        &["explain", "https://basic.example/1"],
        &["explain", "https://basic.example/1", "--json"],
    ] {
        said.push(run(&folder, command));
    }
    for run in &said {
        holds_no_secret("what is printed", run.out.as_bytes());
        holds_no_secret("what is said", run.err.as_bytes());
    }
    let mut written = Vec::new();
    files(&folder.path(""), &mut written);
    for name in ["oncefeed.db", "mine.atom", "all.rss", "index.html"] {
        assert!(written.iter().any(|(file, _)| file == name), "{name}");
    }
    written.iter().for_each(|(name, bytes)| holds_no_secret(name, bytes));

    // So that this proves something: the secrets were there, and were sent.
    let asked = |path: &str| site.asked(path).first().unwrap_or_else(|| panic!("{path}")).to_lowercase();
    assert!(asked("/feed/basic").contains(&ENCODED.to_lowercase()));
    assert!(asked("/nowhere").contains(&format!("authorization: bearer {SENTINEL}-token")));
    assert!(asked("/login").contains(&format!("cookie: a={SENTINEL}-cookie")));
    assert!(asked("/feed/header").contains(&format!("x-key: {SENTINEL}-header")));
    assert!(!asked("/feed/open").contains(SENTINEL));
    for path in
        [format!("/moved/variable-{SENTINEL}-key"), format!("/feed/file-{SENTINEL}"), format!("/lost/{SENTINEL}-key")]
    {
        asked(&path);
    }
    // And people see which source it is, and why it failed.
    let (report, status) = (&said[0].err, &said[2].out);
    assert!(report.contains("/*** answered 404"), "{report}");
    assert!(report.contains("the proxy http://***@127.0.0.1:1 leads nowhere"), "{report}");
    assert!(said[3].out.contains("/lost/${TEST_KEY}"), "{}", said[3].out);
    assert!(status.contains("lost"), "{status}");
    assert!(said[1].out.contains("/***feed.xml") || said[1].out.contains("/***/feed.xml"), "{}", said[1].out);
}

#[test]
fn what_sources_with_credentials_bring_is_in_no_public_output() {
    let site = Site::new();
    let folder = folder(site.port);
    run(&folder, &["refresh"]);
    let titles = |name: &str| {
        let mut titles: Vec<_> = folder.items(name).into_iter().map(|item| item.title).collect();
        titles.sort();
        titles
    };
    assert_eq!(titles("all.atom"), ["Only open tells this"]);
    let mine = ["address", "basic", "file", "header", "open", "variable"].map(|name| format!("Only {name} tells this"));
    assert_eq!(titles("mine.atom"), mine);
}

#[test]
fn other_credentials_make_a_source_due_again() {
    let site = Site::new();
    let folder = folder(site.port);
    run(&folder, &["refresh"]);
    run(&folder, &["refresh"]);
    assert_eq!((site.asked("/feed/basic").len(), site.asked("/feed/header").len()), (1, 1));
    folder.write("secrets/password", "another");
    run(&folder, &["refresh"]);
    assert_eq!((site.asked("/feed/basic").len(), site.asked("/feed/header").len()), (2, 1));
}

#[test]
fn a_configuration_that_others_may_read_holds_no_secrets() {
    let site = Site::new();
    let folder = folder(site.port);
    for mode in [0o644, 0o640, 0o604] {
        set_mode(&folder, mode);
        let refused = run(&folder, &["check"]);
        assert_eq!(refused.code, 78, "{}", refused.err);
        assert!(refused.err.contains("chmod 600") && refused.err.contains("oncefeed.toml:"), "{}", refused.err);
        holds_no_secret("the refusal", refused.err.as_bytes());
    }
    // What is kept elsewhere may be read about by anybody.
    let kept: String = configuration(site.port)
        .split("\n[[source]]\n")
        .filter(|source| !source.contains(SENTINEL))
        .collect::<Vec<_>>()
        .join("\n[[source]]\n");
    folder.write("oncefeed.toml", &kept);
    set_mode(&folder, 0o644);
    let fine = run(&folder, &["check"]);
    assert_eq!(fine.code, 0, "{}", fine.err);
}
