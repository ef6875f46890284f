//! One form with other fillings: what shares nearly all its words and is another story.

use super::{check, told, veto};
use crate::model::Veto;

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
fn d06_live_pages_of_two_events_are_two() {
    let frame = "Welcome to our live coverage. This page updates by itself. Scroll down for the latest, and write to us about what \
        you see.";
    let storm = format!(
        "{frame} 09:10 The ferry stays in port until the wind has turned, the harbour master says. 09:40 Schools on the coast are closed."
    );
    let trial = format!(
        "{frame} 09:15 The court hears the second witness, who drove the van. 09:55 The judge calls a pause of one hour."
    );
    check("AB", &[told("ap", 0, "Live updates", &storm), told("bbc", 1, "Live updates", &trial)]);
    let later = format!("{storm} 10:20 A tree has fallen across the road to the lighthouse.");
    check("AA", &[told("ap", 0, "Live updates", &storm), told("bbc", 1, "Storm live", &later)]);
}

fn earnings(company: &str, profit: &str, sales: &str) -> String {
    format!(
        "{company} said on Tuesday that its profit for the quarter was {profit} million, more than analysts had expected. Sales \
         were {sales} billion. The company left its forecast for the year as it was. Shares of {company} rose in late trading. \
         The board will meet again in the autumn to decide on the dividend."
    )
}

#[test]
fn d11_d50_another_company_in_the_form_is_another_story() {
    let apple = told("ap", 0, "Apfel beats forecasts in third quarter", &earnings("Apfel", "31", "6.8"));
    check(
        "AB",
        &[apple.clone(), told("ap", 1, "Birne beats forecasts in third quarter", &earnings("Birne", "44", "9.1"))],
    );
    // Even when every number is the same.
    check(
        "AB",
        &[apple.clone(), told("ap", 1, "Birne beats forecasts in third quarter", &earnings("Birne", "31", "6.8"))],
    );
    check(
        "AA",
        &[apple, told("bbc", 1, "Apfel does well", &format!("HILLTOWN (Wire) - {}", earnings("Apfel", "31", "6.8")))],
    );
}

#[test]
fn things_are_fillings_as_much_as_names() {
    let found = |thing: &str| {
        format!(
            "Walkers found an old {thing} in the woods. The police closed the paths and called for people who know about such \
            things. They took it away before dark. There was no danger at any time, a spokesman said."
        )
    };
    let stories =
        [told("ap", 0, "Found in the woods", &found("safe")), told("ap", 9, "Found in the woods", &found("boat"))];
    check("AB", &stories);
    assert_eq!(veto(&stories), Some(Veto::Words));
    // Editors say the same in other words.
    let edited = found("safe").replace("a spokesman said", "a spokesman told reporters");
    check("AA", &[told("ap", 0, "Found in the woods", &found("safe")), told("bbc", 1, "Safe in the woods", &edited)]);
}

#[test]
fn who_beats_whom_is_the_story() {
    let beats = |winner: &str, loser: &str| {
        format!(
            "In the end {winner} beat {loser} in five sets, after losing the first two. The crowd stood up when {winner} served \
            out the match, while {loser} sat on the bench for a long time. It was the longest match of the week."
        )
    };
    let (a, b) = (beats("Lund", "Okoro"), beats("Okoro", "Lund"));
    check("AB", &[told("ap", 0, "Lund beats Okoro", &a), told("bbc", 3, "Okoro beats Lund", &b)]);
    check(
        "AA",
        &[told("ap", 0, "Lund beats Okoro", &a), told("bbc", 3, "Five sets", &format!("{a} Rain had delayed it."))],
    );
}

#[test]
fn a_denial_is_another_story() {
    let plant = |will: &str| {
        format!(
            "The paper plant in the valley {will} close, its owner said. The plant is the largest employer for miles and makes \
            card for fruit boxes. The union had called a meeting for the evening, and the mayor came too."
        )
    };
    check("AB", &[told("ap", 0, "Paper plant", &plant("will")), told("bbc", 3, "Paper plant", &plant("will not"))]);
    check("AA", &[told("ap", 0, "Paper plant", &plant("will not")), told("bbc", 3, "Paper plant", &plant("won't"))]);
}

