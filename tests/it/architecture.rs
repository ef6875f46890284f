//! The dependency rule: stages never import one another, and each library has one room.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Room, and the rooms that it may use besides itself.
const MAY_USE: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("failpoint", &[]),
    ("fetch", &["model"]),
    ("extract", &["model"]),
    ("dedupe", &["model"]),
    ("store", &["model", "failpoint"]),
    ("publish", &["model", "failpoint"]),
    ("config", &["model", "fetch", "extract", "dedupe", "store", "publish"]),
    ("refresh", &["model", "failpoint", "config", "fetch", "extract", "dedupe", "store", "publish"]),
    ("cli", &["model", "failpoint", "config", "fetch", "extract", "dedupe", "store", "publish", "refresh"]),
];

/// Library, and the one room that knows it.
const ONE_ROOM: &[(&str, &str)] = &[
    ("reqwest", "fetch"),
    ("hyper", "fetch"),
    ("async_compression", "fetch"),
    ("httpdate", "fetch"),
    ("ammonia", "extract"),
    ("dom_query", "extract"),
    ("dom_smoothie", "extract"),
    ("encoding_rs", "extract"),
    ("chardetng", "extract"),
    ("rusqlite", "store"),
    ("rss", "publish"),
    ("atom_syndication", "publish"),
    ("toml", "config"),
    ("clap", "cli"),
    ("tracing_subscriber", "cli"),
];

fn sources() -> Vec<(String, PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    walk(&root, &mut found);
    found.sort();
    (found.into_iter())
        .map(|path| {
            let inside = path.strip_prefix(&root).unwrap().to_owned();
            let room =
                inside.components().next().unwrap().as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            (room, inside, text)
        })
        .collect()
}

/// Code without comments: a comment may speak of other rooms.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.starts_with("//"))
}

/// The rooms named as `crate::room` in a file, grouped imports included.
fn rooms_used(text: &str) -> Vec<String> {
    let text: String = code(text).collect::<Vec<_>>().join(" ");
    let mut used = Vec::new();
    for after in text.split("crate::").skip(1) {
        let names = match after.strip_prefix('{') {
            // Only the first segment of each path of a group names a room.
            Some(group) => first_segments(group),
            None => vec![after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned()],
        };
        used.extend(names);
    }
    used
}

fn first_segments(group: &str) -> Vec<String> {
    let (mut depth, mut names, mut name) = (1, Vec::new(), String::new());
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => names.push(std::mem::take(&mut name)),
            c if depth == 1 => name.push(c),
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names.push(name);
    (names.iter())
        .map(|path| path.trim().split([':', ' ']).next().unwrap_or("").to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn stages_never_import_one_another() {
    let may_use: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    for (room, path, text) in sources() {
        let Some(allowed) = may_use.get(room.as_str()) else {
            assert!(["lib", "main"].contains(&room.as_str()), "{} is in no known room", path.display());
            continue;
        };
        for used in rooms_used(&text) {
            let known = may_use.contains_key(used.as_str());
            assert!(!known || used == room || allowed.contains(&&*used), "{} uses crate::{used}", path.display());
        }
    }
}

#[test]
fn the_rule_sees_imports_in_every_form() {
    assert_eq!(rooms_used("use crate::store::Store;"), ["store"]);
    assert_eq!(rooms_used("use crate::{model::{A, B}, fetch, dedupe::place};"), ["model", "fetch", "dedupe"]);
    assert_eq!(rooms_used("    crate::publish::write(x)"), ["publish"]);
    assert_eq!(rooms_used("// crate::publish is elsewhere"), Vec::<String>::new());
}

#[test]
fn each_library_has_one_room() {
    for (room, path, text) in sources() {
        for (library, home) in ONE_ROOM {
            let names = |line: &str| {
                line.contains(&format!("use {library}::"))
                    || line.contains(&format!(" {library}::"))
                    || line.contains(&format!("({library}::"))
            };
            // A room may have a module of a library's name: `publish::rss` writes with `rss`.
            if room != *home && code(&text).any(names) {
                panic!("{} uses {library}, which only {home} knows", path.display());
            }
        }
    }
}

#[test]
fn the_middle_reads_no_clock() {
    for (room, path, text) in sources() {
        let reads = code(&text).any(|line| {
            line.contains("Utc::now()") || line.contains("SystemTime::now()") || line.contains("Local::now()")
        });
        assert!(!reads || room == "cli", "{} reads the clock", path.display());
    }
}

#[test]
fn one_http_client_is_built() {
    let built = sources()
        .iter()
        .flat_map(|(_, _, text)| {
            code(text)
                .filter(|line| line.contains("Client::builder()") || line.contains("reqwest::get("))
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .count();
    assert_eq!(built, 1, "every request goes through the one guarded client");
}

#[test]
fn every_room_says_what_it_is_for() {
    for (_, path, text) in sources() {
        assert!(text.starts_with("//! "), "{} has no header", path.display());
    }
}
