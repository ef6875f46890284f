//! News sitemaps are feeds, other sitemaps are none.

use super::{check, check_error, reading, stories};

const SPACES: &str = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' \
    xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' \
    xmlns:image='http://www.google.com/schemas/sitemap-image/1.1' \
    xmlns:video='http://www.google.com/schemas/sitemap-video/1.1'";

fn urls(inside: &str) -> String {
    format!("<?xml version='1.0'?><urlset {SPACES}>{inside}</urlset>")
}

fn news(nth: usize, publication: &str) -> String {
    format!(
        "<url><loc>https://n.example/{nth}</loc><news:news><news:publication><news:name>{publication}</news:name>
        <news:language>en</news:language></news:publication><news:publication_date>2026-03-08T07:05:09Z
        </news:publication_date><news:title>Title {nth} &amp; more</news:title></news:news></url>"
    )
}

#[test]
fn every_field_of_a_news_sitemap() {
    let body = urls(
        "<url><loc>https://n.example/1</loc><lastmod>2026-03-09T07:05:09+01:00</lastmod><changefreq>daily</changefreq>
        <news:news><news:publication><news:name>The Lamp</news:name><news:language>fr</news:language></news:publication>
        <news:genres>Blog</news:genres><news:publication_date>2026-03-08T07:05:09Z</news:publication_date>
        <news:title><![CDATA[A & B]]></news:title><news:keywords>x, y z,, x</news:keywords></news:news>
        <image:image><image:loc>https://n.example/i.jpg</image:loc><image:title>No</image:title></image:image></url>",
    );
    let reading = reading(&body);
    assert_eq!((reading.format, reading.title.as_deref()), ("sitemap", Some("The Lamp")));
    assert!(reading.warnings.is_empty(), "{:?}", reading.warnings);
    let story = stories(&body).remove(0);
    assert_eq!(story.key, "https://n.example/1");
    assert_eq!(story.url.as_deref(), Some("https://n.example/1"));
    assert_eq!(story.title, "A & B");
    assert_eq!(story.categories, ["x", "y z"]);
    assert_eq!(story.language.as_deref(), Some("fr"));
    assert_eq!(story.image.as_deref(), Some("https://n.example/i.jpg"));
    assert_eq!(story.outlet, None);
    assert_eq!(story.published.map(|date| date.to_rfc3339()).as_deref(), Some("2026-03-08T07:05:09+00:00"));
    assert_eq!(story.updated.map(|date| date.to_rfc3339()).as_deref(), Some("2026-03-09T06:05:09+00:00"));
}

#[test]
fn a_newspapers_sitemap_is_its_feed() {
    let body = include_str!("../../../../tests/feeds/news-sitemap.xml");
    check(
        body,
        "sitemap",
        "The Lamp",
        &["The old crane returns to the harbour’s west quay", "Council & ferry company agree on fares"],
    );
    let story = stories(body).remove(0);
    assert_eq!(story.url.as_deref(), Some("https://lamp.example/harbour/crane-returns?edition=1&view=full"));
    assert_eq!(story.categories, ["harbour", "cranes", "monuments"]);
}

#[test]
fn stories_of_several_publications_name_theirs() {
    let body = urls(&(news(1, "The Lamp") + &news(2, "The Oar")));
    assert_eq!(reading(&body).title, None);
    let outlets: Vec<_> = stories(&body).into_iter().map(|story| story.outlet).collect();
    assert_eq!(outlets, [Some("The Lamp".to_owned()), Some("The Oar".to_owned())]);
}