#[test]
fn a_denial_in_the_headline_is_another_story() {
    let vote = |word: &str| {
        format!(
            "The council may {word}let the tram run at night, its speaker said after the meeting on Thursday. Drivers want more pay \
             for late hours and the money for it is missing so far. A survey among passengers is to come first, and the two \
             parties that carry the council are of different minds. The last tram leaves the market at eleven today, and those \
             who work at the port have long asked for a later one. A decision is expected before the summer."
        )
    };
    let (may, not) = (vote(""), format!("{} Taxi owners were glad.", vote("not ")));
    check(
        "AB",
        &[
            told("ap", 0, "Council may let trams run at night", &may),
            told("bbc", 3, "Council may not let trams run at night", &not),
        ],
    );
    // Over the same text a headline is only a headline (D03).
    check(
        "AA",
        &[
            told("ap", 0, "Council may let trams run at night", &may),
            told("bbc", 3, "Council may not want trams at night", &may),
        ],
    );
}

/// A short text that the other has whole is its cut, whatever the headlines.
#[test]
fn a_short_cut_may_have_another_headline() {
    let short = "The ferry stays in port until the wind has turned, the harbour master said on Monday. Passengers with tickets may \
        use the night boat or have their money back at the office on the quay.";
    let long = format!("{short} Schools on the island are closed today. Rain is to follow.");
    check("AA", &[told("ap", 0, "Ferry stays in port", short), told("bbc", 1, "Island waits for calm", &long)]);
    check(
        "AB",
        &[
            told("ap", 0, "Ferry stays in port", short),
            told("bbc", 1, "Bridge stays closed", &short.replace("ferry", "bridge").replace("night boat", "day train")),
        ],
    );
}

/// A shorter notice of another day is no cut: its numbers are its own.
#[test]
fn a_shorter_filling_is_no_cut() {
    let notice = |sum: &str, day: &str, more: &str| {
        format!(
            "The bank said it had offered the money market early help of {sum} million on {day}, after forecasting a shortage \
            of {sum} million in the system. {more}"
        )
    };
    let more = "Bills falling due and the rise of notes in circulation would drain the market, it said, while balances above \
        target would add to it. Dealers had expected somewhat more than that and saw no sign of a change of rates. The bank \
        will look at the market again at noon and may then offer to buy bills of all bands.";
    let long = notice("950", "Monday", more);
    check(
        "AB",
        &[
            told("ap", 0, "Bank offers early help", &long),
            told("ap", 24, "Bank offers early help", &notice("720", "Tuesday", "")),
        ],
    );
    check(
        "AA",
        &[
            told("ap", 0, "Bank offers early help", &long),
            told("bbc", 1, "Bank offers early help", &notice("950", "Monday", "")),
        ],
    );
}

#[test]
fn numbers_meet_in_all_spellings() {
    let text = |a: &str, b: &str, c: &str| {
        format!(
            "The boat yard sold {a} boats in spring, its owner said, and the price of a share rose to {b} in the week after. \
            Sales came to {c} of those of a year ago, when the yard had been shut by the flood."
        )
    };
    let plain = told("ap", 0, "Boat yard sells more", &text("three", "16.5", "90 percent"));
    for other in [text("3", "16-1/2", "90 pct"), text("three", "16 1/2", "90 per cent"), text("3", "16½", "90%")] {
        check("AA", &[plain.clone(), told("bbc", 1, "Boats", &other)]);
    }
    check("AB", &[plain, told("bbc", 30, "Boats", &text("four", "18.5", "70 percent"))]);
}

#[test]
fn d63_one_picture_with_other_captions_is_another_story() {
    let caption = |place: &str, day: &str, name: &str| {
        format!(
            "Spectators watch the boats pass the lighthouse during the annual regatta in {place} on {day}. The regatta goes on \
            until the end of the week and ends with fireworks. Photo: {name}"
        )
    };
    let first = told("ap", 0, "In pictures", &caption("Port Ellery", "Monday", "Anna Lund"));
    check("AB", &[first.clone(), told("ap", 24, "In pictures", &caption("Harwick", "Tuesday", "Tom Okoro"))]);
    check("AA", &[first, told("bbc", 1, "Regatta", &caption("Port Ellery", "Monday", "Anna Lund"))]);
}
