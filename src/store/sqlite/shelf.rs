//! What is published and explained: clusters with all that is known of their tellings.

use std::collections::{BinaryHeap, HashSet, VecDeque};

use rusqlite::types::ToSql;
use rusqlite::{Connection, Row};

use super::fault::Fault;
use super::inbox::{source, story, time, voice};
use super::keys::{Postings, Tree};
use super::{Placed, Query, Shelf, fingerprint, reason, seats};
use crate::model::{ClusterId, SourceId, Told};
use crate::store::PASSED;
use crate::store::rules::{has_words, ids_beginning, is_told, lower_case, millis, room, time_of};

/// Rows of one source that are read at a time.
const PAGE: i64 = 16;
/// Where those are whose home has an id in a range, and is another cluster.
pub(super) const GUESTS: &str = "select cluster from story where home between ?1 and ?2 and home is not cluster";

pub(super) fn shelf(db: &Connection, shelf: &Shelf) -> Result<Vec<(ClusterId, Vec<Placed>)>, Fault> {
    let sources: HashSet<&SourceId> = shelf.sources.iter().collect();
    let mut filled = Vec::new();
    for cluster in newest(db, shelf, &sources)? {
        filled.push((cluster, tellings(db, cluster, |source| is_told(shelf, &sources, source))?));
    }
    Ok(filled)
}

/// How many clusters of a shelf are not before its time.
pub(super) fn young(db: &Connection, shelf: &Shelf) -> Result<usize, Fault> {
    let sources: HashSet<&SourceId> = shelf.sources.iter().collect();
    let all = Shelf { limit: 0, cap: usize::MAX, ..shelf.clone() };
    Ok(newest(db, &all, &sources)?.len())
}

/// The clusters of a shelf in its order, by going back through each source at once only as far as
/// needed: no cluster is newer than its newest telling.
fn newest(db: &Connection, shelf: &Shelf, sources: &HashSet<&SourceId>) -> Result<Vec<ClusterId>, Fault> {
    let since = millis(shelf.since);
    let mut streams: Vec<Stream<'_>> = sources.iter().map(|source| Stream::of(source.as_str())).collect();
    let mut heap = BinaryHeap::new();
    for (at, stream) in streams.iter_mut().enumerate() {
        heap.extend(stream.next(db)?.map(|(time, cluster)| (time, cluster, at)));
    }
    // Of each cluster its own time, smallest last; those that no unseen cluster can come before.
    let (mut waiting, mut chosen) = (BinaryHeap::new(), Vec::new());
    let (mut seen, mut passed) = (HashSet::new(), 0);
    while let Some((time, cluster, at)) = heap.pop() {
        // Equal times wait, since ids decide among them.
        while waiting.peek().is_some_and(|(own, _): &(i64, ClusterId)| *own > time) {
            chosen.extend(waiting.pop());
        }
        let enough = if time >= since { room(shelf, usize::MAX) } else { shelf.limit };
        if chosen.len() >= enough || passed >= PASSED {
            break;
        }
        if seen.insert(cluster) {
            match own_time(db, cluster, shelf, sources)? {
                Some(own) => waiting.push((own, cluster)),
                None => passed += usize::from(shelf.seat.is_some()),
            }
        }
        heap.extend(streams[at].next(db)?.map(|(time, cluster)| (time, cluster, at)));
    }
    chosen.extend(waiting);
    chosen.sort_by_key(|(time, cluster)| (std::cmp::Reverse(*time), *cluster));
    let young = chosen.partition_point(|(time, _)| *time >= since);
    Ok(chosen.into_iter().take(room(shelf, young)).map(|(_, cluster)| cluster).collect())
}

/// A cluster's time on a shelf. `None`: it is not shown there.
fn own_time(
    db: &Connection,
    cluster: ClusterId,
    shelf: &Shelf,
    sources: &HashSet<&SourceId>,
) -> Result<Option<i64>, Fault> {
    let mut dropped = db.prepare_cached("select 1 from dropped where cluster = ?1")?;
    if dropped.exists([cluster.0])? {
        return Ok(None);
    }
    let mut statement = db.prepare_cached(
        "select source, decided, shelf_time, home is not cluster, first_words from story where cluster = ?1 and publish = 1",
    )?;
    let mut rows = statement.query([cluster.0])?;
    let mut told = Vec::new();
    while let Some(row) = rows.next()? {
        told.push(Told {
            source: source(row.get_ref(0)?.as_str()?)?,
            decided: row.get(1)?,
            published: row.get(2)?,
            words: row.get(4)?,
            guest: row.get(3)?,
        });
    }
    if let Some((seating, seat)) = &shelf.seat {
        let before = seats::recorded(db, &seating.scope, cluster)?;
        if seating.seat(before.as_ref(), &told).as_ref() != Some(seat) {
            return Ok(None);
        }
    }
    Ok(time_of(&told, |source| sources.contains(source)))
}

/// The published stories of one source, newest first.
struct Stream<'a> {
    source: &'a str,
    rows: VecDeque<(i64, ClusterId)>,
    /// After which (time, story) the next page begins; `None` when there is none.
    after: Option<(i64, i64)>,
}

