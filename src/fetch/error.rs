//! What can go wrong on a visit, and what can be done about it.

use std::io;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::cause::Cause;
use crate::model::{Access, OutcomeKind};

/// Why a visit brought nothing.
///
/// Every `url` is [`redacted`](super::redacted); a `limit` is in bytes; a `retry_after` counts from
/// the visit and is at most [`LONGEST_WAIT`](super::LONGEST_WAIT).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the phrases say what the fields are")]
pub enum FetchError {
    #[error("{url} leads to {address}, which is not a public address")]
    AddressRefused { url: String, address: IpAddr },
    #[error("`{scheme}:` addresses are not fetched")]
    SchemeRefused { scheme: String },
    #[error("{url} names port {port}, which is not one of the web")]
    PortRefused { url: String, port: u16 },
    #[error("a redirect led to {url}, which contains a user name or password")]
    UserInfoRefused { url: String },
    #[error("a redirect led to {url} without encryption, though the source has a secret")]
    DowngradeRefused { url: String },
    #[error("{url} has no host")]
    NoHost { url: String },
    #[error("the host name of {url} cannot be found")]
    Dns {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("{url} cannot be connected to")]
    Connect {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("{url} closed the connection without an answer")]
    Disconnected {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("{url} took too long to answer")]
    TimedOut { url: String },
    #[error("no secure connection to {url}")]
    Tls {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("no certificates of authorities (CA) on this system")]
    NoCaRoots {
        #[source]
        cause: Cause,
    },
    #[error("the certificates of `ca_file` cannot be used")]
    BadRoots {
        #[source]
        cause: Cause,
    },
    /// The address is that of the proxy.
    #[error("the proxy {proxy} leads nowhere: {cause}")]
    Proxy { proxy: String, cause: Cause },
    #[error("the `User-Agent` `{value}` cannot be sent")]
    UserAgent { value: String },
    #[error("{url} answered with what is not HTTP")]
    NotHttp {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("{url} redirects without end")]
    TooManyRedirects { url: String },
    #[error("{url} does not say where it leads")]
    LeadsNowhere { url: String },
    #[error("{url} answered {code}, a redirect, without saying where to")]
    NoLocation { url: String, code: u16 },
    #[error("{url} answered {code}, a redirect to what is not an address")]
    BadLocation { url: String, code: u16 },
    #[error("{url} answered {code}")]
    Status {
        url: String,
        code: u16,
        retry_after: Option<Duration>,
        /// The answer is a test whether a person asks (`cf-mitigated: challenge`).
        challenge: bool,
    },
    #[error("{url} answered 304, \"not modified\", though it was not asked whether it was")]
    Unexpected304 { url: String },
    #[error("{host} is left alone for another {}: it refused us, or kept failing", shown(.retry_after))]
    HostWaits { host: String, retry_after: Duration },
    /// The source answered, and led to where nobody was asked.
    #[error(transparent)]
    Beyond { cause: Box<FetchError> },
    #[error("{url} is closed to programs, says the site's robots.txt")]
    RobotsForbid { url: String },
    #[error("{origin} is left alone for another {}: its robots.txt cannot be reached", shown(.retry_after))]
    RobotsUnknown { origin: String, retry_after: Duration },
    #[error("{url} is larger than {}", size(*limit))]
    TooLarge { url: String, limit: u64 },
    #[error("{url} is small but decompresses to more than {}", size(*limit))]
    Inflates { url: String, limit: u64 },
    #[error("{url} ended before its end")]
    Truncated {
        url: String,
        #[source]
        cause: Cause,
    },
    #[error("{url} is encoded as `{encoding}`, which is not known")]
    UnknownEncoding { url: String, encoding: String },
    #[error("{url} is damaged: it is not the {encoding} data that it says it is")]
    BadEncoding {
        url: String,
        encoding: &'static str,
        #[source]
        cause: Cause,
    },
    #[error("the program `{program}` of `render` is not there")]
    RenderMissing { program: String },
    #[error("the program `{program}` of `render` cannot be run")]
    RenderUnusable {
        program: String,
        #[source]
        cause: Cause,
    },
    #[error("there is no folder for the program of `render` to work in")]
    RenderFolder {
        #[source]
        cause: io::Error,
    },
    #[error("`{program}` took longer than {} to render {url}, and was ended", shown(.limit))]
    RenderTimedOut { url: String, program: String, limit: Duration },
    /// `said` is the last line of its standard error, or empty.
    #[error("`{program}`, which was to render {url}, {ended}{}", saying(.said))]
    RenderFailed { url: String, program: String, ended: String, said: String },
    #[error("`{program}` printed nothing for {url}{}", saying(.said))]
    RenderEmpty { url: String, program: String, said: String },
    #[error("{} does not exist", path.display())]
    FileMissing { path: PathBuf },
    #[error("{} is not a file", path.display())]
    NotAFile { path: PathBuf },
    #[error("{} may not be read by this user", path.display())]
    FileDenied { path: PathBuf },
    #[error("{} is larger than {}", path.display(), size(*limit))]
    FileTooLarge { path: PathBuf, limit: u64 },
    #[error("{} cannot be read", path.display())]
    FileUnreadable {
        path: PathBuf,
        #[source]
        cause: io::Error,
    },
}

