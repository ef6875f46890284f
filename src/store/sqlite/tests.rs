//! What only a store in a file promises: it survives, and it refuses what is not its own.

use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use rusqlite::{Connection, params};

use super::awaited::FORGET_PAGES;
use super::fault::Fault;
use super::known::SPEAKERS;
use super::open::{SCHEMA, read_only};
use super::{fingerprint, reason, shelf, standing};
use crate::model::{
    ClusterId, Decision, Digest, Evidence, Fingerprint, Folding, Key, Newcomer, Placement, Rule, SourceId, Story,
    Verdict, Visit, Voice,
};
use crate::store::{Delivery, Inbox, Location, Query, Shelf, Store, StoreError, lock, open, open_to_read};

fn open_at(path: &Path) -> Result<Arc<dyn Store>, StoreError> {
    open(&Location::Sqlite(path.to_owned()))
}

fn source() -> SourceId {
    SourceId::new("ap").unwrap()
}

fn delivery(keys: &[&str]) -> Delivery {
    let newcomer = |key: &&str| Newcomer {
        source: source(),
        rank: 0,
        folding: Folding::Fold,
        story: Story { key: (*key).to_owned(), title: "Title".to_owned(), ..Story::default() },
        voice: Voice::default(),
        fingerprint: Arc::new(Fingerprint { bands: vec![7], title: Some(1), ..Fingerprint::default() }),
        digest: Digest([1; 32]),
        first_seen: DateTime::UNIX_EPOCH,
        publish: true,
        awaits: None,
    };
    let visit = Visit { title: Some("AP".to_owned()), ..Visit::default() };
    Delivery { source: source(), visit, stories: keys.iter().map(newcomer).collect(), hosts: Vec::new() }
}

async fn settle(store: &Arc<dyn Store>, inbox: Inbox) {
    let placement = Placement::new(Verdict::Opens, ClusterId([9; 16]), Evidence::bare(Rule::Opens, None));
    let decision = Decision { placements: vec![placement; inbox.newcomers.len()] };
    store.settle(inbox, &decision, DateTime::UNIX_EPOCH).await.unwrap();
}

#[tokio::test]
async fn a_run_killed_before_it_settled_is_completed_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep/down/oncefeed.db");
    let store = open_at(&path).unwrap();
    store.deliver(&delivery(&["1", "2"])).await.unwrap();
    drop(store.undecided(9).await.unwrap());
    drop(store);

    let store = open_at(&path).unwrap();
    let inbox = store.undecided(9).await.unwrap().unwrap();
    assert_eq!(inbox.newcomers.len(), 2);
    settle(&store, inbox).await;
    drop(store);

    let store = open_at(&path).unwrap();
    assert!(store.undecided(9).await.unwrap().is_none());
    assert_eq!(store.visits(&[source()]).await.unwrap()[&source()].title.as_deref(), Some("AP"));
    assert_eq!(store.sharing(&[vec![Key::Band(7)]], DateTime::UNIX_EPOCH).await.unwrap().len(), 2);
    let health = store.health().await.unwrap();
    assert_eq!((health.schema, health.stories, health.clusters), (SCHEMA, 2, 1));
    assert!(health.bytes > 0);
}

#[tokio::test]
async fn readers_need_no_lock() {
    let folder = tempfile::tempdir().unwrap();
    let location = Location::Sqlite(folder.path().join("a.db"));
    let _lock = lock(&location, "a run").unwrap();
    let (run, reader) = (open(&location).unwrap(), open(&location).unwrap());
    run.deliver(&delivery(&["1"])).await.unwrap();
    assert_eq!(reader.health().await.unwrap().undecided, 1);
    assert!(matches!(lock(&location, "another"), Err(StoreError::Locked { .. })));
}

#[tokio::test]
async fn what_cannot_be_written_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a store?mode=rw#100%.db");
    let store = open_at(&path).unwrap();
    store.deliver(&delivery(&["1"])).await.unwrap();
    // While another writes.
    let waiting = |db: Connection| db.query_row("select count(*) from inbox", [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(waiting(read_only(&path).unwrap()), 1);
    drop(store);
    let db = read_only(&path).unwrap();
    assert!(db.execute("delete from inbox", []).is_err());
    assert_eq!(waiting(db), 1);

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        mode(&path, 0o400);
        mode(folder.path(), 0o500);
        // Whom permissions do not bind may write too.
        let store = open_to_read(&Location::Sqlite(path.clone())).unwrap();
        assert_eq!(store.health().await.unwrap().undecided, 1);
        drop(store);
        mode(folder.path(), 0o700);
        mode(&path, 0o600);
        // And who may write again does so, whatever reading has made of the files beside it.
        open_at(&path).unwrap().deliver(&delivery(&["2"])).await.unwrap();
    }

    // What would have to be migrated is refused.
    Connection::open(&path).unwrap().pragma_update(None, "user_version", SCHEMA - 1).unwrap();
    assert!(matches!(read_only(&path), Err(Fault::Misused(_))));
}

