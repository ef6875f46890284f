//! Pages that are made to hurt: however they are built, reading one takes no more than a moment, and no stack.
//!
//! A tenth of the size shows what grows faster than it should. `ONCEFEED_TIMES=FILE` reads whole pages in every way, and
//! writes how long each took into that file.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use oncefeed::extract::{self, Hints};
use oncefeed::model::{Kind, Page, Story};

/// What reading a page may take of a processor in a build for tests, which is several times slower than any other.
/// What grows with the square of a page takes ten times as long as the rest already at a tenth of the size.
const LONGEST: Duration = Duration::from_secs(3);

/// Whether everything is of the full size.
static WHOLE: LazyLock<bool> = LazyLock::new(|| std::env::var_os("ONCEFEED_TIMES").is_some());

/// So many parts are many.
static MANY: LazyLock<usize> = LazyLock::new(|| if *WHOLE { 100_000 } else { 10_000 });

/// As much of a page as is read, in bytes.
static LARGE: LazyLock<usize> = LazyLock::new(|| if *WHOLE { 5_000_000 } else { 500_000 });

/// Text that fills a page of this size.
fn filled(part: &str, bytes: usize) -> String {
    part.repeat(bytes / part.len())
}

/// One part for each number.
fn numbered(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut all, number| {
        all.push_str(&part(number));
        all
    })
}

/// A page of this body, whose head declares an address and a title.
fn body(inside: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Harbour news of today</title></head><body><main>{inside}</main></body></html>"
    )
}

/// A page with this block of JSON-LD, and a paragraph.
fn told(json: &str) -> String {
    body(&format!(
        "<script type='application/ld+json'>{json}</script><h1>Harbour news</h1><p>The ferry leaves at noon.</p>"
    ))
}

fn nested() -> Vec<(&'static str, String)> {
    let mixed = numbered(*MANY / 4, |n| format!("<{0} class=c{n}><i>a<b>", ["div", "section", "span", "li"][n % 4]));
    vec![
        ("nested div", body(&filled("<div>", 5 * *MANY))),
        ("nested div, closed", body(&format!("{}a{}", "<div>".repeat(*MANY), "</div>".repeat(*MANY)))),
        ("nested b and i", body(&filled("<b><i>", 3 * *MANY))),
        ("interleaved b and i", body(&filled("<b><i></b></i>", 14 * *MANY))),
        ("formatting that is reopened", body(&filled("<p><b class=x><i><font><u>", 26 * *MANY / 5))),
        ("nested tables", body(&filled("<table><tr><td>a", 16 * *MANY))),
        ("tables without cells", body(&filled("<table>a", 8 * *MANY))),
        ("links in links", body(&filled("<a href=/2026/a-story-of-the-harbour>a", 38 * *MANY))),
        ("links around blocks", body(&filled("<a href=/a><div>a", 17 * *MANY))),
        ("links around paragraphs and lists", body(&filled("<a href=/a><ul><li><p>a", 23 * *MANY))),
        ("unclosed paragraphs", body(&filled("<p>The ferry leaves at noon.", 28 * *MANY))),
        ("unclosed items", body(&filled("<li>The ferry leaves.", 21 * *MANY))),
        ("nested lists", body(&filled("<ul><li>a", 9 * *MANY))),
        ("definitions", body(&filled("<dl><dt>a<dd>b", 14 * *MANY))),
        ("svg", body(&filled("<svg><g>", 8 * *MANY))),
        ("svg that html ends", body(&filled("<svg><p><math><mi><div>", 23 * *MANY))),
        ("math", body(&filled("<math><mtext><p>", 16 * *MANY))),
        ("templates", body(&filled("<template><div>", 15 * *MANY))),
        ("selects", body(&filled("<select><option>a<div>", 22 * *MANY))),
        ("forms and buttons", body(&filled("<form><button>a<fieldset>", 25 * *MANY))),
        ("captions and columns", body(&filled("<table><caption><colgroup><col><table>", 38 * *MANY / 4))),
        ("rows without tables", body(&filled("<tr><td><th><tbody>", 19 * *MANY))),
        ("end tags alone", body(&filled("</div></p></b></a></td>", 23 * *MANY))),
        ("end tags of what is far away", body(&format!("<b>{}{}", "<div><i>".repeat(300), "</b></u>".repeat(*MANY)))),
        ("mixed", body(&mixed)),
        ("noscript", body(&filled("<noscript><div>", 15 * *MANY))),
        ("articles in articles", body(&filled("<article><header><h2><a href=/2026/11/a>", 40 * *MANY))),
        ("ruby and option", body(&filled("<ruby><rt>a<rp>b<option>", 24 * *MANY))),
    ]
}

