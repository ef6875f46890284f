//! How often a source brings stories: the days on which it did, and the longest time without any.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days that are remembered.
const DAYS: usize = 32;
/// Fewer pauses are no rhythm.
const FEWEST: usize = 5;
/// A long pause is remembered for a year and a month, so that a season's end is no surprise the second time.
const REMEMBERED: i64 = 400;
/// A source with a full memory of days that were never further apart brings its stories daily: weekends and
/// one holiday beside them are no pauses.
const DAILY: i64 = 4;

/// The days (UTC) on which new stories came, as far as they are remembered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rhythm {
    /// The last ones, ascending, each once.
    days: Vec<NaiveDate>,
    /// Of the days before, the two that bound the longest pause that ended in the last 400 days.
    pause: Option<(NaiveDate, NaiveDate)>,
}

/// A silence that is longer than the source's own past explains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    /// Days since the last story.
    pub days: i64,
    /// The longest pause that it is held against, in days.
    pub longest: i64,
    /// The last day with a story.
    pub last: NaiveDate,
    /// Whether the source used to bring stories daily.
    pub was_daily: bool,
}

impl Rhythm {
    /// Notes that a story came on a day. A day that is still to come is left out, as is one older than all that
    /// are remembered.
    pub fn note(&mut self, day: NaiveDate, today: NaiveDate) {
        // A clock that was wrong for one run must not silence the source's past.
        self.days.retain(|known| *known <= today);
        let Err(place) = self.days.binary_search(&day) else { return };
        if day > today || place == 0 && self.days.len() == DAYS {
            return;
        }
        self.days.insert(place, day);
        while self.days.len() > DAYS {
            let from = self.days.remove(0);
            let pause = self.days.first().map(|to| (from, *to));
            self.pause = [self.pause, pause].into_iter().flatten().max_by_key(|(from, to)| *to - *from);
        }
        self.pause = self.pause.filter(|(_, to)| *to <= today && (today - *to).num_days() <= REMEMBERED);
    }

    /// The silence of a source that was read today, when its past does not explain it: it is a week longer than
    /// three times its longest pause. `None` also where too little is known.
    pub fn silence(&self, today: NaiveDate) -> Option<Silence> {
        let last = *self.days.last()?;
        let pauses = self.days.len() - 1;
        let within = self.days.iter().zip(self.days.iter().skip(1)).map(|(from, to)| (*to - *from).num_days()).max()?;
        let longest = self.pause.map_or(within, |(from, to)| within.max((to - from).num_days()));
        let days = (today - last).num_days();
        let was_daily = self.days.len() == DAYS && longest <= DAILY;
        (pauses >= FEWEST && days > 3 * longest + 7).then_some(Silence { days, longest, last, was_daily })
    }
}
