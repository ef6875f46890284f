//! What a document was like, in a few numbers and hashes.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use xxhash_rust::xxh3::xxh3_64;

use crate::extract::Draft;
use crate::model::{Day, Past, Sample};

/// Stories of a document whose hashes are remembered: the first ones, where news stands.
const SAMPLE: usize = 64;
/// Hexadecimal digits of a hash.
const DIGITS: usize = 8;
const NO_TITLE: &str = "--------";
/// Fewer known titles say nothing about ids.
const FEWEST_TITLES: usize = 5;

/// What a document was like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Its numbers, as a day of one document.
    pub(super) day: Day,
    /// Its first stories.
    pub(super) sample: Sample,
    /// The days on which its new stories came, ascending, one for each story.
    pub(super) new: Vec<NaiveDate>,
    /// Of the titles that the last document had too, how many are here, and how many of these have another id.
    pub(super) known: (usize, usize),
}

/// What is looked at of a story.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told<'a> {
    pub(super) key: &'a str,
    pub(super) title: &'a str,
    pub(super) dated: Option<DateTime<Utc>>,
    /// Of its text.
    pub(super) bytes: usize,
    /// It is unknown or edited.
    pub(super) fresh: bool,
}

impl Shape {
    /// Of a document read at `now`; `fresh` says of each story whether it is unknown or edited.
    pub(crate) fn of(drafts: &[Draft], fresh: &[bool], past: Option<&Past>, now: DateTime<Utc>) -> Shape {
        let told = drafts.iter().zip(fresh).map(|(draft, fresh)| Told {
            key: &draft.key,
            title: draft.raw_title(),
            dated: draft.published().or(draft.updated()),
            bytes: draft.raw_bytes(),
            fresh: *fresh,
        });
        Shape::of_told(&told.collect::<Vec<_>>(), past, now)
    }

    pub(super) fn of_told(stories: &[Told<'_>], past: Option<&Past>, now: DateTime<Utc>) -> Shape {
        let nothing = Past::default();
        let past = past.unwrap_or(&nothing);
        let before = Known::of(&past.last);
        let today = now.date_naive();
        let mut sample = Sample::default();
        let (mut new, mut known, mut rekeyed) = (Vec::new(), 0, 0);
        for (at, story) in stories.iter().enumerate() {
            let (key, title) =
                (hash(story.key), if story.title.is_empty() { NO_TITLE.to_owned() } else { hash(story.title) });
            let (has_key, has_title) = (before.keys.contains(&*key), before.titles.contains(&*title));
            if story.fresh && !has_key && !has_title {
                let said = story.dated.map(|at| at.date_naive());
                // It was not there at the last visit, whatever it says.
                let earliest = past.read.unwrap_or(NaiveDate::MIN).min(today);
                new.push(said.unwrap_or(today).clamp(earliest, today));
            }
            if has_title {
                known += 1;
                rekeyed += usize::from(!has_key);
            }
            if at < SAMPLE {
                sample.keys.push_str(&key);
                sample.titles.push_str(&title);
            }
        }
        new.sort_unstable();
        Shape { day: day(stories, today), sample, new, known: (known, rekeyed) }
    }

    /// Whether the stories of last time are there, but under other ids: so many, and so many of them.
    pub(super) fn rekeyed(&self) -> Option<(usize, usize)> {
        let (known, rekeyed) = self.known;
        (known >= FEWEST_TITLES && rekeyed * 10 >= known * 8).then_some((rekeyed, known))
    }
}

/// The hashes of a sample.
struct Known<'a> {
    keys: HashSet<&'a str>,
    titles: HashSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(sample: &'a Sample) -> Known<'a> {
        Known { keys: parts(&sample.keys), titles: parts(&sample.titles) }
    }
}

fn parts(hashes: &str) -> HashSet<&str> {
    let starts = (0..hashes.len()).step_by(DIGITS);
    starts.filter_map(|at| hashes.get(at..at + DIGITS)).filter(|hash| *hash != NO_TITLE).collect()
}

fn hash(text: &str) -> String {
    format!("{:08x}", xxh3_64(text.as_bytes()) as u32)
}

/// The numbers of one document.
fn day(stories: &[Told<'_>], on: NaiveDate) -> Day {
    let percent = |count: usize| twice((count * 100).checked_div(stories.len()).unwrap_or(0));
    let dated = stories.iter().filter(|story| story.dated.is_some()).count();
    let titles: HashSet<&str> = stories.iter().map(|story| story.title).filter(|title| !title.is_empty()).collect();
    let mut lengths: Vec<usize> = stories.iter().map(|story| story.bytes).collect();
    lengths.sort_unstable();
    let length = lengths.get(lengths.len() / 2).copied().unwrap_or(0);
    Day { on, items: twice(stories.len()), dated: percent(dated), titled: percent(titles.len()), length: twice(length) }
}

/// The range of one number.
fn twice(number: usize) -> (u32, u32) {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    (number, number)
}
