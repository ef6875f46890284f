//! `oncefeed try`: what a feed of these sources would hold, in memory; nothing is written.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use url::Url;

use super::message::code;
use super::tryreport::Tried;
use super::{Context, Failure, runtime, sample};
use crate::dedupe;
use crate::extract;
use crate::fetch::{self, Client};
use crate::model::{Kind, Location, Outcome, OutcomeKind, Representative, Source, SourceId, SourceReport, Visit};
use crate::refresh::{self, Options, Visitor};
use crate::store::{self, Shelf, Store};

/// So long is one host asked for documents; what is left over by then is left out.
const HOST_TIME: Duration = Duration::from_secs(10);
/// A list of subscriptions is no larger than this.
const MOST_BYTES: u64 = 16 << 20;

/// Arguments of `try`.
#[derive(Debug, clap::Args)]
pub(super) struct Try {
    /// Addresses, files, or OPML lists of subscriptions; without any, a sample that is built in
    #[arg(value_name = "URL|FILE|OPML")]
    inputs: Vec<String>,
    /// One JSON object on one line
    #[arg(long)]
    json: bool,
}

impl Try {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let started = Instant::now();
        let sources = sources(&self.inputs)?;
        let now = if sources.is_empty() { sample::now() } else { context.now };
        let mut settings =
            fetch::Settings { delay: Duration::from_millis(250), timeout: HOST_TIME, ..fetch::Settings::default() };
        settings.allow_private.extend(&context.allow_private);
        let web = Client::new(settings.clone())
            .map_err(|cause| Failure { help: cause.help(), ..Failure::new(code::FAILURE, cause.to_string()) })?;
        let runtime = runtime()?;
        let tried = runtime.block_on(async {
            let store = store::open(&store::Location::Memory)?;
            let options = Options { now, force: true, all: true };
            let visitor = Visitor { store: &*store, web: &web, options };
            let mut tried = match sources.is_empty() {
                true => given(&visitor).await?,
                false => visited(&visitor, sources, settings.concurrency).await?,
            };
            read(&*store, &mut tried, now).await?;
            Ok::<Tried, Failure>(tried)
        });
        // A lookup that hangs must not keep the program.
        runtime.shutdown_timeout(Duration::from_millis(200));
        let mut tried = tried?;
        tried.built_in = self.inputs.is_empty();
        tried.elapsed = started.elapsed();
        if self.json {
            serde_json::to_writer(&mut *out, &tried.json()).map_err(|cause| Failure::stdout(cause.into()))?;
            writeln!(out)?;
        } else {
            tried.print(out)?;
        }
        let failed = tried.rows.iter().filter(|row| !row.outcome.kind.is_success()).count();
        Ok(match failed {
            0 => 0,
            all if all == tried.rows.len() => code::ALL_FAILED,
            _ => code::SOME_FAILED,
        })
    }
}

/// The arguments as sources, lists of subscriptions unrolled.
fn sources(inputs: &[String]) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    let mut ids = HashSet::new();
    for input in inputs {
        match Url::parse(input) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => {
                let id = id(url.host_str().unwrap_or_default(), &mut ids);
                sources.push(Source::plain(id, Location::Web(url), Kind::Auto));
                continue;
            }
            _ => {}
        }
        let path =
            PathBuf::from(input.strip_prefix("file://").or_else(|| input.strip_prefix("file:")).unwrap_or(input));
        match subscriptions(&path) {
            Some(list) => {
                for subscription in list {
                    let Ok(url) = Url::parse(&subscription.url) else { continue };
                    if matches!(url.scheme(), "http" | "https") {
                        let id = id(subscription.title.as_deref().or(url.host_str()).unwrap_or_default(), &mut ids);
                        let plain = Source::plain(id, Location::Web(url), Kind::Auto);
                        sources.push(Source { title: subscription.title, groups: subscription.groups, ..plain });
                    }
                }
            }
            None => {
                let id = id(&path.file_stem().unwrap_or_default().to_string_lossy(), &mut ids);
                sources.push(Source::plain(id, Location::File(path), Kind::Auto));
            }
        }
    }
    if sources.is_empty() && !inputs.is_empty() {
        return Err(
            Failure::data("there is no subscription in it").help("an OPML list has <outline xmlUrl=\"…\"> elements")
        );
    }
    // As given: the first is preferred.
    for (source, rank) in sources.iter_mut().zip(0..) {
        source.rank = rank;
    }
    Ok(sources)
}

/// The subscriptions of a file that is a list of them; what cannot be read is told when it is visited.
fn subscriptions(path: &Path) -> Option<Vec<extract::Subscription>> {
    let size = std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.len();
    if size > MOST_BYTES {
        return None;
    }
    extract::subscriptions(&String::from_utf8_lossy(&std::fs::read(path).ok()?))
}

