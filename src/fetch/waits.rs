//! Hosts that wait, from one run to the next: what the client is told at the start, and tells in the end.

use chrono::{DateTime, Utc};
use url::Url;

use super::client::Client;
use crate::model::Host;

impl Client {
    /// Lets hosts wait that were told so in earlier runs.
    pub fn recall_hosts(&self, waiting: &[Host], now: DateTime<Utc>) {
        self.turns.recall(waiting, now);
    }

    /// Whether the host of an address has asked to be left alone beyond `now`: then it is not asked.
    pub fn waits(&self, url: &Url, now: DateTime<Utc>) -> bool {
        self.turns.waits(url.host_str().unwrap_or_default(), now)
    }

    /// The hosts that were told to wait in this run, by name, until [`Client::saved_hosts`] is told of them.
    pub fn unsaved_hosts(&self) -> Vec<Host> {
        self.turns.unsaved()
    }

    /// These will be known to the next run.
    pub fn saved_hosts(&self, hosts: &[Host]) {
        self.turns.saved(hosts);
    }
}
