//! What a person sees of a page, pins, and keeps as a test of their own.

use std::path::Path;

use oncefeed::model::Page;
use serde_json::Value;

use crate::support::{Folder, NOW};

/// A section page; `class` is what its site calls a story.
fn section(class: &str, stories: &[&str]) -> String {
    let items: String = (stories.iter().enumerate())
        .map(|(nth, title)| {
            format!(
                "<div class=\"{class}\"><h2><a href=\"/2026/11/{}\">{title}</a></h2><time datetime=\"2026-11-2{nth}\">then</time>\
                 <p>What is known so far, told by those who saw how it began on the quay.</p></div>",
                title.to_lowercase().replace(' ', "-")
            )
        })
        .collect();
    format!(
        "<!DOCTYPE html><html lang=en><title>Harbour</title><ul class=menu><li><a href=/sport>Sport</a><li><a href=/sea>Sea</a></ul>\
         <main>{items}</main><footer><a href=/imprint>Imprint</a></footer></html>"
    )
}

const TITLES: [&str; 4] = [
    "Ferry sold to the town next door",
    "Crane stands still for a nesting heron",
    "Tunnel stays closed until spring",
    "Choir wins with a song of the sea",
];

fn json(text: &str) -> Value {
    serde_json::from_str(text.lines().next().unwrap_or_default()).unwrap_or_else(|cause| panic!("{cause}: {text}"))
}

