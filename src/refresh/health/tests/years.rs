//! Years of ordinary sources, in which nobody may be bothered; and what really ends is noticed.

use chrono::{DateTime, Datelike, Duration, Timelike, Utc, Weekday};

use super::life::{Held, Life};
use crate::model::{Change, Kind, OutcomeKind, State, Trouble};

/// Lives of each kind of source.
const LIVES: u64 = 8;
/// Stories that a feed holds.
const HELD: usize = 20;
/// Hours between two visits.
const EVERY: i64 = 12;

/// Numbers that look random and are the same every time (splitmix64).
struct Dice(u64);

impl Dice {
    /// At least 0, below 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, least: f64, most: f64) -> f64 {
        least + (most - least) * self.roll()
    }

    /// A pause of a source without habits: exponential, of this mean.
    fn pause(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.roll()).ln()
    }
}

/// How a source publishes: from one story to the days until the next one.
type Habit = fn(DateTime<Utc>, &mut Dice) -> f64;

fn paper(_: DateTime<Utc>, dice: &mut Dice) -> f64 {
    dice.between(0.01, 0.1)
}

/// Mondays to Fridays, but for the holidays.
fn office(at: DateTime<Utc>, dice: &mut Dice) -> f64 {
    let next = dice.between(0.1, 0.9);
    let day = at + Duration::minutes((next * 1440.0) as i64);
    match (day.weekday(), day.month(), day.day()) {
        (_, 12, 22..) => next + f64::from(34 - day.day()),
        (Weekday::Sat, ..) => next + 2.0,
        (Weekday::Sun, ..) => next + 1.0,
        _ => next,
    }
}

/// Several on one day, then none for long.
fn bursts(_: DateTime<Utc>, dice: &mut Dice) -> f64 {
    if dice.roll() < 0.7 { dice.between(0.01, 0.2) } else { dice.pause(9.0) }
}

fn without_habits(_: DateTime<Utc>, dice: &mut Dice) -> f64 {
    dice.pause(3.0)
}

/// Mostly soon, sometimes not for a month: the logarithm is normal (Irwin-Hall).
fn moody(_: DateTime<Utc>, dice: &mut Dice) -> f64 {
    let normal: f64 = (0..12).map(|_| dice.roll()).sum::<f64>() - 6.0;
    (1.0 + 1.1 * normal).exp()
}

fn monthly(_: DateTime<Utc>, dice: &mut Dice) -> f64 {
    dice.between(18.0, 45.0)
}

fn rare(_: DateTime<Utc>, dice: &mut Dice) -> f64 {
    dice.between(50.0, 150.0)
}

/// Daily, and about once in a week in summer.
fn slower_in_summer(at: DateTime<Utc>, dice: &mut Dice) -> f64 {
    if (6..=8).contains(&at.month()) { dice.between(4.0, 9.0) } else { dice.between(0.2, 1.6) }
}

/// Daily, and nothing from June to August.
fn seasonal(at: DateTime<Utc>, dice: &mut Dice) -> f64 {
    let next = dice.between(0.3, 1.4);
    if at.month() == 5 && at.day() >= 30 { next + 92.0 } else { next }
}

/// What came of some lives: the changes, and how long it took to notice that they had ended.
struct Lived {
    changes: Vec<Change>,
    /// Days from the last story to the state that says so.
    ends: Vec<i64>,
}

/// Lives of a habit for some years, with the small failures that all have, and then ended.
fn live(habit: Habit, years: i64, dated: bool) -> Lived {
    let mut lived = Lived { changes: Vec::new(), ends: Vec::new() };
    for seed in 0..LIVES {
        let mut dice = Dice(seed);
        let mut life = Life::new();
        let start = life.now;
        let end = start + Duration::days(365 * years);
        let (mut held, mut number) = (Vec::new(), 0);
        // What it held before it was followed.
        let mut next = start - Duration::days(3 * 365);
        while life.now < end + Duration::days(600) {
            let mut has_new = false;
            while next <= life.now && next < end {
                number += 1;
                let at = dated.then_some(next);
                held.insert(
                    0,
                    Held {
                        key: format!("k{number}"),
                        title: format!("t{number}"),
                        dated: at,
                        bytes: 900,
                        text: number,
                    },
                );
                held.truncate(HELD);
                next += Duration::minutes((habit(next, &mut dice) * 1440.0).max(1.0) as i64);
                has_new = true;
            }
            let before = life.changes.len();
            match dice.roll() {
                ..0.02 => life.failed(OutcomeKind::RetryLater, Trouble::Temporary),
                0.02..0.022 => life.failed(OutcomeKind::Failed, Trouble::Lasting),
                // Some servers change a byte at every visit.
                roll => life.came((has_new || roll < 0.3).then_some(&held[..])),
            }
            let change = life.changes.get(before);
            if life.now < end {
                lived.changes.extend(change.cloned());
            } else if let Some(change) = change.filter(|change| matches!(change.to, State::Quiet | State::Stale)) {
                lived.ends.push((change.at - end).num_days());
                break;
            }
            life.now += Duration::hours(EVERY);
        }
    }
    lived
}