#[test]
fn a_backup_leaves_nothing_half_done() {
    let folder = tempfile::tempdir().unwrap();
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/schema-1.db");
    std::fs::copy(made, folder.path().join("a.db")).unwrap();
    // Left by tries that were killed, now and by an earlier version; and what is of others.
    for name in ["a.db.schema-1.part", "a.db.schema-1.4711.part", "a.db.schema-1.4711.part-journal"] {
        std::fs::write(folder.path().join(name), "half").unwrap();
    }
    for name in ["b.db.schema-1.part", "a.db.schema-0.bak"] {
        std::fs::write(folder.path().join(name), "other").unwrap();
    }
    let path = folder.path().join("a.db");
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| drop(open_at(&path).unwrap()));
        }
    });
    let mut names: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a.db", "a.db.schema-0.bak", "a.db.schema-1.bak", "b.db.schema-1.part"]);
    let backup = Connection::open(folder.path().join("a.db.schema-1.bak")).unwrap();
    assert_eq!(backup.query_row("pragma integrity_check", [], |row| row.get::<_, String>(0)).unwrap(), "ok");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = open_at(&folder.path().join("a.db")).unwrap();
    store.deliver(&delivery(&["1"])).await.unwrap();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let file = file.unwrap();
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
    }
}

#[track_caller]
fn check_refused(path: &Path, is_expected: impl Fn(&StoreError) -> bool) {
    let Err(error) = open_at(path) else { panic!("{path:?} was opened") };
    assert!(is_expected(&error), "{error:?}");
    assert!(error.to_string().contains(&path.display().to_string()), "{error}");
    assert!(error.help().is_some());
}

#[test]
fn what_is_not_ours_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let is_corrupt = |error: &StoreError| matches!(error, StoreError::Corrupt { .. });

    std::fs::write(path("text"), "This is a letter to my mother.\n".repeat(200)).unwrap();
    check_refused(&path("text"), is_corrupt);
    assert!(std::fs::read_to_string(path("text")).unwrap().ends_with("mother.\n"));
    std::fs::write(path("short"), "x").unwrap();
    check_refused(&path("short"), is_corrupt);

    Connection::open(path("other")).unwrap().execute_batch("create table photos (x); pragma user_version = 1").unwrap();
    check_refused(&path("other"), is_corrupt);
    check_refused(&path("text/below"), |error| matches!(error, StoreError::Unwritable { .. }));
    check_refused(folder.path(), |error| matches!(error, StoreError::Unwritable { .. }));

    drop(open_at(&path("new")).unwrap());
    Connection::open(path("new")).unwrap().execute_batch("pragma user_version = 99").unwrap();
    check_refused(&path("new"), |error| matches!(error, StoreError::Newer { found: 99, known: SCHEMA, .. }));
}

#[tokio::test]
async fn what_an_older_program_wrote_is_taken_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let newcomer = &delivery(&["1"]).stories[0];
    let db = Connection::open(&path).unwrap();
    db.execute_batch(include_str!("0001.sql")).unwrap();
    db.execute_batch("pragma application_id = 0x6f6e6365; pragma user_version = 1").unwrap();
    let (story, print) = (serde_json::to_string(&newcomer.story).unwrap(), fingerprint::encode(&newcomer.fingerprint));
    for body in [1, 2] {
        db.execute("insert into body values (?1, ?2)", params![body, story]).unwrap();
        db.execute("insert into print values (?1, ?2)", params![body, print]).unwrap();
    }
    db.execute("insert into inbox values (1, 'ap', '2', ?1, 'fold', 0, 0, 0, 1)", [[1_u8; 32]]).unwrap();
    let values = "1, 2, 'ap', '1', ?1, ?2, 'fold', 0, 0, 0, 0, null, 1, 0, 'opens', 0, 0, null, 'Title'";
    db.execute(&format!("insert into story values ({values})"), params![[1_u8; 32], [9_u8; 16]]).unwrap();
    let because = reason::encode(&[Evidence::bare(Rule::Opens, None)]);
    db.execute("insert into reason values (1, ?1, '[]')", [because]).unwrap();
    drop(db);

    let store = open_at(&path).unwrap();
    assert_eq!(store.undecided(9).await.unwrap().unwrap().newcomers[0].voice, Voice::default());
    let found = store.find(&Query::Words(vec!["title".to_owned()]), 9).await.unwrap();
    assert_eq!(found[0].1[0].voice, Voice::default());
    assert_eq!(store.health().await.unwrap().schema, SCHEMA);
}

