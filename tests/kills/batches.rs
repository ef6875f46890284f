//! So many stories that they are decided about in several transactions.

use crate::scenario::{configuration, feed, text};
use crate::state::State;
use crate::support::{Folder, Ran};

const COMMAND: &[&str] = &["--now", "2026-11-23T12:00:00Z", "refresh"];

/// Three sources with 210 stories each, some of them told by two.
fn prepare(folder: &Folder) {
    let sources = ["harbour", "ledger", "metro"];
    let (name, configuration) = configuration(&sources);
    folder.write(&name, &configuration);
    for (number, source) in sources.iter().enumerate() {
        let stories: Vec<_> = (0..210)
            .map(|story| {
                let salt = if story % 3 == 0 { story } else { 1000 * (number + 1) + story };
                (format!("k{story}"), format!("Headline {salt}"), text(30, salt))
            })
            .collect();
        let items: Vec<_> = (stories.iter())
            .map(|(key, title, text)| (&**key, &**title, "Mon, 23 Nov 2026 10:00:00 GMT", text.clone()))
            .collect();
        let (name, document) = feed(source, &items);
        folder.write(&name, &document);
    }
}

#[test]
fn a_run_that_is_killed_between_two_batches_is_completed_by_the_next() {
    let undisturbed = Folder::new();
    prepare(&undisturbed);
    assert_eq!(undisturbed.run(COMMAND).code, 0);
    let expected = State::of(&undisturbed);
    assert!(expected.store.len() > 600, "{} {:?}", expected.store.len(), expected.store.last());
    for point in ["settle#400", "settled", "after_settle", "before_settle#2", "settle#560", "settled#2"] {
        let folder = Folder::new();
        prepare(&folder);
        let mut command = folder.command(COMMAND);
        let ran = Ran::of(&command.env("ONCEFEED_FAILPOINT", format!("{point}:kill")).output().unwrap());
        assert_eq!(ran.code, -1, "{point}: {}", ran.err);
        let ran = folder.run(COMMAND);
        assert_eq!(ran.code, 0, "{point}: {}", ran.err);
        State::of(&folder).check(&expected, point);
    }
}
