//! What a document asks of those who visit it.

use std::time::Duration;

use chrono::{DateTime, Datelike, Timelike, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// How a document asks to be visited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishes {
    /// How long it asks to be left alone: `ttl`, or `sy:updatePeriod` over `sy:updateFrequency`.
    pub ttl: Option<Duration>,
    /// `skipHours` of RSS: bit n is the hour n of the day, UTC.
    pub skip_hours: u32,
    /// `skipDays` of RSS: bit n is the n-th day of the week from Monday on, UTC.
    pub skip_days: u8,
}

impl Wishes {
    /// Adds an hour of `skipHours`; 24 is midnight, as RSS 0.91 counts from 1. Others mean nothing.
    pub fn skip_hour(&mut self, hour: u32) {
        if hour <= 24 {
            self.skip_hours |= 1 << (hour % 24);
        }
    }

    /// Adds a day of `skipDays`.
    pub fn skip_day(&mut self, day: Weekday) {
        self.skip_days |= 1 << day.num_days_from_monday();
    }

    /// Whether a time is one at which the document asks not to be visited.
    pub fn skips(&self, at: DateTime<Utc>) -> bool {
        self.skip_hours >> at.hour() & 1 == 1 || self.skip_days >> at.weekday().num_days_from_monday() & 1 == 1
    }
}
