//! Headlines alone: when they fold, and when they are those of a series.

use super::{WIRE, check, told, veto};
use crate::model::Veto;

#[test]
fn d07_d08_a_bare_headline_folds_only_when_it_is_long() {
    check(
        "AA",
        &[
            told("ap", 0, "Delegations leave river treaty talks without deal", ""),
            told("bbc", 1, "Delegations leave river treaty talks without deal", ""),
        ],
    );
    check("AB", &[told("ap", 0, "Weather forecast", ""), told("bbc", 1, "Weather forecast", "")]);
    check(
        "AB",
        &[
            told("ap", 0, "Delegations leave river treaty talks without deal", ""),
            told("ap", 1, "Delegations leave river treaty talks without deal", ""),
        ],
    );
}

#[test]
fn d09_d10_a_number_or_a_not_makes_another_headline() {
    check(
        "AB",
        &[
            told("ap", 0, "Episode 412 of the river podcast with guests", ""),
            told("bbc", 1, "Episode 413 of the river podcast with guests", ""),
        ],
    );
    check(
        "AB",
        &[
            told("ap", 0, "Council may approve the new tram line extension", ""),
            told("bbc", 1, "Council may not approve the new tram line extension", ""),
        ],
    );
}

#[test]
fn d11_another_name_makes_another_headline() {
    check(
        "AB",
        &[
            told("ap", 0, "Apfel beats forecasts in its third quarter again", ""),
            told("bbc", 1, "Birne beats forecasts in its third quarter again", ""),
        ],
    );
}

#[test]
fn a_headline_that_a_source_gives_again_and_again_is_a_series() {
    let title = "Morning briefing from the river towns and the coast today";
    let stories = [
        told("ap", 0, title, WIRE),
        told("ap", 24, title, "Trams run again from noon, bread costs more, and the museum of ropes opens its doors."),
        told("bbc", 25, title, ""),
    ];
    check("ABC", &stories);
    assert_eq!(veto(&stories), Some(Veto::Series));
    // Given once, it is a headline like others.
    check("AA", &[stories[1].clone(), stories[2].clone()]);
    // The second story of one source under it is another story, whoever folded with the first.
    check("AAB", &[stories[0].clone(), told("bbc", 22, title, ""), told("ap", 24, title, "")]);
}
