//! That the rules see what they are there for: one feed that they pass, and that feed with one thing wrong.

use super::rules;

const RSS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>World</title><link>https://news.example/</link><description>All</description>
<language>en</language><ttl>60</ttl><lastBuildDate>Sun, 1 Mar 2026 12:00:00 +0000</lastBuildDate>
<atom:link rel="self" href="https://news.example/world.rss"/>
<item><title>A &#x26; B</title><link>https://n.example/1</link><description>&lt;p&gt;Text&lt;/p&gt;</description>
<guid isPermaLink="false">urn:uuid:01010101-0101-8101-8101-010101010101</guid><dc:language>de</dc:language>
<pubDate>Sun, 1 Mar 2026 12:00:00 +0000</pubDate><category>Sea</category><source url="https://n.example/feed">N</source>
<enclosure url="https://n.example/a.mp3" length="7" type="audio/mpeg"/></item>
<item><title>Old</title><description>Old</description>
<guid isPermaLink="false">urn:uuid:02020202-0202-8202-8202-020202020202</guid>
<pubDate>Sat, 28 Feb 2026 12:00:00 +0000</pubDate></item>
</channel></rss>
"#;

const ATOM: &str = r#"<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en">
<title>World</title><id>urn:uuid:11111111-1111-8111-8111-111111111111</id>
<updated>2026-03-01T12:00:00.5+00:00</updated><author><name>N</name></author>
<link rel="self" href="https://news.example/world.atom"/>
<entry><title>A &#x26; B</title><id>urn:uuid:01010101-0101-8101-8101-010101010101</id>
<updated>2026-03-01T12:00:00.5+00:00</updated><published>2026-03-01T12:00:00+00:00</published><author><name>N</name></author>
<link rel="alternate" href="https://n.example/1"/><content type="html" xml:lang="de">&lt;p&gt;Text&lt;/p&gt;</content>
<media:thumbnail url="https://n.example/1.png"/><category term="Sea"/></entry>
<entry><title>Old</title><id>urn:uuid:02020202-0202-8202-8202-020202020202</id><author><name>N</name></author>
<updated>2026-02-28T12:00:00+00:00</updated><published>2026-02-28T12:00:00+00:00</published>
<link rel="alternate" href="https://n.example/2"/><summary>Old</summary></entry>
</feed>
"#;

