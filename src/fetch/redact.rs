//! Addresses as they may be shown: in messages, reports and logs.

use url::Url;

use crate::model::Location;

/// Where a source is read from, as it is shown to people: without secrets.
pub fn address(location: &Location) -> String {
    match location {
        Location::Web(url) => redacted(url),
        file @ Location::File(_) => file.to_string(),
    }
}

/// The address without its secrets: user information, and the values of query parameters whose
/// names say that they are one. The fragment, which is never sent, is left out.
pub fn redacted(url: &Url) -> String {
    let mut shown = url.clone();
    shown.set_fragment(None);
    if has_user_info(url) {
        // These fail only for addresses that cannot hold user information.
        let _ = shown.set_password(None);
        let _ = shown.set_username("***");
    }
    if let Some(query) = url.query() {
        shown.set_query(Some(&redacted_query(query)));
    }
    shown.into()
}

/// Whether knowing the address is knowing a secret.
pub(super) fn has_secret(url: &Url) -> bool {
    has_user_info(url) || url.query_pairs().any(|(key, _)| is_secret(&key))
}

/// Whether a user name or a password is written in the address.
pub(super) fn has_user_info(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// Parameters keep their order and spelling: only values are replaced.
fn redacted_query(query: &str) -> String {
    let shown = query.split('&').map(|pair| match pair.split_once('=') {
        Some((key, _)) if is_secret(&decoded(key)) => format!("{key}=***"),
        _ => pair.to_owned(),
    });
    shown.collect::<Vec<_>>().join("&")
}

fn decoded(key: &str) -> String {
    url::form_urlencoded::parse(key.as_bytes()).next().map_or_else(String::new, |pair| pair.0.into())
}

/// Rather one parameter too many than one too few: `keyword=` is hidden too.
fn is_secret(key: &str) -> bool {
    const PARTS: [&str; 8] = ["token", "key", "auth", "sig", "secret", "pass", "pwd", "credential"];
    let key = key.to_ascii_lowercase();
    !matches!(key.as_str(), "author" | "authors") && PARTS.iter().any(|part| key.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(redacted(&url.parse().unwrap()), expected);
    }

    #[test]
    fn secrets_are_hidden() {
        check("https://me:pw@n.example/a", "https://***@n.example/a");
        check("https://me@n.example/a", "https://***@n.example/a");
        check("https://:pw@n.example/a", "https://***@n.example/a");
        check("https://n.example/a?token=s3cret", "https://n.example/a?token=***");
        check("https://n.example/?a=1&api_key=s&b=2", "https://n.example/?a=1&api_key=***&b=2");
        check("https://n.example/?X-Amz-Signature=s", "https://n.example/?X-Amz-Signature=***");
        check("https://n.example/?%74oken=s", "https://n.example/?%74oken=***");
        check("https://n.example/?token=a=b", "https://n.example/?token=***");
    }

    #[test]
    fn the_rest_is_shown_as_it_is() {
        check("https://n.example/", "https://n.example/");
        check("https://n.example/a?q=x%20y&author=z&flag", "https://n.example/a?q=x%20y&author=z&flag");
        check("https://n.example/a?token", "https://n.example/a?token");
        check("https://n.example/a#part", "https://n.example/a");
    }

    #[test]
    fn an_address_with_a_secret_is_known_as_one() {
        for (url, expected) in [
            ("https://me@n.example/", true),
            ("https://n.example/?token=a", true),
            ("https://n.example/?page=2", false),
        ] {
            assert_eq!(has_secret(&url.parse().unwrap()), expected, "{url}");
        }
    }
}
