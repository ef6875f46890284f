//! Two leads word by word: where a few words of the one stand for a few words of the other.
//!
//! The lead is kept in order, so it can be aligned without the text. One word that was exchanged
//! leaves three shingles of each side between two shingles of both; one that was put in leaves two of
//! the one and three of the other.

/// Shingles that cover words of one side only, when words were put in or left out.
const SEAM: usize = 2;
/// An exchange is of at most so many words: more are another sentence. A word of a script without
/// spaces has several tokens.
const LONGEST: usize = 10;

/// What an alignment of two leads found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Alignment {
    /// Places where words stand for other words.
    pub(super) exchanged: usize,
    /// Places where one side has words more than the other.
    pub(super) inserted: usize,
}

/// Aligns two leads. At the beginning, and at the end of `whole` texts, only as many words count as the
/// other side has, and more than one: there stand openings and marks of agencies, cuts and extensions.
pub(super) fn align(a: &[u32], b: &[u32], whole: bool) -> Alignment {
    let mut found = Alignment::default();
    let Some((mut x, mut y)) = anchor(a, b, a.len().max(b.len())) else { return found };
    found.exchanged += usize::from(x == y && (SEAM..=LONGEST).contains(&x));
    loop {
        while x < a.len() && y < b.len() && a[x] == b[y] {
            x += 1;
            y += 1;
        }
        let Some((own, other)) = anchor(&a[x..], &b[y..], LONGEST + SEAM) else {
            let (own, other) = (a.len() - x, b.len() - y);
            found.exchanged += usize::from(whole && own == other && (SEAM..=LONGEST).contains(&own));
            return found;
        };
        found.exchanged += usize::from(own > SEAM && other > SEAM);
        found.inserted += usize::from((own > SEAM) != (other > SEAM));
        (x, y) = (x + own, y + other);
    }
}

/// The nearest shingle of both: how many each side has before it, at most `reach`.
fn anchor(a: &[u32], b: &[u32], reach: usize) -> Option<(usize, usize)> {
    let (a, b) = (&a[..a.len().min(reach + 1)], &b[..b.len().min(reach + 1)]);
    let places = (a.iter().enumerate())
        .flat_map(|(own, shingle)| b.iter().position(|other| other == shingle).map(|other| (own, other)));
    places.min_by_key(|(own, other)| own + other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::fingerprint_of;

    #[track_caller]
    fn check(a: &str, b: &str, exchanged: usize, inserted: usize) {
        let lead = |text| fingerprint_of(None, "", text).lead;
        assert_eq!(align(&lead(a), &lead(b), true), Alignment { exchanged, inserted });
        assert_eq!(align(&lead(b), &lead(a), true), Alignment { exchanged, inserted });
    }

    #[test]
    fn finds_what_was_exchanged_and_what_was_put_in() {
        let text = "the old mill by the river has been sold to a family from the coast";
        check(text, text, 0, 0);
        check(text, "the old mill by the road has been sold to a family from the coast", 1, 0);
        check(text, "the old mill by the river has been sold to a man from the coast", 1, 0);
        check(text, "the old mill by the river has been sold to a family from the coast REUTER", 0, 0);
        check(text, "the old mill by the river has not been sold to a family from the coast", 0, 1);
        check(text, "the new mill by the river has been sold to a family from the coast", 1, 0);
        check(text, "dear old mill by the river has been sold to a family from the coast", 0, 0);
        check(text, "we hear that the old mill by the river has been let to a family from the coast", 1, 0);
        check(text, "the old mill by the river has been sold to a couple from the hills", 1, 0);
        check(text, "a cold wind blew all night and nobody slept", 0, 0);
        check("", text, 0, 0);
    }
}
