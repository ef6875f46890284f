//! Gets documents from the network and from files, politely.
//!
//! The ways in are [`Client::visit`] for what the user named and [`Client::page`] for what the program
//! chose itself, which obeys robots.txt. Behind them: turns for each host, conditional requests,
//! redirects of our own, `Retry-After`, and bounds on addresses, body size and time. Nothing in
//! here knows what a story is, and nothing outside knows the HTTP library.

mod body;
mod cache;
mod cause;
mod client;
mod error;
mod file;
mod group;
mod guard;
mod host;
mod inflate;
mod permission;
mod ping;
mod redact;
mod render;
mod robots;
mod transport;
mod transports;
mod trip;
mod veil;
mod waits;

#[cfg(test)]
mod tests;

use std::time::Duration;

use ipnet::IpNet;
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::model::{Digest, Page, Proxy, Roots, Validators};

pub use cache::Freshness;
pub use cause::Cause;
pub use client::Client;
pub use error::FetchError;
pub use group::end_programs;
pub use permission::Memory;
pub use ping::{Ping, Pinged};
pub use redact::{address, redacted};
pub use transports::{check_roots, is_header_name, is_header_value};
pub use veil::{shown, veiled};

/// The longest wait that a server can ask for; longer ones are mistakes and are cut to this.
pub const LONGEST_WAIT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// How sources are fetched: `[fetch]` in the configuration.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Floor between two visits to one source. Kept here beside its default; who visits obeys it.
    pub every: Duration,
    /// Requests in flight to all hosts together; 0 counts as 1.
    pub concurrency: usize,
    /// Requests in flight to one host; 0 counts as 1.
    pub per_host: usize,
    /// Between the starts of two requests to one host.
    pub delay: Duration,
    /// For one visit with all its redirects, from its first request to the last byte. Waiting for
    /// a turn does not count.
    pub timeout: Duration,
    /// Largest body as transferred, and largest file. Decompressed it may be twice as large.
    pub max_bytes: u64,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// Whether redirectors in stories are asked where they lead.
    pub follow_links: bool,
    /// Whether pages that the program chooses itself obey their site's robots.txt.
    pub robots: bool,
    /// Networks that may be visited although their addresses are not public.
    pub allow_private: Vec<IpNet>,
    /// Over which all requests go, unless a source says otherwise. The environment's is never used.
    pub proxy: Option<Proxy>,
    /// Certificate authorities that are believed besides those of the system.
    pub roots: Option<Roots>,
    /// How long a story waits for the text of its page before it is decided about without. Kept here beside its
    /// default, like `every`.
    pub full_text_wait: Duration,
    /// Programs that render pages at once, each of them maybe a browser; 0 counts as 1.
    pub render_concurrency: usize,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            every: Duration::from_secs(60 * 60),
            concurrency: 32,
            per_host: 2,
            delay: Duration::from_secs(1),
            timeout: Duration::from_secs(30),
            max_bytes: 10 * 1024 * 1024,
            user_agent: concat!("oncefeed/", env!("CARGO_PKG_VERSION")).to_owned(),
            follow_links: true,
            robots: true,
            allow_private: Vec::new(),
            proxy: None,
            roots: None,
            full_text_wait: Duration::from_secs(60 * 60),
            render_concurrency: 2,
        }
    }
}

/// What a visit brought.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// A 304, or the same body as at the last visit. The same body at an address that is new for good
    /// comes whole, so that it can be seen what is there.
    Unchanged {
        /// 304 or 200; `None` for a file.
        status: Option<u16>,
        /// How long the server asks not to be visited.
        freshness: Freshness,
        /// To be remembered in place of the old ones.
        validators: Validators,
        /// As [`Document::moved_to`]: a 304 there says that its document is the one that was stored.
        moved_to: Option<Box<Url>>,
    },
    /// A document to be read.
    Page(Box<Document>),
}

/// A document and what is to be remembered of it.
#[derive(Clone, Debug)]
pub struct Document {
    /// The document.
    pub page: Page,
    /// As sent with it. Empty for a file.
    pub validators: Validators,
    /// SHA-256 of `page.body`.
    pub digest: Digest,
    /// The status of the answer that held it; `None` for a file.
    pub status: Option<u16>,
    /// The new address, when there were redirects and all of them were permanent (301, 308).
    pub moved_to: Option<Url>,
    /// How long the server asks not to be visited.
    pub freshness: Freshness,
}

impl Document {
    /// A document that is at hand already.
    pub fn of(page: Page) -> Document {
        Document {
            digest: Digest(Sha256::digest(&page.body).into()),
            page,
            validators: Validators::default(),
            status: None,
            moved_to: None,
            freshness: Freshness::default(),
        }
    }
}
