//! The visit itself.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED, LOCATION,
};
use reqwest::{Method, RequestBuilder, Response};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};
use url::Url;

use super::cache::{Freshness, retry_after};
use super::error::FetchError;
use super::guard::Guard;
use super::host::{Turn, Turns, at_least_one};
use super::permission::{Forgetful, Memory, Permissions};
use super::redact::redacted;
use super::transports::{Manner, Transports};
use super::trip::Trip;
use super::{Document, Fetched, Settings, body, file, transport, veil};
use crate::model::{Access, Digest, Location, Page, Source, Validators, Visit};

/// Whoever takes a form has nothing to look up before answering.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);

const FORM: &str = "application/x-www-form-urlencoded";

/// Visits sources. One is shared by all tasks of a run: it keeps the turns of the hosts and their rules.
pub struct Client {
    pub(super) settings: Settings,
    pub(super) permissions: Permissions,
    pub(super) guard: Guard,
    pub(super) turns: Turns,
    pub(super) web: Transports,
    /// Rights to have a program render a page.
    pub(super) renders: Semaphore,
}

/// What one request brought.
enum Reply {
    Answer(Answer),
    Redirect { code: u16, location: Vec<u8> },
}

/// What a trip may still cost.
struct Patience {
    left: Duration,
    /// Once, when a connection that was kept open turns out to be closed.
    may_repeat: bool,
}

impl Patience {
    fn of(manner: &Manner) -> Patience {
        Patience { left: manner.timeout, may_repeat: true }
    }
}

/// What a visit comes to.
pub(super) enum Answer {
    Document { status: u16, headers: HeaderMap, body: Vec<u8> },
    NotModified { headers: HeaderMap },
}

impl Client {
    /// A client that has asked nobody yet.
    pub fn new(settings: Settings) -> Result<Client, FetchError> {
        if HeaderValue::from_str(&settings.user_agent).is_err() {
            return Err(FetchError::UserAgent { value: settings.user_agent });
        }
        let guard = Guard::new(&settings.allow_private);
        Ok(Client::guarded(settings, guard))
    }

    pub(super) fn guarded(settings: Settings, guard: Guard) -> Client {
        let turns = Turns::new(&settings);
        let web = Transports::new(guard.clone());
        let renders = Semaphore::new(at_least_one(settings.render_concurrency));
        Client { settings, permissions: Permissions::default(), guard, turns, web, renders }
    }

    /// Gets what the source holds now, or learns that it has not changed since `visit`.
    ///
    /// Waits for its turn, asks at most twice for one document, and obeys no schedule: whether the
    /// source is due is for the caller to know.
    pub async fn visit(&self, source: &Source, visit: &Visit, now: DateTime<Utc>) -> Result<Fetched, FetchError> {
        let access = &source.access;
        match &source.location {
            Location::File(path) => {
                let body = file::read(path, access.max_bytes.unwrap_or(self.settings.max_bytes)).await?;
                Ok(settled(document(body, now), visit))
            }
            Location::Web(configured) if let Some(render) = &source.render => {
                let document = self.rendered(source, render, configured, now).await;
                Ok(settled(document.map_err(|error| veil::drawn(error, access))?, visit))
            }
            Location::Web(configured) => {
                let mut trip = Trip::new(configured, visit).carrying(access, configured);
                let answer = self.follow(&mut trip, access, now).await;
                let answer = answer.map_err(|error| if trip.was_led() { error.beyond() } else { error })?;
                Ok(settled_web(answer, &trip, visit, now))
            }
        }
    }

    /// Gets a page that the program chose itself, such as that of an article.
    ///
    /// Waits for its turn like a visit, and asks for all of it. An error where the site's robots.txt forbids it, or
    /// cannot be reached. Every redirect is asked about as well.
    pub async fn page(&self, url: &Url, now: DateTime<Utc>) -> Result<Box<Document>, FetchError> {
        match self.page_of(None, url, &Validators::default(), now, &Forgetful).await? {
            Fetched::Page(document) => Ok(document),
            Fetched::Unchanged { .. } => Err(FetchError::Unexpected304 { url: redacted(url) }),
        }
    }

    /// Sends a form, as to a hub: whether it was taken is all that the answer says.
    ///
    /// Waits for its turn like a visit. No redirect is followed: who is told things is for the configuration
    /// to say.
    pub async fn send_form(&self, url: &Url, fields: &[(&str, &str)], now: DateTime<Utc>) -> Result<(), FetchError> {
        self.guard.check(url)?;
        let turn = self.turns.take(url.host_str().unwrap_or_default(), now).await?;
        let manner = Manner::of(&self.settings, &Access::default())?;
        let proxy = manner.way.proxy.as_ref();
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.web.request(&manner, Method::POST, url.clone())?.header(CONTENT_TYPE, FORM).body(body);
        let answer = timeout(self.settings.timeout.min(FORM_TIMEOUT), request.send()).await;
        let response = answer.map_err(|_| FetchError::TimedOut { url: redacted(url) })?;
        let response = response.map_err(|error| transport::unanswered(error, url, proxy))?;
        if response.status().is_success() {
            turn.answered();
            return Ok(());
        }
        Err(refusal(&response, url, &turn, now))
    }

