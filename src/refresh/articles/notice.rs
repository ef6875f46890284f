//! One text at the addresses of several stories: a notice, and nobody's article.
//!
//! "This story is no longer available" comes with status 200 on many sites. A single one looks like a short
//! article; the second of a run gives it away.

use std::collections::HashMap;

use crate::extract;
use crate::model::Newcomer;
use crate::store::Awaited;

/// A notice has little to say. Stories may share a longer text: two headlines for one wire.
const LETTERS: usize = 1500;

/// The texts that one host gave in this run.
#[derive(Default)]
pub(super) struct Notices(HashMap<String, Known>);

enum Known {
    Once(Box<First>),
    Notice,
}

/// The first story that got a text.
struct First {
    story: Awaited,
    original: Newcomer,
}

/// What a text is taken for.
pub(super) enum Seen {
    /// The story's own.
    Article,
    /// A notice; with the story that was given it, as it was before.
    Notice(Option<Box<(Awaited, Newcomer)>>),
}

impl Notices {
    /// Looks at the text that a story got from its page; `original` is the story without it.
    pub(super) fn see(&mut self, story: &Awaited, original: Newcomer, told: &Newcomer) -> Seen {
        let text = &told.story.text;
        if text.chars().count() >= LETTERS {
            return Seen::Article;
        }
        match self.0.remove(text) {
            None => {
                let first = First { story: story.clone(), original };
                self.0.insert(text.clone(), Known::Once(Box::new(first)));
                Seen::Article
            }
            // One page under two addresses, or one story twice.
            Some(Known::Once(first))
                if first.story.page == story.page
                    || extract::is_called(&first.original.story.title, &original.story.title) =>
            {
                self.0.insert(text.clone(), Known::Once(first));
                Seen::Article
            }
            Some(Known::Once(first)) => {
                self.0.insert(text.clone(), Known::Notice);
                Seen::Notice(Some(Box::new((first.story, first.original))))
            }
            Some(Known::Notice) => {
                self.0.insert(text.clone(), Known::Notice);
                Seen::Notice(None)
            }
        }
    }
}
