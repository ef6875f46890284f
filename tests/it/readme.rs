//! The README and the configuration that ships cannot go stale.

use std::fs;
use std::path::Path;

use oncefeed::config::Config;

fn project(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

#[test]
fn the_commented_configuration_is_valid_and_shows_the_defaults() {
    let text = project("config/oncefeed.toml");
    let path = Path::new("oncefeed.toml");
    let plain = Config::parse(path, &text).unwrap();
    // With every comment that is a key switched on it means the same: the comments show the defaults.
    let mut shown = String::new();
    for line in text.lines() {
        let key = line.strip_prefix("# ").filter(|rest| {
            rest.split_once(" = ").is_some_and(|(key, _)| key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'))
        });
        let example = line.contains("no default") || line.contains("base_url") || line.contains("user_agent");
        shown.push_str(key.filter(|_| !example).unwrap_or(line));
        shown.push('\n');
    }
    let shown = Config::parse(path, &shown).unwrap_or_else(|cause| panic!("{cause}"));
    assert_eq!(format!("{plain:?}"), format!("{shown:?}"));
}

#[test]
fn the_readme_shows_what_the_sample_prints() {
    let readme = project("README.md");
    let folder = crate::support::Folder::new();
    crate::support::copy("config", &folder.path("config"));
    let ran = folder.run(&["--config", "config/sample.toml", "--now", crate::support::NOW, "refresh"]);
    for line in ran.out.lines().filter(|line| !line.contains(" s")) {
        // The folder is the test's own, the numbers are the README's.
        let shown = line.split(" config/").next().unwrap_or(line).trim_end();
        assert!(readme.contains(shown), "README.md does not show: {shown}");
    }
    assert!(readme.contains("--config config/sample.toml --now 2026-11-24T06:00:00Z refresh"));
}

#[test]
fn the_readme_lists_every_command_of_the_help() {
    let readme = project("README.md");
    let help = crate::support::Folder::new().run(&["--help"]).out;
    let commands = help.split("Commands:").nth(1).unwrap().split("Options:").next().unwrap();
    for line in commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let command = line.split_whitespace().next().unwrap();
        if command == "help" {
            continue;
        }
        assert!(readme.contains(&format!("oncefeed {command}")), "README.md does not name {command}");
    }
}

#[test]
fn the_starting_point_is_valid() {
    let news = Config::parse(Path::new("config/news.toml"), &project("config/news.toml"));
    let news = news.expect("config/news.toml is valid");
    assert!(news.sources.len() >= 20, "it is a starting point");
    // Everything in it is shown somewhere.
    for source in &news.sources {
        let shown = news.outputs.iter().any(|output| source.groups.iter().any(|group| output.groups.contains(group)));
        assert!(shown, "{} is in no output", source.id);
    }
}
