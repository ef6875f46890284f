//! Links of aggregators that lead to another site: the address there is the story's.

use url::Url;

use crate::model::Story;

/// The address that a page is known by: the one that it declares, where that can only be its own. Some sites declare the
/// same one on all of their pages, and stories are folded by it.
pub(super) fn address(asked: &Url, declared: Url) -> Url {
    let is_own =
        last(&declared).is_some_and(|name| asked.path_segments().into_iter().flatten().any(|part| is_same(part, name)));
    // An address of nothing but parameters is told by them alone.
    let is_plain = last(&declared).is_none() && last(asked).is_none() && declared.query() == asked.query();
    if is_own || is_plain { declared } else { asked.clone() }
}

/// The last part of a path.
fn last(url: &Url) -> Option<&str> {
    url.path_segments()?.rfind(|part| !part.is_empty())
}

/// Whether two parts of paths are one but for an ending: `story` and `story.amp.html`.
fn is_same(one: &str, other: &str) -> bool {
    let stem = |part: &str| part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    !stem(one).is_empty() && stem(one) == stem(other)
}

/// Where an item's link led, when that is an article of another site.
pub(super) fn led_to(item: &Story, article: &Story) -> Option<String> {
    let (from, to) = (Url::parse(item.url.as_deref()?).ok()?, Url::parse(article.url.as_deref()?).ok()?);
    let is_page = last(&to).is_some() || to.query().is_some();
    (is_page && site(&from)? != site(&to)?).then(|| to.into())
}

/// The registrable domain, else host and port.
fn site(url: &Url) -> Option<String> {
    // An address of numbers has no domain.
    if let Some(domain) = url.domain().and_then(psl::domain_str) {
        return Some(domain.to_owned());
    }
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(asked: &str, declared: &str, expected: &str) {
        let found = address(&asked.parse().unwrap(), declared.parse().unwrap());
        assert_eq!(found.as_str(), expected);
    }

    #[test]
    fn a_page_is_known_by_the_address_that_can_only_be_its_own() {
        let own = "https://n.example/2026/talks-end";
        check("https://n.example/2026/talks-end?utm_source=x", own, own);
        check("https://n.example/amp/talks-end.amp.html", own, own);
        check("https://n.example/2026/talks-end/amp", own, own);
        check("https://n.example/2026/talks-end", "https://n.example/latest", own);
        check("https://n.example/?p=7", "https://n.example/?p=8", "https://n.example/?p=7");
        check("https://n.example/2026/talks-end", "https://n.example/", own);
    }

    #[track_caller]
    fn leads(from: &str, to: &str, expected: bool) {
        let story = |url: &str| Story { url: Some(url.to_owned()), ..Story::default() };
        assert_eq!(led_to(&story(from), &story(to)).is_some(), expected, "{from} {to}");
    }

    #[test]
    fn a_link_leads_elsewhere_when_its_article_is_of_another_site() {
        leads("https://digest.example/out/7", "https://harbour.test/2026/talks", true);
        leads("https://digest.example/out/7", "https://harbour.test/", false);
        leads("https://n.example/7", "https://www.n.example/2026/talks", false);
        leads("http://127.0.0.1:1/a", "http://127.0.0.1:2/a", true);
    }
}
