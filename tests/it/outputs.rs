//! Outputs as a subscriber meets them: lists to subscribe to, stories as lines, and nothing that slips through.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{Folder, NOW, rss};

const TEXT: &str = "The bridge over the river reopened to all traffic on Monday morning.";

fn stories(source: &str, number: usize) -> String {
    let rows: Vec<[String; 5]> = (0..number)
        .map(|n| {
            let time = format!("Mon, 23 Nov 2026 {:02}:{:02}:{:02} GMT", n / 3600 % 24, n / 60 % 60, n % 60);
            [
                n.to_string(),
                format!("{source} notes item {n}"),
                format!("https://{source}.example/{n}"),
                time,
                format!("{n}: {TEXT}"),
            ]
        })
        .collect();
    let rows: Vec<_> = rows.iter().map(|[a, b, c, d, e]| (&**a, &**b, &**c, &**d, &**e)).collect();
    rss(source, &rows)
}

const CONFIG: &str = "[site]\ntitle = \"Mine & yours\"\nbase_url = \"https://news.example/feeds\"\n\
    [[source]]\nid = \"harbour\"\nurl = \"https://harbour.example/feed?a=1&b=2\"\ngroups = [\"World\", \"Sea\"]\n\
    [[source]]\nid = \"metro\"\nurl = \"https://metro.example/\"\ntitle = \"The <Metro>\"\n\
    [[source]]\nid = \"paid\"\nurl = \"https://paid.example/feed?token=hush\"\n\
    [[source]]\nid = \"mine\"\nurl = \"https://me:pass@mine.example/\"\n\
    [[source]]\nid = \"notes\"\nurl = \"file:notes.rss\"\n\
    [[output]]\nid = \"all\"\ntitle = \"All\"\n[[output]]\nid = \"page\"\nformats = [\"html\"]\n\
    [[output]]\nid = \"own\"\nprivate = true\nformats = [\"atom\"]\n\
    [[output]]\nid = \"of\"\ntitle = \"Each\"\neach = \"source\"\ngroups = [\"World\"]\n";

