//! A small world: sources that say something else at every visit, and the program that visits them.
//!
//! Times are written "2026-11-23 10:00" and are UTC.

use chrono::NaiveDateTime;
use serde_json::Value;

use super::pages::Pages;
use super::run::Run;
use crate::support::{Folder, Ran};

/// When most stories are told.
const MORNING: &str = "2026-11-23 10:00";

/// Sources, outputs and settings, in a folder of their own.
pub(super) struct World {
    folder: Folder,
    pages: Pages,
    /// Id, address and further settings, in order.
    sources: Vec<(String, String, String)>,
    outputs: String,
    site: String,
    dedupe: String,
    fetch: String,
}

/// What one source says of one story.
#[derive(Clone)]
pub(super) struct Item {
    guid: String,
    url: Option<String>,
    original: Option<String>,
    title: String,
    text: String,
    at: String,
    categories: Vec<String>,
    media: Option<(String, String)>,
    outlet: Option<String>,
}

/// An item of this guid, which stands at `https://SOURCE.example/GUID` unless told otherwise.
pub(super) fn item(guid: &str) -> Item {
    Item {
        guid: guid.to_owned(),
        url: None,
        original: None,
        title: String::new(),
        text: String::new(),
        at: MORNING.to_owned(),
        categories: Vec::new(),
        media: None,
        outlet: None,
    }
}

impl Item {
    pub(super) fn title(self, title: &str) -> Item {
        Item { title: title.to_owned(), ..self }
    }

    pub(super) fn text(self, text: impl Into<String>) -> Item {
        Item { text: text.into(), ..self }
    }

    pub(super) fn at(self, at: &str) -> Item {
        Item { at: at.to_owned(), ..self }
    }

    pub(super) fn guid(self, guid: &str) -> Item {
        Item { guid: guid.to_owned(), ..self }
    }

    pub(super) fn url(self, url: &str) -> Item {
        Item { url: Some(url.to_owned()), ..self }
    }

    /// The address that stands in `feedburner:origLink`.
    pub(super) fn original(self, url: &str) -> Item {
        Item { original: Some(url.to_owned()), ..self }
    }

    pub(super) fn category(mut self, category: &str) -> Item {
        self.categories.push(category.to_owned());
        self
    }

    /// A recording: its address and media type.
    pub(super) fn media(self, url: &str, kind: &str) -> Item {
        Item { media: Some((url.to_owned(), kind.to_owned())), ..self }
    }

    /// Whom an aggregator has it from.
    pub(super) fn outlet(self, name: &str) -> Item {
        Item { outlet: Some(name.to_owned()), ..self }
    }

    /// Whether a published text is this one's.
    pub(super) fn says(&self, html: &str) -> bool {
        html.contains(&self.text)
    }

    /// As RSS 2.0 has it.
    fn rss(&self, source: &str) -> String {
        let url = self.url.clone().unwrap_or_else(|| format!("https://{source}.example/{}", self.guid));
        let date = instant(&self.at).and_utc().to_rfc2822();
        let original = self.original.as_deref().map(|url| element("feedburner:origLink", url)).unwrap_or_default();
        let categories: String = self.categories.iter().map(|category| element("category", category)).collect();
        let media = self
            .media
            .as_ref()
            .map(|(url, kind)| format!("<enclosure url=\"{}\" type=\"{kind}\" length=\"1000\"/>", escape(url)));
        let outlet =
            self.outlet.as_deref().map(|name| format!("<source url=\"https://o.example/\">{}</source>", escape(name)));
        let outlet = outlet.unwrap_or_default();
        format!(
            "<item><guid isPermaLink=\"false\">{}</guid>{}{}{}{original}{categories}{outlet}{}{}</item>\n",
            escape(&self.guid),
            element("title", &self.title),
            element("link", &url),
            element("pubDate", &date),
            media.unwrap_or_default(),
            element("description", &self.text),
        )
    }
}

impl World {
    pub(super) fn new() -> World {
        World {
            folder: Folder::new(),
            pages: Pages::new(),
            sources: Vec::new(),
            outputs: String::new(),
            site: "base_url = \"https://news.example/\"\n".to_owned(),
            dedupe: String::new(),
            fetch: String::new(),
        }
    }

    /// From now on this feed says exactly this. Sources are configured in the order of their first word.
    pub(super) fn source(&mut self, id: &str, items: impl IntoIterator<Item = Item>) -> &mut World {
        self.folder.write(&format!("{id}.rss"), &rss(id, items));
        self.configure(id, &format!("file:{id}.rss"), "")
    }

    /// From now on this feed, on the loopback address, says exactly this, and its stories' texts are fetched.
    pub(super) fn aggregator(&mut self, id: &str, items: impl IntoIterator<Item = Item>) -> &mut World {
        let url = self.pages.put(&format!("/{id}.rss"), &rss(id, items));
        self.configure(id, &url, "full_text = true\nas = \"feed\"\n")
    }

    /// From now on this link on the loopback address, which is no known redirector's, leads to `target`.
    pub(super) fn link(&mut self, id: &str, target: &str) -> String {
        self.pages.redirect(&format!("/out/{id}"), target)
    }

    /// From now on this article page stands on the loopback address; gives its address.
    pub(super) fn page(&mut self, id: &str, html: &str) -> String {
        let url = self.pages.put(&format!("/{id}/story"), html);
        self.configure(id, &url, "as = \"article\"\n");
        url
    }

    /// From now on a redirector on the loopback address leads to `target`; gives its address.
    pub(super) fn redirector(&mut self, id: &str, target: &str) -> String {
        self.pages.redirect(&format!("/~r/{id}"), target)
    }

