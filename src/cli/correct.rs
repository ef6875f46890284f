//! `oncefeed split`, `merge` and `drop`: what the program got wrong, put right for good.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;

use chrono::SecondsFormat;

use super::explain::{source, title};
use super::find::find_one;
use super::message::printable;
use super::{Context, Failure, runtime};
use crate::config::Config;
use crate::dedupe::{self, telling_id};
use crate::model::{ClusterId, Correction, Held, SourceId};
use crate::refresh;
use crate::store::{self, Placed, Store};

/// Arguments of `split`.
#[derive(Debug, clap::Args)]
pub(super) struct Split {
    /// The story that holds what does not belong together: its id, as `explain` shows it, or its address
    story: String,
    /// The tellings that leave it, together: the id of a telling, its address, or a source's id
    #[arg(required = true, value_name = "TELLING")]
    tellings: Vec<String>,
}

/// Arguments of `merge`.
#[derive(Debug, clap::Args)]
pub(super) struct Merge {
    /// The stories that are one: their ids, as `explain` shows them, or addresses
    #[arg(required = true, num_args = 2.., value_name = "STORY")]
    stories: Vec<String>,
}

/// Arguments of `drop`.
#[derive(Debug, clap::Args)]
pub(super) struct Drop {
    /// The stories to drop: their ids, as `explain` shows them, or addresses
    #[arg(required = true, value_name = "STORY")]
    stories: Vec<String>,
    /// Show them again
    #[arg(long)]
    undo: bool,
}

impl Split {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        correct(context, out, async |config, store| {
            let (id, placed) = find_one(store, &self.story).await?;
            let mut leaving: HashSet<(SourceId, String)> = HashSet::new();
            for asked in &self.tellings {
                let named = named(&placed, asked);
                if named.is_empty() {
                    let tellings: Vec<String> = placed.iter().map(handle).collect();
                    return Err(Failure::data(format!("story {id} has no telling {asked:?}"))
                        .help(printable(&format!("it has {}", tellings.join(", ")))));
                }
                leaving.extend(named);
            }
            let keeps = keeps_the_id(config, id, &placed);
            // Readers know the item by the telling that it shows: whoever is with that keeps the id.
            if keeps.is_some_and(|keeps| leaving.contains(&keeps)) && leaving.len() < placed.len() {
                leaving = placed.iter().map(name).filter(|name| !leaving.contains(name)).collect();
            }
            let held: Vec<Held> = placed.iter().map(held).collect();
            let Some(correction) = dedupe::split(&held, &leaving) else {
                return Err(Failure::data(format!("nothing would be left of story {id}"))
                    .help("name the tellings that do not belong to the others"));
            };
            let opened = match &correction {
                Correction::Place(held) => held.iter().find(|held| held.cluster != id).map(|held| held.cluster),
                _ => None,
            };
            let opened = opened.map(|id| id.short()).unwrap_or_default();
            let what = format!("split {} off {id}: now story {opened}, for good", count(leaving.len()));
            Ok((vec![correction], what))
        })
    }
}

impl Merge {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        correct(context, out, async |_, store| {
            let mut stories: Vec<(ClusterId, Vec<Placed>)> = Vec::new();
            for asked in &self.stories {
                let found = find_one(store, asked).await?;
                if stories.iter().all(|(id, _)| *id != found.0) {
                    stories.push(found);
                }
            }
            // What readers have had for longest keeps its id.
            let age = |placed: &[Placed]| {
                let published = placed.iter().filter(|telling| telling.publish).map(|telling| telling.decided).min();
                let oldest = placed.iter().map(|telling| telling.published).min();
                (published.is_none(), published, oldest)
            };
            stories.sort_by_key(|(id, placed)| (age(placed), *id));
            let ((kept, first), rest) = stories.split_first().expect("at least one is asked for");
            if rest.is_empty() {
                return Err(Failure::data(format!("that is one story already: {kept}")));
            }
            let first: Vec<Held> = first.iter().map(held).collect();
            let of = |placed: &[Placed]| placed.iter().map(held).collect::<Vec<_>>();
            let corrections: Vec<Correction> =
                rest.iter().filter_map(|(_, placed)| dedupe::merge(&first, &of(placed))).collect();
            let others: Vec<String> = rest.iter().map(|(id, _)| id.short()).collect();
            Ok((corrections, format!("merged {} into {kept}, for good", others.join(", "))))
        })
    }
}

