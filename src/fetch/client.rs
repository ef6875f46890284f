//! The visit itself.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{
    CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
};
use reqwest::{RequestBuilder, Response};
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};
use url::Url;

use super::cache::{Freshness, retry_after};
use super::error::FetchError;
use super::guard::Guard;
use super::host::{Turn, Turns};
use super::redact::redacted;
use super::trip::Trip;
use super::{Document, Fetched, Settings, body, file, transport};
use crate::model::{Digest, Location, Page, Source, Validators, Visit};

/// Whoever takes a form has nothing to look up before answering.
const FORM_TIMEOUT: Duration = Duration::from_secs(10);

const FORM: &str = "application/x-www-form-urlencoded";

/// Visits sources. One is shared by all tasks of a run: it keeps the turns of the hosts.
pub struct Client {
    settings: Settings,
    guard: Guard,
    turns: Turns,
    /// Made at the first address of the web: files need no certificates.
    web: OnceCell<reqwest::Client>,
}

/// What one request brought.
enum Reply {
    Answer(Answer),
    Redirect { code: u16, location: Vec<u8> },
}

/// What a visit comes to.
enum Answer {
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
        let turns = Turns::new(&settings);
        Ok(Client { settings, guard, turns, web: OnceCell::new() })
    }

    /// Gets what the source holds now, or learns that it has not changed since `visit`.
    ///
    /// Waits for its turn, asks at most twice for one document, and obeys no schedule: whether the
    /// source is due is for the caller to know.
    pub async fn visit(&self, source: &Source, visit: &Visit, now: DateTime<Utc>) -> Result<Fetched, FetchError> {
        match &source.location {
            Location::File(path) => {
                let body = file::read(path, self.settings.max_bytes).await?;
                Ok(settled(document(body, now), visit))
            }
            Location::Web(configured) => {
                let mut trip = Trip::new(configured, visit);
                let answer = self.follow(&mut trip, now).await?;
                Ok(settled_web(answer, &trip, visit, now))
            }
        }
    }

    /// Gets a page that the program chose itself, such as that of an article.
    ///
    /// Waits for its turn like a visit, and asks for all of it, whatever was known.
    pub async fn page(&self, url: &Url, now: DateTime<Utc>) -> Result<Box<Document>, FetchError> {
        let nothing = Visit::default();
        let mut trip = Trip::new(url, &nothing);
        let answer = self.follow(&mut trip, now).await?;
        match settled_web(answer, &trip, &nothing, now) {
            Fetched::Page(document) => Ok(document),
            Fetched::Unchanged { .. } => Err(FetchError::Unexpected304 { url: redacted(&trip.url) }),
        }
    }

    /// Sends a form, as to a hub: whether it was taken is all that the answer says.
    ///
    /// Waits for its turn like a visit. No redirect is followed: who is told things is for the configuration
    /// to say.
    pub async fn send_form(&self, url: &Url, fields: &[(&str, &str)], now: DateTime<Utc>) -> Result<(), FetchError> {
        self.guard.check(url)?;
        let turn = self.turns.take(url.host_str().unwrap_or_default(), now).await?;
        let web = self.web.get_or_try_init(|| async { transport::client(&self.settings, self.guard.clone()) });
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = web.await?.post(url.clone()).header(CONTENT_TYPE, FORM).body(body);
        let answer = timeout(self.settings.timeout.min(FORM_TIMEOUT), request.send()).await;
        let response = answer.map_err(|_| FetchError::TimedOut { url: redacted(url) })?;
        let response = response.map_err(|error| transport::unanswered(error, url))?;
        if response.status().is_success() {
            turn.answered();
            return Ok(());
        }
        Err(refusal(&response, url, &turn, now))
    }

    /// Asks from hop to hop until there is an answer that is no redirect.
    async fn follow(&self, trip: &mut Trip, now: DateTime<Utc>) -> Result<Answer, FetchError> {
        let mut left = self.settings.timeout;
        let mut may_repeat = true;
        loop {
            self.guard.check(&trip.url)?;
            let turn = self.turns.take(trip.url.host_str().unwrap_or_default(), now).await?;
            let start = Instant::now();
            let answer = timeout(left, self.ask(trip, &turn, now)).await;
            left = left.saturating_sub(start.elapsed());
            match answer {
                Err(_) => return Err(FetchError::TimedOut { url: redacted(&trip.url) }),
                // A connection kept open may be closed by the server just as we use it again.
                Ok(Err(FetchError::Disconnected { .. })) if may_repeat => may_repeat = false,
                Ok(Ok(Reply::Redirect { code, location })) => trip.follow(code, &location)?,
                Ok(Ok(Reply::Answer(answer))) => return Ok(answer),
                Ok(Err(error)) => return Err(error),
            }
        }
    }

    /// One request with its answer, to the last byte.
    async fn ask(&self, trip: &Trip, turn: &Turn, now: DateTime<Utc>) -> Result<Reply, FetchError> {
        let web = self.web.get_or_try_init(|| async { transport::client(&self.settings, self.guard.clone()) });
        let request = conditional(web.await?.get(trip.address()), trip.validators());
        let response = request.send().await.map_err(|error| transport::unanswered(error, &trip.url))?;
        let status = response.status().as_u16();
        match status {
            // 203: as 200, but a proxy changed it.
            200 | 203 => {
                turn.answered();
                let headers = response.headers().clone();
                let body = body::read(response, self.settings.max_bytes, &trip.url).await?;
                Ok(Reply::Answer(Answer::Document { status, headers, body }))
            }
            301 | 302 | 303 | 307 | 308 => {
                turn.answered();
                let location = response.headers().get(LOCATION);
                let location = location.map_or_else(Vec::new, |value| value.as_bytes().to_vec());
                Ok(Reply::Redirect { code: status, location })
            }
            304 if trip.is_conditional() => {
                turn.answered();
                Ok(Reply::Answer(Answer::NotModified { headers: response.headers().clone() }))
            }
            304 => Err(FetchError::Unexpected304 { url: redacted(&trip.url) }),
            _ => Err(refusal(&response, &trip.url, turn, now)),
        }
    }
}

/// Asks only for what has changed. The validators are sent as they came, byte for byte.
fn conditional(mut request: RequestBuilder, validators: &Validators) -> RequestBuilder {
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
            if trip.returns_here() {
                document.validators =
                    Validators { etag: text(&headers, ETAG), last_modified: text(&headers, LAST_MODIFIED) };
            }
            settled(document, visit)
        }
        Answer::NotModified { headers } => Fetched::Unchanged {
            status: Some(304),
            freshness: Freshness::of(&headers, now),
            // RFC 9111 §4.3.4: its headers replace those that were stored.
            validators: Validators {
                etag: text(&headers, ETAG).or_else(|| visit.validators.etag.clone()),
                last_modified: text(&headers, LAST_MODIFIED).or_else(|| visit.validators.last_modified.clone()),
            },
        },
    }
}

/// A document that is new to us, or word that it is the one of last time.
fn settled(document: Document, visit: &Visit) -> Fetched {
    if visit.body == Some(document.digest) && document.moved_to.is_none() {
        let Document { status, freshness, validators, .. } = document;
        return Fetched::Unchanged { status, freshness, validators };
    }
    Fetched::Page(Box::new(document))
}

/// A document of which nothing but its bytes is known.
fn document(body: Vec<u8>, now: DateTime<Utc>) -> Document {
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
