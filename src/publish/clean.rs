//! Makes strings fit for a feed: whatever comes in, what goes out can stand in valid XML.
//!
//! `extract` has cleaned every story once already. This is the last gate before readers, and it
//! trusts nobody: both feed crates write forbidden characters, relative links and malformed dates
//! just as they get them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use url::{Position, Url};

/// Longer titles are no titles, but texts in the wrong place. In characters.
const TITLE_MAX: usize = 500;

/// Of a text that must serve as its own title. In characters.
const TITLE_FROM_TEXT: usize = 80;

/// Longer names of persons, sources and subjects are none. In characters.
const NAME_MAX: usize = 200;

/// 1990-01-01: there was no web to publish on before, and validators doubt earlier dates.
const EARLIEST: i64 = 631_152_000;

/// 9999-12-31T23:59:59: RFC 3339 §5.6 has four digits for the year.
const LATEST: i64 = 253_402_300_799;

/// The text without the characters that XML 1.0 §2.2 forbids or discourages, lines ending in `\n`.
pub(super) fn text(raw: &str) -> String {
    // A parser turns `\r` into `\n` (XML 1.0 §2.11), so what was written would not be read back.
    raw.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|&c| is_legal(c)).map(shown).collect()
}

/// The text on one line: white space collapsed, nothing that turns the direction of what follows.
pub(super) fn line(raw: &str) -> String {
    let mut line = String::with_capacity(raw.len());
    for c in raw.chars() {
        // No-break spaces belong to the typography of a line and stay inside it.
        if c.is_ascii_whitespace() || matches!(c, '\u{b}' | '\u{85}' | '\u{2028}' | '\u{2029}') {
            if !line.ends_with(' ') {
                line.push(' ');
            }
        } else if is_legal(c) && !matches!(c, '\u{202d}' | '\u{202e}') {
            line.push(shown(c));
        }
    }
    if is_blank(&line) { String::new() } else { line.trim().to_owned() }
}

/// The beginning of a text on one line, at most `max` characters and a mark that it was cut.
pub(super) fn beginning(raw: &str, max: usize) -> String {
    let line = line(raw);
    let Some((cut, _)) = line.char_indices().nth(max) else { return line };
    let head = &line[..cut];
    // At a word's end, unless the script has no spaces.
    let head = head.rfind(' ').filter(|&at| at * 2 >= cut).map_or(head, |at| &head[..at]);
    // The mark stands for what follows, also for the end of a sentence.
    format!("{}…", head.trim_end_matches([' ', '.', ',', ';', ':']))
}

/// A title, never empty: the given one, else the beginning of the first text that has one, else
/// the host of the address.
pub(super) fn title(given: &str, texts: &[&str], link: Option<&str>) -> String {
    let given = Some(beginning(given, TITLE_MAX)).filter(|given| !given.is_empty());
    let title = given
        .or_else(|| texts.iter().map(|text| beginning(text, TITLE_FROM_TEXT)).find(|title| !title.is_empty()))
        .or_else(|| link.and_then(host))
        .unwrap_or_else(|| "Untitled".to_owned());
    unlike_markup(&title)
}

/// A name: one line that is no markup, cut where it is a text. May be empty.
pub(super) fn name(raw: &str) -> String {
    unlike_markup(&beginning(raw, NAME_MAX))
}

/// A line in which nothing looks like the end of an element. RSS does not say whether what it holds is HTML, so
/// some readers would leave it out, and validators warn. A word joiner is not seen, and HTML has no tag with one.
pub(super) fn unlike_markup(line: &str) -> String {
    let mut safe = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("</") {
        safe.push_str(before);
        safe.push_str(if after.starts_with(|c: char| c.is_ascii_alphabetic()) { "<\u{2060}/" } else { "</" });
        rest = after;
    }
    safe.push_str(rest);
    safe
}

/// Trimmed and distinct names, in their order, without the empty ones.
pub(super) fn names(raw: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    (raw.iter().map(|raw| name(raw))).filter(|line| !line.is_empty() && seen.insert(line.clone())).collect()
}