impl FetchError {
    /// The class of the visit's end.
    pub fn kind(&self) -> OutcomeKind {
        use FetchError::*;
        match self {
            Beyond { cause } => cause.kind(),
            AddressRefused { .. }
            | SchemeRefused { .. }
            | PortRefused { .. }
            | UserInfoRefused { .. }
            | DowngradeRefused { .. } => OutcomeKind::Blocked,
            Status { code: 410, .. } => OutcomeKind::Gone,
            Status { code: 408 | 425 | 429 | 500..=599, .. }
            | Dns { .. }
            | Connect { .. }
            | Proxy { .. }
            | Disconnected { .. }
            | TimedOut { .. }
            | HostWaits { .. }
            | RobotsUnknown { .. }
            | RenderTimedOut { .. }
            | RenderFailed { .. }
            | RenderEmpty { .. }
            | Truncated { .. } => OutcomeKind::RetryLater,
            _ => OutcomeKind::Failed,
        }
    }

    /// Whatever in it came from an address or an answer.
    pub(super) fn texts(&mut self) -> Vec<&mut String> {
        use FetchError::*;
        match self {
            Beyond { cause } => cause.texts(),
            AddressRefused { url, .. }
            | PortRefused { url, .. }
            | UserInfoRefused { url, .. }
            | DowngradeRefused { url, .. }
            | NoHost { url, .. }
            | Dns { url, .. }
            | Connect { url, .. }
            | Disconnected { url, .. }
            | TimedOut { url, .. }
            | Tls { url, .. }
            | NotHttp { url, .. }
            | TooManyRedirects { url, .. }
            | NoLocation { url, .. }
            | BadLocation { url, .. }
            | Status { url, .. }
            | Unexpected304 { url, .. }
            | TooLarge { url, .. }
            | Inflates { url, .. }
            | Truncated { url, .. }
            | LeadsNowhere { url }
            | RobotsForbid { url }
            | RenderTimedOut { url, .. }
            | BadEncoding { url, .. } => vec![url],
            RobotsUnknown { origin, .. } => vec![origin],
            UnknownEncoding { url, encoding } => vec![url, encoding],
            RenderFailed { url, said, .. } | RenderEmpty { url, said, .. } => vec![url, said],
            HostWaits { host, .. } => vec![host],
            SchemeRefused { scheme } => vec![scheme],
            NoCaRoots { .. } | BadRoots { .. } | Proxy { .. } | UserAgent { .. } => Vec::new(),
            RenderMissing { .. } | RenderUnusable { .. } | RenderFolder { .. } => Vec::new(),
            FileMissing { .. } | NotAFile { .. } | FileDenied { .. } | FileTooLarge { .. } | FileUnreadable { .. } => {
                Vec::new()
            }
        }
    }

