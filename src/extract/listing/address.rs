//! What an address alone tells: a story, a category, a button.

use url::Url;

/// Segments of paths that lead to no story.
const NO_STORY: &[&str] = &[
    "tag",
    "tags",
    "category",
    "categories",
    "cat",
    "topic",
    "topics",
    "author",
    "authors",
    "user",
    "users",
    "profile",
    "people",
    "member",
    "members",
    "login",
    "signin",
    "sign-in",
    "signup",
    "register",
    "account",
    "share",
    "sharer",
    "sharer.php",
    "intent",
    "search",
    "about",
    "about-us",
    "contact",
    "contact-us",
    "privacy",
    "privacy-policy",
    "terms",
    "page",
    "section",
    "sections",
    "feed",
    "feeds",
    "rss",
    "subscribe",
    "newsletter",
    "newsletters",
    "cart",
    "wp-admin",
    "wp-login.php",
    "comments",
    "reply",
    "hide",
    "vote",
    "help",
    "faq",
    "jobs",
    "careers",
    "archive",
    "archives",
    "advertise",
    "impressum",
    "kontakt",
    "datenschutz",
    "cookies",
    "sitemap",
    "label",
    "rubrik",
    "kategorie",
    "categoria",
    "etiqueta",
    "autor",
    "auteur",
    "rubrique",
];

/// Names of query parameters that make a button of an address.
const BUTTONS: &[&str] =
    &["share", "replytocom", "cat", "tag", "author", "login", "redirect_to", "return", "goto", "auth"];

/// Names of query parameters that do not make another page.
const TRACKING: &[&str] =
    &["fbclid", "gclid", "mc_cid", "mc_eid", "ref", "ref_src", "rss", "source", "cmpid", "ocid", "ito", "xtor"];

/// Words of addresses of pages that are for something else than reading.
const SERVICES: &[&str] = &[
    "login",
    "logon",
    "signin",
    "signup",
    "register",
    "registration",
    "registrieren",
    "anmelden",
    "inscription",
    "registro",
    "registrazione",
    "password",
    "passwort",
    "lostpassword",
    "forgotpassword",
    "account",
    "contact",
    "contacts",
    "contactus",
    "kontakt",
    "contatti",
    "contacto",
    "contato",
    "feedback",
    "checkout",
    "cart",
    "basket",
    "warenkorb",
    "panier",
    "about",
    "aboutus",
    "impressum",
    "imprint",
    "privacy",
    "datenschutz",
    "terms",
];

/// Whether a page's own address says that it is for signing in, writing to somebody, buying and the like.
pub(super) fn is_for_something_else(url: &Url) -> bool {
    let Some(last) = url.path_segments().and_then(|mut parts| parts.rfind(|part| !part.is_empty())) else {
        return false;
    };
    let stem = last.split('.').next().unwrap_or(last).to_ascii_lowercase();
    let words: Vec<&str> = stem.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    // Among many words it is a story about it.
    words.len() <= 3
        && (words.iter().any(|word| SERVICES.contains(word)) || SERVICES.contains(&words.concat().as_str()))
}

/// How much an address looks like that of a story: from -2 to 2.
pub(crate) fn likeness(url: &Url) -> f64 {
    let segments: Vec<&str> =
        url.path_segments().map(|all| all.filter(|part| !part.is_empty()).collect()).unwrap_or_default();
    let mut score: f64 = 0.0;
    let Some(last) = segments.last() else {
        let id = url.query_pairs().any(|(key, value)| is_id_key(&key) && is_number(&value, 1));
        return if id { 0.8 } else { -1.5 };
    };
    if segments.iter().any(|part| NO_STORY.contains(&part.to_ascii_lowercase().as_str())) {
        score -= 1.2;
    }
    if url.query_pairs().any(|(key, _)| BUTTONS.contains(&key.as_ref())) {
        score -= 1.0;
    }
    let stem = last.split('.').next().unwrap_or(last);
    let words =
        stem.split(['-', '_', '+']).filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= 2).count();
    score += match words {
        0..=1 => 0.0,
        2 => 0.2,
        3 => 0.7,
        _ => 1.2,
    };
    // Other scripts have their words encoded.
    if words < 3 && stem.matches('%').count() > 8 {
        score += 0.8;
    }
    if has_date(&segments) {
        score += 0.9;
    }
    let numbered =
        segments.iter().any(|part| part.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 4));
    if numbered || url.query_pairs().any(|(key, value)| is_id_key(&key) && is_number(&value, 1)) {
        score += 0.6;
    }
    if last.contains('.') {
        score += 0.2;
    }
    if segments.len() == 1 && words <= 1 && !numbered {
        score -= 0.6;
    }
    score.clamp(-2.0, 2.0)
}

