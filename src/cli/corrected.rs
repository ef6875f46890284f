//! Carries out what a person wants corrected: into the store under its lock, told, then published.

use std::io::Write;

use chrono::SecondsFormat;
use serde_json::{Value, json};

use super::check::count;
use super::message::printable;
use super::{Context, Failure, existing, runtime};
use crate::config::Config;
use crate::dedupe::telling_id;
use crate::failpoint::{Point, pass};
use crate::model::{ClusterId, Correction};
use crate::refresh;
use crate::store::{self, Placed, Store};

/// What a command wants corrected, and how that is told.
pub(super) struct Plan {
    /// All of it, so that it is stored whole or not at all; `None`: nothing is to be done.
    pub(super) correction: Option<Correction>,
    /// What is done, for people.
    pub(super) what: String,
    /// What was asked for in vain.
    pub(super) notes: Vec<String>,
    /// What is done, for programs: the fields of one object.
    pub(super) object: Value,
}

/// Finds out what is to be corrected, stores that, says so, and renders the outputs again.
pub(super) fn correct(
    context: &Context,
    as_json: bool,
    out: &mut dyn Write,
    plan: impl AsyncFn(&Config, &dyn Store) -> Result<Plan, Failure>,
) -> Result<u8, Failure> {
    let config = context.load()?;
    if existing(&config.store)?.is_none() {
        return Err(Failure::data("nothing has been read yet").help("run `oncefeed refresh` first"));
    }
    let now = context.now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let _lock = store::lock(&config.store, &format!("process {} since {now}", std::process::id()))?;
    let runtime = runtime()?;
    let (store, plan) = runtime.block_on(async {
        let store = store::open(&config.store)?;
        let plan = plan(&config, &*store).await?;
        if let Some(correction) = &plan.correction {
            store.correct(correction, context.now).await?;
            pass(Point::AfterCorrect);
        }
        Ok::<_, Failure>((store, plan))
    })?;
    // Said before anything else can fail, since it holds from now on. That nobody reads it is no reason
    // to leave the outputs as they were.
    let told = tell(context, &plan, as_json, out);
    let published = runtime.block_on(refresh::publish(&config, &*store, context.now));
    let published = published.map_err(|cause| unpublished(cause.into(), plan.correction.is_some()));
    told?;
    match (as_json, &published) {
        (true, _) => print_json(plan.object, published.as_deref().ok(), out)?,
        (false, Ok(files)) if !context.quiet => {
            let written = files.iter().filter(|(_, changed)| *changed).count();
            writeln!(out, "{} written", count(written, "file"))?;
        }
        _ => {}
    }
    out.flush()?;
    published.map(|_| 0)
}

fn tell(context: &Context, plan: &Plan, as_json: bool, out: &mut dyn Write) -> Result<(), Failure> {
    if context.quiet {
        return Ok(());
    }
    for note in &plan.notes {
        context.say("note", note, None);
    }
    if !as_json && !plan.what.is_empty() {
        writeln!(out, "{}", printable(&plan.what))?;
        out.flush()?;
    }
    Ok(())
}

/// What could not be written, and that the correction is not lost for that.
fn unpublished(failure: Failure, is_stored: bool) -> Failure {
    if !is_stored {
        return failure;
    }
    let what = format!("the correction is stored, but the outputs could not be written: {}", failure.what);
    let cure = failure.help.as_deref().map(|help| format!("{help}; then ")).unwrap_or_default();
    let help = format!("{cure}`oncefeed refresh` will write the outputs");
    Failure { what, help: Some(help), ..failure }
}

/// `files` are null when the outputs could not be written.
fn print_json(mut object: Value, files: Option<&[(String, bool)]>, out: &mut dyn Write) -> Result<(), Failure> {
    object["schema_version"] = json!(1);
    object["files"] = files.map_or(Value::Null, |files| {
        files.iter().map(|(name, changed)| json!({"name": name, "changed": changed})).collect()
    });
    serde_json::to_writer(&mut *out, &object).map_err(|cause| Failure::stdout(cause.into()))?;
    writeln!(out)?;
    Ok(())
}

/// A story's names, for programs: as in a feed, and as people type it.
pub(super) fn ids(id: ClusterId) -> Value {
    json!({"id": id.urn(), "story": id.short()})
}

/// The tellings that a correction moves, for programs.
pub(super) fn moved(placed: &[Placed], correction: &Correction) -> Value {
    let Correction::Place(held) = correction else { return json!([]) };
    let moved = placed.iter().filter_map(|telling| {
        let now = held.iter().find(|held| held.source == telling.source && held.key == telling.key)?;
        (now.cluster != telling.cluster).then(|| {
            json!({
                "id": telling_id(&telling.source, &telling.key).short(),
                "source": telling.source, "key": telling.key,
                "from": telling.cluster.short(), "to": now.cluster.short(),
            })
        })
    });
    moved.collect()
}
