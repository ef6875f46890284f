//! `oncefeed explain`: why a story was folded, or was not, with the numbers.

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::message::printable;
use super::{Context, Failure, existing, runtime};
use crate::config::Config;
use crate::dedupe;
use crate::model::{ClusterId, Entry, Evidence, Rule, Telling, Veto};
use crate::refresh;
use crate::store::{Placed, Query, Store};

/// What the numbers are held against.
const THRESHOLDS: &str = "near text: J >= 0.55; or C >= 0.72 and lead >= 0.50 or half the length; or C >= 0.65 and \
    lead >= 0.80; or C >= 0.50 with lead or headline >= 0.60; then no veto by numbers, names, words or headlines";

/// Clusters that are explained when a question fits several.
const MOST: usize = 5;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A story's id (as in a feed, or its first digits), its address, or words of its title
    #[arg(required = true, value_name = "STORY")]
    story: Vec<String>,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let config = context.load()?;
        let asked = self.story.join(" ");
        let Some(store) = existing(&config.store)? else {
            return Err(Failure::data("nothing has been read yet").help("run `oncefeed refresh` first"));
        };
        let mut found = runtime()?.block_on(find(&*store, &asked))?;
        let more = found.len() > MOST;
        found.truncate(MOST);
        if found.is_empty() {
            return Err(Failure::data(format!("no story in the store fits {asked:?}"))
                .help("give words of its title, its address, or the first digits of its id"));
        }
        if self.json {
            let clusters: Vec<Value> = found.iter().map(|(id, placed)| as_json(*id, placed)).collect();
            serde_json::to_writer(&mut *out, &json!({"schema_version": 1, "stories": clusters}))
                .map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
            return Ok(0);
        }
        for (number, (id, placed)) in found.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            print(*id, placed, out)?;
            for line in shown(&config, *id, placed) {
                writeln!(out, "shown    {}", printable(&line))?;
            }
        }
        writeln!(out, "\n{THRESHOLDS}")?;
        if more {
            context.say(
                "note",
                &format!("only the newest {MOST} stories that fit are shown"),
                Some("add words of the title"),
            );
        }
        Ok(0)
    }
}

/// In which outputs a story is, whose telling is shown there, and why.
fn shown(config: &Config, id: ClusterId, placed: &[Placed]) -> Vec<String> {
    let lines = config.outputs.iter().map(|output| {
        let tellings: Vec<Telling> = (placed.iter())
            .filter_map(|placed| {
                let source = config.sources.iter().find(|source| source.id == placed.source)?;
                refresh::shows(output, source).then(|| refresh::telling(source, None, placed.clone()))
            })
            .collect();
        let Some(entry) = Entry::of(id, tellings) else { return format!("not in {}", output.id) };
        let Telling { source, rank, words, .. } = &entry.shown;
        let others = match entry.also.len() {
            0 => "the only telling that it may show".to_owned(),
            more => format!(
                "rank {rank}, {words} words; best rank, then earliest, of those that told it first with at least two thirds of \
                 the longest text; {more} more"
            ),
        };
        format!("in {} as told by {source}: {others}", output.id)
    });
    lines.collect()
}

/// By id when it looks like one, by address, and by words: "1018" may be a beginning of an id and a
/// word of a title. At most one more than is shown.
async fn find(store: &dyn Store, asked: &str) -> Result<Vec<(ClusterId, Vec<Placed>)>, Failure> {
    let mut queries = Vec::new();
    if let Some(digits) = digits(asked) {
        queries.push(Query::Id(digits));
    }
    if asked.contains("://") {
        let digest = dedupe::fingerprint_of(Some(asked), "", "").url;
        queries.push(Query::Url(asked.to_owned(), digest));
    }
    queries.push(Query::Words(asked.split_whitespace().map(str::to_lowercase).collect()));
    let mut found: Vec<(ClusterId, Vec<Placed>)> = Vec::new();
    for query in queries {
        for (id, placed) in store.find(&query, MOST + 1).await? {
            if found.iter().all(|(known, _)| *known != id) {
                found.push((id, placed));
            }
        }
    }
    Ok(found)
}

/// The digits of an id, from any form that a person may have at hand.
fn digits(asked: &str) -> Option<String> {
    let digits: String = asked.trim().trim_start_matches("urn:uuid:").replace('-', "").to_ascii_lowercase();
    // Digits 13 and 17 of a URN are its version and variant, not the id's own: the first 12 suffice.
    let fits = (4..=32).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit());
    fits.then(|| digits[..digits.len().min(12)].to_owned())
}

