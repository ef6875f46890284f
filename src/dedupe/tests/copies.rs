//! One story in many tellings: copies, cuts, extensions, other headlines.

use super::{WIRE, check, told};

#[test]
fn d01_one_wire_story_under_five_headlines_is_one() {
    let first_half = &WIRE[..WIRE.len() / 2];
    check(
        "AAAAAB",
        &[
            told("ap", 0, "We didn't get there", &format!("PORT ELLERY, Nov 23 (Wire) - {WIRE}")),
            told("bbc", 1, "Treaty talks collapse", &format!("It was late when they gave up. {WIRE}")),
            told(
                "cnn",
                2,
                "UPDATE 1-We didn't get there",
                &format!("{WIRE} The ministry declined to comment on Monday."),
            ),
            told("dw", 3, "We didn’t get there - The Metro", &format!("{}...", first_half)),
            told(
                "efe",
                4,
                "River talks",
                &format!("{WIRE}\n\nRead more: the ferry strike\n\nSign up for our newsletter"),
            ),
            told(
                "fox",
                5,
                "Weather",
                "It will rain in the north of the valley on Monday, and the wind will turn to the east at night.",
            ),
        ],
    );
}

#[test]
fn d03_the_body_decides_not_the_headline() {
    check("AA", &[told("ap", 0, "We didn't get there", WIRE), told("bbc", 1, "Farmers face another dry year", WIRE)]);
}

#[test]
fn d04_equal_headlines_over_two_reports_are_two() {
    let other = "A storm tore slates from the roof of the school on Saturday night. Nobody was hurt, the head teacher said, and \
        lessons will be held in the gymnasium until the carpenters have finished.";
    check(
        "AB",
        &[
            told("ap", 0, "We didn't get there, says the chair", WIRE),
            told("bbc", 1, "We didn't get there, says the chair", other),
        ],
    );
}

#[test]
fn d24_d25_the_same_text_counts_for_a_week() {
    check(
        "AAB",
        &[
            told("ap", 0, "We didn't get there", WIRE),
            told("bbc", 6 * 24, "Again", WIRE),
            told("cnn", 365 * 24, "A year ago", WIRE),
        ],
    );
}

#[test]
fn d26_a_follow_up_with_the_old_background_is_news() {
    let background = &WIRE[WIRE.find("Negotiators").unwrap()..WIRE.find("The old treaty").unwrap()];
    let second = format!(
        "A second round of talks opened on Thursday in the customs house, with a new chair and four days to spare. Both sides \
         brought their engineers, and a model of the upper weir stood on the table. Reporters were let in for the first hour only. \
         {background} The round is to end on Sunday at noon."
    );
    check("AB", &[told("ap", 0, "We didn't get there", WIRE), told("bbc", 60, "Second round of river talks", &second)]);
    let more = format!("{WIRE} A second round opens on Thursday in the customs house, the chair said later.");
    check("AA", &[told("ap", 0, "We didn't get there", WIRE), told("bbc", 60, "Second round of river talks", &more)]);
}

#[test]
fn d34_outlets_and_marks_are_no_part_of_a_headline() {
    let plain = "Delegations leave river treaty talks without deal";
    for marked in [
        "Delegations leave river treaty talks without deal - Reuters",
        "Delegations leave river treaty talks without deal | AP News",
        "BREAKING: Delegations leave river treaty talks without deal",
        "UPDATE 2-Delegations leave river treaty talks without deal",
        "EXCLUSIVE: Delegations leave river treaty talks without deal",
    ] {
        check("AA", &[told("ap", 0, plain, ""), told("bbc", 1, marked, "")]);
    }
    check(
        "AB",
        &[told("ap", 0, plain, ""), told("bbc", 1, "Delegations leave river treaty talks without deal - again", "")],
    );
}

