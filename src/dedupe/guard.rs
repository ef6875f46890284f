//! The template guard: what keeps texts apart although they share almost all their words.
//!
//! Recurring notices (forecasts, results, quakes, earnings) differ in numbers, names and dates only.
//! Without this guard pair F1 falls from .98 to .62 on the generated set.

use super::verify::{Likeness, common};
use crate::model::{Fingerprint, Veto};

/// Texts of more different lengths are a story and its cut or extension, not two fillings of a form.
const SAME_FORM: f64 = 0.6;
/// Above this the texts are the same but for typing errors.
const SAME_TEXT: f64 = 0.95;
/// Notices of different days are judged harder.
const LATER_SECONDS: i64 = 15 * 3600;

/// Why two near texts are different stories; `None`: nothing speaks against it.
pub(super) fn veto(a: &Fingerprint, b: &Fingerprint, like: &Likeness, apart_seconds: i64) -> Option<Veto> {
    if let (Some(x), Some(y)) = (a.media, b.media)
        && x != y
    {
        return Some(Veto::Media);
    }
    if like.ratio <= SAME_FORM || (a.correction || b.correction) && like.title >= 0.5 {
        return None;
    }
    let n = like.shorter;
    let (conflict, share) = numbers(a, b);
    let by_numbers = n < 70 && conflict >= 1 && (share >= 0.12 || conflict >= 3)
        || n < 160 && conflict >= 2 && share >= 0.15
        || conflict >= 5 && share >= 0.3
        || apart_seconds.abs() > LATER_SECONDS && n < 160 && conflict >= 1 && share >= 0.08;
    if by_numbers {
        return Some(Veto::Numbers);
    }
    // Of the very same text another headline is no matter (D03).
    if n < 60 && like.jaccard < SAME_TEXT && own_words(a, b) > 0 && own_words(b, a) > 0 {
        return Some(Veto::Titles);
    }
    if n < 160 && own_names(a, b) >= 0.2 && own_names(b, a) >= 0.2 {
        return Some(Veto::Names);
    }
    None
}

/// Numbers that each side has for itself (the smaller count), absolute and as a share of the shorter list.
fn numbers(a: &Fingerprint, b: &Fingerprint) -> (usize, f64) {
    let shared = common(&a.numbers, &b.numbers);
    let least = a.numbers.len().min(b.numbers.len());
    let conflict = least - shared;
    (conflict, if least == 0 { 0.0 } else { conflict as f64 / least as f64 })
}

/// Words of `a`'s title that `b` has neither in its title nor in its text.
fn own_words(a: &Fingerprint, b: &Fingerprint) -> usize {
    a.title_tokens.len() - common(&a.title_tokens, &b.tokens)
}

/// Share of `a`'s proper names that `b` does not have.
fn own_names(a: &Fingerprint, b: &Fingerprint) -> f64 {
    if a.names.is_empty() {
        return 0.0;
    }
    1.0 - common(&a.names, &b.tokens) as f64 / a.names.len() as f64
}
