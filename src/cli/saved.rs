//! Pages that were saved with what was seen in them: a person's own test that sources are still read as they were.
//!
//! Two files a page: `NAME.html` (or `.xml`, `.json`, `.txt`), the bytes as they came, and `NAME.expected.json`.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::extract::{self, Hints, Reading};
use crate::model::{ArticleSelectors, Kind, ListSelectors, Location, Page, Source};

/// How the names of the second files end.
const ENDING: &str = ".expected.json";
/// What the second files are written as.
const VERSION: u32 = 1;
/// A larger file was not saved by us.
const MOST_BYTES: u64 = 64 << 20;
/// Changes that are told of one page.
const CHANGES: usize = 12;
/// Letters of a text's hash.
const HASH: usize = 12;

/// A saved page and what is expected of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Saved {
    schema_version: u32,
    /// The file with its bytes, beside this one.
    page: String,
    /// The address that it came from, after redirects.
    url: Option<Url>,
    /// The one that was asked for, where that is another: a source is known by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    asked: Option<Url>,
    content_type: Option<String>,
    /// When it was fetched: ages are reckoned from it.
    at: Option<DateTime<Utc>>,
    #[serde(rename = "as")]
    kind: Kind,
    /// The selectors that it was read with; those of the configured source with its address come first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<ListSelectors>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    article: Option<ArticleSelectors>,
    expected: Seen,
}

/// What was seen in a page.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    kind: Option<Kind>,
    /// Why nothing was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    stories: Vec<SeenStory>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SeenStory {
    title: String,
    url: Option<String>,
    published: Option<String>,
    /// The beginning of the text's SHA-256.
    text: String,
}

/// How a page is read that may belong to one of these sources; `otherwise`: that it belongs to none.
pub(super) fn hints(sources: &[Source], url: Option<&Url>, otherwise: Hints) -> Hints {
    let is_of = |source: &&Source| matches!(&source.location, Location::Web(own) if Some(own) == url);
    match sources.iter().find(is_of) {
        Some(source) => Hints { kind: source.kind, list: source.list.clone(), article: source.article.clone() },
        None => otherwise,
    }
}

/// Saves a page and what was seen in it; gives the name of its second file.
pub(super) fn save(
    folder: &Path,
    page: &Page,
    name: &str,
    asked: Option<&Url>,
    hints: &Hints,
    reading: &Reading,
) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let ending = match reading.format {
        "html" => "html",
        "text" => "txt",
        "json" | "json1.0" | "json1.1" => "json",
        _ => "xml",
    };
    let stem = free(folder, &stem(asked, name), asked, &page.body);
    let saved = Saved {
        schema_version: VERSION,
        page: format!("{stem}.{ending}"),
        url: page.url.clone(),
        asked: asked.filter(|asked| page.url.as_ref() != Some(asked)).cloned(),
        content_type: page.content_type.clone(),
        at: page.fetched_at,
        kind: hints.kind,
        list: hints.list.clone(),
        article: hints.article.clone(),
        expected: seen(Ok(reading)),
    };
    write(&folder.join(&saved.page), &page.body)?;
    let path = folder.join(format!("{stem}{ENDING}"));
    saved.write(&path)?;
    Ok(path)
}

/// A name of letters, digits and hyphens that tells where a page is from.
fn stem(url: Option<&Url>, name: &str) -> String {
    let text = match url {
        Some(url) => format!("{}{}", url.host_str().unwrap_or_default(), url.path()),
        None => Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned(),
    };
    let mut stem = String::new();
    for c in text.trim_start_matches("www.").chars().flat_map(char::to_lowercase).take(60) {
        match c {
            c if c.is_ascii_alphanumeric() => stem.push(c),
            _ if !stem.ends_with('-') && !stem.is_empty() => stem.push('-'),
            _ => {}
        }
    }
    let stem = stem.trim_end_matches('-');
    if stem.is_empty() { "page".to_owned() } else { stem.to_owned() }
}

