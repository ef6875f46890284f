//! Several runs over changing sources: once means once, and nothing is lost in between.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use oncefeed::config::Config;
use oncefeed::fetch::Client;
use oncefeed::model::{
    Block, Blocks, ClusterId, Correction, Decision, Digest, Fingerprint, Host, Key, Member, Newcomer, Robots, Seat,
    SourceId, Standing, Visit,
};
use oncefeed::refresh::{Options, refresh};
use oncefeed::store::{
    Awaited, Delivery, Health, Inbox, Lesson, Outdated, Placed, Query, Resolution, Shelf, Store, StoreError, Waiting,
    open,
};

use crate::support::{Folder, Item, NOW, rss};

const WIRE: &str = "The two delegations left the assembly hall late on Sunday without a deal on the shared river, and the chair of \
    the talks said that no date had been set for another round. Negotiators had worked through the weekend on how much water each \
    side may take in a dry summer. They agreed on gauges and on a common flood warning, the chair said, but not on the figure \
    itself. Farmers on both banks had asked for certainty before the sowing season begins in spring.";

fn config(sources: &[&str]) -> String {
    let sources: String =
        sources.iter().map(|id| format!("[[source]]\nid = \"{id}\"\nurl = \"file:{id}.rss\"\n")).collect();
    format!("[site]\nbase_url = \"https://news.example/\"\n{sources}[[output]]\nid = \"all\"\n")
}

fn wire(outlet: &str, time: &str, title: &str) -> String {
    rss(
        outlet,
        &[(
            &format!("{outlet}-1"),
            title,
            &format!("https://{outlet}.example/wire"),
            time,
            &format!("{}, Nov 23 (Wire) - {WIRE}", outlet.to_uppercase()),
        )],
    )
}

/// An item but for what it says of other tellings.
fn core(item: &Item) -> (String, String, Option<String>, Option<String>, String) {
    let text = item.content.split("<p>Also covered by").next().unwrap_or("").to_owned();
    (item.id.clone(), item.title.clone(), item.link.clone(), item.published.clone(), text)
}

#[test]
fn copies_that_arrive_on_later_runs_change_nothing_but_the_coverage() {
    let folder = Folder::new();
    let outlets = ["harbour", "northfield", "metro", "ledger"];
    folder.write("harbour.rss", &wire("harbour", "Mon, 23 Nov 2026 10:00:00 GMT", "We didn't get there"));
    let mut first = None;
    for (number, now) in
        (1..=4).zip(["2026-11-23T12:00:00Z", "2026-11-23T14:00:00Z", "2026-11-23T16:00:00Z", "2026-11-24T06:00:00Z"])
    {
        folder.write("oncefeed.toml", &config(&outlets[..number]));
        let outlet = outlets[number - 1];
        if number > 1 {
            // Dated before the one that is published, and with a better rank: both are no reason to change it.
            folder.write(
                &format!("{outlet}.rss"),
                &wire(outlet, "Mon, 23 Nov 2026 09:00:00 GMT", &format!("Treaty talks end, says {outlet}")),
            );
        }
        let report = folder.refresh(now);
        let expected = if number == 1 { (1, 0) } else { (0, 1) };
        assert_eq!((report["new"].as_u64().unwrap(), report["folded"].as_u64().unwrap()), expected, "run {number}");
        for name in ["all.rss", "all.atom"] {
            let items = folder.items(name);
            assert_eq!(items.len(), 1, "run {number}");
            assert_eq!(items[0].content.contains("Also covered by"), number > 1);
            if name == "all.atom" {
                let text = folder.read("public/all.atom");
                assert_eq!(text.matches("rel=\"related\"").count(), number - 1);
                // Coverage is no update.
                let shown = (
                    core(&items[0]),
                    text.split("<entry>").nth(1).unwrap().split("<updated>").nth(1).unwrap()[..19].to_owned(),
                );
                assert_eq!(first.get_or_insert(shown.clone()), &shown, "run {number}");
            }
        }
    }
}

