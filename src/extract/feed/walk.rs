//! Walks over the elements of an RSS, RDF or Atom document.
//!
//! One walk for all of them, as they borrow from one another: an element means what its name says,
//! wherever a careless publisher puts it. The stack holds what is open; an end tag closes down to
//! its start tag, and one without a start tag closes nothing. No recursion, so depth is harmless.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use super::item::{Link, Pending, When, add_author, person, web_url};
use super::names::{Names, Space, by_uri};
use super::{Document, ITEMS, Warnings};
use crate::extract::draft::Markup;
use crate::extract::entities;
use crate::extract::html::{absolute, plain};
use crate::extract::markup::{Piece, Pieces, Tag};

/// Deepest nesting that is followed; below it tags are dropped and their text stays.
const DEPTH: usize = 128;
/// Longest text of one field.
const FIELD_BYTES: usize = 512 * 1024;
/// Entities of a DOCTYPE that are kept, and the bytes that they may add to a document.
const ENTITIES: usize = 64;
const ENTITY_BYTES: usize = 1024 * 1024;
/// Longest base address: nested relative ones grow.
const BASE_BYTES: usize = 2048;

/// What an open element is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    /// The root, or RSS's channel.
    Feed,
    Item,
    /// RSS's image or textinput.
    Image,
    Person,
    /// RSS's or Atom's source.
    Source,
    /// media:group, media:content.
    Media,
    /// Its text is being collected.
    Field(Field),
    /// Part of a field's markup.
    Markup,
    Other,
}

/// An element whose text means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Title,
    OtherTitle,
    Link,
    Guid,
    OtherId,
    Date(When),
    Summary,
    Content,
    Author,
    OtherAuthor,
    Category,
    Language,
    Ttl,
    UpdatePeriod,
    UpdateFrequency,
    /// Inside a person.
    Name,
    /// Inside a person, when there is no name.
    Mail,
    /// Inside an image.
    Address,
    /// Inside a source, or the whole of an RSS one.
    Outlet,
}

/// How the text of a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    Plain,
    /// HTML inside a string, and whatever tags were not escaped.
    Html,
    /// Markup as it stands.
    Xhtml,
    Base64,
}

struct Frame {
    /// As written, lower case.
    name: String,
    role: Role,
    base: Option<Arc<Url>>,
}

/// The field that is being collected.
struct Capture {
    /// Where its frame stands in the stack.
    at: usize,
    field: Field,
    writing: Writing,
    text: String,
    /// A child element was met.
    has_markup: bool,
    is_permalink: bool,
    /// `term` and the like, for elements that may say it either way.
    attribute: Option<String>,
}

pub(super) struct Walk<'a> {
    document: Document,
    visited: Option<DateTime<Utc>>,
    warnings: &'a mut Warnings,
    names: Names,
    stack: Vec<Frame>,
    /// Start tags beyond the depth limit whose end tags are to come.
    dropped: usize,
    capture: Option<Capture>,
    pending: Option<Pending>,
    person: (Option<String>, Option<String>),
    outlet: Option<String>,
    feed_authors: Vec<String>,
    feed_links: Vec<Link>,
    entities: HashMap<String, String>,
    entity_bytes: usize,
    is_atom: bool,
    period: Option<u64>,
    frequency: Option<u64>,
}

