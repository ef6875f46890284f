//! The room for `fetch`.
