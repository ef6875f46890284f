//! Good conduct over the wire: robots.txt, hosts that wait, and moves.

use std::sync::Mutex;

use async_trait::async_trait;
use chrono::TimeDelta;

use super::*;
use crate::fetch::Memory;
use crate::model::{Host, Robots};

/// What earlier runs have learned, of one site.
#[derive(Default)]
struct Known(Mutex<Option<Robots>>);

#[async_trait]
impl Memory for Known {
    async fn robots(&self, origin: &str) -> Option<Robots> {
        self.0.lock().unwrap().clone().filter(|robots| robots.origin == origin)
    }

    async fn keep(&self, robots: &Robots) {
        *self.0.lock().unwrap() = Some(robots.clone());
    }
}

fn robots(lines: &str) -> Vec<u8> {
    answer("200 OK", &["Content-Type: text/plain"], format!("User-agent: *\n{lines}\n").as_bytes())
}

fn html() -> Vec<u8> {
    answer("200 OK", &[], b"<p>page</p>")
}

/// What was asked for, in order.
fn paths(server: &Server) -> Vec<String> {
    server.asked().iter().map(|asked| asked.split(' ').nth(1).unwrap_or_default().to_owned()).collect()
}

/// The first answer is that to robots.txt, the second, if any is given, the page.
#[track_caller]
fn check_verdict<T>(verdict: &Result<T, FetchError>, is_allowed: bool, what: &str) {
    match verdict {
        Ok(_) => assert!(is_allowed, "{what}: it was fetched"),
        Err(FetchError::RobotsForbid { .. } | FetchError::RobotsUnknown { .. }) => assert!(!is_allowed, "{what}"),
        Err(other) => panic!("{what}: {other:?}"),
    }
}

#[tokio::test]
async fn a_page_that_we_choose_obeys_robots_txt() {
    let server = Server::new([robots("Disallow: /private"), html(), html()]).await;
    let client = client(|_| {});
    assert!(client.page(&server.url("/a"), now()).await.is_ok());
    let closed = client.page(&server.url("/private/a?token=s3cret"), now()).await.unwrap_err();
    assert!(closed.to_string().ends_with("/private/a?token=*** is closed to programs, says the site's robots.txt"));
    assert!(client.page(&server.url("/b"), now()).await.is_ok());
    assert_eq!(paths(&server), ["/robots.txt", "/a", "/b"], "the rules are asked for once");
    assert!(server.asked()[0].contains("accept-encoding: identity\r\n"), "{}", server.asked()[0]);
}

#[tokio::test]
async fn what_the_user_named_is_exempt_and_so_is_all_when_told_so() {
    let server = Server::new([html(), html()]).await;
    assert!(first(server.url("/private")).await.is_ok());
    assert!(client(|settings| settings.robots = false).page(&server.url("/private"), now()).await.is_ok());
    assert_eq!(paths(&server), ["/private", "/private"]);
}