/// Reads the document from its root on. `base` is its address.
pub(super) fn walk(
    text: &str,
    base: Option<&Url>,
    visited: Option<DateTime<Utc>>,
    doctype: Option<&str>,
    is_atom: bool,
    warnings: &mut Warnings,
) -> Document {
    let mut walk = Walk {
        document: Document::default(),
        visited,
        warnings,
        names: Names::default(),
        stack: vec![Frame {
            name: String::new(),
            role: Role::Other,
            base: base.cloned().map(Arc::new),
        }],
        dropped: 0,
        capture: None,
        pending: None,
        person: (None, None),
        outlet: None,
        feed_authors: Vec::new(),
        feed_links: Vec::new(),
        entities: doctype.map(declared_entities).unwrap_or_default(),
        entity_bytes: 0,
        is_atom,
        period: None,
        frequency: None,
    };
    let mut pieces = Pieces::new(text);
    for piece in pieces.by_ref() {
        match piece {
            Piece::Text(text) => walk.text(text, false),
            Piece::Cdata(text) => walk.text(text, true),
            Piece::Open(tag) => walk.open(tag),
            Piece::Close(name) => {
                walk.close(name);
                // What follows the root is somebody else's.
                if walk.stack.len() <= 1 {
                    break;
                }
            }
            Piece::Doctype(_) | Piece::Other => {}
        }
        if walk.document.items.len() >= ITEMS {
            walk.warnings.add(format!("more than {ITEMS} items: the rest was not read"));
            walk.pending = None;
            walk.capture = None;
            break;
        }
    }
    let is_cut_off = pieces.cut_off || walk.stack.len() > 1;
    walk.finish(is_cut_off)
}

