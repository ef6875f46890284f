//! What a run reported, and what stood in an output after it.

use serde_json::Value;

use crate::support::{Folder, items};

/// One run.
#[derive(Debug)]
pub(super) struct Run {
    report: Value,
    /// The items of the output, in its order.
    pub(super) items: Vec<Shown>,
}

/// An item as readers have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) url: String,
    /// "2026-11-23 10:00"
    pub(super) published: String,
    pub(super) updated: String,
    /// Its HTML without the line that names the other tellings.
    pub(super) text: String,
    pub(super) tags: Vec<String>,
    /// Of the other tellings: source and address.
    pub(super) also: Vec<(String, String)>,
}

impl Run {
    /// Of an output that is written in all formats.
    #[track_caller]
    pub(super) fn of(report: Value, folder: &Folder, output: &str) -> Run {
        let items = read(folder, output);
        all_formats_agree(folder, output, &items);
        Run { report, items }
    }

    /// Stories that opened, that were folded, and that were edited.
    pub(super) fn counts(&self) -> (u64, u64, u64) {
        let count = |name: &str| self.report[name].as_u64().unwrap();
        (count("new"), count("folded"), count("updated"))
    }

    /// The item, when there is exactly one.
    #[track_caller]
    pub(super) fn only(&self) -> &Shown {
        assert_eq!(self.items.len(), 1, "{:#?}", self.items);
        &self.items[0]
    }

    /// The one item that is told at this address.
    #[track_caller]
    pub(super) fn at(&self, url: &str) -> &Shown {
        let found: Vec<_> = self.items.iter().filter(|item| item.url == url).collect();
        assert_eq!(found.len(), 1, "{url} in {:#?}", self.items);
        found[0]
    }

    /// The one item with this id.
    #[track_caller]
    pub(super) fn id(&self, id: &str) -> &Shown {
        let found: Vec<_> = self.items.iter().filter(|item| item.id == id).collect();
        assert_eq!(found.len(), 1, "{id} in {:#?}", self.items);
        found[0]
    }

    /// The ids of all items, sorted.
    pub(super) fn ids(&self) -> Vec<String> {
        let mut ids: Vec<_> = self.items.iter().map(|item| item.id.clone()).collect();
        ids.sort_unstable();
        ids
    }

    /// What was odd about a source.
    pub(super) fn warnings(&self, source: &str) -> Vec<String> {
        let rows = self.report["sources"].as_array().unwrap();
        let row = rows.iter().find(|row| row["id"] == source).unwrap();
        serde_json::from_value(row["warnings"].clone()).unwrap()
    }

    /// Whether this run gave any file other bytes.
    pub(super) fn wrote(&self) -> bool {
        self.report["files"].as_array().unwrap().iter().any(|file| file["changed"] == true)
    }
}

impl Shown {
    /// The sources of the other tellings, sorted.
    pub(super) fn covered_by(&self) -> Vec<&str> {
        let mut sources: Vec<_> = self.also.iter().map(|(source, _)| source.as_str()).collect();
        sources.sort_unstable();
        sources
    }

    /// The item but for what it says of other tellings.
    pub(super) fn alone(&self) -> Shown {
        Shown { also: Vec::new(), ..self.clone() }
    }
}

/// The items of the JSON Feed.
fn read(folder: &Folder, output: &str) -> Vec<Shown> {
    let feed: Value = serde_json::from_str(&folder.read(&format!("public/{output}.json"))).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let minute = |value: &Value| {
        let time = text(value);
        time.strip_suffix(":00Z").unwrap_or_else(|| panic!("{time} is no full minute")).replace('T', " ")
    };
    (feed["items"].as_array().unwrap().iter())
        .map(|item| Shown {
            id: text(&item["id"]),
            title: text(&item["title"]),
            url: text(&item["url"]),
            published: minute(&item["date_published"]),
            updated: minute(&item["date_modified"]),
            text: text(&item["content_html"]).split("<p>Also covered by").next().unwrap_or_default().to_owned(),
            tags: item["tags"].as_array().map(|tags| tags.iter().map(text).collect()).unwrap_or_default(),
            also: (item["_oncefeed"]["also"].as_array().unwrap().iter())
                .map(|also| (text(&also["source"]), text(&also["url"])))
                .collect(),
        })
        .collect()
}

/// Whatever a scenario is about: RSS, Atom and JSON Feed say the same, as other parsers read them.
#[track_caller]
fn all_formats_agree(folder: &Folder, output: &str, shown: &[Shown]) {
    for ending in ["rss", "atom"] {
        let read: Vec<_> = (items(&folder.path(&format!("public/{output}.{ending}"))).into_iter())
            .map(|item| {
                let minute = |at: Option<String>| at.unwrap_or_default().replace('T', " ").chars().take(16).collect();
                let updated: String = if ending == "atom" { minute(item.updated) } else { String::new() };
                let published: String = minute(item.published);
                (item.id, item.title, item.link.unwrap_or_default(), published, updated)
            })
            .collect();
        let expected: Vec<_> = (shown.iter().cloned())
            .map(|item| {
                let updated = if ending == "atom" { item.updated } else { String::new() };
                (item.id, item.title, item.url, item.published, updated)
            })
            .collect();
        assert_eq!(read, expected, "{output}.{ending}");
    }
}
