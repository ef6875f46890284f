//! Dedupe scenarios that take several runs: what readers see of a small world while its sources change.
//!
//! Each test is named after the scenario that it plays (D02 to D66, and the private source). It drives the
//! program as cron would, and reads what was published. Beside each story that folds stands one that
//! must not.

mod aggregators;
mod boilerplate;
mod clocks;
mod copies;
mod corrections;
mod edits;
mod first;
mod identity;
mod later;
mod live;
mod lost;
mod media;
mod outputs;
mod pages;
mod private;
mod redirectors;
mod representative;
mod run;
mod subscriber;
mod texts;
mod trouble;
mod versions;
mod world;
