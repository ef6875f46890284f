//! `oncefeed refresh`: the main job, and the few lines that build trust.

use std::io::Write;
use std::time::Duration;

use chrono::SecondsFormat;
use serde_json::json;
use tokio::time::Instant;

use super::check::count;
use super::message::code;
use super::signals::Signals;
use super::{Context, Failure, health, ping, runtime, written};
use crate::config::Config;
use crate::failpoint::{Point, pass};
use crate::fetch::Client;
use crate::model::{Articles, OutcomeKind, RunReport, SourceId};
use crate::refresh::{Bounds, Options, accept, refresh_within};
use crate::store::{self, StoreError};

/// Arguments of `refresh`.
#[derive(Debug, clap::Args)]
pub(super) struct Refresh {
    /// Visit every source now; a host that answered 429 is still left alone
    #[arg(long)]
    force: bool,
    /// Visit no longer than this allows, e.g. 5m; what is left over comes first in the next run
    #[arg(long, value_name = "TIME", value_parser = crate::config::duration)]
    max_time: Option<Duration>,
    /// Believe what this source gives now, though it is unlike all before; may be repeated
    #[arg(long, value_name = "SOURCE")]
    accept: Vec<String>,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Refresh {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let started = Instant::now();
        let config = context.load()?;
        let accepted = self.accepted(&config)?;
        let holder =
            format!("process {} since {}", std::process::id(), context.now.to_rfc3339_opts(SecondsFormat::Secs, true));
        let _lock = store::lock(&config.store, &holder)?;
        pass(Point::Locked);
        let runtime = runtime()?;
        let (stopper, bounds) = Bounds::new(started, self.max_time);
        let signals = Signals::listen(stopper)?;
        let report = runtime.block_on(async {
            let web = Client::new(config.fetch.clone()).map_err(|cause| {
                let help = cause.help();
                Failure { help, ..Failure::new(code::FAILURE, cause.to_string()) }
            })?;
            let run = async {
                examine(context, &config).await?;
                let store = store::open(&config.store)?;
                for id in accepted {
                    if !accept(&*store, id).await? {
                        context.say("note", &format!("source `{id}`: there is nothing to be accepted"), None);
                    }
                }
                let options = Options { now: context.now, force: self.force, all: false };
                let report = refresh_within(&config, &*store, &web, options, &bounds).await;
                let report = report.map_err(|cause| signals.failure(cause.into()))?;
                back_up(context, &config).await?;
                Ok(report)
            };
            let start = ping::start(context, config.ping.as_ref(), &web, &bounds);
            let (report, ()) = tokio::join!(run, start);
            ping::end(context, config.ping.as_ref(), &web, &report, &bounds).await;
            report
        });
        // What is being committed is committed; a visit that hangs in a lookup must not keep the program.
        runtime.shutdown_timeout(if report.is_ok() { Duration::from_millis(200) } else { Duration::from_secs(2) });
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
        let code = match report.failed() {
            0 if report.doubtful() > 0 => code::SOME_FAILED,
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

    /// The sources that a person speaks for.
    fn accepted<'c>(&self, config: &'c Config) -> Result<Vec<&'c SourceId>, Failure> {
        let find = |wanted: &String| {
            let known = config.sources.iter().map(|source| &source.id).find(|id| id.as_str() == wanted);
            known.ok_or_else(|| {
                let what = format!("there is no source `{wanted}` to be accepted");
                Failure::new(code::USAGE, what).help("`oncefeed status` lists the sources by their ids")
            })
        };
        self.accept.iter().map(find).collect()
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
                "withheld": source.withheld,
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
        "left": report.left,
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
    if report.articles != Articles::default() {
        let Articles { fetched, failed, waiting, .. } = report.articles;
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
