//! Bylines and authors: "By The Associated Press", "Jane Doe, Reuters", "dpa/AFP".

use super::table::{Agency, alone};

/// How a line begins that says who wrote it.
const BY: &[&str] = &[
    "by ",
    "von ",
    "par ",
    "por ",
    "di ",
    "door ",
    "av ",
    "af ",
    "de ",
    "source: ",
    "sources: ",
    "quelle: ",
    "quellen: ",
    "fuente: ",
    "fonte: ",
    "source : ",
    "bron: ",
    "kilde: ",
    "källa: ",
    "lähde: ",
    "źródło: ",
    "zdroj: ",
    "forrás: ",
    "источник: ",
    "来源：",
    "来源:",
    "來源：",
    "출처: ",
    "kaynak: ",
    "sumber: ",
    "agency: ",
    "written by ",
    "text: ",
];

/// What stands behind the name of an agency in a journalist's title.
const ROLES: &str = "writer writers reporter reporters correspondent editor staff sports business national political \
    science medical legal news agency international newsroom redaktion redazione diplomatic \
    entertainment health economics racing golf baseball basketball football hockey tennis special \
    washington foreign world and";

/// The agencies that an author's name or a byline credits: alone, among others, or as the author's own.
pub(super) fn byline(text: &str) -> Option<Vec<&'static Agency>> {
    let text = without_by(text).0;
    let found: Vec<_> = parts(text).filter_map(|part| alone(part).or_else(|| of_title(part))).collect();
    // A long name may have a mark of separation in it.
    let found = alone(text).map_or(found, |agency| vec![agency]);
    (!found.is_empty()).then_some(found)
}

/// The agencies that a line at the beginning of a text credits: it says "by", or nothing else.
pub(super) fn line(line: &str) -> Option<Vec<&'static Agency>> {
    let (_, is_byline) = without_by(line);
    let ends_sentence = line.ends_with(['!', '?', '…']) || line.ends_with('.') && line.split_whitespace().count() > 4;
    if ends_sentence || is_picture(line) {
        return None;
    }
    if is_byline { byline(line) } else { only(line) }
}

/// The agencies of a text that names nothing else, but for an editor's sign ("dpa/lno", "APA, red").
pub(super) fn only(text: &str) -> Option<Vec<&'static Agency>> {
    let text = without_by(text.trim()).0;
    if text.len() > 80 || is_picture(text) {
        return None;
    }
    if let Some(agency) = alone(text) {
        return Some(vec![agency]);
    }
    let mut found = Vec::new();
    for part in parts(text) {
        let is_sign = part.chars().count() <= 4 && part.chars().all(char::is_lowercase);
        match alone(part) {
            Some(agency) => found.push(agency),
            None if is_sign && !found.is_empty() => {}
            None => return None,
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Whether a text speaks of a picture: its credit is not that of the words.
pub(super) fn is_picture(text: &str) -> bool {
    let lower = text.to_lowercase();
    [
        "photo",
        "foto",
        "image",
        "imagen",
        "bild",
        "picture",
        "pic:",
        "credit",
        "kuva",
        "kép:",
        "zdjęcie",
        "фото",
        "写真",
        "사진",
        "via getty",
        "getty images",
        "file pic",
        "video",
    ]
    .iter()
    .any(|word| lower.contains(word))
}

/// What stands between marks and words of separation, in order.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    const MARKS: &[char] = &['/', ',', '|', ';', '&', '·', '•', '+', '(', ')', '[', ']', '、', '，'];
    const WORDS: &[&str] = &[
        " - ", " – ", " — ", " and ", " und ", " et ", " y ", " e ", " og ", " och ", " en ", " with ", " mit ",
        " avec ", " con ", " for ", " of ",
    ];
    let mut parts: Vec<&str> = text.split(MARKS).collect();
    for word in WORDS {
        parts = parts.into_iter().flat_map(|part| part.split(word)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty())
}

/// A text without the word that says who wrote it, and whether it had one.
fn without_by(text: &str) -> (&str, bool) {
    let text = text.trim();
    for by in BY {
        if let (Some(head), Some(rest)) = (text.get(..by.len()), text.get(by.len()..))
            && head.to_lowercase() == *by
        {
            return (rest.trim_start(), true);
        }
    }
    (text, false)
}

/// "AP Sports Writer", "JANE DOE Associated Press", "Associated Press Writer".
fn of_title(part: &str) -> Option<&'static Agency> {
    let words: Vec<&str> = part.split_whitespace().collect();
    if !(2..=8).contains(&words.len()) {
        return None;
    }
    let is_role = |word: &&str| {
        ROLES.split(' ').any(|role| role == word.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()))
    };
    // The name, and behind it nothing but what somebody is there.
    let roles = words.iter().rev().take_while(|word| is_role(word)).count();
    let rest = &words[..words.len() - roles];
    if roles > 0
        && let Some(agency) = (!rest.is_empty()).then(|| alone(&rest.join(" "))).flatten()
    {
        return Some(agency);
    }
    // Somebody's name, and behind it the agency's in full or in capitals.
    let is_name = |words: &[&str]| words.iter().all(|word| word.chars().next().is_some_and(char::is_uppercase));
    (1..rest.len()).filter(|at| is_name(&rest[..*at])).find_map(|at| {
        let tail = rest[at..].join(" ");
        alone(&tail).filter(|_| rest.len() - at > 1 || tail.chars().count() > 4 || roles > 0)
    })
}
