//! Whether a page is one article.

use std::collections::HashSet;

use super::super::listing::{List, Source, likeness, width};
use super::paragraphs::{Mass, mass};
use crate::extract::dom::text_of;

/// What speaks for one article and for a list.
pub(crate) struct Evidence {
    /// Articles that the JSON-LD of the page tells of.
    told: usize,
    /// A page type for lists is declared.
    collection: bool,
    /// Open Graph says "article".
    open_graph: bool,
    /// When it was published is declared for the page as a whole.
    dated: bool,
    /// How much the page's own address looks like a story's; `None` when not known.
    likeness: Option<f64>,
    /// The page is the front page of its site.
    front: bool,
    /// Letters in the element with the most unlinked letters in paragraphs of its own.
    body: u32,
    /// Letters of such paragraphs in all of the page.
    paragraphs: u32,
    /// `<article>` elements that are in no other.
    articles: usize,
    /// The page's heading is its title.
    headed: bool,
}

impl Evidence {
    pub(crate) fn new(source: &Source<'_, '_>) -> Evidence {
        let Source { tree, facts, url, .. } = *source;
        let headlines: HashSet<&str> = (facts.of_kind(&["Article", "BlogPosting", "Report"]).into_iter())
            .filter_map(|thing| thing.get("headline").or_else(|| thing.get("name")).and_then(text_of))
            .collect();
        let Mass { most: body, all: paragraphs, .. } = mass(tree, 2);
        let articles = tree
            .find(0..tree.len(), "article")
            .filter(|at| tree.ancestors(*at).skip(1).all(|at| tree.node(at).name != "article"))
            .count();
        let called =
            facts.meta(&["og:title", "twitter:title"]).or(facts.title.as_deref()).unwrap_or_default().to_lowercase();
        let headings: Vec<String> =
            tree.find(0..tree.len(), "h1").filter_map(|at| Some(tree.brief(at)?.to_lowercase())).collect();
        Evidence {
            told: headlines.len(),
            collection: !facts.of_kind(&["CollectionPage", "SearchResultsPage", "Blog"]).is_empty(),
            open_graph: facts.meta(&["og:type"]).is_some_and(|kind| kind.eq_ignore_ascii_case("article")),
            dated: facts
                .meta(&[
                    "article:published_time",
                    "og:article:published_time",
                    "datepublished",
                    "pubdate",
                    "article.published",
                ])
                .is_some(),
            likeness: url.map(likeness),
            front: url.is_some_and(|url| url.path().trim_matches('/').is_empty() && url.query().is_none()),
            body,
            paragraphs,
            articles,
            headed: headings.iter().any(|heading| width(heading) >= 16 && called.contains(heading.as_str())),
        }
    }

    /// Whether the page says so itself.
    pub(crate) fn declares_article(&self) -> bool {
        self.points() >= 3.0
    }

    /// Whether it can be taken for one, given the list that it holds.
    pub(crate) fn reads_like_article(&self, list: &List) -> bool {
        let better = if list.confidence >= 0.7 && list.items.len() >= 8 { 1.5 } else { 0.0 };
        let enough = if self.told > 0 || self.dated || self.headed { 250 } else { 600 };
        self.body >= enough && self.points() >= 0.8 + better
    }

    fn points(&self) -> f64 {
        let yes = |test: bool, points: f64| if test { points } else { 0.0 };
        let told = match self.told {
            0 => 0.0,
            1 => 2.0,
            2 | 3 => 1.0,
            _ => -1.0,
        };
        let share = if self.paragraphs > 0 { f64::from(self.body) / f64::from(self.paragraphs) } else { 0.0 };
        told + yes(self.collection, -1.5)
            + yes(self.open_graph, 0.8)
            + yes(self.dated, 1.5)
            + yes(self.front, -2.5)
            + yes(self.headed, 1.0)
            + self.likeness.map_or(0.0, |likeness| (likeness * 0.7).clamp(-0.7, 1.0))
            + yes(self.body >= 1000 && share > 0.5, 1.0)
            + yes(self.body < 300, -1.0)
            + match self.articles {
                1 => 0.4,
                0..=4 => 0.0,
                _ => -0.8,
            }
    }
}
