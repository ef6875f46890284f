//! Clocks that jump.

use super::{NOON, folder};
use crate::origin::Origin;

#[test]
fn a_clock_that_jumps_makes_one_visit_and_no_story_new() {
    let origin = Origin::start(3);
    let folder = folder(&origin, &[(0, 0), (1, 0), (2, 0)], "delay = \"0s\"");
    assert_eq!(folder.refresh(NOON)["new"], 3);
    let files = ["all.rss", "all.atom", "all.json", "all.html"].map(|name| folder.read(&format!("public/{name}")));
    // Ten years ahead, a year back, and where it belongs.
    for now in ["2036-11-23T12:00:00Z", "2025-11-23T12:00:00Z", "2026-11-23T13:00:00Z"] {
        origin.forget();
        for _ in 0..3 {
            let report = folder.refresh(now);
            assert_eq!((&report["new"], &report["updated"]), (&0.into(), &0.into()), "{now}: {report}");
        }
        let asked = origin.asked();
        assert!(asked.values().all(|times| *times <= 1), "{now}: {asked:?}");
        for (name, before) in ["all.rss", "all.atom", "all.json", "all.html"].iter().zip(&files) {
            assert!(folder.read(&format!("public/{name}")) == *before, "{now}: {name} is another");
        }
    }
    // Sources are visited as usual again.
    origin.forget();
    folder.refresh("2026-11-25T14:00:00Z");
    assert_eq!(origin.asked().len(), 3);
}

#[test]
fn what_is_first_seen_by_a_wrong_clock_is_dated_as_its_source_says() {
    let origin = Origin::start(1);
    let folder = folder(&origin, &[(0, 0)], "");
    for now in ["2036-11-23T12:00:00Z", NOON] {
        folder.refresh(now);
        for name in ["all.rss", "all.atom", "all.json"] {
            assert!(!folder.read(&format!("public/{name}")).contains("2036"), "{now}: {name}");
        }
    }
}
