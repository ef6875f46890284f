//! Sources that are added to a configuration file: at its end, so that nothing of what a person wrote there changes.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use crate::model::SourceId;

/// A source to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    /// Not taken yet.
    pub id: SourceId,
    /// The name shown to readers.
    pub title: Option<String>,
    /// An `http` or `https` address.
    pub url: String,
    /// Outputs choose sources by these names.
    pub groups: Vec<String>,
}

/// The text of a configuration with further sources. Whether it is valid is for [`Config::parse`](super::Config::parse)
/// to say.
pub fn with_sources(text: &str, added: &[Added]) -> String {
    let mut text = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    // A file that was written elsewhere keeps its line ends.
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    for source in added {
        if !text.is_empty() {
            text += end;
        }
        let mut line = |line: String| {
            text += &line;
            text += end;
        };
        line("[[source]]".to_owned());
        line(format!("id = {}", string(source.id.as_str())));
        line(format!("url = {}", string(&source.url)));
        if let Some(title) = &source.title {
            line(format!("title = {}", string(title)));
        }
        if !source.groups.is_empty() {
            let groups: Vec<String> = source.groups.iter().map(|group| string(group)).collect();
            line(format!("groups = [{}]", groups.join(", ")));
        }
    }
    text
}

/// A basic string on one line (TOML 1.0 §String).
pub(super) fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Replaces a configuration file whole or not at all, with the permissions that it has; behind a link what it leads to.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = path.canonicalize()?;
    let mut name = path.as_os_str().to_owned();
    name.push(".oncefeed-new");
    // Whoever left it behind was killed: two never edit at once and both succeed.
    let _ = fs::remove_file(&name);
    let written = OpenOptions::new().write(true).create_new(true).open(&name).and_then(|mut file| {
        file.set_permissions(fs::metadata(&path)?.permissions())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let done = written.and_then(|()| fs::rename(&name, &path));
    if done.is_err() {
        // That it stays would be no harm.
        let _ = fs::remove_file(&name);
    }
    done
}

#[cfg(test)]
mod tests {
    use super::super::Config;
    use super::*;

    fn added(title: &str, groups: &[&str]) -> Added {
        Added {
            id: SourceId::new("new").unwrap(),
            title: Some(title.to_owned()),
            url: "https://new.example/?a=\"1\"&b=\\".to_owned(),
            groups: groups.iter().map(|group| (*group).to_owned()).collect(),
        }
    }

    #[test]
    fn what_was_written_stays_and_what_is_added_is_read_as_given() {
        let old = "# mine\n[[source]] # the first\nid = \"a\"\nurl = \"https://a.example/\"\n[source.list]\nitems = \"li\"\n\n\
                   [[output]]\nid = \"all\"\n# the end";
        for nasty in ["Plain", "\"quoted\" \\ back\tslash", "\u{1}\u{7f}\u{85}\u{2028}", "Ünïcode 🎉", "# no comment"]
        {
            let text = with_sources(old, &[added(nasty, &["World", nasty])]);
            assert!(text.starts_with(old), "{text}");
            let config =
                Config::parse(Path::new("x.toml"), &text).unwrap_or_else(|mistake| panic!("{mistake}\n{text}"));
            let source = &config.sources[1];
            assert_eq!((source.title.as_deref(), &source.groups[1][..]), (Some(nasty), nasty));
            assert_eq!(config.sources[0].list.as_ref().unwrap().items, "li");
        }
        assert_eq!(with_sources(old, &[]), format!("{old}\n"));
        let text = with_sources("", &[added("T", &[])]);
        assert!(text.starts_with("[[source]]\n") && !text.contains("groups"), "{text}");
        assert!(!with_sources("a = 1\r\n", &[added("T", &[])]).replace("\r\n", "").contains('\n'));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_with_its_permissions_and_behind_its_link() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real.toml"), folder.path().join("link.toml"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink(&file, &link).unwrap();
        replace(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        assert!(replace(&folder.path().join("none.toml"), "new").is_err());
    }
}
