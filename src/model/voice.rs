//! Who speaks in a telling: five outlets that print one agency's copy are one voice.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::SourceId;

/// Who speaks in a telling, as far as it says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voice {
    /// The news agency whose copy it is, from byline, dateline or closing line; of several that are
    /// named together each, in their order, with `/` between. `None`: the outlet's own.
    pub agency: Option<String>,
    /// That agency hands out press releases: whom the text is about wrote it.
    pub release: bool,
    /// Whose outlet it is: as configured, else a registrable domain or an outlet's name. `None`: not
    /// known, the source speaks for itself.
    pub owner: Option<String>,
}

impl Voice {
    /// Each agency that is named.
    pub fn agencies(&self) -> impl Iterator<Item = &str> {
        self.agency.iter().flat_map(|names| names.split('/'))
    }
}

/// The independent voices among tellings: those that share an agency or an owner are one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voices {
    /// A name for each, in the order of the tellings: an agency where there is one, else the owner,
    /// else the source.
    pub names: Vec<String>,
    /// The agency that all have their copy from, when there is one.
    pub common: Option<String>,
    /// Outlets that tell it.
    pub tellers: usize,
}

/// Names listed in words.
const NAMED: usize = 5;

impl Voices {
    /// Counts the voices in tellings, of each its source and who speaks in it.
    pub fn among<'a>(tellings: impl IntoIterator<Item = (&'a SourceId, &'a Voice)>) -> Voices {
        let tellings: Vec<(&SourceId, &Voice)> = tellings.into_iter().collect();
        let mut groups = Groups((0..tellings.len()).collect());
        let mut first: HashMap<Bond, usize> = HashMap::new();
        for (at, (source, voice)) in tellings.iter().enumerate() {
            for bond in bonds(source, voice) {
                let earlier = *first.entry(bond).or_insert(at);
                groups.join(earlier, at);
            }
        }
        let group: Vec<usize> = (0..tellings.len()).map(|at| groups.of(at)).collect();
        let members = |of: usize| tellings.iter().zip(&group).filter(move |(_, group)| **group == of).map(|(t, _)| t);
        // A group is named by its first member, so that is where it stands in the order.
        let leaders = (0..tellings.len()).filter(|at| group[*at] == *at);
        let names = leaders.map(|leader| {
            let agency = members(leader).flat_map(|(_, voice)| voice.agencies()).next();
            let (source, voice) = tellings[leader];
            agency.or(voice.owner.as_deref()).unwrap_or(source.as_str()).to_owned()
        });
        let names = names.collect();
        let tellers: HashSet<(&SourceId, &Option<String>)> =
            tellings.iter().map(|(source, voice)| (*source, &voice.owner)).collect();
        Voices { names, common: common(&tellings), tellers: tellers.len() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.names.len()
    }
}

impl fmt::Display for Voices {
    /// "1 voice: Reuters".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.count() == 1 { "" } else { "s" };
        let named: Vec<&str> = self.names.iter().take(NAMED).map(String::as_str).collect();
        write!(f, "{} voice{plural}: {}", self.count(), named.join(", "))?;
        match self.count().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

/// What makes two tellings one voice.
#[derive(PartialEq, Eq, Hash)]
enum Bond {
    Agency(String),
    Owner(String),
    Source(SourceId),
}

fn bonds(source: &SourceId, voice: &Voice) -> Vec<Bond> {
    let owner = match &voice.owner {
        Some(owner) => Bond::Owner(owner.to_lowercase()),
        None => Bond::Source(source.clone()),
    };
    voice.agencies().map(|agency| Bond::Agency(agency.to_lowercase())).chain([owner]).collect()
}

/// The first agency that every telling names.
fn common(tellings: &[(&SourceId, &Voice)]) -> Option<String> {
    let (_, voice) = tellings.first()?;
    let by_all = |agency: &&str| tellings.iter().all(|(_, other)| other.agencies().any(|named| named == *agency));
    voice.agencies().find(by_all).map(str::to_owned)
}

/// Groups that grow together (union by the smallest member).
struct Groups(Vec<usize>);

impl Groups {
    fn of(&self, mut at: usize) -> usize {
        while self.0[at] != at {
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        self.0[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tellings as "source agency owner", `-` for what is not known.
    #[track_caller]
    fn check(tellings: &[&str], names: &[&str]) -> Voices {
        let known = |word: &str| (word != "-").then(|| word.to_owned());
        let tellings: Vec<(SourceId, Voice)> = (tellings.iter())
            .map(|telling| {
                let words: Vec<&str> = telling.split(' ').collect();
                let voice = Voice { agency: known(words[1]), release: false, owner: known(words[2]) };
                (SourceId::new(words[0]).unwrap(), voice)
            })
            .collect();
        let voices = Voices::among(tellings.iter().map(|(source, voice)| (source, voice)));
        assert_eq!(voices.names, names);
        voices
    }

    #[test]
    fn one_agency_is_one_voice_and_so_is_one_owner() {
        let five = check(&["a AP a.example", "b AP b.example", "c AP c.example", "d AP -", "e AP e.example"], &["AP"]);
        assert_eq!((five.to_string().as_str(), five.tellers), ("1 voice: AP", 5));
        assert_eq!(five.common.as_deref(), Some("AP"));
        check(&["a - House", "b - house", "c - other.example"], &["House", "other.example"]);
        check(&["a - -", "b - -", "a - -"], &["a", "b"]);
        check(&[], &[]);
    }

    #[test]
    fn bonds_lead_on() {
        // One outlet has the agency's copy, its sister writes for itself: one voice, named by the agency.
        let mixed = check(&["a - House", "b AP House", "c AP c.example"], &["AP"]);
        assert_eq!(mixed.common, None, "not every telling names it");
        check(&["a AFP/dpa a.example", "b dpa b.example", "c AFP c.example", "d - d.example"], &["AFP", "d.example"]);
        // The name of an agency and an owner's are not the same thing.
        check(&["a AP a.example", "b - AP"], &["AP", "AP"]);
    }

    #[test]
    fn many_names_are_counted() {
        let seven = check(
            &["a - a", "b - b", "c - c", "d - d", "e - e", "f - f", "g - g"],
            &["a", "b", "c", "d", "e", "f", "g"],
        );
        assert_eq!(seven.to_string(), "7 voices: a, b, c, d, e and 2 more");
    }
}
