//! A document as a tree, for checking; made without recursion.

use quick_xml::NsReader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use super::value::is_visible;

/// Names of namespaces, as short as feeds have them.
const SPACES: &[(&str, &str)] = &[
    ("http://www.w3.org/2005/Atom", "atom:"),
    ("http://purl.org/rss/1.0/modules/content/", "content:"),
    ("http://purl.org/dc/elements/1.1/", "dc:"),
    ("http://search.yahoo.com/mrss/", "media:"),
];

/// An element; names of other namespaces have a prefix.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    pub(crate) text: String,
}

impl Element {
    pub(crate) fn get(&self, attribute: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name == attribute).map(|(_, value)| value.as_str())
    }

    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(crate) fn text_of<'e>(&'e self, name: &'e str) -> Option<&'e str> {
        self.all(name).next().map(|child| child.text.as_str())
    }
}

/// The root, or why there is none. The second is what stands before it.
pub(crate) fn read(text: &str) -> Result<(Element, Vec<String>), String> {
    if let Some(c) = text.chars().find(|c| !is_visible(*c)) {
        return Err(format!("the character {c:?}"));
    }
    let mut reader = NsReader::from_str(text);
    let mut open: Vec<Element> = vec![Element::default()];
    let mut before = Vec::new();
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|cause| cause.to_string())?;
        let prefix = match space {
            ResolveResult::Bound(space) => prefix(std::str::from_utf8(space.0).unwrap_or_default())?,
            ResolveResult::Unbound => "",
            ResolveResult::Unknown(_) => return Err("a prefix that is not declared".to_owned()),
        };
        match event {
            Event::Start(start) => open.push(element(prefix, &start)?),
            Event::Empty(start) => {
                let element = element(prefix, &start)?;
                open.last_mut().ok_or("nothing is open")?.children.push(element);
            }
            Event::End(_) => {
                let element = open.pop().ok_or("nothing is open")?;
                open.last_mut().ok_or("an end too many")?.children.push(element);
            }
            Event::Text(part) => push(&mut open, &part.decode().map_err(|cause| cause.to_string())?),
            Event::CData(part) => push(&mut open, &part.decode().map_err(|cause| cause.to_string())?),
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|cause| cause.to_string())? {
                Some(c) => push(&mut open, c.encode_utf8(&mut [0; 4])),
                None => {
                    let name = name.decode().map_err(|cause| cause.to_string())?;
                    push(&mut open, resolve_xml_entity(&name).ok_or_else(|| format!("the reference &{name};"))?);
                }
            },
            Event::PI(instruction) => before.push(String::from_utf8_lossy(&instruction).into_owned()),
            Event::Decl(_) => before.push("xml".to_owned()),
            Event::Comment(_) | Event::DocType(_) => return Err("a comment or a document type".to_owned()),
            Event::Eof => break,
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(mut document), true) if document.children.len() == 1 => {
            Ok((document.children.pop().unwrap_or_default(), before))
        }
        _ => Err("there is no single root with an end".to_owned()),
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn element(prefix: &str, start: &BytesStart<'_>) -> Result<Element, String> {
    let name = format!("{prefix}{}", String::from_utf8_lossy(start.local_name().as_ref()));
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|cause| cause.to_string())?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let raw = String::from_utf8_lossy(&attribute.value).into_owned();
        let value = quick_xml::escape::unescape(&raw).map_err(|cause| cause.to_string())?;
        attributes.push((key, value.into_owned()));
    }
    Ok(Element { name, attributes, ..Element::default() })
}

fn prefix(space: &str) -> Result<&'static str, String> {
    let known = SPACES.iter().find(|(known, _)| *known == space).map(|(_, prefix)| *prefix);
    known.ok_or_else(|| format!("the namespace {space}"))
}
