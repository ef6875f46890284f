//! Writes editions as feed files and pages.
//!
//! [`render`] makes bytes of an [`Edition`], [`index`](index()) the page that lists them: pure, and equal
//! for equal editions. [`write()`] puts them where they are served: whole or not at all, and untouched
//! when nothing changed. Nothing in here knows where stories come from or why they were folded.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::model::{Edition, Format, Site};

mod atom;
mod body;
mod check;
mod clean;
mod files;
mod index;
mod json;
mod language;
mod looks;
mod markup;
mod media;
mod opml;
mod page;
mod past;
mod pending;
mod person;
mod references;
mod rss;
mod sheet;
mod strays;

#[cfg(test)]
mod tests;

pub use files::write;
pub use index::{Listed, index};
pub use language::language;
pub use opml::{Subscribable, opml};
pub use past::past;
pub use pending::{expect, pending};
pub use strays::strays;

/// `[publish]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Where the files are written; made when missing.
    pub dir: PathBuf,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { dir: PathBuf::from("public") }
    }
}

/// A file to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the directory: `world.rss`.
    pub name: String,
    /// All of it, checked.
    pub bytes: Vec<u8>,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its name in the directory.
    pub name: String,
    /// Whether its bytes are others than before.
    pub changed: bool,
}

/// Why something could not be published. The file that it names is as it was before.
#[derive(Debug, Error)]
pub enum PublishError {
    /// What was rendered is not valid.
    #[error("`{name}` would not be valid: {why}")]
    Invalid {
        /// The file.
        name: String,
        /// What is wrong with it.
        why: String,
    },
    /// The directory is missing and cannot be made.
    #[error("cannot create the directory `{}`", dir.display())]
    Uncreatable {
        /// The directory.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A file cannot be read for comparison, written or put in its place.
    #[error("cannot write `{}`", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The name leads out of the directory, by itself or through a symbolic link.
    #[error("`{}` leads out of the directory of published files", path.display())]
    Outside {
        /// The file.
        path: PathBuf,
    },
}

impl PublishError {
    /// What the user can do about it, and what is still intact.
    pub fn help(&self) -> String {
        match self {
            PublishError::Invalid { name, .. } => {
                format!("this is a fault in oncefeed, please report it; `{name}` is as it was before")
            }
            PublishError::Uncreatable { .. } => {
                "nothing was written; correct `publish.dir` or the permissions of the folder above it".to_owned()
            }
            PublishError::Unwritable { path, .. } => format!(
                "`{}` is as it was before; see to the free space and the permissions of its folder",
                path.display()
            ),
            PublishError::Outside { path } => {
                format!("nothing was written there; remove the symbolic link `{}`", path.display())
            }
        }
    }
}

/// Where a file is served, as feeds say it of themselves (`rel=self`); `None` when that is not known.
pub fn address(site: &Site, name: &str) -> Option<String> {
    Some(format!("{}{name}", site.base_url.as_ref().and_then(sheet::home)?))
}

/// Makes the files of an edition, one for each of the output's formats and in their order. Each has
/// been read back: it is well-formed, and its entries have the ids, titles and order of the edition.
///
/// An edition without entries makes valid feeds without entries; see [`write()`].
pub fn render(site: &Site, edition: &Edition) -> Result<Vec<File>, PublishError> {
    let sheet = sheet::Sheet::of(site, edition);
    let mut files: Vec<File> = Vec::new();
    for &format in &edition.output.formats {
        let name = sheet.file_name(format);
        if files.iter().any(|file| file.name == name) {
            continue;
        }
        let written = match format {
            Format::Rss => rss::write(&sheet).map_err(|error| error.to_string()),
            Format::Atom => atom::write(&sheet).map_err(|error| error.to_string()),
            Format::Json => json::write(&sheet).map_err(|error| error.to_string()),
            Format::Html => Ok(page::write(&sheet)),
        };
        let checked = written.and_then(|bytes| check::check(format, &sheet, &bytes).map(|()| bytes));
        let bytes = checked.map_err(|why| PublishError::Invalid { name: name.clone(), why })?;
        files.push(File { name, bytes });
    }
    Ok(files)
}
