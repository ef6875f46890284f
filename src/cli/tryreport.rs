//! What `try` found, for people and as JSON.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};

use super::check::count;
use super::explain::{numbers, reason};
use super::message::printable;
use super::{Failure, boilerplate, standing};
use crate::model::{Entry, Evidence, Location, Rule, Source, SourceId, SourceReport, Standing, Veto};
use crate::store::Placed;

/// Folded stories and near misses that are told of.
const FOLDED: usize = 10;
const APART: usize = 6;
/// Items of the feed that are shown.
const ITEMS: usize = 12;
/// Characters of a headline on a line.
const HEADLINE: usize = 60;

/// What came of the sources.
pub(super) struct Tried {
    pub(super) sources: Vec<Source>,
    /// One for each source, in its order.
    pub(super) rows: Vec<SourceReport>,
    /// The items that a feed would hold, newest first, with all that was decided about them.
    pub(super) stories: Vec<(Entry, Vec<Placed>)>,
    /// What each source brings that others do not.
    pub(super) standings: Vec<Standing>,
    pub(super) built_in: bool,
    pub(super) elapsed: Duration,
}

/// Two stories that were kept apart.
struct Near<'a> {
    one: &'a Placed,
    other: &'a Placed,
    evidence: &'a Evidence,
}

impl Tried {
    pub(super) fn new(sources: Vec<Source>) -> Tried {
        Tried {
            sources,
            rows: Vec::new(),
            stories: Vec::new(),
            standings: Vec::new(),
            built_in: false,
            elapsed: Duration::ZERO,
        }
    }

    pub(super) fn print(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if self.built_in {
            writeln!(
                out,
                "A sample that is built in: eight documents of invented outlets. Yours: oncefeed try URL FILE OPML …\n"
            )?;
        }
        self.print_sources(out)?;
        self.print_sum(out)?;
        self.print_folded(out)?;
        self.print_apart(out)?;
        boilerplate::print(&self.dropped(), out)?;
        self.print_items(out)?;
        self.print_standings(out)?;
        self.print_next(out)
    }

    fn print_sources(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let wide = self.rows.iter().map(|row| row.location.chars().count()).max().unwrap_or(0).min(60);
        for row in &self.rows {
            let place = printable(&row.location);
            match (&row.seen, &row.outcome.error) {
                (Some(seen), None) => {
                    let how = match seen.kind {
                        crate::model::Kind::Feed => String::new(),
                        _ => format!(" ({}, {:.0} % sure)", seen.method, seen.confidence * 100.0),
                    };
                    let missing = |what: &str, number: usize| match seen.stories - number {
                        0 => String::new(),
                        all if all == seen.stories => format!(", no {what}s"),
                        some => format!(", {some} without {what}"),
                    };
                    writeln!(
                        out,
                        "{place:<wide$}  {}{how}, {}{}{}",
                        format_name(&seen.format),
                        count(seen.stories, "story"),
                        missing("link", seen.links),
                        missing("date", seen.dates)
                    )?;
                }
                (_, Some(error)) => {
                    writeln!(out, "{place:<wide$}  FAILED: {}", printable(error))?;
                    if let Some(help) = &row.outcome.help {
                        writeln!(out, "{:<wide$}  help: {}", "", printable(help))?;
                    }
                }
                (None, None) => writeln!(out, "{place:<wide$}  nothing new")?,
            }
            for warning in &row.warnings {
                writeln!(out, "{:<wide$}  note: {}", "", printable(warning))?;
            }
        }
        Ok(())
    }

    fn print_sum(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
        for placed in self.stories.iter().flat_map(|(_, placed)| placed) {
            let word = match placed.because.rule {
                // Nobody corrects what is only tried.
                Rule::Opens | Rule::Split | Rule::Merge | Rule::Seeded => continue,
                Rule::SameOriginal => "named as copies",
                Rule::SameId | Rule::SameUrl => "with the same address",
                Rule::SameText => "with the same text",
                Rule::NearText => "with nearly the same text",
                Rule::SameTitle => "with the same headline and no text",
            };
            *by_rule.entry(word).or_default() += 1;
        }
        let told: usize = self.stories.iter().map(|(_, placed)| placed.len()).sum();
        let folds: Vec<String> = by_rule.iter().map(|(word, number)| format!("{number} {word}")).collect();
        let folds =
            if folds.is_empty() { "nothing to fold".to_owned() } else { format!("folded {}", folds.join(", ")) };
        writeln!(
            out,
            "\n{} became {}: {folds} ({:.1} s)",
            count(told, "story"),
            count(self.stories.len(), "item"),
            self.elapsed.as_secs_f64()
        )?;
        Ok(())
    }

