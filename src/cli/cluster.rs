//! `oncefeed cluster`: the deduper as a filter over JSON lines.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::DateTime;
use serde::{Deserialize, Serialize};

use super::Failure;
use crate::dedupe::{self, Board, Entrant, Events, Report};
use crate::extract;
use crate::model::{Folding, Rule};

/// Stories between two looks at what has fallen out of the window.
const EXPIRE_EVERY: usize = 1024;

/// Fewer times may all be wrong.
const FEW: usize = 16;

/// A longer line is no story.
const LINE_BYTES: u64 = 64 << 20;

/// Arguments of `cluster`.
#[derive(Debug, clap::Args)]
pub(super) struct Cluster {
    /// JSON lines {"id","source","url","published","title","text"}, in order of arrival; standard input when absent or `-`
    file: Option<PathBuf>,
    /// Adds "event" to every line: the id of the first story of the same event, told differently
    #[arg(long)]
    related: bool,
}

/// One line in. All but the id may be absent or null.
#[derive(Deserialize)]
struct Line {
    id: String,
    source: Option<String>,
    url: Option<String>,
    published: Option<String>,
    title: Option<String>,
    text: Option<String>,
}

/// One line out.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a str,
    cluster: &'a str,
    because: Rule,
    with: Option<&'a str>,
    score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
}

impl Cluster {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let events = self.related.then(Events::default);
        match self.file.as_deref().filter(|path| path.as_os_str() != "-") {
            None => filter(std::io::stdin().lock(), events, out),
            Some(path) => {
                let file = std::fs::File::open(path).map_err(|cause| {
                    Failure::data(format!("{}: {cause}", path.display()))
                        .help("name a file of JSON lines, or give them on standard input")
                })?;
                filter(file, events, out)
            }
        }
    }
}

/// Decides in input order and never changes what it has written. Without events none are looked for.
fn filter(input: impl Read, mut events: Option<Events>, out: &mut dyn Write) -> Result<(), Failure> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut board = Board::new(&dedupe::Settings::default());
    let mut ids: Vec<String> = Vec::new();
    let mut seen: HashSet<u64> = HashSet::new();
    let mut sources = Sources::default();
    let mut clock = Clock::default();
    let mut buffer = Vec::new();
    for number in 1_u64.. {
        buffer.clear();
        if input.by_ref().take(LINE_BYTES).read_until(b'\n', &mut buffer).map_err(Failure::stdin)? == 0 {
            break;
        }
        if buffer.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let bad = |what: String| {
            Failure::data(format!("line {number}: {what}"))
                .help(r#"each line is one object: {"id","source","url","published","title","text"}, all but `id` may be absent"#)
        };
        // As a list of its fields a line would be read too.
        if buffer.trim_ascii_start().first() == Some(&b'[') {
            return Err(bad("it is an array".to_owned()));
        }
        let line: Line = serde_json::from_slice(&buffer).map_err(|cause| {
            // It counts lines from the one that it was given.
            let what = cause.to_string();
            bad(what.replace(" at line 1 column ", " at column "))
        })?;
        if !seen.insert(xxhash_rust::xxh3::xxh3_64(line.id.as_bytes())) {
            return Err(bad(format!("id {:?} was there before", line.id)));
        }
        let published = match line.published.as_deref() {
            None | Some("") => None,
            Some(text) => Some(
                DateTime::parse_from_rfc3339(text)
                    .map_err(|_| bad(format!("published is {text:?}, not RFC 3339")))?
                    .timestamp(),
            ),
        };
        let time = clock.time(published);
        let title = extract::plain_line(line.title.as_deref().unwrap_or(""));
        let text = extract::plain_text(line.text.as_deref().unwrap_or(""));
        let entrant = Entrant {
            source: sources.number(line.source),
            distinct: false,
            time,
            folding: Folding::Fold,
            fingerprint: Arc::new(dedupe::fingerprint_of(line.url.as_deref(), &title, &text)),
        };
        let judgement = board.judge(&entrant);
        ids.push(line.id);
        // A cluster is named by the slot of its first story, and ids are in order of slots.
        let own = (ids.len() - 1) as u32;
        let cluster = judgement.with.map_or(own, |slot| board.cluster(slot));
        let event = events.as_mut().map(|events| events.place(cluster, &Report { time, title: &title, text: &text }));
        let answer = Answer {
            id: &ids[own as usize],
            cluster: &ids[cluster as usize],
            because: judgement.because.rule,
            with: judgement.with.map(|slot| &*ids[slot as usize]),
            score: (judgement.because.score * 1e4).round() / 1e4,
            event: event.map(|first| &*ids[first as usize]),
        };
        serde_json::to_writer(&mut *out, &answer).map_err(|cause| Failure::stdout(cause.into()))?;
        out.write_all(b"\n").map_err(Failure::stdout)?;
        // On a pipe nobody waits for an answer that is ready; from a file this happens once a buffer.
        if input.buffer().is_empty() {
            out.flush().map_err(Failure::stdout)?;
        }
        board.add(entrant, cluster);
        if board.len().is_multiple_of(EXPIRE_EVERY)
            && let Some(reached) = clock.reached()
        {
            board.expire(reached);
        }
    }
    out.flush().map_err(Failure::stdout)
}

