//! The index of keys held against a map, and its cost against its size.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rusqlite::Connection;

use super::{Postings, Tree, bury, insert, revive};
use crate::model::Key;

const PASSING: Tree = Tree::Passing;

fn empty() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../0001.sql")).unwrap();
    db.execute_batch(include_str!("../0005.sql")).unwrap();
    db
}

/// Numbers that look random and are the same each time (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The stories under any of these keys, ascending.
fn lookup(db: &Connection, tree: Tree, keys: &[u64]) -> Vec<i64> {
    let postings = Postings::read(db, tree, keys.iter().copied()).unwrap();
    keys.iter().flat_map(|key| postings.under(*key)).collect::<BTreeSet<i64>>().into_iter().collect()
}

fn count(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |row| row.get(0)).unwrap()
}

#[derive(Default)]
struct Map(BTreeMap<u64, BTreeSet<i64>>);

impl Map {
    fn insert(&mut self, pairs: &[(u64, i64)]) {
        for (key, story) in pairs {
            self.0.entry(*key).or_default().insert(*story);
        }
    }

    fn lookup(&self, keys: &[u64]) -> Vec<i64> {
        let stories = keys.iter().filter_map(|key| self.0.get(key));
        let newest = stories.flat_map(|stories| stories.iter().rev().take(Key::POSTINGS));
        newest.copied().collect::<BTreeSet<i64>>().into_iter().collect()
    }
}

#[test]
fn a_hundred_thousand_pairs_are_those_of_a_map() {
    let (db, mut map, mut numbers) = (empty(), Map::default(), Numbers(1));
    let mut story = 0;
    while story < 5_000 {
        // Settlements of any size, of keys that are rare, common, and on nearly every story.
        let mut pairs = Vec::new();
        for _ in 0..numbers.next() % 100 {
            story += 1;
            pairs.extend((0..17).map(|_| (numbers.next() >> 20, story)));
            pairs.extend((0..3).map(|_| (numbers.next() % 2_000, story)));
            pairs.push((1_000_000 + numbers.next() % 2, story));
        }
        insert(&db, PASSING, &pairs).unwrap();
        map.insert(&pairs);
    }
    assert!(map.0.values().map(BTreeSet::len).sum::<usize>() > 100_000);
    assert!(count(&db, "select count(*) from key_segment") < 20);
    // The key of every second story has thousands of entries before it is cut.
    for keys in [vec![1_000_000], vec![1_000_001, 1_000_000], (0..2_000).collect()] {
        assert!(strangers(&db, &map, &keys) < 5);
    }
    let all: Vec<u64> = map.0.keys().copied().collect();
    assert!(all.chunks(1_000).map(|keys| strangers(&db, &map, keys)).sum::<usize>() < 5);
    assert!(all.iter().step_by(100).map(|key| strangers(&db, &map, &[*key])).sum::<usize>() < 5);
}

/// How many more stories are found than have the keys; panics when one is missing.
#[track_caller]
fn strangers(db: &Connection, map: &Map, keys: &[u64]) -> usize {
    let found = lookup(db, PASSING, keys);
    let expected = map.lookup(keys);
    assert!(expected.iter().all(|story| found.binary_search(story).is_ok()), "{found:?} {expected:?}");
    found.len() - expected.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    /// Keys with about as many entries as a chunk holds, so that they begin, end and cross anywhere.
    #[test]
    fn keys_may_span_chunks(sizes in prop::collection::vec((0_i64..700, 1_i64..900), 1..12)) {
        let (db, mut map) = (empty(), Map::default());
        for (key, (first, count)) in sizes.iter().enumerate() {
            let pairs: Vec<(u64, i64)> = (*first..first + count).map(|story| (key as u64 % 5, story)).collect();
            insert(&db, PASSING, &pairs).unwrap();
            map.insert(&pairs);
        }
        for key in 0..6 {
            prop_assert_eq!(lookup(&db, PASSING, &[key]), map.lookup(&[key]));
        }
    }
}

