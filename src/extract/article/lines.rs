//! The lines of a body as found: which of them are text, and the body without those that are not.

use dom_query::Document;

use crate::extract::dom::{Row, Tree};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// Text of the article.
    Text,
    /// What stands below a picture: no text, but the picture's.
    Caption,
    /// A link to another story.
    Link,
    /// Anything else that is not to be read.
    Gone,
}

/// A line of a body.
pub(super) struct Line {
    pub(super) text: String,
    pub(super) fate: Fate,
    /// The level of the heading that it is in; 0 in none.
    pub(super) heading: u8,
    /// It is an item of a list of which a good part is linked.
    pub(super) leads: bool,
    /// The node of its first word.
    at: usize,
}

impl Line {
    /// A line of a text without structure.
    pub(super) fn plain(text: String) -> Line {
        Line { text, fate: Fate::Text, heading: 0, leads: false, at: 0 }
    }

    pub(super) fn is_text(&self) -> bool {
        self.fate == Fate::Text
    }
}

/// What the elements are called that stand in a body and are none of its text; sorted.
const CAPTIONS: &[&str] = &[
    "bildunterschrift",
    "bio",
    "byline",
    "consent",
    "cookie",
    "copyright",
    "credit",
    "credits",
    "factbox",
    "gallery",
    "infobox",
    "legende",
    "newsletter",
    "onetrust",
    "paywall",
    "pictsrc",
    "pie",
    "promo",
    "related",
    "share",
    "sharing",
    "slidecount",
    "social",
];

/// The lines of a body.
pub(super) fn of(tree: &Tree<'_>) -> Vec<Line> {
    tree.rows(0..tree.len()).into_iter().map(|row| line(tree, row)).collect()
}

fn line(tree: &Tree<'_>, row: Row) -> Line {
    let around = || tree.ancestors(row.at).take(6);
    let is_caption = around().any(|at| {
        tree.node(at).name == "figcaption"
            || tree.words(at).any(|word| CAPTIONS.binary_search(&word).is_ok() || word.contains("caption"))
    });
    // A line of prose may end in a link; one that is mostly link leads to another story.
    let is_link = row.letters > 0
        && (row.linked * 10 >= row.letters * 9
            || row.linked * 10 >= row.letters * 6
                && row.letters < 120
                && !row.text.ends_with(['.', '!', '?', '。', '”', '"']));
    let heading = around().find_map(|at| match tree.node(at).name.as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    });
    let fate = match (is_caption, is_link) {
        (true, _) => Fate::Caption,
        (false, true) => Fate::Link,
        (false, false) => Fate::Text,
    };
    let leads = row.linked * 3 >= row.letters && around().take(4).any(|at| tree.node(at).name == "li");
    Line { text: row.text, fate, heading: heading.unwrap_or(0), leads, at: row.at }
}

/// The body's HTML without what is neither text nor caption.
pub(super) fn pruned(document: &Document, tree: &Tree<'_>, lines: &[Line]) -> String {
    let kept = kept(tree, lines);
    let holds = |at: usize| {
        let range = tree.range(at);
        kept.get(range.end).copied().unwrap_or(0) > kept.get(range.start).copied().unwrap_or(0)
    };
    let mut end = 0;
    for (nth, line) in lines.iter().enumerate() {
        if matches!(line.fate, Fate::Text | Fate::Caption) {
            continue;
        }
        let until = lines.get(nth + 1).map_or(tree.len(), |next| next.at);
        for at in line.at..until {
            if at < end || !tree.node(at).name.is_empty() || tree.node(at).text.trim().is_empty() {
                continue;
            }
            let Some(highest) = tree.ancestors(at).take_while(|at| *at > 0 && !holds(*at)).last() else { continue };
            if let Some(node) = tree.reference(highest).filter(|_| tree.node(highest).name != "body") {
                node.remove_from_parent();
            }
            end = tree.node(highest).end;
        }
    }
    document.body().map(|body| body.inner_html().to_string()).unwrap_or_default()
}

/// For each node, how many before it are words or pictures that stay.
fn kept(tree: &Tree<'_>, lines: &[Line]) -> Vec<u32> {
    let mut stays = vec![0_u32; tree.len() + 1];
    let mut mark = |at: usize| {
        if let Some(stay) = stays.get_mut(at + 1) {
            *stay = 1;
        }
    };
    for (nth, line) in lines.iter().enumerate() {
        if matches!(line.fate, Fate::Text | Fate::Caption) {
            let until = lines.get(nth + 1).map_or(tree.len(), |next| next.at);
            (line.at..until).filter(|at| !tree.node(*at).text.trim().is_empty()).for_each(&mut mark);
        }
    }
    // A picture that is a link to another story goes with it.
    let linked = |at: usize| tree.ancestors(at).take(4).any(|at| tree.node(at).name == "a");
    (0..tree.len())
        .filter(|at| matches!(tree.node(*at).name.as_str(), "img" | "picture") && !linked(*at))
        .for_each(&mut mark);
    let mut sum = 0;
    for stay in &mut stays {
        sum += *stay;
        *stay = sum;
    }
    stays
}

#[cfg(test)]
mod tests {
    use super::{CAPTIONS, Fate, of, pruned};
    use crate::extract::dom::{Dom, Tree};

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let dom = Dom::parse(html);
        let tree = Tree::new(&dom.document);
        let lines = of(&tree);
        assert_eq!(pruned(&dom.document, &tree, &lines), expected);
    }

    #[test]
    fn lists_are_in_order() {
        assert!(CAPTIONS.is_sorted());
    }

    #[test]
    fn links_to_other_stories_go_with_what_is_around_them() {
        check(
            "<p>It went out.</p><ul><li><a href='/a'>Bakery closes</a></li></ul><p>It was dark.</p>",
            "<p>It went out.</p><p>It was dark.</p>",
        );
        check("<p>It went out.<br><a href='/a'>Bakery closes</a></p>", "<p>It went out.<br></p>");
    }

    #[test]
    fn pictures_keep_their_captions_and_are_kept() {
        let figure = "<figure><img src=\"/p.jpg\"><figcaption>The pier.</figcaption></figure>";
        check(&format!("{figure}<p>It went out.</p>"), &format!("{figure}<p>It went out.</p>"));
        check(
            "<div><img src=\"/p.jpg\"><a href=\"/a\">Bakery closes</a></div><p>It was dark.</p>",
            "<div><img src=\"/p.jpg\"></div><p>It was dark.</p>",
        );
    }

    #[test]
    fn a_line_with_a_link_in_it_stays() {
        let html = "<p>The <a href=\"/a\">bakery</a> below it went dark too.</p>";
        check(html, html);
        let dom = Dom::parse(html);
        assert!(of(&Tree::new(&dom.document)).iter().all(|line| line.fate == Fate::Text));
    }
}
