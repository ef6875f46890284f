//! Values that every format has: addresses, dates, languages, media types, names.

use chrono::DateTime;
use url::Url;

/// One line of text with something in it, nothing that only programs see, and no end of an HTML element.
pub(crate) fn is_line(text: &str) -> bool {
    let tag = text.split("</").skip(1).any(|after| after.starts_with(|c: char| c.is_ascii_alphabetic()));
    !tag && !text.trim().is_empty()
        && text.trim() == text
        && text.chars().all(|c| is_visible(c) && c != '\n' && c != '\t')
}

/// A name of somebody: a line without an e-mail address in angle brackets.
pub(crate) fn is_person(text: &str) -> bool {
    let address = |part: &str| {
        let inside = part.split_once('>').and_then(|(inside, _)| inside.split_once('@'));
        inside.is_some_and(|(local, host)| {
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
            plain(local) && plain(host) && host.contains('.')
        })
    };
    is_line(text) && !text.split('<').skip(1).any(address)
}

/// XML 1.0 §2.2 without what its note discourages, which JSON has no reason to hold either.
pub(crate) fn is_visible(c: char) -> bool {
    let code = u32::from(c);
    let control = code < 0x20 && c != '\n' && c != '\t' || (0x7f..0xa0).contains(&code);
    !control && !(0xfdd0..0xfdf0).contains(&code) && code & 0xfffe != 0xfffe && c != char::REPLACEMENT_CHARACTER
}

/// An absolute `http` or `https` address: RFC 3986 characters, a host, nobody's password, as the URL
/// standard would write it.
pub(crate) fn is_address(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return false };
    let mut rest = text.split('%');
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=".contains(&b));
    let escaped = |part: &str| part.len() >= 2 && part.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit);
    rest.next().is_some_and(plain)
        && rest.all(|part| escaped(part) && plain(part))
        && text.matches('#').count() <= 1
        && matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.as_str() == text
}

/// An absolute URI that names an entry or a feed.
pub(crate) fn is_id(text: &str) -> bool {
    let hex = |part: &str, len| part.len() == len && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let uuid = |uuid: &str| {
        let parts: Vec<&str> = uuid.split('-').collect();
        parts.len() == 5 && parts.iter().zip([8, 4, 4, 4, 12]).all(|(part, len)| hex(part, len))
    };
    text.strip_prefix("urn:uuid:").is_some_and(uuid)
}

/// RFC 3339 in UTC, as seconds since 1970; microseconds at most, which is what readers' languages know.
pub(crate) fn rfc_3339(text: &str) -> Option<i64> {
    let most = "0000-00-00T00:00:00.000000+00:00".len();
    let utc = text.len() <= most && (text.ends_with('Z') || text.ends_with("+00:00"));
    utc.then(|| DateTime::parse_from_rfc3339(text).ok())?.map(seconds).filter(|at| *at >= FIRST)
}

/// 1990-01-01: nothing on the web is older.
const FIRST: i64 = 631_152_000;

/// RFC 822 as RSS has it: four digits of the year, the right day of the week.
pub(crate) fn rfc_822(text: &str) -> Option<i64> {
    let year = text.split(' ').nth(3).is_some_and(|year| year.len() == 4);
    year.then(|| DateTime::parse_from_rfc2822(text).ok())?.map(seconds).filter(|at| *at >= FIRST)
}

fn seconds(at: DateTime<chrono::FixedOffset>) -> i64 {
    at.timestamp()
}

/// BCP 47, as far as its shape goes: a language of two or three letters, parts of at most eight.
pub(crate) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(|p| (2..=3).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_lowercase()));
    first && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// RFC 6838 §4.2, without parameters.
pub(crate) fn is_media_type(text: &str) -> bool {
    let name = |name: &str| {
        (1..=127).contains(&name.len())
            && name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.split_once('/').is_some_and(|(kind, sort)| name(kind) && name(sort))
}
