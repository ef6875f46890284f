//! A site on the loopback address: says what it is told to, and remembers what it was asked.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A site of its own, on a port of its own. It ends with the test binary.
pub(crate) struct Site {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    answers: BTreeMap<String, Answer>,
    asked: Vec<Asked>,
}

#[derive(Clone)]
enum Answer {
    /// A status, further header lines, and a body.
    Says(u16, String, String),
    /// A page with an `ETag`, which answers 304 to who has it.
    Tagged(String, String),
    /// The connection stays open, and nothing comes.
    Hangs,
}

/// One request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) if_none_match: Option<String>,
}

impl Site {
    pub(crate) fn new() -> Site {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let served = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let served = Arc::clone(&served);
                // A client that hangs up is no matter of ours.
                thread::spawn(move || answer(stream, &served));
            }
        });
        Site { port, state }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// From now on this page stands there.
    pub(crate) fn put(&self, path: &str, body: &str) {
        self.set(path, Answer::Says(200, String::new(), body.to_owned()));
    }

    /// The same, with an `ETag`.
    pub(crate) fn put_tagged(&self, path: &str, tag: &str, body: &str) {
        self.set(path, Answer::Tagged(format!("\"{tag}\""), body.to_owned()));
    }

    /// From now on this is the answer there; `headers` are whole lines.
    pub(crate) fn refuse(&self, path: &str, status: u16, headers: &[&str]) {
        let headers = headers.iter().map(|line| format!("{line}\r\n")).collect();
        self.set(path, Answer::Says(status, headers, String::new()));
    }

    /// From now on nothing comes from there.
    pub(crate) fn hang(&self, path: &str) {
        self.set(path, Answer::Hangs);
    }

    fn set(&self, path: &str, answer: Answer) {
        self.state.lock().unwrap().answers.insert(path.to_owned(), answer);
    }

    /// What was asked so far of paths that begin like this, in order.
    pub(crate) fn asked(&self, prefix: &str) -> Vec<Asked> {
        let state = self.state.lock().unwrap();
        state.asked.iter().filter(|asked| asked.path.starts_with(prefix)).cloned().collect()
    }

    /// Waits until something is asked that begins like this.
    pub(crate) fn wait_for(&self, prefix: &str) {
        let start = Instant::now();
        while self.asked(prefix).is_empty() {
            assert!(start.elapsed() < Duration::from_secs(60), "nobody asked for {prefix}");
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn answer(mut stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let header =
        |line: &str| line.to_ascii_lowercase().starts_with("if-none-match:").then(|| line[14..].trim().to_owned());
    let if_none_match = head.lines().find_map(header);
    let found = {
        let mut state = state.lock().unwrap();
        state.asked.push(Asked { path: path.clone(), if_none_match: if_none_match.clone() });
        state.answers.get(&path).cloned()
    };
    let (status, headers, body) = match found {
        None => (404, String::new(), String::new()),
        Some(Answer::Says(status, headers, body)) => (status, headers, body),
        Some(Answer::Tagged(tag, _)) if if_none_match.as_ref() == Some(&tag) => {
            (304, format!("ETag: {tag}\r\n"), String::new())
        }
        Some(Answer::Tagged(tag, body)) => (200, format!("ETag: {tag}\r\n"), body),
        Some(Answer::Hangs) => {
            // Until the client has had enough.
            while stream.read(&mut byte)? == 1 {}
            return Ok(());
        }
    };
    write!(
        stream,
        "HTTP/1.1 {status} Status\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
