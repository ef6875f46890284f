//! What the store and the published files live through: damage, full disks, wrong clocks, others at work.

mod backups;
mod busy;
mod damage;
mod full;
mod places;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::support::{Folder, rss};

/// When the first run is, and the next one, an hour later.
pub(crate) const FIRST: &str = "2026-11-23T20:00:00Z";
pub(crate) const SECOND: &str = "2026-11-23T21:00:00Z";

/// Words that nothing has in common with those of another number.
fn words(number: usize, count: usize) -> String {
    let syllables = ["ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu", "ve"];
    let mut state = number as u64 * 2_654_435_761 + 97;
    let mut word = || {
        (0..4)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                syllables[(state >> 60) as usize]
            })
            .collect::<String>()
    };
    (0..count).map(|_| word()).collect::<Vec<_>>().join(" ")
}

/// What the story of this number says.
pub(crate) fn text_of(story: usize) -> String {
    words(story + 500_000, 120)
}

/// A source that lists so many stories, the newest last.
pub(crate) fn lists(folder: &Folder, source: &str, stories: usize) {
    let items: Vec<[String; 5]> = (0..stories)
        .map(|n| {
            let date = format!("Mon, 23 Nov 2026 {:02}:{:02}:00 GMT", 6 + n / 60, n % 60);
            let link = format!("https://{source}.example/{n}");
            [format!("{source}{n}"), words(n, 7), link, date, text_of(n)]
        })
        .collect();
    let items: Vec<_> = items.iter().map(|[a, b, c, d, e]| (&**a, &**b, &**c, &**d, &**e)).collect();
    folder.write(&format!("{source}.rss"), &rss(source, &items));
}

/// A folder whose store knows so many stories, and a source that lists ten more.
pub(crate) fn told(stories: usize, settings: &str) -> Folder {
    let folder = Folder::new();
    let source = "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n";
    folder.write("oncefeed.toml", &format!("{settings}{source}[[output]]\nid = \"all\"\n"));
    lists(&folder, "a", stories);
    folder.refresh(FIRST);
    lists(&folder, "a", stories + 10);
    folder
}

/// The published files with their bytes.
pub(crate) fn published(folder: &Folder) -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder.path("public")).unwrap().map(|file| file.unwrap());
    files.map(|file| (file.file_name().into_string().unwrap(), fs::read(file.path()).unwrap())).collect()
}

/// The names of the files beside the store that begin like its own, in order, and those in the folder that is published.
pub(crate) fn beside(folder: &Folder, ending: &str) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder.path(""))
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(ending))
        .collect();
    names.sort();
    names
}

/// Runs a script of bash in the folder; `$0` is the program.
pub(crate) fn script(folder: &Folder, text: &str) -> Output {
    Command::new("bash")
        .args(["-c", text, env!("CARGO_BIN_EXE_oncefeed")])
        .current_dir(folder.path(""))
        .env_remove("ONCEFEED_CONFIG")
        .output()
        .unwrap()
}

/// Destroys the page of the store that this text is on.
pub(crate) fn smash(folder: &Folder, text: &str) {
    let store = folder.path("oncefeed.db");
    let mut bytes = fs::read(&store).unwrap();
    let at = bytes.windows(text.len()).position(|window| window == text.as_bytes()).expect("the text is stored");
    bytes[at / PAGE * PAGE..][..PAGE].fill(0xff);
    fs::write(store, bytes).unwrap();
}

/// Bytes of a page of the store.
pub(crate) const PAGE: usize = 4096;

/// The command between backticks in a message.
pub(crate) fn command(message: &str) -> &str {
    message.split('`').nth(1).unwrap_or_else(|| panic!("no command in {message}"))
}

/// Whether permissions bind whoever runs the tests.
pub(crate) fn permissions_bind(folder: &Path) -> bool {
    fs::write(folder.join("probe"), "").is_err()
}

/// Says why a test looked at nothing.
#[allow(clippy::print_stderr, reason = "who runs the tests is to know")]
pub(crate) fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}