    /// As [`Client::page`], with the robots.txt files that earlier runs have asked for, and for a source: over its
    /// proxy and within its limits, with its credentials where the page is of its origin. Learns that nothing has
    /// changed since these validators were sent with the page; without any, all of it is asked for.
    pub async fn page_of(
        &self,
        source: Option<&Source>,
        url: &Url,
        validators: &Validators,
        now: DateTime<Utc>,
        memory: &dyn Memory,
    ) -> Result<Fetched, FetchError> {
        let last = Visit { validators: validators.clone(), ..Visit::default() };
        let usual = Access::default();
        let access = source.map_or(&usual, |source| &source.access);
        let mut trip = Trip::new(url, &last);
        if let Some(Location::Web(home)) = source.map(|source| &source.location) {
            trip = trip.carrying(access, home);
        }
        let answer = self.allowed(&mut trip, access, now, memory).await.map_err(|error| veil::drawn(error, access))?;
        Ok(settled_web(answer, &trip, &last, now))
    }

    /// As [`Client::follow`], where each address is one that robots.txt allows.
    async fn allowed(
        &self,
        trip: &mut Trip,
        access: &Access,
        now: DateTime<Utc>,
        memory: &dyn Memory,
    ) -> Result<Answer, FetchError> {
        let manner = Manner::of(&self.settings, access)?;
        let mut patience = Patience::of(&manner);
        loop {
            // An address that may not be asked at all has no robots.txt for us either.
            self.guard.check(&trip.url)?;
            self.permit(&trip.url, access, now, memory).await?;
            if let Some(answer) = self.hop(trip, &manner, &mut patience, now).await? {
                return Ok(answer);
            }
        }
    }

    /// Whether links of redirectors are to be followed.
    pub fn follows_links(&self) -> bool {
        self.settings.follow_links
    }

    /// Where a redirector leads: the first address on its way that is none. That one is not asked itself. An error
    /// where robots.txt forbids to ask. It is asked over the proxy and within the limits of `access`, which are
    /// those of the source that names it, and without its credentials.
    pub async fn target(
        &self,
        access: &Access,
        url: &Url,
        is_redirector: impl Fn(&Url) -> bool,
        now: DateTime<Utc>,
        memory: &dyn Memory,
    ) -> Result<Url, FetchError> {
        let mut trip = Trip::new(url, &Visit::default());
        let manner = Manner::of(&self.settings, access)?;
        let mut patience = Patience::of(&manner);
        while is_redirector(&trip.url) {
            self.guard.check(&trip.url)?;
            self.permit(&trip.url, access, now, memory).await?;
            if self.hop(&mut trip, &manner, &mut patience, now).await?.is_some() {
                return Err(FetchError::LeadsNowhere { url: redacted(&trip.url) });
            }
        }
        self.guard.check(&trip.url)?;
        Ok(trip.url)
    }

    /// Asks from hop to hop until there is an answer that is no redirect. Errors show nothing of what
    /// the source keeps for itself.
    pub(super) async fn follow(
        &self,
        trip: &mut Trip,
        access: &Access,
        now: DateTime<Utc>,
    ) -> Result<Answer, FetchError> {
        let manner = Manner::of(&self.settings, access)?;
        let mut patience = Patience::of(&manner);
        patience.left = patience.left.min(trip.longest);
        loop {
            match self.hop(trip, &manner, &mut patience, now).await {
                Ok(None) => {}
                Ok(Some(answer)) => return Ok(answer),
                Err(error) => return Err(veil::drawn(error, access)),
            }
        }
    }

