//! What a link is called.

use std::ops::Range;

use super::kicker;
use super::links::Link;
use super::table;
use crate::extract::dom::Tree;

/// Texts of links that name no story.
const BUTTONS: &[&str] = &[
    "read more",
    "more",
    "read the rest",
    "read full story",
    "read on",
    "continue reading",
    "continue",
    "full story",
    "see more",
    "view more",
    "learn more",
    "find out more",
    "show more",
    "load more",
    "details",
    "here",
    "click here",
    "permalink",
    "link",
    "comments",
    "comment",
    "reply",
    "discuss",
    "share",
    "tweet",
    "email",
    "print",
    "save",
    "next",
    "previous",
    "older posts",
    "newer posts",
    "home",
    "subscribe",
    "login",
    "log in",
    "sign in",
    "sign up",
    "register",
    "watch",
    "listen",
    "video",
    "weiterlesen",
    "mehr",
    "mehr lesen",
    "zum artikel",
    "kommentare",
    "lire la suite",
    "lire plus",
    "en savoir plus",
    "plus",
    "commentaires",
    "leer más",
    "leer mas",
    "ver más",
    "más",
    "seguir leyendo",
    "comentarios",
    "leia mais",
    "saiba mais",
    "continue lendo",
    "leggi tutto",
    "continua a leggere",
    "leggi",
    "lees meer",
    "lees verder",
    "läs mer",
    "les mer",
    "læs mere",
    "czytaj więcej",
    "więcej",
    "číst více",
    "viac",
    "devamı",
    "devamını oku",
    "читать далее",
    "подробнее",
    "далее",
    "читать",
    "комментарии",
    "διαβάστε περισσότερα",
    "περισσότερα",
    "preberi več",
    "več",
    "more info",
    "阅读全文",
    "更多",
    "查看更多",
    "詳細",
    "続きを読む",
    "もっと見る",
    "더보기",
    "اقرأ المزيد",
    "المزيد",
    "আরও",
    "বিস্তারিত",
    "hide",
    "past",
    "favorite",
    "flag",
    "unvote",
    "web",
    "cached",
    "via",
    "source",
    "all",
    "view all",
    "see all",
    "trackback",
];

/// Words that stand beside a number: "12 comments".
const COUNTED: &[&str] = &[
    "comment",
    "comments",
    "reply",
    "replies",
    "share",
    "shares",
    "view",
    "views",
    "like",
    "likes",
    "point",
    "points",
    "min",
    "mins",
    "minute",
    "minutes",
    "hour",
    "hours",
    "day",
    "days",
    "ago",
    "read",
    "kommentar",
    "kommentare",
    "commentaire",
    "commentaires",
    "comentario",
    "comentarios",
    "comentário",
    "comentários",
    "commenti",
    "reacties",
    "komentarzy",
    "photos",
    "videos",
    "responses",
    "response",
    "no",
    "add",
    "one",
    "a",
    "leave",
    "post",
    "комментариев",
    "комментария",
    "коммент",
    "σχόλια",
    "komentarjev",
    "评论",
    "コメント",
];

/// Whether a text is a button, a count or nothing.
pub(super) fn is_button(text: &str) -> bool {
    let lower = text.to_lowercase();
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric());
    if !bare.chars().any(char::is_alphabetic) || BUTTONS.contains(&bare) {
        return true;
    }
    let mut words = bare.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    let counted = |word: &str| COUNTED.contains(&word) || word.bytes().all(|b| b.is_ascii_digit());
    if bare.len() < 40 && words.clone().all(counted) && words.peek().is_some() {
        return true;
    }
    // "Continue reading The last ferry" names it, but is not its name.
    ["read more about ", "continue reading ", "read more:", "comments on ", "leave a comment"]
        .iter()
        .any(|start| bare.starts_with(start))
}

/// Wide characters count double: twenty of them are a headline.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FFE6}') { 2 } else { 1 }).sum()
}

/// Whether an element's author calls it a title.
pub(super) fn is_titled(tree: &Tree<'_>, at: usize) -> bool {
    tree.words(at).any(|word| {
        matches!(word, "title" | "headline" | "heading" | "hed" | "titre" | "titel" | "titulo" | "titolo" | "tit")
            || word.ends_with("title") && word.len() < 16
            || word.ends_with("headline")
            || word.ends_with("titulo")
            || word.ends_with("titre")
    })
}

