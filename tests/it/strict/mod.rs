//! Every feed that is published passes the strict rules, whatever went in: the sample, feeds of others where
//! they are at hand, and a generator of all that is nasty.
//!
//! Validators of others are not part of the project, and what they are to look at is written on request:
//! with `ONCEFEED_FEEDS=FOLDER` the feeds of every edition stay in that folder.

#[path = "../../strict/mod.rs"]
mod rules;

mod nasty;
mod others;
mod proof;

use std::path::PathBuf;

use oncefeed::model::{Edition, Site};
use oncefeed::publish::{self, File};

use crate::support::{Folder, NOW, copy};

/// Renders an edition twice, checks its feeds, and keeps them where somebody asked for them.
#[track_caller]
fn check(set: &str, site: &Site, edition: &Edition) {
    let files = publish::render(site, edition).unwrap_or_else(|cause| panic!("{set} {}: {cause}", edition.output.id));
    assert_eq!(files, publish::render(site, edition).unwrap(), "equal editions give equal bytes");
    keep(set, &files);
    let feeds: Vec<(&str, &[u8])> = (files.iter())
        .filter(|file| !file.name.ends_with(".html"))
        .map(|file| (file.name.as_str(), file.bytes.as_slice()))
        .collect();
    rules::check(&feeds);
}

fn keep(set: &str, files: &[File]) {
    let Some(folder) = std::env::var_os("ONCEFEED_FEEDS") else { return };
    publish::write(files, &PathBuf::from(folder).join(set)).unwrap();
}

#[test]
fn nothing_nasty_gets_into_a_feed() {
    // Enough for every title, address and piece of HTML to come by; more where validators are to see them.
    let editions = if std::env::var_os("ONCEFEED_FEEDS").is_some() { 500 } else { 24 };
    for number in 0..editions {
        let (site, edition) = nasty::edition(number);
        check("nasty", &site, &edition);
    }
}

#[test]
fn an_address_may_have_a_host_that_is_no_domain() {
    let (site, edition) = nasty::hosts();
    check("hosts", &site, &edition);
    let files = publish::render(&site, &edition).unwrap();
    let rss = String::from_utf8(files[0].bytes.clone()).unwrap();
    for link in ["http://[2001:db8::1]:8080/a", "https://under_score.example/a.mp3", "http://nas:8080/a.mp3"] {
        assert!(rss.contains(&format!("<link>{link}</link>")), "{link}");
    }
}

#[test]
fn the_sample_is_strict() {
    let folder = Folder::new();
    copy("config", &folder.path("config"));
    let ran = folder.run(&["--config", "config/sample.toml", "--now", NOW, "refresh"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for output in ["world", "local"] {
        let files = ["rss", "atom", "json"].map(|ending| {
            let name = format!("{output}.{ending}");
            let bytes = std::fs::read(folder.path(&format!("public/{name}"))).unwrap();
            File { name, bytes }
        });
        keep("sample", &files);
        rules::check(&files.each_ref().map(|file| (file.name.as_str(), file.bytes.as_slice())));
    }
}
