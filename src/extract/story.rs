//! The page of one story: its text, and what of it completes the item that led there.
//!
//! What stands at an item's address need not be its article: a login, the front page in its place, a notice
//! that it is gone. [`article`] takes a page for the story's when it looks like an article, or at least is called
//! like the story; [`completed`] takes from it what the item lacks or has shorter. Both know only these two: that
//! one notice answers for many stories is noticed by whoever asks for them.

use std::collections::HashSet;

use url::Url;

use super::{ExtractError, Hints, Reading, elsewhere, read};
use crate::model::{ArticleSelectors, Kind, Page, Story};

/// Share of the words of the shorter title that the other has to have, to be that of the same story.
const SAME_TITLE: f64 = 0.6;

/// What the page of a story holds.
#[derive(Clone, Debug)]
pub struct Article {
    /// The story as its page tells it.
    pub story: Story,
    /// Its text is a beginning, the rest of which only subscribers read.
    pub is_beginning: bool,
}

/// Reads the page of a story as its article, which stands where the selectors say; an error when it is another kind
/// of document, or stands in for it, or when nothing is where the body is said to be.
pub fn article(page: &Page, item: &Story, selectors: Option<&ArticleSelectors>) -> Result<Article, ExtractError> {
    let mut article = as_article(page, item, selectors)?;
    let declared = article.story.url.as_deref().and_then(|url| Url::parse(url).ok());
    if let (Some(asked), Some(declared)) = (&page.url, declared) {
        article.story.url = Some(elsewhere::address(asked, declared).into());
    }
    Ok(article)
}

fn as_article(page: &Page, item: &Story, selectors: Option<&ArticleSelectors>) -> Result<Article, ExtractError> {
    // Sites send readers of what is gone to their front page.
    let address = item.url.as_deref().and_then(|address| Url::parse(address).ok());
    if page.url.as_ref().is_some_and(is_front) && !address.is_some_and(|address| is_front(&address)) {
        return Err(ExtractError::NoArticle);
    }
    let hints = |kind| Hints { kind, article: selectors.cloned(), ..Hints::default() };
    // What holds what was pinned is the article, whatever else it looks like.
    let is_pinned = selectors.is_some_and(|selectors| !selectors.keep.is_empty());
    match read(page, &hints(if is_pinned { Kind::Article } else { Kind::Auto })) {
        Ok(reading) if reading.kind == Kind::Article => first(reading),
        // A short one, or one below a long list of others, is known by its name.
        Ok(Reading { kind: Kind::Listing, .. }) | Err(ExtractError::NoList { .. } | ExtractError::NoBase) => {
            let article = first(read(page, &hints(Kind::Article))?)?;
            match is_called(&article.story.title, &item.title) {
                true => Ok(article),
                false => Err(ExtractError::Otherwise { text: article.story.text }),
            }
        }
        Ok(_) => Err(ExtractError::NoArticle),
        Err(error) => Err(error),
    }
}

fn first(reading: Reading) -> Result<Article, ExtractError> {
    let draft = reading.drafts.into_iter().next().ok_or(ExtractError::NoArticle)?;
    let is_beginning = draft.is_beginning();
    Ok(Article { story: draft.clean(), is_beginning })
}

/// An article with the text of its next part. What every part repeats counts once; a part that is called otherwise is
/// another story and adds nothing.
pub fn joined(mut whole: Article, part: Article) -> Article {
    let lines: HashSet<&str> = whole.story.text.split("\n\n").collect();
    let new: Vec<&str> = part.story.text.split("\n\n").filter(|line| !lines.contains(line)).collect();
    if new.is_empty() || !is_called(&part.story.title, &whole.story.title) {
        return whole;
    }
    let text = format!("{}\n\n{}", whole.story.text, new.join("\n\n"));
    whole.story.content_html = match (whole.story.content_html.take(), part.story.content_html) {
        (Some(html), Some(more)) => Some(html + &more),
        (html, _) => html,
    };
    whole.story.text = text;
    whole.is_beginning |= part.is_beginning;
    whole
}

fn is_front(url: &Url) -> bool {
    url.path().trim_matches('/').is_empty() && url.query().is_none()
}

