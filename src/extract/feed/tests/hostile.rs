//! Documents that were written to hurt: each is read in linear time, and what comes of it is no larger
//! than what was sent.

use std::time::Duration;

use crate::extract::tests::spent;
use crate::extract::{ExtractError, read};
use crate::model::{Kind, Page, Story};

/// Bytes of each document.
const SIZE: usize = 256 << 10;
/// What may come of a document of any size: the caps on single fields.
const SLACK: usize = 1 << 20;

fn page(body: Vec<u8>) -> Page {
    Page {
        url: "https://n.example/feeds/all.xml".parse().ok(),
        content_type: None,
        body,
        fetched_at: "2026-03-10T12:00:00Z".parse().ok(),
    }
}

/// Reads and cleans it within the bounds; gives how many stories it has.
#[track_caller]
fn check(name: &str, body: impl Into<Vec<u8>>) -> Result<usize, ExtractError> {
    let page = page(body.into());
    let begun = spent();
    let reading = read(&page, &Kind::Feed.into());
    let stories: Vec<Story> = reading?.drafts.into_iter().map(|draft| draft.clean()).collect();
    let elapsed = spent() - begun;
    assert!(elapsed < Duration::from_secs(2), "{name} took {elapsed:?}");
    let bytes: usize = stories.iter().map(size).sum();
    assert!(bytes <= 3 * page.body.len() + SLACK, "{name}: {} bytes became {bytes}", page.body.len());
    Ok(stories.len())
}

/// Bytes of a story's texts.
fn size(story: &Story) -> usize {
    let of = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    let all = |texts: &[String]| texts.iter().map(|text| text.len() + size_of::<String>()).sum::<usize>();
    let media: usize = story.enclosures.iter().map(|one| one.url.len() + of(&one.media_type)).sum();
    [&story.url, &story.outlet, &story.summary, &story.content_html, &story.image, &story.language]
        .into_iter()
        .map(of)
        .sum::<usize>()
        + story.key.len()
        + story.title.len()
        + story.text.len()
        + all(&story.authors)
        + all(&story.categories)
        + media
}

/// `head`, as many times `unit` as fit, `tail`.
fn fill(head: &str, unit: &str, tail: &str) -> String {
    head.to_owned() + &unit.repeat(SIZE.saturating_sub(head.len() + tail.len()) / unit.len()) + tail
}

/// As [`fill`], each unit with its number in place of `#`.
fn count(head: &str, unit: &str, tail: &str) -> String {
    let units = (0..SIZE / unit.len()).map(|nth| unit.replace('#', &nth.to_string()));
    head.to_owned() + &units.collect::<String>() + tail
}

const RSS: &str = "<rss version='2.0'><channel><title>F</title>";
const ITEM: &str = "<rss version='2.0'><channel><title>F</title><item><title>A</title>";
const TEXT: &str = "<rss version='2.0'><channel><title>F</title><item><title>A</title><description>";
const END_TEXT: &str = "</description></item></channel></rss>";
const END_ITEM: &str = "</item></channel></rss>";
const END: &str = "</channel></rss>";
const ATOM: &str = "<feed xmlns='http://www.w3.org/2005/Atom'>";
const END_ATOM: &str = "</feed>";

#[test]
fn entities_never_multiply() {
    let long = format!("<!DOCTYPE rss [<!ENTITY a \"{}\">]>{TEXT}", "x".repeat(4000));
    assert_eq!(check("one long entity", fill(&long, "&a;", END_TEXT)), Ok(1));
    let laughs: String =
        (1..60).map(|nth| format!("<!ENTITY l{nth} \"{}\">", format!("&l{};", nth - 1).repeat(10))).collect();
    let head = format!("<!DOCTYPE rss [{laughs}]>{TEXT}");
    assert_eq!(check("a billion laughs", fill(&head, "&l59;", END_TEXT)), Ok(1));
    let tail = format!("]>{ITEM}{END_ITEM}");
    assert_eq!(check("many entities", fill("<!DOCTYPE rss [", "<!ENTITY a 'x'>", &tail)), Ok(1));
    assert_eq!(check("references to nothing", fill(TEXT, "&a;&", END_TEXT)), Ok(1));
}

