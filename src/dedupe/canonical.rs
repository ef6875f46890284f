//! The address under which all links to one page are equal.

use url::Url;

/// Query parameters that say where a click came from, never what the page is.
/// Sorted; names that end in `*` are prefixes.
const TRACKING: &[&str] = &[
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "at_*",
    "campaign_id",
    "cid_source",
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
    "fbclid",
    "feature_source",
    "fb_*",
    "ftag",
    "gaa_*",
    "gad_source",
    "gbraid",
    "gclid",
    "gclsrc",
    "hsctatracking",
    "hss_channel",
    "icid",
    "igshid",
    "instance_id",
    "int_campaign",
    "int_source",
    "intcid",
    "itm_*",
    "ito",
    "li_fat_id",
    "mbid",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "mkwid",
    "mod_source",
    "msclkid",
    "mtm_*",
    "ncid",
    "ns_*",
    "ocid",
    "oly_anon_id",
    "oly_enc_id",
    "partner_source",
    "piwik_*",
    "pk_*",
    "ref",
    "ref_src",
    "ref_url",
    "referrer",
    "rss",
    "s_cid",
    "sc_campaign",
    "scid",
    "share_id",
    "smid",
    "smtyp",
    "spm",
    "sr_share",
    "srnd",
    "taid",
    "trk",
    "trkcampaign",
    "tt_content",
    "tt_medium",
    "ttclid",
    "twclid",
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

/// A longer address, in bytes, is no identity.
const LONGEST: usize = 4096;

/// Host names in front of the site's own that show the same pages.
const VARIANTS: &[&str] = &["www.", "m.", "amp.", "mobile.", "www2."];

/// The canonical form of a web address: scheme `https`, host without `www.`/`m.`/`amp.`, no default
/// port, fragment, credentials, trailing slash, `index.html`, AMP marks or tracking parameters, the query sorted.
/// A redirector that carries its target in itself is unwrapped. `None`: not an `http(s)` address.
///
/// It is an identity, not an address to fetch. Idempotent: the canonical form of a canonical form is itself.
pub fn canonical_url(address: &str) -> Option<Url> {
    let address = address.trim();
    if address.len() > LONGEST {
        return None;
    }
    let mut url = normal(Url::parse(address).ok()?)?;
    // A target is shorter than the address that carries it, so this ends.
    while let Some(target) = carried(&url) {
        url = normal(target)?;
    }
    Some(url)
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
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    strip_host(&mut url);
    strip_path(&mut url);
    strip_query(&mut url);
    Some(url)
}

/// The target that a redirector's address holds in `url=`, `u=` and the like.
fn carried(url: &Url) -> Option<Url> {
    let path = url.path().to_ascii_lowercase();
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    // Only paths that name a redirection: a page about a page may carry `url=` as content.
    let redirects =
        ["redirect", "redir", "r", "out", "away", "go", "click", "link", "url", "l.php", "goto", "rd", "track"]
            .contains(&last.trim_end_matches(".php").trim_end_matches(".aspx"))
            || last == "l.php";
    if !redirects {
        return None;
    }
    (url.query_pairs())
        .filter(|(name, _)| {
            matches!(
                &*name.to_ascii_lowercase(),
                "url" | "u" | "q" | "target" | "to" | "dest" | "destination" | "redirect"
            )
        })
        .find_map(|(_, value)| {
            Url::parse(&value).ok().filter(|target| matches!(target.scheme(), "http" | "https") && target.has_host())
        })
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
    let path = url.path();
    let mut kept = path.to_owned();
    loop {
        let before = kept.len();
        while kept.contains("//") {
            kept = kept.replace("//", "/");
        }
        for end in ["/index.html", "/index.htm", "/index.php", "/default.aspx", "/amp", "/amp.html", ".amp"] {
            if kept.len() > end.len() && kept.to_ascii_lowercase().ends_with(end)
                || kept.eq_ignore_ascii_case(end) && end.starts_with("/i")
            {
                kept.truncate(kept.len() - end.len());
            }
        }
        if kept.len() > 1 && kept.ends_with('/') {
            kept.pop();
        }
        if kept.len() == before {
            break;
        }
    }
    if kept != path {
        url.set_path(&kept);
    }
}

fn strip_query(url: &mut Url) {
    let Some(query) = url.query() else { return };
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
    }

    #[test]
    fn unwraps_redirectors_that_carry_their_target() {
        check("https://r.example/redirect?url=https%3A%2F%2Fn.example%2Fa%3Futm_medium%3Drss", "https://n.example/a");
        check("https://r.example/l.php?u=https://n.example/a", "https://n.example/a");
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
