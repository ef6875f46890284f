//! The shape of the file, as serde reads it. Meaning is checked in `check`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A value and where it stands.
pub(super) type At<T> = Spanned<T>;

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) site: Site,
    pub(super) store: Store,
    pub(super) publish: Publish,
    pub(super) fetch: Fetch,
    pub(super) dedupe: Dedupe,
    pub(super) notify: Notify,
    pub(super) check: Check,
    pub(super) source: Vec<Source>,
    pub(super) output: Vec<Output>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Site {
    pub(super) title: Option<String>,
    pub(super) base_url: Option<At<String>>,
    pub(super) once: Option<At<String>>,
    pub(super) language: Option<At<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Store {
    pub(super) url: Option<At<String>>,
    pub(super) backups: Option<At<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Publish {
    pub(super) dir: Option<At<String>>,
    pub(super) hub: Option<At<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Fetch {
    pub(super) every: Option<At<String>>,
    pub(super) concurrency: Option<At<i64>>,
    pub(super) per_host: Option<At<i64>>,
    pub(super) delay: Option<At<String>>,
    pub(super) timeout: Option<At<String>>,
    pub(super) max_bytes: Option<At<String>>,
    pub(super) user_agent: Option<At<String>>,
    pub(super) follow_links: Option<bool>,
    pub(super) robots: Option<bool>,
    pub(super) allow_private: Vec<At<String>>,
    pub(super) proxy: Option<At<String>>,
    pub(super) proxy_file: Option<At<String>>,
    pub(super) ca_file: Option<At<String>>,
    pub(super) full_text_wait: Option<At<String>>,
    pub(super) render: Option<At<Vec<String>>>,
    pub(super) render_timeout: Option<At<String>>,
    pub(super) render_concurrency: Option<At<i64>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Dedupe {
    pub(super) window: Option<At<String>>,
    pub(super) threshold: Option<At<f64>>,
    pub(super) live_min_interval: Option<At<String>>,
    pub(super) representative: Option<At<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Notify {
    pub(super) ping: Option<At<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Check {
    pub(super) pages: Option<At<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) id: At<String>,
    pub(super) url: Option<At<String>>,
    pub(super) url_file: Option<At<String>>,
    pub(super) title: Option<String>,
    pub(super) owner: Option<At<String>>,
    #[serde(rename = "as")]
    pub(super) kind: Option<At<String>>,
    #[serde(default)]
    pub(super) groups: Vec<At<String>>,
    pub(super) rank: Option<At<i64>>,
    pub(super) private: Option<bool>,
    pub(super) dedupe: Option<At<String>>,
    pub(super) update: Option<At<String>>,
    pub(super) every: Option<At<String>>,
    pub(super) username: Option<At<String>>,
    pub(super) username_file: Option<At<String>>,
    pub(super) password: Option<At<String>>,
    pub(super) password_file: Option<At<String>>,
    pub(super) token: Option<At<String>>,
    pub(super) token_file: Option<At<String>>,
    #[serde(default)]
    pub(super) headers: BTreeMap<At<String>, At<String>>,
    #[serde(default)]
    pub(super) headers_file: BTreeMap<At<String>, At<String>>,
    pub(super) cookies: Option<At<String>>,
    pub(super) cookies_file: Option<At<String>>,
    pub(super) user_agent: Option<At<String>>,
    pub(super) timeout: Option<At<String>>,
    pub(super) max_bytes: Option<At<String>>,
    pub(super) proxy: Option<At<String>>,
    pub(super) proxy_file: Option<At<String>>,
    pub(super) ca_file: Option<At<String>>,
    pub(super) full_text: Option<bool>,
    pub(super) render: Option<At<Render>>,
    pub(super) render_timeout: Option<At<String>>,
    pub(super) list: Option<At<super::list::List>>,
    pub(super) article: Option<At<Article>>,
}

/// Whether the page is rendered, or by what.
#[derive(Deserialize)]
#[serde(untagged, expecting = "this is no way to render: write [\"PROGRAM\", \"{url}\"], or true for that of [fetch]")]
pub(super) enum Render {
    Switch(bool),
    Command(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Article {
    #[serde(default)]
    pub(super) keep: Vec<At<String>>,
    #[serde(default)]
    pub(super) remove: Vec<At<String>>,
    pub(super) title: Option<At<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Output {
    pub(super) id: At<String>,
    pub(super) title: Option<String>,
    #[serde(default)]
    pub(super) groups: Vec<At<String>>,
    pub(super) formats: Option<Vec<At<String>>>,
    pub(super) limit: Option<At<i64>>,
    pub(super) keep: Option<At<String>>,
    pub(super) private: Option<bool>,
    pub(super) related: Option<bool>,
    pub(super) each: Option<At<String>>,
}

/// Values that may stand for one of a few words, with the words.
pub(super) fn word<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, (String, Option<String>)> {
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
        return Ok(*value);
    }
    let all: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    let help = nearest(text, &all).map(|word| format!("did you mean {word:?}?"));
    Err((format!("{text:?} is none of {}", all.join(", ")), help))
}

/// The known word that a text was most likely meant to be: at most a third of it differs.
pub(super) fn nearest<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    // Comparing costs the product of the lengths, and nobody means a word of so many letters.
    if text.len() > 64 {
        return None;
    }
    let limit = (text.chars().count().max(3)) / 3 + 1;
    let by_distance: BTreeMap<usize, &&str> =
        known.iter().rev().map(|word| (strsim::osa_distance(text, word), word)).collect();
    by_distance.first_key_value().filter(|(distance, _)| **distance <= limit).map(|(_, word)| **word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_word_that_was_meant() {
        let known = ["every", "url", "groups", "per_host"];
        assert_eq!(nearest("evry", &known), Some("every"));
        assert_eq!(nearest("eevry", &known), Some("every"));
        assert_eq!(nearest("perhost", &known), Some("per_host"));
        assert_eq!(nearest("colour", &known), None);
    }
}
