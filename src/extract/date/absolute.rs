//! Dates that need no clock to be read.
//!
//! The text is cut at its time of day. What follows that is a zone or more of the date; what is
//! left over after zone, weekday and filler words must be a date and nothing else.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use unicode_normalization::UnicodeNormalization;

use super::{words, zone};

/// Reads an absolute date; without a zone it is UTC, without a time midnight.
pub(super) fn parse(text: &str) -> Option<DateTime<Utc>> {
    parse_in(text, None)
}

/// The same, where a time of day that names no zone is in this one, in lower case.
pub(super) fn parse_in(text: &str, usual: Option<&str>) -> Option<DateTime<Utc>> {
    let text = normalise(text);
    let text = text.trim().trim_end_matches(['.', ',', ';']);
    let whole = text.split_once('.').filter(|(_, rest)| rest.bytes().all(|b| b.is_ascii_digit()));
    let whole = whole.map_or(text, |(seconds, _)| if seconds.len() >= 9 { seconds } else { text });
    if whole.bytes().all(|b| b.is_ascii_digit()) {
        return digits(whole);
    }
    let (text, comment) = without_comments(text);
    let (text, period) = words::without_period(&text);
    let parts = split(&text)?;
    let date = date(&parts.date)?;
    let usual = usual.filter(|_| parts.time.is_some());
    let (time, is_next_day) = match parts.time {
        Some(time) => time.with(parts.half.or(period))?,
        None if parts.half.is_some() => return None,
        None => (NaiveTime::MIN, false),
    };
    let date = if is_next_day { date.checked_add_days(Days::new(1))? } else { date };
    let zone = match &parts.zone {
        Some(zone) => Some(zone.as_str()),
        // "GMT+0100 (CET)": the comment only counts when nothing else says.
        None => comment.as_deref().filter(|comment| zone::is_known(comment)).or(usual),
    };
    let local = date.and_time(time);
    let utc = match zone {
        Some(zone) => local.checked_sub_signed(zone::offset(zone, local)?)?,
        None => local,
    };
    Some(utc.and_utc())
}

/// Lower case, compatibility forms resolved, other scripts' digits and CJK units as ASCII.
fn normalise(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkc().flat_map(char::to_lowercase) {
        match c {
            '年' | '년' | '月' | '월' => out.push('-'),
            '日' | '일' | '号' => out.push(' '),
            '時' | '时' | '点' | '시' | '分' | '분' => out.push(':'),
            '秒' | '초' => out.push(' '),
            '−' | '–' | '—' | '‐' | '‑' => out.push('-'),
            '٠'..='٩' => out.extend(char::from_digit(c as u32 - '٠' as u32, 10)),
            '۰'..='۹' => out.extend(char::from_digit(c as u32 - '۰' as u32, 10)),
            '०'..='९' => out.extend(char::from_digit(c as u32 - '०' as u32, 10)),
            '\u{200E}' | '\u{200F}' | '\u{FEFF}' => {}
            '،' => out.push(','),
            '\u{307}' => {}
            _ => out.push(c),
        }
    }
    // "2026年 11月 24日" and "6時0分".
    while let Some(at) = out.find("- ") {
        if !out.get(..at).is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit())) {
            break;
        }
        out.replace_range(at..at + 2, "-");
    }
    out.replace(": ", ":").trim_end().trim_end_matches(':').to_owned()
}

/// Unix time in seconds or milliseconds, or a date without separators.
fn digits(text: &str) -> Option<DateTime<Utc>> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        8 => Some(NaiveDate::parse_from_str(text, "%Y%m%d").ok()?.and_time(NaiveTime::MIN).and_utc()),
        9 | 10 => DateTime::from_timestamp(number, 0),
        13 => DateTime::from_timestamp_millis(number),
        14 => Some(NaiveDateTime::parse_from_str(text, "%Y%m%d%H%M%S").ok()?.and_utc()),
        16 => DateTime::from_timestamp_micros(number),
        _ => None,
    }
}

/// The text without what stands in parentheses, and the first of those (RFC 822 §3.1.4).
fn without_comments(text: &str) -> (String, Option<String>) {
    let mut out = String::new();
    let mut comment = String::new();
    let (mut depth, mut closed) = (0u32, 0u32);
    for c in text.chars() {
        match c {
            // Java adds "[Europe/Berlin]".
            '(' | '[' => depth += 1,
            ')' | ']' => {
                closed += depth.min(1);
                depth = depth.saturating_sub(1);
            }
            _ if depth == 0 => out.push(c),
            _ if closed == 0 => comment.push(c),
            _ => {}
        }
    }
    (out.trim().to_owned(), (!comment.is_empty()).then(|| comment.trim().to_owned()))
}

