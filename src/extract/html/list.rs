//! The elements and attributes that may be published.

/// How an element behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Part of a sentence.
    Inline,
    /// Ends a paragraph.
    Block,
    /// Has no content and no end tag.
    Void,
}

/// An allowed element.
pub(super) struct Element {
    pub(super) name: &'static str,
    pub(super) flow: Flow,
}

const fn element(name: &'static str, flow: Flow) -> Element {
    Element { name, flow }
}

use Flow::{Block, Inline, Void};

/// Every allowed element, sorted by name.
pub(super) const ELEMENTS: &[Element] = &[
    element("a", Inline),
    element("abbr", Inline),
    element("article", Block),
    element("aside", Block),
    element("b", Inline),
    element("bdi", Inline),
    element("blockquote", Block),
    element("br", Void),
    element("caption", Block),
    element("cite", Inline),
    element("code", Inline),
    element("dd", Block),
    element("del", Inline),
    element("details", Block),
    element("dfn", Inline),
    element("div", Block),
    element("dl", Block),
    element("dt", Block),
    element("em", Inline),
    element("figcaption", Block),
    element("figure", Block),
    element("footer", Block),
    element("h1", Block),
    element("h2", Block),
    element("h3", Block),
    element("h4", Block),
    element("h5", Block),
    element("h6", Block),
    element("header", Block),
    element("hr", Void),
    element("i", Inline),
    element("img", Void),
    element("ins", Inline),
    element("kbd", Inline),
    element("li", Block),
    element("mark", Inline),
    element("ol", Block),
    element("p", Block),
    element("pre", Block),
    element("q", Inline),
    element("rp", Inline),
    element("rt", Inline),
    element("ruby", Inline),
    element("s", Inline),
    element("samp", Inline),
    element("section", Block),
    element("small", Inline),
    element("span", Inline),
    element("strike", Inline),
    element("strong", Inline),
    element("sub", Inline),
    element("summary", Block),
    element("sup", Inline),
    element("table", Block),
    element("tbody", Block),
    element("td", Block),
    element("tfoot", Block),
    element("th", Block),
    element("thead", Block),
    element("time", Inline),
    element("tr", Block),
    element("tt", Inline),
    element("u", Inline),
    element("ul", Block),
    element("var", Inline),
    element("wbr", Void),
];

/// Attributes allowed on every element.
pub(super) const ANYWHERE: [&str; 3] = ["title", "lang", "dir"];

/// Attributes allowed on some.
pub(super) const ATTRIBUTES: &[(&str, &[&str])] = &[
    ("a", &["href"]),
    ("blockquote", &["cite"]),
    ("del", &["datetime"]),
    ("img", &["src", "alt", "width", "height"]),
    ("ins", &["datetime"]),
    ("ol", &["start"]),
    ("q", &["cite"]),
    ("td", &["colspan", "rowspan"]),
    ("th", &["colspan", "rowspan"]),
    ("time", &["datetime"]),
];

/// Elements dropped with all they hold, and whether what they hold is no markup.
pub(super) const WITH_CONTENT: &[(&str, bool)] = &[
    ("script", true),
    ("style", true),
    ("iframe", true),
    ("noembed", true),
    ("noframes", true),
    ("textarea", true),
    ("title", true),
    ("xmp", true),
    ("applet", false),
    ("audio", false),
    ("canvas", false),
    ("math", false),
    ("noscript", false),
    ("object", false),
    ("select", false),
    ("svg", false),
    ("template", false),
    ("video", false),
];

/// Whether the element is dropped with all that it holds.
pub(super) fn drops_content(name: &str) -> bool {
    WITH_CONTENT.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::ELEMENTS;

    #[test]
    fn the_list_is_sorted() {
        assert!(ELEMENTS.is_sorted_by_key(|element| element.name));
    }
}
