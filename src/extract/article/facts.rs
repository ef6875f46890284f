//! What a page declares of its article: title, dates, picture, address; the other facts have files of their own.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::Declared;
use super::title::title;
use super::{byline::authors, filed::categories, media::enclosures};
use crate::extract::date::{self, Dated};
use crate::extract::dom::{Facts, Tree, kinds, text_of};
use crate::extract::draft::{Item, Markup, clip};
use crate::extract::html::{absolute, plain};
use crate::extract::language;
use crate::extract::listing::{Source, address_date, in_text, picture};

/// Longest copy of a text that is believed to be one, in bytes.
const TOLD: usize = 100_000;

/// Dates of a page that are tried before giving up.
const DATES: usize = 50;

/// Names under which pages say when.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "date.published",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "published_time",
    "published-date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "article.published",
    "article_date_original",
    "originalpublicationdate",
    "og:published_time",
    "date_published",
    "created",
    "ptime",
    "date",
    "rnews:datepublished",
    "bt:pubdate",
    "last-modified-date",
    "vr:published_time",
    "article.created",
    "iso-8601-publish-date",
];

pub(super) fn declared(source: &Source<'_, '_>) -> Declared {
    let Source { tree, facts, url, visited } = *source;
    let main = main_thing(facts, url);
    let text = |key: &str| main.and_then(|thing| thing.get(key)).and_then(text_of);
    let title = title(tree, facts, url, text("headline").or_else(|| text("name")));
    let published = published(source, text("datePublished"));
    let read = |text: &str| date::read(text, visited).ok().map(|date| date.at).filter(|at| !is_ahead(*at, visited));
    let updated = text("dateModified")
        .and_then(read)
        .or_else(|| facts.meta(&["article:modified_time", "og:updated_time"]).and_then(read));
    let authors = authors(tree, facts, main);
    let image = text("image")
        .and_then(|image| absolute(image, facts.base.as_ref()))
        .or_else(|| {
            facts
                .meta(&["og:image", "og:image:url", "twitter:image"])
                .and_then(|image| absolute(image, facts.base.as_ref()))
        })
        .map(String::from)
        .or_else(|| {
            tree.find(0..tree.len(), "article")
                .next()
                .and_then(|at| tree.find(tree.range(at), "img").find_map(|at| picture(tree, at, facts.base.as_ref())))
        });
    let language = (facts.language.clone())
        .or_else(|| text("inLanguage").and_then(language::tag))
        .or_else(|| facts.meta(&["og:locale"]).and_then(language::tag));
    let summary = facts
        .meta(&["og:description", "description", "twitter:description"])
        .or_else(|| text("description"))
        .map(|text| clip(plain::line(text), 4096));
    let told = text("articleBody")
        .filter(|body| body.len() <= TOLD)
        .map(|body| if body.contains('<') { plain::text(body) } else { body.to_owned() });
    let mut repeated: Vec<String> = title.iter().cloned().collect();
    repeated.extend(authors.iter().cloned());
    let confidence = 0.4
        + if main.is_some() { 0.3 } else { 0.0 }
        + if published.is_some() { 0.2 } else { 0.0 }
        + if title.is_some() { 0.05 } else { 0.0 };
    Declared {
        item: Item {
            url: own_address(facts, url),
            canonical: original(facts, url),
            title: title.map(|title| Markup::Plain(clip(title, 1024))),
            summary: summary.filter(|summary| !summary.is_empty()).map(Markup::Plain),
            outlet: facts.meta(&["og:site_name"]).map(str::to_owned),
            authors,
            published: published.map(|date| date.at),
            updated,
            aged: published.is_some_and(|date| date.aged),
            categories: categories(tree, facts, main),
            enclosures: enclosures(facts, main),
            image,
            language,
            ..Item::default()
        },
        told,
        own: Default::default(),
        repeated,
        locked: false,
        pinned: None,
        confidence,
    }
}

