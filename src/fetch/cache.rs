//! What the headers of an answer say about time: `Cache-Control`, `Expires`, `Retry-After`.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use reqwest::header::{AGE, CACHE_CONTROL, DATE, EXPIRES, HeaderMap, HeaderName, RETRY_AFTER};

use super::LONGEST_WAIT;

/// How long an answer stays good, by the server's word (RFC 9111 §4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// Not to be asked again for so long, at most seven days: the later of what the answer's age allows
    /// and `Retry-After`. `None`: the server said nothing, or that the answer is not to be kept.
    pub max_age: Option<Duration>,
}

impl Freshness {
    /// Of a 200 or a 304 that came at `now`.
    pub(super) fn of(headers: &HeaderMap, now: DateTime<Utc>) -> Freshness {
        let wait = retry_after(headers, now).filter(|wait| !wait.is_zero());
        Freshness { max_age: Freshness::by_age(headers, now).max_age.max(wait) }
    }

    fn by_age(headers: &HeaderMap, now: DateTime<Utc>) -> Freshness {
        let control = text(headers, CACHE_CONTROL);
        if directive(&control, "no-store").is_some() || directive(&control, "no-cache").is_some() {
            return Freshness::default();
        }
        let lifetime = match directive(&control, "max-age") {
            // §5.3: where `max-age` is given, `Expires` is not looked at.
            Some(age) => seconds(age),
            None => until_expiry(headers, now),
        };
        // What a shared cache has kept for a while is fresh for that much less (§4.2.3).
        let age = seconds(&text(headers, AGE)).unwrap_or_default();
        let max_age = lifetime.map(|lifetime| lifetime.saturating_sub(age).min(LONGEST_WAIT));
        Freshness { max_age: max_age.filter(|age| !age.is_zero()) }
    }
}

/// `Retry-After` (RFC 9110 §10.2.3), from `now`, at most seven days. `None`: absent or unreadable.
pub(super) fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER);
    let wait = seconds(&value).or_else(|| Some(between(now.into(), date(&value)?)))?;
    Some(wait.min(LONGEST_WAIT))
}

/// Measured on the server's own clock where it tells it. An unreadable `Expires`, often `0` or
/// `-1`, means expired (§5.3).
fn until_expiry(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let expires = date(&text(headers, EXPIRES))?;
    let sent = date(&text(headers, DATE)).unwrap_or_else(|| now.into());
    Some(between(sent, expires))
}

/// The value of a directive, empty where it has none. The first one counts (§4.2.1).
fn directive<'a>(control: &'a str, name: &str) -> Option<&'a str> {
    control.split(',').find_map(|part| {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().trim_matches('"'))
    })
}

/// Whole seconds; more than a number can hold are still very many (§1.2.2).
fn seconds(value: &str) -> Option<Duration> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| Duration::from_secs(value.parse().unwrap_or(u64::from(u32::MAX))))
}

fn date(value: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(value).ok()
}

fn between(from: SystemTime, to: SystemTime) -> Duration {
    to.duration_since(from).unwrap_or_default()
}

/// All values of a header as one list; what is not text is left out.
fn text(headers: &HeaderMap, name: HeaderName) -> String {
    let values = headers.get_all(name);
    values.iter().filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    const NOW: &str = "2026-03-01T12:00:00Z";
    const HOUR: u64 = 3600;

    fn now() -> DateTime<Utc> {
        NOW.parse().unwrap()
    }

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[track_caller]
    fn check(lines: &[(&'static str, &'static str)], expected: Option<u64>) {
        let freshness = Freshness::of(&headers(lines), now());
        assert_eq!(freshness.max_age, expected.map(Duration::from_secs));
    }

    #[test]
    fn max_age_is_taken() {
        check(&[("cache-control", "max-age=3600")], Some(HOUR));
        check(&[("cache-control", "public, Max-Age = 60")], Some(60));
        check(&[("cache-control", "max-age=\"60\"")], Some(60));
        check(&[("cache-control", "public"), ("cache-control", "max-age=60")], Some(60));
        check(&[("cache-control", "max-age=60, max-age=90")], Some(60));
        check(&[("cache-control", "max-age=3600"), ("age", "3000")], Some(600));
    }

    #[test]
    fn insane_ages_are_cut_to_a_week() {
        check(&[("cache-control", "max-age=999999999")], Some(7 * 24 * HOUR));
        check(&[("cache-control", "max-age=99999999999999999999999")], Some(7 * 24 * HOUR));
        check(&[("expires", "Fri, 01 Jan 2100 00:00:00 GMT")], Some(7 * 24 * HOUR));
    }

    #[test]
    fn what_is_not_to_be_kept_has_no_age() {
        check(&[], None);
        check(&[("cache-control", "no-cache, max-age=3600")], None);
        check(&[("cache-control", "max-age=3600, no-store")], None);
        check(&[("cache-control", "max-age=0")], None);
        check(&[("cache-control", "max-age=-60")], None);
        check(&[("cache-control", "max-age")], None);
        check(&[("cache-control", "s-maxage=3600")], None);
        check(&[("cache-control", "max-age=60"), ("age", "90")], None);
    }

    #[test]
    fn a_wait_may_come_with_a_document() {
        check(&[("retry-after", "60")], Some(60));
        check(&[("retry-after", "60"), ("cache-control", "max-age=90")], Some(90));
        check(&[("retry-after", "90"), ("cache-control", "no-store")], Some(90));
        check(&[("retry-after", "0")], None);
    }

    #[test]
    fn expires_counts_from_the_servers_date() {
        check(&[("expires", "Sun, 01 Mar 2026 13:00:00 GMT")], Some(HOUR));
        check(
            &[("date", "Sun, 01 Mar 2026 10:00:00 GMT"), ("expires", "Sun, 01 Mar 2026 10:30:00 GMT")],
            Some(HOUR / 2),
        );
        check(&[("expires", "0")], None);
        check(&[("expires", "Sun, 01 Mar 2026 11:00:00 GMT")], None);
        // `max-age` wins, also where it cannot be read.
        check(&[("cache-control", "max-age=60"), ("expires", "Sun, 01 Mar 2026 13:00:00 GMT")], Some(60));
        check(&[("cache-control", "max-age=x"), ("expires", "Sun, 01 Mar 2026 13:00:00 GMT")], None);
    }

    #[track_caller]
    fn check_retry(value: &'static str, expected: Option<u64>) {
        let wait = retry_after(&headers(&[("retry-after", value)]), now());
        assert_eq!(wait, expected.map(Duration::from_secs), "{value}");
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        check_retry("3600", Some(HOUR));
        check_retry("0", Some(0));
        check_retry("Sun, 01 Mar 2026 14:00:00 GMT", Some(2 * HOUR));
        check_retry("Sun, 01 Mar 2026 11:00:00 GMT", Some(0));
        check_retry("99999999999", Some(7 * 24 * HOUR));
        check_retry("99999999999999999999999", Some(7 * 24 * HOUR));
        check_retry("Fri, 01 Jan 2100 00:00:00 GMT", Some(7 * 24 * HOUR));
        check_retry("-5", None);
        check_retry("soon", None);
        check_retry("", None);
    }
}
