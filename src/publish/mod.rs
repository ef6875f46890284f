//! The room for `publish`.
