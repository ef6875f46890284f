//! Pages that stand in for the one that was asked for: logins, challenges, requests for consent, errors answered as
//! if all were well, shells without content; and texts that end where only subscribers read on.
//!
//! An article about walls says what they say. So nothing that declares when it was published is one, and nothing
//! with the text of an article; beside each rule stands a story that it leaves alone.

mod paywall;
#[cfg(test)]
mod tests;
mod words;

use url::Url;

pub(super) use paywall::{is_for_subscribers, without_prompt};

use super::dom::{Facts, Tree, text_of};
use words::{ACCEPTS, CHALLENGES, CONSENTS, ERRORS, LOGINS, TESTS};

/// Below this many links and letters a page with scripts is one that scripts fill.
const SHELL_LINKS: usize = 2;
const SHELL_LETTERS: u32 = 220;
/// A wall has little to say; an article about walls has more.
const WALL_LETTERS: u32 = 1500;
/// What a challenge says besides its phrase.
const CHALLENGE_LETTERS: u32 = 700;
/// Unlinked letters in paragraphs that an error page has at most: menus and lists of other stories may surround it.
const ERROR_LETTERS: u32 = 500;

/// What a page is instead of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wall {
    Challenge,
    Login,
    /// It asks whether cookies may be set.
    Consent,
    /// It says that there is nothing, or that something failed.
    Error,
    Shell,
}

/// Whether the page stands in for another; `url` is where it came from in the end.
pub(super) fn find(
    tree: &Tree<'_>,
    facts: &Facts<'_>,
    url: Option<&Url>,
    unscripted: &str,
    scripts: usize,
) -> Option<Wall> {
    let (letters, _) = tree.letters(&(0..tree.len()));
    let links =
        tree.find(0..tree.len(), "a").filter(|at| tree.attribute(*at, "href").is_some()).take(SHELL_LINKS + 1).count();
    if !is_dated(facts) {
        if letters < WALL_LETTERS {
            let wall = short(tree, facts, url, unscripted, letters);
            if wall.is_some() {
                return wall;
            }
        }
        if is_error(tree, facts) {
            return Some(Wall::Error);
        }
    }
    (links <= SHELL_LINKS && letters < SHELL_LETTERS && scripts > 0).then_some(Wall::Shell)
}

/// A page with little to say.
fn short(tree: &Tree<'_>, facts: &Facts<'_>, url: Option<&Url>, unscripted: &str, letters: u32) -> Option<Wall> {
    let title = facts.title.as_deref().unwrap_or_default().to_lowercase();
    let starts = |text: &str, words: &[&str]| words.iter().any(|word| text.trim().starts_with(word));
    let mut text = tree.text(0..tree.len()).to_lowercase();
    text.push_str(&unscripted.to_lowercase());
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    let is_called = CHALLENGES.iter().any(|name| is_name(&title, name))
        || starts(&title, CHALLENGES) && letters < CHALLENGE_LETTERS;
    if is_called || letters < CHALLENGE_LETTERS && says(TESTS) {
        return Some(Wall::Challenge);
    }
    let password = tree
        .find(0..tree.len(), "input")
        .any(|at| tree.attribute(at, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password")));
    let links = tree.find(0..tree.len(), "a").filter(|at| tree.attribute(*at, "href").is_some()).take(13).count();
    if password && (links <= 12 || starts(&title, LOGINS)) {
        return Some(Wall::Login);
    }
    let asks = starts(&title, CONSENTS) || headings(tree).any(|heading| starts(&heading, CONSENTS));
    let is_consent_host = url.and_then(Url::host_str).is_some_and(|host| host.starts_with("consent."));
    (is_consent_host || asks && says(ACCEPTS) && (text.contains("cookie") || text.contains("クッキー")))
        .then_some(Wall::Consent)
}

/// Whether the page says that there is none: by its title or its heading, and with no text beside that.
fn is_error(tree: &Tree<'_>, facts: &Facts<'_>) -> bool {
    let names = |text: &str| ERRORS.iter().any(|name| is_name(text, name));
    let title = facts.title.as_deref().unwrap_or_default().to_lowercase();
    (names(&title) || headings(tree).any(|heading| names(&heading))) && paragraphs(tree) < ERROR_LETTERS
}

/// Unlinked letters in paragraphs.
fn paragraphs(tree: &Tree<'_>) -> u32 {
    tree.find(0..tree.len(), "p")
        .map(|at| tree.letters(&tree.range(at)))
        .map(|(letters, linked)| letters.saturating_sub(2 * linked))
        .fold(0, u32::saturating_add)
}

/// The page's main headings, in lower case.
fn headings(tree: &Tree<'_>) -> impl Iterator<Item = String> {
    tree.find(0..tree.len(), "h1").take(2).filter_map(|at| Some(tree.brief(at)?.to_lowercase()))
}

/// Whether a title is this name, beside that of the site.
fn is_name(title: &str, name: &str) -> bool {
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let name = bare(name);
    bare(title) == name
        || [" | ", " - ", " – ", " — ", " • ", " · "]
            .iter()
            .any(|separator| title.split(separator).any(|part| bare(part) == name))
}

/// Whether the page says when it was published, as articles do and walls do not.
fn is_dated(facts: &Facts<'_>) -> bool {
    facts.meta(&["article:published_time", "og:article:published_time", "datepublished"]).is_some()
        || facts.things.iter().any(|thing| thing.get("datePublished").and_then(text_of).is_some())
}
