//! Addresses that pages call their own, and that cannot be: the front page, or one for different stories.
//!
//! Templates get it wrong for a whole site. Such a claim counts for nothing, and the source is told of.

use std::collections::HashMap;
use std::sync::Arc;

use url::Url;

use crate::extract;
use crate::model::{Newcomer, Page};
use crate::store::Awaited;

/// What the pages of one host called their own in this run.
#[derive(Default)]
pub(super) struct Canonicals(HashMap<String, Known>);

enum Known {
    Once(Box<(Awaited, Newcomer)>),
    Shared,
}

/// What such a claim is taken for.
pub(super) enum Claim {
    /// It may be right, or there is none.
    Plausible,
    /// It cannot be; with the story that was given it before, as that was told.
    Wrong(Option<Box<(Awaited, Newcomer)>>),
}

impl Canonicals {
    /// Looks at what the page of a story calls its own address; `told` is the story as told by it.
    pub(super) fn see(&mut self, page: &Page, story: &Awaited, told: &Newcomer) -> Claim {
        let Some(canonical) = extract::canonical(page) else { return Claim::Plausible };
        if is_front(&canonical) {
            return if page.url.as_ref().is_some_and(is_front) { Claim::Plausible } else { Claim::Wrong(None) };
        }
        let key = canonical.to_string();
        match self.0.remove(&key) {
            None => {
                self.0.insert(key, Known::Once(Box::new((story.clone(), told.clone()))));
                Claim::Plausible
            }
            // One story at two addresses is what the claim is for.
            Some(Known::Once(first)) if is_same(&first.1, told) => {
                self.0.insert(key, Known::Once(first));
                Claim::Plausible
            }
            Some(known) => {
                self.0.insert(key, Known::Shared);
                match known {
                    Known::Once(first) => Claim::Wrong(Some(first)),
                    Known::Shared => Claim::Wrong(None),
                }
            }
        }
    }
}

/// Whether two tell one story: headlines that are only alike also stand over different ones.
fn is_same(one: &Newcomer, other: &Newcomer) -> bool {
    one.story.title.to_lowercase() == other.story.title.to_lowercase() || one.story.text == other.story.text
}

/// Takes from a story what its page calls its original.
pub(super) fn unnamed(newcomer: &mut Newcomer) {
    newcomer.story.canonical = None;
    Arc::make_mut(&mut newcomer.fingerprint).original = None;
}

fn is_front(url: &Url) -> bool {
    url.path().trim_matches('/').is_empty() && url.query().is_none()
}
