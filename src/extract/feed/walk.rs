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

use super::doctype;
use super::field::{Capture, FIELD_BYTES, Field, Writing};
use super::item::{Link, Pending};
use super::names::{Names, Space};
use super::{Document, ITEMS, Warnings};
use crate::extract::entities;
use crate::extract::html::absolute;
use crate::extract::markup::{Piece, Pieces, Tag};

/// Deepest nesting that is followed; below it tags are dropped and their text stays.
const DEPTH: usize = 128;
/// Bytes that the entities of a DOCTYPE may add to a document.
const ENTITY_BYTES: usize = 1024 * 1024;
/// Longest base address: nested relative ones grow.
const BASE_BYTES: usize = 2048;

/// What an open element is to us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The root, or RSS's channel.
    Feed,
    Item,
    /// RSS's image or textinput.
    Image,
    Person,
    /// RSS's or Atom's source.
    Source,
    /// What only holds others together: media:group, news:news.
    Media,
    /// RSS's skipHours or skipDays.
    Skips,
    /// Its text is being collected.
    Field(Field),
    /// Part of a field's markup.
    Markup,
    Other,
}

/// The vocabulary of the document's own elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Rss,
    Atom,
    Sitemap,
}

impl Family {
    /// Whether an element of the document's own vocabulary is one of its items.
    pub(super) fn is_item(self, local: &str) -> bool {
        match self {
            Family::Rss | Family::Atom => matches!(local, "item" | "entry"),
            Family::Sitemap => local == "url",
        }
    }
}

pub(super) struct Frame<'a> {
    /// As written, lower case.
    pub(super) name: Cow<'a, str>,
    pub(super) role: Role,
    pub(super) base: Option<Arc<Url>>,
}

pub(super) struct Walk<'a> {
    pub(super) document: Document,
    pub(super) visited: Option<DateTime<Utc>>,
    pub(super) warnings: &'a mut Warnings,
    pub(super) names: Names,
    pub(super) stack: Vec<Frame<'a>>,
    /// Start tags beyond the depth limit whose end tags are to come.
    pub(super) dropped: usize,
    pub(super) capture: Option<Capture>,
    pub(super) pending: Option<Pending>,
    pub(super) person: (Option<String>, Option<String>),
    pub(super) outlet: Option<String>,
    pub(super) feed_authors: Vec<String>,
    pub(super) feed_links: Vec<Link>,
    pub(super) entities: HashMap<String, String>,
    pub(super) entity_bytes: usize,
    pub(super) family: Family,
    pub(super) period: Option<u64>,
    pub(super) frequency: Option<u64>,
}

/// Reads the document from its root on. `base` is its address.
pub(super) fn walk<'a>(
    text: &'a str,
    base: Option<&Url>,
    visited: Option<DateTime<Utc>>,
    doctype: Option<&str>,
    family: Family,
    warnings: &'a mut Warnings,
) -> Document {
    let mut walk = Walk {
        document: Document::of_size(text.len()),
        visited,
        warnings,
        names: Names::default(),
        stack: vec![Frame { name: Cow::Borrowed(""), role: Role::Other, base: base.cloned().map(Arc::new) }],
        dropped: 0,
        capture: None,
        pending: None,
        person: (None, None),
        outlet: None,
        feed_authors: Vec::new(),
        feed_links: Vec::new(),
        entities: doctype.map(doctype::entities).unwrap_or_default(),
        entity_bytes: 0,
        family,
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

/// A name in lower case, as nearly all are.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

impl<'a> Walk<'a> {
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

    fn open(&mut self, tag: Tag<'a>) {
        let name = lower(tag.name);
        let (prefix, local) = name.split_once(':').unwrap_or(("", &name));
        let depth = self.stack.len();
        // A tag that was dropped, or has no end, leaves its declarations behind.
        self.names.leave(depth);
        self.names.declare(tag.attributes(), depth);
        if depth == 1 && !prefix.is_empty() && self.names.space(prefix) == Space::Unknown {
            self.names.adopt(prefix);
        }
        let space = self.names.space(prefix);
        let is_native = matches!(space, Space::Rss | Space::Atom);
        // An item inside an item has lost the end tag of the one before.
        if is_native
            && self.family.is_item(local)
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
            // Nothing in a sitemap has elements inside a text.
            let is_brother = is_brother
                || self.family == Family::Sitemap
                    && matches!(space, Space::Rss | Space::SitemapNews | Space::SitemapImage | Space::SitemapVideo);
            if is_brother
                && !matches!(capture.field, Field::Content | Field::Summary | Field::Outlet)
                && capture.writing != Writing::Xhtml
            {
                let at = capture.at;
                while self.stack.len() > at {
                    self.pop();
                }
            }
        }
        if self.capture.is_some() {
            return self.markup(tag, name);
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
    fn markup(&mut self, tag: Tag<'a>, name: Cow<'a, str>) {
        let Some(capture) = &mut self.capture else { return };
        let label = name.clone();
        let local = label.split_once(':').map_or(&*label, |(_, local)| local);
        let is_text = !capture.field.has_markup();
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
            "br" | "hr" | "img" | "input" | "wbr" | "meta" | "link" | "col" | "area" | "embed" | "source" | "track"
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
            self.stack.push(Frame { name, role: Role::Markup, base: None });
        }
    }

    fn close(&mut self, name: &str) {
        let name = lower(name);
        if self.dropped > 0 {
            // The end of a whole field or item ends what was dropped inside, closed or not.
            let is_whole = |frame: &Frame<'_>| frame.role != Role::Markup && frame.name == name;
            if !self.stack.iter().any(is_whole) {
                self.dropped -= 1;
                return;
            }
            self.dropped = 0;
        }
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
                    && capture.field.has_markup()
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
            Role::Feed | Role::Image | Role::Media | Role::Skips | Role::Other => {}
        }
    }

    /// The base of relative addresses inside the element (XML Base).
    fn base_of(&self, tag: Tag<'_>) -> Option<Arc<Url>> {
        let outer = self.stack.last().and_then(|frame| frame.base.clone());
        let Some(base) = tag.attribute("xml:base") else { return outer };
        let base = entities::decode(base);
        let inner =
            absolute(&base, outer.as_deref()).filter(|url| url.as_str().len() <= BASE_BYTES && !url.cannot_be_a_base());
        inner.map(Arc::new).or(outer)
    }

    fn finish_item(&mut self) {
        if let Some(pending) = self.pending.take() {
            let item = pending.finish(self.visited, self.warnings);
            self.document.add(item, self.warnings);
        }
    }

    /// Closes what is open and gives the document.
    fn finish(mut self, is_cut_off: bool) -> Document {
        if is_cut_off && !self.document.items.is_empty() && self.pending.is_some() {
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
        let alternate = self.feed_links.iter().find(|link| link.rel == "alternate").and_then(|link| link.url.clone());
        let Walk { mut document, feed_authors, period, frequency, family, .. } = self;
        document.home = document.home.or(alternate.filter(|url| matches!(url.scheme(), "http" | "https")));
        document.title = document.title.or(document.other_title.take());
        document.ttl_minutes = document.ttl_minutes.or(period.map(|minutes| minutes / frequency.unwrap_or(1).max(1)));
        if family == Family::Atom {
            document.authors = feed_authors;
        }
        document
    }
}