/// Elements that mean something, in one another, around all of a page.
fn around() -> Vec<(&'static str, String)> {
    let line = filled("The ferry leaves at noon. ", 5 * *LARGE / 6);
    let links = numbered(*MANY * 29 / 100, |n| {
        format!("<div><a href=/2026/11/24/story-{n}>The harbour's lamp number {n} is lit</a></div>")
    });
    let inside = |open: &str, deep: usize, text: &str| body(&format!("{}{text}", open.repeat(deep)));
    vec![
        ("headings around a line", inside("<h1><div>", 120, &line)),
        ("headings around links", inside("<h1><div>", 120, &links)),
        ("small headings around a line", inside("<h2><span>", 120, &line)),
        ("bodies around a line", inside("<div class='entry-content article-body'>", 250, &line)),
        ("marked bodies around links", inside("<div itemprop=articleBody>", 250, &links)),
        ("marked headlines around a line", inside("<div itemprop=headline>", 250, &line)),
        ("marked dates around a line", inside("<div itemprop=datePublished>", 250, &line)),
        ("times around a line", inside("<time>", 250, &line)),
        ("bylines around a line", inside("<div class='byline author'>", 250, &line)),
        ("parts around links", inside("<div role=feed><section>", 120, &links)),
        ("links and tables around a line", inside("<a href=/2026/11/24/story><table><tr><td>", 60, &line)),
    ]
}

fn long() -> Vec<(&'static str, String)> {
    let attribute = |name: &str| body(&format!("<p {name}=\"{}\">a</p>", filled("x y ", *LARGE)));
    let json_list = format!(
        "[{}]",
        filled("{\"@type\":\"NewsArticle\",\"headline\":\"The ferry\",\"url\":\"/a\"},", *LARGE / 2)
            .trim_end_matches(',')
    );
    vec![
        ("text on one line", body(&filled("The ferry leaves at noon. ", *LARGE))),
        ("text without a space", body(&filled("ferry", *LARGE))),
        ("text of spaces", body(&filled(" ", *LARGE))),
        ("lines", body(&filled("ferry\n", *LARGE))),
        ("Chinese", body(&filled("港口今天中午開船。", *LARGE))),
        ("tags", body(&filled("<br>", *LARGE))),
        ("words and tags", body(&filled("a<wbr>", *LARGE))),
        ("entities", body(&filled("&amp;", *LARGE))),
        ("entities without an end", body(&filled("&notit", *LARGE))),
        ("ampersands", body(&filled("&", *LARGE))),
        ("numeric entities", body(&filled("&#x41;&#0;", *LARGE))),
        ("less-than", body(&filled("<", *LARGE))),
        ("less-than and letters", body(&filled("<a", *LARGE))),
        ("comments without an end", body(&filled("<!--", *LARGE))),
        ("comments", body(&filled("<!-- a -->", *LARGE))),
        ("declarations", body(&filled("<!x", *LARGE))),
        ("quotes", body(&format!("<p title=\"{}", filled("'\"", *LARGE)))),
        ("one attribute", attribute("title")),
        ("one class", attribute("class")),
        ("one address", body(&format!("<a href=\"/{}\">The ferry leaves at noon today</a>", filled("a-", *LARGE)))),
        ("one script", body(&format!("<script>{}</script>", filled("a('<p>');", *LARGE)))),
        ("scripts without an end", body(&filled("<script>", *LARGE))),
        ("one style", body(&format!("<style>{}</style>", filled("a{b:c}", *LARGE)))),
        ("JSON-LD", told(&json_list)),
        ("JSON-LD beyond bounds", told(&filled("{\"@type\":\"Thing\"},", *LARGE))),
        ("JSON-LD, nested lists", told(&filled("[", *LARGE / 2))),
        ("JSON-LD, nested objects", told(&filled("{\"@graph\":[", *LARGE / 2))),
        (
            "JSON-LD, many blocks",
            body(&filled(
                "<script type='application/ld+json'>{\"@type\":\"NewsArticle\",\"headline\":\"a\"}</script>",
                *LARGE,
            )),
        ),
        (
            "JSON-LD, one text",
            told(&format!(
                "{{\"@type\":\"NewsArticle\",\"headline\":\"a\",\"articleBody\":\"{}\"}}",
                filled("The ferry. ", *LARGE / 2)
            )),
        ),
        ("one title", format!("<title>{}</title>", filled("The ferry - ", *LARGE))),
        ("zero bytes and controls", body(&filled("a\u{1}\u{c}\u{7f}", *LARGE))),
    ]
}

