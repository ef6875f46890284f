//! Ages: "2 hours ago".

use chrono::TimeDelta;

/// Units by the beginnings of their names, with their length in seconds. A month is 30 days and a
/// year is 365: an age is never exact.
const UNITS: &[(i64, &[&str])] = &[
    (
        1,
        &[
            "s", "sec", "secs", "second", "seconds", "sekunde", "sekunden", "seconde", "secondes", "segundo",
            "segundos", "secondi",
        ],
    ),
    (60, &["m", "min", "mins", "minute", "minutes", "minuten", "minuto", "minutos", "minuti", "minuut"]),
    (
        3600,
        &[
            "h", "hr", "hrs", "hour", "hours", "stunde", "stunden", "std", "heure", "heures", "hora", "horas", "ora",
            "ore", "uur",
        ],
    ),
    (
        86_400,
        &[
            "d", "day", "days", "tag", "tage", "tagen", "jour", "jours", "día", "días", "dia", "dias", "giorno",
            "giorni", "dag", "dagen",
        ],
    ),
    (
        604_800,
        &[
            "w",
            "week",
            "weeks",
            "woche",
            "wochen",
            "semaine",
            "semaines",
            "semana",
            "semanas",
            "settimana",
            "settimane",
            "weken",
        ],
    ),
    (
        2_592_000,
        &["month", "months", "monat", "monate", "monaten", "mois", "mes", "meses", "mese", "mesi", "maand", "maanden"],
    ),
    (
        31_536_000,
        &[
            "year", "years", "jahr", "jahre", "jahren", "an", "ans", "año", "años", "ano", "anos", "anno", "anni",
            "jaar",
        ],
    ),
];

/// Words for one.
const ONE: &[&str] = &["a", "an", "one", "ein", "eine", "einem", "einer", "une", "un", "una", "uma", "um", "een"];

/// How long ago the text says something was; `None` when it is no age.
pub(crate) fn age(text: &str) -> Option<TimeDelta> {
    let text = text.trim().trim_end_matches('.').to_lowercase();
    if text.len() > 64 {
        return None;
    }
    match text.as_str() {
        "just now" | "now" | "moments ago" | "a moment ago" | "gerade eben" => {
            return Some(TimeDelta::zero());
        }
        "yesterday" | "gestern" | "hier" | "ayer" | "ieri" | "gisteren" | "ontem" => {
            return TimeDelta::try_days(1);
        }
        _ => {}
    }
    let inner = text
        .strip_suffix(" ago")
        .or_else(|| text.strip_prefix("vor "))
        .or_else(|| text.strip_prefix("il y a "))
        .or_else(|| text.strip_prefix("hace "))
        .or_else(|| text.strip_prefix("há "))
        .or_else(|| text.strip_suffix(" fa"))
        .or_else(|| text.strip_suffix(" geleden"))?;
    let inner = inner.strip_prefix("about ").or_else(|| inner.strip_prefix("over ")).unwrap_or(inner).trim();
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = if digits > 0 {
        let (number, unit) = inner.split_at_checked(digits)?;
        (number.parse::<i64>().ok()?, unit)
    } else {
        let (word, unit) = inner.split_once(' ')?;
        (ONE.contains(&word).then_some(1)?, unit)
    };
    let unit = unit.trim().trim_end_matches('.');
    let (seconds, _) = UNITS.iter().find(|(_, names)| names.contains(&unit))?;
    TimeDelta::try_seconds(number.checked_mul(*seconds)?)
}

#[cfg(test)]
mod tests {
    use super::age;

    #[track_caller]
    fn check(text: &str, seconds: Option<i64>) {
        assert_eq!(age(text).map(|age| age.num_seconds()), seconds, "{text}");
    }

    #[test]
    fn reads_ages() {
        check("2 hours ago", Some(7200));
        check("1 min ago", Some(60));
        check("3 days ago", Some(259_200));
        check("an hour ago", Some(3600));
        check("About 5 minutes ago", Some(300));
        check("5m ago", Some(300));
        check("just now", Some(0));
        check("Yesterday", Some(86_400));
        check("vor 2 Stunden", Some(7200));
        check("il y a 3 jours", Some(259_200));
        check("hace una hora", Some(3600));
    }

    #[test]
    fn other_words_are_no_age() {
        for text in [
            "",
            "ago",
            "2 hours",
            "two sheep ago",
            "hours ago",
            "in 2 hours",
            "99999999999999999999 days ago",
            "9223372036854775807 years ago",
        ] {
            check(text, None);
        }
    }
}
