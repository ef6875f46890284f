//! Numbers in Han numerals, as Chinese and Japanese write them: `一万二千` is 12000.

use std::str::Chars;

/// Reads a number in Han numerals that begins with `first` into `word`, in digits; false: it is none,
/// and nothing was read. A single numeral is none: most are parts of words.
pub(super) fn number(first: char, rest: &mut Chars<'_>, word: &mut String) -> bool {
    if part(first).is_none() {
        return false;
    }
    let text = rest.as_str();
    let more: Vec<Part> = std::iter::once(first).chain(text.chars()).map_while(part).take(LONGEST).collect();
    if more.len() < 2 {
        return false;
    }
    match value(&more) {
        Some(value) => word.push_str(&value.to_string()),
        // Digits one by one, as years and telephone numbers are written.
        None => word.extend(more.iter().map(|part| match part {
            Part::Digit(digit) => char::from_digit(*digit as u32, 10).unwrap_or('0'),
            Part::Times(_) => '+',
        })),
    }
    rest.nth(more.len() - 2);
    true
}

/// Whether a single character is a numeral that is seldom a part of another word.
pub(super) fn is_digit(c: char) -> bool {
    matches!(part(c), Some(Part::Digit(digit)) if digit > 1)
}

/// Numerals that are read as one number.
const LONGEST: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Digit(u64),
    Times(u64),
}

fn part(c: char) -> Option<Part> {
    Some(match c {
        '〇' | '零' => Part::Digit(0),
        '一' => Part::Digit(1),
        '二' | '两' | '兩' => Part::Digit(2),
        '三' => Part::Digit(3),
        '四' => Part::Digit(4),
        '五' => Part::Digit(5),
        '六' => Part::Digit(6),
        '七' => Part::Digit(7),
        '八' => Part::Digit(8),
        '九' => Part::Digit(9),
        '十' => Part::Times(10),
        '百' => Part::Times(100),
        '千' => Part::Times(1_000),
        '万' | '萬' => Part::Times(10_000),
        '亿' | '億' => Part::Times(100_000_000),
        _ => return None,
    })
}

/// The value of numerals with powers among them; `None`: they are digits in a row, or make no sense.
fn value(parts: &[Part]) -> Option<u64> {
    let digits_in_row = parts.windows(2).any(|two| matches!(two, [Part::Digit(a), Part::Digit(_)] if *a != 0));
    if digits_in_row {
        return None;
    }
    // What is complete; the largest power in it; below the next power of ten thousand; before the next power.
    let (mut total, mut largest, mut section, mut digit) = (0_u64, 1_u64, 0_u64, None);
    for part in parts {
        match *part {
            Part::Digit(value) => digit = Some(value),
            Part::Times(power) if power >= 10_000 => {
                let before = (section + digit.take().unwrap_or(0)).max(1);
                total = match power > largest {
                    true => total.checked_add(before)?.checked_mul(power)?,
                    false => total.checked_add(before.checked_mul(power)?)?,
                };
                (largest, section) = (power, 0);
            }
            Part::Times(power) => section += digit.take().unwrap_or(1) * power,
        }
    }
    total.checked_add(section + digit.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, &str)>) {
        let mut rest = text.chars();
        let first = rest.next().unwrap();
        let mut word = String::new();
        let read = number(first, &mut rest, &mut word);
        assert_eq!(read.then_some((word.as_str(), rest.as_str())), expected, "{text}");
    }

    #[test]
    fn reads_numbers() {
        check("十二人", Some(("12", "人")));
        check("二百余趟", Some(("200", "余趟")));
        check("一万二千余人", Some(("12000", "余人")));
        check("三亿五千万", Some(("350000000", "")));
        check("二〇二六年", Some(("2026", "年")));
        check("一百零五", Some(("105", "")));
    }

    #[test]
    fn a_single_numeral_may_be_part_of_a_word() {
        check("一些人", None);
        check("三号", None);
        check("人", None);
        check("万", None);
    }

    #[test]
    fn nonsense_is_no_panic() {
        for text in
            ["亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿亿", "九九九九九九九九九九九九九九九九九九九九", "十十十十", "〇〇"]
        {
            let mut rest = text.chars();
            let first = rest.next().unwrap();
            let _ = number(first, &mut rest, &mut String::new());
        }
    }
}