/// A time of day as written.
#[derive(Clone, Copy, Debug)]
struct Clock {
    hour: u32,
    minute: u32,
    second: u32,
}

impl Clock {
    /// The time, and whether it is midnight at the end of its day. `half`: `Some(true)` is pm.
    fn with(self, half: Option<bool>) -> Option<(NaiveTime, bool)> {
        let Clock { hour, minute, second } = self;
        if hour == 24 && minute == 0 && second == 0 && half.is_none() {
            return Some((NaiveTime::MIN, true));
        }
        let hour = match half {
            // "14:30 pm" is written too.
            Some(true) if hour < 12 => hour + 12,
            Some(false) if hour == 12 => 0,
            Some(false) if hour > 12 => return None,
            _ => hour,
        };
        // A leap second is the last second that chrono counts.
        Some((NaiveTime::from_hms_opt(hour, minute, second.min(59)).filter(|_| second <= 60)?, false))
    }
}

/// A text cut at its time of day.
struct Parts {
    date: String,
    time: Option<Clock>,
    half: Option<bool>,
    zone: Option<String>,
}

fn split(text: &str) -> Option<Parts> {
    let Some((at, clock, end)) = clock(text) else {
        // xsd:date may have a zone too: "2026-11-24Z", "2026-11-24+01:00".
        let (date, zone) = date_zone(text);
        return Some(Parts { date: date.to_owned(), time: None, half: None, zone: zone.map(str::to_owned) });
    };
    let head = text.get(..at)?.trim_end();
    let head = head.strip_suffix('t').filter(|head| head.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(head);
    let head = head.trim_end_matches(':');
    let mut tail = text.get(end..)?.trim_start_matches([' ', ',', '\t']);
    let mut half = None;
    for (name, is_pm) in [("a.m.", false), ("p.m.", true), ("a.m", false), ("p.m", true), ("am", false), ("pm", true)] {
        if let Some(rest) = tail.strip_prefix(name)
            && !rest.starts_with(char::is_alphanumeric)
        {
            half = Some(is_pm);
            tail = rest;
            break;
        }
    }
    let mut zone = None;
    let mut rest = String::new();
    while !tail.is_empty() {
        tail = tail.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if let Some((found, after)) = zone::take(tail) {
            // "+0100 CET": the first one counts.
            zone.get_or_insert_with(|| found.to_owned());
            tail = after;
            continue;
        }
        let end = tail.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(tail.len());
        let (word, after) = tail.split_at(end);
        // "06:00 AT": a zone that nobody knows, though the word means nothing elsewhere.
        if zone.is_none() && after.trim().is_empty() && words::may_be_zone(word) {
            return None;
        }
        rest.push(' ');
        rest.push_str(word);
        tail = after;
    }
    Some(Parts { date: format!("{head}{rest}"), time: Some(clock), half, zone })
}

/// Splits a zone off the end of a date without a time.
fn date_zone(text: &str) -> (&str, Option<&str>) {
    if let Some(date) = text.strip_suffix('z').filter(|date| date.ends_with(|c: char| c.is_ascii_digit())) {
        return (date, Some("z"));
    }
    let at = text.len().saturating_sub(6);
    match text.split_at_checked(at) {
        Some((date, zone)) if zone.starts_with(['+', '-']) && zone.get(3..4) == Some(":") && date.len() >= 8 => {
            (date, Some(zone))
        }
        _ => (text, None),
    }
}

/// Finds the time of day: where it begins, what it is, where it ends.
fn clock(text: &str) -> Option<(usize, Clock, usize)> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).filter(|b| b.is_ascii_digit()).map(|b| u32::from(b - b'0'));
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    for (at, mark) in bytes.iter().enumerate().filter(|(_, b)| matches!(b, b':' | b'h')) {
        // An hour before it, two digits behind it.
        let start = match (at.checked_sub(1).and_then(digit), at.checked_sub(2).and_then(digit)) {
            (Some(_), Some(_)) => at - 2,
            (Some(_), None) => at - 1,
            _ => continue,
        };
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        // A third digit, or the offset of a zone.
        if before.is_some_and(|b| b.is_ascii_digit() || *b == b'+') {
            continue;
        }
        let hour = if at - start == 2 { two(start)? } else { digit(start)? };
        let (minute, mut end) = match two(at + 1) {
            Some(minute) => (minute, at + 3),
            // "6:0" as CJK clocks have it.
            None if *mark == b':' => match digit(at + 1) {
                Some(minute) => (minute, at + 2),
                None => continue,
            },
            None => continue,
        };
        if digit(end).is_some() {
            continue;
        }
        let mut second = 0;
        if bytes.get(end) == Some(&b':')
            && let Some(value) = two(end + 1)
        {
            second = value;
            end += 3;
            if matches!(bytes.get(end), Some(b'.' | b',' | b':')) && digit(end + 1).is_some() {
                end += 1;
                while digit(end).is_some() {
                    end += 1;
                }
            }
        } else if before == Some(&b'-') && end == bytes.len() {
            // "2026-11-24-05:00": an offset or a time, nobody knows.
            continue;
        }
        return Some((start, Clock { hour, minute, second }, end));
    }
    basic_clock(text).or_else(|| half_clock(text)).or_else(|| dotted_clock(text))
}

