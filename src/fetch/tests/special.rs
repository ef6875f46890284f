//! Sources with credentials and limits of their own: what they send, and to whom.

use std::time::{Duration, Instant};

use url::Url;

use super::server::{Server, answer, redirect};
use super::{FEED, client, now, page, remembered, source};
use crate::fetch::permission::Forgetful;
use crate::fetch::{FetchError, Fetched};
use crate::model::{Access, Location, Login, OutcomeKind, Secret, Source, Visit};

fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// Everything that may be sent.
fn all() -> Access {
    Access {
        login: Some(Login::Bearer(secret("t0ken"))),
        headers: vec![("x-key".to_owned(), secret("s3cret")), ("accept".to_owned(), secret("text/x-feed"))],
        cookies: Some(secret("a=b; c=d")),
        user_agent: Some("special/1".to_owned()),
        ..Access::default()
    }
}

pub(super) fn with(url: Url, access: Access) -> Source {
    Source { access, ..source(Location::Web(url)) }
}

async fn visit(url: Url, access: Access) -> Result<Fetched, FetchError> {
    client(|_| {}).visit(&with(url, access), &Visit::default(), now()).await
}

const SENT: [&str; 3] = ["authorization: bearer t0ken\r\n", "x-key: s3cret\r\n", "cookie: a=b; c=d\r\n"];

#[track_caller]
fn carries(asked: &str, expected: bool) {
    for line in SENT {
        assert_eq!(asked.contains(line), expected, "{line:?}: {asked}");
    }
}

#[tokio::test]
async fn a_source_sends_what_is_configured_for_it_and_no_other_does() {
    let server = Server::new(vec![answer("200 OK", &["Set-Cookie: a=x; e=f"], FEED); 3]).await;
    let client = client(|_| {});
    for access in [all(), all(), Access::default()] {
        client.visit(&with(server.url("/"), access), &Visit::default(), now()).await.unwrap();
    }
    let [first, second, other] = server.asked().try_into().unwrap();
    carries(&first, true);
    assert!(first.contains("user-agent: special/1\r\n") && !first.contains("user-agent: oncefeed"), "{first}");
    assert!(first.contains("accept: text/x-feed\r\n") && !first.contains("atom"), "{first}");
    // What the server sets is not kept.
    assert_eq!(second, first);
    carries(&other, false);
    assert!(other.contains("user-agent: oncefeed/") && !other.contains("cookie"), "{other}");
}

#[tokio::test]
async fn a_user_name_and_a_password_are_sent_as_the_standard_says() {
    let server = Server::new([answer("200 OK", &[], FEED)]).await;
    let login = Login::Basic { username: secret("Aladdin"), password: secret("open sesame") };
    page(visit(server.url("/"), Access { login: Some(login), ..Access::default() }).await);
    // RFC 7617 §2, in lower case.
    assert!(
        server.asked()[0].contains("authorization: basic qwxhzgrpbjpvcgvuihnlc2ftzq==\r\n"),
        "{:?}",
        server.asked()
    );
}

#[tokio::test]
async fn credentials_never_leave_the_origin() {
    for code in ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"] {
        let other = Server::new([answer("200 OK", &[], FEED)]).await;
        // Another port is another origin.
        let home = Server::new([redirect(code, "/b"), redirect(code, other.url("/c").as_str())]).await;
        page(visit(home.url("/a"), all()).await);
        home.asked().iter().for_each(|asked| carries(asked, true));
        assert_eq!(home.asked().len(), 2);
        carries(&other.asked()[0], false);
        assert!(!other.asked()[0].contains("text/x-feed"), "no header that is configured: {:?}", other.asked());
        assert!(other.asked()[0].contains("user-agent: special/1"));
    }
}

#[tokio::test]
async fn where_a_source_moved_to_gets_none_either() {
    let other = Server::new([answer("200 OK", &[], FEED)]).await;
    let moved = Visit { moved_to: Some(other.url("/new")), ..Visit::default() };
    let home = with("http://n.example/".parse().unwrap(), all());
    client(|_| {}).visit(&home, &moved, now()).await.unwrap();
    carries(&other.asked()[0], false);
}

