//! What the looser tier joins, what it keeps apart, and what holds whatever comes in.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

const HOUR: i64 = 3600;

/// Ferry, ferry, harbour fire of the same section, ferry, fire.
const NEWS: [(&str, &str); 5] = [
    (
        "Ferry runs aground off Port Ellery",
        "The ferry Isola ran aground on the Skarn reef near Port Ellery early on Monday with 212 people on board.",
    ),
    (
        "Passengers taken off stranded Isola",
        "All 212 passengers were brought to Port Ellery after the Isola struck the Skarn reef, the coastguard said.",
    ),
    (
        "Warehouse fire in Greyhaven docks",
        "A fire destroyed a timber warehouse at the docks of Greyhaven on Monday; nobody was hurt, the brigade said.",
    ),
    (
        "Captain of the Isola questioned",
        "Police questioned the captain whose ferry lies on the Skarn reef off Port Ellery.",
    ),
    (
        "Greyhaven timber fire under control",
        "The brigade put out the fire in the timber warehouse at the Greyhaven docks.",
    ),
];

fn report<'a>((title, text): (&'a str, &'a str), time: i64) -> Report<'a> {
    Report { time, title, text }
}

fn placed(stories: &[(&str, &str)], apart: i64) -> Vec<u32> {
    let mut stream = Events::default();
    (0_u32..).zip(stories).map(|(at, story)| stream.place(at, &report(*story, i64::from(at) * apart))).collect()
}

#[test]
fn one_event_in_other_words_is_one_event() {
    assert_eq!(placed(&NEWS, HOUR), [0, 0, 2, 0, 2]);
}

#[test]
fn stories_of_one_section_are_not_one_event() {
    let stories = [
        (
            "Harriers win at home",
            "The Harriers beat Weston 3-1 at home on Saturday, with two goals by Lund in the second half.",
        ),
        (
            "Rovers lose at home",
            "The Rovers lost 0-2 to Milford at home on Saturday; Okafor scored both goals in the first half.",
        ),
        (
            "Shares of Brightwell fall",
            "Shares of the bank Brightwell fell 4 percent on Saturday after its quarterly results.",
        ),
        (
            "Shares of Tallis rise",
            "Shares of the brewer Tallis rose 3 percent on Saturday after it raised its outlook for the year.",
        ),
    ];
    assert_eq!(placed(&stories, HOUR), [0, 1, 2, 3]);
}

#[test]
fn what_is_told_outside_the_window_is_another_event() {
    assert_eq!(placed(&[NEWS[0], NEWS[1]], 49 * HOUR), [0, 1]);
    // No chain of tellings reaches over it either.
    assert_eq!(placed(&[NEWS[0], NEWS[1], NEWS[3]], 30 * HOUR), [0, 0, 2]);
}

#[test]
fn a_second_event_of_the_same_kind_comes_apart() {
    let first = [
        "Vera Lindqvist of the Harriers was arrested for drink driving near Weston on Tuesday.",
        "Harriers goalkeeper Vera Lindqvist arrested for drink driving in Weston.",
        "The Harriers said goalkeeper Lindqvist was arrested in Weston, suspected of drink driving.",
        "Goalkeeper Lindqvist, arrested for drink driving in Weston, will play for the Harriers.",
        "Weston police arrested Harriers goalkeeper Vera Lindqvist on suspicion of drink driving.",
    ];
    let second = [
        "Harriers midfielder Joan Abara was arrested for drink driving on the Milford bridge.",
        "Joan Abara of the Harriers arrested for drink driving at Milford bridge, court papers show.",
        "Midfielder Abara was stopped on Milford bridge and arrested for drink driving.",
        "The Harriers suspended midfielder Joan Abara after the arrest on Milford bridge.",
    ];
    let stories: Vec<(&str, &str)> = first.iter().chain(&second).map(|text| ("", *text)).collect();
    let found = placed(&stories, HOUR);
    assert_eq!(found[..5], [0; 5]);
    assert!(found[7] >= 5 && found[7] == found[8], "{found:?}");
}

