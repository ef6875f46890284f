//! Words with a part to play: spelled numbers, the calendar, and words that tell nothing.
//!
//! All in normalised spelling (see `normal`). Small on purpose: what is missing makes a comparison a
//! little weaker, never wrong.

use std::sync::LazyLock;

use super::normal::word_hash;

/// False for nearly all words that have no part to play, given their hash: asking every list about
/// every word took a quarter of the time of a fingerprint.
pub(super) fn may_play(hash: u32) -> bool {
    static WORDS: LazyLock<Vec<bool>> = LazyLock::new(|| {
        let mut words = vec![false; 1 << 16];
        let numbers = NUMBERS.iter().map(|(name, _)| name);
        numbers.chain(CALENDAR).chain(STOP).for_each(|word| words[usize::from(word_hash(word) as u16)] = true);
        words
    });
    WORDS[usize::from(hash as u16)]
}

const NUMBERS: &[(&str, &str)] = &[
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("seven", "7"),
    ("eight", "8"),
    ("nine", "9"),
    ("ten", "10"),
    ("eleven", "11"),
    ("twelve", "12"),
    ("thirteen", "13"),
    ("fourteen", "14"),
    ("fifteen", "15"),
    ("sixteen", "16"),
    ("seventeen", "17"),
    ("eighteen", "18"),
    ("nineteen", "19"),
    ("twenty", "20"),
    ("thirty", "30"),
    ("forty", "40"),
    ("fifty", "50"),
    ("sixty", "60"),
    ("seventy", "70"),
    ("eighty", "80"),
    ("ninety", "90"),
];

/// The digits of a spelled number, so that "three" and "3" are one word.
pub(super) fn number(word: &str) -> Option<&'static str> {
    if !(3..=9).contains(&word.len()) {
        return None;
    }
    NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, digits)| *digits)
}

const CALENDAR: &[&str] = &[
    // English
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "apr",
    "jun",
    "jul",
    "aug",
    "sept",
    "sep",
    "oct",
    "nov",
    "dec", // German
    "montag",
    "dienstag",
    "mittwoch",
    "donnerstag",
    "freitag",
    "samstag",
    "sonnabend",
    "sonntag",
    "januar",
    "februar",
    "märz",
    "mai",
    "juni",
    "juli",
    "oktober",
    "dezember", // French
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "janvier",
    "février",
    "avril",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre", // Spanish, Portuguese, Italian
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
    "enero",
    "febrero",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
    "janeiro",
    "fevereiro",
    "maio",
    "junho",
    "julho",
    "setembro",
    "outubro",
    "dezembro",
    "lunedì",
    "martedì",
    "mercoledì",
    "giovedì",
    "venerdì",
    "sabato",
    "domenica",
    "gennaio",
    "febbraio",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "settembre",
    "ottobre",
    "dicembre", // Dutch, Swedish, Danish, Norwegian
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "måndag",
    "tisdag",
    "onsdag",
    "torsdag",
    "fredag",
    "lördag",
    "söndag",
    "mandag",
    "tirsdag",
    "lørdag",
    "søndag", // Russian
    "понедельник",
    "вторник",
    "среду",
    "четверг",
    "пятницу",
    "субботу",
    "воскресенье",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// Months and weekdays: they differ between two notices made from one template.
pub(super) fn is_calendar(word: &str) -> bool {
    (3..=24).contains(&word.len()) && CALENDAR.contains(&word)
}

// Sorted by bytes.
const STOP: &[&str] = &[
    "a", "about", "after", "also", "amid", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "das",
    "de", "den", "der", "des", "die", "du", "el", "en", "et", "for", "from", "had", "has", "have", "he", "her", "his",
    "how", "if", "il", "im", "in", "into", "is", "it", "its", "la", "las", "le", "les", "los", "mit", "more", "new",
    "of", "on", "or", "out", "over", "said", "says", "she", "than", "that", "the", "their", "they", "this", "to", "un",
    "und", "une", "up", "von", "was", "we", "were", "what", "when", "which", "who", "will", "with", "you", "your",
    "zu", "в", "и", "на", "о", "по", "с", "что",
];

/// Words that tell nothing about what a text is about. Negations are not among them.
pub(super) fn is_stop(word: &str) -> bool {
    word.len() <= 6 && STOP.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_found_and_negations_are_not_among_them() {
        for word in ["a", "the", "said", "und", "что", "with"] {
            assert!(is_stop(word), "{word}");
        }
        for word in ["not", "no", "may", "talks", "не"] {
            assert!(!is_stop(word), "{word}");
        }
    }

    #[test]
    fn knows_the_calendar_and_spelled_numbers() {
        assert!(is_calendar("tuesday") && is_calendar("märz") && is_calendar("мая"));
        assert!(!is_calendar("may") && !is_calendar("talks"));
        assert_eq!(number("seven"), Some("7"));
        assert_eq!(number("one"), None);
    }
}
