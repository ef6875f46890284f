//! Programs that render pages, in runs that go well and in runs that are stopped.

use std::fs;
use std::time::Duration;

use super::NOON;
use super::stops::disturb;
use crate::support::Folder;

/// A folder with one source, whose page this shell script prints: `$1` is the address.
fn rendering(script: &str) -> Folder {
    let folder = Folder::new();
    folder.write("page.sh", script).write(
        "oncefeed.toml",
        &format!(
            "[fetch]\nallow_private = [\"127.0.0.1/32\"]\nrender = [\"sh\", \"{}\", \"{{url}}\"]\n[[source]]\nid = \"app\"\n\
             url = \"http://127.0.0.1:9443/news\"\nas = \"listing\"\nfull_text = false\nrender = true\n",
            folder.path("page.sh").display()
        ),
    );
    folder
}

/// The number that a script has left in a file.
fn process(folder: &Folder, name: &str) -> String {
    loop {
        match fs::read_to_string(folder.path(name)) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            _ => std::thread::sleep(Duration::from_millis(10)),
        }
    }
}

fn is_over(id: &str) -> bool {
    let Ok(state) = fs::read_to_string(format!("/proc/{id}/stat")) else { return true };
    state.rsplit_once(") ").is_some_and(|(_, state)| state.starts_with('Z'))
}

#[test]
fn the_stories_of_a_page_that_scripts_fill_are_published() {
    let story = |n: u32, title: &str| {
        format!(
            "<article><h2><a href=\"/2026/11/story-number-{n}\">{title}</a></h2><p>What happened there.</p></article>"
        )
    };
    let page: String = [
        "Harbour board votes to dredge the channel",
        "Ferry timetable changes from Monday",
        "Herring run begins early this year",
    ]
    .into_iter()
    .zip(1..)
    .map(|(title, n)| story(n, title))
    .collect();
    let folder = rendering(&format!("cat <<'END'\n<!doctype html><title>Harbour</title><main>{page}</main>\nEND\n"));
    let report = folder.refresh(NOON);
    assert_eq!((&report["failed"], &report["new"]), (&0.into(), &3.into()), "{report}");
    let links: Vec<_> = folder.items("all.rss").into_iter().filter_map(|item| item.link).collect();
    assert!(links.contains(&"http://127.0.0.1:9443/2026/11/story-number-1".to_owned()), "{links:?}");
    // The same page at the next visit is no news.
    let report = folder.refresh("2026-11-23T15:00:00Z");
    assert_eq!(report["sources"][0]["outcome"], "unchanged", "{report}");
}

#[test]
fn a_program_that_fails_is_a_source_that_fails() {
    let ran = rendering("echo 'cannot open display' >&2; exit 7").run(&["--now", NOON, "refresh"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert!(ran.err.contains("http://127.0.0.1:9443/news, ended with code 7: cannot open display"), "{}", ran.err);
    assert!(ran.err.contains("in a terminal"), "{}", ran.err);
}

#[test]
fn a_run_that_is_stopped_leaves_no_program_behind() {
    for (signals, code) in [(&[("TERM", 100)][..], 143), (&[("INT", 100), ("INT", 200)][..], 130)] {
        let folder = rendering("");
        let here = folder.path("").display().to_string();
        folder.write("page.sh", &format!("cd {here}; sleep 100 & echo $! > child; echo $$ > own; wait"));
        let child = folder.command(&["--now", NOON, "refresh"]).spawn().unwrap();
        let (own, grandchild) = (process(&folder, "own"), process(&folder, "child"));
        let (output, took) = disturb(child, signals);
        assert_eq!(output.status.code(), Some(code), "{signals:?}");
        assert!(took < Duration::from_secs(5), "{took:?}");
        // Whoever is its parent now may not have heard of its end yet.
        std::thread::sleep(Duration::from_millis(100));
        assert!(is_over(&own) && is_over(&grandchild), "{signals:?}");
    }
}
