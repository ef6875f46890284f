//! Two events that were taken for one come apart when there is enough of the second.
//!
//! The first telling of a second arrest, quake or playoff often looks like one more telling of the
//! first; a few later the two differ plainly. So whenever a story joins, its event is divided in two
//! around it (k-means with k = 2), and stays divided if the halves are less alike than halves of one
//! event are.

use super::group::Group;

/// Steps of dividing; nearly always two are enough.
const ROUNDS: usize = 3;

/// What lies around the seed and what does not.
pub(super) struct Halves {
    /// The indices of the members around the seed, in order.
    pub(super) near: Vec<usize>,
    pub(super) around: Group,
    pub(super) rest: Group,
}

/// Divides an event around one member. `members` are those that may change sides; others of `whole`
/// stay with the rest. `None` when there are no halves.
pub(super) fn halves(whole: &Group, members: &[&Group], seed: usize) -> Option<Halves> {
    let mut near = vec![seed];
    let mut around = members.get(seed).map(|seed| (*seed).clone())?;
    let mut rest = whole.minus(&around);
    for _ in 0..ROUNDS {
        let nearer: Vec<usize> = (0..members.len())
            .filter(|at| *at == seed || is_nearer(members[*at], near.contains(at), &around, &rest))
            .collect();
        if nearer == near {
            break;
        }
        around = nearer.iter().fold(Group::default(), |sum, at| sum.plus(members[*at]));
        rest = whole.minus(&around);
        near = nearer;
    }
    Some(Halves { near, around, rest })
}

/// Whether a member belongs around the seed, where it may be already.
fn is_nearer(member: &Group, inside: bool, around: &Group, rest: &Group) -> bool {
    if inside {
        around.likeness_to_others(member) > rest.likeness(member)
    } else {
        around.likeness(member) > rest.likeness_to_others(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story(terms: &[u32]) -> Group {
        Group::story(Vec::new(), terms.iter().map(|term| (*term, 1.0)).collect())
    }

    #[test]
    fn finds_the_seam_between_two_events() {
        let members = [&[1, 2, 3, 9][..], &[1, 2, 4, 9], &[2, 3, 4, 9], &[5, 6, 7, 9], &[5, 6, 8, 9]].map(story);
        let members: Vec<&Group> = members.iter().collect();
        let whole = members.iter().fold(Group::default(), |sum, member| sum.plus(member));
        let halves = halves(&whole, &members, 4).unwrap();
        assert_eq!(halves.near, [3, 4]);
        assert!(halves.around.likeness(&halves.rest) < 0.7);
    }

    #[test]
    fn a_seed_alone_has_halves_too() {
        let only = story(&[1]);
        let halves = halves(&only, &[&only], 0).unwrap();
        assert_eq!(halves.rest.likeness(&halves.around), 0.0);
    }
}
