//! Decides about an inbox.

use std::collections::HashMap;
use std::sync::Arc;

use super::board::{Board, Entrant};
use super::correct::{name, telling_id};
use super::furniture::is_correction;
use super::verify::compare;
use super::{LEAST_WORDS, Settings};
use crate::model::{
    ClusterId, Decision, Evidence, Fingerprint, Member, Newcomer, Placement, Rule, SourceId, UpdatePolicy, Verdict,
};

/// What the store knew of a newcomer that comes again in another form.
#[derive(Clone, Debug)]
pub struct Earlier {
    /// Where it is.
    pub cluster: ClusterId,
    /// Words of its text when readers were last told of an edit, or else when it was first decided about.
    pub told_words: u32,
    /// Its title as it was.
    pub title: String,
    /// Its hashes as they were; outside the window only its identities.
    pub fingerprint: Arc<Fingerprint>,
    /// Readers were told of an edit less than `live_min_interval` ago.
    pub told_lately: bool,
    /// The source's choice of what moves `updated`.
    pub update: UpdatePolicy,
}

/// Decides about newcomers, in their order (sorted by the store), given every known story that shares
/// a key with one of them and the other members of those stories' clusters. `earlier` says for each
/// newcomer what was known of the same source and key.
pub fn place(newcomers: &[Newcomer], earlier: &[Option<Earlier>], known: &[Member], settings: &Settings) -> Decision {
    let mut names = Names::default();
    let mut board = Board::new(settings);
    // Slot to the story's name, for the evidence.
    let mut stories: Vec<(SourceId, String)> = Vec::new();
    for member in known {
        let entrant = Entrant {
            source: names.source(&member.source),
            distinct: true,
            time: member.time.timestamp(),
            folding: member.folding,
            fingerprint: Arc::clone(&member.fingerprint),
        };
        board.add_at_home(entrant, names.cluster(member.cluster), names.cluster(member.home));
        stories.push((member.source.clone(), member.key.clone()));
    }

    let coming: Vec<Entrant> = (newcomers.iter())
        .map(|newcomer| Entrant {
            source: names.source(&newcomer.source),
            distinct: true,
            time: newcomer.time().timestamp(),
            folding: newcomer.folding,
            fingerprint: Arc::clone(&newcomer.fingerprint),
        })
        .collect();
    board.foresee(&coming);

    let mut placements = Vec::with_capacity(newcomers.len());
    for ((newcomer, entrant), earlier) in newcomers.iter().zip(coming).zip(earlier.iter().map(Option::as_ref)) {
        let takes_key = earlier.is_some_and(|earlier| is_another(newcomer, earlier));
        if let Some(earlier) = earlier.filter(|_| !takes_key) {
            // It stays where it is; its new text takes part in later comparisons from the next run on.
            let itself = Some((newcomer.source.clone(), newcomer.story.key.clone()));
            placements.push(Placement::new(
                Verdict::Known { moves_updated: moves_updated(newcomer, earlier) },
                earlier.cluster,
                Evidence::bare(Rule::SameId, itself),
            ));
            continue;
        }
        let judgement = board.judge(&entrant);
        let named = |slot: u32, evidence: Evidence| Evidence { with: Some(stories[slot as usize].clone()), ..evidence };
        let (verdict, cluster, home, because) = match judgement.with {
            Some(slot) => (Verdict::Joins, board.cluster(slot), board.home(slot), named(slot, judgement.because)),
            None => {
                let own = names.cluster(if takes_key { mint_again(newcomer) } else { mint(newcomer) });
                (Verdict::Opens, own, own, judgement.because)
            }
        };
        placements.push(Placement {
            verdict,
            cluster: names.clusters[cluster as usize],
            home: names.clusters[home as usize],
            takes_key,
            because,
            apart: judgement.apart.into_iter().map(|(slot, evidence)| named(slot, evidence)).collect(),
        });
        board.add_at_home(entrant, cluster, home);
        stories.push((newcomer.source.clone(), newcomer.story.key.clone()));
    }
    Decision { placements }
}

/// The id of the cluster that a story opens: a function of its source and key, so that a decision
/// that is repeated after a crash, or after the database was lost, mints the same.
fn mint(newcomer: &Newcomer) -> ClusterId {
    telling_id(&newcomer.source, &newcomer.story.key)
}

