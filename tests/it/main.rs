//! What a user would notice. One binary, so that it links once.

mod architecture;
mod cli;
mod corpus;
mod documents;
mod manners;
mod origin;
mod process;
mod quality;
mod readme;
mod runs;
mod sample;
mod scenarios;
#[cfg(unix)]
mod special;
mod support;
mod upgrade;
