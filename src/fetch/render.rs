//! Pages that are empty without their scripts, through a program of the user's choice.
//!
//! The program is given the address and prints the page as its scripts have left it. It does the network itself, so
//! of the client's own manners those hold that can be kept from outside: the host's turn, a check of its address, and
//! bounds on time and size. It leads a process group of its own, and none of the group outlives the visit.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::time::timeout;
use url::Url;

use super::client::{Client, document};
use super::error::FetchError;
use super::group::Group;
use super::redact::redacted;
use super::{Document, cause::Cause};
use crate::model::{Render, Source};

/// What the program sees of our environment: nothing that a configuration keeps a secret in.
const ENVIRONMENT: &[&str] = &["PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"];

/// What may still be on its way when the program has ended.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Of what the program says about itself so much is kept: the end of it.
const SAID: usize = 4096;
/// Letters of its last line that are repeated.
const LINE: usize = 200;

impl Client {
    /// A source's page as a program renders it. Nothing tells whether it has changed but its bytes.
    pub(super) async fn rendered(
        &self,
        source: &Source,
        render: &Render,
        url: &Url,
        now: DateTime<Utc>,
    ) -> Result<Document, FetchError> {
        self.guard.check_host(url).await?;
        // The first of the two: who waits for a program must not keep a host's turn.
        let _program = self.renders.acquire().await.expect("the semaphore is never closed");
        let turn = self.turns.take(url.host_str().unwrap_or_default(), now).await?;
        let max_bytes = source.access.max_bytes.unwrap_or(self.settings.max_bytes);
        let html = run(render, url, max_bytes).await?;
        turn.answered();
        let mut page = document(html, now);
        page.page.url = Some(url.clone());
        // Browsers print UTF-8 whatever the page was in, and leave its `<meta charset>` as it was.
        let is_utf8 = std::str::from_utf8(&page.page.body).is_ok();
        page.page.content_type = Some(if is_utf8 { "text/html; charset=utf-8" } else { "text/html" }.to_owned());
        Ok(page)
    }
}

/// What came of a program.
struct Ended {
    html: Vec<u8>,
    status: ExitStatus,
    /// The last line of what it said on standard error.
    said: String,
}

/// Runs the program for one page. When this future is dropped, the program is killed.
async fn run(render: &Render, url: &Url, max_bytes: u64) -> Result<Vec<u8>, FetchError> {
    let shown = redacted(url);
    let program = || name(&render.program);
    let folder = Folder::new().map_err(|cause| FetchError::RenderFolder { cause })?;
    let (mut child, group) = start(render, url, folder.path())?;
    let limit = max_bytes;
    let ended = match timeout(render.timeout, watched(&mut child, &group, max_bytes)).await {
        Ok(ended) => ended,
        Err(_) => {
            end(&mut child, group).await;
            return Err(FetchError::RenderTimedOut { url: shown, program: program(), limit: render.timeout });
        }
    };
    end(&mut child, group).await;
    let Some(Ended { html, status, said }) =
        ended.map_err(|cause| FetchError::RenderUnusable { program: program(), cause: Cause::of(&cause) })?
    else {
        return Err(FetchError::TooLarge { url: shown, limit });
    };
    if !status.success() {
        return Err(FetchError::RenderFailed { url: shown, program: program(), ended: how(status), said });
    }
    if html.iter().all(u8::is_ascii_whitespace) {
        return Err(FetchError::RenderEmpty { url: shown, program: program(), said });
    }
    Ok(html)
}

