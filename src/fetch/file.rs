//! Sources that are files of this machine. Only the configuration names them.

use std::io;
use std::path::Path;

use tokio::io::AsyncReadExt;

use super::error::FetchError;

/// All of a file, at most `max` bytes.
pub(super) async fn read(path: &Path, max: u64) -> Result<Vec<u8>, FetchError> {
    let failed = |error: io::Error| failure(path, error);
    // A pipe would wait for a writer as soon as it is opened, so look first.
    let about = tokio::fs::metadata(path).await.map_err(failed)?;
    if !about.is_file() {
        return Err(FetchError::NotAFile { path: path.to_owned() });
    }
    let file = tokio::fs::File::open(path).await.map_err(failed)?;
    let mut body = Vec::new();
    // It may grow while it is read.
    file.take(max.saturating_add(1)).read_to_end(&mut body).await.map_err(failed)?;
    if body.len() as u64 > max {
        return Err(FetchError::FileTooLarge { path: path.to_owned(), limit: max });
    }
    Ok(body)
}

fn failure(path: &Path, error: io::Error) -> FetchError {
    let path = path.to_owned();
    match error.kind() {
        // A file in the place of a folder: `notes.txt/feed.xml`.
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => FetchError::FileMissing { path },
        io::ErrorKind::PermissionDenied => FetchError::FileDenied { path },
        _ => FetchError::FileUnreadable { path, cause: error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_up_to_the_cap() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feed.xml");
        std::fs::write(&path, "<rss/>").unwrap();
        assert_eq!(read(&path, 6).await.unwrap(), b"<rss/>");
        assert!(matches!(read(&path, 5).await, Err(FetchError::FileTooLarge { limit: 5, .. })));
    }

    #[tokio::test]
    async fn what_is_no_readable_file_is_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("none.xml");
        assert!(matches!(read(&missing, 9).await, Err(FetchError::FileMissing { .. })));
        assert!(matches!(read(folder.path(), 9).await, Err(FetchError::NotAFile { .. })));
        let device = read(Path::new("/dev/null"), 9).await;
        assert!(matches!(device, Err(FetchError::NotAFile { .. })));
        let denied = failure(&missing, io::ErrorKind::PermissionDenied.into());
        assert!(matches!(denied, FetchError::FileDenied { .. }));
    }
}
