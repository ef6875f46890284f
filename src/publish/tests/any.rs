//! Whatever strings a story holds, what is published parses.

use chrono::{DateTime, Utc};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::render;
use super::{entry, output, parse, telling};
use crate::model::{Edition, Enclosure, Entry, Site, Story};

/// What breaks feeds, alone and put together.
fn text() -> impl Strategy<Value = String> {
    const NASTY: &[&str] = &[
        "]]>",
        "<![CDATA[",
        "<b>",
        "</channel>",
        "&",
        "&amp;",
        "&#0;",
        "&nbsp;",
        "\"",
        "'",
        "<",
        ">",
        "--",
        "<?xml ?>",
        "\0",
        "\u{b}",
        "\r",
        "\r\n",
        "\n\n",
        "\t",
        "\u{1b}[0m",
        "\u{7f}",
        "\u{85}",
        "\u{2028}",
        "\u{200b}",
        "\u{202e}",
        "\u{2066}",
        "\u{feff}",
        "\u{fdd0}",
        "\u{fffe}",
        "\u{ffff}",
        "\u{10ffff}",
        "👩‍👩‍👧",
        "שלום",
        "語",
        " ",
        "\u{a0}",
    ];
    let part = prop_oneof![
        4 => proptest::sample::select(NASTY).prop_map(str::to_owned),
        2 => any::<char>().prop_map(String::from),
        2 => "[a-z ]{0,8}",
    ];
    vec(part, 0..8).prop_map(|parts| parts.concat())
}

fn address() -> impl Strategy<Value = String> {
    let start = proptest::sample::select(
        &[
            "https://n.example/",
            "http://n.example?",
            "https://n.example/#",
            "HTTPS://me:pw@bücher.example:81/",
            "javascript:",
            "//n.example/",
            "https://",
            "",
        ][..],
    );
    (start, text()).prop_map(|(start, text)| start.to_owned() + &text)
}

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    let seconds = prop_oneof![
        Just(DateTime::<Utc>::MIN_UTC.timestamp()),
        Just(DateTime::<Utc>::MAX_UTC.timestamp()),
        -100_000_000_000..300_000_000_000_i64,
        0..2_000_000_000_i64,
    ];
    (seconds, 0..1_000_000_000_u32).prop_map(|(seconds, nanos)| DateTime::from_timestamp(seconds, nanos).unwrap())
}

fn story() -> impl Strategy<Value = Story> {
    let enclosure = (address(), option::of(text()), any::<u64>()).prop_map(|(url, media_type, length)| Enclosure {
        url,
        media_type,
        length,
    });
    (
        (text(), text(), option::of(text()), option::of(text())),
        (option::of(address()), option::of(text()), vec(text(), 0..3), vec(text(), 0..3)),
        vec(enclosure, 0..3),
        option::of(time()),
    )
        .prop_map(
            |((title, text, summary, content_html), (url, language, authors, categories), enclosures, published)| {
                Story {
                    title,
                    text,
                    summary,
                    content_html,
                    url,
                    language,
                    authors,
                    categories,
                    enclosures,
                    published,
                    ..Story::default()
                }
            },
        )
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let telling = (story(), text(), option::of(address()), time()).prop_map(|(story, name, feed_url, first_seen)| {
        let mut telling = telling("A", None, "");
        (telling.story, telling.name, telling.feed_url, telling.published) = (story, name, feed_url, first_seen);
        telling
    });
    let one = (vec(telling, 1..8), time());
    vec(one, 0..4).prop_map(|many| {
        (many.into_iter().zip(1..))
            .map(|((mut also, updated), id)| {
                let shown = also.remove(0);
                Entry { updated, ..entry(id, shown, also) }
            })
            .collect()
    })
}

/// Whether every `<` of a page begins one of its own elements, and no address in it is of another kind.
fn is_harmless(page: &str) -> bool {
    let names = |tag: &str| tag.trim_start_matches('/').split([' ', '>', '/']).next().unwrap_or("").to_owned();
    let own = |name: &str| name == "!DOCTYPE" || name.len() <= 7 && name.bytes().all(|b| b.is_ascii_alphanumeric());
    let hrefs = page.split("href=\"").skip(1);
    page.split('<').skip(1).map(names).all(|name| own(&name) && !["script", "style", "iframe", "img"].contains(&&*name))
        && hrefs.map(|href| href.split('"').next().unwrap_or("")).all(|href| {
            let ours =
                href.starts_with('#') || ["index.html", "style.css"].contains(&href) || href.starts_with("world.");
            ours || href.starts_with("https://") || href.starts_with("http://")
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn what_is_published_parses(entries in entries(), site_title in text(), title in text(), base in address()) {
        let site = Site { title: site_title, base_url: base.parse().ok(), ..Site::default() };
        let updated = entries.iter().map(|entry| entry.updated).max();
        let mut output = output();
        output.title = title;
        let edition = Edition { output, updated, entries };

        let files = render(&site, &edition).unwrap();
        prop_assert_eq!(&files, &render(&site, &edition.clone()).unwrap());
        let ids: Vec<String> = edition.entries.iter().map(|entry| entry.id.urn()).collect();
        for file in &files {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            if file.name.ends_with(".html") {
                prop_assert!(is_harmless(text), "{}", text);
                continue;
            }
            let feed = parse(text);
            prop_assert_eq!(feed.entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>(), ids.clone());
            for entry in &feed.entries {
                prop_assert!(!entry.title.as_ref().unwrap().content.trim().is_empty());
                prop_assert!(entry.published.is_some() && entry.updated.is_some(), "{}", text);
                prop_assert!(entry.links.iter().all(|link| link.href.starts_with("http")));
            }
        }
    }
}
