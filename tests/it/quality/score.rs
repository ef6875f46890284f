//! Clusters against labels, in the usual figures.

use std::collections::{BTreeMap, BTreeSet};

use super::set::Telling;

/// Two different stories in one cluster.
pub(super) type Merge = (String, String);

/// Counts that can be added up; the figures are made of them.
#[derive(Debug, Default)]
pub(super) struct Figures {
    tellings: usize,
    stories: usize,
    /// Pairs of tellings of one story.
    pairs: usize,
    /// Those of them that share a cluster.
    found: usize,
    /// Pairs of tellings that share a cluster, rightly or not.
    together: usize,
    pub(super) merges: BTreeSet<Merge>,
    /// Stories that no cluster shows: none of their tellings opens one.
    lost: usize,
    /// Sums over the tellings of B-cubed precision and recall (Bagga and Baldwin 1998).
    cubed: (f64, f64),
    /// Stories whose tellings lie in several clusters, and where.
    pub(super) missed: Vec<String>,
}

impl Figures {
    /// Scores the cluster of each telling; a cluster bears the id of the telling that opened it.
    pub(super) fn of(tellings: &[Telling], clusters: &[String]) -> Figures {
        assert_eq!(tellings.len(), clusters.len());
        let mut of_story: BTreeMap<&str, usize> = BTreeMap::new();
        let mut of_cluster: BTreeMap<&str, usize> = BTreeMap::new();
        let mut of_both: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        let mut shown: BTreeSet<&str> = BTreeSet::new();
        for (telling, cluster) in tellings.iter().zip(clusters) {
            *of_story.entry(&telling.story).or_default() += 1;
            *of_cluster.entry(cluster).or_default() += 1;
            of_both.entry((&telling.story, cluster)).or_default().push(&telling.id);
            if telling.id == *cluster {
                shown.insert(&telling.story);
            }
        }
        let mut figures = Figures {
            tellings: tellings.len(),
            stories: of_story.len(),
            pairs: of_story.values().copied().map(pairs).sum(),
            found: of_both.values().map(|ids| pairs(ids.len())).sum(),
            together: of_cluster.values().copied().map(pairs).sum(),
            lost: of_story.len() - shown.len(),
            ..Figures::default()
        };
        for ((story, cluster), ids) in &of_both {
            let common = ids.len() as f64;
            figures.cubed.0 += common * common / of_cluster[cluster] as f64;
            figures.cubed.1 += common * common / of_story[story] as f64;
        }
        figures.merges = merges(of_both.keys());
        figures.missed = missed(&of_both);
        figures
    }

    /// Adds those of another family.
    pub(super) fn add(&mut self, other: Figures) {
        self.tellings += other.tellings;
        self.stories += other.stories;
        self.pairs += other.pairs;
        self.found += other.found;
        self.together += other.together;
        self.merges.extend(other.merges);
        self.lost += other.lost;
        self.cubed = (self.cubed.0 + other.cubed.0, self.cubed.1 + other.cubed.1);
        self.missed.extend(other.missed);
    }

    fn precision(&self) -> f64 {
        share(self.found, self.together)
    }

    /// Share of the pairs that were found.
    pub(super) fn recall(&self) -> f64 {
        share(self.found, self.pairs)
    }

    /// A row of the table under [`head`].
    pub(super) fn row(&self, name: &str) -> String {
        let Figures { tellings, stories, pairs, found, lost, .. } = self;
        let (precision, recall, merges) = (self.precision(), self.recall(), self.merges.len());
        let n = self.tellings.max(1) as f64;
        let (f1, cubed) = (harmonic(precision, recall), harmonic(self.cubed.0 / n, self.cubed.1 / n));
        format!(
            "| {name} | {tellings} | {stories} | {pairs} | {found} | {merges} | {lost} | {precision:.3} | {recall:.3} | {f1:.3} | {cubed:.3} |\n"
        )
    }
}

/// The head of the table.
pub(super) fn head(name: &str) -> String {
    format!(
        "| {name} | tellings | stories | pairs | found | false merges | lost | P | R | F1 | B³ F1 |\n\
         | --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |\n"
    )
}

/// Every two stories that share a cluster.
fn merges<'a>(of_both: impl Iterator<Item = &'a (&'a str, &'a str)>) -> BTreeSet<Merge> {
    let mut stories: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (story, cluster) in of_both {
        stories.entry(cluster).or_default().push(story);
    }
    let mut merges = BTreeSet::new();
    for stories in stories.values() {
        for (at, a) in stories.iter().enumerate() {
            merges.extend(stories[at + 1..].iter().map(|b| Merge::from([(*a).to_owned(), (*b).to_owned()])));
        }
    }
    merges
}

/// A line for every story that lies in several clusters.
fn missed(of_both: &BTreeMap<(&str, &str), Vec<&str>>) -> Vec<String> {
    let mut parts: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for ((story, _), ids) in of_both {
        parts.entry(story).or_default().push(ids.join(" "));
    }
    (parts.into_iter().filter(|(_, parts)| parts.len() > 1))
        .map(|(story, parts)| format!("{story}: {}", parts.join(" | ")))
        .collect()
}

fn pairs(n: usize) -> usize {
    n * n.saturating_sub(1) / 2
}

/// 1 of nothing: what was not there was not done wrong.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn harmonic(a: f64, b: f64) -> f64 {
    if a + b == 0.0 { 0.0 } else { 2.0 * a * b / (a + b) }
}

/// Four tellings by hand: two of `f/a`, one each of `f/b` and `f/c`; the first three are put together.
#[test]
fn counts_as_by_hand() {
    let telling = |id: &str, story: &str| -> Telling {
        let line = serde_json::json!({"id": id, "published": "2026-03-01T00:00:00Z", "story": story});
        serde_json::from_value(line).unwrap()
    };
    let tellings = [telling("1", "f/a"), telling("2", "f/a"), telling("3", "f/b"), telling("4", "f/c")];
    let figures = Figures::of(&tellings, &["1", "1", "1", "4"].map(str::to_owned));
    assert_eq!((figures.pairs, figures.found, figures.together, figures.lost), (1, 1, 3, 1));
    assert_eq!(figures.merges, BTreeSet::from([("f/a".to_owned(), "f/b".to_owned())]));
    // B-cubed precision (2/3 + 2/3 + 1/3 + 1) / 4, recall 1.
    assert_eq!(figures.row("f"), "| f | 4 | 3 | 1 | 1 | 1 | 1 | 0.333 | 1.000 | 0.500 | 0.800 |\n");
    let apart = Figures::of(&tellings, &["1", "2", "3", "4"].map(str::to_owned));
    assert_eq!((apart.recall(), apart.precision(), apart.missed), (0.0, 1.0, vec!["f/a: 1 | 2".to_owned()]));
}
