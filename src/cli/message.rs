//! Failures as a person reads them: what, and what to do about it; and their exit codes.

use std::fmt::Write as _;
use std::io;

use crate::config::ConfigError;
use crate::publish::PublishError;
use crate::refresh::RefreshError;
use crate::store::StoreError;

/// The exit codes that INTERFACE.md promises.
pub(super) mod code {
    pub(crate) const FAILURE: u8 = 1;
    pub(crate) const USAGE: u8 = 2;
    pub(crate) const SOME_FAILED: u8 = 3;
    pub(crate) const ALL_FAILED: u8 = 4;
    pub(crate) const DATA: u8 = 65;
    pub(crate) const CANNOT_CREATE: u8 = 73;
    pub(crate) const CANNOT_WRITE: u8 = 74;
    pub(crate) const LOCKED: u8 = 75;
    pub(crate) const CONFIG: u8 = 78;
    pub(crate) const INTERRUPTED: u8 = 130;
    pub(crate) const TERMINATED: u8 = 143;
}

/// Why a command ended early.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) code: u8,
    pub(super) what: String,
    pub(super) help: Option<String>,
    /// Nobody reads any more: end without a word, as `head` expects.
    pub(super) silent: bool,
}

impl Failure {
    pub(super) fn new(code: u8, what: impl Into<String>) -> Failure {
        Failure { code, what: what.into(), help: None, silent: false }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Failure {
        Failure { help: Some(help.into()), ..self }
    }

    /// An input that cannot be read or understood.
    pub(super) fn data(what: impl Into<String>) -> Failure {
        Failure::new(code::DATA, what)
    }

    pub(super) fn stdin(cause: io::Error) -> Failure {
        Failure::data(format!("the input cannot be read: {cause}"))
    }

    pub(super) fn stdout(cause: io::Error) -> Failure {
        let silent = cause.kind() == io::ErrorKind::BrokenPipe;
        let code = if silent { 0 } else { code::CANNOT_WRITE };
        Failure { silent, ..Failure::new(code, format!("standard output cannot be written: {cause}")) }
    }
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Failure {
        Failure::stdout(cause)
    }
}

impl From<ConfigError> for Failure {
    fn from(cause: ConfigError) -> Failure {
        Failure { help: cause.help(), ..Failure::new(code::CONFIG, cause.to_string()) }
    }
}

impl From<StoreError> for Failure {
    fn from(cause: StoreError) -> Failure {
        let code = match &cause {
            StoreError::Locked { .. } | StoreError::Busy { .. } => code::LOCKED,
            StoreError::Newer { .. } | StoreError::Corrupt { .. } => code::DATA,
            StoreError::Unwritable { .. } => code::CANNOT_CREATE,
            StoreError::Full { .. } | StoreError::Failed { .. } => code::CANNOT_WRITE,
        };
        Failure { help: cause.help(), ..Failure::new(code, cause.to_string()) }
    }
}

impl From<PublishError> for Failure {
    fn from(cause: PublishError) -> Failure {
        let code = match &cause {
            PublishError::Invalid { .. } => code::FAILURE,
            PublishError::Uncreatable { .. } | PublishError::Outside { .. } => code::CANNOT_CREATE,
            // Where nothing may be made, no disk has failed.
            PublishError::Unwritable { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => code::CANNOT_CREATE,
                _ => code::CANNOT_WRITE,
            },
        };
        Failure { help: Some(cause.help()), ..Failure::new(code, chain(&cause)) }
    }
}

impl From<RefreshError> for Failure {
    fn from(cause: RefreshError) -> Failure {
        match cause {
            RefreshError::Store(cause) => cause.into(),
            RefreshError::Publish(cause) => cause.into(),
            RefreshError::Stopped => Failure::new(code::TERMINATED, cause.to_string()),
        }
    }
}

/// An error and its causes as one phrase.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let _ = write!(text, ": {inner}");
        cause = inner.source();
    }
    text
}

/// Joins a subject, what happened to it and the cure, as printed on standard error.
pub(super) fn message(level: &str, what: &str, help: Option<&str>) -> String {
    let mut text = format!("{level}: {}", printable(what));
    if let Some(help) = help {
        let _ = write!(text, "\n  help: {}", printable(help));
    }
    text
}

/// Text from the network must not steer a terminal: control characters are shown, not sent.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect()
}
