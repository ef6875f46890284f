//! Whose turn it is: few requests to one host at a time, and never two of them at once.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

use super::error::FetchError;
use super::{LONGEST_WAIT, Settings};
use crate::model;

/// How long a host waits that refused us without saying for how long.
const UNSAID_WAIT: Duration = Duration::from_secs(15 * 60);

/// One failing address is an address that fails; so many are a host that fails.
const FAILING_ADDRESSES: usize = 3;

/// The turns of all hosts.
pub(super) struct Turns {
    hosts: Mutex<HashMap<String, Arc<Host>>>,
    /// Those that were told to wait in this run, as long as nobody has saved them.
    unsaved: Arc<Mutex<BTreeMap<String, DateTime<Utc>>>>,
    together: Arc<Semaphore>,
    per_host: usize,
    delay: Duration,
}

struct Host {
    name: String,
    delay: Duration,
    permits: Arc<Semaphore>,
    state: Mutex<State>,
}

struct State {
    /// The next request may start then.
    next_slot: Instant,
    /// It has answered in this run.
    known: bool,
    /// No request before this.
    waits_until: Option<DateTime<Utc>>,
    /// Addresses that answered 5xx since one last answered well.
    failing: BTreeSet<String>,
}

/// The right to have one request in flight, given back when dropped.
pub(super) struct Turn {
    host: Arc<Host>,
    unsaved: Arc<Mutex<BTreeMap<String, DateTime<Utc>>>>,
    _of_host: OwnedSemaphorePermit,
    _together: OwnedSemaphorePermit,
}

impl Turns {
    /// Turns as configured.
    pub(super) fn new(settings: &Settings) -> Turns {
        Turns {
            hosts: Mutex::default(),
            unsaved: Arc::default(),
            together: Arc::new(Semaphore::new(at_least_one(settings.concurrency))),
            per_host: at_least_one(settings.per_host),
            delay: settings.delay,
        }
    }

    /// Waits for a turn. An error where the host has asked to be left alone beyond `now`.
    pub(super) async fn take(&self, name: &str, now: DateTime<Utc>) -> Result<Turn, FetchError> {
        let host = self.host(name);
        let of_host = permit(&host.permits).await;
        loop {
            let slot = host.state().next_slot;
            sleep_until(slot).await;
            // Taken only now: who waits for one host's slot must not hold up the others.
            let together = permit(&self.together).await;
            let mut state = host.state();
            if let Some(until) = state.waits_until.filter(|until| *until > now) {
                let wait = (until - now).to_std().unwrap_or_default();
                return Err(FetchError::HostWaits { host: name.to_owned(), retry_after: wait });
            }
            if Instant::now() >= state.next_slot {
                state.next_slot = Instant::now() + self.delay;
                drop(state);
                let unsaved = Arc::clone(&self.unsaved);
                return Ok(Turn { host, unsaved, _of_host: of_host, _together: together });
            }
        }
    }

    /// Lets hosts wait that were told so in earlier runs. A wait that is longer than any can be was
    /// reckoned from a wrong clock, and counts for nothing.
    pub(super) fn recall(&self, waiting: &[model::Host], now: DateTime<Utc>) {
        for model::Host { name, waits_until } in waiting {
            if *waits_until - now <= TimeDelta::from_std(LONGEST_WAIT).unwrap_or(TimeDelta::MAX) {
                self.host(name).state().waits_until = Some(*waits_until);
            }
        }
    }

    /// Whether a host has asked to be left alone beyond `now`.
    pub(super) fn waits(&self, name: &str, now: DateTime<Utc>) -> bool {
        let host = locked(&self.hosts).get(name.trim_end_matches('.')).cloned();
        host.is_some_and(|host| host.state().waits_until.is_some_and(|until| until > now))
    }

    /// The hosts that were told to wait in this run and are not saved yet, by name.
    pub(super) fn unsaved(&self) -> Vec<model::Host> {
        let unsaved = locked(&self.unsaved);
        unsaved.iter().map(|(name, until)| model::Host { name: name.clone(), waits_until: *until }).collect()
    }

