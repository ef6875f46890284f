//! What is disturbed: editions of a few sources, corrections between them, and a store that has to be brought up to date.

use std::path::Path;

use crate::support::{Folder, Ran, rss};

/// A command, what the sources say when it is run, and what makes it whole when it was ended in the middle.
pub(crate) struct Step {
    pub(crate) name: &'static str,
    files: Vec<(String, String)>,
    command: Vec<&'static str>,
    /// The run after it.
    then: Option<Vec<&'static str>>,
}

impl Step {
    /// What the sources say now.
    pub(crate) fn prepare(&self, folder: &Folder) {
        for (name, text) in &self.files {
            folder.write(name, text);
        }
    }

    /// The command, with something that is to happen to it.
    pub(crate) fn disturbed(&self, folder: &Folder, failpoint: &str) -> Ran {
        Ran::of(&folder.command(&self.command).env("ONCEFEED_FAILPOINT", failpoint).output().unwrap())
    }

    /// The command, undisturbed.
    pub(crate) fn run_first(&self, folder: &Folder) {
        self.succeed(folder, &self.command);
        self.then.iter().for_each(|then| self.succeed(folder, then));
    }

    /// What completes it after it was disturbed: the same again, and for a correction, which may be stored already,
    /// the next run.
    pub(crate) fn complete(&self, folder: &Folder) {
        match &self.then {
            None => self.succeed(folder, &self.command),
            Some(then) => {
                folder.run(&self.command);
                self.succeed(folder, then);
            }
        }
    }

    fn succeed(&self, folder: &Folder, command: &[&str]) {
        let ran = folder.run(command);
        assert_eq!(ran.code, 0, "{}: {}", self.name, ran.err);
    }
}

/// A text that nothing else is like.
pub(crate) fn text(words: usize, salt: usize) -> String {
    const PARTS: &[&str] = &["ka", "lo", "mi", "ren", "tu", "sa", "vel", "no", "dri", "pes", "gor", "hal"];
    let word = |at: usize| {
        let mix = (at + 7 * salt).wrapping_mul(2_654_435_761) ^ (salt * 977);
        [mix, mix / 12, mix / 144].map(|number| PARTS[number % PARTS.len()]).concat()
    };
    (0..words).map(word).collect::<Vec<_>>().join(" ")
}

/// An item of a source: key, headline, day and hour of November, text.
pub(crate) fn feed(source: &str, items: &[(&str, &str, &str, String)]) -> (String, String) {
    let items: Vec<_> = (items.iter())
        .map(|(key, title, date, text)| {
            ((*key).to_owned(), *title, format!("https://{source}.example/{key}"), *date, text.clone())
        })
        .collect();
    let items: Vec<(&str, &str, &str, &str, &str)> =
        items.iter().map(|(key, title, url, date, text)| (&**key, *title, &**url, *date, &**text)).collect();
    (format!("{source}.rss"), rss(source, &items))
}

pub(crate) fn configuration(sources: &[&str]) -> (String, String) {
    let sources: String =
        sources.iter().map(|id| format!("[[source]]\nid = \"{id}\"\nurl = \"file:{id}.rss\"\n")).collect();
    let outputs = "[[output]]\nid = \"all\"\n[[output]]\nid = \"few\"\nlimit = 1\nkeep = \"0s\"\nformats = [\"rss\"]\n";
    let text = format!("[site]\nbase_url = \"https://news.example/\"\n{sources}{outputs}");
    ("oncefeed.toml".to_owned(), text)
}

fn step(name: &'static str, files: Vec<(String, String)>, command: &[&'static str]) -> Step {
    Step { name, files, command: command.to_vec(), then: None }
}

fn correction(name: &'static str, command: &[&'static str]) -> Step {
    let then = vec!["--now", "2026-11-23T15:00:00Z", "refresh"];
    Step { then: Some(then), ..step(name, Vec::new(), command) }
}

/// Editions with copies, edits, a key that changes its story, corrections, and a long time that makes texts old.
pub(crate) fn town() -> Vec<Step> {
    const MORNING: &str = "Mon, 23 Nov 2026 10:00:00 GMT";
    const NOON: &str = "Mon, 23 Nov 2026 13:00:00 GMT";
    const LATER: &str = "Fri, 15 Jan 2027 10:00:00 GMT";
    let (treaty, ferry, loaf) = (text(90, 1), text(70, 2), text(60, 3));
    let first = vec![
        configuration(&["harbour", "metro", "ledger"]),
        feed(
            "harbour",
            &[
                ("treaty", "River talks end without a deal", MORNING, treaty.clone()),
                ("ferry", "Last crossing of the ferry", MORNING, ferry.clone()),
            ],
        ),
        feed("metro", &[("talks", "No deal on the river", MORNING, format!("{treaty} They go home."))]),
        feed("ledger", &[("loaf", "The last loaf of the mill", MORNING, loaf.clone())]),
    ];
    let second = vec![
        feed(
            "harbour",
            &[
                ("treaty", "River talks end without a deal", MORNING, format!("{treaty} {}", text(60, 4))),
                ("ferry", "Something else under an old key", NOON, text(80, 5)),
                ("books", "Six weeks for every book", NOON, text(50, 6)),
            ],
        ),
        feed(
            "metro",
            &[
                ("talks", "No deal on the river", MORNING, format!("{treaty} They go home.")),
                ("mill", "Mill bakes its last loaf", NOON, format!("{loaf} It closes.")),
                ("short", "In short", NOON, text(40, 7)),
            ],
        ),
    ];
    let third = vec![feed("ledger", &[("bridge", "Bridge reopens", LATER, text(60, 8))])];
    vec![
        step("the first edition", first, &["--now", "2026-11-23T12:00:00Z", "refresh"]),
        step("the second edition", second, &["--now", "2026-11-23T14:00:00Z", "refresh"]),
        correction(
            "a merge",
            &["--now", "2026-11-23T15:00:00Z", "merge", "https://metro.example/short", "https://harbour.example/books"],
        ),
        correction("a split", &["--now", "2026-11-23T15:00:00Z", "split", "https://harbour.example/treaty", "metro"]),
        correction("a drop", &["--now", "2026-11-23T15:00:00Z", "drop", "https://ledger.example/loaf"]),
        step("a late edition", third, &["--now", "2027-01-15T12:00:00Z", "refresh"]),
        step("a run that prunes", Vec::new(), &["--now", "2027-01-15T13:00:00Z", "refresh"]),
    ]
}

/// A store of the first schema, whose hashes mean nothing any more.
pub(crate) fn upgrade(folder: &Folder) -> Vec<Step> {
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stores/schema-1.db");
    std::fs::copy(old, folder.path("oncefeed.db")).unwrap();
    let files = vec![
        configuration(&["harbour", "metro", "ledger"]),
        feed("harbour", &[("bridge", "Bridge reopens", "Mon, 23 Nov 2026 12:00:00 GMT", text(60, 8))]),
        feed("metro", &[("short", "In short", "Mon, 23 Nov 2026 12:00:00 GMT", text(40, 7))]),
        feed("ledger", &[("loaf", "Another loaf", "Mon, 23 Nov 2026 12:00:00 GMT", text(50, 9))]),
    ];
    vec![step("an upgrade", files, &["--now", "2026-11-23T13:00:00Z", "refresh"])]
}
