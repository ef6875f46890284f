//! Dates whose form a person told: a format, a zone, the order of day and month.

use chrono::format::{Item, Parsed, StrftimeItems, parse};
use chrono::{DateTime, Datelike, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::{Dated, LONGEST, absolute, age, plausible, words, zone};
use crate::model::DateForm;

/// English names of the months, as formats know them.
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Which of three numbers is what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Dmy,
    Mdy,
    Ymd,
}

/// What is wrong with a form: the key, and why.
pub(crate) fn check(form: &DateForm) -> Result<(), (&'static str, String)> {
    if let Some(format) = &form.format {
        if StrftimeItems::new(format).any(|item| matches!(item, Item::Error)) {
            return Err(("format", format!("{format:?} is no format of dates")));
        }
        let items = || StrftimeItems::new(format);
        if !items().any(|item| matches!(item, Item::Numeric(..) | Item::Fixed(_))) {
            return Err(("format", format!("{format:?} has no part of a date in it")));
        }
    }
    if let Some(name) = form.zone.as_ref().filter(|name| !zone::is_known(&name.to_lowercase())) {
        return Err(("zone", format!("{name:?} is no zone that is known here")));
    }
    let is_tag = |tag: &str| tag.len() >= 2 && tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    match form.language.as_ref().filter(|tag| !is_tag(tag)) {
        Some(tag) => Err(("language", format!("{tag:?} is no language"))),
        None => Ok(()),
    }
}

/// Reads a date of this form; ages count back from `visited`. `Err` says what is wrong with it.
pub(crate) fn read_as(text: &str, visited: Option<DateTime<Utc>>, form: &DateForm) -> Result<Dated, String> {
    let text = text.trim();
    let usual = form.zone.as_ref().map(|zone| zone.to_lowercase());
    let usual = usual.as_deref();
    let found = if text.len() > LONGEST {
        None
    } else if let Some(format) = &form.format {
        formatted(text, format, usual, visited)
            .or_else(|| formatted(&with_english_months(text), format, usual, visited))
            .map(|at| Dated { at, aged: false })
    } else {
        let order = form.language.as_deref().map(order);
        let ordered = order.and_then(|order| in_order(text, order));
        // "Posted 5/6/2026": what stands before the date need not be understood.
        let parsed = match &ordered {
            Some((before, date)) => {
                absolute::parse_in(&format!("{before}{date}"), usual).or_else(|| absolute::parse_in(date, usual))
            }
            None => absolute::parse_in(text, usual),
        };
        parsed.map(|at| Dated { at, aged: false }).or_else(|| {
            let at = visited?.checked_sub_signed(age(text)?)?;
            Some(Dated { at, aged: true })
        })
    };
    plausible(found, text, visited)
}

/// A date in a format; without a year it is the last one before the visit.
fn formatted(text: &str, format: &str, usual: Option<&str>, visited: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, text, StrftimeItems::new(format)).ok()?;
    if let Some(seconds) = parsed.timestamp() {
        return DateTime::from_timestamp(seconds, 0);
    }
    let has_time = parsed.hour_mod_12().is_some();
    let time = if has_time { parsed.to_naive_time().ok()? } else { NaiveTime::MIN };
    let local = match parsed.to_naive_date() {
        Ok(date) => date.and_time(time),
        Err(_) if parsed.year().is_none() => last_before(&parsed, time, visited?)?,
        Err(_) => return None,
    };
    let offset = match (parsed.offset(), usual.filter(|_| has_time)) {
        (Some(seconds), _) => TimeDelta::try_seconds(seconds.into())?,
        (None, Some(usual)) => zone::offset(usual, local)?,
        (None, None) => TimeDelta::zero(),
    };
    Some(local.checked_sub_signed(offset)?.and_utc())
}

fn last_before(parsed: &Parsed, time: NaiveTime, visited: DateTime<Utc>) -> Option<NaiveDateTime> {
    let of_year = |year: i32| {
        let mut parsed = parsed.clone();
        parsed.set_year(year.into()).ok()?;
        Some(parsed.to_naive_date().ok()?.and_time(time))
    };
    // A leap day may be up to eight years ago.
    (0..9).find_map(|back| of_year(visited.year() - back).filter(|local| *local <= visited.naive_utc() + super::AHEAD))
}

/// The names of months in any language as formats know them.
fn with_english_months(text: &str) -> String {
    text.split_inclusive(|c: char| !c.is_alphabetic())
        .map(|part| {
            let word = part.trim_end_matches(|c: char| !c.is_alphabetic());
            let month = words::month(&word.to_lowercase()).and_then(|month| MONTHS.get(month as usize - 1));
            match month {
                Some(name) => part.replacen(word, name, 1),
                None => part.to_owned(),
            }
        })
        .collect()
}