/// The object that tells of this page: one with this address, else the first with a text, else the first.
fn main_thing<'d>(facts: &Facts<'d>, url: Option<&Url>) -> Option<&'d Map<String, Value>> {
    let all: Vec<_> = (facts
        .of_kind(&[
            "Article",
            "Posting",
            "Report",
            "VideoObject",
            "LiveBlogPosting",
            "Review",
            "ClaimReview",
            "WebPage",
        ])
        .into_iter())
    .filter(|thing| thing.contains_key("headline") || thing.contains_key("datePublished"))
    .collect();
    let stories = |thing: &&&Map<String, Value>| {
        kinds(thing).any(|kind| kind.ends_with("Article") || kind.ends_with("Posting") || kind.ends_with("Report"))
    };
    let path = url.map(|url| url.path().trim_end_matches('/').to_owned()).filter(|path| !path.is_empty());
    let here = |thing: &&&Map<String, Value>| {
        ["url", "mainEntityOfPage", "@id"].iter().any(|key| {
            let address = thing.get(*key).and_then(text_of);
            path.as_ref().is_some_and(|path| {
                address.is_some_and(|address| address.trim_end_matches('/').ends_with(path.as_str()))
            })
        })
    };
    (all.iter().filter(stories).find(here))
        .or_else(|| all.iter().filter(stories).find(|thing| thing.contains_key("articleBody")))
        .or_else(|| all.iter().find(stories))
        .or_else(|| all.first())
        .copied()
}

fn published(source: &Source<'_, '_>, told: Option<&str>) -> Option<Dated> {
    let Source { tree, facts, url, visited } = *source;
    let is_past = |date: &Dated| !is_ahead(date.at, visited);
    let read = |text: &str| date::read(text, visited).ok().filter(is_past);
    let marked = |at: usize| {
        ["datetime", "content"]
            .iter()
            .find_map(|name| read(&tree.attribute(at, name)?))
            .or_else(|| in_text(&tree.brief(at)?, visited).filter(is_past))
    };
    let called =
        |at: &usize| tree.attribute(*at, "itemprop").is_some_and(|name| name.eq_ignore_ascii_case("datepublished"));
    told.and_then(read)
        .or_else(|| PUBLISHED.iter().find_map(|key| facts.all(key).find_map(read)))
        .or_else(|| (0..tree.len()).filter(called).take(DATES).find_map(marked))
        .or_else(|| facts.things.iter().find_map(|thing| thing.get("datePublished").and_then(text_of).and_then(read)))
        .or_else(|| {
            let times: Vec<usize> = tree.find(0..tree.len(), "time").take(DATES).collect();
            let inside = |at: &&usize| {
                tree.ancestors(**at).any(|at| matches!(tree.node(at).name.as_str(), "article" | "main" | "header"))
            };
            times.iter().filter(inside).chain(times.iter()).find_map(|at| marked(*at))
        })
        .or_else(|| url.and_then(|url| address_date(url, visited)).filter(is_past))
        .or_else(|| visible(tree, visited).filter(is_past))
}

/// Whether a date is of an event to come, and not of the article: more than a day after the visit.
fn is_ahead(at: DateTime<Utc>, visited: Option<DateTime<Utc>>) -> bool {
    visited.is_some_and(|visited| at - visited > TimeDelta::days(1))
}

/// The first date near the heading.
fn visible(tree: &Tree<'_>, visited: Option<DateTime<Utc>>) -> Option<Dated> {
    let from = tree.find(0..tree.len(), "h1").next().unwrap_or(0);
    let near = from.saturating_sub(60)..(from + 150).min(tree.len());
    let behind = from..near.end;
    crate::extract::listing::date(tree, behind, visited)
        .or_else(|| crate::extract::listing::date(tree, near, visited))
        .filter(|date| !date.aged)
}

/// The address that the page calls its own, if it is one of the same site and not its front page.
fn own_address(facts: &Facts<'_>, url: Option<&Url>) -> Option<String> {
    let declared =
        facts.canonical.as_deref().or_else(|| facts.meta(&["og:url"])).and_then(|href| declared_address(facts, href));
    let Some(url) = url else { return declared.map(String::from) };
    let kept = declared.filter(|declared| site(declared) == site(url) && (!is_front(declared) || is_front(url)));
    Some(kept.unwrap_or_else(|| url.clone()).into())
}

/// The address at another site where the page says that it was published first; never a front page.
fn original(facts: &Facts<'_>, url: Option<&Url>) -> Option<String> {
    let declared = declared_address(facts, facts.canonical.as_deref()?)?;
    (site(&declared) != site(url?) && !is_front(&declared)).then(|| declared.into())
}

fn declared_address(facts: &Facts<'_>, href: &str) -> Option<Url> {
    absolute(href, facts.base.as_ref()).filter(|declared| matches!(declared.scheme(), "http" | "https"))
}

/// The registrable domain, else the host.
fn site(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    Some(psl::domain_str(host).unwrap_or(host).to_owned())
}

fn is_front(url: &Url) -> bool {
    url.path().trim_matches('/').is_empty() && url.query().is_none()
}
