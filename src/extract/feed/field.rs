//! The text of one element: how it is written, and where it goes.

use std::borrow::Cow;

use url::Url;

use super::base64::{self, Decoded};
use super::item::{When, person, web_url};
use super::meaning::language;
use super::names::Space;
use super::walk::{Family, Role, Walk};
use crate::extract::draft::Markup;
use crate::extract::entities;
use crate::extract::html::plain;
use crate::extract::markup::Tag;

/// Longest text of one field.
pub(super) const FIELD_BYTES: usize = 512 * 1024;

/// An element whose text means something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Title,
    OtherTitle,
    Link,
    /// As a feed service found it.
    OriginalLink,
    Guid,
    OtherId,
    Date(When),
    Summary,
    Content,
    Author,
    OtherAuthor,
    Category,
    /// Categories between commas.
    Keywords,
    Language,
    Ttl,
    UpdatePeriod,
    UpdateFrequency,
    /// An hour of `skipHours`.
    SkipHour,
    /// A day of `skipDays`, in English.
    SkipDay,
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
pub(super) enum Writing {
    Plain,
    /// HTML inside a string, and whatever tags were not escaped.
    Html,
    /// Markup as it stands.
    Xhtml,
    Base64,
}

/// The field that is being collected.
pub(super) struct Capture {
    /// Where its frame stands in the stack.
    pub(super) at: usize,
    pub(super) field: Field,
    pub(super) writing: Writing,
    pub(super) text: String,
    /// A child element was met.
    pub(super) has_markup: bool,
    pub(super) is_permalink: bool,
    /// `term` and the like, for elements that may say it either way.
    pub(super) attribute: Option<String>,
}

impl Field {
    /// Whether tags inside are part of it.
    pub(super) fn has_markup(self) -> bool {
        matches!(self, Field::Title | Field::OtherTitle | Field::Summary | Field::Content | Field::Outlet)
    }
}

impl Walk<'_> {
    pub(super) fn start_capture(&self, field: Field, tag: Tag<'_>, space: Space) -> Capture {
        let value = |name| tag.attribute(name).map(|value| entities::decode(value).trim().to_owned());
        let kind = value("type").unwrap_or_default().to_ascii_lowercase();
        let mode = value("mode").unwrap_or_default().to_ascii_lowercase();
        let attribute = match field {
            // Atom's label is for readers, its term for machines.
            Field::Category => value("label").or_else(|| value("term")).filter(|term| !term.is_empty()),
            _ => None,
        };
        Capture {
            at: self.stack.len(),
            field,
            writing: writing(&kind, &mode, self.family == Family::Atom || space == Space::Atom),
            text: String::new(),
            has_markup: false,
            is_permalink: value("ispermalink").is_none_or(|is| !is.eq_ignore_ascii_case("false")),
            attribute,
        }
    }

    pub(super) fn finish_field(&mut self, capture: Capture, base: Option<&Url>) {
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
            Field::Ttl => self.document.ttl_minutes = self.document.ttl_minutes.or(text.trim().parse().ok()),
            Field::SkipHour => text.trim().parse().into_iter().for_each(|hour| self.document.wishes.skip_hour(hour)),
            Field::SkipDay => text.trim().parse().into_iter().for_each(|day| self.document.wishes.skip_day(day)),
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
            Field::Name if self.person.0.is_none() => self.person.0 = Some(line()).filter(|name| !name.is_empty()),
            Field::Mail if self.person.1.is_none() => self.person.1 = Some(line()).filter(|mail| !mail.is_empty()),
            Field::Link if self.pending.is_none() => {
                self.document.home = self.document.home.take().or_else(|| web_url(&text, base));
            }
            _ => {}
        }
        let Some(pending) = &mut self.pending else { return };
        match field {
            Field::Link => pending.link = pending.link.take().or_else(|| web_url(&text, base)),
            Field::OriginalLink => pending.original_link = web_url(&text, base).or(pending.original_link.take()),
            Field::Guid if pending.item.guid.is_empty() => {
                pending.item.guid = text.trim().to_owned();
                if is_permalink && self.family != Family::Atom {
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
                pending.other_author = Some(person(&plain::line(&text))).filter(|name| !name.is_empty())
            }
            Field::Category => pending.add_category(&attribute.unwrap_or_else(|| plain::line(&text))),
            Field::Keywords => text.split(',').for_each(|keyword| pending.add_category(&plain::line(keyword))),
            Field::Address => {
                if let Some(url) = web_url(&text, base) {
                    pending.add_picture(url);
                }
            }
            _ => {}
        }
    }

    /// Title, summary, content or outlet.
    fn finish_text(&mut self, field: Field, writing: Writing, text: String, has_markup: bool) {
        let text = match (writing == Writing::Base64 && !has_markup).then(|| base64::decode(&text)) {
            Some(Decoded::Text(decoded)) => decoded,
            // A picture is no text.
            Some(Decoded::Binary) => return,
            Some(Decoded::Not) | None => text,
        };
        let is_html = writing != Writing::Plain || (!matches!(field, Field::Title) && looks_like_html(&text));
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
            (Some(pending), Field::Title) => pending.item.title = pending.item.title.take().or(Some(markup)),
            (Some(pending), Field::OtherTitle) => pending.other_title = pending.other_title.take().or(Some(markup)),
            (Some(pending), Field::Summary) => pending.item.summary = pending.item.summary.take().or(Some(markup)),
            (Some(pending), Field::Content) => {
                // Of two contents the longer one is the whole.
                let is_longer =
                    pending.item.content.as_ref().is_none_or(|known| known.raw().len() < markup.raw().len());
                if is_longer {
                    pending.item.content = Some(markup);
                }
            }
            (None, Field::Title) => self.document.title = self.document.title.take().or(Some(markup)),
            (None, Field::OtherTitle) => self.document.other_title = self.document.other_title.take().or(Some(markup)),
            (None, _) => {}
            (Some(_), _) => {}
        }
    }
}

/// Whether what is called plain text has end tags of HTML in it.
fn looks_like_html(text: &str) -> bool {
    ["</p>", "</a>", "</div>", "</b>", "</i>", "</em>", "</strong>", "</li>", "<br>", "<br/>", "<br />"]
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
