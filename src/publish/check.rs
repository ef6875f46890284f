//! Reads what was written before anybody else does.
//!
//! The feed crates write what they are given. A fault in the cleaning must end here, as an error
//! with the old file intact, and not at every subscriber.

use std::collections::HashSet;

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::sheet::Sheet;
use super::{atom, json, page, rss};
use crate::model::Format;

/// Whether the bytes are well-formed, and hold the sheet's entries with their ids and titles in its
/// order; else what is wrong.
pub(super) fn check(format: Format, sheet: &Sheet, bytes: &[u8]) -> Result<(), String> {
    if format != Format::Json {
        well_formed(bytes)?;
    }
    let read = match format {
        Format::Rss => rss::read(bytes).map_err(|error| error.to_string())?,
        Format::Atom => atom::read(bytes).map_err(|error| error.to_string())?,
        Format::Json => json::read(bytes).map_err(|error| error.to_string())?,
        Format::Html => page::read(bytes)?,
    };
    if read.len() != sheet.entries.len() {
        return Err(format!("{} entries were written, {} are read", sheet.entries.len(), read.len()));
    }
    let mut ids = HashSet::new();
    for ((id, title), entry) in read.iter().zip(&sheet.entries) {
        let named = if format == Format::Html { &entry.anchor } else { &entry.id };
        if id != named || *title != entry.title || id.is_empty() || title.is_empty() {
            return Err(format!("entry {} is read with id {id:?} and title {title:?}", entry.id));
        }
        if !ids.insert(id) {
            return Err(format!("entry {id} is there twice"));
        }
    }
    Ok(())
}

/// XML 1.0 with namespaces, as far as a feed can hurt it. Pages are written so that they are XML too.
pub(super) fn well_formed(bytes: &[u8]) -> Result<(), String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    if let Some(c) = text.chars().find(|&c| !is_char(c)) {
        return Err(format!("the character {c:?} is not allowed in XML"));
    }
    let mut reader = NsReader::from_str(text);
    reader.config_mut().check_comments = true;
    let (mut depth, mut roots) = (0_usize, 0_usize);
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(|error| error.to_string())?;
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                if let ResolveResult::Unknown(prefix) = namespace {
                    return Err(format!("the prefix {} is not declared", String::from_utf8_lossy(&prefix)));
                }
                attributes(element)?;
                roots += usize::from(depth == 0);
                depth += usize::from(matches!(event, Event::Start(_)));
            }
            // An end without a start is an error of the reader's.
            Event::End(_) => depth = depth.saturating_sub(1),
            Event::Text(text) if depth == 0 && !text.iter().all(u8::is_ascii_whitespace) => {
                return Err("there is text outside the root".to_owned());
            }
            Event::GeneralRef(reference) => {
                let name = reference.decode().map_err(|error| error.to_string())?;
                match reference.resolve_char_ref() {
                    Ok(Some(c)) if is_char(c) => {}
                    Ok(None) if resolve_xml_entity(&name).is_some() => {}
                    _ => return Err(format!("the reference &{name}; means nothing")),
                }
            }
            Event::Eof if depth == 0 && roots == 1 => return Ok(()),
            Event::Eof => return Err("the root is missing or has no end".to_owned()),
            _ => {}
        }
    }
}

fn attributes(element: &BytesStart<'_>) -> Result<(), String> {
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        if attribute.value.contains(&b'<') {
            return Err("there is a < in an attribute".to_owned());
        }
        // Names of HTML that the library knows as well are not defined in our documents.
        let text = std::str::from_utf8(&attribute.value).map_err(|error| error.to_string())?;
        let named = |part: &&str| {
            !part.starts_with('#') && part.split_once(';').is_none_or(|(name, _)| resolve_xml_entity(name).is_none())
        };
        if let Some(part) = text.split('&').skip(1).find(named) {
            let name = part.split(';').next().unwrap_or(part);
            return Err(format!("the reference &{name}; in an attribute means nothing"));
        }
        let value = attribute.decoded_and_normalized_value(XmlVersion::Implicit1_0, element.decoder());
        value.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// XML 1.0 §2.2, production 2. Said again, so that a fault in `clean` does not hide itself.
fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_well_formed_from_ill_formed() {
        for good in [
            "<a/>",
            "<?xml version=\"1.0\"?>\n<a x=\"1&amp;2\">&lt;&#38;<![CDATA[<b>]]></a>\n",
            "<a xmlns:b=\"u\"><b:c/></a>",
        ] {
            assert_eq!(well_formed(good.as_bytes()), Ok(()), "{good}");
        }
        for bad in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a/>text",
            "<a>&nbsp;</a>",
            "<a>&#0;</a>",
            "<a>& b</a>",
            "<a x=\"1&2\"/>",
            "<a x=\"<\"/>",
            "<a x=\"1\" x=\"2\"/>",
            "<b:c/>",
            "<a>\u{1}</a>",
            "<a>\u{fffe}</a>",
            "<a>]]&gt;<![CDATA[</a>",
        ] {
            assert!(well_formed(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(well_formed(b"<a>\xff</a>").is_err());
    }
}
