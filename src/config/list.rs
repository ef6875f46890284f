//! The shape of `[source.list]`, as serde reads it. Meaning is checked in `check`.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::edit::string;
use super::file::At;
use crate::model::ListSelectors;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct List {
    pub(super) items: At<String>,
    pub(super) title: Option<At<String>>,
    pub(super) url: Option<At<String>>,
    pub(super) date: Option<Date>,
    pub(super) summary: Option<At<String>>,
    pub(super) image: Option<At<String>>,
    pub(super) author: Option<At<String>>,
    pub(super) categories: Option<At<String>>,
    #[serde(default)]
    pub(super) exclude: Vec<At<String>>,
    #[serde(default)]
    pub(super) url_include: Vec<At<String>>,
    #[serde(default)]
    pub(super) url_exclude: Vec<At<String>>,
    #[serde(default)]
    pub(super) title_strip: Vec<At<String>>,
    pub(super) min_items: Option<At<i64>>,
    pub(super) max_items: Option<At<i64>>,
}

/// Where a date is, and how it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DateTable {
    pub(super) selector: At<String>,
    pub(super) attribute: Option<At<String>>,
    pub(super) format: Option<At<String>>,
    pub(super) zone: Option<At<String>>,
    pub(super) language: Option<At<String>>,
}

/// A date: its selector alone, or a table.
pub(super) enum Date {
    Plain(At<String>),
    Table(Box<DateTable>),
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
        let either = At::<Either>::deserialize(from)?;
        let span = either.span();
        Ok(match either.into_inner() {
            Either::Text(text) => Date::Plain(At::new(span, text)),
            Either::Table(table) => Date::Table(table),
        })
    }
}

enum Either {
    Text(String),
    Table(Box<DateTable>),
}

impl<'de> Deserialize<'de> for Either {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Either, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Either;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a selector, or a table with one")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Either, E> {
                Ok(Either::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Either, A::Error> {
                Ok(Either::Table(DateTable::deserialize(MapAccessDeserializer::new(map))?.into()))
            }
        }
        from.deserialize_any(Reader)
    }
}

/// `[source.list]` as it stands in a configuration, its header included.
pub fn written(list: &ListSelectors) -> String {
    let mut text = String::from("[source.list]\n");
    let mut line = |key: &str, value: String| text += &format!("{key} = {value}\n");
    line("items", string(&list.items));
    let one = [("title", &list.title), ("url", &list.url)];
    one.into_iter().for_each(|(key, value)| value.iter().for_each(|value| line(key, string(value))));
    if let Some(date) = &list.date {
        let form = &list.date_form;
        let more = [("format", &form.format), ("zone", &form.zone), ("language", &form.language)];
        let more: String =
            more.iter().filter_map(|(key, value)| Some(format!(", {key} = {}", string(value.as_ref()?)))).collect();
        match more.is_empty() {
            true => line("date", string(date)),
            false => line("date", format!("{{ selector = {}{more} }}", string(date))),
        }
    }
    let rest = [
        ("summary", &list.summary),
        ("image", &list.image),
        ("author", &list.author),
        ("categories", &list.categories),
    ];
    rest.into_iter().for_each(|(key, value)| value.iter().for_each(|value| line(key, string(value))));
    let lists = [
        ("exclude", &list.exclude),
        ("url_include", &list.url_include),
        ("url_exclude", &list.url_exclude),
        ("title_strip", &list.title_strip),
    ];
    for (key, values) in lists.into_iter().filter(|(_, values)| !values.is_empty()) {
        let values: Vec<String> = values.iter().map(|value| string(value)).collect();
        line(key, format!("[{}]", values.join(", ")));
    }
    if list.min_items > 0 {
        line("min_items", list.min_items.to_string());
    }
    if let Some(most) = list.max_items {
        line("max_items", most.to_string());
    }
    text
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::Config;
    use super::*;
    use crate::model::DateForm;

    #[track_caller]
    fn check(list: ListSelectors) {
        let text = format!("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n{}", written(&list));
        let config = Config::parse(Path::new("x.toml"), &text).unwrap_or_else(|mistake| panic!("{mistake}\n{text}"));
        assert_eq!(config.sources[0].list.as_ref(), Some(&list), "{text}");
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let some = |text: &str| Some(text.to_owned());
        let bare = ListSelectors { items: "a[href*=\"x\\y\"], li".to_owned(), ..ListSelectors::default() };
        check(bare.clone());
        check(ListSelectors { date: some("time"), ..bare.clone() });
        check(ListSelectors {
            title: some("h2"),
            url: some("a@href"),
            date: some("b@title"),
            date_form: DateForm { format: some("%d.%m."), zone: some("CET"), language: some("de") },
            summary: some("p"),
            image: some("img"),
            author: some(".by"),
            categories: some(".tag"),
            exclude: vec![".ad".to_owned(), "nav".to_owned()],
            url_include: vec!["/a".to_owned()],
            url_exclude: vec!["/b*".to_owned()],
            title_strip: vec![" | \"X\"".to_owned()],
            min_items: 3,
            max_items: Some(9),
            ..bare
        });
    }
}
