//! What all outputs say: `[site]`, and the hub of `[publish]`.

use std::time::Duration;

use url::Url;

use super::super::error::ConfigError;
use super::super::file::At;
use super::Reader;
use crate::model::Source;
use crate::publish;

impl Reader<'_> {
    /// The language of the feeds, in the form that they write.
    pub(super) fn language(&self, text: Option<&At<String>>) -> Result<Option<String>, ConfigError> {
        let Some(text) = text else { return Ok(None) };
        match publish::language(text.get_ref()) {
            Some(language) => Ok(Some(language)),
            None => Err(self.wrong(
                text,
                format!("{:?} is no language", text.get_ref()),
                Some("write for example \"en\", \"de-AT\" or \"zh-Hant\"".to_owned()),
            )),
        }
    }

    /// The hub that is told of changes. It has to be told where: a topic is an address (WebSub §4).
    pub(super) fn hub(&self, text: Option<&At<String>>, base_url: Option<&Url>) -> Result<Option<Url>, ConfigError> {
        let Some(text) = text else { return Ok(None) };
        let hub = Url::parse(text.get_ref()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        // Every feed names it, so that it can hold no secret.
        let hub = hub.filter(|url| url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
        let Some(hub) = hub else {
            return Err(self.wrong(
                text,
                format!("{:?} is no address of a hub", text.get_ref()),
                Some("write for example \"https://hub.example/\", without user and fragment".to_owned()),
            ));
        };
        if base_url.is_none() {
            return Err(self.wrong(
                text,
                "a hub needs to know where the feeds are".to_owned(),
                Some("set `site.base_url` to the address that the outputs are served at".to_owned()),
            ));
        }
        Ok(Some(hub))
    }
}

/// Outputs change when a source is visited: asking again before the most eager one is due brings nothing.
pub(super) fn ttl(every: Duration, sources: &[Source]) -> Duration {
    sources.iter().map(|source| source.every).min().unwrap_or(every)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;

    fn site(text: &str) -> Result<crate::model::Site, String> {
        Config::parse(Path::new("oncefeed.toml"), text).map(|config| config.site).map_err(|error| error.to_string())
    }

    #[test]
    fn a_hub_needs_an_address_of_its_own_and_one_of_the_feeds() {
        let hub = "[publish]\nhub = \"https://hub.example/\"\n";
        let base = "[site]\nbase_url = \"https://news.example/\"\n";
        assert_eq!(site(&format!("{base}{hub}")).unwrap().hub.unwrap().as_str(), "https://hub.example/");
        assert!(site(hub).unwrap_err().contains("a hub needs to know where the feeds are"));
        for bad in ["hub.example", "ftp://hub.example/", "https://me:pw@hub.example/", "https://hub.example/#a"] {
            let error = site(&format!("{base}[publish]\nhub = \"{bad}\"\n")).unwrap_err();
            assert!(error.contains("is no address of a hub"), "{error}");
        }
    }

    #[test]
    fn a_language_is_a_tag() {
        assert_eq!(site("[site]\nlanguage = \"en_gb\"\n").unwrap().language.as_deref(), Some("en-GB"));
        assert!(site("[site]\nlanguage = \"English\"\n").unwrap_err().contains("is no language"));
    }

    #[test]
    fn feeds_may_be_asked_for_as_often_as_the_most_eager_source_is_visited() {
        let source = |id: &str, more: &str| format!("[[source]]\nid = \"{id}\"\nurl = \"https://n.example/\"\n{more}");
        let ttl = |sources: &str| site(&format!("[fetch]\nevery = \"2h\"\n{sources}")).unwrap().ttl.as_secs();
        assert_eq!(ttl(""), 7200);
        assert_eq!(ttl(&source("a", "")), 7200);
        assert_eq!(ttl(&(source("a", "") + &source("b", "every = \"20m\"\n"))), 1200);
    }
}
