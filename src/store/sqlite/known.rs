//! What the decider asks: which known stories may be the same, and who is in their clusters.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::fault::Fault;
use super::fingerprint;
use super::inbox::{folding, source, time};
use super::keys::{self, Postings, Tree};
use crate::model::{ClusterId, Key, Member};
use crate::store::rules::{Asked, candidates, millis, weight};

const MEMBER: &str = "select s.source, s.key, s.cluster, s.time, s.folding, p.data, s.home
                      from story s left join print p on p.body = s.body";

/// Who speaks for a home in a cluster. Each part reads only so far along the index as it has to.
pub(super) const SPEAKERS: &str = "
    select id from (select id from story where cluster = ?1 and home = ?2 order by time, id limit 1)
    union all
    select id from (select id from story where cluster = ?1 and home = ?2 order by time desc, id desc limit ?3)";

pub(super) fn sharing(db: &Connection, asked: &Asked) -> Result<Vec<Member>, Fault> {
    let mut members = Vec::new();
    let mut statement = db.prepare_cached(&format!("{MEMBER} where s.id = ?1"))?;
    for id in offered(db, asked)? {
        let mut rows = statement.query([id])?;
        let row = rows.next()?.ok_or_else(|| Fault::damaged("a story has no fingerprint"))?;
        let member = member(row)?;
        // The index holds parts of keys, and also those of before an edit.
        if asked.is_shared_by(&member.fingerprint, millis(member.time)) {
            members.push(member);
        }
    }
    sort(&mut members);
    Ok(members)
}

pub(super) fn members(db: &Connection, mut clusters: Vec<ClusterId>) -> Result<Vec<Member>, Fault> {
    clusters.sort_unstable();
    clusters.dedup();
    let mut statement = db.prepare_cached(&format!("{MEMBER} where s.id in ({SPEAKERS})"))?;
    let mut members = Vec::new();
    for cluster in clusters {
        for home in homes(db, cluster)? {
            let mut rows = statement.query(params![cluster.0, home, Key::CANDIDATES as i64])?;
            while let Some(row) = rows.next()? {
                members.push(member(row)?);
            }
        }
    }
    sort(&mut members);
    Ok(members)
}

/// The homes in a cluster, by stepping from one to the next however many members they have.
fn homes(db: &Connection, cluster: ClusterId) -> Result<Vec<Vec<u8>>, Fault> {
    let mut next = db.prepare_cached("select min(home) from story where cluster = ?1 and home > ?2")?;
    let (mut homes, mut last) = (Vec::new(), Vec::new());
    while let Some(home) = next.query_row(params![cluster.0, last], |row| row.get::<_, Option<Vec<u8>>>(0))? {
        last.clone_from(&home);
        homes.push(home);
    }
    Ok(homes)
}

/// The newest stories whose texts are still compared.
pub(super) fn timeline(db: &Connection, since: DateTime<Utc>, limit: usize) -> Result<Vec<Member>, Fault> {
    let sql = format!("{MEMBER} where s.slim = 0 and s.time >= ?1 order by s.time desc, s.id desc limit ?2");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query((millis(since), i64::try_from(limit).unwrap_or(i64::MAX)))?;
    let mut members = Vec::new();
    while let Some(row) = rows.next()? {
        members.push(member(row)?);
    }
    sort(&mut members);
    Ok(members)
}

/// Numbers of all stories that have enough in common, and of some that do not.
fn offered(db: &Connection, asked: &Asked) -> Result<BTreeSet<i64>, Fault> {
    let of = |tree: Tree| {
        asked.keys().map(|key| keys::number(&key)).filter(move |(home, _)| *home == tree).map(|(_, number)| number)
    };
    let lasting = Postings::read(db, Tree::Lasting, of(Tree::Lasting))?;
    let mut ids: BTreeSet<i64> = of(Tree::Lasting).flat_map(|number| lasting.under(number)).collect();
    let passing = Postings::read(db, Tree::Passing, of(Tree::Passing))?;
    let mut in_window = db.prepare_cached("select 1 from story where id = ?1 and time >= ?2 and slim = 0")?;
    let mut near = BTreeSet::new();
    for group in asked.groups() {
        let mut met = Vec::new();
        for key in group {
            let (Tree::Passing, number) = keys::number(key) else { continue };
            match weight(key) {
                0 => near.extend(passing.under(number)),
                weight => met.extend(passing.under(number).flat_map(|id| std::iter::repeat_n(id, weight))),
            }
        }
        near.extend(candidates(met));
    }
    for id in near {
        if !ids.contains(&id) && in_window.query_row([id, asked.since()], |_| Ok(())).optional()?.is_some() {
            ids.insert(id);
        }
    }
    Ok(ids)
}

fn member(row: &Row<'_>) -> Result<Member, Fault> {
    Ok(Member {
        source: source(row.get_ref(0)?.as_str()?)?,
        key: row.get(1)?,
        cluster: ClusterId(row.get(2)?),
        home: ClusterId(row.get(6)?),
        time: time(row.get(3)?)?,
        folding: folding(row.get_ref(4)?.as_str()?)?,
        fingerprint: Arc::new(fingerprint::decode(row.get_ref(5)?.as_blob()?)?),
    })
}

fn sort(members: &mut [Member]) {
    members.sort_by(|a, b| (a.time, &a.source, &a.key).cmp(&(b.time, &b.source, &b.key)));
}
