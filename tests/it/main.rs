//! What a user would notice.

fn main() {}
