//! HTML pages as trees: parsed within bounds, flat, with what they declare about themselves.
//!
//! The way in is [`Dom::parse`], then [`Tree::new`] and [`Facts::new`].

mod bounded;
mod facts;
mod tree;

use dom_query::Document;

pub(crate) use facts::{Facts, kinds, text_of};
pub(crate) use tree::{Row, Tree};

/// Longest page that is parsed, in bytes of text.
pub(crate) const LONGEST: usize = 5 * 1024 * 1024;

/// A parsed page.
pub(crate) struct Dom {
    /// As the parser's library has it; scripts, styles and comments are gone.
    pub(crate) document: Document,
    /// What the JSON blocks of the page hold, those that are JSON.
    pub(crate) json: Vec<serde_json::Value>,
    /// Scripts that the page brings.
    pub(crate) scripts: usize,
    /// HTML for readers without scripts.
    pub(crate) unscripted: String,
}

impl Dom {
    /// Parses a page; what is beyond [`LONGEST`] is not read.
    pub(crate) fn parse(html: &str) -> Dom {
        let html = html.get(..html.floor_char_boundary(LONGEST)).unwrap_or(html);
        let bounded = bounded::bound(html);
        Dom {
            document: Document::from(bounded.html.as_str()),
            json: bounded.json.iter().filter_map(|text| json(text)).collect(),
            scripts: bounded.scripts,
            unscripted: bounded.unscripted,
        }
    }
}

/// JSON as pages write it: in comments, in assignments, with line ends inside of strings.
fn json(text: &str) -> Option<serde_json::Value> {
    let text = text.trim();
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    // `window["__STATE__"] = {...}; start()`: the first value behind the name.
    let behind = if text.starts_with("window") { text.find('=')? } else { 0 };
    let from = behind + text.get(behind..)?.find(['{', '['])?;
    serde_json::Deserializer::from_str(text.get(from..)?).into_iter().next()?.ok()
}
