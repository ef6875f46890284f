//! The recordings and films that a page declares for its article: files, never players.
//!
//! `<audio>` and `<video>` are not in the tree, so they are not heard.

use serde_json::{Map, Value};
use url::Url;

use crate::extract::dom::{Facts, kinds};
use crate::extract::html::absolute;
use crate::model::Enclosure;

/// Files that are kept.
const FILES: usize = 10;

/// Names of files by which their media are known.
const ENDINGS: &[(&str, &str)] = &[
    ("mp3", "audio/mpeg"),
    ("m4a", "audio/mp4"),
    ("aac", "audio/aac"),
    ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"),
    ("opus", "audio/opus"),
    ("wav", "audio/wav"),
    ("flac", "audio/flac"),
    ("mp4", "video/mp4"),
    ("m4v", "video/mp4"),
    ("webm", "video/webm"),
    ("ogv", "video/ogg"),
    ("mov", "video/quicktime"),
];

/// The files, each once; `main` is what JSON-LD says of the article.
pub(super) fn enclosures(facts: &Facts<'_>, main: Option<&Map<String, Value>>) -> Vec<Enclosure> {
    let base = facts.base.as_ref();
    let told = objects(facts, main).into_iter().filter_map(|object| {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        file(text("contentUrl")?, text("encodingFormat"), base)
    });
    let shared = ["og:audio", "og:video"].iter().filter_map(|key| {
        let part = |name: &str| facts.meta(&[&format!("{key}:{name}")]);
        let address = part("secure_url").or_else(|| part("url")).or_else(|| facts.meta(&[key]))?;
        file(address, part("type"), base)
    });
    let mut files: Vec<Enclosure> = Vec::new();
    for file in told.chain(shared) {
        if files.len() < FILES && !files.iter().any(|known| known.url == file.url) {
            files.push(file);
        }
    }
    files
}

/// The media objects of the article, else the only one of the page: several are other stories'.
fn objects<'d>(facts: &Facts<'d>, main: Option<&'d Map<String, Value>>) -> Vec<&'d Map<String, Value>> {
    let is_media = |thing: &Map<String, Value>| kinds(thing).any(|kind| kind == "AudioObject" || kind == "VideoObject");
    let own: Vec<&Map<String, Value>> = ["audio", "video", "associatedMedia", "encoding"]
        .iter()
        .filter_map(|key| main?.get(*key))
        .flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
        .filter_map(Value::as_object)
        .chain(main)
        .filter(|thing| is_media(thing))
        .take(FILES)
        .collect();
    if !own.is_empty() {
        return own;
    }
    let all = facts.of_kind(&["AudioObject", "VideoObject"]);
    if all.len() == 1 { all } else { Vec::new() }
}

/// A file of a media type; `None` for pages that play one, lists of pieces, and what is no address.
fn file(address: &str, told: Option<&str>, base: Option<&Url>) -> Option<Enclosure> {
    let url = absolute(address.trim(), base).filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let ending = url.path().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let known = ENDINGS.iter().find(|(name, _)| *name == ending).map(|(_, kind)| (*kind).to_owned());
    let told = told.and_then(|told| told.split(';').next()).map(|told| told.trim().to_ascii_lowercase());
    let is_pieces = matches!(ending.as_str(), "m3u8" | "mpd" | "m3u" | "pls" | "html" | "htm" | "swf");
    // "mpegurl" and its like are lists of pieces too.
    let is_media = |kind: &String| (kind.starts_with("audio/") || kind.starts_with("video/")) && !kind.contains("url");
    let kind = if is_pieces { None } else { known.or(told.filter(is_media)) }?;
    Some(Enclosure { url: url.into(), media_type: Some(kind), length: 0 })
}

#[cfg(test)]
mod tests {
    use super::enclosures;
    use crate::extract::dom::{Dom, Facts, Tree};

    #[track_caller]
    fn check(head: &str, main: &str, body: &str, expected: &[(&str, &str)]) {
        let dom = Dom::parse(&format!("<html><head>{head}</head><body>{body}</body></html>"));
        let tree = Tree::new(&dom.document);
        let url = "https://heron.example/a".parse().unwrap();
        let facts = Facts::new(&dom.json, &tree, Some(&url));
        let main: serde_json::Value = serde_json::from_str(main).unwrap();
        let files = enclosures(&facts, main.as_object());
        let found: Vec<_> =
            files.iter().map(|file| (file.url.as_str(), file.media_type.as_deref().unwrap_or_default())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn files_are_taken_from_heads_and_structured_data() {
        let mp3 = ("https://heron.example/a.mp3", "audio/mpeg");
        check("<meta property=og:audio content=/a.mp3>", "{}", "", &[mp3]);
        let film = r#"{"video":{"@type":"VideoObject","contentUrl":"https://heron.example/v.mp4"}}"#;
        check("", film, "", &[("https://heron.example/v.mp4", "video/mp4")]);
    }

    #[test]
    fn what_is_no_file_of_the_article_is_left() {
        check(
            "<meta property=og:video content=/embed/1><meta property=og:video:type content=text/html>",
            "{}",
            "",
            &[],
        );
        check("<meta property=og:video content=/v.m3u8>", "{}", "", &[]);
        check("", r#"{"video":{"@type":"VideoObject","contentUrl":"https://heron.example/watch/1"}}"#, "", &[]);
    }
}
