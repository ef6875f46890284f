//! Boilerplate of a source: learnt from all that waits to be decided about, and taken out of it.
//!
//! Everything teaches before anything is cleaned, so that the first visit to a source cleans all its stories. A lesson is
//! one transaction with the mark that its stories have taught.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::dedupe::{self, boilerplate};
use crate::extract;
use crate::model::{Block, Blocks, Newcomer, SourceId};
use crate::store::{Inbox, Lesson, Store, StoreError};

/// Stories that teach in one transaction.
const BATCH: usize = 500;

/// Learns from all that wait to be decided about and have taught nothing yet, in deciding order.
pub(super) async fn learn(store: &dyn Store) -> Result<(), StoreError> {
    loop {
        let newcomers = store.unlearnt(BATCH).await?;
        if newcomers.is_empty() {
            return Ok(());
        }
        let mut lessons = Vec::new();
        for (source, stories) in by_source(newcomers.iter()) {
            let mut known = known(store, &source, &stories).await?;
            // An old output of ours is no source.
            for newcomer in stories.iter().filter(|_| !source.is_seeded()) {
                boilerplate::learn(&mut known, &newcomer.story.text, &newcomer.fingerprint);
            }
            let stories = stories.iter().map(|newcomer| (newcomer.story.key.clone(), newcomer.digest)).collect();
            lessons.push(Lesson { source, blocks: known, stories });
        }
        store.learn(&lessons).await?;
    }
}

/// Takes out of an inbox what its sources are known to repeat.
pub(super) async fn clean(store: &dyn Store, inbox: &mut Inbox) -> Result<(), StoreError> {
    let mut blocks = BTreeMap::new();
    for (source, stories) in by_source(inbox.newcomers.iter()) {
        let known = known(store, &source, &stories).await?;
        blocks.insert(source, known);
    }
    for (nth, newcomer) in inbox.newcomers.iter_mut().enumerate() {
        let Some(known) = blocks.get(&newcomer.source) else { continue };
        let gone = boilerplate::repeated(known, &newcomer.story.text);
        if gone.is_empty() {
            continue;
        }
        newcomer.story = extract::without(std::mem::take(&mut newcomer.story), &gone);
        newcomer.fingerprint = Arc::new(dedupe::fingerprint(&newcomer.story));
        inbox.changed.insert(nth);
    }
    Ok(())
}

fn by_source<'n>(newcomers: impl Iterator<Item = &'n Newcomer>) -> BTreeMap<SourceId, Vec<&'n Newcomer>> {
    let mut sources: BTreeMap<SourceId, Vec<&Newcomer>> = BTreeMap::new();
    for newcomer in newcomers {
        sources.entry(newcomer.source.clone()).or_default().push(newcomer);
    }
    sources
}

/// What is known of the lines of some stories of a source.
async fn known(store: &dyn Store, source: &SourceId, stories: &[&Newcomer]) -> Result<Blocks, StoreError> {
    let asked: BTreeSet<Block> = stories.iter().flat_map(|story| boilerplate::blocks(&story.story.text)).collect();
    store.blocks(source, &asked).await
}
