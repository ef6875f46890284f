//! Public records: rows whose links say "Agenda" and whose name stands beside.

use std::time::Duration;

use super::{check, day, reading};
use crate::extract::tests::spent;

const MENU: &str = r#"<nav class="menu"><ul><li><a href="/">Home</a><li><a href="/departments">Departments and offices</a>
    <li><a href="/jobs">Jobs with the town of Harbour</a><li><a href="/contact">Contact the town hall</a></ul></nav>"#;

fn page(content: &str) -> String {
    format!("<!doctype html><html lang=en><title>Meetings | Harbour</title><body>{MENU}<main>{content}</main>")
}

#[test]
fn a_row_of_a_table_is_named_by_its_cell_and_leads_to_its_page() {
    let row = |day: &str, name: &str, id: u32| {
        format!(
            r#"<tr class="row{id}"><td>{day}</td><td>10:00 AM</td><td>{name}</td><td>Room 4, Town Hall</td>
            <td><a href="/calendar/{id}.ics"><img src="/i/c.gif" alt="Export to calendar"></a></td>
            <td><a href="/files/agenda-{id}.pdf">Agenda</a></td><td><a href="/meetings/detail/{id}">Meeting details</a></td></tr>"#
        )
    };
    let rows = [
        row("11/3/2026", "Harbour Committee", 7001),
        row("10/28/2026", "Board of Lighthouses", 7002),
        row("10/21/2026", "Committee on Nets and Ropes", 7003),
        row("10/14/2026", "Library Trustees", 7004),
    ];
    let head = "<tr><th><a href='?sort=day'>Date</a></th><th>Time</th><th>Name</th><th>Location</th><th></th><th></th><th></th></tr>";
    let stories = check(
        &page(&format!("<table class=list>{head}{}</table>", rows.concat())),
        &[
            ("Harbour Committee", "meetings/detail/7001"),
            ("Board of Lighthouses", "meetings/detail/7002"),
            ("Committee on Nets and Ropes", "meetings/detail/7003"),
            ("Library Trustees", "meetings/detail/7004"),
        ],
    );
    assert_eq!(day(&stories[0]).as_deref(), Some("2026-11-03"));
    assert!(stories[0].summary.as_deref().unwrap().contains("Room 4, Town Hall"), "{:?}", stories[0].summary);
}

#[test]
fn records_of_one_name_are_told_apart_by_their_days() {
    let row = |day: &str, id: u32| {
        format!(
            r#"<li class="meeting"><div class="board">Pilots' Board</div><div class="day">{day}</div>
            <a href="/papers/{id}-agenda.pdf">Agenda</a> <a href="/papers/{id}-minutes.pdf">Minutes</a></li>"#
        )
    };
    let rows =
        [row("3 November 2026", 1), row("6 October 2026", 2), row("1 September 2026", 3), row("4 August 2026", 4)];
    check(
        &page(&format!("<ul class=meetings>{}</ul>", rows.concat())),
        &[
            ("Pilots' Board, 3 November 2026", "papers/1-agenda.pdf"),
            ("Pilots' Board, 6 October 2026", "papers/2-agenda.pdf"),
            ("Pilots' Board, 1 September 2026", "papers/3-agenda.pdf"),
            ("Pilots' Board, 4 August 2026", "papers/4-agenda.pdf"),
        ],
    );
}

#[test]
fn a_record_without_a_name_is_called_by_its_day_and_paper() {
    let row = |day: &str, id: u32| {
        format!(
            r#"<div class="entry"><div>{day}</div><div><a href="/p/{id}a.pdf">Agenda</a></div>
            <div><a href="/p/{id}m.pdf">Minutes</a></div></div>"#
        )
    };
    let rows = [row("11/03/26", 1), row("10/06/26", 2), row("09/01/26", 3), row("08/04/26", 4), row("07/07/26", 5)];
    check(
        &page(&rows.concat()),
        &[
            ("11/03/26: Agenda", "p/1a.pdf"),
            ("10/06/26: Agenda", "p/2a.pdf"),
            ("09/01/26: Agenda", "p/3a.pdf"),
            ("08/04/26: Agenda", "p/4a.pdf"),
            ("07/07/26: Agenda", "p/5a.pdf"),
        ],
    );
}

#[test]
fn maps_streams_and_calendars_are_no_records_page() {
    let row = |day: &str, name: &str, id: u32| {
        format!(
            r#"<div class="event"><p class="name">{name}</p><p class="when">{day}</p>
            <p><a href="https://maps.google.com/?q=Harbour">map it</a></p>
            <p><a href="https://stream.example/live">Streaming address</a></p>
            <p><a href="https://calendar.google.com/event?eid={id}">Add to calendar</a></p>
            <p><a href="/notices/{id}/view">View</a></p></div>"#
        )
    };
    let rows = [
        row("3 November 2026", "Hearing on the new mole", 11),
        row("6 October 2026", "Hearing on the ferry fares", 12),
        row("1 September 2026", "Hearing on the fish market", 13),
        row("4 August 2026", "Hearing on the north pier", 14),
    ];
    check(
        &page(&rows.concat()),
        &[
            ("Hearing on the new mole", "notices/11/view"),
            ("Hearing on the ferry fares", "notices/12/view"),
            ("Hearing on the fish market", "notices/13/view"),
            ("Hearing on the north pier", "notices/14/view"),
        ],
    );
}

