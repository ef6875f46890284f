//! Asks a site's robots.txt before a page that the program chose itself, and remembers the answer.
//!
//! The rules of a site are asked for once a day at most, over all runs: [`Memory`] brings what earlier
//! ones have learned. They are of one origin, scheme, host and port (RFC 9309 §2.3).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex as Gate;
use url::Url;

use super::client::{Answer, Client};
use super::error::FetchError;
use super::host::locked;
use super::redact::redacted;
use super::robots::{READ_BYTES, allows, rules, token};
use super::trip::Trip;
use crate::model::{Access, Robots, Visit};

/// How long an answer holds, and so long nothing is fetched after there was none (§2.3.1.4, §2.4).
const GOOD_FOR: TimeDelta = TimeDelta::hours(24);

/// A site whose robots.txt never could be reached in so long counts as one that has none (§2.3.1.4).
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::days(30);

/// A robots.txt is a small file. Whoever waits for a page gives it less time than a source has, and a site that does
/// not answer has to be known as one before that is over.
const LONGEST: Duration = Duration::from_secs(10);

/// What earlier runs have learned about robots.txt files, and what the next ones will know.
#[async_trait]
pub trait Memory: Send + Sync {
    /// What was kept of an origin last; `None`: nothing.
    async fn robots(&self, origin: &str) -> Option<Robots>;

    /// Keeps it in the place of what was kept of that origin.
    async fn keep(&self, robots: &Robots);
}

/// Knows nothing and keeps nothing: for a single run.
pub(super) struct Forgetful;

#[async_trait]
impl Memory for Forgetful {
    async fn robots(&self, _origin: &str) -> Option<Robots> {
        None
    }

    async fn keep(&self, _robots: &Robots) {}
}

/// What this run knows: for each origin a gate, so that who comes second waits for the answer that the
/// first is asking for.
#[derive(Default)]
pub(super) struct Permissions {
    origins: Mutex<HashMap<String, Arc<Gate<Option<Robots>>>>>,
}

impl Permissions {
    fn of(&self, origin: &str) -> Arc<Gate<Option<Robots>>> {
        Arc::clone(locked(&self.origins).entry(origin.to_owned()).or_default())
    }
}

impl Client {
    /// Whether a page may be fetched; the error says why not.
    pub(super) async fn permit(
        &self,
        url: &Url,
        access: &Access,
        now: DateTime<Utc>,
        memory: &dyn Memory,
    ) -> Result<(), FetchError> {
        if !self.settings.robots {
            return Ok(());
        }
        let origin = url.origin().ascii_serialization();
        let gate = self.permissions.of(&origin);
        let mut known = gate.lock().await;
        let token = token(&self.settings.user_agent);
        let is_good = |robots: &Robots| robots.token == token && is_fresh(robots, now);
        if !known.as_ref().is_some_and(is_good) {
            let kept = memory.robots(&origin).await.or(known.clone()).filter(|robots| robots.token == token);
            *known = match kept {
                Some(robots) if is_fresh(&robots, now) => Some(robots),
                before => {
                    let robots = self.ask_robots(url, access, before, now).await?;
                    memory.keep(&robots).await;
                    Some(robots)
                }
            };
        }
        known.as_ref().map_or(Ok(()), |robots| judge(robots, url, now))
    }

    /// Asks for the rules of a page's site. An error where nothing was learned about it: it tells us to wait,
    /// or this machine is at fault.
    async fn ask_robots(
        &self,
        url: &Url,
        access: &Access,
        before: Option<Robots>,
        now: DateTime<Utc>,
    ) -> Result<Robots, FetchError> {
        let mut place = url.clone();
        place.set_path("/robots.txt");
        place.set_query(None);
        let mut trip = Trip::new(&place, &Visit::default());
        trip.uncompressed = true;
        trip.beginning = Some(READ_BYTES);
        trip.longest = LONGEST;
        let token = token(&self.settings.user_agent);
        let said = match self.follow(&mut trip, access, now).await {
            Ok(Answer::Document { body, .. }) => Some(rules(&body, &token)),
            Ok(Answer::NotModified { .. }) => Some(Vec::new()),
            Err(error @ (FetchError::HostWaits { .. } | FetchError::Status { code: 429, .. })) => return Err(error),
            Err(error) if is_ours(&error) => return Err(error),
            // §2.3.1.2 and §2.3.1.3: there is none.
            Err(FetchError::Status { code: 200..=499, .. } | FetchError::Unexpected304 { .. }) => Some(Vec::new()),
            Err(
                FetchError::TooManyRedirects { .. } | FetchError::NoLocation { .. } | FetchError::BadLocation { .. },
            ) => Some(Vec::new()),
            Err(_) => None,
        };
        let (old, unreachable) = before.map_or((None, None), |before| (before.rules, before.unreachable));
        Ok(Robots {
            origin: url.origin().ascii_serialization(),
            token,
            asked: now,
            unreachable: if said.is_some() { None } else { unreachable.filter(|since| *since <= now).or(Some(now)) },
            rules: said.or(old),
        })
    }
}

/// Whether a site has no part in a failure: it is one of this machine, or of the way that one source takes.
fn is_ours(error: &FetchError) -> bool {
    use FetchError::*;
    matches!(error, Dns { .. } | NoCaRoots { .. } | BadRoots { .. } | Proxy { .. } | UserAgent { .. })
}

/// Whether it need not be asked for again. One of the future was asked for when the clock was wrong.
fn is_fresh(robots: &Robots, now: DateTime<Utc>) -> bool {
    (robots.asked..robots.asked + GOOD_FOR).contains(&now)
}

/// A site that cannot be reached is closed for a day; then what it said last holds (§2.3.1.4).
fn judge(robots: &Robots, url: &Url, now: DateTime<Utc>) -> Result<(), FetchError> {
    let rules = robots.rules.as_deref();
    if let Some(since) = robots.unreachable {
        let closed_for = if rules.is_some() { GOOD_FOR } else { GIVEN_UP_AFTER };
        if now < since + closed_for {
            let left = (robots.asked + GOOD_FOR - now).to_std().unwrap_or_default();
            return Err(FetchError::RobotsUnknown { origin: robots.origin.clone(), retry_after: left });
        }
    }
    if rules.is_none_or(|rules| allows(rules, url)) {
        Ok(())
    } else {
        Err(FetchError::RobotsForbid { url: redacted(url) })
    }
}