#[test]
fn an_edit_is_no_new_item_and_only_a_real_one_moves_updated() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", &config(&["a"]));
    let story = |title: &str, text: &str| {
        rss("a", &[("1", title, "https://a.example/1", "Mon, 23 Nov 2026 10:00:00 GMT", text)])
    };
    let updated = |folder: &Folder| {
        folder.read("public/all.atom").split("<entry>").nth(1).unwrap().split("<updated>").nth(1).unwrap()[..19]
            .to_owned()
    };
    folder.write("a.rss", &story("Treaty talks ends", WIRE));
    folder.refresh("2026-11-23T12:00:00Z");
    let (id, before) = (folder.items("all.rss")[0].id.clone(), updated(&folder));

    folder.write("a.rss", &story("Treaty talks end", WIRE));
    let report = folder.refresh("2026-11-23T14:00:00Z");
    assert_eq!((&report["new"], &report["folded"], &report["updated"]), (&0.into(), &0.into(), &1.into()));
    let items = folder.items("all.rss");
    assert_eq!((items.len(), items[0].title.as_str(), &items[0].id), (1, "Treaty talks end", &id));
    assert_eq!(updated(&folder), before);

    folder.write(
        "a.rss",
        &story(
            "Treaty talks end",
            &format!("{WIRE} {}", "The ministry added a statement of some length on the matter. ".repeat(4)),
        ),
    );
    folder.refresh("2026-11-23T16:00:00Z");
    assert_eq!(folder.items("all.rss").len(), 1);
    assert_eq!(updated(&folder), "2026-11-23T16:00:00");
}

#[test]
fn a_run_with_a_clock_far_ahead_spoils_nothing() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", &config(&["a", "b", "c"]));
    for outlet in ["b", "c"] {
        folder.write(&format!("{outlet}.rss"), &rss(outlet, &[]));
    }
    folder.write("a.rss", &wire("a", "Mon, 23 Nov 2026 10:00:00 GMT", "Talks end without a deal"));
    folder.refresh("2026-11-23T12:00:00Z");
    folder.write("b.rss", &wire("b", "Mon, 23 Nov 2026 11:00:00 GMT", "Talks end without a deal"));
    assert_eq!(folder.refresh("2099-01-01T00:00:00Z")["folded"], 1);
    // Also when it is not the only one.
    folder.refresh("2099-01-01T01:00:00Z");

    let longer = format!("{WIRE} {}", "The ministry added a statement of some length on the matter. ".repeat(4));
    let story =
        ("a-1", "Talks end without a deal", "https://a.example/wire", "Mon, 23 Nov 2026 10:00:00 GMT", &*longer);
    folder.write("a.rss", &rss("a", &[story]));
    folder.write("c.rss", &wire("c", "Mon, 23 Nov 2026 12:30:00 GMT", "No deal on the shared river after talks"));
    let report = folder.refresh("2026-11-23T14:00:00Z");
    assert_eq!((&report["new"], &report["folded"], &report["updated"]), (&0.into(), &1.into(), &1.into()), "{report}");
    assert!(report["warnings"][0].as_str().unwrap().contains("2099"), "{report}");
    let items = folder.items("all.atom");
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].updated.as_deref(), Some("2026-11-23T14:00:00+00:00"));
    // Once is enough.
    folder.write("c.rss", &wire("c", "Mon, 23 Nov 2026 12:30:00 GMT", "Still no deal on the shared river"));
    let again = folder.refresh("2026-11-23T15:00:00Z");
    assert_eq!((&again["updated"], &again["warnings"]), (&1.into(), &serde_json::json!([])), "{again}");
}