#[tokio::test]
async fn pages_of_a_source_get_its_credentials_at_home_alone() {
    let home = Server::new(vec![answer("200 OK", &[], FEED); 2]).await;
    let other = Server::new([answer("200 OK", &[], FEED)]).await;
    let (client, source) = (client(|settings| settings.robots = false), with(home.url("/feed"), all()));
    client.page_of(Some(&source), &home.url("/1"), now(), &Forgetful).await.unwrap();
    client.page_of(Some(&source), &other.url("/2"), now(), &Forgetful).await.unwrap();
    client.page(&home.url("/3"), now()).await.unwrap();
    carries(&home.asked()[0], true);
    carries(&home.asked()[1], false);
    carries(&other.asked()[0], false);
    assert!(other.asked()[0].contains("user-agent: special/1"));
}

#[tokio::test]
async fn a_source_has_limits_of_its_own() {
    let server = Server::new([answer("200 OK", &[], &[b'x'; 101]), answer("200 OK", &[], &[b'x'; 101])]).await;
    let small = Access { max_bytes: Some(100), ..Access::default() };
    let error = visit(server.url("/"), small).await.unwrap_err();
    assert!(matches!(error, FetchError::TooLarge { limit: 100, .. }), "{error:?}");
    assert!(visit(server.url("/"), Access { max_bytes: Some(101), ..Access::default() }).await.is_ok());

    let begin = Instant::now();
    let hasty = Access { timeout: Some(Duration::from_millis(300)), ..Access::default() };
    let error = visit(Server::dripping().await.url("/"), hasty).await.unwrap_err();
    assert!(matches!(error, FetchError::TimedOut { .. }), "{error:?}");
    assert!(begin.elapsed() < Duration::from_secs(4), "the others' is five seconds");
}

#[tokio::test]
async fn messages_show_no_secret_that_a_server_repeats() {
    let server =
        Server::new([redirect("302 Found", "/login?from=s3cret&who=t0ken"), answer("404 Not Found", &[], b"")]);
    let error = visit(server.await.url("/"), all()).await.unwrap_err();
    assert!(error.to_string().ends_with("/login?from=***&who=*** answered 404"), "{error}");
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
}

/// A source whose address is a secret.
fn veiled(url: Url) -> Source {
    let access = Access {
        shown: Some("http://127.0.0.1/${KEY}".to_owned()),
        parts: vec![secret("s3cret")],
        ..Access::default()
    };
    with(url, access)
}

#[tokio::test]
async fn of_a_secret_address_no_message_shows_more_than_the_host() {
    let server = Server::new([redirect("302 Found", "/made-of-it"), answer("410 Gone", &[], b"")]).await;
    let error = client(|_| {}).visit(&veiled(server.url("/s3cret")), &Visit::default(), now()).await.unwrap_err();
    assert_eq!(error.kind(), OutcomeKind::Gone);
    assert_eq!(error.to_string(), format!("{} answered 410", server.url("/***")));
}

#[tokio::test]
async fn where_a_secret_address_leads_is_not_written_down() {
    let moved = [redirect("301 Moved", "/new/s3cret"), answer("200 OK", &["ETag: \"new\""], FEED)];
    let server = Server::new(moved.iter().chain(&moved).cloned()).await;
    let (client, source) = (client(|_| {}), veiled(server.url("/s3cret")));
    let document = page(client.visit(&source, &Visit::default(), now()).await);
    assert_eq!(document.moved_to, None);
    // So the next visit begins at the old address, which knows nothing of this.
    assert_eq!(document.validators.etag, None);
    let again = client.visit(&source, &remembered(&document), now()).await;
    assert!(matches!(again, Ok(Fetched::Unchanged { status: Some(200), .. })), "{again:?}");
    assert!(server.asked().iter().all(|asked| !asked.contains("if-none-match")));
}
