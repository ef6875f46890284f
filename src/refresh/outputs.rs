//! Every output, rendered from the store alone.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::{RefreshError, voice};
use crate::config::Config;
use crate::dedupe::{self, Report};
use crate::fetch;
use crate::model::{
    ClusterId, Edition, Entry, Format, Location, Output, Representative, Rule, RunReport, Source, SourceId, Telling,
    UpdatePolicy, Verdict, Visit,
};
use crate::publish::{self, Listed};
use crate::store::{Placed, Shelf, Store, StoreError};

/// Other reports of an event that an entry is linked with.
const RELATED: usize = 6;

/// Renders every output from the store, and writes what has changed.
pub(super) async fn publish_all(
    config: &Config,
    store: &dyn Store,
    report: &mut RunReport,
) -> Result<(), RefreshError> {
    // Before the first decision there is nothing whose age could matter.
    let settled = store.settled().await?;
    let ids: Vec<SourceId> = config.sources.iter().map(|source| source.id.clone()).collect();
    let visits = store.visits(&ids).await?;
    let mut listed: Vec<Listed> = Vec::new();
    for output in &config.outputs {
        let edition = edition(config, store, output, &visits).await?;
        // A store that has decided about nothing yet knows less than a file of before it was lost.
        let known = settled.is_some() || !edition.entries.is_empty();
        let is_there = |format: &Format| config.publish.dir.join(format!("{}.{}", output.id, format.as_str())).exists();
        if !known && output.formats.iter().any(is_there) {
            continue;
        }
        report.outputs.push((output.id.as_str().to_owned(), edition.entries.len()));
        let files = publish::render(&config.site, &edition)?;
        let written = publish::write(&files, &config.publish.dir)?;
        report.files.extend(written.into_iter().map(|file| (file.name, file.changed)));
        listed.push(Listed::of(&edition));
    }
    let pages = publish::index(&config.site, &listed);
    if !pages.is_empty() {
        let written = publish::write(&pages, &config.publish.dir)?;
        report.files.extend(written.into_iter().map(|file| (file.name, file.changed)));
    }
    let names: Vec<String> = (config.outputs.iter())
        .flat_map(|output| output.formats.iter().map(move |format| format!("{}.{}", output.id, format.as_str())))
        .chain(pages.into_iter().map(|page| page.name))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    report.strays =
        publish::strays(&names, &config.publish.dir).iter().map(|path| path.display().to_string()).collect();
    Ok(())
}

/// What an output holds now.
async fn edition(
    config: &Config,
    store: &dyn Store,
    output: &Output,
    visits: &BTreeMap<SourceId, Visit>,
) -> Result<Edition, StoreError> {
    let visible: BTreeMap<&SourceId, &Source> =
        config.sources.iter().filter(|source| shows(output, source)).map(|source| (&source.id, source)).collect();
    let keep = chrono::Duration::from_std(output.keep).unwrap_or(chrono::Duration::MAX);
    let sources = visible.keys().map(|id| (*id).clone()).collect();
    let first = Shelf { sources, limit: 1, since: DateTime::<Utc>::MAX_UTC, cap: 0 };
    // Ages are counted back from the newest story that is shown: an output changes when its stories do, not
    // when time goes by or others have news.
    let newest = (store.shelf(&first).await?.iter().flat_map(|(_, placed)| placed))
        .filter(|telling| telling.publish)
        .map(|telling| telling.published)
        .max()
        .unwrap_or(DateTime::<Utc>::MIN_UTC);
    let since = newest.checked_sub_signed(keep).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let shelf = Shelf { limit: output.limit, since, cap: Output::CAP, ..first };
    let source_of = |id: &SourceId| visible.get(id).copied();
    let entries = (store.shelf(&shelf).await?.into_iter())
        .filter_map(|(id, placed)| entry(id, placed, source_of, visits, config.dedupe.representative))
        .collect();
    let mut edition = Edition::of(output, entries, newest);
    if output.related && output.formats.contains(&Format::Html) {
        relate(&mut edition.entries);
    }
    Ok(edition)
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
    let grouped = output.groups.is_empty() || source.groups.iter().any(|group| output.groups.contains(group));
    grouped && (output.private || !source.private)
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
    for placed in placed {
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
    Entry::of(id, tellings, representative)
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
