//! The room for `cli`.
