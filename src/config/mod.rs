//! The configuration file, read and checked.
//!
//! The way in is [`Config::load`]. What it returns is not doubted by any later stage: addresses are
//! absolute, ids unique, paths relative to the file's folder. Defaults stand beside the code that they govern, in
//! the `Settings` of each stage.

mod check;
mod edit;
mod error;
mod file;
mod hide;
mod list;
mod units;

use std::path::{Path, PathBuf};

use check::Around;
pub use edit::{Added, replace, with_sources};
pub use error::{ConfigError, Mistake};
pub use list::written as list_written;

use crate::model::{Output, Site, Source};
use crate::{dedupe, fetch, publish, store};

/// A longer configuration is none.
const MOST_BYTES: u64 = 16 << 20;

/// A checked configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file it was read from.
    pub path: PathBuf,
    /// `[site]`.
    pub site: Site,
    /// `[store]`.
    pub store: store::Location,
    /// Copies of the store that are kept, one a day; 0: none is made (`store.backups`).
    pub backups: usize,
    /// `[publish]`.
    pub publish: publish::Settings,
    /// `[fetch]`.
    pub fetch: fetch::Settings,
    /// `[dedupe]`.
    pub dedupe: dedupe::Settings,
    /// `[notify]`: the dead man's switch that runs report to.
    pub ping: Option<fetch::Ping>,
    /// Pages that were saved with what was seen in them, for `check` (`check.pages`).
    pub pages: Option<PathBuf>,
    /// `[[source]]`, in the file's order, ids unique.
    pub sources: Vec<Source>,
    /// `[[output]]`, in the file's order, ids unique; at least one.
    pub outputs: Vec<Output>,
}

impl Config {
    /// Reads and checks a file.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        let unreadable = |cause| ConfigError::Unreadable { path: path.to_owned(), cause };
        // A device or a pipe would be read for ever.
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if !metadata.is_file() || metadata.len() > MOST_BYTES {
            return Err(unreadable(std::io::Error::other("it is not a file of at most 16 MiB")));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        check::read_in(path, &text, &Around { exposed: is_exposed(&metadata), ..Around::default() })
    }

    /// Checks a text as if it had been read from `path`, which nobody else may read.
    pub fn parse(path: &Path, text: &str) -> Result<Config, ConfigError> {
        check::read(path, text)
    }
}

/// Whether others than its owner may read a file.
#[cfg(unix)]
fn is_exposed(metadata: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o044 != 0
}

/// Elsewhere rights are not so simple; the folder's decide.
#[cfg(not(unix))]
fn is_exposed(_: &std::fs::Metadata) -> bool {
    false
}

/// The first of these files that is there: `named` (then it has to be), else `./oncefeed.toml`, else
/// the one in the XDG configuration folder, else `/etc/oncefeed/oncefeed.toml`.
pub fn find(named: Option<&Path>, xdg: Option<&Path>) -> Result<PathBuf, ConfigError> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let mut looked = vec![PathBuf::from("oncefeed.toml")];
    looked.extend(xdg.map(|folder| folder.join("oncefeed/oncefeed.toml")));
    looked.push(PathBuf::from("/etc/oncefeed/oncefeed.toml"));
    match looked.iter().find(|path| path.exists()) {
        Some(path) => Ok(path.clone()),
        None => Err(ConfigError::Absent { looked }),
    }
}

/// Reads `1h30m` and the like, as in the configuration.
pub fn duration(text: &str) -> Result<std::time::Duration, String> {
    units::duration(text)
}
