//! `oncefeed import`: subscriptions into the configuration, ids of old outputs into the store.

use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::check::count;
use super::{Context, Failure, runtime, subscriptions};
use crate::refresh::{SeedError, Seeded, seed};
use crate::store;

/// An output is no larger than this.
const MOST_BYTES: u64 = 256 << 20;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// Lists of subscriptions, whose feeds become sources with their folders as groups; - is standard input
    #[arg(value_name = "OPML", required_unless_present = "from_output", conflicts_with = "from_output")]
    lists: Vec<PathBuf>,
    /// Old outputs (RSS, Atom or JSON Feed): a store that was lost and begins anew gives their stories the same ids and
    /// dates again. Run it before the first `refresh`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    from_output: Vec<PathBuf>,
    /// Write the configuration with the new sources to standard output, and leave the file as it is
    #[arg(long, conflicts_with_all = ["from_output", "json"])]
    print: bool,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Import {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        if !self.lists.is_empty() {
            return subscriptions::import(context, &self.lists, self.print, self.json, out);
        }
        let config = context.load()?;
        let files: Vec<(&Path, Vec<u8>)> =
            self.from_output.iter().map(|path| Ok((path.as_path(), read(path)?))).collect::<Result<_, Failure>>()?;
        let now = context.now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let _lock = store::lock(&config.store, &format!("process {} since {now}", std::process::id()))?;
        let store = store::open(&config.store)?;
        let runtime = runtime()?;
        let mut objects = Vec::new();
        for (path, bytes) in files {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let seeded = runtime.block_on(seed(&config, &*store, &bytes, &name, context.now));
            let seeded = seeded.map_err(|cause| failed(path, cause))?;
            objects.push(as_json(path, &seeded));
            self.tell(context, path, &seeded, out)?;
        }
        if self.json {
            writeln!(out, "{}", json!({"schema_version": 1, "files": objects}))?;
        }
        Ok(0)
    }

    fn tell(&self, context: &Context, path: &Path, seeded: &Seeded, out: &mut dyn Write) -> Result<(), Failure> {
        let shown = path.display();
        let &Seeded { items, seeded, known, otherwise, foreign, ref warnings } = seeded;
        if context.quiet {
            return Ok(());
        }
        if !self.json {
            writeln!(out, "{shown}: {}, {seeded} seeded, {known} known before", count(items, "item"))?;
            out.flush()?;
        }
        for warning in warnings {
            context.say("warning", &format!("{shown}: {warning}"), None);
        }
        if otherwise > 0 {
            let what = format!("{shown}: {} known under other ids, which readers have by now", of(otherwise, "story"));
            context.say("note", &what, Some("import old outputs before the first refresh"));
        }
        if foreign > 0 {
            let whose = if foreign == 1 { "1 item has".to_owned() } else { format!("{foreign} items have") };
            context.say("note", &format!("{shown}: {whose} an id that is none of ours"), None);
        }
        Ok(())
    }
}

fn as_json(path: &Path, seeded: &Seeded) -> Value {
    let Seeded { items, seeded, known, otherwise, foreign, warnings } = seeded;
    json!({
        "file": path.display().to_string(), "items": items, "seeded": seeded, "known": known, "otherwise": otherwise,
        "foreign": foreign, "warnings": warnings,
    })
}

fn of(number: usize, noun: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { "is" } else { "are" })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |cause: std::io::Error| {
        Failure::data(format!("{} cannot be read: {cause}", path.display())).help("check the path and its permissions")
    };
    let found = std::fs::metadata(path).map_err(unreadable)?;
    if !found.is_file() || found.len() > MOST_BYTES {
        return Err(unreadable(std::io::Error::other("it is not a file of at most 256 MiB")));
    }
    std::fs::read(path).map_err(unreadable)
}

fn failed(path: &Path, cause: SeedError) -> Failure {
    const HELP: &str = "give an output as it was written: ID.rss, ID.atom or ID.json, also from a backup";
    match cause {
        SeedError::Store(cause) => cause.into(),
        cause => Failure::data(format!("{}: {cause}", path.display())).help(HELP),
    }
}
