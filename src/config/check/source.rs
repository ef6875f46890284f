//! `[[source]]`.

use std::time::Duration;

use super::super::error::ConfigError;
use super::super::file::{self, At};
use super::Reader;
use super::render::Usual;
use crate::model::{Folding, Kind, Location, Source, UpdatePolicy};

const FOLDINGS: &[(&str, Folding)] = &[("fold", Folding::Fold), ("never", Folding::Never)];
const UPDATES: &[(&str, UpdatePolicy)] =
    &[("content", UpdatePolicy::Content), ("never", UpdatePolicy::Never), ("always", UpdatePolicy::Always)];

impl Reader<'_> {
    pub(super) fn source(&self, file: file::Source, every: Duration, usual: &Usual) -> Result<Source, ConfigError> {
        let id = self.id(&file.id)?;
        self.is_free(&file.id, &id)?;
        let (location, access) = self.reached(&file)?;
        // Credentials make what an address gives somebody's own. A token that stands openly in the query does
        // not: many public feeds have one, and it is shown nowhere.
        let secret = access.has_credentials()
            || matches!(&location, Location::Web(url) if !url.username().is_empty() || url.password().is_some());
        let render = self.render(&file, usual, &location, secret)?;
        let kind = self.word(
            file.kind.as_ref(),
            &Kind::READABLE.iter().map(|kind| (kind.as_str(), *kind)).collect::<Vec<_>>(),
            Kind::Auto,
        )?;
        if let (Some(list), Kind::Feed | Kind::Article | Kind::Text) = (&file.list, kind) {
            return Err(self.wrong(
                list,
                format!("`[source.list]` is for listings, and this source is read as {:?}", kind.as_str()),
                Some("set `as = \"listing\"`, or leave one of the two out".to_owned()),
            ));
        }
        Ok(Source {
            id,
            title: file.title.filter(|title| !title.trim().is_empty()),
            owner: file.owner.map(|owner| self.owner(&owner)).transpose()?,
            location,
            kind,
            article: file.article.map(|article| self.article(article, kind, file.full_text)).transpose()?,
            list: file.list.map(|list| self.list(list.into_inner())).transpose()?,
            groups: self.groups(&file.groups)?,
            rank: u32::try_from(self.count(file.rank.as_ref(), 0..=1_000_000, 0)?).unwrap_or(u32::MAX),
            private: file.private.unwrap_or(secret),
            folding: self.word(file.dedupe.as_ref(), FOLDINGS, Folding::Fold)?,
            update: self.word(file.update.as_ref(), UPDATES, UpdatePolicy::Content)?,
            every: self.duration(file.every.as_ref(), every)?,
            access,
            full_text: file.full_text,
            render,
        })
    }

    fn owner(&self, text: &At<String>) -> Result<String, ConfigError> {
        let owner = text.get_ref().split_whitespace().collect::<Vec<_>>().join(" ");
        if owner.is_empty() {
            let help = "leave `owner` out: then the site's domain stands for it".to_owned();
            return Err(self.wrong(text, "an owner needs a name".to_owned(), Some(help)));
        }
        Ok(owner)
    }

    fn groups(&self, groups: &[At<String>]) -> Result<Vec<String>, ConfigError> {
        let mut all: Vec<String> = Vec::new();
        for group in groups {
            if group.get_ref().trim().is_empty() {
                return Err(self.wrong(group, "a group needs a name".to_owned(), None));
            }
            if !all.contains(group.get_ref()) {
                all.push(group.get_ref().clone());
            }
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::read;
    use crate::model::ListSelectors;

    fn with_list(kind: &str, list: &str) -> Result<Option<ListSelectors>, String> {
        let text =
            format!("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nas = \"{kind}\"\n[source.list]\n{list}\n");
        let read = read(Path::new("x.toml"), &text).map_err(|mistake| mistake.to_string())?;
        Ok(read.sources.into_iter().next().and_then(|source| source.list))
    }

    #[test]
    fn selectors_are_kept_as_written() {
        let list = with_list("auto", "items = \"li.story\"\nurl = \"h2 a@href\"\ndate = \"time\"").unwrap().unwrap();
        assert_eq!((list.items.as_str(), list.url.as_deref(), list.title), ("li.story", Some("h2 a@href"), None));
    }

    #[test]
    fn what_is_no_selector_is_a_mistake_with_its_place() {
        let mistake = with_list("listing", "items = \"li\"\nurl = \"a[\"").unwrap_err();
        assert!(mistake.contains("x.toml:7:") && mistake.contains("`a[`"), "{mistake}");
        let mistake = with_list("listing", "title = \"h2\"").unwrap_err();
        assert!(mistake.contains("items"), "{mistake}");
        let mistake = with_list("listing", "items = \"li\"\nlink = \"a\"").unwrap_err();
        assert!(mistake.contains("unknown key \"link\""), "{mistake}");
    }

    #[test]
    fn an_owner_has_a_name() {
        let with = |owner: &str| {
            let text = format!("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nowner = \"{owner}\"\n");
            read(Path::new("x.toml"), &text)
                .map(|read| read.sources[0].owner.clone())
                .map_err(|mistake| mistake.to_string())
        };
        assert_eq!(with(" Harbour  Group ").unwrap().as_deref(), Some("Harbour Group"));
        assert!(with(" ").unwrap_err().contains("x.toml:4:"));
    }

    #[test]
    fn whether_texts_are_fetched_is_said_or_left_to_the_document() {
        let with = |key: &str| {
            let text = format!("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n{key}\n");
            read(Path::new("x.toml"), &text).unwrap().sources[0].full_text
        };
        assert_eq!([with(""), with("full_text = true"), with("full_text = false")], [None, Some(true), Some(false)]);
    }

    #[test]
    fn selectors_are_for_listings() {
        let mistake = with_list("feed", "items = \"li\"").unwrap_err();
        assert!(mistake.contains("is for listings"), "{mistake}");
    }
}
