//! What a document was like, in a few numbers and hashes.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use xxhash_rust::xxh3::xxh3_64;

use super::numbers::{day, share};
use crate::extract::Reading;
use crate::model::{Day, Kind, Past, Sample};

/// Stories of a document whose hashes are remembered: the first ones, where news stands.
const SAMPLE: usize = 64;
/// Hexadecimal digits of a hash.
const DIGITS: usize = 8;
const NO_TITLE: &str = "--------";
/// Fewer known titles say nothing about ids, and fewer known ids nothing about titles.
const FEWEST_KNOWN: usize = 5;

/// What a document was like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// How it was read.
    pub(super) how: How,
    /// Its numbers, as a day of one document.
    pub(super) day: Day,
    /// Its first stories.
    pub(super) sample: Sample,
    /// The days on which its new stories came, ascending, one for each story.
    pub(super) new: Vec<NaiveDate>,
    /// Of the titles that the last document had too, how many are here, and how many of these have another id.
    pub(super) known: (usize, usize),
    /// Of the ids that the last document had too, how many are here, and how many of these have another title.
    pub(super) kept: (usize, usize),
    /// Stories of the last document that are here, by id or by title.
    pub(super) still: usize,
    /// There are stories that the last document did not have, and all were published after that was read.
    pub(super) renewed: bool,
    /// Of each story whether its title, which is that of one story only, was there under another id.
    again: Vec<bool>,
    /// Of each story whether the last document had it, under the same id.
    had: Vec<bool>,
}

/// How a document was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct How {
    pub(super) kind: Kind,
    /// A hash of the method.
    pub(super) method: String,
    /// 0 to 100.
    pub(super) confidence: u32,
}

impl How {
    pub(super) fn new(kind: Kind, method: &str, confidence: f64) -> How {
        How { kind, method: hash(method), confidence: (confidence.clamp(0.0, 1.0) * 100.0) as u32 }
    }
}

/// What is looked at of a story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) key: &'a str,
    pub(super) title: &'a str,
    pub(super) dated: Option<DateTime<Utc>>,
    /// Of its text.
    pub(super) bytes: usize,
    /// A hash of its text.
    pub(super) text: u64,
    /// It is unknown or edited.
    pub(super) fresh: bool,
}

impl Shape {
    /// Of a document read at `now`; `fresh` says of each story whether it is unknown or edited.
    pub(crate) fn of(reading: &Reading, fresh: &[bool], past: Option<&Past>, now: DateTime<Utc>) -> Shape {
        let told = reading.drafts.iter().zip(fresh).map(|(draft, fresh)| Told {
            key: &draft.key,
            title: draft.raw_title(),
            dated: draft.published().or(draft.updated()),
            bytes: draft.raw_text().len(),
            text: xxh3_64(draft.raw_text().as_bytes()),
            fresh: *fresh,
        });
        let how = How::new(reading.kind, &reading.method, reading.confidence);
        Shape::of_told(how, &told.collect::<Vec<_>>(), past, now)
    }

    /// Of a page whose list is there and empty.
    pub(crate) fn emptied(past: Option<&Past>, now: DateTime<Utc>) -> Shape {
        Shape::of_told(How { method: String::new(), ..How::new(Kind::Listing, "", 0.0) }, &[], past, now)
    }

    /// Whether it is such a page.
    pub(super) fn is_emptied(&self) -> bool {
        self.how.method.is_empty()
    }

