//! Links of redirectors are followed once, so that a story is known by its own address.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tracing::debug;
use url::Url;

use super::visit::Visitor;
use super::{hosts, voice};
use crate::dedupe;
use crate::fetch::FetchError;
use crate::model::{Newcomer, OutcomeKind, Source, is_redirector};
use crate::store::StoreError;

/// Links that are followed at one visit; the rest stay as they are, since what they lead to is mostly old.
const LINKS: usize = 20;
/// What following the links of one visit may take.
const TIME: Duration = Duration::from_secs(60);
/// Hosts that ask for consent or a login before they show what was asked for.
const WALLS: &[&str] = &["accounts.", "auth.", "consent.", "login.", "signin.", "sso."];

impl Visitor<'_> {
    /// Gives the stories that will be published, and whose links are redirectors', the addresses where
    /// these lead.
    pub(super) async fn follow_links(&self, source: &Source, stories: &mut [Newcomer]) -> Result<(), StoreError> {
        let links: BTreeSet<String> = (stories.iter().filter(|newcomer| newcomer.publish))
            .filter_map(|newcomer| newcomer.story.url.clone())
            .filter(|link| Url::parse(link).is_ok_and(|url| is_redirector(&url)))
            .collect();
        if links.is_empty() || !self.web.follows_links() {
            return Ok(());
        }
        let mut leads = self.store.leads(&links.iter().cloned().collect::<Vec<_>>()).await?;
        let unknown: Vec<&String> = links.iter().filter(|link| !leads.contains_key(*link)).take(LINKS).collect();
        leads.extend(self.ask(source, &unknown).await?);
        for newcomer in stories {
            let Some(target) = newcomer.story.url.as_ref().and_then(|link| leads.get(link)?.clone()) else { continue };
            newcomer.story.via = newcomer.story.url.replace(target);
            newcomer.fingerprint = Arc::new(dedupe::fingerprint(&newcomer.story));
            newcomer.voice = voice::voice(source, &newcomer.story);
        }
        Ok(())
    }

    /// Asks redirectors, one after another, by the way that the source is asked. What may be answered another time
    /// is left out. Each answer is remembered at once: a run that ends in the middle of many would else begin with
    /// the first of them again, and the next one too.
    async fn ask(&self, source: &Source, links: &[&String]) -> Result<BTreeMap<String, Option<String>>, StoreError> {
        let until = Instant::now() + TIME;
        let mut asked = BTreeMap::new();
        for link in links {
            let Ok(url) = Url::parse(link) else { continue };
            let target = hosts::target(self.store, self.web, source, &url, self.options.now);
            let Ok(answer) = timeout_at(until, target).await else { break };
            let lead = match answer? {
                Ok(target) => Some(target).filter(is_page).map(String::from),
                Err(failure) if is_final(&failure) => None,
                Err(failure) => {
                    debug!("a link was not followed: {failure}");
                    continue;
                }
            };
            let lead = BTreeMap::from([((*link).clone(), lead)]);
            self.store.remember_leads(&lead, self.options.now).await?;
            asked.extend(lead);
        }
        Ok(asked)
    }
}

/// Front pages, where links end that lead nowhere any more, and walls are not what was linked to.
fn is_page(target: &Url) -> bool {
    let host = target.domain().unwrap_or_default();
    (target.path() != "/" || target.query().is_some()) && !WALLS.iter().any(|wall| host.starts_with(wall))
}

fn is_final(failure: &FetchError) -> bool {
    failure.kind() != OutcomeKind::RetryLater
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn a_link_leads_to_a_page_or_nowhere() {
        for (target, expected) in [
            ("https://harbour.example/2026/talks", true),
            ("https://harbour.example/?p=7", true),
            ("https://harbour.example/", false),
            ("https://consent.yahoo.example/v2/collectConsent?sessionId=1", false),
            ("https://loginworld.example/story", true),
        ] {
            assert_eq!(is_page(&target.parse().unwrap()), expected, "{target}");
        }
    }
}