#[test]
fn stories_of_a_news_page_stay_though_a_table_of_days_stands_beside_them() {
    let story = |slug: &str, title: &str| {
        format!(
            r#"<article><h2><a href="/2026/11/{slug}">{title}</a></h2><p>What was said about it in the harbour.</p></article>"#
        )
    };
    let stories = [
        story("ferry-is-back", "The ferry is back after four weeks"),
        story("crane-sold", "The old crane has been sold to a museum"),
        story("mole-opens", "The new mole opens to walkers on Sunday"),
        story("market-moves", "The fish market moves to the north pier"),
    ];
    let tides: String = ["24 November 2026", "25 November 2026", "26 November 2026"]
        .iter()
        .map(|day| format!("<tr><td>{day}</td><td><a href='/tides/{}.pdf'>PDF</a></td></tr>", &day[..2]))
        .collect();
    check(
        &page(&format!("{}<table>{tides}</table>", stories.concat())),
        &[
            ("The ferry is back after four weeks", "2026/11/ferry-is-back"),
            ("The old crane has been sold to a museum", "2026/11/crane-sold"),
            ("The new mole opens to walkers on Sunday", "2026/11/mole-opens"),
            ("The fish market moves to the north pier", "2026/11/market-moves"),
        ],
    );
}

#[test]
fn the_months_of_an_archive_are_no_records() {
    let months: String =
        (1..=9).map(|month| format!(r#"<li><a href="/archive/2026/{month}">{month}/2026, 12:00</a></li>"#)).collect();
    assert!(reading("https://harbour.example/archive", &page(&format!("<ul>{months}</ul>"))).is_err());
}

#[test]
fn rows_without_end_are_read_in_time() {
    let rows = "<tr><td>1 a 1 a 1 a 1 a 1 a 1 a 1 a 1<td>11/03/26<td><a href=/x>PDF</a>".repeat(40_000);
    let nested = "<div class=a><p>11/03/26 1 2 3 4 5 6 7 8 9<a href=/y>Agenda</a>".repeat(60_000);
    for body in [rows, nested] {
        let start = spent();
        drop(reading("https://harbour.example/", &body));
        let time = spent() - start;
        assert!(time < Duration::from_secs(2), "{time:?}");
    }
}

#[test]
fn rows_that_tell_a_time_of_day_alone_are_a_timetable() {
    let rows: String = (1..=9)
        .map(|nth| {
            format!(
                r#"<tr><td>1{nth}:05</td><td><a href="/station/{nth}">North Pier {nth}</a></td><td>{nth}</td></tr>"#
            )
        })
        .collect();
    let found = reading("https://harbour.example/departures", &page(&format!("<table>{rows}</table>")));
    assert!(found.as_ref().is_err() || found.is_ok_and(|found| found.confidence < 0.6));
}

#[test]
fn what_people_wrote_under_each_other_is_no_list_of_these_people() {
    let posts: String = (1..=8)
        .map(|nth| {
            format!(
                r##"<div class="post" id="p{nth}"><p><a href="/u/ann{nth}">Ann {nth}</a></p><p>{nth} Nov 2026 10:0{nth}</p>
                <p>It leaks because the hull is old and cracked, as I found in boat {nth}.</p><a href="#p{nth}">#{nth}</a></div>"##
            )
        })
        .collect();
    let found = reading("https://harbour.example/t/why-does-it-leak", &page(&format!("<h1>Why?</h1>{posts}")));
    let urls: Vec<_> = found.into_iter().flat_map(|found| found.drafts).filter_map(|draft| draft.clean().url).collect();
    assert!(!urls.iter().any(|url| url.contains("/u/ann")), "{urls:?}");
}

#[test]
fn a_folder_of_files_is_a_list_without_the_folder_above() {
    let row = |nth: u32| {
        format!(
            r#"<tr><td><a href="net-{nth}.tar.gz">net-{nth}.tar.gz</a></td><td>2026-11-0{nth} 10:00</td><td>1{nth}K</td></tr>"#
        )
    };
    let rows: String = (1..=5).map(row).collect();
    let above = r#"<tr><td><a href="/council/">Parent Directory</a></td><td></td><td>-</td></tr>"#;
    let files: Vec<(String, String)> =
        (1..=5).map(|nth| (format!("net-{nth}.tar.gz"), format!("council/net-{nth}.tar.gz"))).collect();
    let expected: Vec<(&str, &str)> = files.iter().map(|(name, url)| (name.as_str(), url.as_str())).collect();
    check(&format!("<h1>Index</h1><table>{above}{rows}</table>"), &expected);
}

#[test]
fn a_release_is_called_by_its_number_and_not_by_its_first_change() {
    let release = |nth: u32| {
        format!(
            r#"<section class="release"><h2><a href="/releases/1.{nth}.0">1.{nth}.0</a></h2><p>Released 2026-11-0{nth}</p>
            <ul><li>Mended the net <a href="/issues/{nth}">#{nth}</a></li><li>Added a rope</li></ul></section>"#
        )
    };
    check(
        &page(&(1..=6).map(release).collect::<String>()),
        &[
            ("1.1.0", "releases/1.1.0"),
            ("1.2.0", "releases/1.2.0"),
            ("1.3.0", "releases/1.3.0"),
            ("1.4.0", "releases/1.4.0"),
            ("1.5.0", "releases/1.5.0"),
            ("1.6.0", "releases/1.6.0"),
        ],
    );
}