    /// How often a redirector, of this id, was asked where it leads.
    pub(super) fn asked(&self, id: &str) -> usize {
        self.pages.asked().iter().filter(|path| **path == format!("/~r/{id}")).count()
    }

    fn configure(&mut self, id: &str, url: &str, settings: &str) -> &mut World {
        if self.sources.iter().all(|(known, ..)| known != id) {
            self.sources.push((id.to_owned(), url.to_owned(), settings.to_owned()));
        }
        self
    }

    /// Sets a key of a source, such as `rank = 5`.
    pub(super) fn set(&mut self, id: &str, setting: &str) -> &mut World {
        let (.., settings) = self.sources.iter_mut().find(|(known, ..)| known == id).unwrap();
        if !settings.lines().any(|known| known == setting) {
            *settings += &format!("{setting}\n");
        }
        self
    }

    /// Takes a source out of the configuration.
    pub(super) fn remove(&mut self, id: &str) -> &mut World {
        self.sources.retain(|(known, ..)| known != id);
        self
    }

    /// Replaces what stands in `[dedupe]`.
    pub(super) fn dedupe(&mut self, settings: &str) -> &mut World {
        self.dedupe = format!("{settings}\n");
        self
    }

    /// Replaces what stands in `[fetch]` besides what a test needs.
    pub(super) fn fetch(&mut self, settings: &str) -> &mut World {
        self.fetch = format!("{settings}\n");
        self
    }

    /// Replaces what stands in `[site]`.
    pub(super) fn site(&mut self, settings: &str) -> &mut World {
        self.site = format!("{settings}\n");
        self
    }

    /// Replaces all outputs: ids and settings.
    pub(super) fn outputs(&mut self, outputs: &[(&str, &str)]) -> &mut World {
        self.outputs.clear();
        for (id, settings) in outputs {
            self.output(id, settings);
        }
        self
    }

    /// Adds an output. Without any there is one of all public sources, `all`.
    pub(super) fn output(&mut self, id: &str, settings: &str) -> &mut World {
        self.outputs += &format!("[[output]]\nid = \"{id}\"\n{settings}\n");
        self
    }

    /// Runs the program at this time, and reads the output `all`.
    #[track_caller]
    pub(super) fn refresh(&self, at: &str) -> Run {
        self.refresh_and_read(at, "all")
    }

    /// Runs the program at this time, and reads an output.
    #[track_caller]
    pub(super) fn refresh_and_read(&self, at: &str, output: &str) -> Run {
        let ran = self.try_to_refresh(at);
        assert!(ran.code == 0 || ran.code == 3, "exit {}: {}", ran.code, ran.err);
        let report = serde_json::from_str(&ran.out).unwrap_or_else(|cause| panic!("{cause}: {}", ran.out));
        Run::of(report, &self.folder, output)
    }

    /// Runs the program at this time, however that ends.
    pub(super) fn try_to_refresh(&self, at: &str) -> Ran {
        self.command(&["--now", &rfc3339(at), "--allow-private", "127.0.0.1/32", "refresh", "--json"])
    }

    /// Reads an output again.
    #[track_caller]
    pub(super) fn read(&self, output: &str) -> Run {
        Run::of(Value::Null, &self.folder, output)
    }

    /// Any command of the program, with the configuration as it is now.
    pub(super) fn command(&self, arguments: &[&str]) -> Ran {
        self.write_config();
        self.folder.run(&[&["--config", "news.toml"], arguments].concat())
    }

    fn write_config(&self) {
        let sources: String = (self.sources.iter())
            .map(|(id, url, settings)| format!("[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n{settings}"))
            .collect();
        let delay = if self.fetch.contains("delay") { "" } else { "delay = \"0s\"\n" };
        let text = format!(
            "[site]\n{}[fetch]\n{delay}{}[dedupe]\n{}{sources}{}",
            self.site, self.fetch, self.dedupe, self.outputs
        );
        self.folder.write("news.toml", &text);
    }

    /// `explain --json`: the one story that fits.
    #[track_caller]
    pub(super) fn explain(&self, asked: &str) -> Value {
        let ran = self.command(&["explain", "--json", asked]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let mut explained: Value = serde_json::from_str(&ran.out).unwrap();
        let stories = explained["stories"].as_array_mut().unwrap();
        assert_eq!(stories.len(), 1, "{asked}: {stories:#?}");
        stories.remove(0)
    }

    /// The rules by which the tellings of a story came to be where they are: source and rule, sorted.
    #[track_caller]
    pub(super) fn rules(&self, asked: &str) -> Vec<(String, String)> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let story = self.explain(asked);
        let tellings = story["tellings"].as_array().unwrap();
        let mut rules: Vec<_> =
            tellings.iter().map(|telling| (text(&telling["source"]), text(&telling["because"]["rule"]))).collect();
        rules.sort();
        rules
    }

    /// All that is published: names and bytes.
    pub(super) fn published(&self) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<_> = std::fs::read_dir(self.folder.path("public"))
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
            .collect();
        files.sort();
        files
    }

    /// Where the world's files are.
    pub(super) fn folder(&self) -> &Folder {
        &self.folder
    }
}

fn rss(id: &str, items: impl IntoIterator<Item = Item>) -> String {
    let items: String = items.into_iter().map(|item| item.rss(id)).collect();
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\" xmlns:feedburner=\"http://rssnamespace.org/feedburner/ext/1.0\">\
         <channel><title>The {id}</title><link>https://{id}.example/</link><description>d</description>\n\
         {items}</channel></rss>\n"
    )
}

fn instant(at: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M").unwrap()
}

fn rfc3339(at: &str) -> String {
    format!("{}Z", instant(at).format("%Y-%m-%dT%H:%M:%S"))
}

fn element(name: &str, text: &str) -> String {
    format!("<{name}>{}</{name}>", escape(text))
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
