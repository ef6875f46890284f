//! The room for `dedupe`.
