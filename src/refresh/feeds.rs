//! The feeds that the outputs are made into, whose tellings each may show, and among which of them a story is only once.
//!
//! What all may read is decided first and as if nothing else were there: a private source takes no story away from public
//! readers. Private outputs have what those do not.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::outputs::entry;
use crate::config::Config;
use crate::model::{
    ClusterId, Each, Entry, Once, Output, Representative, Row, Seat, Seating, Source, SourceId, Told, Visit,
};
use crate::store::{Placed, Shelf};

/// Names the public outputs in the store, and the private ones. No output can be called like this.
const PUBLIC: &str = "*public";
const PRIVATE: &str = "*private";

/// Sources by their ids.
type Sources<'a> = BTreeMap<&'a SourceId, &'a Source>;

/// One feed: an output, or what one source tells in an output that has a feed for each.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    /// As it is published: id and title are the feed's own.
    pub output: Output,
    /// The output as it is configured.
    pub of: &'a Output,
    /// The sources whose tellings make an item.
    pub sources: Sources<'a>,
    /// The sources that are named among those who also told it.
    listed: Arc<Sources<'a>>,
    /// Where each story is in one feed only: among which, and which of them this is.
    pub seat: Option<(Arc<Seating>, Seat)>,
}

/// Every feed, in order of configuration; those of one output in the order of its sources. What a document calls
/// itself is the title of a source that has none.
pub fn feeds<'a>(config: &'a Config, visits: &BTreeMap<SourceId, Visit>) -> Vec<Feed<'a>> {
    let site = [PUBLIC, PRIVATE].map(|scope| Among::of_site(config, scope));
    let mut feeds = Vec::new();
    for output in &config.outputs {
        let among = match (config.site.once, output.each) {
            (Once::Site, _) => Some(site[usize::from(output.private)].clone()),
            (Once::Output, Each::Source) => Some(Among::of_output(config, output)),
            (Once::Output, Each::None) => None,
        };
        match output.each {
            Each::None => feeds.push(Feed::whole(config, output, among)),
            Each::Source => feeds.extend(
                shown(config, output)
                    .into_values()
                    .filter_map(|source| Feed::of_source(output, source, among.clone()?, visits)),
            ),
        }
    }
    // Sources stand in the order of the file, not of their ids.
    let place = |feed: &Feed<'_>| {
        let source = feed.seat.as_ref().and_then(|(_, seat)| seat.source.as_ref());
        (
            config.outputs.iter().position(|output| output.id == feed.of.id),
            source.and_then(|id| config.sources.iter().position(|source| source.id == *id)),
        )
    };
    feeds.sort_by_cached_key(place);
    feeds
}

/// The sources that an output may show.
fn shown<'a>(config: &'a Config, output: &Output) -> Sources<'a> {
    config.sources.iter().filter(|source| output.shows(source)).map(|source| (&source.id, source)).collect()
}

/// Outputs that have each story once between them, and whom their items name.
#[derive(Clone)]
struct Among<'a> {
    seating: Arc<Seating>,
    listed: Arc<Sources<'a>>,
}

impl<'a> Among<'a> {
    /// All public outputs, or all private ones.
    fn of_site(config: &'a Config, scope: &str) -> Among<'a> {
        let is_private = scope == PRIVATE;
        let outputs = || config.outputs.iter().filter(|output| output.private == is_private);
        let public = config.outputs.iter().filter(|output| !output.private).flat_map(|output| shown(config, output));
        let public: Sources<'a> = public.collect();
        let elsewhere = if is_private { public.keys().map(|id| (*id).clone()).collect() } else { HashSet::new() };
        // A telling that only another output may show is nowhere else in this one's reach.
        let mut listed: Sources<'a> = outputs().flat_map(|output| shown(config, output)).collect();
        if is_private {
            listed.extend(public);
        }
        Among::new(scope, outputs().map(|output| row(config, output)).collect(), elsewhere, listed)
    }

    /// The feeds of one output.
    fn of_output(config: &'a Config, output: &Output) -> Among<'a> {
        Among::new(output.id.as_str(), vec![row(config, output)], HashSet::new(), shown(config, output))
    }

    fn new(scope: &str, rows: Vec<Row>, elsewhere: HashSet<SourceId>, listed: Sources<'a>) -> Among<'a> {
        let names = listed.keys().map(|id| (*id).clone()).collect();
        let seating = Seating { scope: scope.to_owned(), rows, elsewhere, listed: names };
        Among { seating: Arc::new(seating), listed: Arc::new(listed) }
    }
}

fn row(config: &Config, output: &Output) -> Row {
    let sources = shown(config, output).into_values().map(|source| (source.id.clone(), source.rank)).collect();
    Row { output: output.id.clone(), sources, each: output.each == Each::Source }
}

impl<'a> Feed<'a> {
    fn whole(config: &'a Config, output: &'a Output, among: Option<Among<'a>>) -> Feed<'a> {
        let sources = shown(config, output);
        let listed = among.as_ref().map_or_else(|| Arc::new(sources.clone()), |among| Arc::clone(&among.listed));
        let seat = Seat { output: output.id.clone(), source: None };
        Feed { output: output.clone(), of: output, sources, listed, seat: among.map(|among| (among.seating, seat)) }
    }

    /// `None`: the feed's name would be too long, which the configuration does not let by.
    fn of_source(
        output: &'a Output,
        source: &'a Source,
        among: Among<'a>,
        visits: &BTreeMap<SourceId, Visit>,
    ) -> Option<Feed<'a>> {
        let called = || visits.get(&source.id).and_then(|visit| visit.title.clone());
        let title = source.title.clone().or_else(called).unwrap_or_else(|| source.id.as_str().to_owned());
        let seat = Seat { output: output.id.clone(), source: Some(source.id.clone()) };
        Some(Feed {
            output: Output { id: output.feed_of(&source.id)?, title, ..output.clone() },
            of: output,
            sources: Sources::from([(&source.id, source)]),
            listed: among.listed,
            seat: Some((among.seating, seat)),
        })
    }

    /// What the store is asked for: at least `limit` of its clusters and those of `since` or later, up to `cap`.
    pub fn shelf(&self, limit: usize, since: chrono::DateTime<chrono::Utc>, cap: usize) -> Shelf {
        let sources = self.sources.keys().map(|id| (*id).clone()).collect();
        Shelf { sources, limit, since, cap, seat: self.seat.clone() }
    }

    /// Whether a story with these tellings is on its shelf: it has the seat, or none is needed. `before` is the seat that the
    /// story had.
    pub fn has(&self, placed: &[Placed], before: Option<&Seat>) -> bool {
        let Some((seating, seat)) = &self.seat else { return true };
        let told: Vec<Told> = placed.iter().filter(|placed| placed.publish).map(told).collect();
        seating.seat(before, &told).as_ref() == Some(seat)
    }

    /// What it shows of a cluster that is on its shelf: of its own sources the best telling, and all that are listed.
    pub fn entry(
        &self,
        id: ClusterId,
        mut placed: Vec<Placed>,
        visits: &BTreeMap<SourceId, Visit>,
        representative: Representative,
    ) -> Option<Entry> {
        for telling in &mut placed {
            telling.publish &= self.sources.contains_key(&telling.source);
        }
        entry(id, placed, |id| self.listed.get(id).copied(), visits, representative)
    }
}

fn told(placed: &Placed) -> Told {
    Told {
        source: placed.source.clone(),
        decided: placed.decided.timestamp_millis(),
        published: placed.published.timestamp_millis(),
        words: placed.first_words,
        guest: placed.home != placed.cluster,
    }
}
