//! How sources are, in words and as JSON: for `refresh` and `status`.

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::message::printable;
use super::{Context, Failure};
use crate::model::{Change, Condition, RunReport, SourceReport, State};

/// One message for each source whose state has changed, on standard error, with its cure. With `-q` only what is
/// news: cron mails whatever is printed.
pub(super) fn tell(context: &Context, source: &SourceReport) {
    let Some(change) = source.change.as_ref().filter(|change| change.is_news() || !context.quiet) else { return };
    let help = source.condition.as_ref().filter(|_| change.to != State::Ok).and_then(|now| now.help.as_deref());
    let level = if change.to.is_trouble() { "warning" } else { "note" };
    context.say(level, &format!("source `{}`: {}{}", source.id, told(change), next_try(source)), help);
}

fn told(change: &Change) -> String {
    let again = if change.to == State::Ok { " again" } else { "" };
    let why = change.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{}{again}{why}", change.to.as_str())
}

/// When a source that fails is visited again.
fn next_try(source: &SourceReport) -> String {
    // Files are read at every run: there is nothing to wait for.
    let waits = !source.outcome.kind.is_success() && !source.location.starts_with("file:");
    let next = source.next.filter(|_| waits);
    next.map(|next| format!("; next try {}", seconds(next))).unwrap_or_default()
}

/// Below the figures of the sources: those that failed and are no news, and what was odd about documents.
pub(super) fn print_below(report: &RunReport, out: &mut dyn Write) -> Result<(), Failure> {
    for source in &report.sources {
        let error = source.outcome.error.as_deref().filter(|_| source.change.is_none());
        if let Some(error) = error {
            let state = source.condition.as_ref().map(|condition| condition.state).filter(|state| state.is_trouble());
            let state = state.map_or("failed".to_owned(), |state| format!("still {}", state.as_str()));
            writeln!(out, "     {state:<9} {}: {}{}", source.id, printable(error), next_try(source))?;
        }
        for warning in &source.warnings {
            writeln!(out, "     {:<9} {}: {}", "note", source.id, printable(warning))?;
        }
    }
    Ok(())
}

/// Adds how a source is to its row of JSON.
pub(super) fn add_to(row: &mut Value, condition: Option<&Condition>) {
    let changes = |condition: &Condition| condition.changes.iter().map(change_as_json).collect::<Vec<_>>();
    row["state"] = json!(condition.map(|condition| condition.state));
    row["since"] = json!(condition.and_then(|condition| condition.since).map(seconds));
    row["why"] = json!(condition.and_then(|condition| condition.why.as_deref()));
    row["changes"] = json!(condition.map(changes).unwrap_or_default());
}

fn change_as_json(change: &Change) -> Value {
    json!({"at": seconds(change.at), "from": change.from, "to": change.to, "why": change.why})
}

fn seconds(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
