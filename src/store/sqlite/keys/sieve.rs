//! Says of most keys that they are not among some entries, at a byte an entry (Bloom 1970).

use rusqlite::Connection;

use crate::store::sqlite::fault::Fault;

/// Chunks of a segment that one sieve is for.
pub(super) const CHUNKS: usize = 8;
/// As large as a chunk, so that it fills a page.
const BYTES: usize = 4032;
/// Places for each key: with 8 bits an entry, 1 key in 40 passes that is not there.
const PLACES: u32 = 4;

/// Which keys may be there.
pub(super) struct Sieve(Vec<u8>);

impl Sieve {
    /// One that no key passes.
    pub(super) fn empty() -> Sieve {
        Sieve(vec![0; BYTES])
    }

    /// Becomes the stored one of that id: a lookup reads thousands, in one place of memory.
    pub(super) fn load(&mut self, db: &Connection, id: i64) -> Result<(), Fault> {
        let mut statement = db.prepare_cached("select data from key_sieve where id = ?1")?;
        let mut rows = statement.query([id])?;
        let stored = match rows.next()? {
            Some(row) => row.get_ref(0)?.as_blob()?,
            None => &[],
        };
        if stored.len() != BYTES {
            return Err(Fault::damaged("a part of the index of keys cannot be read"));
        }
        self.0.copy_from_slice(stored);
        Ok(())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn add(&mut self, key: u64) {
        for (byte, bit) in places(key) {
            self.0[byte] |= bit;
        }
    }

    /// False when the key was not added.
    pub(super) fn passes(&self, key: u64) -> bool {
        places(key).all(|(byte, bit)| self.0[byte] & bit != 0)
    }
}

fn places(key: u64) -> impl Iterator<Item = (usize, u8)> {
    // Neighbours in a segment begin alike; what tells them apart must reach every place.
    let mixed = (key ^ (key >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let mixed = mixed ^ (mixed >> 32);
    (0..PLACES).map(move |place| {
        let quarter = (mixed >> (16 * place)) as u16;
        let bit = (usize::from(quarter) * BYTES * 8) >> 16;
        (bit / 8, 1 << (bit % 8))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_passes_and_little_else() {
        let mut sieve = Sieve::empty();
        // As entries are: the same beginning, and nothing in the bits of the story.
        let key = |n: u64| 0x1234 << 48 | n << 30;
        (0..4032).for_each(|n| sieve.add(key(3 * n)));
        assert!((0..4032).all(|n| sieve.passes(key(3 * n))));
        let strangers = (0..4032).filter(|n| sieve.passes(key(3 * n + 1))).count();
        assert!(strangers < 4032 / 25, "{strangers}");
    }
}
