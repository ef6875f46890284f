//! Who is visited next: who has waited longest, of those whose host may be asked now.
//!
//! A visit that would only wait for its host is not launched, so that one host with hundreds of sources, or one that
//! answers slowly, holds up nobody else.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, VecDeque};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::fetch::Settings;
use crate::model::{Location, Source, Visit};

/// A wait that is longer was set by a clock that was wrong.
const LONGEST: chrono::Duration = chrono::Duration::days(31);

/// A source that is due, and what is remembered of it.
pub(super) struct Due<'a> {
    pub(super) source: &'a Source,
    pub(super) before: Visit,
    lane: usize,
}

/// The sources that are due.
pub(super) struct Queue<'a> {
    lanes: Vec<Lane<'a>>,
    /// The lanes whose first may go: its place among all, and the lane.
    open: BTreeSet<(usize, usize)>,
    /// The lanes that have to wait since their last launch, and until when.
    resting: BinaryHeap<Reverse<(Instant, usize)>>,
    waiting: usize,
    room: usize,
    rest: std::time::Duration,
}

/// The sources of one host; a file is alone in its own.
#[derive(Default)]
struct Lane<'a> {
    waiting: VecDeque<(usize, &'a Source, Visit)>,
    under_way: usize,
    rests: bool,
}

impl<'a> Queue<'a> {
    /// In the order of their turns: who was never visited, then who is longest overdue, then as configured.
    pub(super) fn new(mut due: Vec<(&'a Source, Visit)>, settings: &Settings, now: DateTime<Utc>) -> Queue<'a> {
        due.sort_by_key(|(_, visit)| turn(visit, now));
        let waiting = due.len();
        let mut hosts: HashMap<String, usize> = HashMap::new();
        let mut lanes: Vec<Lane<'a>> = Vec::new();
        for (place, (source, before)) in due.into_iter().enumerate() {
            let next = lanes.len();
            let lane = host(source, &before).map_or(next, |host| *hosts.entry(host).or_insert(next));
            if lane == next {
                lanes.push(Lane::default());
            }
            lanes[lane].waiting.push_back((place, source, before));
        }
        let open = lanes.iter().enumerate().filter_map(|(lane, its)| Some((its.waiting.front()?.0, lane))).collect();
        let (room, rest) = (settings.per_host.max(1), settings.delay);
        Queue { lanes, open, resting: BinaryHeap::new(), waiting, room, rest }
    }

    /// The next one that may be launched now.
    pub(super) fn next(&mut self, now: Instant) -> Option<Due<'a>> {
        while let Some(Reverse((until, lane))) = self.resting.peek().copied()
            && until <= now
        {
            self.resting.pop();
            self.lanes[lane].rests = false;
            self.reopen(lane);
        }
        let (_, lane) = self.open.pop_first()?;
        let (_, source, before) = self.lanes[lane].waiting.pop_front()?;
        self.lanes[lane].under_way += 1;
        self.waiting -= 1;
        if !self.rest.is_zero() && matches!(source.location, Location::Web(_)) {
            self.lanes[lane].rests = true;
            self.resting.push(Reverse((now + self.rest, lane)));
        }
        self.reopen(lane);
        Some(Due { source, before, lane })
    }

    /// A visit that was launched is over.
    pub(super) fn done(&mut self, due: &Due<'_>) {
        self.lanes[due.lane].under_way -= 1;
        self.reopen(due.lane);
    }

    /// When another may be launched though nothing is over; `None`: only then.
    pub(super) fn rested(&self) -> Option<Instant> {
        self.resting.peek().map(|Reverse((until, _))| *until)
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.waiting
    }

    fn reopen(&mut self, lane: usize) {
        let its = &self.lanes[lane];
        if let Some((place, ..)) = its.waiting.front()
            && !its.rests
            && its.under_way < self.room
        {
            self.open.insert((*place, lane));
        }
    }
}

/// Since when it is due; who was never visited, or whose time is nonsense, has waited longest.
fn turn(visit: &Visit, now: DateTime<Utc>) -> DateTime<Utc> {
    visit.next.filter(|next| *next - now <= LONGEST).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

/// Whom a visit asks first; `None` for a file.
fn host(source: &Source, visit: &Visit) -> Option<String> {
    let Location::Web(url) = &source.location else { return None };
    let url = visit.moved_to.as_ref().unwrap_or(url);
    Some(url.host_str().unwrap_or_default().trim_end_matches('.').to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::model::{Kind, SourceId};

    fn now() -> DateTime<Utc> {
        "2026-11-24T06:00:00Z".parse().unwrap()
    }

    /// Sources with their hosts (`""`: a file) and since how many minutes they are due (`None`: never visited).
    fn sources(due: &[(&str, &str, Option<i64>)]) -> Vec<(Source, Visit)> {
        (due.iter())
            .map(|(id, host, minutes)| {
                let location = match *host {
                    "" => Location::File(id.into()),
                    host => Location::Web(format!("https://{host}/{id}").parse().unwrap()),
                };
                let next = minutes.map(|minutes| now() - chrono::Duration::minutes(minutes));
                let source = Source::plain(SourceId::new(id).unwrap(), location, Kind::Auto);
                (source, Visit { next, ..Visit::default() })
            })
            .collect()
    }

    fn queue<'a>(sources: &'a [(Source, Visit)], per_host: usize, delay_ms: u64) -> Queue<'a> {
        let settings = Settings { per_host, delay: Duration::from_millis(delay_ms), ..Settings::default() };
        Queue::new(sources.iter().map(|(source, visit)| (source, visit.clone())).collect(), &settings, now())
    }

    /// The ids of all that may go now, in their order.
    fn launched<'a>(queue: &mut Queue<'a>, at: Instant) -> (Vec<Due<'a>>, String) {
        let due: Vec<Due<'a>> = std::iter::from_fn(|| queue.next(at)).collect();
        let ids = due.iter().map(|due| due.source.id.as_str()).collect::<Vec<_>>().join(" ");
        (due, ids)
    }

