//! Redirectors that carry the address of their target in their own.

use url::Url;

/// The target that an address carries: in a parameter of a redirector, or behind the mark of an AMP
/// cache. Asks nobody; redirectors that only their server understands stay as they are.
pub(super) fn carried(url: &Url) -> Option<Url> {
    let host = url.domain()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    cached(url, host).or_else(|| in_query(url, host))
}

/// Redirectors that are known by their host: the host, the path, the parameter.
const KNOWN: &[(&str, &str, &str)] = &[
    ("bing.com", "/news/apiclick.aspx", "url"),
    ("duckduckgo.com", "/l", "uddg"),
    ("exit.sc", "/", "url"),
    ("l.instagram.com", "/", "u"),
    ("out.reddit.com", "", "url"),
    ("slack-redir.net", "/link", "url"),
    ("steamcommunity.com", "/linkfilter", "url"),
    ("t.umblr.com", "/redirect", "z"),
];

/// Last parts of paths that name a redirection: a page about a page may carry `url=` as content.
const WAYS: &[&str] = &[
    "away",
    "click",
    "exit",
    "externallink",
    "go",
    "goto",
    "jump",
    "l",
    "leave",
    "link",
    "out",
    "outbound",
    "r",
    "rd",
    "redir",
    "redirect",
    "redirector",
    "track",
    "url",
];

/// Parameters that a redirector's target is in.
const TARGETS: &[&str] = &["url", "u", "q", "target", "to", "dest", "destination", "redirect", "redirect_url", "link"];

fn in_query(url: &Url, host: &str) -> Option<Url> {
    let path = url.path().to_ascii_lowercase();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    let last = [".php", ".aspx", ".html"].iter().find_map(|end| last.strip_suffix(end)).unwrap_or(last);
    let way = WAYS.contains(&last);
    let known = |name: &str| {
        KNOWN.iter().any(|(known, at, parameter)| *known == host && path.starts_with(at) && *parameter == name)
    };
    (url.query_pairs())
        .filter(|(name, _)| way && TARGETS.contains(&&*name.to_ascii_lowercase()) || known(name))
        .find_map(|(_, value)| address(&value))
}

/// `google.com/amp/s/n.example/a`, `n-example.cdn.ampproject.org/c/s/n.example/a`: an `s` says https.
fn cached(url: &Url, host: &str) -> Option<Url> {
    let path = url.path().strip_prefix('/')?;
    let rest = if host.starts_with("google.") {
        path.strip_prefix("amp/")?
    } else if host == "cdn.ampproject.org" || host.ends_with(".cdn.ampproject.org") {
        let (kind, rest) = path.split_once('/')?;
        matches!(kind, "c" | "v" | "wp").then_some(rest)?
    } else {
        return None;
    };
    let rest = rest.strip_prefix("s/").unwrap_or(rest);
    // What names no host is a page of the redirector's own.
    rest.split('/').next().filter(|host| host.contains('.'))?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    address(&format!("https://{rest}{query}"))
}

fn address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|target| matches!(target.scheme(), "http" | "https") && target.has_host())
}

#[cfg(test)]
mod tests {
    use crate::dedupe::canonical_url;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(canonical_url(url).unwrap().as_str(), expected);
    }

    #[test]
    fn unwraps_redirectors_that_carry_their_target() {
        let page = "https://n.example/a?id=7";
        for address in [
            "https://r.example/redirect?url=https%3A%2F%2Fn.example%2Fa%3Fid%3D7%26utm_medium%3Drss",
            "https://r.example/l.php?u=https://n.example/a%3Fid%3D7",
            "https://www.google.com/url?rct=j&sa=t&url=https://n.example/a%3Fid%3D7&ct=ga",
            "https://www.google.de/url?q=https%3A%2F%2Fn.example%2Fa%3Fid%3D7&sa=D",
            "https://l.facebook.com/l.php?u=https%3A%2F%2Fn.example%2Fa%3Fid%3D7%26fbclid%3Dx&h=AT0",
            "https://t.umblr.com/redirect?z=https%3A%2F%2Fn.example%2Fa%3Fid%3D7&t=x",
            "https://out.reddit.com/t3_x?url=https%3A%2F%2Fn.example%2Fa%3Fid%3D7&token=y",
            "https://www.youtube.com/redirect?q=https%3A%2F%2Fn.example%2Fa%3Fid%3D7",
            "https://o.example/exit?url=http%3A%2F%2Fn.example%2Fa%3Fid%3D7",
            "https://r.example/go?to=https%3A%2F%2Fwww.google.com%2Furl%3Fq%3Dhttps%253A%252F%252Fn.example%252Fa%253Fid%253D7",
        ] {
            check(address, page);
        }
    }

    #[test]
    fn amp_caches_show_the_page() {
        check("https://www.google.com/amp/s/www.n.example/2026/a/amp", "https://n.example/2026/a");
        check("https://www-n-example.cdn.ampproject.org/c/s/www.n.example/a?amp=1&id=7", "https://n.example/a?id=7");
        check("https://google.com/amp/help", "https://google.com/amp/help");
    }

    #[test]
    fn what_only_a_server_understands_stays() {
        for address in [
            "https://news.google.com/rss/articles/CBMiabc",
            "https://feeds.feedburner.com/~r/n/~3/abc/a.html",
            "https://n.example/go",
            "https://n.example/story?url=https://o.example/b",
        ] {
            check(address, address);
        }
        check("https://n.example/redirect?url=/a", "https://n.example/redirect?url=/a");
    }
}
