//! `[notify]`.

use url::Url;

use super::super::error::ConfigError;
use super::super::file;
use super::Reader;
use crate::fetch::Ping;

impl Reader<'_> {
    /// The address is a secret: no message repeats it.
    pub(super) fn ping(&self, file: &file::Notify) -> Result<Option<Ping>, ConfigError> {
        let Some(text) = &file.ping else { return Ok(None) };
        let url = Url::parse(text.get_ref()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| {
            let help = "write the whole address that the service gives you, as in \"https://hc-ping.com/UUID\"";
            self.wrong(text, "this is no address of the web".to_owned(), Some(help.to_owned()))
        })?;
        Ok(Some(Ping::new(url)))
    }
}
