//! Words that much of the news uses, whatever it is about.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words in normalised spelling between white space; `#` begins a line of comment.
static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("common.txt").lines();
    lines.filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace).collect()
});

/// Whether a word is common in the news of its language. A few hundred words a language: until a
/// stream has shown what is common in it, they keep "police" from weighing as much as a name.
pub(super) fn is_common(word: &str) -> bool {
    COMMON.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_common_words_of_several_languages() {
        for word in ["police", "announced", "polizei", "notre", "gobierno", "сообщил"] {
            assert!(is_common(word), "{word}");
        }
        for word in ["#", "english", "ellery", "volcano", "turbine"] {
            assert!(!is_common(word), "{word}");
        }
    }
}
