//! Bytes to text.
//!
//! In order: a byte order mark; UTF-16 and UTF-32 by their first bytes; bytes that are valid UTF-8,
//! whatever they are declared to be; the charset of the `Content-Type` header; the one that the
//! document declares; a guess. Servers and documents lie about charsets, and valid UTF-8 with
//! anything beyond ASCII in it is never an accident.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Encoding, UTF_16BE, UTF_16LE};

/// How far into a document its own declaration is searched for (WHATWG HTML, "prescan a byte
/// stream"; XML declarations stand on the first line).
const DECLARATION_BYTES: usize = 1024;

/// Bytes that an encoding is guessed from: the first megabyte that is more than ASCII.
const GUESSED: usize = 1 << 20;
/// Longest body whose text may be three times as long, as Thai is in UTF-8. Nothing but markup-free text is, so
/// of longer ones no more than twice as much is read.
const TRIPLED: usize = 4 << 20;
const TWICE: usize = 2;
/// What else a document of that size needs: with it all is within three times the body.
const APART: usize = 1 << 20;

/// The document as text, and whether characters had to be replaced because they could not be read.
pub(crate) fn decode<'a>(body: &'a [u8], content_type: Option<&str>) -> (Cow<'a, str>, bool) {
    if let Some(rest) = body.strip_prefix(b"\xEF\xBB\xBF") {
        return utf8(rest, content_type, true);
    }
    match body {
        [0x00, 0x00, 0xFE, 0xFF, rest @ ..] => utf32(rest, u32::from_be_bytes),
        [0xFF, 0xFE, 0x00, 0x00, rest @ ..] => utf32(rest, u32::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => with(UTF_16BE, rest),
        [0xFF, 0xFE, rest @ ..] => with(UTF_16LE, rest),
        [0x00, 0x00, 0x00, b'<' | b'{', ..] => utf32(body, u32::from_be_bytes),
        [b'<' | b'{', 0x00, 0x00, 0x00, ..] => utf32(body, u32::from_le_bytes),
        [0x00, b'<' | b'{', ..] => with(UTF_16BE, body),
        [b'<' | b'{', 0x00, ..] => with(UTF_16LE, body),
        // "<?xm" in EBCDIC (XML 1.0 appendix F).
        [0x4C, 0x6F, 0xA7, 0x94, ..] => (Cow::Owned(ebcdic(body)), false),
        _ => utf8(body, content_type, false),
    }
}

/// UTF-8 if it is that, else what is declared, else a guess.
fn utf8<'a>(body: &'a [u8], content_type: Option<&str>, marked: bool) -> (Cow<'a, str>, bool) {
    // ISO-2022-JP and UTF-7 are ASCII too: a declaration of the former counts before UTF-8 does.
    let declared = || content_type.and_then(charset).or_else(|| declaration(body));
    match std::str::from_utf8(body) {
        Ok(text) if memchr::memchr(0x1B, body).is_none() => (Cow::Borrowed(text), false),
        Ok(text) => match declared() {
            Some(encoding) if encoding == encoding_rs::ISO_2022_JP => with(encoding, body),
            _ => (Cow::Borrowed(text), false),
        },
        // A few broken bytes in what is UTF-8 otherwise must not turn all of it into Latin-1.
        Err(_) if marked || is_utf8(body, declared()) => with(encoding_rs::UTF_8, body),
        Err(_) => match declared().filter(|encoding| *encoding != encoding_rs::UTF_8) {
            // A document whose declaration could be read as ASCII is not UTF-16.
            Some(encoding) if encoding != UTF_16BE && encoding != UTF_16LE => with(encoding, body),
            _ => with(guess(body), body),
        },
    }
}

/// Whether well-formed UTF-8 sequences beyond ASCII outnumber broken ones: at all where UTF-8 is declared, clearly
/// where it is not.
fn is_utf8(body: &[u8], declared: Option<&'static Encoding>) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in body.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xC2).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * if declared == Some(encoding_rs::UTF_8) { 1 } else { 4 }
}