impl Drop {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        correct(context, out, async |_, store| {
            let (mut corrections, mut names) = (Vec::new(), Vec::new());
            for asked in &self.stories {
                let (id, placed) = find_one(store, asked).await?;
                corrections.push(if self.undo { Correction::Restore(id) } else { Correction::Drop(id) });
                names.push(format!("{id} {:?}", placed.first().map(title).unwrap_or_default()));
            }
            let what = if self.undo { "shown again" } else { "dropped for good" };
            Ok((corrections, format!("{what}: {}", names.join(", "))))
        })
    }
}

/// Finds out what is to be corrected, does it under the lock, and renders the outputs again.
async fn carry_out(
    context: &Context,
    config: &Config,
    find_out: impl AsyncFn(&Config, &dyn Store) -> Result<(Vec<Correction>, String), Failure>,
) -> Result<(String, usize), Failure> {
    let store = store::open(&config.store)?;
    let (corrections, what) = find_out(config, &*store).await?;
    for correction in &corrections {
        store.correct(correction, context.now).await?;
    }
    let files = refresh::publish(config, &*store, context.now).await?;
    Ok((what, files.iter().filter(|(_, changed)| *changed).count()))
}

fn correct(
    context: &Context,
    out: &mut dyn Write,
    find_out: impl AsyncFn(&Config, &dyn Store) -> Result<(Vec<Correction>, String), Failure>,
) -> Result<u8, Failure> {
    let config = context.load()?;
    if super::existing(&config.store)?.is_none() {
        return Err(Failure::data("nothing has been read yet").help("run `oncefeed refresh` first"));
    }
    let now = context.now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let _lock = store::lock(&config.store, &format!("process {} since {now}", std::process::id()))?;
    let (what, files) = runtime()?.block_on(carry_out(context, &config, find_out))?;
    writeln!(out, "{}", printable(&what))?;
    writeln!(out, "{} written", if files == 1 { "1 file".to_owned() } else { format!("{files} files") })?;
    Ok(0)
}

/// The tellings that a person means: by id, by address, or all of a source.
fn named(placed: &[Placed], asked: &str) -> Vec<(SourceId, String)> {
    let url = asked.contains("://").then(|| dedupe::canonical_url(asked)).flatten();
    let is_meant = |telling: &&Placed| {
        let id = telling_id(&telling.source, &telling.key).short();
        let address = telling.story.url.as_deref();
        telling.source.as_str() == asked
            || asked.len() >= 4 && id.starts_with(&asked.to_ascii_lowercase())
            || address == Some(asked)
            || url.is_some() && address.and_then(dedupe::canonical_url) == url
    };
    placed.iter().filter(is_meant).map(name).collect()
}

/// The telling that the story's item shows to who may see all sources.
fn keeps_the_id(config: &Config, id: ClusterId, placed: &[Placed]) -> Option<(SourceId, String)> {
    let entry =
        refresh::entry(id, placed.to_vec(), |id| source(config, id), &BTreeMap::new(), config.dedupe.representative)?;
    let shown = entry.shown;
    placed.iter().find(|telling| telling.source == shown.source && telling.story.key == shown.story.key).map(name)
}

fn name(telling: &Placed) -> (SourceId, String) {
    (telling.source.clone(), telling.key.clone())
}

fn handle(telling: &Placed) -> String {
    format!("{} ({})", telling_id(&telling.source, &telling.key).short(), telling.source)
}

fn held(telling: &Placed) -> Held {
    Held {
        source: telling.source.clone(),
        key: telling.key.clone(),
        cluster: telling.cluster,
        home: telling.home,
        verdict: telling.verdict,
        because: telling.because.clone(),
        apart: telling.apart.clone(),
    }
}

fn count(tellings: usize) -> String {
    if tellings == 1 { "1 telling".to_owned() } else { format!("{tellings} tellings") }
}
