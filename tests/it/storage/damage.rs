//! A store whose bytes are not those that were written: a correct run or exit 65, and never an item less.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{PAGE, SECOND, beside, published, smash, text_of, told};
use crate::support::{Folder, Ran, copy, items};

/// On a day that has its copy already, so that only the run itself and the look after an unclean stop notice anything.
const SAME_DAY: &str = SECOND;
const NEXT_DAY: &str = "2026-11-24T06:00:00Z";

/// A folder as a run has left it, and what readers have had and are to get.
struct Base {
    folder: Folder,
    had: BTreeSet<String>,
    due: BTreeSet<String>,
}

fn ids(folder: &Folder) -> BTreeSet<String> {
    folder.items("all.rss").into_iter().map(|item| item.id).collect()
}

fn twin(folder: &Folder) -> Folder {
    let twin = Folder::new();
    copy(folder.path("").to_str().unwrap(), &twin.path(""));
    twin
}

impl Base {
    fn new() -> Base {
        let folder = told(300, "");
        let undisturbed = twin(&folder);
        undisturbed.refresh(SAME_DAY);
        let base = Base { had: ids(&folder), due: ids(&undisturbed), folder };
        assert_eq!((base.had.len(), base.due.len()), (30, 40));
        base
    }

    /// Damages a copy of the folder and refreshes; whatever comes of it, nobody loses an item.
    #[track_caller]
    fn check(&self, what: &str, now: &str, marked: bool, damage: impl FnOnce(&Path)) -> Ran {
        let folder = twin(&self.folder);
        damage(&folder.path("oncefeed.db"));
        if marked {
            folder.write("oncefeed.db.lock", "process 4711");
        }
        let ran = folder.run(&["--now", now, "refresh"]);
        assert!(!ran.err.contains("panicked"), "{what}: {}", ran.err);
        match ran.code {
            0 => assert!(ids(&folder).is_superset(&self.due), "{what}"),
            65 => {
                assert!(ran.err.contains("oncefeed.db.2026-11-23.bak"), "{what}: {}", ran.err);
                assert!(folder.path("oncefeed.db.2026-11-23.bak").exists());
                assert!(ids(&folder).is_superset(&self.had), "{what}");
            }
            code => panic!("{what}: exit {code}: {}", ran.err),
        }
        for name in published(&folder).keys().filter(|name| !name.ends_with(".html") && !name.ends_with(".css")) {
            assert!(items(&folder.path(&format!("public/{name}"))).len() >= self.had.len(), "{what}: {name}");
        }
        ran
    }
}

/// Numbers that are the same in every run of the tests.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }
}

/// Flips some bytes on so many pages.
fn flip(store: &Path, pages: usize, seed: u64) {
    let mut bytes = fs::read(store).unwrap();
    let (mut chance, count) = (Chance(seed), bytes.len() / PAGE);
    for _ in 0..pages {
        let page = chance.below(count);
        for _ in 0..[1, 1, 4, 64][chance.below(4)] {
            bytes[page * PAGE + chance.below(PAGE)] ^= 1 + chance.below(255) as u8;
        }
    }
    fs::write(store, bytes).unwrap();
}

#[test]
fn flipped_bytes_on_many_pages_are_noticed() {
    let base = Base::new();
    for seed in 0..8 {
        let ran = base.check(&format!("seed {seed}"), SAME_DAY, true, |store| flip(store, 200, seed));
        assert_eq!(ran.code, 65);
        base.check(&format!("seed {seed}, no mark"), SAME_DAY, false, |store| flip(store, 200, seed));
    }
}

#[test]
fn flipped_bytes_on_few_pages_cost_no_item() {
    let base = Base::new();
    for seed in 0..40 {
        base.check(&format!("seed {seed}"), NEXT_DAY, seed % 2 == 0, |store| flip(store, 1 + seed as usize % 5, seed));
    }
}

