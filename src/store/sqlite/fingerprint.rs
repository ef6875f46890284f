//! Fingerprints as bytes: a version, what is there, then everything in the order of the fields.
//!
//! Hashes do not compress, so they stand as they are, little-endian, each list after its length.

use super::fault::Fault;
use crate::model::{Digest, Fingerprint};

/// Of the layout, not of the hashes.
const VERSION: u8 = 1;

const URL: u8 = 1;
const EXACT: u8 = 2;
const TITLE: u8 = 4;
const CORRECTION: u8 = 8;
const MEDIA: u8 = 16;
const ORIGINAL: u8 = 32;

/// The bytes to store.
pub(super) fn encode(fingerprint: &Fingerprint) -> Vec<u8> {
    let f = fingerprint;
    let lists = [&f.title_tokens, &f.shingles, &f.lead, &f.tokens, &f.numbers, &f.names, &f.bands];
    let wide = [&f.number_slots, &f.name_slots];
    let bytes = lists.iter().map(|list| 4 + 4 * list.len()).sum::<usize>()
        + wide.iter().map(|list| 4 + 8 * list.len()).sum::<usize>();
    let mut out = Vec::with_capacity(6 + 112 + bytes);
    let flag = |is_there: bool, bit: u8| if is_there { bit } else { 0 };
    out.push(VERSION);
    out.push(
        flag(f.url.is_some(), URL)
            | flag(f.exact.is_some(), EXACT)
            | flag(f.title.is_some(), TITLE)
            | flag(f.correction, CORRECTION)
            | flag(f.media.is_some(), MEDIA)
            | flag(f.original.is_some(), ORIGINAL),
    );
    out.extend(f.words.to_le_bytes());
    out.extend(f.url.iter().flat_map(|digest| digest.0));
    out.extend(f.original.iter().flat_map(|digest| digest.0));
    out.extend(f.exact.iter().flat_map(|digest| digest.0));
    out.extend(f.title.iter().chain(&f.media).flat_map(|hash| hash.to_le_bytes()));
    lists.into_iter().for_each(|list| put(&mut out, list, u32::to_le_bytes));
    wide.into_iter().for_each(|list| put(&mut out, list, u64::to_le_bytes));
    out
}

/// What was encoded; anything else is damage.
pub(super) fn decode(bytes: &[u8]) -> Result<Fingerprint, Fault> {
    read(bytes).ok_or_else(|| Fault::damaged("a fingerprint cannot be read"))
}

fn put<T: Copy, const N: usize>(out: &mut Vec<u8>, list: &[T], bytes: fn(T) -> [u8; N]) {
    let count = u32::try_from(list.len()).expect("no story has 4 billion words");
    out.extend(count.to_le_bytes());
    for hash in list {
        out.extend_from_slice(&bytes(*hash));
    }
}

fn read(bytes: &[u8]) -> Option<Fingerprint> {
    let mut rest = Rest(bytes);
    let [version, flags] = rest.take()?;
    if version != VERSION || flags & !(URL | EXACT | TITLE | CORRECTION | MEDIA | ORIGINAL) != 0 {
        return None;
    }
    let words = u32::from_le_bytes(rest.take()?);
    let fingerprint = Fingerprint {
        words,
        correction: flags & CORRECTION != 0,
        url: if flags & URL != 0 { Some(Digest(rest.take()?)) } else { None },
        original: if flags & ORIGINAL != 0 { Some(Digest(rest.take()?)) } else { None },
        exact: if flags & EXACT != 0 { Some(Digest(rest.take()?)) } else { None },
        title: if flags & TITLE != 0 { Some(u64::from_le_bytes(rest.take()?)) } else { None },
        media: if flags & MEDIA != 0 { Some(u64::from_le_bytes(rest.take()?)) } else { None },
        title_tokens: rest.list(u32::from_le_bytes)?,
        shingles: rest.list(u32::from_le_bytes)?,
        lead: rest.list(u32::from_le_bytes)?,
        tokens: rest.list(u32::from_le_bytes)?,
        numbers: rest.list(u32::from_le_bytes)?,
        names: rest.list(u32::from_le_bytes)?,
        bands: rest.list(u32::from_le_bytes)?,
        number_slots: rest.list(u64::from_le_bytes)?,
        name_slots: rest.list(u64::from_le_bytes)?,
    };
    rest.0.is_empty().then_some(fingerprint)
}

/// The bytes not read yet.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk()?;
        self.0 = tail;
        Some(*head)
    }

    /// The length is believed only as far as there are bytes, before any memory is asked for.
    fn list<T, const N: usize>(&mut self, hash: fn([u8; N]) -> T) -> Option<Vec<T>> {
        let count = u32::from_le_bytes(self.take()?);
        let bytes = usize::try_from(count).ok()?.checked_mul(N)?;
        let (head, tail) = self.0.split_at_checked(bytes)?;
        self.0 = tail;
        let (values, _) = head.as_chunks::<N>();
        Some(values.iter().map(|bytes| hash(*bytes)).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn any_fingerprint()(
            (url, original, exact) in any::<(Option<[u8; 32]>, Option<[u8; 32]>, Option<[u8; 32]>)>(),
            (title, media) in any::<(Option<u64>, Option<u64>)>(),
            (words, correction) in any::<(u32, bool)>(),
            lists in vec(vec(any::<u32>(), 0..40), 7),
            wide in vec(vec(any::<u64>(), 0..20), 2),
        ) -> Fingerprint {
            let [title_tokens, shingles, lead, tokens, numbers, names, bands] = lists.try_into().unwrap();
            let [number_slots, name_slots] = wide.try_into().unwrap();
            let (url, original, exact) = (url.map(Digest), original.map(Digest), exact.map(Digest));
            Fingerprint { url, original, exact, title, media, title_tokens, shingles, lead, tokens, numbers, names, words, correction, bands, number_slots, name_slots }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(fingerprint in any_fingerprint()) {
            prop_assert_eq!(decode(&encode(&fingerprint)).unwrap(), fingerprint);
        }

        #[test]
        fn what_is_cut_or_longer_is_refused(fingerprint in any_fingerprint(), cut in any::<prop::sample::Index>()) {
            let mut bytes = encode(&fingerprint);
            prop_assert!(decode(&bytes[..cut.index(bytes.len())]).is_err());
            bytes.push(0);
            prop_assert!(decode(&bytes).is_err());
        }

        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in vec(any::<u8>(), 0..400), ours in any::<bool>()) {
            if ours && bytes.len() > 1 {
                (bytes[0], bytes[1]) = (VERSION, bytes[1] & 63);
            }
            if let Ok(fingerprint) = decode(&bytes) {
                prop_assert_eq!(encode(&fingerprint), bytes);
            }
        }
    }
}
