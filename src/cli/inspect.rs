//! `oncefeed inspect`: what is seen in a document, one JSON object a line.

use std::cell::Cell;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize, Serializer};
use url::Url;

use super::message::{code, message};
use super::{Context, Failure, parse_time, runtime, saved, weighed};
use crate::extract::{self, Draft, Explanation, ExtractError, Reading};
use crate::fetch::{self, Client, Fetched};
use crate::model::{Enclosure, Kind, Location, Page, Source, SourceId, Story, Visit};

/// Arguments of `inspect`.
#[derive(Debug, clap::Args)]
pub(super) struct Inspect {
    /// Files or web addresses
    #[arg(required_unless_present = "manifest", value_name = "FILE|URL")]
    inputs: Vec<String>,
    /// How to read them
    #[arg(long = "as", value_name = "KIND", value_parser = parse_kind, default_value = "auto")]
    kind: Kind,
    /// The address that a file was saved from: the base of its relative links
    #[arg(long, value_name = "URL")]
    base_url: Option<Url>,
    /// When a file was fetched, RFC 3339: "2 hours ago" is reckoned from it
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<DateTime<Utc>>,
    /// JSON lines {"path","url","as","at"}, all but the path optional; paths are relative to this file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["inputs", "kind", "base_url", "at"])]
    manifest: Option<PathBuf>,
    /// Say for people what was weighed, with a `[source.list]` that pins the list
    #[arg(long)]
    explain: bool,
    /// With --explain: as JSON lines, with `candidates` and `pin`
    #[arg(long, requires = "explain")]
    json: bool,
    /// Keep each page in a folder, with what was seen in it, for `oncefeed check`
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
}

/// A longer manifest is cut off.
const MANIFEST_BYTES: u64 = 64 << 20;

/// One line of a manifest.
#[derive(Deserialize)]
struct Row {
    path: String,
    url: Option<Url>,
    #[serde(rename = "as")]
    kind: Option<Kind>,
    at: Option<DateTime<Utc>>,
}

/// One document to look at.
struct Input {
    /// As the user named it.
    name: String,
    place: Place,
    kind: Kind,
    base_url: Option<Url>,
    at: Option<DateTime<Utc>>,
}

enum Place {
    File(PathBuf),
    Web(Url),
}

#[derive(Serialize)]
struct Seen<'a> {
    input: &'a str,
    ok: bool,
    kind: &'static str,
    format: &'a str,
    title: Option<&'a str>,
    method: &'a str,
    confidence: f64,
    stories: Stories,
    feeds: &'a [String],
    warnings: &'a [String],
    #[serde(flatten)]
    explained: Option<Explained<'a>>,
}

/// What `--explain` adds.
#[derive(Serialize)]
struct Explained<'a> {
    candidates: Vec<weighed::Weighed<'a>>,
    pin: Option<weighed::Pinned<'a>>,
}

/// Stories that are cleaned one by one as they are written: clean texts may be longer than those that came.
struct Stories(Cell<Vec<Draft>>);

impl Serialize for Stories {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.take().into_iter().map(|draft| shown(draft.clean())))
    }
}

#[derive(Serialize)]
struct Shown {
    id: String,
    url: Option<String>,
    title: String,
    source: Option<String>,
    authors: Vec<String>,
    published: Option<String>,
    updated: Option<String>,
    summary: Option<String>,
    content_html: Option<String>,
    text: String,
    image: Option<String>,
    language: Option<String>,
    categories: Vec<String>,
    enclosures: Vec<Enclosure>,
}

#[derive(Serialize)]
struct Unseen<'a> {
    input: &'a str,
    ok: bool,
    error: String,
    help: Option<String>,
    #[serde(flatten)]
    explained: Option<Explained<'a>>,
}

