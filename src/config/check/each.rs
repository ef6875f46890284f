//! `once` and `each`: a story in one feed only, and a feed for each source.

use std::collections::HashMap;
use std::ops::Range;

use super::super::error::ConfigError;
use super::super::file::At;
use super::Reader;
use crate::model::{Each, Once, Output, Source, SourceId};

pub(super) const ONCE: &[(&str, Once)] = &[("output", Once::Output), ("site", Once::Site)];
pub(super) const EACH: &[(&str, Each)] = &[("none", Each::None), ("source", Each::Source)];

impl Reader<'_> {
    /// Every feed has a name of its own: `OUTPUT`, or `OUTPUT-SOURCE` where there is one for each source. `places` says
    /// where each output stands.
    pub(super) fn feeds_for_each(
        &self,
        outputs: &[Output],
        places: &[Range<usize>],
        sources: &[Source],
    ) -> Result<(), ConfigError> {
        let mut taken: HashMap<SourceId, String> = (outputs.iter())
            .filter(|output| output.each == Each::None)
            .map(|output| (output.id.clone(), format!("the output {:?}", output.id.as_str())))
            .collect();
        for (output, place) in outputs.iter().zip(places).filter(|(output, _)| output.each == Each::Source) {
            for source in sources.iter().filter(|source| output.shows(source)) {
                let Some(feed) = output.feed_of(&source.id) else {
                    let what = format!(
                        "the feed of source {:?} in this output has a name of more than 64 letters",
                        source.id.as_str()
                    );
                    return Err(self.mistake(
                        Some(place.clone()),
                        what,
                        Some("shorten the id of the output".to_owned()),
                    ));
                };
                let whose = format!("the feed of source {:?} in output {:?}", source.id.as_str(), output.id.as_str());
                if let Some(other) = taken.insert(feed.clone(), whose) {
                    let what = format!(
                        "the feed of source {:?} would be called {:?}, as {other} is",
                        source.id.as_str(),
                        feed.as_str()
                    );
                    return Err(self.mistake(
                        Some(place.clone()),
                        what,
                        Some("choose another id for this output".to_owned()),
                    ));
                }
            }
        }
        Ok(())
    }

    /// One id is not for sources.
    pub(super) fn is_free(&self, place: &At<String>, id: &SourceId) -> Result<(), ConfigError> {
        if !id.is_seeded() {
            return Ok(());
        }
        let what = format!("{:?} is the name under which items of old outputs are kept", id.as_str());
        Err(self.wrong(place, what, Some("choose another id".to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::read;

    /// Sources and outputs, each output with further settings; the mistake that is found, `""` for none.
    #[track_caller]
    fn check(sources: &[&str], outputs: &[(&str, &str)], expected: &str) {
        let sources: String =
            sources.iter().map(|id| format!("[[source]]\nid = \"{id}\"\nurl = \"https://{id}.example/\"\n")).collect();
        let outputs: String =
            outputs.iter().map(|(id, settings)| format!("[[output]]\nid = \"{id}\"\n{settings}\n")).collect();
        match (read(Path::new("x.toml"), &format!("{sources}{outputs}")), expected) {
            (Ok(_), "") => {}
            (Ok(_), expected) => panic!("no mistake, but {expected}"),
            (Err(mistake), expected) => {
                assert!(!expected.is_empty() && mistake.to_string().contains(expected), "{mistake}");
            }
        }
    }

    #[test]
    fn every_feed_has_a_name_of_its_own() {
        let each = "each = \"source\"";
        check(&["a", "b"], &[("world", each), ("b", "")], "");
        check(
            &["a", "b"],
            &[("world", each), ("world-b", "")],
            "x.toml:8:6: the feed of source \"b\" would be called \"world-b\", as the output",
        );
        check(&["b-c", "c"], &[("a", each), ("a-b", each)], "would be called \"a-b-c\"");
        // The feed that would be of one name with another is that of a source which the output does not show.
        check(&["a", "b"], &[("world", "each = \"none\""), ("world-b", "")], "");
        let long = "l".repeat(60);
        check(&["a", &long], &[("world", each)], "more than 64");
        check(&["a", &long], &[("wow", each)], "");
    }

    #[test]
    fn words_are_known() {
        check(&["a"], &[("world", "each = \"sources\"")], "\"sources\" is none of none, source");
        check(&["from-output"], &[], "under which items of old outputs are kept");
        let mistake = read(Path::new("x.toml"), "[site]\nonce = \"sites\"\n").unwrap_err();
        assert!(mistake.to_string().contains("x.toml:2:8") && mistake.help().unwrap().contains("site"), "{mistake}");
    }
}
