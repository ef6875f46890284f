//! A word to a dead man's switch: a service that raises the alarm when no word comes any more.
//!
//! Its address is the secret by which it knows who speaks, so nothing in here shows more of it than the host.

use std::fmt;
use std::time::Duration;

use reqwest::Method;
use tokio::time::timeout;
use url::Url;

use super::error::FetchError;
use super::transports::Manner;
use super::{Client, transport};
use crate::model::Access;

/// The run waits for the service no longer than this.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The address of a check, as healthchecks.io and its likes give it out: asked as it is when all went well, with
/// `/start` and `/fail` added when a run begins and when it failed.
#[derive(Clone, PartialEq, Eq)]
pub struct Ping(Url);

/// What a run has to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pinged {
    /// It begins.
    Start,
    /// It did what it is for.
    Success,
    /// It did not.
    Fail,
}

impl Ping {
    /// The check at an address of the web.
    pub fn new(url: Url) -> Ping {
        Ping(url)
    }

    /// The address for one word.
    fn address(&self, word: Pinged) -> Url {
        let mut url = self.0.clone();
        let end = match word {
            Pinged::Start => "/start",
            Pinged::Success => return url,
            Pinged::Fail => "/fail",
        };
        let path = format!("{}{end}", url.path().trim_end_matches('/'));
        url.set_path(&path);
        url
    }

    /// The address as it may be shown.
    fn shown(&self) -> Url {
        let mut url = self.0.clone();
        url.set_path("/***");
        url.set_query(None);
        url.set_fragment(None);
        // These fail only for addresses that cannot hold user information.
        let _ = url.set_password(None);
        let _ = url.set_username("");
        url
    }
}

impl fmt::Debug for Ping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ping({})", self.shown())
    }
}

impl Client {
    /// Says a word to the switch, within ten seconds. Any answer of success (2xx) is one; a redirect is not
    /// followed, since the address is a secret. Takes no turn: it is no visit to a source.
    pub async fn ping(&self, ping: &Ping, word: Pinged) -> Result<(), FetchError> {
        let shown = ping.shown();
        self.guard.check(&shown)?;
        let manner = Manner::of(&self.settings, &Access::default())?;
        let proxy = manner.way.proxy.as_ref();
        let answer = timeout(TIMEOUT, self.web.request(&manner, Method::GET, ping.address(word))?.send()).await;
        let answer = answer.map_err(|_| FetchError::TimedOut { url: shown.to_string() })?;
        let status = answer.map_err(|error| transport::unanswered(error, &shown, proxy))?.status();
        if status.is_success() {
            return Ok(());
        }
        let (url, code) = (shown.into(), status.as_u16());
        Err(FetchError::Status { url, code, retry_after: None, challenge: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ping(url: &str) -> Ping {
        Ping::new(url.parse().unwrap())
    }

    #[track_caller]
    fn check(url: &str, start: &str, fail: &str) {
        let ping = ping(url);
        assert_eq!(ping.address(Pinged::Success).as_str(), url);
        assert_eq!(ping.address(Pinged::Start).as_str(), start);
        assert_eq!(ping.address(Pinged::Fail).as_str(), fail);
    }

    #[test]
    fn words_are_said_at_the_end_of_the_path() {
        check("https://h.example/uuid", "https://h.example/uuid/start", "https://h.example/uuid/fail");
        check("https://h.example/p/", "https://h.example/p/start", "https://h.example/p/fail");
        check("https://h.example/p?rid=1", "https://h.example/p/start?rid=1", "https://h.example/p/fail?rid=1");
    }

    #[test]
    fn the_address_is_never_shown() {
        let shown = format!("{:?}", ping("https://me:pw@h.example/s3cret?token=s3cret#s3cret"));
        assert_eq!(shown, "Ping(https://h.example/***)");
    }
}
