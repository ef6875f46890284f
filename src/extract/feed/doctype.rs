//! What a DOCTYPE declares.

use std::collections::HashMap;

use crate::extract::entities as references;

/// Entities that are kept.
const ENTITIES: usize = 64;
/// Longest name and longest text of one.
const NAME_BYTES: usize = 32;
const TEXT_BYTES: usize = 4096;

/// The general entities of a DOCTYPE: as plain text, never looked into, never fetched.
pub(super) fn entities(doctype: &str) -> HashMap<String, String> {
    let mut out = HashMap::new();
    for declaration in doctype.split("<!ENTITY").skip(1).take(ENTITIES) {
        let declaration = declaration.trim_start();
        let Some((name, rest)) = declaration.split_once(|c: char| c.is_whitespace()) else {
            continue;
        };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some((value, _)) = rest.get(1..).and_then(|rest| rest.split_once(quote)) else {
            continue;
        };
        // Character references are read when an entity is declared (XML 1.0 §4.4).
        if name.len() <= NAME_BYTES && value.len() <= TEXT_BYTES {
            out.entry(name.to_owned()).or_insert_with(|| references::decode(value).into_owned());
        }
    }
    out
}
