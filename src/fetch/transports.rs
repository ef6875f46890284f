//! The ways to the web: straight or over a proxy, believing the system's authorities or more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::header::{COOKIE, HeaderName, HeaderValue, USER_AGENT};

use super::error::FetchError;
use super::guard::Guard;
use super::trip::Trip;
use super::{Settings, transport};
use crate::model::{Access, Login, Proxy, Roots, Route, Secret};

/// What decides whether two requests may share their connections.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Way {
    pub(super) proxy: Option<Proxy>,
    /// Believed besides those of the system.
    pub(super) roots: Vec<Roots>,
    /// The longest silence within an answer.
    pub(super) silence: Duration,
}

/// How the requests of one visit are made.
pub(super) struct Manner {
    pub(super) way: Way,
    pub(super) user_agent: HeaderValue,
    pub(super) timeout: Duration,
    pub(super) max_bytes: u64,
}

/// The clients of the HTTP library, one for each way. Made when first needed: files need none, and each
/// reads the system's certificates.
pub(super) struct Transports {
    guard: Guard,
    made: Mutex<HashMap<Way, reqwest::Client>>,
}

impl Transports {
    /// Nothing is opened yet.
    pub(super) fn new(guard: Guard) -> Transports {
        Transports { guard, made: Mutex::default() }
    }

    /// A request for what the trip has come to.
    pub(super) fn get(&self, trip: &Trip, manner: &Manner) -> Result<RequestBuilder, FetchError> {
        let request = self.client(&manner.way)?.get(trip.address());
        let request = request.header(USER_AGENT, manner.user_agent.clone());
        Ok(match trip.credentials() {
            Some(access) => with_credentials(request, access),
            None => request,
        })
    }

    fn client(&self, way: &Way) -> Result<reqwest::Client, FetchError> {
        // No code between lock and unlock leaves the map half-changed.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = made.get(way) {
            return Ok(client.clone());
        }
        let client = transport::client(way, &self.guard)?;
        made.insert(way.clone(), client.clone());
        Ok(client)
    }
}

impl Manner {
    /// How a source is asked: as all are, but for what is said of it.
    pub(super) fn of(settings: &Settings, access: &Access) -> Result<Manner, FetchError> {
        let user_agent = access.user_agent.as_ref().unwrap_or(&settings.user_agent);
        let timeout = access.timeout.unwrap_or(settings.timeout);
        let proxy = match &access.route {
            Route::Usual => settings.proxy.clone(),
            Route::Direct => None,
            Route::Over(proxy) => Some(proxy.clone()),
        };
        let roots = settings.roots.iter().chain(&access.roots).cloned().collect();
        Ok(Manner {
            way: Way { proxy, roots, silence: transport::silence(timeout) },
            user_agent: HeaderValue::from_str(user_agent)
                .map_err(|_| FetchError::UserAgent { value: user_agent.clone() })?,
            timeout,
            max_bytes: access.max_bytes.unwrap_or(settings.max_bytes),
        })
    }
}

/// Adds what only the source's own origin may get. What cannot be a header is left out: the configuration
/// has refused it.
fn with_credentials(mut request: RequestBuilder, access: &Access) -> RequestBuilder {
    for (name, value) in &access.headers {
        if let (Ok(name), Some(value)) = (HeaderName::from_bytes(name.as_bytes()), hidden(value)) {
            request = request.header(name, value);
        }
    }
    if let Some(value) = access.cookies.as_ref().and_then(hidden) {
        request = request.header(COOKIE, value);
    }
    match &access.login {
        Some(Login::Basic { username, password }) => request.basic_auth(username.reveal(), Some(password.reveal())),
        Some(Login::Bearer(token)) => request.bearer_auth(token.reveal()),
        None => request,
    }
}

/// Whether certificates are some that can be believed; else what is wrong with them.
pub fn check_roots(roots: &Roots) -> Result<(), String> {
    let way = Way { proxy: None, roots: vec![roots.clone()], silence: transport::silence(Duration::ZERO) };
    transport::client(&way, &Guard::new(&[])).map(drop).map_err(|error| match error {
        FetchError::BadRoots { cause } => cause.to_string(),
        other => other.to_string(),
    })
}

/// Whether a text can be sent as the value of a header (RFC 9110 §5.5), and does not lose its ends.
pub fn is_header_value(text: &str) -> bool {
    text.trim() == text && text.bytes().all(|byte| byte == b'\t' || (0x20..0x7f).contains(&byte))
}

/// Whether a text, in lower case, can be the name of a header (RFC 9110 §5.1).
pub fn is_header_name(text: &str) -> bool {
    HeaderName::from_bytes(text.as_bytes()).is_ok()
}

fn hidden(text: &Secret) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text.reveal()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_headers_are_plain_lines() {
        for (text, expected) in
            [("a b\tc", true), ("", true), (" a", false), ("a\r\nb: c", false), ("a\0", false), ("caf\u{e9}", false)]
        {
            assert_eq!(is_header_value(text), expected, "{text:?}");
        }
    }
}