    /// One hop. `None`: the trip goes on, mostly at another address.
    async fn hop(
        &self,
        trip: &mut Trip,
        manner: &Manner,
        patience: &mut Patience,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>, FetchError> {
        self.guard.check(&trip.url)?;
        let turn = self.turns.take(trip.url.host_str().unwrap_or_default(), now).await?;
        let start = Instant::now();
        let answer = timeout(patience.left, self.ask(trip, manner, &turn, now)).await;
        patience.left = patience.left.saturating_sub(start.elapsed());
        match answer {
            Err(_) => return Err(FetchError::TimedOut { url: redacted(&trip.url) }),
            // A connection kept open may be closed by the server just as we use it again.
            Ok(Err(FetchError::Disconnected { .. })) if patience.may_repeat => patience.may_repeat = false,
            Ok(Ok(Reply::Redirect { code, location })) => trip.follow(code, &location)?,
            Ok(Ok(Reply::Answer(answer))) => return Ok(Some(answer)),
            Ok(Err(error)) => return Err(error),
        }
        Ok(None)
    }

    /// One request with its answer, to the last byte.
    async fn ask(&self, trip: &Trip, manner: &Manner, turn: &Turn, now: DateTime<Utc>) -> Result<Reply, FetchError> {
        let proxy = manner.way.proxy.as_ref();
        if let Some(proxy) = proxy {
            self.guard.check_name(&trip.url, proxy).await?;
        }
        let mut request = conditional(self.web.get(trip, manner)?, trip.validators());
        if trip.uncompressed {
            request = request.header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        let response = request.send().await.map_err(|error| transport::unanswered(error, &trip.url, proxy))?;
        let status = response.status().as_u16();
        match status {
            // 203: as 200, but a proxy changed it.
            200 | 203 => {
                turn.answered();
                let headers = response.headers().clone();
                let body = match trip.beginning {
                    None => body::read(response, manner.max_bytes, &trip.url).await?,
                    Some(bytes) => body::read_beginning(response, bytes, manner.max_bytes, &trip.url).await?,
                };
                Ok(Reply::Answer(Answer::Document { status, headers, body }))
            }
            301 | 302 | 303 | 307 | 308 => {
                turn.answered();
                let location = response.headers().get(LOCATION);
                let location = location.map_or_else(Vec::new, |value| value.as_bytes().to_vec());
                Ok(Reply::Redirect { code: status, location })
            }
            304 if trip.validators().is_some() => {
                turn.answered();
                Ok(Reply::Answer(Answer::NotModified { headers: response.headers().clone() }))
            }
            304 => Err(FetchError::Unexpected304 { url: redacted(&trip.url) }),
            _ => Err(refusal(&response, &trip.url, turn, now)),
        }
    }
}

/// Asks only for what has changed. The validators are sent as they came, byte for byte.
fn conditional(mut request: RequestBuilder, validators: Option<&Validators>) -> RequestBuilder {
    let Some(validators) = validators else { return request };
    for (name, value) in [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)] {
        if let Some(value) = value.as_deref().and_then(header) {
            request = request.header(name, value);
        }
    }
    request
}

/// A status that is no answer to our question; tells the host's turns about it.
fn refusal(response: &Response, url: &Url, turn: &Turn, now: DateTime<Utc>) -> FetchError {
    let (code, headers) = (response.status().as_u16(), response.headers());
    let retry_after = retry_after(headers, now);
    match code {
        429 => turn.refused(now, retry_after),
        500..=599 => turn.failed(url.as_str(), now, retry_after),
        _ => {}
    }
    let challenge = headers.get("cf-mitigated").is_some_and(|value| value == "challenge");
    FetchError::Status { url: redacted(url), code, retry_after, challenge }
}

fn settled_web(answer: Answer, trip: &Trip, visit: &Visit, now: DateTime<Utc>) -> Fetched {
    match answer {
        Answer::Document { status, headers, body } => {
            let mut document = document(body, now);
            document.status = Some(status);
            document.moved_to = trip.moved_to();
            document.freshness = Freshness::of(&headers, now);
            document.page.url = Some(trip.url.clone());
            document.page.content_type = text(&headers, CONTENT_TYPE);
            document.validators = trip.issued(text(&headers, ETAG), text(&headers, LAST_MODIFIED));
            settled(document, visit)
        }
        Answer::NotModified { headers } => Fetched::Unchanged {
            status: Some(304),
            freshness: Freshness::of(&headers, now),
            // RFC 9111 §4.3.4: its headers replace those that were stored.
            validators: trip.issued(
                text(&headers, ETAG).or_else(|| visit.validators.etag.clone()),
                text(&headers, LAST_MODIFIED).or_else(|| visit.validators.last_modified.clone()),
            ),
            moved_to: trip.moved_to().map(Box::new),
        },
    }
}

/// A document that is new to us, or word that it is the one of last time.
fn settled(document: Document, visit: &Visit) -> Fetched {
    if visit.body == Some(document.digest) && document.moved_to.is_none() {
        let Document { status, freshness, validators, .. } = document;
        return Fetched::Unchanged { status, freshness, validators, moved_to: None };
    }
    Fetched::Page(Box::new(document))
}

/// A document of which nothing but its bytes is known.
pub(super) fn document(body: Vec<u8>, now: DateTime<Utc>) -> Document {
    Document {
        digest: Digest(Sha256::digest(&body).into()),
        page: Page { url: None, content_type: None, body, fetched_at: Some(now) },
        validators: Validators::default(),
        status: None,
        moved_to: None,
        freshness: Freshness::default(),
    }
}

/// A header's bytes as characters of the same numbers (Latin-1), so that [`header`] can give the
/// very bytes back, whatever they meant.
fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.as_bytes();
    (!value.is_empty()).then(|| value.iter().copied().map(char::from).collect())
}

/// The bytes that [`text`] read; `None` for what never was a header.
fn header(text: &str) -> Option<HeaderValue> {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    HeaderValue::from_bytes(&bytes?).ok()
}
