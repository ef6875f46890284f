//! Datelines: "PARIS, Nov 23 (AFP) - ", "NEW YORK, Nov. 23 /PRNewswire/ -- ", "【ワシントン共同】".

use super::credit::{is_picture, parts};
use super::table::{self, Agency};
use super::{Credit, all};
use crate::dedupe::lexicon;

/// Bytes of a line in which a dateline ends.
const LONGEST: usize = 160;
/// Words of place and date.
const WORDS: usize = 10;

/// What a dateline calls the agency; `None` when the line does not begin with one, or names none.
pub(super) fn dateline(line: &str) -> Option<Credit> {
    let head = &line[..line.floor_char_boundary(LONGEST)];
    let head = head.trim_start_matches(['*', '#', '•', ' ', '\u{a0}']);
    unspaced(head)
        .or_else(|| bracketed(head, '(', ')'))
        .or_else(|| bracketed(head, '/', '/'))
        .or_else(|| bracketed(head, '[', ']'))
        .or_else(|| bare(head))
}

/// "CITY, Date (Agency) - ". A known agency needs a place before it or a mark behind it; one that the
/// table does not know needs both, and a date or a name that says what it is.
fn bracketed(head: &str, open: char, close: char) -> Option<Credit> {
    let (before, rest) = head.split_once(open)?;
    let (inside, after) = rest.split_once(close)?;
    let (before, inside) = (before.trim().trim_end_matches(['-', '–', '—', ' ']), inside.trim());
    let place = Place::read(before)?;
    if is_picture(inside) || inside.is_empty() {
        return None;
    }
    let marked = is_mark(after);
    let found = named(inside);
    if !found.is_empty() {
        let is_clear = marked || place.date || place.shouted || before.is_empty() && after.starts_with(' ');
        return is_clear.then(|| all(found)).flatten();
    }
    let says_so = is_agency_like(inside) && (place.date || has_agency_word(inside));
    // A slash or a square bracket is too common for that.
    (open == '(' && marked && !before.is_empty() && says_so)
        .then(|| Credit { agency: inside.replace('/', " "), release: false })
}

/// Whether what stands behind the brackets ends a dateline.
fn is_mark(after: &str) -> bool {
    let after = after.trim_start_matches(['.', ' ', '\u{a0}']);
    after.starts_with(['-', '–', '—', '―', '‒', ':', '=', '~', '_', '|'])
}

/// The agencies between brackets: "dpa/AFP", "Reuters Health", "GLOBE NEWSWIRE via COMTEX".
fn named(inside: &str) -> Vec<&'static Agency> {
    if let Some(agency) = table::bracketed(inside) {
        return vec![agency];
    }
    let found: Vec<_> = parts(inside).flat_map(|part| part.split(" via ")).filter_map(table::bracketed).collect();
    if !found.is_empty() {
        return found;
    }
    // Two agencies with a hyphen between: "ANSA-AFP". Behind the first of several words its section.
    let joined: Option<Vec<_>> = inside.split('-').map(table::bracketed).collect();
    let section = || match inside.split_whitespace().collect::<Vec<_>>()[..] {
        [first, _] | [first, _, _] => table::alone(first).into_iter().collect(),
        _ => Vec::new(),
    };
    joined.unwrap_or_else(section)
}

/// An agency without brackets: "AFP - ", "Accra, Nov. 23, GNA – ", "МОСКВА, 23 ноября — РИА Новости. ".
fn bare(head: &str) -> Option<Credit> {
    let separators = [" - ", " – ", " — ", " -- ", " ― "];
    let (at, separator) =
        separators.iter().filter_map(|separator| Some((head.find(separator)?, separator))).min_by_key(|(at, _)| *at)?;
    let (before, after) = (head[..at].trim(), head[at + separator.len()..].trim_start());
    if let Some(agency) = table::alone(before).filter(|_| !before.contains(' ')) {
        return all(vec![agency]);
    }
    let place = Place::read(before)?;
    if let Some((place, last)) = before.rsplit_once(',')
        && Place::read(place).is_some_and(|place| place.date || place.shouted)
        && let Some(agency) = table::alone(last)
    {
        return all(vec![agency]);
    }
    let (next, _) = after.split_once(['.', ':']).or_else(|| after.split_once(" - "))?;
    (place.date).then(|| all(vec![table::alone(next)?])).flatten()
}

/// Agencies whose scripts have no spaces: a bracket that ends in the name ("【パリ共同】",
/// "(서울=연합뉴스)"), or the name at the beginning of a cable ("新华社北京11月23日电").
fn unspaced(head: &str) -> Option<Credit> {
    if head.is_ascii() {
        return None;
    }
    let first = head.chars().next()?;
    if let Some(close) = match first {
        '【' => Some('】'),
        '（' => Some('）'),
        '(' => Some(')'),
        '[' => Some(']'),
        '［' => Some('］'),
        '〔' => Some('〕'),
        _ => None,
    } {
        let inside = head[first.len_utf8()..].split(close).next()?;
        let found = table::unspaced().filter(|(name, _)| inside.contains(name)).map(|(_, agency)| agency);
        let latin = parts(inside).flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric()));
        let found: Vec<_> = latin.filter_map(table::alone).chain(found).collect();
        return (inside.chars().count() <= 30 && !is_picture(inside)).then(|| all(found)).flatten();
    }
    let cable: String = head.chars().take(30).collect();
    let (_, agency) = table::unspaced().find(|(name, _)| head.starts_with(name))?;
    cable.contains(['电', '電', '讯', '訊']).then(|| all(vec![agency])).flatten()
}

