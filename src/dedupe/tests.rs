//! What folds and what must not, told in stories. Ids are those of the acceptance scenarios.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use super::{Settings, fingerprint, place};
use crate::model::{Digest, Folding, Newcomer, SourceId, Story, Verdict, Voice};

const WIRE: &str = "The two delegations left the assembly hall late on Sunday without a deal on the shared river, and the chair \
    of the talks said that no date had been set for another round. Negotiators had worked through the weekend on how much water \
    each side may take in a dry summer. They agreed on gauges and on a common flood warning, the chair said, but not on the \
    figure itself. Farmers on both banks had asked for certainty before the sowing season begins in spring. The old treaty \
    runs out at the end of the year, and neither side has said what will follow it. \"We didn't get there,\" the chair told \
    reporters on the steps of the hall, \"but nobody has walked away from the table.\"";

fn at(hours: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::hours(500_000 + hours)
}

/// A story of a source at an hour; its key is its title and hour.
fn told(source: &str, hours: i64, title: &str, text: &str) -> Newcomer {
    let story = Story {
        key: format!("{title} {hours}"),
        title: title.to_owned(),
        text: text.to_owned(),
        published: Some(at(hours)),
        ..Story::default()
    };
    newcomer(source, story)
}

fn newcomer(source: &str, story: Story) -> Newcomer {
    let fingerprint = Arc::new(fingerprint(&story));
    let source = SourceId::new(source).unwrap();
    Newcomer {
        source,
        rank: 0,
        folding: Folding::Fold,
        story,
        voice: Voice::default(),
        fingerprint,
        digest: Digest([0; 32]),
        first_seen: at(9_999),
        publish: true,
    }
}

/// One letter for each story: its cluster. Stories are decided about in the order given.
fn clusters(stories: &[Newcomer]) -> String {
    let decision = place(stories, &vec![None; stories.len()], &[], &Settings::default());
    let mut seen = Vec::new();
    (decision.placements.iter())
        .map(|placement| {
            let known = seen.iter().position(|id| *id == placement.cluster);
            assert_eq!(known.is_some(), placement.verdict == Verdict::Joins);
            let number = known.unwrap_or_else(|| {
                seen.push(placement.cluster);
                seen.len() - 1
            });
            char::from(b'A' + number as u8)
        })
        .collect()
}

#[track_caller]
fn check(expected: &str, stories: &[Newcomer]) {
    assert_eq!(clusters(stories), expected);
}

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

fn forecast(day: &str, high: u32, low: u32, wind: u32) -> String {
    format!(
        "The forecast for the valley on {day} calls for light rain with a high of {high} degrees and a low of {low} degrees. \
         Winds will be from the north at {wind} kilometres an hour. Drivers are asked to check local conditions before \
         travelling. The next forecast will be issued at six in the evening by the regional weather office."
    )
}

#[test]
fn d05_d50_one_form_with_other_numbers_is_another_story() {
    check(
        "ABC",
        &[
            told("ap", 0, "Weather forecast", &forecast("Monday", 13, 5, 25)),
            told("ap", 24, "Weather forecast", &forecast("Tuesday", 11, 3, 40)),
            told("bbc", 25, "Weather forecast", &forecast("Tuesday", 9, 2, 15)),
        ],
    );
}

/// Cut at one end and added to at the other, each side has numbers that the other lacks; they stand in
/// no form.
#[test]
fn numbers_of_a_cut_and_of_an_insertion_are_no_form() {
    let base = "The harbour board will spend 4 million on a new breakwater, its chair said on Monday. Work is to begin in spring and \
        to last for two summers. The old wall was built of timber and has been mended many times since the great storm. Fishing \
        boats will moor at the inner quay for as long as the work goes on, and the ferry keeps its place. The board asked three \
        firms for offers and will choose among them before the end of the year.";
    let cut = format!("{base} A survey counted 212 boats and 37 berths in the harbour, more than in any year before.");
    let grown = format!(
        "{base} Shops on the quay, 58 of them by the count of the trade office, fear for 19 weeks of dust and noise."
    );
    check(
        "AA",
        &[told("ap", 0, "Harbour to get a new breakwater", &cut), told("bbc", 20, "New wall for the harbour", &grown)],
    );
}

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
fn d42_a_guid_means_something_only_in_its_source() {
    let story =
        |text: &str| Story { key: "332".to_owned(), text: text.to_owned(), published: Some(at(0)), ..Story::default() };
    check(
        "AB",
        &[
            newcomer("ap", story("The bridge over the river reopened to all traffic on Monday.")),
            newcomer("bbc", story(WIRE)),
        ],
    );
}

