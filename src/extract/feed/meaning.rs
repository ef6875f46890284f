//! What an element means where it stands.

use url::Url;

use super::field::Field;
use super::item::{Link, When, add_author, web_url};
use super::names::Space;
use super::sitemap;
use super::walk::{Family, Role, Walk};
use crate::extract::entities;
use crate::extract::html::absolute;
use crate::extract::markup::Tag;

impl Walk<'_> {
    /// What the element is, where it stands; takes what its attributes say.
    pub(super) fn role(&mut self, tag: Tag<'_>, space: Space, local: &str, base: Option<&Url>) -> Role {
        if self.stack.len() == 1 {
            self.document.language = language(tag.attribute("xml:lang"));
            // An Atom entry can be a document (RFC 4287 §4.1.2).
            return if local == "entry" || local == "item" { Role::Item } else { Role::Feed };
        }
        let is_native = matches!(space, Space::Rss | Space::Atom);
        let parent = self.stack.last().map_or(&Role::Other, |frame| &frame.role);
        if is_native && self.family.is_item(local) && self.pending.is_none() {
            return Role::Item;
        }
        if self.family == Family::Sitemap {
            return sitemap::role(space, local, parent);
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
            Role::Skips => {
                return match local {
                    "hour" => Role::Field(Field::SkipHour),
                    "day" => Role::Field(Field::SkipDay),
                    _ => Role::Other,
                };
            }
            _ => return Role::Other,
        }
        let in_item = self.pending.is_some();
        let is_atom = self.family == Family::Atom;
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
                "pubdate" | "published" | "issued" if in_item => Role::Field(Field::Date(When::Published)),
                "created" | "date" if in_item => Role::Field(Field::Date(When::Created)),
                "updated" | "modified" if in_item => Role::Field(Field::Date(When::Updated)),
                "description" | "summary" | "abstract" if in_item => Role::Field(Field::Summary),
                "content" | "encoded" | "body" | "fullitem" if in_item => {
                    if let Some(src) = value("src")
                        && let Some(pending) = &mut self.pending
                    {
                        pending.permalink = pending.permalink.take().or_else(|| web_url(&src, base));
                    }
                    Role::Field(Field::Content)
                }
                "author" if in_item || is_atom => {
                    if is_atom {
                        Role::Person
                    } else {
                        Role::Field(Field::Author)
                    }
                }
                "contributor" => Role::Other,
                "category" | "keyword" if in_item => Role::Field(Field::Category),
                // RSS has the name as text, Atom as a title inside.
                "source" if in_item && !is_atom && space == Space::Rss => Role::Field(Field::Outlet),
                "source" if in_item => Role::Source,
                "enclosure" if in_item => {
                    self.enclosure(tag, base);
                    Role::Other
                }
                "image" | "textinput" => Role::Image,
                "language" => Role::Field(Field::Language),
                "ttl" if !in_item => Role::Field(Field::Ttl),
                "skiphours" | "skipdays" if !in_item => Role::Skips,
                _ => Role::Other,
            },
            Space::FeedService if in_item && local == "origlink" => Role::Field(Field::OriginalLink),
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
            Space::Xhtml if matches!(local, "body" | "div") && in_item => Role::Field(Field::Content),
            Space::Itunes => match local {
                "author" if in_item => Role::Field(Field::OtherAuthor),
                "summary" | "subtitle"
                    if in_item && self.pending.as_ref().is_some_and(|pending| pending.item.summary.is_none()) =>
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

    pub(super) fn start_item(&mut self, tag: Tag<'_>, base: Option<&Url>) {
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
                let major =
                    kind.as_deref().and_then(|kind| kind.split('/').next()).unwrap_or(&medium).to_ascii_lowercase();
                if major == "image" || (major.is_empty() && value("url").as_deref().is_some_and(looks_like_picture)) {
                    self.picture(value("url"), base);
                } else if let (Some(pending), Some(url)) =
                    (&mut self.pending, value("url").and_then(|url| web_url(&url, base)))
                {
                    let length = value("fileSize").and_then(|size| size.trim().parse().ok()).unwrap_or(0);
                    pending.add_enclosure(&url, kind, length);
                }
                return Role::Media;
            }
            "thumbnail" => self.picture(value("url"), base),
            "title" if self.pending.is_some() => return Role::Field(Field::OtherTitle),
            "description" if self.pending.as_ref().is_some_and(|pending| pending.item.summary.is_none()) => {
                return Role::Field(Field::Summary);
            }
            _ => {}
        }
        Role::Other
    }

    fn picture(&mut self, address: Option<String>, base: Option<&Url>) {
        let url = address.and_then(|address| web_url(&address, base));
        if let (Some(pending), Some(url)) = (&mut self.pending, url) {
            pending.add_picture(url);
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
        let value = |name| tag.attribute(name).map(|value| entities::decode(value).trim().to_owned());
        // RFC 4287 §4.2.7.2: without `rel` it is "alternate"; IANA's names may be written in full.
        let rel =
            value("rel").filter(|rel| !rel.is_empty()).unwrap_or_else(|| "alternate".to_owned()).to_ascii_lowercase();
        let rel = rel.strip_prefix("http://www.iana.org/assignments/relation/").map(str::to_owned).unwrap_or(rel);
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

    pub(super) fn author(&mut self, name: String) {
        match &mut self.pending {
            Some(pending) => pending.add_author(name),
            None => add_author(&mut self.feed_authors, name),
        }
    }
}

pub(super) fn language(tag: Option<&str>) -> Option<String> {
    let tag = tag?.trim();
    (!tag.is_empty() && tag.len() <= 35).then(|| tag.to_owned())
}

fn looks_like_picture(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"].iter().any(|end| path.ends_with(end))
}