    #[test]
    fn who_has_waited_longest_goes_first() {
        let all = sources(&[
            ("late", "a.example", Some(5)),
            ("later", "b.example", Some(90)),
            ("new", "c.example", None),
            ("file", "", Some(-50)),
            ("nonsense", "d.example", Some(-60 * 24 * 365)),
        ]);
        let mut queue = queue(&all, 2, 1000);
        assert_eq!(launched(&mut queue, Instant::now()).1, "new nonsense later late file");
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn a_host_that_is_busy_holds_up_nobody_else() {
        let all = sources(&[
            ("a1", "a.example", Some(9)),
            ("a2", "a.example", Some(8)),
            ("a3", "a.example", Some(7)),
            ("b1", "b.example", Some(1)),
        ]);
        let mut queue = queue(&all, 2, 0);
        let start = Instant::now();
        let (under_way, ids) = launched(&mut queue, start);
        assert_eq!((ids.as_str(), queue.len(), queue.rested()), ("a1 a2 b1", 1, None));
        queue.done(&under_way[2]);
        assert_eq!(launched(&mut queue, start).1, "", "that another host is free helps nobody");
        queue.done(&under_way[0]);
        assert_eq!(launched(&mut queue, start).1, "a3");
    }

    #[test]
    fn a_host_rests_between_two_launches() {
        let all = sources(&[("a1", "a.example", None), ("a2", "a.example", None), ("b1", "b.example", None)]);
        let mut queue = queue(&all, 2, 1000);
        let start = Instant::now();
        assert_eq!(launched(&mut queue, start).1, "a1 b1");
        let rested = queue.rested().unwrap();
        assert_eq!(rested - start, Duration::from_secs(1));
        assert_eq!(launched(&mut queue, rested - Duration::from_millis(1)).1, "");
        assert_eq!(launched(&mut queue, rested).1, "a2");
    }
}
