//! Pages that a program renders: shell scripts in the place of a browser.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::task::JoinSet;
use url::Url;

use super::{client, now, remembered, source};
use crate::fetch::guard::Guard;
use crate::fetch::{Client, Document, FetchError, Fetched, Settings};
use crate::model::{Location, OutcomeKind, Render, Source, Visit};

/// A script, and a folder for what it leaves. In the script `$1` is the address, `$2` the folder.
struct Script {
    folder: TempDir,
    timeout: Duration,
}

impl Script {
    fn new(text: &str) -> Script {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("render.sh"), text).unwrap();
        Script { folder, timeout: Duration::from_secs(20) }
    }

    fn within(self, timeout: Duration) -> Script {
        Script { timeout, ..self }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn source(&self, url: &str) -> Source {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let arguments = vec![text(&self.path("render.sh")), Render::URL.to_owned(), text(self.folder.path())];
        let render = Render { program: "sh".to_owned(), arguments, timeout: self.timeout };
        Source { render: Some(render), ..source(Location::Web(url.parse().unwrap())) }
    }

    async fn visit(&self, client: &Client, visit: &Visit) -> Result<Fetched, FetchError> {
        client.visit(&self.source(URL), visit, now()).await
    }

    async fn page(&self) -> Document {
        super::page(self.visit(&client(|_| {}), &Visit::default()).await)
    }

    async fn failure(&self, client: &Client) -> FetchError {
        self.visit(client, &Visit::default()).await.unwrap_err()
    }

    /// What it has left in a file, as soon as that is there.
    async fn left(&self, name: &str) -> String {
        for _ in 0..500 {
            match fs::read_to_string(self.path(name)) {
                Ok(text) if text.ends_with('\n') => return text.trim_end().to_owned(),
                _ => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
        panic!("the script has left no {name}");
    }
}

/// Nobody is there: what is rendered is asked for by the program alone.
const URL: &str = "http://127.0.0.1:9443/news?a=1&b=$(true)";

/// Whether a process is gone, or dead and waits for its parent to hear of it.
fn is_over(id: &str) -> bool {
    let Ok(state) = fs::read_to_string(format!("/proc/{id}/stat")) else { return true };
    state.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('Z'))
}

#[track_caller]
fn assert_over(id: &str) {
    let until = Instant::now() + Duration::from_secs(5);
    while !is_over(id) {
        assert!(Instant::now() < until, "process {id} is still there");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Our own children are heard of: none stays in the list.
#[track_caller]
fn assert_gone(id: &str) {
    assert_over(id);
    assert!(!Path::new("/proc").join(id).exists(), "process {id} is dead and was not waited for");
}

#[tokio::test]
async fn a_page_is_what_the_program_prints() {
    let script = Script::new("printf '<meta charset=windows-1251><p>%s caf\\303\\251' \"$1\"");
    let document = script.page().await;
    let html = format!("<meta charset=windows-1251><p>{URL} café");
    assert_eq!(String::from_utf8(document.page.body.clone()).unwrap(), html);
    assert_eq!(document.page.url, Some(URL.parse::<Url>().unwrap()));
    assert_eq!(document.page.content_type.as_deref(), Some("text/html; charset=utf-8"));
    assert_eq!((document.status, document.moved_to.clone()), (None, None));
    let again = script.visit(&client(|_| {}), &remembered(&document)).await;
    assert!(matches!(again, Ok(Fetched::Unchanged { status: None, .. })), "{again:?}");
}

#[tokio::test]
async fn a_program_works_in_a_folder_that_is_thrown_away() {
    let script = Script::new("touch left; [ -z \"$CARGO_MANIFEST_DIR\" ] && [ \"$HOME\" = \"$PWD\" ] && pwd");
    let folder = String::from_utf8(script.page().await.page.body).unwrap();
    assert!(folder.starts_with('/') && folder.contains("oncefeed-render-"), "{folder}");
    assert!(!Path::new(folder.trim_end()).exists());
}

#[tokio::test]
async fn what_hangs_is_ended_with_all_that_it_started() {
    let script = Script::new("sleep 100 & echo $! > $2/child; echo $$ > $2/own; echo '<p>half'; wait")
        .within(Duration::from_secs(1));
    let failure = script.failure(&client(|_| {})).await;
    assert_eq!(
        failure.to_string(),
        "`sh` took longer than 1 s to render http://127.0.0.1:9443/news?a=1&b=$(true), and was ended"
    );
    assert_eq!(failure.kind(), OutcomeKind::RetryLater);
    assert!(failure.help().unwrap().contains("render_timeout"));
    assert_gone(&script.left("own").await);
    assert_over(&script.left("child").await);
}

#[tokio::test]
async fn what_a_program_leaves_behind_is_not_waited_for() {
    let script = Script::new("sleep 100 & echo $! > $2/child; echo '<p>all'");
    let begin = Instant::now();
    assert_eq!(script.page().await.page.body, b"<p>all\n");
    assert!(begin.elapsed() < Duration::from_secs(10));
    assert_over(&script.left("child").await);
}

#[tokio::test]
async fn what_floods_is_ended() {
    let script = Script::new("echo $$ > $2/own; while :; do echo '<p>more and more'; done");
    let failure = script.failure(&client(|settings| settings.max_bytes = 1 << 20)).await;
    assert!(matches!(failure, FetchError::TooLarge { limit: 0x100000, .. }), "{failure:?}");
    assert!(failure.help().unwrap().contains("max_bytes"));
    assert_gone(&script.left("own").await);
    // What it says about itself may be any length.
    let script =
        Script::new("i=0; while [ $i -lt 5000 ]; do echo 'a warning of many' >&2; i=$((i+1)); done; echo '<p>a'");
    assert_eq!(script.page().await.page.body, b"<p>a\n");
}

#[tokio::test]
async fn a_failure_says_what_the_program_said_last() {
    for (text, expected) in [
        (
            "echo '<p>a'; echo first >&2; printf 'no \\033[31mdisplay\\n\\n' >&2; exit 3",
            "ended with code 3: no [31mdisplay",
        ),
        ("exit 1", "ended with code 1"),
        ("kill -9 $$", "was ended by signal 9"),
        ("echo blank page >&2; echo", "printed nothing for http://127.0.0.1:9443/news?a=1&b=$(true): blank page"),
    ] {
        let failure = Script::new(text).failure(&client(|_| {})).await;
        assert!(failure.to_string().ends_with(expected), "{failure}");
        assert_eq!(failure.kind(), OutcomeKind::RetryLater);
        assert!(failure.help().unwrap().contains("run the command of `render` in a terminal"));
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_said_to_be_so() {
    let with = |program: &str| {
        let render = Render { program: program.to_owned(), arguments: vec![], timeout: Duration::from_secs(5) };
        Source { render: Some(render), ..source(Location::Web(URL.parse().unwrap())) }
    };
    let missing = client(|_| {}).visit(&with("/none/chromium"), &Visit::default(), now()).await.unwrap_err();
    assert_eq!(missing.to_string(), "the program `chromium` of `render` is not there");
    assert_eq!(missing.kind(), OutcomeKind::Failed);
    assert!(missing.help().unwrap().contains("install it"));
    let denied = client(|_| {}).visit(&with("/etc/hostname"), &Visit::default(), now()).await.unwrap_err();
    assert_eq!(denied.to_string(), "the program `hostname` of `render` cannot be run");
}

#[tokio::test]
async fn a_visit_that_is_given_up_leaves_no_program() {
    let script = Script::new("sleep 100 & echo $! > $2/child; pwd > $2/folder; echo $$ > $2/own; wait");
    let client = client(|_| {});
    let first = Visit::default();
    let mut visit = Box::pin(script.visit(&client, &first));
    let (own, child) = tokio::select! {
        ended = &mut visit => panic!("{ended:?}"),
        own = script.left("own") => (own, script.left("child").await),
    };
    drop(visit);
    assert_over(&child);
    assert!(!Path::new(&script.left("folder").await).exists());
    // The runtime hears of the dead as soon as it is at work.
    for _ in 0..500 {
        if !Path::new("/proc").join(&own).exists() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("process {own} was not waited for");
}

#[tokio::test]
async fn a_forbidden_address_is_given_to_no_program() {
    let script = Script::new("touch $2/started; echo '<p>a'");
    let nobody = client(|settings| settings.allow_private.clear());
    assert!(matches!(script.failure(&nobody).await, FetchError::AddressRefused { .. }));
    let settings = || Settings { delay: Duration::ZERO, ..Settings::default() };
    let source = script.source("https://flip.example/");
    // One of its addresses is enough: which of them is dialled is not ours to say.
    let flip = Client::guarded(settings(), Guard::new(&[]).told(&[&["93.184.215.14", "10.0.0.1"]]));
    let refused = flip.visit(&source, &Visit::default(), now()).await;
    assert!(matches!(refused, Err(FetchError::AddressRefused { .. })), "{refused:?}");
    let nameless = Client::guarded(settings(), Guard::new(&[]).told(&[]));
    let unknown = nameless.visit(&source, &Visit::default(), now()).await;
    assert!(matches!(unknown, Err(FetchError::Dns { .. })), "{unknown:?}");
    assert!(!script.path("started").exists());
    let public = Client::guarded(settings(), Guard::new(&[]).told(&[&["93.184.215.14"]]));
    super::page(public.visit(&source, &Visit::default(), now()).await);
}

#[tokio::test]
async fn few_programs_run_at_once() {
    let script = Script::new(
        "mkdir $2/at-work-$$; ls -d $2/at-work-* | wc -l >> $2/seen; sleep 0.1; rmdir $2/at-work-$$; echo '<p>a'",
    );
    let client = std::sync::Arc::new(client(|settings| {
        settings.allow_private = vec!["127.0.0.0/8".parse().unwrap()];
        settings.render_concurrency = 2;
    }));
    let mut visits = JoinSet::new();
    for host in 1..7 {
        let (source, client) = (script.source(&format!("http://127.0.0.{host}/")), std::sync::Arc::clone(&client));
        visits.spawn(async move { client.visit(&source, &Visit::default(), now()).await.is_ok() });
    }
    assert!(visits.join_all().await.into_iter().all(|is_read| is_read));
    let seen = fs::read_to_string(script.path("seen")).unwrap();
    let most = seen.lines().filter_map(|count| count.trim().parse::<u32>().ok()).max();
    assert_eq!((seen.lines().count(), most), (6, Some(2)), "{seen}");
}