#[test]
fn a_source_that_goes_to_and_fro_between_two_stories_adds_nothing() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", &config(&["a"]));
    let bakery =
        "The bakery at the fish market has baked its last loaf of rye, and nobody wants to take over the old oven.";
    let stories = [
        ("1", "Talks end without a deal", "https://a.example/talks", "Mon, 23 Nov 2026 10:00:00 GMT", WIRE),
        ("1", "The last loaf", "https://a.example/loaf", "Mon, 23 Nov 2026 10:30:00 GMT", bakery),
    ];
    let (mut new, mut last) = (0, serde_json::Value::Null);
    for hour in 0..8 {
        folder.write("a.rss", &rss("a", &[stories[hour % 2]]));
        last = folder.refresh(&format!("2026-11-23T{}:00:00Z", 12 + hour));
        new += last["new"].as_u64().unwrap();
    }
    assert_eq!((new, folder.items("all.rss").len()), (2, 2));
    assert_eq!(last["sources"][0]["warnings"], serde_json::json!([]), "it was told once");
    let status: serde_json::Value = serde_json::from_str(&folder.run(&["status", "--json"]).out).unwrap();
    assert_eq!(status["stories"], 2);
}

#[test]
fn of_a_first_visit_only_the_newest_are_published_and_the_rest_is_known() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", &config(&["a"]));
    let texts: Vec<(String, String, String, String, String)> = (0..40)
        .map(|n| {
            let date = if n < 35 {
                format!("Mon, 23 Nov 2026 {:02}:{:02}:00 GMT", n / 10, n % 10)
            } else {
                format!("Mon, {:02} Oct 2026 10:00:00 GMT", n - 34)
            };
            let words =
                format!("Report number {n} on street {n}0{n}: the council replaced lamp {n}{n} near house {}.", n * 7);
            (format!("g{n}"), format!("Lamp {n} on street {n}"), format!("https://a.example/{n}"), date, words)
        })
        .collect();
    let rows: Vec<_> =
        texts.iter().map(|(a, b, c, d, e)| (a.as_str(), b.as_str(), c.as_str(), d.as_str(), e.as_str())).collect();
    folder.write("a.rss", &rss("a", &rows));
    let report = folder.refresh("2026-11-24T06:00:00Z");
    assert_eq!(report["new"], 40);
    assert_eq!(folder.items("all.rss").len(), 30);
    // What was held back stays back.
    assert_eq!(folder.refresh("2026-11-24T08:00:00Z")["new"], 0);
    assert_eq!(folder.items("all.rss").len(), 30);
}

#[test]
fn a_private_source_shows_nothing_of_itself_in_a_public_output() {
    let folder = Folder::new();
    folder.write("open.rss", &wire("open", "Mon, 23 Nov 2026 10:00:00 GMT", "We didn't get there"));
    folder.write("secret.rss", &wire("secret", "Mon, 23 Nov 2026 09:00:00 GMT", "Secret headline of the talks"));
    folder.write(
        "oncefeed.toml",
        "[[source]]\nid = \"open\"\nurl = \"file:open.rss\"\nrank = 5\n[[source]]\nid = \"secret\"\nurl = \"file:secret.rss\"\nprivate = true\n\
         [[output]]\nid = \"public\"\n[[output]]\nid = \"mine\"\nprivate = true\n",
    );
    folder.refresh("2026-11-23T12:00:00Z");
    for name in ["public.rss", "public.atom", "public.json", "public.html", "index.html"] {
        let text = folder.read(&format!("public/{name}"));
        assert!(!text.to_lowercase().contains("secret") && !text.contains("mine"), "{text}");
        if !name.ends_with(".html") {
            assert_eq!(folder.items(name).len(), 1);
        }
    }
    assert!(folder.read("public/mine.rss").contains("Secret headline"));
}

#[test]
fn dedupe_never_keeps_a_source_out() {
    let folder = Folder::new();
    folder.write("a.rss", &wire("a", "Mon, 23 Nov 2026 10:00:00 GMT", "We didn't get there"));
    folder.write("b.rss", &wire("b", "Mon, 23 Nov 2026 09:00:00 GMT", "We didn't get there"));
    folder.write(
        "oncefeed.toml",
        &format!("{}[[source]]\nid = \"b\"\nurl = \"file:b.rss\"\ndedupe = \"never\"\n", config(&["a"])),
    );
    let report = folder.refresh("2026-11-23T12:00:00Z");
    assert_eq!((&report["new"], &report["folded"]), (&2.into(), &0.into()));
}

