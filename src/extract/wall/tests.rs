//! Walls, and beside each the story that says the same.

use super::{Wall, find, without_prompt};
use crate::extract::dom::{Dom, Facts, Tree};

const STORY: &str = "The harbour office asked visitors of its site for years whether cookies may be set, and nobody knew \
    what for. On Monday it took the question away, since it had found out that none were set at all. The man who had \
    written the page retired in spring, and said that he had copied it from the site of the lighthouse. Readers had \
    clicked it away four million times, by the office's own reckoning, and spent two years of their lives on it.";

#[track_caller]
fn check(url: &str, title: &str, head: &str, body: &str, expected: Option<Wall>) {
    let dom = Dom::parse(&format!("<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"));
    let tree = Tree::new(&dom.document);
    let url = url.parse().ok();
    let facts = Facts::new(&dom.json, &tree, url.as_ref());
    assert_eq!(find(&tree, &facts, url.as_ref(), &dom.unscripted, dom.scripts), expected, "{title}");
}

const HERE: &str = "https://harbour.example/2026/cookies";
const DATED: &str = "<meta property='article:published_time' content='2026-11-23T10:00:00Z'>";

#[test]
fn a_request_for_consent_is_a_wall_in_many_languages() {
    let body = |text: &str| format!("<h1>Harbour</h1><p>{text}</p>");
    check(HERE, "Before you continue", "", &body("We use cookies. <button>Accept all</button>"), Some(Wall::Consent));
    check(HERE, "Bevor Sie fortfahren", "", &body("Wir setzen Cookies. <a>Alle akzeptieren</a>"), Some(Wall::Consent));
    check(
        HERE,
        "Harbour",
        "",
        "<h1>Avant de continuer</h1><p>Les cookies. <button>Tout accepter</button>",
        Some(Wall::Consent),
    );
    check("https://consent.harbour.example/v2/collect?id=7", "Harbour", "", &body("Your choice."), Some(Wall::Consent));
    // A story about it, a short one, and one that declares itself.
    check(HERE, "Cookies: the end of a question", "", &body(&format!("{STORY} One clicked \"accept all\".")), None);
    check(HERE, "We value your privacy, says the mayor", "", &body("He spoke of cookies in the town hall."), None);
    check(HERE, "Before you continue", DATED, &body("Cookies, and why all press \"accept all\"."), None);
    check("https://consent-news.example/a", "Harbour", "", &body(STORY), None);
}

#[test]
fn an_error_page_is_one_whatever_the_server_answered() {
    let menu = "<nav><a href='/a'>Politics and economy</a><a href='/b'>Sports</a></nav>".repeat(30);
    check(
        HERE,
        "Page not found | Harbour",
        "",
        &format!("{menu}<h1>Sorry</h1><p>Nothing here.</p>"),
        Some(Wall::Error),
    );
    check(HERE, "Harbour", "", &format!("{menu}<h1>404 – Not found</h1><p>Nothing here.</p>"), Some(Wall::Error));
    check(HERE, "Seite nicht gefunden - Hafen", "", "<h1>Hoppla</h1>", Some(Wall::Error));
    let long = format!("<h1>Page not found</h1><p>{STORY}</p><p>{STORY}</p>");
    check(HERE, "Page not found", "", &long, None);
    check(HERE, "404", DATED, "<h1>404</h1><p>The tram line of this number ends.</p>", None);
    check(HERE, "Bottle not found after a year at sea", "", "<h1>Bottle not found</h1><p>It went north.</p>", None);
}

#[test]
fn a_challenge_is_one_and_a_story_about_it_is_not() {
    check(
        HERE,
        "Just a moment...",
        "",
        "<p>Checking your browser before accessing harbour.example.</p>",
        Some(Wall::Challenge),
    );
    check(HERE, "Access denied | Harbour", "", "<p>Reference 18.7</p>", Some(Wall::Challenge));
    check(HERE, "Captchas: who reads them", DATED, "<p>You are not a robot, they say.</p>", None);
    let story = format!("<h1>Access denied to the pier</h1><p>{STORY}</p><p>{STORY}</p>");
    check(HERE, "Access denied to the pier", "", &story, None);
}

#[test]
fn a_login_is_one_and_a_story_with_a_login_beside_it_is_not() {
    let form = "<form><input name='u'><input type='password'></form>";
    check(HERE, "Log in", "", &format!("<h1>Members</h1>{form}"), Some(Wall::Login));
    check(HERE, "Cookies", "", &format!("{form}<h1>Cookies</h1>{}", format!("<p>{STORY}</p>").repeat(5)), None);
    check(HERE, "Cookies", DATED, &format!("{form}<h1>Cookies</h1><p>{STORY}</p>"), None);
}

#[track_caller]
fn check_prompt(text: &[&str], locked: bool, kept: usize, expected: bool) {
    let (left, is_beginning) = without_prompt(&text.join("\n\n"), locked);
    assert_eq!((left, is_beginning), (text[..kept].join("\n\n"), expected));
}

#[test]
fn a_prompt_to_subscribe_is_no_text_and_nothing_after_it_is() {
    let wall =
        ["They voted.", "It took long.", "Subscribe to continue reading.", "Already a subscriber? Log in", "€1 a week"];
    check_prompt(&wall, true, 2, true);
    check_prompt(&wall, false, 2, true);
    check_prompt(&["They voted.", "Jetzt abonnieren und alles lesen"], true, 1, true);
    // A story about newspapers.
    let story =
        ["They voted.", "\"Subscribe to continue\" is what readers saw for a week.", "Then the wall came down."];
    check_prompt(&story, false, 3, false);
    check_prompt(&[STORY, STORY], true, 2, false);
}
