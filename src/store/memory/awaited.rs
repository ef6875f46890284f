//! Stories that wait for the text of their page, in memory.

use std::sync::Arc;

use super::super::rules::{PAGES_KEPT, kept, millis};
use super::{Name, State};
use crate::model::Newcomer;
use crate::store::{Awaited, Resolution, Resolved, Waiting};

impl State {
    pub(super) fn awaited(&self) -> Vec<Awaited> {
        let mut waiting: Vec<(&Name, &Newcomer)> =
            self.inbox.iter().filter(|(_, newcomer)| newcomer.awaits.is_some()).collect();
        waiting.sort_by_key(|(name, newcomer)| {
            (newcomer.awaits.map(millis), millis(newcomer.time()), newcomer.rank, *name)
        });
        let awaited = waiting.into_iter().filter_map(|(name, newcomer)| {
            let page = newcomer.story.url.clone()?;
            Some(Awaited {
                source: name.0.clone(),
                key: name.1.clone(),
                digest: newcomer.digest,
                since: kept(newcomer.awaits?),
                tries: self.tries.get(name).copied().unwrap_or(0),
                is_edit: self.names.contains_key(name),
                last: self.pages.get(&page).cloned(),
                page,
            })
        });
        awaited.collect()
    }

    pub(super) fn waiting(&self, awaited: &Awaited) -> Option<Waiting> {
        let name = (awaited.source.clone(), awaited.key.clone());
        let newcomer = self.inbox.get(&name).filter(|newcomer| newcomer.digest == awaited.digest)?;
        let before = self.known(&name).map(|known| known.placed.story.clone());
        Some(Waiting { newcomer: Newcomer { awaits: None, ..newcomer.clone() }, before })
    }

    pub(super) fn resolve(&mut self, resolution: &Resolution) {
        if let Some((page, visit)) = &resolution.page {
            let mut visit = visit.clone();
            visit.at = kept(visit.at);
            let oldest = visit.at - PAGES_KEPT;
            self.pages.insert(page.clone(), visit);
            self.pages.retain(|_, visit| visit.at >= oldest);
        }
        for (awaited, resolved) in &resolution.stories {
            let name = (awaited.source.clone(), awaited.key.clone());
            let waiting = self.inbox.get_mut(&name).filter(|waiting| waiting.digest == awaited.digest);
            let Some(waiting) = waiting else { continue };
            match resolved {
                Resolved::Postponed => *self.tries.entry(name).or_default() += 1,
                Resolved::Released => waiting.awaits = None,
                Resolved::Told(told) => {
                    waiting.story = told.story.clone();
                    waiting.voice = told.voice.clone();
                    waiting.fingerprint = Arc::clone(&told.fingerprint);
                    waiting.publish = told.publish;
                    waiting.awaits = None;
                    self.taught.remove(&name);
                }
            }
        }
    }
}