    /// What the user can do about it; `None` where waiting is all there is to do.
    pub fn help(&self) -> Option<String> {
        use FetchError::*;
        let help = match self {
            Beyond { cause } => return cause.help(),
            AddressRefused { address, .. } => {
                let bits = if address.is_ipv4() { 32 } else { 128 };
                return Some(format!(
                    "if that machine is meant, add \"{address}/{bits}\" to `allow_private` in [fetch]"
                ));
            }
            SchemeRefused { .. } => "use an address that begins with https:// or http://",
            PortRefused { .. } | NoHost { .. } => "correct `url`",
            UserInfoRefused { .. } | DowngradeRefused { .. } => {
                "open the address in a browser and put the one it ends at into `url`"
            }
            Dns { .. } => "check the spelling of `url`, and that this machine is online",
            Connect { .. } => "check `url`; the server may be down",
            TimedOut { .. } => "nothing, if it is rare; else raise `timeout` in [fetch]",
            Tls { .. } => "open the address in a browser: the server's certificate may be wrong",
            NoCaRoots { .. } => "install the package `ca-certificates`, or name a file with them: `ca_file` in [fetch]",
            BadRoots { .. } => "put PEM certificates into the file that `ca_file` names",
            Proxy { .. } => "see whether the proxy runs and lets this address through; else correct `proxy`",
            UserAgent { .. } => "use one line of plain characters for `user_agent` in [fetch]",
            TooManyRedirects { .. } | NoLocation { .. } | BadLocation { .. } => {
                "open the address in a browser and correct `url`"
            }
            Status { challenge: true, .. } => {
                "the site lets only browsers in; ask its owner, or look for another feed of it"
            }
            Status { code: 429 | 500..=599, retry_after: Some(wait), .. } if !wait.is_zero() => {
                return Some(format!(
                    "the server asks to be left alone for {}; the next visit waits as long",
                    shown(wait)
                ));
            }
            Status { code, .. } => return status_help(*code).map(str::to_owned),
            RobotsForbid { .. } | RobotsUnknown { .. } => {
                "ask the site's owner; an address that you put into `url` of a source yourself is exempt"
            }
            TooLarge { .. } | FileTooLarge { .. } => "if it is meant to be so large, raise `max_bytes` in [fetch]",
            RenderMissing { .. } => "install it, or write the path of another program first in `render`",
            RenderUnusable { .. } => "see whether the user who runs this may run it",
            RenderFolder { .. } => "make room where temporary files go, or set TMPDIR to another folder",
            RenderTimedOut { .. } => "nothing, if it is rare; else raise `render_timeout`",
            RenderFailed { .. } | RenderEmpty { .. } => {
                "run the command of `render` in a terminal, with the address in the place of {url}: it has to print HTML"
            }
            FileMissing { .. } | NotAFile { .. } => "correct `url` of the source",
            FileDenied { .. } => "give the user who runs this the right to read it",
            NotHttp { .. } | Inflates { .. } | UnknownEncoding { .. } | BadEncoding { .. } => {
                "the server is at fault; tell its owner if it stays so"
            }
            Disconnected { .. }
            | Unexpected304 { .. }
            | HostWaits { .. }
            | LeadsNowhere { .. }
            | Truncated { .. }
            | FileUnreadable { .. } => return None,
        };
        Some(help.to_owned())
    }

    /// What the user can do about it at a source that is reached like this.
    pub fn help_for(&self, access: &Access) -> Option<String> {
        match self {
            FetchError::Status { code: 401 | 403, challenge: false, .. } if access.sends_credentials() => Some(
                "see whether the credentials still hold; they go to the site of `url` alone, so where it leads to \
                 another, write that"
                    .to_owned(),
            ),
            error => error.help(),
        }
    }

    /// The status that was answered, where it is what went wrong.
    pub fn http_status(&self) -> Option<u16> {
        match self {
            FetchError::Status { code, .. }
            | FetchError::NoLocation { code, .. }
            | FetchError::BadLocation { code, .. } => Some(*code),
            FetchError::Unexpected304 { .. } => Some(304),
            _ => None,
        }
    }

    /// How long the server asked to wait, at most seven days; `None`: it did not say.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            FetchError::Beyond { cause } => cause.retry_after(),
            FetchError::Status { retry_after, .. } => *retry_after,
            FetchError::HostWaits { retry_after, .. } | FetchError::RobotsUnknown { retry_after, .. } => {
                Some(*retry_after)
            }
            _ => None,
        }
    }

    /// Whether a server may have been asked: false where none was found or reached.
    pub fn was_asked(&self) -> bool {
        use FetchError::*;
        !matches!(self, Dns { .. } | Connect { .. } | NoCaRoots { .. } | HostWaits { .. })
    }

    /// Whether asking without compression may help: what came was damaged, or compressed in an unknown way.
    pub fn is_of_compression(&self) -> bool {
        matches!(self, FetchError::BadEncoding { .. } | FetchError::UnknownEncoding { .. })
    }

    /// Whether the server lets nobody in who does not say who they are, or that they are a person.
    pub fn is_wall(&self) -> bool {
        matches!(self, FetchError::Status { code: 401 | 407, .. } | FetchError::Status { challenge: true, .. })
    }

    /// Whether all sources of the same host must wait: it answered "too many requests".
    pub fn whole_host(&self) -> bool {
        matches!(self, FetchError::Status { code: 429, .. } | FetchError::HostWaits { .. })
    }

    /// The same failure, met behind a redirect: whoever sent the redirect was asked.
    pub(super) fn beyond(self) -> FetchError {
        if self.was_asked() { self } else { FetchError::Beyond { cause: Box::new(self) } }
    }
}

