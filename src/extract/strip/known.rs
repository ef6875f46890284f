//! Lines that publishing systems put around the text of an item, whoever publishes: known by what they say.
//!
//! A line is one of them as a whole or not at all: a sentence about sharing or about the length of films stays. What
//! a single source repeats besides is learnt elsewhere.

use super::{bare, without};
use crate::model::Story;

/// Longest line that is looked at, in bytes.
const LONGEST: usize = 400;

/// Whole lines, punctuation and arrows around them aside.
const LINES: &[&str] = &[
    "read more",
    "read the full story",
    "read the full article",
    "read full article",
    "read the rest of this entry",
    "continue reading",
    "related articles",
    "related stories",
    "no comments yet",
    "share this",
    "share this article",
    "share this story",
    "share this post",
    "advertisement",
    "weiterlesen",
    "lire la suite",
    "leer más",
    "seguir leyendo",
    "leggi tutto",
    "continua a leggere",
    "leia mais",
    "continue lendo",
    "lees verder",
    "lees meer",
    "läs mer",
    "les mer",
    "læs mere",
    "lue lisää",
    "czytaj dalej",
    "читать далее",
    "続きを読む",
    "阅读全文",
];

/// How WordPress ends the items of its feeds: before the headline, and between it and the name of the site.
const FIRST_APPEARED: &[(&str, &str)] = &[
    ("The post ", " appeared first on "),
    ("The post ", " first appeared on "),
    ("Der Beitrag ", " erschien zuerst auf "),
    ("L’article ", " est apparu en premier sur "),
    ("L'article ", " est apparu en premier sur "),
    ("La entrada ", " se publicó primero en "),
    ("La entrada ", " aparece primero en "),
    ("L'articolo ", " proviene da "),
    ("O post ", " apareceu primeiro em "),
    ("Het bericht ", " verscheen eerst op "),
    ("Inlägget ", " dök först upp på "),
    ("Artykuł ", " pochodzi z serwisu "),
    ("Сообщение ", " появились сначала на "),
];

/// A story without such lines. One that says nothing else keeps them.
pub(in crate::extract) fn clean(story: Story) -> Story {
    let lines = story.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let numbers: Vec<usize> =
        lines.enumerate().filter(|(_, line)| is_known(line, &story.title)).map(|(number, _)| number).collect();
    if numbers.is_empty() { story } else { without(story, &numbers) }
}

fn is_known(line: &str, title: &str) -> bool {
    if line.len() > LONGEST {
        return false;
    }
    let words = line.trim_matches(|c: char| !c.is_alphanumeric());
    words.len() < 48 && LINES.contains(&words.to_lowercase().as_str())
        || is_first_appeared(line, title)
        || is_duration(words)
}

/// Whether a line names the story and says where it was first.
fn is_first_appeared(line: &str, title: &str) -> bool {
    let title = bare(title);
    let names = |start: &str, between: &str| {
        let named = line.strip_prefix(start).and_then(|rest| rest.split_once(between));
        named.is_some_and(|(named, site)| bare(named) == title && !bare(site).is_empty())
    };
    !title.is_empty() && FIRST_APPEARED.iter().any(|(start, between)| names(start, between))
}

/// "Video Duration 02 minutes 25 seconds 02:25".
fn is_duration(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("Video Duration ") else { return false };
    let words: Vec<&str> = rest.split(' ').take(6).collect();
    let is_number = |word: &str| word.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let is_unit = |word: &str| matches!(word, "minute" | "minutes" | "second" | "seconds");
    (4..6).contains(&words.len())
        && words.iter().enumerate().all(|(at, word)| if at % 2 == 1 { is_unit(word) } else { is_number(word) })
}

#[cfg(test)]
mod tests {
    use super::clean;
    use crate::model::Story;

    /// Whether a line goes from a story that is called "Rain on the pier".
    #[track_caller]
    fn check(line: &str, goes: bool) {
        let text = format!("It rained on the old pier.\n\n{line}");
        let title = "Rain on the pier".to_owned();
        let story = clean(Story { title, text: text.clone(), ..Story::default() });
        assert_eq!(story.text == "It rained on the old pier.", goes, "{line}");
        assert_eq!(story.boilerplate.len(), usize::from(goes));
        assert!(goes || story.text == text);
    }

    #[test]
    fn lines_of_publishing_systems_go() {
        check("The post Rain on the pier appeared first on The Lamp.", true);
        check("Der Beitrag Rain on the pier erschien zuerst auf Hafenlampe.", true);
        check("Сообщение Rain on the pier появились сначала на Маяк.", true);
        check("Read more »", true);
        check("Continue reading →", true);
        check("[Read the full story…]", true);
        check("Lire la suite", true);
        check("No comments yet...", true);
        check("Related Articles", true);
        check("Video Duration 02 minutes 25 seconds 02:25", true);
    }

    #[test]
    fn sentences_about_the_same_things_stay() {
        check("The post of harbour master stays empty.", false);
        check("The post Snow on the pier appeared first on The Lamp.", false);
        check("The post office first appeared on maps in 1840.", false);
        check("Read more books, the librarian said.", false);
        check("Continue reading at night and you will need glasses.", false);
        check("Video duration matters less than rhythm, the editor said.", false);
        check("Video Duration 90 minutes is what the form said.", false);
        check("Share this story with your neighbours, the mayor asked.", false);
    }

    #[test]
    fn a_story_that_says_nothing_else_keeps_it() {
        let story = Story { text: "Read more".to_owned(), ..Story::default() };
        assert_eq!(clean(story.clone()), story);
    }
}
