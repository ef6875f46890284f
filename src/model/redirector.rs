//! Addresses that only their server can resolve: short links, feed counters, news aggregators.

use url::Url;

/// Hosts that do nothing but redirect; theirs are all paths. Sorted. A subdomain counts too: `wired.trib.al`.
const HOSTS: &[&str] = &[
    "abcn.ws",
    "amzn.to",
    "apne.ws",
    "bbc.in",
    "bit.ly",
    "bloom.bg",
    "buff.ly",
    "cbsn.ws",
    "cnet.co",
    "cnn.it",
    "cutt.ly",
    "dlvr.it",
    "econ.st",
    "fb.me",
    "flip.it",
    "goo.gl",
    "hubs.la",
    "hubs.ly",
    "huff.to",
    "ift.tt",
    "is.gd",
    "j.mp",
    "lat.ms",
    "lnkd.in",
    "n.pr",
    "nbcnews.to",
    "nyti.ms",
    "on.ft.com",
    "on.mktw.net",
    "on.wsj.com",
    "ow.ly",
    "po.st",
    "politi.co",
    "rb.gy",
    "rebrand.ly",
    "reut.rs",
    "rss.feedsportal.com",
    "shar.es",
    "spr.ly",
    "t.co",
    "t.ly",
    "tcrn.ch",
    "theatln.tc",
    "ti.me",
    "tiny.cc",
    "tinyurl.com",
    "trib.al",
    "usat.ly",
    "v.gd",
    "wapo.st",
    "wp.me",
    "yhoo.it",
    "zd.net",
];

/// Hosts that redirect below a path, and show pages of their own elsewhere.
const PATHS: &[(&str, &str)] = &[
    ("news.google.com", "/articles/"),
    ("news.google.com", "/read/"),
    ("news.google.com", "/rss/articles/"),
    ("news.google.com", "/rss/read/"),
];

/// Where feed counters redirect from, on whichever host they are (FeedBurner, FeedBlitz).
const COUNTERS: &[&str] = &["/~r/", "/~/t/", "/~/i/"];

/// Whether an address names no page but the way to one, which only its server knows: the same page has
/// another such address at another time.
pub fn is_redirector(url: &Url) -> bool {
    let path = url.path();
    if COUNTERS.iter().any(|below| path.starts_with(below)) {
        return true;
    }
    let Some(host) = url.domain() else { return false };
    let host = host.strip_prefix("www.").unwrap_or(host);
    // A front page is one.
    path.len() > 1
        && (parents(host).any(|host| HOSTS.binary_search(&host).is_ok())
            || PATHS.iter().any(|(known, below)| *known == host && path.starts_with(below)))
}

/// A host and those above it, up to two labels.
fn parents(host: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(host), |host| host.split_once('.').map(|(_, parent)| parent))
        .take_while(|host| host.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: bool) {
        assert_eq!(is_redirector(&url.parse().unwrap()), expected, "{url}");
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(HOSTS.is_sorted());
    }

    #[test]
    fn what_only_its_server_resolves_is_a_redirector() {
        for url in [
            "https://t.co/AbC123",
            "https://www.bit.ly/2xyz",
            "https://wired.trib.al/x",
            "https://on.ft.com/x",
            "https://news.google.com/rss/articles/CBMiabc?oc=5",
            "https://feeds.feedburner.com/~r/harbour/~3/abc/a.html",
            "https://feeds.harbour.example/~r/harbour/~3/abc/a.html",
        ] {
            check(url, true);
        }
    }

    #[test]
    fn pages_are_none() {
        for url in [
            "https://harbour.example/2026/11/talks",
            "https://t.co/",
            "https://not.co/AbC123",
            "https://www.ft.com/content/1",
            "https://news.google.com/topics/CAAq",
            "https://feeds.feedburner.com/harbour",
            "https://192.0.2.7/AbC123",
        ] {
            check(url, false);
        }
    }
}
