//! The address that a page calls its own.

use url::Url;

use super::html::absolute;
use super::markup::{Piece, Pieces};
use super::{entities, text};
use crate::model::Page;

/// What `rel=canonical` (RFC 6596) of a page says, absolute, whether that can be right or not; `None` where it says
/// nothing.
pub fn canonical(page: &Page) -> Option<Url> {
    let text = text(page);
    let href = Pieces::new(&text).find_map(|piece| match piece {
        Piece::Open(tag) if tag.name.eq_ignore_ascii_case("link") => {
            tag.attribute("rel").filter(|rel| rel.eq_ignore_ascii_case("canonical"))?;
            tag.attribute("href").map(|href| entities::decode(href).into_owned())
        }
        _ => None,
    });
    absolute(&href?, page.url.as_ref()).filter(|url| matches!(url.scheme(), "http" | "https"))
}
