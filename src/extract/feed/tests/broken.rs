//! One table for each rule of tolerance: what publishers get wrong, and what is read of it.

use super::{atom, check, check_title, page, reading, rss, stories, story};
use crate::extract::read;
use crate::model::{Kind, Page};

/// A feed with the title `A` and nothing else worth reading.
#[track_caller]
fn reads(body: &str) {
    assert_eq!(story(body).title, "A", "{body}");
}

/// The title of the only item of a body in any encoding.
#[track_caller]
fn title_of(body: &[u8], content_type: Option<&str>) -> String {
    let page = Page { content_type: content_type.map(str::to_owned), body: body.to_vec(), ..page("") };
    let mut reading = read(&page, &Kind::Feed.into()).unwrap_or_else(|error| panic!("{error}: {body:?}"));
    reading.drafts.remove(0).clean().title
}

#[test]
fn encodings_are_found_whatever_is_declared() {
    let feed = |declared: &str, title: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{declared}\"?><rss><channel><item><title>{title}</title></item></channel></rss>"
        )
    };
    let latin = |text: &str| text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let wider = |text: &str| text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect::<Vec<u8>>();
    let marked = |mark: &[u8], body: Vec<u8>| [mark, &body].concat();
    for (body, content_type) in [
        (feed("utf-8", "Äh").into_bytes(), None),
        (feed("iso-8859-1", "Äh").into_bytes(), None),
        (feed("us-ascii", "Äh").into_bytes(), Some("text/xml; charset=us-ascii")),
        (feed("utf-16", "Äh").into_bytes(), None),
        (marked(b"\xEF\xBB\xBF", feed("windows-1252", "Äh").into_bytes()), None),
        (latin(&feed("iso-8859-1", "Äh")), None),
        (latin(&feed("utf-8", "Äh")), Some("text/xml; charset=iso-8859-1")),
        (latin(&feed("utf-8", "Äh")), None),
        (latin(&feed("no-such-encoding", "Äh")), None),
        (wide(&feed("utf-8", "Äh")), None),
        (marked(b"\xFE\xFF", wide(&feed("utf-16", "Äh"))), Some("text/xml; charset=utf-8")),
        (wider(&feed("utf-32", "Äh")), None),
        (marked(b"\xFF\xFE\0\0", wider(&feed("utf-32", "Äh"))), None),
        (feed("utf-8", "&#196;h").into_bytes(), None),
    ] {
        assert_eq!(title_of(&body, content_type), "Äh", "{content_type:?} {}", String::from_utf8_lossy(&body));
    }
    // One broken byte costs one character, not the encoding.
    let broken = [feed("utf-8", "Äöü").as_bytes(), b"\xFF"].concat();
    assert_eq!(title_of(&broken, None), "Äöü");
}

#[test]
fn forbidden_characters_are_dropped() {
    check_title("A\u{0}B\u{8}C\u{FFFE}\u{B}D", "ABCD");
    check_title("A&#0;B&#x1F;C&#xD800;", "ABC");
    assert_eq!(atom("<entry><title>A</title><content>x\u{1}y</content></entry>").text, "xy");
}

#[test]
fn ampersands_and_angles_that_start_nothing_are_text() {
    check_title("R&D & more &", "R&D & more &");
    check_title("1 < 2 <3 and <- x", "1 < 2 <3 and <- x");
    check_title("a &lt; b &copy; &hellip; &CounterClockwiseContourIntegral;", "a < b © … ∳");
    let story = rss("<item><link>https://n.example/?a=1&b=2&copy=3</link></item>");
    assert_eq!(story.url.as_deref(), Some("https://n.example/?a=1&b=2&copy=3"));
}

#[test]
fn attributes_are_read_however_they_are_written() {
    for link in [
        "<link href='/1'/>",
        "<link href=\"/1\" />",
        "<link href=/1 />",
        "<link href = '/1' href='/2'/>",
        "<link rel=alternate href=/1></link>",
        "<link HREF='/1'/>",
        "<link title=\"a > b\" href='/1'/>",
        "<link title='no end href=\"/1\"/>",
        "<link\n\thref='\n/1 '/>",
        "<link rel='' type='' href='/1'/>",
        "<link rel='ALTERNATE' href='/1'/>",
        "<link rel='http://www.iana.org/assignments/relation/alternate' href='/1'/>",
    ] {
        let story = atom(&format!("<entry><title>A</title>{link}</entry>"));
        assert_eq!((story.title.as_str(), story.url.as_deref()), ("A", Some("https://n.example/1")), "{link}");
    }
}

