//! An output, and what is in it at one moment.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ClusterId, Each, Once, Source, SourceId, Story, Voice, Voices};

/// A format that an output is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// RSS 2.0, `ID.rss`.
    Rss,
    /// Atom 1.0, `ID.atom`.
    Atom,
    /// JSON Feed 1.1, `ID.json`.
    Json,
    /// A page to read in a browser, `ID.html`.
    Html,
}

impl Format {
    /// Every format that can be written.
    pub const ALL: &[Format] = &[Format::Rss, Format::Atom, Format::Json, Format::Html];

    /// The word in the configuration, which is also the file's extension.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Rss => "rss",
            Format::Atom => "atom",
            Format::Json => "json",
            Format::Html => "html",
        }
    }

    /// What a server has to say that the file is.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Rss => "application/rss+xml",
            Format::Atom => "application/atom+xml",
            Format::Json => "application/feed+json",
            Format::Html => "text/html",
        }
    }
}

/// What all outputs say of where they come from.
#[derive(Clone, Debug)]
pub struct Site {
    /// Names the site in the feeds.
    pub title: String,
    /// Where the outputs are served, ending in `/`. `None`: feeds carry no `rel=self`.
    pub base_url: Option<Url>,
    /// How often a story is published.
    pub once: Once,
    /// The language of the feeds, as BCP 47 has it. `None`: that of their entries, where all agree.
    pub language: Option<String>,
    /// The WebSub hub that is told of changes, and that feeds name; only with a `base_url`.
    pub hub: Option<Url>,
    /// How often the outputs can change: feeds say that asking more often is of no use.
    pub ttl: Duration,
}

impl Default for Site {
    fn default() -> Site {
        Site {
            title: "oncefeed".to_owned(),
            base_url: None,
            once: Once::Output,
            language: None,
            hub: None,
            ttl: Duration::from_secs(3600),
        }
    }
}

/// A configured output.
#[derive(Clone, Debug)]
pub struct Output {
    /// Unique among the outputs, in the form of a source id; names its files.
    pub id: SourceId,
    /// For readers.
    pub title: String,
    /// The sources it shows, by group; empty: all.
    pub groups: Vec<String>,
    /// What it is written as.
    pub formats: Vec<Format>,
    /// At least so many entries are kept ...
    pub limit: usize,
    /// ... and all that are younger than this, up to [`Output::CAP`].
    pub keep: Duration,
    /// Shows private sources too.
    pub private: bool,
    /// Its page links reports of one event that are told in other words. Feeds never do.
    pub related: bool,
    /// Whether it is one feed, or one for each source.
    pub each: Each,
}

/// Whose telling is shown when a better one comes after the story was published (`dedupe.representative`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Representative {
    /// Still the best of those that told it first: the link that readers have does not change.
    #[default]
    First,
    /// The best of all.
    Preferred,
}

impl Output {
    /// No output holds more entries than this, whatever `keep` asks for, unless `limit` is larger.
    pub const CAP: usize = 1_000;

    /// The largest `limit`.
    pub const MOST: usize = 10_000;

    /// Whether a source contributes to it: by group, and a private one only to a private output.
    pub fn shows(&self, source: &Source) -> bool {
        let grouped = self.groups.is_empty() || source.groups.iter().any(|group| self.groups.contains(group));
        grouped && (self.private || !source.private)
    }

    /// The id of a source's own feed, where there is one for each source: `OUTPUT-SOURCE`. `None`: it is too long to name
    /// a file.
    pub fn feed_of(&self, source: &SourceId) -> Option<SourceId> {
        SourceId::new(&format!("{}-{source}", self.id))
    }
}

/// One source's telling of a story.
#[derive(Clone, Debug)]
pub struct Telling {
    /// Whose it is.
    pub source: SourceId,
    /// The name to show: the outlet that the document names, else the source's title, else its id.
    pub name: String,
    /// The address of the source's document, where it is on the web.
    pub feed_url: Option<String>,
    /// The source's rank; 0 is preferred.
    pub rank: u32,
    /// The story itself.
    pub story: Story,
    /// Who speaks in it.
    pub voice: Voice,
    /// When it was published as far as can be believed: as its source dated it when it was first seen,
    /// but never after that. Later edits do not move it.
    pub published: DateTime<Utc>,
    /// Words of its text when it was decided about: later edits do not change who is shown.
    pub words: u32,
    /// The run that decided about it.
    pub decided: DateTime<Utc>,
    /// Newest change that counts as an update; `None`: none since it was first seen.
    pub revised: Option<DateTime<Utc>>,
    /// False for the old stories of a first visit.
    pub publish: bool,
    /// The page of another telling names this one's address as its original (`rel=canonical`).
    pub original: bool,
    /// It is a new version of an earlier text, or says that it corrects one.
    pub version: bool,
    /// Its source's edits move no `updated`.
    pub quiet: bool,
    /// A person has put it here with the cluster that it was decided into: it is shown only where no
    /// telling of this cluster's own may be.
    pub guest: bool,
}

