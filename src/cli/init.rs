//! `oncefeed init`: a configuration to start from.

use std::io::{ErrorKind, Write};
use std::path::Path;

use super::message::code;
use super::{Context, Failure};

/// What is written: short, every default in a comment.
const START: &str = include_str!("../../config/oncefeed.toml");

/// Arguments of `init`.
#[derive(Debug, clap::Args)]
pub(super) struct Init {}

impl Init {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> Result<u8, Failure> {
        let path = context.config.as_deref().unwrap_or(Path::new("oncefeed.toml"));
        let shown = path.display();
        // Never over what is there: the file is somebody's work.
        let file = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
        let mut file = file.map_err(|cause| match cause.kind() {
            ErrorKind::AlreadyExists => {
                Failure::new(code::CANNOT_CREATE, format!("{shown} is there already and was left as it is"))
                    .help("edit it, or name another file with --config FILE")
            }
            _ => Failure::new(code::CANNOT_CREATE, format!("{shown} cannot be created: {cause}"))
                .help("check the folder and its permissions"),
        })?;
        (file.write_all(START.as_bytes()))
            .map_err(|cause| Failure::new(code::CANNOT_WRITE, format!("{shown} cannot be written: {cause}")))?;
        writeln!(out, "wrote {shown}   (short, every default in a comment)")?;
        let named = context.config.as_ref().map(|path| format!("--config {} ", path.display())).unwrap_or_default();
        writeln!(out, "next: put your sources in place of the example, then: oncefeed {named}refresh")?;
        Ok(0)
    }
}
