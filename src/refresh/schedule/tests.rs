//! When sources are due, in the words of those who run them and those who are visited.

use super::*;
use crate::model::{Kind, Outcome, SourceId, Validators};

const DAY: u64 = 24 * 60;

fn now() -> DateTime<Utc> {
    // A Sunday.
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

fn source(every: u64) -> Source {
    let location = Location::Web("https://n.example/feed".parse().unwrap());
    Source { every: minutes(every), ..Source::plain(SourceId::new("news").unwrap(), location, Kind::Auto) }
}

fn with_validators(visit: Visit) -> Visit {
    Visit { validators: Validators { etag: Some("\"a\"".to_owned()), ..Validators::default() }, ..visit }
}

/// Minutes until the next visit to a source whose floor is an hour.
#[track_caller]
fn check_success(visit: &Visit, max_age: Option<u64>, expected: u64) {
    let next = after_success(&source(60), visit, max_age.map(minutes), now());
    assert_eq!((next - now()).num_minutes(), expected.cast_signed(), "{visit:?}");
}

#[test]
fn the_latest_of_all_wishes_counts() {
    let ttl = |ttl| Visit { wishes: Wishes { ttl: Some(minutes(ttl)), ..Wishes::default() }, ..Visit::default() };
    check_success(&Visit::default(), None, 60);
    check_success(&Visit::default(), Some(15), 60);
    check_success(&Visit::default(), Some(90), 90);
    check_success(&ttl(120), Some(90), 120);
    check_success(&ttl(30), None, 60);
    // Servers are believed for a week, documents for a day.
    check_success(&Visit::default(), Some(30 * DAY), 7 * DAY);
    check_success(&ttl(30 * DAY), None, DAY);
}

#[test]
fn hours_and_days_to_be_skipped_are_passed_over() {
    let skipping = |hours: &[u32], days: &[chrono::Weekday]| {
        let mut wishes = Wishes::default();
        hours.iter().for_each(|hour| wishes.skip_hour(*hour));
        days.iter().for_each(|day| wishes.skip_day(*day));
        Visit { wishes, ..Visit::default() }
    };
    use chrono::Weekday::{Mon, Sat, Sun};
    check_success(&skipping(&[12], &[]), None, 60);
    check_success(&skipping(&[13, 14, 16], &[]), None, 3 * 60);
    check_success(&skipping(&[], &[Sat]), None, 60);
    check_success(&skipping(&[], &[Sat, Sun]), None, 12 * 60);
    check_success(&skipping(&[0, 1], &[Sun, Mon]), None, 12 * 60 + DAY + 2 * 60);
    // An hour from half past on ends at its end.
    let half_past = now() + TimeDelta::minutes(30);
    let next = after_success(&source(60), &skipping(&[13], &[]), None, half_past);
    assert_eq!(next, now() + TimeDelta::hours(2));
    // Who skips all the time means nothing by it.
    check_success(&skipping(&(0..24).collect::<Vec<_>>(), &[]), None, 60);
}

/// How a source with validators whose stories come so many minutes apart is visited.
#[track_caller]
fn check_gap(gap: u64, successes: u32, idle: u32, expected: u64) {
    check_success(
        &with_validators(Visit { gap: Some(minutes(gap)), successes, idle, ..Visit::default() }),
        None,
        expected,
    );
}

#[test]
fn who_has_news_less_often_is_visited_less_often() {
    check_gap(480, 10, 3, 240);
    check_gap(480, 10, 30, 240);
    check_gap(30 * DAY, 10, 3, DAY);
    check_gap(10, 10, 3, 60);
    // Not before that is sure, and no longer once there were news.
    check_gap(480, 4, 3, 60);
    check_gap(480, 10, 2, 60);
    check_gap(480, 10, 0, 60);
    // Whoever does not tell is visited as configured, however often in vain.
    check_success(&with_validators(Visit { successes: 99, idle: 99, ..Visit::default() }), None, 60);
    // A floor above a day stays.
    let visit = with_validators(Visit { gap: Some(minutes(30 * DAY)), successes: 9, idle: 9, ..Visit::default() });
    assert_eq!(after_success(&source(2 * DAY), &visit, None, now()), now() + TimeDelta::days(2));
}

#[test]
fn who_gives_no_validators_and_no_news_is_visited_ever_less() {
    let idle = |idle| Visit { idle, successes: idle + 1, ..Visit::default() };
    let waits: Vec<i64> =
        (1..9).map(|times| (after_success(&source(60), &idle(times), None, now()) - now()).num_hours()).collect();
    assert_eq!(waits, [1, 1, 2, 4, 8, 16, 24, 24]);
    check_success(&idle(u32::MAX - 1), None, DAY);
}

#[test]
fn the_gap_is_the_middle_one_of_the_newest() {
    let ago =
        |hours: &[i64]| gap(hours.iter().map(|hours| now() - TimeDelta::hours(*hours))).map(|gap| gap.as_secs() / 3600);
    assert_eq!(ago(&[]), None);
    assert_eq!(ago(&[0, 5]), None);
    assert_eq!(ago(&[0, 5, 10]), Some(5));
    assert_eq!(ago(&[10, 0, 5, 900]), Some(5), "in any order, and one old story changes nothing");
    assert_eq!(ago(&[3; 9]), Some(0));
    let burst_of_old: Vec<i64> = (0..20).map(|n| n * 4).chain((0..90).map(|_| 9000)).collect();
    assert_eq!(ago(&burst_of_old), Some(4), "only the last 20 count");
}

fn failed(failures: u32) -> Visit {
    Visit { failures, ..Visit::default() }
}

fn status(code: u16, retry_after: Option<u64>) -> FetchError {
    let retry_after = retry_after.map(minutes);
    FetchError::Status { url: String::new(), code, retry_after, challenge: false }
}

/// Minutes until the next visit to a source whose floor is an hour, after its n-th failure in a row.
#[track_caller]
fn check_failure(failure: Option<&FetchError>, failures: u32, expected: u64) {
    let next = after_failure(&source(60), &failed(failures), failure, None, now());
    assert_eq!((next - now()).num_minutes(), expected.cast_signed(), "{failure:?}, number {failures}");
}

#[test]
fn failures_back_off() {
    let busy = status(503, None);
    for (failures, expected) in [(1, 60), (2, 60), (3, 60), (4, 120), (5, 240), (99, DAY)] {
        check_failure(Some(&busy), failures, expected);
    }
    check_failure(Some(&status(503, Some(90))), 1, 90);
    check_failure(Some(&status(429, Some(7 * DAY))), 1, 7 * DAY);
    for (failures, expected) in [(1, 60), (2, 120), (3, 240), (99, 7 * DAY)] {
        check_failure(Some(&status(404, None)), failures, expected);
        check_failure(None, failures, expected);
    }
    check_failure(Some(&status(410, None)), 1, 30 * DAY);
    // A document that could not be read is as fresh as any other.
    let next = after_failure(&source(60), &failed(1), None, Some(minutes(DAY)), now());
    assert_eq!(next, now() + TimeDelta::days(1));
}

#[test]
fn a_server_that_was_not_reached_is_tried_again_soon() {
    let nobody = FetchError::Dns { url: String::new(), cause: crate::fetch::Cause::of(&std::fmt::Error) };
    for (failures, expected) in [(1, 15), (2, 30), (3, 60), (9, DAY)] {
        check_failure(Some(&nobody), failures, expected);
    }
    let waits = || FetchError::HostWaits { host: String::new(), retry_after: minutes(20) };
    check_failure(Some(&waits()), 5, 20);
    // Its own server was, and led to one that waits.
    check_failure(Some(&FetchError::Beyond { cause: Box::new(waits()) }), 1, 60);
}

/// Whether a source that was visited `last` and is to be visited `next` (minutes from now) is due.
#[track_caller]
fn check_due(last: i64, next: i64, force: bool, expected: bool) {
    let at = |minutes| Some(now() + TimeDelta::minutes(minutes));
    let outcome = Some(Outcome::success(OutcomeKind::Ok, Some(200)));
    let visit = Visit { last: at(last), next: at(next), outcome, ..Visit::default() };
    let options = Options { now: now(), force, all: false };
    assert_eq!(is_due(&source(60), &visit, options), expected, "last {last}, next {next}");
}

#[test]
fn a_source_is_due_at_its_time_and_not_before() {
    check_due(-60, 0, false, true);
    check_due(-59, 1, false, false);
    check_due(-59, 1, true, true);
    let nearly = Visit { next: Some(now() + TimeDelta::seconds(5)), ..Visit::default() };
    let options = Options { now: now(), force: false, all: false };
    assert!(is_due(&source(60), &nearly, options), "cron is not exact");
    let early = Visit { next: Some(now() + TimeDelta::seconds(6)), ..Visit::default() };
    assert!(!is_due(&source(60), &early, options));
    assert!(is_due(&source(60), &Visit::default(), options), "never visited");
}

#[test]
fn a_clock_that_was_wrong_silences_nobody() {
    const DAY: i64 = 24 * 60;
    // Ten years ahead and back; then a day and an hour.
    check_due(3650 * DAY, 3650 * DAY + 60, false, true);
    check_due(DAY + 60, DAY + 120, false, true);
    // A clock that was set right by a little changes nothing.
    check_due(30, 90, false, false);
    // A floor that is higher than any of ours is kept; once it is lower, it does not silence either.
    let far = Visit { last: Some(now()), next: Some(now() + TimeDelta::days(90)), ..Visit::default() };
    let options = Options { now: now() + TimeDelta::hours(1), force: false, all: false };
    assert!(!is_due(&source(90 * DAY.unsigned_abs()), &far, options));
    assert!(is_due(&source(60), &far, options));
    // The longest waits there are.
    check_due(0, 7 * DAY, false, false);
    check_due(-1, 30 * DAY, false, false);
}
