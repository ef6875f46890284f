//! The address under which all links to one page are equal.

use url::Url;

use super::redirect::carried;

/// Query parameters that say where a click came from, never what the page is.
/// Sorted; names that end in `*` are prefixes.
const TRACKING: &[&str] = &[
    "__twitter_impression",
    "_branch_match_id",
    "_bta_*",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "amp_*",
    "at_*",
    "campaign_id",
    "cid_source",
    "ck_subscriber_id",
    "cmp",
    "cmpid",
    "cn-track",
    "dclid",
    "dicbo",
    "ef_id",
    "email_source",
    "emci",
    "emdi",
    "epik",
    "fb_*",
    "fbclid",
    "feature_source",
    "ftag",
    "gaa_*",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "guccounter",
    "guce_*",
    "hsa_*",
    "hsctatracking",
    "hss_channel",
    "icid",
    "igshid",
    "instance_id",
    "int_*",
    "intcid",
    "itm_*",
    "ito",
    "jsessionid",
    "li_fat_id",
    "mbid",
    "mc_*",
    "mkt_tok",
    "mkwid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "mod_source",
    "msclkid",
    "mtm_*",
    "ncid",
    "ns_*",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "partner_source",
    "phpsessid",
    "piwik_*",
    "pk_*",
    "rb_clickid",
    "ref",
    "ref_src",
    "ref_url",
    "referrer",
    "rss",
    "s_cid",
    "s_kwcid",
    "sc_campaign",
    "scid",
    "sfmc_*",
    "share_id",
    "smid",
    "smtyp",
    "spm",
    "sr_share",
    "sref",
    "srnd",
    "taid",
    "trk",
    "trkcampaign",
    "tt_content",
    "tt_medium",
    "ttclid",
    "twclid",
    "usqp",
    "utm_*",
    "vero_conv",
    "vero_id",
    "wbraid",
    "wickedid",
    "wt_mc",
    "wt_zmc",
    "xtor",
    "yclid",
    "ysclid",
    "zanpid",
];

/// Parameters that say where a click came from when they have one of the values of [`ORIGINS`].
const ORIGIN: &[&str] = &["feed", "from", "medium", "origin", "source", "src", "via"];
const ORIGINS: &[&str] =
    &["atom", "email", "facebook", "feed", "mail", "newsletter", "rss", "rss_feed", "rssfeed", "social", "twitter"];

/// A longer address, in bytes, is no identity.
const LONGEST: usize = 4096;

/// Host names in front of the site's own that show the same pages.
const VARIANTS: &[&str] = &["www.", "m.", "amp.", "mobile.", "www2."];

/// The canonical form of a web address: scheme `https`, host without `www.`/`m.`/`amp.`, no default
/// port, fragment, credentials, session, trailing slash, `index.html`, AMP marks or tracking parameters, the
/// query sorted, nothing percent-encoded that need not be. A hash-bang stays: it names the page. A redirector
/// that carries its target in itself is unwrapped. `None`: not an `http(s)` address.
///
/// It is an identity, not an address to fetch. Idempotent: the canonical form of a canonical form is itself.
pub fn canonical_url(address: &str) -> Option<Url> {
    let address = address.trim();
    if address.len() > LONGEST {
        return None;
    }
    let mut url = Url::parse(address).ok()?;
    // Each round takes a redirector away, so this ends. Normal forms are looked at again, or they would
    // not be their own.
    loop {
        while let Some(target) = carried(&url) {
            url = target;
        }
        url = normal(url)?;
        if carried(&url).is_none() {
            return Some(url);
        }
    }
}

/// One address without what does not change the page.
fn normal(mut url: Url) -> Option<Url> {
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return None;
    }
    // Ports that are default for their scheme are gone already; others are part of the identity.
    let port = url.port();
    url.set_scheme("https").ok()?;
    url.set_port(port).ok()?;
    if !url.fragment().is_some_and(|fragment| fragment.starts_with('!') && fragment.len() > 1) {
        url.set_fragment(None);
    }
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    strip_host(&mut url);
    strip_path(&mut url);
    strip_query(&mut url);
    Some(url)
}

fn strip_host(url: &mut Url) {
    let Some(host) = url.domain() else { return };
    let mut rest = host.trim_end_matches('.');
    while let Some(shorter) = VARIANTS.iter().find_map(|variant| rest.strip_prefix(variant)) {
        // `www.com` is a site, not a variant of `com`.
        if !shorter.contains('.') {
            break;
        }
        rest = shorter;
    }
    let rest = rest.to_owned();
    // A host that the URL parser refuses stays as it is.
    let _ = url.set_host(Some(&rest));
}

