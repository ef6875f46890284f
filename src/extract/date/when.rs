//! Texts that only say when: a day, a time, a span of them, readable as a date or not.

use super::{words, zone};

/// Longest text that is looked at, in bytes.
const LONGEST: usize = 80;
/// Words that stand between days and times.
const BETWEEN: &[&str] = &[
    "am", "pm", "a", "p", "m", "noon", "midnight", "to", "at", "from", "until", "h", "uhr", "bis", "um", "date", "time",
];

/// Whether a text says when, and nothing else: "Tue, 5 May, 9 a.m. - noon". A number alone does not.
pub(crate) fn is_when(text: &str) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    let lower = text.to_lowercase();
    let (mut named, mut numbers) = (false, 0);
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let rest = word.get(digits..).unwrap_or_default();
        if digits > 0 {
            let is_tail = matches!(rest, "" | "st" | "nd" | "rd" | "th" | "am" | "pm" | "h" | "a" | "p");
            if !is_tail || digits > 4 && digits != 8 {
                return false;
            }
            numbers += 1;
        } else if words::month(word).is_some() || words::is_weekday(word) {
            named = true;
        } else if !BETWEEN.contains(&word) && !words::is_filler(word) && !zone::is_known(&word.to_uppercase()) {
            return false;
        }
    }
    let is_joined = lower.contains(['/', ':', '.', '-']) && !lower.starts_with(['-', '.']);
    named && numbers > 0 || numbers >= 2 && is_joined
}

#[cfg(test)]
mod tests {
    use super::is_when;

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_when(text), expected, "{text}");
    }

    #[test]
    fn days_and_times_say_when() {
        check("Tue, 5 May", true);
        check("January 24 at 1:30 pm", true);
        check("04/04/19", true);
        check("12-06-17", true);
        check("9:30 a.m. - noon", true);
        check("3. März 2026, 19 Uhr", true);
    }

    #[test]
    fn what_has_a_name_or_is_a_number_does_not() {
        check("Board meeting, 5 May", false);
        check("2026", false);
        check("Room 300", false);
        check("May", false);
        check("Hearing for 23-0367", false);
        check("555-123456", false);
    }
}
