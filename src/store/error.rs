//! What can go wrong with a store, in the words of the person who has to mend it.

/// Why the store could not do it. A store that fails ends the run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another run holds the lock, or keeps the database busy for longer than we wait.
    #[error("another run is at work on {store}{}", holder.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
    Locked {
        /// Which store.
        store: String,
        /// Who holds it, as it said of itself, e.g. `process 4711 since 2026-11-24T06:00:00Z`.
        holder: Option<String>,
    },
    /// The schema was written by a newer version of the program.
    #[error("{store} has schema {found}, this program knows up to {known}")]
    Newer {
        /// Which store.
        store: String,
        /// Its schema's version.
        found: u32,
        /// The newest version known.
        known: u32,
    },
    /// It is not a database of ours, or is damaged.
    #[error("{store} is not a database that can be read: {cause}")]
    Corrupt {
        /// Which store.
        store: String,
        /// What the database said.
        cause: String,
    },
    /// The file or its folder cannot be made or written.
    #[error("{store} cannot be opened for writing: {cause}")]
    Unwritable {
        /// Which store.
        store: String,
        /// What the system said.
        cause: String,
    },
    /// The database failed while at work (disk full, input/output error).
    #[error("{store} failed: {cause}")]
    Failed {
        /// Which store.
        store: String,
        /// What the database said.
        cause: String,
    },
}

impl StoreError {
    /// The cure, where there is one.
    pub fn help(&self) -> Option<String> {
        let cure = match self {
            StoreError::Locked { .. } => {
                "wait until it ends; the lock goes with its process, so there is never a file to delete"
            }
            StoreError::Newer { .. } => "install the newer oncefeed again, or give another file in `store.url`",
            StoreError::Corrupt { .. } => {
                "put a backup in its place, or move the file away to begin anew; feeds already published stay as they are"
            }
            StoreError::Unwritable { .. } => {
                "make the folder writable for the user who runs oncefeed, or correct `store.url`"
            }
            StoreError::Failed { .. } => {
                "look for a full or failing disk; nothing was half done, so run again when it is mended"
            }
        };
        Some(cure.to_owned())
    }
}
