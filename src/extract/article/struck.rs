//! Elements of a page that are no part of its article, whatever they say.
//!
//! A search for the body that weighs text alone takes a long discussion below a short story, or the
//! words about cookies, for the story. Authors name such parts, so they go before the search. None goes
//! that holds the page's heading, and none but discussions and consent that holds much of its text.

use std::ops::Range;

use super::headed;
use crate::extract::dom::Tree;

/// Percent of the page's unlinked text that a part has at most which goes by its name alone.
const SHARE: u32 = 40;
/// Letters of the article that the page has to keep when the parts of other stories go.
const STORY: u32 = 250;

/// Letters of the longest teaser in an element of its own.
const CARD: u32 = 200;

/// Elements that are never text.
const ELEMENTS: &[&str] = &["nav", "aside", "footer", "form", "button", "dialog", "select", "menu"];
/// What roles they have; sorted.
const ROLES: &[&str] = &["alertdialog", "complementary", "contentinfo", "dialog", "menu", "navigation", "search"];
/// Words for discussions and consent: whole, and at the end of longer ones.
const FOREIGN: &[&str] = &["comments", "commentlist", "disqus", "onetrust", "ccpa", "gdpr", "cookie", "cookies"];
/// Words beside "comment" where that is one of a discussion, and not a kind of article.
const ONE_OF_MANY: &[&str] =
    &["area", "body", "box", "byuser", "content", "depth", "even", "form", "item", "odd", "reply", "section", "thread"];
/// What stands in or beside a text and is called so; sorted.
const NAMES: &[&str] = &[
    "ad",
    "ads",
    "advert",
    "advertisement",
    "affiliate",
    "audioplayer",
    "author",
    "authorprofile",
    "authors",
    "autor",
    "autoren",
    "bio",
    "biography",
    "breadcrumb",
    "breadcrumbs",
    "byline",
    "carousel",
    "cta",
    "dateline",
    "disclosure",
    "donate",
    "donation",
    "emailsignup",
    "factbox",
    "infobox",
    "keywords",
    "lightbox",
    "meta",
    "modal",
    "newsletter",
    "newsletters",
    "outbrain",
    "pagination",
    "player",
    "popup",
    "postinfo",
    "promo",
    "promotion",
    "rail",
    "readmore",
    "recirc",
    "recirculation",
    "recommendation",
    "recommendations",
    "recommended",
    "related",
    "relatedcontent",
    "share",
    "sharing",
    "sidebar",
    "signup",
    "social",
    "sponsor",
    "sponsored",
    "subscribe",
    "subscription",
    "swiper",
    "taboola",
    "tags",
    "timestamp",
    "toolbar",
    "widget",
];
/// Classes of what is there for a reader's machine only; whole names.
const UNSEEN: &[&str] = &[
    "hidden",
    "hide",
    "h-offscreen",
    "is-hidden",
    "offscreen",
    "screen-reader-text",
    "sr-only",
    "u-hidden",
    "visually-hidden",
    "visuallyhidden",
];

/// The elements that go, in the page's order, none inside of another. `titles` are what the story is called.
pub(super) fn struck(tree: &Tree<'_>, titles: &[String]) -> Vec<usize> {
    let page = Page::new(tree, titles);
    let mut out = Vec::new();
    let mut at = 0;
    while at < tree.len() {
        if page.goes(at) {
            out.push(at);
            at = tree.node(at).end.max(at + 1);
        } else {
            at += 1;
        }
    }
    out
}

struct Page<'t, 'd> {
    tree: &'t Tree<'d>,
    /// The page's first headings.
    headings: Vec<usize>,
    /// Unlinked letters.
    letters: u32,
    /// Elements that are called a text, and are long enough for one.
    texts: Vec<usize>,
    /// The element of the story, where the page has one for each of several.
    story: Option<Range<usize>>,
}

impl<'t, 'd> Page<'t, 'd> {
    fn new(tree: &'t Tree<'d>, titles: &[String]) -> Page<'t, 'd> {
        let headings = tree.find(0..tree.len(), "h1").take(8).collect();
        let mut page = Page { tree, headings, letters: 0, texts: Vec::new(), story: None };
        page.letters = page.unlinked(&(0..tree.len()));
        let is_text = |at: &usize| tree.node(*at).class.split_whitespace().any(is_text_class);
        page.texts = (0..tree.len()).filter(is_text).filter(|at| page.unlinked(&tree.range(*at)) >= STORY).collect();
        page.story = page.story(titles);
        page
    }

    fn unlinked(&self, range: &Range<usize>) -> u32 {
        let (all, linked) = self.tree.letters(range);
        all.saturating_sub(linked)
    }

    /// The `<article>` that is headed by the page's title, where it has a text.
    fn story(&self, titles: &[String]) -> Option<Range<usize>> {
        let is_title = |at: &usize| self.tree.brief(*at).is_some_and(|line| headed::is_title(&line, titles));
        let heading = (0..self.tree.len()).filter(|at| self.tree.node(*at).is_heading()).take(60).find(is_title)?;
        let around = self.tree.ancestors(heading).filter(|at| self.tree.node(*at).name == "article").last()?;
        let range = self.tree.range(around);
        (self.unlinked(&range) >= STORY).then_some(range)
    }

