//! Visits to a server of our own: what goes over the wire, and what comes of it.

mod certified;
mod manners;
// It looks for processes where Linux lists them.
#[cfg(target_os = "linux")]
mod rendered;
mod server;
mod special;
mod way;

use std::sync::Arc;
use std::time::Duration;

use async_compression::tokio::bufread::GzipEncoder;
use chrono::{DateTime, Utc};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use url::Url;

use super::guard::Guard;
use super::{Client, Document, FetchError, Fetched, Settings};
use crate::model::{Kind, Location, OutcomeKind, Source, SourceId, Validators, Visit};
use server::{Server, answer, redirect};

const FEED: &[u8] = b"<rss version='2.0'/>";

fn now() -> DateTime<Utc> {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn client(change: impl FnOnce(&mut Settings)) -> Client {
    let mut settings = Settings {
        delay: Duration::ZERO,
        timeout: Duration::from_secs(5),
        allow_private: vec!["127.0.0.1/32".parse().unwrap()],
        ..Settings::default()
    };
    change(&mut settings);
    Client::new(settings).unwrap()
}

fn source(location: Location) -> Source {
    let plain = Source::plain(SourceId::new("news").unwrap(), location, Kind::Auto);
    Source { every: Duration::from_secs(3600), ..plain }
}

async fn get(client: &Client, url: Url, visit: &Visit) -> Result<Fetched, FetchError> {
    client.visit(&source(Location::Web(url)), visit, now()).await
}

async fn first(url: Url) -> Result<Fetched, FetchError> {
    get(&client(|_| {}), url, &Visit::default()).await
}

#[track_caller]
fn page(fetched: Result<Fetched, FetchError>) -> Document {
    match fetched {
        Ok(Fetched::Page(document)) => *document,
        other => panic!("not a document: {other:?}"),
    }
}

/// What the next run remembers of a document.
fn remembered(document: &Document) -> Visit {
    Visit {
        validators: document.validators.clone(),
        body: Some(document.digest),
        moved_to: document.moved_to.clone(),
        ..Visit::default()
    }
}

#[tokio::test]
async fn validators_come_back_verbatim_and_a_304_updates_them() {
    // Not valid as an etag, not even as UTF-8, and none of our business.
    let mut ok = answer("200 OK", &["ETag: W/\"caf?\\-gzip", "Last-Modified: yesterday"], FEED);
    let place = ok.iter().position(|byte| *byte == b'?').unwrap();
    ok[place] = 0xe9;
    let unchanged = answer("304 Not Modified", &["ETag: new", "Cache-Control: max-age=60"], b"");
    let server = Server::new([ok, unchanged]).await;
    let client = client(|_| {});
    let document = page(get(&client, server.url("/feed"), &Visit::default()).await);
    assert_eq!(document.page.body, FEED);
    assert_eq!(document.page.url, Some(server.url("/feed")));
    assert_eq!(document.status, Some(200));

    let second = get(&client, server.url("/feed"), &remembered(&document)).await;
    let Ok(Fetched::Unchanged { status, freshness, validators, moved_to: None }) = second else {
        panic!("not unchanged: {second:?}")
    };
    assert_eq!(status, Some(304));
    assert_eq!(freshness.max_age, Some(Duration::from_secs(60)));
    assert_eq!(validators.etag.as_deref(), Some("new"));
    assert_eq!(validators.last_modified.as_deref(), Some("yesterday"));

    let [plain, conditional] = server.asked().try_into().unwrap();
    assert!(!plain.contains("if-none-match") && !plain.contains("if-modified-since"));
    assert!(conditional.contains("if-none-match: w/\"caf\u{e9}\\-gzip\r\n"), "{conditional}");
    assert!(conditional.contains("if-modified-since: yesterday\r\n"), "{conditional}");
}

#[tokio::test]
async fn requests_say_who_asks_and_what_is_wanted() {
    let server = Server::new([answer("200 OK", &[], FEED)]).await;
    page(first(server.url("/a?b=c#d")).await);
    let asked = server.asked().concat();
    assert!(asked.starts_with("get /a?b=c http/1.1\r\n"), "{asked}");
    assert!(asked.contains(concat!("user-agent: oncefeed/", env!("CARGO_PKG_VERSION"), "\r\n")));
    assert!(asked.contains("accept: application/atom+xml, "), "{asked}");
    assert!(asked.contains("accept-encoding: gzip, br, zstd, deflate\r\n"), "{asked}");
    for never in ["cookie", "referer", "authorization"] {
        assert!(!asked.contains(never), "{asked}");
    }
}

#[tokio::test]
async fn the_same_body_is_unchanged_and_a_missing_validator_is_forgotten() {
    let server = Server::new([
        answer("200 OK", &["ETag: \"1\""], FEED),
        answer("200 OK", &["Last-Modified: today"], FEED),
        answer("200 OK", &[], b"other"),
    ])
    .await;
    let client = client(|_| {});
    let visit = remembered(&page(get(&client, server.url("/"), &Visit::default()).await));
    let Ok(Fetched::Unchanged { status: Some(200), validators, .. }) = get(&client, server.url("/"), &visit).await
    else {
        panic!("not unchanged")
    };
    let today = Some("today".to_owned());
    assert_eq!(validators, Validators { etag: None, last_modified: today, issuer: Some(server.url("/")) });
    assert_eq!(page(get(&client, server.url("/"), &visit).await).validators, Validators::default());
}

#[tokio::test]
async fn a_permanent_move_is_told_and_followed_next_time() {
    let server = Server::new([
        redirect("301 Moved", "/b"),
        redirect("308 Moved", "c"),
        answer("200 OK", &["ETag: \"c\""], FEED),
        answer("304 Not Modified", &[], b""),
    ])
    .await;
    let client = client(|_| {});
    let document = page(get(&client, server.url("/a"), &Visit::default()).await);
    assert_eq!(document.moved_to, Some(server.url("/c")));
    assert_eq!(document.page.url, Some(server.url("/c")));
    assert_eq!(document.validators.etag.as_deref(), Some("\"c\""));
    let again = get(&client, server.url("/a"), &remembered(&document)).await;
    assert!(matches!(again, Ok(Fetched::Unchanged { status: Some(304), .. })), "{again:?}");
    assert!(server.asked()[3].starts_with("get /c "));
}

#[tokio::test]
async fn a_temporary_move_is_followed_and_forgotten() {
    let server = Server::new([
        redirect("302 Found", "/b"),
        answer("200 OK", &["ETag: \"b\""], FEED),
        redirect("302 Found", "/b"),
        answer("304 Not Modified", &[], b""),
        redirect("302 Found", "/c"),
        answer("200 OK", &["ETag: \"c\""], FEED),
        answer("200 OK", &[], FEED),
    ])
    .await;
    let client = client(|_| {});
    let document = page(get(&client, server.url("/a"), &Visit::default()).await);
    assert_eq!((&document.moved_to, &document.page.url), (&None, &Some(server.url("/b"))));
    let mut visit = remembered(&document);
    for status in [304, 200, 200] {
        let again = get(&client, server.url("/a"), &visit).await;
        let Ok(Fetched::Unchanged { status: said, validators, moved_to: None, .. }) = again else {
            panic!("not unchanged: {again:?}")
        };
        assert_eq!(said, Some(status));
        visit.validators = validators;
    }
    // The validators of one address are not those of another, nor those of the one that leads there.
    let conditions: Vec<bool> = server.asked().iter().map(|asked| asked.contains("if-none-match")).collect();
    assert_eq!(conditions, [false, false, false, true, false, false, false]);
    assert_eq!(visit.validators, Validators::default());
}

#[tokio::test]
async fn a_move_is_told_although_the_document_is_the_same() {
    let server = Server::new([
        answer("200 OK", &["ETag: \"a\""], FEED),
        redirect("301 Moved", "/b"),
        answer("200 OK", &[], FEED),
    ])
    .await;
    let client = client(|_| {});
    let visit = remembered(&page(get(&client, server.url("/a"), &Visit::default()).await));
    let moved = page(get(&client, server.url("/a"), &visit).await);
    assert_eq!(moved.moved_to, Some(server.url("/b")));
    // The validators of one address are not those of another.
    assert!(server.asked()[1].contains("if-none-match"));
    assert!(!server.asked()[2].contains("if-none-match"));
}

#[tokio::test]
async fn a_login_is_sent_to_its_origin_only() {
    let other = Server::new([answer("200 OK", &[], FEED)]).await;
    let server = Server::new([redirect("302 Found", "/b"), redirect("302 Found", other.url("/").as_str())]).await;
    let mut url = server.url("/a");
    url.set_username("me").unwrap();
    url.set_password(Some("p@w")).unwrap();
    let document = page(first(url).await);
    assert_eq!(document.page.url, Some(other.url("/")));
    let login = "authorization: basic bwu6ceb3\r\n"; // me:p@w, in lower case
    assert!(server.asked().iter().all(|asked| asked.contains(login)), "{:?}", server.asked());
    assert!(!other.asked().concat().contains("authorization"));
}

#[tokio::test]
async fn forbidden_addresses_are_refused_without_connecting() {
    let canary = TcpListener::bind(("127.0.0.2", 0)).await.unwrap();
    let port = canary.local_addr().unwrap().port();
    for target in [
        format!("http://127.0.0.2:{port}/"),
        format!("http://2130706434:{port}/"),
        format!("http://u:p@127.0.0.2:{port}/"),
        "file:///etc/passwd".to_owned(),
        "data:text/xml,<rss/>".to_owned(),
        "http://127.0.0.1:25/".to_owned(),
    ] {
        let server = Server::new([redirect("302 Found", &target)]).await;
        let error = first(server.url("/")).await.unwrap_err();
        assert_eq!(error.kind(), OutcomeKind::Blocked, "{target}: {error}");
        let direct = first(target.parse().unwrap()).await.unwrap_err();
        assert_eq!(direct.kind(), OutcomeKind::Blocked, "{target}: {direct}");
    }
    let touched = tokio::time::timeout(Duration::from_millis(50), canary.accept()).await;
    assert!(touched.is_err(), "the canary was touched");
}

#[tokio::test]
async fn a_name_of_a_forbidden_address_is_refused_too() {
    let nobody = client(|settings| settings.allow_private.clear());
    let error = get(&nobody, "http://localhost:8080/".parse().unwrap(), &Visit::default()).await;
    assert!(matches!(error, Err(FetchError::AddressRefused { .. })), "{error:?}");
}

#[tokio::test]
async fn a_status_that_is_no_document_is_an_error() {
    for (status, headers, kind, retry_after) in [
        ("204 No Content", &[][..], OutcomeKind::Failed, None),
        ("304 Not Modified", &[], OutcomeKind::Failed, None),
        ("302 Found", &[], OutcomeKind::Failed, None),
        ("404 Not Found", &[], OutcomeKind::Failed, None),
        ("410 Gone", &[], OutcomeKind::Gone, None),
        ("429 Too Many", &["Retry-After: 3600"], OutcomeKind::RetryLater, Some(3600)),
        ("503 Busy", &["Retry-After: Sun, 01 Mar 2026 12:30:00 GMT"], OutcomeKind::RetryLater, Some(1800)),
        ("999 Denied", &[], OutcomeKind::Failed, None),
    ] {
        let server = Server::new([answer(status, headers, b"")]).await;
        let error = first(server.url("/")).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(error.http_status(), status[..3].parse().ok());
        assert_eq!(error.retry_after(), retry_after.map(Duration::from_secs), "{status}");
        assert_eq!(server.asked().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn after_a_429_the_host_is_asked_no_more_in_this_run() {
    let server = Server::new([answer("429 Too Many", &["Retry-After: 60"], b"")]).await;
    let client = client(|_| {});
    for path in ["/a", "/b"] {
        let error = get(&client, server.url(path), &Visit::default()).await.unwrap_err();
        assert_eq!(error.kind(), OutcomeKind::RetryLater);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
        assert!(error.whole_host());
    }
    assert_eq!(server.asked().len(), 1);
}

#[tokio::test]
async fn a_broken_answer_is_never_a_document() {
    let head = "HTTP/1.1 200 OK\r\n";
    for (answer, kind) in [
        (format!("{head}Content-Length: 500\r\n\r\n<rss"), OutcomeKind::RetryLater),
        (format!("{head}Transfer-Encoding: chunked\r\n\r\nff\r\n<rss"), OutcomeKind::RetryLater),
        (format!("{head}Transfer-Encoding: chunked\r\n\r\nxyz\r\n"), OutcomeKind::Failed),
        (format!("{head}Content-Length: -5\r\n\r\n<rss/>"), OutcomeKind::Failed),
        (format!("{head}{}\r\n", "X: y\r\n".repeat(2000)), OutcomeKind::Failed),
        (format!("{head}Content-Encoding: x-foo\r\n\r\n<rss/>"), OutcomeKind::Failed),
        ("<rss/>".to_owned(), OutcomeKind::Failed),
    ] {
        let server = Server::new([answer.clone()]).await;
        let error = first(server.url("/")).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{}: {error:?}", answer.escape_debug());
        assert_eq!(server.asked().len(), 1, "{error:?}");
    }
}

#[tokio::test]
async fn a_lost_connection_is_tried_once_more() {
    let server = Server::new([Vec::new(), answer("200 OK", &[], FEED)]).await;
    assert_eq!(page(first(server.url("/")).await).page.body, FEED);
    let silent = Server::new(Vec::<Vec<u8>>::new()).await;
    let error = first(silent.url("/")).await.unwrap_err();
    assert!(matches!(error, FetchError::Disconnected { .. }), "{error:?}");
    assert_eq!(silent.asked().len(), 2);
}

#[tokio::test]
async fn a_server_that_is_not_there_may_come_back() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = first(format!("http://127.0.0.1:{port}/").parse().unwrap()).await.unwrap_err();
    assert!(matches!(error, FetchError::Connect { .. }), "{error:?}");
    assert_eq!(error.kind(), OutcomeKind::RetryLater);
}

#[tokio::test]
async fn a_body_has_its_largest_size() {
    let small = client(|settings| settings.max_bytes = 1000);
    let chunk = format!("3e9\r\n{}\r\n0\r\n\r\n", "x".repeat(1001));
    for answer in [
        answer("200 OK", &[], &[b'x'; 1001]),
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunk}").into(),
        // Refused by its announcement: nothing of it ever comes.
        b"HTTP/1.1 200 OK\r\nContent-Length: 10995116277760\r\n\r\n".to_vec(),
    ] {
        let server = Server::new([answer]).await;
        let error = get(&small, server.url("/"), &Visit::default()).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { limit: 1000, .. }), "{error:?}");
    }
    let server = Server::new([answer("200 OK", &[], &[b'x'; 1000])]).await;
    assert_eq!(page(get(&small, server.url("/"), &Visit::default()).await).page.body.len(), 1000);
}

