//! From the shape of the file to a configuration that no later stage doubts.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use url::Url;

use super::error::{ConfigError, Mistake};
use super::file::{self, At, word};
use super::{Config, units};
use crate::model::{
    Folding, Format, Kind, ListSelectors, Location, Output, Representative, Site, Source, SourceId, UpdatePolicy,
};
use crate::{dedupe, extract, fetch, publish, store};

const FOLDINGS: &[(&str, Folding)] = &[("fold", Folding::Fold), ("never", Folding::Never)];
const REPRESENTATIVES: &[(&str, Representative)] =
    &[("first", Representative::First), ("preferred", Representative::Preferred)];
const UPDATES: &[(&str, UpdatePolicy)] =
    &[("content", UpdatePolicy::Content), ("never", UpdatePolicy::Never), ("always", UpdatePolicy::Always)];

/// Reads the text of a configuration file.
pub(super) fn read(path: &Path, text: &str) -> Result<Config, ConfigError> {
    let reader = Reader { path, text, folder: path.parent().unwrap_or(Path::new("")) };
    let file: file::File = toml::from_str(text).map_err(|cause| reader.shape(&cause))?;
    reader.config(file)
}

struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    /// Relative paths in the file are relative to this.
    folder: &'a Path,
}

impl Reader<'_> {
    fn config(&self, file: file::File) -> Result<Config, ConfigError> {
        self.twice(file.source.iter().map(|source| &source.id), "source")?;
        self.twice(file.output.iter().map(|output| &output.id), "output")?;
        let base_url = file.site.base_url.as_ref().map(|text| self.base_url(text)).transpose()?;
        let fetch = self.fetch(&file.fetch, base_url.as_ref())?;
        let every = fetch.every;
        let sources: Vec<Source> =
            file.source.into_iter().map(|source| self.source(source, every)).collect::<Result<_, _>>()?;
        let mut outputs: Vec<Output> =
            file.output.into_iter().map(|output| self.output(output, &sources)).collect::<Result<_, _>>()?;
        let title = file.site.title.unwrap_or_else(|| "oncefeed".to_owned());
        if outputs.is_empty() {
            outputs.push(all_of(&title));
        }
        let dir = self.path_of(file.publish.dir.as_ref().map_or("public", |dir| dir.get_ref()));
        let store = self.store(file.store.url.as_ref())?;
        if let (store::Location::Sqlite(path), Some(place)) =
            (&store, file.publish.dir.as_ref().map(At::span).or(file.store.url.as_ref().map(At::span)))
            && path.parent() == Some(&dir)
        {
            let what = "the store is in the folder that is published".to_owned();
            return Err(self.mistake(
                Some(place),
                what,
                Some("give `publish.dir` a folder of its own, such as \"public\"".to_owned()),
            ));
        }
        Ok(Config {
            path: self.path.to_owned(),
            site: Site { title, base_url },
            store,
            publish: publish::Settings { dir },
            fetch,
            dedupe: self.dedupe(&file.dedupe)?,
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
                None,
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

    fn fetch(&self, file: &file::Fetch, base_url: Option<&Url>) -> Result<fetch::Settings, ConfigError> {
        let default = fetch::Settings::default();
        let user_agent = match &file.user_agent {
            Some(text) if text.get_ref().is_empty() || !text.get_ref().bytes().all(|b| (0x20..0x7f).contains(&b)) => {
                return Err(self.wrong(text, "user_agent has to be printable ASCII".to_owned(), None));
            }
            Some(text) => text.get_ref().replace("VERSION", env!("CARGO_PKG_VERSION")),
            None => match base_url {
                Some(url) => format!("{} (+{url})", default.user_agent),
                None => default.user_agent.clone(),
            },
        };
        let mut allow_private = Vec::new();
        for block in &file.allow_private {
            let parsed = block.get_ref().parse().map_err(|_| {
                self.wrong(
                    block,
                    format!("{:?} is no CIDR block", block.get_ref()),
                    Some("write for example \"192.168.1.0/24\"".to_owned()),
                )
            })?;
            allow_private.push(parsed);
        }
        let max_bytes = match &file.max_bytes {
            Some(text) => units::bytes(text.get_ref()).map_err(|message| self.wrong(text, message, None))?,
            None => default.max_bytes,
        };
        let timeout = self.duration(file.timeout.as_ref(), default.timeout)?;
        if let (Some(text), true) = (&file.timeout, timeout.is_zero()) {
            return Err(self.wrong(text, "a time-out of nothing leaves no time to answer".to_owned(), None));
        }
        Ok(fetch::Settings {
            every: self.duration(file.every.as_ref(), default.every)?,
            concurrency: self.count(file.concurrency.as_ref(), 1..=1024, default.concurrency)?,
            per_host: self.count(file.per_host.as_ref(), 1..=64, default.per_host)?,
            delay: self.duration(file.delay.as_ref(), default.delay)?,
            timeout,
            max_bytes,
            user_agent,
            allow_private,
        })
    }

    fn source(&self, file: file::Source, every: Duration) -> Result<Source, ConfigError> {
        let id = self.id(&file.id)?;
        let location = self.location(&file.url)?;
        // Credentials in an address make what it gives somebody's own. A token in the query does not: many
        // public feeds have one, and it is shown nowhere.
        let secret = matches!(&location, Location::Web(url) if !url.username().is_empty() || url.password().is_some());
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
            list: file.list.map(|list| self.list(list.into_inner())).transpose()?,
            groups: self.groups(&file.groups)?,
            rank: u32::try_from(self.count(file.rank.as_ref(), 0..=1_000_000, 0)?).unwrap_or(u32::MAX),
            private: file.private.unwrap_or(secret),
            folding: self.word(file.dedupe.as_ref(), FOLDINGS, Folding::Fold)?,
            update: self.word(file.update.as_ref(), UPDATES, UpdatePolicy::Content)?,
            every: self.duration(file.every.as_ref(), every)?,
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

    /// Selectors, each of which is one.
    fn list(&self, file: file::List) -> Result<ListSelectors, ConfigError> {
        let place = |key: &str| match key {
            "title" => file.title.as_ref(),
            "url" => file.url.as_ref(),
            "date" => file.date.as_ref(),
            "summary" => file.summary.as_ref(),
            "image" => file.image.as_ref(),
            "author" => file.author.as_ref(),
            _ => None,
        };
        let text = |key: &str| place(key).map(|text| text.get_ref().clone());
        let list = ListSelectors {
            items: file.items.get_ref().clone(),
            title: text("title"),
            url: text("url"),
            date: text("date"),
            summary: text("summary"),
            image: text("image"),
            author: text("author"),
        };
        match extract::check_selectors(&list) {
            Ok(()) => Ok(list),
            Err(cause) => {
                let place = cause.selector_key().and_then(place).unwrap_or(&file.items);
                Err(self.wrong(
                    place,
                    cause.to_string(),
                    Some("write a CSS selector, for example \"h2 a@href\"".to_owned()),
                ))
            }
        }
    }

    fn output(&self, file: file::Output, sources: &[Source]) -> Result<Output, ConfigError> {
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
            limit: self.count(file.limit.as_ref(), 1..=10_000, plain.limit)?,
            keep: self.duration(file.keep.as_ref(), plain.keep)?,
            private: file.private.unwrap_or(false),
            related: file.related.unwrap_or(false),
            id,
        })
    }

    fn id(&self, text: &At<String>) -> Result<SourceId, ConfigError> {
        SourceId::new(text.get_ref()).ok_or_else(|| {
            self.wrong(text, format!("{:?} is no id", text.get_ref()), Some("use 1 to 64 of a-z, 0-9 and -".to_owned()))
        })
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

    fn location(&self, text: &At<String>) -> Result<Location, ConfigError> {
        if let Some(path) = text.get_ref().strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() {
                return Err(self.wrong(text, "this `file:` names no file".to_owned(), None));
            }
            return Ok(Location::File(self.path_of(path)));
        }
        self.web(text).map(Location::Web)
    }

    fn web(&self, text: &At<String>) -> Result<Url, ConfigError> {
        let help = Some("write for example \"https://news.example/feed.xml\" or \"file:page.html\"".to_owned());
        let url = Url::parse(text.get_ref())
            .map_err(|cause| self.wrong(text, format!("{:?} is no address: {cause}", text.get_ref()), help.clone()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(self.wrong(
                text,
                format!("{:?} has scheme {}, which is not read", text.get_ref(), url.scheme()),
                help,
            ));
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
        self.mistake(span, message.trim().to_owned(), None)
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

/// The output of a configuration that names none: everything.
fn all_of(title: &str) -> Output {
    Output {
        id: SourceId::new("all").expect("\"all\" is an id"),
        title: title.to_owned(),
        groups: Vec::new(),
        formats: Format::ALL.to_vec(),
        limit: 60,
        keep: Duration::from_secs(48 * 3600),
        private: false,
        related: false,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::read;
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
    fn selectors_are_for_listings() {
        let mistake = with_list("feed", "items = \"li\"").unwrap_err();
        assert!(mistake.contains("is for listings"), "{mistake}");
    }
}