impl Inspect {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let mut web = Web { context, client: None };
        let sources = self.sources(context)?;
        let task = Task { inspect: self, sources: &sources };
        let mut failed = false;
        match &self.manifest {
            Some(path) => {
                for input in manifest(path)? {
                    failed |= !task.look(&input?, &mut web, out)?;
                }
            }
            None => {
                for name in &self.inputs {
                    let place = match Url::parse(name) {
                        Ok(url) if matches!(url.scheme(), "http" | "https") => Place::Web(url),
                        Ok(url) if url.scheme() == "file" => {
                            Place::File(PathBuf::from(name["file:".len()..].trim_start_matches("//")))
                        }
                        _ => Place::File(PathBuf::from(name)),
                    };
                    let input = Input {
                        name: name.clone(),
                        place,
                        kind: self.kind,
                        base_url: self.base_url.clone(),
                        at: self.at,
                    };
                    failed |= !task.look(&input, &mut web, out)?;
                }
            }
        }
        Ok(if failed { code::SOME_FAILED } else { 0 })
    }

    /// The configured sources, where pages are saved: each is read as its source is. No configuration is needed.
    fn sources(&self, context: &Context) -> Result<Vec<Source>, Failure> {
        if self.save.is_none() || context.path().is_err() {
            return Ok(Vec::new());
        }
        Ok(context.load()?.sources)
    }
}

fn parse_kind(text: &str) -> Result<Kind, String> {
    Kind::READABLE.iter().find(|kind| kind.as_str() == text).copied().ok_or_else(|| {
        format!("use one of {}", Kind::READABLE.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", "))
    })
}

/// The inputs that a manifest lists, one by one.
fn manifest(path: &Path) -> Result<impl Iterator<Item = Result<Input, Failure>>, Failure> {
    let shown = path.display().to_string();
    let unreadable =
        |cause: std::io::Error| Failure::data(format!("{shown}: {cause}")).help("name a file of JSON lines");
    let file = File::open(path).map_err(unreadable)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    // A line without an end must not fill the memory.
    Ok(BufReader::new(file.take(MANIFEST_BYTES)).lines().zip(1_u64..).filter_map(move |(line, number)| {
        let bad = |what: String| {
            Failure::data(format!("{shown}, line {number}: {what}"))
                .help(r#"each line is one object: {"path","url","as","at"}, all but `path` optional"#)
        };
        let line = match line {
            Ok(line) if line.trim().is_empty() => return None,
            Ok(line) => line,
            Err(cause) => return Some(Err(bad(cause.to_string()))),
        };
        let row: Row = match serde_json::from_str(&line) {
            Ok(row) => row,
            Err(cause) => return Some(Err(bad(cause.to_string()))),
        };
        Some(Ok(Input {
            place: Place::File(folder.join(&row.path)),
            name: row.path,
            kind: row.kind.unwrap_or_default(),
            base_url: row.url,
            at: row.at,
        }))
    }))
}

/// What is done with every input.
struct Task<'a> {
    inspect: &'a Inspect,
    /// Whose pages are read as they say.
    sources: &'a [Source],
}

impl Task<'_> {
    /// Prints what is seen in one input; false when nothing is.
    fn look(&self, input: &Input, web: &mut Web<'_>, out: &mut dyn Write) -> Result<bool, Failure> {
        let page = match &input.place {
            Place::File(path) => read_file(path, input, web.max_bytes()),
            Place::Web(url) => web.get(url, input)?,
        };
        let page = match page {
            Ok(page) => page,
            Err((error, help)) if self.is_for_people() => {
                writeln!(out, "{}", message(&input.name, &error, help.as_deref()))?;
                return Ok(false);
            }
            Err((error, help)) => {
                line(&Unseen { input: &input.name, ok: false, error, help, explained: None }, out)?;
                return Ok(false);
            }
        };
        let asked = match &input.place {
            Place::Web(url) => Some(url),
            Place::File(_) => page.url.as_ref(),
        };
        let hints = saved::hints(self.sources, asked, input.kind.into());
        let seen = extract::read(&page, &hints);
        if let (Some(folder), Ok(reading)) = (&self.inspect.save, &seen) {
            saved::save(folder, &page, &input.name, asked, &hints, reading).map_err(|cause| {
                Failure::new(code::CANNOT_CREATE, format!("{}: the page cannot be saved: {cause}", folder.display()))
                    .help("name a folder that you may write to with --save DIR")
            })?;
        }
        let explanation = self.inspect.explain.then(|| extract::explain(&page));
        let ok = seen.is_ok();
        match &explanation {
            Some(explanation) if self.is_for_people() => weighed::print(&input.name, seen.as_ref(), explanation, out)?,
            explanation => print(&input.name, seen, explanation.as_ref(), out)?,
        }
        Ok(ok)
    }

    fn is_for_people(&self) -> bool {
        self.inspect.explain && !self.inspect.json
    }
}

