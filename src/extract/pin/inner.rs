//! The selectors inside of a record: for each field those that give what was found.

use std::collections::HashMap;

use super::index::{Index, Sketch};
use super::records::parts;
use crate::extract::dom::Tree;

/// Records that selectors are made after.
const MODELS: usize = 6;
/// Records that they are tried on.
const TRIED: usize = 120;
/// Selectors that are joined for one field.
const JOINED: usize = 3;
/// Nodes of one record that are looked at.
const NODES: usize = 600;

/// What is sought in one record.
pub(super) struct Wanted {
    /// The record's element.
    pub(super) record: usize,
    /// Elements that give the value.
    pub(super) right: Vec<usize>,
}

/// A selector for a field, and in how many of the records it gives the value.
pub(super) fn selector(
    index: &Index<'_, '_>,
    wanted: &[Wanted],
    gives: &dyn Fn(usize) -> bool,
) -> Option<(String, usize)> {
    let wanted: Vec<&Wanted> = wanted.iter().take(TRIED).collect();
    let mut sketches: Vec<Sketch> = Vec::new();
    let step = wanted.len().div_ceil(MODELS).max(1);
    for model in wanted.iter().step_by(step) {
        for at in model.right.iter().take(3) {
            for sketch in inside(index, *at, model.record) {
                if !sketches.contains(&sketch) {
                    sketches.push(sketch);
                }
            }
        }
    }
    // For each sketch the first element that it matches in each record.
    let firsts: Vec<HashMap<usize, usize>> = sketches
        .iter()
        .map(|sketch| {
            (wanted.iter().enumerate())
                .filter_map(|(nth, wanted)| Some((nth, first(index, sketch, wanted.record, gives)?)))
                .collect()
        })
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    let mut most = 0;
    while chosen.len() < JOINED {
        let right_with = |more: usize| {
            (wanted.iter().enumerate())
                .filter(|(nth, wanted)| {
                    let all = chosen.iter().chain([&more]).filter_map(|at| firsts.get(*at)?.get(nth));
                    all.min().is_some_and(|first| wanted.right.contains(first))
                })
                .count()
        };
        let best = (0..sketches.len()).map(|at| (right_with(at), at)).max_by_key(|(right, at)| {
            let sketch = sketches.get(*at);
            let firm = sketch.map_or(0, |sketch| {
                let is_numbered = sketch.css().trim_start_matches(|c| c != '.').bytes().any(|b| b.is_ascii_digit());
                (sketch.firmness() * 10.0) as u8 / if is_numbered { 2 } else { 1 }
            });
            (*right, firm, std::cmp::Reverse(sketch.map_or(0, |sketch| sketch.css().len())))
        });
        let Some((right, at)) = best.filter(|(right, _)| *right > most) else { break };
        most = right;
        chosen.push(at);
    }
    let css: Vec<String> = chosen.iter().filter_map(|at| sketches.get(*at)).map(Sketch::css).collect();
    (!css.is_empty()).then(|| (css.join(", "), most))
}

/// The first element of a record that a sketch matches and that gives anything.
fn first(index: &Index<'_, '_>, sketch: &Sketch, record: usize, gives: &dyn Fn(usize) -> bool) -> Option<usize> {
    nodes(index.tree(), record).find(|at| index.fits(*at, sketch, record) && gives(*at))
}

/// The elements of a record.
pub(super) fn nodes<'t>(tree: &'t Tree<'_>, record: usize) -> impl Iterator<Item = usize> + 't {
    tree.range(record).take(NODES).filter(|at| !tree.node(*at).name.is_empty())
}

/// The sketches of an element in a record.
fn inside(index: &Index<'_, '_>, at: usize, record: usize) -> Vec<Sketch> {
    let own = parts(index, at);
    let mut sketches: Vec<Sketch> = own.iter().map(|own| Sketch { own: own.clone(), context: None }).collect();
    // A parent outside of the record could be one, but reads as if it were inside.
    let parent = index.tree().node(at).parent;
    if at > record && parent >= record {
        for context in parts(index, parent).into_iter().take(4) {
            sketches.extend(
                own.iter().take(3).map(|own| Sketch { own: own.clone(), context: Some((context.clone(), false)) }),
            );
        }
    }
    sketches
}
