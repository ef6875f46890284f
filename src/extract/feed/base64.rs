//! Base64, as Atom allows it for text.

/// What base64 stood for.
pub(super) enum Decoded {
    Text(String),
    /// A picture or the like.
    Binary,
    /// It was not base64.
    Not,
}

/// Decodes base64 of either alphabet (RFC 4648); white space does not matter.
pub(super) fn decode(text: &str) -> Decoded {
    match bytes(text).map(String::from_utf8) {
        None => Decoded::Not,
        Some(Ok(text)) => Decoded::Text(text),
        Some(Err(_)) => Decoded::Binary,
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for c in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0x00FF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xFF).ok()?);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Decoded, decode};

    #[test]
    fn tells_text_from_pictures_and_from_sentences() {
        assert!(matches!(decode("SGlzdG9y\n eQ=="), Decoded::Text(text) if text == "History"));
        assert!(matches!(decode("iVBORw0KGgo="), Decoded::Binary));
        assert!(matches!(decode("A sentence, as it is."), Decoded::Not));
        assert!(matches!(decode(""), Decoded::Not));
    }
}
