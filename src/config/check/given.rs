//! Values that may be kept out of the configuration: `${VARIABLE}` in a text, or a file in its place.

use std::ffi::OsString;
use std::io::Read;
use std::ops::Range;

use super::super::error::ConfigError;
use super::super::file::At;
use super::Reader;

/// A longer secret is none, and a longer list of certificates is not needed.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// What a configuration is read in, besides its own text.
pub(crate) struct Around<'a> {
    /// Looks a variable of the environment up.
    pub(crate) variable: &'a dyn Fn(&str) -> Option<OsString>,
    /// Others than its owner may read the file, so it must not hold a secret.
    pub(crate) exposed: bool,
}

impl Default for Around<'_> {
    fn default() -> Self {
        Around { variable: &|name| std::env::var_os(name), exposed: false }
    }
}

/// A value as it is used.
pub(super) struct Given<'f> {
    /// The value itself.
    pub(super) text: String,
    /// Where it, or the name of its file, is written.
    pub(super) place: &'f At<String>,
    /// How it was given.
    pub(super) by: By,
}

/// How a value was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// All of it stands in the configuration.
    Text,
    /// Some of it is a variable of the environment.
    Variable,
    /// It is what a file holds.
    File,
}

impl Reader<'_> {
    /// The value of `key`, or the contents of the file that `key_file` names.
    pub(super) fn given<'f>(
        &self,
        key: &str,
        text: Option<&'f At<String>>,
        file: Option<&'f At<String>>,
    ) -> Result<Option<Given<'f>>, ConfigError> {
        match (text, file) {
            (None, None) => Ok(None),
            (Some(text), None) => self.text(text).map(|(given, _)| Some(given)),
            (None, Some(path)) => self.contents(path).map(Some),
            (Some(_), Some(path)) => {
                Err(self.wrong(path, format!("`{key}` and `{key}_file` are both here"), Some("leave one out".into())))
            }
        }
    }

    /// A text with its variables replaced, and their values.
    pub(super) fn text<'f>(&self, place: &'f At<String>) -> Result<(Given<'f>, Vec<String>), ConfigError> {
        let (mut text, mut values) = (String::new(), Vec::new());
        let mut rest = place.get_ref().as_str();
        while let Some(at) = rest.find("${") {
            let (before, from) = rest.split_at(at);
            let after = &from[2..];
            if let Some(before) = before.strip_suffix('$') {
                text = text + before + "${";
                rest = after;
                continue;
            }
            let name = after.split_once('}').map(|(name, _)| name).filter(|name| is_name(name));
            let Some(name) = name else {
                let help = "write ${NAME}; $${ stands for the characters themselves".to_owned();
                return Err(self.mistake(self.inside(place, "${"), "this is no variable".to_owned(), Some(help)));
            };
            let value = self.variable(place, name)?;
            text = text + before + &value;
            values.push(value);
            rest = &after[name.len() + 1..];
        }
        let by = if values.is_empty() { By::Text } else { By::Variable };
        Ok((Given { text: text + rest, place, by }, values))
    }

    fn variable(&self, place: &At<String>, name: &str) -> Result<String, ConfigError> {
        let written = format!("${{{name}}}");
        let wrong =
            |what: &str, help: String| Err(self.mistake(self.inside(place, &written), what.to_owned(), Some(help)));
        match (self.around.variable)(name).map(OsString::into_string) {
            Some(Ok(value)) if !value.is_empty() => Ok(value),
            Some(Err(_)) => wrong(&format!("the variable {name} is no text"), "set it to UTF-8".to_owned()),
            _ => wrong(
                &format!("the variable {name} is not set"),
                format!(
                    "set {name} where oncefeed is started, as with `Environment=` of systemd; or use a `_file` key"
                ),
            ),
        }
    }

    /// What a file holds, without the end of its last line.
    fn contents<'f>(&self, path: &'f At<String>) -> Result<Given<'f>, ConfigError> {
        let bytes = self.file(path)?;
        let Ok(text) = String::from_utf8(bytes) else {
            return Err(self.wrong(path, "this file is not UTF-8".to_owned(), Some("write plain text into it".into())));
        };
        let text = text.strip_suffix('\n').map_or(text.as_str(), |text| text.strip_suffix('\r').unwrap_or(text));
        if text.trim().is_empty() {
            return Err(self.wrong(path, "this file is empty".to_owned(), Some("write the value into it".into())));
        }
        Ok(Given { text: text.to_owned(), place: path, by: By::File })
    }

    /// The bytes of a file that the configuration names.
    pub(super) fn file(&self, path: &At<String>) -> Result<Vec<u8>, ConfigError> {
        let whole = self.path_of(path.get_ref());
        let wrong = |what: String, help: &str| Err(self.wrong(path, what, Some(help.to_owned())));
        // A pipe would wait for a writer as soon as it is opened.
        let bytes = std::fs::metadata(&whole).and_then(|about| {
            if !about.is_file() {
                return Err(std::io::Error::other("it is not a file"));
            }
            let mut bytes = Vec::new();
            std::fs::File::open(&whole)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
            Ok(bytes)
        });
        match bytes {
            Err(cause) => wrong(
                format!("{} cannot be read: {cause}", whole.display()),
                "check the path, which is relative to the folder of the configuration, and its permissions",
            ),
            Ok(bytes) if bytes.len() as u64 > MOST_BYTES => {
                wrong(format!("{} is larger than 1 MiB", whole.display()), "name the file that holds the value alone")
            }
            Ok(bytes) => Ok(bytes),
        }
    }

    /// Refuses a secret that stands in a file which others may read.
    pub(super) fn guarded(&self, key: &str, given: &Given) -> Result<(), ConfigError> {
        if !self.around.exposed || given.by != By::Text {
            return Ok(());
        }
        let help = format!(
            "`chmod 600 {}`; or write `{key}_file`, the name of a file with the value, or ${{NAME}}, a variable",
            self.path.display()
        );
        Err(self.wrong(given.place, "other users may read the secret in this line".to_owned(), Some(help)))
    }

    /// The place of a part of a value, else of all of it.
    fn inside(&self, place: &At<String>, part: &str) -> Option<Range<usize>> {
        let span = place.span();
        let at = self.text.get(span.clone()).and_then(|written| written.find(part));
        Some(at.map_or(span.clone(), |at| span.start + at..span.start + at + part.len()))
    }
}

fn is_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