impl Telling {
    /// Whether both are by one site: the same source and outlet, or one host.
    fn is_by_site_of(&self, other: &Telling) -> bool {
        let host = |telling: &Telling| {
            let url = telling.story.url.as_deref().and_then(|url| Url::parse(url).ok())?;
            url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned())
        };
        self.source == other.source && self.name == other.name || host(self).is_some() && host(self) == host(other)
    }

    /// Whether it replaces another at the same site: a later version of the whole text, soon after.
    fn supersedes(&self, other: &Telling) -> bool {
        let later = self.published - other.published;
        self.version
            && self.publish
            && later > chrono::Duration::zero()
            && later <= VERSIONS
            && self.words.saturating_mul(3) >= other.words.saturating_mul(2)
            && self.is_by_site_of(other)
    }
}

/// A site replaces its own text by a new version for so long; what is near to it later is another story's.
const VERSIONS: chrono::Duration = chrono::Duration::hours(24);
/// Categories of one entry, whatever its tellings add.
const CATEGORIES: usize = 32;

/// One item of an output: one story of the world.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Never changes.
    pub id: ClusterId,
    /// The telling that is shown.
    pub shown: Telling,
    /// The other tellings, best rank first, each source once.
    pub also: Vec<Telling>,
    /// When it was published: as its source says, else as first seen, never after it was first seen.
    pub published: DateTime<Utc>,
    /// The newest change of the shown text that counts, never before `published`.
    pub updated: DateTime<Utc>,
    /// Other entries of the edition that tell of the same event in their own words, in its order. A page
    /// links them; nothing is folded for them.
    pub related: Vec<ClusterId>,
}

impl Entry {
    /// Chooses among the tellings that an output may show. `None` when none of them is published.
    ///
    /// Only the tellings of the run that first published the story compete to be shown, so that what
    /// readers have seen does not alternate; later ones are "also covered by", unless the best of all is
    /// wanted, and so are guests where the story has tellings of its own. Among them: a full text before a
    /// summary, then the original that others name, then rank, then the earliest, then the source's id. When
    /// its site has put a new version beside it, that one is shown.
    pub fn of(id: ClusterId, mut tellings: Vec<Telling>, representative: Representative) -> Option<Entry> {
        // Readers know the id by what it showed before a person put others to it.
        let has_own = tellings.iter().any(|t| t.publish && !t.guest);
        let competes = |t: &Telling| t.publish && !(has_own && t.guest);
        let opened = tellings.iter().filter(|t| competes(t)).map(|t| t.decided).min()?;
        tellings.sort_by(|a, b| {
            (a.rank, a.published, &a.source, &a.story.key).cmp(&(b.rank, b.published, &b.source, &b.story.key))
        });
        let first = best(&tellings, |t| competes(t) && t.decided <= opened)?;
        let chosen = match representative {
            Representative::First => first,
            Representative::Preferred => best(&tellings, competes)?,
        };
        let newest = (tellings.iter().enumerate())
            .filter(|(_, t)| competes(t) && t.supersedes(&tellings[chosen]))
            .max_by_key(|(at, t)| (t.published, *at))
            .map_or(chosen, |(at, _)| at);
        let published = tellings[first].published;
        // A version that replaces another keeps it among those that also told it, at its own address.
        let replaced = (newest != chosen).then(|| tellings[chosen].story.url.clone()).flatten();
        let mut shown = tellings.remove(newest);
        let mut categories = std::mem::take(&mut shown.story.categories);
        for telling in tellings.iter().filter(|telling| telling.is_by_site_of(&shown)) {
            add_categories(&mut categories, &telling.story.categories);
        }
        shown.story.categories = categories;
        let updated = shown.revised.unwrap_or(published).max(published);
        let updated = match newest != first && !shown.quiet {
            true if newest != chosen => updated.max(shown.published),
            true => updated.max(shown.decided),
            false => updated,
        };
        let also = others(tellings, &shown, replaced.as_deref());
        Some(Entry { id, shown, also, published, updated, related: Vec::new() })
    }

