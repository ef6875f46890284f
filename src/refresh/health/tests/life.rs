//! A source that lives as it is told to.

use chrono::{DateTime, Duration, Utc};

use super::super::shape::{How, Shape, Told};
use super::super::{About, Came, judge};
use crate::model::{Change, Kind, Outcome, OutcomeKind, Trouble, Visit};

/// A story that the source holds.
#[derive(Clone)]
pub(super) struct Held {
    pub(super) key: String,
    pub(super) title: String,
    pub(super) dated: Option<DateTime<Utc>>,
    pub(super) bytes: usize,
    pub(super) text: u64,
}

impl Held {
    /// As it is given to the one who judges, who knows nothing of it.
    pub(super) fn told(&self) -> Told<'_> {
        Told { key: &self.key, title: &self.title, dated: self.dated, bytes: self.bytes, text: self.text, fresh: true }
    }
}

/// A source and what is remembered of it.
pub(super) struct Life {
    pub(super) visit: Visit,
    pub(super) now: DateTime<Utc>,
    /// All of them, also those that the visit has forgotten.
    pub(super) changes: Vec<Change>,
    /// What its documents are, and how they are read.
    pub(super) kind: Kind,
    pub(super) method: String,
    held: Vec<Held>,
    told: usize,
    moved: bool,
}

impl Life {
    pub(super) fn new() -> Life {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut life = Life {
            visit: Visit::default(),
            now,
            changes: Vec::new(),
            kind: Kind::Feed,
            method: "rss".to_owned(),
            held: Vec::new(),
            told: 0,
            moved: false,
        };
        life.tell(20);
        life
    }

    /// Two documents a day for eight days.
    pub(super) fn known() -> Life {
        let mut life = Life::new();
        assert_eq!(life.live("new +11h ".repeat(16).as_str()), "1 ok");
        life
    }

    /// Lives through words: a visit an hour after the last, `word*3` three of them, `+1d` or `-2h` a wait. Gives
    /// the states and the visits that they begin at.
    pub(super) fn live(&mut self, words: &str) -> String {
        let (mut number, mut states, mut last) = (0, Vec::new(), None);
        for word in words.split_whitespace() {
            if word.starts_with(['+', '-']) {
                let count: i64 = word[..word.len() - 1].parse().unwrap();
                self.now += if word.ends_with('d') { Duration::days(count) } else { Duration::hours(count) };
                continue;
            }
            let (word, times) = word.split_once('*').map_or((word, 1), |(word, times)| (word, times.parse().unwrap()));
            for _ in 0..times {
                number += 1;
                self.now += Duration::hours(1);
                self.visit(word);
                let state = self.visit.condition.as_ref().unwrap().state;
                if last.replace(state) != Some(state) {
                    states.push(format!("{number} {}", state.as_str()));
                }
            }
        }
        states.join(", ")
    }

    fn tell(&mut self, stories: usize) {
        for _ in 0..stories {
            self.told += 1;
            let n = self.told;
            let held = Held {
                key: format!("key {n}"),
                title: format!("Title {n}"),
                dated: Some(self.now),
                bytes: 900,
                text: n as u64,
            };
            self.held.insert(0, held);
        }
        self.held.truncate(20);
    }

    fn visit(&mut self, word: &str) {
        match word {
            "same" => return self.came(None),
            "404" | "html" => return self.failed(OutcomeKind::Failed, Trouble::Lasting),
            "503" | "timeout" => return self.failed(OutcomeKind::RetryLater, Trouble::Temporary),
            "401" => return self.failed(OutcomeKind::Failed, Trouble::Blocked),
            "refused" => return self.failed(OutcomeKind::Blocked, Trouble::Blocked),
            "410" => return self.failed(OutcomeKind::Gone, Trouble::Gone),
            "renewed" => self.tell(20),
            _ => self.tell(1),
        }
        let mut shown = self.held.clone();
        match word {
            "new" | "renewed" => {}
            "none" => shown.clear(),
            "few" => shown.truncate(2),
            "half" => {
                shown.truncate(10);
                shown.iter_mut().for_each(|story| story.bytes /= 2);
            }
            "undated" => shown.iter_mut().for_each(|story| story.dated = None),
            "alike" => shown.iter_mut().for_each(|story| story.title = "News".to_owned()),
            "teasers" => shown.iter_mut().for_each(|story| story.bytes = 80),
            "rekeyed" => {
                let now = self.now;
                self.held.iter_mut().for_each(|story| story.key = format!("{} at {now}", story.title));
                shown = self.held.clone();
            }
            "moved" => self.moved = true,
            other => panic!("{other} is no visit"),
        }
        self.came(Some(&shown));
    }

    /// A visit that went well.
    pub(super) fn came(&mut self, shown: Option<&[Held]>) {
        let told = shown.unwrap_or_default().iter().map(Held::told);
        let how = How::new(self.kind, &self.method, 0.9);
        let past = self.visit.past.as_ref();
        let shape = match shown {
            Some([]) if self.kind == Kind::Listing => Shape::emptied(past, self.now),
            _ => Shape::of_told(how, &told.collect::<Vec<_>>(), past, self.now),
        };
        let came = if shown.is_some() { Came::Document(&shape) } else { Came::Unchanged };
        let outcome = Outcome::success(OutcomeKind::Ok, None);
        let after = Visit { failures: 0, outcome: Some(outcome), ..self.visit.clone() };
        self.judged(after, came);
    }

    pub(super) fn failed(&mut self, kind: OutcomeKind, trouble: Trouble) {
        let outcome = Outcome { kind, error: Some("n.example answered 404".to_owned()), help: None, http_status: None };
        let failures = self.visit.failures + 1;
        let after = Visit { failures, outcome: Some(outcome), ..self.visit.clone() };
        self.judged(after, Came::Failed(trouble));
    }

    fn judged(&mut self, mut after: Visit, came: Came<'_>) {
        let moved_to = self.moved.then_some("https://m.example/");
        let about = About { id: "a", place: "https://n.example/", moved_to, wants_texts: true };
        self.changes.extend(judge(&self.visit, &mut after, came, about, self.now));
        self.visit = after;
    }
}
