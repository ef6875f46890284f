//! The room for `config`.