    /// The independent voices among the tellings that it stands for.
    pub fn voices(&self) -> Voices {
        Voices::among(std::iter::once(&self.shown).chain(&self.also).map(|telling| (&telling.source, &telling.voice)))
    }
}

/// The best telling of those that compete.
fn best(tellings: &[Telling], competes: impl Fn(&Telling) -> bool) -> Option<usize> {
    let competing = || tellings.iter().enumerate().filter(|(_, t)| competes(t));
    let longest = competing().map(|(_, t)| t.words).max().unwrap_or(0);
    // A telling with at least two thirds of the longest text counts as whole: whose it is matters
    // more than a few paragraphs, but not more than the story itself.
    let whole = || competing().filter(|(_, t)| t.words.saturating_mul(3) >= longest.saturating_mul(2));
    let original = whole().find(|(_, t)| t.original);
    original.or_else(|| whole().next()).map(|(at, _)| at)
}

/// The tellings that are not shown, each source once and without the one that is shown, but with the
/// address that its site has replaced.
fn others(tellings: Vec<Telling>, shown: &Telling, replaced: Option<&str>) -> Vec<Telling> {
    let mut also: Vec<Telling> = Vec::new();
    for telling in tellings {
        let seen = |t: &Telling| t.source == telling.source && t.name == telling.name;
        let url = telling.story.url.as_deref();
        let was_shown = url.is_some() && url == replaced && url != shown.story.url.as_deref();
        if (was_shown || !seen(shown)) && !also.iter().any(seen) {
            also.push(telling);
        }
    }
    also
}

/// Adds those that are not there yet, in any case.
fn add_categories(categories: &mut Vec<String>, more: &[String]) {
    for category in more {
        let known = categories.iter().any(|known| known.to_lowercase() == category.to_lowercase());
        if !known && categories.len() < CATEGORIES {
            categories.push(category.clone());
        }
    }
}

/// An output at one moment.
#[derive(Clone, Debug)]
pub struct Edition {
    /// Which output.
    pub output: Output,
    /// The newest change among the entries, not the time of rendering; `None` when there are none.
    pub updated: Option<DateTime<Utc>>,
    /// Newest first, equal times by id.
    pub entries: Vec<Entry>,
}

impl Edition {
    /// Orders the entries and cuts them to what the output keeps. Ages are counted back from `newest`, the
    /// time of the newest story that may be shown, not from now: an output changes when its stories do, and
    /// not because time went by.
    pub fn of(output: &Output, mut entries: Vec<Entry>, newest: DateTime<Utc>) -> Edition {
        entries.sort_by(|a, b| b.published.cmp(&a.published).then(a.id.cmp(&b.id)));
        let keep = chrono::Duration::from_std(output.keep).unwrap_or(chrono::Duration::MAX);
        let since = newest.checked_sub_signed(keep).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let young = entries.iter().take_while(|entry| entry.published >= since).count();
        entries.truncate(output.limit.max(young.min(Output::CAP)));
        let updated = entries.iter().map(|entry| entry.updated).max();
        Edition { output: output.clone(), updated, entries }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::Duration::hours(500_000 + hour)
    }

    /// A telling of 100 words, published and decided about in an hour.
    fn telling(source: &str, hour: i64) -> Telling {
        let url = Some(format!("https://{source}.example/{hour}"));
        Telling {
            source: SourceId::new(source).unwrap(),
            name: source.to_owned(),
            voice: crate::model::Voice::default(),
            feed_url: None,
            rank: 0,
            story: Story { key: hour.to_string(), url, ..Story::default() },
            published: at(hour),
            words: 100,
            decided: at(hour),
            revised: None,
            publish: true,
            original: false,
            version: false,
            quiet: false,
            guest: false,
        }
    }

    fn version(source: &str, hour: i64) -> Telling {
        Telling { version: true, ..telling(source, hour) }
    }

