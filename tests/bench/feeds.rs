//! How fast feeds are read: bytes to drafts, dates parsed, HTML not yet sanitised.
//!
//!     taskset -c 0 cargo bench --bench feeds -- [--folder FOLDER]... [--python PYTHON]
//!
//! Reads the files of the folders, without any generated feeds. A Python that has `fastfeedparser` reads the same
//! files beside it, in turns, so that a busy machine is busy for both. Bytes are in memory before the clock starts,
//! and the clock is that of the processor.

#![allow(clippy::print_stdout, reason = "the table is what this is for")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs, io};

use oncefeed::extract;
use oncefeed::model::{Kind, Page};

/// Turns, of which the fastest counts.
const TURNS: usize = 7;

/// What reading all files once cost and gave.
#[derive(Clone, Copy, Debug)]
struct Turn {
    seconds: f64,
    feeds: usize,
    items: usize,
}

fn main() -> io::Result<()> {
    let asked = Asked::read(env::args().skip(1));
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("feeds");
    let folders = if asked.folders.is_empty() {
        generate(&made, asked.number)?;
        vec![made.clone()]
    } else {
        asked.folders
    };
    let files = files(&folders)?;
    let pages: Vec<Page> = files.iter().map(|file| page(file)).collect::<io::Result<_>>()?;
    let bytes: usize = pages.iter().map(|page| page.body.len()).sum();
    let (mut own, mut rival) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        own.push(read(&pages));
        if let Some(python) = &asked.python {
            rival.push(read_with(python, &files)?);
        }
    }
    println!("{} files, {:.1} MB, processor time of the fastest of {TURNS} turns", files.len(), bytes as f64 / 1e6);
    println!("| reader | ms | MB/s | feeds | items |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let own = print("oncefeed", &own, bytes);
    let rival = print("fastfeedparser", &rival, bytes);
    if let (Some(own), Some(rival)) = (own, rival) {
        println!("{:.2} times as fast", rival.seconds / own.seconds);
    }
    fs::remove_dir_all(made).or_else(|cause| if cause.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(cause) })
}

struct Asked {
    number: usize,
    folders: Vec<PathBuf>,
    python: Option<String>,
}

impl Asked {
    fn read(mut words: impl Iterator<Item = String>) -> Asked {
        // Run as a test it only shows that it works.
        let mut asked = Asked { number: 4, folders: Vec::new(), python: None };
        while let Some(word) = words.next() {
            match word.as_str() {
                "--bench" => asked.number = 200,
                "--folder" => asked.folders.extend(words.next().map(PathBuf::from)),
                "--python" => asked.python = words.next(),
                _ => {}
            }
        }
        asked
    }
}

/// The files of the folders, in order of their names.
fn files(folders: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(folder)? {
            files.push(entry?.path());
        }
    }
    files.retain(|file| file.is_file());
    files.sort();
    Ok(files)
}

fn page(file: &Path) -> io::Result<Page> {
    let fetched_at = "2026-12-01T00:00:00Z".parse().ok();
    Ok(Page { url: "https://n.example/feed".parse().ok(), content_type: None, body: fs::read(file)?, fetched_at })
}

fn read(pages: &[Page]) -> Turn {
    let begun = processor_seconds();
    let mut turn = Turn { seconds: 0.0, feeds: 0, items: 0 };
    for page in pages {
        if let Ok(reading) = extract::read(page, &Kind::Feed.into()) {
            turn.feeds += 1;
            turn.items += reading.drafts.len();
        }
    }
    turn.seconds = processor_seconds() - begun;
    turn
}

/// What this thread has had of the processor; where the system does not say, the time on the wall.
fn processor_seconds() -> f64 {
    thread_local!(static BEGAN: Instant = Instant::now());
    let wall = BEGAN.with(Instant::elapsed).as_secs_f64();
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = told.and_then(|told| told.split_whitespace().next()?.parse::<f64>().ok());
    nanos.map_or(wall, |nanos| nanos / 1e9)
}

/// The same, read by fastfeedparser.
fn read_with(python: &str, files: &[PathBuf]) -> io::Result<Turn> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/fastfeedparser_read.py");
    let output = Command::new(python).arg(script).args(files).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers[..] {
        [seconds, feeds, items] => Ok(Turn { seconds, feeds: feeds as usize, items: items as usize }),
        _ => Err(io::Error::other(format!("{python}: {said}{}", String::from_utf8_lossy(&output.stderr)))),
    }
}

/// Prints the row of a reader; gives its fastest turn.
fn print(reader: &str, turns: &[Turn], bytes: usize) -> Option<Turn> {
    let best = turns.iter().copied().min_by(|a, b| a.seconds.total_cmp(&b.seconds))?;
    let Turn { seconds, feeds, items } = best;
    println!("| {reader} | {:.1} | {:.0} | {feeds} | {items} |", seconds * 1e3, bytes as f64 / 1e6 / seconds);
    Some(best)
}

/// Feeds of 30 items with texts of 200 words; every third is Atom.
fn generate(folder: &Path, number: usize) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut state = 1_u64;
    for nth in 0..number {
        let mut items = String::new();
        for item in 0..30 {
            let (title, text) = (words(&mut state, 9), words(&mut state, 200));
            let link = format!("https://n{nth}.example/{item}");
            let day = 1 + item % 28;
            let _ = if nth % 3 == 2 {
                writeln!(
                    items,
                    "<entry><id>{link}</id><title>{title}</title><link href=\"{link}\"/><author><name>Ann</name></author>\
                     <published>2026-10-{day:02}T07:05:09+01:00</published><category term=\"news\"/>\
                     <content type=\"html\">&lt;p&gt;{text}&lt;/p&gt;</content></entry>"
                )
            } else {
                writeln!(
                    items,
                    "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">{nth}-{item}</guid>\
                     <dc:creator>Ann</dc:creator><pubDate>{day} Oct 2026 07:05:09 GMT</pubDate><category>news</category>\
                     <content:encoded><![CDATA[<p>{text}</p>]]></content:encoded></item>"
                )
            };
        }
        let (head, tail) = if nth % 3 == 2 {
            ("<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>F</title>", "</feed>")
        } else {
            (
                "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
                 xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>F</title>",
                "</channel></rss>",
            )
        };
        fs::write(folder.join(format!("{nth:03}.xml")), format!("<?xml version=\"1.0\"?>\n{head}\n{items}{tail}\n"))?;
    }
    Ok(())
}

fn words(state: &mut u64, number: usize) -> String {
    const WORDS: &[&str] = &[
        "harbour",
        "council",
        "the",
        "a",
        "of",
        "ferry",
        "said",
        "Monday",
        "new",
        "bridge",
        "and",
        "was",
        "after",
        "years",
        "it&#8217;s",
        "R&amp;D",
        "prices",
        "rose",
        "by",
        "seven",
        "in",
        "Älvsund",
        "storm",
        "over",
        "night",
    ];
    let mut next = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(*state >> 33) as usize % WORDS.len()]
    };
    (0..number).map(|_| next()).collect::<Vec<_>>().join(" ")
}
