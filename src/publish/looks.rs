//! What a feed looks like to a person who opens it in a browser.
//!
//! A feed is for programs, but people follow links to it. The instruction names a stylesheet beside the
//! feed, which shows a list of headlines and says what to do with the address. It is CSS, as browsers are
//! giving up XSLT; those that show a feed as plain text or save it ignore it.

use super::File;
use crate::model::Format;

/// The name of the stylesheet of all feeds.
const NAME: &str = "feed.css";

/// The stylesheet.
const LOOKS: &str = include_str!("feed.css");

/// Whether files of a format name the stylesheet.
pub(super) fn are_of(format: Format) -> bool {
    matches!(format, Format::Rss | Format::Atom)
}

/// The stylesheet, to be written beside the feeds.
pub(super) fn file() -> File {
    File { name: NAME.to_owned(), bytes: LOOKS.as_bytes().to_vec() }
}

/// The document with the instruction (xml-stylesheet 1.0) after its XML declaration.
pub(super) fn given_to(xml: Vec<u8>) -> Vec<u8> {
    let end = xml.windows(2).position(|two| two == b"?>").filter(|_| xml.starts_with(b"<?xml "));
    let Some(end) = end else { return xml };
    let (declaration, rest) = xml.split_at(end + 2);
    let instruction = format!("\n<?xml-stylesheet type=\"text/css\" href=\"{NAME}\"?>\n");
    let mut styled = Vec::with_capacity(xml.len() + instruction.len());
    styled.extend_from_slice(declaration);
    styled.extend_from_slice(instruction.as_bytes());
    styled.extend_from_slice(rest.trim_ascii_start());
    styled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xml: &str, expected: &str) {
        assert_eq!(String::from_utf8(given_to(xml.as_bytes().to_vec())).unwrap(), expected);
    }

    #[test]
    fn the_instruction_follows_the_declaration() {
        let styled = "<?xml version=\"1.0\"?>\n<?xml-stylesheet type=\"text/css\" href=\"feed.css\"?>\n<rss/>\n";
        check("<?xml version=\"1.0\"?><rss/>\n", styled);
        check("<?xml version=\"1.0\"?>\n\n<rss/>\n", styled);
        check("<rss/>", "<rss/>");
    }
}