    /// Stories with several tellings, those with most first.
    fn folded(&self) -> Vec<&(Entry, Vec<Placed>)> {
        let mut folded: Vec<_> = self.stories.iter().filter(|(_, placed)| placed.len() > 1).collect();
        folded.sort_by_key(|(_, placed)| std::cmp::Reverse(placed.len()));
        folded
    }

    fn print_folded(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let folded = self.folded();
        if folded.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nFolded: one item, the others are \"Also covered by\"")?;
        writeln!(
            out,
            "       (J: three-word runs in both texts, of all; C: of the shorter text's; lead: of its first 30 words')"
        )?;
        for (entry, placed) in folded.iter().take(FOLDED) {
            writeln!(
                out,
                "{:>4}x  {}   shown as told by {}{}",
                placed.len(),
                headline(&entry.shown.story.title),
                printable(&entry.shown.name),
                voices(entry)
            )?;
            // Who is shown stands above; another one that opened the story is to be seen as well.
            let shown = (&entry.shown.source, &entry.shown.story.key);
            for story in placed.iter() {
                let why = match story.because.rule {
                    Rule::Opens if (&story.source, &story.story.key) == shown => continue,
                    Rule::NearText => format!("near-text, {}", numbers(&story.because)),
                    rule => rule.as_str().to_owned(),
                };
                let other = if story.story.title == entry.shown.story.title {
                    String::new()
                } else {
                    format!("  {}", headline(&story.story.title))
                };
                writeln!(out, "       {:<14} {why}{other}", story.source.as_str())?;
            }
        }
        if folded.len() > FOLDED {
            writeln!(out, "       and {} more", count(folded.len() - FOLDED, "story"))?;
        }
        Ok(())
    }

    /// The closest pairs that were kept apart, each once.
    fn apart(&self) -> Vec<Near<'_>> {
        let all: HashMap<(&SourceId, &str), &Placed> = (self.stories.iter().flat_map(|(_, placed)| placed))
            .map(|placed| ((&placed.source, placed.story.key.as_str()), placed))
            .collect();
        let mut near: Vec<Near<'_>> = (all.values())
            .flat_map(|one| one.apart.iter().map(move |evidence| (*one, evidence)))
            .filter_map(|(one, evidence)| {
                let (source, key) = evidence.with.as_ref()?;
                let other = *all.get(&(source, key.as_str()))?;
                (other.cluster != one.cluster).then_some(Near { one, other, evidence })
            })
            .collect();
        let name = |placed: &Placed| (placed.source.clone(), placed.story.key.clone());
        // What a veto kept apart is more telling than what has little in common anyway.
        near.sort_by(|a, b| {
            let little = |near: &Near<'_>| near.evidence.veto == Some(Veto::TooLittle);
            (little(a).cmp(&little(b)))
                .then(b.evidence.score.total_cmp(&a.evidence.score))
                .then_with(|| name(a.one).cmp(&name(b.one)))
        });
        let mut told = HashSet::new();
        near.retain(|near| {
            let pair = [near.one.cluster, near.other.cluster];
            told.insert([pair[0].min(pair[1]), pair[0].max(pair[1])])
        });
        near
    }

    fn print_apart(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let apart = self.apart();
        if apart.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nKept apart, though alike")?;
        for near in apart.iter().take(APART) {
            writeln!(
                out,
                "       {} ({}) | {} ({})",
                headline(&near.one.story.title),
                near.one.source,
                headline(&near.other.story.title),
                near.other.source
            )?;
            writeln!(out, "         {}: {}", reason(near.evidence), numbers(near.evidence))?;
        }
        Ok(())
    }

    /// What was taken out of the stories as boilerplate.
    fn dropped(&self) -> Vec<boilerplate::Dropped<'_>> {
        boilerplate::of(self.stories.iter().flat_map(|(_, placed)| placed))
    }

    fn print_items(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if self.stories.is_empty() {
            return Ok(());
        }
        writeln!(out, "\nThe feed would hold")?;
        for (entry, _) in self.stories.iter().take(ITEMS) {
            let also = if entry.also.is_empty() { String::new() } else { format!(" and {} more", entry.also.len()) };
            writeln!(
                out,
                "       {}  {}   {}{also}",
                entry.published.format("%Y-%m-%d %H:%M"),
                headline(&entry.shown.story.title),
                printable(&entry.shown.name)
            )?;
        }
        if self.stories.len() > ITEMS {
            writeln!(out, "       and {} older", count(self.stories.len() - ITEMS, "item"))?;
        }
        Ok(())
    }

    /// Where there is something to choose between.
    fn print_standings(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if self.sources.len() < 2 || self.folded().is_empty() {
            return Ok(());
        }
        writeln!(out, "\nWhat each source brings")?;
        standing::print(self.sources.iter().map(|source| &source.id), &self.standings, out)
    }

    fn print_next(&self, out: &mut dyn Write) -> Result<(), Failure> {
        if self.built_in {
            writeln!(out, "\nNothing was written. Your own news:  oncefeed init")?;
            return Ok(());
        }
        let kept: Vec<_> =
            (self.sources.iter().zip(&self.rows)).filter(|(_, row)| row.outcome.kind.is_success()).collect();
        if kept.is_empty() {
            writeln!(out, "\nNothing was written.")?;
            return Ok(());
        }
        writeln!(
            out,
            "\nNothing was written. Keep it:  oncefeed init, and put into oncefeed.toml in place of the example:\n"
        )?;
        for (source, row) in kept {
            let place = match &source.location {
                // A secret is not printed: it has to be filled in.
                Location::Web(_) => row.location.clone(),
                Location::File(path) => format!("file:{}", std::path::absolute(path).unwrap_or(path.clone()).display()),
            };
            writeln!(out, "[[source]]\nid = \"{}\"\nurl = {}\ngroups = [\"world\"]\n", source.id, toml_string(&place))?;
        }
        Ok(())
    }

    pub(super) fn json(&self) -> Value {
        let sources: Vec<Value> = (self.sources.iter().zip(&self.rows))
            .map(|(source, row)| {
                json!({
                    "id": source.id, "url": row.location, "outcome": row.outcome.kind, "error": row.outcome.error, "help": row.outcome.help,
                    "kind": row.seen.as_ref().map(|seen| seen.kind), "format": row.seen.as_ref().map(|seen| &seen.format),
                    "confidence": row.seen.as_ref().map(|seen| seen.confidence),
                    "stories": row.stories, "new": row.new, "folded": row.folded, "warnings": row.warnings,
                    "standing": standing::as_json(&standing::of(&source.id, &self.standings)),
                })
            })
            .collect();
        let items: Vec<Value> = (self.stories.iter())
            .map(|(entry, placed)| {
                let tellings: Vec<Value> = (placed.iter())
                    .map(|story| json!({"source": story.source, "title": story.story.title, "url": story.story.url, "because": story.because, "agency": story.voice.agency, "press_release": story.voice.release, "owner": story.voice.owner}))
                    .collect();
                json!({
                    "id": entry.id.urn(), "title": entry.shown.story.title, "url": entry.shown.story.url, "source": entry.shown.source,
                    "published": entry.published, "voices": entry.voices().names, "tellings": tellings,
                })
            })
            .collect();
        let apart: Vec<Value> = (self.apart().iter())
            .map(|near| {
                let side = |placed: &Placed| json!({"source": placed.source, "title": placed.story.title, "url": placed.story.url});
                json!({"one": side(near.one), "other": side(near.other), "evidence": near.evidence})
            })
            .collect();
        let told: usize = self.stories.iter().map(|(_, placed)| placed.len()).sum();
        json!({
            "schema_version": 1, "sources": sources, "stories": told, "items": items, "apart": apart,
            "boilerplate": boilerplate::as_json(&self.dropped()),
            "elapsed_ms": u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX),
        })
    }
}

