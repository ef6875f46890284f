//! A web of a few hosts on this machine, as slow as a test wants, that remembers who asked for what.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Hosts 127.0.1.1, 127.0.1.2, …, each with a port of its own.
pub(crate) struct Origin {
    hosts: Vec<SocketAddr>,
    world: Arc<Mutex<World>>,
}

#[derive(Default)]
struct World {
    /// By path: what is answered, and how long that takes.
    pages: BTreeMap<String, (String, Duration)>,
    /// Paths in the order in which they were asked for.
    asked: Vec<String>,
}

impl Origin {
    pub(crate) fn start(hosts: u8) -> Origin {
        let world = Arc::new(Mutex::new(World::default()));
        let hosts = (1..=hosts).map(|host| listen([127, 0, 1, host], &world)).collect();
        Origin { hosts, world }
    }

    /// Answers a path, whichever host is asked, after so long.
    pub(crate) fn serve(&self, path: &str, body: &str, after: Duration) {
        self.world.lock().unwrap().pages.insert(path.to_owned(), (body.to_owned(), after));
    }

    /// The address of a path at a host, counted from 0 and round about.
    pub(crate) fn url(&self, host: usize, path: &str) -> String {
        format!("http://{}{path}", self.hosts[host % self.hosts.len()])
    }

    /// How often each path was asked for, robots.txt aside.
    pub(crate) fn asked(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for path in self.world.lock().unwrap().asked.iter().filter(|path| *path != "/robots.txt") {
            *counts.entry(path.clone()).or_default() += 1;
        }
        counts
    }

    /// Forgets what was asked for until now.
    pub(crate) fn forget(&self) {
        self.world.lock().unwrap().asked.clear();
    }
}

fn listen(host: [u8; 4], world: &Arc<Mutex<World>>) -> SocketAddr {
    let listener = TcpListener::bind(SocketAddr::from((host, 0))).unwrap();
    let address = listener.local_addr().unwrap();
    let world = Arc::clone(world);
    std::thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let world = Arc::clone(&world);
            // A client that was killed ends its connection; that is its right.
            std::thread::spawn(move || answer(&connection, &world));
        }
    });
    address
}

fn answer(connection: &TcpStream, world: &Mutex<World>) -> Option<()> {
    let mut lines = BufReader::new(connection).lines();
    let path = lines.next()?.ok()?.split(' ').nth(1)?.to_owned();
    lines.find(|line| line.as_ref().is_ok_and(String::is_empty))?.ok()?;
    let page = {
        let mut world = world.lock().unwrap();
        world.asked.push(path.clone());
        world.pages.get(&path).cloned()
    };
    let (status, body) = match page {
        Some((body, after)) => {
            std::thread::sleep(after);
            ("200 OK", body)
        }
        None => ("404 Not Found", String::new()),
    };
    let length = body.len();
    let mut connection = connection;
    write!(connection, "HTTP/1.1 {status}\r\ncontent-type: application/rss+xml\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}").ok()
}