/// What time it is, judging by the stories alone.
#[derive(Default)]
struct Clock {
    latest: Option<i64>,
    /// Of the stories with one since it was asked last what time was reached.
    times: Vec<i64>,
}

impl Clock {
    /// The time of a story. One without counts as arriving at the latest time seen.
    fn time(&mut self, published: Option<i64>) -> i64 {
        self.times.extend(published);
        self.latest = self.latest.max(published);
        published.or(self.latest).unwrap_or(0)
    }

    /// The time that half of the stories have reached since this was asked last, so that a few that are
    /// dated years ahead do not make all others old. `None` when there are too few to tell.
    fn reached(&mut self) -> Option<i64> {
        if self.times.len() < FEW {
            return None;
        }
        let middle = self.times.len() / 2;
        let reached = *self.times.select_nth_unstable(middle).1;
        self.times.clear();
        Some(reached)
    }
}

/// Numbers for the names of sources; a story without one has a source of its own.
#[derive(Default)]
struct Sources {
    numbers: std::collections::HashMap<String, u32>,
    next: u32,
}

impl Sources {
    fn number(&mut self, name: Option<String>) -> u32 {
        let next = self.next;
        let number = match name {
            Some(name) => *self.numbers.entry(name).or_insert(next),
            None => next,
        };
        self.next += u32::from(number == next);
        number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIRE: &str = "The two delegations left the assembly hall late on Sunday without a deal on the shared river, and the \
        chair of the talks said that no date had been set for another round, since farmers on both banks had asked for more.";

    /// The answer to the last of some lines.
    fn last(lines: &[serde_json::Value]) -> serde_json::Value {
        let input: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let mut out = Vec::new();
        filter(input.join("\n").as_bytes(), None, &mut out).unwrap_or_else(|failure| panic!("{}", failure.what));
        serde_json::from_slice(out.split(|byte| *byte == b'\n').nth(lines.len() - 1).unwrap()).unwrap()
    }

    fn line(id: &str, day: &str, text: &str) -> serde_json::Value {
        serde_json::json!({"id": id, "source": id, "published": format!("{day}T06:00:00Z"), "text": text})
    }

    #[test]
    fn one_story_dated_far_ahead_makes_no_other_old() {
        let mut lines = vec![line("wire", "2026-11-23", WIRE), line("odd", "2099-01-01", "")];
        lines.extend((0..2 * EXPIRE_EVERY).map(|n| line(&n.to_string(), "2026-11-23", &format!("Story number {n}"))));
        lines.push(line("copy", "2026-11-23", &format!("{WIRE} They may meet again.")));
        assert_eq!(last(&lines)["because"], "near-text");
    }

    #[test]
    fn half_of_the_stories_have_reached_a_time() {
        let mut clock = Clock::default();
        assert_eq!((clock.time(None), clock.time(Some(5)), clock.time(Some(3)), clock.time(None)), (0, 5, 3, 5));
        assert_eq!(clock.reached(), None);
        (0..20).for_each(|at| _ = clock.time(Some(100 + at)));
        assert_eq!(clock.reached(), Some(109));
        assert_eq!(clock.reached(), None);
    }

    #[test]
    fn an_array_is_no_story() {
        let failure = filter(&b" [\"1\",null,null,null,null,null]"[..], None, &mut Vec::new()).unwrap_err();
        assert_eq!(failure.code, super::super::code::DATA);
        assert!(failure.what.starts_with("line 1"), "{}", failure.what);
    }
}
