//! In which feeds a story is, and whose telling is shown there.

use std::collections::BTreeMap;

use super::Failure;
use crate::config::Config;
use crate::model::{ClusterId, Entry, Once, SourceId, Telling};
use crate::refresh::{Feed, feeds};
use crate::store::{Placed, Store};

/// Every feed in order of configuration, with what it shows of a story; `None`: the story is not there.
pub(super) async fn shown<'a>(
    config: &'a Config,
    store: &dyn Store,
    id: ClusterId,
    placed: &[Placed],
) -> Result<Vec<(Feed<'a>, Option<Entry>)>, Failure> {
    let is_dropped = placed.iter().any(|telling| telling.dropped.is_some());
    let mut shown = Vec::new();
    for feed in feeds(config, &BTreeMap::new()) {
        let before = match &feed.seat {
            Some((seating, _)) => store.seats(&seating.scope, &[id]).await?.remove(&id),
            None => None,
        };
        let entry = match feed.has(placed, before.as_ref()) && !is_dropped {
            true => feed.entry(id, placed.to_vec(), &BTreeMap::new(), config.dedupe.representative),
            false => None,
        };
        shown.push((feed, entry));
    }
    Ok(shown)
}

/// The telling by which readers know a story: what the first feed shows that shows it, public ones first.
pub(super) fn known_by(shown: &[(Feed<'_>, Option<Entry>)]) -> Option<Telling> {
    let of = |private| shown.iter().filter(move |(feed, _)| feed.output.private == private);
    of(false).chain(of(true)).find_map(|(_, entry)| entry.as_ref()).map(|entry| entry.shown.clone())
}

/// The same for people, a line an output and why.
pub(super) fn lines(config: &Config, shown: &[(Feed<'_>, Option<Entry>)]) -> Vec<String> {
    let of = |output: &SourceId| shown.iter().filter(|(feed, _)| feed.of.id == *output).collect::<Vec<_>>();
    let lines = config.outputs.iter().map(|output| {
        let feeds = of(&output.id);
        let Some((feed, Some(entry))) = feeds.iter().find(|(_, entry)| entry.is_some()) else {
            let holder = shown.iter().find(|(feed, entry)| entry.is_some() && feed.output.private == output.private);
            let holder = holder.or_else(|| shown.iter().find(|(_, entry)| entry.is_some()));
            return match holder.filter(|_| config.site.once == Once::Site) {
                Some((feed, _)) => format!("not in {}: once = \"site\", and it is in {}", output.id, feed.output.id),
                None => format!("not in {}", output.id),
            };
        };
        let Telling { source, rank, words, .. } = &entry.shown;
        let others = match entry.also.len() {
            0 => "the only telling that it may show".to_owned(),
            more => format!(
                "rank {rank}, {words} words; best rank, then earliest, of those that told it first with at least two thirds of \
                 the longest text; {more} more"
            ),
        };
        format!("in {} as told by {source}: {others}", feed.output.id)
    });
    lines.collect()
}
