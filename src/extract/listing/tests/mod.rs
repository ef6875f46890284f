//! Lists of records, and stories told for machines: what comes of whole pages.

mod links;
mod records;
mod structured;

use crate::extract::{ExtractError, Reading, read};
use crate::model::{Kind, Page, Story};

const AT: &str = "2026-11-24T06:00:00Z";

fn reading(url: &str, body: &str) -> Result<Reading, ExtractError> {
    let page =
        Page { url: url.parse().ok(), content_type: None, body: body.as_bytes().to_vec(), fetched_at: AT.parse().ok() };
    read(&page, &Kind::Auto.into())
}

/// The titles, and the addresses without `https://harbour.example/`.
#[track_caller]
fn check(body: &str, expected: &[(&str, &str)]) -> Vec<Story> {
    let reading = reading("https://harbour.example/council/meetings", body)
        .unwrap_or_else(|cause| panic!("{cause}: {:?}", cause.help()));
    assert_eq!(reading.kind, Kind::Listing);
    let stories: Vec<Story> = reading.drafts.into_iter().map(|draft| draft.clean()).collect();
    let found: Vec<_> = (stories.iter())
        .map(|story| {
            let url = story.url.as_deref().unwrap_or_default();
            (story.title.as_str(), url.strip_prefix("https://harbour.example/").unwrap_or(url))
        })
        .collect();
    assert_eq!(found, expected);
    stories
}

fn day(story: &Story) -> Option<String> {
    story.published.map(|at| at.format("%Y-%m-%d").to_string())
}
