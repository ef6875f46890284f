//! Tells a WebSub hub which feeds have changed, so that subscribers need not ask again and again.
//!
//! WebSub leaves to hub and publisher how the one tells the other; hubs take what PubSubHubbub 0.3 §7.1 says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::Bounds;
use super::feeds::feeds;
use crate::config::Config;
use crate::fetch::Client;
use crate::model::{Format, RunReport};
use crate::publish::{self, PublishError};

/// Tells the hub of the feeds that this run has changed, and of those that an earlier one could not tell of.
///
/// A hub that fails is a warning: whoever asks by himself sees the feed as ever. What it was not told of is left
/// to the next run, and so is what there was no time for.
pub(super) async fn announce(
    config: &Config,
    web: &Client,
    report: &mut RunReport,
    now: DateTime<Utc>,
    bounds: &Bounds,
) -> Result<(), PublishError> {
    let Some(hub) = &config.site.hub else { return Ok(()) };
    let mut topics = expect(config, &report.files)?;
    let mut ends = std::pin::pin!(bounds.time_ends());
    while let Some(topic) = topics.first().cloned() {
        let fields = [("hub.mode", "publish"), ("hub.url", &*topic)];
        // One host is told one thing at a time, and a site may have thousands of feeds.
        let told = tokio::select! {
            biased;
            () = &mut ends => Err("the time was up".to_owned()),
            told = web.send_form(hub, &fields, now) => told.map_err(|error| error.to_string()),
        };
        if let Err(error) = told {
            let feeds = match topics.len() {
                1 => "1 feed that has".to_owned(),
                count => format!("{count} feeds that have"),
            };
            let what = format!("the hub was not told of {feeds} changed, the next run tries again: {error}");
            report.warnings.push(what);
            break;
        }
        topics.remove(&topic);
    }
    publish::expect(&topics, &config.publish.dir)
}

/// Remembers that the hub has to be told of these files, as far as they are public feeds. Gives all that it has
/// to be told of; before any of it is told, so that a run that is killed leaves it to the next.
pub(super) fn expect(config: &Config, files: &[(String, bool)]) -> Result<BTreeSet<String>, PublishError> {
    if config.site.hub.is_none() {
        return Ok(BTreeSet::new());
    }
    let has_changed = |name: &str| files.iter().any(|(file, changed)| *changed && file == name);
    // What is private now was perhaps public when it was left to this run.
    let public = public_feeds(config);
    let mut topics = publish::pending(&config.publish.dir);
    topics.retain(|topic| public.iter().any(|(_, public)| public == topic));
    let left = topics.len();
    topics.extend(public.into_iter().filter(|(name, _)| has_changed(name)).map(|(_, topic)| topic));
    if topics.len() > left {
        publish::expect(&topics, &config.publish.dir)?;
    }
    Ok(topics)
}

/// The name of each feed that anybody may see, and where it is served.
fn public_feeds(config: &Config) -> Vec<(String, String)> {
    // What the sources call themselves names no file.
    let feeds = feeds(config, &BTreeMap::new());
    let public = feeds.iter().map(|feed| &feed.output).filter(|output| !output.private);
    let names = public.flat_map(|output| {
        let feeds = output.formats.iter().filter(|format| **format != Format::Html);
        feeds.map(move |format| format!("{}.{}", output.id, format.as_str()))
    });
    names.filter_map(|name| publish::address(&config.site, &name).map(|topic| (name, topic))).collect()
}
