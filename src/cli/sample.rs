//! The sample that is built into the binary: the documents of `config/sample`.

use chrono::{DateTime, Utc};

use crate::model::{Kind, Location, Page, Source, SourceId};

/// Source, its name where the document has another, how it is read, and its document.
const DOCUMENTS: &[(&str, Option<&str>, Kind, &[u8])] = &[
    ("harbour", None, Kind::Auto, include_bytes!("../../config/sample/harbour.rss")),
    ("northfield", None, Kind::Auto, include_bytes!("../../config/sample/northfield.atom")),
    ("metro", None, Kind::Auto, include_bytes!("../../config/sample/metro.json")),
    ("coast", None, Kind::Auto, include_bytes!("../../config/sample/coast.atom")),
    ("ledger", None, Kind::Auto, include_bytes!("../../config/sample/ledger.rss")),
    ("valley", Some("Valley View"), Kind::Text, include_bytes!("../../config/sample/valley.txt")),
    ("mill-lane", Some("Mill Lane Notes"), Kind::Auto, include_bytes!("../../config/sample/section.html")),
    ("lower-quarter", None, Kind::Auto, include_bytes!("../../config/sample/article.html")),
];

/// When the sample's documents were new: their dates are fixed.
pub(super) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_500_000, 0).expect("the sample's time is one")
}

/// The sources, best rank first, with their documents.
pub(super) fn documents() -> Vec<(Source, Page)> {
    (DOCUMENTS.iter().zip(0..))
        .map(|((name, title, kind, body), rank)| {
            let id = SourceId::new(name).expect("the sample's names are ids");
            let place = Location::File(format!("built-in/{name}").into());
            let page = Page { url: None, content_type: None, body: body.to_vec(), fetched_at: Some(now()) };
            (Source { rank, title: title.map(str::to_owned), ..Source::plain(id, place, *kind) }, page)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_time_of_the_sample_is_that_of_the_readme() {
        assert_eq!(super::now().to_rfc3339(), "2026-11-24T06:00:00+00:00");
    }
}
