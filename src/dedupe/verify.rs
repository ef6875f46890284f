//! Two fingerprints side by side: how much of their text is the same, counted exactly.

use crate::model::Fingerprint;

/// Of fewer shingles (8 words) a text is no evidence, however alike (Jaccard of tiny sets).
const LEAST_SHINGLES: usize = 6;
/// The shingles of 20 words.
const A_SENTENCE: usize = 18;
/// Words that may stand before a story that is told whole: a paragraph for local readers. What begins
/// later is a quotation.
const OPENING: usize = 28;
/// The shingles of the first 30 words.
const LEAD: usize = 28;

/// The Jaccard similarity at which text is near by itself, unless configured otherwise.
pub(super) const THRESHOLD: f64 = 0.55;

/// The numbers of a comparison. Symmetric: the order of the two does not matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Likeness {
    /// Shingles in both.
    pub(super) shared: usize,
    /// Shingles of the one with fewer.
    pub(super) shorter: usize,
    /// Shared over all, 0 to 1; 0 for empty sets.
    pub(super) jaccard: f64,
    /// Shared over the shorter, 0 to 1.
    pub(super) containment: f64,
    /// Shorter over longer, 0 to 1.
    pub(super) ratio: f64,
    /// Share of one's first 30 words' shingles in the other's first 60 words, of whichever it is more: an
    /// opening of its own may stand before either.
    pub(super) lead: f64,
    /// Words before the first shingle of both leads, of the one that has more before it.
    pub(super) before: usize,
    /// Jaccard of the significant words of the titles; 0 when one has none.
    pub(super) title: f64,
}

/// Compares two stories' texts and titles.
pub(super) fn compare(a: &Fingerprint, b: &Fingerprint) -> Likeness {
    let (short, long) = if a.shingles.len() <= b.shingles.len() { (a, b) } else { (b, a) };
    let shared = common(&short.shingles, &long.shingles);
    let (shorter, longer) = (short.shingles.len(), long.shingles.len());
    let share = |part: usize, whole: usize| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
    let words = common(&a.title_tokens, &b.title_tokens);
    Likeness {
        shared,
        shorter,
        jaccard: share(shared, shorter + longer - shared),
        containment: share(shared, shorter),
        ratio: share(shorter, longer),
        lead: begins(short, long).max(begins(long, short)),
        before: opening(short, long).max(opening(long, short)),
        title: share(words, a.title_tokens.len() + b.title_tokens.len() - words),
    }
}

/// Where a threshold stands that belongs to [`THRESHOLD`] when that is another: the inverse of
/// [`Likeness::at`].
pub(super) fn raised(at: f64, threshold: f64) -> f64 {
    at.powf(threshold.ln() / THRESHOLD.ln())
}

/// Share of the first words' shingles of `a` that are in the lead of `b`.
fn begins(a: &Fingerprint, b: &Fingerprint) -> f64 {
    let head = &a.lead[..a.lead.len().min(LEAD)];
    let shared = head.iter().filter(|shingle| b.lead.contains(shingle)).count();
    if head.is_empty() { 0.0 } else { shared as f64 / head.len() as f64 }
}

/// Shingles of `a` before the first that is in the lead of `b` too.
fn opening(a: &Fingerprint, b: &Fingerprint) -> usize {
    a.lead.iter().position(|shingle| b.lead.contains(shingle)).unwrap_or(usize::MAX)
}

