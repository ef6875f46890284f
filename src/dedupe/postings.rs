//! Key to stories, in memory: flat arrays, a few bytes an entry.
//!
//! Most keys have one story, which stands in the table itself (open addressing, linear probing: Knuth,
//! 6.4). The stories of the others stand together in blocks that double, so that a key that
//! hundreds share is read from neighbouring memory.

/// No list; as the table's value: no key.
const NONE: u32 = u32::MAX;
/// In a value: the rest is the place of a block, else a slot.
const BLOCK: u32 = 1 << 31;
/// What stands before the slots of a block: the older list, how many slots there are, and how many may be.
const HEAD: usize = 3;
/// Slots of the first block of a key, and of the largest.
const LEAST: u32 = 4;
const MOST: u32 = 256;

/// A multimap of 32-bit keys to slots, newest first.
#[derive(Debug)]
pub(super) struct Postings {
    /// Keys with their newest lists, at most 4/5 full.
    table: Vec<(u32, u32)>,
    keys: usize,
    blocks: Vec<u32>,
}

impl Postings {
    pub(super) fn new() -> Postings {
        Postings { table: vec![(0, NONE); 1 << 10], keys: 0, blocks: Vec::new() }
    }

    pub(super) fn insert(&mut self, key: u32, slot: u32) {
        assert!(slot < BLOCK, "fewer than 2^31 stories fit in memory");
        if self.keys * 5 >= self.table.len() * 4 {
            self.grow();
        }
        let at = self.find(key);
        let list = self.table[at].1;
        self.keys += usize::from(list == NONE);
        self.table[at] = (key, self.with(list, slot));
    }

    /// A list with one more slot.
    fn with(&mut self, list: u32, slot: u32) -> u32 {
        if list == NONE {
            return slot;
        }
        if list & BLOCK == 0 {
            return self.block(NONE, LEAST, &[list, slot]);
        }
        let at = (list & !BLOCK) as usize;
        let (count, room) = (self.blocks[at + 1], self.blocks[at + 2]);
        if count == room {
            return self.block(list, (room * 2).min(MOST), &[slot]);
        }
        self.blocks[at + HEAD + count as usize] = slot;
        self.blocks[at + 1] += 1;
        list
    }

    /// A new block with room for so many slots; `older` is the list before it.
    fn block(&mut self, older: u32, room: u32, slots: &[u32]) -> u32 {
        let at = self.blocks.len();
        assert!(at < (BLOCK - 1) as usize, "fewer than 2^31 postings fit in memory");
        self.blocks.extend([older, slots.len() as u32, room]);
        self.blocks.extend(slots);
        self.blocks.resize(at + HEAD + room as usize, 0);
        at as u32 | BLOCK
    }

    /// Gives the newest slots under each of these keys, at most so many of each.
    pub(super) fn newest(&self, keys: &[u32], most: usize, mut each: impl FnMut(u32)) {
        // Where they are first: that is all over memory, and a processor waits for several places at once.
        let lists: Vec<u32> = keys.iter().map(|key| self.table[self.find(*key)].1).collect();
        for mut list in lists {
            let mut room = most;
            while list & BLOCK != 0 && list != NONE && room > 0 {
                let (older, slots) = self.read(list);
                let newest = &slots[slots.len().saturating_sub(room)..];
                newest.iter().copied().for_each(&mut each);
                (list, room) = (older, room - newest.len());
            }
            if list & BLOCK == 0 && room > 0 {
                each(list);
            }
        }
    }

    /// The list before a block, and the slots in it, oldest first.
    fn read(&self, block: u32) -> (u32, &[u32]) {
        let block = &self.blocks[(block & !BLOCK) as usize..];
        (block[0], &block[HEAD..HEAD + block[1] as usize])
    }

    /// All slots of a list, newest first.
    fn list(&self, mut list: u32) -> impl Iterator<Item = u32> + '_ {
        let parts = std::iter::from_fn(move || {
            if list == NONE {
                return None;
            }
            if list & BLOCK == 0 {
                return Some((Some(std::mem::replace(&mut list, NONE)), &[][..]));
            }
            let (older, slots) = self.read(list);
            list = older;
            Some((None, slots))
        });
        parts.flat_map(|(one, many)| one.into_iter().chain(many.iter().rev().copied()))
    }

    /// Forgets the other slots.
    pub(super) fn retain(&mut self, keep: impl Fn(&u32) -> bool) {
        let mut kept = Postings::new();
        // Keys come in the order of the table: one that is too small would be filled from one end.
        let keys = self.table.iter().filter(|(_, list)| self.list(*list).any(|slot| keep(&slot))).count();
        kept.table.resize((keys * 2).max(kept.table.len()), (0, NONE));
        let mut slots = Vec::new();
        for (key, list) in &self.table {
            slots.extend(self.list(*list).filter(&keep));
            for slot in slots.drain(..).rev() {
                kept.insert(*key, slot);
            }
        }
        *self = kept;
    }

    /// Where in the table a key is, or would be.
    fn find(&self, key: u32) -> usize {
        let size = self.table.len();
        // Keys are hashes already, but a small table must not depend on few of their bits.
        let mut at = ((u64::from(key.wrapping_mul(0x9E37_79B1)) * size as u64) >> 32) as usize;
        while self.table[at].1 != NONE && self.table[at].0 != key {
            at = if at + 1 == size { 0 } else { at + 1 };
        }
        at
    }

    fn grow(&mut self) {
        let larger = vec![(0, NONE); self.table.len() / 2 * 3];
        for (key, list) in std::mem::replace(&mut self.table, larger) {
            if list != NONE {
                let at = self.find(key);
                self.table[at] = (key, list);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn is_a_multimap(keys in prop::collection::vec(prop_oneof![0..8_u32, any::<u32>()], 0..3_000), kept in 1..5_u32) {
            let (mut postings, mut map) = (Postings::new(), BTreeMap::<u32, Vec<u32>>::new());
            for (slot, key) in (0..).zip(&keys) {
                postings.insert(*key, slot);
                map.entry(*key).or_default().insert(0, slot);
            }
            let found = |postings: &Postings, key: u32, most: usize| {
                let mut found = Vec::new();
                postings.newest(&[key], most, |slot| found.push(slot));
                found.sort_unstable_by(|a, b| b.cmp(a));
                found
            };
            for (key, slots) in &map {
                prop_assert_eq!(&found(&postings, *key, usize::MAX), slots);
                prop_assert_eq!(&found(&postings, *key, 5), &slots[..slots.len().min(5)]);
            }
            prop_assert_eq!(found(&postings, 9, 5).len(), map.get(&9).map_or(0, |slots| slots.len().min(5)));
            postings.retain(|slot| slot % kept == 0);
            for (key, slots) in &mut map {
                slots.retain(|slot| slot % kept == 0);
                prop_assert_eq!(&found(&postings, *key, usize::MAX), slots);
            }
        }
    }
}
