//! Lists of feeds to subscribe to: OPML 2.0.

use super::body::escape;
use super::clean;

/// A feed that may be subscribed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribable {
    /// For readers.
    pub title: String,
    /// Where the feed is.
    pub feed: String,
    /// The page that says the same.
    pub page: Option<String>,
    /// The folders that it belongs to. It stands in the first, and names all: readers know one folder a feed.
    pub folders: Vec<String>,
}

/// The file: feeds without a folder first, then the folders in order of their first feed.
pub fn opml(title: &str, feeds: &[Subscribable]) -> String {
    let mut folders: Vec<&str> = Vec::new();
    for folder in feeds.iter().filter_map(|feed| feed.folders.first()) {
        if !folders.contains(&folder.as_str()) {
            folders.push(folder);
        }
    }
    let mut body: String =
        feeds.iter().filter(|feed| feed.folders.is_empty()).map(|feed| format!("    {}\n", outline(feed))).collect();
    for folder in folders {
        let name = attribute(folder);
        body += &format!("    <outline text=\"{name}\" title=\"{name}\">\n");
        for feed in feeds.iter().filter(|feed| feed.folders.first().is_some_and(|first| first == folder)) {
            body += &format!("      {}\n", outline(feed));
        }
        body += "    </outline>\n";
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>{}</title>\n  </head>\n  \
         <body>\n{body}  </body>\n</opml>\n",
        attribute(title)
    )
}

/// `type="rss"` stands for a feed of any format (OPML 2.0, Subscription lists); a category is a path from a slash on.
fn outline(feed: &Subscribable) -> String {
    let title = attribute(&feed.title);
    let mut outline =
        format!("<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{}\"", attribute(&feed.feed));
    if let Some(page) = &feed.page {
        outline += &format!(" htmlUrl=\"{}\"", attribute(page));
    }
    if feed.folders.len() > 1 {
        // A comma would begin another category.
        let paths: Vec<String> =
            feed.folders.iter().map(|folder| format!("/{}", folder.replace([',', '/'], " "))).collect();
        outline += &format!(" category=\"{}\"", attribute(&paths.join(",")));
    }
    outline + "/>"
}

fn attribute(text: &str) -> String {
    escape(&clean::line(text))
}

#[cfg(test)]
mod tests {
    use super::super::check::well_formed;
    use super::*;

    fn feed(title: &str, folders: &[&str]) -> Subscribable {
        Subscribable {
            title: title.to_owned(),
            feed: "https://n.example/?a=1&b=2".to_owned(),
            page: Some("https://n.example/\"x\".html".to_owned()),
            folders: folders.iter().map(|folder| (*folder).to_owned()).collect(),
        }
    }

    #[test]
    fn folders_hold_their_feeds() {
        let text = opml(
            "Mine",
            &[feed("A", &["World"]), feed("B", &[]), feed("C", &["Local", "World"]), feed("D", &["World"])],
        );
        let lines: Vec<&str> = text.lines().map(|line| line.split(" xmlUrl").next().unwrap_or(line)).collect();
        assert_eq!(
            lines[5..],
            [
                "  <body>",
                "    <outline type=\"rss\" text=\"B\" title=\"B\"",
                "    <outline text=\"World\" title=\"World\">",
                "      <outline type=\"rss\" text=\"A\" title=\"A\"",
                "      <outline type=\"rss\" text=\"D\" title=\"D\"",
                "    </outline>",
                "    <outline text=\"Local\" title=\"Local\">",
                "      <outline type=\"rss\" text=\"C\" title=\"C\"",
                "    </outline>",
                "  </body>",
                "</opml>",
            ]
        );
        assert!(text.contains(" category=\"/Local,/World\"/>") && text.matches("category").count() == 1, "{text}");
    }

    #[test]
    fn whatever_a_title_holds_the_file_is_well_formed() {
        for nasty in ["a & b <c> \"d\"", "\u{0}\u{fffe}", "]]>", ""] {
            let text = opml(nasty, &[feed(nasty, &[nasty]), feed(nasty, &[])]);
            assert_eq!(well_formed(text.as_bytes()), Ok(()), "{text}");
        }
        assert_eq!(well_formed(opml("Mine", &[]).as_bytes()), Ok(()));
    }
}
