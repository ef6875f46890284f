//! `[source.list]`: where the stories of a list are.

use super::super::error::ConfigError;
use super::super::file::At;
use super::super::list::{Date, List};
use super::Reader;
use crate::extract;
use crate::model::{DateForm, ListSelectors};

/// Records of one page that are read at most: more need not be asked for.
const MOST: usize = 1000;

impl Reader<'_> {
    /// Selectors, each of which is one, and rules that can be kept.
    pub(super) fn list(&self, file: List) -> Result<ListSelectors, ConfigError> {
        let texts = |texts: &[At<String>]| texts.iter().map(|text| text.get_ref().clone()).collect::<Vec<_>>();
        let text = |key: &str| place(&file, key).map(|text| text.get_ref().clone());
        let all = [&file.url_include, &file.url_exclude, &file.title_strip];
        if let Some(empty) = all.into_iter().flatten().find(|text| text.get_ref().trim_matches('*').is_empty()) {
            let help = "write a part of the text, or leave it out".to_owned();
            return Err(self.wrong(empty, "this is a part of everything".to_owned(), Some(help)));
        }
        let list = ListSelectors {
            items: file.items.get_ref().clone(),
            title: text("title"),
            url: text("url"),
            date: self.date(file.date.as_ref())?,
            date_form: form(file.date.as_ref()),
            summary: text("summary"),
            image: text("image"),
            author: text("author"),
            categories: text("categories"),
            exclude: texts(&file.exclude),
            url_include: texts(&file.url_include),
            url_exclude: texts(&file.url_exclude),
            title_strip: texts(&file.title_strip),
            min_items: self.count(file.min_items.as_ref(), 0..=MOST, 0)?,
            max_items: file.max_items.as_ref().map(|most| self.count(Some(most), 1..=MOST, MOST)).transpose()?,
        };
        if let (Some(least), Some(most)) = (&file.min_items, list.max_items)
            && list.min_items > most
        {
            let help = "`max_items` is the larger of the two".to_owned();
            return Err(self.wrong(
                least,
                format!("{} stories are never in a list of {most}", list.min_items),
                Some(help),
            ));
        }
        extract::check_selectors(&list).map_err(|cause| {
            let named = cause.selector_key().unwrap_or("items");
            // Of several the one that was found wrong.
            let excluded =
                file.exclude.iter().find(|text| cause.to_string().contains(&format!("`{}`", text.get_ref())));
            let place = if named == "exclude" { excluded } else { place(&file, named) };
            let help = match named {
                "format" => "write it like \"%d.%m.%Y %H:%M\": the letters are those of strftime",
                "zone" => "write for example \"Europe/Vienna\", \"+02:00\" or \"CET\"",
                "language" => "write for example \"de\" or \"en-US\"",
                _ if list.items.trim_start().starts_with(['$', 's']) && cause.to_string().contains("JSON path") => {
                    "write a path, for example \"$.posts[*]\"; those of a story begin at it: \"$.title\""
                }
                _ => "write a CSS selector, for example \"h2 a@href\"",
            };
            self.wrong(place.unwrap_or(&file.items), cause.to_string(), Some(help.to_owned()))
        })?;
        Ok(list)
    }

    /// The selector of a date, its attribute behind it.
    fn date(&self, date: Option<&Date>) -> Result<Option<String>, ConfigError> {
        Ok(match date {
            None => None,
            Some(Date::Plain(text)) => Some(text.get_ref().clone()),
            Some(Date::Table(table)) => match &table.attribute {
                None => Some(table.selector.get_ref().clone()),
                Some(attribute) if table.selector.get_ref().contains('@') => {
                    let help = "leave one of the two out".to_owned();
                    return Err(self.wrong(attribute, "the selector names an attribute too".to_owned(), Some(help)));
                }
                Some(attribute) => Some(format!("{}@{}", table.selector.get_ref(), attribute.get_ref())),
            },
        })
    }
}

fn form(date: Option<&Date>) -> DateForm {
    let Some(Date::Table(table)) = date else { return DateForm::default() };
    let text = |text: &Option<At<String>>| text.as_ref().map(|text| text.get_ref().clone());
    DateForm { format: text(&table.format), zone: text(&table.zone), language: text(&table.language) }
}