fn with<'a>(encoding: &'static Encoding, body: &'a [u8]) -> (Cow<'a, str>, bool) {
    if body.len() <= TRIPLED {
        return encoding.decode_without_bom_handling(body);
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    // Bit by bit: the decoder writes to all the room that it is given.
    let (mut text, mut bit) = (String::with_capacity(body.len()), String::with_capacity(64 << 10));
    let (mut rest, mut replaced) = (body, false);
    let longest = TWICE * body.len() - APART;
    while text.len() + bit.capacity() <= longest {
        let (result, read, bad) = decoder.decode_to_string(rest, &mut bit, true);
        text.push_str(&bit);
        bit.clear();
        replaced |= bad;
        rest = rest.get(read..).unwrap_or_default();
        if result == CoderResult::InputEmpty {
            break;
        }
    }
    (Cow::Owned(text), replaced)
}

/// The likely encoding of bytes that are not UTF-8.
fn guess(body: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let start = if body.len() <= GUESSED { 0 } else { body.iter().position(|byte| !byte.is_ascii()).unwrap_or(0) };
    let sample = body.get(start..).unwrap_or_default();
    let is_whole = sample.len() <= GUESSED;
    detector.feed(sample.get(..GUESSED).unwrap_or(sample), is_whole);
    detector.guess(None, Utf8Detection::Deny)
}

/// The charset parameter of a media type.
fn charset(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, value) = lower.split_once("charset")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, ';' | '"' | '\'' | ','));
    Encoding::for_label(value.get(..end.unwrap_or(value.len()))?.as_bytes())
}

/// `<?xml encoding="…"?>`, `<meta charset="…">` or `<meta content="…; charset=…">`.
fn declaration(body: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(body.get(..DECLARATION_BYTES).unwrap_or(body));
    let head = head.to_ascii_lowercase();
    let xml = head.split_once("<?xml").and_then(|(_, rest)| {
        let declaration = rest.split('>').next()?;
        let (_, value) = declaration.split_once("encoding")?;
        label(value)
    });
    xml.or_else(|| {
        head.split("<meta").skip(1).find_map(|meta| {
            let (_, value) = meta.split('>').next()?.split_once("charset")?;
            label(value)
        })
    })
}

/// The encoding named after an equals sign, quoted or not.
fn label(text: &str) -> Option<&'static Encoding> {
    let value = text.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    let end = value.find(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '?' | ';' | '/'));
    Encoding::for_label(value.get(..end.unwrap_or(value.len()))?.as_bytes())
}

