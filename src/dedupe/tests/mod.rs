//! What folds and what must not, told in stories. Ids are those of the acceptance scenarios.

mod clusters;
mod copies;
mod forms;
mod habits;
mod identity;
mod languages;
mod runs;
mod titles;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use super::{Settings, fingerprint, place};
use crate::model::{Digest, Folding, Newcomer, SourceId, Story, Verdict, Veto};

const WIRE: &str = "The two delegations left the assembly hall late on Sunday without a deal on the shared river, and the chair \
    of the talks said that no date had been set for another round. Negotiators had worked through the weekend on how much water \
    each side may take in a dry summer. They agreed on gauges and on a common flood warning, the chair said, but not on the \
    figure itself. Farmers on both banks had asked for certainty before the sowing season begins in spring. The old treaty \
    runs out at the end of the year, and neither side has said what will follow it. \"We didn't get there,\" the chair told \
    reporters on the steps of the hall, \"but nobody has walked away from the table.\"";

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::hours(500_000 + hours)
}

/// A story of a source at an hour; its key is its title and hour.
fn told(source: &str, hours: i64, title: &str, text: &str) -> Newcomer {
    let story = Story {
        key: format!("{title} {hours}"),
        title: title.to_owned(),
        text: text.to_owned(),
        published: Some(at(hours)),
        ..Story::default()
    };
    newcomer(source, story)
}

fn newcomer(source: &str, story: Story) -> Newcomer {
    let fingerprint = Arc::new(fingerprint(&story));
    let source = SourceId::new(source).unwrap();
    Newcomer {
        source,
        rank: 0,
        folding: Folding::Fold,
        story,
        voice: crate::model::Voice::default(),
        fingerprint,
        digest: Digest([0; 32]),
        first_seen: at(9_999),
        publish: true,
        awaits: None,
    }
}

/// One letter for each story: its cluster. Stories are decided about in the order given.
fn clusters(stories: &[Newcomer]) -> String {
    let decision = place(stories, &vec![None; stories.len()], &[], &Settings::default());
    let mut seen = Vec::new();
    (decision.placements.iter())
        .map(|placement| {
            let known = seen.iter().position(|id| *id == placement.cluster);
            assert_eq!(known.is_some(), placement.verdict == Verdict::Joins);
            let number = known.unwrap_or_else(|| {
                seen.push(placement.cluster);
                seen.len() - 1
            });
            char::from(b'A' + number as u8)
        })
        .collect()
}

#[track_caller]
fn check(expected: &str, stories: &[Newcomer]) {
    assert_eq!(clusters(stories), expected);
}

/// A story with an address.
fn linked(source: &str, hours: i64, url: &str, title: &str) -> Newcomer {
    let mut story = told(source, hours, title, "").story;
    story.url = Some(url.to_owned());
    newcomer(source, story)
}

/// What kept the last of the stories apart from the nearest.
fn veto(stories: &[Newcomer]) -> Option<Veto> {
    let decision = place(stories, &vec![None; stories.len()], &[], &Settings::default());
    decision.placements.last().and_then(|last| last.apart.first()).and_then(|near| near.veto)
}