#[test]
fn what_is_made_private_leaves_the_public_outputs_whatever_fails() {
    let folder = Folder::new();
    folder.write("a.rss", &wire("a", "Mon, 23 Nov 2026 10:00:00 GMT", "Secret headline of the talks"));
    let text = |private: &str| {
        format!(
            "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n{private}[[source]]\nid = \"b\"\nurl = \"file:missing.rss\"\n"
        )
    };
    folder.write("oncefeed.toml", &text(""));
    folder.refresh(NOW);
    assert!(folder.read("public/all.rss").contains("Secret headline"));
    folder.write("oncefeed.toml", &text("private = true\n"));
    std::fs::remove_file(folder.path("a.rss")).unwrap();
    assert_eq!(folder.run(&["--now", NOW, "refresh"]).code, 4);
    for name in ["all.rss", "all.atom", "all.json", "all.html"] {
        assert!(!folder.read(&format!("public/{name}")).contains("Secret headline"), "{name}");
    }
}

#[test]
fn files_of_an_output_that_is_no_more_are_told_of() {
    let folder = Folder::new();
    folder.write("a.rss", &wire("a", "Mon, 23 Nov 2026 10:00:00 GMT", "Talks end"));
    let text = |id: &str| format!("[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n[[output]]\nid = \"{id}\"\n");
    folder.write("oncefeed.toml", &text("old"));
    assert_eq!(folder.refresh(NOW)["strays"], serde_json::json!([]));
    folder.write("oncefeed.toml", &text("new"));
    let strays: Vec<String> = serde_json::from_value(folder.refresh(NOW)["strays"].clone()).unwrap();
    let names: Vec<_> = strays.iter().map(|path| path.rsplit('/').next().unwrap()).collect();
    assert_eq!(names, ["old.atom", "old.html", "old.json", "old.rss"]);
}

#[test]
fn another_way_of_reading_takes_effect_on_an_unchanged_document() {
    let folder = Folder::new();
    folder.write("a.txt", "A first line\n\nAnd a text of some length that stands below it.\n");
    folder.write("oncefeed.toml", "[[source]]\nid = \"a\"\nurl = \"file:a.txt\"\nas = \"feed\"\n");
    assert_eq!(folder.run(&["--now", NOW, "refresh"]).code, 4);
    folder.write("oncefeed.toml", "[[source]]\nid = \"a\"\nurl = \"file:a.txt\"\nas = \"text\"\n");
    assert_eq!(folder.refresh(NOW)["new"], 1);
    assert_eq!(folder.refresh(NOW)["sources"][0]["outcome"], "unchanged");
    folder.write("b.txt", "Another line\n\nAnd another text of some length that stands below it.\n");
    folder.write("oncefeed.toml", "[[source]]\nid = \"a\"\nurl = \"file:b.txt\"\nas = \"text\"\n");
    assert_eq!(folder.refresh(NOW)["new"], 1);
}

#[test]
fn a_story_told_again_is_shown_even_if_the_first_telling_was_held_back() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", &config(&["a"]));
    let told =
        |outlet: &str, date: &str| rss(outlet, &[(outlet, "The old bridge", "https://a.example/bridge", date, WIRE)]);
    folder.write("a.rss", &told("a", "Mon, 02 Nov 2026 10:00:00 GMT"));
    folder.refresh("2026-11-23T12:00:00Z");
    assert!(folder.items("all.rss").is_empty(), "older than a week at the first visit");
    folder.write("b.rss", &told("b", "Mon, 23 Nov 2026 13:00:00 GMT"));
    folder.write("oncefeed.toml", &config(&["a", "b"]));
    assert_eq!(folder.refresh("2026-11-23T14:00:00Z")["folded"], 1);
    let items = folder.items("all.rss");
    assert_eq!((items.len(), items[0].published.as_deref()), (1, Some("2026-11-23T13:00:00+00:00")));
}

