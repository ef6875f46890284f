//! What each source brings that others do not, as a table and as JSON: for `status` and `try`.

use std::io::Write;

use serde_json::{Value, json};

use super::Failure;
use crate::model::{SourceId, Standing};

/// The standing of a source that told nothing.
fn nothing(source: &SourceId) -> Standing {
    Standing { source: source.clone(), items: 0, unique: 0, first: 0, lead_minutes: None }
}

/// The standing of one source among all.
pub(super) fn of(source: &SourceId, all: &[Standing]) -> Standing {
    all.iter().find(|standing| standing.source == *source).cloned().unwrap_or_else(|| nothing(source))
}

/// One line for each of the sources, in their order, and below what the columns mean.
pub(super) fn print<'a>(
    sources: impl Iterator<Item = &'a SourceId>,
    all: &[Standing],
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let rows: Vec<Standing> = sources.map(|source| of(source, all)).collect();
    let wide = rows.iter().map(|row| row.source.as_str().len()).max().unwrap_or(0).max("source".len());
    writeln!(
        out,
        "{:<wide$}  {:>6}  {:>6}  {:>5}  {:>6}  {:>6}  {:>8}",
        "source", "items", "unique", "", "shared", "first", "lead"
    )?;
    for row in &rows {
        let share = (row.unique * 100).checked_div(row.items).map(|share| format!("{share} %")).unwrap_or_default();
        let lead = row.lead_minutes.map(span).unwrap_or_default();
        let numbers = format!("{:>6}  {:>6}  {share:>5}  {:>6}  {:>6}", row.items, row.unique, row.folded(), row.first);
        let line = format!("{:<wide$}  {numbers}  {lead:>8}", row.source.as_str());
        writeln!(out, "{}", line.trim_end())?;
    }
    writeln!(out, "unique: told by no other source, so they would be missing without it")?;
    writeln!(out, "first: of the shared ones, told by it before all others; lead: how long before, the median")?;
    Ok(())
}

/// A standing as JSON.
pub(super) fn as_json(standing: &Standing) -> Value {
    json!({
        "items": standing.items, "unique": standing.unique, "shared": standing.folded(), "first": standing.first,
        "lead_minutes": standing.lead_minutes,
    })
}

fn span(minutes: u64) -> String {
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_line_for_each_source_and_fits_a_terminal() {
        let [one, none] = ["a-source-with-a-name", "b"].map(|id| SourceId::new(id).unwrap());
        let standing = Standing { source: one.clone(), items: 8, unique: 6, first: 1, lead_minutes: Some(35) };
        let mut out = Vec::new();
        print([&one, &none].into_iter(), &[standing], &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[1].split_whitespace().collect::<Vec<_>>().join(" "),
            "a-source-with-a-name 8 6 75 % 2 1 35 min"
        );
        assert_eq!(lines[2].split_whitespace().collect::<Vec<_>>().join(" "), "b 0 0 0 0");
        assert!(lines.iter().all(|line| line.len() <= 100), "{text}");
    }

    #[test]
    fn spans_are_rounded_down_to_what_people_say() {
        assert_eq!([0, 119, 120, 2_879, 2_880].map(span), ["0 min", "119 min", "2 h", "47 h", "2 days"]);
    }
}
