//! `oncefeed status`: how each source was at its last visit.

use std::io::Write;

use chrono::{DateTime, Days, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::message::printable;
use super::{Context, Failure, existing, runtime, standing};
use crate::fetch;
use crate::model::{Location, OutcomeKind, Source, SourceId, Standing, Visit};
use crate::store;

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
        let (visits, health, standings) = runtime()?.block_on(async {
            let Some(store) = store else { return Ok(Default::default()) };
            let standings = match self.json || self.sources {
                true => store.standing(self.since(store.settled().await?)).await?,
                false => Vec::new(),
            };
            Ok::<_, store::StoreError>((store.visits(&ids).await?, store.health().await?, standings))
        })?;
        if self.json {
            let sources: Vec<Value> = (config.sources.iter())
                .map(|source| as_json(source, visits.get(&source.id).unwrap_or(&Visit::default()), &standings))
                .collect();
            let whole = json!({
                "schema_version": 1, "sources": sources, "stories": health.stories, "clusters": health.clusters,
                "undecided": health.undecided, "store_bytes": health.bytes, "store_schema": health.schema,
                "standing_days": (!self.all).then_some(DAYS),
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
        let wide = config.sources.iter().map(|source| source.id.as_str().len()).max().unwrap_or(0);
        for source in &config.sources {
            let visit = visits.get(&source.id).cloned().unwrap_or_default();
            writeln!(out, "{:<wide$}  {}", source.id.as_str(), line(source, &visit))?;
            if let Some(help) = visit.outcome.as_ref().and_then(|outcome| outcome.help.as_deref()) {
                writeln!(out, "{:<wide$}  help: {}", "", printable(help))?;
            }
        }
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

fn line(source: &Source, visit: &Visit) -> String {
    let Some(outcome) = &visit.outcome else { return "never visited; due at the next refresh".to_owned() };
    let last = visit.last.map(minute).unwrap_or_default();
    // Files are read at every run.
    let next = match (&source.location, visit.next) {
        (Location::Web(_), Some(next)) => format!("; next visit not before {}", minute(next)),
        _ => String::new(),
    };
    let error = match &outcome.error {
        Some(error) => format!(": {} ({} in a row)", printable(error), visit.failures),
        None if outcome.kind == OutcomeKind::Unchanged => ", unchanged".to_owned(),
        None => String::new(),
    };
    format!("{:<8} {last}{error}{next}", state(outcome.kind))
}

/// The state that a person acts on.
fn state(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::Ok | OutcomeKind::Unchanged => "ok",
        OutcomeKind::Moved => "moved",
        OutcomeKind::RetryLater => "stale",
        OutcomeKind::Gone => "gone",
        OutcomeKind::Blocked => "blocked",
        OutcomeKind::Failed => "broken",
    }
}

fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}

fn as_json(source: &Source, visit: &Visit, standings: &[Standing]) -> Value {
    let time = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let outcome = visit.outcome.as_ref();
    json!({
        "id": source.id,
        "url": fetch::shown(source),
        "outcome": outcome.map(|outcome| outcome.kind),
        "error": outcome.and_then(|outcome| outcome.error.as_deref()),
        "help": outcome.and_then(|outcome| outcome.help.as_deref()),
        "http_status": outcome.and_then(|outcome| outcome.http_status),
        "state": outcome.map(|outcome| state(outcome.kind)),
        "failures": visit.failures,
        "last": time(visit.last),
        "next": time(visit.next),
        "standing": standing::as_json(&standing::of(&source.id, standings)),
    })
}