    /// These are saved, unless they were told something else since.
    pub(super) fn saved(&self, hosts: &[model::Host]) {
        let mut unsaved = locked(&self.unsaved);
        for model::Host { name, waits_until } in hosts {
            if unsaved.get(name) == Some(waits_until) {
                unsaved.remove(name);
            }
        }
    }

    fn host(&self, name: &str) -> Arc<Host> {
        let mut hosts = locked(&self.hosts);
        let name = name.trim_end_matches('.');
        Arc::clone(hosts.entry(name.to_owned()).or_insert_with(|| Arc::new(Host::new(name, self.per_host, self.delay))))
    }
}

impl Turn {
    /// The host said "too many requests": all of it waits.
    pub(super) fn refused(&self, now: DateTime<Utc>, retry_after: Option<Duration>) {
        let wait = retry_after.filter(|wait| !wait.is_zero()).unwrap_or(UNSAID_WAIT);
        let until = now + wait;
        // Of several answers that were under way together the one that asks for more counts.
        let mut state = self.host.state();
        let until = state.waits_until.map_or(until, |before| before.max(until));
        state.waits_until = Some(until);
        locked(&self.unsaved).insert(self.host.name.clone(), until);
    }

    /// An address of the host answered 5xx: one broken route must not stall the host, several do.
    pub(super) fn failed(&self, url: &str, now: DateTime<Utc>, retry_after: Option<Duration>) {
        let failing = {
            let mut state = self.host.state();
            state.failing.insert(url.to_owned());
            state.failing.len()
        };
        if failing >= FAILING_ADDRESSES {
            self.refused(now, retry_after);
        }
    }

    /// The host answered as it should.
    pub(super) fn answered(&self) {
        let mut state = self.host.state();
        state.failing.clear();
        // The first request came to the host later than it started here, by all that it took to find and to greet
        // it. What follows must not come right behind it.
        if !std::mem::replace(&mut state.known, true) {
            state.next_slot = state.next_slot.max(Instant::now() + self.host.delay);
        }
    }
}

impl Host {
    fn new(name: &str, permits: usize, delay: Duration) -> Host {
        let state = State { next_slot: Instant::now(), known: false, waits_until: None, failing: BTreeSet::new() };
        Host { name: name.to_owned(), delay, permits: Arc::new(Semaphore::new(permits)), state: Mutex::new(state) }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }
}

/// No lock is held across code that can panic half-way, so a poisoned one is still good.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn permit(of: &Arc<Semaphore>) -> OwnedSemaphorePermit {
    Arc::clone(of).acquire_owned().await.expect("the semaphores are never closed")
}

/// None would wait for ever, and tokio panics above its maximum.
pub(super) fn at_least_one(permits: usize) -> usize {
    permits.clamp(1, Semaphore::MAX_PERMITS)
}

#[cfg(test)]
mod tests {
    use tokio::task::JoinSet;

    use super::*;

    fn turns(concurrency: usize, per_host: usize, delay_ms: u64) -> Arc<Turns> {
        let delay = Duration::from_millis(delay_ms);
        Arc::new(Turns::new(&Settings { concurrency, per_host, delay, ..Settings::default() }))
    }

