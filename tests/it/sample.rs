//! The sample of the README: what goes in, what must come out, and that it does not age.

use std::fs;

use crate::support::{Folder, NOW, copy};

/// A folder like the project's, with the sample refreshed once.
fn refreshed() -> (Folder, serde_json::Value) {
    let folder = Folder::new();
    copy("config", &folder.path("config"));
    let ran = folder.run(&["--config", "config/sample.toml", "--now", NOW, "refresh", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    (folder, serde_json::from_str(&ran.out).unwrap())
}

#[test]
fn folds_what_its_readme_says() {
    let (_folder, report) = refreshed();
    let number = |key: &str| report[key].as_u64().unwrap();
    assert_eq!((number("stories"), number("new"), number("folded"), number("failed")), (47, 41, 6, 0));
    assert_eq!(report["outputs"][0]["entries"], 31);
    assert_eq!(report["outputs"][1]["entries"], 23);
}

#[test]
fn publishes_the_wire_story_once_with_its_four_other_tellings() {
    let (folder, _) = refreshed();
    for name in ["world.rss", "world.atom", "world.json"] {
        let items = folder.items(name);
        assert_eq!(items.len(), 31);
        let wire: Vec<_> = items.iter().filter(|item| item.content.contains("Coastline Wire")).collect();
        assert_eq!(wire.len(), 1, "{name}");
        let (_, also) = wire[0].content.rsplit_once("Also covered by").expect("it says who else");
        for name in ["Northfield Courier", "The Metro", "Coast Today", "Vane Ledger"] {
            assert!(also.contains(name), "{name} is missing in {also}");
        }
        assert!(wire[0].link.as_deref().unwrap().contains("harbour"));
    }
    assert_eq!(folder.read("public/world.rss").matches("rel=\"related\"").count(), 6);
}

#[test]
fn keeps_every_hard_negative() {
    let (folder, _) = refreshed();
    let titles: Vec<String> = folder.items("world.rss").into_iter().map(|item| item.title).collect();
    let count = |start: &str| titles.iter().filter(|title| title.starts_with(start)).count();
    for (start, times) in [
        ("Weather forecast", 2),
        ("Water level at Port Ellery", 2),
        ("Quillmark Paper", 1),
        ("Dunmore Glass", 1),
        ("Council may", 2),
        ("Storm damages roof of Castle Hill school", 2),
        ("Five things to know", 1),
    ] {
        assert_eq!(count(start), times, "{start}");
    }
    let local: Vec<String> = folder.items("local.rss").into_iter().map(|item| item.title).collect();
    assert!(local.iter().any(|title| title.contains("say Senn negotiators")), "{local:?}");
}

#[test]
fn formats_agree_on_ids_order_titles_and_links() {
    let (folder, _) = refreshed();
    for output in ["world", "local"] {
        let parts = |ending: &str| -> Vec<_> {
            folder
                .items(&format!("{output}.{ending}"))
                .into_iter()
                .map(|item| (item.id, item.title, item.link, item.published))
                .collect()
        };
        let rss = parts("rss");
        assert_eq!(rss, parts("atom"));
        assert_eq!(rss, parts("json"));
        // A page names its articles by the beginning of the same ids.
        let page = folder.read(&format!("public/{output}.html"));
        let articles: Vec<String> =
            (page.split("<article id=\"s").skip(1)).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
        let short = |id: &str| id.trim_start_matches("urn:uuid:").replace('-', "")[..12].to_owned();
        assert_eq!(articles, rss.iter().map(|(id, ..)| short(id)).collect::<Vec<_>>());
    }
}

#[test]
fn pages_show_who_else_tells_the_wire_story_and_list_the_outputs() {
    let (folder, _) = refreshed();
    let world = folder.read("public/world.html");
    assert!(world.contains("31 items from 5 sources"));
    let wire = world.split("<article").find(|article| article.contains("We didn&#39;t get there</a></h2>")).unwrap();
    for part in ["<b>Harbour Post</b>", "Also covered by <a", " and 1 more", "4 other headlines", "<b>Vane Ledger</b>"]
    {
        assert!(wire.contains(part), "{part} is missing in {wire}");
    }
    let index = folder.read("public/index.html");
    for part in ["Sample news", "31 items", "23 items", "\"world.html\"", "\"local.json\""] {
        assert!(index.contains(part), "{part} is missing in {index}");
    }
    assert!(folder.read("public/style.css").contains("prefers-color-scheme: dark"));
}

#[test]
fn a_second_run_says_nothing_new_and_changes_no_byte() {
    let (folder, _) = refreshed();
    let files: Vec<String> = (["world", "local"].iter())
        .flat_map(|output| ["rss", "atom", "json", "html"].map(|ending| format!("{output}.{ending}")))
        .chain(["index.html", "feed.css", "style.css"].map(str::to_owned))
        .collect();
    let state = |name: &str| {
        let path = folder.path(&format!("public/{name}"));
        (fs::read(&path).unwrap(), fs::metadata(&path).unwrap().modified().unwrap())
    };
    let before: Vec<_> = files.iter().map(|name| state(name)).collect();
    // Weeks later the sources still say the same: nothing may have become new or gone.
    for now in [NOW, "2026-12-24T06:00:00Z"] {
        let ran = folder.run(&["--config", "config/sample.toml", "--now", now, "refresh"]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(ran.out.contains("0 new, nothing written"), "{}", ran.out);
    }
    assert_eq!(before, files.iter().map(|name| state(name)).collect::<Vec<_>>());
}

#[test]
fn reads_pages_that_have_no_feed() {
    let (folder, _) = refreshed();
    let items = folder.items("local.rss");
    let listed: Vec<_> =
        items.iter().filter(|item| item.link.as_deref().is_some_and(|link| link.contains("/workshop/"))).collect();
    assert_eq!(listed.len(), 5);
    assert!(listed.iter().all(|item| item.published.is_some() && item.content.len() > 100));
    let article = items.iter().find(|item| item.title == "Night school opens its telescope to the public").unwrap();
    assert_eq!(article.link.as_deref(), Some("https://lowerquarter.example/sky/night-school-telescope"));
    assert!(article.content.contains("ninety-four steps") && article.content.contains("empty chair"));
}

/// The command of the README says `--now`, and nothing else in it depends on when it is run: what it
/// publishes is what it published when this list was written.
#[test]
fn does_not_age() {
    let (folder, _) = refreshed();
    let list: String = (folder.items("world.rss").iter())
        .map(|item| format!("{} {} {}\n", item.published.as_deref().unwrap_or("-"), item.id, item.title))
        .collect();
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editions/sample-world.txt");
    if std::env::var_os("ONCEFEED_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &list).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(list, expected, "set ONCEFEED_BLESS=1 to accept, after reading the difference");
}