fn status_help(code: u16) -> Option<&'static str> {
    Some(match code {
        401 => "give the source its `username` and `password`, or its `token`",
        407 => "the proxy wants to know who asks: write `proxy = \"http://user:password@host:port\"`",
        403 => "the site refuses this program; ask its owner, or look for another feed of it",
        404 => "the page is gone; correct `url` or remove the source",
        410 => "the page is gone for good; remove the source",
        408 | 425 | 429 | 500..=599 => return None,
        _ => "open the address in a browser and correct `url`",
    })
}

/// What a program said last, as the tail of a phrase.
fn saying(said: &str) -> String {
    if said.is_empty() { String::new() } else { format!(": {said}") }
}

/// A wait in one unit: `45 s`, `15 min`, `2 h`.
fn shown(wait: &Duration) -> String {
    match wait.as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7200 => format!("{} min", seconds.div_ceil(60)),
        seconds => format!("{} h", seconds.div_ceil(3600)),
    }
}

/// Bytes as people configure them: `10 MiB`, where it comes out even.
fn size(bytes: u64) -> String {
    const MIB: u64 = 1024 * 1024;
    if bytes > 0 && bytes.is_multiple_of(MIB) { format!("{} MiB", bytes / MIB) } else { format!("{bytes} bytes") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16) -> FetchError {
        FetchError::Status { url: "https://n.example/".into(), code, retry_after: None, challenge: false }
    }

    #[test]
    fn a_status_has_its_class() {
        for (code, kind) in [
            (204, OutcomeKind::Failed),
            (401, OutcomeKind::Failed),
            (404, OutcomeKind::Failed),
            (408, OutcomeKind::RetryLater),
            (410, OutcomeKind::Gone),
            (429, OutcomeKind::RetryLater),
            (500, OutcomeKind::RetryLater),
            (503, OutcomeKind::RetryLater),
            (599, OutcomeKind::RetryLater),
            (999, OutcomeKind::Failed),
        ] {
            assert_eq!(status(code).kind(), kind, "{code}");
            assert_eq!(status(code).http_status(), Some(code));
            assert_eq!(status(code).whole_host(), code == 429);
        }
    }

    #[test]
    fn who_sends_credentials_is_not_told_to() {
        let open = Access::default();
        let cookies = Access { cookies: Some(crate::model::Secret::new("a=b")), ..Access::default() };
        let help = |code: u16, access: &Access| status(code).help_for(access).unwrap();
        assert!(help(401, &open).contains("`token`"));
        assert!(help(401, &cookies).contains("still hold") && help(403, &cookies).contains("still hold"));
        assert_eq!(help(404, &cookies), help(404, &open));
    }

    #[test]
    fn an_error_is_one_phrase_with_a_cure() {
        assert_eq!(status(404).to_string(), "https://n.example/ answered 404");
        let help = status(404).help();
        assert_eq!(help.as_deref(), Some("the page is gone; correct `url` or remove the source"));
        let wait = Duration::from_secs(5400);
        let busy = |code| FetchError::Status {
            url: "https://n.example/".into(),
            code,
            retry_after: Some(wait),
            challenge: false,
        };
        assert!(busy(429).help().is_some_and(|help| help.contains("left alone for 90 min")));
        assert_eq!(busy(404).help(), help);
        assert_eq!(status(429).help(), None);
        let waits = FetchError::HostWaits { host: "n.example".into(), retry_after: wait };
        assert_eq!(waits.to_string(), "n.example is left alone for another 90 min: it refused us, or kept failing");
        let large = FetchError::TooLarge { url: "https://n.example/".into(), limit: 10 << 20 };
        assert_eq!(large.to_string(), "https://n.example/ is larger than 10 MiB");
    }
}