impl Walk<'_> {
    fn text(&mut self, text: &str, is_cdata: bool) {
        let Some(capture) = &mut self.capture else { return };
        let room = FIELD_BYTES.saturating_sub(capture.text.len());
        if text.len() > room {
            self.warnings.add("a text of more than 512 KiB was cut".to_owned());
        }
        let text = text.get(..text.floor_char_boundary(room)).unwrap_or_default();
        let decoded = if is_cdata || memchr::memchr(b'&', text.as_bytes()).is_none() {
            Cow::Borrowed(text)
        } else {
            let (entities, spent) = (&self.entities, &mut self.entity_bytes);
            let mut out = String::with_capacity(text.len());
            entities::decode_into(text, &mut out, |name| {
                let value = entities.get(name)?;
                *spent += value.len();
                (*spent <= ENTITY_BYTES).then_some(value.as_str())
            });
            Cow::Owned(out)
        };
        match capture.writing {
            Writing::Xhtml => entities::escape_into(&decoded, &mut capture.text),
            _ => capture.text.push_str(&decoded),
        }
        // Escaping and entities make more of it.
        if capture.text.len() > FIELD_BYTES {
            capture.text.truncate(capture.text.floor_char_boundary(FIELD_BYTES));
        }
    }

    fn open(&mut self, tag: Tag<'_>) {
        let name = tag.name.to_ascii_lowercase();
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        let depth = self.stack.len();
        self.names.declare(tag.attributes(), depth);
        if depth == 1 && !prefix.is_empty() && self.names.space(prefix) == Space::Unknown {
            self.names.adopt(prefix);
        }
        let space = self.names.space(prefix);
        let is_native = matches!(space, Space::Rss | Space::Atom);
        // An item inside an item has lost the end tag of the one before.
        if is_native
            && matches!(local, "item" | "entry")
            && !self.capture.as_ref().is_some_and(|capture| capture.writing == Writing::Xhtml)
        {
            while self.pending.is_some() && self.stack.len() > 1 {
                self.pop();
            }
        }
        if let Some(capture) = &self.capture
            && capture.field == Field::Author
            && matches!(local, "name" | "email")
            && let Some(frame) = self.stack.get_mut(capture.at)
        {
            // An author of Atom's kind in RSS.
            frame.role = Role::Person;
            self.capture = None;
        }
        if let Some(capture) = &self.capture {
            // A title without its end tag must not swallow its brothers.
            let is_brother = is_native
                && matches!(
                    local,
                    "link"
                        | "guid"
                        | "pubdate"
                        | "description"
                        | "updated"
                        | "published"
                        | "author"
                        | "category"
                        | "id"
                        | "title"
                        | "enclosure"
                );
            if is_brother
                && !matches!(capture.field, Field::Content | Field::Summary)
                && capture.writing != Writing::Xhtml
            {
                let at = capture.at;
                while self.stack.len() > at {
                    self.pop();
                }
            }
        }
        if self.capture.is_some() {
            return self.markup(tag, &name, local);
        }
        if self.stack.len() >= DEPTH {
            self.dropped += usize::from(!tag.empty);
            return;
        }
        let base = self.base_of(tag);
        let role = self.role(tag, space, local, base.as_deref());
        if let (Role::Field(field), None) = (&role, &self.capture) {
            self.capture = Some(self.start_capture(*field, tag, space));
        }
        if role == Role::Item {
            self.pending = Some(Pending { base: base.clone(), ..Pending::default() });
            self.start_item(tag, base.as_deref());
        }
        if matches!(&role, Role::Field(Field::Content | Field::Summary))
            && let Some(pending) = &mut self.pending
        {
            pending.item.base = base.clone();
        }
        self.stack.push(Frame { name, role, base });
        if tag.empty {
            self.pop();
        }
    }

    /// A tag inside a field: part of its markup.
    fn markup(&mut self, tag: Tag<'_>, name: &str, local: &str) {
        let Some(capture) = &mut self.capture else { return };
        let is_text = !matches!(
            capture.field,
            Field::Title | Field::Summary | Field::Content | Field::OtherTitle | Field::Outlet
        );
        if !capture.has_markup && capture.writing == Writing::Plain {
            // What looked like text is markup; what came before it was text.
            capture.writing = Writing::Xhtml;
            capture.text = entities::escape(&capture.text);
        }
        capture.has_markup = true;
        if !is_text && capture.text.len() < FIELD_BYTES {
            capture.text.push('<');
            capture.text.push_str(local);
            for (key, value) in tag.attributes() {
                if key.starts_with("xmlns") {
                    continue;
                }
                capture.text.push(' ');
                capture.text.push_str(key);
                capture.text.push_str("=\"");
                capture.text.push_str(&value.replace('"', "&quot;"));
                capture.text.push('"');
            }
            capture.text.push('>');
        }
        let is_void = matches!(
            local,
            "br" | "hr"
                | "img"
                | "input"
                | "wbr"
                | "meta"
                | "link"
                | "col"
                | "area"
                | "embed"
                | "source"
                | "track"
        );
        if is_void {
            return;
        }
        if tag.empty {
            if !is_text {
                capture.text.push_str("</");
                capture.text.push_str(local);
                capture.text.push('>');
            }
        } else if self.stack.len() >= DEPTH {
            self.dropped += 1;
        } else {
            self.stack.push(Frame { name: name.to_owned(), role: Role::Markup, base: None });
        }
    }

    fn close(&mut self, name: &str) {
        if self.dropped > 0 {
            self.dropped -= 1;
            return;
        }
        let name = name.to_ascii_lowercase();
        let found = self.stack.iter().rposition(|frame| frame.name == name);
        // A start tag and an end tag that differ in their prefixes only.
        let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
        let found = found.filter(|at| *at > 0).or_else(|| {
            let top = self.stack.len().checked_sub(1).filter(|at| *at > 0)?;
            (local(&self.stack.get(top)?.name) == local(&name)).then_some(top)
        });
        if let Some(at) = found {
            while self.stack.len() > at {
                self.pop();
            }
        }
    }

    fn pop(&mut self) {
        let Some(frame) = self.stack.pop() else { return };
        self.names.leave(self.stack.len());
        match frame.role {
            Role::Field(_) => {
                if self.capture.as_ref().is_some_and(|capture| capture.at == self.stack.len())
                    && let Some(capture) = self.capture.take()
                {
                    self.finish_field(capture, frame.base.as_deref());
                }
            }
            Role::Markup => {
                if let Some(capture) = &mut self.capture
                    && matches!(
                        capture.field,
                        Field::Title
                            | Field::Summary
                            | Field::Content
                            | Field::OtherTitle
                            | Field::Outlet
                    )
                {
                    let local = frame.name.rsplit(':').next().unwrap_or_default();
                    capture.text.push_str("</");
                    capture.text.push_str(local);
                    capture.text.push('>');
                }
            }
            Role::Item => self.finish_item(),
            Role::Person => {
                let (name, mail) = std::mem::take(&mut self.person);
                if let Some(name) = name.or(mail) {
                    self.author(name);
                }
            }
            Role::Source => {
                let outlet = self.outlet.take();
                if let Some(pending) = &mut self.pending {
                    pending.item.outlet = pending.item.outlet.take().or(outlet);
                }
            }
            Role::Feed | Role::Image | Role::Media | Role::Other => {}
        }
    }

    /// The base of relative addresses inside the element (XML Base).
    fn base_of(&self, tag: Tag<'_>) -> Option<Arc<Url>> {
        let outer = self.stack.last().and_then(|frame| frame.base.clone());
        let Some(base) = tag.attribute("xml:base") else { return outer };
        let base = entities::decode(base);
        let inner = absolute(&base, outer.as_deref())
            .filter(|url| url.as_str().len() <= BASE_BYTES && !url.cannot_be_a_base());
        inner.map(Arc::new).or(outer)
    }

    /// What the element is, where it stands; takes what its attributes say.
    fn role(&mut self, tag: Tag<'_>, space: Space, local: &str, base: Option<&Url>) -> Role {
        if self.stack.len() == 1 {
            self.document.language = language(tag.attribute("xml:lang"));
            // An Atom entry can be a document (RFC 4287 §4.1.2).
            return if local == "entry" || local == "item" { Role::Item } else { Role::Feed };
        }
        let is_native = matches!(space, Space::Rss | Space::Atom);
        let parent = self.stack.last().map_or(&Role::Other, |frame| &frame.role);
        if is_native && matches!(local, "item" | "entry") && self.pending.is_none() {
            return Role::Item;
        }
        match parent {
            Role::Feed | Role::Item | Role::Media => {}
            Role::Person => {
                return match local {
                    "name" => Role::Field(Field::Name),
                    "email" | "uri" | "url" => Role::Field(Field::Mail),
                    _ => Role::Other,
                };
            }
            Role::Source => {
                return if local == "title" { Role::Field(Field::Outlet) } else { Role::Other };
            }
            Role::Image => {
                return if local == "url" { Role::Field(Field::Address) } else { Role::Other };
            }
            _ => return Role::Other,
        }
        let in_item = self.pending.is_some();
        let in_media = *parent == Role::Media;
        let value = |name| tag.attribute(name).map(|value| entities::decode(value).into_owned());
        match space {
            Space::Media => self.media(tag, local, base),
            _ if in_media => Role::Other,
            Space::Rss | Space::Atom => match local {
                "channel" if !in_item => Role::Feed,
                "title" => Role::Field(Field::Title),
                "link" => match value("href").or_else(|| value("url")) {
                    Some(href) => {
                        self.link(tag, &href, base);
                        Role::Other
                    }
                    None => Role::Field(Field::Link),
                },
                "guid" | "id" if in_item => Role::Field(Field::Guid),
                "pubdate" | "published" | "issued" if in_item => {
                    Role::Field(Field::Date(When::Published))
                }
                "created" | "date" if in_item => Role::Field(Field::Date(When::Created)),
                "updated" | "modified" if in_item => Role::Field(Field::Date(When::Updated)),
                "description" | "summary" | "abstract" if in_item => Role::Field(Field::Summary),
                "content" | "encoded" | "body" | "fullitem" if in_item => {
                    if let Some(src) = value("src")
                        && let Some(pending) = &mut self.pending
                    {
                        pending.permalink =
                            pending.permalink.take().or_else(|| web_url(&src, base));
                    }
                    Role::Field(Field::Content)
                }
                "author" if in_item || self.is_atom => {
                    if self.is_atom {
                        Role::Person
                    } else {
                        Role::Field(Field::Author)
                    }
                }
                "contributor" => Role::Other,
                "category" | "keyword" if in_item => Role::Field(Field::Category),
                // RSS has the name as text, Atom as a title inside.
                "source" if in_item && !self.is_atom && space == Space::Rss => {
                    Role::Field(Field::Outlet)
                }
                "source" if in_item => Role::Source,
                "enclosure" if in_item => {
                    self.enclosure(tag, base);
                    Role::Other
                }
                "image" | "textinput" => Role::Image,
                "language" => Role::Field(Field::Language),
                "ttl" if !in_item => Role::Field(Field::Ttl),
                _ => Role::Other,
            },
            Space::DublinCore | Space::DublinTerms => match local {
                "title" => Role::Field(Field::OtherTitle),
                "creator" | "author" if in_item => Role::Field(Field::Author),
                "date" if in_item => Role::Field(Field::Date(When::Dublin)),
                "issued" | "available" if in_item => Role::Field(Field::Date(When::Dublin)),
                "created" if in_item => Role::Field(Field::Date(When::Created)),
                "modified" if in_item => Role::Field(Field::Date(When::Updated)),
                "subject" if in_item => Role::Field(Field::Category),
                "identifier" if in_item => Role::Field(Field::OtherId),
                "description" | "abstract" if in_item => Role::Field(Field::Summary),
                "language" => Role::Field(Field::Language),
                _ => Role::Other,
            },
            Space::Content if local == "encoded" && in_item => Role::Field(Field::Content),
            Space::Xhtml if matches!(local, "body" | "div") && in_item => {
                Role::Field(Field::Content)
            }
            Space::Itunes => match local {
                "author" if in_item => Role::Field(Field::OtherAuthor),
                "summary" | "subtitle"
                    if in_item
                        && self
                            .pending
                            .as_ref()
                            .is_some_and(|pending| pending.item.summary.is_none()) =>
                {
                    Role::Field(Field::Summary)
                }
                "image" if in_item => {
                    self.picture(value("href").or_else(|| value("url")), base);
                    Role::Other
                }
                "title" => Role::Field(Field::OtherTitle),
                _ => Role::Other,
            },
            Space::Syndication => match local {
                "updateperiod" => Role::Field(Field::UpdatePeriod),
                "updatefrequency" => Role::Field(Field::UpdateFrequency),
                _ => Role::Other,
            },
            // RSS 1.1 and RDF without its namespace.
            Space::Rdf if local == "li" || local == "seq" => Role::Other,
            _ => Role::Other,
        }
    }

    fn start_item(&mut self, tag: Tag<'_>, base: Option<&Url>) {
        let Some(pending) = &mut self.pending else { return };
        let value = |name| tag.attribute(name).map(|value| entities::decode(value).into_owned());
        pending.item.language = language(tag.attribute("xml:lang"));
        pending.other_id = value("rdf:about").or_else(|| value("about"));
        // CDF has the address on the item itself.
        pending.permalink = value("href").and_then(|href| web_url(&href, base));
    }

    /// The elements of Media RSS.
    fn media(&mut self, tag: Tag<'_>, local: &str, base: Option<&Url>) -> Role {
        let value = |name| tag.attribute(name).map(|value| entities::decode(value).into_owned());
        match local {
            "group" => return Role::Media,
            "content" => {
                let kind = value("type");
                let medium = value("medium").unwrap_or_default().to_ascii_lowercase();
                let major = kind
                    .as_deref()
                    .and_then(|kind| kind.split('/').next())
                    .unwrap_or(&medium)
                    .to_ascii_lowercase();
                if major == "image"
                    || (major.is_empty() && value("url").as_deref().is_some_and(looks_like_picture))
                {
                    self.picture(value("url"), base);
                } else if let (Some(pending), Some(url)) =
                    (&mut self.pending, value("url").and_then(|url| web_url(&url, base)))
                {
                    let length =
                        value("fileSize").and_then(|size| size.trim().parse().ok()).unwrap_or(0);
                    pending.add_enclosure(&url, kind, length);
                }
                return Role::Media;
            }
            "thumbnail" => self.picture(value("url"), base),
            "title" if self.pending.is_some() => return Role::Field(Field::OtherTitle),
            "description"
                if self.pending.as_ref().is_some_and(|pending| pending.item.summary.is_none()) =>
            {
                return Role::Field(Field::Summary);
            }
            _ => {}
        }
        Role::Other
    }

    fn picture(&mut self, address: Option<String>, base: Option<&Url>) {
        let url = address.and_then(|address| web_url(&address, base));
        if let (Some(pending), Some(url)) = (&mut self.pending, url)
            && pending.images.len() < 16
        {
            pending.images.push(url);
        }
    }

    fn enclosure(&mut self, tag: Tag<'_>, base: Option<&Url>) {
        let value = |name| tag.attribute(name).map(|value| entities::decode(value).into_owned());
        let url = value("url").or_else(|| value("href")).and_then(|url| web_url(&url, base));
        let Some(url) = url else { return };
        let length = value("length").and_then(|length| length.trim().parse().ok()).unwrap_or(0);
        let kind = value("type").map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty());
        if let Some(pending) = &mut self.pending {
            pending.add_enclosure(&url, kind, length);
        }
    }

    /// An Atom link.
    fn link(&mut self, tag: Tag<'_>, href: &str, base: Option<&Url>) {
        let value =
            |name| tag.attribute(name).map(|value| entities::decode(value).trim().to_owned());
        // RFC 4287 §4.2.7.2: without `rel` it is "alternate"; IANA's names may be written in full.
        let rel = value("rel")
            .filter(|rel| !rel.is_empty())
            .unwrap_or_else(|| "alternate".to_owned())
            .to_ascii_lowercase();
        let rel = rel
            .strip_prefix("http://www.iana.org/assignments/relation/")
            .map(str::to_owned)
            .unwrap_or(rel);
        let link = Link {
            rel,
            url: absolute(href, base),
            media_type: value("type").filter(|kind| !kind.is_empty()),
            length: value("length").and_then(|length| length.parse().ok()).unwrap_or(0),
        };
        let links = match &mut self.pending {
            Some(pending) => &mut pending.links,
            None => &mut self.feed_links,
        };
        if links.len() < 64 {
            links.push(link);
        }
    }

    fn author(&mut self, name: String) {
        match &mut self.pending {
            Some(pending) => pending.add_author(name),
            None => add_author(&mut self.feed_authors, name),
        }
    }

    fn start_capture(&self, field: Field, tag: Tag<'_>, space: Space) -> Capture {
        let value =
            |name| tag.attribute(name).map(|value| entities::decode(value).trim().to_owned());
        let kind = value("type").unwrap_or_default().to_ascii_lowercase();
        let mode = value("mode").unwrap_or_default().to_ascii_lowercase();
        let attribute = match field {
            // Atom's label is for readers, its term for machines.
            Field::Category => {
                value("label").or_else(|| value("term")).filter(|term| !term.is_empty())
            }
            _ => None,
        };
        Capture {
            at: self.stack.len(),
            field,
            writing: writing(&kind, &mode, self.is_atom || space == Space::Atom),
            text: String::new(),
            has_markup: false,
            is_permalink: value("ispermalink").is_none_or(|is| !is.eq_ignore_ascii_case("false")),
            attribute,
        }
    }

    fn finish_field(&mut self, capture: Capture, base: Option<&Url>) {
        let Capture { field, writing, text, is_permalink, attribute, has_markup, .. } = capture;
        let text = match entities::allowed(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(clean) => clean,
        };
        let line = || text.split_whitespace().collect::<Vec<_>>().join(" ");
        match field {
            Field::Title | Field::Summary | Field::Content | Field::OtherTitle | Field::Outlet => {
                return self.finish_text(field, writing, text, has_markup);
            }
            Field::Language => {
                let tag = language(Some(&text));
                match &mut self.pending {
                    Some(pending) => pending.item.language = pending.item.language.take().or(tag),
                    None => self.document.language = self.document.language.take().or(tag),
                }
                return;
            }
            Field::Ttl => {
                self.document.ttl_minutes = self.document.ttl_minutes.or(text.trim().parse().ok())
            }
            Field::UpdateFrequency => self.frequency = text.trim().parse().ok(),
            Field::UpdatePeriod => {
                self.period = match text.trim().to_ascii_lowercase().as_str() {
                    "hourly" => Some(60),
                    "daily" => Some(1440),
                    "weekly" => Some(10_080),
                    "monthly" => Some(43_200),
                    "yearly" => Some(525_600),
                    _ => None,
                };
            }
            Field::Name if self.person.0.is_none() => {
                self.person.0 = Some(line()).filter(|name| !name.is_empty())
            }
            Field::Mail if self.person.1.is_none() => {
                self.person.1 = Some(line()).filter(|mail| !mail.is_empty())
            }
            Field::Link if self.pending.is_none() => {
                self.document.home = self.document.home.take().or_else(|| web_url(&text, base));
            }
            _ => {}
        }
        let Some(pending) = &mut self.pending else { return };
        match field {
            Field::Link => pending.link = pending.link.take().or_else(|| web_url(&text, base)),
            Field::Guid if pending.item.guid.is_empty() => {
                pending.item.guid = text.trim().to_owned();
                if is_permalink && !self.is_atom {
                    pending.permalink = web_url(&text, None).or(pending.permalink.take());
                }
            }
            Field::OtherId => {
                let id = text.trim();
                if !id.is_empty() {
                    pending.other_id.get_or_insert_with(|| id.to_owned());
                }
            }
            Field::Date(when) if pending.dates.len() < 16 => pending.dates.push((when, line())),
            Field::Author => pending.add_author(person(&plain::line(&text))),
            Field::OtherAuthor => {
                pending.other_author =
                    Some(person(&plain::line(&text))).filter(|name| !name.is_empty())
            }
            Field::Category => {
                pending.add_category(&attribute.unwrap_or_else(|| plain::line(&text)))
            }
            Field::Address => {
                if let Some(url) = web_url(&text, base) {
                    pending.images.push(url);
                }
            }
            _ => {}
        }
    }

    /// Title, summary, content or outlet.
    fn finish_text(&mut self, field: Field, writing: Writing, text: String, has_markup: bool) {
        let text = match writing {
            Writing::Base64 if !has_markup => base64(&text).unwrap_or(text),
            _ => text,
        };
        let is_html =
            writing != Writing::Plain || (!matches!(field, Field::Title) && looks_like_html(&text));
        let is_blank = text.trim().is_empty();
        let markup = if is_html { Markup::Html(text) } else { Markup::Plain(text) };
        match (&mut self.pending, field) {
            (pending, Field::Outlet) => {
                let line = Some(plain::line(markup.raw())).filter(|line| !line.is_empty());
                let slot = match pending {
                    Some(pending) if !self.stack.iter().any(|frame| frame.role == Role::Source) => {
                        &mut pending.item.outlet
                    }
                    _ => &mut self.outlet,
                };
                *slot = slot.take().or(line);
            }
            _ if is_blank => {}
            (Some(pending), Field::Title) => {
                pending.item.title = pending.item.title.take().or(Some(markup))
            }
            (Some(pending), Field::OtherTitle) => {
                pending.other_title = pending.other_title.take().or(Some(markup))
            }
            (Some(pending), Field::Summary) => {
                pending.item.summary = pending.item.summary.take().or(Some(markup))
            }
            (Some(pending), Field::Content) => {
                // Of two contents the longer one is the whole.
                let is_longer = pending
                    .item
                    .content
                    .as_ref()
                    .is_none_or(|known| known.raw().len() < markup.raw().len());
                if is_longer {
                    pending.item.content = Some(markup);
                }
            }
            (None, Field::Title) => {
                self.document.title = self.document.title.take().or(Some(markup))
            }
            (None, Field::OtherTitle) => {
                self.document.other_title = self.document.other_title.take().or(Some(markup))
            }
            (None, _) => {}
            (Some(_), _) => {}
        }
    }

    fn finish_item(&mut self) {
        if let Some(pending) = self.pending.take() {
            let item = pending.finish(self.visited, self.warnings);
            self.document.items.push(item);
        }
    }

    /// Closes what is open and gives the document.
    fn finish(mut self, is_cut_off: bool) -> Document {
        if is_cut_off && !self.document.items.is_empty() && self.capture.is_some() {
            // Half a story would be published, and changed by the next visit.
            self.warnings.add("the document is cut off: its last item was left out".to_owned());
            self.pending = None;
            self.capture = None;
        } else if self.pending.is_some() {
            self.warnings.add("the document is cut off".to_owned());
        }
        while self.stack.len() > 1 {
            self.pop();
        }
        let alternate = self
            .feed_links
            .iter()
            .find(|link| link.rel == "alternate")
            .and_then(|link| link.url.clone());
        let Walk { mut document, feed_authors, period, frequency, is_atom, .. } = self;
        document.home =
            document.home.or(alternate.filter(|url| matches!(url.scheme(), "http" | "https")));
        document.title = document.title.or(document.other_title.take());
        document.ttl_minutes =
            document.ttl_minutes.or(period.map(|minutes| minutes / frequency.unwrap_or(1).max(1)));
        for item in &mut document.items {
            // RFC 4287 §4.2.1: an entry without an author has the feed's.
            if is_atom && item.authors.is_empty() {
                item.authors.clone_from(&feed_authors);
            }
        }
        document
    }
}

