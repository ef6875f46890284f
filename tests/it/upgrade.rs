//! Stores that earlier versions have left: nothing is lost, nothing is new, and what was is kept beside it.

use std::fs;
use std::path::Path;

use rusqlite::Connection;

use crate::storage::{command, published, script};
use crate::support::{Folder, rss};

const RIVER: &str = "The two delegations left the assembly hall late on Sunday without a deal on the shared river, and the chair \
    of the talks said that no date had been set for another round. Negotiators had worked through the weekend on how much water \
    each side may take in a dry summer. They agreed on gauges and on a common flood warning, the chair said, but not on the \
    figure itself. Farmers on both banks had asked for certainty before the sowing season begins in spring.";
const LOAF: &str = "The bakery at the fish market has baked its last loaf of rye. Its owner is eighty and has no heir, and the \
    guild has looked for one since summer. The oven is older than the market hall around it and will stay where it is.";
const FERRY: &str = "The small ferry to the lighthouse island makes its last crossing on Saturday. A bridge for walkers opens in \
    the morning, and the ferryman, who has rowed for thirty years, will be the first to use it, the harbour office said.";
const COPY: &str = "It was late when they gave up. The two delegations left the assembly hall late on Sunday without a deal on \
    the shared river, and the chair of the talks said that no date had been set for another round. Negotiators had worked \
    through the weekend on how much water each side may take in a dry summer. They agreed on gauges and on a common flood \
    warning, the chair said, but not on the figure itself. Farmers on both banks had asked for certainty.";

/// What readers had of the river and of the loaf.
const IDS: [&str; 2] =
    ["urn:uuid:72c94ea5-7374-82b8-b0da-5657dad83c56", "urn:uuid:a62bcbca-54f5-861d-9992-050ac74f7c32"];

/// Stores of the schemas that programs were used with, each made by the last program that wrote it from the same tellings: two of the river, one of the
/// loaf; from the second on, where people could, the ferry was told too and dropped. The hashes of the first were made
/// meaningless afterwards, as if the normaliser had changed.
const SCHEMAS: [u32; 6] = [1, 2, 3, 4, 5, 6];

/// A folder with a store of that schema, its sources as they were, and one copy that has come since.
fn left_by(schema: u32) -> Folder {
    let folder = Folder::new();
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/stores/schema-{schema}.db"));
    fs::copy(made, folder.path("oncefeed.db")).unwrap();
    let sources =
        ["harbour", "metro", "ledger"].map(|id| format!("[[source]]\nid = \"{id}\"\nurl = \"file:{id}.rss\"\n"));
    folder.write("oncefeed.toml", &format!("{}[[output]]\nid = \"all\"\n", sources.concat()));
    let harbour = [
        ("h1", "We did not get there", "https://harbour.example/wire", "Mon, 23 Nov 2026 10:00:00 GMT", RIVER),
        ("h2", "The last loaf", "https://harbour.example/loaf", "Mon, 23 Nov 2026 09:00:00 GMT", LOAF),
        ("h3", "The last crossing", "https://harbour.example/ferry", "Mon, 23 Nov 2026 08:00:00 GMT", FERRY),
    ];
    folder.write("harbour.rss", &rss("harbour", if schema == 1 { &harbour[..2] } else { &harbour }));
    let metro = format!("{RIVER} The ministry declined to comment.");
    let item = ("m1", "Treaty talks end", "https://metro.example/wire", "Mon, 23 Nov 2026 11:00:00 GMT", &*metro);
    folder.write("metro.rss", &rss("metro", &[item]));
    let item = ("l1", "No deal on the river", "https://ledger.example/river", "Mon, 23 Nov 2026 12:00:00 GMT", COPY);
    folder.write("ledger.rss", &rss("ledger", &[item]));
    folder
}

