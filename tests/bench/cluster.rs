//! How fast `cluster` decides, and whether a story costs more when there are five times as many.
//!
//!     cargo bench --bench cluster -- [NUMBER] [--corpus FILE.jsonl] [--python PYTHON]
//!
//! Measures generated stories, or those of a file of JSON lines as `cluster` reads them, once and
//! five times over: with other ids, sources and words, partly near the first copy and partly new; with
//! the dates that they have, and all inside the window. A Python that has `rensa` is measured beside it.

#![allow(clippy::print_stdout, reason = "the table is what this is for")]

mod measure;
mod words;

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use measure::{Cost, median, run};
use serde_json::{Value, json};
use words::{Numbers, Stories};

/// Runs of everything; they alternate, so that a busy machine is busy for all.
const REPEATS: usize = 5;
const COPIES: u64 = 5;
/// Seconds that the stories inside the window are apart, from the first to the last.
const SPAN: u64 = 3 * 24 * 3600;

fn main() -> io::Result<()> {
    let asked = Asked::read(env::args().skip(1));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cluster");
    fs::create_dir_all(&folder)?;
    let stories = match &asked.corpus {
        Some(file) => read(file)?,
        None => generated(asked.number),
    };
    let copies = copies(&stories);
    let files = [
        ("once", write(&folder, "once.jsonl", &stories)?),
        ("five times", write(&folder, "dated.jsonl", &by_date(copies.clone()))?),
        ("five times, inside the window", write(&folder, "window.jsonl", &inside_the_window(copies))?),
    ];
    let mut rivals = vec![("oncefeed cluster", env!("CARGO_BIN_EXE_oncefeed").to_owned(), vec!["cluster"])];
    if let Some(python) = asked.python {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/with_rensa.py");
        rivals.push(("rensa RMinHash + LSH", python.clone(), vec![script, "R"]));
        rivals.push(("rensa CMinHash, sketch only", python, vec![script, "C"]));
    }
    let mut costs = vec![vec![Vec::new(); files.len()]; rivals.len()];
    for _ in 0..REPEATS {
        for (costs, (_, program, arguments)) in costs.iter_mut().zip(&rivals) {
            for (costs, (_, (file, _))) in costs.iter_mut().zip(&files) {
                let arguments: Vec<&str> = arguments.iter().copied().chain([file.as_str()]).collect();
                costs.push(run(&folder, &folder.join("answers"), program, &arguments)?);
            }
        }
    }
    println!("| program | stories | a second | a CPU second | CPU, µs a story | peak, MiB |");
    println!("| --- | --- | ---: | ---: | ---: | ---: |");
    for (costs, (program, ..)) in costs.iter().zip(&rivals) {
        print(program, costs, &files);
    }
    fs::remove_dir_all(folder)
}

/// Behind the cost of a story, in how many times it is that of the first row.
fn print(program: &str, costs: &[Vec<Cost>], files: &[(&str, (String, usize))]) {
    let mut first = None;
    for (costs, (what, (_, count))) in costs.iter().zip(files) {
        let (cost, count) = (median(costs), *count as f64);
        let each = cost.cpu / count * 1e6;
        let times = first.map_or_else(String::new, |first| format!(" ({:.2})", each / first));
        first.get_or_insert(each);
        println!(
            "| {program} | {count} {what} | {:.0} | {:.0} | {each:.1}{times} | {:.0} |",
            count / cost.wall,
            count / cost.cpu,
            cost.peak
        );
    }
}

struct Asked {
    number: usize,
    corpus: Option<PathBuf>,
    python: Option<String>,
}

impl Asked {
    const SMOKE: usize = 200;

    fn read(mut words: impl Iterator<Item = String>) -> Asked {
        // Run as a test it only shows that it works.
        let mut asked = Asked { number: Asked::SMOKE, corpus: None, python: None };
        while let Some(word) = words.next() {
            match word.as_str() {
                // What was asked for comes before it.
                "--bench" if asked.number == Asked::SMOKE => asked.number = 20_000,
                "--bench" => {}
                "--corpus" => asked.corpus = words.next().map(PathBuf::from),
                "--python" => asked.python = words.next(),
                _ => asked.number = word.parse().unwrap_or(asked.number),
            }
        }
        asked
    }
}

fn read(file: &Path) -> io::Result<Vec<Value>> {
    BufReader::new(fs::File::open(file)?).lines().map(|line| Ok(serde_json::from_str(&line?)?)).collect()
}

fn generated(number: usize) -> Vec<Value> {
    let mut stories = Stories::new(1);
    let story = |_| {
        let story = stories.tell();
        json!({
            "id": format!("g{}", story.number), "source": format!("s{}", story.number % 100), "title": story.title,
            "text": story.text, "published": date(story.number * SPAN / number as u64),
        })
    };
    (0..number).map(story).collect()
}

/// All stories, and again with ever other words: of each copy a half is near and a half is new.
fn copies(stories: &[Value]) -> Vec<Value> {
    let mut numbers = Numbers::new(2);
    let words: Vec<&str> =
        stories.iter().step_by(10).flat_map(|story| story["text"].as_str().unwrap_or("").split(' ')).collect();
    let mut other = |text: &Value, percent: u64| {
        let word = |word| if numbers.below(100) < percent { pick(&mut numbers, &words) } else { word };
        text.as_str().map(|text| text.split(' ').map(word).collect::<Vec<&str>>().join(" "))
    };
    let mut copies = stories.to_vec();
    for copy in 1..COPIES {
        for (number, story) in (0_u64..).zip(stories) {
            // Of a text with 2 words in 100 replaced 94 % of the shingles stay, with 50 in 100 12 %.
            let percent = [2, 5, 30, 50][((number + copy) % 4) as usize];
            let mut story = story.clone();
            for field in ["id", "source"] {
                story[field] = json!(format!("{}/{copy}", story[field].as_str().unwrap_or("")));
            }
            story["text"] = json!(other(&story["text"], percent));
            story["title"] = json!(other(&story["title"], if percent < 30 { 0 } else { percent }));
            story["url"] = Value::Null;
            copies.push(story);
        }
    }
    copies
}

fn pick<'a>(numbers: &mut Numbers, words: &[&'a str]) -> &'a str {
    words[numbers.below(words.len() as u64) as usize]
}

fn by_date(mut stories: Vec<Value>) -> Vec<Value> {
    stories.sort_by(|a, b| a["published"].as_str().cmp(&b["published"].as_str()));
    stories
}

fn inside_the_window(mut stories: Vec<Value>) -> Vec<Value> {
    let count = stories.len() as u64;
    for (number, story) in (0_u64..).zip(&mut stories) {
        story["published"] = json!(date(number * SPAN / count));
    }
    stories
}

fn date(seconds: u64) -> String {
    (chrono::DateTime::UNIX_EPOCH + chrono::Duration::seconds(1_700_000_000 + seconds as i64)).to_rfc3339()
}

/// The name of the file, and how many stories are in it.
fn write(folder: &Path, name: &str, stories: &[Value]) -> io::Result<(String, usize)> {
    let path = folder.join(name);
    let mut out = BufWriter::new(fs::File::create(&path)?);
    for story in stories {
        writeln!(out, "{story}")?;
    }
    out.flush()?;
    Ok((path.to_string_lossy().into_owned(), stories.len()))
}