fn language(tag: Option<&str>) -> Option<String> {
    let tag = tag?.trim();
    (!tag.is_empty() && tag.len() <= 35).then(|| tag.to_owned())
}

fn looks_like_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"].iter().any(|end| path.ends_with(end))
}

/// Whether what is called plain text has end tags of HTML in it.
fn looks_like_html(text: &str) -> bool {
    [
        "</p>",
        "</a>",
        "</div>",
        "</b>",
        "</i>",
        "</em>",
        "</strong>",
        "</li>",
        "<br>",
        "<br/>",
        "<br />",
    ]
    .iter()
    .any(|mark| text.contains(mark))
}

/// RFC 4287 §3.1.1 and §4.1.3.1, and Atom 0.3's mode.
fn writing(kind: &str, mode: &str, is_atom: bool) -> Writing {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    match (kind, mode) {
        (_, "base64") => Writing::Base64,
        (_, "escaped") => {
            if kind.starts_with("text/plain") {
                Writing::Plain
            } else {
                Writing::Html
            }
        }
        ("xhtml" | "application/xhtml+xml", _) => Writing::Xhtml,
        (_, "xml") => Writing::Xhtml,
        ("html" | "text/html", _) => Writing::Html,
        ("text" | "text/plain", _) if is_atom => Writing::Plain,
        // Nobody said: most such texts have been escaped once too often.
        ("", _) => Writing::Html,
        (kind, _) if kind.ends_with("/xml") || kind.ends_with("+xml") => Writing::Xhtml,
        (kind, _) if kind.contains('/') && !kind.starts_with("text/") => Writing::Base64,
        _ => Writing::Html,
    }
}

