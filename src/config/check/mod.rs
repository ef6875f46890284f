//! From the shape of the file to a configuration that no later stage doubts. One file for each large table.

mod access;
mod article;
mod each;
mod fetch;
mod given;
mod list;
mod notify;
mod output;
mod render;
mod site;
mod source;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::error::{ConfigError, Mistake};
use super::file::{self, At, word};
use super::{Config, hide, units};
use crate::model::{Once, Output, Representative, Roots, Site, Source, SourceId};
use crate::{dedupe, publish, store};

pub(super) use given::Around;

const REPRESENTATIVES: &[(&str, Representative)] =
    &[("first", Representative::First), ("preferred", Representative::Preferred)];

/// Reads the text of a configuration file.
pub(super) fn read(path: &Path, text: &str) -> Result<Config, ConfigError> {
    read_in(path, text, &Around::default())
}

/// The same, where it matters what is around it.
pub(super) fn read_in(path: &Path, text: &str, around: &Around) -> Result<Config, ConfigError> {
    let reader =
        Reader { path, text, folder: path.parent().unwrap_or(Path::new("")), around, roots: RefCell::default() };
    let file: file::File = toml::from_str(text).map_err(|cause| reader.shape(&cause))?;
    reader.config(file)
}

/// Whether a file is in a folder or anywhere below it, by their names or where links lead.
fn is_inside(file: &Path, folder: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    file.starts_with(folder) || real(parent).zip(real(folder)).is_some_and(|(file, folder)| file.starts_with(folder))
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    /// Relative paths in the file are relative to this.
    folder: &'a Path,
    around: &'a Around<'a>,
    /// Certificates that were read already: many sources may name one file.
    roots: RefCell<HashMap<PathBuf, Roots>>,
}

