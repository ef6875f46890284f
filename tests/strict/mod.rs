//! What a strict reader would mind in a published feed: rules of the specifications that need no validator
//! of others. It knows nothing of the program; it is given names and bytes.
//!
//! Feeds that pass here have passed the W3C feed validator without error and warning, and RELAX NG.

mod atom;
mod html;
mod json;
mod rss;
mod value;
mod xml;

/// An entry, as every format has to say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) link: Option<String>,
    /// Seconds since 1970.
    pub(crate) published: i64,
}

/// Collects what is wrong, each with its place.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn unless(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }
}

/// What is wrong with a feed, by the ending of its name, and what its entries say.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Result<Vec<Said>, Vec<String>> {
    let mut faults = Faults::default();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(cause) => return Err(vec![cause.to_string()]),
    };
    faults.unless(text.ends_with('\n') && !text.ends_with("\n\n"), || "it does not end with its last line".to_owned());
    let said = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("rss") => rss::read(text, &mut faults),
        Some("atom") => atom::read(text, &mut faults),
        Some("json") => json::read(text, &mut faults),
        _ => return Err(vec![format!("{name} is no feed")]),
    };
    for entry in &said {
        faults.unless(value::is_line(&entry.title), || format!("the title {:?} is no line", entry.title));
        faults.unless(value::is_id(&entry.id), || format!("the id {:?} is none", entry.id));
    }
    let mut ids: Vec<&str> = said.iter().map(|entry| entry.id.as_str()).collect();
    ids.sort_unstable();
    faults.unless(ids.windows(2).all(|two| two[0] != two[1]), || "an id is there twice".to_owned());
    faults.unless(said.windows(2).all(|two| two[0].published >= two[1].published), || "not newest first".to_owned());
    if faults.0.is_empty() { Ok(said) } else { Err(faults.0) }
}

/// Fails with all that is wrong with the feeds of one edition: alone, or when they do not say the same.
#[track_caller]
pub(crate) fn check(files: &[(&str, &[u8])]) {
    let mut first: Option<Vec<Said>> = None;
    for (name, bytes) in files {
        let said = read(name, bytes)
            .unwrap_or_else(|faults| panic!("{name}: {}\n{}", faults.join("\n"), String::from_utf8_lossy(bytes)));
        match &first {
            Some(first) => assert_eq!(*first, said, "{name} says something else"),
            None => first = Some(said),
        }
    }
}
