//! Files that are replaced whole or not at all.
//!
//! The order is: compare, write beside, flush, rename. A reader that opens a file at any moment sees
//! the old bytes or the new ones; a run that is killed leaves at most a temporary file, which the
//! next one removes.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use super::{File, PublishError, Written};
use crate::failpoint::{Point, operate};

/// How our temporary files end. They begin with a dot and the name of the file that they are for.
const SUFFIX: &str = ".oncefeed-tmp";

/// So many may write one file at once and be killed, and the next one tidies up behind them.
const WRITERS: u32 = 3;

/// Puts the files in the directory, which is made when missing; one result for each, in their order.
///
/// Equal bytes touch nothing: no new time, no temporary file. On error the files before the one named are written, it and those after it
/// are as they were.
pub fn write(files: &[File], dir: &Path) -> Result<Vec<Written>, PublishError> {
    let dir = operate(Point::Folder)
        .and_then(|()| fs::create_dir_all(dir))
        .and_then(|()| dir.canonicalize())
        .map_err(|source| PublishError::Uncreatable { dir: dir.to_owned(), source })?;
    files
        .iter()
        .map(|file| {
            let path = destination(&dir, &file.name)?;
            let changed = replace(&path, file).map_err(|source| PublishError::Unwritable { path, source })?;
            Ok(Written { name: file.name.clone(), changed })
        })
        .collect()
}

/// Where the file is: in the directory, or behind a link that stays inside it.
fn destination(dir: &Path, name: &str) -> Result<PathBuf, PublishError> {
    let path = dir.join(name);
    let outside = || PublishError::Outside { path: path.clone() };
    let mut components = Path::new(name).components();
    if !matches!((components.next(), components.next()), (Some(Component::Normal(only)), None) if only == name) {
        return Err(outside());
    }
    match fs::symlink_metadata(&path) {
        Ok(found) if found.is_symlink() => {
            // A link that leads nowhere could lead anywhere tomorrow.
            path.canonicalize().ok().filter(|real| real.starts_with(dir)).ok_or_else(outside)
        }
        Ok(_) => Ok(path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path),
        Err(source) => Err(PublishError::Unwritable { path, source }),
    }
}

/// Gives the file its bytes; whether they are others than before.
fn replace(path: &Path, file: &File) -> io::Result<bool> {
    remove_stale(path);
    match fs::metadata(path) {
        Ok(old) if !old.is_file() => {
            return Err(io::Error::other("there is something that is not a file"));
        }
        // What cannot be read cannot be equal, and is replaced.
        Ok(old) if old.len() == file.bytes.len() as u64 && fs::read(path).is_ok_and(|old| old == file.bytes) => {
            return Ok(false);
        }
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut temporary = Temporary::beside(path)?;
    operate(Point::Write)?;
    temporary.file.write_all(&file.bytes)?;
    operate(Point::Flush)?;
    temporary.file.sync_all()?;
    temporary.rename(path)?;
    Ok(true)
}

/// A file that is gone when it is dropped, unless it was renamed. It is locked as long as somebody
/// is writing it.
struct Temporary {
    path: PathBuf,
    file: fs::File,
    renamed: bool,
}

impl Temporary {
    fn beside(path: &Path) -> io::Result<Temporary> {
        operate(Point::Create)?;
        let mut attempt = 0;
        loop {
            let path = temporary(path, attempt)?;
            // O_EXCL: never through a link, never into what somebody else has open.
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    let temporary = Temporary { path, file, renamed: false };
                    // Not every file system knows locks; without one only a second writer is in danger.
                    temporary.file.try_lock().ok();
                    temporary.set_readable()?;
                    return Ok(temporary);
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }

    /// Mode 0644 whatever the umask of a cron job: a web server must be able to read it.
    #[cfg(unix)]
    fn set_readable(&self) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt as _;
        self.file.set_permissions(fs::Permissions::from_mode(0o644))
    }

    #[cfg(not(unix))]
    fn set_readable(&self) -> io::Result<()> {
        Ok(())
    }

    fn rename(mut self, path: &Path) -> io::Result<()> {
        operate(Point::Rename)?;
        fs::rename(&self.path, path)?;
        self.renamed = true;
        // The bytes are safe already. Should a power cut take back the name, the next run finds the
        // old bytes and writes again; so an error here is not worth one of ours.
        let flushed = operate(Point::Renamed).and_then(|()| split(path));
        if let Ok(folder) = flushed.and_then(|(folder, _)| fs::File::open(folder)) {
            folder.sync_all().ok();
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.renamed {
            fs::remove_file(&self.path).ok();
        }
    }
}

/// Removes what killed runs left beside the file: our temporaries that nobody holds a lock on. Looks at their names and not
/// through the folder, which would cost each of a thousand outputs a look at all the others.
fn remove_stale(path: &Path) {
    for found in (0..WRITERS).filter_map(|attempt| temporary(path, attempt).ok()) {
        if found.symlink_metadata().is_ok_and(|kind| kind.is_file())
            && fs::File::open(&found).is_ok_and(|file| file.try_lock().is_ok())
        {
            fs::remove_file(found).ok();
        }
    }
}

/// The name of a temporary file, the first of which is free when nobody else writes.
fn temporary(path: &Path, attempt: u32) -> io::Result<PathBuf> {
    let (folder, name) = split(path)?;
    Ok(folder.join(format!(".{name}.{attempt}{SUFFIX}")))
}

fn split(path: &Path) -> io::Result<(&Path, &str)> {
    let name = path.file_name().and_then(|name| name.to_str());
    path.parent().zip(name).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))
}
