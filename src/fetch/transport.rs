//! The HTTP library: how it is set up, and what its errors mean.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use url::Url;

use super::Settings;
use super::cause::{Cause, causes};
use super::error::FetchError;
use super::guard::{Guard, Refused};
use super::inflate;
use super::redact::redacted;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two pieces of an answer.
const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// Headers of one answer; real ones have 10 to 40.
const MAX_HEADERS: usize = 128;

const MAX_HEADER_BYTES: u32 = 64 * 1024;

const WANTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
                      application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.7, */*;q=0.1";

/// The one client of the program. Reads the system's certificates, so it is made late.
pub(super) fn client(settings: &Settings, guard: Guard) -> Result<reqwest::Client, FetchError> {
    let headers = HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static(WANTED)),
        (ACCEPT_ENCODING, HeaderValue::from_static(inflate::ACCEPTED)),
    ]);
    let builder = reqwest::Client::builder()
        .user_agent(&settings.user_agent)
        .default_headers(headers)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // A proxy of the environment would look names up in the place of the guard.
        .no_proxy()
        .dns_resolver(guard)
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .pool_max_idle_per_host(2)
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(MAX_HEADER_BYTES);
    // The user agent was checked before: only the certificates are left to fail.
    builder.build().map_err(|error| FetchError::NoCaRoots { cause: Cause::of(&error) })
}

/// The error of a request that was not answered.
pub(super) fn unanswered(error: reqwest::Error, url: &Url) -> FetchError {
    // Where it has no cause it would name the address, with its secrets.
    let error = &error.without_url();
    if let Some(Refused(address)) = find::<Refused>(error) {
        return FetchError::AddressRefused { url: redacted(url), address: *address };
    }
    let (url, cause) = (redacted(url), Cause::of(error));
    if error.is_dns() {
        FetchError::Dns { url, cause }
    } else if error.is_timeout() {
        FetchError::TimedOut { url }
    } else if error.is_connect() && has_io(error, &[io::ErrorKind::InvalidData]) {
        // What rustls says no to. A refused or reset connection is not of this kind.
        FetchError::Tls { url, cause }
    } else if error.is_connect() {
        FetchError::Connect { url, cause }
    } else if error.is_builder() || find::<hyper::Error>(error).is_some_and(hyper::Error::is_parse) {
        FetchError::NotHttp { url, cause }
    } else {
        FetchError::Disconnected { url, cause }
    }
}

/// The error of a body that did not come to its end.
pub(super) fn cut_short(error: reqwest::Error, url: &Url) -> FetchError {
    let error = &error.without_url();
    let (url, cause) = (redacted(url), Cause::of(error));
    if error.is_timeout() {
        FetchError::TimedOut { url }
    } else if has_io(error, &[io::ErrorKind::InvalidData, io::ErrorKind::InvalidInput]) {
        FetchError::NotHttp { url, cause }
    } else {
        FetchError::Truncated { url, cause }
    }
}

fn find<E: Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

fn has_io(error: &reqwest::Error, kinds: &[io::ErrorKind]) -> bool {
    let errors = causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>());
    errors.into_iter().any(|error| kinds.contains(&error.kind()))
}
