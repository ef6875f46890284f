//! Finds the story that a person means: by id, address, or words of its title.

use super::Failure;
use super::explain::title;
use super::message::printable;
use crate::dedupe;
use crate::model::ClusterId;
use crate::store::{Placed, Query, Store};

/// Stories that are named when a question fits several.
const NAMED: usize = 5;

/// The one story that is asked for; else says which fit.
pub(super) async fn find_one(store: &dyn Store, asked: &str) -> Result<(ClusterId, Vec<Placed>), Failure> {
    let mut found = find(store, asked, NAMED + 1).await?;
    // A whole id means that story alone, whatever titles hold its digits: the story that has it, else the
    // one that a person has merged it into.
    let whole = digits(asked).filter(|digits| digits.len() == ClusterId([0; 16]).short().len());
    if let Some(whole) = whole {
        let has = found.iter().position(|(id, _)| id.short() == whole);
        let holds = || found.iter().position(|(_, placed)| placed.iter().any(|telling| telling.home.short() == whole));
        if let Some(at) = has.or_else(holds) {
            return Ok(found.swap_remove(at));
        }
    }
    match found.len() {
        0 => Err(Failure::data(format!("no story in the store fits {asked:?}"))
            .help(help("give its id or address; `oncefeed explain WORDS` finds them", asked))),
        1 => Ok(found.remove(0)),
        _ => {
            let first = |(id, placed): &(ClusterId, Vec<Placed>)| {
                format!("{} {:?}", id.short(), placed.first().map(title).unwrap_or_default())
            };
            let fits: Vec<String> = found.iter().take(NAMED).map(first).collect();
            let more = if found.len() > NAMED { " and more" } else { "" };
            Err(Failure::data(printable(&format!("several stories fit {asked:?}: {}{more}", fits.join(", "))))
                .help("give the id of one"))
        }
    }
}

/// How to find a story, when what was asked for found none.
pub(super) fn help(how: &str, asked: &str) -> String {
    match digits(asked) {
        Some(_) => format!("{how}; the id of a telling is for `oncefeed split STORY TELLING`"),
        None => how.to_owned(),
    }
}

/// By id when it looks like one, by address, and by words: "1018" may be a beginning of an id and a
/// word of a title. At most so many.
pub(super) async fn find(
    store: &dyn Store,
    asked: &str,
    most: usize,
) -> Result<Vec<(ClusterId, Vec<Placed>)>, Failure> {
    let mut queries = Vec::new();
    if let Some(digits) = digits(asked) {
        queries.push(Query::Id(digits));
    }
    if asked.contains("://") {
        let digest = dedupe::fingerprint_of(Some(asked), "", "").url;
        queries.push(Query::Url(asked.to_owned(), digest));
    }
    queries.push(Query::Words(asked.split_whitespace().map(str::to_lowercase).collect()));
    let mut found: Vec<(ClusterId, Vec<Placed>)> = Vec::new();
    for query in queries {
        for (id, placed) in store.find(&query, most).await? {
            if found.iter().all(|(known, _)| *known != id) {
                found.push((id, placed));
            }
        }
    }
    Ok(found)
}

/// The digits of an id, from any form that a person may have at hand.
fn digits(asked: &str) -> Option<String> {
    let digits: String = asked.trim().trim_start_matches("urn:uuid:").replace('-', "").to_ascii_lowercase();
    // Digits 13 and 17 of a URN are its version and variant, not the id's own: the first 12 suffice.
    let fits = (4..=32).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| digits[..digits.len().min(12)].to_owned())
}