#[test]
fn comments_and_sections_without_end_are_no_end() {
    reads("<rss><channel><item><title>A</title></item><!-- x</channel></rss>");
    reads("<rss><channel><!-- x <item><title>A</title></item></channel></rss>");
    reads("<rss><channel><item><title><![CDATA[A]]></title></item><![CDATA[</channel></rss>");
    reads("<rss><channel><item><title>A</title><description><![CDATA[x</description></item></channel></rss>");
    reads("<rss><channel><item><title><![CDATA[A]]</title></item></channel></rss>".replace("]]<", "]]><").as_str());
    reads("<rss><channel><? x <item><title>A</title></item></channel></rss>");
    reads("<rss><channel><item><title>A<!-- > --></title></item></channel></rss>");
}

#[test]
fn deeper_than_128_the_text_stays() {
    let deep = |depth: usize| format!("{}x{}", "<b>".repeat(depth), "</b>".repeat(depth));
    for depth in [1, 100, 127, 128, 1000] {
        let story = atom(&format!(
            "<entry><title>A</title><content type='xhtml'><div>{}<p>y</p></div></content></entry>",
            deep(depth)
        ));
        assert_eq!((story.title.as_str(), story.text.as_str()), ("A", "x\n\ny"), "{depth}");
    }
}

#[test]
fn an_unknown_default_namespace_is_a_misspelt_one() {
    let item = "<item><title>A</title></item>";
    for uri in ["http://n.example/own", "http://backend.userland.com/RSS2", "HTTP://PURL.ORG/RSS/1.0", "x", ""] {
        reads(&format!("<rss xmlns='{uri}'><channel>{item}</channel></rss>"));
        reads(&format!(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='{uri}'>{item}</rdf:RDF>"
        ));
        reads(&format!("<feed xmlns='{uri}'><title>F</title><entry><title>A</title></entry></feed>"));
    }
    for uri in ["http://www.w3.org/2005/Atom", "HTTPS://WWW.W3.ORG/2005/ATOM/", "http://www.w3.org/2005/Atom#"] {
        reads(&format!("<x:feed xmlns:x='{uri}'><x:entry><x:title>A</x:title></x:entry></x:feed>"));
    }
    reads("<atom:feed><atom:entry><atom:title>A</atom:title></atom:entry></atom:feed>");
    reads("<x:rss xmlns:x='http://n.example/own'><x:channel><x:item><x:title>A</x:title></x:item></x:channel></x:rss>");
}

#[test]
fn prefixes_of_habit_need_no_declaration() {
    let story = rss("<item><dc:title>A</dc:title><dc:creator>Ann</dc:creator><dc:subject>x</dc:subject><dc:date>2026-03-08</dc:date>
        <dcterms:modified>2026-03-09</dcterms:modified><content:encoded>C</content:encoded><dc:language>de</dc:language>
        <media:content url='/v.mp4' type='video/mp4' fileSize='7'/><itunes:image href='/i.png'/><dc:identifier>g</dc:identifier></item>");
    assert_eq!((story.title.as_str(), story.text.as_str(), story.key.as_str()), ("A", "C", "g"));
    assert_eq!((story.authors, story.categories), (vec!["Ann".to_owned()], vec!["x".to_owned()]));
    assert!(story.published.is_some() && story.updated.is_some());
    assert_eq!(story.language.as_deref(), Some("de"));
    assert_eq!((story.enclosures[0].length, story.image.as_deref()), (7, Some("https://n.example/i.png")));
}

#[test]
fn versions_and_containers_that_nobody_defined_are_read() {
    for root in ["<rss version='0.93'>", "<rss version='0.94'>", "<rss version='3.0'>", "<rss version=''>", "<RSS>"] {
        reads(&format!("{root}<channel><item><title>A</title></item></channel></rss>"));
    }
    reads("<rss><item><title>A</title></item></rss>");
    reads("<rss><channel></channel><item><title>A</title></item></rss>");
    reads("<rss><channel><items><item><title>A</title></item></items></channel></rss>");
    reads("<rss>text <channel>text <item>text <title>A</title></item></channel></rss>");
    reads("<RDF><item><title>A</title></item></RDF>");
    check("<feed><title>F</title></feed>", "atom1.0", "F", &[]);
}

#[test]
fn json_that_bends_the_rules_is_read() {
    for body in [
        r#"{"items":[{"title":"A"}]}"#,
        r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"title":"A","url":null,"tags":"x"}]}"#,
        r#"{"version":"http://jsonfeed.org/version/1/","items":[{"title":"A","date_published":1772953509}]}"#,
        r#"{"title":null,"authors":"Ann","items":[{"title":"A","attachments":[{"url":7}],"image":false}]}"#,
        "\u{FEFF}\n{\"items\":[{\"title\":\"A\\u0000\",\"authors\":{\"name\":\"Ann\"}}]}",
        r#"{"items":[{"title":"A"}]} trailing"#,
        r#"{"items":[{"title":"A"}],"more":"cut o"#,
    ] {
        reads(body);
    }
}