#[test]
fn d44_d46_scripts_without_spaces_and_without_letters_of_ours() {
    let text = "中央气象台今晨发布橙色预警，今年第三号台风预计于今晚在沿海登陆。多地学校停课，轮渡和部分列车停运，渔船回港避风。气象专家提醒居民储备饮用水，不要靠近海边。";
    let near = "中央气象台今晨发布橙色预警，今年第三号台风预计于今晚在沿海登陆。多地学校停课，轮渡和部分列车停运，渔船已回港避风。气象专家提醒居民储备饮用水，不要靠近海边。记者报道。";
    check("AA", &[told("ap", 0, "台风逼近 多地停课停运", text), told("bbc", 1, "台风来了", near)]);
    check(
        "AB",
        &[
            told("ap", 0, "اجتماع المجلس البلدي مساء اليوم", ""),
            told("bbc", 1, "افتتاح مكتبة جديدة في المدينة القديمة", ""),
        ],
    );
    check("AB", &[told("ap", 0, "台风逼近", ""), told("bbc", 1, "新图书馆开放", "")]);
}

#[test]
fn d51_stories_do_not_chain() {
    let words = |from: usize, to: usize| {
        (from..to).map(|n| format!("word{}", n * n * 7 % 9973)).collect::<Vec<_>>().join(" ").replace("word", "w x")
    };
    let (a, b, c) = (words(0, 200), words(40, 240), words(95, 295));
    check("AAB", &[told("ap", 0, "One", &a), told("bbc", 1, "Two", &b), told("cnn", 2, "Three", &c)]);
}

#[test]
fn an_address_is_an_identity_for_ever() {
    let linked = |source: &str, hours: i64, url: &str, title: &str| {
        let mut story = told(source, hours, title, "").story;
        story.url = Some(url.to_owned());
        newcomer(source, story)
    };
    check(
        "AA",
        &[
            linked("ap", 0, "https://n.example/a?utm_source=x", "One"),
            linked("bbc", 9_000, "http://www.n.example/a/#c", "Two"),
        ],
    );
    check(
        "AB",
        &[linked("ap", 0, "https://n.example/?id=42", "One"), linked("bbc", 1, "https://n.example/?id=43", "Two")],
    );
    // A change log gives all its entries one address; an entry that comes again keeps its headline.
    check(
        "AB",
        &[
            linked("ap", 0, "https://n.example/log#1", "Version with new colours"),
            linked("ap", 1, "https://n.example/log#2", "Faster start of the program"),
        ],
    );
    check(
        "AA",
        &[
            linked("ap", 0, "https://n.example/log", "Version with new colours"),
            linked("ap", 1, "https://n.example/log", "Version with new colours"),
        ],
    );
}

#[test]
fn d22_episodes_with_the_same_notes_are_different() {
    let episode = |number: u32| {
        let mut story = told(
            "ap",
            i64::from(number),
            &format!("Episode {number}"),
            "Subscribe wherever you listen, and write to us what you think of the show and its guests.",
        )
        .story;
        story.enclosures = vec![crate::model::Enclosure {
            url: format!("https://p.example/{number}.mp3"),
            media_type: Some("audio/mpeg".to_owned()),
            length: 0,
        }];
        newcomer("ap", story)
    };
    check("AB", &[episode(1), episode(2)]);
}

/// Lists of one site give every story the site's own description, feeds "Read the full story".
#[test]
fn a_standing_phrase_makes_no_story() {
    let blurb = "News from the river towns, every day, by people who live there. Subscribe to read all of it, and write to us \
        about what you see from your window, because the valley is long and we are few.";
    let short = "Read the full story on our website, with pictures and comments.";
    for phrase in [blurb, short] {
        check(
            "ABC",
            &[
                told("ap", 0, "Bridge closed", phrase),
                told("ap", 1, "Choir on the train", phrase),
                told("ap", 2, "Rye loaf wins", phrase),
            ],
        );
    }
    check("AB", &[told("ap", 0, "Bridge closed", short), told("bbc", 1, "Choir on the train", short)]);
    // Under one headline it is one story, and so is a whole report under another.
    check(
        "AA",
        &[told("ap", 0, "Bridge closed for nine weeks", blurb), told("bbc", 1, "Bridge closed for nine weeks", blurb)],
    );
    check("AA", &[told("ap", 0, "We didn't get there", WIRE), told("ap", 1, "No deal on the river", WIRE)]);
}