/// In no life anything that somebody has to look at. In at most `quiet` of them, with dates and without, a silence
/// that was none. And an end that is noticed within so many days.
#[track_caller]
fn check(habit: Habit, years: i64, quiet: usize, noticed: i64) {
    for dated in [true, false] {
        let lived = live(habit, years, dated);
        let is = |change: &&Change, trouble: bool| change.to.is_trouble() == trouble && change.to != State::Ok;
        let troubles: Vec<_> = lived.changes.iter().filter(|change| is(change, true)).collect();
        assert!(troubles.is_empty(), "dated: {dated}, {troubles:#?}");
        let silences: Vec<_> = lived.changes.iter().filter(|change| is(change, false)).collect();
        assert!(silences.len() <= quiet, "dated: {dated}, {silences:#?}");
        assert!(lived.ends.iter().all(|days| *days <= noticed), "dated: {dated}, {:?}", lived.ends);
        // One may be silent when it ends. Without dates little is known of what seldom tells a story.
        let all = if dated { LIVES as usize - 1 } else { 0 };
        assert!(lived.ends.len() >= all, "dated: {dated}, {:?}", lived.ends);
    }
}

#[test]
fn nobody_is_bothered_by_what_comes_daily() {
    check(paper, 1, 0, 14);
    check(office, 1, 0, 24);
}

#[test]
fn nobody_is_bothered_by_what_comes_seldom() {
    check(monthly, 1, 0, 150);
    check(rare, 1, 0, 450);
}

#[test]
fn nobody_is_bothered_by_seasons() {
    check(slower_in_summer, 1, 0, 28);
    // A summer without a story is a silence once, and not in the second year.
    check(seasonal, 2, LIVES as usize, 200);
}

#[test]
fn nobody_is_bothered_by_sources_without_habits() {
    check(without_habits, 1, 0, 75);
    check(bursts, 1, 1, 200);
    check(moody, 1, 1, 400);
}

/// How a document is composed: at a time of the stories with their days of age, how many of the newest it shows.
type Shown = fn(DateTime<Utc>, &[f64], &mut Dice) -> usize;

/// Only those of today: at midnight it is empty.
fn of_today(at: DateTime<Utc>, ages: &[f64], _: &mut Dice) -> usize {
    let today = (at - at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()).num_minutes() as f64 / 1440.0;
    ages.iter().filter(|age| **age <= today).count()
}

fn of_two_days(_: DateTime<Utc>, ages: &[f64], _: &mut Dice) -> usize {
    ages.iter().filter(|age| **age <= 2.0).count()
}

fn some_more_or_fewer(_: DateTime<Utc>, _: &[f64], dice: &mut Dice) -> usize {
    dice.between(8.0, 40.0) as usize
}

/// A year of documents of changing size, in which some stories have no date, no text or the title of another; visits
/// come every so many hours.
#[track_caller]
fn check_documents(habit: Habit, shown: Shown, every: i64) {
    for seed in 0..LIVES / 2 {
        let mut dice = Dice(seed);
        // A Monday: the first weekend is among what has to be known.
        let mut life = Life::new();
        life.now = "2026-01-05T00:00:00Z".parse().unwrap();
        let end = life.now + Duration::days(365);
        let mut next = life.now - Duration::days(7);
        let mut held: Vec<(DateTime<Utc>, Held)> = Vec::new();
        while life.now < end {
            while next <= life.now {
                let n = held.len();
                let title = if dice.roll() < 0.1 { "News in brief".to_owned() } else { format!("t{next}") };
                let dated = (dice.roll() < 0.8).then_some(next);
                let bytes = if dice.roll() < 0.2 { 0 } else { dice.pause(900.0) as usize };
                held.insert(0, (next, Held { key: format!("{n} {next}"), title, dated, bytes, text: n as u64 }));
                next += Duration::minutes((habit(next, &mut dice) * 1440.0).max(1.0) as i64);
            }
            held.truncate(60);
            let ages: Vec<f64> = held.iter().map(|(at, _)| (life.now - *at).num_minutes() as f64 / 1440.0).collect();
            let count = shown(life.now, &ages, &mut dice).min(held.len());
            let document: Vec<Held> = held.iter().take(count).map(|(_, held)| held.clone()).collect();
            life.came(Some(&document));
            life.now += Duration::hours(every);
        }
        let troubles: Vec<_> = life.changes.iter().filter(|change| change.to.is_trouble()).collect();
        assert!(troubles.is_empty(), "life {seed}: {troubles:#?}");
    }
}

