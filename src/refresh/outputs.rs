//! Every output, rendered from the store alone.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::feeds::{Feed, feeds};
use super::{RefreshError, seed, voice};
use crate::config::Config;
use crate::dedupe::{self, Report};
use crate::fetch;
use crate::model::{
    ClusterId, Edition, Entry, Format, Location, Output, OutputReport, Representative, Rule, RunReport, Source,
    SourceId, Telling, UpdatePolicy, Verdict, Visit,
};
use crate::publish::{self, Listed};
use crate::store::{Placed, Store, StoreError};

/// Other reports of an event that an entry is linked with.
const RELATED: usize = 6;

/// Renders every output from the store, and writes what has changed.
pub(super) async fn publish_all(
    config: &Config,
    store: &dyn Store,
    report: &mut RunReport,
) -> Result<(), RefreshError> {
    let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
    let visits = store.visits(&ids).await?;
    let knows = knows(store, &visits).await?;
    let feeds = feeds(config, &visits);
    let (mut listed, mut left): (Vec<Listed>, bool) = (Vec::new(), false);
    for feed in &feeds {
        let edition = edition(config, store, feed, &visits).await?;
        // A store that has decided about nothing yet knows less than a file of before it was lost.
        let known = knows || !edition.entries.is_empty();
        let output = &feed.output;
        let is_there = |format: &Format| config.publish.dir.join(format!("{}.{}", output.id, format.as_str())).exists();
        if !known && output.formats.iter().any(is_there) {
            left = true;
            continue;
        }
        // Before anybody can read it there: whoever is killed after this has the story in no other feed later.
        if let Some((seating, seat)) = &feed.seat {
            let clusters: Vec<ClusterId> = edition.entries.iter().map(|entry| entry.id).collect();
            store.seat(&seating.scope, &clusters, seat).await?;
        }
        report.outputs.push(OutputReport {
            id: output.id.clone(),
            of: feed.of.id.clone(),
            entries: edition.entries.len(),
            cut: cut(store, feed, edition.entries.len()).await?,
        });
        let files = publish::render(&config.site, &edition)?;
        let written = publish::write(&files, &config.publish.dir)?;
        report.files.extend(written.into_iter().map(|file| (file.name, file.changed)));
        listed.push(Listed::of(&edition));
    }
    // What is left as it was is listed as it was.
    if left {
        return Ok(());
    }
    let pages = publish::index(&config.site, &listed);
    if !pages.is_empty() {
        let written = publish::write(&pages, &config.publish.dir)?;
        report.files.extend(written.into_iter().map(|file| (file.name, file.changed)));
    }
    let names: Vec<String> = (feeds.iter().map(|feed| &feed.output))
        .flat_map(|output| output.formats.iter().map(move |format| format!("{}.{}", output.id, format.as_str())))
        .chain(pages.into_iter().map(|page| page.name))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    report.strays =
        publish::strays(&names, &config.publish.dir).iter().map(|path| path.display().to_string()).collect();
    Ok(())
}

/// Whether the store has decided about anything that could be shown. One that was only given the ids of old outputs has
/// not, until a source was read.
async fn knows(store: &dyn Store, visits: &BTreeMap<SourceId, Visit>) -> Result<bool, StoreError> {
    if store.settled().await?.is_none() {
        return Ok(false);
    }
    let was_read = visits.values().any(|visit| visit.first_read.is_some());
    Ok(was_read || store.visits(&[SourceId::seeded()]).await?.is_empty())
}

/// What a feed holds now.
async fn edition(
    config: &Config,
    store: &dyn Store,
    feed: &Feed<'_>,
    visits: &BTreeMap<SourceId, Visit>,
) -> Result<Edition, StoreError> {
    let output = &feed.output;
    let (newest, since) = since(store, feed).await?;
    let shelf = feed.shelf(output.limit, since, Output::CAP);
    let entries = (store.shelf(&shelf).await?.into_iter())
        .filter_map(|(id, placed)| feed.entry(id, placed, visits, config.dedupe.representative))
        .collect();
    let mut edition = Edition::of(output, entries, newest);
    if output.related && output.formats.contains(&Format::Html) {
        relate(&mut edition.entries);
    }
    Ok(edition)
}

/// The time of the newest story that a feed may show, and that from which on it keeps all. Ages are counted back
/// from the newest story that is shown: an output changes when its stories do, not when time goes by or
/// others have news.
async fn since(store: &dyn Store, feed: &Feed<'_>) -> Result<(DateTime<Utc>, DateTime<Utc>), StoreError> {
    let first = feed.shelf(1, DateTime::<Utc>::MAX_UTC, 0);
    let newest = (store.shelf(&first).await?.iter())
        .filter_map(|(_, placed)| {
            let shown = || placed.iter().filter(|told| told.publish && feed.sources.contains_key(&told.source));
            let is_guest = shown().all(seed::is_guest);
            Some(seed::time_of(shown().map(|told| told.published).max()?, is_guest, placed))
        })
        .max()
        .unwrap_or(DateTime::<Utc>::MIN_UTC);
    let keep = chrono::Duration::from_std(feed.output.keep).unwrap_or(chrono::Duration::MAX);
    Ok((newest, newest.checked_sub_signed(keep).unwrap_or(DateTime::<Utc>::MIN_UTC)))
}