/// Prints what is seen as one line of JSON.
fn print(
    name: &str,
    seen: Result<Reading, ExtractError>,
    explanation: Option<&Explanation>,
    out: &mut dyn Write,
) -> Result<(), Failure> {
    let explained = explanation.map(|explanation| Explained {
        candidates: explanation.candidates.iter().map(weighed::weighed).collect(),
        pin: weighed::pinned(explanation),
    });
    match seen {
        Ok(reading) => line(
            &Seen {
                input: name,
                ok: true,
                kind: reading.kind.as_str(),
                format: reading.format,
                title: reading.title.as_deref(),
                method: &reading.method,
                confidence: reading.confidence,
                stories: Stories(Cell::new(reading.drafts)),
                feeds: &reading.feeds,
                warnings: &reading.warnings,
                explained,
            },
            out,
        ),
        Err(cause) => {
            line(&Unseen { input: name, ok: false, error: cause.to_string(), help: cause.help(), explained }, out)
        }
    }
}

fn line(value: &impl Serialize, out: &mut dyn Write) -> Result<(), Failure> {
    serde_json::to_writer(&mut *out, value).map_err(|cause| Failure::stdout(cause.into()))?;
    writeln!(out)?;
    Ok(())
}

/// What went wrong with one input, and the cure.
type Trouble = (String, Option<String>);

fn read_file(path: &Path, input: &Input, max_bytes: u64) -> Result<Page, Trouble> {
    let cannot = |cause: std::io::Error| (format!("{}: {cause}", path.display()), Some("check the path".to_owned()));
    // A pipe or a device would be waited for, or read for ever.
    if !std::fs::metadata(path).map_err(cannot)?.is_file() {
        return Err((
            format!("{} is not a file", path.display()),
            Some("name a saved document, or an address".to_owned()),
        ));
    }
    let file = File::open(path).map_err(cannot)?;
    let mut body = Vec::new();
    file.take(max_bytes + 1).read_to_end(&mut body).map_err(cannot)?;
    if body.len() as u64 > max_bytes {
        return Err((
            format!("{} is larger than {max_bytes} bytes", path.display()),
            Some("save a part of it".to_owned()),
        ));
    }
    Ok(Page { url: input.base_url.clone(), content_type: None, body, fetched_at: input.at })
}

/// The network, used only when an input is on it.
struct Web<'a> {
    context: &'a Context,
    client: Option<(tokio::runtime::Runtime, Client)>,
}

impl Web<'_> {
    fn settings(&self) -> fetch::Settings {
        let mut settings = fetch::Settings::default();
        settings.allow_private.extend(&self.context.allow_private);
        settings
    }

    fn max_bytes(&self) -> u64 {
        fetch::Settings::default().max_bytes
    }

    fn get(&mut self, url: &Url, input: &Input) -> Result<Result<Page, Trouble>, Failure> {
        if self.client.is_none() {
            let client = Client::new(self.settings())
                .map_err(|cause| Failure { help: cause.help(), ..Failure::new(code::FAILURE, cause.to_string()) })?;
            self.client = Some((runtime()?, client));
        }
        let Some((runtime, client)) = &self.client else {
            return Err(Failure::new(code::FAILURE, "there is no client"));
        };
        let id = SourceId::new("input").expect("\"input\" is an id");
        let source = Source::plain(id, Location::Web(url.clone()), input.kind);
        let fetched = runtime.block_on(client.visit(&source, &Visit::default(), self.context.now));
        Ok(match fetched {
            Ok(Fetched::Page(document)) => {
                let fetched_at = input.at.or(document.page.fetched_at);
                Ok(Page { fetched_at, url: input.base_url.clone().or(document.page.url), ..document.page })
            }
            Ok(Fetched::Unchanged { .. }) => Err(("the server sent no document".to_owned(), None)),
            Err(cause) => Err((cause.to_string(), cause.help())),
        })
    }
}

fn shown(story: Story) -> Shown {
    let time = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true));
    Shown {
        id: story.key,
        url: story.url,
        title: story.title,
        source: story.outlet,
        authors: story.authors,
        published: time(story.published),
        updated: time(story.updated),
        summary: story.summary,
        content_html: story.content_html,
        text: story.text,
        image: story.image,
        language: story.language,
        categories: story.categories,
        enclosures: story.enclosures,
    }
}
