//! What all stores must agree on to the letter, so that it is written once.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::Shelf;
use crate::model::{ClusterId, Digest, Fingerprint, Folding, Key, SourceId, Told};

/// So long it is remembered where a redirector leads.
pub(super) const LEADS_KEPT: TimeDelta = TimeDelta::days(90);

/// So long it is remembered when a page answered, and with what: an edit that comes later asks as if nobody had.
pub(super) const PAGES_KEPT: TimeDelta = TimeDelta::days(90);

/// Times are kept and compared to the millisecond, so that no store is finer than another.
pub(super) fn millis(time: DateTime<Utc>) -> i64 {
    time.timestamp_millis()
}

/// A time as it is after it was stored.
pub(super) fn kept(time: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis(time)).unwrap_or(time)
}

/// The time that a shelf is ordered by: as published, but never after first seen.
pub(super) fn shelf_time(published: Option<DateTime<Utc>>, first_seen: DateTime<Utc>) -> DateTime<Utc> {
    published.map_or(first_seen, |at| at.min(first_seen))
}

/// How many clusters a shelf holds when `young` of them are not before its `since`.
pub(super) fn room(shelf: &Shelf, young: usize) -> usize {
    shelf.limit.max(young.min(shelf.cap))
}

/// A cluster's time on a shelf of these sources: the newest among its published tellings of the run that published it
/// first, of guests only where it has no others; what is told again later does not make it young, nor does coming back
/// into a store that was lost. `None`: none of its tellings may be shown.
pub(super) fn time_of(told: &[Told], is_shown: impl Fn(&SourceId) -> bool) -> Option<i64> {
    let mine = || told.iter().filter(|told| is_shown(&told.source));
    let first = mine().map(Told::order).min()?;
    let newest = mine().filter(|told| told.order() == first).map(|told| told.published).max()?;
    // Of a story that a person has merged into this one another item was made.
    let is_its = |told: &&Told| told.source.is_seeded() && told.guest == first.0;
    let seeded = told.iter().filter(is_its).map(|told| told.published).min();
    Some(seeded.map_or(newest, |seeded| seeded.min(newest)))
}

/// Whether a shelf brings the tellings of a source.
pub(super) fn is_told(shelf: &Shelf, sources: &HashSet<&SourceId>, source: &SourceId) -> bool {
    let is_listed = || shelf.seat.as_ref().is_some_and(|(seating, _)| seating.listed.contains(source));
    sources.contains(source) || source.is_seeded() || is_listed()
}

/// What a story is known by whose source has given its key to another: whoever comes again as it was
/// is found by it. No source gives such a key, since a control character is in it.
pub(super) fn renamed(key: &str, digest: Digest) -> String {
    format!("{key}\u{1}{digest}")
}

/// A question to `sharing`.
pub(super) struct Asked {
    groups: Vec<Vec<Key>>,
    /// Those of all groups, each once.
    keys: HashSet<Key>,
    since: i64,
}

/// What a near-text key counts: it takes [`Key::LEADS`] in one group to be a candidate.
pub(super) fn weight(key: &Key) -> usize {
    match key {
        Key::Band(_) => Key::LEADS,
        Key::Lead(_) => 1,
        Key::Url(_) | Key::Exact(_) | Key::Title(_) => 0,
    }
}

/// The candidates among stories that were met under the keys of one group, each as often as its
/// keys count: those met often enough, most often first, of equals the newest; at most [`Key::CANDIDATES`].
pub(super) fn candidates<T: Ord + Copy>(mut met: Vec<T>) -> impl Iterator<Item = T> {
    met.sort_unstable();
    let counted = met.chunk_by(|a, b| a == b).filter(|run| run.len() >= Key::LEADS);
    let mut counted: Vec<(usize, T)> = counted.map(|run| (run.len(), run[0])).collect();
    counted.sort_unstable_by(|a, b| b.cmp(a));
    counted.into_iter().take(Key::CANDIDATES).map(|(_, story)| story)
}

impl Asked {
    pub(super) fn new(groups: &[Vec<Key>], since: DateTime<Utc>) -> Asked {
        let keys = groups.iter().flatten().copied().collect();
        Asked { groups: groups.to_vec(), keys, since: millis(since) }
    }

