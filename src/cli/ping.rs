//! What a run says to the dead man's switch, `[notify] ping`.
//!
//! `start` goes out beside the first visits. At the end: nothing where the run was stopped or had to leave the store
//! to another one, so that the silence is what is noticed; `fail` where it could not be completed or every configured
//! source failed; else success, whatever single sources did. A word that cannot be said is a warning.

use super::Context;
use super::message::{Failure, code};
use crate::fetch::{Client, Ping, Pinged};
use crate::model::RunReport;
use crate::refresh::Bounds;

/// Says that a run begins.
pub(super) async fn start(context: &Context, ping: Option<&Ping>, web: &Client, bounds: &Bounds) {
    tokio::select! {
        () = say(context, ping, web, Pinged::Start) => {}
        () = bounds.stopped() => {}
    }
}

/// Says what came of a run. Whoever asks it to stop now need not wait for an answer.
pub(super) async fn end(
    context: &Context,
    ping: Option<&Ping>,
    web: &Client,
    run: &Result<RunReport, Failure>,
    bounds: &Bounds,
) {
    let Some(word) = word(run) else { return };
    tokio::select! {
        () = say(context, ping, web, word) => {}
        () = bounds.stopped() => {}
    }
}

fn word(run: &Result<RunReport, Failure>) -> Option<Pinged> {
    match run {
        Ok(report) => Some(if report.all_failed() { Pinged::Fail } else { Pinged::Success }),
        Err(failure) if matches!(failure.code, code::INTERRUPTED | code::TERMINATED | code::LOCKED) => None,
        Err(_) => Some(Pinged::Fail),
    }
}

async fn say(context: &Context, ping: Option<&Ping>, web: &Client, word: Pinged) {
    let Some(ping) = ping else { return };
    if let Err(cause) = web.ping(ping, word).await {
        let help = "check `ping` in [notify] and the service; the run itself is not affected";
        context.say("warning", &format!("the ping was not taken: {cause}"), Some(help));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: u8, expected: Option<Pinged>) {
        assert_eq!(word(&Err(Failure::new(code, "stopped"))), expected, "{code}");
    }

    #[test]
    fn a_run_that_was_told_to_stop_says_nothing_and_one_that_could_not_go_on_has_failed() {
        check(code::INTERRUPTED, None);
        check(code::TERMINATED, None);
        check(code::LOCKED, None);
        check(code::DATA, Some(Pinged::Fail));
        check(code::CANNOT_WRITE, Some(Pinged::Fail));
        assert_eq!(
            word(&Ok(RunReport::at(chrono::DateTime::UNIX_EPOCH))),
            Some(Pinged::Success),
            "no sources are well"
        );
    }
}
