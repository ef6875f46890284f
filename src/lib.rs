//! Every story once: fetches feeds and pages, folds the tellings of one story, publishes clean feeds.
pub mod model;
