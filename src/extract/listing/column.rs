//! Which line of a record names it, and which link is the record's.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use url::Url;

use super::cells::{self, Cell, Sort};
use super::links::Link;
use super::record;
use super::sets;
use super::title::width;
use crate::extract::dom::Tree;

/// Records that a column is judged by.
const SAMPLE: usize = 60;
/// Columns below this are places, kinds and states.
const FLOOR: f64 = 1.3;
/// Heads of columns that hold names, and of those that hold none.
const NAMES: &[&str] = &[
    "title",
    "name",
    "subject",
    "meeting",
    "event",
    "board",
    "committee",
    "body",
    "project",
    "description",
    "document",
    "topic",
    "item",
    "case",
    "titel",
    "betreff",
    "gremium",
    "bezeichnung",
    "objet",
    "intitulé",
    "asunto",
    "título",
    "oggetto",
    "onderwerp",
    "assunto",
];
const OTHERS: &[&str] = &[
    "date", "time", "location", "place", "status", "type", "room", "where", "when", "size", "ort", "datum", "lieu",
    "fecha", "lugar",
];

/// A place in the records where a name may stand.
pub(super) struct Column {
    slot: String,
    score: f64,
}

#[derive(Default)]
struct Counts<'c> {
    all: f64,
    words: f64,
    linked: f64,
    titled: f64,
    placed: f64,
    width: f64,
    first: usize,
    texts: HashSet<&'c str>,
}

/// The columns, best first.
pub(super) fn rank(tree: &Tree<'_>, rows: &[Range<usize>], lines: &[Vec<Cell>], links: &[Link]) -> Vec<Column> {
    let step = lines.len().div_ceil(SAMPLE).max(1);
    let mut counts: HashMap<&str, Counts<'_>> = HashMap::new();
    let mut sampled: f64 = 0.0;
    for cells in lines.iter().step_by(step) {
        sampled += 1.0;
        for (nth, cell) in cells.iter().enumerate() {
            let count = counts.entry(&cell.slot).or_insert_with(|| Counts { first: nth, ..Counts::default() });
            let yes = |test: bool| f64::from(u8::from(test));
            count.all += 1.0;
            count.words += yes(cell.sort == Sort::Words);
            count.linked +=
                yes(cell.linked && links.binary_search_by(|link| link.at.cmp(&parent(tree, cell.at))).is_ok());
            count.titled += yes(cell.titled);
            count.placed += yes(cell.placed);
            count.width += width(&cell.text).min(80) as f64;
            count.texts.insert(&cell.text);
        }
    }
    let heads = rows.first().map(|row| heads(tree, row.start)).unwrap_or_default();
    let mut columns: Vec<Column> = (counts.into_iter())
        .filter(|(_, count)| count.words * 3.0 >= count.all)
        .map(|(slot, count)| {
            let of = |part: f64| part / count.all.max(1.0);
            let distinct = count.texts.len() as f64 / count.all.max(1.0);
            let constant = distinct < 0.2 && count.all >= 5.0 || count.texts.len() == 1 && count.all >= 3.0;
            let score = 2.0 * (count.words / sampled.max(1.0))
                + of(count.width) / 60.0
                + if constant { -1.0 } else { 0.8 } * of(count.linked)
                + 1.2 * of(count.titled)
                + 0.5 * distinct
                - if constant { 0.6 } else { 0.0 }
                - 1.2 * of(count.placed)
                - 0.12 * count.first.min(10) as f64
                + head(&heads, slot);
            Column { slot: slot.to_owned(), score }
        })
        .collect();
    columns.retain(|column| column.score >= FLOOR);
    columns.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.slot.cmp(&b.slot)));
    columns
}

fn parent(tree: &Tree<'_>, at: usize) -> usize {
    tree.ancestors(at).skip(1).find(|at| tree.node(*at).name == "a").unwrap_or(at)
}

/// The texts of the row that heads the table, by column.
fn heads(tree: &Tree<'_>, row: usize) -> Vec<String> {
    let Some(table) = tree.ancestors(row).skip(1).take(3).find(|at| tree.node(*at).name == "table") else {
        return Vec::new();
    };
    let range = tree.range(table);
    let Some(first) = tree.find(range.start..range.end.min(range.start + 400), "tr").next() else { return Vec::new() };
    let columns = cells::columns(tree, first);
    if columns.iter().filter(|at| tree.node(**at).name == "th").count() * 2 < columns.len() {
        return Vec::new();
    }
    columns.into_iter().map(|at| tree.text(tree.range(at)).to_lowercase()).collect()
}

/// What the head of a column says about it.
fn head(heads: &[String], slot: &str) -> f64 {
    let nth = slot.split('#').next().and_then(|slot| slot.rsplit('<').next()).and_then(|nth| nth.parse::<usize>().ok());
    let Some(text) = nth.and_then(|nth| heads.get(nth)) else { return 0.0 };
    let has = |words: &[&str]| text.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word));
    if has(OTHERS) {
        -1.0
    } else if has(NAMES) {
        0.8
    } else {
        0.0
    }
}

/// Which line names a record.
pub(super) fn name(cells: &[Cell], columns: &[Column]) -> Option<usize> {
    columns.iter().find_map(|column| {
        cells.iter().position(|cell| cell.slot == column.slot && cell.sort == Sort::Words && width(&cell.text) >= 3)
    })
}