#[tokio::test]
async fn each_answer_to_robots_txt_means_something() {
    for (what, answers, is_allowed) in [
        ("404", vec![answer("404 Not Found", &[], b"Disallow: /"), html()], true),
        ("403", vec![answer("403 Forbidden", &[], b""), html()], true),
        ("204", vec![answer("204 No Content", &[], b""), html()], true),
        ("empty", vec![answer("200 OK", &[], b""), html()], true),
        ("500", vec![answer("500 Oops", &[], b"")], false),
        ("503", vec![answer("503 Busy", &[], b"")], false),
        ("cut off", vec![b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser".to_vec()], false),
        ("not HTTP", vec![b"hello".to_vec()], false),
        ("no answer", vec![Vec::new(), Vec::new()], false),
        ("led on to rules", vec![redirect("301 Moved", "/r"), robots("Disallow: /"), html()], false),
        ("led on to nothing", vec![redirect("302 Found", "/r"), answer("404 Not Found", &[], b""), html()], true),
        ("led to a forbidden address", vec![redirect("302 Found", "http://10.0.0.1/")], false),
    ] {
        let server = Server::new(answers).await;
        check_verdict(&client(|_| {}).page(&server.url("/a"), now()).await, is_allowed, what);
    }
    let hops = (0..6).map(|_| redirect("301 Moved", "/next")).chain([html()]);
    let endless = Server::new(hops).await;
    check_verdict(&client(|_| {}).page(&endless.url("/a"), now()).await, true, "more than five hops");
    assert_eq!(paths(&endless).len(), 7);
}

#[tokio::test]
async fn a_site_that_says_too_many_requests_is_left_alone_and_asked_again_later() {
    let server = Server::new([answer("429 Too Many", &["Retry-After: 60"], b""), robots("Disallow: /x"), html()]).await;
    let client = client(|_| {});
    for _ in 0..2 {
        let error = client.page(&server.url("/a"), now()).await.unwrap_err();
        assert!(error.whole_host(), "{error:?}");
    }
    assert_eq!(paths(&server), ["/robots.txt"]);
    assert!(client.page(&server.url("/a"), now() + TimeDelta::seconds(60)).await.is_ok());
}

#[tokio::test]
async fn only_the_beginning_of_a_long_robots_txt_is_read() {
    let long = |beyond: usize| {
        let mut text = "User-agent: *\nDisallow: /early\n".to_owned();
        while text.len() < beyond {
            text += "# nothing but a line that takes room\n";
        }
        answer("200 OK", &[], format!("{text}Disallow: /late\n").as_bytes())
    };
    for (bytes, late_is_allowed) in [(400 * 1024, false), (500 * 1024, true), (3 * 1024 * 1024, true)] {
        let server = Server::new([long(bytes), html()]).await;
        let client = client(|settings| settings.max_bytes = 1024 * 1024);
        check_verdict(&client.page(&server.url("/early"), now()).await, false, "the beginning");
        check_verdict(&client.page(&server.url("/late"), now()).await, late_is_allowed, &format!("{bytes} bytes"));
    }
}

#[tokio::test]
async fn rules_are_those_of_the_site_that_a_redirect_leads_to() {
    let other = Server::new([robots("Disallow: /closed"), html()]).await;
    let server = Server::new([
        robots(""),
        redirect("302 Found", other.url("/closed").as_str()),
        redirect("302 Found", other.url("/open").as_str()),
    ])
    .await;
    let client = client(|_| {});
    check_verdict(&client.page(&server.url("/a"), now()).await, false, "closed");
    let opened = client.page(&server.url("/b"), now()).await.unwrap();
    assert_eq!(opened.page.url, Some(other.url("/open")));
    assert_eq!(paths(&other), ["/robots.txt", "/open"]);
}

#[tokio::test]
async fn tasks_that_come_together_ask_for_the_rules_once() {
    let server = Server::new([robots("Disallow: /x"), html(), html(), html()]).await;
    let client = Arc::new(client(|_| {}));
    let mut pages = JoinSet::new();
    for n in 0..3 {
        let (client, url) = (Arc::clone(&client), server.url(&format!("/{n}")));
        pages.spawn(async move { client.page(&url, now()).await.is_ok() });
    }
    assert_eq!(pages.join_all().await, [true; 3]);
    assert_eq!(paths(&server).iter().filter(|path| *path == "/robots.txt").count(), 1);
}

#[tokio::test]
async fn rules_hold_for_a_day_over_all_runs() {
    let server = Server::new([robots("Disallow: /a"), robots("Disallow: /b")]).await;
    let known = Known::default();
    for (hours, path) in [(0, "/a"), (23, "/a"), (24, "/b"), (47, "/b")] {
        let page = client(|_| {})
            .page_of(None, &server.url(path), &Validators::default(), now() + TimeDelta::hours(hours), &known)
            .await;
        check_verdict(&page, false, &format!("{path} after {hours} h"));
    }
    assert_eq!(paths(&server), ["/robots.txt", "/robots.txt"]);
    // What was learned under another name, or by a clock that was wrong, counts for nothing.
    let server = Server::new([robots("Disallow: /a"), robots(""), html(), robots("Disallow: /a")]).await;
    let known = Known::default();
    let other = client(|settings| settings.user_agent = "other/1".to_owned());
    let far = now() + TimeDelta::days(3650);
    check_verdict(
        &client(|_| {}).page_of(None, &server.url("/a"), &Validators::default(), far, &known).await,
        false,
        "ten years ahead",
    );
    let _ = client(|_| {}).page_of(None, &server.url("/a"), &Validators::default(), now(), &known).await;
    let _ = other.page_of(None, &server.url("/a"), &Validators::default(), now(), &known).await;
    assert_eq!(paths(&server).iter().filter(|path| *path == "/robots.txt").count(), 3);
}

/// Whether a page is fetched while robots.txt answers 500 from the n-th hour on, which was asked for at
/// each of these hours.
async fn check_outage(first: &[u8], hours: &[(i64, bool)]) {
    let known = Known::default();
    if !first.is_empty() {
        let server = Server::new([first.to_vec(), html()]).await;
        let _ = client(|_| {})
            .page_of(None, &server.url("/a"), &Validators::default(), now() - TimeDelta::hours(24), &known)
            .await;
    }
    for (hour, is_allowed) in hours {
        let server = Server::new([answer("500 Oops", &[], b""), html()]).await;
        let origin = server.url("/").origin().ascii_serialization();
        known.0.lock().unwrap().iter_mut().for_each(|robots| robots.origin.clone_from(&origin));
        let page = client(|_| {})
            .page_of(None, &server.url("/a"), &Validators::default(), now() + TimeDelta::hours(*hour), &known)
            .await;
        let is_asked = paths(&server).first().is_some_and(|path| path == "/robots.txt");
        assert_eq!(is_asked, hour % 24 == 0, "at hour {hour}");
        // Where the failure is remembered, the one answer of the server is for the page.
        if is_asked || !is_allowed {
            check_verdict(&page, *is_allowed, &format!("hour {hour}"));
        }
    }
}

#[tokio::test]
async fn a_site_out_of_reach_is_closed_for_a_day_and_then_as_it_was() {
    check_outage(&robots("Disallow: /x"), &[(0, false), (1, false), (24, true), (48, true)]).await;
    check_outage(&robots("Disallow: /a"), &[(0, false), (24, false), (48, false)]).await;
    // One that never was reached stays closed for a month (RFC 9309 §2.3.1.4).
    check_outage(b"", &[(0, false), (1, false), (24, false), (29 * 24, false), (30 * 24, true)]).await;
}

#[tokio::test]
async fn a_host_that_waits_is_known_until_it_is_saved() {
    let server = Server::new([answer("429 Too Many", &["Retry-After: 60"], b"")]).await;
    let told = client(|_| {});
    assert!(told.unsaved_hosts().is_empty());
    get(&told, server.url("/a"), &Visit::default()).await.unwrap_err();
    let waits = vec![Host { name: "127.0.0.1".to_owned(), waits_until: now() + TimeDelta::seconds(60) }];
    assert_eq!(told.unsaved_hosts(), waits);
    assert!(told.waits(&server.url("/b"), now()) && !told.waits(&server.url("/b"), waits[0].waits_until));
    told.saved_hosts(&waits);
    assert!(told.unsaved_hosts().is_empty());

    // The next run.
    let next = client(|_| {});
    next.recall_hosts(&waits, now());
    let error = get(&next, server.url("/b"), &Visit::default()).await.unwrap_err();
    assert!(matches!(error, FetchError::HostWaits { .. }), "{error:?}");
    assert!(next.unsaved_hosts().is_empty(), "what was recalled is saved already");
    assert_eq!(server.asked().len(), 1);
    // One whose clock was set back by years.
    let later = client(|_| {});
    later.recall_hosts(&waits, now() - TimeDelta::days(365));
    assert!(!later.waits(&server.url("/"), now() - TimeDelta::days(365)));
}

#[tokio::test]
async fn a_move_is_told_by_a_304_too() {
    let server = Server::new([
        redirect("301 Moved", "/b"),
        answer("200 OK", &["ETag: \"b\""], FEED),
        redirect("301 Moved", "/b"),
        answer("304 Not Modified", &[], b""),
    ])
    .await;
    let client = client(|_| {});
    let document = page(get(&client, server.url("/a"), &Visit::default()).await);
    // As when the move was not believed the first time.
    let visit = Visit { moved_to: None, ..remembered(&document) };
    let again = get(&client, server.url("/a"), &visit).await;
    let Ok(Fetched::Unchanged { moved_to, status: Some(304), .. }) = again else { panic!("not unchanged: {again:?}") };
    assert_eq!(moved_to.as_deref(), Some(&server.url("/b")));
}

#[tokio::test]
async fn a_source_whose_compression_is_broken_is_asked_for_plain_text() {
    let broken =
        answer("200 OK", &["Content-Encoding: gzip"], b"\x1f\x8b\x08\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff");
    let unknown = answer("200 OK", &["Content-Encoding: x-foo"], FEED);
    let server = Server::new([broken, unknown, answer("200 OK", &[], FEED)]).await;
    let client = client(|_| {});
    for _ in 0..2 {
        let error = get(&client, server.url("/"), &Visit::default()).await.unwrap_err();
        assert!(error.is_of_compression(), "{error:?}");
    }
    let visit = Visit { uncompressed: true, ..Visit::default() };
    assert!(get(&client, server.url("/"), &visit).await.is_ok());
    assert!(server.asked()[0].contains("accept-encoding: gzip, br, zstd, deflate\r\n"));
    let last = &server.asked()[2];
    assert!(last.contains("accept-encoding: identity\r\n") && last.matches("accept-encoding").count() == 1, "{last}");
}

#[tokio::test]
async fn a_robots_txt_without_end_is_known_as_one_before_the_page_is_given_up() {
    let (server, known) = (Server::dripping().await, Known::default());
    let client = client(|settings| settings.timeout = Duration::from_secs(60));
    let url = server.url("/a");
    let none = Validators::default();
    let page = client.page_of(None, &url, &none, now(), &known);
    let page = tokio::time::timeout(Duration::from_secs(20), page).await.expect("a story's page has no more time");
    check_verdict(&page, false, "a drip");
    assert!(known.0.lock().unwrap().as_ref().is_some_and(|robots| robots.unreachable.is_some()));
}

#[tokio::test]
async fn a_source_that_leads_to_a_host_that_waits_was_asked() {
    let server = Server::new(vec![redirect("302 Found", "http://127.0.0.2:8080/feed"); 2]).await;
    let client = client(|settings| settings.allow_private = vec!["127.0.0.0/8".parse().unwrap()]);
    let waits = Host { name: "127.0.0.2".to_owned(), waits_until: now() + TimeDelta::seconds(60) };
    client.recall_hosts(&[waits], now());
    let error = get(&client, server.url("/a"), &Visit::default()).await.unwrap_err();
    assert!(error.was_asked() && !matches!(error, FetchError::HostWaits { .. }), "{error:?}");
    assert_eq!((error.kind(), error.retry_after()), (OutcomeKind::RetryLater, Some(Duration::from_secs(60))));
    assert!(error.to_string().starts_with("127.0.0.2 is left alone"), "{error}");
}
