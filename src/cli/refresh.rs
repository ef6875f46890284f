//! `oncefeed refresh`: the main job, and the few lines that build trust.

use std::io::Write;
use std::time::Duration;

use chrono::SecondsFormat;
use serde_json::json;
use tokio::time::Instant;

use super::check::count;
use super::message::code;
use super::signals::Signals;
use super::{Context, Failure, runtime};
use crate::failpoint::{Point, pass};
use crate::fetch::Client;
use crate::model::{Format, OutcomeKind, RunReport, SourceReport};
use crate::refresh::{Bounds, Options, refresh_within};
use crate::store;

/// Arguments of `refresh`.
#[derive(Debug, clap::Args)]
pub(super) struct Refresh {
    /// Visit every source now; a host that answered 429 is still left alone
    #[arg(long)]
    force: bool,
    /// Visit no longer than this allows, e.g. 5m; what is left over comes first in the next run
    #[arg(long, value_name = "TIME", value_parser = crate::config::duration)]
    max_time: Option<Duration>,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Refresh {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let started = Instant::now();
        let config = context.load()?;
        let holder =
            format!("process {} since {}", std::process::id(), context.now.to_rfc3339_opts(SecondsFormat::Secs, true));
        let _lock = store::lock(&config.store, &holder)?;
        pass(Point::Locked);
        let runtime = runtime()?;
        let (stopper, bounds) = Bounds::new(started, self.max_time);
        let signals = Signals::listen(stopper)?;
        let report = runtime.block_on(async {
            let store = store::open(&config.store)?;
            let web = Client::new(config.fetch.clone()).map_err(|cause| {
                let help = cause.help();
                Failure { help, ..Failure::new(code::FAILURE, cause.to_string()) }
            })?;
            let options = Options { now: context.now, force: self.force, all: false };
            let report = refresh_within(&config, &*store, &web, options, &bounds).await;
            report.map_err(|cause| signals.failure(cause.into()))
        });
        // What is being committed is committed; a visit that hangs in a lookup must not keep the program.
        runtime.shutdown_timeout(if report.is_ok() { Duration::from_millis(200) } else { Duration::from_secs(2) });
        let report = report?;
        for source in &report.sources {
            self.tell(context, source);
        }
        if report.sources.is_empty() && report.not_due == 0 && !context.quiet {
            context.say("note", "there are no sources", Some("add a [[source]] with an id and a url"));
        }
        for warning in report.warnings.iter().filter(|_| !context.quiet) {
            context.say("warning", warning, None);
        }
        if !report.strays.is_empty() && !context.quiet {
            let what = format!("of no output any more, and still served: {}", report.strays.join(", "));
            context.say("warning", &what, Some("delete what nobody should read"));
        }
        let failed = report.failed();
        let code = match failed {
            0 => 0,
            all if all == report.sources.len() => code::ALL_FAILED,
            _ => code::SOME_FAILED,
        };
        match self.report(context, &report, &config.publish.dir.display().to_string(), out) {
            // Nobody reads the report; what the run came to still counts.
            Err(failure) if !failure.silent => Err(failure),
            _ => Ok(code),
        }
    }

    fn report(&self, context: &Context, report: &RunReport, dir: &str, out: &mut dyn Write) -> Result<(), Failure> {
        if self.json {
            serde_json::to_writer(&mut *out, &as_json(report)).map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
        } else if !context.quiet {
            print(report, dir, out)?;
        }
        out.flush()?;
        Ok(())
    }

    /// One message for each source that failed, with its cure. With `-q` only the newly failing: cron
    /// mails whatever is printed.
    fn tell(&self, context: &Context, source: &SourceReport) {
        let Some(error) = &source.outcome.error else {
            if !context.quiet {
                for warning in &source.warnings {
                    context.say("note", &format!("source `{}`: {warning}", source.id), None);
                }
            }
            return;
        };
        if context.quiet && source.failures_before > 0 {
            return;
        }
        // Files are read at every run: there is nothing to wait for.
        let is_file = source.location.starts_with("file:");
        let next = source
            .next
            .filter(|_| !is_file)
            .map(|next| format!("; next try {}", next.to_rfc3339_opts(SecondsFormat::Secs, true)))
            .unwrap_or_default();
        context.say("warning", &format!("source `{}`: {error}{next}", source.id), source.outcome.help.as_deref());
    }
}