fn version(database: &Path) -> u32 {
    let database = Connection::open(database).unwrap();
    database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

fn counts(report: &serde_json::Value) -> [u64; 3] {
    ["new", "folded", "updated"].map(|count| report[count].as_u64().unwrap())
}

#[test]
fn a_store_of_every_schema_goes_on_where_it_was() {
    for schema in SCHEMAS {
        let folder = left_by(schema);
        let report = folder.refresh("2026-11-23T13:00:00Z");
        assert_eq!(counts(&report), [0, 1, 0], "schema {schema}: the copy alone is unknown: {report}");
        let items = folder.items("all.rss");
        assert_eq!(items.iter().map(|item| &item.id).collect::<Vec<_>>(), IDS, "schema {schema}");
        assert!(items[0].content.contains("https://ledger.example/river"), "schema {schema}: {}", items[0].content);

        let (now, backup) = (folder.path("oncefeed.db"), folder.path(&format!("oncefeed.db.schema-{schema}.bak")));
        if version(&now) == schema {
            assert!(!backup.exists(), "nothing was changed");
        } else {
            assert_eq!(version(&backup), schema, "what was is kept beside it");
        }

        // Once is enough.
        let before = published(&folder);
        let again = folder.refresh("2026-11-23T14:00:00Z");
        assert_eq!(counts(&again), [0, 0, 0], "schema {schema}: {again}");
        assert!(!again["files"].as_array().unwrap().iter().any(|file| file["changed"] == true), "{again}");
        assert_eq!(published(&folder), before);
    }
}

#[test]
fn an_upgrade_that_fails_leaves_the_store_as_it_was_and_its_backup_beside_it() {
    for schema in [1, 2, 3, 4, 5] {
        let folder = left_by(schema);
        let store = folder.path("oncefeed.db");
        // Something is where the newest of them makes an index.
        Connection::open(&store).unwrap().execute_batch("create index story_home on story (time)").unwrap();
        folder.write("public/all.rss", "what readers have");
        for _ in 0..2 {
            let ran = folder.run(&["--now", "2026-11-23T13:00:00Z", "refresh"]);
            assert_eq!(ran.code, 65, "{}", ran.err);
            assert!(ran.err.contains("story_home"), "{}", ran.err);
            let backup = folder.path(&format!("oncefeed.db.schema-{schema}.bak"));
            assert_eq!((version(&store), version(&backup)), (schema, schema));
            assert!(ran.err.contains(&*backup.file_name().unwrap().to_string_lossy()), "{}", ran.err);
            assert_eq!(folder.read("public/all.rss"), "what readers have");
        }
    }
}

/// Its hashes are of another version: until they are renewed nothing in it is found.
#[test]
fn an_old_output_is_held_against_renewed_hashes() {
    let folder = left_by(1);
    let item = "{\"id\": \"urn:uuid:00000000-0000-8000-8000-000000000000\", \"url\": \"https://harbour.example/wire\", \"title\": \"t\"}";
    let feed = format!("{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"t\", \"items\": [{item}]}}");
    folder.write("backup/all.json", &feed);
    let ran = folder.run(&["--now", "2026-11-23T12:30:00Z", "import", "--json", "--from-output", "backup/all.json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!((told["files"][0]["otherwise"].as_u64(), told["files"][0]["seeded"].as_u64()), (Some(1), Some(0)));
}

#[test]
fn a_store_of_a_newer_program_is_left_alone() {
    let folder = left_by(6);
    Connection::open(folder.path("oncefeed.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let before = fs::read(folder.path("oncefeed.db")).unwrap();
    folder.write("public/all.rss", "what readers have");
    for command in [&["refresh"][..], &["status"], &["drop", "72c94ea5"]] {
        let ran = folder.run(command);
        assert_eq!(ran.code, 65, "{command:?}: {}", ran.err);
        assert!(ran.err.contains("schema 99") && ran.err.contains("install the newer oncefeed"), "{}", ran.err);
    }
    assert_eq!(fs::read(folder.path("oncefeed.db")).unwrap(), before);
    assert_eq!(folder.read("public/all.rss"), "what readers have");

    // Who went back to this program is shown the way: the copy of before the change that it does not know.
    for schema in [2, 5, 98] {
        let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/schema-5.db");
        fs::copy(made, folder.path(&format!("oncefeed.db.schema-{schema}.bak"))).unwrap();
    }
    let ran = folder.run(&["refresh"]);
    assert!(ran.err.contains("oncefeed.db.schema-5.bak"), "{}", ran.err);
    assert!(script(&folder, command(&ran.err)).status.success());
    assert_eq!(counts(&folder.refresh("2026-11-23T13:00:00Z")), [0, 1, 0]);
}