/// Whether an address is that of somebody who writes or reads on a site.
pub(super) fn is_of_person(url: &Url) -> bool {
    const PEOPLE: &[&str] =
        &["u", "user", "users", "profile", "profiles", "member", "members", "memberlist.php", "member.php", "profil"];
    url.path_segments().is_some_and(|mut parts| parts.any(|part| PEOPLE.contains(&part.to_ascii_lowercase().as_str())))
}

/// Whether an address holds a number of four digits or more, as ids and dates are.
pub(super) fn is_numbered(url: &Url) -> bool {
    let has = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= 4);
    has(url.path()) || url.query().is_some_and(|query| query.bytes().any(|b| b.is_ascii_digit()))
}

fn is_id_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key == "p" || key == "story" || key == "sid" || key.ends_with("id")
}

fn is_number(text: &str, digits: usize) -> bool {
    text.len() >= digits && text.bytes().all(|b| b.is_ascii_digit())
}

/// `/2026/11/`, `/2026/nov/24`, `/20261124/`, `2026-11-24`.
fn has_date(segments: &[&str]) -> bool {
    let year = |text: &str| text.len() == 4 && is_number(text, 4) && (text.starts_with("19") || text.starts_with("20"));
    let pairs = segments.iter().zip(segments.iter().skip(1));
    pairs.into_iter().any(|(first, second)| year(first) && second.len() <= 4)
        || segments.iter().any(|part| {
            let digits: String = part.chars().take(10).filter(char::is_ascii_digit).collect();
            digits.len() == 8
                && digits.get(..4).is_some_and(year)
                && digits.get(4..6).is_some_and(|month| month <= "12")
        })
}

/// What addresses of one page have in common.
pub(super) fn key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = ["www.", "m.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix)).unwrap_or(host);
    let path = url.path().trim_end_matches('/');
    let mut query: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| !key.starts_with("utm_") && !TRACKING.contains(&key.as_ref()))
        .map(|(key, value)| (key.into_owned(), value.into_owned()))
        .collect();
    query.sort();
    let query: String = query.iter().map(|(key, value)| format!("&{key}={value}")).collect();
    format!("{host}{path}{query}")
}

/// The shape of an address: its folders, numbers and words aside.
pub(super) fn shape(url: &Url) -> String {
    let mut out = url.host_str().unwrap_or_default().to_owned();
    let segments: Vec<&str> =
        url.path_segments().map(|all| all.filter(|part| !part.is_empty()).collect()).unwrap_or_default();
    for (nth, part) in segments.iter().enumerate() {
        out.push('/');
        let is_last = nth + 1 == segments.len();
        out.push_str(if is_number(part, 1) {
            "0"
        } else if is_last && part.contains(['-', '_']) {
            "slug"
        } else if is_last {
            "word"
        } else {
            "dir"
        });
    }
    out
}

/// The last two labels of a host: near enough to tell one site from another.
pub(super) fn site(host: &str) -> &str {
    let mut dots = host.rmatch_indices('.').map(|(at, _)| at);
    let (last, second) = (dots.next(), dots.next());
    let short = |at: usize| last.is_some_and(|last| last - at <= 4);
    let cut = match second {
        Some(at) if short(at) => dots.next(),
        other => other,
    };
    cut.and_then(|at| host.get(at + 1..)).unwrap_or(host)
}
