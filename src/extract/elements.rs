//! What HTML's elements are, where several readers have to agree.

/// Elements that stand on lines of their own; sorted. Readers add those that they treat in a way of
/// their own: cells, breaks, what holds the whole page.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// Whether an element stands on lines of its own; the name in lower case.
pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::{BLOCKS, is_block};

    #[test]
    fn paragraphs_are_blocks_and_words_are_not() {
        assert!(BLOCKS.is_sorted());
        assert!(is_block("p") && is_block("figcaption") && !is_block("a") && !is_block("br"));
    }
}
