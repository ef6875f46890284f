//! Years of ordinary sources, in which nobody may be bothered; and what really ends is noticed.

use chrono::{DateTime, Datelike, Duration, Utc, Weekday};

use super::life::{Held, Life};
use crate::model::{Change, OutcomeKind, State, Trouble};

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
                held.insert(0, Held { key: format!("k{number}"), title: format!("t{number}"), dated: at, bytes: 900 });
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