    pub(super) fn of_told(how: How, stories: &[Told<'_>], past: Option<&Past>, now: DateTime<Utc>) -> Shape {
        let nothing = Past::default();
        let past = past.unwrap_or(&nothing);
        let before = Known::of(&past.last);
        let today = now.date_naive();
        let titles = counts(stories.iter().map(|story| story.title));
        let mut shape = Shape {
            how,
            day: day(stories, today),
            sample: Sample::default(),
            new: Vec::new(),
            known: (0, 0),
            kept: (0, 0),
            still: 0,
            renewed: false,
            again: Vec::with_capacity(stories.len()),
            had: Vec::with_capacity(stories.len()),
        };
        let (mut others, mut later) = (0, 0);
        for (at, story) in stories.iter().enumerate() {
            let (key, title) =
                (hash(story.key), if story.title.is_empty() { NO_TITLE.to_owned() } else { hash(story.title) });
            let (had_title, has_title) = (before.keys.get(&*key), before.titles.contains_key(&*title));
            if story.fresh && had_title.is_none() && !has_title {
                let said = story.dated.map(|at| at.date_naive());
                // It was not there at the last visit, whatever it says.
                let earliest = past.read.unwrap_or(NaiveDate::MIN).min(today);
                shape.new.push(said.unwrap_or(today).clamp(earliest, today));
            }
            if has_title {
                shape.known.0 += 1;
                shape.known.1 += usize::from(had_title.is_none());
            }
            if let Some(had) = had_title {
                shape.kept.0 += 1;
                shape.kept.1 += usize::from(*had != title);
            }
            let is_known = has_title || had_title.is_some();
            shape.still += usize::from(is_known);
            others += usize::from(!is_known);
            later += usize::from(!is_known && is_later(story, past.seen));
            let is_one = titles.get(story.title) == Some(&1) && before.titles.get(&*title) == Some(&1);
            shape.had.push(had_title.is_some());
            shape.again.push(is_one && had_title.is_none());
            if at < SAMPLE {
                shape.sample.keys.push_str(&key);
                shape.sample.titles.push_str(&title);
            }
        }
        shape.renewed = others > 0 && later == others;
        shape.new.sort_unstable();
        shape.day.lost = twice_lost(past, shape.still, now);
        shape
    }

    /// Whether the stories of last time are there, but under other ids: so many, and so many of them.
    pub(super) fn rekeyed(&self) -> Option<(usize, usize)> {
        let (known, rekeyed) = self.known;
        (known >= FEWEST_KNOWN && rekeyed * 10 >= known * 8).then_some((rekeyed, known))
    }

    /// Whether the ids of last time are there, but most under other titles: so many, and so many of them.
    pub(super) fn retitled(&self) -> Option<(usize, usize)> {
        let (kept, retitled) = self.kept;
        (kept >= FEWEST_KNOWN && retitled * 10 >= kept * 6).then_some((retitled, kept))
    }

    /// Of each story whether it was there last time, edited or not.
    pub(crate) fn had(&self) -> &[bool] {
        &self.had
    }

    /// Of each story whether the source told it before under another id, when it has given all of them others.
    pub(crate) fn repeats(&self) -> Option<&[bool]> {
        self.rekeyed().map(|_| &*self.again)
    }
}

/// How many stories the sample holds.
pub(super) fn count(sample: &Sample) -> usize {
    sample.keys.len() / DIGITS
}

/// How many stories of one sample are in another, by id.
pub(super) fn common(one: &Sample, other: &Sample) -> usize {
    let keys: HashSet<&str> = parts(&one.keys).collect();
    parts(&other.keys).filter(|key| keys.contains(key)).count()
}

/// Whether a story was published after the last document was read, and says so by its date.
fn is_later(story: &Told<'_>, seen: Option<DateTime<Utc>>) -> bool {
    let Some((at, seen)) = story.dated.zip(seen) else { return false };
    // Many lists give the day alone.
    let is_day = at.time() == NaiveTime::MIN;
    if is_day { at.date_naive() >= seen.date_naive() } else { at > seen }
}

/// The share of the last document's stories that left in an hour.
fn twice_lost(past: &Past, still: usize, now: DateTime<Utc>) -> (u32, u32) {
    let (Some(seen), all @ FEWEST_KNOWN..) = (past.seen, count(&past.last)) else { return (0, 0) };
    let hours = usize::try_from((now - seen).num_hours()).unwrap_or(0).max(1);
    share(all.saturating_sub(still) * 100, all * hours)
}

fn counts<'t>(texts: impl Iterator<Item = &'t str>) -> HashMap<&'t str, usize> {
    let mut counts = HashMap::new();
    texts.for_each(|text| *counts.entry(text).or_insert(0) += 1);
    counts
}

/// The hashes of a sample: the title of each key, and how many stories have a title.
struct Known<'a> {
    keys: HashMap<&'a str, &'a str>,
    titles: HashMap<&'a str, usize>,
}

impl<'a> Known<'a> {
    fn of(sample: &'a Sample) -> Known<'a> {
        let titles = parts(&sample.titles).filter(|hash| *hash != NO_TITLE);
        Known { keys: parts(&sample.keys).zip(parts(&sample.titles)).collect(), titles: counts(titles) }
    }
}

fn parts(hashes: &str) -> impl Iterator<Item = &str> {
    (0..hashes.len()).step_by(DIGITS).filter_map(|at| hashes.get(at..at + DIGITS))
}

fn hash(text: &str) -> String {
    format!("{:08x}", xxh3_64(text.as_bytes()) as u32)
}
