//! Runs the program in a folder of its own, and reads what it published with another parser.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The time of most tests: that of the sample.
pub(crate) const NOW: &str = "2026-11-24T06:00:00Z";

/// A folder that a test works in; gone afterwards.
pub(crate) struct Folder(TempDir);

/// What a run of the program left.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// An item of a published feed, as another parser reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) link: Option<String>,
    pub(crate) published: Option<String>,
    pub(crate) updated: Option<String>,
    pub(crate) content: String,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> &Folder {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// As [`Folder::write`], for this user alone.
    pub(crate) fn write_secret(&self, name: &str, text: &str) -> &Folder {
        self.write(name, text);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
        }
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs the program in this folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    pub(crate) fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).spawn().unwrap();
        // A program that does not read its input ends the pipe; that is its right.
        let _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
        Ran::of(&child.wait_with_output().unwrap())
    }

    /// The program in this folder, to be started.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oncefeed"));
        command.args(arguments).current_dir(self.0.path()).env_remove("ONCEFEED_CONFIG").env("HOME", self.0.path());
        command.env_remove("XDG_CONFIG_HOME").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Refreshes at a time, and gives the report.
    pub(crate) fn refresh(&self, now: &str) -> serde_json::Value {
        let ran = self.run(&["--now", now, "refresh", "--json"]);
        assert!(ran.code == 0 || ran.code == 3, "exit {}: {}", ran.code, ran.err);
        serde_json::from_str(&ran.out).unwrap_or_else(|cause| panic!("{cause}: {}", ran.out))
    }

    /// The items of a published feed.
    pub(crate) fn items(&self, name: &str) -> Vec<Item> {
        items(&self.path(&format!("public/{name}")))
    }
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Ran {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        Ran { code: output.status.code().unwrap_or(-1), out: text(&output.stdout), err: text(&output.stderr) }
    }
}

/// The items of a feed file, read by feed-rs.
pub(crate) fn items(path: &Path) -> Vec<Item> {
    let bytes = fs::read(path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    let feed = feed_rs::parser::parse(bytes.as_slice()).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    (feed.entries.into_iter())
        .map(|entry| Item {
            id: entry.id,
            title: entry.title.map(|title| title.content).unwrap_or_default(),
            link: entry
                .links
                .iter()
                .find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
                .map(|link| link.href.clone()),
            published: entry.published.map(|at| at.to_rfc3339()),
            updated: entry.updated.map(|at| at.to_rfc3339()),
            content: entry
                .content
                .and_then(|content| content.body)
                .or(entry.summary.map(|text| text.content))
                .unwrap_or_default(),
        })
        .collect()
}

/// A copy of a folder of the project.
pub(crate) fn copy(from: &str, to: &Path) {
    copy_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join(from), to);
}

/// A copy of a folder, with all that is in it.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// An RSS document of the given items: (guid, title, link, time as RFC 2822, text).
pub(crate) fn rss(title: &str, items: &[(&str, &str, &str, &str, &str)]) -> String {
    let items: String = (items.iter())
        .map(|(guid, title, link, date, text)| {
            format!("<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate><description>{text}</description></item>\n")
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?>\n<rss version=\"2.0\"><channel><title>{title}</title><link>https://{title}.example/</link><description>d</description>\n{items}</channel></rss>\n"
    )
}