impl Likeness {
    /// Whether the texts are near enough to be one story, before any veto. The thresholds are those
    /// that a prototype was fixed with on 2,000 generated and 245 judged pairs.
    pub(super) fn is_near(&self) -> bool {
        let Likeness { jaccard: j, containment: c, lead, title, ratio, shorter, before, .. } = *self;
        if shorter < LEAST_SHINGLES || j < 0.28 && c < 0.5 {
            return false;
        }
        // So few words under another headline are a quote as likely as a summary (D37).
        if shorter <= A_SENTENCE && title == 0.0 && j < 0.55 {
            return false;
        }
        // A round-up tells parts of several stories, one of them perhaps first: much of it is of others, and it
        // leaves out some of what it tells. A cut leaves out nothing, and an edited summary keeps the headline.
        if j < 0.4 && c < 0.8 && title == 0.0 {
            return false;
        }
        j >= 0.55
            // A part of a longer telling, beginning where that begins, or nearly all of it behind an opening
            // of its own. News before the same background are more than that.
            || c >= 0.72 && shorter >= 18 && (lead >= 0.5 || ratio >= 0.5 && (lead >= 0.3 || c >= 0.85))
            // A summary that was edited, but begins as the story begins.
            || c >= 0.65 && shorter >= 18 && lead >= 0.8 && before <= OPENING
            // A summary of a few sentences under the same headline.
            || c >= 0.72 && shorter >= 6 && title >= 0.5 && lead >= 0.6
            || j >= 0.28 && c >= 0.5 && (title >= 0.6 || lead >= 0.6 && before <= OPENING)
            || c >= 0.5 && title >= 0.6 && lead >= 0.4
    }

    /// As it looks at another threshold for the Jaccard similarity than [`THRESHOLD`]: similarities are bent
    /// so that the new threshold stands where the old one stood, and 0 and 1 stay what they are. So one
    /// number moves all thresholds together.
    pub(super) fn at(self, threshold: f64) -> Likeness {
        if threshold == THRESHOLD {
            return self;
        }
        let power = THRESHOLD.ln() / threshold.ln();
        let bend = |similarity: f64| similarity.powf(power);
        Likeness { jaccard: bend(self.jaccard), containment: bend(self.containment), lead: bend(self.lead), ..self }
    }

    /// 0 to 1: the similarity that spoke for it.
    pub(super) fn score(&self) -> f64 {
        self.jaccard.max(self.containment)
    }
}

/// How many values two sorted sets share.
pub(super) fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut x, mut y, mut count) = (0, 0, 0);
    while let (Some(p), Some(q)) = (a.get(x), b.get(y)) {
        x += usize::from(p <= q);
        y += usize::from(q <= p);
        count += usize::from(p == q);
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dedupe::fingerprint_of;

    #[test]
    fn the_empty_text_is_like_nothing() {
        let empty = fingerprint_of(None, "", "");
        assert_eq!(compare(&empty, &empty).jaccard, 0.0);
        assert!(!compare(&empty, &empty).is_near());
    }

    #[test]
    fn another_threshold_moves_all_of_them() {
        let like = Likeness {
            jaccard: 0.6,
            containment: 0.8,
            ..compare(&fingerprint_of(None, "", ""), &fingerprint_of(None, "", ""))
        };
        let like = Likeness { shorter: 100, shared: 80, ratio: 0.8, ..like };
        assert!(like.at(THRESHOLD).is_near() && like.at(0.4).is_near() && !like.at(0.9).is_near());
        let none = Likeness { jaccard: 0.0, containment: 1.0, ..like }.at(0.8);
        assert_eq!((none.jaccard, none.containment), (0.0, 1.0));
        for (at, threshold) in [(0.28, 0.4), (0.72, 0.8)] {
            let back = Likeness { jaccard: raised(at, threshold), ..like }.at(threshold).jaccard;
            assert!((back - at).abs() < 1e-9, "{back}");
        }
    }

    proptest! {
        #[test]
        fn is_symmetric_and_one_with_itself(a in "([a-f]{1,2} ){0,40}", b in "([a-f]{1,2} ){0,40}") {
            let (x, y) = (fingerprint_of(None, &b, &a), fingerprint_of(None, &a, &b));
            let (xy, yx) = (compare(&x, &y), compare(&y, &x));
            prop_assert_eq!((xy.jaccard, xy.containment, xy.title), (yx.jaccard, yx.containment, yx.title));
            if !x.shingles.is_empty() {
                prop_assert_eq!(compare(&x, &x).jaccard, 1.0);
                prop_assert_eq!(compare(&x, &fingerprint_of(None, "", "")).score(), 0.0);
            }
        }
    }
}
