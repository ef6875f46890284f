//! What a dead man's switch hears of the runs.

use super::Town;

/// A town whose runs report to its server, at a secret path.
fn town() -> Town {
    let town = Town::new(&[]);
    let ping = format!("[notify]\nping = \"{}\"\n", town.server.url("/s3cret"));
    town.configure(&ping, &[("a", "/a"), ("b", "/b")]);
    for path in ["/s3cret", "/s3cret/start", "/s3cret/fail"] {
        town.server.answer(path, "200 OK", "", "OK");
    }
    town.feed("/a", 1);
    town.feed("/b", 100);
    town
}

/// The pings since the last time.
fn pings(town: &Town) -> Vec<String> {
    town.server.asked().into_iter().filter(|path| path.starts_with("/s3cret")).collect()
}

#[test]
fn a_run_says_that_it_begins_and_that_it_went_well() {
    let mut town = town();
    let ran = town.cron();
    assert_eq!((ran.code, &*ran.err, pings(&town)), (0, "", vec!["/s3cret/start".to_owned(), "/s3cret".to_owned()]));
    // Also when nothing was due.
    let ran = town.folder.run(&["--now", "2026-11-01T01:01:00Z", "-q", "refresh"]);
    assert_eq!((ran.code, pings(&town)), (0, vec!["/s3cret/start".to_owned(), "/s3cret".to_owned()]));
}

#[test]
fn a_run_in_which_every_source_failed_has_failed() {
    let mut town = town();
    town.fails("/a", "503 Service Unavailable");
    assert_eq!((town.cron().code, pings(&town)), (3, vec!["/s3cret/start".to_owned(), "/s3cret".to_owned()]));
    town.fails("/b", "503 Service Unavailable");
    assert_eq!((town.cron().code, pings(&town)), (4, vec!["/s3cret/start".to_owned(), "/s3cret/fail".to_owned()]));
}

#[test]
fn one_source_that_is_visited_alone_and_fails_is_no_failure_of_the_run() {
    let mut town = town();
    // The other has asked to be left alone.
    town.server.answer("/b", "503 Service Unavailable", "Retry-After: 80000\r\n", "");
    town.cron();
    pings(&town);
    town.fails("/a", "503 Service Unavailable");
    let ran = town.folder.run(&["--now", "2026-11-01T02:00:00Z", "-q", "refresh"]);
    assert_eq!((ran.code, pings(&town)), (4, vec!["/s3cret/start".to_owned(), "/s3cret".to_owned()]));
}

#[test]
fn a_run_that_cannot_be_completed_has_failed() {
    let mut town = town();
    town.folder.write("public", "in the way");
    assert_eq!((town.cron().code, pings(&town)), (73, vec!["/s3cret/start".to_owned(), "/s3cret/fail".to_owned()]));
}

#[test]
fn a_run_that_leaves_the_store_to_another_says_nothing() {
    let mut town = town();
    let location = oncefeed::store::Location::Sqlite(town.folder.path("oncefeed.db"));
    let _lock = oncefeed::store::lock(&location, "process 4711 since then").unwrap();
    assert_eq!((town.cron().code, pings(&town)), (75, Vec::new()));
}

#[test]
fn a_ping_that_is_not_taken_is_a_warning_without_the_secret() {
    let mut town = town();
    town.fails("/s3cret", "500 Internal Server Error");
    let ran = town.cron();
    assert_eq!(ran.code, 0);
    assert!(ran.err.starts_with("warning: the ping was not taken: http://127.0.0.1"), "{}", ran.err);
    assert!(ran.err.contains("/*** answered 500") && !ran.err.contains("s3cret"), "{}", ran.err);
}

#[test]
fn the_ping_obeys_the_guard_of_all_addresses() {
    let town = town();
    let text = town.folder.read("oncefeed.toml").replace("allow_private = [\"127.0.0.1/32\"]\n", "");
    town.folder.write("oncefeed.toml", &text);
    let ran = town.folder.run(&["-q", "refresh"]);
    assert!(ran.err.contains("the ping was not taken: ") && ran.err.contains("not a public address"), "{}", ran.err);
    assert_eq!(pings(&town), Vec::<String>::new());
}

#[test]
fn a_ping_that_is_no_address_is_a_mistake_that_is_not_shown() {
    let town = town();
    town.configure("[notify]\nping = \"hc-ping.example/s3cret\"\n", &[]);
    let ran = town.folder.run(&["check"]);
    assert_eq!(ran.code, 78);
    assert!(
        ran.err.contains("ping = ***") && ran.err.contains("no address of the web") && !ran.err.contains("s3cret"),
        "{}",
        ran.err
    );
}
