//! `[fetch]`.

use std::time::Duration;

use url::Url;

use super::super::error::ConfigError;
use super::super::file::{self, At};
use super::super::units;
use super::Reader;
use crate::fetch;
use crate::model::Route;

impl Reader<'_> {
    pub(super) fn fetch(&self, file: &file::Fetch, base_url: Option<&Url>) -> Result<fetch::Settings, ConfigError> {
        let default = fetch::Settings::default();
        let user_agent = match &file.user_agent {
            Some(text) => self.user_agent(text)?,
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
        let proxy = self.route(file.proxy.as_ref(), file.proxy_file.as_ref())?;
        Ok(fetch::Settings {
            every: self.duration(file.every.as_ref(), default.every)?,
            concurrency: self.count(file.concurrency.as_ref(), 1..=1024, default.concurrency)?,
            per_host: self.count(file.per_host.as_ref(), 1..=64, default.per_host)?,
            delay: self.duration(file.delay.as_ref(), default.delay)?,
            timeout: self.timeout(file.timeout.as_ref())?.unwrap_or(default.timeout),
            max_bytes: self.max_bytes(file.max_bytes.as_ref())?.unwrap_or(default.max_bytes),
            user_agent,
            follow_links: file.follow_links.unwrap_or(default.follow_links),
            robots: file.robots.unwrap_or(default.robots),
            allow_private,
            proxy: match proxy {
                Route::Over(proxy) => Some(proxy),
                Route::Usual | Route::Direct => None,
            },
            roots: file.ca_file.as_ref().map(|path| self.roots(path)).transpose()?,
            full_text_wait: self.duration(file.full_text_wait.as_ref(), default.full_text_wait)?,
            render_concurrency: self.count(file.render_concurrency.as_ref(), 1..=64, default.render_concurrency)?,
        })
    }

    pub(super) fn user_agent(&self, text: &At<String>) -> Result<String, ConfigError> {
        if text.get_ref().is_empty() || !text.get_ref().bytes().all(|b| (0x20..0x7f).contains(&b)) {
            return Err(self.wrong(text, "user_agent has to be printable ASCII".to_owned(), None));
        }
        Ok(text.get_ref().replace("VERSION", env!("CARGO_PKG_VERSION")))
    }

    pub(super) fn timeout(&self, text: Option<&At<String>>) -> Result<Option<Duration>, ConfigError> {
        let Some(place) = text else { return Ok(None) };
        let timeout = self.duration(text, Duration::ZERO)?;
        if timeout.is_zero() {
            return Err(self.wrong(place, "a time-out of nothing leaves no time to answer".to_owned(), None));
        }
        Ok(Some(timeout))
    }

    pub(super) fn max_bytes(&self, text: Option<&At<String>>) -> Result<Option<u64>, ConfigError> {
        let bytes = |text: &At<String>| units::bytes(text.get_ref()).map_err(|message| self.wrong(text, message, None));
        text.map(bytes).transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::super::read;

    #[test]
    fn a_story_waits_for_its_text_as_long_as_configured() {
        let wait = |text: &str| read(Path::new("x.toml"), text).unwrap().fetch.full_text_wait;
        assert_eq!(wait(""), Duration::from_secs(3600));
        assert_eq!(wait("[fetch]\nfull_text_wait = \"0s\""), Duration::ZERO);
    }
}
