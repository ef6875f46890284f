//! What the lines of one record are: a name, a day, a button, a place.

use std::ops::Range;

use super::signature::class;
use super::title::{is_button, is_titled};
use crate::extract::date::is_when;
use crate::extract::dom::Tree;

/// Lines of one record that are looked at.
const CELLS: usize = 40;
/// Elements between a line and its record that say which line it is.
const STEPS: usize = 8;

/// Words of links that lead to the papers of a record and name none.
const PAPERS: &[&str] = &[
    "agenda",
    "agendas",
    "minutes",
    "packet",
    "notice",
    "notices",
    "video",
    "audio",
    "pdf",
    "doc",
    "docx",
    "html",
    "htm",
    "word",
    "download",
    "downloads",
    "details",
    "detail",
    "view",
    "meeting",
    "map",
    "it",
    "ical",
    "icalendar",
    "ics",
    "export",
    "not",
    "available",
    "n",
    "a",
    "transcript",
    "presentation",
    "presentations",
    "attachment",
    "attachments",
    "handouts",
    "results",
    "live",
    "stream",
    "watch",
    "listen",
    "recording",
    "document",
    "documents",
    "file",
    "files",
    "open",
    "more",
    "info",
    "information",
    "register",
    "registration",
    "tickets",
    "add",
    "to",
    "calendar",
    "google",
    "outlook",
    "approved",
    "draft",
    "final",
    "revised",
    "amended",
    "materials",
    "accessible",
    "kb",
    "mb",
    "and",
    "cancelled",
    "canceled",
    "postponed",
    "recurring",
    "event",
    "na",
    "tba",
    "tbd",
    "here",
    "click",
    "for",
    "the",
    "link",
    "see",
    "version",
    "print",
    "english",
    "size",
    "new",
    "window",
    "opens",
    "in",
    "only",
    "memo",
    "supporting",
    "full",
    "media",
    "tagesordnung",
    "protokoll",
    "niederschrift",
    "einladung",
    "bekanntmachung",
    "herunterladen",
    "convocation",
    "procès",
    "verbal",
    "compte",
    "rendu",
    "télécharger",
    "ordre",
    "du",
    "jour",
    "acta",
    "orden",
    "del",
    "día",
    "descargar",
    "convocatoria",
    "verbale",
    "ordine",
    "scarica",
    "notulen",
    "verslag",
    "downloaden",
    "ata",
    "pauta",
];

/// Words of places.
const PLACES: &[&str] = &[
    "room",
    "suite",
    "street",
    "st",
    "avenue",
    "ave",
    "blvd",
    "boulevard",
    "road",
    "rd",
    "drive",
    "floor",
    "hall",
    "building",
    "zoom",
    "virtual",
    "online",
    "webex",
    "teams",
    "chambers",
    "auditorium",
    "remote",
    "raum",
    "saal",
    "straße",
    "rathaus",
    "sitzungssaal",
    "salle",
    "rue",
    "mairie",
    "sala",
    "calle",
    "ayuntamiento",
    "via",
    "zaal",
];

/// Names and classes of elements that hold a place.
const PLACED: &[&str] = &["location", "venue", "address", "place", "where", "room", "ort", "lieu", "lugar", "luogo"];

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A day, a time, or both.
    When,
    /// What leads to a paper, a picture of it, a state: "Agenda", "PDF, 20 KB", "Not available".
    Paper,
    /// What the next line is: "Location:".
    Label,
    /// A number, a reference, a sign.
    Number,
    /// Anything else: what may name the record.
    Words,
}

/// One line of a record.
pub(super) struct Cell {
    /// Where it stands in the record: equal for the lines of a column.
    pub(super) slot: String,
    pub(super) text: String,
    /// The node of its first word.
    pub(super) at: usize,
    pub(super) sort: Sort,
    /// All of it is linked.
    pub(super) linked: bool,
    /// It stands in a heading, or its author calls it a title.
    pub(super) titled: bool,
    /// It tells where.
    pub(super) placed: bool,
}

