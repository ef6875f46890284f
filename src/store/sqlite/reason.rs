//! Verdicts and evidence as they are stored: words, and JSON lists without field names, since every
//! story has them and few are ever read.

use serde::{Deserialize, Serialize};

use super::fault::Fault;
use crate::model::{Evidence, Rule, SourceId, Verdict, Veto};

/// In the order of the fields of [`Evidence`]. A new number comes last.
#[derive(Serialize, Deserialize)]
struct Stored(Rule, Option<(SourceId, String)>, f64, f64, f64, f64, f64, (u32, u32, u32), i64, Option<Veto>);

impl Stored {
    fn of(evidence: &Evidence) -> Stored {
        let e = evidence.clone();
        // JSON has no word for what is not a number.
        let number = |value: f64| if value.is_finite() { value } else { 0.0 };
        let [score, jaccard, containment] = [e.score, e.jaccard, e.containment].map(number);
        let [lead, title] = [e.lead, e.title].map(number);
        Stored(e.rule, e.with, score, jaccard, containment, lead, title, e.shingles, e.apart_seconds, e.veto)
    }

    fn evidence(self) -> Evidence {
        let Stored(rule, with, score, jaccard, containment, lead, title, shingles, apart_seconds, veto) = self;
        Evidence { rule, with, score, jaccard, containment, lead, title, shingles, apart_seconds, veto }
    }
}

pub(super) fn encode(evidence: &[Evidence]) -> String {
    let stored: Vec<Stored> = evidence.iter().map(Stored::of).collect();
    serde_json::to_string(&stored).expect("lists of words and finite numbers are JSON")
}

pub(super) fn decode(text: &str) -> Result<Vec<Evidence>, Fault> {
    let stored: Vec<Stored> =
        serde_json::from_str(text).map_err(|error| Fault::Damaged(format!("a reason cannot be read: {error}")))?;
    Ok(stored.into_iter().map(Stored::evidence).collect())
}

pub(super) fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Known { moves_updated: false } => "known",
        Verdict::Known { moves_updated: true } => "updated",
        Verdict::Joins => "joins",
        Verdict::Opens => "opens",
    }
}

pub(super) fn verdict(stored: &str) -> Result<Verdict, Fault> {
    let known = |moves_updated| Verdict::Known { moves_updated };
    [known(false), known(true), Verdict::Joins, Verdict::Opens]
        .into_iter()
        .find(|verdict| word(*verdict) == stored)
        .ok_or_else(|| Fault::damaged("a verdict cannot be read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_comes_back() {
        let with = Some((SourceId::new("ap").unwrap(), "key \" 1".to_owned()));
        let near = Evidence {
            score: 0.875,
            jaccard: f64::NAN,
            shingles: (1, 2, u32::MAX),
            apart_seconds: -7,
            veto: Some(Veto::TooLittle),
            ..Evidence::bare(Rule::NearText, with)
        };
        let read = decode(&encode(&[near.clone(), Evidence::bare(Rule::Opens, None)])).unwrap();
        assert_eq!(read, [Evidence { jaccard: 0.0, ..near }, Evidence::bare(Rule::Opens, None)]);
        assert!(decode("[[\"opens\"]]").is_err());
    }

    #[test]
    fn verdicts_come_back() {
        for stored in ["known", "updated", "joins", "opens"] {
            assert_eq!(word(verdict(stored).unwrap()), stored);
        }
        assert!(verdict("guessed").is_err());
    }
}