/// Place and date before an agency's brackets.
struct Place {
    /// It names a day.
    date: bool,
    /// The place stands in capitals.
    shouted: bool,
}

impl Place {
    /// `None` when the words are those of a sentence. Nothing at all is a place that is not told.
    fn read(text: &str) -> Option<Place> {
        let (mut shouted, mut month, mut strange) = (false, false, 0);
        for (nth, word) in text.split_whitespace().enumerate() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric());
            let Some(first) = word.chars().next() else { continue };
            let lower = word.to_lowercase();
            let known = nth > 0 && (is_month(&lower) || lexicon::is_calendar(&lower) || is_small(&lower));
            // Behind the month one word may be small that we do not know: the day of the week.
            strange += usize::from(first.is_lowercase() && !known);
            month |= is_month(&lower);
            if nth >= WORDS || strange > usize::from(month) {
                return None;
            }
            let capitals = word.chars().filter(|c| c.is_uppercase()).count();
            shouted |= nth == 0 && capitals >= 2 && !word.contains(char::is_lowercase);
        }
        let date = text.contains(|c: char| c.is_ascii_digit()) && month || is_numeric_date(text);
        // A sentence has other marks, and ends before a bracket that follows it; "Minn." is a state.
        let is_cut = text.rsplit_once(',').is_some_and(|(_, last)| (2..=7).contains(&last.trim().len()));
        let ends = text.ends_with('.') && !date && !is_cut;
        (!ends && !text.contains(['?', '!', '"', '“', '„', ';'])).then_some(Place { date, shouted })
    }
}

/// "23/11", "23.11.2026", "2026-11-23".
fn is_numeric_date(text: &str) -> bool {
    text.split_whitespace().any(|word| {
        let numbers: Vec<&str> = word.trim_matches([',', '.', ')', '(']).split(['/', '.', '-']).collect();
        (2..=3).contains(&numbers.len())
            && numbers
                .iter()
                .all(|number| (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit()))
    })
}

/// Words of places and dates that are written small.
fn is_small(word: &str) -> bool {
    const SMALL: &[&str] = &[
        "a", "al", "am", "an", "and", "auf", "av", "bei", "d", "da", "das", "de", "del", "den", "der", "des", "di",
        "do", "dos", "du", "e", "el", "em", "en", "et", "fra", "i", "im", "in", "la", "las", "le", "les", "lez", "los",
        "na", "nad", "o", "of", "og", "on", "près", "st", "sur", "the", "und", "upon", "van", "von", "y", "zu", "г",
        "года", "th", "rd", "nd",
    ];
    SMALL.contains(&word)
}

/// The names of months in datelines that the calendar of the lexicon has not: cut, or of other languages.
fn is_month(lower: &str) -> bool {
    const MONTHS: &str = "jan feb mar apr may jun jul aug sep sept oct nov dec \
        jän mär dez janv févr fév avr juil déc mars ene abr ago set dic fev gen mag giu lug ott mrt mei maj maio mayo \
        januarja februarja aprila junija julija avgusta septembra oktobra novembra decembra \
        januára februára apríla mája júna júla augusta \
        januari februari maret agustus desember mars april maj juni juli augusti oktober marts januar \
        stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia \
        ledna února března dubna května června července srpna září října listopadu prosince \
        siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna studenoga studenog prosinca \
        január február március április május június július augusztus szeptember október \
        ianuarie februarie martie aprilie iunie iulie septembrie octombrie noiembrie decembrie \
        ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık \
        янв фев мар апр июн июл авг сен сент окт ноя нояб дек \
        січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня \
        ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου";
    let in_calendar = lexicon::is_calendar(lower) && !lower.ends_with("day") && !lower.ends_with("tag");
    in_calendar || lower.ends_with("kuuta") || MONTHS.split_whitespace().any(|month| month == lower)
}

/// Whether a name between brackets may be an agency's: a few words in capitals, nothing else.
fn is_agency_like(inside: &str) -> bool {
    const OTHERS: &[&str] = &[
        "am",
        "blog",
        "column",
        "commentary",
        "correction",
        "developing",
        "editorial",
        "exclusive",
        "gmt",
        "live",
        "local",
        "opinion",
        "pm",
        "sponsored",
        "staff",
        "special",
        "update",
        "updated",
        "utc",
        "via",
        "with",
        "from",
        "est",
        "edt",
        "cet",
        "ist",
    ];
    let words: Vec<&str> = inside.split_whitespace().collect();
    let letters = inside.chars().filter(|c| c.is_alphabetic()).count();
    (1..=5).contains(&words.len())
        && (2..=40).contains(&letters)
        && inside.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '&' | '\'' | '’' | '/'))
        && words[0].chars().next().is_some_and(|c| !c.is_lowercase())
        && words.iter().all(|word| {
            let lower = word.to_lowercase();
            !lexicon::is_calendar(&lower) && !OTHERS.contains(&lower.trim_matches('.'))
        })
}

/// Whether one of the words says that this is an agency.
fn has_agency_word(inside: &str) -> bool {
    const WORDS: &[&str] = &[
        "wire",
        "newswire",
        "news",
        "press",
        "presse",
        "agency",
        "agentur",
        "agence",
        "agencia",
        "agência",
        "agenzia",
        "nachrichtenagentur",
        "service",
        "telegraph",
        "presswire",
        "prensa",
        "stampa",
        "pers",
        "syndicate",
    ];
    inside.split([' ', '-']).any(|word| WORDS.contains(&&*word.to_lowercase()))
}
