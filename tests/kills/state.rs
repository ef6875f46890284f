//! All that a run leaves, so that two can be compared.

use std::collections::BTreeMap;
use std::path::Path;

use oncefeed::config::Config;
use oncefeed::store::{Query, open_to_read};

use crate::support::Folder;

/// What is in the store, in the published folder, and beside them.
#[derive(PartialEq, Eq)]
pub(crate) struct State {
    /// One line a telling, the oldest first, and what is remembered of the sources.
    pub(crate) store: Vec<String>,
    /// Every published file, temporary ones too.
    pub(crate) published: BTreeMap<String, Vec<u8>>,
    /// The names of all other files.
    beside: Vec<String>,
}

impl State {
    pub(crate) fn of(folder: &Folder) -> State {
        let store = store(folder);
        let beside = files(&folder.path("")).into_keys().collect();
        State { store, published: published(folder), beside }
    }

    /// Equal to that of the undisturbed twin, said so that the difference is seen.
    #[track_caller]
    pub(crate) fn check(&self, twin: &State, what: &str) {
        let difference = self.store.iter().zip(&twin.store).find(|(line, other)| line != other);
        assert!(difference.is_none(), "{what}: the store: {difference:#?}");
        assert_eq!(self.store.len(), twin.store.len(), "{what}: the store");
        assert_eq!(self.beside, twin.beside, "{what}: files");
        let names = |state: &State| state.published.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(self), names(twin), "{what}: published files");
        for (name, bytes) in &self.published {
            assert!(*bytes == twin.published[name], "{what}: {name} is another");
        }
    }
}

pub(crate) fn published(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    files(&folder.path("public"))
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    (entries.map(|entry| entry.unwrap()))
        .filter(|entry| entry.path().is_file())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .collect()
}

fn store(folder: &Folder) -> Vec<String> {
    let config = Config::load(&folder.path("oncefeed.toml")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = open_to_read(&config.store).unwrap();
        let mut lines = Vec::new();
        // Every headline here has a space in it.
        for (_, placed) in store.find(&Query::Words(vec![" ".to_owned()]), usize::MAX).await.unwrap() {
            lines.extend(placed.iter().map(|placed| format!("{placed:?}")));
        }
        let stories = lines.len() as u64;
        let ids: Vec<_> = config.sources.iter().map(|source| source.id.clone()).collect();
        for (source, mut visit) in store.visits(&ids).await.unwrap() {
            // A run that completes another finds its sources unchanged, which is a visit without news.
            (visit.outcome, visit.successes, visit.idle, visit.next) = (None, 0, 0, None);
            if let Some(past) = &mut visit.past {
                (past.steady, past.in_line, past.silent) = (0, 0, 0);
            }
            lines.push(format!("{source}: {visit:?}"));
        }
        let mut health = store.health().await.unwrap();
        assert_eq!(health.stories, stories, "none was overlooked");
        health.bytes = 0;
        lines.push(format!("{health:?}, settled {:?}", store.settled().await.unwrap()));
        lines
    })
}
