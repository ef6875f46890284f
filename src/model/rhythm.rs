//! How often a source brings stories: the days on which it did, and the longest time without any.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days that are remembered.
const DAYS: usize = 32;
/// Fewer pauses are no rhythm.
const FEWEST: usize = 5;
/// A long pause is remembered for a year and a month, so that a season's end is no surprise the second time.
const REMEMBERED: i64 = 400;
/// A source with a full memory of days that were never further apart brings its stories day after day, but for
/// weekends with a holiday beside them; ...
const DAILY: i64 = 4;
/// ... and as a newspaper does, when most of these days had so many. Clubs and blogs have seasons.
const MANY: u32 = 5;

/// The days (UTC) on which new stories came, as far as they are remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rhythm {
    /// The last ones, ascending, each once, and how many stories came.
    days: Vec<(NaiveDate, u32)>,
    /// Of the days before, the two that bound the longest pause that ended in the last 400 days.
    pause: Option<(NaiveDate, NaiveDate)>,
}

/// A silence that is longer than the source's own past explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Days since the last story.
    pub days: i64,
    /// The longest pause before it, in days.
    pub longest: i64,
    /// The last day with a story.
    pub last: NaiveDate,
    /// Whether the source used to bring several stories day after day.
    pub was_daily: bool,
}

impl Rhythm {
    /// Notes that a story came on a day. A day that is still to come is left out, as is one older than all that
    /// are remembered.
    pub fn note(&mut self, day: NaiveDate, today: NaiveDate) {
        // A clock that was wrong for one run must not silence the source's past.
        self.days.retain(|(known, _)| *known <= today);
        match self.days.binary_search_by_key(&day, |(known, _)| *known) {
            Ok(place) => self.days.iter_mut().skip(place).take(1).for_each(|(_, stories)| *stories += 1),
            Err(place) if day <= today && (place > 0 || self.days.len() < DAYS) => self.days.insert(place, (day, 1)),
            Err(_) => {}
        }
        self.forget(today);
    }

    /// Keeps the last days, and of the others the longest pause.
    fn forget(&mut self, today: NaiveDate) {
        while self.days.len() > DAYS {
            let (from, _) = self.days.remove(0);
            let Some((to, _)) = self.days.first() else { return };
            // Of two seasons' ends the later one is remembered for longer.
            if self.pause.is_none_or(|(begin, end)| (*to - from) * 4 >= (end - begin) * 3) {
                self.pause = Some((from, *to));
            }
        }
        self.pause = self.pause.filter(|(_, to)| *to <= today && (today - *to).num_days() <= REMEMBERED);
    }

    /// Days between one day with stories and the next.
    fn pauses(&self) -> impl Iterator<Item = i64> {
        self.days.iter().zip(self.days.iter().skip(1)).map(|((from, _), (to, _))| (*to - *from).num_days())
    }

    /// The longest time between two days with stories that is remembered, in days; 0 where none is.
    pub fn longest_pause(&self) -> i64 {
        let before = self.pause.map_or(0, |(from, to)| (to - from).num_days());
        self.pauses().max().unwrap_or(0).max(before)
    }

    /// The silence of a source that was read today, when its past does not explain it: it is a week longer than
    /// three times the longest pause between the days that are remembered, and than twice the longest one before
    /// them. `None` also where too little is known.
    pub fn silence(&self, today: NaiveDate) -> Option<Silence> {
        let (last, _) = *self.days.last()?;
        let within = self.pauses().max()?;
        // A year has seen more than a month: what it has seen once, it may see again.
        let before = self.pause.map_or(0, |(from, to)| (to - from).num_days());
        let limit = (3 * within).max(2 * before) + 7;
        let days = (today - last).num_days();
        let silence = Silence { days, longest: within.max(before), last, was_daily: self.is_daily(within.max(before)) };
        (self.days.len() > FEWEST && days > limit).then_some(silence)
    }

    fn is_daily(&self, longest: i64) -> bool {
        let many = self.days.iter().filter(|(_, stories)| *stories >= MANY).count();
        self.days.len() == DAYS && longest <= DAILY && many * 2 > DAYS
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;

    use super::*;

    /// A source that told `stories` on each of these days (from some day), and when its silence is noticed.
    #[track_caller]
    fn check(days: impl IntoIterator<Item = u64>, stories: usize, expected: &str) {
        let day = |number| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(number);
        let (mut rhythm, mut last) = (Rhythm::default(), 0);
        for number in days {
            (0..stories).for_each(|_| rhythm.note(day(number), day(number)));
            last = number;
        }
        let noticed = (last..last + 900).find_map(|number| rhythm.silence(day(number)));
        let said = noticed.map_or("never".to_owned(), |silence| {
            let daily = if silence.was_daily { ", was daily" } else { "" };
            format!("after {} days, {}{daily}", silence.days, silence.longest)
        });
        assert_eq!(said, expected);
    }

    #[test]
    fn a_silence_is_a_week_more_than_thrice_the_longest_pause() {
        check(0..40, 1, "after 11 days, 1");
        check((0..40).map(|week| week * 7), 1, "after 29 days, 7");
        check((0..40).map(|month| month * 31), 1, "after 101 days, 31");
        check(0..5, 1, "never");
        check(0..6, 1, "after 11 days, 1");
        check([], 1, "never");
    }

    #[test]
    fn a_newspaper_is_daily() {
        check(0..40, 6, "after 11 days, 1, was daily");
        check((0..60).filter(|day| day % 7 < 5), 6, "after 17 days, 3, was daily");
        check((0..60).map(|day| day * 5), 6, "after 23 days, 5");
        check(0..20, 6, "after 11 days, 1");
    }

    #[test]
    fn a_long_pause_is_remembered_for_a_year() {
        let summer = |day: &u64| day % 365 < 150 || day % 365 >= 240;
        check((0..300).filter(summer), 1, "after 190 days, 91");
        check((0..365 + 300).filter(summer), 1, "after 190 days, 91");
        check((0..240 + 420).filter(|day| *day >= 240 || *day < 150), 1, "after 11 days, 1");
    }

    #[test]
    fn a_day_that_was_never_is_forgotten() {
        let day = |number| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + Days::new(number);
        let mut rhythm = Rhythm::default();
        (0..10).for_each(|number| rhythm.note(day(number), day(number)));
        let known = rhythm.clone();
        rhythm.note(day(3000), day(3000));
        rhythm.note(day(9), day(9));
        assert_eq!(rhythm.pauses().collect::<Vec<_>>(), known.pauses().collect::<Vec<_>>());
        rhythm.note(day(12), day(9));
        assert_eq!(rhythm.pauses().count(), 9, "what is still to come has not come");
    }
}