#[test]
fn tags_without_end_cost_nothing() {
    for (unit, items) in [("<x>", 1), ("<div>", 1), ("<item>", 2000), ("<item><title>A", 2000), ("<!--", 1), ("<a ", 1)]
    {
        let read = check(unit, fill(ITEM, unit, ""));
        assert!(read.is_ok_and(|found| (1..=items).contains(&found)), "{unit}");
    }
    for unit in ["&lt;div&gt;", "&lt;b&gt;&lt;i&gt;", "&lt;table&gt;&lt;tr&gt;&lt;td&gt;", "<![CDATA[<b>]]>", "<b>"] {
        assert_eq!(check(unit, fill(TEXT, unit, END_TEXT)), Ok(1), "{unit}");
    }
    let both = format!("{TEXT}{}{}{END_TEXT}", "<b>".repeat(SIZE / 7), "</b>".repeat(SIZE / 7));
    assert_eq!(check("deep and balanced", both), Ok(1));
    assert_eq!(check("a comment", fill(&format!("{ITEM}<!--"), "x ", "")), Ok(1));
    assert_eq!(check("a CDATA section", fill(&format!("{TEXT}<![CDATA["), "x ", "")), Ok(1));
}

#[test]
fn one_tag_may_have_any_number_of_attributes_of_any_size() {
    let tail = &format!("><title>A</title>{END_ITEM}");
    let head = &format!("{RSS}<item ");
    assert_eq!(check("equal attributes", fill(head, "a='b' ", tail)), Ok(1));
    assert_eq!(check("attributes", count(head, "a#='b' ", tail)), Ok(1));
    assert_eq!(check("namespaces", count(head, "xmlns:a#='b' ", tail)), Ok(1));
    assert_eq!(check("one long value", fill(&format!("{head}a='"), "x", &format!("'{tail}"))), Ok(1));
    assert_eq!(check("one long name", fill(head, "x", &format!("='a'{tail}"))), Ok(1));
    let xhtml = format!("{ATOM}<entry><content type='xhtml'>");
    assert_eq!(check("attributes of a content", fill(&xhtml, "<p a='b' c='d'>", "</content></entry></feed>")), Ok(1));
}

#[test]
fn items_of_any_number_are_read() {
    assert_eq!(check("empty", fill(RSS, "<item/>", END)), Ok(2000));
    assert_eq!(check("equal", fill(RSS, "<item><title>A</title></item>", END)), Ok(2000));
    assert_eq!(check("one guid", count(RSS, "<item><guid>g</guid><title>#</title></item>", END)), Ok(2000));
    assert_eq!(check("JSON", fill("{\"items\":[{}", ",{}", "]}")), Ok(2000));
    assert_eq!(
        check("sitemap", count("<urlset>", "<url><loc>https://n.example/#</loc></url>", "</urlset>")).ok(),
        None
    );
}

#[test]
fn single_values_of_any_size_are_cut() {
    assert_eq!(check("a text", fill(TEXT, "word ", END_TEXT)), Ok(1));
    assert_eq!(check("ampersands", fill(TEXT, "&amp;", END_TEXT)), Ok(1));
    for field in ["title", "link", "guid", "pubDate", "author", "category", "dc:creator", "itunes:author", "source"] {
        let (head, tail) = (format!("{RSS}<item><{field}>"), format!("</{field}>{END_ITEM}"));
        for unit in ["9", "Mon, ", "https://n.example/a/../"] {
            assert_eq!(check(field, fill(&head, unit, &tail)), Ok(1), "{field}");
        }
    }
    assert_eq!(
        check("a feed's title", fill("<rss><channel><title>", "word ", "</title><item/></channel></rss>")),
        Ok(1)
    );
}

#[test]
fn one_item_may_have_any_number_of_parts() {
    for unit in [
        "<title>A</title>",
        "<link>https://n.example/#</link>",
        "<atom:link rel='enclosure' href='https://n.example/#'/>",
        "<category>c#</category>",
        "<author>a#</author>",
        "<dc:creator>a#</dc:creator>",
        "<enclosure url='/#.mp3'/>",
        "<media:content url='/#.mp4'/>",
        "<media:thumbnail url='/#.jpg'/>",
        "<image><url>/#.jpg</url></image>",
        "<pubDate>soon</pubDate>",
        "<guid>#</guid>",
        "<description>#</description>",
    ] {
        assert_eq!(check(unit, count(ITEM, unit, END_ITEM)), Ok(1), "{unit}");
    }
    assert_eq!(check("tags", count("{\"items\":[{\"tags\":[\"\"", ",\"t#\"", "]}]}")), Ok(1));
    assert_eq!(check("keys", count("{\"items\":[{\"a\":1", ",\"k#\":[]", "}]}")), Ok(1));
}

