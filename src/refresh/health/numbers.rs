//! The numbers of one document: how many stories, and how many of them have a date, a title and a text of their own.

use std::collections::HashSet;

use chrono::NaiveDate;

use super::shape::Told;
use crate::model::Day;

/// Fewer texts may be alike by chance.
const FEWEST_TEXTS: usize = 4;

/// The numbers of a document as those of a day; what left it is not known here.
pub(super) fn day(stories: &[Told<'_>], on: NaiveDate) -> Day {
    let all = stories.len();
    let dated = stories.iter().filter(|story| story.dated.is_some()).count();
    let titles: HashSet<&str> = stories.iter().map(|story| story.title).filter(|title| !title.is_empty()).collect();
    let texts: Vec<u64> = stories.iter().filter(|story| story.bytes > 0).map(|story| story.text).collect();
    let own: HashSet<&u64> = texts.iter().collect();
    Day {
        on,
        items: twice(all),
        dated: share(dated * 100, all),
        titled: share(titles.len() * 100, all),
        length: twice(median(stories.iter().map(|story| story.bytes))),
        told: if texts.len() < FEWEST_TEXTS { twice(100) } else { share(own.len() * 100, texts.len()) },
        headline: twice(median(stories.iter().map(|story| width(story.title)))),
        lost: (0, 0),
    }
}

/// A quotient as the range of one number, rounded up; 0 where there is nothing to be shared.
pub(super) fn share(part: usize, whole: usize) -> (u32, u32) {
    twice(if whole == 0 { 0 } else { part.div_ceil(whole) })
}

/// The range of one number.
fn twice(number: usize) -> (u32, u32) {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    (number, number)
}

fn median(numbers: impl Iterator<Item = usize>) -> usize {
    let mut numbers: Vec<usize> = numbers.collect();
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied().unwrap_or(0)
}

/// Columns of a title: letters of Chinese, Japanese and Korean say twice as much as others.
fn width(title: &str) -> usize {
    const WIDE: char = '\u{2E80}';
    title.chars().map(|c| if c >= WIDE { 2 } else { 1 }).sum()
}