    /// Whose hour is shown, the hours of the others, and how many hours `published` and `updated` are after
    /// the first.
    #[track_caller]
    fn check(tellings: &[Telling], representative: Representative, expected: (&str, &str, i64, i64)) {
        let entry = Entry::of(ClusterId([0; 16]), tellings.to_vec(), representative).unwrap();
        let name = |telling: &Telling| format!("{}{}", telling.source, telling.story.key);
        let also: Vec<String> = entry.also.iter().map(name).collect();
        let hours = |time: DateTime<Utc>| (time - at(0)).num_hours();
        let found = (name(&entry.shown), also.join(" "), hours(entry.published), hours(entry.updated));
        assert_eq!((found.0.as_str(), found.1.as_str(), found.2, found.3), expected);
    }

    #[test]
    fn a_better_telling_that_comes_later_is_coverage_unless_it_is_preferred() {
        let late = Telling { words: 400, ..telling("b", 5) };
        check(&[telling("a", 0), late.clone()], Representative::First, ("a0", "b5", 0, 0));
        check(&[telling("a", 0), late], Representative::Preferred, ("b5", "a0", 0, 5));
        // Equal ones do not take over.
        check(&[telling("a", 0), telling("b", 5)], Representative::Preferred, ("a0", "b5", 0, 0));
    }

    #[test]
    fn a_new_version_of_the_same_site_is_shown_and_its_old_address_kept() {
        check(&[telling("a", 0), version("a", 3)], Representative::First, ("a3", "a0", 0, 3));
        check(&[telling("a", 0), version("a", 3), version("a", 4)], Representative::First, ("a4", "a0", 0, 4));
        // Of another site, too late, a cut, or no new text, it is not.
        check(&[telling("a", 0), version("b", 3)], Representative::First, ("a0", "b3", 0, 0));
        check(&[telling("a", 0), version("a", 25)], Representative::First, ("a0", "", 0, 0));
        check(&[telling("a", 0), Telling { words: 60, ..version("a", 3) }], Representative::First, ("a0", "", 0, 0));
        check(&[telling("a", 0), telling("a", 3)], Representative::First, ("a0", "", 0, 0));
        // A source that wants no updates has none.
        check(
            &[telling("a", 0), Telling { quiet: true, ..version("a", 3) }],
            Representative::First,
            ("a3", "a0", 0, 0),
        );
    }

    #[test]
    fn the_original_is_shown_rather_than_a_copy_that_names_it() {
        let original = Telling { original: true, decided: at(0), rank: 5, ..telling("b", 1) };
        check(&[telling("a", 0), original.clone()], Representative::First, ("b1", "a0", 1, 1));
        check(&[telling("a", 0), Telling { words: 20, ..original }], Representative::First, ("a0", "b1", 0, 0));
    }

    #[test]
    fn a_guest_is_shown_only_where_the_story_has_no_telling_of_its_own() {
        let guest = |telling: Telling| Telling { guest: true, ..telling };
        // Whatever speaks for it: an earlier run, rank, length, being the original, a new version.
        let better = Telling { rank: 0, words: 400, original: true, ..guest(telling("b", -3)) };
        let own = Telling { rank: 9, ..telling("a", 0) };
        for representative in [Representative::First, Representative::Preferred] {
            check(&[own.clone(), better.clone()], representative, ("a0", "b-3", 0, 0));
            check(&[better.clone(), guest(telling("c", 2))], representative, ("b-3", "c2", -3, -3));
        }
        check(&[telling("a", 0), guest(version("a", 3))], Representative::First, ("a0", "", 0, 0));
        // One that readers have never seen is no telling to show.
        let old = Telling { publish: false, ..telling("a", 0) };
        check(&[old, guest(telling("b", 2))], Representative::First, ("b2", "a0", 2, 2));
    }

    #[test]
    fn sections_of_one_site_are_categories() {
        let mut sport = telling("a", 0);
        sport.story.categories = vec!["Sport".to_owned()];
        let mut local = Telling { source: SourceId::new("a-local").unwrap(), ..sport.clone() };
        local.story.categories = vec!["Local".to_owned(), "sport".to_owned()];
        let mut other = telling("b", 0);
        other.story.categories = vec!["Elsewhere".to_owned()];
        let entry = Entry::of(ClusterId([0; 16]), vec![sport, local, other], Representative::First).unwrap();
        assert_eq!(entry.shown.story.categories, ["Sport", "Local"]);
    }
}
