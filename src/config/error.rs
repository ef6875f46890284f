//! What is wrong with a configuration, where, and what to write instead.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::hide;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// None was named and none was found.
    #[error("no configuration found; looked for {}", list(looked))]
    Absent {
        /// Where it was looked for, in order.
        looked: Vec<PathBuf>,
    },
    /// It cannot be read.
    #[error("{}: {cause}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// It says something that it cannot mean.
    #[error("{0}")]
    Invalid(Box<Mistake>),
}

impl ConfigError {
    /// The cure, where there is one.
    pub fn help(&self) -> Option<String> {
        match self {
            ConfigError::Absent { .. } => {
                Some("write one with `oncefeed init`, or name one with --config FILE".to_owned())
            }
            ConfigError::Unreadable { cause, .. } if cause.kind() == std::io::ErrorKind::InvalidData => {
                Some("save the file as UTF-8".to_owned())
            }
            ConfigError::Unreadable { .. } => Some("check the path and its permissions".to_owned()),
            ConfigError::Invalid(mistake) => mistake.help.clone(),
        }
    }
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}

/// A mistake at a place of a configuration file.
#[derive(Debug)]
pub struct Mistake {
    file: PathBuf,
    /// Line and column, from 1; columns count characters.
    place: Option<(usize, usize)>,
    /// The line that it is in, and how many of its characters it takes.
    line: Option<(String, usize)>,
    message: String,
    help: Option<String>,
}

impl Mistake {
    /// A mistake at a byte range of the text; without one, of the file as a whole.
    pub(super) fn at(
        file: &Path,
        text: &str,
        span: Option<Range<usize>>,
        message: String,
        help: Option<String>,
    ) -> Mistake {
        let file = file.to_owned();
        let Some(before) = span.as_ref().and_then(|span| text.get(..span.start)) else {
            return Mistake { file, place: None, line: None, message, help };
        };
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let number = before.matches('\n').count() + 1;
        let column = before[start..].chars().count() + 1;
        let line = hide::line(text, start);
        let length =
            span.and_then(|span| text.get(span)).map_or(1, |part| part.lines().next().unwrap_or("").chars().count());
        Mistake { file, place: Some((number, column)), line: Some((line, length.max(1))), message, help }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some((line, column)) = self.place {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        if let (Some((number, column)), Some((line, length))) = (self.place, &self.line) {
            let margin = number.to_string().len();
            // A tab before the mistake must be as wide below as it is above.
            let indent: String = line.chars().take(column - 1).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            write!(f, "\n{number} | {line}\n{:margin$} | {indent}{}", "", "^".repeat(*length))?;
        }
        Ok(())
    }
}
