//! A page as a flat list of its nodes in document order.
//!
//! What is inside of an element is a range of indices, so "is inside of", "text of" and "how much of
//! it is linked" are comparisons and differences, not walks.

use std::collections::HashMap;
use std::ops::Range;

use dom_query::{Document, NodeData, NodeId, NodeRef};

use crate::extract::elements;

/// What a node costs to look at, in bytes of text.
const NODE: usize = 50;
/// Longest text that is asked for as something short, in bytes as they stand in the page, white space and all.
const BRIEF: usize = 16 * 1024;

/// One node.
pub(crate) struct Node {
    /// The element's name in lower case; empty for text.
    pub(crate) name: String,
    /// The text of a text node.
    pub(crate) text: String,
    /// The classes, in lower case.
    pub(crate) class: String,
    /// Classes, id and role, in lower case: what its author calls it.
    pub(crate) label: String,
    pub(crate) parent: usize,
    /// One past the last node inside of it.
    pub(crate) end: usize,
    id: Option<NodeId>,
}

impl Node {
    /// Whether it is a heading.
    pub(crate) fn is_heading(&self) -> bool {
        matches!(self.name.as_bytes(), [b'h', b'1'..=b'6'])
    }

    /// Whether it stands on lines of its own.
    pub(crate) fn is_block(&self) -> bool {
        elements::is_block(&self.name) || matches!(self.name.as_str(), "br" | "hgroup" | "hr" | "td" | "th")
    }
}

/// One line of text.
#[derive(Default)]
pub(crate) struct Row {
    pub(crate) text: String,
    /// The node of its first word.
    pub(crate) at: usize,
    /// Letters and digits, and of those the linked ones.
    pub(crate) letters: u32,
    pub(crate) linked: u32,
}

/// All nodes of a page; index 0 is the root.
pub(crate) struct Tree<'d> {
    document: &'d Document,
    nodes: Vec<Node>,
    /// Letters and digits of text before each node, and of those the linked ones.
    letters: Vec<(u32, u32)>,
}

impl<'d> Tree<'d> {
    pub(crate) fn new(document: &'d Document) -> Tree<'d> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut letters = vec![(0, 0)];
        let root = document.html_root();
        let mut current = Some((root, 0));
        let mut link: Option<usize> = None;
        let top = root.id;
        while let Some((node, parent)) = current {
            let at = nodes.len();
            let Some(read) = read(&node, parent) else {
                current = next(node, parent, top, &mut nodes, &mut link);
                continue;
            };
            let (all, linked) = letters.last().copied().unwrap_or_default();
            let count = u32::try_from(read.text.chars().filter(|c| c.is_alphanumeric()).count()).unwrap_or(0);
            letters.push((all + count, linked + if link.is_some() { count } else { 0 }));
            if read.name == "a" && link.is_none() {
                link = Some(at);
            }
            nodes.push(read);
            current = match node.first_child() {
                Some(child) => Some((child, at)),
                None => {
                    if let Some(node) = nodes.get_mut(at) {
                        node.end = at + 1;
                    }
                    link = link.filter(|link| *link != at);
                    next(node, parent, top, &mut nodes, &mut link)
                }
            };
        }
        Tree { document, nodes, letters }
    }

    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A node; the root for an index that is none.
    pub(crate) fn node(&self, at: usize) -> &Node {
        static NONE: Node = Node {
            name: String::new(),
            text: String::new(),
            class: String::new(),
            label: String::new(),
            parent: 0,
            end: 0,
            id: None,
        };
        self.nodes.get(at).unwrap_or(&NONE)
    }

    pub(crate) fn range(&self, at: usize) -> Range<usize> {
        at..self.node(at).end.max(at)
    }

    /// An attribute, white space trimmed.
    pub(crate) fn attribute(&self, at: usize, name: &str) -> Option<String> {
        let id = self.nodes.get(at).filter(|node| !node.name.is_empty())?.id?;
        let value = self.document.tree.get(&id)?.attr(name)?;
        Some(value.trim().to_owned())
    }

