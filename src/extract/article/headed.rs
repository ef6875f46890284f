//! Whether a line is the story's own title.

/// Shorter titles are words that a text may have as well.
const SHORTEST: usize = 8;

/// Whether a line is one of the titles, punctuation and case aside, or the most of one.
pub(super) fn is_title(line: &str, titles: &[String]) -> bool {
    let line = bare(line);
    if line.is_empty() {
        return false;
    }
    titles.iter().any(|title| {
        let title = bare(title);
        let (short, long) = if line.len() < title.len() { (&line, &title) } else { (&title, &line) };
        // Titles are given with a kicker before, or without what the site adds.
        line == title
            || short.chars().count() >= SHORTEST && short.len() * 4 >= long.len() * 3 && long.contains(short.as_str())
    })
}

/// Letters and digits in lower case.
fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::is_title;

    #[track_caller]
    fn check(line: &str, expected: bool) {
        assert_eq!(is_title(line, &["The lamp of the pier goes dark: farewell".to_owned()]), expected);
    }

    #[test]
    fn a_title_is_known_with_a_kicker_and_without_its_end() {
        check("“The lamp of the pier goes dark”: farewell", true);
        check("Old town: The lamp of the pier goes dark – farewell", true);
        check("The lamp of the pier goes dark", true);
    }

    #[test]
    fn a_sentence_with_a_word_of_it_is_none() {
        check("The lamp", false);
        check("The lamp of the pier goes dark: farewell was said by many, and by some it was meant", false);
        check("", false);
    }
}