/// A format's name as people write it: `rss2.0` is RSS 2.0.
fn format_name(format: &str) -> String {
    let named = [("rss", "RSS "), ("atom", "Atom "), ("json", "JSON Feed ")];
    let version =
        |prefix: &str| format.strip_prefix(prefix).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match (named.iter().find_map(|(prefix, name)| Some(format!("{name}{}", version(prefix)?))), format) {
        (Some(name), _) => name,
        (None, "text") => "plain text".to_owned(),
        (None, "html") => "HTML".to_owned(),
        (None, other) => other.to_owned(),
    }
}

/// Whose voices they are, where they are fewer than the outlets.
fn voices(entry: &Entry) -> String {
    let voices = entry.voices();
    if voices.count() < voices.tellers { printable(&format!(", {voices}")) } else { String::new() }
}

/// A headline on one line, cut where it would be too long.
fn headline(title: &str) -> String {
    let title = if title.trim().is_empty() { "(no headline)" } else { title.trim() };
    let mut short: String = title.chars().take(HEADLINE).collect();
    if title.chars().count() > HEADLINE {
        short = short.trim_end().to_owned();
        short.push('…');
    }
    printable(&short)
}

/// A TOML string: JSON's notation is TOML's for what is an address.
fn toml_string(text: &str) -> String {
    Value::from(text).to_string()
}
