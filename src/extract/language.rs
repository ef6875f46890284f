//! What language a page says that it is in, in the form of BCP 47.

/// A tag as RFC 5646 §2.1.1 writes it (`en_US` becomes `en-US`); `None` for what is none, and for tags that say that
/// nobody knows. Of a list the first.
pub(crate) fn tag(raw: &str) -> Option<String> {
    let first = raw.split([',', ';', '.', '@']).next()?.trim();
    let mut parts = first.split(['-', '_']);
    let primary = parts.next().filter(|part| (2..=3).contains(&part.len()) && is_letters(part))?.to_ascii_lowercase();
    if matches!(primary.as_str(), "und" | "zxx" | "mul" | "mis") {
        return None;
    }
    let mut tag = primary;
    for part in parts.take(4) {
        if !(2..=8).contains(&part.len()) || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        tag.push('-');
        match part.len() {
            2 if is_letters(part) => tag.push_str(&part.to_ascii_uppercase()),
            4 if is_letters(part) => {
                let lower = part.to_ascii_lowercase();
                let mut letters = lower.chars();
                tag.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                tag.push_str(letters.as_str());
            }
            _ => tag.push_str(&part.to_ascii_lowercase()),
        }
    }
    Some(tag)
}

fn is_letters(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[track_caller]
    fn check(raw: &str, expected: Option<&str>) {
        assert_eq!(tag(raw).as_deref(), expected, "{raw}");
    }

    #[test]
    fn a_tag_is_written_as_the_standard_writes_it() {
        check("en_US", Some("en-US"));
        check(" DE ", Some("de"));
        check("zh-hant-tw", Some("zh-Hant-TW"));
        check("de_DE.UTF-8", Some("de-DE"));
        check("en, de", Some("en"));
        check("es-419", Some("es-419"));
    }

    #[test]
    fn what_is_no_tag_is_dropped() {
        for raw in ["", "English", "e", "x-default", "und", "{{lang}}", "en US", "日本", "en-", "undefined"] {
            check(raw, None);
        }
    }
}
