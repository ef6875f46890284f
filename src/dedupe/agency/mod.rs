//! Whose copy a story is: the news agency that it names as its own.
//!
//! The way in is [`agency`]. It looks only where a credit stands: in the dateline, in bylines and
//! authors, in the closing lines, at the name and site of the outlet. What somebody told an agency, or
//! that one contributed, makes no text its copy; where a form is not clear, there is none.

mod closing;
mod credit;
mod dateline;
mod table;
#[cfg(test)]
mod tests;

use url::Url;

use self::table::Agency;
use crate::model::Story;

/// Lines at the beginning of a text among which the dateline is looked for, bylines before it.
const HEAD: usize = 4;
/// A line with more words than this is text.
const BYLINE_WORDS: usize = 14;

/// The agency whose copy a story is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Its name; of several that are named together each, with `/` between.
    pub agency: String,
    /// It hands out press releases.
    pub release: bool,
}

/// The agency whose copy a story is, as far as it says so.
pub fn agency(story: &Story) -> Option<Credit> {
    let text = if story.text.trim().is_empty() { story.summary.as_deref().unwrap_or_default() } else { &story.text };
    head(text)
        .or_else(|| all(story.authors.iter().filter_map(|author| credit::byline(author)).next()?))
        .or_else(|| all(closing::closing(text)?))
        .or_else(|| all(vec![table::alone(story.outlet.as_deref()?)?]))
        .or_else(|| all(vec![at_home(story.url.as_deref()?)?]))
}

/// What dateline or byline say: a dateline stands at the beginning, or behind short lines.
fn head(text: &str) -> Option<Credit> {
    let mut byline = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()).take(HEAD) {
        if let Some(credit) = dateline::dateline(line) {
            return Some(credit);
        }
        if line.split_whitespace().count() > BYLINE_WORDS {
            break;
        }
        byline = byline.or_else(|| credit::line(line));
    }
    all(byline?)
}

/// The agency whose own site an address is on.
fn at_home(url: &str) -> Option<&'static Agency> {
    let url = Url::parse(url).ok()?;
    table::at_home(psl::domain_str(url.host_str()?)?)
}

/// A credit to known agencies; `None` when there are none.
fn all(agencies: Vec<&'static Agency>) -> Option<Credit> {
    let mut names: Vec<&str> = Vec::new();
    for agency in &agencies {
        if !names.contains(&agency.name) {
            names.push(agency.name);
        }
    }
    let release = agencies.iter().any(|agency| agency.release);
    (!names.is_empty()).then(|| Credit { agency: names.join("/"), release })
}
