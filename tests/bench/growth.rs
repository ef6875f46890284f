//! Does a run cost more the more the store holds? Fills a store with generated stories, all inside the
//! window, and adds 50 and 500 to it at each size with real runs of the program.
//!
//!     cargo bench --bench growth -- 1000000
//!
//! The number is the largest size: 1,000,000 take about 10 minutes and 6 GB under `target`. Without
//! `--bench` (as tests are run) a size that only shows that it works. `--program FILE` measures another
//! build of the program, `--filled` the store that an interrupted run has filled.

#![allow(clippy::print_stdout, reason = "the table is what this is for")]

mod measure;
mod words;

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use measure::{Cost, median, run};
use serde_json::json;
use words::Stories;

const SOURCES: usize = 100;
/// Stories of one filling run.
const FILL: usize = 25_000;
/// Runs of each kind at each size.
const REPEATS: usize = 7;
/// What a source still lists of what it told before.
const LISTED: usize = 20;
/// Milliseconds from the first story to the last of a full store: less than the window of 4 days.
const SPAN: u64 = 3 * 24 * 3_600_000;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let asked = arguments.iter().find_map(|word| word.parse().ok());
    let largest = match asked {
        Some(largest) => largest,
        None if arguments.iter().any(|word| word == "--bench") => 100_000,
        None => 1_000,
    };
    let mut sizes: Vec<usize> = [10_000, 100_000, 1_000_000].into_iter().filter(|size| *size < largest).collect();
    sizes.push(largest);
    let program = arguments.iter().skip_while(|word| *word != "--program").nth(1);
    let filled = arguments.iter().any(|word| word == "--filled");
    let mut world = World::new(largest, program.map_or(env!("CARGO_BIN_EXE_oncefeed"), |program| program), filled)?;
    println!("| stories | filled, stories/s | bytes a story | add | wall, ms | worst | CPU, ms | peak, MiB |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    let mut first: Option<Row> = None;
    for size in sizes {
        let row = world.measure(size, size == largest)?;
        if world.filled && size < largest {
            continue;
        }
        row.print(first.as_ref());
        first.get_or_insert(row);
    }
    fs::remove_dir_all(&world.folder)
}

/// What is measured at one size.
struct Row {
    size: usize,
    rate: f64,
    bytes: f64,
    /// Stories added, the middle of the runs and the longest.
    added: Vec<(usize, Cost, f64)>,
}

impl Row {
    /// Behind each number of a later row, in how many times it is that of the first.
    fn print(&self, first: Option<&Row>) {
        for (at, (count, cost, worst)) in self.added.iter().enumerate() {
            let times = |of: fn(&Cost) -> f64| {
                first.map_or_else(String::new, |first| format!(" ({:.2})", of(cost) / of(&first.added[at].1)))
            };
            let (wall, cpu, peak) = (times(|cost| cost.wall), times(|cost| cost.cpu), times(|cost| cost.peak));
            println!(
                "| {} | {:.0} | {:.0} | {count} | {:.0}{wall} | {:.0} | {:.0}{cpu} | {:.1}{peak} |",
                self.size,
                self.rate,
                self.bytes,
                cost.wall * 1e3,
                worst * 1e3,
                cost.cpu * 1e3,
                cost.peak
            );
        }
    }
}

/// A folder with a configuration, the documents of its sources and a store.
struct World {
    program: String,
    /// What is told was told before: nothing runs.
    filled: bool,
    folder: PathBuf,
    stories: Stories,
    /// Milliseconds from one story to the next.
    step: u64,
    /// What each source lists besides what is new.
    listed: Vec<VecDeque<serde_json::Value>>,
}

impl World {
    fn new(largest: usize, program: &str, filled: bool) -> io::Result<World> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("growth");
        if folder.exists() && !filled {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let mut text = "[store]\nurl = \"sqlite:growth.db\"\n".to_owned();
        for source in 0..SOURCES {
            let _ = writeln!(text, "[[source]]\nid = \"s{source}\"\nurl = \"file:s{source}.json\"");
        }
        // The same number of items at every size.
        text.push_str("[[output]]\nid = \"all\"\ntitle = \"All\"\nlimit = 60\nkeep = \"1s\"\n");
        text.push_str("formats = [\"rss\", \"atom\", \"json\", \"html\"]\n");
        fs::write(folder.join("oncefeed.toml"), text)?;
        let listed = vec![VecDeque::new(); SOURCES];
        let mut world = World {
            program: program.to_owned(),
            filled,
            folder,
            stories: Stories::new(1),
            step: SPAN / (largest as u64 + 10_000),
            listed,
        };
        for source in 0..SOURCES {
            world.write(source, Vec::new())?;
        }
        Ok(world)
    }

