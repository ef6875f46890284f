//! Dates, in every spelling that feeds use.
//!
//! A wrong date is worse than none: what is ambiguous, or in a zone that nobody knows, is none.

mod absolute;
mod age;
mod form;
mod when;
mod words;
mod zone;

use chrono::{DateTime, Datelike, TimeDelta, Utc};

pub(crate) use age::age;
pub(crate) use form::{check, read_as};
pub(crate) use when::is_when;

/// How far ahead of the visit a date may be: clocks and zones are off by hours, not by days.
const AHEAD: TimeDelta = TimeDelta::hours(24);
/// Before the web there were no feeds: such a date is a placeholder.
const FIRST_YEAR: i32 = 1990;
/// Longest text that is looked at.
const LONGEST: usize = 128;

/// A date as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dated {
    pub(crate) at: DateTime<Utc>,
    /// Whether it was given as an age ("2 hours ago").
    pub(crate) aged: bool,
}

/// Reads a date; ages count back from `visited`. `Err` says what is wrong with it.
pub(crate) fn read(text: &str, visited: Option<DateTime<Utc>>) -> Result<Dated, String> {
    let text = text.trim();
    let found = if text.len() > LONGEST {
        None
    } else {
        absolute::parse(text).map(|at| Dated { at, aged: false }).or_else(|| {
            let at = visited?.checked_sub_signed(age(text)?)?;
            Some(Dated { at, aged: true })
        })
    };
    plausible(found, text, visited)
}

