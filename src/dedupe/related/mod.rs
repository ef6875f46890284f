//! The looser tier: the same event, told differently. It links, and never folds.
//!
//! The way in is [`Events`], one story at a time, or [`events`] for a page of them. A story is a
//! vector of its terms, weighed by how rare they are (`rarity`); an event is the sum of its stories.
//! A newcomer joins the event that it is most like, by agreement with all of it and never through a
//! chain (`group`); an event that turns out to be two comes apart (`split`), and two that turn out
//! to be one come together. What was answered is never changed by that, only what comes later.
//!
//! Two events of one kind, a match and the next, differ mostly in names and numbers, so these weigh
//! more, and texts that share all else are as alike as these are.
//!
//! Nothing in here knows duplicates but by the number of their cluster.

mod common;
mod group;
mod rarity;
mod split;
mod terms;
#[cfg(test)]
mod tests;
mod vector;

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use group::Group;
use rarity::Rarity;
use terms::{Term, terms};

/// A newcomer joins an event that it is so much like. This and the next two: see ARCHITECTURE.md, Thresholds.
const JOINS: f32 = 0.65;
/// Halves of an event that are less alike are two events.
const PARTS: f32 = 0.7;
/// Events that are so much alike are one.
const MERGES: f32 = 0.8;
/// An event may merge with that of a newcomer if the newcomer is so much like it.
const NOTICED: f32 = 0.4;
/// A newcomer's heaviest terms, under which events are looked for.
const KEYS: usize = 32;
/// Stories under one term that are looked at, newest first: what more have, says nothing.
const POSTINGS: usize = 64;
/// Events that a newcomer is compared with.
const CANDIDATES: usize = 12;
/// Members of an event that may change sides, newest first.
const MOVABLE: usize = 24;
/// Fewer are no event of their own.
const LEAST_PART: usize = 2;
/// Stories between two looks at what has fallen out of the window.
const EXPIRE_EVERY: usize = 256;
/// What is told further apart is another event.
const WINDOW: Duration = Duration::from_secs(48 * 3600);

/// A story as this tier sees it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Seconds since 1970.
    pub time: i64,
    /// Its headline, as plain text; may be empty.
    pub title: &'a str,
    /// Its text, as plain text; may be empty.
    pub text: &'a str,
}

/// The events of a stream of stories.
///
/// The cost of a story does not grow with the stream. The memory is that of the stories inside the
/// window, of some hundred thousand terms, and 8 bytes for each cluster that ever was: a duplicate may
/// come at any time, and gets the answer that its cluster got.
#[derive(Debug)]
pub struct Events {
    window_seconds: i64,
    rarity: Rarity,
    members: HashMap<u32, Member>,
    events: BTreeMap<u32, Event>,
    /// Members under each of their terms, oldest first.
    postings: HashMap<u32, Vec<u32>>,
    /// What was answered for each cluster.
    answers: HashMap<u32, u32>,
    /// The number of the next member; an event has that of its first.
    next: u32,
    /// Times of the stories since the last look at the window.
    times: Vec<i64>,
}

#[derive(Debug)]
struct Member {
    cluster: u32,
    event: u32,
    group: Group,
}

#[derive(Debug)]
struct Event {
    /// In order of arrival, never empty.
    members: Vec<u32>,
    group: Group,
    /// Times of its first and its last story; no earlier and no later than those of all for which it was
    /// ever the answer.
    from: i64,
    to: i64,
}

impl Default for Events {
    fn default() -> Events {
        Events::new(WINDOW)
    }
}

impl Events {
    /// No events yet. Stories further apart than the window are never of one event.
    pub fn new(window: Duration) -> Events {
        Events {
            window_seconds: i64::try_from(window.as_secs()).unwrap_or(i64::MAX),
            rarity: Rarity::default(),
            members: HashMap::new(),
            events: BTreeMap::new(),
            postings: HashMap::new(),
            answers: HashMap::new(),
            next: 0,
            times: Vec::new(),
        }
    }

