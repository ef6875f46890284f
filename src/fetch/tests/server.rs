//! A server that says what it is told to, one answer for each connection.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// Listens on 127.0.0.1 and remembers what it was asked.
pub(super) struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Gives these answers in this order, then closes every connection without one.
    pub(super) async fn new<T: Into<Vec<u8>>>(answers: impl IntoIterator<Item = T>) -> Server {
        let answers: Vec<Vec<u8>> = answers.into_iter().map(Into::into).collect();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&asked);
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            while let Ok((mut stream, _)) = listener.accept().await {
                let question = question(&mut stream).await;
                memory.lock().unwrap().push(question);
                // The client may have hung up already: that is its right.
                let _ = stream.write_all(&answers.next().unwrap_or_default()).await;
            }
        });
        Server { port, asked }
    }

    /// Sends a byte every 20 ms and never comes to an end.
    pub(super) async fn dripping() -> Server {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            question(&mut stream).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n").await;
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        Server { port, asked: Arc::default() }
    }

    pub(super) fn url(&self, path: &str) -> Url {
        format!("http://127.0.0.1:{}{path}", self.port).parse().unwrap()
    }

    /// The heads of all requests so far, in lower case.
    pub(super) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// The head of a request, in lower case.
pub(super) async fn question(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    head.iter().copied().map(char::from).collect::<String>().to_lowercase()
}

/// An answer with these header lines, its length and this body.
pub(super) fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\n");
    for header in headers {
        answer += &format!("{header}\r\n");
    }
    answer += &format!("Content-Length: {}\r\n\r\n", body.len());
    [answer.as_bytes(), body].concat()
}

/// A redirect to this place.
pub(super) fn redirect(status: &str, location: &str) -> Vec<u8> {
    answer(status, &[&format!("Location: {location}")], b"")
}
