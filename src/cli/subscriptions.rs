//! Lists of subscriptions (OPML) as sources of the configuration.

use std::collections::HashSet;
use std::io::{Read as _, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use url::Url;

use super::check::count;
use super::message::{code, printable};
use super::tryout::id;
use super::{Context, Failure};
use crate::config::{self, Added, Config, ConfigError};
use crate::extract::{self, Subscription};
use crate::model::{Location, SourceId};

/// A list of subscriptions is no larger than this.
const MOST_BYTES: u64 = 16 << 20;
/// Addresses that are named when they are left out.
const NAMED: usize = 3;

/// What the lists come to.
#[derive(Default)]
struct Plan {
    added: Vec<Added>,
    /// They are sources already.
    twice: Vec<String>,
    /// No address of the web.
    unread: Vec<String>,
}

/// Adds what the lists name to the configuration; or, asked to print, writes it as it would be to `out`.
pub(super) fn import(
    context: &Context,
    lists: &[PathBuf],
    print: bool,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let subscriptions: Vec<Subscription> =
        lists.iter().map(|list| read(list)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    let (path, text) = match context.path() {
        Ok(path) => {
            // Checked first: a mistake that was there before is none of the new sources.
            Config::load(&path)?;
            let text = std::fs::read_to_string(&path);
            let text = text.map_err(|cause| Failure::new(code::CONFIG, format!("{}: {cause}", path.display())))?;
            (path, text)
        }
        // What is printed is the beginning of one.
        Err(ConfigError::Absent { .. }) if print => (PathBuf::from("oncefeed.toml"), String::new()),
        Err(cause) => return Err(cause.into()),
    };
    let config = Config::parse(&path, &text)?;
    let plan = plan(&config, subscriptions);
    let text = config::with_sources(&text, &plan.added);
    let after = Config::parse(&path, &text).map_err(|cause| unusable(&path, cause))?;
    if print {
        out.write_all(text.as_bytes())?;
    } else if !plan.added.is_empty() {
        config::replace(&path, &text).map_err(|cause| {
            Failure::new(code::CANNOT_WRITE, format!("{} cannot be written: {cause}", path.display()))
                .help("it is as it was; `--print` writes to standard output instead")
        })?;
    }
    tell(context, &path, &plan, &after, print, as_json, out)
}

fn tell(
    context: &Context,
    path: &Path,
    plan: &Plan,
    after: &Config,
    print: bool,
    as_json: bool,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let added: Vec<&SourceId> = plan.added.iter().map(|added| &added.id).collect();
    if as_json {
        let object = json!({
            "schema_version": 1, "config": path.display().to_string(), "added": added, "known": plan.twice,
            "unreadable": plan.unread,
        });
        writeln!(out, "{object}")?;
        return Ok(0);
    }
    if context.quiet {
        return Ok(0);
    }
    let sources = count(added.len(), "source");
    if !print {
        writeln!(out, "{sources} added to {}", path.display())?;
        out.flush()?;
    }
    let left_out = [(&plan.twice, "there already"), (&plan.unread, "no address of the web")];
    for (urls, why) in left_out.into_iter().filter(|(urls, _)| !urls.is_empty()) {
        let named = urls.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
        let more = if urls.len() > NAMED { " and more" } else { "" };
        context.say(
            "note",
            &printable(&format!("{} left out, {why}: {named}{more}", count(urls.len(), "subscription"))),
            None,
        );
    }
    let is_new = |id: &SourceId| added.contains(&id);
    let hidden =
        after.sources.iter().filter(|source| is_new(&source.id) && !after.outputs.iter().any(|o| o.shows(source)));
    let hidden = hidden.count();
    if hidden > 0 {
        context.say(
            "note",
            &format!("{} in no output", count(hidden, "new source")),
            Some("name their groups in an [[output]]"),
        );
    }
    Ok(0)
}

/// What is added, each address once.
fn plan(config: &Config, subscriptions: Vec<Subscription>) -> Plan {
    let mut ids: HashSet<String> = config.sources.iter().map(|source| source.id.as_str().to_owned()).collect();
    // Names no source.
    ids.insert(SourceId::seeded().as_str().to_owned());
    let web = |location: &Location| match location {
        Location::Web(url) => Some(same(url)),
        Location::File(_) => None,
    };
    let mut urls: HashSet<String> = config.sources.iter().filter_map(|source| web(&source.location)).collect();
    let mut plan = Plan::default();
    for subscription in subscriptions {
        let Some(url) = address(&subscription.url) else {
            plan.unread.push(subscription.url);
            continue;
        };
        if !urls.insert(same(&url)) {
            plan.twice.push(crate::fetch::redacted(&url));
            continue;
        }
        let title = subscription.title.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
        let name = title.as_deref().filter(|title| title.chars().any(|c| c.is_ascii_alphanumeric()));
        plan.added.push(Added {
            id: id(name.or(url.host_str()).unwrap_or_default(), &mut ids),
            title: title.filter(|title| !title.is_empty()),
            url: url.into(),
            groups: subscription.groups,
        });
    }
    plan
}

/// An address of the web, also where it is marked as that of a feed.
fn address(text: &str) -> Option<Url> {
    let plain = text.strip_prefix("feed:").map_or_else(
        || text.to_owned(),
        |rest| rest.strip_prefix("//").map_or_else(|| rest.to_owned(), |rest| format!("http://{rest}")),
    );
    Url::parse(&plain).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

/// Under both schemes there is one document.
fn same(url: &Url) -> String {
    url.as_str().trim_start_matches("https:").trim_start_matches("http:").to_owned()
}

fn read(path: &Path) -> Result<Vec<Subscription>, Failure> {
    let shown = path.display();
    let unreadable = |cause: std::io::Error| {
        Failure::data(format!("{shown} cannot be read: {cause}")).help("check the path and its permissions")
    };
    let mut bytes = Vec::new();
    if path == Path::new("-") {
        std::io::stdin().lock().take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(Failure::stdin)?;
    } else {
        let file = std::fs::File::open(path).map_err(unreadable)?;
        file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if bytes.len() as u64 > MOST_BYTES {
        return Err(unreadable(std::io::Error::other("it has more than 16 MiB")));
    }
    extract::subscriptions(&String::from_utf8_lossy(&bytes)).ok_or_else(|| {
        Failure::data(format!("{shown} is no list of subscriptions"))
            .help("an OPML list has <outline xmlUrl=\"…\"> elements; an old output is for `--from-output`")
    })
}

/// The configuration would not be valid with them.
fn unusable(path: &Path, cause: ConfigError) -> Failure {
    let failure = Failure::from(cause);
    let what =
        format!("{} was left as it is; with the sources it would not be valid: {}", path.display(), failure.what);
    Failure { what, ..failure }
}