#[test]
fn one_bad_value_costs_that_value_alone() {
    for bad in [
        "<pubDate>soon</pubDate>",
        "<pubDate/>",
        "<link>http://</link>",
        "<link>http://:x/</link>",
        "<guid/>",
        "<enclosure/>",
        "<enclosure url='' length='many' type=''/>",
        "<enclosure url='http://[/x'/>",
        "<author/>",
        "<category/>",
        "<source url='x'/>",
        "<media:content url='http://[' fileSize='-1'/>",
        "<xml:base/>",
        "<content type='no/such'>%%%</content>",
        "<content:encoded mode='base64'>%%%</content:encoded>",
        "<ttl>x</ttl>",
        "<language>this is no language but a long sentence about one</language>",
    ] {
        let story = rss(&format!("<item><title>A</title>{bad}<description>S</description></item>"));
        assert_eq!((story.title.as_str(), story.summary.as_deref(), story.url), ("A", Some("S"), None), "{bad}");
        assert!(story.published.is_none() && story.enclosures.is_empty(), "{bad}");
    }
    for kind in ["text/plain", "TEXT/HTML", "html; charset=utf-8", "x", "image/png", "application/xml", ""] {
        let story = atom(&format!("<entry><title>A</title><summary type='{kind}'>S</summary></entry>"));
        assert_eq!(story.title, "A", "{kind}");
    }
}

#[test]
fn bases_hold_for_links_and_for_addresses_inside_html() {
    let feed = |base: &str, link: &str| {
        let entry =
            format!("<entry><link href='{link}'/><content type='html'>&lt;a href='{link}'>x&lt;/a></content></entry>");
        let story = story(&format!("<feed xmlns='http://www.w3.org/2005/Atom' {base}>{entry}</feed>"));
        let html = story.content_html.unwrap_or_default();
        assert!(html.contains(&format!("href=\"{}\"", story.url.as_deref().unwrap_or_default())), "{html}");
        story.url
    };
    assert_eq!(feed("", "1").as_deref(), Some("https://n.example/feeds/1"));
    assert_eq!(feed("xml:base='https://b.example/x/'", "1").as_deref(), Some("https://b.example/x/1"));
    assert_eq!(feed("xml:base='/y/'", "1").as_deref(), Some("https://n.example/y/1"));
    assert_eq!(feed("xml:base='https://b.example'", "?a=1").as_deref(), Some("https://b.example/?a=1"));
    assert_eq!(feed("xml:base='javascript:x'", "1").as_deref(), Some("https://n.example/feeds/1"));
    assert_eq!(feed("xml:base='https://b.example/'", "//c.example/1").as_deref(), Some("https://c.example/1"));
}

#[test]
fn the_limits_are_those_that_were_promised() {
    let long =
        format!("<rss><channel><item><description>{}</description></item></channel></rss>", "word ".repeat(150_000));
    let text = stories(&long).remove(0).text;
    assert!((500 << 10..=512 << 10).contains(&text.len()), "{}", text.len());
    let warnings = reading(&long).warnings;
    assert_eq!(warnings, ["a text of more than 512 KiB was cut"]);
    let many = format!("<rss><channel>{}</channel></rss>", "<item/>".repeat(10_001));
    assert!(reading(&many).warnings.iter().any(|warning| warning.contains("more than 10000 items")));
}

#[test]
fn what_is_cut_off_anywhere_keeps_its_complete_items() {
    let whole = "<rss><channel><title>F</title><item><title>A</title><link>/1</link></item><item><title>B</title>\
                 <description><![CDATA[x <b>y</b>]]></description></item></channel></rss>";
    let second = whole.find("<item><title>B").unwrap();
    let end = whole.find("</item></channel>").unwrap();
    for at in second..whole.len() {
        let titles: Vec<_> = stories(&whole[..at]).into_iter().map(|story| story.title).collect();
        let expected: &[&str] = if at >= end + "</item".len() { &["A", "B"] } else { &["A"] };
        assert_eq!(titles, expected, "{}", &whole[..at]);
    }
}
