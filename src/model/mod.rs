//! The nouns that every stage shares.
//!
//! A story's way is: a [`Source`] is visited and gives a [`Page`]; the page is read into
//! [`Story`]s; each gets a [`Fingerprint`]; the decider gives each a [`Placement`] in a cluster;
//! the tellings of a cluster that an output may show become an [`Entry`] of its [`Edition`].
//!
//! Nothing in here does I/O, reads a clock or knows a library of another stage.

mod cluster;
mod correction;
mod digest;
mod edition;
mod fingerprint;
mod page;
mod report;
mod seating;
mod source;
mod standing;
mod story;
mod voice;

pub use cluster::{ClusterId, Decision, Evidence, Member, Newcomer, Placement, Rule, Verdict, Veto};
pub use correction::{Correction, Held};
pub use digest::Digest;
pub use edition::{Edition, Entry, Format, Output, Representative, Site, Telling};
pub use fingerprint::{Fingerprint, Key};
pub use page::{Page, Validators, Visit};
pub use report::{Outcome, OutcomeKind, OutputReport, RunReport, Seen, SourceReport};
pub use seating::{Each, Once, Row, Seat, Seating, Told};
pub use source::{Folding, Kind, ListSelectors, Location, Source, SourceId, UpdatePolicy};
pub use standing::Standing;
pub use story::{Enclosure, Story};
pub use voice::{Voice, Voices};
