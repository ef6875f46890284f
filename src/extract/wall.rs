//! Pages that stand in for the one that was asked for: logins, challenges, shells without content.

use super::dom::{Facts, Tree};

/// Below this many links and letters a page with scripts is one that scripts fill.
const SHELL_LINKS: usize = 2;
const SHELL_LETTERS: u32 = 220;
/// A wall has little to say; an article about walls has more.
const WALL_LETTERS: u32 = 1500;
/// What a challenge says besides its phrase.
const CHALLENGE_LETTERS: u32 = 700;

/// Titles of challenge pages.
const TITLES: &[&str] = &[
    "just a moment",
    "attention required",
    "access denied",
    "access to this page has been denied",
    "checking your browser",
    "are you a robot",
    "robot or human",
    "pardon our interruption",
    "one moment, please",
    "security check",
    "ddos-guard",
    "please wait",
    "verify you are human",
    "human verification",
    "bot verification",
    "403 forbidden",
    "request rejected",
    "un momento",
    "einen moment",
    "client challenge",
    "you have been blocked",
    "captcha",
];

/// What they say.
const PHRASES: &[&str] = &[
    "enable javascript and cookies",
    "verify you are human",
    "verify that you are human",
    "verifying you are human",
    "you are not a robot",
    "you're not a robot",
    "checking your browser",
    "unusual traffic",
    "complete the security check",
    "ddos protection by",
    "needs to review the security of your connection",
    "please enable cookies",
    "checking if the site connection is secure",
    "why have i been blocked",
    "press & hold to confirm",
];

/// Titles of login pages.
const LOGINS: &[&str] = &[
    "log in",
    "login",
    "sign in",
    "signin",
    "anmelden",
    "anmeldung",
    "einloggen",
    "connexion",
    "se connecter",
    "iniciar sesión",
    "accedi",
    "inloggen",
    "logga in",
    "log on",
    "войти",
    "вход",
    "ログイン",
    "登录",
];

/// What a page is instead of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wall {
    Challenge,
    Login,
    Shell,
}

/// Whether the page stands in for another.
pub(super) fn find(tree: &Tree<'_>, facts: &Facts<'_>, unscripted: &str, scripts: usize) -> Option<Wall> {
    let (letters, _) = tree.letters(&(0..tree.len()));
    let links =
        tree.find(0..tree.len(), "a").filter(|at| tree.attribute(*at, "href").is_some()).take(SHELL_LINKS + 1).count();
    if letters < WALL_LETTERS {
        let title = facts.title.as_deref().unwrap_or_default().to_lowercase();
        let mut text = tree.text(0..tree.len()).to_lowercase();
        let starts = |words: &[&str]| words.iter().any(|word| title.trim().starts_with(word));
        text.push_str(&unscripted.to_lowercase());
        if starts(TITLES) || letters < CHALLENGE_LETTERS && PHRASES.iter().any(|phrase| text.contains(phrase)) {
            return Some(Wall::Challenge);
        }
        let password = tree
            .find(0..tree.len(), "input")
            .any(|at| tree.attribute(at, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("password")));
        if password && (links <= 12 || starts(LOGINS)) {
            return Some(Wall::Login);
        }
    }
    (links <= SHELL_LINKS && letters < SHELL_LETTERS && scripts > 0).then_some(Wall::Shell)
}