fn strip_path(url: &mut Url) {
    let mut kept = plain_escapes(url.path());
    if let Some((path, _)) = kept.split_once(";jsessionid=") {
        kept.truncate(path.len());
    }
    loop {
        let before = kept.len();
        while kept.contains("//") {
            kept = kept.replace("//", "/");
        }
        for end in ENDS {
            // A path that has nothing else keeps it; a front page has no more than a slash.
            let whole = kept.eq_ignore_ascii_case(end) && end.starts_with("/index.");
            if whole || kept.len() > end.len() && kept.to_ascii_lowercase().ends_with(end) {
                kept.truncate(kept.len() - end.len());
            }
        }
        // "/amp/2026/story", but not "/amp/marshall": that may be what the site is about.
        if let Some(rest) = kept.strip_prefix("/amp/")
            && rest.trim_end_matches('/').contains('/')
        {
            kept = format!("/{rest}");
        }
        if kept.len() > 1 && kept.ends_with('/') {
            kept.pop();
        }
        if kept.len() == before {
            break;
        }
    }
    if kept != url.path() {
        url.set_path(&kept);
    }
}

/// Ends of paths that show the same page as the path without them.
const ENDS: &[&str] = &[
    "/index.html",
    "/index.htm",
    "/index.shtml",
    "/index.php",
    "/index.asp",
    "/index.aspx",
    "/default.asp",
    "/default.aspx",
    "/amp",
    "/amp.html",
    ".amp",
    ".amp.html",
];

/// Escapes in one spelling: characters that need none are plain, the others have capital digits.
fn plain_escapes(text: &str) -> String {
    let mut text = text.to_owned();
    // What was decoded may make another escape ("%%37E"); every round shortens the text.
    loop {
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find('%') {
            out.push_str(&rest[..at]);
            let code = rest.get(at + 1..at + 3).filter(|code| code.bytes().all(|b| b.is_ascii_hexdigit()));
            match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
                Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') => {
                    out.push(char::from(byte));
                }
                Some(byte) => out.push_str(&format!("%{byte:02X}")),
                None => {
                    out.push('%');
                    rest = &rest[at + 1..];
                    continue;
                }
            }
            rest = &rest[at + 3..];
        }
        out.push_str(rest);
        if out.len() == text.len() {
            return out;
        }
        text = out;
    }
}

fn strip_query(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let query = plain_escapes(query);
    let mut kept: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty() && !is_tracking(pair)).collect();
    // Stable order: parameters of one name keep their order, which may matter.
    kept.sort_by_key(|pair| pair.split('=').next().unwrap_or("").to_owned());
    let kept = kept.join("&");
    url.set_query((!kept.is_empty()).then_some(&kept));
}