#[test]
fn sources_are_exported_with_their_folders_and_without_their_secrets() {
    let folder = Folder::new();
    folder.write_secret("oncefeed.toml", CONFIG);
    let ran = folder.run(&["export"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        "<title>Mine &amp; yours</title>",
        "<outline text=\"World\"",
        "xmlUrl=\"https://harbour.example/feed?a=1&amp;b=2\" category=\"/World,/Sea\"/>",
        "text=\"The &lt;Metro&gt;\"",
    ] {
        assert!(ran.out.contains(part), "{part:?} in {}", ran.out);
    }
    for secret in ["hush", "pass", "mine.example", "notes"] {
        assert!(!ran.out.contains(secret), "{secret:?} in {}", ran.out);
    }
    assert!(ran.err.contains("3 sources are left out") && ran.err.contains("--private"), "{}", ran.err);
    let all = folder.run(&["export", "--private"]);
    assert!(
        all.out.contains("token=hush") && all.out.contains("me:pass@") && all.err.is_empty(),
        "{} {}",
        all.out,
        all.err
    );
}

#[test]
fn outputs_are_exported_to_subscribe_to() {
    let folder = Folder::new();
    folder.write_secret("oncefeed.toml", CONFIG);
    let ran = folder.run(&["export", "--outputs"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        "text=\"All\" title=\"All\" xmlUrl=\"https://news.example/feeds/all.rss\" htmlUrl=\"https://news.example/feeds/all.html\"/>",
        "<outline text=\"World\" title=\"World\">\n      <outline type=\"rss\" text=\"harbour\"",
        "xmlUrl=\"https://news.example/feeds/of-harbour.rss\"",
    ] {
        assert!(ran.out.contains(part), "{part:?} in {}", ran.out);
    }
    assert!(!ran.out.contains("own.atom") && !ran.out.contains("page.html"), "{}", ran.out);
    assert!(ran.err.contains("1 feed is left out: private") && ran.err.contains("pages only"), "{}", ran.err);
    assert!(folder.run(&["export", "--outputs", "--private"]).out.contains("feeds/own.atom"));

    folder.write("oncefeed.toml", "[[source]]\nid = \"a\"\nurl = \"file:a\"\n");
    let ran = folder.run(&["export", "--outputs"]);
    assert!(ran.code == 78 && ran.out.is_empty() && ran.err.contains("base_url"), "{} {}", ran.code, ran.err);
}

#[test]
fn stories_are_exported_a_line_each() {
    let folder = Folder::new();
    folder.write(
        "oncefeed.toml",
        "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n[[source]]\nid = \"b\"\nurl = \"file:b.rss\"\n",
    );
    let ran = folder.run(&["export", "--stories", "--jsonl"]);
    assert!(ran.code == 65 && ran.err.contains("oncefeed refresh"), "{}", ran.err);
    // More than a page of them, and copies of some.
    folder.write("a.rss", &stories("a", 1_100)).write("b.rss", &stories("a", 3)).refresh(NOW);
    let ran = folder.run(&["export", "--stories", "--jsonl"]);
    let lines: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap().to_owned();
    let ids: BTreeSet<String> = lines.iter().map(|line| text(line, "id")).collect();
    let clusters: BTreeSet<String> = lines.iter().map(|line| text(line, "cluster")).collect();
    assert_eq!((lines.len(), ids.len(), clusters.len()), (1_103, 1_103, 1_100));
    assert!(clusters.is_subset(&ids), "the first story of a cluster has its id");
    let mut rules: BTreeMap<String, usize> = BTreeMap::new();
    lines.iter().for_each(|line| *rules.entry(text(line, "because")).or_default() += 1);
    assert_eq!(rules, BTreeMap::from([("opens".to_owned(), 1_100), ("same-url".to_owned(), 3)]));
    let keys: Vec<&String> = lines[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["because", "cluster", "id", "published", "source", "title", "url"]);
    let guid = &folder.items("all.rss")[0].id;
    assert!(clusters.contains(guid), "{guid}");
    assert_eq!(folder.run(&["export", "--stories"]).code, 2);
}

#[test]
fn what_a_feed_has_no_room_for_is_said_with_the_cure() {
    let folder = Folder::new();
    let config = |output: &str| {
        format!(
            "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n[[output]]\nid = \"world\"\nformats = [\"json\"]\n{output}\n"
        )
    };
    folder.write("oncefeed.toml", &config("limit = 5")).write("a.rss", &stories("a", 10)).refresh(NOW);
    // Not one of a first visit alone is published.
    folder.write("a.rss", &stories("a", 1_007));
    let report = folder.refresh(NOW);
    assert_eq!((&report["outputs"][0]["entries"], &report["outputs"][0]["cut"]), (&1_000.into(), &7.into()));
    let ran = folder.run(&["--now", NOW, "refresh"]);
    assert!(ran.err.contains("output `world`: 7 items are younger") && ran.err.contains("limit = 1007"), "{}", ran.err);
    let status = folder.run(&["status"]).out;
    assert!(status.contains("output `world`: 7 items") && status.contains("limit = 1007"), "{status}");
    let status: Value = serde_json::from_str(&folder.run(&["status", "--json"]).out).unwrap();
    assert_eq!((&status["outputs"][0]["id"], &status["outputs"][0]["cut"]), (&"world".into(), &7.into()));

    // The cure cures, and an output that cuts nothing says nothing.
    for cured in ["limit = 1007", "keep = \"5m\""] {
        folder.write("oncefeed.toml", &config(cured));
        assert_eq!(folder.refresh(NOW)["outputs"][0]["cut"], 0, "{cured}");
        assert!(!folder.run(&["status"]).out.contains("output `world`"), "{cured}");
    }
}

const LIST: &str = "<opml version=\"2.0\"><body><outline text=\"Sea\">\
    <outline text=\"Harbour &quot;Post&quot;\" type=\"rss\" xmlUrl=\"https://harbour.example/feed?a=1&amp;b=2\"/>\
    <outline text=\"Metro\" xmlUrl=\"feed://metro.example/rss\"/></outline>\
    <outline text=\"Metro\" xmlUrl=\"https://other.example/metro\" category=\"/Local,/Sea\"/>\
    <outline text=\"known\" xmlUrl=\"http://a.example/feed\"/><outline text=\"no\" xmlUrl=\"gopher://b.example/\"/>\
    <outline text=\"again\" xmlUrl=\"http://metro.example/rss\"/></body></opml>";

/// The sources of a configuration as `id address title groups`.
fn sources(folder: &Folder) -> Vec<String> {
    let config = oncefeed::config::Config::load(&folder.path("oncefeed.toml")).unwrap();
    let row = |source: &oncefeed::model::Source| {
        let title = source.title.as_deref().unwrap_or("-");
        format!("{} {} {title} {}", source.id, source.location, source.groups.join("+"))
    };
    config.sources.iter().map(row).collect()
}

#[test]
fn subscriptions_become_sources_and_nothing_that_was_written_changes() {
    let folder = Folder::new();
    let mine = "# mine\n[[source]]\nid = \"metro\" # kept\nurl = \"https://a.example/feed\"\n\n\
                [[output]]\nid = \"sea\"\ngroups = [\"Sea\"]\n";
    folder.write("oncefeed.toml", &mine.replace("groups = [\"Sea\"]\n", "")).write("list.opml", LIST);
    let mine = folder.read("oncefeed.toml");
    let printed = folder.run(&["import", "--print", "list.opml"]);
    assert_eq!((printed.code, folder.read("oncefeed.toml")), (0, mine.clone()), "{}", printed.err);
    let ran = folder.run(&["import", "list.opml"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!((ran.out.as_str(), folder.read("oncefeed.toml")), ("3 sources added to oncefeed.toml\n", printed.out));
    assert!(folder.read("oncefeed.toml").starts_with(&mine));
    for part in [
        "2 subscriptions left out, there already: http://a.example/feed, http://metro.example/rss",
        "gopher://b.example/",
    ] {
        assert!(ran.err.contains(part), "{part:?} in {}", ran.err);
    }
    assert_eq!(
        sources(&folder),
        [
            "metro https://a.example/feed - ",
            "harbour-post https://harbour.example/feed?a=1&b=2 Harbour \"Post\" Sea",
            "metro-2 http://metro.example/rss Metro Sea",
            "metro-3 https://other.example/metro Metro Local+Sea",
        ]
    );

    // Once more is nothing more, and what is exported comes back as it was.
    let again: Value = serde_json::from_str(&folder.run(&["import", "--json", "list.opml"]).out).unwrap();
    assert_eq!((&again["added"], again["known"].as_array().unwrap().len()), (&serde_json::json!([]), 5));
    let before = sources(&folder);
    let list = folder.run(&["export"]).out;
    folder.write("oncefeed.toml", "");
    assert_eq!(folder.run_with(&["import", "-"], &list).code, 0);
    let told = |rows: &[String]| -> BTreeSet<String> {
        rows.iter().map(|row| row.split_once(' ').unwrap().1.replace(" - ", " metro ")).collect()
    };
    let after = sources(&folder);
    assert_eq!(told(&after).len(), 4);
    let urls = |rows: &[String]| -> BTreeSet<String> {
        rows.iter().map(|row| row.split(' ').nth(1).unwrap().to_owned()).collect()
    };
    assert_eq!(urls(&after), urls(&before));
    assert!(after.iter().any(|row| row.ends_with("https://other.example/metro Metro Local+Sea")), "{after:?}");
}

#[test]
fn an_import_that_would_break_the_configuration_leaves_it() {
    let folder = Folder::new();
    folder.write("list.opml", LIST);
    // Without a configuration there is nothing to add to, but something to begin with.
    assert_eq!(folder.run(&["import", "list.opml"]).code, 78);
    let printed = folder.run(&["import", "--print", "list.opml"]);
    assert!(printed.code == 0 && printed.out.starts_with("[[source]]\nid = \"harbour-post\"\n"), "{}", printed.out);

    let clash = "[[output]]\nid = \"o\"\neach = \"source\"\n[[output]]\nid = \"o-known\"\n";
    folder.write("oncefeed.toml", clash);
    let ran = folder.run(&["import", "list.opml"]);
    assert!(ran.code == 78 && ran.err.contains("left as it is") && ran.err.contains("\"o-known\""), "{}", ran.err);
    assert_eq!(folder.read("oncefeed.toml"), clash);

    folder.write("oncefeed.toml", "[[output]]\nid = \"o\"\n").write("feed.rss", &stories("a", 1));
    let ran = folder.run(&["import", "feed.rss"]);
    assert!(ran.code == 65 && ran.err.contains("--from-output"), "{}", ran.err);
    assert_eq!(folder.run(&["import"]).code, 2);
    assert_eq!(folder.run(&["import", "list.opml", "--from-output", "feed.rss"]).code, 2);

    // A source that no output shows is said.
    let hidden =
        "[[source]]\nid = \"a\"\nurl = \"file:a\"\ngroups = [\"Sea\"]\n[[output]]\nid = \"o\"\ngroups = [\"Sea\"]\n";
    folder.write("oncefeed.toml", hidden);
    let ran = folder.run(&["import", "list.opml"]);
    assert!(ran.code == 0 && ran.err.contains("1 new source in no output"), "{}", ran.err);
}
