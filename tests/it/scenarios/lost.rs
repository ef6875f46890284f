//! Ids survive: the store lost, the address of the site changed, a source renamed (D59).

use serde_json::Value;

use super::run::Shown;
use super::texts::{FERRY, LIBRARY, TALKS, TALKS_SUMMARY};
use super::world::{Item, World, item};

const TALKS_AT: &str = "https://harbour.example/talks";

fn talks(at: &str) -> Item {
    item("talks").title("The river talks failed").text(TALKS).at(at)
}

/// A copy under another headline and another address.
fn copy(at: &str) -> Item {
    item("copy").title("No deal on the river").text(format!("{TALKS} More to follow.")).at(at)
}

fn ferry(at: &str) -> Item {
    item("ferry").title("Last crossing").text(FERRY).at(at)
}

fn forget(world: &World) {
    for name in ["oncefeed.db", "oncefeed.db-wal", "oncefeed.db-shm"] {
        let _ = std::fs::remove_file(world.folder().path(name));
    }
}

/// Keeps what was published, as a backup has it.
fn keep(world: &World) {
    for (name, bytes) in world.published() {
        world.folder().write(&format!("backup/{name}"), &String::from_utf8(bytes).unwrap());
    }
}

/// Imports a file of the backup; items, seeded and known ones.
#[track_caller]
fn import(world: &World, file: &str) -> (u64, u64, u64) {
    let ran = world.command(&[
        "--now",
        "2026-11-24T06:00:00Z",
        "import",
        "--json",
        "--from-output",
        &format!("backup/{file}"),
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    let count = |name: &str| told["files"][0][name].as_u64().unwrap();
    (count("items"), count("seeded"), count("known"))
}

/// What a reader keeps of an item: id and dates.
fn known(items: &[Shown]) -> Vec<(&str, &str)> {
    items.iter().map(|item| (item.id.as_str(), item.published.as_str())).collect()
}

/// The talks, told by `harbour` first, and by `metro`; the ferry by `metro` alone, without a date.
fn two_tellers() -> (World, Vec<Shown>) {
    let mut world = World::new();
    world.source("harbour", [talks("2026-11-23 09:00")]).refresh("2026-11-23 09:30");
    world.source("metro", [copy("2026-11-23 10:00"), ferry("2026-11-23 11:00")]).refresh("2026-11-23 12:00");
    let before = world.read("all").items;
    assert_eq!(before.len(), 2);
    keep(&world);
    forget(&world);
    (world, before)
}

#[test]
fn d59_what_all_still_tell_has_the_same_ids_in_a_new_store() {
    let (world, before) = two_tellers();
    assert_eq!(known(&world.refresh("2026-11-24 06:00").items), known(&before));
}

#[test]
fn d59_what_its_first_teller_has_dropped_keeps_the_id_that_was_seeded() {
    for file in ["all.rss", "all.atom", "all.json"] {
        let (mut world, before) = two_tellers();
        world.source("harbour", []);
        assert_eq!(import(&world, file), (2, 2, 0), "{file}");
        assert_eq!(import(&world, file), (2, 0, 2), "{file}: again");
        let after = world.refresh("2026-11-24 06:10");
        assert_eq!(known(&after.items), known(&before), "{file}");
        assert_eq!(after.at("https://metro.example/copy").also, []);
        // One that comes weeks later, under a text that was seeded.
        let late = item("late").title("Read again").text(TALKS).at("2026-11-25 08:00");
        let after = world.source("coast", [late]).refresh("2026-11-25 09:00");
        assert_eq!(known(&after.items), known(&before), "{file}");
        assert_eq!(after.at("https://metro.example/copy").covered_by(), ["coast"]);
        // And what is new is new.
        let library = item("library").title("Six weeks").text(LIBRARY).at("2026-11-25 10:00");
        assert_eq!(world.source("coast", [library]).refresh("2026-11-25 11:00").items.len(), 3);
    }
}

#[test]
fn d59_without_the_seed_it_would_be_new() {
    let (mut world, before) = two_tellers();
    let after = world.source("harbour", []).refresh("2026-11-24 06:00");
    assert_ne!(known(&after.items), known(&before));
}

#[test]
fn d59_what_was_old_at_a_first_visit_is_shown_when_readers_have_it() {
    let (mut world, before) = two_tellers();
    import(&world, "all.json");
    let after = world.source("harbour", [talks("2026-11-23 09:00")]).refresh("2026-12-24 06:00");
    assert_eq!(known(&after.items), known(&before));
    assert_eq!(after.at(TALKS_AT).covered_by(), ["metro"]);
}

#[test]
fn d59_an_undated_story_keeps_its_date() {
    let mut world = World::new();
    let undated = || {
        format!(
            "<rss version=\"2.0\"><channel><title>H</title><item><guid>1</guid><title>Last crossing</title>\
                 <description>{FERRY}</description></item></channel></rss>"
        )
    };
    world.source("harbour", []).folder().write("harbour.rss", &undated());
    let before = world.refresh("2026-11-23 09:30").items;
    keep(&world);
    forget(&world);
    import(&world, "all.rss");
    let after = world.refresh("2026-11-24 06:00");
    assert_eq!(known(&after.items), known(&before));
    assert_eq!(before[0].published, "2026-11-23 09:30");
}

#[test]
fn d59_what_is_seeded_is_shown_nowhere_and_stays_in_its_output() {
    let mut world = World::new();
    let outputs = [("local", "groups = [\"local\"]"), ("world", "groups = [\"world\"]")];
    world.site("once = \"site\"").outputs(&outputs);
    world.source("harbour", [talks("2026-11-23 09:00")]).set("harbour", "groups = [\"world\"]");
    world.source("metro", []).set("metro", "groups = [\"local\"]").try_to_refresh("2026-11-23 09:30");
    world.source("metro", [copy("2026-11-23 10:00")]).try_to_refresh("2026-11-23 12:00");
    let id = world.read("world").only().id.clone();
    keep(&world);
    forget(&world);
    import(&world, "world.rss");
    // Nobody tells anything yet: there is nothing to show, nothing to count, and no reason to take away what readers have.
    let empty: [Item; 0] = [];
    world.source("harbour", empty.clone()).source("metro", empty).try_to_refresh("2026-11-24 06:00");
    assert_eq!((world.read("world").items.len(), world.read("local").items.len()), (1, 0));
    // But in an output that is not there.
    std::fs::remove_file(world.folder().path("public/world.rss")).unwrap();
    for ending in ["atom", "json", "html"] {
        let _ = std::fs::remove_file(world.folder().path(&format!("public/world.{ending}")));
    }
    world.try_to_refresh("2026-11-24 06:30");
    assert_eq!(world.read("world").items.len(), 0);
    assert_eq!(world.command(&["export", "--stories", "--jsonl"]).out, "");
    // Told again by both in one run, it is where it was, though the other output comes first.
    world.source("harbour", [talks("2026-11-23 09:00")]).source("metro", [copy("2026-11-23 10:00")]);
    world.try_to_refresh("2026-11-24 07:00");
    assert_eq!((world.read("world").only().id.as_str(), world.read("local").items.len()), (id.as_str(), 0));
}

#[test]
fn d59_a_file_that_is_no_output_is_refused() {
    let world = World::new();
    world.folder().write("page.html", "<html><body><p>Hello there.</p></body></html>");
    world.folder().write(
        "other.rss",
        "<rss version=\"2.0\"><channel><title>t</title><link>https://n.example/</link>\
        <description>d</description><item><guid>1</guid><title>A</title></item></channel></rss>",
    );
    let ran = world.command(&["import", "--from-output", "page.html"]);
    assert_eq!(ran.code, 65);
    assert!(ran.err.contains("page.html: ") && ran.err.contains("ID.rss"), "{}", ran.err);
    let ran = world.command(&["import", "--from-output", "other.rss"]);
    assert!(ran.code == 0 && ran.err.contains("1 item has an id that is none of ours"), "{}", ran.err);
    assert_eq!(world.command(&["import", "--from-output", "nothing.rss"]).code, 65);
    // What the store has under another id by now is left to it.
    let mut world = World::new();
    world.source("harbour", [talks("2026-11-23 09:00")]).refresh("2026-11-23 09:30");
    let kept = world
        .folder()
        .read("public/all.rss")
        .replace(&world.read("all").only().id, "urn:uuid:00000000-0000-8000-8000-000000000000");
    world.folder().write("backup/all.rss", &kept);
    assert_eq!(import(&world, "all.rss"), (1, 0, 0));
}

#[test]
fn d59_a_failure_right_after_the_import_empties_no_output() {
    let mut world = World::new();
    world.source("harbour", [talks("2026-11-23 09:00")]).refresh("2026-11-23 09:30");
    let before = world.published();
    keep(&world);
    forget(&world);
    import(&world, "all.rss");
    std::fs::remove_file(world.folder().path("harbour.rss")).unwrap();
    let ran = world.try_to_refresh("2026-11-24 06:00");
    assert_eq!((ran.code, ran.err.contains("still served")), (4, false), "{}", ran.err);
    assert_eq!(world.published(), before);
    world.source("harbour", [talks("2026-11-23 09:00")]);
    assert_eq!(world.refresh("2026-11-24 09:00").items.len(), 1);
}

#[test]
fn d59_a_story_that_is_in_an_output_by_now_is_left_there() {
    let mut world = World::new();
    world.site("once = \"site\"").outputs(&[("world", ""), ("local", "")]);
    world.source("harbour", [talks("2026-11-23 09:00")]).try_to_refresh("2026-11-23 09:30");
    keep(&world);
    // The same items under the name of another output: an old one, or of a time when each was in both.
    world.folder().write("backup/local.rss", &world.folder().read("backup/world.rss"));
    for is_lost in [false, true] {
        if is_lost {
            forget(&world);
            import(&world, "world.rss");
        }
        import(&world, "local.rss");
        world.try_to_refresh("2026-11-24 06:00");
        assert_eq!((world.read("world").items.len(), world.read("local").items.len()), (1, 0), "lost: {is_lost}");
    }
}

#[test]
fn d59_no_public_item_is_dated_by_a_private_one() {
    let mut world = World::new();
    world.outputs(&[("mine", "private = true"), ("all", "")]);
    world.source("secret", [talks("2026-11-20 09:00")]).set("secret", "private = true").source("metro", []);
    world.try_to_refresh("2026-11-20 09:30");
    world.source("metro", [talks("2026-11-23 10:00")]).try_to_refresh("2026-11-23 11:00");
    let before = world.read("all").items;
    assert_eq!(before[0].published, "2026-11-23 10:00");
    keep(&world);
    for files in [["mine.rss", "all.rss"], ["all.rss", "mine.rss"]] {
        forget(&world);
        let seeded = files.map(|file| import(&world, file).1);
        assert_eq!(seeded, if files[0] == "mine.rss" { [1, 1] } else { [1, 0] });
        world.try_to_refresh("2026-11-24 06:10");
        assert_eq!(known(&world.read("all").items), known(&before), "{files:?}");
        assert_eq!(world.read("mine").only().id, before[0].id, "{files:?}");
    }
}

#[test]
fn d59_what_was_merged_and_split_again_is_as_it_was_seeded() {
    let mut world = World::new();
    let told = [talks("2026-11-23 09:00"), ferry("2026-11-22 08:00")];
    let [first, second] = told.clone();
    world.source("harbour", [first]).source("metro", [second]).refresh("2026-11-23 09:30");
    keep(&world);
    forget(&world);
    import(&world, "all.rss");
    let before = world.refresh("2026-11-24 06:10").items;
    let of = |url: &str| before.iter().find(|item| item.id == world.read("all").at(url).id).unwrap().id.clone();
    let (river, boat) = (of(TALKS_AT), of("https://metro.example/ferry"));
    let explained = world.command(&["explain", &river]);
    assert!(!explained.out.contains("\ntold by"), "one source told it: {}", explained.out);
    // Whichever side is named.
    for named in ["harbour", "metro"] {
        assert_eq!(world.command(&["merge", &river, &boat]).code, 0);
        let merged = world.read("all").only().id.clone();
        let split = world.command(&["split", &merged, named]);
        assert_eq!(split.code, 0, "{}", split.err);
        assert_eq!(known(&world.read("all").items), known(&before), "{named}: {}", split.out);
    }
    // Who has the address of one of them joins that one.
    let late = copy("2026-11-24 08:00").url(TALKS_AT).title("Read again").text("In short: nothing came of it.");
    let after = world.source("coast", [late]).refresh("2026-11-24 09:00");
    assert_eq!(after.id(&river).covered_by(), ["coast"]);
}

#[test]
fn another_base_url_changes_no_id() {
    let mut world = World::new();
    let before = world.source("harbour", [talks("2026-11-23 09:00")]).refresh("2026-11-23 09:30").ids();
    let after = world.site("base_url = \"https://elsewhere.example/feeds/\"").refresh("2026-11-23 10:00");
    assert_eq!(after.ids(), before);
    assert!(world.folder().read("public/all.rss").contains("https://elsewhere.example/feeds/all.rss"));
}

#[test]
fn a_source_under_another_name_tells_nothing_new() {
    let mut world = World::new();
    let told = || {
        [
            talks("2026-11-23 09:00").url(TALKS_AT),
            item("short")
                .title("In short")
                .text(TALKS_SUMMARY)
                .at("2026-11-23 08:00")
                .url("https://harbour.example/short"),
        ]
    };
    let before = world.source("harbour", told()).refresh("2026-11-23 09:30").items;
    let after = world.remove("harbour").source("harbour-post", told()).refresh("2026-11-23 10:00");
    assert_eq!(known(&after.items), known(&before));
}

#[test]
fn d59_of_very_many_items_the_newest_are_taken_and_that_is_said() {
    let world = World::new();
    let items: Vec<String> = (0..2_001)
        .map(|n| {
            let id = format!("urn:uuid:{n:08x}-0000-8000-8000-000000000000");
            format!("{{\"id\": \"{id}\", \"url\": \"https://n.example/{n}\", \"title\": \"Item {n}\", \"content_text\": \"{n}\"}}")
        })
        .collect();
    let feed = format!(
        "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"t\", \"items\": [{}]}}",
        items.join(",")
    );
    world.folder().write("backup/all.json", &feed);
    assert_eq!(import(&world, "all.json"), (2_000, 2_000, 0));
    let ran = world.command(&["import", "--from-output", "backup/all.json"]);
    assert!(ran.err.contains("all.json: 2001 items: the newest 2000 were kept"), "{}", ran.err);
}