/// Whether two titles name one story: sites shorten them, and add their own names.
pub fn is_called(one: &str, other: &str) -> bool {
    let words = |title: &str| -> HashSet<String> {
        let title = title.to_lowercase();
        title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (one, other) = (words(one), words(other));
    let shorter = one.len().min(other.len());
    shorter > 0 && one.intersection(&other).count() as f64 >= SAME_TITLE * shorter as f64
}

/// An item with the text of its article, and with the byline, labels, media, picture, language and date that it lacks. Its
/// key, title and outlet stay, and so does its address unless that led to another site: then it is the article's, as
/// with a redirector's link. `None` when the article has no more text than the item.
pub fn completed(item: &Story, article: &Story) -> Option<Story> {
    let letters = |story: &Story| story.text.chars().filter(|c| !c.is_whitespace()).count();
    if letters(article) <= letters(item) {
        return None;
    }
    let is_dated = item.dated().is_some();
    let mut story = item.clone();
    if let Some(url) = elsewhere::led_to(item, article) {
        let link = story.url.replace(url);
        story.via = story.via.or(link);
    }
    story.text.clone_from(&article.text);
    story.content_html = article.content_html.clone().or(story.content_html);
    story.canonical = story.canonical.or_else(|| article.canonical.clone());
    story.summary = story.summary.or_else(|| article.summary.clone());
    story.image = story.image.or_else(|| article.image.clone());
    story.language = story.language.or_else(|| article.language.clone());
    if story.title.is_empty() {
        story.title.clone_from(&article.title);
    }
    if story.authors.is_empty() {
        story.authors.clone_from(&article.authors);
    }
    if story.categories.is_empty() {
        story.categories.clone_from(&article.categories);
    }
    if story.enclosures.is_empty() {
        story.enclosures.clone_from(&article.enclosures);
    }
    if !is_dated {
        (story.published, story.updated) = (article.published, article.updated);
    }
    Some(story)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "The harbour board voted on Sunday to dredge the northern channel before the autumn storms, its chair said. \
        Work is to begin in March and to take eleven weeks, and ferries will leave from the old pier for that time. \
        Fishermen had asked for a later date, since the herring run begins in April. The board had put the work off twice, \
        once for want of money and once because no dredger was free, and two of its members voted against it this time as well.";

    fn page(url: &str, html: &str) -> Page {
        Page {
            url: url.parse().ok(),
            content_type: Some("text/html".to_owned()),
            body: html.as_bytes().to_vec(),
            fetched_at: "2026-11-24T06:00:00Z".parse().ok(),
        }
    }

    fn item(title: &str) -> Story {
        let url = Some("https://n.example/2026/dredging".to_owned());
        Story { key: "k".to_owned(), url, title: title.to_owned(), ..Story::default() }
    }

    fn html(title: &str, head: &str, text: &str) -> String {
        format!(
            "<!doctype html><html><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"
        )
    }

    /// Whether a page at an address is taken for the article of an item of this title.
    #[track_caller]
    fn check(url: &str, html: &str, title: &str, expected: bool) {
        let read = article(&page(url, html), &item(title), None);
        assert_eq!(read.is_ok(), expected, "{read:?}");
    }

    const DECLARED: &str = "<meta property='og:type' content='article'><meta property='article:published_time' content='2026-11-23T10:00:00Z'>";

    #[test]
    fn an_article_is_taken_whatever_it_is_called() {
        let page = html("Board votes for dredging", DECLARED, TEXT);
        check("https://n.example/2026/dredging", &page, "Dredging it is", true);
        check("https://n.example/2026/dredging", &page, "", true);
    }

    #[test]
    fn a_page_that_declares_nothing_is_known_by_its_name() {
        let short = "The board voted for it.";
        let page = html("Harbour board votes to dredge | The Harbour", "", short);
        check("https://n.example/2026/dredging", &page, "Harbour board votes to dredge", true);
        check("https://n.example/2026/dredging", &page, "Bakery closes", false);
    }

    #[test]
    fn what_stands_in_for_an_article_is_not_taken() {
        let article = html("Harbour board votes to dredge", DECLARED, TEXT);
        check("https://n.example/", &article, "Harbour board votes to dredge", false);
        let challenge = html("Just a moment...", "", "Checking your browser before accessing n.example.");
        check("https://n.example/2026/dredging", &challenge, "Just a moment", false);
        let rss = "<rss version='2.0'><channel><title>n</title><item><title>Harbour board votes to dredge</title></item></channel></rss>";
        check("https://n.example/2026/dredging", rss, "Harbour board votes to dredge", false);
        check("https://n.example/2026/dredging", "%PDF-1.7 \u{0}\u{1}\u{2}", "Harbour board votes to dredge", false);
    }

    #[test]
    fn an_item_keeps_what_it_has_and_gets_what_it_lacks() {
        let teaser = Story {
            text: "They voted.".to_owned(),
            summary: Some("They voted.".to_owned()),
            authors: vec!["Ann".to_owned()],
            published: "2026-11-23T09:00:00Z".parse().ok(),
            ..item("Dredging it is")
        };
        let page = page("https://n.example/amp/dredging", &html("Board votes for dredging", DECLARED, TEXT));
        let article = Story {
            authors: vec!["Ben".to_owned()],
            image: Some("https://n.example/p.jpg".to_owned()),
            ..article(&page, &teaser, None).unwrap().story
        };
        let whole = completed(&teaser, &article).unwrap();
        assert!(whole.text.contains("herring") && whole.content_html.as_deref().unwrap().contains("herring"));
        let kept = Story {
            text: whole.text.clone(),
            content_html: whole.content_html.clone(),
            image: article.image.clone(),
            ..teaser.clone()
        };
        assert_eq!(whole, kept);
        // An undated one is dated by its page.
        let undated = Story { published: None, ..teaser };
        assert_eq!(completed(&undated, &article).unwrap().published, article.published);
        assert!(article.published.is_some());
    }

    #[test]
    fn a_shorter_article_is_none() {
        let long = Story { text: TEXT.to_owned(), ..item("a") };
        let short = Story { text: "Subscribe to read on.".to_owned(), ..item("a") };
        assert_eq!(completed(&long, &short), None);
        assert_eq!(completed(&long, &long), None);
    }
}
