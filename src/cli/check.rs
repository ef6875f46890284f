//! `oncefeed check`: is the configuration valid, and are saved pages still read as they were.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::message::{code, printable};
use super::saved::{self, Saved};
use super::{Context, Failure};
use crate::config::Config;
use crate::model::Source;

/// So many sources are named in a note.
const NAMED: usize = 5;

/// Arguments of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Check {
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
    /// Read pages again that `inspect --save` kept, and say what differs [default: check.pages]
    #[arg(long, value_name = "DIR")]
    pages: Option<PathBuf>,
    /// From now on expect of these pages what is seen in them now
    #[arg(long)]
    update: bool,
}

#[derive(Serialize)]
struct Checked {
    schema_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    config: Option<String>,
    sources: usize,
    outputs: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changed: Vec<Changed>,
}

/// A saved page in which something else is seen now.
#[derive(Serialize)]
struct Changed {
    page: String,
    changes: Vec<String>,
    /// The file, or its page, cannot be read: nothing can be expected of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    unreadable: bool,
}

impl Check {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let config = match context.load() {
            // Pages may be looked at without one.
            Err(_) if self.pages.is_some() && context.path().is_err() => None,
            config => Some(config?),
        };
        if let Some(config) = config.as_ref().filter(|_| !self.json) {
            tell(config, context, out)?;
        }
        let folder = self.pages.as_ref().or(config.as_ref().and_then(|config| config.pages.as_ref()));
        if folder.is_none() && self.update {
            return Err(Failure::new(code::USAGE, "no folder of saved pages is named")
                .help("name one with --pages DIR, or with `pages` in `[check]`"));
        }
        let sources = config.as_ref().map_or(&[][..], |config| &config.sources);
        let (count, changed) = folder.map(|folder| self.changed(folder, sources)).transpose()?.unwrap_or_default();
        let is_well = changed.iter().all(|page| self.update && !page.unreadable);
        let code = if is_well { 0 } else { code::DATA };
        if self.json {
            let checked = Checked {
                schema_version: 1,
                config: config.as_ref().map(|config| config.path.display().to_string()),
                sources: sources.len(),
                outputs: config.as_ref().map_or(0, |config| config.outputs.len()),
                pages: folder.map(|_| count),
                changed,
            };
            serde_json::to_writer(&mut *out, &checked).map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
        } else if let Some(folder) = folder {
            self.print(folder, count, &changed, context, out)?;
        }
        Ok(code)
    }

    /// How many saved pages there are, and those in which something else is seen now.
    fn changed(&self, folder: &Path, sources: &[Source]) -> Result<(usize, Vec<Changed>), Failure> {
        let paths = saved::list(folder).map_err(|cause| {
            Failure::data(format!("{}: {cause}", folder.display()))
                .help("name the folder of `inspect --save` with --pages DIR")
        })?;
        let mut changed = Vec::new();
        for path in &paths {
            let page = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let looked = Saved::read(path).and_then(|saved| {
                let now = saved.look(path, sources)?;
                Ok((saved, now))
            });
            let (saved, now) = match looked {
                Ok(both) => both,
                // One broken file hides nothing of the others.
                Err(cause) => {
                    changed.push(Changed { page, changes: vec![format!("cannot be read: {cause}")], unreadable: true });
                    continue;
                }
            };
            let changes = saved.changes(&now);
            if changes.is_empty() {
                continue;
            }
            if self.update {
                saved.update(now, path).map_err(|cause| {
                    Failure::new(code::CANNOT_WRITE, format!("{}: {cause}", path.display()))
                        .help("check the permissions of the file and its folder")
                })?;
            }
            changed.push(Changed { page, changes, unreadable: false });
        }
        Ok((paths.len(), changed))
    }

    fn print(
        &self,
        folder: &Path,
        pages: usize,
        changed: &[Changed],
        context: &Context,
        out: &mut dyn Write,
    ) -> Result<(), Failure> {
        for Changed { page, changes, .. } in changed {
            writeln!(out, "{page}:")?;
            changes.iter().try_for_each(|change| writeln!(out, "  {}", printable(change)))?;
        }
        let unreadable = changed.iter().filter(|page| page.unreadable).count();
        let other = changed.len() - unreadable;
        let how = if self.update { "updated" } else { "read otherwise than before" };
        let broken = if unreadable > 0 { format!(", {unreadable} cannot be read") } else { String::new() };
        writeln!(
            out,
            "{}: {}, {} read as before, {other} {how}{broken}",
            folder.display(),
            count(pages, "saved page"),
            pages - changed.len(),
        )?;
        if other > 0 && !self.update {
            context.say(
                "note",
                "saved pages are not read as they were",
                Some("correct the configuration; if it is better so, `oncefeed check --update` expects it from now on"),
            );
        }
        if unreadable > 0 {
            context.say(
                "note",
                "saved pages cannot be read",
                Some("save them again with `oncefeed inspect --save DIR URL`, or remove their files"),
            );
        }
        if pages == 0 {
            context.say(
                "note",
                "the folder holds no saved pages",
                Some("save some with `oncefeed inspect --save DIR URL`"),
            );
        }
        Ok(())
    }
}

/// Says that the configuration is valid, and what in it is seldom meant.
fn tell(config: &Config, context: &Context, out: &mut dyn Write) -> Result<(), Failure> {
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
    Ok(())
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
