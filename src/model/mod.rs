//! The nouns that every stage shares.
//!
//! A story's way is: a [`Source`] is visited and gives a [`Page`]; the page is read into
//! [`Story`]s; each gets a [`Fingerprint`]; the decider gives each a [`Placement`] in a cluster;
//! the tellings of a cluster that an output may show become an [`Entry`] of its [`Edition`].
//!
//! Nothing in here does I/O, reads a clock or knows a library of another stage.

mod access;
mod block;
mod cluster;
mod correction;
mod digest;
mod edition;
mod fingerprint;
mod host;
mod page;
mod past;
mod pinned;
mod redirector;
mod render;
mod report;
mod rhythm;
mod seating;
mod secret;
mod source;
mod standing;
mod state;
mod story;
mod voice;
mod wishes;

pub use access::{Access, Login, Proxy, Roots, Route};
pub use block::{Block, Blocks, Sightings, Witness};
pub use cluster::{ClusterId, Decision, Evidence, Member, Newcomer, Placement, Rule, Verdict, Veto};
pub use correction::{Correction, Held};
pub use digest::Digest;
pub use edition::{Edition, Entry, Format, Output, Representative, Site, Telling};
pub use fingerprint::{Fingerprint, Key};
pub use host::{Host, Robots, RobotsRule};
pub use page::{Doubted, Page, Validators, Visit};
pub use past::{Day, Odd, Oddity, Past, Sample, Trouble, Withheld};
pub use pinned::{ArticleSelectors, DateForm, ListSelectors};
pub use redirector::is_redirector;
pub use render::Render;
pub use report::{Articles, Outcome, OutcomeKind, OutputReport, RunReport, Seen, SourceReport};
pub use rhythm::{Rhythm, Silence};
pub use seating::{Each, Once, Row, Seat, Seating, Told};
pub use secret::Secret;
pub use source::{Folding, Kind, Location, Source, SourceId, UpdatePolicy};
pub use standing::Standing;
pub use state::{Change, Condition, State};
pub use story::{Enclosure, Story};
pub use voice::{Voice, Voices};
pub use wishes::Wishes;