fn utf32(body: &[u8], number: fn([u8; 4]) -> u32) -> (Cow<'_, str>, bool) {
    let mut replaced = false;
    let (units, _) = body.as_chunks::<4>();
    let text = units
        .iter()
        .map(|unit| {
            char::from_u32(number(*unit)).unwrap_or_else(|| {
                replaced = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (Cow::Owned(text), replaced)
}

/// The invariant part of EBCDIC (code page 37): enough for markup and English.
fn ebcdic(body: &[u8]) -> String {
    body.iter()
        .map(|byte| match byte {
            0x40 => ' ',
            0x05 => '\t',
            0x15 | 0x25 | 0x0D => '\n',
            0x4B => '.',
            0x4C => '<',
            0x4D => '(',
            0x4E => '+',
            0x50 => '&',
            0x5A => '!',
            0x5B => '$',
            0x5C => '*',
            0x5D => ')',
            0x5E => ';',
            0x60 => '-',
            0x61 => '/',
            0x6B => ',',
            0x6C => '%',
            0x6D => '_',
            0x6E => '>',
            0x6F => '?',
            0x7A => ':',
            0x7B => '#',
            0x7C => '@',
            0x7D => '\'',
            0x7E => '=',
            0x7F => '"',
            0xBA => '[',
            0xBB => ']',
            0x81..=0x89 => char::from(byte - 0x81 + b'a'),
            0x91..=0x99 => char::from(byte - 0x91 + b'j'),
            0xA2..=0xA9 => char::from(byte - 0xA2 + b's'),
            0xC1..=0xC9 => char::from(byte - 0xC1 + b'A'),
            0xD1..=0xD9 => char::from(byte - 0xD1 + b'J'),
            0xE2..=0xE9 => char::from(byte - 0xE2 + b'S'),
            0xF0..=0xF9 => char::from(byte - 0xF0 + b'0'),
            _ => char::REPLACEMENT_CHARACTER,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[track_caller]
    fn check(body: &[u8], content_type: Option<&str>, expected: &str) {
        assert_eq!(decode(body, content_type).0, expected);
    }

    fn utf16(text: &str, mark: bool, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        let mark = mark.then_some(0xFEFF);
        mark.into_iter().chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn a_byte_order_mark_wins() {
        check(b"\xEF\xBB\xBF<a>\xC3\xA9", Some("text/xml; charset=iso-8859-1"), "<a>é");
        check(&utf16("<a>é", true, u16::to_be_bytes), Some("text/xml; charset=utf-8"), "<a>é");
        check(&utf16("<a>é", true, u16::to_le_bytes), None, "<a>é");
        check(b"\x00\x00\xFE\xFF\x00\x00\x00<\x00\x00\x00a", None, "<a");
    }

    #[test]
    fn wide_encodings_show_in_the_first_bytes() {
        check(&utf16("<a>é", false, u16::to_be_bytes), None, "<a>é");
        check(&utf16("{\"é\"", false, u16::to_le_bytes), None, "{\"é\"");
        check(b"<\x00\x00\x00a\x00\x00\x00", None, "<a");
    }

    #[test]
    fn valid_utf8_beats_a_lying_declaration() {
        check("<?xml encoding='iso-8859-1'?>é".as_bytes(), None, "<?xml encoding='iso-8859-1'?>é");
        check("é".as_bytes(), Some("text/xml; charset=windows-1252"), "é");
    }

    #[test]
    fn a_large_body_is_read_like_a_small_one() {
        let text = "<a>é ".repeat(1 << 20);
        let latin: Vec<u8> = text.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
        check(&latin, Some("text/xml; charset=iso-8859-1"), &text);
        check(&utf16(&text, true, u16::to_le_bytes), None, &text);
        let thai = vec![0xA1; 5 << 20];
        let read = decode(&thai, Some("text/xml; charset=windows-874")).0.len();
        assert!(((9 << 20) - (64 << 10)..=9 << 20).contains(&read), "{read}");
    }

    #[test]
    fn the_header_beats_the_document() {
        check(b"<?xml encoding='koi8-r'?>\xE9", Some("text/xml; charset=\"iso-8859-1\""), "<?xml encoding='koi8-r'?>é");
    }

    #[test]
    fn the_document_says_what_the_header_does_not() {
        check(
            b"<?xml version='1.0' encoding=\"iso-8859-1\"?>\xE9",
            Some("text/xml"),
            "<?xml version='1.0' encoding=\"iso-8859-1\"?>é",
        );
        check(
            b"<meta http-equiv=x content='text/html; charset=koi8-r'>\xC1",
            None,
            "<meta http-equiv=x content='text/html; charset=koi8-r'>а",
        );
    }

    #[test]
    fn one_broken_byte_does_not_cost_the_rest() {
        let mut body = "Ünïcödé ünd söweïter".as_bytes().to_vec();
        body.push(0xFF);
        check(&body, Some("text/xml; charset=utf-8"), "Ünïcödé ünd söweïter\u{FFFD}");
    }

    #[test]
    fn guesses_when_nobody_says() {
        check(b"Der Pr\xE4sident h\xF6rte die Gr\xFC\xDFe", None, "Der Präsident hörte die Grüße");
    }
}