#[test]
fn nobody_is_bothered_by_documents_of_changing_size() {
    check_documents(paper, of_today, 6);
    check_documents(paper, of_two_days, 12);
    check_documents(office, of_two_days, 24);
    check_documents(paper, some_more_or_fewer, 12);
    check_documents(bursts, of_two_days, 24);
}

/// How a list on a page is read: at a time and of the stories with their days of age, as which group.
type Built = fn(DateTime<Utc>, &mut Dice) -> String;

fn always_alike(_: DateTime<Utc>, _: &mut Dice) -> String {
    "article > h > a".to_owned()
}

/// The best block of a front page is another one from visit to visit.
fn of_many_blocks(_: DateTime<Utc>, dice: &mut Dice) -> String {
    format!("div.block-{} > h > a", (dice.roll() * 5.0) as u32)
}

/// Its classes are renamed every other week.
fn often_renamed(at: DateTime<Utc>, _: &mut Dice) -> String {
    format!("div.css-{} > h > a", at.ordinal() / 14)
}

/// All stories of this month: on the first there are few, or none.
fn of_the_month(at: DateTime<Utc>, ages: &[f64], _: &mut Dice) -> usize {
    let days = f64::from(at.day0()) + f64::from(at.hour()) / 24.0;
    ages.iter().filter(|age| **age <= days).count()
}

fn twenty_or_forty(_: DateTime<Utc>, _: &[f64], dice: &mut Dice) -> usize {
    dice.between(14.0, 40.0) as usize
}

fn of_the_last_day(_: DateTime<Utc>, ages: &[f64], _: &mut Dice) -> usize {
    ages.iter().filter(|age| **age <= 1.0).count().max(3)
}

fn the_newest(_: DateTime<Utc>, _: &[f64], _: &mut Dice) -> usize {
    24
}

/// Half a year of a page with a list, whose titles are of any length, with dates or without; visits come every so many hours,
/// and once a month there are none for three days.
#[track_caller]
fn check_list(habit: Habit, shown: Shown, built: Built, every: i64) {
    for (seed, dated) in (0..LIVES / 4).flat_map(|seed| [(seed, true), (seed, false)]) {
        let mut dice = Dice(seed);
        let mut life = Life::new();
        (life.kind, life.now) = (Kind::Listing, "2026-01-05T00:00:00Z".parse().unwrap());
        let end = life.now + Duration::days(200);
        let mut next = life.now - Duration::days(60);
        let (mut held, mut number): (Vec<(DateTime<Utc>, Held)>, u64) = (Vec::new(), 0);
        while life.now < end {
            while next <= life.now {
                number += 1;
                let title = format!("t{number} {}", "word ".repeat(dice.between(3.0, 16.0) as usize));
                let story = Held { key: format!("k{number}"), title, dated: dated.then_some(next), bytes: 0, text: 0 };
                held.insert(0, (next, story));
                next += Duration::minutes((habit(next, &mut dice) * 1440.0).max(1.0) as i64);
            }
            held.truncate(400);
            let ages: Vec<f64> = held.iter().map(|(at, _)| (life.now - *at).num_minutes() as f64 / 1440.0).collect();
            let count = shown(life.now, &ages, &mut dice).min(held.len());
            let document: Vec<Held> = held.iter().take(count).map(|(_, held)| held.clone()).collect();
            life.method = built(life.now, &mut dice);
            life.came(Some(&document));
            life.now += Duration::hours(if dice.roll() < every as f64 / 720.0 { 72 } else { every });
        }
        let troubles: Vec<_> = life.changes.iter().filter(|change| change.to.is_trouble()).collect();
        assert!(troubles.is_empty(), "life {seed}, dated: {dated}: {troubles:#?}");
    }
}

#[test]
fn nobody_is_bothered_by_lists_that_are_read_in_changing_ways() {
    for built in [always_alike, of_many_blocks, often_renamed] as [Built; 3] {
        for every in [2, 12, 24] {
            check_list(paper, the_newest, built, every);
            check_list(office, the_newest, built, every);
        }
        check_list(bursts, the_newest, built, 12);
        check_list(paper, twenty_or_forty, built, 6);
        check_list(paper, of_the_last_day, built, 6);
    }
}

#[test]
fn nobody_is_bothered_by_the_first_of_a_month() {
    for built in [always_alike, of_many_blocks] as [Built; 2] {
        check_list(office, of_the_month, built, 12);
        check_list(paper, of_the_month, built, 6);
    }
}