/// "T060000", "T0600", "T06" behind a date (ISO 8601 basic format).
fn basic_clock(text: &str) -> Option<(usize, Clock, usize)> {
    let (at, _) = text.match_indices('t').find(|(at, _)| {
        let around = (text.get(..*at), text.get(at + 1..));
        matches!(around, (Some(head), Some(tail)) if head.ends_with(|c: char| c.is_ascii_digit()) && tail.starts_with(|c: char| c.is_ascii_digit()))
    })?;
    let tail = text.get(at + 1..)?;
    let length = tail.bytes().take_while(u8::is_ascii_digit).count();
    let pair = |nth: usize| tail.get(nth * 2..nth * 2 + 2)?.parse::<u32>().ok();
    let clock = match length {
        2 => Clock { hour: pair(0)?, minute: 0, second: 0 },
        4 => Clock { hour: pair(0)?, minute: pair(1)?, second: 0 },
        6 => Clock { hour: pair(0)?, minute: pair(1)?, second: pair(2)? },
        _ => return None,
    };
    let mut end = at + 1 + length;
    if let Some(fraction) = text.get(end..).filter(|rest| rest.starts_with(['.', ','])) {
        end += 1 + fraction.bytes().skip(1).take_while(u8::is_ascii_digit).count();
    }
    Some((at + 1, clock, end))
}

/// "6 am", "11pm".
fn half_clock(text: &str) -> Option<(usize, Clock, usize)> {
    for (at, _) in text.match_indices(['a', 'p']) {
        let tail = text.get(at..)?;
        let is_half = ["am", "pm", "a.m", "p.m"]
            .iter()
            .any(|half| tail.strip_prefix(half).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric)));
        let head = text.get(..at)?.trim_end();
        let length = head.bytes().rev().take_while(u8::is_ascii_digit).count();
        if is_half && (1..=2).contains(&length) {
            let start = head.len() - length;
            let hour = head.get(start..)?.parse().ok()?;
            return Some((start, Clock { hour, minute: 0, second: 0 }, head.len()));
        }
    }
    None
}

/// "2026 6.05", "2026 klo 06.05.09": only behind a year, as dates have dots too.
fn dotted_clock(text: &str) -> Option<(usize, Clock, usize)> {
    let at = text.rfind(char::is_whitespace)? + 1;
    let (start, rest) = match text.get(at..)? {
        // A zone stands behind it.
        last if last.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '+' | '-')) => {
            let head = text.get(..at)?.trim_end();
            let at = head.rfind(char::is_whitespace)? + 1;
            (at, head.get(at..)?)
        }
        last => (at, last),
    };
    let head = text.get(..start)?.trim_end();
    let head = ["klo", "kl", "um", "alle", "ore"]
        .iter()
        .find_map(|word| head.trim_end_matches('.').strip_suffix(word))
        .unwrap_or(head);
    let is_year = |b: &u8| b.is_ascii_digit();
    if !head.trim_end().trim_end_matches(',').as_bytes().last_chunk::<4>()?.iter().all(is_year) {
        return None;
    }
    let mut parts = rest.split('.');
    let mut part = |lengths: &[usize]| {
        let part = parts.next()?;
        (lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse::<u32>().ok())?
    };
    let (hour, minute) = (part(&[1, 2])?, part(&[2])?);
    let second = part(&[2]).unwrap_or(0);
    if rest.split('.').count() > 3 {
        return None;
    }
    Some((start, Clock { hour, minute, second }, start + rest.len()))
}

/// A number with its digits counted, or a word.
enum Token<'a> {
    Number(u32, usize),
    Word { text: &'a str, is_head: bool },
    Mark(char),
}

