//! The program as a process: what signals, limits of time, wrong clocks and other processes do to it.

mod again;
mod clocks;
// It looks for processes where Linux lists them.
#[cfg(target_os = "linux")]
mod rendering;
mod stops;
mod time;

use std::time::Duration;

use crate::origin::Origin;
use crate::support::{Folder, rss};

/// When these runs are.
const NOON: &str = "2026-11-23T12:00:00Z";

/// Makes a folder whose sources, each with one story, are at the origin: host and how many milliseconds an answer takes.
/// `fetch` are further lines of `[fetch]`.
fn folder(origin: &Origin, sources: &[(usize, u64)], fetch: &str) -> Folder {
    let mut text = format!(
        "[site]\nbase_url = \"https://news.example/\"\n[fetch]\nallow_private = [\"127.0.1.0/24\"]\n{fetch}\n\
         [[output]]\nid = \"all\"\n"
    );
    for (number, (host, millis)) in sources.iter().enumerate() {
        let (id, path) = (format!("s{number}"), format!("/s{number}.rss"));
        let url = format!("https://{id}.example/1");
        let title = format!("Story number {number}");
        let item = ("1", &*title, &*url, "Mon, 23 Nov 2026 10:00:00 GMT", "Something happened, and was told.");
        origin.serve(&path, &rss(&id, &[item]), Duration::from_millis(*millis));
        text.push_str(&format!("[[source]]\nid = \"{id}\"\nurl = \"{}\"\n", origin.url(*host, &path)));
    }
    let folder = Folder::new();
    folder.write("oncefeed.toml", &text);
    folder
}

/// What is remembered of each source, as `status` tells it.
fn status(folder: &Folder) -> Vec<serde_json::Value> {
    let ran = folder.run(&["status", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let status: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    status["sources"].as_array().unwrap().clone()
}

#[test]
fn the_program_knows_no_places_to_fail_unless_it_is_built_for_that() {
    let program = std::fs::read(env!("CARGO_BIN_EXE_oncefeed")).unwrap();
    let name = b"ONCEFEED_FAILPOINT";
    let knows = program.windows(name.len()).any(|window| window == name);
    assert_eq!(knows, cfg!(feature = "failpoints"));
}
