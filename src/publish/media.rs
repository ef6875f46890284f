//! Attached files: each address once, and always with a media type.

use std::collections::HashSet;

use url::Url;

use super::clean;
use crate::model::Enclosure;

/// An attached file, ready to be written.
pub(super) struct Media {
    pub(super) url: String,
    pub(super) media_type: String,
    /// In bytes; 0 when unknown.
    pub(super) length: u64,
}

impl Media {
    /// The enclosures that can be fetched over the web, in their order.
    pub(super) fn of(enclosures: &[Enclosure]) -> Vec<Media> {
        let mut seen = HashSet::new();
        let mut media = Vec::new();
        for enclosure in enclosures {
            let Some(url) = clean::link(&enclosure.url) else { continue };
            if seen.insert(url.clone()) {
                let media_type = media_type(enclosure.media_type.as_deref(), &url);
                media.push(Media { url, media_type, length: enclosure.length });
            }
        }
        media
    }
}

/// A media type: the given one when it is well-formed, else one guessed from the address.
fn media_type(given: Option<&str>, link: &str) -> String {
    let given = given.and_then(|given| given.split(';').next()).map(|g| g.trim().to_ascii_lowercase());
    // RFC 6838 §4.2.
    let is_name = |n: &str| {
        n.starts_with(|c: char| c.is_ascii_alphanumeric())
            && clean::is_all(n, |b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(b))
    };
    if let Some(given) = given.filter(|g| g.split_once('/').is_some_and(|(a, b)| is_name(a) && is_name(b))) {
        return given;
    }
    let path = Url::parse(link).map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
    let guess = match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "flac" => "audio/flac",
        "wav" => "audio/wav",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "torrent" => "application/x-bittorrent",
        _ => "application/octet-stream",
    };
    guess.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_well_formed_or_guessed() {
        assert_eq!(media_type(Some("Audio/MPEG; x=1"), "https://n.example/a"), "audio/mpeg");
        assert_eq!(media_type(Some("mp3"), "https://n.example/a.MP3?x=.png"), "audio/mpeg");
        assert_eq!(media_type(Some("a/"), "https://n.example/a"), "application/octet-stream");
        assert_eq!(media_type(None, "https://n.example/a.jpeg"), "image/jpeg");
    }

    #[test]
    fn each_file_is_there_once_and_on_the_web() {
        let enclosure = |url: &str| Enclosure { url: url.to_owned(), media_type: None, length: 1 };
        let media = Media::of(&[
            enclosure("https://n.example/a b"),
            enclosure("file:///a"),
            enclosure("https://n.example/a%20b"),
        ]);
        assert_eq!(media.iter().map(|m| m.url.as_str()).collect::<Vec<_>>(), ["https://n.example/a%20b"]);
    }
}