    /// Places the next story, which is of this cluster of duplicates. Answers with the cluster whose first
    /// story is the first of the same event: its own when it opens one. Only the first story of a
    /// cluster is read; the others have its answer.
    pub fn place(&mut self, cluster: u32, report: &Report<'_>) -> u32 {
        if let Some(answer) = self.answers.get(&cluster) {
            return *answer;
        }
        let event = self.join(cluster, report);
        let answer = self.opener(event);
        self.answers.insert(cluster, answer);
        self.times.push(report.time);
        if self.times.len() >= EXPIRE_EVERY {
            self.expire();
        }
        answer
    }

    /// The cluster that opens an event: an event has the number of its first member.
    fn opener(&self, event: u32) -> u32 {
        self.members[&event].cluster
    }

    /// Reads a story and puts it where it belongs; gives its event.
    fn join(&mut self, cluster: u32, report: &Report<'_>) -> u32 {
        let terms = terms(report.title, report.text);
        self.rarity.read(&terms);
        let story = self.weighed(&terms);
        let alike = self.alike(&story, report.time);
        let best = alike.iter().copied().filter(|(_, likeness)| *likeness >= JOINS);
        // Of equals the older event.
        let best = best.max_by(|(a, x), (b, y)| x.total_cmp(y).then(b.cmp(a))).map(|(event, _)| event);

        let known = best.and_then(|event| self.events.get(&event));
        self.rarity.count(&terms, known.is_none(), |term| known.is_none_or(|event| !event.group.has(term)));
        let member = self.number();
        for term in &terms {
            self.postings.entry(term.hash).or_default().push(member);
        }
        let event = self.enter(best, member, &story, report.time);
        self.members.insert(member, Member { cluster, event, group: story });
        self.part(event);
        for (other, likeness) in alike {
            if likeness >= NOTICED {
                self.merge(other, self.members[&member].event);
            }
        }
        self.members[&member].event
    }

    fn weighed(&self, terms: &[Term]) -> Group {
        let (mut named, mut plain) = (Vec::new(), Vec::new());
        for term in terms {
            let (worth, names) = self.rarity.weigh(term.hash);
            let parts = if names { &mut named } else { &mut plain };
            parts.push((term.hash, term.weight * worth));
        }
        Group::story(named, plain)
    }

    fn number(&mut self) -> u32 {
        let number = self.next;
        // A stream of 2^32 stories has long forgotten the first.
        self.next = self.next.wrapping_add(1);
        number
    }

    /// The events that a story may be of, and how much it is like each.
    fn alike(&self, story: &Group, time: i64) -> Vec<(u32, f32)> {
        let mut keys = story.parts().collect::<Vec<_>>();
        keys.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
        keys.truncate(KEYS);
        let mut shared: BTreeMap<u32, f32> = BTreeMap::new();
        for (term, part) in keys {
            let under = self.postings.get(&term).map_or(&[][..], Vec::as_slice);
            let newest = &under[under.len().saturating_sub(POSTINGS)..];
            let mut events: Vec<u32> =
                newest.iter().filter_map(|member| self.members.get(member)).map(|member| member.event).collect();
            events.sort_unstable();
            events.dedup();
            for event in events {
                *shared.entry(event).or_default() += part * part;
            }
        }
        shared.retain(|event, _| self.spans(&self.events[event], time, time));
        let mut shared: Vec<(u32, f32)> = shared.into_iter().collect();
        shared.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
        shared.truncate(CANDIDATES);
        shared.into_iter().map(|(event, _)| (event, self.events[&event].group.likeness(story))).collect()
    }

    /// Whether an event stays inside the window when it also reaches over these times.
    fn spans(&self, event: &Event, from: i64, to: i64) -> bool {
        event.to.max(to).saturating_sub(event.from.min(from)) <= self.window_seconds
    }

