//! Every story once: fetches feeds and pages, folds the tellings of one story, publishes clean feeds.
//!
//! A story's way through the program is the list of its rooms:
//!
//! ```text
//! config ─▶ fetch ─▶ extract ─▶ dedupe ─▶ store ─▶ publish
//! Source    Page     Story      Placement Decision Edition
//! ```
//!
//! The stages share the nouns of [`model`] and never import one another; [`refresh`] alone knows
//! their order, and only [`cli`] prints, knows exit codes and reads the clock.

pub mod model;

pub mod failpoint;

pub mod config;

pub mod fetch;

pub mod extract;

pub mod dedupe;

pub mod store;

pub mod publish;

pub mod refresh;

pub mod cli;
