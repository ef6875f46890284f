//! `oncefeed refresh`: the main job, and the few lines that build trust.

use std::io::Write;

use chrono::SecondsFormat;
use serde_json::json;

use super::check::count;
use super::message::code;
use super::{Context, Failure, health, ping, runtime, written};
use crate::config::Config;
use crate::fetch::Client;
use crate::model::{Articles, OutcomeKind, RunReport};
use crate::refresh::{Options, refresh};
use crate::store::{self, StoreError};

/// Arguments of `refresh`.
#[derive(Debug, clap::Args)]
pub(super) struct Refresh {
    /// Visit every source now; a host that answered 429 is still left alone
    #[arg(long)]
    force: bool,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Refresh {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let config = context.load()?;
        let holder =
            format!("process {} since {}", std::process::id(), context.now.to_rfc3339_opts(SecondsFormat::Secs, true));
        let _lock = store::lock(&config.store, &holder)?;
        let runtime = runtime()?;
        let report = runtime.block_on(async {
            let web = Client::new(config.fetch.clone()).map_err(|cause| {
                let help = cause.help();
                Failure { help, ..Failure::new(code::FAILURE, cause.to_string()) }
            })?;
            let run = async {
                examine(context, &config).await?;
                let store = store::open(&config.store)?;
                let options = Options { now: context.now, force: self.force, all: false };
                let report = refresh(&config, &*store, &web, options).await?;
                back_up(context, &config).await?;
                Ok(report)
            };
            let report = tokio::select! {
                (report, ()) = async { tokio::join!(run, ping::start(context, config.ping.as_ref(), &web)) } => report,
                code = stopped() => Err(Failure::new(code, "stopped before the end; the next run completes what is missing")),
            };
            ping::end(context, config.ping.as_ref(), &web, &report).await;
            report
        });
        // A visit that hangs in a lookup must not keep the program.
        runtime.shutdown_timeout(std::time::Duration::from_millis(200));
        let report = report?;
        health::tell(context, &report);
        if report.sources.is_empty() && report.not_due == 0 && !context.quiet {
            context.say("note", "there are no sources", Some("add a [[source]] with an id and a url"));
        }
        for warning in report.warnings.iter().filter(|_| !context.quiet) {
            context.say("warning", warning, None);
        }
        for output in report.outputs.iter().filter(|output| output.cut > 0 && !context.quiet) {
            let (what, cure) = written::cut(output.id.as_str(), output.of.as_str(), output.entries, output.cut);
            context.say("warning", &what, Some(&cure));
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
}

/// Looks at what outputs are read by, on a day when the store is to be copied.
async fn examine(context: &Context, config: &Config) -> Result<(), Failure> {
    if config.backups == 0 {
        return Ok(());
    }
    let (location, now) = (config.store.clone(), context.now);
    let done = tokio::task::spawn_blocking(move || store::examine(&location, now)).await;
    done.map_err(|cause| Failure::new(code::FAILURE, cause.to_string()))?.map_err(Failure::from)
}

/// Copies the store, when it was not yet on this day. The outputs are written: that there is no copy is said, and what
/// is found to be damaged ends the run.
async fn back_up(context: &Context, config: &Config) -> Result<(), Failure> {
    let (location, keep, now) = (config.store.clone(), config.backups, context.now);
    let done = tokio::task::spawn_blocking(move || store::back_up(&location, keep, now)).await;
    let cause = match done {
        Ok(Ok(_)) => return Ok(()),
        Ok(Err(damage @ StoreError::Corrupt { .. })) => return Err(damage.into()),
        Ok(Err(cause)) => cause.to_string(),
        Err(cause) => cause.to_string(),
    };
    let help = "make room beside the store, or let `store.backups` be smaller; 0 makes none";
    context.say("warning", &format!("there is no backup of today: {cause}"), Some(help));
    Ok(())
}

/// Ends when a person or the system asks to stop; gives the exit code for it.
pub(super) async fn stopped() -> u8 {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
        (Ok(mut interrupt), Ok(mut terminate)) => tokio::select! {
            _ = interrupt.recv() => code::INTERRUPTED,
            _ = terminate.recv() => code::TERMINATED,
        },
        // Without handlers the system's own apply.
        _ => std::future::pending().await,
    }
}

fn as_json(report: &RunReport) -> serde_json::Value {
    let sources: Vec<_> = (report.sources.iter())
        .map(|source| {
            let mut row = json!({
                "id": source.id,
                "outcome": source.outcome.kind,
                "error": source.outcome.error,
                "help": source.outcome.help,
                "http_status": source.outcome.http_status,
                "stories": source.stories,
                "new": source.new,
                "folded": source.folded,
                "updated": source.updated,
                "articles": source.articles,
                "warnings": source.warnings,
                "next": source.next.map(|next| next.to_rfc3339_opts(SecondsFormat::Secs, true)),
            });
            health::add_to(&mut row, source.condition.as_ref());
            row
        })
        .collect();
    json!({
        "schema_version": 1,
        "at": report.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        "sources": sources,
        "not_due": report.not_due,
        "stories": report.sum(|source| source.stories),
        "new": report.sum(|source| source.new),
        "folded": report.sum(|source| source.folded),
        "updated": report.sum(|source| source.updated),
        "articles": report.articles,
        "failed": report.failed(),
        "outputs": report.outputs.iter().map(written::as_json).collect::<Vec<_>>(),
        "files": report.files.iter().map(|(name, changed)| json!({"name": name, "changed": changed})).collect::<Vec<_>>(),
        "warnings": report.warnings,
        "strays": report.strays,
        "elapsed_ms": u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
    })
}

fn print(report: &RunReport, dir: &str, out: &mut dyn Write) -> Result<(), Failure> {
    let visited = report.sources.len();
    let is = |kind: &[OutcomeKind]| report.sources.iter().filter(|source| kind.contains(&source.outcome.kind)).count();
    let seconds = report.elapsed.as_secs_f64();
    writeln!(
        out,
        "{:>4} {:<9} {:>4} fetched   {:>4} unchanged   {:>4} failed {:>4} not due {:>9.1} s",
        visited + report.not_due,
        "sources",
        is(&[OutcomeKind::Ok, OutcomeKind::Moved]),
        is(&[OutcomeKind::Unchanged]),
        report.failed(),
        report.not_due,
        seconds,
    )?;
    writeln!(
        out,
        "{:>4} {:<9} {:>4} new       {:>4} folded      {:>4} updated",
        report.sum(|source| source.stories),
        "stories",
        report.sum(|source| source.new),
        report.sum(|source| source.folded),
        report.sum(|source| source.updated),
    )?;
    if report.articles != Articles::default() {
        let Articles { fetched, failed, waiting } = report.articles;
        writeln!(
            out,
            "{:>4} {:<9} {fetched:>4} fetched   {failed:>4} without   {waiting:>4} waiting",
            fetched + failed + waiting,
            "articles",
        )?;
    }
    health::print_below(report, out)?;
    written::print(report, dir, out)?;
    if report.sum(|source| source.new) == 0 && report.files.iter().all(|(_, changed)| !changed) {
        writeln!(out, "0 new, nothing written ({})", count(report.files.len(), "file"))?;
    }
    Ok(())
}
