//! What a user would notice. One binary, so that it links once.

mod architecture;
mod cli;
mod corpus;
mod documents;
mod fulltext;
mod hostile;
mod manners;
mod origin;
mod outputs;
mod pins;
mod process;
mod quality;
mod readme;
mod runs;
mod sample;
mod scenarios;
mod site;
#[cfg(unix)]
mod special;
mod states;
mod storage;
mod strict;
mod support;
mod upgrade;
mod websub;
