//! What can go wrong with a store, in the words of the person who has to mend it.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the store could not do it. A store that fails ends the run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another run holds the lock.
    #[error("another run is at work on {store}{}", holder.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
    Locked {
        /// Which store.
        store: String,
        /// Who holds it, as it said of itself, e.g. `process 4711 since 2026-11-24T06:00:00Z`.
        holder: Option<String>,
    },
    /// Another program keeps the database busy for longer than we wait.
    #[error("{store} was kept busy by another program for longer than {} seconds", PATIENCE.as_secs())]
    Busy {
        /// Which store.
        store: String,
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
        /// The newest backup of a schema that is known.
        backup: Option<PathBuf>,
    },
    /// It is not a database of ours, or is damaged.
    #[error("{store} is damaged, or no database of oncefeed: {cause}")]
    Corrupt {
        /// Which store.
        store: String,
        /// What the database said.
        cause: String,
        /// The newest backup beside it.
        backup: Option<PathBuf>,
    },
    /// The file or its folder cannot be made or written.
    #[error("{store} cannot be opened for writing: {cause}")]
    Unwritable {
        /// Which store.
        store: String,
        /// What the system said.
        cause: String,
    },
    /// No room was left for what was to be written.
    #[error("{store} cannot be written: the disk is full, or a quota is used up")]
    Full {
        /// Which store.
        store: String,
    },
    /// The database failed while at work, as by an input/output error.
    #[error("{store} failed: {cause}")]
    Failed {
        /// Which store.
        store: String,
        /// What the database said.
        cause: String,
    },
}

/// So long we wait for another that writes.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// What holds whatever happens to a store.
const INTACT: &str = "feeds already published stay as they are";

impl StoreError {
    /// The cure, where there is one.
    pub fn help(&self) -> Option<String> {
        let cure = match self {
            StoreError::Locked { .. } => {
                "wait until it ends; the lock goes with its process, so there is never a file to delete"
            }
            StoreError::Busy { .. } => {
                "end what has it open for writing, such as a `sqlite3` in a transaction, and run again; nothing was half done"
            }
            StoreError::Newer { store, backup: Some(backup), .. } => {
                return Some(format!(
                    "install the newer oncefeed again, or go back to before: {}",
                    restore(store, backup)
                ));
            }
            StoreError::Newer { .. } => "install the newer oncefeed again, or give another file in `store.url`",
            StoreError::Corrupt { store, backup: Some(backup), .. } => {
                return Some(format!("put the newest backup in its place: {}; {INTACT}", restore(store, backup)));
            }
            StoreError::Corrupt { .. } => {
                return Some(format!(
                    "there is no backup beside it; move the file away to begin anew, or correct `store.url`; {INTACT}"
                ));
            }
            StoreError::Unwritable { .. } => {
                "make the folder writable for the user who runs oncefeed, or correct `store.url`"
            }
            StoreError::Full { .. } => {
                "make room where the store is and run again; nothing was half done, and what is published stays as it is"
            }
            StoreError::Failed { .. } => {
                "look for a failing disk, or a limit on the size of files; nothing was half done, so run again when it is mended"
            }
        };
        Some(cure.to_owned())
    }
}

/// The command that puts a backup in the place of a store. The logs of the old one go: SQLite would apply them
/// to the backup.
fn restore(store: &str, backup: &Path) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
    let [old, away] = ["", ".broken"].map(|end| quoted(&format!("{store}{end}")));
    let logs = ["-wal", "-shm"].map(|end| quoted(&format!("{store}{end}"))).join(" ");
    format!("`mv {old} {away} && rm -f {logs} && cp -p {} {old}`", quoted(&backup.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(store: &str, backup: &str, command: &str) {
        assert_eq!(restore(store, Path::new(backup)), command);
    }

    #[test]
    fn a_name_of_any_kind_is_one_word_of_the_command() {
        check(
            "a b.db",
            "a b.db.2026-11-24.bak",
            "`mv 'a b.db' 'a b.db.broken' && rm -f 'a b.db-wal' 'a b.db-shm' && cp -p 'a b.db.2026-11-24.bak' 'a b.db'`",
        );
        let quote = r"'it'\''s.db'";
        check(
            "it's.db",
            "bak",
            &format!(
                r"`mv {quote} 'it'\''s.db.broken' && rm -f 'it'\''s.db-wal' 'it'\''s.db-shm' && cp -p 'bak' {quote}`"
            ),
        );
    }
}
