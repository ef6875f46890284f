//! Durations and sizes as people write them: `30m`, `1h30m`, `10MiB`.

use std::time::Duration;

/// Longer than any clock in here reckons with.
const FOREVER: Duration = Duration::from_secs(1_000 * 365 * 86_400);

/// `90s`, `15m`, `1h30m`, `4d`, `2w`, `500ms`, `forever`. Each number has a unit; no spaces inside.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if text.trim() == "forever" {
        return Ok(FOREVER);
    }
    const SHAPE: &str = "is no duration; write for example \"30m\", \"1h30m\" or \"4d\"";
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return Err(format!("{text:?} {SHAPE}"));
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        let number: u64 = rest[..digits].parse().map_err(|_| format!("{text:?} {SHAPE}"))?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let millis = match &rest[..letters] {
            "ms" => 1,
            "s" => 1_000,
            "m" | "min" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            _ => return Err(format!("{text:?} {SHAPE}")),
        };
        let part = number.checked_mul(millis).ok_or_else(|| format!("{text:?} is too long"))?;
        total = total.checked_add(Duration::from_millis(part)).ok_or_else(|| format!("{text:?} is too long"))?;
        rest = &rest[letters..];
    }
    if total > FOREVER { Err(format!("{text:?} is too long")) } else { Ok(total) }
}

/// `512KiB`, `10MiB`, `1GB`, `4096`: bytes; `K` is 1,000, `Ki` is 1,024.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || format!("{text:?} is no size; write for example \"512KiB\" or \"10MiB\"");
    let text_ = text.trim();
    let digits = text_.find(|c: char| !c.is_ascii_digit()).unwrap_or(text_.len());
    let number: u64 = text_[..digits].parse().map_err(|_| wrong())?;
    let factor = match text_[digits..].trim() {
        "" | "B" => 1,
        "KB" | "kB" => 1_000,
        "KiB" => 1 << 10,
        "MB" => 1_000_000,
        "MiB" => 1 << 20,
        "GB" => 1_000_000_000,
        "GiB" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_for_people() {
        for (text, seconds) in
            [("90s", 90), ("15m", 900), ("1h30m", 5400), ("4d", 345_600), ("2w", 1_209_600), ("0s", 0)]
        {
            assert_eq!(duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
    }

    #[test]
    fn other_texts_are_no_durations() {
        for text in ["", "10", "m", "-5m", "1.5h", "5 parsecs", "99999999999999999999s", "18446744073709551615d"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_written_for_people() {
        for (text, size) in [("4096", 4096), ("512KiB", 524_288), ("10MiB", 10_485_760), ("1 GB", 1_000_000_000)] {
            assert_eq!(bytes(text), Ok(size), "{text}");
        }
        for text in ["", "MiB", "-1", "10 apples", "0", "99999999999999999999"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
