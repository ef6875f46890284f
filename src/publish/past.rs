//! What an output of before says that other readers of feeds do not look for: where else each story was told.

use std::collections::HashMap;

use atom_syndication::Feed;
use rss::Channel;
use serde::Deserialize;

/// The addresses of the other tellings, by the ids of the items, of a file that was written as an output. `None`: it is
/// none, or not whole.
pub fn past(bytes: &[u8]) -> Option<HashMap<String, Vec<String>>> {
    json(bytes).or_else(|| rss(bytes)).or_else(|| atom(bytes))
}

fn rss(bytes: &[u8]) -> Option<HashMap<String, Vec<String>>> {
    let items = Channel::read_from(bytes).ok()?.items.into_iter();
    let read = items.filter_map(|item| {
        let links = item.extensions.get("atom").and_then(|named| named.get("link")).into_iter().flatten();
        let related = links.filter(|link| link.attrs.get("rel").is_some_and(|rel| rel == "related"));
        Some((item.guid.clone()?.value, related.filter_map(|link| link.attrs.get("href").cloned()).collect()))
    });
    Some(read.collect())
}

fn atom(bytes: &[u8]) -> Option<HashMap<String, Vec<String>>> {
    let entries = Feed::read_from(bytes).ok()?.entries.into_iter();
    let read = entries.map(|entry| {
        let related = entry.links.into_iter().filter(|link| link.rel == "related");
        (entry.id, related.map(|link| link.href).collect())
    });
    Some(read.collect())
}

fn json(bytes: &[u8]) -> Option<HashMap<String, Vec<String>>> {
    #[derive(Deserialize)]
    struct Read {
        items: Vec<Item>,
    }
    #[derive(Deserialize)]
    struct Item {
        id: String,
        #[serde(default)]
        _oncefeed: Coverage,
    }
    #[derive(Default, Deserialize)]
    struct Coverage {
        #[serde(default)]
        also: Vec<Also>,
    }
    #[derive(Deserialize)]
    struct Also {
        url: Option<String>,
    }
    let read: Read = serde_json::from_slice(bytes).ok()?;
    let urls = |item: Item| (item.id, item._oncefeed.also.into_iter().filter_map(|also| also.url).collect());
    Some(read.items.into_iter().map(urls).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_says_where_else_a_story_was_told() {
        let rss = "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>t</title><link>l</link>\
                   <description>d</description><item><guid isPermaLink=\"false\">1</guid><title>a</title>\
                   <atom:link rel=\"related\" href=\"https://b.example/?a=1&amp;b=2\"/><atom:link rel=\"self\" href=\"x\"/></item>\
                   </channel></rss>";
        let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>f</id><title>t</title><updated>2026-01-01T00:00:00Z</updated>\
                    <entry><id>1</id><title>a</title><updated>2026-01-01T00:00:00Z</updated><link rel=\"alternate\" href=\"x\"/>\
                    <link rel=\"related\" href=\"https://b.example/?a=1&amp;b=2\"/></entry></feed>";
        let json = r#"{"items": [{"id": "1", "_oncefeed": {"also": [{"name": "B", "url": "https://b.example/?a=1&b=2"}, {"name": "C"}]}}]}"#;
        let expected = HashMap::from([("1".to_owned(), vec!["https://b.example/?a=1&b=2".to_owned()])]);
        for text in [rss, atom, json] {
            assert_eq!(past(text.as_bytes()).as_ref(), Some(&expected), "{text}");
        }
        for none in ["", "plain", "<html/>", "{}", "<rss"] {
            assert_eq!(past(none.as_bytes()), None, "{none}");
        }
    }
}