#[test]
fn broken_ones_are_read_too() {
    let count = |body: &str| reading(body).drafts.len();
    // Nothing declared, another prefix, no end tags, cut off.
    let body = format!("<urlset>{}{}</urlset>", news(1, "F"), news(2, "F"));
    assert_eq!(count(&body), 2);
    let prefixed = urls(&news(1, "F")).replace("news:", "n:").replace("xmlns:n:", "xmlns:n");
    let prefixed = prefixed.replace("xmlns:news", "xmlns:n");
    assert_eq!(stories(&prefixed)[0].title, "Title 1 & more");
    let open = urls(&(news(1, "F") + &news(2, "F"))).replace("</url>", "").replace("</loc>", "");
    assert_eq!(stories(&open).iter().filter_map(|story| story.url.as_deref()).count(), 2);
    let whole = urls(&(news(1, "F") + &news(2, "F")));
    assert_eq!(count(&whole[..whole.len() - 40]), 1);
    let own = "<s:urlset xmlns:s='http://www.sitemaps.org/schemas/sitemap/0.9'>";
    let own = format!("{own}{}</s:urlset>", news(1, "F").replace("<url", "<s:url").replace("</url", "</s:url"));
    assert_eq!(count(&own.replace("loc>", "s:loc>")), 1);
}

#[test]
fn a_section_front_among_news_is_no_story() {
    let front = "<url><loc>https://n.example/</loc><lastmod>2026-03-08</lastmod></url>";
    assert_eq!(reading(&urls(&(front.to_owned() + &news(1, "F")))).drafts.len(), 1);
}

#[test]
fn fresh_pages_with_pictures_and_videos_are_stories() {
    let body = urls(
        "<url><loc>https://n.example/1</loc><lastmod>2026-03-08</lastmod><image:image><image:loc>/i.jpg</image:loc></image:image></url>
        <url><loc>https://n.example/2</loc></url>",
    );
    let story = stories(&body).remove(0);
    assert_eq!((story.title.as_str(), story.image.as_deref()), ("", Some("https://n.example/i.jpg")));
    assert_eq!(reading(&body).drafts.len(), 1);
    let body = urls(
        "<url><loc>https://n.example/1</loc><video:video><video:title>V</video:title><video:description>D</video:description>
        <video:thumbnail_loc>/t.jpg</video:thumbnail_loc><video:tag>x</video:tag></video:video></url>",
    );
    let story = stories(&body).remove(0);
    assert_eq!((story.title.as_str(), story.text.as_str(), story.categories.len()), ("V", "D", 1));
}

#[test]
fn a_list_of_all_pages_is_no_feed() {
    let page = |nth: usize| format!("<url><loc>https://n.example/{nth}</loc><lastmod>2026-03-08</lastmod></url>");
    check_error(&urls(&(page(1) + &page(2))), "XML with unknown root <urlset>");
    check_error(&urls(""), "XML with unknown root <urlset>");
}

#[test]
fn an_index_names_its_sitemaps_those_of_news_first() {
    let index = |inside: &str| format!("<?xml version='1.0'?><sitemapindex {SPACES}>{inside}</sitemapindex>");
    let entry = |name: &str| format!("<sitemap><loc> https://n.example/{name}.xml?a=1&amp;b=2 </loc></sitemap>");
    let error = check_error(
        &index(&(entry("pages") + &entry("News-2026"))),
        "index of sitemaps, not a feed (lists https://n.example/News-2026.xml?a=1&b=2, https://n.example/pages.xml?a=1&b=2)",
    );
    assert!(error.help().is_some_and(|help| help.contains("News-2026")));
    check_error(&index(""), "index of sitemaps, not a feed");
    check_error(
        &index(&"1234567".chars().map(|c| entry(&c.to_string())).collect::<String>().replace("?a=1&amp;b=2", "")),
        "index of sitemaps, not a feed (lists https://n.example/1.xml, https://n.example/2.xml, https://n.example/3.xml, https://n.example/4.xml, https://n.example/5.xml and 2 more)",
    );
}

#[test]
fn sitemap_names_mean_nothing_in_feeds() {
    let story =
        super::rss("<item><title>A</title><url>https://n.example/1</url><loc>x</loc><news:title>B</news:title></item>");
    assert_eq!((story.title.as_str(), story.url), ("A", None));
}