#[test]
fn an_edit_elsewhere_does_not_change_who_is_shown() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", &config(&["a", "b"]));
    folder.write("a.rss", &wire("a", "Mon, 23 Nov 2026 09:00:00 GMT", "Talks end"));
    let longer = |times: usize| {
        format!("{WIRE} {}", "The ministry of the upper bank added a remark about pipes. ".repeat(times))
    };
    let b = |times: usize| {
        rss("b", &[("b-1", "Talks end", "https://b.example/wire", "Mon, 23 Nov 2026 10:00:00 GMT", &longer(times))])
    };
    folder.write("b.rss", &b(0));
    folder.refresh("2026-11-23T12:00:00Z");
    let link = folder.items("all.rss")[0].link.clone();
    folder.write("b.rss", &b(30));
    // Nor does a clock that was set back.
    folder.refresh("2026-11-23T11:00:00Z");
    assert_eq!(folder.items("all.rss")[0].link, link);
}

/// A store that dies before a certain point: whatever was committed before stays, nothing is committed after.
struct Dying {
    store: Arc<dyn Store>,
    at: Point,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Point {
    /// Stories are delivered, none is decided about.
    Deciding,
    /// They are decided about, and the decision is not recorded.
    Settling,
    /// Everything is recorded, nothing is published.
    Publishing,
}

impl Dying {
    fn reach(&self, point: Point) -> Result<(), StoreError> {
        if self.at == point {
            Err(StoreError::Failed { store: "test".to_owned(), cause: "killed".to_owned() })
        } else {
            Ok(())
        }
    }
}

#[async_trait]
impl Store for Dying {
    async fn visits(&self, sources: &[SourceId]) -> Result<BTreeMap<SourceId, Visit>, StoreError> {
        self.store.visits(sources).await
    }
    async fn fresh(&self, source: &SourceId, items: &[(String, Digest)]) -> Result<Vec<bool>, StoreError> {
        self.store.fresh(source, items).await
    }
    async fn deliver(&self, delivery: &Delivery) -> Result<(), StoreError> {
        self.store.deliver(delivery).await
    }
    async fn awaited(&self) -> Result<Vec<Awaited>, StoreError> {
        self.store.awaited().await
    }
    async fn waiting(&self, awaited: &Awaited) -> Result<Option<Waiting>, StoreError> {
        self.store.waiting(awaited).await
    }
    async fn resolve(&self, resolution: &Resolution) -> Result<(), StoreError> {
        self.store.resolve(resolution).await
    }
    async fn undecided(&self, limit: usize) -> Result<Option<Inbox>, StoreError> {
        self.reach(Point::Deciding)?;
        self.store.undecided(limit).await
    }
    async fn unlearnt(&self, limit: usize) -> Result<Vec<Newcomer>, StoreError> {
        self.store.unlearnt(limit).await
    }
    async fn blocks(&self, source: &SourceId, blocks: &BTreeSet<Block>) -> Result<Blocks, StoreError> {
        self.store.blocks(source, blocks).await
    }
    async fn learn(&self, lessons: &[Lesson]) -> Result<(), StoreError> {
        self.store.learn(lessons).await
    }
    async fn sharing(&self, groups: &[Vec<Key>], since: DateTime<Utc>) -> Result<Vec<Member>, StoreError> {
        self.store.sharing(groups, since).await
    }
    async fn members(&self, clusters: &[ClusterId]) -> Result<Vec<Member>, StoreError> {
        self.store.members(clusters).await
    }
    async fn settle(&self, inbox: Inbox, decision: &Decision, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.reach(Point::Settling)?;
        self.store.settle(inbox, decision, at).await
    }
    async fn shelf(&self, shelf: &Shelf) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError> {
        self.reach(Point::Publishing)?;
        self.store.shelf(shelf).await
    }
    async fn young(&self, shelf: &Shelf) -> Result<usize, StoreError> {
        self.store.young(shelf).await
    }
    async fn seat(&self, scope: &str, clusters: &[ClusterId], seat: &Seat) -> Result<(), StoreError> {
        self.store.seat(scope, clusters, seat).await
    }
    async fn seats(&self, scope: &str, clusters: &[ClusterId]) -> Result<BTreeMap<ClusterId, Seat>, StoreError> {
        self.store.seats(scope, clusters).await
    }
    async fn stories(&self, after: i64, limit: usize) -> Result<Vec<(i64, Placed)>, StoreError> {
        self.store.stories(after, limit).await
    }
    async fn find(&self, query: &Query, limit: usize) -> Result<Vec<(ClusterId, Vec<Placed>)>, StoreError> {
        self.store.find(query, limit).await
    }
    async fn prune(&self, before: DateTime<Utc>) -> Result<usize, StoreError> {
        self.store.prune(before).await
    }
    async fn correct(&self, correction: &Correction, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.store.correct(correction, at).await
    }
    async fn outdated(&self, version: u32, limit: usize) -> Result<Option<Vec<Outdated>>, StoreError> {
        self.store.outdated(version, limit).await
    }
    async fn renew(&self, version: u32, renewed: &[(Outdated, Fingerprint)]) -> Result<(), StoreError> {
        self.store.renew(version, renewed).await
    }
    async fn timeline(&self, since: DateTime<Utc>, limit: usize) -> Result<Vec<Member>, StoreError> {
        self.store.timeline(since, limit).await
    }
    async fn leads(&self, addresses: &[String]) -> Result<BTreeMap<String, Option<String>>, StoreError> {
        self.store.leads(addresses).await
    }
    async fn remember_leads(
        &self,
        leads: &BTreeMap<String, Option<String>>,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.store.remember_leads(leads, at).await
    }
    async fn settled(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.store.settled().await
    }
    async fn standing(&self, since: DateTime<Utc>) -> Result<Vec<Standing>, StoreError> {
        self.store.standing(since).await
    }
    async fn keep_hosts(&self, hosts: &[Host]) -> Result<(), StoreError> {
        self.store.keep_hosts(hosts).await
    }
    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.store.hosts().await
    }
    async fn keep_robots(&self, robots: &Robots) -> Result<(), StoreError> {
        self.store.keep_robots(robots).await
    }
    async fn robots(&self, origin: &str) -> Result<Option<Robots>, StoreError> {
        self.store.robots(origin).await
    }
    async fn forget_hosts(&self, before: DateTime<Utc>) -> Result<(), StoreError> {
        self.store.forget_hosts(before).await
    }
    async fn health(&self) -> Result<Health, StoreError> {
        self.store.health().await
    }
}