    pub(super) fn groups(&self) -> &[Vec<Key>] {
        &self.groups
    }

    /// The first moment (in milliseconds) of the window for titles and near texts.
    pub(super) fn since(&self) -> i64 {
        self.since
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        self.keys.iter().copied()
    }

    /// Whether a story answers: an index may offer too many.
    pub(super) fn is_shared_by(&self, fingerprint: &Fingerprint, time: i64) -> bool {
        let mut leads = 0;
        fingerprint.keys().any(|key| {
            let timeless = matches!(key, Key::Url(_) | Key::Exact(_));
            if !(timeless || time >= self.since) || !self.keys.contains(&key) {
                return false;
            }
            leads += usize::from(matches!(key, Key::Lead(_)));
            leads >= Key::LEADS || !matches!(key, Key::Lead(_))
        })
    }
}

/// What stays of a fingerprint outside the window: the identities.
pub(super) fn slim(fingerprint: &Fingerprint) -> Fingerprint {
    Fingerprint {
        url: fingerprint.url,
        original: fingerprint.original,
        exact: fingerprint.exact,
        media: fingerprint.media,
        title_tokens: fingerprint.title_tokens.clone(),
        words: fingerprint.words,
        correction: fingerprint.correction,
        ..Fingerprint::default()
    }
}

/// Whether all the words occur in a title, whatever their case; they need not be whole words.
pub(super) fn has_words(title: &str, lower_case_words: &[String]) -> bool {
    let title = title.to_lowercase();
    lower_case_words.iter().all(|word| title.contains(word.as_str()))
}

/// The words as [`has_words`] wants them; `None` when nothing is asked for.
pub(super) fn lower_case(words: &[String]) -> Option<Vec<String>> {
    let words: Vec<String> = words.iter().map(|word| word.to_lowercase()).filter(|word| !word.is_empty()).collect();
    (!words.is_empty()).then_some(words)
}

/// The first and the last id that begin with these hexadecimal digits; `None` unless they are 4 to 32.
pub(super) fn ids_beginning(prefix: &str) -> Option<(ClusterId, ClusterId)> {
    if !(4..=32).contains(&prefix.len()) {
        return None;
    }
    let (mut first, mut last) = ([0x00; 16], [0xff; 16]);
    for (at, digit) in prefix.chars().enumerate() {
        let digit = u8::try_from(digit.to_digit(16)?).ok()?;
        let (shift, mask) = if at % 2 == 0 { (4, 0x0f) } else { (0, 0xf0) };
        first[at / 2] = first[at / 2] & mask | digit << shift;
        last[at / 2] = last[at / 2] & mask | digit << shift;
    }
    Some((ClusterId(first), ClusterId(last)))
}

/// A source's choice, in a word to be stored.
pub(super) fn folding_word(folding: Folding) -> &'static str {
    match folding {
        Folding::Fold => "fold",
        Folding::Never => "never",
    }
}

/// The choice of a stored word.
pub(super) fn folding_of(word: &str) -> Option<Folding> {
    [Folding::Fold, Folding::Never].into_iter().find(|folding| folding_word(*folding) == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_prefix(prefix: &str, expected: Option<(u8, u8)>) {
        let third = ids_beginning(prefix).map(|(first, last)| (first.0[2], last.0[2]));
        assert_eq!(third, expected, "{prefix}");
    }

    #[test]
    fn a_prefix_spans_all_ids_that_begin_with_it() {
        check_prefix("abcd", Some((0x00, 0xff)));
        check_prefix("abcd5", Some((0x50, 0x5f)));
        check_prefix("abcd5e", Some((0x5e, 0x5e)));
        check_prefix("abc", None);
        check_prefix("abcx", None);
        check_prefix("äbcd", None);
        check_prefix(&"0".repeat(33), None);
    }

    #[test]
    fn words_are_found_in_any_order_and_case() {
        let words = |text: &str| lower_case(&text.split(' ').map(str::to_owned).collect::<Vec<_>>()).unwrap();
        assert!(has_words("Élections: Le Résultat", &words("résultat ÉLECTIONS")));
        assert!(!has_words("Élections: Le Résultat", &words("élections perdues")));
        assert_eq!(lower_case(&[String::new()]), None);
    }
}