fn print(id: ClusterId, placed: &[Placed], out: &mut dyn Write) -> Result<(), Failure> {
    let Some(first) = placed.iter().find(|story| story.because.rule == Rule::Opens).or(placed.first()) else {
        return Ok(());
    };
    writeln!(out, "{}        story {}", printable(&title(first)), id.short())?;
    for story in placed {
        let what = match story.because.rule {
            Rule::Opens => "opened",
            _ => "folded",
        };
        writeln!(
            out,
            "{what:<8} {}  {:<16} {}",
            minute(story.decided),
            story.source.as_str(),
            because(&story.because)
        )?;
        if story.story.title != first.story.title {
            writeln!(out, "         headline: {}", printable(&title(story)))?;
        }
        if let Some(url) = &story.story.url {
            writeln!(out, "         {}", printable(url))?;
        }
        if !story.publish {
            writeln!(out, "         not published: older than the newest of a first visit")?;
        }
        for near in &story.apart {
            writeln!(out, "apart    {}  {:<16} {}", minute(story.decided), story.source.as_str(), apart(near))?;
        }
    }
    Ok(())
}

fn title(story: &Placed) -> String {
    match story.story.title.trim() {
        "" => story.story.text.chars().take(60).collect(),
        title => title.to_owned(),
    }
}

fn with(evidence: &Evidence) -> String {
    evidence.with.as_ref().map(|(source, key)| format!(" with {source} {key}")).unwrap_or_default()
}

/// The rule and its numbers.
fn because(evidence: &Evidence) -> String {
    let rule = evidence.rule.as_str();
    match evidence.rule {
        Rule::Opens => "opens: nothing like it was known".to_owned(),
        Rule::SameId | Rule::SameUrl => format!("{rule}{}", with(evidence)),
        Rule::SameText => format!("{rule}{} (sha256 of the normalised text)", with(evidence)),
        Rule::SameTitle => format!("{rule}{}, one has no text to compare (low confidence)", with(evidence)),
        Rule::NearText => format!("{rule}{}: {}, no veto", with(evidence), numbers(evidence)),
    }
}

fn apart(evidence: &Evidence) -> String {
    format!("{}{}: {} -- {}", evidence.rule.as_str(), with(evidence), numbers(evidence), reason(evidence))
}

/// What kept two stories apart, in words.
pub(super) fn reason(evidence: &Evidence) -> &'static str {
    match evidence.veto {
        Some(Veto::TooLittle) => {
            "too little in common (near text wants J >= .55, or C >= .50 with an equal lead or headline)"
        }
        Some(Veto::Numbers) => "the same words around other numbers",
        Some(Veto::Names) => "the same words around other names",
        Some(Veto::Words) => "the same words around other words",
        Some(Veto::Titles) => "each headline names something that the other text does not have",
        Some(Veto::Series) => "the headline is that of a series: its source gives it to one story after the other",
        Some(Veto::Lead) => "one contains the other, but does not begin where it begins",
        Some(Veto::Media) => "they carry different recordings",
        Some(Veto::Never) => "one is never folded by configuration",
        Some(Veto::Members) => "most tellings of that story disagree",
        None => "not decided",
    }
}

/// The numbers of a comparison.
pub(super) fn numbers(evidence: &Evidence) -> String {
    let (shared, own, other) = evidence.shingles;
    format!(
        "J {:.2}, C {:.2} ({shared} shingles shared of {own} and {other}), lead {:.2}, headline {:.2}, {} apart",
        evidence.jaccard,
        evidence.containment,
        evidence.lead,
        evidence.title,
        span(evidence.apart_seconds)
    )
}

fn span(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} min", seconds / 60),
        3_600..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn minute(time: DateTime<Utc>) -> String {
    time.format("%Y-%m-%d %H:%M").to_string()
}

fn as_json(id: ClusterId, placed: &[Placed]) -> Value {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let tellings: Vec<Value> = (placed.iter())
        .map(|story| {
            json!({
                "source": story.source, "key": story.story.key, "title": story.story.title, "url": story.story.url,
                "published": story.story.published.map(time), "first_seen": time(story.first_seen), "decided": time(story.decided),
                "because": story.because, "apart": story.apart,
            })
        })
        .collect();
    json!({"id": id.urn(), "story": id.short(), "tellings": tellings})
}
