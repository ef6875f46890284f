//! The command line: arguments, messages, exit codes, and the clock.
//!
//! Data goes to standard output, words and progress to standard error. One file a command.

mod boilerplate;
mod check;
mod cluster;
mod correct;
mod corrected;
mod explain;
mod export;
mod find;
mod health;
mod import;
mod init;
mod inspect;
mod message;
mod ping;
mod refresh;
mod sample;
mod saved;
mod shown;
mod signals;
mod standing;
mod status;
mod subscriptions;
mod tryout;
mod tryreport;
mod weighed;
mod whatif;
mod written;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand, ValueEnum};
use message::{Failure, code, message};

use crate::config::{self, Config, ConfigError};
use crate::store::{self, Store};

const EXAMPLES: &str = "\
Examples:
  oncefeed try                                     what it is about, on a built-in sample
  oncefeed try https://n.example/ list.opml        what a feed of these would hold
  oncefeed init                                    write a short commented configuration
  oncefeed refresh                                 fetch what is due, fold, publish
  oncefeed explain \"river treaty\"                  why a story was folded, or was not
  oncefeed split 3f0c9a17 metro                    no, the metro's is another story
  oncefeed import list.opml                        subscriptions become sources
  oncefeed export --outputs > mine.opml            the outputs, to subscribe to
  oncefeed inspect page.txt feed.xml               what is seen in a document, as JSON lines
  oncefeed cluster stories.jsonl                   the deduper as a filter

Exit codes: 0 done, 1 unexpected failure, 2 usage, 3 some sources failed, 4 all failed, 65 bad data,
73/74 cannot write, 75 another run is at work, 78 bad configuration, 130/143 interrupted.";

/// Every story once: reads feeds and pages, folds the tellings of one story into one item, publishes clean feeds.
#[derive(Debug, Parser)]
#[command(name = "oncefeed", version, after_help = EXAMPLES)]
struct Arguments {
    /// The configuration [default: ./oncefeed.toml, then the XDG folder, then /etc/oncefeed/]
    #[arg(long, global = true, value_name = "FILE", env = "ONCEFEED_CONFIG")]
    config: Option<PathBuf>,
    /// The run's clock, RFC 3339 [default: now]
    #[arg(long, global = true, value_name = "TIME", value_parser = parse_time)]
    now: Option<DateTime<Utc>>,
    /// A block of private addresses that may be visited; adds to fetch.allow_private
    #[arg(long, global = true, value_name = "CIDR")]
    allow_private: Vec<ipnet::IpNet>,
    /// Say more: sources (-v), stories (-vv)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// Say nothing but what went wrong
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Colours of messages
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a short commented configuration
    Init(init::Init),
    /// Show what a feed of these sources would hold, what was folded and what was kept apart; writes nothing
    Try(tryout::Try),
    /// Fetch what is due, extract, dedupe, store, publish: the main job, once
    Refresh(refresh::Refresh),
    /// Show what is seen in documents, one JSON object a line
    Inspect(inspect::Inspect),
    /// Fold JSON lines of stories: the deduper as a filter
    Cluster(cluster::Cluster),
    /// Say why a story was folded or was not, with the numbers
    Explain(explain::Explain),
    /// Take tellings out of a story, for good: they become a story of their own
    Split(correct::Split),
    /// Make one of several stories, for good: what readers have had for longest keeps its id
    Merge(correct::Merge),
    /// Show a story in no output, whoever tells it again
    Drop(correct::Drop),
    /// Show how each source was at its last visit
    Status(status::Status),
    /// Add the subscriptions of OPML lists to the configuration; or take over the ids of old outputs into a new store
    Import(import::Import),
    /// Write the sources as OPML, the outputs to subscribe to, or the stored stories as JSON lines
    Export(export::Export),
    /// Say whether the configuration is valid
    Check(check::Check),
}

/// What every command may know.
struct Context {
    config: Option<PathBuf>,
    now: DateTime<Utc>,
    allow_private: Vec<ipnet::IpNet>,
    quiet: bool,
    colour: bool,
}

