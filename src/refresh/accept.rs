//! A person's word that a source is right though it is unlike all that it gave before.

use crate::model::{Past, SourceId, Validators, Visit};
use crate::store::{Delivery, Store, StoreError};

/// Lets the next visit to a source, which is due at once, believe what it reads, whatever that is. What it brings is
/// published as after a first visit. Gives whether there was anything to be accepted: something withheld, or odd.
pub async fn accept(store: &dyn Store, id: &SourceId) -> Result<bool, StoreError> {
    let Some(visit) = store.visits(std::slice::from_ref(id)).await?.remove(id) else { return Ok(false) };
    let Some(past) = visit.past.clone().filter(|past| past.withheld.is_some() || past.odd.is_some()) else {
        return Ok(false);
    };
    let visit = Visit {
        next: None,
        // What was withheld is not remembered, but what is odd and true is.
        validators: Validators::default(),
        body: None,
        past: Some(Past { accepted: true, ..past }),
        ..visit
    };
    store.deliver(&Delivery { source: id.clone(), visit, stories: Vec::new(), hosts: Vec::new() }).await?;
    Ok(true)
}
