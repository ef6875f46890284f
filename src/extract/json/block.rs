//! JSON in the scripts of a page: `script#data`, `window.state = {…}`.

use serde_json::Value;

use crate::extract::markup::{Piece, Pieces, Tag};

/// Scripts of one page that are looked at.
const SCRIPTS: usize = 200;
/// Places in one script where JSON may begin.
const STARTS: usize = 12;
/// Bytes of all scripts that are read.
const BYTES: usize = 8 << 20;

/// Which script is meant: `script`, with an id, a class or an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    attribute: Option<(String, Option<String>)>,
}

impl Script {
    /// Reads `script`, `script#id`, `script.class`, `script[name]` or `script[name=value]`.
    pub(super) fn new(text: &str) -> Option<Script> {
        let rest = text.trim().strip_prefix("script")?;
        let is_word = |word: &str| !word.is_empty() && !word.contains([' ', '#', '.', '[', ']', '>', '"']);
        if rest.is_empty() {
            return Some(Script { attribute: None });
        }
        let named = |name: &str, value: &str| Script { attribute: Some((name.to_owned(), Some(value.to_owned()))) };
        if let Some(id) = rest.strip_prefix('#').filter(|id| is_word(id)) {
            return Some(named("id", id));
        }
        if let Some(class) = rest.strip_prefix('.').filter(|class| is_word(class)) {
            return Some(named("class", class));
        }
        let inside = rest.strip_prefix('[')?.strip_suffix(']')?;
        match inside.split_once('=') {
            Some((name, value)) => Some(named(name.trim(), value.trim().trim_matches(['"', '\'']))),
            None => Some(Script { attribute: Some((inside.trim().to_owned(), None)) }).filter(|_| is_word(inside)),
        }
    }

    fn is(&self, tag: Tag<'_>) -> bool {
        let Some((name, value)) = &self.attribute else { return true };
        match (tag.attribute(name), value) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(found), Some(value)) if name == "class" => found.split_ascii_whitespace().any(|class| class == value),
            (Some(found), Some(value)) => found == value,
        }
    }
}

/// What the scripts that are meant hold, in the page's order.
pub(super) fn values(html: &str, script: &Script) -> Vec<Value> {
    let mut found = Vec::new();
    let (mut scripts, mut bytes) = (0, 0);
    let mut pieces = Pieces::new(html);
    while let Some(piece) = pieces.next() {
        let Piece::Open(tag) = piece else { continue };
        if !tag.name.eq_ignore_ascii_case("script") || tag.empty {
            continue;
        }
        let content = pieces.skip_content("script", true);
        if !script.is(tag) {
            continue;
        }
        scripts += 1;
        bytes += content.len();
        if scripts > SCRIPTS || bytes > BYTES {
            break;
        }
        found.extend(json(content));
    }
    found
}

/// The JSON of a script: all of it, or what it assigns.
fn json(content: &str) -> Vec<Value> {
    let content = content.trim();
    if content.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str(content)
    {
        return vec![value];
    }
    let mut found = Vec::new();
    let mut from = 0;
    for _ in 0..STARTS {
        let Some(at) = content.get(from..).and_then(|rest| rest.find(['{', '['])).map(|at| from + at) else { break };
        from = at + 1;
        let is_value = content.get(..at).is_some_and(|head| head.trim_end().ends_with(['=', '(']));
        if !is_value {
            continue;
        }
        let mut stream = serde_json::Deserializer::from_str(content.get(at..).unwrap_or_default()).into_iter::<Value>();
        if let Some(Ok(value)) = stream.next() {
            from = at + stream.byte_offset().max(1);
            found.push(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, script: &str, expected: &str) {
        let found = values(html, &Script::new(script).unwrap());
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn scripts_are_found_by_what_they_are_called() {
        let html = r#"<p>{"a":0}</p><script id=data type="application/json">{"a":1}</script>
            <script class="x state">[2]</script><script data-page="q">{"a":3}</script>"#;
        check(html, "script#data", r#"{"a":1}"#);
        check(html, "script.state", "[2]");
        check(html, "script[data-page]", r#"{"a":3}"#);
        check(html, "script[type=\"application/json\"]", r#"{"a":1}"#);
        check(html, "script", r#"{"a":1} [2] {"a":3}"#);
        check(html, "script#none", "");
    }

    #[test]
    fn what_a_script_assigns_is_read() {
        check("<script>var a = []; window.state = {\"b\":[1]}; f({c:1}) </script>", "script", r#"[] {"b":[1]}"#);
        check("<script>function f() { return [1] }</script>", "script", "");
    }

    #[test]
    fn other_selectors_are_none_of_scripts() {
        for text in ["div", "script > p", "script#", "script[", "scripts"] {
            assert_eq!(Script::new(text), None, "{text}");
        }
    }
}
