//! What a source keeps for itself, hidden in what is said about it.
//!
//! [`redact`](super::redact) knows a secret by the place where it stands in an address. Here are those that
//! only the configuration knows: they may stand anywhere, also where a server repeats them.

use std::borrow::Cow;

use url::Url;

use super::error::FetchError;
use super::redact::address;
use crate::model::{Access, Secret, Source};

/// Shorter ones stand in every second word: stars there would tell more than they hide.
const SHORTEST: usize = 4;

/// Where a source is read from, as it is shown to people: without secrets. An address that was kept out of
/// the configuration file is shown as it stands in there.
pub fn shown(source: &Source) -> String {
    source.access.shown.clone().unwrap_or_else(|| address(&source.location))
}

/// The error with nothing in it that is a secret of the source.
pub(super) fn drawn(mut error: FetchError, access: &Access) -> FetchError {
    for text in error.texts() {
        let hidden = veiled(text, access);
        *text = match &access.shown {
            Some(_) => place(&hidden),
            None => hidden,
        };
    }
    error
}

/// The text with stars for every secret of the source, as it is and as it is written in addresses: for what
/// a document made somebody say.
pub fn veiled(text: &str, access: &Access) -> String {
    let mut secrets: Vec<String> =
        access.secrets().flat_map(spellings).filter(|secret| secret.len() >= SHORTEST).collect();
    // The longest first: a secret may be part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
}

/// As it is, its words (the value of a cookie, the key after a scheme), and all of them as in addresses.
fn spellings(secret: &Secret) -> Vec<String> {
    let whole = secret.reveal();
    whole.split([' ', ';', '=']).chain([whole]).flat_map(escaped).collect()
}

fn escaped(text: &str) -> [String; 4] {
    let path: Cow<str> = Url::parse("http://n.example/").map_or(Cow::Borrowed(""), |mut url| {
        url.set_path(text);
        Cow::Owned(url.path().trim_start_matches('/').to_owned())
    });
    let form: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
    [text.to_owned(), path.into_owned(), form.replace('+', "%20"), text.to_lowercase()]
}

/// Of an address only where it leads to: whatever follows the host may be what a secret was made into.
fn place(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{host}/***")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(shown: Option<&str>, parts: &[&str]) -> Access {
        Access {
            shown: shown.map(str::to_owned),
            parts: parts.iter().copied().map(Secret::new).collect(),
            ..Access::default()
        }
    }

    #[track_caller]
    fn check(access: &Access, url: &str, expected: &str) {
        let error = FetchError::Status { url: url.to_owned(), code: 404, retry_after: None, challenge: false };
        assert_eq!(drawn(error, access).to_string(), format!("{expected} answered 404"));
    }

    #[test]
    fn secrets_are_hidden_wherever_a_server_repeats_them() {
        let access = with(None, &["s3 cret/Ab", "s3cr"]);
        check(&access, "https://n.example/a?q=s3%20cret%2FAb", "https://n.example/a?q=***");
        check(&access, "https://n.example/s3%20cret/Ab/x", "https://n.example/***/x");
        check(&access, "https://s3cr.example/", "https://***.example/");
        check(&with(None, &["a=s3cret; b=c"]), "https://n.example/a?is=s3cret", "https://n.example/a?is=***");
        check(&with(None, &["", "a"]), "https://n.example/a", "https://n.example/a");
        check(&Access::default(), "https://n.example/a", "https://n.example/a");
    }

    #[test]
    fn of_an_address_that_is_a_secret_only_the_host_is_shown() {
        let access = with(Some("https://n.example/${KEY}"), &["s3cret"]);
        check(&access, "https://n.example/made/of?it=1", "https://n.example/***");
        check(&access, "https://s3cret.example:81", "https://***.example:81/***");
    }
}