fn as_json(report: &RunReport) -> serde_json::Value {
    let sources: Vec<_> = (report.sources.iter())
        .map(|source| {
            json!({
                "id": source.id,
                "outcome": source.outcome.kind,
                "error": source.outcome.error,
                "help": source.outcome.help,
                "http_status": source.outcome.http_status,
                "stories": source.stories,
                "new": source.new,
                "folded": source.folded,
                "updated": source.updated,
                "warnings": source.warnings,
                "next": source.next.map(|next| next.to_rfc3339_opts(SecondsFormat::Secs, true)),
            })
        })
        .collect();
    json!({
        "schema_version": 1,
        "at": report.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "sources": sources,
        "not_due": report.not_due,
        "left": report.left,
        "stories": report.sum(|source| source.stories),
        "new": report.sum(|source| source.new),
        "folded": report.sum(|source| source.folded),
        "updated": report.sum(|source| source.updated),
        "failed": report.failed(),
        "outputs": report.outputs.iter().map(|(id, entries)| json!({"id": id, "entries": entries})).collect::<Vec<_>>(),
        "files": report.files.iter().map(|(name, changed)| json!({"name": name, "changed": changed})).collect::<Vec<_>>(),
        "warnings": report.warnings,
        "strays": report.strays,
        "elapsed_ms": u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}

/// Whether a file is an output's: the others are about all of them.
fn is_of(name: &str, output: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(id, ending)| id == output && Format::ALL.iter().any(|format| format.as_str() == ending))
}

fn print(report: &RunReport, dir: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let visited = report.sources.len();
    let is = |kind: &[OutcomeKind]| report.sources.iter().filter(|source| kind.contains(&source.outcome.kind)).count();
    let seconds = report.elapsed.as_secs_f64();
    writeln!(
        out,
        "{:>4} {:<9} {:>4} fetched   {:>4} unchanged   {:>4} failed {:>4} not due {:>9.1} s",
        visited + report.not_due + report.left,
        "sources",
        is(&[OutcomeKind::Ok, OutcomeKind::Moved]),
        is(&[OutcomeKind::Unchanged]),
        report.failed(),
        report.not_due,
        seconds,
    )?;
    if report.left > 0 {
        writeln!(out, "{:>4} {:<9} left over when the time was up; they come first in the next run", report.left, "")?;
    }
    writeln!(
        out,
        "{:>4} {:<9} {:>4} new       {:>4} folded      {:>4} updated",
        report.sum(|source| source.stories),
        "stories",
        report.sum(|source| source.new),
        report.sum(|source| source.folded),
        report.sum(|source| source.updated),
    )?;
    let written = |files: &[&(String, bool)]| {
        let state = if files.iter().any(|(_, changed)| *changed) { "written" } else { "unchanged" };
        let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        format!("{state} {dir}/{{{}}}", names.join(","))
    };
    let mut files: Vec<&(String, bool)> = report.files.iter().collect();
    for (id, entries) in &report.outputs {
        let (its, others) = files.into_iter().partition(|(name, _)| is_of(name, id));
        files = others;
        writeln!(out, "{:>4} {:<9} in {id}: {}", entries, "items", written(&its))?;
    }
    if !files.is_empty() {
        writeln!(out, "{:>4} {:<9} {}", "", "index", written(&files))?;
    }
    if report.sum(|source| source.new) == 0 && report.files.iter().all(|(_, changed)| !changed) {
        writeln!(out, "0 new, nothing written ({})", count(report.files.len(), "file"))?;
    }
    Ok(())
}