#[tokio::test]
async fn a_compressed_body_is_decompressed() {
    let mut gzip = Vec::new();
    GzipEncoder::new(FEED).read_to_end(&mut gzip).await.unwrap();
    let headers = ["Content-Encoding: gzip", "Content-Type: application/rss+xml"];
    let server = Server::new([answer("200 OK", &headers, &gzip), answer("200 OK", &[], &gzip)]).await;
    let labelled = page(first(server.url("/")).await);
    assert_eq!(labelled.page.body, FEED);
    assert_eq!(labelled.page.content_type.as_deref(), Some("application/rss+xml"));
    assert_eq!(page(first(server.url("/feed.xml.gz")).await).page.body, FEED);
}

#[tokio::test]
async fn a_slow_drip_dies_at_the_time_out() {
    let server = Server::dripping().await;
    let hasty = client(|settings| settings.timeout = Duration::from_millis(300));
    let begin = std::time::Instant::now();
    let error = get(&hasty, server.url("/"), &Visit::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::TimedOut { .. }), "{error:?}");
    // The drip would last for minutes; a busy machine is forgiven some seconds.
    assert!(begin.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn one_client_serves_many_tasks() {
    let server = Server::new(vec![answer("200 OK", &[], FEED); 8]).await;
    let client = Arc::new(client(|_| {}));
    let mut visits = JoinSet::new();
    for n in 0..8 {
        let (client, url) = (Arc::clone(&client), server.url(&format!("/{n}")));
        visits.spawn(async move { get(&client, url, &Visit::default()).await.is_ok() });
    }
    assert_eq!(visits.join_all().await, [true; 8]);
    assert_eq!(server.asked().len(), 8);
}

#[tokio::test]
async fn a_file_is_a_source_without_a_network() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feed.xml");
    let client = client(|_| {});
    let source = source(Location::File(path.clone()));
    let missing = client.visit(&source, &Visit::default(), now()).await.unwrap_err();
    assert!(matches!(missing, FetchError::FileMissing { .. }), "{missing:?}");

    std::fs::write(&path, FEED).unwrap();
    let document = page(client.visit(&source, &Visit::default(), now()).await);
    assert_eq!((document.page.url.as_ref(), document.status), (None, None));
    assert_eq!(document.page.fetched_at, Some(now()));
    let same = client.visit(&source, &remembered(&document), now()).await;
    assert!(matches!(same, Ok(Fetched::Unchanged { status: None, .. })), "{same:?}");

    std::fs::write(&path, "other").unwrap();
    assert_eq!(page(client.visit(&source, &remembered(&document), now()).await).page.body, b"other");
}