const JSON: &str = r#"{"version": "https://jsonfeed.org/version/1.1", "title": "World",
"hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
"items": [{"id": "urn:uuid:01010101-0101-8101-8101-010101010101", "url": "https://n.example/1", "title": "A & B",
"content_html": "<p>Text <a href=\"https://n.example/?a=1&amp;b=2\">x</a> <img src=\"https://n.example/1.png\"></p>",
"date_published": "2026-03-01T12:00:00Z", "date_modified": "2026-03-01T12:00:00Z", "tags": ["Sea"],
"attachments": [{"url": "https://n.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 7}]}]}
"#;

#[track_caller]
fn sees(name: &str, good: &str, right: &str, wrong: &str) {
    assert!(good.contains(right), "{right:?} is not in {name}");
    assert!(rules::read(name, good.replacen(right, wrong, 1).as_bytes()).is_err(), "{wrong:?} passes in {name}");
}

#[test]
fn what_is_right_passes() {
    for (name, feed) in [("a.rss", RSS), ("a.atom", ATOM), ("a.json", JSON)] {
        let read = rules::read(name, feed.as_bytes());
        assert_eq!(read.map(|said| said[0].title.clone()), Ok("A & B".to_owned()), "{name}");
    }
    rules::check(&[("a.rss", RSS.as_bytes())]);
}

#[test]
fn what_is_wrong_in_rss_is_seen() {
    for (right, wrong) in [
        ("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n", ""),
        ("version=\"2.0\" xmlns", "version=\"0.91\" xmlns"),
        ("<description>All</description>", ""),
        ("<description>All</description>", "<description>All</description><rating>1</rating>"),
        ("<title>World</title>", "<title>World</title><title>World</title>"),
        ("<title>World</title>", "<title> World</title>"),
        ("<link>https://news.example/</link>", "<link>/</link>"),
        ("<language>en</language>", "<language>en_US</language>"),
        ("<ttl>60</ttl>", "<ttl>0</ttl>"),
        ("rel=\"self\"", "rel=\"alternate\""),
        ("A &#x26; B", "A &#x3C;/b> B"),
        ("A &#x26; B", "A \u{1} B"),
        ("A &#x26; B", "A \u{fffd} B"),
        ("A &#x26; B", "A &nbsp; B"),
        ("A &#x26; B", "A <b>B</b>"),
        ("A &#x26; B", ""),
        ("<link>https://n.example/1</link>", "<link>javascript:alert(1)</link>"),
        ("<link>https://n.example/1</link>", "<link>https://n.example/ü</link>"),
        ("<link>https://n.example/1</link>", "<link>https://n.example/%zz</link>"),
        ("<link>https://n.example/1</link>", "<link>https://me:pw@n.example/1</link>"),
        ("<description>&lt;p&gt;Text", "<description>&lt;p&gt;&lt;b&gt;Text"),
        ("isPermaLink=\"false\"", "isPermaLink=\"true\""),
        ("urn:uuid:01010101-0101-8101-8101-010101010101", "urn:uuid:02020202-0202-8202-8202-020202020202"),
        ("urn:uuid:01010101-0101-8101-8101-010101010101", "https://n.example/1"),
        ("<dc:language>de</dc:language>", "<dc:language>en</dc:language>"),
        ("<pubDate>Sun, 1 Mar 2026", "<pubDate>Mon, 1 Mar 2026"),
        ("<pubDate>Sun, 1 Mar 2026", "<pubDate>Sun, 1 Mar 26"),
        ("<pubDate>Sun, 1 Mar 2026", "<pubDate>Sat, 28 Feb 2025"),
        ("<lastBuildDate>Sun", "<lastBuildDate>2026"),
        ("<category>Sea</category>", "<category/>"),
        ("<source url=\"https://n.example/feed\">", "<source>"),
        ("length=\"7\"", "length=\"-7\""),
        ("type=\"audio/mpeg\"/>", "type=\"mp3\"/>"),
        ("type=\"audio/mpeg\"/>", "/>"),
        ("xmlns:dc=", "xmlns:other="),
        ("</channel>", "</channel><channel/>"),
        ("</rss>", ""),
        ("</rss>\n", "</rss>"),
    ] {
        sees("a.rss", RSS, right, wrong);
    }
}

#[test]
fn what_is_wrong_in_atom_is_seen() {
    for (right, wrong) in [
        ("<author><name>N</name></author>\n<link", "<link"),
        ("<author><name>N</name></author>\n<link", "<author><name>N &#x3C;n@n.example></name></author>\n<link"),
        ("<updated>2026-03-01T12:00:00.5+00:00</updated><author>", "<updated>2026-03-02T12:00:00Z</updated><author>"),
        ("<updated>2026-02-28T12:00:00+00:00</updated>", "<updated>2026-02-27T12:00:00+00:00</updated>"),
        ("<updated>2026-02-28T12:00:00+00:00</updated>", "<updated>2026-03-01T12:00:00.5+00:00</updated>"),
        ("<published>2026-03-01T12:00:00+00:00</published>", "<published>2026-03-01</published>"),
        (
            "<published>2026-03-01T12:00:00+00:00</published>",
            "<published>2026-03-01T12:00:00.123456789+00:00</published>",
        ),
        ("<published>2026-03-01T12:00:00+00:00</published>", ""),
        ("rel=\"self\"", "rel=\"related\""),
        ("rel=\"self\"", "rel=\"whatever\""),
        ("<link rel=\"alternate\" href=\"https://n.example/1\"/>", "<link rel=\"alternate\" href=\"/1\"/>"),
        (
            "<link rel=\"alternate\" href=\"https://n.example/1\"/>",
            "<link rel=\"alternate\" href=\"https://n.example/1\"/><link rel=\"alternate\" href=\"https://n.example/3\"/>",
        ),
        ("<link rel=\"alternate\" href=\"https://n.example/2\"/><summary>Old</summary>", ""),
        ("<summary>Old</summary>", ""),
        ("<content type=\"html\"", "<content type=\"xhtml\""),
        ("&lt;/p&gt;</content>", "</content>"),
        ("&lt;p&gt;Text&lt;/p&gt;", ""),
        ("xml:lang=\"de\"", "xml:lang=\"de_DE\""),
        ("xml:lang=\"en\"", "xml:lang=\"english\""),
        ("<media:thumbnail url=\"https://n.example/1.png\"/>", "<media:thumbnail url=\"1.png\"/>"),
        ("<category term=\"Sea\"/>", "<category label=\"Sea\"/>"),
        ("<id>urn:uuid:11111111-1111-8111-8111-111111111111</id>", "<id>world</id>"),
        ("<feed xmlns=\"http://www.w3.org/2005/Atom\"", "<feed xmlns=\"http://purl.org/atom/ns#\""),
    ] {
        sees("a.atom", ATOM, right, wrong);
    }
}

#[test]
fn what_is_wrong_in_json_is_seen() {
    for (right, wrong) in [
        ("version/1.1", "version/1"),
        ("\"title\": \"World\",", ""),
        ("\"title\": \"World\",", "\"title\": \"World\", \"favourite\": 1,"),
        ("\"url\": \"https://hub.example/\"", "\"url\": \"hub\""),
        ("\"url\": \"https://n.example/1\",", "\"url\": 1,"),
        ("2026-03-01T12:00:00Z", "2026-03-01 12:00"),
        ("\"date_modified\": \"2026-03-01T12:00:00Z\"", "\"date_modified\": \"2026-02-01T12:00:00Z\""),
        ("[\"Sea\"]", "[]"),
        ("[\"Sea\"]", "[\"\"]"),
        ("\"size_in_bytes\": 7", "\"size_in_bytes\": -7"),
        ("\"mime_type\": \"audio/mpeg\",", ""),
        ("a=1&amp;b=2", "a=1&b=2"),
        ("https://n.example/?a", "/?a"),
        ("https://n.example/?a", "javascript:a"),
        ("https://n.example/1.png", "data:image/png;base64,AA"),
        ("<p>Text", "<script>1</script><p>Text"),
        ("<p>Text", "<p onclick='a()'>Text"),
        ("<p>Text", "<p style=\\\"top:0\\\">Text"),
        ("</a>", "</a></b>"),
        ("</p>", ""),
        ("<p>Text", "<p Text"),
    ] {
        sees("a.json", JSON, right, wrong);
    }
}
