//! One run at a time: a lock that the kernel holds, so that it ends with its process.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use super::sqlite::Sqlite;
use super::{Location, StoreError};

/// The right to write to a store, until dropped. It is never judged by its age: a lock whose
/// process is gone is no lock.
#[derive(Debug)]
pub struct Lock {
    /// `None` for memory, which nobody else can see.
    file: Option<File>,
}

/// Takes the lock of a store, or says at once who has it. `holder` is what others are told about us. After a holder
/// that did not end well the store is looked through first, and not given when it is damaged
/// ([`StoreError::Corrupt`]).
pub fn lock(location: &Location, holder: &str) -> Result<Lock, StoreError> {
    let Location::Sqlite(database) = location else { return Ok(Lock { file: None }) };
    make_folder(database)?;
    let path = beside(database);
    let mut file = private(OpenOptions::new().read(true).write(true).create(true).truncate(false))
        .open(&path)
        .map_err(|cause| unwritable(&path, &cause))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held(database, file)),
        Err(TryLockError::Error(cause)) => return Err(unwritable(&path, &cause)),
    }
    // Who gives a lock back takes its note away, and who closes a database last empties its log.
    if file.metadata().is_ok_and(|file| file.len() > 0) || Sqlite::has_log(database) {
        // The note stays until it was found sound, however often that takes.
        Sqlite::look_through(database)?;
    }
    // On a full disk there may be no room for a note, and it is the lock that counts.
    let _ = file.set_len(0).and_then(|()| file.write_all(holder.as_bytes()));
    Ok(Lock { file: Some(file) })
}

impl Drop for Lock {
    /// The file stays: whoever removed it could remove the lock of the next.
    fn drop(&mut self) {
        if let Some(file) = &self.file {
            // A note left behind harms nobody, since only the lock itself counts.
            let _ = file.set_len(0);
        }
    }
}

/// Makes the folder that a database is to be in, for this user alone.
pub(super) fn make_folder(database: &Path) -> Result<(), StoreError> {
    let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) else {
        return Ok(());
    };
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|cause| StoreError::Unwritable {
        store: database.display().to_string(),
        cause: format!("its folder cannot be made: {cause}"),
    })
}

/// Lets nobody but this user read what is made.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

pub(super) fn unwritable(path: &Path, cause: &std::io::Error) -> StoreError {
    StoreError::Unwritable { store: path.display().to_string(), cause: cause.to_string() }
}

/// `oncefeed.db` has its lock in `oncefeed.db.lock`.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(".lock");
    name.into()
}

fn held(database: &Path, file: File) -> StoreError {
    let mut note = Vec::new();
    // A holder that cannot be read is still a holder.
    let _ = file.take(200).read_to_end(&mut note);
    let note = String::from_utf8_lossy(&note).trim().to_owned();
    StoreError::Locked { store: database.display().to_string(), holder: (!note.is_empty()).then_some(note) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_was_first() {
        let folder = tempfile::tempdir().unwrap();
        let location = Location::Sqlite(folder.path().join("new/folder/oncefeed.db"));
        let first = lock(&location, "process 4711").unwrap();
        let begun = std::time::Instant::now();
        let refused = lock(&location, "process 4712").unwrap_err();
        assert!(matches!(&refused, StoreError::Locked { holder: Some(h), .. } if h == "process 4711"), "{refused:?}");
        // At once: it does not wait for the lock. (A busy machine is forgiven a moment.)
        assert!(begun.elapsed().as_secs() < 5);
        drop(first);
        lock(&location, "process 4713").unwrap();
    }

    #[test]
    fn a_file_left_behind_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.db.lock"), "process 1, long dead, whose words were many").unwrap();
        let location = Location::Sqlite(folder.path().join("a.db"));
        let _lock = lock(&location, "me").unwrap();
        assert_eq!(std::fs::read(folder.path().join("a.db.lock")).unwrap(), b"me");
    }

    #[test]
    fn memory_is_never_locked() {
        let _one = lock(&Location::Memory, "one").unwrap();
        lock(&Location::Memory, "two").unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("file"), "").unwrap();
        let location = Location::Sqlite(folder.path().join("file/below/a.db"));
        let error = lock(&location, "me").unwrap_err();
        assert!(matches!(error, StoreError::Unwritable { .. }), "{error:?}");
        assert!(error.help().is_some());
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let _lock = lock(&Location::Sqlite(folder.path().join("sub/a.db")), "me").unwrap();
        let mode = |path: &str| std::fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("sub"), mode("sub/a.db.lock")), (0o700, 0o600));
    }
}
