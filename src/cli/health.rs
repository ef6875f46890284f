//! How sources are, in words and as JSON: for `refresh` and `status`.

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::message::printable;
use super::{Context, Failure};
use crate::model::{Change, Condition, RunReport, SourceId, SourceReport, State};

/// So many sources that all come to one state at once are one message: mostly it is our own network.
const TOGETHER: usize = 5;
/// Of these, so many are named.
const NAMED: usize = 10;

/// Tells of the sources whose state has changed, on standard error. With `-q` only what is news: cron mails
/// whatever is printed.
pub(super) fn tell(context: &Context, report: &RunReport) {
    let mut groups: Vec<(&Change, Vec<&SourceReport>)> = Vec::new();
    for source in &report.sources {
        let Some(change) = source.change.as_ref().filter(|change| change.is_news() || !context.quiet) else { continue };
        match groups.iter_mut().find(|(other, _)| passes(change) && is_same(other, change)) {
            Some((_, sources)) => sources.push(source),
            None => groups.push((change, vec![source])),
        }
    }
    for (change, sources) in groups {
        if sources.len() >= TOGETHER {
            tell_of_all(context, change, &sources);
        } else {
            sources.iter().for_each(|source| tell_of(context, source));
        }
    }
}

/// Whether it is of the kind that our own network may be the cause of.
fn passes(change: &Change) -> bool {
    change.to == State::Stale || change.from == Some(State::Stale)
}

fn is_same(one: &Change, other: &Change) -> bool {
    (one.from, one.to) == (other.from, other.to)
}

/// One message for many sources.
fn tell_of_all(context: &Context, change: &Change, sources: &[&SourceReport]) {
    let names: Vec<&str> = sources.iter().take(NAMED).map(|source| source.id.as_str()).collect();
    let more = match sources.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = format!("{} sources at once: {}: {}{more}", sources.len(), word(change), names.join(", "));
    match change.to.is_trouble() {
        true => context.say("warning", &what, Some("check this machine's network; `oncefeed status` has the reasons")),
        false => context.say("note", &what, None),
    }
}

/// One message for one source, with its cure.
fn tell_of(context: &Context, source: &SourceReport) {
    let Some(change) = &source.change else { return };
    let help = source.condition.as_ref().filter(|_| change.to != State::Ok).and_then(|now| now.help.as_deref());
    let level = if change.to.is_trouble() { "warning" } else { "note" };
    context.say(level, &format!("source `{}`: {}{}", source.id, told(change), next_try(source)), help);
}

fn told(change: &Change) -> String {
    let why = change.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{}{why}", word(change))
}

fn word(change: &Change) -> &'static str {
    if change.to == State::Ok { "ok again" } else { change.to.as_str() }
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
        if source.withheld > 0 && source.change.is_none() {
            let stories = count_of(source.withheld);
            writeln!(out, "     {:<9} {}: {stories} not taken; unlike all that it gave before", "withheld", source.id)?;
        }
        for warning in &source.warnings {
            writeln!(out, "     {:<9} {}: {}", "note", source.id, printable(warning))?;
        }
    }
    Ok(())
}

fn count_of(stories: usize) -> String {
    if stories == 1 { "1 story".to_owned() } else { format!("{stories} stories") }
}

/// The sources that somebody has to look at, in one line; nothing where there are none.
pub(super) fn print_trouble<'a>(
    conditions: impl Iterator<Item = (&'a SourceId, Option<Condition>)>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let state = |condition: Option<Condition>| condition.map(|condition| condition.state);
    let troubles: Vec<String> = conditions
        .filter_map(|(id, condition)| Some((id, state(condition).filter(|state| state.is_trouble())?)))
        .map(|(id, state)| format!("{id} ({})", state.as_str()))
        .collect();
    if !troubles.is_empty() {
        writeln!(out, "to be looked at: {}", troubles.join(", "))?;
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