/// A name and where it is from.
pub(super) struct Title {
    pub(super) text: String,
    /// It stands in a heading, or a heading stands in it.
    pub(super) heading: bool,
    /// An element is called a title.
    pub(super) titled: bool,
    /// The text is the link's own, not one that stands beside it.
    pub(super) own: bool,
}

/// The name of a link: its heading, else what is called its title, else its longest line, else
/// what the record has of these.
pub(super) fn title(tree: &Tree<'_>, links: &[Link], link: &Link, record: &Range<usize>) -> Title {
    let inside = tree.range(link.at);
    let around = tree.ancestors(link.at).take(5).find(|at| tree.node(*at).is_heading());
    let titled = tree.ancestors(link.at).take(3).chain(inside.clone()).any(|at| is_titled(tree, at));
    let own = |text, heading| Title { text, heading, titled, own: true };
    let beside = |text, heading| Title { text, heading, titled, own: false };
    if around.is_some() && !is_button(&link.text) {
        return own(kicker::without(tree, inside), true);
    }
    let is_ours = |at: usize| !names_another(tree, links, link, at);
    if let Some(text) = heading(tree, links, link, inside.clone(), &is_ours) {
        return own(text, true);
    }
    let called = inside.clone().skip(1).find(|at| is_titled(tree, *at)).map(|at| tree.text(tree.range(at)));
    if let Some(text) = called.filter(|text| !is_button(text)) {
        return Title { text, heading: false, titled: true, own: true };
    }
    let longest = longest(tree.lines(inside));
    // What its author calls a title is one, however short: "Gain", "Help!".
    let is_weak = width(&longest) < 8 && !titled;
    if (is_button(&longest) || is_reference(&longest) || is_weak)
        && let Some(text) = table::title(tree, link)
    {
        return beside(text, false);
    }
    if !is_button(&longest) && (titled || width(&longest) >= 12 || !has_heading(tree, record)) {
        return own(longest, false);
    }
    // A button or a picture: the record says what it is about.
    if let Some(text) = heading(tree, links, link, record.clone(), &is_ours) {
        return beside(text, true);
    }
    let called = record.clone().find(|at| is_titled(tree, *at) && is_ours(*at)).map(|at| text(tree, links, link, at));
    match called.filter(|text| !is_button(text) && width(text) < 300) {
        Some(text) => Title { text, heading: false, titled: true, own: false },
        None => own(longest, false),
    }
}

/// The text of an element that names a link: of a link to the same page in it, where there is one.
fn text(tree: &Tree<'_>, links: &[Link], link: &Link, at: usize) -> String {
    let range = tree.range(at);
    let from = links.partition_point(|other| other.at < range.start);
    let mut inside = links.get(from..).unwrap_or_default().iter().take_while(|other| other.at < range.end);
    match inside.find(|other| other.key == link.key && !is_button(&other.text)) {
        Some(same) => kicker::without(tree, tree.range(same.at)),
        None => kicker::without(tree, range),
    }
}

/// Whether a text is a number, a date or a file's name rather than words.
fn is_reference(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    width(text) < 40 && letters * 2 < text.chars().filter(|c| !c.is_whitespace()).count()
}

fn has_heading(tree: &Tree<'_>, range: &Range<usize>) -> bool {
    range.clone().any(|at| tree.node(at).is_heading())
}

/// The first heading of a range that says something and is not another link's.
fn heading(
    tree: &Tree<'_>,
    links: &[Link],
    link: &Link,
    range: Range<usize>,
    is_ours: &dyn Fn(usize) -> bool,
) -> Option<String> {
    range
        .filter(|at| tree.node(*at).is_heading() && is_ours(*at))
        .map(|at| text(tree, links, link, at))
        .find(|text| !is_button(text))
}

/// Whether an element holds a link to another page, or is part of one.
fn names_another(tree: &Tree<'_>, links: &[Link], link: &Link, at: usize) -> bool {
    let range = tree.range(at);
    let from = links.partition_point(|other| other.at < range.start);
    let inside = links.get(from..).unwrap_or_default().iter().take_while(|other| other.at < range.end);
    let around = tree.ancestors(at).skip(1).take(6).filter_map(|at| {
        let nth = links.binary_search_by(|other| other.at.cmp(&at)).ok()?;
        links.get(nth)
    });
    inside.chain(around).any(|other| other.key != link.key)
}

fn longest(lines: Vec<String>) -> String {
    let mut best = String::new();
    for line in lines {
        if line.chars().count() > best.chars().count() {
            best = line;
        }
    }
    best
}
