//! New hashes for all that is stored, when this version of the program makes others than the last.

use crate::dedupe;
use crate::failpoint::{Point, pass};
use crate::model::Fingerprint;
use crate::store::{Outdated, Store, StoreError};

/// Stories in one transaction.
const BATCH: usize = 500;

/// Renews what is outdated; mostly nothing is. A run that was killed in it goes on where it was.
pub async fn renew(store: &dyn Store) -> Result<(), StoreError> {
    while let Some(outdated) = store.outdated(dedupe::HASHES, BATCH).await? {
        let renewed: Vec<(Outdated, Fingerprint)> =
            outdated.into_iter().map(|outdated| (outdated.clone(), dedupe::fingerprint(&outdated.story))).collect();
        store.renew(dedupe::HASHES, &renewed).await?;
        pass(Point::AfterRenew);
    }
    Ok(())
}
