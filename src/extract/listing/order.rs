//! Days in numbers: "11/3/2026" alone is two days, in a column with "10/28/2026" it is one.

use super::cells::{Cell, Sort};

/// Which of the two small numbers of a day is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    MonthFirst,
    DayFirst,
}

/// The order that all days of the records agree in; `None` where they do not, or none tells.
pub(super) fn order(lines: &[Vec<Cell>]) -> Option<Order> {
    let (mut months, mut days) = (0, 0);
    for cell in lines.iter().flatten().filter(|cell| cell.sort == Sort::When) {
        if let Some((first, second, _)) = numbers(&cell.text) {
            days += u32::from(first > 12 && second <= 12);
            months += u32::from(second > 12 && first <= 12);
        }
    }
    match (months, days) {
        (1.., 0) => Some(Order::MonthFirst),
        (0, 1..) => Some(Order::DayFirst),
        _ => None,
    }
}

/// The day in a text as ISO 8601 has it.
pub(super) fn iso(text: &str, order: Order) -> Option<String> {
    let (first, second, year) = numbers(text)?;
    let (month, day) = match order {
        Order::MonthFirst => (first, second),
        Order::DayFirst => (second, first),
    };
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then(|| format!("{year:04}-{month:02}-{day:02}"))
}

/// The first three numbers of a text, when they stand like a day and its year does so last.
fn numbers(text: &str) -> Option<(u32, u32, u32)> {
    text.split_whitespace().find_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        let mark = ['/', '.', '-'].into_iter().find(|mark| word.matches(*mark).count() == 2)?;
        let mut parts = word.split(mark);
        let (first, second, year) = (parts.next()?, parts.next()?, parts.next()?);
        if first.len() > 2 || second.len() > 2 || !matches!(year.len(), 2 | 4) {
            return None;
        }
        let year = year.parse::<u32>().ok()? + if year.len() == 2 { 2000 } else { 0 };
        Some((first.parse().ok()?, second.parse().ok()?, year))
    })
}

#[cfg(test)]
mod tests {
    use super::{Order, iso};

    #[track_caller]
    fn check(text: &str, order: Order, expected: Option<&str>) {
        assert_eq!(iso(text, order).as_deref(), expected, "{text}");
    }

    #[test]
    fn the_order_says_which_number_is_the_month() {
        check("11/3/2026", Order::MonthFirst, Some("2026-11-03"));
        check("11/3/2026", Order::DayFirst, Some("2026-03-11"));
        check("Tue 03.11.26 19:00", Order::DayFirst, Some("2026-11-03"));
        check("12-06-17", Order::MonthFirst, Some("2017-12-06"));
    }

    #[test]
    fn what_is_no_day_in_numbers_has_none() {
        check("28/3/2026", Order::MonthFirst, None);
        check("2026-11-03", Order::DayFirst, None);
        check("3 November 2026", Order::DayFirst, None);
        check("10:30:00", Order::DayFirst, None);
    }
}
