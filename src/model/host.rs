//! What is remembered of a host between runs, so that a restart makes nobody rude.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A host that asked to be left alone, or kept failing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// As in addresses: lower case, without port and without a dot at its end.
    pub name: String,
    /// No request to any of its addresses before this.
    pub waits_until: DateTime<Utc>,
}

/// What the robots.txt of one site says to this program (RFC 9309).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Robots {
    /// Scheme, host and port, as in `https://n.example` or `http://n.example:8080`.
    pub origin: String,
    /// The product token that the rules were read for, lower case.
    pub token: String,
    /// When it was asked for last, whatever came of it.
    pub asked: DateTime<Utc>,
    /// Since when it could not be reached; `None`: the last answer holds.
    pub unreachable: Option<DateTime<Utc>>,
    /// The rules of the last answer, in its order. None at all: everything is allowed. `None`: there
    /// never was an answer.
    pub rules: Option<Vec<RobotsRule>>,
}

/// One `Allow` or `Disallow` of a robots.txt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RobotsRule {
    /// Whether it allows what it matches.
    pub allow: bool,
    /// Beginning of a path with its query, with `*` for anything and `$` at the end for the end;
    /// percent-encoding normalised.
    pub path: String,
}