fn many() -> Vec<(&'static str, String)> {
    let attributes = numbered(*MANY, |n| format!(" a{n}=b"));
    let link =
        |n: usize| format!("<a href=/2026/11/24/story-number-{n}>The harbour's lamp number {n} is lit again</a>");
    let different = |n: usize| {
        format!(
            "<div class='c{n} d{}'><a class=k{n} href=/2026/11/24/story-{n}>Lamp {n} of the harbour is lit</a></div>",
            n / 7
        )
    };
    let card = |n: usize| {
        format!(
            "<article class=card><h2><a href=/2026/11/24/story-{n}>The harbour's lamp number {n} is lit again</a></h2><time datetime=2026-11-24T06:00:00Z>today</time><p>It had been dark since the storm of {n}.</p></article>"
        )
    };
    let row = |n: usize| {
        format!(
            "<tr><td>{n}</td><td><a href=/doc/{n}.pdf>{n}</a></td><td>Decision on the mooring of boat number {n}</td><td>2026-11-24</td></tr>"
        )
    };
    vec![
        ("attributes of one element", body(&format!("<p{attributes}>The ferry leaves at noon.</p>"))),
        ("one attribute again and again", body(&format!("<p{}>a</p>", " title=a".repeat(*MANY)))),
        (
            "attributes of many elements",
            body(&filled("<p id=a class='b c' title=d lang=en role=note>a</p>", 51 * *MANY / 2)),
        ),
        ("classes", body(&format!("<p class='{}'>a</p>", numbered(*MANY, |n| format!("c{n} "))))),
        ("links of one kind", body(&numbered(2 * *MANY, link))),
        (
            "links of one kind in a list",
            body(&format!("<ul>{}</ul>", numbered(2 * *MANY, |n| format!("<li>{}", link(n))))),
        ),
        ("links, each of another kind", body(&numbered(*MANY, different))),
        ("cards", body(&numbered(*MANY, card))),
        ("the same link", body(&"<a href=/2026/11/24/story>The harbour's lamp is lit again</a> ".repeat(2 * *MANY))),
        ("rows of a table", body(&format!("<table>{}</table>", numbered(*MANY / 2, row)))),
        ("cells of a row", body(&format!("<table><tr>{}</table>", numbered(*MANY, |n| format!("<td>{n}"))))),
        ("tables", body(&numbered(*MANY / 2, |n| format!("<table><tr><td>{n}</table>")))),
        ("headings", body(&numbered(*MANY, |n| format!("<h2>The harbour's lamp number {n} is lit</h2>")))),
        ("first headings", body(&numbered(*MANY, |n| format!("<h1>The harbour's lamp number {n} is lit</h1>")))),
        (
            "times",
            body(&numbered(*MANY, |n| format!("<time datetime='2026-11-{}T06:00Z'>{n} hours ago</time>", 10 + n % 20))),
        ),
        (
            "texts like times",
            body(&numbered(*MANY, |n| format!("<span>{} Nov 2026, {n} hours ago</span>", 1 + n % 30))),
        ),
        (
            "meta",
            format!(
                "<head>{}</head>",
                numbered(*MANY, |n| format!("<meta property=article:published_time content='{n} Nov'>"))
            ),
        ),
        ("titles", format!("<head>{}</head>", "<title>The ferry</title>".repeat(*MANY))),
        ("bases", format!("<head>{}</head>", numbered(*MANY, |n| format!("<base href=//n{n}.example/>")))),
        (
            "announced feeds",
            format!(
                "<head>{}</head>",
                numbered(*MANY, |n| format!("<link rel=alternate type=application/rss+xml href=/{n}.xml>"))
            ),
        ),
        (
            "pictures",
            body(&numbered(*MANY, |n| {
                format!(
                    "<figure><img src=/p{n}.jpg srcset='/a{n} 1x, /b{n} 2x'><figcaption>Lamp {n}</figcaption></figure>"
                )
            })),
        ),
        ("bylines", body(&numbered(*MANY, |n| format!("<span class='byline author'>By Anna Lund the {n}th</span>")))),
        (
            "paragraphs",
            body(&numbered(*MANY / 2, |n| {
                format!("<p>The harbour's lamp number {n} is lit again after the long storm of the week.</p>")
            })),
        ),
    ]
}

