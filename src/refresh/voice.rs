//! Who speaks in a story: the agency that it names, and whose outlet it is.

use url::{Host, Url};

use crate::dedupe;
use crate::model::{Location, Source, Story, Voice};

/// Services that carry other people's feeds under their own address.
const CARRIERS: &[&str] = &[
    "feedblitz.com",
    "feedburner.com",
    "feedpress.me",
    "feeds2.com",
    "fetchrss.com",
    "kill-the-newsletter.com",
    "morss.it",
    "politepol.com",
    "rss.app",
    "rsshub.app",
];

/// Who speaks in a source's story.
pub(super) fn voice(source: &Source, story: &Story) -> Voice {
    let credit = dedupe::agency(story);
    let release = credit.as_ref().is_some_and(|credit| credit.release);
    let owner = owner(source, story).unwrap_or_else(|| source.id.as_str().to_owned());
    Voice { agency: credit.map(|credit| credit.agency), release, owner: Some(owner) }
}

/// A stored voice under today's configuration: an owner that is named counts for what was read before too.
pub(super) fn as_configured(source: &Source, voice: Voice) -> Voice {
    Voice { owner: source.owner.clone().or(voice.owner), ..voice }
}

/// As configured, else the registrable domain: of the story's link when the document names an outlet of
/// its own, else of the source's address.
fn owner(source: &Source, story: &Story) -> Option<String> {
    if source.owner.is_some() {
        return source.owner.clone();
    }
    let linked = || story.url.as_deref().and_then(|link| domain(&Url::parse(link).ok()?));
    let own = match &source.location {
        Location::Web(url) => domain(url),
        Location::File(_) => None,
    };
    match &story.outlet {
        // A link that leads back to the aggregator is a redirection, and tells nothing of the outlet.
        Some(outlet) => {
            linked().filter(|link| Some(link) != own.as_ref() || is_like(outlet, link)).or(Some(outlet.clone()))
        }
        None => own.filter(|own| !CARRIERS.contains(&own.as_str())).or_else(linked),
    }
}

/// The registrable domain of an address, else its host.
fn domain(url: &Url) -> Option<String> {
    match url.host()? {
        Host::Domain(name) => Some(psl::domain_str(name).unwrap_or(name).to_owned()),
        number => Some(number.to_string()),
    }
}

/// Whether an outlet is called like a domain: "The Vane Ledger" and `vaneledger.example`.
fn is_like(outlet: &str, domain: &str) -> bool {
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (outlet, label) = (letters(outlet), letters(domain.split('.').next().unwrap_or_default()));
    !outlet.is_empty() && !label.is_empty() && (outlet.contains(&label) || label.contains(&outlet))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, SourceId};

    fn source(location: Location) -> Source {
        Source::plain(SourceId::new("a-source").unwrap(), location, Kind::Auto)
    }

    /// The owner of a story of a source (an address, or a file) with an outlet and a link, `""` for none.
    #[track_caller]
    fn check(address: &str, outlet: &str, link: &str, owner: &str) {
        let location = match Url::parse(address) {
            Ok(url) if url.scheme() != "file" => Location::Web(url),
            _ => Location::File(address.into()),
        };
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let story = Story { outlet: some(outlet), url: some(link), ..Story::default() };
        assert_eq!(voice(&source(location), &story).owner.as_deref(), Some(owner), "{address} {outlet} {link}");
    }

    #[test]
    fn an_address_tells_whose_it_is() {
        check("https://feeds.harbour.co.uk/news.xml", "", "https://www.other.example/1", "harbour.co.uk");
        check("https://amp.news.harbour.example/", "", "", "harbour.example");
        check("http://127.0.0.1:8080/feed", "", "https://harbour.example/1", "127.0.0.1");
        check("https://one.github.io/feed", "", "", "one.github.io");
        check("https://feeds.feedburner.com/harbour", "", "https://www.harbour.example/1", "harbour.example");
        check("https://feeds.feedburner.com/harbour", "", "", "a-source");
    }

    #[test]
    fn a_file_has_the_owner_of_its_links() {
        check("page.html", "", "https://www.harbour.example/1", "harbour.example");
        check("page.txt", "", "", "a-source");
        check("page.txt", "Harbour Post", "", "Harbour Post");
    }

    #[test]
    fn a_page_of_many_outlets_has_many_owners() {
        check("https://gather.example/", "Harbour Post", "https://www.harbour.example/1", "harbour.example");
        check("https://gather.example/", "Harbour Post", "https://gather.example/go/1", "Harbour Post");
        check("https://gather.example/", "The Gather", "https://gather.example/own/1", "gather.example");
        check("https://gather.example/", "Harbour Post", "", "Harbour Post");
    }

    #[test]
    fn what_is_configured_wins() {
        let mut source = source(Location::Web("https://harbour.example/".parse().unwrap()));
        source.owner = Some("Harbour Group".to_owned());
        let story = Story { outlet: Some("Other".to_owned()), ..Story::default() };
        assert_eq!(voice(&source, &story).owner.as_deref(), Some("Harbour Group"));
    }

    #[test]
    fn the_agency_is_that_of_the_story() {
        let story = Story { text: "NEW YORK, Nov. 23, 2026 /PRNewswire/ -- Talks.".to_owned(), ..Story::default() };
        let voice = voice(&source(Location::File("a".into())), &story);
        assert_eq!((voice.agency.as_deref(), voice.release), (Some("PR Newswire"), true));
    }
}