/// An absolute `http` or `https` address in the characters of RFC 3986; `None` for anything else.
/// Credentials in it are dropped: a feed is for others to read.
pub(super) fn link(raw: &str) -> Option<String> {
    let mut url = Url::parse(raw).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_username("").and_then(|()| url.set_password(None)).ok()?;
    // The dot of a host's full name is for resolvers; certificates and validators do not know it.
    if let Some(host) = url.host_str().and_then(|host| host.strip_suffix('.')).map(str::to_owned) {
        url.set_host(Some(&host)).ok()?;
    }
    let mut link = url[..Position::BeforePath].to_owned();
    // The URL standard leaves characters as they came that RFC 3986 §2 has no place for.
    let rest = &url[Position::BeforePath..];
    let mut in_fragment = false;
    for (at, c) in rest.char_indices() {
        let stays = match c {
            '%' => rest[at + 1..].bytes().take_while(u8::is_ascii_hexdigit).take(2).count() == 2,
            '#' => !std::mem::replace(&mut in_fragment, true),
            c => c.is_ascii_alphanumeric() || "-._~:/?@!$&'()*+,;=".contains(c),
        };
        if stays {
            link.push(c);
        } else {
            let mut utf8 = [0; 4];
            c.encode_utf8(&mut utf8).bytes().for_each(|byte| link.push_str(&format!("%{byte:02X}")));
        }
    }
    Some(link)
}

/// A clean link as an identifier: equal for all spellings of it (RFC 4287 §4.2.6.1, RFC 3986 §6.2.2). `None` for
/// other letters than ASCII, which have spellings that only Unicode's tables tell.
pub(super) fn identifier(link: &str) -> Option<String> {
    let mut parts = link.split('%');
    let mut id = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        let byte = u8::from_str_radix(digits, 16).ok().filter(u8::is_ascii)?;
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            id.push(char::from(byte));
        } else {
            id.push('%');
            id.push_str(&digits.to_ascii_uppercase());
        }
        id.push_str(rest);
    }
    Some(id)
}

/// The host of an address, as a last resort for a name.
fn host(link: &str) -> Option<String> {
    Url::parse(link).ok()?.host_str().map(|host| host.trim_start_matches("www.").to_owned())
}

/// A time that both date formats can express: whole seconds, a year of four digits. Leap seconds
/// and years beyond 9999 make chrono write what no parser reads, or panic.
pub(super) fn date(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp().clamp(EARLIEST, LATEST), 0).expect("years 1990 to 9999 are representable")
}

/// XML 1.0 §2.2, production 2, without what its note discourages: C1 controls and noncharacters.
fn is_legal(c: char) -> bool {
    match c {
        '\t' | '\n' => true,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' => false,
        c => u32::from(c) & 0xfffe != 0xfffe,
    }
}

/// What stands for a character that was lost on the way: a box rather than the sign that validators and
/// readers take for a fault in the feed.
fn shown(c: char) -> char {
    if c == char::REPLACEMENT_CHARACTER { '□' } else { c }
}

/// Whether there is nothing to see in it.
pub(super) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}'
                | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
                | '\u{e0000}'..='\u{e0fff}')
    })
}