/// The same for a story whose source has given its key to another before.
fn mint_again(newcomer: &Newcomer) -> ClusterId {
    let mut key = newcomer.digest.0.to_vec();
    key.extend(newcomer.story.key.as_bytes());
    name(b"oncefeed key again 1\0", &newcomer.source, &key)
}

/// Whether a source has put another story under a known key: address, headline and text are all new. An
/// edit changes one or two of them.
fn is_another(newcomer: &Newcomer, earlier: &Earlier) -> bool {
    let (now, before) = (&*newcomer.fingerprint, &*earlier.fingerprint);
    let moved = now.url.is_some() && before.url.is_some() && now.url != before.url;
    let retold = now.exact.is_some() && now.exact == before.exact;
    if !moved || retold || now.title_tokens.is_empty() || before.title_tokens.is_empty() {
        return false;
    }
    let like = compare(now, before);
    let texts = now.words.min(before.words) as usize >= LEAST_WORDS;
    like.title < if texts { 0.5 } else { 0.2 } && like.score() < 0.3
}

/// Whether readers should be told of an edit: by default when the text grew by more than a fifth or
/// is marked as a correction, never for a typo. A live page that grows all day tells them now and then.
fn moves_updated(newcomer: &Newcomer, earlier: &Earlier) -> bool {
    match earlier.update {
        UpdatePolicy::Never => false,
        UpdatePolicy::Always => true,
        UpdatePolicy::Content => {
            let words = newcomer.fingerprint.words;
            let grown = u64::from(words) * 5 > u64::from(earlier.told_words) * 6 && words as usize >= LEAST_WORDS;
            let corrected = newcomer.fingerprint.correction && !is_correction(&earlier.title, "");
            let marked = is_marked(&newcomer.story.title) && !is_marked(&earlier.title);
            (grown || marked) && !earlier.told_lately || corrected
        }
    }
}

/// Whether a headline says that its story was brought up to date. Only of an edit: in every weather notice
/// the word stands too.
fn is_marked(title: &str) -> bool {
    const MARKS: &[&str] = &[
        "updated",
        "update",
        "aktualisiert",
        "actualizado",
        "actualización",
        "mise à jour",
        "aggiornamento",
        "atualizado",
        "обновлено",
    ];
    let title = title.to_lowercase();
    let mark = title.trim_start_matches(['[', '(']).split_once([':', ']', ')', '-']).map_or("", |(mark, _)| mark);
    MARKS.contains(&mark.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace()))
}

/// Sources and clusters as the small numbers that the board works with.
#[derive(Default)]
struct Names {
    sources: HashMap<SourceId, u32>,
    numbers: HashMap<ClusterId, u32>,
    clusters: Vec<ClusterId>,
}

impl Names {
    fn source(&mut self, id: &SourceId) -> u32 {
        if let Some(number) = self.sources.get(id) {
            return *number;
        }
        let number = self.sources.len() as u32;
        self.sources.insert(id.clone(), number);
        number
    }