/// Where a key is written.
fn place<'f>(file: &'f List, key: &str) -> Option<&'f At<String>> {
    match (key, &file.date) {
        ("items", _) => Some(&file.items),
        ("title", _) => file.title.as_ref(),
        ("url", _) => file.url.as_ref(),
        ("summary", _) => file.summary.as_ref(),
        ("image", _) => file.image.as_ref(),
        ("author", _) => file.author.as_ref(),
        ("categories", _) => file.categories.as_ref(),
        ("date", Some(Date::Plain(text))) => Some(text),
        ("date", Some(Date::Table(table))) => Some(&table.selector),
        ("format", Some(Date::Table(table))) => table.format.as_ref(),
        ("zone", Some(Date::Table(table))) => table.zone.as_ref(),
        ("language", Some(Date::Table(table))) => table.language.as_ref(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::read;
    use crate::model::ListSelectors;

    fn with(list: &str) -> Result<ListSelectors, String> {
        let text = format!("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n[source.list]\n{list}\n");
        let read = read(Path::new("x.toml"), &text)
            .map_err(|mistake| format!("{mistake} {}", mistake.help().unwrap_or_default()))?;
        Ok(read.sources.into_iter().next().and_then(|source| source.list).unwrap())
    }

    #[track_caller]
    fn check_mistake(list: &str, line: usize, words: &str) {
        let mistake = with(list).unwrap_err();
        assert!(mistake.contains(&format!("x.toml:{line}:")) && mistake.contains(words), "{mistake}");
    }

    #[test]
    fn every_key_is_kept_as_written() {
        let list = with(
            "items = \"li\"\nexclude = [\".ad\", \"nav\"]\nurl_include = [\"/news/\"]\nurl_exclude = [\"/ads/*\"]\n\
             min_items = 3\nmax_items = 20\ntitle_strip = [\" | Harbour\"]\ncategories = \".tag\"\n\
             date = { selector = \"time\", attribute = \"title\", format = \"%d.%m.%Y\", zone = \"CET\", language = \"de\" }",
        )
        .unwrap();
        assert_eq!((list.date.as_deref(), list.date_form.zone.as_deref()), (Some("time@title"), Some("CET")));
        assert_eq!((list.min_items, list.max_items, list.exclude.len()), (3, Some(20), 2));
        assert_eq!((&list.url_include[0][..], &list.url_exclude[0][..]), ("/news/", "/ads/*"));
        assert_eq!((&list.title_strip[0][..], list.categories.as_deref()), (" | Harbour", Some(".tag")));
        assert_eq!(with("items = \"$.posts[*]\"\ntitle = \"$.t\"").unwrap().items, "$.posts[*]");
    }

    #[test]
    fn mistakes_are_told_where_they_are() {
        check_mistake("items = \"li\"\nexclude = [\".ad\", \"nav[\"]", 6, "`nav[` is no CSS selector");
        check_mistake("items = \"$.posts[\"", 5, "a bracket has no end");
        check_mistake("items = \"$.posts[*]\"\ntitle = \"h2\"", 6, "write a path");
        check_mistake("items = \"$.posts[*]\"\nexclude = [\"a\"]", 6, "use `url_exclude`");
        check_mistake("items = \"li\"\ndate = { selector = \"time\", format = \"%Q\" }", 6, "strftime");
        check_mistake("items = \"li\"\ndate = { selector = \"time\", zone = \"Moon\" }", 6, "Europe/Vienna");
        check_mistake("items = \"li\"\ndate = { selector = \"time[\" }", 6, "`time[` is no CSS selector");
        check_mistake("items = \"li\"\ndate = { selector = \"a@b\", attribute = \"c\" }", 6, "names an attribute too");
        check_mistake("items = \"li\"\ndate = { selector = \"a\", formt = \"c\" }", 6, "did you mean \"format\"?");
        check_mistake("items = \"li\"\ndate = 3", 6, "a selector, or a table with one");
        check_mistake("items = \"li\"\nurl_exclude = [\"*\"]", 6, "a part of everything");
        check_mistake("items = \"li\"\nmin_items = 30\nmax_items = 10", 6, "never in a list of 10");
        check_mistake("items = \"li\"\nmax_items = 0", 6, "0 is not between 1 and 1000");
    }
}