fn is_tracking(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    if matches!(&*name, "amp" | "outputtype") && matches!(value, "" | "1" | "true" | "amp")
        || name == "output" && value == "amp"
        || ORIGIN.contains(&&*name) && ORIGINS.contains(&&*value.to_ascii_lowercase())
    {
        return true;
    }
    TRACKING.iter().any(|known| match known.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => name == *known,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(url: &str, expected: &str) {
        assert_eq!(canonical_url(url).unwrap().as_str(), expected);
    }

    #[test]
    fn drops_what_does_not_change_the_page() {
        check("https://n.example/a?utm_source=x&id=7", "https://n.example/a?id=7");
        check("https://n.example/a#comments", "https://n.example/a");
        check("http://WWW.N.example:80/a/", "https://n.example/a");
        check("https://n.example:443/a?ref=rss&fbclid=1", "https://n.example/a");
        check("https://n.example/a?b=2&a=1", "https://n.example/a?a=1&b=2");
        check("https://n.example/news/index.html", "https://n.example/news");
        check("https://user:secret@n.example/a", "https://n.example/a");
        check("https://m.n.example//a//b", "https://n.example/a/b");
    }

    #[test]
    fn amp_pages_are_the_page() {
        check("https://amp.n.example/a", "https://n.example/a");
        check("https://n.example/a/amp", "https://n.example/a");
        check("https://n.example/a?amp=1", "https://n.example/a");
        check("https://n.example/a.amp", "https://n.example/a");
        check("https://n.example/a?output=amp", "https://n.example/a");
        check("https://n.example/a.amp.html", "https://n.example/a");
        check("https://n.example/amp/2026/a", "https://n.example/2026/a");
        check("https://n.example/amp/marshall", "https://n.example/amp/marshall");
        check("https://n.example/amp", "https://n.example/amp");
    }

    #[test]
    fn one_address_has_one_spelling() {
        check("https://n.example/%7Eann/a%2db", "https://n.example/~ann/a-b");
        check("https://n.example/caf%c3%a9", "https://n.example/caf%C3%A9");
        check("https://n.example/café", "https://n.example/caf%C3%A9");
        check("https://bücher.example/a", "https://xn--bcher-kva.example/a");
        check("https://n.example/a;jsessionid=0A1B?id=7", "https://n.example/a?id=7");
        check("https://n.example/a?PHPSESSID=1&source=rss&id=7", "https://n.example/a?id=7");
        check("https://n.example/a?source=42", "https://n.example/a?source=42");
        check("https://n.example/#!/story/7", "https://n.example/#!/story/7");
        check("https://n.example/%%37Ea", "https://n.example/~a");
    }

    #[test]
    fn keeps_what_selects_the_page() {
        check("https://n.example/?p=42", "https://n.example/?p=42");
        check("https://n.example/a?id=42&page=2", "https://n.example/a?id=42&page=2");
        check("https://n.example/a?a=2&a=1", "https://n.example/a?a=2&a=1");
        check("https://n.example:8080/a", "https://n.example:8080/a");
        check("https://n.example/A", "https://n.example/A");
        check("https://n.example/example.com", "https://n.example/example.com");
        check("https://n.example/swamp", "https://n.example/swamp");
        check("https://n.example/check?url=https://o.example/b", "https://n.example/check?url=https://o.example/b");
        check("https://www.example/a", "https://www.example/a");
    }

    #[test]
    fn other_schemes_have_no_canonical_form() {
        for address in ["mailto:a@n.example", "ftp://n.example/a", "not an address", "", "https:///"] {
            assert_eq!(canonical_url(address).map(String::from), None, "{address}");
        }
    }

    proptest! {
        #[test]
        fn is_idempotent(address in r"https?://(www\.|m\.|amp\.){0,3}[a-z]{1,4}\.(com|example)(:[0-9]{2,4})?(/(amp|index\.html|a\.amp|r|[a-z%/.;]{0,5})){0,4}(\?[a-z_=&%0-9]{0,20}(&url=https%3A%2F%2Fb\.example%2Fgo%3Furl%3Dhttp%3A%2F%2Fc\.example%2Famp)?)?(#x)?") {
            if let Some(once) = canonical_url(&address) {
                let twice = canonical_url(once.as_str()).unwrap();
                prop_assert_eq!(once, twice);
            }
        }

        #[test]
        fn is_idempotent_on_anything(path in "\\PC{0,40}", escapes in "(%[0-9a-fA-F]{2}|%|[a-z/;=&?#!.]|/amp|/index\\.html){0,20}") {
            for address in [format!("https://n.example/{path}"), format!("http://www.google.com/{escapes}"), path] {
                if let Some(once) = canonical_url(&address) {
                    prop_assert_eq!(canonical_url(once.as_str()), Some(once));
                }
            }
        }

        #[test]
        fn tracking_changes_nothing(
            path in "(/[a-z0-9]{1,6}){0,3}", query in "([a-z]=[a-z0-9]{1,3}){0,1}", name in proptest::sample::select(TRACKING), value in "[a-zA-Z0-9]{0,6}"
        ) {
            let tracked = format!("https://n.example{path}?{query}&{}={value}", name.replace('*', "x"));
            prop_assert_eq!(canonical_url(&tracked), canonical_url(&format!("https://n.example{path}?{query}")));
        }

        #[test]
        fn a_path_that_identifies_is_never_emptied(path in "(/(amp|m|www|index|default|[a-z0-9]{1,6})){1,3}(/index\\.html|/amp|/|\\.amp|;jsessionid=1)?") {
            let url = canonical_url(&format!("https://n.example{path}")).unwrap();
            prop_assert_ne!(url.path(), "/");
        }

        #[test]
        fn never_panics(address in "\\PC{0,60}") {
            let _ = canonical_url(&address);
        }

        #[test]
        fn the_order_of_parameters_does_not_matter(mut names in proptest::collection::hash_set("[a-z]{1,3}", 1..5)) {
            let pairs: Vec<String> = names.drain().map(|name| format!("{name}=1")).collect();
            let mut turned = pairs.clone();
            turned.reverse();
            let of = |pairs: &[String]| canonical_url(&format!("https://n.example/a?{}", pairs.join("&")));
            prop_assert_eq!(of(&pairs), of(&turned));
        }
    }
}