/// Processor time of this thread where the system tells it: other tests are at work beside this one.
fn used(begin: Instant) -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| begin.elapsed(), Duration::from_nanos)
}

/// What it takes to read a page in one way, to the last story.
fn time(page: &Page, kind: Option<Kind>) -> Duration {
    let begin = Instant::now();
    let before = used(begin);
    match kind {
        Some(kind) => {
            let reading = extract::read(page, &Hints::from(kind));
            let stories: Vec<Story> =
                reading.into_iter().flat_map(|reading| reading.drafts).map(extract::Draft::clean).collect();
            assert!(stories.iter().all(|story| !story.title.contains('\n')));
        }
        None => {
            let title = "The harbour's lamp is lit".to_owned();
            let item = Story { url: page.url.clone().map(String::from), title, ..Story::default() };
            let _ = extract::article(page, &item, None);
        }
    }
    used(begin).saturating_sub(before)
}

/// Adds a line to the file that was asked for, if one was.
fn note(line: &str) {
    let Some(file) = std::env::var_os("ONCEFEED_TIMES") else { return };
    let mut file = fs::OpenOptions::new().create(true).append(true).open(file).unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

/// Reads every page in every way, and says which take too long.
#[track_caller]
fn check(pages: Vec<(&'static str, String)>) {
    let ways = [None, Some(Kind::Listing), Some(Kind::Text), Some(Kind::Auto), Some(Kind::Article)];
    // The page of an item is read as what it is and then as an article.
    let ways = if *WHOLE { &ways[..] } else { &ways[..3] };
    let mut slow = String::new();
    for (name, html) in pages {
        let page = Page {
            url: "https://harbour.example/news".parse().ok(),
            content_type: Some("text/html; charset=utf-8".to_owned()),
            body: html.into_bytes(),
            fetched_at: "2026-11-24T06:00:00Z".parse().ok(),
        };
        for way in ways.iter().copied() {
            let took = time(&page, way);
            let line = format!("{:5} ms  {:7}  {name}\n", took.as_millis(), way.map_or("of item", Kind::as_str));
            note(&line);
            if took > LONGEST * if *WHOLE { 2 } else { 1 } {
                let _ = write!(slow, "{line}");
            }
        }
    }
    assert!(slow.is_empty(), "these take too long:\n{slow}");
}

#[test]
fn nesting_costs_no_more_than_its_length() {
    check(nested());
}

#[test]
fn what_is_around_a_page_reads_it_no_more_than_once() {
    check(around());
}

#[test]
fn length_costs_no_more_than_itself() {
    check(long());
}

#[test]
fn many_of_one_kind_cost_no_more_than_their_number() {
    check(many());
}