    fn measure(&mut self, size: usize, is_last: bool) -> io::Result<Row> {
        let (mut filled, mut seconds) = (0, 0.0);
        loop {
            let missing = size.saturating_sub(self.stories.told() as usize);
            if missing == 0 {
                break;
            }
            let count = missing.min(FILL);
            seconds += self.add(count, SOURCES)?.wall;
            filled += count;
        }
        self.filled &= !is_last;
        // Sources list little, as most do, and the first run after it has read that.
        for source in 0..SOURCES {
            self.write(source, Vec::new())?;
        }
        self.add(0, 0)?;
        let bytes = self.bytes()? as f64 / self.stories.told() as f64;
        let mut added = [(0, Vec::new()), (50, Vec::new()), (500, Vec::new())];
        for _ in 0..REPEATS {
            for (count, costs) in &mut added {
                costs.push(self.add(*count, 10)?);
            }
        }
        let added = added
            .iter()
            .map(|(count, costs)| (*count, median(costs), costs.iter().map(|cost| cost.wall).fold(0.0, f64::max)));
        Ok(Row { size, rate: if seconds > 0.0 { filled as f64 / seconds } else { 0.0 }, bytes, added: added.collect() })
    }

    /// So many new stories come, at some of the sources; the program runs.
    fn add(&mut self, count: usize, sources: usize) -> io::Result<Cost> {
        let mut news: Vec<Vec<serde_json::Value>> = vec![Vec::new(); sources];
        for at in 0..count {
            let story = self.stories.tell();
            let link = format!("https://s{}.example/{}", at % sources, story.number);
            news[at % sources].push(json!({
                "id": link, "url": link, "title": story.title, "content_text": story.text,
                "date_published": self.at(story.number),
            }));
        }
        for (source, news) in news.into_iter().enumerate().filter(|(_, news)| !news.is_empty()) {
            self.write(source, news)?;
        }
        if self.filled {
            return Ok(Cost::default());
        }
        let now = self.at(self.stories.told() + 1);
        let arguments = ["--now", &now, "refresh", "--json"];
        let cost = run(&self.folder, &self.folder.join("report"), &self.program, &arguments)?;
        let report: serde_json::Value = serde_json::from_slice(&fs::read(self.folder.join("report"))?)?;
        let came = [&report["new"], &report["folded"]].iter().filter_map(|count| count.as_u64()).sum::<u64>();
        if came == count as u64 { Ok(cost) } else { Err(io::Error::other(format!("{came} of {count}: {report}"))) }
    }

    fn write(&mut self, source: usize, news: Vec<serde_json::Value>) -> io::Result<()> {
        let listed = &mut self.listed[source];
        let before = listed.len();
        listed.extend(news);
        let items: Vec<&serde_json::Value> = listed.iter().rev().collect();
        let title = format!("Source {source}");
        let document = json!({ "version": "https://jsonfeed.org/version/1.1", "title": title, "items": items });
        fs::write(self.folder.join(format!("s{source}.json")), document.to_string())?;
        debug_assert!(before <= LISTED);
        listed.drain(..listed.len().saturating_sub(LISTED));
        Ok(())
    }

    fn at(&self, number: u64) -> String {
        let since = chrono::DateTime::UNIX_EPOCH + chrono::Duration::days(20_000);
        (since + chrono::Duration::milliseconds((number * self.step) as i64)).to_rfc3339()
    }

    /// The size of the store on disk.
    fn bytes(&self) -> io::Result<u64> {
        let mut bytes = 0;
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What it costs to copy it is another question.
            if name.starts_with("growth.db") && !name.ends_with(".bak") {
                bytes += entry.metadata()?.len();
            }
        }
        Ok(bytes)
    }
}
