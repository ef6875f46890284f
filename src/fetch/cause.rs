//! What lies beneath an error of a library.

use std::error::Error;
use std::fmt;
use std::io;

/// What lay beneath an error, in words that are safe to print.
#[derive(Debug)]
pub struct Cause(String);

impl Cause {
    /// A cause in words of ours.
    pub(super) fn new(text: &str) -> Cause {
        Cause(text.to_owned())
    }

    /// The deepest cause: the ones above it only say in which layer it was noticed.
    pub(crate) fn of(error: &(dyn Error + 'static)) -> Cause {
        let deepest = causes(error).last().map(ToString::to_string).unwrap_or_default();
        // Some of it may come from a certificate or an answer.
        Cause(deepest.chars().filter(|c| !c.is_control()).take(200).collect())
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Error for Cause {}

/// The error and what caused it, outermost first. An [`io::Error`] names the cause of what it
/// wraps as its own, so that one would be left out.
pub(super) fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(wrapped) => Some(wrapped as &(dyn Error + 'static)),
            None => error.source(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_cause_is_named_and_harmless() {
        let inner = io::Error::new(io::ErrorKind::InvalidData, "bad\n\u{1b}[31mcertificate");
        let outer = io::Error::other(inner);
        assert_eq!(Cause::of(&outer).to_string(), "bad[31mcertificate");
    }
}
