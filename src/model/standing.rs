//! What a source brings that others do not: its standing among them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{ClusterId, SourceId};

/// What one source told in a period, held against the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which one.
    pub source: SourceId,
    /// Items that it tells, however often it tells each.
    pub items: u64,
    /// Of these, told by nobody else: what would be missing without it.
    pub unique: u64,
    /// Of those that others tell too, told by it before all others, by publication time: what would come
    /// later without it.
    pub first: u64,
    /// Of those, how long it took until the next told it: the median, in minutes. `None` when it was
    /// first with none.
    pub lead_minutes: Option<u64>,
}

impl Standing {
    /// Items that others tell too.
    pub fn folded(&self) -> u64 {
        self.items - self.unique
    }

    /// Counts every source's standing in the tellings of a period, one pass over them in any order: of each
    /// its item, its source and when it was published. In order of the sources' ids. What an older telling
    /// outside of the period said first is not known here.
    pub fn of_all(tellings: impl IntoIterator<Item = (ClusterId, SourceId, DateTime<Utc>)>) -> Vec<Standing> {
        let mut numbers: HashMap<SourceId, usize> = HashMap::new();
        let mut tallies: Vec<Tally> = Vec::new();
        let mut items: HashMap<ClusterId, Vec<(usize, DateTime<Utc>)>> = HashMap::new();
        // What was seeded is nobody's telling.
        for (item, source, at) in tellings.into_iter().filter(|(_, source, _)| !source.is_seeded()) {
            let number = *numbers.entry(source).or_insert(tallies.len());
            if number == tallies.len() {
                tallies.push(Tally::default());
            }
            let tellers = items.entry(item).or_default();
            match tellers.iter_mut().find(|(teller, _)| *teller == number) {
                Some((_, first)) => *first = at.min(*first),
                None => tellers.push((number, at)),
            }
        }
        for mut tellers in items.into_values() {
            tellers.iter().for_each(|(number, _)| tallies[*number].items += 1);
            tellers.sort_by_key(|(_, at)| *at);
            match tellers[..] {
                [(only, _)] => tallies[only].unique += 1,
                // Who told it at the same moment as another was not first.
                [(first, at), (_, next), ..] if at < next => tallies[first].leads.push((next - at).num_minutes()),
                _ => {}
            }
        }
        let mut standings: Vec<Standing> =
            numbers.into_iter().map(|(source, number)| std::mem::take(&mut tallies[number]).standing(source)).collect();
        standings.sort_by(|a, b| a.source.cmp(&b.source));
        standings
    }
}

/// One source's counts.
#[derive(Default)]
struct Tally {
    items: u64,
    unique: u64,
    /// Minutes by which it was first, for each item.
    leads: Vec<i64>,
}

impl Tally {
    fn standing(mut self, source: SourceId) -> Standing {
        self.leads.sort_unstable();
        // Of an even number the lower of the two in the middle: a lead that there was.
        let median = self.leads.get(self.leads.len().saturating_sub(1) / 2).copied();
        Standing {
            source,
            items: self.items,
            unique: self.unique,
            first: self.leads.len() as u64,
            lead_minutes: median.map(i64::unsigned_abs),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;

    /// Tellings as "item source minute", and the standing of each source as "source items unique first lead".
    #[track_caller]
    fn check(tellings: &[&str], expected: &[&str]) {
        let read = |telling: &&str| {
            let words: Vec<&str> = telling.split(' ').collect();
            let at = DateTime::UNIX_EPOCH + Duration::minutes(words[2].parse().unwrap());
            (ClusterId([words[0].as_bytes()[0]; 16]), SourceId::new(words[1]).unwrap(), at)
        };
        let standings = Standing::of_all(tellings.iter().map(read));
        let said = standings.iter().map(|s| {
            let lead = s.lead_minutes.map_or("-".to_owned(), |minutes| minutes.to_string());
            format!("{} {} {} {} {lead}", s.source, s.items, s.unique, s.first)
        });
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn what_nobody_else_tells_is_unique() {
        check(&["a ap 1", "b ap 2", "b bbc 9", "c ap 3"], &["ap 3 2 1 7", "bbc 1 0 0 -"]);
        check(&[], &[]);
    }

    #[test]
    fn who_is_first_is_told_by_time_and_not_by_order() {
        check(&["a ap 30", "a bbc 10", "a cnn 20"], &["ap 1 0 0 -", "bbc 1 0 1 10", "cnn 1 0 0 -"]);
        check(&["a ap 10", "a bbc 10", "a cnn 20"], &["ap 1 0 0 -", "bbc 1 0 0 -", "cnn 1 0 0 -"]);
    }

    #[test]
    fn a_source_counts_once_for_each_item() {
        check(&["a ap 30", "a ap 5", "a bbc 10"], &["ap 1 0 1 5", "bbc 1 0 0 -"]);
        check(&["a ap 30", "a ap 5"], &["ap 1 1 0 -"]);
    }

    #[test]
    fn the_lead_is_a_median() {
        let told = ["a ap 0", "a bbc 1", "b ap 0", "b bbc 5", "c ap 0", "c bbc 900"];
        check(&told, &["ap 3 0 3 5", "bbc 3 0 0 -"]);
        check(&told[..4], &["ap 2 0 2 1", "bbc 2 0 0 -"]);
    }
}