impl Context {
    /// Reads the configuration, with what the command line adds to it.
    fn load(&self) -> Result<Config, Failure> {
        let mut config = Config::load(&self.path()?)?;
        config.fetch.allow_private.extend(&self.allow_private);
        Ok(config)
    }

    /// Where the configuration is.
    fn path(&self) -> Result<PathBuf, ConfigError> {
        let xdg = std::env::var_os("XDG_CONFIG_HOME")
            .filter(|folder| !folder.is_empty())
            .map(PathBuf::from)
            .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config")));
        config::find(self.config.as_deref(), xdg.as_deref())
    }

    /// Words for people, on standard error.
    fn say(&self, level: &str, what: &str, help: Option<&str>) {
        let text = message(level, what, help);
        let colour = match level {
            "error" => "31",
            "warning" => "33",
            _ => "36",
        };
        let text = match text.split_once(": ") {
            Some((level, rest)) if self.colour => format!("\x1b[{colour};1m{level}\x1b[0m: {rest}"),
            _ => text,
        };
        // When nobody can be told, there is nobody to tell that.
        let _ = writeln!(io::stderr(), "{text}");
    }
}

/// Runs a command line, program name first; gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(cause) => {
            let _ = cause.print();
            return ExitCode::from(if cause.use_stderr() { code::USAGE } else { 0 });
        }
    };
    let colour = match arguments.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    log_to_stderr(arguments.verbose, colour);
    let context = Context {
        config: arguments.config,
        now: arguments.now.unwrap_or_else(Utc::now),
        allow_private: arguments.allow_private,
        quiet: arguments.quiet,
        colour,
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let result = match arguments.command {
        Command::Init(command) => command.run(&context, &mut out),
        Command::Try(command) => command.run(&context, &mut out),
        Command::Refresh(command) => command.run(&context, &mut out),
        Command::Inspect(command) => command.run(&context, &mut out),
        Command::Cluster(command) => command.run(&mut out).map(|()| 0),
        Command::Explain(command) => command.run(&context, &mut out),
        Command::Split(command) => command.run(&context, &mut out),
        Command::Merge(command) => command.run(&context, &mut out),
        Command::Drop(command) => command.run(&context, &mut out),
        Command::Status(command) => command.run(&context, &mut out),
        Command::Import(command) => command.run(&context, &mut out),
        Command::Export(command) => command.run(&context, &mut out),
        Command::Check(command) => command.run(&context, &mut out),
    };
    let result = result.and_then(|code| out.flush().map(|()| code).map_err(Failure::stdout));
    match result {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            if !failure.silent {
                context.say("error", &failure.what, failure.help.as_deref());
            }
            ExitCode::from(failure.code)
        }
    }
}

fn parse_time(text: &str) -> Result<DateTime<Utc>, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|time| time.to_utc())
        .map_err(|_| "write for example 2026-11-24T06:00:00Z".to_owned())
}

/// Logs are for `-v`; `ONCEFEED_LOG` takes a filter for the curious.
fn log_to_stderr(verbose: u8, colour: bool) {
    use tracing_subscriber::EnvFilter;
    let level = match verbose {
        0 => "off",
        1 => "oncefeed=info",
        _ => "oncefeed=debug",
    };
    let filter = EnvFilter::try_from_env("ONCEFEED_LOG").unwrap_or_else(|_| EnvFilter::new(level));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(colour)
        .without_time()
        .finish();
    // A second run in one process (tests) keeps the first one's log.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// The store of a command that only looks: it makes none where there is none.
fn existing(location: &store::Location) -> Result<Option<Arc<dyn Store>>, Failure> {
    match location {
        store::Location::Sqlite(path) if !path.exists() => Ok(None),
        location => Ok(Some(store::open_to_read(location)?)),
    }
}

/// A runtime for the commands that wait for something.
fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .build()
        .map_err(|cause| Failure::new(code::FAILURE, format!("the program cannot start its threads: {cause}")))
}
