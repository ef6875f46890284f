//! Sparse vectors of terms. Sorted, so that sums come in one order and every run gives the same.

/// Smaller parts are what rounding left.
const NOTHING: f32 = 1e-5;

/// Terms and their parts, in order of terms.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Vector(Vec<(u32, f32)>);

impl Vector {
    /// Of parts in order of terms.
    pub(super) fn new(parts: Vec<(u32, f32)>) -> Vector {
        Vector(parts)
    }

    pub(super) fn parts(&self) -> &[(u32, f32)] {
        &self.0
    }

    pub(super) fn has(&self, term: u32) -> bool {
        self.0.binary_search_by_key(&term, |(term, _)| *term).is_ok()
    }

    pub(super) fn dot(&self, other: &Vector) -> f32 {
        let (short, mut long) =
            if self.0.len() < other.0.len() { (&self.0, &other.0[..]) } else { (&other.0, &self.0[..]) };
        let mut sum = 0.0;
        for (term, part) in short {
            let at = long.partition_point(|(other, _)| other < term);
            long = &long[at..];
            match long.first() {
                Some((other, with)) if other == term => sum += part * with,
                Some(_) => {}
                None => break,
            }
        }
        sum
    }

    pub(super) fn plus(&self, other: &Vector) -> Vector {
        self.combined(other, 1.0)
    }

    pub(super) fn minus(&self, other: &Vector) -> Vector {
        self.combined(other, -1.0)
    }

    fn combined(&self, other: &Vector, sign: f32) -> Vector {
        let mut sum = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut left, mut right) = (self.0.iter().copied().peekable(), other.0.iter().copied().peekable());
        loop {
            let (term, part) = match (left.peek().copied(), right.peek().copied()) {
                (Some(a), Some(b)) if a.0 == b.0 => {
                    left.next();
                    right.next();
                    (a.0, a.1 + sign * b.1)
                }
                (Some(a), b) if b.is_none_or(|b| a.0 < b.0) => {
                    left.next();
                    a
                }
                (_, Some(b)) => {
                    right.next();
                    (b.0, sign * b.1)
                }
                (_, None) => return Vector(sum),
            };
            if part.abs() > NOTHING {
                sum.push((term, part));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_can_be_taken_away() {
        let a = Vector(vec![(1, 0.5), (3, 0.75)]);
        let b = Vector(vec![(2, 1.0), (3, 0.5)]);
        assert_eq!(a.plus(&b), Vector(vec![(1, 0.5), (2, 1.0), (3, 1.25)]));
        assert_eq!(a.plus(&b).minus(&b), a);
        assert_eq!(a.minus(&a), Vector::default());
        assert_eq!(a.dot(&b), b.dot(&a));
        assert_eq!(a.dot(&b), 0.375);
    }
}