fn tokens(text: &str) -> Option<Vec<Token<'_>>> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            let (number, after) = rest.split_at(end);
            out.push(Token::Number(number.parse().ok()?, end));
            rest = after;
        } else if c.is_alphabetic() {
            let end = rest
                .find(|c: char| {
                    !c.is_alphabetic() && !matches!(c, '\'' | '’' | '\u{300}'..='\u{36F}' | '\u{900}'..='\u{97F}')
                })
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let is_head = after.trim_start_matches('.').starts_with(',');
            rest = after.strip_prefix('.').unwrap_or(after);
            out.push(Token::Word { text: word, is_head });
        } else {
            if !c.is_whitespace() {
                out.push(Token::Mark(c));
            }
            rest = rest.get(c.len_utf8()..)?;
        }
    }
    Some(out)
}

/// A date and nothing else.
fn date(text: &str) -> Option<NaiveDate> {
    let tokens = tokens(text)?;
    let mut numbers: Vec<(u32, usize)> = Vec::new();
    let mut marks: Vec<char> = Vec::new();
    let mut month = None;
    let mut is_week = false;
    let mut month_at = 0;
    for token in tokens {
        match token {
            Token::Number(value, digits) => numbers.push((value, digits)),
            Token::Mark(c @ ('-' | '/' | '.')) => marks.push(c),
            Token::Mark(',' | '·' | '|' | 'º' | '°' | 'ª' | '\'' | ';') => {}
            Token::Mark(_) => return None,
            Token::Word { text: "w", .. } if numbers.len() == 1 => is_week = true,
            Token::Word { text, is_head } => {
                if let Some(found) = words::month(text) {
                    // "mar., 24 nov. 2026": the first was mardi, and the last one is the month.
                    month = Some(found);
                    month_at = numbers.len();
                } else if !(words::is_weekday(text) || words::is_filler(text) || (is_head && numbers.is_empty())) {
                    return None;
                }
            }
        }
    }
    match (month, numbers.as_slice()) {
        (None, &[(year, 4), (week, 2), (day, 1)]) if is_week => {
            let weekday = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
            NaiveDate::from_isoywd_opt(i32::try_from(year).ok()?, week, weekday)
        }
        (_, &[(a, a_digits), (b, b_digits), (c, c_digits)]) => {
            // A weekday that looks like a month may stand before it, a month's name beside it not.
            if month.is_some() && month_at != 0 {
                return None;
            }
            numeric((a, a_digits), (b, b_digits), (c, c_digits), marks.first().copied())
        }
        (None, &[(year, 4), (week, 2)]) if is_week => {
            NaiveDate::from_isoywd_opt(i32::try_from(year).ok()?, week, Weekday::Mon)
        }
        (None, &[(year, 4), (day, 3)]) => NaiveDate::from_yo_opt(i32::try_from(year).ok()?, day),
        // "20261124T060000Z"
        (None, &[(whole, 8)]) => ymd(whole / 10_000, whole / 100 % 100, whole % 100),
        (None, &[(year, 4), (month, 1 | 2)]) if !is_week => ymd(year, month, 1),
        (None, &[(month, 1 | 2), (year, 4)]) => ymd(year, month, 1),
        (Some(month), &[(year, 4)]) => ymd(year, month, 1),
        (Some(month), &[(year, 4), (day, 1 | 2)]) | (Some(month), &[(day, 1 | 2), (year, 4)]) => ymd(year, month, day),
        // RFC 822: two digits of the year, which is the last number.
        (Some(month), &[(day, 1 | 2), (year, 2)]) => ymd(century(year), month, day),
        _ => None,
    }
}

/// Three numbers: which one is the month?
fn numeric(a: (u32, usize), b: (u32, usize), c: (u32, usize), mark: Option<char>) -> Option<NaiveDate> {
    match (a, b, c) {
        ((year, 4), (month, 1 | 2), (day, 1 | 2)) => ymd(year, month, day),
        ((first, 1 | 2), (second, 1 | 2), (year, digits @ (2 | 4))) => {
            let year = if digits == 2 { century(year) } else { year };
            match mark {
                // Nobody writes the month first with dots.
                Some('.') => ymd(year, second, first),
                _ if first > 12 => ymd(year, second, first),
                _ if second > 12 => ymd(year, first, second),
                _ if first == second => ymd(year, first, second),
                // 05/06/2026 is in May or in June.
                _ => None,
            }
        }
        _ => None,
    }
}

/// RFC 2822 §4.3.
pub(super) fn century(year: u32) -> u32 {
    if year < 50 { 2000 + year } else { 1900 + year }
}

fn ymd(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}