/// What a feed holds, and for how many younger than its `keep` it has no room.
pub async fn holding(store: &dyn Store, feed: &Feed<'_>) -> Result<OutputReport, StoreError> {
    let (_, since) = since(store, feed).await?;
    let limit = feed.output.limit;
    let young = store.young(&feed.shelf(limit, since, Output::CAP)).await?;
    // Only the young are counted: of what is older there are as many as have room.
    let entries = match young < limit {
        true => store.shelf(&feed.shelf(limit, since, Output::CAP)).await?.len(),
        false => limit.max(young.min(Output::CAP)),
    };
    Ok(OutputReport { id: feed.output.id.clone(), of: feed.of.id.clone(), entries, cut: young.saturating_sub(entries) })
}

/// How many of them it has no room for, when it holds so many: who has not reached the cap has cut nothing, and need not
/// count.
async fn cut(store: &dyn Store, feed: &Feed<'_>, held: usize) -> Result<usize, StoreError> {
    if held < Output::CAP { Ok(0) } else { Ok(holding(store, feed).await?.cut) }
}

/// Tells each entry which others are about the same event.
fn relate(entries: &mut [Entry]) {
    let reports: Vec<Report> = (entries.iter())
        .map(|entry| Report {
            time: entry.published.timestamp(),
            title: &entry.shown.story.title,
            text: &entry.shown.story.text,
        })
        .collect();
    let events = dedupe::events(&reports);
    let mut members: BTreeMap<usize, Vec<ClusterId>> = BTreeMap::new();
    for (entry, event) in entries.iter().zip(&events) {
        members.entry(*event).or_default().push(entry.id);
    }
    for (entry, event) in entries.iter_mut().zip(&events) {
        entry.related = members[event].iter().copied().filter(|id| *id != entry.id).take(RELATED).collect();
    }
}

/// Whether a source contributes to an output: by group, and a private one only to a private output.
pub fn shows(output: &Output, source: &Source) -> bool {
    output.shows(source)
}

/// What those who may see some sources are shown of a cluster: `source_of` gives these sources.
pub fn entry<'a>(
    id: ClusterId,
    placed: Vec<Placed>,
    source_of: impl Fn(&SourceId) -> Option<&'a Source>,
    visits: &BTreeMap<SourceId, Visit>,
    representative: Representative,
) -> Option<Entry> {
    // Who is named as the original, by whom that may be seen.
    let (mut tellings, mut named) = (Vec::new(), HashSet::new());
    let mut seeded = Vec::new();
    for placed in placed {
        if placed.source.is_seeded() {
            seeded.push(placed);
            continue;
        }
        let Some(source) = source_of(&placed.source) else { continue };
        named.extend(placed.story.canonical.as_deref().and_then(dedupe::canonical_url));
        tellings.push(telling(source, visits.get(&placed.source), placed));
    }
    if !named.is_empty() {
        for telling in &mut tellings {
            let url = telling.story.url.as_deref().and_then(dedupe::canonical_url);
            telling.original = url.is_some_and(|url| named.contains(&url));
        }
    }
    let entry = Entry::of(id, tellings, representative)?;
    Some(seed::as_published(entry, &seeded))
}

/// What a source told, with what is shown of the source: a name, and its address where that holds no secret.
fn telling(source: &Source, visit: Option<&Visit>, placed: Placed) -> Telling {
    let named = placed.story.outlet.clone().or_else(|| source.title.clone());
    let name =
        named.or_else(|| visit.and_then(|visit| visit.title.clone())).unwrap_or_else(|| source.id.as_str().to_owned());
    // An address that holds a secret is nobody else's business.
    let feed_url = match &source.location {
        Location::Web(url)
            if !source.private && source.access.shown.is_none() && fetch::redacted(url) == url.as_str() =>
        {
            Some(url.to_string())
        }
        _ => None,
    };
    let corrects = dedupe::is_correction(&placed.story.title, "");
    Telling {
        original: false,
        guest: placed.home != placed.cluster,
        version: placed.because.rule == Rule::NearText || placed.verdict == Verdict::Joins && corrects,
        quiet: source.update == UpdatePolicy::Never,
        source: placed.source,
        name,
        feed_url,
        rank: source.rank,
        story: placed.story,
        voice: voice::as_configured(source, placed.voice),
        published: placed.published,
        words: placed.first_words,
        decided: placed.decided,
        revised: placed.revised,
        publish: placed.publish,
    }
}