pub(super) fn is_all(text: &str, holds: impl Fn(&u8) -> bool) -> bool {
    text.bytes().all(|byte| holds(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_link(raw: &str, expected: Option<&str>) {
        assert_eq!(link(raw).as_deref(), expected);
        if let Some(expected) = expected {
            assert_eq!(link(expected).as_deref(), Some(expected), "a clean link is left alone");
        }
    }

    #[test]
    fn links_are_absolute_http_in_the_characters_of_rfc_3986() {
        check_link("https://n.example/a?b=1&c=2#d", Some("https://n.example/a?b=1&c=2#d"));
        check_link(" HTTP://N.example/a b\t\"c\" ", Some("http://n.example/a%20b%22c%22"));
        check_link("https://n.example/|^`{}[]\\", Some("https://n.example/%7C%5E%60%7B%7D%5B%5D/"));
        check_link("https://n.example/100%?x=%zz&y=%41", Some("https://n.example/100%25?x=%25zz&y=%41"));
        check_link("https://n.example/#a#b|c", Some("https://n.example/#a%23b%7Cc"));
        check_link("https://n.example/#", Some("https://n.example/#"));
        check_link("https://[::1]/a", Some("https://[::1]/a"));
        check_link("https://bücher.example/ü", Some("https://xn--bcher-kva.example/%C3%BC"));
        check_link("https://me:secret@n.example/", Some("https://n.example/"));
        check_link("https://n.example./a", Some("https://n.example/a"));
    }

    #[test]
    fn an_identifier_has_one_spelling() {
        for spelt in ["https://n.example/a%7eb%2fc", "https://n.example/%61~b%2Fc"] {
            assert_eq!(identifier(&link(spelt).unwrap()).as_deref(), Some("https://n.example/a~b%2Fc"));
        }
        assert_eq!(identifier("https://n.example/%C3%BC"), None);
    }

    #[test]
    fn anything_else_is_no_link() {
        for raw in
            ["", "/a", "//n.example/", "javascript:alert(1)", "file:///etc/passwd", "ftp://n.example/", "https://"]
        {
            check_link(raw, None);
        }
    }

    #[track_caller]
    fn check_line(raw: &str, expected: &str) {
        assert_eq!(line(raw), expected);
    }

    #[test]
    fn lines_are_plain_and_single() {
        check_line("  a\r\n\tb\u{2028}c  ", "a b c");
        check_line("a\0b\u{1b}\u{fffe}\u{9f}\u{1ffff}c", "abc");
        check_line("\u{202e}gnp.exe", "gnp.exe");
        check_line("«\u{a0}Bonjour\u{a0}»", "«\u{a0}Bonjour\u{a0}»");
        check_line("👩‍👩‍👧 שלום", "👩‍👩‍👧 שלום");
        check_line("\u{200b}\u{feff}", "");
    }

    #[test]
    fn names_are_there_once() {
        let raw = ["b", " a ", "\0", "b\n"].map(str::to_owned);
        assert_eq!(names(&raw), ["b", "a"]);
        assert!(name(&"word ".repeat(99)).chars().count() <= 201);
    }

    #[test]
    fn no_line_looks_like_the_end_of_an_element() {
        assert_eq!(name("a <b>c</b> d"), "a <b>c<\u{2060}/b> d");
        assert_eq!(title("</title></ 3 <3", &[], None), "<\u{2060}/title></ 3 <3");
    }

    #[test]
    fn a_lost_character_is_a_box() {
        assert_eq!((line("a\u{fffd}b").as_str(), text("a\u{fffd}b").as_str()), ("a□b", "a□b"));
    }

    #[test]
    fn a_title_is_never_empty() {
        assert_eq!(title("A", &["B"], None), "A");
        assert_eq!(title("\u{200b} ", &["", "The talks ended. "], None), "The talks ended.");
        assert_eq!(title("", &[], Some("https://www.n.example/a")), "n.example");
        assert_eq!(title("", &[], None), "Untitled");
        let long = title("", &[&"word ".repeat(99)], None);
        assert!(long.ends_with("word…") && long.chars().count() <= 81, "{long}");
        assert_eq!(beginning("One sentence. Another", 14), "One sentence…");
        assert_eq!(title("", &[&"語".repeat(99)], None), format!("{}…", "語".repeat(80)));
    }

    #[test]
    fn dates_have_four_digits_and_whole_seconds() {
        assert_eq!(date(DateTime::<Utc>::MAX_UTC).to_rfc3339(), "9999-12-31T23:59:59+00:00");
        assert_eq!(date(DateTime::<Utc>::MIN_UTC).to_rfc2822(), "Mon, 1 Jan 1990 00:00:00 +0000");
        let leap = DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap();
        assert_eq!(date(leap).to_rfc3339(), "2016-12-31T23:59:59+00:00");
    }
}
