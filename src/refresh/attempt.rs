//! A visit from the store's point of view: noted before the source is asked, so that a run which is killed in it, or a
//! document that brings the whole program down, does not make the next run ask again at once, and for ever.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use tracing::error;

use super::Visitor;
use super::health;
use super::schedule::after_failure;
use crate::failpoint::{Point, pass};
use crate::fetch;
use crate::model::{Location, Outcome, OutcomeKind, Source, SourceReport, Trouble, Visit};
use crate::store::{Delivery, StoreError};

impl Visitor<'_> {
    /// Visits a source. That the visit was begun is in the store before anybody is asked.
    pub(super) async fn attempt(&self, source: &Source, before: Visit) -> Result<SourceReport, StoreError> {
        // Files cost nobody anything.
        if matches!(source.location, Location::Web(_)) {
            self.record(source, self.unfinished(source, &before)).await?;
        }
        let visit = async {
            pass(Point::BeforeVisit);
            self.visit(source, before.clone()).await
        };
        // A fault of ours costs one source, also outside the readers' tasks.
        match AssertUnwindSafe(visit).catch_unwind().await {
            Ok(row) => row,
            Err(_) => self.fault(source, before).await,
        }
    }

    /// After an attempt that was given up: the source is as if it had never been made. What was delivered in the
    /// moment that it was given up stays.
    pub(super) async fn forget(&self, source: &Source, before: Visit) -> Result<(), StoreError> {
        let stored = self.store.visits(std::slice::from_ref(&source.id)).await?.remove(&source.id);
        if stored == Some(self.unfinished(source, &before)) {
            self.record(source, before).await?;
        }
        Ok(())
    }

    /// What is remembered of a visit that has no end: a failure that passes.
    fn unfinished(&self, source: &Source, before: &Visit) -> Visit {
        let outcome = Outcome {
            kind: OutcomeKind::RetryLater,
            error: Some("the run was ended before this visit was".to_owned()),
            help: Some("if nobody ended it, the source may be what does; look with `oncefeed try`".to_owned()),
            http_status: None,
        };
        self.failure(source, before, outcome)
    }

    async fn fault(&self, source: &Source, before: Visit) -> Result<SourceReport, StoreError> {
        error!(source.id = %source.id, "the visit to source `{}` failed inside the program", source.id);
        let outcome = Outcome {
            kind: OutcomeKind::Failed,
            error: Some("the visit failed inside the program".to_owned()),
            help: Some("please report it, with the address".to_owned()),
            http_status: None,
        };
        let mut after = self.failure(source, &before, outcome.clone());
        let came = health::Came::Failed(Trouble::Lasting);
        let place = fetch::shown(source);
        let about = health::About { id: source.id.as_str(), place: &place, moved_to: None, wants_texts: true };
        let change = health::judge(&before, &mut after, came, about, self.options.now);
        let row = SourceReport {
            location: fetch::shown(source),
            next: after.next,
            condition: after.condition.clone(),
            change,
            ..SourceReport::new(source.id.clone(), outcome)
        };
        self.record(source, after).await?;
        Ok(row)
    }

    /// The record of a failure. It says nothing yet of how the source is: that stays as it was.
    fn failure(&self, source: &Source, before: &Visit, outcome: Outcome) -> Visit {
        let now = self.options.now;
        let mut after = Visit {
            last: Some(now),
            failures: before.failures.saturating_add(1),
            outcome: Some(outcome),
            past: Some(health::past_of(before)),
            condition: before.condition(),
            ..before.clone()
        };
        after.next = Some(after_failure(source, &after, None, None, now));
        after
    }

    async fn record(&self, source: &Source, visit: Visit) -> Result<(), StoreError> {
        let hosts = self.web.unsaved_hosts();
        let delivery = Delivery { source: source.id.clone(), visit, stories: Vec::new(), hosts: hosts.clone() };
        self.store.deliver(&delivery).await?;
        self.web.saved_hosts(&hosts);
        Ok(())
    }
}
