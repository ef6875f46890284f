//! MinHash by one permutation, and the bands under which near-equal texts find each other.
//!
//! Broder 1997; one permutation: Li, Owen, Zhang 2012; empty bins filled by optimal densification:
//! Shrivastava 2017. 128 bins in 32 bands of 4: a pair with Jaccard .3 shares a band with
//! probability .23, .5 with .87, .7 with .9998.

use xxhash_rust::xxh3::xxh3_64_with_seed;

const BINS: usize = 128;
const ROWS: usize = 4;
const EMPTY: u64 = u64::MAX;

/// The 32 bands of a set of shingles; none for the empty set, which is like nothing.
pub(super) fn bands(shingles: &[u32]) -> Vec<u32> {
    if shingles.is_empty() {
        return Vec::new();
    }
    let signature = signature(shingles);
    let mut bytes = [0; ROWS * 8];
    (signature.chunks_exact(ROWS).zip(1_u64..))
        .map(|(rows, band)| {
            for (place, row) in bytes.chunks_exact_mut(8).zip(rows) {
                place.copy_from_slice(&row.to_le_bytes());
            }
            xxh3_64_with_seed(&bytes, band) as u32
        })
        .collect()
}

/// The smallest hash in each bin, empty bins filled from others.
fn signature(shingles: &[u32]) -> [u64; BINS] {
    let mut bins = [EMPTY; BINS];
    for shingle in shingles {
        let hash = mix(u64::from(*shingle));
        let bin = &mut bins[(hash >> 57) as usize];
        *bin = (*bin).min(hash);
    }
    let filled = bins;
    for (at, bin) in bins.iter_mut().enumerate() {
        let mut attempt = 0_u64;
        // Every bin walks its own fixed sequence, the same for all sets; at least one bin is filled.
        while *bin == EMPTY {
            attempt += 1;
            let from = mix((at as u64) << 32 | attempt) >> 57;
            *bin = filled[from as usize];
        }
    }
    bins
}

/// A 64-bit finaliser (Stafford's variant 13 of MurmurHash3's).
fn mix(value: u64) -> u64 {
    let mut x = value.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(from: u32, to: u32) -> Vec<u32> {
        (from..to).map(|n| n.wrapping_mul(0x9E37_79B1)).collect()
    }

    #[test]
    fn the_estimate_is_near_the_truth() {
        // Jaccard 1/3 and 2/3 over sets smaller and larger than the bins; 3 sigma of 128 samples is .13.
        for (a, b, truth) in [(set(0, 400), set(200, 600), 1.0 / 3.0), (set(0, 50), set(10, 60), 2.0 / 3.0)] {
            let (x, y) = (signature(&a), signature(&b));
            let equal = x.iter().zip(&y).filter(|(p, q)| p == q).count();
            let estimate = equal as f64 / BINS as f64;
            assert!((estimate - truth).abs() < 0.14, "{estimate} for {truth}");
        }
    }

    #[test]
    fn equal_sets_share_every_band_and_the_empty_set_none() {
        assert_eq!(bands(&set(0, 100)), bands(&set(0, 100)));
        assert!(bands(&[]).is_empty());
        assert_eq!(bands(&set(0, 1)).len(), 32);
    }
}