/// What is made of a date that was or was not understood.
fn plausible(found: Option<Dated>, text: &str, visited: Option<DateTime<Utc>>) -> Result<Dated, String> {
    let shown = || text.chars().filter(|c| !c.is_control()).take(60).collect::<String>();
    let Some(found) = found else { return Err(format!("date not understood: `{}`", shown())) };
    let too_late = visited.is_some_and(|visited| found.at - visited > AHEAD) || found.at.year() > 2100;
    if found.at.year() < FIRST_YEAR || too_late {
        return Err(format!("date not plausible: `{}`", shown()));
    }
    // Whole seconds and no leap seconds, however it was spelt: the same instant must always be the same.
    let at = DateTime::from_timestamp(found.at.timestamp(), 0).unwrap_or(found.at);
    Ok(Dated { at, ..found })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let visited = "2026-03-10T12:00:00Z".parse().ok();
        let found = read(text, visited).map(|dated| dated.at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        assert_eq!(found.as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn mail_dates() {
        check("Sun, 08 Mar 2026 07:05:09 GMT", "2026-03-08T07:05:09Z");
        check("8 Mar 2026 07:05:09 -0330", "2026-03-08T10:35:09Z");
        check("Sunday, 08-Mar-26 07:05:09 GMT", "2026-03-08T07:05:09Z");
        check("Sun,8 Mar 2026 7:05 UT", "2026-03-08T07:05:00Z");
        check("Sun, 08 Mar 99 07:05:09 +0000", "1999-03-08T07:05:09Z");
        check("Sun, 08 Mar 2026 07:05:09 +0100 (CET)", "2026-03-08T06:05:09Z");
        check("Sun, 08 Mar 2026 23:59:60 GMT", "2026-03-08T23:59:59Z");
        check("Sun, 08 Mar 2026 24:00:00 GMT", "2026-03-09T00:00:00Z");
    }

    #[test]
    fn iso_dates() {
        check("2026-03-08T07:05:09Z", "2026-03-08T07:05:09Z");
        check("2026-03-08t07:05:09.5+05:30", "2026-03-08T01:35:09Z");
        check("2026-03-08 07:05:09 +0200", "2026-03-08T05:05:09Z");
        check("2026-03-08T07:05-05", "2026-03-08T12:05:00Z");
        check("20260308T070509Z", "2026-03-08T07:05:09Z");
        check("2026-03-08T070509+0100", "2026-03-08T06:05:09Z");
        check("2026-03-08T07", "2026-03-08T07:00:00Z");
        check("2026-03-08Z", "2026-03-08T00:00:00Z");
        check("2026-03-08+01:00", "2026-03-07T23:00:00Z");
        check("2026-067", "2026-03-08T00:00:00Z");
        check("2026-W10-7", "2026-03-08T00:00:00Z");
        check("2026-03", "2026-03-01T00:00:00Z");
        check("2026.03.08 07:05", "2026-03-08T07:05:00Z");
    }

    #[test]
    fn program_dates() {
        check("Sun Mar  8 07:05:09 2026", "2026-03-08T07:05:09Z");
        check("Sun Mar 08 07:05:09 +0100 2026", "2026-03-08T06:05:09Z");
        check("Sun Mar 08 2026 07:05:09 GMT+0100 (Central European Standard Time)", "2026-03-08T06:05:09Z");
        check("1772953509", "2026-03-08T07:05:09Z");
        check("1772953509000", "2026-03-08T07:05:09Z");
        check("20260308070509", "2026-03-08T07:05:09Z");
        check("20260308", "2026-03-08T00:00:00Z");
    }

    #[test]
    fn dates_are_whole_seconds() {
        for text in ["1772953509503", "1772953509503509", "20260308070560", "2026-03-08T07:05:09.503Z"] {
            let found = read(text, None).expect(text).at;
            assert_eq!(found.timestamp_subsec_nanos(), 0, "{text}");
        }
    }

    #[test]
    fn peoples_dates() {
        check("March 8, 2026", "2026-03-08T00:00:00Z");
        check("Mar 8th, 2026 at 7:05 PM", "2026-03-08T19:05:00Z");
        check("8 March 2026, 12:30 a.m. EST", "2026-03-08T05:30:00Z");
        check("07:05, 8 March 2026", "2026-03-08T07:05:00Z");
        check("March 8, 2026 7 pm", "2026-03-08T19:00:00Z");
        check("02/28/2026 6:00 AM", "2026-02-28T06:00:00Z");
        check("28/02/2026", "2026-02-28T00:00:00Z");
        check("08.03.2026 07:05", "2026-03-08T07:05:00Z");
        check("8.3.2026 klo 7.05", "2026-03-08T07:05:00Z");
        check("Sun, 8 Mar 2026 07.05.09 GMT", "2026-03-08T07:05:09Z");
        check("08/Mar/2026:07:05:09 +0000", "2026-03-08T07:05:09Z");
        check("08.03.26, 07:05 Uhr", "2026-03-08T07:05:00Z");
    }

    #[test]
    fn other_languages() {
        check("So, 08 Mär 2026 07:05:09 +0100", "2026-03-08T06:05:09Z");
        check("Sonntag, 8. März 2026, 07:05 Uhr", "2026-03-08T07:05:00Z");
        check("dim., 8 févr. 2026 07:05:09 +0100", "2026-02-08T06:05:09Z");
        check("mar. 3 mars 2026 07h05", "2026-03-03T07:05:00Z");
        check("24 déc. 2025 07:05:00 GMT", "2025-12-24T07:05:00Z");
        check("mié, 4 de marzo de 2026 07:05", "2026-03-04T07:05:00Z");
        check("dom 8 marzo 2026", "2026-03-08T00:00:00Z");
        check("8 de março de 2026", "2026-03-08T00:00:00Z");
        check("zo 8 maart 2026 07:05", "2026-03-08T07:05:00Z");
        check("8 marca 2026", "2026-03-08T00:00:00Z");
        check("Вс, 8 марта 2026 07:05:09 +0300", "2026-03-08T04:05:09Z");
        check("8 Şubat 2026 Pazar 07:05", "2026-02-08T07:05:00Z");
        check("2026年3月8日 07:05:09", "2026-03-08T07:05:09Z");
        check("2026年3月8日 午後7時5分", "2026-03-08T19:05:00Z");
        check("2026년 3월 8일 오전 7:05", "2026-03-08T07:05:00Z");
        check("२०२६-०३-०८ ०७:०५", "2026-03-08T07:05:00Z");
    }

    #[test]
    fn zones() {
        check("2026-03-08T07:05:09 PST", "2026-03-08T15:05:09Z");
        check("Sun, 08 Mar 2026 07:05:09 GMT+1", "2026-03-08T06:05:09Z");
        check("Sun, 08 Mar 2026 07:05:09 UTC-03:00", "2026-03-08T10:05:09Z");
        check("2026-03-07 07:05 America/New_York", "2026-03-07T12:05:00Z");
        check("2026-03-09 07:05 America/New_York", "2026-03-09T11:05:00Z");
        check("July 9, 2025 7:05 AM ET", "2025-07-09T11:05:00Z");
        check("2025-07-09 07:05 Europe/Berlin", "2025-07-09T05:05:00Z");
        check("2026-01-09 07:05 Australia/Sydney", "2026-01-08T20:05:00Z");
        check("1999-07-09 07:05 America/New_York", "1999-07-09T11:05:00Z");
        check("2026-03-08T07:05:09+01:00[Europe/Berlin]", "2026-03-08T06:05:09Z");
        check("2025-07-09 07:05 Asia/Tokyo", "2025-07-08T22:05:00Z");
    }

    #[test]
    fn a_zone_that_nobody_knows_is_no_date() {
        check("Sun, 08 Mar 2026 07:05:09 XYZ", "none");
        check("2026-03-08T07:05:09 Mars/Olympus", "none");
        check("Sun, 08 Mar 2026 07:05:09 +2500", "none");
        check("1999-07-09 07:05 Europe/Moscow", "none");
        check("8 Mar 2026 16:31:00 AT", "none");
        check("8 Mar 2026 16:31:00 A", "none");
    }

    #[test]
    fn what_is_ambiguous_is_no_date() {
        check("03/08/2026", "none");
        check("8-3-2026 07:05", "none");
    }

    #[test]
    fn ages_count_from_the_visit() {
        check("2 hours ago", "2026-03-10T10:00:00Z");
        check("yesterday", "2026-03-09T12:00:00Z");
        assert!(read("2 hours ago", None).is_err());
    }

    #[test]
    fn nonsense_is_no_date() {
        for text in [
            "",
            "today maybe",
            "31 Feb 2026",
            "2026-13-01",
            "25:00 8 Mar 2026",
            "8 Mar 2026 07:61",
            "Mar",
            "2026",
            "12",
            "0",
            "-1",
            "99999999999999999999999999",
            "8 8 8 8 2026",
            "::::",
            "T",
            "2026-03-08T",
            "8 Foo 2026",
        ] {
            check(text, "none");
        }
        check(&"9".repeat(10_000), "none");
    }

    #[test]
    fn implausible_dates_are_none() {
        check("Thu, 01 Jan 1970 00:00:00 GMT", "none");
        check("0001-01-01T00:00:00Z", "none");
        check("Sun, 08 Mar 2027 07:05:09 GMT", "none");
        check("2026-03-11T11:59:00Z", "2026-03-11T11:59:00Z");
        check("2026-03-11T12:01:00Z", "none");
    }
}