#[test]
fn a_lookup_costs_no_more_in_a_large_index() {
    let (db, mut numbers) = (empty(), Numbers(7));
    let mut costs = Vec::new();
    for settlement in 1..=256 {
        let pairs: Vec<(u64, i64)> = (0..40 * 68).map(|n| (numbers.next(), settlement * 40 + n / 68)).collect();
        insert(&db, PASSING, &pairs).unwrap();
        if matches!(settlement, 16 | 64 | 256) {
            let keys: Vec<u64> = (0..68).map(|_| numbers.next()).collect();
            costs.push(Postings::read(&db, PASSING, keys.into_iter()).unwrap().chunks);
        }
    }
    // 16 times the stories: a tier or two more, each at most 3 segments of a chunk a key.
    assert!(costs[2] <= costs[0] + 2 * 3 * 68, "{costs:?}");
    assert!(count(&db, "select count(*) from key_segment") <= 15);
    let (chunks, entries) = (count(&db, "select count(*) from key_chunk"), 256 * 40 * 68);
    // A merge that is under way has chunks in both places, and short ones where it paused.
    assert!(chunks < entries / 504 * 11 / 10, "{chunks} chunks");
}

#[test]
fn lasting_keys_stay_when_stories_are_pruned() {
    let db = empty();
    let pairs: Vec<(u64, i64)> = (0..3_000).map(|story| (7, story)).collect();
    for settlement in pairs.chunks(70) {
        insert(&db, Tree::Lasting, settlement).unwrap();
    }
    insert(&db, PASSING, &[(7, 5_000)]).unwrap();
    let found = lookup(&db, Tree::Lasting, &[7]);
    let newest: Vec<i64> = (3_000 - Key::POSTINGS as i64..3_000).collect();
    assert_eq!(found, newest);
    bury(&db, &[5_000, 2_900], 1_000).unwrap();
    assert_eq!(lookup(&db, Tree::Lasting, &[7]), newest);
    assert!(lookup(&db, PASSING, &[7]).is_empty());
}

#[test]
fn buried_stories_leave_when_they_are_half() {
    let (db, mut numbers) = (empty(), Numbers(3));
    let pairs: Vec<(u64, i64)> = (0..10_000).map(|n| (numbers.next(), n / 10)).collect();
    let keys: Vec<u64> = pairs.iter().map(|(key, _)| *key).collect();
    for settlement in pairs.chunks(1_000) {
        insert(&db, PASSING, settlement).unwrap();
    }
    let entries = || count(&db, "select sum(entries) from key_segment");
    bury(&db, &(0..300).collect::<Vec<i64>>(), 3_000).unwrap();
    let mut gone = BTreeSet::new();
    for story in 300..1_000 {
        if story != 777 {
            gone.insert(story);
            bury(&db, &[story], 10).unwrap();
        }
        if story % 50 != 0 {
            continue;
        }
        let found: BTreeSet<i64> = lookup(&db, PASSING, &keys).into_iter().collect();
        assert!((300..1_000).filter(|story| !gone.contains(story)).all(|story| found.contains(&story)));
    }
    // About half may be dead, and a merge may be under way.
    assert!(entries() < 200, "{}", entries());
    assert!(lookup(&db, PASSING, &keys).contains(&777));
    insert(&db, PASSING, &[(1, 2_000)]).unwrap();
    assert_eq!(lookup(&db, PASSING, &[1]), [2_000]);
}

#[test]
fn who_was_pruned_and_then_edited_stays() {
    let (db, mut numbers) = (empty(), Numbers(3));
    let mut pairs = |story: i64| -> Vec<(u64, i64)> { (0..70).map(|_| (numbers.next(), story)).collect() };
    let (one, other) = (pairs(1), pairs(40_000));
    bury(&db, &[1, 40_000], 0).unwrap();
    revive(&db, 1).unwrap();
    for pairs in [&one, &other] {
        insert(&db, PASSING, pairs).unwrap();
    }
    for story in 2..4 {
        insert(&db, PASSING, &pairs(story)).unwrap();
    }
    assert_eq!(lookup(&db, PASSING, &[one[0].0]), [1]);
    assert!(lookup(&db, PASSING, &[other[0].0]).is_empty());
}

