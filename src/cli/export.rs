//! `oncefeed export`: the sources or the outputs as OPML, the stored stories as JSON lines.

use std::collections::BTreeMap;
use std::io::Write;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::check::count;
use super::message::code;
use super::{Context, Failure, existing, runtime};
use crate::config::Config;
use crate::dedupe::telling_id;
use crate::fetch;
use crate::model::{Each, Format, Location, Source, SourceId, Visit};
use crate::publish::{Subscribable, opml};
use crate::refresh::{Feed, feeds};
use crate::store::{Placed, StoreError};

/// Stories that are read at once.
const PAGE: usize = 500;

/// Arguments of `export`.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// The outputs, to subscribe to, instead of the sources; needs `site.base_url`
    #[arg(long)]
    outputs: bool,
    /// Every stored story, one JSON object a line, instead of the sources
    #[arg(long, requires = "jsonl", conflicts_with = "outputs")]
    stories: bool,
    /// The form that stories are written in
    #[arg(long, requires = "stories")]
    jsonl: bool,
    /// Also what is private: private sources and outputs, addresses with secrets in them, files of this machine
    #[arg(long, conflicts_with = "stories")]
    private: bool,
}

impl Export {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let config = context.load()?;
        if self.stories {
            return stories(&config, out);
        }
        let (list, left_out) = match self.outputs {
            true => self.outputs(&config)?,
            false => self.sources(&config)?,
        };
        out.write_all(opml(&config.site.title, &list).as_bytes())?;
        out.flush()?;
        for (number, what, cure) in left_out.into_iter().filter(|(number, ..)| *number > 0 && !context.quiet) {
            let verb = if number == 1 { "is" } else { "are" };
            context.say(
                "note",
                &format!("{} {verb} left out: {what}", count(number, if self.outputs { "feed" } else { "source" })),
                Some(cure),
            );
        }
        Ok(0)
    }

    /// The feeds of the outputs, and how many are left out and why.
    fn outputs(&self, config: &Config) -> Result<(Vec<Subscribable>, Vec<LeftOut>), Failure> {
        let Some(base) = &config.site.base_url else {
            return Err(Failure::new(code::CONFIG, "nobody knows where the outputs are served")
                .help("set `base_url` in [site] to the address of the published folder"));
        };
        let visits = visits(config)?;
        let all = feeds(config, &visits);
        let (shown, private): (Vec<&Feed<'_>>, Vec<&Feed<'_>>) =
            all.iter().partition(|feed| self.private || !feed.output.private);
        let list: Vec<Subscribable> = shown.iter().filter_map(|feed| subscribable(feed, base)).collect();
        let pages = (shown.len() - list.len(), "they are pages only", "add \"rss\" to `formats`");
        Ok((list, vec![(private.len(), "private", "`--private` adds them"), pages]))
    }

    /// The sources, and how many are left out and why.
    fn sources(&self, config: &Config) -> Result<(Vec<Subscribable>, Vec<LeftOut>), Failure> {
        let visits = visits(config)?;
        let (shown, private): (Vec<&Source>, Vec<&Source>) =
            config.sources.iter().partition(|source| self.private || is_public(source));
        let list = shown.into_iter().map(|source| subscription(source, &visits)).collect();
        Ok((list, vec![(private.len(), "private, a secret in the address, or a file", "`--private` adds them")]))
    }
}

/// How many, why, and the cure.
type LeftOut = (usize, &'static str, &'static str);

/// What is remembered of the sources; nothing where there is no store yet.
fn visits(config: &Config) -> Result<BTreeMap<SourceId, Visit>, Failure> {
    let Some(store) = existing(&config.store)? else { return Ok(BTreeMap::new()) };
    let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
    Ok(runtime()?.block_on(store.visits(&ids))?)
}

/// Whether everybody may know that it is read, and from where.
fn is_public(source: &Source) -> bool {
    match &source.location {
        Location::Web(url) => !source.private && source.access.shown.is_none() && fetch::redacted(url) == url.as_str(),
        Location::File(_) => false,
    }
}

fn subscription(source: &Source, visits: &BTreeMap<SourceId, Visit>) -> Subscribable {
    let called = || visits.get(&source.id).and_then(|visit| visit.title.clone());
    Subscribable {
        title: source.title.clone().or_else(called).unwrap_or_else(|| source.id.as_str().to_owned()),
        feed: source.location.to_string(),
        page: None,
        folders: source.groups.clone(),
    }
}

/// A feed at its address; in the folder of its source where it is that of one. `None`: it has no feed format.
fn subscribable(feed: &Feed<'_>, base: &url::Url) -> Option<Subscribable> {
    let output = &feed.output;
    let has = |format: &&Format| output.formats.contains(format);
    let address = |format: Format| format!("{base}{}.{}", output.id, format.as_str());
    let best = Format::ALL.iter().filter(has).find(|format| **format != Format::Html)?;
    let folders = match feed.of.each {
        Each::None => Vec::new(),
        Each::Source => {
            let groups: Vec<String> = feed.sources.values().flat_map(|source| source.groups.clone()).collect();
            if groups.is_empty() { vec![feed.of.title.clone()] } else { groups }
        }
    };
    let page = output.formats.contains(&Format::Html).then(|| address(Format::Html));
    Some(Subscribable { title: output.title.clone(), feed: address(*best), page, folders })
}

/// Every story in the store, a page at a time.
fn stories(config: &Config, out: &mut dyn Write) -> Result<u8, Failure> {
    let Some(store) = existing(&config.store)? else {
        return Err(Failure::data("nothing has been read yet").help("run `oncefeed refresh` first"));
    };
    let runtime = runtime()?;
    let mut after = -1;
    loop {
        let page: Result<Vec<(i64, Placed)>, StoreError> = runtime.block_on(store.stories(after, PAGE));
        let page = page?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        for (_, placed) in page.iter().filter(|(_, placed)| !placed.source.is_seeded()) {
            serde_json::to_writer(&mut *out, &line(placed)).map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(0)
}

/// A story, for programs. The first of a cluster has its id, which is that of the item in the outputs.
fn line(placed: &Placed) -> Value {
    json!({
        "id": telling_id(&placed.source, &placed.key).urn(),
        "source": placed.source,
        "url": placed.story.url,
        "title": placed.story.title,
        "published": placed.published.to_rfc3339_opts(SecondsFormat::Secs, true),
        "cluster": placed.cluster.urn(),
        "because": placed.because.rule,
    })
}