/// What a record is called: its name, with the day where others have the same; else the day and what its link says.
pub(super) fn title(
    tree: &Tree<'_>,
    cells: &[Cell],
    name: Option<&Cell>,
    link: &Link,
    times: &HashMap<&str, usize>,
) -> Option<String> {
    let day = cells.iter().find(|cell| cell.sort == Sort::When).map(|cell| cell.text.as_str());
    // "1.2.0" in a heading that leads to the release names it, and not the first of its changes.
    let headed = cells.iter().find(|cell| {
        let is_sign = matches!(cell.sort, Sort::Number | Sort::When) && record::in_text(&cell.text, None).is_none();
        cell.titled && cell.linked && is_sign && tree.range(link.at).contains(&cell.at)
    });
    if let Some(head) = headed.filter(|_| name.is_none_or(|name| !name.titled)) {
        return Some(head.text.clone());
    }
    if let Some(name) = name {
        // "[Region] 5 May: The ferry is back": what is linked is the name.
        let is_part = tree.range(link.at).contains(&name.at) || within_line(tree, name.at, link.at);
        if is_part
            && !name.linked
            && width(&link.text) * 2 >= width(&name.text)
            && cells::sort(&link.text) == Sort::Words
        {
            return Some(link.text.clone());
        }
        let repeated = times.get(name.text.as_str()).is_some_and(|count| *count > 1);
        return Some(match day.filter(|_| repeated) {
            Some(day) => format!("{}, {day}", name.text),
            None => name.text.clone(),
        });
    }
    let said = tree.text(tree.range(link.at));
    let Some(day) = day else { return Some(said).filter(|text| cells::sort(text) == Sort::Words) };
    let is_paper = cells::sort(&said) == Sort::Paper && width(&said) <= 24 && !said.to_lowercase().contains("detail");
    Some(if is_paper { format!("{day}: {said}") } else { day.to_owned() })
}

/// Whether a link stands in the line that begins at a node.
fn within_line(tree: &Tree<'_>, line: usize, link: usize) -> bool {
    line <= link && !(line..link).any(|at| tree.node(at).is_block())
}

/// Addresses that many records share: a map, a stream, a sign for "new".
pub(super) fn common<'l>(links: &'l [Link], records: &[Range<usize>]) -> HashSet<&'l str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for record in records {
        let keys: HashSet<&str> = sets::within(links, record).iter().map(|link| link.key.as_str()).collect();
        for key in keys {
            *counts.entry(key).or_default() += 1;
        }
    }
    let many = (records.len() / 4).max(2);
    counts.into_iter().filter(|(_, count)| *count >= many).map(|(key, _)| key).collect()
}

/// The link that a reader takes for a record's: its page, else its first paper.
pub(super) fn link<'l>(
    tree: &Tree<'_>,
    links: &'l [Link],
    name: Option<&Cell>,
    common: &HashSet<&str>,
) -> Option<&'l Link> {
    let mut best: Option<(f64, &Link)> = None;
    for (nth, link) in links.iter().enumerate() {
        let in_name = name.is_some_and(|name| tree.range(link.at).contains(&name.at));
        let mut worth = if in_name { 3.0 } else { 0.0 } - 0.02 * nth as f64 + kind(tree, link);
        if common.contains(link.key.as_str()) {
            worth -= 4.0;
        }
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, link));
        }
    }
    best.filter(|(worth, _)| *worth > -2.5).map(|(_, link)| link)
}

/// What a link says, to those who cannot see its picture too.
pub(super) fn label(tree: &Tree<'_>, link: &Link) -> String {
    let mut out = link.text.clone();
    let range = tree.range(link.at);
    for at in range.start..range.end.min(range.start + 12) {
        for said in [tree.attribute(at, "title"), tree.attribute(at, "alt")].into_iter().flatten() {
            out.push(' ');
            out.push_str(said.get(..said.floor_char_boundary(200)).unwrap_or_default());
        }
    }
    out
}

/// What text and address of a link say about where it leads.
fn kind(tree: &Tree<'_>, link: &Link) -> f64 {
    let text = label(tree, link).to_lowercase();
    let address = link.url.as_str().to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let leads = |words: &[&str]| words.iter().any(|word| address.contains(word));
    let path = link.url.path().to_lowercase();
    if path.ends_with(".ics")
        || leads(&[
            "calendar.google",
            "google.com/calendar",
            "outlook.live",
            "webcal",
            "ical",
            "addtocalendar",
            "export.ashx",
        ])
        || says(&["add to calendar", "ical", "outlook", "google calendar"])
    {
        return -4.0;
    }
    if leads(&["maps.google", "google.com/maps", "goo.gl/maps", "bing.com/maps"])
        || matches!(text.trim(), "map" | "map it" | "directions")
    {
        return -4.0;
    }
    if [".gif", ".png", ".jpg", ".jpeg", ".svg"].iter().any(|end| path.ends_with(end))
        || leads(&["twitter.com/", "facebook.com/", "linkedin.com/", "/intent/tweet"])
    {
        return -4.0;
    }
    if leads(&["youtube.com", "youtu.be", "zoom.us", "teams.microsoft", "vimeo.com", "webex.com"])
        || says(&["video", "audio", "watch"])
    {
        return -1.5;
    }
    // A day that leads to a page leads to that day's record.
    let day = if cells::sort(&link.text) == Sort::When && !is_paper(&link.url) { 1.0 } else { 0.0 };
    let mut worth = day + 0.2 * link.likeness.clamp(-1.0, 1.0);
    if says(&["detail", "more info", "read more", "learn more", "view meeting", "event page"]) {
        worth += 1.5;
    } else if says(&["agenda", "notice", "tagesordnung", "ordre du jour", "orden del", "convocat"]) {
        worth += 0.3;
    }
    if !is_paper(&link.url) && link.likeness > -0.5 {
        worth += 0.2;
    }
    worth
}

/// Whether an address is that of a paper rather than of a page.
pub(super) fn is_paper(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    [".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".rtf", ".odt", ".txt"]
        .iter()
        .any(|end| path.ends_with(end))
}