#[test]
fn what_items_inherit_is_small() {
    let author = format!("{ATOM}<author><name>{}</name></author>", "n".repeat(SIZE));
    assert_eq!(check("one long author", fill(&author, "<entry><id>1</id></entry>", END_ATOM)).ok(), Some(0));
    let head = format!("{ATOM}<author><name>{}</name></author>", "n".repeat(SIZE / 2));
    assert_eq!(check("a long author", fill(&head, "<entry/>", END_ATOM)), Ok(2000));
    let authors: String =
        (0..64).map(|nth| format!("<author><name>{nth}{}</name></author>", "n".repeat(900))).collect();
    assert_eq!(check("long authors", fill(&format!("{ATOM}{authors}"), "<entry/>", END_ATOM)), Ok(2000));
    let json = format!("{{\"authors\":[\"{}\"],\"language\":\"{0}\",\"items\":[{{}}", "n".repeat(SIZE / 4));
    assert_eq!(check("JSON", fill(&json, ",{}", "]}")), Ok(2000));
}

#[test]
fn a_long_base_makes_nothing_grow() {
    let base = format!("https://n.example/{}/", "b".repeat(2000));
    let head = format!("<feed xmlns='http://www.w3.org/2005/Atom' xml:base='{base}'>");
    let links: String = (0..60).map(|nth| format!("<link rel='enclosure' href='{nth}'/>")).collect();
    let entry = format!("<entry>{links}</entry>");
    assert!(check("media", fill(&head, &entry, END_ATOM)).is_ok());
    let content = format!("{head}<entry><content type='html'>");
    assert_eq!(check("links in a text", fill(&content, "&lt;a href=x>a&lt;/a>", "</content></entry></feed>")), Ok(1));
    assert_eq!(check("nested", fill(ATOM, "<x xml:base='a/'>", "")), Ok(0));
}

#[test]
fn encodings_that_lie_are_only_wrong() {
    let text = format!("{TEXT}{}", "é漢 ".repeat(SIZE / 8));
    let mut wide: Vec<u8> = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    wide.push(b'x');
    assert_eq!(check("UTF-16 of an odd length", wide), Ok(1));
    let lone: Vec<u8> = [0xFF, 0xFE].into_iter().chain([0x00, 0xD8].repeat(SIZE / 2)).collect();
    assert_eq!(check("half characters", lone), Err(ExtractError::Binary));
    let declared = |name: &str, unit: &[u8]| {
        let head = format!("<?xml version='1.0' encoding='{name}'?>{TEXT}");
        [head.as_bytes(), &unit.repeat(SIZE / unit.len())].concat()
    };
    for (name, unit) in [
        ("utf-8", &b"\xE9 \xE8x "[..]),
        ("utf-16", b"\xE9 \xE8x "),
        ("utf-32", b"a b "),
        ("windows-1252", b"\x80"),
        ("shift_jis", b"\xE9 \xFF"),
        ("gb18030", b"\x81\x30"),
        ("no-such", b"\xC3\xA9 \xFF"),
        ("iso-2022-jp", b"\x1B$B$\"\x1B(B x"),
        ("utf-8", b"\0a"),
        ("utf-8", b"a\x01\xEF\xBF\xBE "),
    ] {
        let read = check(name, declared(name, unit));
        assert!(matches!(read, Ok(1) | Err(ExtractError::Binary)), "{name}: {read:?}");
    }
    assert_eq!(check("NULs", vec![0; SIZE]), Err(ExtractError::Binary));
}

#[test]
fn json_of_any_depth_is_refused_or_read() {
    let deep = |open: &str| format!("{{\"items\":[{{\"id\":\"1\"}},{{\"x\":{}", open.repeat(100_000));
    assert_eq!(check("lists", deep("[")), Ok(1));
    assert_eq!(check("objects", deep("{\"a\":")), Ok(1));
    assert_eq!(check("authors", deep("1},{\"authors\":[[").replace("[[", &"[".repeat(1000))), Ok(2));
    let escaped = fill("{\"items\":[{\"id\":\"1\",\"content_html\":\"", "\\u00e9", "\"}]}");
    assert_eq!(check("escapes", escaped), Ok(1));
    assert_eq!(check("one key", fill("{\"items\":[{\"", "k", "\":1}]}")), Ok(1));
}
