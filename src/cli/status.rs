//! `oncefeed status`: how each source was at its last visit.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::{DateTime, Days, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::message::printable;
use super::{Context, Failure, existing, health, runtime, standing, written};
use crate::config::Config;
use crate::fetch;
use crate::model::{Condition, Location, OutcomeKind, OutputReport, Source, SourceId, Standing, Visit};
use crate::refresh::{feeds, holding};
use crate::store::{self, Store};

/// Arguments of `status`.
#[derive(Debug, clap::Args)]
pub(super) struct Status {
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
    /// What each source brings that others do not, in the last 30 days before the last decision
    #[arg(long)]
    sources: bool,
    /// With --sources: count everything that is stored, not only those days
    #[arg(long, requires = "sources")]
    all: bool,
}

/// Days that standings are counted over, unless all are wanted.
const DAYS: u64 = 30;

impl Status {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let config = context.load()?;
        let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
        let store = existing(&config.store)?;
        let (visits, health, standings, cuts) = runtime()?.block_on(async {
            let Some(store) = store else { return Ok(Default::default()) };
            let standings = match self.json || self.sources {
                true => store.standing(self.since(store.settled().await?)).await?,
                false => Vec::new(),
            };
            let visits = store.visits(&ids).await?;
            let cuts = cuts(&config, &*store, &visits).await?;
            Ok::<_, store::StoreError>((visits, store.health().await?, standings, cuts))
        })?;
        if self.json {
            let sources: Vec<Value> = (config.sources.iter())
                .map(|source| as_json(source, visits.get(&source.id).unwrap_or(&Visit::default()), &standings))
                .collect();
            let whole = json!({
                "schema_version": 1, "sources": sources, "stories": health.stories, "clusters": health.clusters,
                "undecided": health.undecided, "store_bytes": health.bytes, "store_schema": health.schema,
                "standing_days": (!self.all).then_some(DAYS),
                "outputs": cuts.iter().map(written::as_json).collect::<Vec<_>>(),
            });
            serde_json::to_writer(&mut *out, &whole).map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
            return Ok(0);
        }
        if self.sources {
            let days = if self.all { "ever since".to_owned() } else { format!("in the last {DAYS} days") };
            writeln!(out, "What each source brought, {days}")?;
            standing::print(ids.iter(), &standings, out)?;
            return Ok(0);
        }
        for output in cuts.iter().filter(|output| output.cut > 0) {
            let (what, cure) = written::cut(output.id.as_str(), output.of.as_str(), output.entries, output.cut);
            writeln!(out, "{what}\n  help: {cure}")?;
        }
        let wide = config.sources.iter().map(|source| source.id.as_str().len()).max().unwrap_or(0);
        for source in &config.sources {
            let visit = visits.get(&source.id).cloned().unwrap_or_default();
            let condition = visit.condition();
            writeln!(out, "{:<wide$}  {}", source.id.as_str(), line(source, &visit, condition.as_ref()))?;
            if let Some(why) = condition.as_ref().and_then(|condition| condition.why.as_deref()) {
                writeln!(out, "{:<wide$}  {:<8} {}", "", "", printable(why))?;
            }
            if let Some(note) = note(&visit) {
                writeln!(out, "{:<wide$}  {:<8} note: {}", "", "", printable(note))?;
            }
            if let Some(help) = help(&visit, condition.as_ref()) {
                writeln!(out, "{:<wide$}  {:<8} help: {}", "", "", printable(help))?;
            }
        }
        let conditions = ids.iter().map(|id| (id, visits.get(id).and_then(Visit::condition)));
        health::print_trouble(conditions, out)?;
        writeln!(
            out,
            "{} stories in {} items, {} waiting to be decided about, {:.1} MB",
            health.stories,
            health.clusters,
            health.undecided,
            health.bytes as f64 / 1e6
        )?;
        Ok(0)
    }

    /// Where the period begins; ages are reckoned from the last decision.
    fn since(&self, settled: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let period = settled.filter(|_| !self.all).and_then(|at| at.checked_sub_days(Days::new(DAYS)));
        period.unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

/// What each feed holds, and what it has no room for.
async fn cuts(
    config: &Config,
    store: &dyn Store,
    visits: &BTreeMap<SourceId, Visit>,
) -> Result<Vec<OutputReport>, store::StoreError> {
    let mut reports = Vec::new();
    for feed in feeds(config, visits) {
        reports.push(holding(store, &feed).await?);
    }
    Ok(reports)
}

/// State, since when, and how the last visit went.
fn line(source: &Source, visit: &Visit, condition: Option<&Condition>) -> String {
    let (Some(outcome), Some(condition)) = (&visit.outcome, condition) else {
        return "never visited; due at the next refresh".to_owned();
    };
    let since = condition.since.map(|since| format!("since {}; ", minute(since))).unwrap_or_default();
    // A source whose host waits, for the sake of another one, may never have been asked.
    let last = visit.last.map_or_else(|| "never asked,".to_owned(), minute);
    // Files are read at every run.
    let next = match (&source.location, visit.next) {
        (Location::Web(_), Some(next)) => format!("; next visit not before {}", minute(next)),
        _ => String::new(),
    };
    let how = match &outcome.error {
        // The reason of the state, below, says the same.
        Some(error) if condition.why.as_ref().is_some_and(|why| why.starts_with(error)) => {
            format!("failed ({} in a row)", visit.failures)
        }
        Some(error) => format!("failed: {} ({} in a row)", printable(error), visit.failures),
        None if outcome.kind == OutcomeKind::Unchanged => "unchanged".to_owned(),
        None => "read".to_owned(),
    };
    format!("{:<8} {since}{last} {how}{next}", condition.state.as_str())
}

/// What can be done: about the state, else about the last visit.
fn help<'v>(visit: &'v Visit, condition: Option<&'v Condition>) -> Option<&'v str> {
    let of_visit = || visit.outcome.as_ref().and_then(|outcome| outcome.help.as_deref());
    condition.and_then(|condition| condition.help.as_deref()).or_else(of_visit)
}

/// What is to be said of its articles though they can be read.
fn note(visit: &Visit) -> Option<&str> {
    visit.past.as_ref().and_then(|past| past.note.as_deref())
}

fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}

fn as_json(source: &Source, visit: &Visit, standings: &[Standing]) -> Value {
    let time = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let outcome = visit.outcome.as_ref();
    let condition = visit.condition();
    let mut row = json!({
        "id": source.id,
        "url": fetch::shown(source),
        "outcome": outcome.map(|outcome| outcome.kind),
        "error": outcome.and_then(|outcome| outcome.error.as_deref()),
        "help": help(visit, condition.as_ref()),
        "http_status": outcome.and_then(|outcome| outcome.http_status),
        "note": note(visit),
        "failures": visit.failures,
        "last": time(visit.last),
        "next": time(visit.next),
        "standing": standing::as_json(&standing::of(&source.id, standings)),
    });
    health::add_to(&mut row, condition.as_ref());
    row
}