    fn goes(&self, at: usize) -> bool {
        let node = self.tree.node(at);
        if node.name.is_empty() || matches!(node.name.as_str(), "html" | "body" | "main" | "h1") {
            return false;
        }
        if node.name == "article"
            && let Some(story) = &self.story
        {
            let outside = at >= story.end || node.end <= story.start;
            return outside;
        }
        let range = self.tree.range(at);
        if self.headings.iter().any(|heading| range.contains(heading)) {
            return false;
        }
        if self.is_foreign(at) {
            return true;
        }
        if self.is_card(at) {
            return true;
        }
        let is_small = self.unlinked(&range) * 100 <= self.letters * SHARE;
        is_small && self.is_aside(at)
    }

    fn is_foreign(&self, at: usize) -> bool {
        let words = || self.tree.words(at);
        words().any(|word| FOREIGN.contains(&word) || word.ends_with("cookies") || word.starts_with("cookie"))
            || words().any(|word| word == "comment") && words().any(|word| ONE_OF_MANY.contains(&word))
    }

    /// Whether a teaser of another story stands in an element made for whole ones.
    fn is_card(&self, at: usize) -> bool {
        let range = self.tree.range(at);
        self.tree.node(at).name == "article"
            && self.tree.letters(&range).0 < CARD
            && range.clone().any(|at| self.tree.node(at).is_heading() || self.tree.node(at).name == "a")
    }

    fn is_aside(&self, at: usize) -> bool {
        let node = self.tree.node(at);
        if ELEMENTS.contains(&node.name.as_str()) {
            return true;
        }
        // A paragraph may be called after what it is about.
        let is_text = node.is_heading()
            || matches!(
                node.name.as_str(),
                "p" | "a" | "em" | "strong" | "b" | "i" | "table" | "tbody" | "tr" | "td" | "th"
            )
            || self.texts.get(self.texts.partition_point(|text| *text < at)).is_some_and(|text| *text < node.end);
        let is_role =
            || self.tree.attribute(at, "role").is_some_and(|role| ROLES.contains(&role.to_ascii_lowercase().as_str()));
        // `hidden md:block` is seen on wide screens.
        let is_unseen =
            || !node.class.contains(':') && node.class.split_whitespace().any(|class| UNSEEN.contains(&class));
        is_unseen()
            || !is_text
                && (self
                    .tree
                    .words(at)
                    .any(|word| NAMES.binary_search(&word).is_ok() || word.starts_with("newsletter"))
                    || is_role())
    }
}

/// Whether a class is that of a text: `article__content`, `entry-content`.
fn is_text_class(class: &str) -> bool {
    let mut words = class.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is = |word: &str, of: &[&str]| of.contains(&word);
    match (words.next(), words.next(), words.next()) {
        (Some("articlebody" | "storybody"), None, None) => true,
        (Some(of), Some(what), None) => {
            is(of, &["article", "entry", "post", "story"]) && is(what, &["body", "content", "text"])
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{NAMES, ROLES, struck};
    use crate::extract::dom::{Dom, Tree};

    const LINE: &str = "The lamp of the old pier went out on Sunday, and nobody has lit it since.";

    /// The text of a page without what goes.
    #[track_caller]
    fn check(html: &str, expected: &str) {
        let dom = Dom::parse(html);
        let tree = Tree::new(&dom.document);
        let gone = struck(&tree, &["The lamp goes dark".to_owned()]);
        let rows = tree.rows(0..tree.len());
        let left: Vec<_> = (rows.into_iter())
            .filter(|row| !gone.iter().any(|at| tree.range(*at).contains(&row.at)))
            .map(|row| row.text)
            .collect();
        assert_eq!(left.join("|"), expected);
    }

    #[test]
    fn lists_are_in_order() {
        assert!(NAMES.is_sorted() && ROLES.is_sorted());
    }

    #[test]
    fn a_discussion_longer_than_the_story_goes() {
        let many = "<p>I have always said that this lamp was going to go out one day.</p>".repeat(9);
        check(
            &format!("<div><h1>The lamp</h1><p>Out.</p></div><section id='comments'>{many}</section>"),
            "The lamp|Out.",
        );
        check(
            &format!("<div><h1>The lamp</h1><p>Out.</p></div><ol><li class='comment even thread-even'>{many}</ol>"),
            "The lamp|Out.",
        );
    }

    #[test]
    fn an_opinion_is_no_discussion() {
        check("<h1>The lamp</h1><div class='comment'><p>Out.</p></div>", "The lamp|Out.");
        check("<main class='comments'><h1>The lamp</h1><p>Out.</p></main>", "The lamp|Out.");
    }

    #[test]
    fn boxes_in_a_text_go_by_their_names() {
        let text = format!("<p>{LINE}</p>");
        check(
            &format!(
                "<h1>The lamp</h1>{text}<div class='newsletter-box'>Sign up</div><div class='post-author'>Ida</div>"
            ),
            &format!("The lamp|{LINE}"),
        );
        check(&format!("<h1>The lamp</h1><div class='author'>{text}</div>"), &format!("The lamp|{LINE}"));
    }

    #[test]
    fn what_some_screens_show_stays() {
        let text = format!("<p>{LINE}</p>");
        check(
            &format!("<div>{text}</div><p class='hidden md:block'>Dark.</p><p class='hidden'>Light.</p>"),
            &format!("{LINE}|Dark."),
        );
    }

    #[test]
    fn other_stories_of_the_page_go() {
        let text = [LINE; 5].join(" ");
        check(
            &format!(
                "<article><h1>The lamp goes dark</h1><p>{text}</p></article><article><h1>Bakery closes</h1><p>{text}</p></article>"
            ),
            &format!("The lamp goes dark|{text}"),
        );
    }
}
