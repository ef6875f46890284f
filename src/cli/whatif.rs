//! `oncefeed explain --threshold`: what another setting would do to the stories that are stored.
//!
//! The stories of the window are decided about twice, from the first to the last, with the threshold that
//! is set and with the other; what differs is shown. What a person corrected stays as it is.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::json;

use super::explain::{numbers, title};
use super::find::find_one;
use super::message::printable;
use super::{Context, Failure};
use crate::config::Config;
use crate::dedupe::{self, Board, Entrant, Judgement, telling_id};
use crate::model::{Evidence, Member, Rule};
use crate::store::{Placed, Query, Store};

/// Stories that are decided about again, the newest: bounds the memory.
const MOST: usize = 50_000;
/// Differences that are printed.
const PRINTED: usize = 20;

/// A threshold from the command line.
pub(super) fn threshold(text: &str) -> Result<f64, String> {
    let range = dedupe::Settings::THRESHOLDS;
    let value = text.parse().ok().filter(|value| range.contains(value));
    value.ok_or_else(|| format!("write a share from {} to {}", range.start(), range.end()))
}

/// A telling that would be placed otherwise.
struct Change {
    /// Number of the story in the timeline.
    story: usize,
    /// Number of the story that it would be folded with, or is now.
    with: usize,
    /// It would fold; else it would come apart.
    folds: bool,
    evidence: Evidence,
}

pub(super) async fn run(
    context: &Context,
    config: &Config,
    store: &dyn Store,
    asked: &str,
    threshold: f64,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let window = chrono::Duration::from_std(config.dedupe.window).unwrap_or(chrono::Duration::MAX);
    let newest = store.settled().await?.unwrap_or(context.now);
    let since = newest.checked_sub_signed(window).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let members = store.timeline(since, MOST).await?;
    let only = if asked.is_empty() { None } else { Some(find_one(store, asked).await?.1) };
    let now = replay(&members, &config.dedupe);
    let then = replay(&members, &dedupe::Settings { threshold, ..config.dedupe.clone() });
    let mut changes = changes(&now, &then);
    if let Some(placed) = &only {
        let wanted: HashSet<_> = placed.iter().map(|telling| (&telling.source, &telling.key)).collect();
        let is_wanted = |number: usize| wanted.contains(&(&members[number].source, &members[number].key));
        changes.retain(|change| is_wanted(change.story) || is_wanted(change.with));
    }
    let told = tell(store, &members, &changes).await?;
    if as_json {
        let lines: Vec<_> = (changes.iter().zip(&told))
            .map(|(change, told)| {
                json!({"folds": change.folds, "story": told.0, "with": told.1, "corrected": told.2, "evidence": change.evidence})
            })
            .collect();
        let object = json!({"schema_version": 1, "threshold": threshold, "now": config.dedupe.threshold,
            "stories": members.len(), "changes": lines});
        serde_json::to_writer(&mut *out, &object).map_err(|cause| Failure::stdout(cause.into()))?;
        writeln!(out)?;
        return Ok(0);
    }
    let days = config.dedupe.window.as_secs_f64() / 86_400.0;
    writeln!(
        out,
        "threshold {threshold} instead of {}: {} stories of the last {days:.0} days, decided about again",
        config.dedupe.threshold,
        members.len()
    )?;
    for folds in [true, false] {
        let (head, mark) = if folds { ("would fold", "+") } else { ("would come apart", "-") };
        let some: Vec<_> = changes.iter().zip(&told).filter(|(change, _)| change.folds == folds).collect();
        writeln!(out, "{head}: {}", some.len())?;
        for (change, (story, with, corrected)) in some.iter().take(PRINTED) {
            writeln!(out, "  {mark} {}", printable(story))?;
            writeln!(out, "    with {}", printable(with))?;
            writeln!(
                out,
                "    {}{}",
                numbers(&change.evidence),
                if *corrected { "; stays as you decided" } else { "" }
            )?;
        }
        if some.len() > PRINTED {
            writeln!(out, "  and {} more; `--json` has all", some.len() - PRINTED)?;
        }
    }
    writeln!(out, "Nothing was changed. Set `dedupe.threshold` for stories to come; those that are published stay.")?;
    Ok(0)
}

/// A story's decision, and the first story of its cluster.
struct Decided {
    judgement: Judgement,
    opener: u32,
}

fn replay(members: &[Member], settings: &dedupe::Settings) -> Vec<Decided> {
    let mut board = Board::new(settings);
    let mut sources: HashMap<&str, u32> = HashMap::new();
    let mut decided = Vec::with_capacity(members.len());
    for member in members {
        let next = sources.len() as u32;
        let entrant = Entrant {
            source: *sources.entry(member.source.as_str()).or_insert(next),
            distinct: true,
            time: member.time.timestamp(),
            folding: member.folding,
            fingerprint: Arc::clone(&member.fingerprint),
        };
        let judgement = board.judge(&entrant);
        let opener = judgement.with.map_or(decided.len() as u32, |slot| board.cluster(slot));
        board.add(entrant, opener);
        decided.push(Decided { judgement, opener });
    }
    decided
}

/// Stories that open a cluster in one replay and join one in the other.
fn changes(now: &[Decided], then: &[Decided]) -> Vec<Change> {
    let change = |(story, (now, then)): (usize, (&Decided, &Decided))| {
        let (folds, joined) = match (now.judgement.with, then.judgement.with) {
            (None, Some(_)) => (true, then),
            (Some(_), None) => (false, now),
            (Some(_), Some(_)) if now.opener != then.opener => (true, then),
            _ => return None,
        };
        let with = joined.judgement.with? as usize;
        Some(Change { story, with, folds, evidence: joined.judgement.because.clone() })
    };
    now.iter().zip(then).enumerate().filter_map(change).collect()
}

/// For each change both tellings in words, and whether a person has corrected one of them.
async fn tell(
    store: &dyn Store,
    members: &[Member],
    changes: &[Change],
) -> Result<Vec<(String, String, bool)>, Failure> {
    let mut clusters: BTreeMap<_, Vec<Placed>> = BTreeMap::new();
    for number in changes.iter().flat_map(|change| [change.story, change.with]) {
        let cluster = members[number].cluster;
        if let std::collections::btree_map::Entry::Vacant(free) = clusters.entry(cluster) {
            let found = store.find(&Query::Id(cluster.short()), 8).await?;
            free.insert(found.into_iter().find(|(id, _)| *id == cluster).map(|(_, placed)| placed).unwrap_or_default());
        }
    }
    let told = |number: usize| {
        let member = &members[number];
        let placed = clusters[&member.cluster]
            .iter()
            .find(|telling| telling.source == member.source && telling.key == member.key);
        let corrected = placed.is_some_and(|placed| matches!(placed.because.rule, Rule::Split | Rule::Merge));
        let id = telling_id(&member.source, &member.key).short();
        (format!("{} {id} {:?}", member.source, placed.map(title).unwrap_or_default()), corrected)
    };
    Ok(changes
        .iter()
        .map(|change| {
            let ((story, a), (with, b)) = (told(change.story), told(change.with));
            (story, with, a || b)
        })
        .collect())
}
