//! `oncefeed split`, `merge` and `drop`: what the program got wrong, put right for good.

use std::collections::{BTreeMap, HashSet};
use std::io::Write;

use serde_json::json;

use super::corrected::{Plan, correct, ids, moved};
use super::explain::{source, title};
use super::find::find_one;
use super::message::printable;
use super::shown::{self, known_by};
use super::{Context, Failure};
use crate::config::Config;
use crate::dedupe::{self, telling_id};
use crate::model::{ClusterId, Correction, Entry, Held, Output, SourceId};
use crate::refresh;
use crate::store::{Placed, Store};

/// Arguments of `split`.
#[derive(Debug, clap::Args)]
pub(super) struct Split {
    /// The story that holds what does not belong together: its id, as `explain` shows it, or its address
    story: String,
    /// The tellings that leave it, together: the id of a telling, its address, or a source's id
    #[arg(required = true, value_name = "TELLING")]
    tellings: Vec<String>,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

/// Arguments of `merge`.
#[derive(Debug, clap::Args)]
pub(super) struct Merge {
    /// The stories that are one: their ids, as `explain` shows them, or addresses
    #[arg(required = true, num_args = 2.., value_name = "STORY")]
    stories: Vec<String>,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
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
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Split {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        correct(context, self.json, out, async |config, store| self.plan(config, store).await)
    }

    async fn plan(&self, config: &Config, store: &dyn Store) -> Result<Plan, Failure> {
        let (id, placed) = find_one(store, &self.story).await?;
        refuse_dropped("split", id, &placed)?;
        let mut asked_for: HashSet<(SourceId, String)> = HashSet::new();
        for asked in &self.tellings {
            let named = named(&placed, asked);
            if named.is_empty() {
                return Err(Failure::data(format!("story {id} has no telling {asked:?}"))
                    .help(printable(&format!("it has {}", handles(&placed, |_| true)))));
            }
            asked_for.extend(named);
        }
        let cluster: Vec<Held> = placed.iter().map(held).collect();
        let Some(correction) = dedupe::split(&cluster, &asked_for, shown(config, store, id, &placed).await?.as_ref())
        else {
            return Err(Failure::data(format!("nothing would be left of story {id}"))
                .help("name the tellings that do not belong to the others"));
        };
        let Correction::Place(now) = &correction else { return Err(Failure::data("a split moves tellings")) };
        let left: Vec<&Held> = now.iter().filter(|held| held.cluster != id).collect();
        let opened = left.first().map_or(id, |held| held.cluster);
        let instead = left.iter().all(|held| !asked_for.contains(&held.name()));
        // Who was merged into it has the id of before again.
        let again = if cluster.iter().any(|held| held.home == opened) { "again " } else { "" };
        let who = handles(&placed, |telling| left.iter().any(|held| held.name() == name(telling)));
        let what = if instead {
            format!(
                "what you named keeps the id {id}, by which readers know it; split off it is the other side instead: {who}, \
                 now {again}story {opened}, for good"
            )
        } else {
            format!("split off {id}: {who}, now {again}story {opened}, for good")
        };
        let moved = moved(&placed, &correction);
        let object =
            json!({"correction": "split", "kept": ids(id), "opened": ids(opened), "instead": instead, "moved": moved});
        Ok(Plan { correction: Some(correction), what, notes: Vec::new(), object })
    }
}

impl Merge {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        correct(context, self.json, out, async |config, store| self.plan(config, store).await)
    }

    async fn plan(&self, config: &Config, store: &dyn Store) -> Result<Plan, Failure> {
        let (mut stories, notes) = find_all(store, &self.stories).await?;
        for (id, placed) in &stories {
            refuse_dropped("merged", *id, placed)?;
        }
        // What readers have keeps its id; of those, what they have had for longest.
        stories.sort_by_cached_key(|(id, placed)| (!is_public(config, *id, placed), age(*id, placed), *id));
        let kept = stories.first().map(|(id, placed)| (*id, placed.iter().map(held).collect::<Vec<_>>()));
        let Some((id, kept)) = kept else { return Err(Failure::data("no story is named")) };
        let rest: Vec<Placed> = stories.iter().skip(1).flat_map(|(_, placed)| placed).cloned().collect();
        let Some(correction) = dedupe::merge(&kept, &rest.iter().map(held).collect::<Vec<_>>()) else {
            return Err(Failure::data(format!("that is one story already: {id}")));
        };
        let merged: Vec<ClusterId> = stories.iter().skip(1).map(|(id, _)| *id).collect();
        let names: Vec<String> = merged.iter().map(ClusterId::short).collect();
        let what = format!("merged {} into {id}, for good: {}", names.join(", "), handles(&rest, |_| true));
        let merged: Vec<_> = merged.into_iter().map(ids).collect();
        let moved = moved(&rest, &correction);
        let object = json!({"correction": "merge", "kept": ids(id), "merged": merged, "moved": moved});
        Ok(Plan { correction: Some(correction), what, notes, object })
    }
}

