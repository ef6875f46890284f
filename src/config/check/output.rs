//! `[[output]]`.

use std::time::Duration;

use super::super::error::ConfigError;
use super::super::file::{self, At};
use super::{Reader, each};
use crate::model::{Each, Format, Output, Source, SourceId};

impl Reader<'_> {
    pub(super) fn output(&self, file: file::Output, sources: &[Source]) -> Result<Output, ConfigError> {
        let id = self.id(&file.id)?;
        if id.as_str() == "index" {
            return Err(self.wrong(
                &file.id,
                "\"index\" names the page that lists the outputs".to_owned(),
                Some("choose another id".to_owned()),
            ));
        }
        for group in &file.groups {
            let known: Vec<&str> = sources.iter().flat_map(|source| &source.groups).map(String::as_str).collect();
            if !known.contains(&group.get_ref().as_str()) {
                let help = match file::nearest(group.get_ref(), &known) {
                    Some(word) => format!("did you mean {word:?}?"),
                    None => "name it in the `groups` of a source, or leave `groups` out to show all".to_owned(),
                };
                return Err(self.wrong(group, format!("no source is in group {:?}", group.get_ref()), Some(help)));
            }
        }
        let formats = match &file.formats {
            None => Format::ALL.to_vec(),
            Some(words) => {
                let known: Vec<(&str, Format)> = Format::ALL.iter().map(|format| (format.as_str(), *format)).collect();
                let mut formats = Vec::new();
                for text in words {
                    let format = self.word(Some(text), &known, Format::Rss)?;
                    if !formats.contains(&format) {
                        formats.push(format);
                    }
                }
                formats
            }
        };
        if formats.is_empty() {
            return Err(self.wrong(
                &file.id,
                "this output has no formats".to_owned(),
                Some("leave `formats` out, or name some".to_owned()),
            ));
        }
        let plain = all_of(id.as_str());
        Ok(Output {
            title: file.title.unwrap_or_else(|| id.as_str().to_owned()),
            groups: file.groups.into_iter().map(At::into_inner).collect(),
            formats,
            limit: self.count(file.limit.as_ref(), 1..=Output::MOST, plain.limit)?,
            keep: self.duration(file.keep.as_ref(), plain.keep)?,
            private: file.private.unwrap_or(false),
            related: file.related.unwrap_or(false),
            each: self.word(file.each.as_ref(), each::EACH, plain.each)?,
            id,
        })
    }
}

/// The output of a configuration that names none: everything.
pub(super) fn all_of(title: &str) -> Output {
    Output {
        id: SourceId::new("all").expect("\"all\" is an id"),
        title: title.to_owned(),
        groups: Vec::new(),
        formats: Format::ALL.to_vec(),
        limit: 60,
        keep: Duration::from_secs(48 * 3600),
        private: false,
        related: false,
        each: Each::None,
    }
}
