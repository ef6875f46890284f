//! `oncefeed import`: subscriptions into the configuration, ids of old outputs into the store.

use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::SecondsFormat;

use super::check::count;
use super::{Context, Failure, runtime};
use crate::refresh::{SeedError, Seeded, seed};
use crate::store;

/// An output is no larger than this.
const MOST_BYTES: u64 = 256 << 20;

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
pub(super) struct Import {
    /// Old outputs (RSS, Atom or JSON Feed): a store that was lost and begins anew gives their stories the same ids and
    /// dates again. Run it before the first `refresh`
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    from_output: Vec<PathBuf>,
    /// One JSON object a file
    #[arg(long)]
    jsonl: bool,
}

impl Import {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let config = context.load()?;
        let files: Vec<(&Path, Vec<u8>)> =
            self.from_output.iter().map(|path| Ok((path.as_path(), read(path)?))).collect::<Result<_, Failure>>()?;
        let now = context.now.to_rfc3339_opts(SecondsFormat::Secs, true);
        let _lock = store::lock(&config.store, &format!("process {} since {now}", std::process::id()))?;
        let store = store::open(&config.store)?;
        let runtime = runtime()?;
        for (path, bytes) in files {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            let seeded = runtime.block_on(seed(&config, &*store, &bytes, &name, context.now));
            let seeded = seeded.map_err(|cause| failed(path, cause))?;
            self.tell(context, path, seeded, out)?;
        }
        Ok(0)
    }

    fn tell(&self, context: &Context, path: &Path, seeded: Seeded, out: &mut dyn Write) -> Result<(), Failure> {
        let shown = path.display();
        let Seeded { items, seeded, known, otherwise, foreign } = seeded;
        if self.jsonl {
            let object = serde_json::json!({
                "schema_version": 1, "file": shown.to_string(), "items": items, "seeded": seeded, "known": known,
                "otherwise": otherwise, "foreign": foreign,
            });
            writeln!(out, "{object}")?;
        } else if !context.quiet {
            writeln!(out, "{shown}: {}, {seeded} seeded, {known} known before", count(items, "item"))?;
        }
        if otherwise > 0 && !context.quiet {
            let what = format!("{shown}: {} known under other ids, which readers have by now", of(otherwise, "story"));
            context.say("note", &what, Some("import old outputs before the first refresh"));
        }
        if foreign > 0 && !context.quiet {
            let what = format!(
                "{shown}: {} an id that is none of ours",
                match foreign {
                    1 => "1 item has".to_owned(),
                    _ => format!("{foreign} items have"),
                }
            );
            context.say("note", &what, None);
        }
        Ok(())
    }
}

fn of(number: usize, noun: &str) -> String {
    format!("{} {}", count(number, noun), if number == 1 { "is" } else { "are" })
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |cause: std::io::Error| Failure::data(format!("{} cannot be read: {cause}", path.display()));
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
