//! Writes editions as feed files.
//!
//! [`render`] makes bytes of an [`Edition`]: pure, and equal for equal editions. Nothing in here knows
//! where stories come from or why they were folded.

use thiserror::Error;

use crate::model::{Edition, Format, Site};

mod atom;
mod body;
mod check;
mod clean;
mod media;
mod rss;
mod sheet;

#[cfg(test)]
mod tests;

/// A file to be published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name in the directory: `world.rss`.
    pub name: String,
    /// All of it, checked.
    pub bytes: Vec<u8>,
    /// How many entries are in it.
    pub entries: usize,
}

/// Why something could not be published. The file that it names is as it was before.
#[derive(Debug, Error)]
pub enum PublishError {
    /// What was rendered is not a valid feed.
    #[error("`{name}` would not be a valid feed: {why}")]
    Invalid {
        /// The file.
        name: String,
        /// What is wrong with it.
        why: String,
    },
}

impl PublishError {
    /// What the user can do about it, and what is still intact.
    pub fn help(&self) -> String {
        match self {
            PublishError::Invalid { name, .. } => {
                format!(
                    "this is a fault in oncefeed, please report it; `{name}` is as it was before"
                )
            }
        }
    }
}

/// Makes the files of an edition, one for each of the output's formats and in their order. Each has
/// been read back: it is well-formed, and its entries have the ids, titles and order of the edition.
///
/// An edition without entries makes valid feeds without entries.
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
        };
        let checked =
            written.and_then(|bytes| check::check(format, &sheet, &bytes).map(|()| bytes));
        let bytes = checked.map_err(|why| PublishError::Invalid { name: name.clone(), why })?;
        files.push(File { name, bytes, entries: sheet.entries.len() });
    }
    Ok(files)
}