/// The name, with a number where another page has it. Of pages without an address those with the same bytes are one: two
/// files of one name may come from two folders.
fn free(folder: &Path, stem: &str, url: Option<&Url>, body: &[u8]) -> String {
    let is_ours = |stem: &String| match Saved::read(&folder.join(format!("{stem}{ENDING}"))) {
        Ok(there) => there.own() == url && (url.is_some() || there.body(folder).is_ok_and(|known| known == body)),
        Err(cause) => cause.kind() == io::ErrorKind::NotFound,
    };
    let names = std::iter::once(stem.to_owned()).chain((2..1000).map(|nth| format!("{stem}-{nth}")));
    names.into_iter().find(is_ours).unwrap_or_else(|| stem.to_owned())
}

/// The second files of a folder, by name.
pub(super) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| path.as_ref().map_or(true, |path| path.to_string_lossy().ends_with(ENDING)))
        .collect::<io::Result<_>>()?;
    found.sort();
    Ok(found)
}

impl Saved {
    pub(super) fn read(path: &Path) -> io::Result<Saved> {
        let text = bytes(path)?;
        let wrong = |cause: serde_json::Error| {
            io::Error::new(io::ErrorKind::InvalidData, format!("it is not as it was saved: {cause}"))
        };
        let saved: Saved = serde_json::from_slice(&text).map_err(wrong)?;
        if saved.schema_version != VERSION {
            let what = format!("it is of version {}, and this program knows {VERSION}", saved.schema_version);
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        Ok(saved)
    }

    /// The bytes of the page. Only what lies beside this file is read: one that somebody sent names no other.
    fn body(&self, folder: &Path) -> io::Result<Vec<u8>> {
        let name = Path::new(&self.page).file_name().unwrap_or_default();
        bytes(&folder.join(name))
            .map_err(|cause| io::Error::new(cause.kind(), format!("its page `{}`: {cause}", name.to_string_lossy())))
    }

    /// The address that its source has.
    fn own(&self) -> Option<&Url> {
        self.asked.as_ref().or(self.url.as_ref())
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        write(path, &text)
    }

    /// What is seen in the page now, `path` being that of this file.
    pub(super) fn look(&self, path: &Path, sources: &[Source]) -> io::Result<Seen> {
        let body = self.body(path.parent().unwrap_or(Path::new("")))?;
        let page = Page { url: self.url.clone(), content_type: self.content_type.clone(), body, fetched_at: self.at };
        let own = Hints { kind: self.kind, list: self.list.clone(), article: self.article.clone() };
        let hints = hints(sources, self.own(), own);
        Ok(seen(extract::read(&page, &hints).as_ref()))
    }

    /// What differs from what is expected, in words; empty: nothing does.
    pub(super) fn changes(&self, now: &Seen) -> Vec<String> {
        changes(&self.expected, now)
    }

    /// Expects what is seen now.
    pub(super) fn update(self, now: Seen, path: &Path) -> io::Result<()> {
        Saved { expected: now, ..self }.write(path)
    }
}

fn seen(reading: Result<&Reading, &extract::ExtractError>) -> Seen {
    let reading = match reading {
        Ok(reading) => reading,
        Err(cause) => return Seen { error: Some(cause.to_string()), ..Seen::default() },
    };
    let stories = reading.drafts.iter().map(|draft| {
        let story = draft.clone().clean();
        let mut text = crate::model::Digest(Sha256::digest(&story.text).into()).to_string();
        text.truncate(HASH);
        let published = story.published.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
        SeenStory { title: story.title, url: story.url, published, text }
    });
    Seen { kind: Some(reading.kind), error: None, stories: stories.collect() }
}

fn changes(before: &Seen, now: &Seen) -> Vec<String> {
    let mut told = Vec::new();
    if before.error != now.error {
        told.push(match (&before.error, &now.error) {
            (_, Some(error)) => format!("cannot be read any more: {error}"),
            (Some(error), None) => format!("can be read now; it could not: {error}"),
            (None, None) => String::new(),
        });
        return told;
    }
    if let (Some(was), Some(is)) = (before.kind, now.kind)
        && was != is
    {
        told.push(format!("was read as {}, is now read as {}", was.as_str(), is.as_str()));
    }
    let key = |story: &SeenStory| story.url.clone().unwrap_or_else(|| story.title.clone());
    let known: HashMap<String, &SeenStory> = before.stories.iter().map(|story| (key(story), story)).collect();
    let found: HashMap<String, &SeenStory> = now.stories.iter().map(|story| (key(story), story)).collect();
    let named = |story: &SeenStory| format!("\u{201C}{}\u{201D} {}", story.title, story.url.as_deref().unwrap_or(""));
    let lost = before.stories.iter().filter(|story| !found.contains_key(&key(story)));
    told.extend(lost.map(|story| format!("lost: {}", named(story).trim_end())));
    let new = now.stories.iter().filter(|story| !known.contains_key(&key(story)));
    told.extend(new.map(|story| format!("new: {}", named(story).trim_end())));
    let both = before.stories.iter().filter_map(|story| Some((story, *found.get(&key(story))?)));
    for (was, is) in both.clone() {
        if was.title != is.title {
            told.push(format!("title: \u{201C}{}\u{201D} is now \u{201C}{}\u{201D}", was.title, is.title));
        }
        if was.published != is.published {
            let date = |story: &SeenStory| story.published.clone().unwrap_or_else(|| "none".to_owned());
            told.push(format!("date of \u{201C}{}\u{201D}: {} is now {}", is.title, date(was), date(is)));
        }
        if was.text != is.text {
            told.push(format!("text of \u{201C}{}\u{201D} is another", is.title));
        }
    }
    let order = |stories: &[SeenStory], of: &HashMap<String, &SeenStory>| -> Vec<String> {
        stories.iter().map(&key).filter(|key| of.contains_key(key)).collect()
    };
    if told.is_empty() && order(&before.stories, &found) != order(&now.stories, &known) {
        told.push("the stories are in another order".to_owned());
    }
    if told.len() > CHANGES {
        let more = told.len() - CHANGES;
        told.truncate(CHANGES);
        told.push(format!("and {more} more changes"));
    }
    told
}

fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe would be waited for.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    let mut body = Vec::new();
    fs::File::open(path)?.take(MOST_BYTES).read_to_end(&mut body)?;
    Ok(body)
}