impl<'a> Stream<'a> {
    fn of(source: &'a str) -> Stream<'a> {
        Stream { source, rows: VecDeque::new(), after: Some((i64::MAX, i64::MAX)) }
    }

    fn next(&mut self, db: &Connection) -> Result<Option<(i64, ClusterId)>, Fault> {
        if self.rows.is_empty()
            && let Some((time, id)) = self.after
        {
            self.turn_page(db, time, id)?;
        }
        Ok(self.rows.pop_front())
    }

    fn turn_page(&mut self, db: &Connection, time: i64, id: i64) -> Result<(), Fault> {
        let mut statement = db.prepare_cached(
            "select shelf_time, cluster, id from story
             where source = ?1 and publish = 1 and (shelf_time, id) < (?2, ?3)
             order by shelf_time desc, id desc limit ?4",
        )?;
        let mut rows = statement.query((self.source, time, id, PAGE))?;
        self.after = None;
        while let Some(row) = rows.next()? {
            self.rows.push_back((row.get(0)?, ClusterId(row.get(1)?)));
            self.after = Some((row.get(0)?, row.get(2)?));
        }
        Ok(())
    }
}

pub(super) fn find(db: &Connection, query: &Query, limit: usize) -> Result<Vec<(ClusterId, Vec<Placed>)>, Fault> {
    let mut clusters = matching(db, query)?;
    let mut newest = db.prepare_cached("select max(shelf_time) from story where cluster = ?1")?;
    let mut dated: Vec<(i64, ClusterId)> = Vec::new();
    for cluster in clusters.drain() {
        dated.push((newest.query_row([cluster.0], |row| row.get(0))?, cluster));
    }
    dated.sort_by_key(|(time, cluster)| (std::cmp::Reverse(*time), *cluster));
    dated.truncate(limit);
    dated.into_iter().map(|(_, cluster)| Ok((cluster, tellings(db, cluster, |_| true)?))).collect()
}

fn matching(db: &Connection, query: &Query) -> Result<HashSet<ClusterId>, Fault> {
    let mut found = HashSet::new();
    let mut collect = |sql: &str, values: &[&dyn ToSql]| -> Result<(), Fault> {
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            found.insert(ClusterId(row.get(0)?));
        }
        Ok(())
    };
    match query {
        Query::Id(prefix) => {
            if let Some((first, last)) = ids_beginning(prefix) {
                collect("select cluster from story where cluster between ?1 and ?2", &[&first.0, &last.0])?;
                collect(GUESTS, &[&first.0, &last.0])?;
            }
        }
        Query::Url(url, digest) => {
            collect("select cluster from story where url = ?1", &[url])?;
            if let Some(digest) = digest {
                // The index offers too many; the whole digest stands in the fingerprint.
                let mut statement = db.prepare_cached(
                    "select s.cluster, p.data from story s left join print p on p.body = s.body where s.id = ?1",
                )?;
                for id in Postings::read(db, Tree::Lasting, [digest.head()].into_iter())?.under(digest.head()) {
                    let mut rows = statement.query([id])?;
                    let row = rows.next()?.ok_or_else(|| Fault::damaged("an indexed story is missing"))?;
                    if fingerprint::decode(row.get_ref(1)?.as_blob()?)?.url == Some(*digest) {
                        found.insert(ClusterId(row.get(0)?));
                    }
                }
            }
        }
        Query::Words(words) => {
            let Some(words) = lower_case(words) else { return Ok(found) };
            let mut statement = db.prepare_cached("select cluster, title from story")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if has_words(row.get_ref(1)?.as_str()?, &words) {
                    found.insert(ClusterId(row.get(0)?));
                }
            }
        }
    }
    Ok(found)
}

/// What is read of a telling; `placed` makes it of a row of this.
pub(super) const PLACED: &str = "
    select s.source, s.first_seen, s.decided, s.revised, s.publish, s.verdict, b.story, r.because, r.apart,
           s.shelf_time, s.first_words, s.agency, s.press_release, s.owner, s.key, s.home, d.at, s.id, s.cluster
    from story s left join body b on b.id = s.body left join reason r on r.story = s.id
                 left join dropped d on d.cluster = s.cluster";

/// The tellings of a cluster by those sources, oldest first.
fn tellings(db: &Connection, cluster: ClusterId, is_wanted: impl Fn(&SourceId) -> bool) -> Result<Vec<Placed>, Fault> {
    let mut statement =
        db.prepare_cached(&format!("{PLACED} where s.cluster = ?1 order by s.time, s.source, s.key"))?;
    let mut rows = statement.query([cluster.0])?;
    let mut tellings = Vec::new();
    while let Some(row) = rows.next()? {
        let source = source(row.get_ref(0)?.as_str()?)?;
        if is_wanted(&source) {
            tellings.push(placed(row, source, cluster)?);
        }
    }
    Ok(tellings)
}

pub(super) fn placed(row: &Row<'_>, source: SourceId, cluster: ClusterId) -> Result<Placed, Fault> {
    let because = reason::decode(row.get_ref(7)?.as_str()?)?.pop();
    Ok(Placed {
        source,
        key: row.get(14)?,
        story: story(row.get_ref(6)?.as_str()?)?,
        voice: voice(row)?,
        cluster,
        home: ClusterId(row.get(15)?),
        dropped: row.get::<_, Option<i64>>(16)?.map(time).transpose()?,
        first_seen: time(row.get(1)?)?,
        published: time(row.get(9)?)?,
        first_words: row.get(10)?,
        decided: time(row.get(2)?)?,
        revised: row.get::<_, Option<i64>>(3)?.map(time).transpose()?,
        publish: row.get(4)?,
        verdict: reason::verdict(row.get_ref(5)?.as_str()?)?,
        because: because.ok_or_else(|| Fault::damaged("a story has no reason"))?,
        apart: reason::decode(row.get_ref(8)?.as_str()?)?,
    })
}