#[test]
fn the_printed_selectors_are_ready_to_paste() {
    let folder = Folder::new();
    folder.write("page.html", &section("story", &TITLES));
    let page = ["--base-url", "https://harbour.example/", "page.html"];
    let ran = folder.run(&[&["inspect", "--explain"][..], &page].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        "page.html: listing",
        "groups of links, best first",
        "score ",
        "heading 1.00",
        "it finds 4 of 4, and 0 besides",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let (_, block) = ran.out.split_once("[source.list]").expect("a block");
    let source =
        format!("[[source]]\nid = \"harbour\"\nurl = \"file:page.html\"\nfull_text = false\n[source.list]{block}");
    folder.write("oncefeed.toml", &source);
    let report = folder.refresh(NOW);
    assert_eq!(report["sources"][0]["new"], 4, "{report}");

    let ran = folder.run(&[&["inspect", "--explain", "--json"][..], &page].concat());
    let seen = json(&ran.out);
    assert_eq!((&seen["candidates"][0]["n"], &seen["pin"]["reproduced"]), (&4.into(), &4.into()), "{seen}");
    assert!(seen["candidates"].as_array().unwrap().len() <= 5);
    // Without being asked it says no more than was promised.
    let seen = json(&folder.run(&[&["inspect"][..], &page].concat()).out);
    assert!(seen.get("candidates").is_none() && seen.get("pin").is_none(), "{seen}");
}

#[test]
fn a_refused_page_names_what_came_nearest() {
    let folder = Folder::new();
    let links: String = ["Tides", "Boats", "Winds", "Ropes"]
        .iter()
        .map(|name| format!("<li class=t><a href=/{name}>{name}</a>"))
        .collect();
    folder.write(
        "page.html",
        &format!("<!DOCTYPE html><title>T</title><p>A page about the harbour.</p><ul>{links}</ul>"),
    );
    let ran = folder.run(&["inspect", "--base-url", "https://harbour.example/", "page.html"]);
    let seen = json(&ran.out);
    let help = seen["help"].as_str().unwrap();
    assert!(ran.code == 3 && help.contains("`items = ") && help.contains("Tides"), "{seen}");
    let ran = folder.run(&["inspect", "--explain", "--base-url", "https://harbour.example/", "page.html"]);
    assert!(ran.code == 3 && ran.out.contains("come nearest to a list"), "{}", ran.out);
}

/// What `inspect` sees in a file: kind, format and titles with addresses.
#[track_caller]
fn check_seen(name: &str, text: &str, kind: &str, format: &str, expected: &[&str]) {
    let folder = Folder::new();
    folder.write(name, text);
    let seen = json(&folder.run(&["inspect", name]).out);
    assert_eq!((seen["kind"].as_str(), seen["format"].as_str()), (Some(kind), Some(format)), "{seen}");
    let stories = seen["stories"].as_array().unwrap();
    let rows: Vec<String> = (stories.iter())
        .map(|story| format!("{} {}", story["title"].as_str().unwrap(), story["url"].as_str().unwrap_or("-")))
        .collect();
    assert_eq!(rows, expected);
}

#[test]
fn lists_that_people_keep_are_listings() {
    let rows = [
        "The ferry is sold https://a.example/1",
        "The race is off https://b.example/2",
        "The storm is near https://c.example/3",
    ];
    let outlines = "<opml version=\"2.0\"><body><outline text=\"The ferry is sold\" type=\"link\" url=\"https://a.example/1\"/>\
        <outline text=\"The race is off\" type=\"link\" url=\"https://b.example/2\"/>\
        <outline text=\"The storm is near\" htmlUrl=\"https://c.example/3\" xmlUrl=\"https://c.example/feed\"/></body></opml>";
    check_seen("list.opml", outlines, "listing", "opml", &rows);
    let text = "- [The ferry is sold](https://a.example/1)\nhttps://b.example/2 The race is off\nThe storm is near: https://c.example/3\n";
    check_seen("list.md", text, "listing", "text", &rows);
    let bookmarks = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n<DL><p>\n\
        <DT><A HREF=\"https://a.example/1\" ADD_DATE=\"1763964000\">The ferry is sold to the town next door</A>\n\
        <DT><A HREF=\"https://b.example/2\">The race is off and nobody knows why</A>\n\
        <DT><A HREF=\"https://c.example/3\">The storm is near says the harbour master</A>\n\
        <DT><A HREF=\"https://d.example/4\">The lighthouse gets a new lamp after all</A>\n\
        <DT><A HREF=\"https://e.example/5\">The market moves to the other side of the quay</A>\n</DL><p>\n";
    check_seen(
        "bookmarks.html",
        bookmarks,
        "listing",
        "html",
        &[
            "The ferry is sold to the town next door https://a.example/1",
            "The race is off and nobody knows why https://b.example/2",
            "The storm is near says the harbour master https://c.example/3",
            "The lighthouse gets a new lamp after all https://d.example/4",
            "The market moves to the other side of the quay https://e.example/5",
        ],
    );
}

/// A folder whose configuration has a page that was saved as it was read.
fn saved() -> Folder {
    let folder = Folder::new();
    folder.write("page.html", &section("story", &TITLES));
    folder.write(
        "oncefeed.toml",
        "[check]\npages = \"pages\"\n[[source]]\nid = \"harbour\"\nurl = \"https://harbour.example/news\"\nas = \"listing\"\n\
         [source.list]\nitems = \"div.story\"\n",
    );
    let ran = folder.run(&[
        "inspect",
        "--save",
        "pages",
        "--base-url",
        "https://harbour.example/news",
        "--at",
        NOW,
        "page.html",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    folder
}

#[test]
fn saved_pages_are_read_again_and_differences_told() {
    let folder = saved();
    assert_eq!(folder.read("pages/harbour-example-news.html"), folder.read("page.html"));
    let ran = folder.run(&["check"]);
    assert!(
        ran.code == 0 && ran.out.contains("1 saved page, 1 read as before, 0 read otherwise"),
        "{}{}",
        ran.out,
        ran.err
    );

    // The site was rebuilt: one story is gone, one has another title and another is new.
    let mut titles = TITLES;
    titles[3] = "Market moves to the other quay";
    let changed = section("story", &titles).replace(">Crane stands still", ">Crane moves");
    folder.write("pages/harbour-example-news.html", &changed);
    let ran = folder.run(&["check"]);
    assert_eq!(ran.code, 65, "{}", ran.out);
    for part in
        ["lost: \u{201C}Choir", "new: \u{201C}Market", "is now \u{201C}Crane moves", "1 read otherwise than before"]
    {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    let report = json(&folder.run(&["check", "--json"]).out);
    assert_eq!((&report["pages"], report["changed"].as_array().map(Vec::len)), (&1.into(), Some(1)), "{report}");

    assert_eq!(folder.run(&["check", "--update"]).code, 0);
    assert_eq!(folder.run(&["check"]).code, 0);
}

#[test]
fn saved_pages_are_read_as_their_source_is() {
    let folder = saved();
    let config = folder.read("oncefeed.toml");
    folder.write("oncefeed.toml", &config.replace("div.story", "article"));
    let ran = folder.run(&["check"]);
    assert!(ran.code == 65 && ran.out.contains("cannot be read any more: container_missing"), "{}", ran.out);
    // Without a configuration they are read as they were.
    std::fs::remove_file(folder.path("oncefeed.toml")).unwrap();
    let ran = folder.run(&["check", "--pages", "pages"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
}

#[test]
fn what_cannot_be_checked_is_said() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["check"]).code, 78);
    assert_eq!(folder.run(&["check", "--pages", "none"]).code, 65);
    folder.write("oncefeed.toml", "");
    let ran = folder.run(&["check", "--update"]);
    assert!(ran.code == 2 && ran.err.contains("--pages DIR"), "{}", ran.err);
    folder.write("pages/a.expected.json", "{}");
    let ran = folder.run(&["check", "--pages", "pages"]);
    assert!(ran.code == 65 && ran.out.contains("a.expected.json") && ran.err.contains("remove"), "{}", ran.err);
}

#[test]
fn a_broken_file_hides_nothing_of_the_other_saved_pages() {
    let folder = saved();
    let own = folder.read("pages/harbour-example-news.expected.json");
    folder.write("pages/a.expected.json", "{broken");
    folder.write("pages/b.expected.json", &own.replace("harbour-example-news.html", "gone.html"));
    folder.write("pages/c.expected.json", &own.replace("\"schema_version\": 1", "\"schema_version\": 9"));
    folder.write("pages/harbour-example-news.html", &section("story", &TITLES[..3]));
    for arguments in [&["check"][..], &["check", "--update"]] {
        let ran = folder.run(arguments);
        assert_eq!(ran.code, 65, "{}{}", ran.out, ran.err);
        for part in [
            "a.expected.json:\n  cannot be read: it is not as it was saved",
            "its page `gone.html`",
            "version 9",
            "lost: ",
        ] {
            assert!(ran.out.contains(part), "{part}: {}", ran.out);
        }
        assert!(
            ran.out.contains("4 saved pages, 0 read as before, 1 ") && ran.out.contains("3 cannot be read"),
            "{}",
            ran.out
        );
    }
    let ran = folder.run(&["check", "--json"]);
    let report = json(&ran.out);
    assert_eq!((ran.code, report["changed"].as_array().map(Vec::len)), (65, Some(3)), "{report}");
    assert_eq!(report["changed"][0]["unreadable"], true, "{report}");
    assert_eq!(folder.read("pages/a.expected.json"), "{broken");
}

#[test]
fn two_files_of_one_name_are_saved_beside_each_other() {
    let folder = Folder::new();
    let based =
        |class: &str| section(class, &TITLES).replace("<title>", "<base href=\"https://harbour.example/\"><title>");
    folder.write("a/page.html", &based("story"));
    folder.write("b/page.html", &based("card"));
    for page in ["a/page.html", "b/page.html", "a/page.html"] {
        let ran = folder.run(&["inspect", "--save", "pages", page]);
        assert_eq!(ran.code, 0, "{page}: {}{}", ran.out, ran.err);
    }
    assert_eq!(folder.read("pages/page.html"), folder.read("a/page.html"));
    assert_eq!(folder.read("pages/page-2.html"), folder.read("b/page.html"));
    assert!(folder.run(&["check", "--pages", "pages"]).out.contains("2 saved pages, 2 read as before"));
}

#[test]
fn a_doubtful_list_says_how_it_is_pinned() {
    let rows: String =
        (0..8).map(|nth| format!("<li><a href=\"/ing/{nth}\">{nth} cups of a thing numbered {nth}</a></li>")).collect();
    let folder = Folder::new();
    folder.write(
        "page.html",
        &format!(
            "<!DOCTYPE html><title>Soup</title><main><ul>{rows}</ul><p>{}</p></main>",
            "Stir it well. ".repeat(60)
        ),
    );
    let ran = folder.run(&["inspect", "--base-url", "https://harbour.example/soup", "page.html"]);
    let seen = json(&ran.out);
    assert!(seen["warnings"].to_string().contains("`oncefeed inspect --explain URL`"), "{seen}");
}

/// A gzip file's bytes.
fn inflated(path: &Path) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let bytes = std::fs::read(path).unwrap();
    runtime.block_on(async {
        let mut body = Vec::new();
        let mut reader = async_compression::tokio::bufread::GzipDecoder::new(bytes.as_slice());
        tokio::io::AsyncReadExt::read_to_end(&mut reader, &mut body).await.unwrap();
        body
    })
}

/// Real pages: on most the selectors find nearly all that was found without them.
#[test]
#[expect(clippy::print_stderr, reason = "what is skipped says so")]
fn selectors_find_the_lists_of_real_pages_again() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/listings");
    let Ok(gold) = std::fs::read_to_string(folder.join("gold.jsonl")) else {
        eprintln!("skipped: the development pages are not here");
        return;
    };
    let (mut pages, mut good) = (0, 0);
    // Every fourth: what one page costs is a second in a debug build.
    for row in gold.lines().step_by(4) {
        let row = json(row);
        let page = Page {
            url: row["url"].as_str().and_then(|url| url.parse().ok()),
            content_type: None,
            body: inflated(&folder.join(row["path"].as_str().unwrap())),
            fetched_at: None,
        };
        pages += 1;
        let pin = oncefeed::extract::explain(&page).pin;
        good += usize::from(
            pin.is_some_and(|pin| pin.reproduced * 100 >= pin.stories * 95 && pin.extra * 5 <= pin.stories),
        );
    }
    assert!(pages >= 8 && good * 10 >= pages * 7, "{good} of {pages}");
}

#[test]
fn a_page_of_unknown_address_says_that_its_links_need_one() {
    let folder = Folder::new();
    folder.write("page.html", &section("story", &TITLES));
    let ran = folder.run(&["inspect", "page.html"]);
    let seen = json(&ran.out);
    assert_eq!((ran.code, &seen["ok"]), (3, &false.into()), "{seen}");
    assert!(seen["help"].to_string().contains("--base-url URL"), "{seen}");
}
