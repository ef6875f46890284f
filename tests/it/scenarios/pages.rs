//! Pages on the loopback address, which may say something else at every visit.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A site of its own, on a port of its own.
pub(super) struct Pages {
    port: u16,
    pages: Arc<Mutex<BTreeMap<String, String>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What begins so is no page but a redirect to what follows.
const LEADS_TO: &str = "-> ";

impl Pages {
    pub(super) fn new() -> Pages {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let pages = Arc::new(Mutex::new(BTreeMap::new()));
        let served = Arc::clone(&pages);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        // It ends with the test binary.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that hangs up is no matter of ours.
                let _ = answer(stream, &served, &heard);
            }
        });
        Pages { port, pages, asked }
    }

    /// From now on there is a redirect; gives its address.
    pub(super) fn redirect(&self, path: &str, target: &str) -> String {
        self.put(path, &format!("{LEADS_TO}{target}"))
    }

    /// The paths that were asked for, in order.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// From now on this is what stands there; gives its address.
    pub(super) fn put(&self, path: &str, html: &str) -> String {
        self.pages.lock().unwrap().insert(path.to_owned(), html.to_owned());
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

fn answer(
    mut stream: TcpStream,
    pages: &Mutex<BTreeMap<String, String>>,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head);
    let path = head.split(' ').nth(1).unwrap_or_default();
    asked.lock().unwrap().push(path.to_owned());
    let page = pages.lock().unwrap().get(path).cloned();
    if let Some(target) = page.as_deref().and_then(|page| page.strip_prefix(LEADS_TO)) {
        return write!(
            stream,
            "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n"
        );
    }
    let status = if page.is_some() { "200 OK" } else { "404 Not Found" };
    let body = page.unwrap_or_default();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// An article page: its headline, when it was published ("2026-11-23 10:00"), the address that it calls
/// its own, and its text.
pub(super) fn article(title: &str, at: &str, canonical: Option<&str>, text: &str) -> String {
    let canonical = canonical.map(|url| format!("<link rel=\"canonical\" href=\"{url}\">")).unwrap_or_default();
    let at = at.replace(' ', "T");
    format!(
        "<!doctype html><html lang=\"en\"><head><title>{title}</title>{canonical}\
         <meta property=\"og:type\" content=\"article\"><meta property=\"og:title\" content=\"{title}\">\
         <meta property=\"article:published_time\" content=\"{at}:00Z\"></head>\
         <body><article><h1>{title}</h1><p>{}</p></article></body></html>",
        text.replace(". ", ".</p><p>")
    )
}
