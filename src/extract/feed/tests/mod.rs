//! What must come of feeds in every format, and in every state.

mod broken;
mod hostile;
mod sitemap;

use crate::extract::{ExtractError, Reading, read};
use crate::model::{Kind, Page, Story};

fn page(body: &str) -> Page {
    Page {
        url: "https://n.example/feeds/all.xml".parse().ok(),
        content_type: None,
        body: body.as_bytes().to_vec(),
        fetched_at: "2026-03-10T12:00:00Z".parse().ok(),
    }
}

#[track_caller]
fn reading(body: &str) -> Reading {
    read(&page(body), &Kind::Feed.into()).unwrap_or_else(|error| panic!("{error}: {body}"))
}

#[track_caller]
fn stories(body: &str) -> Vec<Story> {
    reading(body).drafts.into_iter().map(|draft| draft.clean()).collect()
}

/// The only story of an RSS feed with one item.
#[track_caller]
fn rss(item: &str) -> Story {
    story(&format!("<rss version='2.0'><channel><title>F</title>{item}</channel></rss>"))
}

/// The only story of an Atom feed with one entry.
#[track_caller]
fn atom(entry: &str) -> Story {
    story(&format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{entry}</feed>"))
}

#[track_caller]
fn story(body: &str) -> Story {
    let mut stories = stories(body);
    assert_eq!(stories.len(), 1, "{body}");
    stories.remove(0)
}

/// Format, feed title and story titles.
#[track_caller]
fn check(body: &str, format: &str, title: &str, expected: &[&str]) {
    let reading = reading(body);
    assert_eq!((reading.format, reading.title.as_deref().unwrap_or_default()), (format, title), "{body}");
    let titles: Vec<_> = reading.drafts.into_iter().map(|draft| draft.clean().title).collect();
    assert_eq!(titles, expected, "{body}");
}

/// A title of an RSS item, as sent and as read.
#[track_caller]
fn check_title(sent: &str, expected: &str) {
    assert_eq!(rss(&format!("<item><title>{sent}</title></item>")).title, expected, "{sent}");
}

#[track_caller]
fn check_error(body: &str, expected: &str) -> ExtractError {
    let error = read(&page(body), &Kind::Feed.into()).expect_err(body);
    assert_eq!(error.to_string(), expected);
    assert!(error.help().is_some());
    error
}

#[test]
fn rss_of_every_version() {
    let body = |version: &str| {
        format!("<rss {version}><channel><title>F</title><item><title>A</title></item></channel></rss>")
    };
    check(&body("version='2.0'"), "rss2.0", "F", &["A"]);
    check(&body("version='0.91'"), "rss0.91", "F", &["A"]);
    check(&body("version=\"0.92\""), "rss0.92", "F", &["A"]);
    check(&body("version=2.0.1"), "rss2.0", "F", &["A"]);
    check(&body(""), "rss2.0", "F", &["A"]);
    check("<rss><title>F</title><item><title>A</title></item></rss>", "rss2.0", "F", &["A"]);
    check(
        "<RSS VERSION='2.0'><Channel><TITLE>F</TITLE><Item><Title>A</Title></Item></Channel></RSS>",
        "rss2.0",
        "F",
        &["A"],
    );
}

#[test]
fn rdf_of_both_versions() {
    let body = |uri: &str| {
        format!(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='{uri}'>
            <channel><title>F</title><items><rdf:Seq><rdf:li resource='x'/></rdf:Seq></items></channel>
            <image><title>I</title></image><item rdf:about='https://n.example/1'><title>A</title></item></rdf:RDF>"
        )
    };
    check(&body("http://purl.org/rss/1.0/"), "rss1.0", "F", &["A"]);
    check(&body("http://my.netscape.com/rdf/simple/0.9/"), "rss0.90", "F", &["A"]);
}

#[test]
fn atom_of_both_versions() {
    let body = |version: &str| format!("<feed {version}><title>F</title><entry><title>A</title></entry></feed>");
    check(&body("xmlns='http://www.w3.org/2005/Atom'"), "atom1.0", "F", &["A"]);
    check(&body("xmlns='https://www.w3.org/2005/Atom/'"), "atom1.0", "F", &["A"]);
    check(&body("version='0.3' xmlns='http://purl.org/atom/ns#'"), "atom0.3", "F", &["A"]);
    check(&body(""), "atom1.0", "F", &["A"]);
    check("<entry xmlns='http://www.w3.org/2005/Atom'><title>A</title></entry>", "atom1.0", "", &["A"]);
    check(
        "<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:entry><a:title>A</a:title></a:entry></a:feed>",
        "atom1.0",
        "",
        &["A"],
    );
}

#[test]
fn rss_1_1_is_a_channel_of_its_own() {
    let body = "<Channel xmlns='http://purl.org/net/rss1.1#'><title>F</title><items><item><title>A</title></item></items></Channel>";
    check(body, "rss1.1", "F", &["A"]);
}

#[test]
fn an_author_of_rss_may_have_parts() {
    assert_eq!(rss("<item><author><name>Ann</name><email>a@n.example</email></author></item>").authors, ["Ann"]);
    assert_eq!(rss("<item><author>a@n.example</author></item>").authors, ["a@n.example"]);
}

#[test]
fn channels_of_cdf() {
    let story = story(
        "<CHANNEL HREF='https://n.example/'><TITLE>F</TITLE><ITEM HREF='/1'><TITLE>A</TITLE><ABSTRACT>S</ABSTRACT></ITEM></CHANNEL>",
    );
    assert_eq!(
        (story.title.as_str(), story.url.as_deref(), story.text.as_str()),
        ("A", Some("https://n.example/1"), "S")
    );
}

#[test]
fn json_feeds() {
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"F","items":[{"id":"1","title":"A"}]}"#,
        "json1.1",
        "F",
        &["A"],
    );
    check(r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":1}]}"#, "json1.0", "", &[""]);
    check("\u{FEFF} {\"items\":[{\"id\":null,\"title\":\"A\",\"tags\":null},null,7]}", "json1.1", "", &["A"]);
    let story = story(
        r#"{"version":"https://jsonfeed.org/version/1.1","authors":[{"name":"Feed"}],"language":"en","items":[{"id":42.5,"url":"/1",
        "title":"<A> & B","summary":"S","content_html":"<p>C</p>","content_text":"T","date_published":"2026-03-08T07:05:09Z",
        "date_modified":"2026-03-09T07:05:09Z","image":"i.png","tags":["x","y","x"],"_own":{"deep":[[[{}]]]},
        "attachments":[{"url":"/a.mp3","mime_type":"audio/mpeg","size_in_bytes":9}]}]}"#,
    );
    assert_eq!(story.key, "42.5");
    assert_eq!(story.url.as_deref(), Some("https://n.example/1"));
    assert_eq!(story.title, "<A> & B");
    assert_eq!(story.summary.as_deref(), Some("S"));
    assert_eq!(story.content_html.as_deref(), Some("<p>C</p>"));
    assert_eq!(story.authors, ["Feed"]);
    assert_eq!(story.language.as_deref(), Some("en"));
    assert_eq!(story.categories, ["x", "y"]);
    assert_eq!(story.image.as_deref(), Some("https://n.example/feeds/i.png"));
    assert_eq!(story.enclosures[0].length, 9);
    assert!(story.published < story.updated);
}