#[test]
fn d35_a_round_up_does_not_swallow_the_stories_that_it_quotes() {
    let round_up = format!(
        "Five things to know this morning. First, the trams will run again from noon, the operator said, after a night of repairs \
         to the wires near the market. Second, bread is to cost more from Monday. Third: {} Fourth, the museum of ropes opens its \
         doors on Saturday with a day of free entry. Fifth, it will rain.",
        &WIRE[..WIRE.len() / 2]
    );
    let summary = &WIRE[..WIRE.len() / 2];
    check(
        "ABA",
        &[
            told("ap", 0, "We didn't get there", WIRE),
            told("bbc", 1, "Five things to know", &round_up),
            told("cnn", 2, "River talks end", summary),
        ],
    );
}

#[test]
fn d36_a_truncated_summary_is_its_story() {
    let cut = format!("{}...", WIRE.split(' ').take(60).collect::<Vec<_>>().join(" "));
    check("AA", &[told("ap", 0, "We didn't get there", WIRE), told("bbc", 1, "River talks", &cut)]);
    check("AA", &[told("ap", 0, "River talks", &cut), told("bbc", 1, "We didn't get there", WIRE)]);
    // The end of it is not how it begins.
    let end = WIRE.split(' ').skip(95).collect::<Vec<_>>().join(" ");
    check("AB", &[told("ap", 0, "We didn't get there", WIRE), told("bbc", 1, "The old treaty", &end)]);
}

#[test]
fn d37_twenty_words_under_another_headline_are_too_little() {
    let words = |from: usize, to: usize| WIRE.split(' ').skip(from).take(to).collect::<Vec<_>>().join(" ");
    check("AB", &[told("ap", 0, "We didn't get there", WIRE), told("bbc", 1, "Dry summer ahead", &words(30, 20))]);
    check("AA", &[told("ap", 0, "We didn't get there", WIRE), told("bbc", 1, "We didn't get there", &words(0, 20))]);
}

#[test]
fn d38_stories_without_title_or_text_do_no_harm() {
    check(
        "ABCAD",
        &[
            told("ap", 0, "", WIRE),
            told("bbc", 1, "We didn't get there", ""),
            told("cnn", 2, "", ""),
            told("dw", 3, "", WIRE),
            told("efe", 4, "", ""),
        ],
    );
}

#[test]
fn d64_a_press_release_on_ten_sites_is_one() {
    let release = |n: i64| {
        let intro =
            ["", "PRESS RELEASE\n\n", "The following is a paid announcement of the company.\n\n"][n as usize % 3];
        let end = ["", "\n\nAbout the company: it has made ropes since 1871.", "\n\nContact: press@ropes.example"]
            [n as usize / 4];
        told(&format!("site{n}"), n, "Ropes for every boat", &format!("{intro}{WIRE}{end}"))
    };
    check("AAAAAAAAAA", &(0..10).map(release).collect::<Vec<_>>());
    let other = "The company that makes ropes for every boat has hired nine people and will paint its hall blue, it said on Friday.";
    check("AB", &[release(0), told("site11", 11, "Ropes for every boat", other)]);
}

#[test]
fn d65_the_same_quote_in_two_reports_makes_no_copy() {
    let quote = "\"The river does not care about borders,\" she said. \"Nobody asked us before the fence went up, and nobody has \
        asked us since. We told them in spring that the bank would not hold. They thanked us and filed the letter.\"";
    let first = format!(
        "The fence along the upper river is to stay for another winter, the border office decided on Tuesday after a day of \
         hearings. Shepherds had asked for gates at three fords. {quote} The office promised to look at the fords again when \
         the snow has gone, and to pay for hay until then."
    );
    let second = format!(
        "Edda Brun keeps two hundred sheep and writes poems in the long nights of lambing. A visit to a kitchen where the \
         radio is never off. {quote} Then she pours more coffee and reads a verse about a ewe that learned to swim. The book \
         comes out in May, with woodcuts by her brother."
    );
    check("AB", &[told("ap", 0, "Fence stays", &first), told("bbc", 5, "A shepherd writes", &second)]);
    let copy = format!("{first} A vote is due in May.");
    check("AA", &[told("ap", 0, "Fence stays", &first), told("bbc", 5, "Gates for shepherds", &copy)]);
}
