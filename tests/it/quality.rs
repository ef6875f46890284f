//! How well does it fold? Our own labelled stories, scored; a false merge fails.
//!
//! `tests/quality` holds one file a family of stories: what `oncefeed cluster` reads, and beside it the
//! story that each telling tells. [`set`] reads and checks them, [`score`] counts, and this file holds
//! the result against what is known to go wrong and against the table in the README.

mod score;
mod set;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Folder;
use score::{Figures, Merge};
use set::{Known, Telling};

/// The rows of the table: families that are alike in what they ask.
const ROWS: &[(&str, &[&str])] = &[
    ("wire copies, cut, extended, renewed, corrected", &["wire", "truncated", "extended", "versions", "corrections"]),
    ("typography and addresses", &["typography", "urls"]),
    ("headlines without a text", &["titles"]),
    ("forecasts, quakes, traffic notices", &["weather", "quakes", "traffic"]),
    ("results, standings, lottery", &["results", "lottery"]),
    ("earnings and exchange rates", &["earnings", "rates"]),
    ("police log, council agendas, obituaries", &["police", "councils", "obituaries"]),
    ("releases, podcasts, standing columns", &["releases", "podcasts", "columns"]),
    ("press releases and pictures", &["press", "pictures"]),
    ("round-ups, follow-ups, quotations", &["roundups", "followups", "quotes"]),
    ("one event told twice, live blogs, anniversaries", &["events", "live", "anniversaries"]),
    ("denials and swapped names", &["negation", "names"]),
    ("Chinese, Japanese, Korean, Thai, Vietnamese", &["chinese", "japanese", "korean", "thai", "vietnamese"]),
    ("Arabic, Hebrew, Hindi, Turkish", &["arabic", "hebrew", "hindi", "turkish"]),
    (
        "Russian, Greek, German, French, Spanish, Portuguese, Polish",
        &["russian", "greek", "german", "french", "spanish", "portuguese", "polish"],
    ),
];

#[test]
fn folds_what_is_one_story_and_nothing_else() {
    let families = set::families();
    let known = Known::read();
    let (mut merges, mut detail, mut table) = (BTreeSet::new(), score::head("family"), score::head("stories of"));
    for (row, names) in ROWS {
        let mut sum = Figures::default();
        for name in *names {
            let figures = clustered(&families[*name]);
            detail.push_str(&figures.row(name));
            merges.extend(figures.merges.iter().cloned());
            sum.add(figures);
        }
        table.push_str(&sum.row(row));
    }
    let all = clustered(&set::as_one_stream(&families));
    merges.extend(all.merges.iter().cloned());
    table.push_str(&all.row("**all, as one stream**"));
    tell(&format!("{detail}\n{table}\nstories told in parts:\n{}", all.missed.join("\n")));

    hold_merges(&merges, &known);
    hold_recall(all.recall(), known.recall);
    hold_readme(&table);
}

/// What the program makes of tellings in this order.
fn clustered(tellings: &[Telling]) -> Figures {
    let folder = Folder::new();
    let lines: Vec<&str> = tellings.iter().map(|telling| telling.line.as_str()).collect();
    folder.write("tellings.jsonl", &lines.join("\n"));
    let ran = folder.run(&["cluster", "tellings.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let clusters: Vec<String> = (ran.out.lines())
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["cluster"].as_str().unwrap().to_owned())
        .collect();
    Figures::of(tellings, &clusters)
}

/// No false merge but those that are known, and those must still be there: the list may only shrink.
fn hold_merges(found: &BTreeSet<Merge>, known: &Known) {
    let known: BTreeSet<Merge> = known.merges.iter().map(set::KnownMerge::stories).collect();
    let new: Vec<_> = found.difference(&known).collect();
    assert!(new.is_empty(), "stories that are not one were merged, so that one of them is not shown: {new:?}");
    let cured: Vec<_> = known.difference(found).collect();
    assert!(cured.is_empty(), "no longer merged, take them out of tests/quality/known.toml: {cured:?}");
}

/// The floor of recall follows what is reached, so that nothing that was reached is lost again.
fn hold_recall(reached: f64, floor: f64) {
    assert!(reached >= floor, "pair recall is {reached:.4}, below the floor of {floor} in tests/quality/known.toml");
    assert!(reached < floor + 0.005, "pair recall is {reached:.4}: raise the floor in tests/quality/known.toml to it");
}

/// The README shows what was measured.
fn hold_readme(table: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).unwrap();
    let section = readme.find("## How well does it fold?").expect("README.md has the section");
    let start = section + readme[section..].find("\n|").expect("it has a table") + 1;
    let end = start + readme[start..].find("\n\n").expect("text follows the table") + 1;
    if std::env::var_os("ONCEFEED_BLESS").is_some() {
        fs::write(&path, format!("{}{table}{}", &readme[..start], &readme[end..])).unwrap();
        return;
    }
    assert_eq!(&readme[start..end], table, "set ONCEFEED_BLESS=1 to accept, after reading the difference");
}

#[test]
fn every_family_stands_in_one_row_of_the_table() {
    let families = set::families();
    let mut shown: Vec<&str> = ROWS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    shown.sort_unstable();
    assert_eq!(shown, families.keys().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn every_family_has_copies_and_look_alikes_in_order_of_time() {
    let families = set::families();
    let mut ids = BTreeSet::new();
    for (name, tellings) in &families {
        for telling in tellings {
            assert!(ids.insert(&telling.id), "{} is there twice", telling.id);
            assert!(telling.story.starts_with(&format!("{name}/")), "{}: story {}", telling.id, telling.story);
        }
        let stories: BTreeSet<&str> = tellings.iter().map(|telling| telling.story.as_str()).collect();
        assert!(stories.len() > 1, "{name}: nothing that must stay apart");
        assert!(stories.len() < tellings.len(), "{name}: nothing that must fold");
        assert!(tellings.is_sorted_by_key(|telling| telling.published), "{name} is not in order of time");
        set::check_events(name, tellings);
    }
    assert!(families.len() >= 20 && ids.len() >= 300, "{} families of {} tellings", families.len(), ids.len());
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/quality")
}

#[expect(clippy::print_stdout, reason = "a measurement is there to be read")]
fn tell(text: &str) {
    println!("{text}");
}
