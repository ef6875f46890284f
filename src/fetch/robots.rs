//! What a robots.txt says, and whether it lets an address be fetched (RFC 9309).
//!
//! Pure: bytes to rules, rules and an address to yes or no. Both take time in proportion to what they
//! are given, whatever it is.

use memchr::memmem;
use url::Url;

use crate::model::RobotsRule;

/// So much of a robots.txt is read (RFC 9309 §2.5 asks for 500 KiB at least).
pub(super) const READ_BYTES: usize = 500 * 1024;

/// The name that groups of rules know a program by: what its `User-Agent` begins with, lower case.
/// Empty where it begins with no letter: then only the rules for all count.
pub(super) fn token(user_agent: &str) -> String {
    let end = user_agent.find(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '-' | '_'));
    user_agent[..end.unwrap_or(user_agent.len())].to_ascii_lowercase()
}

/// The rules for the program of that token: those of all groups that name it, else of all groups that
/// are for everybody (§2.2.1).
pub(super) fn rules(body: &[u8], token: &str) -> Vec<RobotsRule> {
    let text = String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body));
    let (mut ours, mut everybodys) = (Vec::new(), Vec::new());
    let mut is_named = false;
    let mut group = Group::default();
    for (key, value) in text.split(['\r', '\n']).filter_map(pair) {
        match key.to_ascii_lowercase().as_str() {
            "user-agent" => {
                group.name(value, token);
                is_named |= group.is_ours;
            }
            key @ ("allow" | "disallow") => {
                group.has_rules = true;
                let rule = || RobotsRule { allow: key == "allow", path: pattern(value) };
                // An empty one matches nothing.
                ours.extend((group.is_ours && !value.is_empty()).then(rule));
                everybodys.extend((group.is_everybodys && !value.is_empty()).then(rule));
            }
            // Others stand anywhere and end no group (§2.2.4).
            _ => {}
        }
    }
    if is_named { ours } else { everybodys }
}

/// Whether the rules let an address be fetched: the longest match decides, of equals the kinder
/// (§2.2.2). What no rule matches is allowed, and so is robots.txt itself.
pub(super) fn allows(rules: &[RobotsRule], url: &Url) -> bool {
    let path = match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    };
    let path = normal(&path, "");
    let strongest =
        rules.iter().filter(|rule| matches(&rule.path, &path)).max_by_key(|rule| (rule.path.len(), rule.allow));
    path == "/robots.txt" || strongest.is_none_or(|rule| rule.allow)
}

/// The group that is being read: lines that name programs, then their rules.
#[derive(Default)]
struct Group {
    is_ours: bool,
    is_everybodys: bool,
    has_rules: bool,
}

impl Group {
    /// A line that names a program; after rules it begins another group.
    fn name(&mut self, value: &str, token: &str) {
        if self.has_rules {
            *self = Group::default();
        }
        // "*" and "* for all" are for everybody, "*bot" is a name nobody has.
        self.is_everybodys |= value.split_ascii_whitespace().next() == Some("*");
        // Many write a version or more behind the token.
        self.is_ours |= !token.is_empty() && self::token(value) == token;
    }
}

/// Key and value of a line without its comment; the colon may be missing.
fn pair(line: &str) -> Option<(&str, &str)> {
    let line = line.split('#').next().unwrap_or_default().trim();
    let (key, value) = line.split_once(':').or_else(|| line.split_once([' ', '\t']))?;
    Some((key.trim(), value.trim()))
}

/// Whether the pattern matches the beginning of the path, or all of it when it ends in `$`. The pieces
/// between its asterisks are looked for one after the other, each where it comes first: if there is any
/// match, this is one.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else { return false };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return !is_whole || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if is_whole && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        let Some(at) = memmem::find(rest.as_bytes(), piece.as_bytes()) else { return false };
        rest = rest.get(at + piece.len()..).unwrap_or_default();
    }
    true
}

/// The path of a rule. An asterisk is special wherever it stands, a dollar sign at the end only.
fn pattern(value: &str) -> String {
    match value.strip_suffix('$') {
        Some(value) => normal(value, "*") + "$",
        None => normal(value, "*"),
    }
}

/// One spelling for all that mean the same (§2.2.2): what need not be encoded is not, all else is, in
/// capitals. Of the signs that patterns give a meaning only those that are `special` here stay as they are.
fn normal(text: &str, special: &str) -> String {
    let mut normal = String::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut ahead = bytes.clone();
        let encoded = (byte == b'%').then(|| Some(16 * digit(ahead.next())? + digit(ahead.next())?)).flatten();
        let plain = match encoded {
            Some(value) => {
                bytes = ahead;
                is_unreserved(value).then_some(char::from(value))
            }
            None => {
                let sign = char::from(byte);
                let is_special = matches!(sign, '*' | '$');
                (is_unreserved(byte) || (RESERVED.contains(sign) && !is_special) || special.contains(sign))
                    .then_some(sign)
            }
        };
        match plain {
            Some(sign) => normal.push(sign),
            None => normal.push_str(&format!("%{:02X}", encoded.unwrap_or(byte))),
        }
    }
    normal
}

/// RFC 3986 §2.2. A percent sign that encodes nothing is none: it stands for itself, encoded.
const RESERVED: &str = ":/?#[]@!$&'()*+,;=";

/// RFC 3986 §2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn digit(byte: Option<u8>) -> Option<u8> {
    char::from(byte?).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests;