#[test]
fn a_period_is_counted_from_its_index_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    drop(open_at(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    let plan: String =
        db.query_row(&format!("explain query plan {}", standing::PERIOD), [0], |row| row.get("detail")).unwrap();
    assert!(plan.contains("USING COVERING INDEX story_period"), "{plan}");
}

#[test]
fn a_large_cluster_is_not_gone_through() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    drop(open_at(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    let mut plan = db.prepare(&format!("explain query plan {SPEAKERS}")).unwrap();
    let steps = plan.query_map(params![0, 0, 64], |row| row.get::<_, String>("detail")).unwrap();
    let steps: Vec<String> = steps.map(Result::unwrap).collect();
    let searches =
        steps.iter().filter(|step| step.contains("USING COVERING INDEX story_cluster (cluster=? AND home=?)"));
    assert_eq!(searches.count(), 2, "{steps:?}");
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
}

#[test]
fn the_id_of_before_a_merge_is_looked_up() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    drop(open_at(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    let explain = format!("explain query plan {}", shelf::GUESTS);
    let plan: String = db.query_row(&explain, [[0_u8; 16], [9; 16]], |row| row.get("detail")).unwrap();
    assert!(plan.contains("USING INDEX story_home (home>? AND home<?)"), "{plan}");
}

#[test]
fn of_the_pages_only_the_old_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    drop(open_at(&path).unwrap());
    let db = Connection::open(&path).unwrap();
    let explain = format!("explain query plan {FORGET_PAGES}");
    let plan: String = db.query_row(&explain, [0], |row| row.get("detail")).unwrap();
    assert!(plan.contains("INDEX page_at (at<?)"), "{plan}");
}

/// SQLite waits for nobody when it turns the log on.
#[test]
fn a_new_one_that_another_has_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let other = Connection::open(&path).unwrap();
    other.execute_batch("begin immediate").unwrap();
    std::thread::scope(|scope| {
        let opened = scope.spawn(|| open_at(&path).map(drop));
        std::thread::sleep(std::time::Duration::from_millis(200));
        other.execute_batch("rollback").unwrap();
        opened.join().unwrap().unwrap();
    });
}

#[tokio::test]
async fn many_open_a_new_one_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let opened: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| open_at(&path).map(drop))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
}

#[tokio::test]
async fn damaged_rows_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = open_at(&path).unwrap();
    store.deliver(&delivery(&["1"])).await.unwrap();
    let inbox = store.undecided(9).await.unwrap().unwrap();
    settle(&store, inbox).await;
    store.deliver(&delivery(&["2"])).await.unwrap();
    drop(store);
    for damage in [
        "update print set data = x'01'",
        "update body set story = '{\"key\": 1}'",
        "update story set source = 'No source', cluster = x'00'; update inbox set digest = x'01'",
        "update story set folding = 'perhaps', verdict = 'guessed'; update inbox set first_seen = 9223372036854775807",
        "update reason set because = '[]'; delete from body",
        "update visit set record = '[]'; delete from print",
    ] {
        let copy = folder.path().join("copy.db");
        std::fs::copy(&path, &copy).unwrap();
        Connection::open(&copy).unwrap().execute_batch(damage).unwrap();
        let store = open_at(&copy).unwrap();
        let shelf = Shelf { sources: vec![source()], limit: 9, since: DateTime::UNIX_EPOCH, cap: 9, seat: None };
        let errors = [
            store.undecided(9).await.err(),
            store.sharing(&[vec![Key::Band(7)]], DateTime::UNIX_EPOCH).await.err(),
            store.members(&[ClusterId([9; 16])]).await.err(),
            store.shelf(&shelf).await.err(),
            store.find(&Query::Words(vec!["title".to_owned()]), 9).await.err(),
            store.visits(&[source()]).await.err(),
        ];
        let mut errors = errors.into_iter().flatten().peekable();
        assert!(errors.peek().is_some(), "{damage}");
        for error in errors {
            assert!(matches!(error, StoreError::Corrupt { .. }), "{damage}: {error:?}");
        }
    }
}

#[tokio::test]
async fn flipped_bytes_never_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = open_at(&path).unwrap();
    for batch in ["a", "b", "c"] {
        let keys: Vec<String> = (0..40).map(|n| format!("{batch}{n}")).collect();
        store.deliver(&delivery(&keys.iter().map(String::as_str).collect::<Vec<_>>())).await.unwrap();
        let inbox = store.undecided(99).await.unwrap().unwrap();
        if batch != "c" {
            settle(&store, inbox).await;
        }
    }
    drop(store);
    let whole = std::fs::read(&path).unwrap();
    for round in 0..60 {
        let mut bytes = whole.clone();
        for n in 0..12 {
            let at = (round * 7_919 + n * 104_729 + n * n * 31) % bytes.len();
            bytes[at] ^= 0x55;
        }
        let copy = folder.path().join(format!("{round}.db"));
        std::fs::write(&copy, bytes).unwrap();
        let Ok(store) = open_at(&copy) else { continue };
        let inbox = store.undecided(99).await;
        let _ = store.sharing(&[vec![Key::Band(7), Key::Title(1)]], DateTime::UNIX_EPOCH).await;
        let _ = store.find(&Query::Words(vec!["title".to_owned()]), 9).await;
        if let Ok(Some(inbox)) = inbox {
            let placement = Placement::new(Verdict::Opens, ClusterId([8; 16]), Evidence::bare(Rule::Opens, None));
            let decision = Decision { placements: vec![placement; inbox.newcomers.len()] };
            let _ = store.settle(inbox, &decision, DateTime::UNIX_EPOCH).await;
        }
        let _ = store.prune(DateTime::<chrono::Utc>::MAX_UTC).await;
        let _ = store.health().await;
    }
}
