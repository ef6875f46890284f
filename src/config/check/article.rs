//! `[source.article]`.

use super::super::error::ConfigError;
use super::super::file::{self, At};
use super::Reader;
use crate::extract;
use crate::model::{ArticleSelectors, Kind};

impl Reader<'_> {
    /// Selectors, each of which is one, for a source of which an article is read at all.
    pub(super) fn article(
        &self,
        table: At<file::Article>,
        kind: Kind,
        full_text: Option<bool>,
    ) -> Result<ArticleSelectors, ConfigError> {
        let unread = match kind {
            Kind::Text => Some("this source is read as plain text"),
            Kind::Feed if full_text != Some(true) => Some("the pages of this feed's stories are not fetched"),
            Kind::Listing if full_text == Some(false) => Some("the pages of this listing's stories are not fetched"),
            _ => None,
        };
        if let Some(why) = unread {
            let message = format!("`[source.article]` says where an article stands, and {why}");
            let help = "set `full_text = true` or `as = \"article\"`, or leave the table out".to_owned();
            return Err(self.wrong(&table, message, Some(help)));
        }
        let file = table.get_ref();
        let text = |text: &At<String>| text.get_ref().clone();
        let selectors = ArticleSelectors {
            keep: file.keep.iter().map(text).collect(),
            remove: file.remove.iter().map(text).collect(),
            title: file.title.as_ref().map(text),
        };
        if selectors == ArticleSelectors::default() {
            let help = "name the body's element with `keep`, for example [\"div.story\"]".to_owned();
            return Err(self.wrong(&table, "`[source.article]` says nothing".to_owned(), Some(help)));
        }
        // Each alone, so that the mistake has the place of the one that is none.
        let one = |selectors: ArticleSelectors, place: &At<String>| {
            let help = "write a CSS selector, for example \"article .body\"".to_owned();
            extract::check_article(&selectors).map_err(|cause| self.wrong(place, cause.to_string(), Some(help)))
        };
        let list = |place: &At<String>| ArticleSelectors { keep: vec![text(place)], ..ArticleSelectors::default() };
        file.keep.iter().chain(&file.remove).try_for_each(|place| one(list(place), place))?;
        let title = |place: &At<String>| ArticleSelectors { title: Some(text(place)), ..ArticleSelectors::default() };
        file.title.iter().try_for_each(|place| one(title(place), place))?;
        Ok(selectors)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::read;
    use crate::model::ArticleSelectors;

    fn with(keys: &str, article: &str) -> Result<Option<ArticleSelectors>, String> {
        let text =
            format!("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n{keys}\n[source.article]\n{article}\n");
        let read = read(Path::new("x.toml"), &text).map_err(|mistake| mistake.to_string())?;
        Ok(read.sources.into_iter().next().and_then(|source| source.article))
    }

    #[track_caller]
    fn check_wrong(keys: &str, article: &str, said: &[&str]) {
        let mistake = with(keys, article).unwrap_err();
        assert!(said.iter().all(|said| mistake.contains(said)), "{mistake}");
    }

    #[test]
    fn selectors_are_kept_as_written() {
        let article = "keep = [\"div.story\", \"ul.facts\"]\nremove = [\".promo\"]\ntitle = \"meta.t@content\"";
        for keys in ["as = \"article\"", "as = \"auto\"", "as = \"feed\"\nfull_text = true", "as = \"listing\""] {
            let read = with(keys, article).unwrap().unwrap();
            assert_eq!((read.keep.len(), read.remove.len(), read.title.as_deref()), (2, 1, Some("meta.t@content")));
        }
    }

    #[test]
    fn what_is_no_selector_is_a_mistake_with_its_place() {
        let kind = "as = \"article\"";
        check_wrong(kind, "keep = [\"div\",\n\"p[\"]", &["x.toml:7:", "`p[`"]);
        check_wrong(kind, "remove = [\"\"]", &["x.toml:6:", "no CSS selector"]);
        check_wrong(kind, "title = \"h1[@content\"", &["x.toml:6:", "`h1[`"]);
        check_wrong(kind, "", &["x.toml:5:", "says nothing"]);
        check_wrong(kind, "drop = [\"a\"]", &["unknown key \"drop\""]);
    }

    #[test]
    fn selectors_of_articles_that_nobody_reads_are_a_mistake() {
        check_wrong("as = \"text\"", "keep = [\"p\"]", &["plain text"]);
        check_wrong("as = \"feed\"", "keep = [\"p\"]", &["not fetched"]);
        check_wrong("as = \"listing\"\nfull_text = false", "keep = [\"p\"]", &["not fetched"]);
    }
}
