//! Character references of XML and HTML.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The longest name in the HTML5 table is `CounterClockwiseContourIntegral`.
const LONGEST_NAME: usize = 32;

/// The names of WHATWG HTML §13.5 with what they stand for, one a line.
static NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    // The two that are white space would not survive as such in a list of lines.
    let named = include_str!("html5.txt").lines().filter_map(|line| line.split_once(' '));
    named.chain([("Tab", "\t"), ("NewLine", "\n")]).collect()
});

/// Whether HTML reads the name without its semicolon too.
fn is_bare(name: &str) -> bool {
    matches!(
        name,
        "AElig"
            | "AMP"
            | "Aacute"
            | "Acirc"
            | "Agrave"
            | "Aring"
            | "Atilde"
            | "Auml"
            | "COPY"
            | "Ccedil"
            | "ETH"
            | "Eacute"
            | "Ecirc"
            | "Egrave"
            | "Euml"
            | "GT"
            | "Iacute"
            | "Icirc"
            | "Igrave"
            | "Iuml"
            | "LT"
            | "Ntilde"
            | "Oacute"
            | "Ocirc"
            | "Ograve"
            | "Oslash"
            | "Otilde"
            | "Ouml"
            | "QUOT"
            | "REG"
            | "THORN"
            | "Uacute"
            | "Ucirc"
            | "Ugrave"
            | "Uuml"
            | "Yacute"
            | "aacute"
            | "acirc"
            | "acute"
            | "aelig"
            | "agrave"
            | "amp"
            | "aring"
            | "atilde"
            | "auml"
            | "brvbar"
            | "ccedil"
            | "cedil"
            | "cent"
            | "copy"
            | "curren"
            | "deg"
            | "divide"
            | "eacute"
            | "ecirc"
            | "egrave"
            | "eth"
            | "euml"
            | "frac12"
            | "frac14"
            | "frac34"
            | "gt"
            | "iacute"
            | "icirc"
            | "iexcl"
            | "igrave"
            | "iquest"
            | "iuml"
            | "laquo"
            | "lt"
            | "macr"
            | "micro"
            | "middot"
            | "nbsp"
            | "not"
            | "ntilde"
            | "oacute"
            | "ocirc"
            | "ograve"
            | "ordf"
            | "ordm"
            | "oslash"
            | "otilde"
            | "ouml"
            | "para"
            | "plusmn"
            | "pound"
            | "quot"
            | "raquo"
            | "reg"
            | "sect"
            | "shy"
            | "sup1"
            | "sup2"
            | "sup3"
            | "szlig"
            | "thorn"
            | "times"
            | "uacute"
            | "ucirc"
            | "ugrave"
            | "uml"
            | "uuml"
            | "yacute"
            | "yen"
            | "yuml"
    )
}

/// Decodes every reference once. An `&` that starts none stays as it is.
pub(crate) fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    decode_into(text, &mut out, |_| None);
    Cow::Owned(out)
}

/// As [`decode`], appending. `own` knows the entities that the document declares.
pub(crate) fn decode_into<'e>(text: &str, out: &mut String, mut own: impl FnMut(&str) -> Option<&'e str>) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        out.push_str(before);
        rest = after;
        if let Some(number) = after.strip_prefix('#') {
            match numeric(number) {
                Some((character, tail)) => {
                    out.extend(character);
                    rest = tail;
                }
                None => out.push('&'),
            }
            continue;
        }
        let end = after.bytes().take(LONGEST_NAME + 1).position(|b| !is_name(b)).unwrap_or(LONGEST_NAME);
        let (name, tail) = after.split_at_checked(end).unwrap_or(("", after));
        if let Some(tail) = tail.strip_prefix(';')
            && let Some(value) = own(name).or_else(|| of_xml(name)).or_else(|| NAMES.get(name).copied())
        {
            out.push_str(value);
            rest = tail;
        } else if is_bare(name) && !tail.starts_with(['=', ';']) {
            out.push_str(NAMES.get(name).copied().unwrap_or_default());
            rest = tail;
        } else {
            out.push('&');
        }
    }
    out.push_str(rest);
}

/// The names of XML 1.0 §4.6, which are nearly all that there are.
fn of_xml(name: &str) -> Option<&'static str> {
    match name {
        "amp" => Some("&"),
        "lt" => Some("<"),
        "gt" => Some(">"),
        "quot" => Some("\""),
        "apos" => Some("'"),
        _ => None,
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
}

