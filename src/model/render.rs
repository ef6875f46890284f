//! A program that gives a page as its scripts have left it.

use std::time::Duration;

/// The command that renders a page: it is given the address and prints HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Render {
    /// The program: a name that is looked for in `PATH`, or an absolute path.
    pub program: String,
    /// What it is given. [`Render::URL`] stands for the address in at least one of them.
    pub arguments: Vec<String>,
    /// What it may take for one page; not zero.
    pub timeout: Duration,
}

impl Render {
    /// Where the address is put.
    pub const URL: &str = "{url}";

    /// What the program is given for a page.
    pub fn arguments_for(&self, url: &str) -> impl Iterator<Item = String> {
        self.arguments.iter().map(move |argument| argument.replace(Render::URL, url))
    }
}
