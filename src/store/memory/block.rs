//! The lines that sources repeat, in memory.

use std::collections::BTreeSet;

use super::super::rules::millis;
use super::{Name, State};
use crate::model::{Block, Blocks, Newcomer, SourceId};
use crate::store::{BLOCKS, Lesson};

impl State {
    pub(super) fn unlearnt(&self, limit: usize) -> Vec<Newcomer> {
        let has_taught = |name: &Name, newcomer: &Newcomer| self.taught.get(name) == Some(&newcomer.digest);
        let mut found: Vec<(&Name, &Newcomer)> = (self.inbox.iter())
            .filter(|(name, newcomer)| newcomer.awaits.is_none() && !has_taught(name, newcomer))
            .collect();
        found.sort_by_key(|(name, newcomer)| (millis(newcomer.time()), newcomer.rank, *name));
        found.into_iter().take(limit).map(|(_, newcomer)| newcomer.clone()).collect()
    }

    pub(super) fn blocks(&self, source: &SourceId, asked: &BTreeSet<Block>) -> Blocks {
        let Some(known) = self.blocks.get(source) else { return Blocks::default() };
        let seen = asked.iter().filter_map(|block| Some((*block, known.seen.get(block)?.clone())));
        Blocks { stories: known.stories, seen: seen.collect() }
    }

    pub(super) fn learn(&mut self, lesson: &Lesson) {
        let known = self.blocks.entry(lesson.source.clone()).or_default();
        known.stories = lesson.blocks.stories;
        known.seen.extend(lesson.blocks.seen.iter().map(|(block, seen)| (*block, seen.clone())));
        if known.seen.len() > BLOCKS {
            let mut order: Vec<_> =
                known.seen.iter().map(|(at, seen)| (seen.is_learnt, seen.last, at.cast_signed())).collect();
            order.sort_unstable();
            order.truncate(known.seen.len() - BLOCKS / 2);
            order.into_iter().for_each(|(.., block)| drop(known.seen.remove(&block.cast_unsigned())));
        }
        for (key, digest) in &lesson.stories {
            let name = (lesson.source.clone(), key.clone());
            if self.inbox.get(&name).is_some_and(|waiting| waiting.digest == *digest) {
                self.taught.insert(name, *digest);
            }
        }
    }
}