/// Base64 that is text (RFC 4648); white space does not matter.
fn base64(text: &str) -> Option<String> {
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
    String::from_utf8(bytes).ok().filter(|text| !text.is_empty())
}

/// The general entities of a DOCTYPE: as plain text, never looked into, never fetched.
fn declared_entities(doctype: &str) -> HashMap<String, String> {
    let mut out = HashMap::new();
    for declaration in doctype.split("<!ENTITY").skip(1).take(ENTITIES) {
        let declaration = declaration.trim_start();
        let Some((name, rest)) = declaration.split_once(|c: char| c.is_whitespace()) else {
            continue;
        };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        let Some((value, _)) = rest.get(1..).and_then(|rest| rest.split_once(quote)) else {
            continue;
        };
        // Character references are read when an entity is declared (XML 1.0 §4.4).
        if name.len() <= 32 && value.len() <= 4096 {
            out.entry(name.to_owned()).or_insert_with(|| entities::decode(value).into_owned());
        }
    }
    out
}

/// The vocabulary of the root element, for telling formats apart.
pub(super) fn root_space(tag: Tag<'_>) -> Option<Space> {
    let prefix = tag.name.split_once(':').map_or("", |(prefix, _)| prefix);
    let wanted = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    tag.attribute(&wanted).map(by_uri)
}