#[tokio::test]
async fn messages_hold_no_secrets() {
    let server = Server::new([answer("404 Not Found", &[], b"")]).await;
    let mut url = server.url("/a?token=s3cret&page=2");
    url.set_username("me").unwrap();
    url.set_password(Some("s3cret")).unwrap();
    let error = first(url).await.unwrap_err();
    assert!(error.to_string().ends_with("/a?token=***&page=2 answered 404"), "{error}");
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[test]
fn a_user_agent_that_cannot_be_sent_is_refused_at_once() {
    let settings = Settings { user_agent: "two\nlines".to_owned(), ..Settings::default() };
    assert!(matches!(Client::new(settings), Err(FetchError::UserAgent { .. })));
}

#[tokio::test]
async fn a_resolver_that_changes_its_answer_leads_nowhere_else() {
    // The name is first that of a server which may be asked, then that of one which may not.
    let good = Server::new([redirect("302", "/b"), answer("200 OK", &[], FEED), answer("200 OK", &[], FEED)]).await;
    let port = good.url("/").port().unwrap();
    let forbidden = TcpListener::bind(("127.9.9.9", port)).await.unwrap();
    let (here, there) = ("127.0.0.1", "127.9.9.9");
    let guard = Guard::new(&["127.0.0.1/32".parse().unwrap()]);
    let guard = guard.told(&[&[here], &[there], &[there], &[there, here], &["::ffff:127.9.9.9", here], &[here]]);
    let client = Client::guarded(Settings { delay: Duration::ZERO, robots: false, ..Settings::default() }, guard);
    let url: Url = format!("http://flip.example:{port}/a").parse().unwrap();
    let refused = |fetched| matches!(fetched, Err(FetchError::AddressRefused { .. }));
    // Within one visit, between two hops; then at the next; then both at once, of which only one is dialled.
    assert!(refused(get(&client, url.clone(), &Visit::default()).await));
    assert!(refused(get(&client, url.clone(), &Visit::default()).await));
    page(get(&client, url.clone(), &Visit::default()).await);
    page(get(&client, url, &Visit::default()).await);
    let touched = tokio::time::timeout(Duration::from_millis(100), forbidden.accept()).await;
    assert!(touched.is_err(), "the forbidden server was connected to");
    assert_eq!(good.asked().len(), 3);
}