    /// The element as the library knows it.
    pub(crate) fn reference(&self, at: usize) -> Option<NodeRef<'d>> {
        self.document.tree.get(&self.nodes.get(at)?.id?)
    }

    /// The index of each of the library's nodes.
    pub(crate) fn indices(&self) -> HashMap<NodeId, usize> {
        self.nodes.iter().enumerate().filter_map(|(at, node)| Some((node.id?, at))).collect()
    }

    /// The words of an element's label: "site-footer widget" is of three.
    pub(crate) fn words(&self, at: usize) -> impl Iterator<Item = &str> {
        self.node(at).label.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
    }

    /// The element and what it is inside of, inmost first.
    pub(crate) fn ancestors(&self, at: usize) -> impl Iterator<Item = usize> {
        let mut current = Some(at);
        std::iter::from_fn(move || {
            let at = current?;
            current = (at > 0).then(|| self.node(at).parent);
            Some(at)
        })
    }

    /// The elements of a name inside of a range.
    pub(crate) fn find<'s>(&'s self, range: Range<usize>, name: &'s str) -> impl Iterator<Item = usize> + 's {
        range.filter(move |at| self.node(*at).name == name)
    }

    /// How many letters and digits stand in a range, and how many of them are linked.
    pub(crate) fn letters(&self, range: &Range<usize>) -> (u32, u32) {
        let at = |index: usize| self.letters.get(index.min(self.nodes.len())).copied().unwrap_or_default();
        let (from, to) = (at(range.start), at(range.end.max(range.start)));
        (to.0.saturating_sub(from.0), to.1.saturating_sub(from.1))
    }

    /// The text of a range as lines, blocks apart, white space single, none empty.
    pub(crate) fn lines(&self, range: Range<usize>) -> Vec<String> {
        self.rows(range).into_iter().map(|row| row.text).collect()
    }

    /// As [`Tree::lines`], with what is known of each.
    pub(crate) fn rows(&self, range: Range<usize>) -> Vec<Row> {
        let mut rows = vec![Row::default()];
        let mut ends: Vec<usize> = Vec::new();
        let mut space = false;
        for at in range {
            while ends.last().is_some_and(|end| *end <= at) {
                ends.pop();
                rows.push(Row::default());
            }
            let node = self.node(at);
            if !node.name.is_empty() {
                if node.is_block() {
                    rows.push(Row::default());
                    ends.push(node.end);
                }
                continue;
            }
            let Some(row) = rows.last_mut() else { continue };
            let (letters, linked) = self.letters(&(at..at + 1));
            row.letters += letters;
            row.linked += linked;
            for (nth, word) in node.text.split(char::is_whitespace).enumerate() {
                space |= nth > 0;
                if word.is_empty() {
                    continue;
                }
                if row.text.is_empty() {
                    row.at = at;
                } else if space {
                    row.text.push(' ');
                }
                space = false;
                row.text.push_str(word);
            }
        }
        rows.retain(|row| !row.text.is_empty());
        rows
    }

    /// The text of an element on one line, where it is short enough for a title or a date. Such elements stand inside of
    /// one another on pages that are made to hurt, and each would hold all of the page.
    pub(crate) fn brief(&self, at: usize) -> Option<String> {
        let range = self.range(at);
        let mut bytes = 0;
        let is_brief = range.clone().all(|at| {
            bytes += self.node(at).text.len();
            bytes <= BRIEF
        });
        is_brief.then(|| self.text(range))
    }

    /// How often a search that looks at all that is in an element, for every element, looks at something: bytes of text,
    /// and each node for [`NODE`] of them.
    pub(crate) fn weight(&self) -> usize {
        let mut depths: Vec<usize> = Vec::with_capacity(self.nodes.len());
        let mut weight: usize = 0;
        for node in &self.nodes {
            let depth = depths.get(node.parent).copied().unwrap_or_default() + 1;
            depths.push(depth);
            weight = weight.saturating_add(depth.saturating_mul(node.text.len() + NODE));
        }
        weight
    }

    /// The text of a range on one line.
    pub(crate) fn text(&self, range: Range<usize>) -> String {
        self.lines(range).join(" ")
    }
}

/// What is kept of a node; `None` for comments and the like.
fn read(node: &NodeRef<'_>, parent: usize) -> Option<Node> {
    let mut out = Node {
        name: String::new(),
        text: String::new(),
        class: String::new(),
        label: String::new(),
        parent,
        end: 0,
        id: Some(node.id),
    };
    node.query(|inside| match &inside.data {
        NodeData::Text { contents } => {
            out.text = contents.to_string();
            true
        }
        NodeData::Element(element) => {
            out.name = element.name.local.to_string();
            let value = |name: &str| {
                element.attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| attr.value.to_lowercase())
            };
            out.class = value("class").unwrap_or_default();
            out.label = out.class.clone();
            for more in [value("id"), value("role"), value("itemprop")].into_iter().flatten() {
                out.label.push(' ');
                out.label.push_str(&more);
            }
            true
        }
        _ => false,
    })
    .unwrap_or_default()
    .then_some(out)
}

/// The node after a node and all that is in it, with its parent's index; ends the elements that are left.
fn next<'d>(
    mut node: NodeRef<'d>,
    mut parent: usize,
    top: NodeId,
    nodes: &mut [Node],
    link: &mut Option<usize>,
) -> Option<(NodeRef<'d>, usize)> {
    let all = nodes.len();
    loop {
        if node.id == top {
            return None;
        }
        if let Some(sibling) = node.next_sibling() {
            return Some((sibling, parent));
        }
        node = node.parent()?;
        let ended = nodes.get_mut(parent)?;
        ended.end = all;
        if *link == Some(parent) {
            *link = None;
        }
        parent = ended.parent;
    }
}

#[cfg(test)]
mod tests {
    use super::{BRIEF, NODE, Tree};
    use crate::extract::dom::Dom;

    /// Whether the first heading of a page has a text that can be a title.
    #[track_caller]
    fn check(body: &str, expected: Option<&str>) {
        let dom = Dom::parse(&format!("<body>{body}</body>"));
        let tree = Tree::new(&dom.document);
        let first = tree.find(0..tree.len(), "h1").next().unwrap();
        assert_eq!(tree.brief(first).as_deref(), expected);
    }

    #[test]
    fn what_holds_all_of_a_page_is_no_title() {
        check("<h1>The <b>lamp</b>\n is lit</h1>", Some("The lamp is lit"));
        check(&format!("<h1><div>{}</div></h1>", "a ".repeat(BRIEF)), None);
        check(&format!("<h1>{}", "<p>. . .</p>".repeat(BRIEF / 4)), None);
    }

    #[test]
    fn what_is_inside_weighs_for_all_that_is_around_it() {
        let weight = |html: &str| Tree::new(&Dom::parse(html).document).weight();
        let flat = weight("<body>12345678</body>");
        assert_eq!(weight("<body><div>12345678</div></body>"), flat + 8 + NODE * 4);
    }
}
