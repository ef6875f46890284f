//! Names of those who wrote something, without their e-mail addresses.
//!
//! Sources put addresses where names belong, in their own feeds. In another's they would only be found by those
//! who collect addresses, and validators warn of them in the place of names.

use std::collections::HashSet;

use super::clean;

/// Distinct names, in their order, without the empty ones.
pub(super) fn names(raw: &[String]) -> Vec<String> {
    let mut seen = HashSet::new();
    (raw.iter().map(|raw| name(raw))).filter(|name| !name.is_empty() && seen.insert(name.clone())).collect()
}

/// A name without addresses; of a name that is nothing else, what stands before the `@`.
pub(super) fn name(raw: &str) -> String {
    let whole = clean::name(raw);
    let parts = || whole.split([' ', '<', '>', '(', ')', ',', ';']).filter(|part| !part.is_empty());
    let Some(first) = parts().find_map(address) else { return whole };
    let rest = parts().filter(|part| address(part).is_none()).collect::<Vec<_>>().join(" ");
    if !clean::is_blank(&rest) {
        return rest;
    }
    first.split_once('@').map_or(first, |(local, _)| local).to_owned()
}

/// The address that a word is, whatever stands around it. A handle begins with its `@`, a host has a dot.
fn address(word: &str) -> Option<&str> {
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '@');
    let bare = bare.strip_prefix("mailto:").unwrap_or(bare);
    let (local, host) = bare.split_once('@')?;
    let is_host = host.contains('.') && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    (!local.is_empty() && is_host).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, expected: &str) {
        assert_eq!(name(raw), expected);
    }

    #[test]
    fn addresses_are_no_part_of_a_name() {
        check("John Doe <john@n.example>", "John Doe");
        check("john@n.example (John Doe)", "John Doe");
        check("John <john@n.example>Doe", "John Doe");
        check("John Doe, john@n.example", "John Doe");
        check("news@n.example", "news");
        check("mailto:news@n.example", "news");
        check("<a@n.example> b@n.example", "a");
        check("Bo <bo@x>", "Bo <bo@x>");
        check("@bo@n.example", "@bo@n.example");
        check("Bo @ the bar.", "Bo @ the bar.");
        check("", "");
    }

    #[test]
    fn each_name_is_there_once() {
        let raw = ["Bo <bo@n.example>", "", "Bo", "Ann"].map(str::to_owned);
        assert_eq!(names(&raw), ["Bo", "Ann"]);
    }
}