impl Reader<'_> {
    fn config(&self, file: file::File) -> Result<Config, ConfigError> {
        self.twice(file.source.iter().map(|source| &source.id), "source")?;
        self.twice(file.output.iter().map(|output| &output.id), "output")?;
        let base_url = file.site.base_url.as_ref().map(|text| self.base_url(text)).transpose()?;
        let hub = self.hub(file.publish.hub.as_ref(), base_url.as_ref())?;
        let language = self.language(file.site.language.as_ref())?;
        let fetch = self.fetch(&file.fetch, base_url.as_ref())?;
        let usual = self.usual_render(&file.fetch)?;
        let every = fetch.every;
        let sources: Vec<Source> =
            file.source.into_iter().map(|source| self.source(source, every, &usual)).collect::<Result<_, _>>()?;
        let places: Vec<_> = file.output.iter().map(|output| output.id.span()).collect();
        let mut outputs: Vec<Output> =
            file.output.into_iter().map(|output| self.output(output, &sources)).collect::<Result<_, _>>()?;
        self.feeds_for_each(&outputs, &places, &sources)?;
        let once = self.word(file.site.once.as_ref(), each::ONCE, Once::Output)?;
        let title = file.site.title.unwrap_or_else(|| "oncefeed".to_owned());
        if outputs.is_empty() {
            outputs.push(output::all_of(&title));
        }
        let dir = self.path_of(file.publish.dir.as_ref().map_or("public", |dir| dir.get_ref()));
        let store = self.store(file.store.url.as_ref())?;
        if let (store::Location::Sqlite(path), Some(place)) =
            (&store, file.publish.dir.as_ref().map(At::span).or(file.store.url.as_ref().map(At::span)))
            && is_inside(path, &dir)
        {
            let what = "the store would be in the folder that is published, and its backups too".to_owned();
            return Err(self.mistake(
                Some(place),
                what,
                Some("give `publish.dir` a folder of its own, such as \"public\"".to_owned()),
            ));
        }
        Ok(Config {
            path: self.path.to_owned(),
            site: Site { title, base_url, once, language, hub, ttl: site::ttl(every, &sources) },
            store,
            backups: self.count(file.store.backups.as_ref(), 0..=366, store::BACKUPS)?,
            publish: publish::Settings { dir },
            fetch,
            dedupe: self.dedupe(&file.dedupe)?,
            ping: self.ping(&file.notify)?,
            pages: file.check.pages.as_ref().map(|dir| self.path_of(dir.get_ref())),
            sources,
            outputs,
        })
    }

    fn base_url(&self, text: &At<String>) -> Result<Url, ConfigError> {
        let mut url = self.web(text)?;
        // It is sent to every server in the user agent, and stands in every feed.
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(self.wrong(
                text,
                "base_url is a plain address, without user, query and fragment".to_owned(),
                Some("write for example \"https://news.example/feeds/\"".to_owned()),
            ));
        }
        if !url.path().ends_with('/') {
            let path = format!("{}/", url.path());
            url.set_path(&path);
        }
        Ok(url)
    }

    fn store(&self, url: Option<&At<String>>) -> Result<store::Location, ConfigError> {
        let Some(url) = url else { return Ok(store::Location::Sqlite(self.folder.join("oncefeed.db"))) };
        match url.get_ref().strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() => Ok(store::Location::Sqlite(self.path_of(path))),
            _ => Err(self.wrong(
                url,
                format!("{:?} is no store", url.get_ref()),
                Some("write for example \"sqlite:oncefeed.db\"".to_owned()),
            )),
        }
    }

    fn dedupe(&self, file: &file::Dedupe) -> Result<dedupe::Settings, ConfigError> {
        let default = dedupe::Settings::default();
        if let Some(threshold) = &file.threshold
            && !dedupe::Settings::THRESHOLDS.contains(threshold.get_ref())
        {
            let (least, most) = dedupe::Settings::THRESHOLDS.into_inner();
            return Err(self.mistake(
                Some(threshold.span()),
                format!("a threshold of {} folds everything or nothing", threshold.get_ref()),
                Some(format!("write a share from {least} to {most}; the default is {}", default.threshold)),
            ));
        }
        Ok(dedupe::Settings {
            window: self.duration(file.window.as_ref(), default.window)?,
            threshold: file.threshold.as_ref().map_or(default.threshold, |threshold| *threshold.get_ref()),
            live_min_interval: self.duration(file.live_min_interval.as_ref(), default.live_min_interval)?,
            representative: self.word(file.representative.as_ref(), REPRESENTATIVES, default.representative)?,
        })
    }

    fn id(&self, text: &At<String>) -> Result<SourceId, ConfigError> {
        SourceId::new(text.get_ref()).ok_or_else(|| {
            self.wrong(text, format!("{:?} is no id", text.get_ref()), Some("use 1 to 64 of a-z, 0-9 and -".to_owned()))
        })
    }

    fn web(&self, text: &At<String>) -> Result<Url, ConfigError> {
        self.web_of(text, text.get_ref())
    }

    /// The address that a value comes to, which is said to be wrong as it was written.
    fn web_of(&self, place: &At<String>, value: &str) -> Result<Url, ConfigError> {
        let help = Some("write for example \"https://news.example/feed.xml\" or \"file:page.html\"".to_owned());
        let written = hide::without_credentials(place.get_ref());
        let url = Url::parse(value)
            .map_err(|cause| self.wrong(place, format!("{written:?} is no address: {cause}"), help.clone()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(self.wrong(place, format!("{written:?} has another scheme than http, https and file"), help));
        }
        Ok(url)
    }

    /// A path of the file, relative to its folder. `config/../public` is shown to people: it is
    /// `public`. Only names go, never what may be a link.
    fn path_of(&self, path: &str) -> PathBuf {
        let mut whole = PathBuf::new();
        for part in self.folder.join(path).components() {
            let named = matches!(whole.components().next_back(), Some(Component::Normal(_)));
            match part {
                Component::ParentDir if named && !whole.is_symlink() => {
                    whole.pop();
                }
                Component::CurDir => {}
                part => whole.push(part),
            }
        }
        if whole.as_os_str().is_empty() {
            whole.push(".");
        }
        whole
    }

    fn duration(&self, text: Option<&At<String>>, default: Duration) -> Result<Duration, ConfigError> {
        match text {
            None => Ok(default),
            Some(text) => units::duration(text.get_ref()).map_err(|message| self.wrong(text, message, None)),
        }
    }

    fn count(
        &self,
        number: Option<&At<i64>>,
        range: std::ops::RangeInclusive<usize>,
        default: usize,
    ) -> Result<usize, ConfigError> {
        let Some(number) = number else { return Ok(default) };
        match usize::try_from(*number.get_ref()) {
            Ok(count) if range.contains(&count) => Ok(count),
            _ => Err(self.wrong(
                number,
                format!("{} is not between {} and {}", number.get_ref(), range.start(), range.end()),
                None,
            )),
        }
    }

    fn word<T: Copy>(&self, text: Option<&At<String>>, words: &[(&str, T)], default: T) -> Result<T, ConfigError> {
        let Some(text) = text else { return Ok(default) };
        word(text.get_ref(), words).map_err(|(message, help)| self.wrong(text, message, help))
    }

    fn wrong<T>(&self, place: &At<T>, message: String, help: Option<String>) -> ConfigError {
        self.mistake(Some(place.span()), message, help)
    }

    fn mistake(&self, span: Option<Range<usize>>, message: String, help: Option<String>) -> ConfigError {
        ConfigError::Invalid(Box::new(Mistake::at(self.path, self.text, span, message, help)))
    }

    /// A mistake that toml or serde found, in our words where they are clearer.
    fn shape(&self, cause: &toml::de::Error) -> ConfigError {
        let message = cause.message();
        let span = cause.span();
        let mut names = message.split('`').skip(1).step_by(2);
        if message.starts_with("unknown field")
            && let Some(key) = names.next()
        {
            let known: Vec<&str> = names.collect();
            let table = span.as_ref().and_then(|span| self.table(span.start));
            let place = table.map(|table| format!(" in {table}")).unwrap_or_default();
            let help = match file::nearest(key, &known) {
                Some(word) => format!("did you mean {word:?}?"),
                None => format!("known here: {}", known.join(", ")),
            };
            return self.mistake(span, format!("unknown key {key:?}{place}; {help}"), None);
        }
        if message.starts_with("missing field")
            && let Some(key) = names.next()
        {
            return self.mistake(span, format!("`{key}` is missing here"), None);
        }
        let hidden = span.as_ref().is_some_and(|span| hide::is_secret(self.text, span.start));
        // It names the value that it did not expect.
        if hidden && message.starts_with("invalid") {
            let what = match message.ends_with("expected a map") {
                true => "this is no table; write { NAME = \"value\" }",
                false => "this is no text; write it in quotes",
            };
            return self.mistake(span, what.to_owned(), None);
        }
        self.mistake(span, in_words(message.trim()), None)
    }

    /// The table header that stands before a byte of the text.
    fn table(&self, at: usize) -> Option<&str> {
        self.text
            .get(..at)?
            .lines()
            .rev()
            .map(str::trim)
            .find(|line| line.starts_with('[') && line.contains(']'))
            .and_then(|line| line.split('#').next())
            .map(str::trim)
    }

    /// Ids that stand twice.
    fn twice<'i>(&self, ids: impl Iterator<Item = &'i At<String>>, what: &str) -> Result<(), ConfigError> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for id in ids {
            if let Some(first) = seen.insert(id.get_ref(), id.span().start) {
                let line = self.text.get(..first).map_or(1, |before| before.matches('\n').count() + 1);
                return Err(self.wrong(
                    id,
                    format!("{what} {:?} is there already, in line {line}", id.get_ref()),
                    Some("give each its own id".to_owned()),
                ));
            }
        }
        Ok(())
    }
}

/// What serde says of a value's type, in words of people who write no Rust.
fn in_words(message: &str) -> String {
    let types =
        [("i64", "a whole number"), ("f64", "a number"), ("a boolean", "true or false"), ("a sequence", "a list, [ ]")];
    let known = |(name, words): &(&str, &str)| {
        message.strip_suffix(name).filter(|rest| rest.ends_with("expected ")).map(|rest| format!("{rest}{words}"))
    };
    types.iter().find_map(known).unwrap_or_else(|| message.to_owned())
}
