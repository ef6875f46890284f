//! The room for `extract`.