    /// Adds a member to an event, or opens one.
    fn enter(&mut self, event: Option<u32>, member: u32, story: &Group, time: i64) -> u32 {
        let number = event.unwrap_or(member);
        let event = self.events.entry(number).or_insert_with(|| Event {
            members: Vec::new(),
            group: Group::default(),
            from: time,
            to: time,
        });
        event.members.push(member);
        event.group = event.group.plus(story);
        (event.from, event.to) = (event.from.min(time), event.to.max(time));
        number
    }

    /// Divides an event around its newest member if it is two.
    fn part(&mut self, number: u32) {
        let Some(event) = self.events.get(&number) else { return };
        let movable: Vec<u32> = event.members[event.members.len().saturating_sub(MOVABLE)..].to_vec();
        let groups: Vec<&Group> = movable.iter().map(|member| &self.members[member].group).collect();
        let Some(halves) = split::halves(&event.group, &groups, groups.len() - 1) else { return };
        let near: Vec<u32> = halves.near.iter().map(|at| movable[*at]).collect();
        let apart = halves.around.likeness(&halves.rest) < PARTS;
        if !apart || near.len() < LEAST_PART || near.len() == event.members.len() {
            return;
        }
        let rest: Vec<u32> = event.members.iter().copied().filter(|member| !near.contains(member)).collect();
        let (from, to) = (event.from, event.to);
        for (members, group) in [(near, halves.around), (rest, halves.rest)] {
            self.settle(Event { members, group, from, to });
        }
    }

    /// Makes one event of two if they are so much alike and inside one window.
    fn merge(&mut self, a: u32, b: u32) {
        let (Some(first), Some(second)) = (self.events.get(&a), self.events.get(&b)) else { return };
        if a == b || !self.spans(first, second.from, second.to) || first.group.likeness(&second.group) < MERGES {
            return;
        }
        let mut members = [&first.members[..], &second.members].concat();
        members.sort_unstable();
        let group = first.group.plus(&second.group);
        let (from, to) = (first.from.min(second.from), first.to.max(second.to));
        self.events.remove(&a);
        self.events.remove(&b);
        self.settle(Event { members, group, from, to });
    }

    /// Puts an event under its number, and its members into it.
    fn settle(&mut self, event: Event) {
        let number = event.members[0];
        for member in &event.members {
            if let Some(member) = self.members.get_mut(member) {
                member.event = number;
            }
        }
        self.events.insert(number, event);
    }

    /// Forgets the events that no story can join any more.
    fn expire(&mut self) {
        // The middle of the last times: a single story dated years ahead must not make all others old.
        self.times.sort_unstable();
        let now = self.times[self.times.len() / 2];
        self.times.clear();
        let before = now.saturating_sub(self.window_seconds);
        let members = &mut self.members;
        self.events.retain(|_, event| {
            let kept = event.to >= before;
            if !kept {
                event.members.iter().for_each(|member| drop(members.remove(member)));
            }
            kept
        });
        self.postings.retain(|_, under| {
            under.retain(|member| members.contains_key(member));
            under.drain(..under.len().saturating_sub(POSTINGS));
            !under.is_empty()
        });
        self.rarity.forget();
    }
}

/// Groups the stories of a page by event: for each the index of the first, in the given order, that is
/// of the same event; its own when there is none before it. For what is seen at once, such as a
/// digest: unlike [`Events::place`] it knows what came later.
pub fn events(page: &[Report<'_>]) -> Vec<usize> {
    let mut order: Vec<u32> = (0..).take(page.len()).collect();
    order.sort_by_key(|at| page[*at as usize].time);
    let mut stream = Events::default();
    for at in &order {
        stream.join(*at, &page[*at as usize]);
    }
    let mut first: HashMap<u32, usize> = HashMap::new();
    let mut found = vec![0; page.len()];
    let mut members: Vec<&Member> = stream.members.values().collect();
    members.sort_unstable_by_key(|member| member.cluster);
    for member in members {
        let at = member.cluster as usize;
        found[at] = *first.entry(member.event).or_insert(at);
    }
    found
}
