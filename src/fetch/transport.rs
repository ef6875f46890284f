//! The HTTP library: how it is set up, and what its errors mean.

use std::error::Error;
use std::io;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use url::Url;

use super::cause::{Cause, causes};
use super::error::FetchError;
use super::guard::{Guard, Refused};
use super::inflate;
use super::redact::redacted;
use super::transports::Way;
use crate::model::{Proxy, Roots};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Between two pieces of an answer, unless the visit has more than twice as long.
const READ_TIMEOUT: Duration = Duration::from_secs(15);

/// Headers of one answer; real ones have 10 to 40.
const MAX_HEADERS: usize = 128;

const MAX_HEADER_BYTES: u32 = 64 * 1024;

const WANTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
                      application/xml;q=0.9, text/xml;q=0.9, text/html;q=0.7, */*;q=0.1";

/// The longest silence within an answer, where the whole visit may take as long as this: who waits longer
/// for a slow server waits longer for its first byte too.
pub(super) fn silence(timeout: Duration) -> Duration {
    READ_TIMEOUT.max(timeout / 2)
}

/// The one place where a client is made. It reads the system's certificates, so that is done late.
pub(super) fn client(way: &Way, guard: &Guard) -> Result<reqwest::Client, FetchError> {
    let headers = HeaderMap::from_iter([
        (ACCEPT, HeaderValue::from_static(WANTED)),
        (ACCEPT_ENCODING, HeaderValue::from_static(inflate::ACCEPTED)),
    ]);
    let mut builder = reqwest::Client::builder()
        .default_headers(headers)
        .redirect(Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // A proxy of the environment would look names up in the place of the guard.
        .no_proxy()
        .dns_resolver(guard.trusting(way.proxy.as_ref()))
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(way.silence)
        .pool_max_idle_per_host(2)
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(MAX_HEADER_BYTES);
    if let Some(proxy) = &way.proxy {
        let url = proxy.url().as_str();
        builder =
            builder.proxy(reqwest::Proxy::all(url).map_err(|error| FetchError::Proxy {
                proxy: proxy.to_string(),
                cause: Cause::of(&error.without_url()),
            })?);
    }
    for roots in &way.roots {
        builder = builder.tls_certs_merge(certificates(roots)?);
    }
    builder.build().map_err(|error| match way.roots.is_empty() {
        true => FetchError::NoCaRoots { cause: Cause::of(&error) },
        false => FetchError::BadRoots { cause: Cause::of(&error) },
    })
}

fn certificates(roots: &Roots) -> Result<Vec<reqwest::Certificate>, FetchError> {
    let found = reqwest::Certificate::from_pem_bundle(roots.pem())
        .map_err(|error| FetchError::BadRoots { cause: Cause::of(&error) })?;
    match found.is_empty() {
        true => Err(FetchError::BadRoots { cause: Cause::new("there is no certificate in it") }),
        false => Ok(found),
    }
}

/// The error of a request that was not answered.
pub(super) fn unanswered(error: reqwest::Error, url: &Url, proxy: Option<&Proxy>) -> FetchError {
    // Where it has no cause it would name the address, with its secrets.
    let error = &error.without_url();
    if let Some(Refused(address)) = find::<Refused>(error) {
        return FetchError::AddressRefused { url: redacted(url), address: *address };
    }
    let (url, cause) = (redacted(url), Cause::of(error));
    // What rustls says no to. A refused or reset connection is not of this kind.
    let is_tls = error.is_connect() && has_io(error, &[io::ErrorKind::InvalidData]);
    if let Some(proxy) = proxy.filter(|_| error.is_connect() && !is_tls) {
        FetchError::Proxy { proxy: proxy.to_string(), cause }
    } else if error.is_dns() {
        FetchError::Dns { url, cause }
    } else if error.is_timeout() {
        FetchError::TimedOut { url }
    } else if is_tls {
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
