//! Zones: offsets, the abbreviations that mail and feeds use, and IANA names.
//!
//! The rules of the IANA zones here are those of their present law, and only for years since they
//! became law: a date before that has no zone rather than a wrong one.

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};

/// Abbreviations, in minutes east of Greenwich. Those of RFC 822 come first; of the ambiguous
/// ones (IST, CST, BST) the reading that feeds use is taken.
const ABBREVIATIONS: &[(&str, i32)] = &[
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("zulu", 0),
    ("wet", 0),
    ("uct", 0),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("akst", -540),
    ("akdt", -480),
    ("hst", -600),
    ("ast", -240),
    ("adt", -180),
    ("nst", -210),
    ("ndt", -150),
    ("bst", 60),
    ("west", 60),
    ("cet", 60),
    ("mez", 60),
    ("met", 60),
    ("cest", 120),
    ("mesz", 120),
    ("mest", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("msd", 240),
    ("sast", 120),
    ("wat", 60),
    ("cat", 120),
    ("eat", 180),
    ("trt", 180),
    ("gst", 240),
    ("pkt", 300),
    ("ist", 330),
    ("npt", 345),
    ("ict", 420),
    ("wib", 420),
    ("wita", 480),
    ("wit", 540),
    ("hkt", 480),
    ("sgt", 480),
    ("pht", 480),
    ("myt", 480),
    ("awst", 480),
    ("jst", 540),
    ("kst", 540),
    ("acst", 570),
    ("acdt", 630),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("brt", -180),
    ("art", -180),
    ("clt", -240),
    ("clst", -180),
    ("pet", -300),
    ("cot", -300),
];

/// When a zone's clocks are put forward.
#[derive(Clone, Copy)]
enum Summer {
    Never,
    /// Never since the beginning of this year; before, nobody should say.
    NeverSince(i32),
    /// Directive 2000/84/EC: last Sundays of March and October, 01:00 UTC.
    Europe,
    /// Energy Policy Act of 2005: second Sunday of March to first of November, 02:00 local; before
    /// that, since 1987, first Sunday of April to last of October.
    America,
    /// First Sunday of October to first of April, since 2008.
    Australia,
    /// Last Sunday of September to first of April, since 2007.
    NewZealand,
}

use Summer::{America, Australia, Europe, Never, NeverSince, NewZealand};

/// IANA names in lower case, standard offset in minutes, summer time.
const PLACES: &[(&str, i32, Summer)] = &[
    ("africa/johannesburg", 120, Never),
    ("africa/lagos", 60, Never),
    ("africa/nairobi", 180, Never),
    ("africa/algiers", 60, Never),
    ("africa/tunis", 60, Never),
    ("africa/accra", 0, Never),
    ("africa/abidjan", 0, Never),
    ("america/new_york", -300, America),
    ("america/detroit", -300, America),
    ("america/toronto", -300, America),
    ("america/montreal", -300, America),
    ("america/chicago", -360, America),
    ("america/winnipeg", -360, America),
    ("america/denver", -420, America),
    ("america/edmonton", -420, America),
    ("america/boise", -420, America),
    ("america/phoenix", -420, Never),
    ("america/los_angeles", -480, America),
    ("america/vancouver", -480, America),
    ("america/anchorage", -540, America),
    ("america/halifax", -240, America),
    ("america/st_johns", -210, America),
    ("america/regina", -360, Never),
    ("america/puerto_rico", -240, Never),
    ("america/bogota", -300, Never),
    ("america/lima", -300, Never),
    ("america/guayaquil", -300, Never),
    ("america/argentina/buenos_aires", -180, Never),
    ("america/buenos_aires", -180, Never),
    ("america/la_paz", -240, Never),
    ("america/costa_rica", -360, Never),
    ("america/guatemala", -360, Never),
    ("america/panama", -300, Never),
    ("pacific/honolulu", -600, Never),
    ("et", -300, America),
    ("ct", -360, America),
    ("mt", -420, America),
    ("pt", -480, America),
    ("us/eastern", -300, America),
    ("us/central", -360, America),
    ("us/mountain", -420, America),
    ("us/pacific", -480, America),
    ("us/alaska", -540, America),
    ("us/hawaii", -600, Never),
    ("us/arizona", -420, Never),
    ("canada/eastern", -300, America),
    ("canada/central", -360, America),
    ("canada/pacific", -480, America),
    ("est5edt", -300, America),
    ("cst6cdt", -360, America),
    ("mst7mdt", -420, America),
    ("pst8pdt", -480, America),
    ("asia/tokyo", 540, Never),
    ("asia/seoul", 540, Never),
    ("asia/shanghai", 480, Never),
    ("asia/chongqing", 480, Never),
    ("asia/hong_kong", 480, Never),
    ("asia/taipei", 480, Never),
    ("asia/singapore", 480, Never),
    ("asia/manila", 480, Never),
    ("asia/kuala_lumpur", 480, Never),
    ("asia/jakarta", 420, Never),
    ("asia/bangkok", 420, Never),
    ("asia/ho_chi_minh", 420, Never),
    ("asia/saigon", 420, Never),
    ("asia/kolkata", 330, Never),
    ("asia/calcutta", 330, Never),
    ("asia/colombo", 330, Never),
    ("asia/kathmandu", 345, Never),
    ("asia/dhaka", 360, Never),
    ("asia/karachi", 300, Never),
    ("asia/tashkent", 300, Never),
    ("asia/dubai", 240, Never),
    ("asia/riyadh", 180, Never),
    ("asia/qatar", 180, Never),
    ("asia/kuwait", 180, Never),
    ("asia/baghdad", 180, Never),
    ("asia/kabul", 270, Never),
    ("asia/yangon", 390, Never),
    ("japan", 540, Never),
    ("prc", 480, Never),
    ("hongkong", 480, Never),
    ("singapore", 480, Never),
    ("australia/sydney", 600, Australia),
    ("australia/melbourne", 600, Australia),
    ("australia/hobart", 600, Australia),
    ("australia/canberra", 600, Australia),
    ("australia/adelaide", 570, Australia),
    ("australia/brisbane", 600, Never),
    ("australia/darwin", 570, Never),
    ("australia/perth", 480, Never),
    ("pacific/auckland", 720, NewZealand),
    ("europe/london", 0, Europe),
    ("europe/dublin", 0, Europe),
    ("europe/lisbon", 0, Europe),
    ("europe/belfast", 0, Europe),
    ("europe/amsterdam", 60, Europe),
    ("europe/andorra", 60, Europe),
    ("europe/belgrade", 60, Europe),
    ("europe/berlin", 60, Europe),
    ("europe/bratislava", 60, Europe),
    ("europe/brussels", 60, Europe),
    ("europe/budapest", 60, Europe),
    ("europe/copenhagen", 60, Europe),
    ("europe/ljubljana", 60, Europe),
    ("europe/luxembourg", 60, Europe),
    ("europe/madrid", 60, Europe),
    ("europe/malta", 60, Europe),
    ("europe/monaco", 60, Europe),
    ("europe/oslo", 60, Europe),
    ("europe/paris", 60, Europe),
    ("europe/podgorica", 60, Europe),
    ("europe/prague", 60, Europe),
    ("europe/rome", 60, Europe),
    ("europe/sarajevo", 60, Europe),
    ("europe/skopje", 60, Europe),
    ("europe/stockholm", 60, Europe),
    ("europe/tirane", 60, Europe),
    ("europe/vaduz", 60, Europe),
    ("europe/vienna", 60, Europe),
    ("europe/warsaw", 60, Europe),
    ("europe/zagreb", 60, Europe),
    ("europe/zurich", 60, Europe),
    ("europe/athens", 120, Europe),
    ("europe/bucharest", 120, Europe),
    ("europe/helsinki", 120, Europe),
    ("europe/riga", 120, Europe),
    ("europe/sofia", 120, Europe),
    ("europe/tallinn", 120, Europe),
    ("europe/vilnius", 120, Europe),
    ("europe/kiev", 120, Europe),
    ("europe/kyiv", 120, Europe),
    ("europe/moscow", 180, NeverSince(2015)),
    ("europe/minsk", 180, NeverSince(2012)),
    ("europe/istanbul", 180, NeverSince(2017)),
    ("turkey", 180, NeverSince(2017)),
    ("asia/tehran", 210, NeverSince(2023)),
    ("asia/amman", 180, NeverSince(2023)),
    ("asia/almaty", 300, NeverSince(2025)),
    ("america/sao_paulo", -180, NeverSince(2020)),
    ("america/mexico_city", -360, NeverSince(2023)),
    ("america/caracas", -240, NeverSince(2017)),
    ("atlantic/reykjavik", 0, Never),
    ("etc/utc", 0, Never),
    ("etc/gmt", 0, Never),
    ("universal", 0, Never),
];

/// Whether the text is a zone that has an offset.
pub(super) fn is_known(text: &str) -> bool {
    numeric(text).is_some() || abbreviation(text).is_some() || place(text).is_some()
}

/// Splits a zone off the head of a text: an offset, a name, or a name with an offset
/// ("GMT+01:00"). Of a name that nobody knows nothing is split off.
pub(super) fn take(text: &str) -> Option<(&str, &str)> {
    let offset_end = |text: &str| {
        let rest = text.strip_prefix(['+', '-'])?;
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len());
        numeric(text.get(..end + 1)?).map(|_| end + 1)
    };
    if let Some(end) = offset_end(text) {
        return text.split_at_checked(end);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_');
    let mut end = text.find(|c: char| !is_name(c)).unwrap_or(text.len());
    let name = text.get(..end)?;
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || (abbreviation(name).is_none() && place(name).is_none()) {
        return None;
    }
    if matches!(name, "gmt" | "utc" | "ut") {
        let after = text.get(end..)?;
        let spaces = after.len() - after.trim_start().len();
        end += offset_end(after.trim_start()).map_or(0, |length| spaces + length);
    }
    text.split_at_checked(end)
}

/// How far east of Greenwich the zone is at a local time.
pub(super) fn offset(zone: &str, local: NaiveDateTime) -> Option<TimeDelta> {
    let zone = ["gmt", "utc", "ut"]
        .iter()
        .find_map(|name| zone.strip_prefix(name).map(str::trim_start).filter(|rest| rest.starts_with(['+', '-'])))
        .unwrap_or(zone);
    if let Some(minutes) = numeric(zone).or_else(|| abbreviation(zone)) {
        return TimeDelta::try_minutes(minutes.into());
    }
    let (_, standard, summer) = *place(zone)?;
    let year = local.year();
    let is_summer = match summer {
        Never => Some(false),
        NeverSince(first) => (year >= first).then_some(false),
        Europe if year >= 1996 => {
            // 01:00 UTC, in local standard time.
            let hour = TimeDelta::try_minutes(60 + i64::from(standard))?;
            let (from, to) = (last_sunday(year, 3)? + hour, last_sunday(year, 10)? + hour + TimeDelta::try_hours(1)?);
            Some(from <= local && local < to)
        }
        America if (1987..2007).contains(&year) => {
            let two = TimeDelta::try_hours(2)?;
            Some(nth_sunday(year, 4, 1)? + two <= local && local < last_sunday(year, 10)? + two)
        }
        America if year >= 2007 => {
            let two = TimeDelta::try_hours(2)?;
            Some(nth_sunday(year, 3, 2)? + two <= local && local < nth_sunday(year, 11, 1)? + two)
        }
        Australia if year >= 2009 => Some(
            !(nth_sunday(year, 4, 1)? + TimeDelta::try_hours(3)? <= local
                && local < nth_sunday(year, 10, 1)? + TimeDelta::try_hours(2)?),
        ),
        NewZealand if year >= 2008 => Some(
            !(nth_sunday(year, 4, 1)? + TimeDelta::try_hours(3)? <= local
                && local < last_sunday(year, 9)? + TimeDelta::try_hours(2)?),
        ),
        _ => None,
    }?;
    TimeDelta::try_minutes(i64::from(standard) + if is_summer { 60 } else { 0 })
}

fn abbreviation(text: &str) -> Option<i32> {
    ABBREVIATIONS.iter().find(|(name, _)| *name == text).map(|(_, minutes)| *minutes)
}

fn place(text: &str) -> Option<&'static (&'static str, i32, Summer)> {
    PLACES.iter().find(|(name, ..)| *name == text)
}

/// "+0100", "+01:00", "+1", "-330": minutes east.
fn numeric(text: &str) -> Option<i32> {
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let rest = text.get(1..)?;
    let (hours, minutes) = match rest.split_once(':') {
        Some((hours, minutes)) if hours.len() <= 2 && minutes.len() == 2 => (hours, minutes),
        Some(_) => return None,
        None if rest.len() <= 2 => (rest, "0"),
        None if rest.len() <= 4 => rest.split_at_checked(rest.len() - 2)?,
        None => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

fn nth_sunday(year: i32, month: u32, nth: u8) -> Option<NaiveDateTime> {
    Some(NaiveDate::from_weekday_of_month_opt(year, month, Weekday::Sun, nth)?.and_time(NaiveTime::MIN))
}

fn last_sunday(year: i32, month: u32) -> Option<NaiveDateTime> {
    nth_sunday(year, month, 5).or_else(|| nth_sunday(year, month, 4))
}