fn order(language: &str) -> Order {
    let language = language.to_ascii_lowercase().replace('_', "-");
    match language.split('-').next().unwrap_or_default() {
        "zh" | "ja" | "ko" | "hu" | "lt" | "mn" => Order::Ymd,
        "en" if language == "en-us" => Order::Mdy,
        _ => Order::Dmy,
    }
}

/// What stands before the numeric date of a text, and the text from there on with that date as ISO 8601 has it; `None`:
/// there is none whose order matters.
fn in_order(text: &str, order: Order) -> Option<(&str, String)> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let rest = text.get(start..)?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '/' | '.' | '-'))).unwrap_or(rest.len());
    let (date, after) = rest.split_at_checked(end)?;
    let parts: Vec<&str> = date.trim_end_matches('.').split(['/', '.', '-']).collect();
    let &[a, b, c] = parts.as_slice() else { return None };
    let short = |part: &str| (1..=2).contains(&part.len());
    if !short(a) || !short(b) || !(short(c) || c.len() == 4) {
        return None;
    }
    let (year, month, day) = match order {
        Order::Ymd if short(c) => (a, b, c),
        Order::Mdy => (c, a, b),
        _ => (c, b, a),
    };
    let year: u32 = year.parse().ok()?;
    let year = if year < 100 { absolute::century(year) } else { year };
    Some((text.get(..start)?, format!("{year}-{month:0>2}-{day:0>2}{after}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_date(text: &str, [format, zone, language]: [&str; 3], expected: &str) {
        let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let form = DateForm { format: some(format), zone: some(zone), language: some(language) };
        check(&form).unwrap();
        let found = read_as(text, "2026-03-10T12:00:00Z".parse().ok(), &form);
        let found = found.map(|dated| dated.at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        assert_eq!(found.as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn a_format_says_what_is_what() {
        check_date("05/06/2025", ["%d/%m/%Y", "", ""], "2025-06-05T00:00:00Z");
        check_date("05/06/2025", ["%m/%d/%Y", "", ""], "2025-05-06T00:00:00Z");
        check_date("am 5. Juni 2025", ["am %d. %B %Y", "", ""], "2025-06-05T00:00:00Z");
        check_date("2025-06-05 08h30", ["%Y-%m-%d %Hh%M", "", ""], "2025-06-05T08:30:00Z");
        check_date("June 5", ["%d/%m/%Y", "", ""], "none");
    }

    #[test]
    fn a_date_without_a_year_is_the_last_one() {
        check_date("9 Mar", ["%d %b", "", ""], "2026-03-09T00:00:00Z");
        check_date("12 Mar 08:00", ["%d %b %H:%M", "", ""], "2025-03-12T08:00:00Z");
        check_date("29 Feb", ["%d %b", "", ""], "2024-02-29T00:00:00Z");
    }

    #[test]
    fn a_zone_is_of_times_that_name_none() {
        check_date("2026-01-05 08:30", ["", "Europe/Vienna", ""], "2026-01-05T07:30:00Z");
        check_date("2025-07-05 08:30", ["%Y-%m-%d %H:%M", "Europe/Vienna", ""], "2025-07-05T06:30:00Z");
        check_date("2026-01-05T08:30:00Z", ["", "Europe/Vienna", ""], "2026-01-05T08:30:00Z");
        check_date("2026-01-05 08:30 +0300", ["", "+01:00", ""], "2026-01-05T05:30:00Z");
        // A day stays that day.
        check_date("2026-01-05", ["", "Europe/Vienna", ""], "2026-01-05T00:00:00Z");
    }

    #[test]
    fn a_language_tells_the_order() {
        check_date("05/06/2025", ["", "", ""], "none");
        check_date("05/06/2025", ["", "", "en-GB"], "2025-06-05T00:00:00Z");
        check_date("Posted 05/06/2025 08:30", ["", "", "en-US"], "2025-05-06T08:30:00Z");
        check_date("25.06.05", ["", "", "ko"], "2025-06-05T00:00:00Z");
        check_date("2025-06-05", ["", "", "en-US"], "2025-06-05T00:00:00Z");
        check_date("3 hours ago", ["", "", "de"], "2026-03-10T09:00:00Z");
    }

    #[test]
    fn what_is_no_form_is_named() {
        let some = |text: &str| Some(text.to_owned());
        let key = |form: DateForm| check(&form).map_err(|(key, _)| key);
        assert_eq!(key(DateForm { format: some("%Q"), ..DateForm::default() }), Err("format"));
        assert_eq!(key(DateForm { format: some("dd.mm.yyyy"), ..DateForm::default() }), Err("format"));
        assert_eq!(key(DateForm { zone: some("Moon/Base"), ..DateForm::default() }), Err("zone"));
        assert_eq!(key(DateForm { language: some("!"), ..DateForm::default() }), Err("language"));
        assert_eq!(key(DateForm::default()), Ok(()));
    }
}
