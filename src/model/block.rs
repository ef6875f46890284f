//! The lines that a source repeats around its stories: what is remembered to find boilerplate by.

use std::collections::BTreeMap;

/// A line of a text, by the hash of its words.
pub type Block = u64;

/// A story as far as it takes to tell it from another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Witness {
    /// Hashes of significant words of its title.
    pub title: Vec<u32>,
    /// The smallest hashes of its shingles: a sample that favours none.
    pub sample: Vec<u32>,
    /// Of how many shingles this is a sample.
    pub shingles: u32,
}

/// What is known of one block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sightings {
    /// The number of the story that had it first, among those that were learnt from.
    pub first: u64,
    /// Of the one that had it last.
    pub last: u64,
    /// Stories that had it, tellings of one story each counted.
    pub times: u64,
    /// Stories that had it and are not the same story; empty once it is learnt.
    pub witnesses: Vec<Witness>,
    /// So many different stories had it that it belongs to none of them.
    pub is_learnt: bool,
}

/// What a source repeats, as far as it was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blocks {
    /// Stories of the source that were learnt from.
    pub stories: u64,
    /// Of each block that is known.
    pub seen: BTreeMap<Block, Sightings>,
}
