//! Properties of whole runs: in which order and in how many runs stories come does not matter.

use proptest::prelude::*;

use super::{at, newcomer};
use crate::dedupe::{Settings, place};
use crate::model::{ClusterId, Member, Newcomer, Story};

/// Sentences that stories are made of, so that many are alike.
const SENTENCES: [&str; 10] = [
    "The bridge over the river reopened to all traffic on Monday after nine weeks of work on its piers.",
    "Bread is to cost more in the whole valley from next week, four bakers said after a meeting in the old dairy.",
    "A choir gave a concert on the night train and collected for the museum of ropes, which needs a new roof.",
    "Volunteers counted 31 swifts in the tower of the market church, fewer than in any year before.",
    "The ferry keeps its place at the inner quay for as long as the work on the breakwater goes on.",
    "Farmers on both banks had asked for certainty before the sowing season begins in spring.",
    "Nobody was hurt, the head teacher said, and lessons will be held in the gymnasium until the roof is mended.",
    "The town lends the building for ten years and asks for a rent of one loaf a week.",
    "Snow fell on the pass and closed the road to the upper villages for most of the day.",
    "The council votes on the tram line on Thursday, after an evening of questions from the public.",
];

prop_compose! {
    fn a_story()(picked in proptest::collection::vec(0_usize..10, 1..6), title in 0_usize..4, source in 0_u32..4, minutes in 0_i64..600, key in any::<u32>())
        -> (u32, i64, u32, String, String)
    {
        let text: Vec<&str> = picked.iter().map(|at| SENTENCES[*at]).collect();
        let title = ["News from the valley and its towns this week", "Bridge", "Bread and birds", ""][title];
        (source, minutes, key, title.to_owned(), text.join(" "))
    }
}

fn stories(drawn: Vec<(u32, i64, u32, String, String)>) -> Vec<Newcomer> {
    let made = drawn.into_iter().map(|(source, minutes, key, title, text)| {
        let published = Some(at(0) + chrono::Duration::minutes(minutes));
        newcomer(&format!("s{source}"), Story { key: format!("k{key}"), title, text, published, ..Story::default() })
    });
    let mut stories: Vec<Newcomer> = made.collect();
    sort(&mut stories);
    stories.dedup_by(|a, b| (&a.source, &a.story.key) == (&b.source, &b.story.key));
    stories
}

/// The order in which the store gives newcomers.
fn sort(stories: &mut [Newcomer]) {
    stories
        .sort_by(|a, b| (a.time(), a.rank, &a.source, &a.story.key).cmp(&(b.time(), b.rank, &b.source, &b.story.key)));
}

fn placed(stories: &[Newcomer], known: &[Member]) -> Vec<ClusterId> {
    let decision = place(stories, &vec![None; stories.len()], known, &Settings::default());
    decision.placements.iter().map(|placement| placement.cluster).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// D52: sources answer in any order.
    #[test]
    fn d52_the_order_of_arrival_does_not_matter(drawn in proptest::collection::vec(a_story(), 0..24), seed in any::<u64>()) {
        let expected = stories(drawn);
        let mut shuffled = expected.clone();
        for at in (1..shuffled.len()).rev() {
            shuffled.swap(at, (seed.rotate_left(at as u32 * 7) % (at as u64 + 1)) as usize);
        }
        sort(&mut shuffled);
        prop_assert_eq!(placed(&shuffled, &[]), placed(&expected, &[]));
    }

    /// One run, or ten with the earlier stories known: the same clusters. What a source gives to many of its
    /// stories can be known only when it has, so no source gives a text twice here.
    #[test]
    fn a_run_may_be_split(drawn in proptest::collection::vec(a_story(), 0..40)) {
        let mut all = stories(drawn);
        let mut told = std::collections::HashSet::new();
        all.retain(|story| told.insert((story.source.clone(), story.story.text.clone())));
        let mut known: Vec<Member> = Vec::new();
        let mut split = Vec::new();
        for slice in all.chunks(all.len().div_ceil(10).max(1)) {
            let clusters = placed(slice, &known);
            known.extend(slice.iter().zip(&clusters).map(|(story, cluster)| Member {
                source: story.source.clone(),
                key: story.story.key.clone(),
                cluster: *cluster,
                home: *cluster,
                time: story.time(),
                folding: story.folding,
                fingerprint: story.fingerprint.clone(),
            }));
            split.extend(clusters);
        }
        prop_assert_eq!(split, placed(&all, &[]));
    }
}