/// A free id that looks like a name.
pub(super) fn id(name: &str, taken: &mut HashSet<String>) -> SourceId {
    let name = name.trim().to_lowercase();
    let name = name.strip_prefix("www.").unwrap_or(&name);
    let mut slug = String::new();
    for c in name.chars().take(40) {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    let slug = if slug.is_empty() { "source" } else { slug };
    let free =
        (1..).map(|n| if n == 1 { slug.to_owned() } else { format!("{slug}-{n}") }).find(|id| taken.insert(id.clone()));
    free.and_then(|id| SourceId::new(&id)).expect("letters, digits and hyphens are an id")
}

/// The built-in sample, read.
async fn given(visitor: &Visitor<'_>) -> Result<Tried, Failure> {
    let mut tried = Tried::new(sample::documents().into_iter().map(|(source, _)| source).collect());
    for (source, page) in sample::documents() {
        tried.rows.push(visitor.give(&source, page).await?);
    }
    Ok(tried)
}

/// The sources, visited side by side, each host for at most its time.
async fn visited(visitor: &Visitor<'_>, sources: Vec<Source>, concurrency: usize) -> Result<Tried, Failure> {
    let ends: std::sync::Mutex<HashMap<String, tokio::time::Instant>> = std::sync::Mutex::default();
    let visit = async |at: usize, source: Source| {
        let end = end_of(&ends, &source);
        let visit = visit(visitor, &source);
        let result = match end {
            Some(end) => tokio::time::timeout_at(end, visit).await.unwrap_or_else(|_| Ok(left_out(&source))),
            None => visit.await,
        };
        result.map(|row| (at, row))
    };
    let mut running =
        futures_util::stream::iter(sources.iter().cloned().enumerate().map(|(at, source)| visit(at, source)))
            .buffer_unordered(concurrency);
    let mut rows: BTreeMap<usize, (Source, SourceReport)> = BTreeMap::new();
    while let Some(row) = running.next().await {
        let (at, row) = row?;
        rows.insert(at, row);
    }
    drop(running);
    let (sources, rows) = rows.into_values().unzip();
    Ok(Tried { rows, ..Tried::new(sources) })
}

/// When a host's time is over; it begins with the first of its sources.
fn end_of(
    ends: &std::sync::Mutex<HashMap<String, tokio::time::Instant>>,
    source: &Source,
) -> Option<tokio::time::Instant> {
    let Location::Web(url) = &source.location else { return None };
    let mut ends = ends.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    Some(*ends.entry(url.host_str()?.to_owned()).or_insert_with(|| tokio::time::Instant::now() + HOST_TIME))
}

/// One source; a page that announces a feed is left for the feed.
async fn visit(visitor: &Visitor<'_>, source: &Source) -> Result<(Source, SourceReport), store::StoreError> {
    let mut row = visitor.visit(source, Visit::default()).await?;
    if matches!(&source.location, Location::File(path) if !path.is_file()) {
        row.outcome.help = Some("name a file that is there, or an address with its `https://`".to_owned());
    }
    let is_page = row.seen.as_ref().is_none_or(|seen| matches!(seen.kind, Kind::Listing | Kind::Article));
    let feed = row.feeds.first().filter(|_| is_page).and_then(|feed| Url::parse(feed).ok());
    let (Some(feed), Location::Web(page)) =
        (feed.filter(|feed| matches!(feed.scheme(), "http" | "https")), &source.location)
    else {
        return Ok((source.clone(), row));
    };
    let there = Source { location: Location::Web(feed), ..source.clone() };
    let mut found = visitor.visit(&there, Visit::default()).await?;
    if !found.outcome.kind.is_success() {
        return Ok((source.clone(), row));
    }
    found.warnings.insert(0, format!("the feed that {} announces", fetch::redacted(page)));
    Ok((there, found))
}

fn left_out(source: &Source) -> (Source, SourceReport) {
    let location = fetch::address(&source.location);
    let outcome = Outcome {
        kind: OutcomeKind::RetryLater,
        error: Some(format!("left out: its host had {} seconds and has not answered all", HOST_TIME.as_secs())),
        help: Some("`oncefeed refresh` takes the time that it needs".to_owned()),
        http_status: None,
    };
    let row = SourceReport { location, ..SourceReport::new(source.id.clone(), outcome) };
    (source.clone(), row)
}

/// Decides, and reads what came of it.
async fn read(store: &dyn Store, tried: &mut Tried, now: DateTime<Utc>) -> Result<(), Failure> {
    let mut rows: BTreeMap<SourceId, SourceReport> = tried.rows.drain(..).map(|row| (row.id.clone(), row)).collect();
    refresh::decide(&tried.sources, &dedupe::Settings::default(), store, &mut rows, now).await?;
    tried.rows = tried.sources.iter().filter_map(|source| rows.remove(&source.id)).collect();
    let ids: Vec<SourceId> = tried.sources.iter().map(|source| source.id.clone()).collect();
    let visits = store.visits(&ids).await?;
    let by_id: HashMap<&SourceId, &Source> = tried.sources.iter().map(|source| (&source.id, source)).collect();
    let all = Shelf { sources: ids.clone(), limit: usize::MAX, since: DateTime::<Utc>::MAX_UTC, cap: 0, seat: None };
    for (id, placed) in store.shelf(&all).await? {
        let source_of = |id: &SourceId| by_id.get(id).copied();
        let entry = refresh::entry(id, placed.clone(), source_of, &visits, Representative::First);
        if let Some(entry) = entry {
            tried.stories.push((entry, placed));
        }
    }
    tried.standings = store.standing(DateTime::<Utc>::MIN_UTC).await?;
    tried.stories.sort_by(|(a, _), (b, _)| b.published.cmp(&a.published).then(a.id.cmp(&b.id)));
    Ok(())
}
