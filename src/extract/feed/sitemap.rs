//! News sitemaps: feeds in all but name.
//!
//! Sitemaps protocol 0.9 with Google's extensions for news, images and videos. One that lists all the
//! pages of a site is no feed: pages become stories where something says that they are (a headline), or
//! that they are fresh and more than a bare page (a date of change and a picture).

use url::Url;

use super::field::Field;
use super::item::{When, web_url};
use super::names::Space;
use super::walk::Role;
use crate::extract::draft::Item;
use crate::extract::entities;
use crate::extract::markup::{Piece, Pieces};

/// What its readings call it.
pub(super) const FORMAT: &str = "sitemap";

/// Sitemaps named of one index.
const LISTED: usize = 100;

/// What an element of a sitemap is, by the one around it.
pub(super) fn role(space: Space, local: &str, parent: &Role) -> Role {
    match (parent, space, local) {
        (Role::Item, Space::Rss, "loc") => Role::Field(Field::Link),
        (Role::Item, Space::Rss, "lastmod") => Role::Field(Field::Date(When::Updated)),
        (Role::Item, Space::SitemapNews, "news") | (Role::Item, Space::SitemapVideo, "video") => Role::Media,
        (Role::Item, Space::SitemapImage, "image") => Role::Image,
        (Role::Image, _, "loc") => Role::Field(Field::Address),
        (Role::Media, Space::SitemapNews, local) => match local {
            "publication" => Role::Media,
            "name" => Role::Field(Field::Outlet),
            "language" => Role::Field(Field::Language),
            "publication_date" => Role::Field(Field::Date(When::Published)),
            "title" => Role::Field(Field::Title),
            "keywords" => Role::Field(Field::Keywords),
            _ => Role::Other,
        },
        (Role::Media, Space::SitemapVideo, local) => match local {
            "title" => Role::Field(Field::OtherTitle),
            "description" => Role::Field(Field::Summary),
            "publication_date" => Role::Field(Field::Date(When::Created)),
            "thumbnail_loc" => Role::Field(Field::Address),
            "tag" => Role::Field(Field::Category),
            _ => Role::Other,
        },
        _ => Role::Other,
    }
}

/// Leaves the pages that are stories. The section fronts of a news sitemap have no headline.
pub(super) fn keep_stories(items: &mut Vec<Item>) {
    items.retain(|item| item.url.is_some());
    if items.iter().any(|item| item.title.is_some()) {
        items.retain(|item| item.title.is_some());
    } else {
        items.retain(|item| item.image.is_some() && (item.published.is_some() || item.updated.is_some()));
    }
}

/// The name that the publication of all stories has.
pub(super) fn publication(items: &[Item]) -> Option<String> {
    let (first, rest) = items.split_first()?;
    first.outlet.clone().filter(|_| rest.iter().all(|item| item.outlet == first.outlet))
}

/// Whether a root of this name lists sitemaps.
pub(super) fn is_index(name: &str) -> bool {
    name.rsplit(':').next() == Some("sitemapindex")
}

/// The sitemaps that an index lists, those of news first.
pub(super) fn listed(text: &str, base: Option<&Url>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut in_address = false;
    for piece in Pieces::new(text) {
        match piece {
            Piece::Open(tag) => in_address = tag.name.rsplit(':').next() == Some("loc"),
            Piece::Close(_) => in_address = false,
            Piece::Text(address) | Piece::Cdata(address) if in_address => {
                found.extend(web_url(&entities::decode(address), base).map(String::from));
            }
            _ => {}
        }
        if found.len() >= LISTED {
            break;
        }
    }
    found.sort_by_key(|address| !address.to_ascii_lowercase().contains("news"));
    found
}