    fn cluster(&mut self, id: ClusterId) -> u32 {
        *self.numbers.entry(id).or_insert_with(|| {
            self.clusters.push(id);
            (self.clusters.len() - 1) as u32
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dedupe::fingerprint;
    use crate::model::{Digest, Folding, Story};

    const BRIDGE: &str =
        "The bridge over the river reopened to all traffic on Monday after nine weeks of repairs to its piers.";
    const LOAF: &str =
        "The bakery at the fish market has baked its last loaf of rye, and nobody wants to take over the old oven.";

    fn newcomer(url: &str, title: &str, text: &str) -> Newcomer {
        let story = Story {
            key: "1".to_owned(),
            url: Some(format!("https://n.example/{url}")),
            title: title.to_owned(),
            text: text.to_owned(),
            ..Story::default()
        };
        Newcomer {
            source: SourceId::new("ap").unwrap(),
            rank: 0,
            folding: Folding::Fold,
            fingerprint: Arc::new(fingerprint(&story)),
            voice: crate::model::Voice::default(),
            story,
            digest: Digest([1; 32]),
            first_seen: chrono::DateTime::UNIX_EPOCH,
            publish: true,
            awaits: None,
        }
    }

    fn earlier(before: &Newcomer) -> Earlier {
        Earlier {
            cluster: mint(before),
            told_words: before.fingerprint.words,
            title: before.story.title.clone(),
            fingerprint: Arc::clone(&before.fingerprint),
            told_lately: false,
            update: UpdatePolicy::Content,
        }
    }

    fn placed(before: &Newcomer, now: &Newcomer) -> Placement {
        let decision = place(std::slice::from_ref(now), &[Some(earlier(before))], &[], &Settings::default());
        decision.placements.into_iter().next().unwrap()
    }

    #[test]
    fn d43_a_key_that_stands_for_another_story_is_taken_over() {
        let before = newcomer("bridge", "Bridge reopens", BRIDGE);
        let other = placed(&before, &newcomer("loaf", "The last loaf", LOAF));
        assert!(other.takes_key && other.verdict == Verdict::Opens);
        assert_ne!(other.cluster, mint(&before), "an id is never used again");
        for edit in [
            newcomer("bridge", "The last loaf", LOAF),
            newcomer("loaf", "Bridge reopens", LOAF),
            newcomer("loaf", "The last loaf", BRIDGE),
        ] {
            let edited = placed(&before, &edit);
            assert!(!edited.takes_key && edited.cluster == mint(&before), "{}", edit.story.title);
        }
    }

    #[test]
    fn d14_d15_d19_readers_are_told_of_growth_now_and_then() {
        let grown = |times: usize| newcomer("bridge", "Bridge reopens", &[BRIDGE; 3][..times].join(" "));
        let moves = |earlier: Earlier, now: &Newcomer| moves_updated(now, &earlier);
        let before = earlier(&grown(1));
        assert!(moves(before.clone(), &grown(2)));
        assert!(!moves(before.clone(), &newcomer("bridge", "Bridge reopens", &format!("{BRIDGE} At last."))));
        assert!(!moves(Earlier { told_lately: true, ..before.clone() }, &grown(3)));
        assert!(!moves(Earlier { update: UpdatePolicy::Never, ..before.clone() }, &grown(2)));
        assert!(moves(Earlier { update: UpdatePolicy::Always, ..before.clone() }, &grown(1)));
        for (title, marks) in
            [("UPDATE 2-Bridge reopens", true), ("[Updated] Bridge", true), ("Update on the bridge", false)]
        {
            assert_eq!(moves(before.clone(), &newcomer("bridge", title, BRIDGE)), marks, "{title}");
        }
        // A correction is told at once.
        let corrected = newcomer("bridge", "CORRECTED: Bridge reopens", BRIDGE);
        assert!(moves(Earlier { told_lately: true, ..before }, &corrected));
    }

    #[test]
    fn d30_a_page_that_names_a_known_original_is_a_copy_of_it() {
        let named = |copy: &str, title: &str, text: &str| {
            let mut story = newcomer(copy, title, text).story;
            story.key = copy.to_owned();
            story.canonical = Some("https://original.example/bridge".to_owned());
            Newcomer { fingerprint: Arc::new(fingerprint(&story)), story, ..newcomer(copy, title, text) }
        };
        let mut original = newcomer("", "Bridge reopens after repairs", BRIDGE);
        original.story.url = Some("https://original.example/bridge".to_owned());
        original.fingerprint = Arc::new(fingerprint(&original.story));
        let copy = named(
            "copy",
            "Bridge reopens to traffic",
            "Cars, trams and cyclists crossed it at noon, and a band played.",
        );
        let liar = named("liar", "The last loaf", LOAF);
        let decide = |newcomers: &[Newcomer]| -> Vec<Rule> {
            let decision = place(newcomers, &vec![None; newcomers.len()], &[], &Settings::default());
            decision.placements.iter().map(|placement| placement.because.rule).collect()
        };
        assert_eq!(
            decide(&[original.clone(), copy.clone(), liar.clone()]),
            [Rule::Opens, Rule::SameOriginal, Rule::Opens]
        );
        assert_eq!(decide(&[copy.clone(), original]), [Rule::Opens, Rule::SameOriginal]);
        // Nobody knows the original: the claim counts nothing.
        assert_eq!(decide(&[copy, liar]), [Rule::Opens, Rule::Opens]);
    }
}
