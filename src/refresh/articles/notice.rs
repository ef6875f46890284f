//! One text at the addresses of several stories: a notice, and nobody's article.
//!
//! "This story is no longer available" comes with status 200 on many sites. A single one looks like a short
//! article; the second of a run gives it away.

use std::collections::HashMap;

use crate::extract;
use crate::model::{Newcomer, SourceId};
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

/// Texts that are called like none of the stories that they were found for, by their hashes. The second address of
/// one gives it away as well.
#[derive(Default)]
pub(super) struct Strangers(HashMap<u64, Option<(String, SourceId)>>);

impl Strangers {
    /// Looks at the hash of a text in the place of a new story's. Gives the sources whose stories are known by it to have led
    /// to a notice, once for each story.
    pub(super) fn see(&mut self, story: &Awaited, text: u64) -> Vec<SourceId> {
        // One page that fails at each edit of its story is still one page.
        if story.is_edit {
            return Vec::new();
        }
        let own = story.source.clone();
        match self.0.get_mut(&text) {
            None => {
                self.0.insert(text, Some((story.page.clone(), own)));
                Vec::new()
            }
            Some(Some((page, _))) if *page == story.page => Vec::new(),
            Some(first) => first.take().map(|(_, source)| source).into_iter().chain([own]).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Digest, SourceId, Story};

    /// What a text is taken for at one address after another, as "path title".
    #[track_caller]
    fn check(text: &str, asked: &[&str], expected: &[&str]) {
        let mut notices = Notices::default();
        let seen = asked.iter().map(|asked| {
            let (path, title) = asked.split_once(' ').unwrap();
            let story = awaited(path);
            let original = newcomer(title, "");
            match notices.see(&story, original, &newcomer(title, text)) {
                Seen::Article => "article".to_owned(),
                Seen::Notice(None) => "notice".to_owned(),
                Seen::Notice(Some(first)) => format!("notice, as for {}", first.0.page),
            }
        });
        assert_eq!(seen.collect::<Vec<_>>(), expected);
    }

    fn awaited(page: &str) -> Awaited {
        let (source, key) = (SourceId::new("a").unwrap(), page.to_owned());
        let digest = Digest([0; 32]);
        Awaited {
            source,
            page: key.clone(),
            key,
            digest,
            since: Default::default(),
            tries: 0,
            is_edit: false,
            last: None,
        }
    }

    fn newcomer(title: &str, text: &str) -> Newcomer {
        Newcomer {
            source: SourceId::new("a").unwrap(),
            rank: 0,
            folding: Default::default(),
            story: Story { title: title.to_owned(), text: text.to_owned(), ..Story::default() },
            voice: Default::default(),
            fingerprint: Default::default(),
            digest: Digest([0; 32]),
            first_seen: Default::default(),
            publish: true,
            awaits: None,
        }
    }

    #[test]
    fn the_second_story_gives_a_notice_away() {
        let asked = ["/1 Bridge closed", "/2 Bakery burns", "/3 Mayor resigns"];
        check("No longer available.", &asked, &["article", "notice, as for /1", "notice"]);
    }

    #[test]
    fn the_second_address_of_a_stranger_gives_it_away() {
        let mut strangers = Strangers::default();
        let seen = ["/1", "/1", "/2", "/3"].map(|page| strangers.see(&awaited(page), 7).len());
        assert_eq!(seen, [0, 0, 2, 1]);
        assert_eq!(strangers.see(&Awaited { is_edit: true, ..awaited("/4") }, 7).len(), 0);
        assert_eq!(strangers.see(&awaited("/5"), 8).len(), 0);
    }

    #[test]
    fn one_story_twice_is_no_notice() {
        check("The bridge is closed.", &["/1 Bridge closed", "/1 Traffic", "/2 Bridge closed again"], &["article"; 3]);
        check(&"A long wire. ".repeat(200), &["/1 Bridge closed", "/2 Bakery burns"], &["article"; 2]);
    }
}