/// The lines of a record.
pub(super) fn cells(tree: &Tree<'_>, record: &Range<usize>) -> Vec<Cell> {
    let columns = columns(tree, record.start);
    let mut out: Vec<Cell> = Vec::new();
    for row in tree.rows(record.clone()).into_iter().take(CELLS) {
        let mut slot = slot(tree, record.start, row.at, &columns);
        let same = out.iter().filter(|cell| cell.slot.split('#').next() == Some(&slot)).count();
        if same > 0 {
            slot.push_str(&format!("#{same}"));
        }
        let inside = || tree.ancestors(row.at).take_while(|at| *at >= record.start).take(STEPS);
        out.push(Cell {
            slot,
            sort: sort(&row.text),
            at: row.at,
            linked: row.linked >= row.letters && row.linked > 0,
            titled: inside().any(|at| tree.node(at).is_heading() || at > record.start && is_titled(tree, at)),
            placed: is_place(&row.text)
                || inside().filter(|at| *at > record.start).any(|at| tree.words(at).any(|word| PLACED.contains(&word))),
            text: row.text,
        });
    }
    out
}

/// The cells of a table's row, where it is one.
pub(super) fn columns(tree: &Tree<'_>, row: usize) -> Vec<usize> {
    if tree.node(row).name != "tr" {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut at, end) = (row + 1, tree.range(row).end);
    while at < end && found.len() < CELLS {
        if matches!(tree.node(at).name.as_str(), "td" | "th") {
            found.push(at);
        }
        at = tree.range(at).end.max(at + 1);
    }
    found
}

fn slot(tree: &Tree<'_>, record: usize, at: usize, columns: &[usize]) -> String {
    let mut out = String::new();
    for at in tree.ancestors(at).skip(1).take_while(|at| *at > record).take(STEPS) {
        if let Some(nth) = columns.iter().position(|column| *column == at) {
            out.push_str(&format!("<{nth}"));
            break;
        }
        let node = tree.node(at);
        out.push('<');
        out.push_str(&node.name);
        if let Some(class) = node.class.split_whitespace().find_map(class) {
            out.push('.');
            out.push_str(&class);
        }
    }
    out
}

/// What a text is.
pub(super) fn sort(text: &str) -> Sort {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    if is_when(text) || is_when(&without_papers(text)) {
        Sort::When
    } else if letters < 2 {
        Sort::Number
    } else if text.ends_with(':') {
        Sort::Label
    } else if is_button(text) || is_paper(text) {
        Sort::Paper
    } else if letters * 2 < text.chars().filter(|c| !c.is_whitespace()).count() && text.len() < 40 {
        Sort::Number
    } else {
        Sort::Words
    }
}

/// Whether a text is a time of day and nothing else: "10:05", "9:00 - 17:00", "9-10 a.m.". Departures have it, and lists
/// of what happens on one day.
pub(super) fn is_clock(text: &str) -> bool {
    let (mut times, mut numbers) = (0, 0);
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—' | ',' | '(' | ')')) {
        let letters: String = word.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let is_named = matches!(letters.as_str(), "am" | "pm" | "h" | "uhr");
        match digits {
            _ if word.contains('/') || !(letters.is_empty() || is_named) => return false,
            0 => times += usize::from(is_named),
            1..=6 if word.contains(':') => times += 1,
            1 | 2 if is_named => times += 1,
            1 | 2 if word.len() == digits => numbers += 1,
            _ => return false,
        }
    }
    // More bare numbers than one beside a time are a day: "11-03-26 10:00".
    times > 0 && (numbers <= 1 || numbers == 2 && times == 1 && !text.contains(':'))
}

/// "Agenda 5 May" says when as much as "5 May" does.
fn without_papers(text: &str) -> String {
    if text.len() > 80 {
        return String::new();
    }
    let is_other = |word: &&str| {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        !PAPERS.contains(&bare.as_str()) || bare.is_empty()
    };
    text.split_whitespace().filter(is_other).collect::<Vec<_>>().join(" ")
}

/// Whether a text is made of words for papers and numbers alone.
pub(super) fn is_paper(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.len() < 60
        && lower
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .all(|word| PAPERS.contains(&word) || word.bytes().all(|b| b.is_ascii_digit()))
}

fn is_place(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    text.len() < 200 && words.any(|word| PLACES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::is_clock;

    #[test]
    fn a_time_of_day_is_no_day() {
        for text in ["10:05", "9:00 - 17:00", "7 p.m.", "9 - 10 AM", "9 – 10:30 am", "14:30 Uhr", "10:05:30"] {
            assert!(is_clock(text), "{text}");
        }
        for text in
            ["11-03-26 10:00", "5 May, 10:00", "11/3/2026", "3.11. 10:00", "Monday 10:00", "10", "Agenda", "2026-11-03"]
        {
            assert!(!is_clock(text), "{text}");
        }
    }
}
