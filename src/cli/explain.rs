//! `oncefeed explain`: why a story was folded, or was not, with the numbers.

use std::io::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::check::count;
use super::find::{find, help};
use super::message::printable;
use super::{Context, Failure, boilerplate, existing, runtime, shown, whatif};
use crate::config::Config;
use crate::dedupe::telling_id;
use crate::model::{ClusterId, Evidence, Rule, Source, SourceId, Verdict, Veto, Voice, Voices};
use crate::store::Placed;

/// Clusters that are explained when a question fits several.
const MOST: usize = 5;

/// Arguments of `explain`.
#[derive(Debug, clap::Args)]
pub(super) struct Explain {
    /// A story's id (as in a feed, or its first digits), its address, or words of its title; the id of a telling
    /// is for `split`
    #[arg(required_unless_present = "threshold", value_name = "STORY")]
    story: Vec<String>,
    /// Say what another `dedupe.threshold` would do to the stored stories, or to this one; changes nothing
    #[arg(long, value_name = "SHARE", value_parser = whatif::threshold)]
    threshold: Option<f64>,
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
        let runtime = runtime()?;
        if let Some(threshold) = self.threshold {
            return runtime.block_on(whatif::run(context, &config, &*store, &asked, threshold, self.json, out));
        }
        let mut found = runtime.block_on(find(&*store, &asked, MOST + 1))?;
        let more = found.len() > MOST;
        found.truncate(MOST);
        if found.is_empty() {
            return Err(Failure::data(format!("no story in the store fits {asked:?}"))
                .help(help("give words of its title, its address, or the first digits of its id", &asked)));
        }
        if self.json {
            let clusters: Vec<Value> =
                found.iter().map(|(id, placed)| as_json(*id, placed, &voices(&config, placed))).collect();
            serde_json::to_writer(&mut *out, &json!({"schema_version": 1, "stories": clusters}))
                .map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
            return Ok(0);
        }
        for (number, (id, placed)) in found.iter().enumerate() {
            if number > 0 {
                writeln!(out)?;
            }
            print(*id, placed, &voices(&config, placed), out)?;
            let shown = runtime.block_on(shown::shown(&config, &*store, *id, placed))?;
            for line in shown::lines(&config, &shown) {
                writeln!(out, "shown    {}", printable(&line))?;
            }
        }
        writeln!(out, "\n{}", config.dedupe.near_text())?;
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

/// The source of that id, if it is still configured.
pub(super) fn source<'a>(config: &'a Config, id: &SourceId) -> Option<&'a Source> {
    config.sources.iter().find(|source| source.id == *id)
}

/// The independent voices among tellings (what was seeded is nobody's), with the owners that the configuration names.
fn voices(config: &Config, placed: &[Placed]) -> Voices {
    let voices: Vec<(&SourceId, Voice)> = (placed.iter())
        .filter(|placed| !placed.source.is_seeded())
        .map(|placed| {
            let source = source(config, &placed.source);
            let owner = source.and_then(|source| source.owner.clone()).or(placed.voice.owner.clone());
            (&placed.source, Voice { owner, ..placed.voice.clone() })
        })
        .collect();
    Voices::among(voices.iter().map(|(source, voice)| (*source, voice)))
}

fn print(id: ClusterId, placed: &[Placed], voices: &Voices, out: &mut dyn Write) -> Result<(), Failure> {
    let Some(first) = placed.iter().find(|story| story.verdict == Verdict::Opens).or(placed.first()) else {
        return Ok(());
    };
    writeln!(out, "{}        story {}", printable(&title(first)), id.short())?;
    if let Some(at) = first.dropped {
        writeln!(out, "dropped  {}  by you: in no output until `oncefeed drop --undo {}`", minute(at), id.short())?;
    }
    if placed.iter().filter(|placed| !placed.source.is_seeded()).count() > 1 {
        writeln!(out, "told by  {}, {}", count(voices.tellers, "source"), printable(&voices.to_string()))?;
    }
    for story in placed {
        let what = match story.verdict {
            Verdict::Opens => "opened",
            _ => "folded",
        };
        writeln!(
            out,
            "{what:<8} {}  {:<16} {}",
            minute(story.decided),
            story.source.as_str(),
            because(&story.because)
        )?;
        if placed.len() > 1 {
            writeln!(out, "         telling {}", telling_id(&story.source, &story.key).short())?;
        }
        if story.story.title != first.story.title {
            writeln!(out, "         headline: {}", printable(&title(story)))?;
        }
        if let Some(url) = &story.story.url {
            writeln!(out, "         {}", printable(url))?;
        }
        if let Some(via) = &story.story.via {
            writeln!(out, "         by way of {}", printable(via))?;
        }
        if let Some(raw) = &story.story.raw_date {
            writeln!(out, "         dated `{}`, which cannot be: taken as of when it was first seen", printable(raw))?;
        }
        boilerplate::explain(story, out)?;
        if !story.publish {
            writeln!(out, "         not published: older than the newest of a first visit")?;
        }
        for near in &story.apart {
            writeln!(out, "apart    {}  {:<16} {}", minute(story.decided), story.source.as_str(), apart(near))?;
        }
    }
    Ok(())
}

pub(super) fn title(story: &Placed) -> String {
    match story.story.title.trim() {
        "" => story.story.text.chars().take(60).collect(),
        title => title.to_owned(),
    }
}

fn with(evidence: &Evidence) -> String {
    evidence.with.as_ref().map(|(source, key)| format!(" with {source} {key}")).unwrap_or_default()
}

fn with_from(evidence: &Evidence) -> String {
    evidence.with.as_ref().map(|(source, key)| format!(" from {source} {key}")).unwrap_or_default()
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
        Rule::SameOriginal => format!("{rule}{}: one page names the other as its original", with(evidence)),
        Rule::Seeded => format!("{rule}: an item of an old output, whose id readers know; it is shown nowhere"),
        Rule::Split => format!("{rule} off by you{}, for good", with_from(evidence)),
        Rule::Merge => format!("{rule}d by you{}, for good", with(evidence)),
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
        Some(Veto::Split) => "would fold, but you took them apart",
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

fn as_json(id: ClusterId, placed: &[Placed], voices: &Voices) -> Value {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let tellings: Vec<Value> = (placed.iter())
        .map(|story| {
            json!({
                "id": telling_id(&story.source, &story.key).short(),
                "source": story.source, "key": story.key, "title": story.story.title, "url": story.story.url,
                "via": story.story.via,
                "published": story.story.published.map(time), "raw_date": story.story.raw_date, "first_seen": time(story.first_seen), "decided": time(story.decided),
                "because": story.because, "apart": story.apart,
                "agency": story.voice.agency, "press_release": story.voice.release, "owner": story.voice.owner,
                "boilerplate": story.story.boilerplate,
            })
        })
        .collect();
    let dropped = placed.iter().find_map(|story| story.dropped).map(time);
    json!({"id": id.urn(), "story": id.short(), "dropped": dropped, "voices": voices.names, "tellings": tellings})
}