    fn now() -> DateTime<Utc> {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    /// Starts of requests which last `length_ms` each, in milliseconds, sorted.
    async fn starts(turns: &Arc<Turns>, hosts: &[&'static str], length_ms: u64) -> Vec<u128> {
        let begin = Instant::now();
        let mut requests = JoinSet::new();
        for host in hosts.iter().copied() {
            let turns = Arc::clone(turns);
            requests.spawn(async move {
                let _turn = turns.take(host, now()).await.unwrap();
                let start = begin.elapsed().as_millis();
                tokio::time::sleep(Duration::from_millis(length_ms)).await;
                start
            });
        }
        let mut starts = requests.join_all().await;
        starts.sort();
        starts
    }

    #[tokio::test(start_paused = true)]
    async fn requests_to_one_host_start_apart() {
        assert_eq!(starts(&turns(32, 2, 1000), &["a"; 4], 10).await, [0, 1000, 2000, 3000]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_host_has_few_in_flight() {
        assert_eq!(starts(&turns(32, 2, 1000), &["a"; 4], 5000).await, [0, 1000, 5000, 6000]);
        assert_eq!(starts(&turns(32, 1, 0), &["b"; 3], 500).await, [0, 500, 1000]);
    }

    #[tokio::test(start_paused = true)]
    async fn hosts_do_not_wait_for_one_another() {
        assert_eq!(starts(&turns(32, 2, 1000), &["a", "b", "c"], 10).await, [0, 0, 0]);
        // Ten that wait for one host leave room for another.
        let mut hosts = ["a"; 11];
        hosts[10] = "b";
        assert_eq!(starts(&turns(2, 2, 1000), &hosts, 10).await[..3], [0, 0, 1000]);
    }

    #[tokio::test(start_paused = true)]
    async fn all_hosts_together_are_bounded() {
        assert_eq!(starts(&turns(2, 2, 0), &["a", "b", "c", "d"], 100).await, [0, 0, 100, 100]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_redirect_does_not_come_right_behind_the_first_request() {
        let turns = turns(32, 2, 50);
        let begin = Instant::now();
        // Most of it to find the host and to connect.
        for (length_ms, expected) in [(45, 0), (45, 95), (1, 145), (1, 195)] {
            let turn = turns.take("a", now()).await.unwrap();
            assert_eq!(begin.elapsed().as_millis(), expected);
            tokio::time::sleep(Duration::from_millis(length_ms)).await;
            turn.answered();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_host_that_refused_is_left_alone() {
        let turns = turns(32, 2, 0);
        turns.take("a", now()).await.unwrap().refused(now(), Some(Duration::from_secs(60)));
        let refused = turns.take("a.", now()).await.err().expect("the host waits");
        assert_eq!(refused.retry_after(), Some(Duration::from_secs(60)));
        assert!(turns.take("b", now()).await.is_ok());
        assert!(turns.take("a", now() + Duration::from_secs(60)).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn of_several_refusals_the_one_that_asks_for_most_counts() {
        let turns = turns(32, 3, 0);
        let mut under_way = Vec::new();
        for minutes in [1, 60, 30] {
            under_way.push((turns.take("a", now()).await.unwrap(), minutes));
        }
        for (turn, minutes) in under_way {
            turn.refused(now(), Some(Duration::from_secs(60 * minutes)));
        }
        let until = now() + TimeDelta::hours(1);
        assert_eq!(turns.unsaved(), [model::Host { name: "a".to_owned(), waits_until: until }]);
        // What was saved before it changed is saved once more.
        turns.saved(&[model::Host { name: "a".to_owned(), waits_until: now() }]);
        assert!(turns.waits("a", until - TimeDelta::seconds(1)) && !turns.waits("a", until));
        assert_eq!(turns.unsaved().len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_in_line_hears_of_the_refusal() {
        let turns = turns(32, 1, 1000);
        let first = turns.take("a", now()).await.unwrap();
        let second = tokio::spawn({
            let turns = Arc::clone(&turns);
            async move { turns.take("a", now()).await.is_err() }
        });
        tokio::task::yield_now().await;
        first.refused(now(), None);
        drop(first);
        assert!(second.await.unwrap());
    }

    #[tokio::test(start_paused = true)]
    async fn three_failing_addresses_are_a_failing_host() {
        let turns = turns(32, 2, 0);
        let turn = turns.take("a", now()).await.unwrap();
        for url in ["/1", "/1", "/2"] {
            turn.failed(url, now(), None);
        }
        assert!(turns.take("a", now()).await.is_ok());
        turn.answered();
        for url in ["/3", "/4"] {
            turn.failed(url, now(), None);
        }
        assert!(turns.take("a", now()).await.is_ok());
        turn.failed("/5", now(), None);
        assert!(turns.take("a", now()).await.is_err());
    }
}
