//! A store that an earlier version has left, with hashes that mean nothing to this one.

use std::path::Path;

use crate::support::{Folder, rss};

/// Made by the first version of the schema from two tellings of the river treaty and one of the last loaf;
/// then its hashes were made meaningless, as if the normaliser had changed.
const STORE: &str = "tests/stores/schema-1.db";

const COPY: &str = "It was late when they gave up. The two delegations left the assembly hall late on Sunday without a deal on \
    the shared river, and the chair of the talks said that no date had been set for another round. Negotiators had worked \
    through the weekend on how much water each side may take in a dry summer. They agreed on gauges and on a common flood \
    warning, the chair said, but not on the figure itself. Farmers on both banks had asked for certainty.";

#[test]
fn an_old_store_is_migrated_and_hashed_anew() {
    let folder = Folder::new();
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join(STORE), folder.path("oncefeed.db")).unwrap();
    let sources =
        ["harbour", "metro", "ledger"].map(|id| format!("[[source]]\nid = \"{id}\"\nurl = \"file:{id}.rss\"\n"));
    folder.write("oncefeed.toml", &format!("{}[[output]]\nid = \"all\"\n", sources.concat()));
    let item = ("l1", "No deal on the river", "https://ledger.example/river", "Mon, 23 Nov 2026 12:00:00 GMT", COPY);
    folder.write("ledger.rss", &rss("ledger", &[item]));

    let report = folder.refresh("2026-11-23T13:00:00Z");
    assert_eq!((&report["new"], &report["folded"]), (&0.into(), &1.into()), "{report}");
    let items = folder.items("all.rss");
    assert_eq!(items.len(), 2);
    assert_eq!(items[0].id, "urn:uuid:72c94ea5-7374-82b8-b0da-5657dad83c56", "the id is that of before");
    assert!(items[0].content.contains("https://ledger.example/river"), "{}", items[0].content);

    // What was is kept beside it.
    let backup = std::fs::read(folder.path("oncefeed.db.schema-1.bak")).unwrap();
    assert!(backup.starts_with(b"SQLite format 3"));

    // Once is enough.
    let again = folder.refresh("2026-11-23T14:00:00Z");
    assert_eq!((&again["new"], &again["folded"]), (&0.into(), &0.into()), "{again}");
}