#[test]
fn a_page_is_seen_at_once_and_in_any_order() {
    let page: Vec<Report<'_>> = [2, 0, 4, 3, 1].iter().map(|at| report(NEWS[*at], *at as i64 * HOUR)).collect();
    assert_eq!(events(&page), [0, 1, 0, 1, 1]);
    assert_eq!(events(&[]), Vec::<usize>::new());
}

#[test]
fn other_scripts_have_events_too() {
    let stories = [
        ("Паром сел на мель у порта Эллери", "Паром «Изола» сел на мель у порта Эллери, на борту 212 человек."),
        ("С парома «Изола» сняли пассажиров", "Пассажиров парома «Изола», севшего на мель, доставили в порт Эллери."),
        ("台风逼近海岸城市", "气象部门说台风将于周一登陆海岸城市。"),
        ("海岸城市迎来台风", "台风周一在海岸城市登陆，气象部门发出警报。"),
    ];
    assert_eq!(placed(&stories, HOUR), [0, 0, 2, 2]);
}

#[test]
fn memory_is_that_of_the_window() {
    let mut stream = Events::default();
    for at in 0..3000_u32 {
        let text = format!("Report {at} about place{at} and person{at} with matter{at}.");
        stream.place(at, &report(("", &text), i64::from(at) * HOUR));
    }
    assert!(stream.members.len() <= 48 + 1 + EXPIRE_EVERY + EXPIRE_EVERY / 2, "{}", stream.members.len());
    assert!(stream.events.len() <= stream.members.len());
    assert!(stream.postings.values().all(|under| under.iter().any(|member| stream.members.contains_key(member))));
}

#[test]
fn a_date_far_ahead_makes_nothing_old() {
    let mut stream = Events::default();
    stream.place(0, &report(NEWS[0], 0));
    for at in 1..=EXPIRE_EVERY as u32 {
        stream.place(at, &report(("", ""), if at == 9 { i64::MAX } else { 0 }));
    }
    assert_eq!(stream.place(1000, &report(NEWS[1], HOUR)), 0);
}

/// Words out of which stories are made that are often alike, and anything at all between them.
fn story() -> impl Strategy<Value = (u32, i64, String, String)> {
    let word = prop_oneof![
        4 => prop::sample::select(vec!["Isola", "Ellery", "reef", "ferry", "Skarn", "212", "captain", "fire", "docks"]).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    let words = |most| prop::collection::vec(word.clone(), 0..most).prop_map(|words| words.join(" "));
    (0..40_u32, -9..200_i64, words(6), words(20))
}

proptest! {
    #[test]
    fn whatever_comes_in(stories in prop::collection::vec(story(), 0..60)) {
        let [mut stream, mut again] = [Events::default(), Events::default()];
        let mut times: HashMap<u32, Vec<i64>> = HashMap::new();
        let mut answers: HashMap<u32, u32> = HashMap::new();
        for (cluster, hours, title, text) in &stories {
            let report = Report { time: hours * HOUR, title, text };
            let event = stream.place(*cluster, &report);
            prop_assert_eq!(event, again.place(*cluster, &report), "the same every time");
            let opens = !answers.contains_key(cluster);
            prop_assert!(event == *cluster || answers.contains_key(&event), "an event is named by a story before");
            prop_assert_eq!(*answers.entry(*cluster).or_insert(event), event, "duplicates share their event");
            if opens {
                times.entry(event).or_default().push(report.time);
            }
        }
        for times in times.values() {
            let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
            prop_assert!(last - first <= 48 * HOUR, "nothing is joined over more than the window");
        }
    }

    #[test]
    fn a_page_is_named_by_its_first(stories in prop::collection::vec(story(), 0..40)) {
        let page: Vec<Report<'_>> =
            stories.iter().map(|(_, hours, title, text)| Report { time: hours * HOUR, title, text }).collect();
        let found = events(&page);
        prop_assert_eq!(found.len(), page.len());
        for (at, event) in found.iter().enumerate() {
            prop_assert!(*event <= at && found[*event] == *event);
            prop_assert!((page[at].time - page[*event].time).abs() <= 48 * HOUR);
        }
    }
}
