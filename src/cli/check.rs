//! `oncefeed check`: is the configuration valid.

use std::io::Write;

use serde::Serialize;

use super::{Context, Failure};
use crate::model::Source;

/// So many sources are named in a note.
const NAMED: usize = 5;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Checked {
    schema_version: u32,
    config: String,
    sources: usize,
    outputs: usize,
}

impl Check {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let config = context.load()?;
        if self.json {
            let checked = Checked {
                schema_version: 1,
                config: config.path.display().to_string(),
                sources: config.sources.len(),
                outputs: config.outputs.len(),
            };
            serde_json::to_writer(&mut *out, &checked).map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
            return Ok(0);
        }
        writeln!(
            out,
            "{} is valid: {}, {}",
            config.path.display(),
            count(config.sources.len(), "source"),
            count(config.outputs.len(), "output")
        )?;
        if config.sources.is_empty() {
            context.say("note", "there are no sources yet", Some("add a [[source]] with an id and a url"));
        }
        let is_shown = |source: &&Source| config.outputs.iter().any(|output| output.shows(source));
        let hidden: Vec<&str> =
            (config.sources.iter().filter(|source| !is_shown(source))).map(|source| source.id.as_str()).collect();
        if !hidden.is_empty() {
            let (what, cure) = in_no_output(&hidden);
            context.say("note", &what, Some(cure));
        }
        Ok(0)
    }
}

/// Sources that nobody will read, which is seldom meant.
fn in_no_output(ids: &[&str]) -> (String, &'static str) {
    let named = ids.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = if ids.len() > NAMED { ", \u{2026}" } else { "" };
    let cure = "name one of their groups in an [[output]]; a private source is shown in private outputs only";
    (format!("{} in no output: {named}{more}", count(ids.len(), "source")), cure)
}

/// "1 source", "2 sources".
pub(super) fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!(
            "{number} {}",
            noun.strip_suffix('y').map_or_else(|| format!("{noun}s"), |stem| format!("{stem}ies"))
        ),
    }
}
