//! Texts that end where only subscribers may read on.

use serde_json::Value;

use super::words::PROMPTS;
use crate::extract::dom::{Facts, Tree};

/// A prompt is short; a longer line is a text that speaks of one.
const PROMPT_LETTERS: usize = 240;
/// Prompts stand among the last lines.
const LAST_LINES: usize = 8;
/// Classes of the boxes that stand before the rest.
const BOXES: &[&str] = &["paywall", "paywalled", "regwall", "subscription-required", "subscriber-only"];

/// Whether the page says that it is not free to read (schema.org `isAccessibleForFree`), or shows a box that says so.
pub(in crate::extract) fn is_for_subscribers(tree: &Tree<'_>, facts: &Facts<'_>) -> bool {
    let is_false = |value: &Value| match value {
        Value::Bool(free) => !free,
        Value::String(free) => free.eq_ignore_ascii_case("false"),
        _ => false,
    };
    let kept = |thing: &&serde_json::Map<String, Value>| thing.get("isAccessibleForFree").is_some_and(is_false);
    facts.things.iter().any(kept)
        || facts.meta(&["article:content_tier"]).is_some_and(|tier| matches!(tier, "locked" | "metered"))
        || (0..tree.len()).any(|at| tree.node(at).class.split_whitespace().any(|class| BOXES.contains(&class)))
}

/// A text without the lines that ask to subscribe, and whether there were any: then it is a beginning. What stands
/// after the first of them is no text either. `locked`: the page says itself that it is not free.
pub(in crate::extract) fn without_prompt(text: &str, locked: bool) -> (String, bool) {
    let lines: Vec<&str> = text.split("\n\n").collect();
    let is_prompt = |line: &str| {
        let line = line.to_lowercase();
        line.chars().count() <= PROMPT_LETTERS && PROMPTS.iter().any(|prompt| line.contains(prompt))
    };
    let from = lines.len().saturating_sub(LAST_LINES).max(1);
    let prompts = lines.iter().skip(from).filter(|line| is_prompt(line)).count();
    let first = (from..lines.len()).find(|at| lines.get(*at).is_some_and(|line| is_prompt(line)));
    match first {
        // A story about subscriptions quotes one; a wall says it twice, or the page says that it is one.
        Some(at) if locked || prompts > 1 => (lines.iter().take(at).copied().collect::<Vec<_>>().join("\n\n"), true),
        _ => (text.to_owned(), false),
    }
}
