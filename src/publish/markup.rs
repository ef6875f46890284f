//! Writes HTML that is well-formed XML as well, so that it can be checked like a feed.
//!
//! Names of elements and attributes are literals of the program, everything else is escaped here:
//! there is no way to put markup into a page by its text.

use chrono::{DateTime, Utc};

use super::body::escape;
use crate::model::Format;

/// The attributes of an element: names, and values as they are before escaping.
pub(super) type Attributes<'a> = &'a [(&'static str, &'a str)];

/// The file that gives every page its looks.
pub(super) const STYLE: &str = "style.css";

/// Nothing is loaded but our own stylesheet, nothing runs, nothing is sent.
const POLICY: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'";

/// A page that is being written.
pub(super) struct Markup {
    html: String,
    open: Vec<&'static str>,
}

impl Markup {
    /// A page up to its `<body>`, with links to the feeds that say the same: title, format, address.
    pub(super) fn new(title: &str, feeds: &[(String, Format, String)]) -> Markup {
        let mut page = Markup { html: "<!DOCTYPE html>\n".to_owned(), open: Vec::new() };
        // The page's own words are English, whatever the stories are in.
        page.open("html", &[("lang", "en")]).line().open("head", &[]).line();
        page.void("meta", &[("charset", "utf-8")]).line();
        page.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]).line();
        page.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]).line();
        page.void("meta", &[("name", "generator"), ("content", "oncefeed")]).line();
        page.void("meta", &[("name", "color-scheme"), ("content", "light dark")]).line();
        page.void("meta", &[("name", "referrer"), ("content", "no-referrer")]).line();
        page.leaf("title", &[], title).line();
        page.void("link", &[("rel", "stylesheet"), ("href", STYLE)]).line();
        for (title, format, href) in feeds {
            let attributes = [("rel", "alternate"), ("type", format.media_type()), ("title", title), ("href", href)];
            page.void("link", &attributes).line();
        }
        page.close().line().open("body", &[]).line();
        page
    }

    /// Begins an element.
    pub(super) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) -> &mut Markup {
        self.start(name, attributes);
        self.html.push('>');
        self.open.push(name);
        self
    }

    /// Ends the element that was begun last.
    pub(super) fn close(&mut self) -> &mut Markup {
        if let Some(name) = self.open.pop() {
            self.html.push_str("</");
            self.html.push_str(name);
            self.html.push('>');
        }
        self
    }

    /// An element that holds nothing but text.
    pub(super) fn leaf(&mut self, name: &'static str, attributes: Attributes<'_>, text: &str) -> &mut Markup {
        self.open(name, attributes).text(text).close()
    }

    /// An element that never holds anything.
    pub(super) fn void(&mut self, name: &'static str, attributes: Attributes<'_>) -> &mut Markup {
        self.start(name, attributes);
        self.html.push_str("/>");
        self
    }

    /// Text.
    pub(super) fn text(&mut self, text: &str) -> &mut Markup {
        self.html.push_str(&escape(text));
        self
    }

    /// A line break in the source, where it shows as a space or not at all.
    pub(super) fn line(&mut self) -> &mut Markup {
        self.html.push('\n');
        self
    }

    /// A text that is a link where there is an address.
    pub(super) fn link(&mut self, href: Option<&str>, language: Option<&str>, text: &str) -> &mut Markup {
        let lang = language.filter(|language| *language != "en").map(|language| ("lang", language));
        let attributes: Vec<_> = href.map(|href| ("href", href)).into_iter().chain(lang).collect();
        match (href, lang) {
            (Some(_), _) => self.leaf("a", &attributes, text),
            (None, Some(_)) => self.leaf("span", &attributes, text),
            (None, None) => self.text(text),
        }
    }

    /// An absolute time, in UTC: a relative one would be wrong tomorrow.
    pub(super) fn time(&mut self, at: DateTime<Utc>) -> &mut Markup {
        // HTML §2.3.5.7 needs no seconds, and a page has many times.
        let machine = at.format("%Y-%m-%dT%H:%MZ").to_string();
        self.leaf("time", &[("datetime", &machine)], &at.format("%-d %b %Y, %H:%M").to_string())
    }

    /// The links to an output's files in the given formats.
    pub(super) fn formats(&mut self, title: &str, files: &[(Format, String)]) -> &mut Markup {
        self.open("ul", &[("class", "formats")]);
        for (format, name) in files {
            let label = format!("{title} as {}", word(*format));
            let attributes = [("href", name.as_str()), ("type", format.media_type()), ("aria-label", label.as_str())];
            self.open("li", &[]).leaf("a", &attributes, word(*format)).close();
        }
        self.close().line()
    }

    /// The whole page, every element ended.
    pub(super) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.close().line();
        }
        self.html.into_bytes()
    }

    fn start(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.html.push('<');
        self.html.push_str(name);
        for (name, value) in attributes {
            self.html.push(' ');
            self.html.push_str(name);
            self.html.push_str("=\"");
            self.html.push_str(&escape(value));
            self.html.push('"');
        }
    }
}

/// What people call a format.
pub(super) fn word(format: Format) -> &'static str {
    match format {
        Format::Rss => "RSS",
        Format::Atom => "Atom",
        Format::Json => "JSON Feed",
        Format::Html => "Page",
    }
}

/// "1 item", "2 items".
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_values_are_escaped_and_elements_ended() {
        let mut page = Markup::new("<b> & \"c\"", &[]);
        page.open("p", &[("class", "\"><script>")]).link(Some("https://n.example/?a=1&b='2'"), Some("de"), "</a>");
        let html = String::from_utf8(page.finish()).unwrap();
        assert!(html.contains("<title>&lt;b&gt; &amp; &quot;c&quot;</title>"), "{html}");
        let end = "<p class=\"&quot;&gt;&lt;script&gt;\">\
                   <a href=\"https://n.example/?a=1&amp;b=&#39;2&#39;\" lang=\"de\">&lt;/a&gt;</a></p>\n</body>\n</html>\n";
        assert!(html.ends_with(end), "{html}");
    }

    #[test]
    fn times_are_absolute() {
        let mut page = Markup { html: String::new(), open: Vec::new() };
        page.time("2026-03-01T09:05:06Z".parse().unwrap());
        assert_eq!(page.html, "<time datetime=\"2026-03-01T09:05Z\">1 Mar 2026, 09:05</time>");
    }
}