/// The work of one settlement must not depend on how much was settled before it.
#[test]
fn no_settlement_writes_much_more_than_it_brings() {
    let (db, mut numbers) = (empty(), Numbers(9));
    let mut most = 0;
    let mut before = 0;
    for settlement in 0..400 {
        let pairs: Vec<(u64, i64)> = (0..20 * 70).map(|n| (numbers.next(), settlement * 20 + n / 70)).collect();
        insert(&db, PASSING, &pairs).unwrap();
        let written = db.total_changes();
        most = most.max(written - before);
        before = written;
    }
    // 3 chunks each; at most 4 tiers that move 4 times as much, write it and forget it, and sieves.
    assert!(most < 150, "{most} rows");
    // The large merges have ended in time.
    assert!(count(&db, "select count(*) from key_segment") <= 25);
    let entries = count(
        &db,
        "select sum(entries) from key_segment s where not exists (select 1 from key_segment o where o.target = s.id)",
    );
    assert_eq!(entries, 400 * 20 * 70);
}

/// A database of before merges were a part at a time is read and goes on.
#[test]
fn the_first_schema_is_carried_over() {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../0001.sql")).unwrap();
    let entries: Vec<u64> =
        (0..1_100_u64).map(|key| super::prefix(key) | key).collect::<BTreeSet<u64>>().into_iter().collect();
    let chunks: Vec<&[u64]> = entries.chunks(504).collect();
    let fences: Vec<u64> = chunks.iter().map(|chunk| chunk[0]).collect();
    db.execute("insert into key_segment values (5, 2, 1100, ?1)", [super::segment::bytes(&fences)]).unwrap();
    for (number, chunk) in chunks.iter().enumerate() {
        let row = rusqlite::params![super::segment::part(5, number), super::segment::bytes(chunk)];
        db.execute("insert into key_chunk values (?1, ?2)", row).unwrap();
    }
    db.execute_batch(include_str!("../0005.sql")).unwrap();
    let keys: Vec<u64> = (0..1_100).collect();
    assert_eq!(lookup(&db, PASSING, &keys), (0..1_100).collect::<Vec<i64>>());
    for story in 2_000..2_004 {
        insert(&db, PASSING, &[(7, story)]).unwrap();
    }
    assert_eq!(lookup(&db, PASSING, &[7]), [7, 2_000, 2_001, 2_002, 2_003]);
}

#[test]
fn damage_is_an_error() {
    let db = empty();
    insert(&db, PASSING, &(0..2_000).map(|n| (n, 5)).collect::<Vec<_>>()).unwrap();
    for damage in [
        "update key_chunk set data = x'010203'",
        "update key_chunk set data = x'ffffffffffffffff0000000000000000'",
        "update key_chunk set data = x''",
        "delete from key_chunk",
        "update key_fence set data = x'01'",
    ] {
        db.execute_batch("savepoint whole").unwrap();
        db.execute_batch(damage).unwrap();
        assert!(Postings::read(&db, PASSING, 0..9).is_err(), "{damage}");
        db.execute_batch("rollback to whole").unwrap();
    }
    insert(&db, PASSING, &(0..9_000).map(|n| (n, 6)).collect::<Vec<_>>()).unwrap();
    for damage in ["update key_sieve set data = x'00'", "delete from key_sieve"] {
        db.execute_batch("savepoint whole").unwrap();
        db.execute_batch(damage).unwrap();
        assert!(Postings::read(&db, PASSING, 0..9).is_err(), "{damage}");
        db.execute_batch("rollback to whole").unwrap();
    }
    assert!(insert(&db, PASSING, &[(1, -1)]).is_err());
    assert!(insert(&db, PASSING, &[(1, 1 << 30)]).is_err());
}