#[test]
fn an_index_that_lost_a_story_is_noticed_before_anything_is_published() {
    let base = Base::new();
    let lose = |store: &Path| {
        let database = rusqlite::Connection::open(store).unwrap();
        let root: u32 = database
            .query_row("select rootpage from sqlite_schema where name = 'story_shelf'", [], |row| row.get(0))
            .unwrap();
        drop(database);
        // An index of one page: half of its rows are gone, and the page is as good as any.
        let mut bytes = fs::read(store).unwrap();
        let page = &mut bytes[(root as usize - 1) * PAGE..][..PAGE];
        assert_eq!(page[0], 10, "a leaf of an index");
        let rows = u16::from_be_bytes([page[3], page[4]]);
        page[3..5].copy_from_slice(&(rows / 2).to_be_bytes());
        fs::write(store, bytes).unwrap();
    };
    for (now, marked) in [(NEXT_DAY, false), (SAME_DAY, true)] {
        assert_eq!(base.check("half an index", now, marked, lose).code, 65);
    }
}

#[test]
fn a_store_that_is_cut_is_no_new_one() {
    let base = Base::new();
    let whole = fs::metadata(base.folder.path("oncefeed.db")).unwrap().len();
    for bytes in [0, 1, 15, 16, 100, 4096, 8192, whole / 2, whole - 4096, whole - 1] {
        for marked in [false, true] {
            let ran = base.check(&format!("{bytes} bytes"), SAME_DAY, marked, |store| {
                fs::File::options().write(true).open(store).unwrap().set_len(bytes).unwrap();
            });
            assert!(ran.code == 65 || bytes > whole / 2, "{bytes} bytes");
        }
    }
}

#[test]
fn a_header_of_zeros_is_no_new_store() {
    let base = Base::new();
    for bytes in [16, 100, PAGE] {
        for marked in [false, true] {
            let ran = base.check(&format!("{bytes} zeros"), SAME_DAY, marked, |store| {
                let mut content = fs::read(store).unwrap();
                content[..bytes].fill(0);
                fs::write(store, content).unwrap();
            });
            assert_eq!(ran.code, 65);
        }
    }
}

#[test]
fn a_log_of_garbage_is_no_log() {
    let base = Base::new();
    let mut chance = Chance(7);
    let garbage: Vec<u8> = (0..40_000).map(|_| chance.below(256) as u8).collect();
    // The number that a log begins with, big-endian, then its version and the size of pages.
    let header = [0x377f_0682_u32, 3_007_000, 4096].map(u32::to_be_bytes).concat();
    let logs = [Vec::new(), garbage[..1].to_vec(), garbage.clone(), [header, garbage].concat()];
    for (number, log) in logs.iter().enumerate() {
        for ending in ["-wal", "-shm"] {
            let ran = base.check(&format!("log {number}"), SAME_DAY, false, |store| {
                fs::write(format!("{}{ending}", store.display()), log).unwrap();
            });
            assert_eq!(ran.code, 0, "{}", ran.err);
        }
    }
}

#[test]
fn the_whole_store_is_looked_through_after_an_unclean_stop_only() {
    let base = Base::new();
    // The text of a story that was held back: an ordinary run does not read it.
    let held_back = text_of(4);
    let folder = twin(&base.folder);
    smash(&folder, &held_back);
    assert_eq!(folder.run(&["--now", SAME_DAY, "refresh"]).code, 0);
    let folder = twin(&base.folder);
    smash(&folder, &held_back);
    folder.write("oncefeed.db.lock", "process 4711");
    let before = published(&folder);
    // As long as nobody mends it.
    for _ in 0..2 {
        let ran = folder.run(&["--now", SAME_DAY, "refresh"]);
        assert_eq!(ran.code, 65, "{}", ran.err);
        assert_eq!(published(&folder), before);
    }
    // So does whoever corrects something.
    let ran = folder.run(&["drop", base.had.first().unwrap()]);
    assert_eq!(ran.code, 65, "{}", ran.err);
}

#[test]
fn damage_that_is_met_in_the_middle_of_a_run_leaves_the_outputs() {
    let base = Base::new();
    let folder = twin(&base.folder);
    // The text of a story that is shown.
    smash(&folder, &text_of(290));
    let before = published(&folder);
    let ran = folder.run(&["--now", SAME_DAY, "refresh"]);
    assert_eq!(ran.code, 65, "{}", ran.err);
    assert!(ran.err.contains("malformed") && ran.err.contains("oncefeed.db.2026-11-23.bak"), "{}", ran.err);
    assert_eq!(published(&folder), before);
    assert_eq!(beside(&folder, ".bak"), ["oncefeed.db.2026-11-23.bak"]);
}