/// Starts the program in a folder and a process group of its own.
fn start(render: &Render, url: &Url, folder: &Path) -> Result<(Child, Group), FetchError> {
    let mut command = Command::new(&render.program);
    command.args(render.arguments_for(url.as_str())).current_dir(folder).env_clear();
    command.envs(ENVIRONMENT.iter().filter_map(|name| std::env::var_os(name).map(|value| (*name, value))));
    // A browser keeps a profile at home: this one is thrown away, and has no cookies of the user's.
    command.env("HOME", folder).env("TMPDIR", folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let started = Group::lead(command.process_group(0).kill_on_drop(true));
    started.map_err(|cause| match cause.kind() {
        io::ErrorKind::NotFound => FetchError::RenderMissing { program: name(&render.program) },
        _ => FetchError::RenderUnusable { program: name(&render.program), cause: Cause::of(&cause) },
    })
}

/// Reads what the program prints until it ends; `None`: it printed more than `max_bytes`.
async fn watched(child: &mut Child, group: &Group, max_bytes: u64) -> io::Result<Option<Ended>> {
    let (out, err): (Option<ChildStdout>, Option<ChildStderr>) = (child.stdout.take(), child.stderr.take());
    let (mut html, mut said) = (Vec::new(), Vec::new());
    let status = {
        let mut reading = std::pin::pin!(async {
            tokio::try_join!(bounded(out, &mut html, max_bytes), tail(err, &mut said)).map(|_| ())
        });
        let mut waiting = std::pin::pin!(child.wait());
        let mut read = None;
        let status = loop {
            tokio::select! {
                status = &mut waiting => break status?,
                all = &mut reading, if read.is_none() => {
                    // Whoever floods us is not waited for.
                    if all.as_ref().is_err_and(|cause| cause.kind() == io::ErrorKind::FileTooLarge) {
                        return Ok(None);
                    }
                    read = Some(all);
                }
            }
        };
        // What the program leaves behind would keep its output open.
        group.kill();
        let read = match read {
            Some(read) => read,
            None => timeout(LAST_WORDS, reading).await.unwrap_or(Ok(())),
        };
        match read {
            Err(cause) if cause.kind() == io::ErrorKind::FileTooLarge => return Ok(None),
            read => read?,
        }
        status
    };
    Ok(Some(Ended { html, status, said: last_line(&said) }))
}

/// Reads to the end, or fails with [`io::ErrorKind::FileTooLarge`].
async fn bounded(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>, max_bytes: u64) -> io::Result<()> {
    let Some(from) = from else { return Ok(()) };
    from.take(max_bytes.saturating_add(1)).read_to_end(into).await?;
    if into.len() as u64 > max_bytes { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(()) }
}

/// Reads to the end, and keeps the end of it.
async fn tail(from: Option<impl AsyncRead + Unpin>, into: &mut Vec<u8>) -> io::Result<()> {
    let Some(mut from) = from else { return Ok(()) };
    let mut buffer = [0; SAID];
    loop {
        let count = from.read(&mut buffer).await?;
        if count == 0 {
            return Ok(());
        }
        into.extend_from_slice(buffer.get(..count).unwrap_or_default());
        let older = into.len().saturating_sub(SAID);
        into.drain(..older);
    }
}

/// Kills whatever is left, and waits for the program, so that no dead process stays in the system's list.
async fn end(child: &mut Child, group: Group) {
    drop(group);
    // What cannot be killed now is taken care of by the runtime when it is gone.
    let _ = timeout(LAST_WORDS, child.wait()).await;
}

/// How a program ended that did not end well.
fn how(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt as _;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with code {code}"),
        (None, Some(signal)) => format!("was ended by signal {signal}"),
        (None, None) => "did not end well".to_owned(),
    }
}

/// The last line with anything on it, harmless to print.
fn last_line(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(said);
    let line = text.lines().rev().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().filter(|c| !c.is_control()).take(LINE).collect()
}

/// A program as it is called in messages: without its folders.
fn name(program: &str) -> String {
    Path::new(program).file_name().map_or_else(|| program.to_owned(), |name| name.to_string_lossy().into_owned())
}

/// A new folder that nobody else may look into, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> io::Result<Folder> {
        use std::os::unix::fs::DirBuilderExt as _;
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let temporary = std::path::absolute(std::env::temp_dir())?;
        // A folder of that name may be left from a process of the same number that was killed.
        const TRIES: usize = 100;
        let mut failed = io::Error::from(io::ErrorKind::AlreadyExists);
        for _ in 0..TRIES {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = temporary.join(format!("oncefeed-render-{}-{number}", std::process::id()));
            match std::fs::DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => return Ok(Folder(path)),
                Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => failed = cause,
                Err(cause) => return Err(cause),
            }
        }
        Err(failed)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A profile of a browser that is being killed: what cannot be removed is left to the system.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
