//! Everything undecided, decided in one deterministic order.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tracing::debug;

use super::learn;
use crate::dedupe::{self, Earlier};
use crate::failpoint::{Point, pass};
use crate::model::{ClusterId, Key, Member, Newcomer, Source, SourceId, SourceReport, Verdict};
use crate::store::{Inbox, Store, StoreError};

/// Stories decided about in one transaction: bounds the memory of a decision. The store's index is read for
/// all of them at once, which costs a story less the more there are.
const BATCH: usize = 500;

/// A clock that is set back by no more than this goes on from where it was.
const SET_BACK: TimeDelta = TimeDelta::days(1);

/// Decides about everything undecided, also what a killed run left, in one deterministic order. When there
/// was anything, gives the time of the decision before if that is so far ahead that the clock was wrong then.
pub async fn decide(
    sources: &[Source],
    settings: &dedupe::Settings,
    store: &dyn Store,
    rows: &mut BTreeMap<SourceId, SourceReport>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let policies: HashMap<&SourceId, &Source> = sources.iter().map(|source| (&source.id, source)).collect();
    // A clock that was set back must not make this run the first that published something; one that
    // was years ahead must not date everything that comes after.
    let settled = store.settled().await?;
    let ahead = settled.filter(|settled| *settled - now > SET_BACK);
    let now = settled.filter(|_| ahead.is_none()).map_or(now, |settled| settled.max(now));
    let interval = chrono::Duration::from_std(settings.live_min_interval).unwrap_or(chrono::Duration::MAX);
    let mut wrong = None;
    let has_seeds = !store.visits(&[SourceId::seeded()]).await?.is_empty();
    learn::learn(store).await?;
    // One question to the store, one pure decision, one answer back.
    while let Some(mut inbox) = store.undecided(BATCH).await? {
        learn::clean(store, &mut inbox).await?;
        wrong = ahead;
        let known = known(settings, store, &inbox, has_seeds).await?;
        let earlier: Vec<Option<Earlier>> = (inbox.newcomers.iter().zip(&inbox.before))
            .map(|(newcomer, before)| {
                before.as_ref().map(|before| Earlier {
                    cluster: before.cluster,
                    told_words: before.told_words,
                    // Also a time that is still to come is no reason to wait.
                    told_lately: before.revised.is_some_and(|revised| revised <= now && now - revised < interval),
                    title: before.title.clone(),
                    fingerprint: Arc::clone(&before.fingerprint),
                    update: policies.get(&newcomer.source).map(|source| source.update).unwrap_or_default(),
                })
            })
            .collect();
        let decision = dedupe::place(&inbox.newcomers, &earlier, &known, settings);
        for (newcomer, placement) in inbox.newcomers.iter().zip(&decision.placements) {
            debug!(source.id = %newcomer.source, story.cluster = %placement.cluster, "{} `{}`", placement.because.rule.as_str(), newcomer.story.title);
            let Some(row) = rows.get_mut(&newcomer.source) else { continue };
            if placement.takes_key {
                row.warnings.push(format!(
                    "the id {:?} now stands for another story, {:?}; both are kept",
                    newcomer.story.key, newcomer.story.title
                ));
            }
            match placement.verdict {
                Verdict::Known { .. } => row.updated += 1,
                Verdict::Joins => row.folded += 1,
                Verdict::Opens => row.new += 1,
            }
        }
        // What readers have had is no old story of a first visit.
        let seeds: BTreeSet<ClusterId> =
            known.iter().filter(|member| member.source.is_seeded()).map(|member| member.cluster).collect();
        for (newcomer, placement) in inbox.newcomers.iter_mut().zip(&decision.placements) {
            newcomer.publish |= seeds.contains(&placement.cluster);
        }
        pass(Point::BeforeSettle);
        store.settle(inbox, &decision, now).await?;
        pass(Point::AfterSettle);
    }
    Ok(wrong)
}

/// The known stories that share a key with an inbox, and the other members of their clusters.
/// And what was seeded under the ids that they would open.
async fn known(
    settings: &dedupe::Settings,
    store: &dyn Store,
    inbox: &Inbox,
    has_seeds: bool,
) -> Result<Vec<Member>, StoreError> {
    let groups: Vec<Vec<Key>> = inbox.newcomers.iter().map(|newcomer| newcomer.fingerprint.keys().collect()).collect();
    let window = chrono::Duration::from_std(settings.window).unwrap_or(chrono::Duration::MAX);
    let earliest = inbox.newcomers.iter().map(Newcomer::time).min();
    let since = earliest.and_then(|at| at.checked_sub_signed(window)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let mut known = store.sharing(&groups, since).await?;
    let mut clusters: BTreeSet<ClusterId> = known.iter().map(|member| member.cluster).collect();
    if has_seeds {
        let own = |newcomer: &Newcomer| dedupe::telling_id(&newcomer.source, &newcomer.story.key).as_published();
        clusters.extend(inbox.newcomers.iter().map(own));
    }
    let have: BTreeSet<(SourceId, String)> =
        known.iter().map(|member| (member.source.clone(), member.key.clone())).collect();
    let others = store.members(&clusters.into_iter().collect::<Vec<_>>()).await?;
    known.extend(others.into_iter().filter(|member| !have.contains(&(member.source.clone(), member.key.clone()))));
    known.sort_by(|a, b| (a.time, &a.source, &a.key).cmp(&(b.time, &b.source, &b.key)));
    Ok(known)
}
