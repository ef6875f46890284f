//! Key to stories, in memory: flat arrays, a few bytes an entry.

/// No further entry.
const END: u32 = u32::MAX;

/// A multimap of 64-bit keys to slots, newest first.
#[derive(Debug)]
pub(super) struct Postings {
    /// First entry of each bucket.
    heads: Vec<u32>,
    links: Vec<Link>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    key: u32,
    slot: u32,
    next: u32,
}

impl Postings {
    pub(super) fn new() -> Postings {
        Postings { heads: vec![END; 1 << 10], links: Vec::new() }
    }

    pub(super) fn insert(&mut self, key: u32, slot: u32) {
        if self.links.len() >= self.heads.len() {
            self.grow();
        }
        let at = self.bucket(key);
        let next = self.heads[at];
        self.heads[at] = u32::try_from(self.links.len()).expect("fewer than 2^32 entries fit in memory");
        self.links.push(Link { key, slot, next });
    }

    /// The slots under a key, newest first.
    pub(super) fn get(&self, key: u32) -> impl Iterator<Item = u32> + '_ {
        let mut at = self.heads[self.bucket(key)];
        std::iter::from_fn(move || {
            loop {
                let link = self.links.get(at as usize)?;
                at = link.next;
                if link.key == key {
                    return Some(link.slot);
                }
            }
        })
    }

    fn bucket(&self, key: u32) -> usize {
        // Keys are hashes already, but the low bits of small tables must not depend on few of them.
        (key.wrapping_mul(0x9E37_79B1) >> 7) as usize & (self.heads.len() - 1)
    }

    fn grow(&mut self) {
        let size = self.heads.len() * 2;
        self.heads = vec![END; size];
        // In order of insertion, so that the newest stays first in its bucket.
        for at in 0..self.links.len() {
            let bucket = self.bucket(self.links[at].key);
            self.links[at].next = self.heads[bucket];
            self.heads[bucket] = at as u32;
        }
    }
}
