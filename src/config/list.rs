//! The shape of `[source.list]`, as serde reads it. Meaning is checked in `check`.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::file::At;

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
