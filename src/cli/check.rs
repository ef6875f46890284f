//! `oncefeed check`: is the configuration valid.

use std::io::Write;

use serde::Serialize;

use super::{Context, Failure};

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
        Ok(0)
    }
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