impl Drop {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        correct(context, self.json, out, async |_, store| self.plan(store).await)
    }

    async fn plan(&self, store: &dyn Store) -> Result<Plan, Failure> {
        let (stories, mut notes) = find_all(store, &self.stories).await?;
        let (mut changing, mut names, mut unchanged) = (Vec::new(), Vec::new(), Vec::new());
        for (id, placed) in &stories {
            let what = format!("{id} {:?}", placed.first().map(title).unwrap_or_default());
            if is_dropped(placed) != self.undo {
                let how = if self.undo { "was not dropped" } else { "was dropped before" };
                notes.push(format!("story {what} {how}"));
                unchanged.push(ids(*id));
            } else {
                changing.push(*id);
                names.push(what);
            }
        }
        let (done, word) = if self.undo { ("shown again", "restore") } else { ("dropped for good", "drop") };
        let what = if names.is_empty() { String::new() } else { format!("{done}: {}", names.join(", ")) };
        let changed: Vec<_> = changing.iter().copied().map(ids).collect();
        let object = json!({"correction": word, "stories": changed, "unchanged": unchanged, "moved": []});
        let correction = if self.undo { Correction::Restore(changing) } else { Correction::Drop(changing) };
        Ok(Plan { correction: (!names.is_empty()).then_some(correction), what, notes, object })
    }
}

/// The stories that are asked for, each once, and which were asked for again.
async fn find_all(
    store: &dyn Store,
    asked: &[String],
) -> Result<(Vec<(ClusterId, Vec<Placed>)>, Vec<String>), Failure> {
    let (mut stories, mut notes): (Vec<(ClusterId, Vec<Placed>)>, Vec<String>) = Default::default();
    for asked in asked {
        let found = find_one(store, asked).await?;
        if stories.iter().any(|(id, _)| *id == found.0) {
            notes.push(format!("story {} is named twice: {asked:?} is the same", found.0));
        } else {
            stories.push(found);
        }
    }
    Ok((stories, notes))
}

fn is_dropped(placed: &[Placed]) -> bool {
    placed.iter().any(|telling| telling.dropped.is_some())
}

/// What no output shows cannot be put right there, and what is put to it would be gone.
fn refuse_dropped(what: &str, id: ClusterId, placed: &[Placed]) -> Result<(), Failure> {
    if !is_dropped(placed) {
        return Ok(());
    }
    Err(Failure::data(format!("story {id} is dropped, and cannot be {what}"))
        .help(format!("`oncefeed drop --undo {id}` shows it again")))
}

/// What a story shows in an output; `None`: it is not there.
fn entry(config: &Config, output: &Output, id: ClusterId, placed: &[Placed]) -> Option<Entry> {
    let source_of = |id: &SourceId| source(config, id).filter(|source| refresh::shows(output, source));
    refresh::entry(id, placed.to_vec(), source_of, &BTreeMap::new(), config.dedupe.representative)
}

/// Whether some output that all may read shows it.
fn is_public(config: &Config, id: ClusterId, placed: &[Placed]) -> bool {
    let mut public = config.outputs.iter().filter(|output| !output.private);
    public.any(|output| entry(config, output, id, placed).is_some())
}

/// Orders stories by how long readers have had their ids: guests brought none of it.
fn age(id: ClusterId, placed: &[Placed]) -> impl Ord + use<> {
    let published = placed.iter().filter(|telling| telling.publish);
    let published = published.map(|telling| (telling.home != id, telling.decided)).min();
    // An id that a split has made is younger than the tellings that it was given.
    let is_made = placed.iter().all(|telling| telling_id(&telling.source, &telling.key) != id);
    let oldest = placed.iter().map(|telling| telling.published).min();
    (published.is_none(), published, is_made, oldest)
}

/// The telling by which readers know a story: what the first output shows that shows it, public ones first;
/// else what would be shown to who may see all sources.
async fn shown(
    config: &Config,
    store: &dyn Store,
    id: ClusterId,
    placed: &[Placed],
) -> Result<Option<(SourceId, String)>, Failure> {
    let all = || {
        let source_of = |id: &SourceId| source(config, id);
        let entry = refresh::entry(id, placed.to_vec(), source_of, &BTreeMap::new(), config.dedupe.representative);
        entry.map(|entry| entry.shown)
    };
    let Some(shown) = known_by(&shown::shown(config, store, id, placed).await?).or_else(all) else { return Ok(None) };
    // Its source may have given the key to another story since: then the address tells them apart.
    let is_it = |telling: &&Placed| telling.source == shown.source && telling.story.key == shown.story.key;
    let same = |telling: &&Placed| is_it(telling) && telling.story.url == shown.story.url;
    Ok(placed.iter().find(same).or_else(|| placed.iter().find(is_it)).map(name))
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

fn name(telling: &Placed) -> (SourceId, String) {
    (telling.source.clone(), telling.key.clone())
}

/// Names those of the tellings, for people: ids, and whose they are.
fn handles(placed: &[Placed], is_meant: impl Fn(&Placed) -> bool) -> String {
    let handle =
        |telling: &Placed| format!("{} ({})", telling_id(&telling.source, &telling.key).short(), telling.source);
    placed.iter().filter(|telling| is_meant(telling)).map(handle).collect::<Vec<_>>().join(", ")
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