/// The character of a numeric reference (`None` inside: a forbidden one, dropped), and what follows.
fn numeric(text: &str) -> Option<(Option<char>, &str)> {
    let (digits, radix) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (text, 10),
    };
    let end = digits.bytes().take(12).position(|b| !char::from(b).is_digit(radix));
    let (number, tail) = digits.split_at_checked(end.unwrap_or(digits.len().min(12)))?;
    let code = u32::from_str_radix(number, radix).ok().or((number.len() > 8).then_some(u32::MAX))?;
    let tail = tail.strip_prefix(';').unwrap_or(tail);
    Some((character(code), tail))
}

/// WHATWG HTML, "numeric character reference end state"; what XML 1.0 forbids is dropped.
fn character(code: u32) -> Option<char> {
    let code = match code {
        // Written by people who took windows-1252 for Unicode.
        0x80..=0x9F => {
            let byte = [u8::try_from(code).ok()?];
            return encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next();
        }
        _ => code,
    };
    char::from_u32(code).filter(|c| is_allowed(*c))
}

/// Whether XML 1.0 §2.2 allows the character.
pub(crate) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Drops what XML 1.0 forbids, such as control characters.
pub(crate) fn allowed(text: &str) -> Cow<'_, str> {
    // All forbidden characters are below U+0020, or U+FFFE and U+FFFF, which start with 0xEF 0xBF.
    // Whole chunks without a way out are looked at many bytes at a time; most have neither.
    let is_odd = |byte: &u8| *byte == 0xEF || (*byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r'));
    if !text.as_bytes().chunks(64).any(|chunk| chunk.iter().fold(false, |odd, byte| odd | is_odd(byte))) {
        return Cow::Borrowed(text);
    }
    let is_control = |byte: u8| byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
    let clean = !text.bytes().any(is_control) && memchr::memmem::find(text.as_bytes(), b"\xEF\xBF").is_none();
    if clean { Cow::Borrowed(text) } else { Cow::Owned(text.chars().filter(|c| is_allowed(*c)).collect()) }
}

/// Text as HTML that shows it.
pub(crate) fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr::memchr3(b'&', b'<', b'>', rest.as_bytes()) {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        out.push_str(match after.as_bytes().first() {
            Some(b'&') => "&amp;",
            Some(b'<') => "&lt;",
            _ => "&gt;",
        });
        rest = after.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
}

/// As [`escape_into`], into a new string.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    escape_into(text, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::{allowed, decode, escape};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(decode(text), expected);
    }

    #[test]
    fn decodes_names_and_numbers() {
        check("Fish &amp; chips &lt;3 &hearts; &CounterClockwiseContourIntegral;", "Fish & chips <3 ♥ ∳");
        check("&#233;&#xE9;&#XE9; &#8220;", "ééé “");
        check("&alpha;&OElig;&nbsp;x&NewLine;&amp;&lt;&fjlig;&emsp;", "αŒ\u{A0}x\n&<fj\u{2003}");
    }

    #[test]
    fn decodes_once() {
        check("&amp;lt;", "&lt;");
        check("&#38;amp;", "&amp;");
    }

    #[test]
    fn leaves_what_is_no_reference() {
        check("AT&T, R&D; a & b &", "AT&T, R&D; a & b &");
        check("?a=1&copy=2&reg=3&nosuchthing;", "?a=1&copy=2&reg=3&nosuchthing;");
        check("&#; &#x; &#zz;", "&#; &#x; &#zz;");
    }

    #[test]
    fn forgives_missing_semicolons() {
        check("caf&eacute &nbsp &#233", "café \u{A0} é");
        check("&copyright and &ampersand", "&copyright and &ampersand");
    }

    #[test]
    fn numbers_of_windows_1252_mean_its_characters() {
        check("&#145;x&#146; &#x80; &#150;", "‘x’ € –");
    }

    #[test]
    fn forbidden_characters_vanish() {
        check("a&#0;b&#xFFFE;c&#xD800;d&#99999999999;e&#11;f", "abcdef");
        assert_eq!(allowed("a\u{0}b\u{FFFF}c\u{B}d\te"), "abcd\te");
    }

    #[test]
    fn escapes_what_html_would_read() {
        assert_eq!(escape("a<b & \"c\">é"), "a&lt;b &amp; \"c\"&gt;é");
    }
}