/// Writes a file whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    fs::write(&new, bytes)?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(title: &str, url: &str, date: &str) -> SeenStory {
        let published = Some(date.to_owned()).filter(|date| !date.is_empty());
        SeenStory { title: title.to_owned(), url: Some(url.to_owned()), published, text: "0".to_owned() }
    }

    fn listing(stories: &[SeenStory]) -> Seen {
        Seen { kind: Some(Kind::Listing), error: None, stories: stories.to_vec() }
    }

    #[track_caller]
    fn check(before: &Seen, now: &Seen, expected: &[&str]) {
        assert_eq!(changes(before, now), expected);
    }

    #[test]
    fn what_changed_is_told() {
        let (a, b) = (story("A", "/a", "2026-11-24"), story("B", "/b", ""));
        let before = listing(&[a.clone(), b.clone()]);
        check(&before, &before, &[]);
        check(&before, &listing(std::slice::from_ref(&a)), &["lost: \u{201C}B\u{201D} /b"]);
        check(&listing(std::slice::from_ref(&a)), &before, &["new: \u{201C}B\u{201D} /b"]);
        check(&before, &listing(&[b.clone(), a.clone()]), &["the stories are in another order"]);
        check(
            &before,
            &listing(&[story("A!", "/a", ""), b.clone()]),
            &[
                "title: \u{201C}A\u{201D} is now \u{201C}A!\u{201D}",
                "date of \u{201C}A!\u{201D}: 2026-11-24 is now none",
            ],
        );
        let other = SeenStory { text: "1".to_owned(), ..b };
        check(&before, &listing(&[a, other]), &["text of \u{201C}B\u{201D} is another"]);
        let article = Seen { kind: Some(Kind::Article), ..before.clone() };
        check(&before, &article, &["was read as listing, is now read as article"]);
        let broken = Seen { error: Some("empty body".to_owned()), ..Seen::default() };
        check(&before, &broken, &["cannot be read any more: empty body"]);
    }

    #[test]
    fn names_tell_where_a_page_is_from() {
        let url = Url::parse("https://www.harbour.example/News/2026/?q=1").unwrap();
        assert_eq!(stem(Some(&url), "x.html"), "harbour-example-news-2026");
        assert_eq!(stem(None, "/tmp/Über page.html"), "ber-page");
        assert_eq!(stem(None, "…"), "page");
    }
}