#[test]
fn a_json_feed_that_breaks_off_keeps_its_complete_items() {
    let reading = reading(r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"2"},{"id":"3"#);
    assert_eq!(reading.drafts.len(), 2);
    assert!(reading.warnings[0].contains("cut off"));
}

#[test]
fn every_field_of_an_rss_item() {
    let story = rss("<language>de</language><item><title>A</title><link> https://n.example/1 </link><guid isPermaLink='false'>g1</guid>
        <pubDate>Sun, 08 Mar 2026 07:05:09 GMT</pubDate><author>a@n.example (Ann)</author><dc:creator>Bob</dc:creator>
        <category>x</category><category domain='d'>y</category><description>&lt;p&gt;S&lt;/p&gt;</description>
        <content:encoded><![CDATA[<p>C <a href='/c'>c</a></p>]]></content:encoded>
        <enclosure url='/a.mp3' length='12' type='audio/mpeg'/><media:thumbnail url='/t.jpg'/>
        <source url='https://o.example/'>Other</source><unknown:x>1</unknown:x></item>");
    assert_eq!(story.key, "g1");
    assert_eq!(story.url.as_deref(), Some("https://n.example/1"));
    assert_eq!(story.published.map(|date| date.to_rfc3339()).as_deref(), Some("2026-03-08T07:05:09+00:00"));
    assert_eq!(story.authors, ["Ann", "Bob"]);
    assert_eq!(story.categories, ["x", "y"]);
    assert_eq!(story.summary.as_deref(), Some("S"));
    assert_eq!(story.text, "C c");
    assert!(story.content_html.is_some_and(|html| html.contains("href=\"https://n.example/c\"")));
    assert_eq!((story.enclosures[0].url.as_str(), story.enclosures[0].length), ("https://n.example/a.mp3", 12));
    assert_eq!(story.image.as_deref(), Some("https://n.example/t.jpg"));
    assert_eq!(story.outlet.as_deref(), Some("Other"));
    assert_eq!(story.language.as_deref(), Some("de"));
}

#[test]
fn every_field_of_an_atom_entry() {
    let story = atom("<author><name>Feed</name></author><entry xml:lang='fr'><id>tag:n.example,2026:1</id><title type='html'>A &amp;amp; &lt;i>B&lt;/i></title>
        <link rel='self' href='/self'/><link rel='alternate' type='application/json' href='/1.json'/><link type='text/html' href='/1'/>
        <link rel='enclosure' href='/a.mp3' type='audio/mpeg' length='7'/><category term='t' label='Label'/>
        <published>2026-03-08T07:05:09Z</published><updated>2026-03-09T07:05:09+01:00</updated>
        <author><name>Ann</name><email>a@n.example</email></author><contributor><name>No</name></contributor>
        <summary>S</summary><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>C &amp; <b>d</b></p></div></content>
        <source><id>x</id><title>Other</title><author><name>No</name></author><updated>2001-01-01T00:00:00Z</updated></source></entry>");
    assert_eq!(story.key, "tag:n.example,2026:1");
    assert_eq!(story.title, "A & B");
    assert_eq!(story.url.as_deref(), Some("https://n.example/1"));
    assert_eq!(story.authors, ["Ann"]);
    assert_eq!(story.categories, ["Label"]);
    assert_eq!(story.text, "C & d");
    assert_eq!(story.summary.as_deref(), Some("S"));
    assert_eq!(story.outlet.as_deref(), Some("Other"));
    assert_eq!(story.language.as_deref(), Some("fr"));
    assert_eq!(story.updated.map(|date| date.to_rfc3339()).as_deref(), Some("2026-03-09T06:05:09+00:00"));
    assert_eq!(story.enclosures[0].length, 7);
}

#[test]
fn atom_0_3_has_its_own_names_and_modes() {
    let story = story("<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title mode='escaped' type='text/html'>A &lt;b&gt;B&lt;/b&gt;</title>
        <issued>2026-03-08T07:05:09Z</issued><modified>2026-03-09T07:05:09Z</modified><content mode='base64' type='text/html'>PHA+QzwvcD4=</content></entry></feed>");
    assert_eq!((story.title.as_str(), story.text.as_str()), ("A B", "C"));
    assert!(story.published.is_some() && story.updated > story.published);
}

#[test]
fn atom_texts_say_what_they_are() {
    let title = |sent: &str| atom(&format!("<entry><title {sent}</title></entry>")).title;
    assert_eq!(title("type='text'>1 &lt; 2 &amp;amp; &lt;b>"), "1 < 2 &amp; <b>");
    assert_eq!(title("type='html'>1 &amp;lt; 2 &lt;b>x&lt;/b>"), "1 < 2 x");
    assert_eq!(title("type='xhtml'><div>1 &lt; 2 <b>x</b></div>"), "1 < 2 x");
    assert_eq!(title("type='no/such'>A"), "A");
    assert_eq!(title(">A &amp;#8217;s"), "A ’s");
}

#[test]
fn an_entry_without_author_has_the_feeds() {
    assert_eq!(atom("<author><name>Feed</name></author><entry><title>A</title></entry>").authors, ["Feed"]);
}

#[test]
fn a_guid_is_an_address_unless_it_says_no() {
    assert_eq!(rss("<item><guid>https://n.example/1</guid></item>").url.as_deref(), Some("https://n.example/1"));
    assert_eq!(rss("<item><guid isPermaLink='false'>https://n.example/1</guid></item>").url, None);
    assert_eq!(rss("<item><guid>g1</guid></item>").url, None);
}

#[test]
fn links_are_of_the_web_or_nothing() {
    for link in ["javascript:alert(1)", "file:///etc/passwd", "urn:x", "data:text/html,x", "mailto:a@n.example"] {
        assert_eq!(rss(&format!("<item><link>{link}</link></item>")).url, None, "{link}");
    }
    assert_eq!(rss("<item><link>//o.example/x</link></item>").url.as_deref(), Some("https://o.example/x"));
    assert_eq!(rss("<item><link href='/x'/></item>").url.as_deref(), Some("https://n.example/x"));
}

#[test]
fn bases_nest() {
    let story = atom(
        "<entry xml:base='https://b.example/x/'><link href='1'/><content type='html' xml:base='y/'>&lt;img src='p.png'></content></entry>",
    );
    assert_eq!(story.url.as_deref(), Some("https://b.example/x/1"));
    assert_eq!(story.content_html.as_deref(), Some("<img src=\"https://b.example/x/y/p.png\">"));
}

#[test]
fn references_of_every_kind() {
    check_title("AT&T &amp; R&D &eacute; &#8217; &#x2019; &nosuch; &", "AT&T & R&D é ’ ’ &nosuch; &");
    check_title("&lt;b&gt;x&lt;/b&gt; &amp;amp; Vec&lt;T&gt;", "x & Vec<T>");
    check_title("<![CDATA[a & <b>b</b>]]> c <![CDATA[d]]>", "a & b c d");
    check_title("&#150;&#x80;", "–€");
}

#[test]
fn doctype_entities_are_text_and_never_more() {
    let body = |doctype: &str, title: &str| {
        format!("<!DOCTYPE rss [{doctype}]><rss><channel><item><title>{title}</title></item></channel></rss>")
    };
    assert_eq!(story(&body("<!ENTITY me \"Ann &#233;\">", "&me;!")).title, "Ann é!");
    assert_eq!(story(&body("<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">", "&b;")).title, "&a;&a;");
    assert_eq!(story(&body("<!ENTITY f SYSTEM \"file:///etc/passwd\">", "[&f;]")).title, "[&f;]");
    let bomb = body(&format!("<!ENTITY a \"{}\">", "x".repeat(4000)), &"&a;".repeat(100_000));
    assert!(story(&bomb).title.len() <= 1024);
}

#[test]
fn prefixes_are_known_by_address_and_by_habit() {
    let item = |prefix: &str| format!("<item><{prefix}:creator>Ann</{prefix}:creator></item>");
    assert_eq!(rss(&item("dc")).authors, ["Ann"]);
    assert_eq!(rss(&item("xyz")).authors, [""; 0]);
    let body = "<rss xmlns:xyz='http://purl.org/dc/elements/1.1/'><channel><item><xyz:creator>Ann</xyz:creator><media:title>No</media:title><title>A</title></item></channel></rss>";
    let story = story(body);
    assert_eq!((story.title.as_str(), story.authors.as_slice()), ("A", &["Ann".to_owned()][..]));
}

#[test]
fn rubbish_around_the_root_is_skipped() {
    check(
        "<br />\n<b>Warning</b>: x in <b>y.php</b> on line 3<br />\n<?xml version='1.0'?><rss><channel><title>F</title></channel></rss>",
        "rss2.0",
        "F",
        &[],
    );
    check(
        "Notice: x\n<rss><channel><title>F</title></channel></rss><script>x</script><item><title>No</title></item>",
        "rss2.0",
        "F",
        &[],
    );
    check("\n\n<?xml version='1.0'?><!-- <rss> --><rss><channel><title>F</title></channel></rss>", "rss2.0", "F", &[]);
}

#[test]
fn missing_end_tags_cost_nothing() {
    check(
        "<rss><channel><title>F</title><item><title>A</title><description>a<item><title>B</title></channel></rss>",
        "rss2.0",
        "F",
        &["A", "B"],
    );
    check(
        "<rss><channel><title>F<link>https://n.example/</link><item><title>A<link>/1</link></item></channel></rss>",
        "rss2.0",
        "F",
        &["A"],
    );
    check(
        "<rss><channel><title>F</title></b></i><item><title>A</title></item></item></channel></rss>",
        "rss2.0",
        "F",
        &["A"],
    );
    check(
        "<rss><channel><title>F</title><item><title>A</TITLE ></item><item><title>B</title></channel",
        "rss2.0",
        "F",
        &["A", "B"],
    );
}

#[test]
fn a_document_that_breaks_off_keeps_its_complete_items() {
    let body =
        "<rss><channel><title>F</title><item><title>A</title></item><item><title>B</title><description>half a sen";
    check(body, "rss2.0", "F", &["A"]);
    assert!(reading(body).warnings[0].contains("cut off"));
}

#[test]
fn tags_that_are_never_closed_do_not_swallow_the_next_item() {
    let deep = "<p>".repeat(1000);
    let body = format!(
        "<rss><channel><title>F</title><item><title>A</title><description>{deep}x</description></item><item><title>B</title></item></channel></rss>"
    );
    check(&body, "rss2.0", "F", &["A", "B"]);
    let declared = "<br xmlns:a='b'>".repeat(1000);
    let body = format!(
        "<rss><channel><title>F</title><item><title>A</title><description>{declared}</description></item><item><d:creator xmlns:d='http://purl.org/dc/elements/1.1/'>Ann</d:creator></item></channel></rss>"
    );
    assert_eq!(stories(&body)[1].authors, ["Ann"]);
}

#[test]
fn unescaped_html_in_a_description_is_html() {
    let story = rss("<item><description>One<br>two <b>bold</b><p>three</description><title>A</title></item>");
    assert_eq!((story.title.as_str(), story.text.as_str()), ("A", "One\ntwo bold\n\nthree"));
}

#[test]
fn the_first_title_wins_and_the_images_is_none() {
    check(
        "<rss><channel><image><title>I</title></image><title>F</title><title>G</title><item><title>A</title><title>B</title></item></channel></rss>",
        "rss2.0",
        "F",
        &["A"],
    );
}

#[test]
fn one_bad_value_is_a_warning() {
    let reading = reading(
        "<rss><channel><item><title>A</title><pubDate>soon</pubDate><enclosure url='http://' length='x'/></item></channel></rss>",
    );
    assert_eq!(reading.drafts.len(), 1);
    assert_eq!(reading.warnings, ["date not understood: `soon`"]);
}

#[test]
fn a_bad_date_gives_way_to_a_good_one() {
    let story = rss("<item><pubDate>soon</pubDate><dc:date>2026-03-08</dc:date></item>");
    assert!(story.published.is_some());
}

#[test]
fn the_feed_says_how_often_to_come() {
    let ttl =
        |inside: &str| reading(&format!("<rss><channel>{inside}</channel></rss>")).wishes.ttl.map(|ttl| ttl.as_secs());
    assert_eq!(ttl("<ttl>60</ttl>"), Some(3600));
    assert_eq!(ttl("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"), Some(43_200));
    assert_eq!(ttl("<ttl>-5</ttl>"), None);
    assert_eq!(ttl("<ttl>99999999999</ttl>"), None);
}

#[test]
fn the_feed_says_when_not_to_come() {
    let skips = |inside: &str| {
        let wishes = reading(&format!("<rss><channel>{inside}<item><title>A</title></item></channel></rss>")).wishes;
        (wishes.skip_hours, wishes.skip_days)
    };
    assert_eq!(skips("<skipHours><hour>0</hour><hour> 3 </hour></skipHours>"), (0b1001, 0));
    assert_eq!(skips("<skipDays><day>Saturday</day><day>sunday</day></skipDays>"), (0, 0b110_0000));
    // RSS 0.91 counts from 1 to 24.
    assert_eq!(skips("<skiphours><hour>24</hour></skiphours>"), (1, 0));
    assert_eq!(skips("<skipHours><hour>25</hour><hour>-1</hour><hour>x</hour></skipHours>"), (0, 0));
    assert_eq!(skips("<skipDays><day>Someday</day></skipDays>"), (0, 0));
    // Only where they belong.
    assert_eq!(skips("<hour>3</hour><item><skipHours><hour>3</hour></skipHours></item>"), (0, 0));
}

#[test]
fn the_home_page_is_a_link() {
    let home = |body: &str| reading(body).home.map(String::from);
    assert_eq!(
        home("<rss><channel><atom:link rel='self' href='/f'/><link>/</link></channel></rss>").as_deref(),
        Some("https://n.example/")
    );
    assert_eq!(
        home("<feed xmlns='http://www.w3.org/2005/Atom'><link href='/h'/></feed>").as_deref(),
        Some("https://n.example/h")
    );
}

#[test]
fn what_is_no_feed_says_what_it_is() {
    check_error("", "empty body");
    check_error(" \n ", "empty body");
    check_error("<!doctype html><html><body><p>x", "HTML page, not a feed");
    let error = check_error(
        "<html><head><link rel='alternate' type='application/rss+xml' href='/f.xml'></head></html>",
        "HTML page, not a feed (announces feed https://n.example/f.xml)",
    );
    assert_eq!(error.feeds(), ["https://n.example/f.xml"]);
    check_error("{\"error\":\"x\"}", "JSON but not JSON Feed");
    check_error("{\"version\":\"https://jsonfeed.org/version/9\",\"items\":[]}", "JSON but not JSON Feed");
    check_error("[{\"id\":1}]", "JSON but not JSON Feed");
    check_error("<opml version='2.0'><body/></opml>", "XML with unknown root <opml>");
    check_error("<channel><title>F</title></channel>", "XML with unknown root <channel>");
    check_error("<x><channel><title>F</title></channel></x>", "XML with unknown root <x>");
    check_error("A sentence.", "plain text, not a feed");
    check_error("\u{1}\u{2}PK\u{3}\u{4}\u{0}\u{0}", "nothing readable: the body is binary");
}

#[test]
fn a_page_about_feeds_is_no_feed() {
    check_error(
        "<html><body><pre><rss><channel><item><title>A</title></item></channel></rss></pre></body></html>",
        "HTML page, not a feed",
    );
    check_error(
        "<html><svg><metadata><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata></svg></html>",
        "HTML page, not a feed",
    );
}

#[test]
fn of_very_long_feeds_the_newest_are_kept() {
    let item = |nth: usize| format!("<item><guid>{nth}</guid><pubDate>{}</pubDate></item>", 1_700_000_000 + nth);
    let body: String = (0..2100).map(item).collect();
    let reading = reading(&format!("<rss><channel>{body}</channel></rss>"));
    assert_eq!(reading.drafts.len(), 2000);
    assert_eq!(reading.drafts[0].key, "100");
}