#[test]
fn a_run_that_was_killed_is_completed_by_the_next() {
    let outlets = ["harbour", "northfield", "metro"];
    let undisturbed = Folder::new();
    let prepare = |folder: &Folder| {
        for outlet in outlets {
            folder.write(
                &format!("{outlet}.rss"),
                &wire(outlet, "Mon, 23 Nov 2026 10:00:00 GMT", &format!("Treaty talks end, says {outlet}")),
            );
        }
        folder.write("oncefeed.toml", &config(&outlets));
    };
    prepare(&undisturbed);
    undisturbed.refresh(NOW);

    for at in [Point::Deciding, Point::Settling, Point::Publishing] {
        let folder = Folder::new();
        prepare(&folder);
        let config = Config::load(&folder.path("oncefeed.toml")).unwrap();
        let now = DateTime::parse_from_rfc3339(NOW).unwrap().to_utc();
        let run = async {
            let store = Dying { store: open(&config.store).unwrap(), at };
            refresh(
                &config,
                &store,
                &Client::new(config.fetch.clone()).unwrap(),
                Options { now, force: false, all: false },
            )
            .await
        };
        tokio::runtime::Runtime::new().unwrap().block_on(run).unwrap_err();
        assert!(!folder.path("public/all.rss").exists(), "{at:?}");

        // The next run finds the sources unchanged, and all that the killed one had read.
        let report = folder.refresh(NOW);
        assert!(
            report["sources"].as_array().unwrap().iter().all(|row| row["outcome"] == "unchanged"),
            "{at:?}: {report}"
        );
        for name in ["all.rss", "all.atom"] {
            assert_eq!(folder.read(&format!("public/{name}")), undisturbed.read(&format!("public/{name}")), "{at:?}");
        }
        assert_eq!(folder.items("all.rss").len(), 1);
    }
}
