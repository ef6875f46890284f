//! Paths into JSON: RFC 9535 with names, indices, wildcards and descendants, without slices and filters.

use serde_json::Value;

/// Values that one path is tried on.
const STEPS: usize = 200_000;
/// Longest path, in segments.
const SEGMENTS: usize = 32;

/// A path, relative to the value that it is asked of: `$` and `@` mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    /// Whether everything below is meant (`..`), besides the value itself.
    below: bool,
    picks: Vec<Pick>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pick {
    Name(String),
    /// From the end when negative.
    Index(i64),
    All,
}

impl Path {
    /// Reads a path; `Err` says what is wrong with it.
    pub(super) fn new(text: &str) -> Result<Path, &'static str> {
        let text = text.trim();
        let mut rest = text.strip_prefix(['$', '@']).ok_or("it begins with `$`")?;
        let mut segments = Vec::new();
        while !rest.is_empty() {
            let (segment, after) = segment(rest)?;
            segments.push(segment);
            rest = after;
            if segments.len() > SEGMENTS {
                return Err("it is too long");
            }
        }
        Ok(Path(segments))
    }

    /// What the path leads to: elements of a list in their order, fields of an object by their names.
    pub(super) fn find<'v>(&self, root: &'v Value) -> Vec<&'v Value> {
        let mut steps = STEPS;
        let mut found = vec![root];
        for segment in &self.0 {
            let from: Vec<&Value> = match segment.below {
                true => found.iter().flat_map(|value| all_below(value, &mut steps)).collect(),
                false => found,
            };
            found = Vec::new();
            for value in from {
                for pick in &segment.picks {
                    pick.from(value, &mut steps, &mut found);
                }
            }
        }
        found
    }
}

impl Pick {
    fn from<'v>(&self, value: &'v Value, steps: &mut usize, found: &mut Vec<&'v Value>) {
        let before = found.len();
        match (self, value) {
            (Pick::Name(name), Value::Object(object)) => found.extend(object.get(name)),
            (Pick::Index(index), Value::Array(all)) => {
                let at = match usize::try_from(*index) {
                    Ok(at) => Some(at),
                    Err(_) => usize::try_from(index.unsigned_abs()).ok().and_then(|back| all.len().checked_sub(back)),
                };
                found.extend(at.and_then(|at| all.get(at)));
            }
            (Pick::All, Value::Array(all)) => found.extend(all.iter().take(*steps)),
            (Pick::All, Value::Object(object)) => found.extend(object.values().take(*steps)),
            _ => {}
        }
        *steps = steps.saturating_sub(1 + found.len() - before);
        if *steps == 0 {
            found.truncate(before);
        }
    }
}

/// A value and all that is in it, outer ones first. Not by recursion: the depth is the document's.
fn all_below<'v>(value: &'v Value, steps: &mut usize) -> Vec<&'v Value> {
    let mut found = Vec::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if *steps == 0 {
            break;
        }
        *steps -= 1;
        found.push(value);
        match value {
            Value::Array(all) => waiting.extend(all.iter().rev()),
            Value::Object(object) => waiting.extend(object.values().rev()),
            _ => {}
        }
    }
    found
}

fn segment(text: &str) -> Result<(Segment, &str), &'static str> {
    let (below, rest) = match text.strip_prefix("..") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('.').unwrap_or(text)),
    };
    let is_dotted = rest.len() < text.len();
    if let Some(inside) = rest.strip_prefix('[').filter(|_| below || !is_dotted) {
        let (picks, rest) = brackets(inside)?;
        return Ok((Segment { below, picks }, rest));
    }
    if !is_dotted {
        return Err("a name follows a dot, an index stands in brackets");
    }
    if let Some(rest) = rest.strip_prefix('*') {
        return Ok((Segment { below, picks: vec![Pick::All] }, rest));
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '$') || !c.is_ascii();
    let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
    let (name, rest) = rest.split_at_checked(end).unwrap_or((rest, ""));
    match name {
        "" => Err("a name is missing behind a dot"),
        name => Ok((Segment { below, picks: vec![Pick::Name(name.to_owned())] }, rest)),
    }
}

/// What stands in brackets: names in quotes, numbers, `*`, separated by commas.
fn brackets(text: &str) -> Result<(Vec<Pick>, &str), &'static str> {
    const OPEN: &str = "a bracket has no end";
    let mut picks = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        let first = rest.chars().next().ok_or(OPEN)?;
        let after = match first {
            '*' => {
                picks.push(Pick::All);
                rest.get(1..)
            }
            '\'' | '"' => {
                let (name, after) = rest.get(1..).and_then(|rest| rest.split_once(first)).ok_or(OPEN)?;
                picks.push(Pick::Name(name.to_owned()));
                Some(after)
            }
            '?' => return Err("filters are not known here; choose with `url_include` and `url_exclude`"),
            _ => {
                let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(rest.len());
                let (number, after) = rest.split_at_checked(end).ok_or(OPEN)?;
                let number = number.parse().map_err(|_| "in brackets stand numbers, names in quotes, or `*`")?;
                picks.push(Pick::Index(number));
                Some(after)
            }
        };
        rest = after.unwrap_or_default().trim_start();
        match rest.chars().next() {
            Some(']') => return Ok((picks, rest.get(1..).unwrap_or_default())),
            Some(',') => rest = rest.get(1..).unwrap_or_default(),
            Some(':') => return Err("slices are not known here; choose with `max_items`"),
            _ => return Err(OPEN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        let value = serde_json::json!({
            "posts": [{"id": 1, "by": {"name": "Ann"}}, {"id": 2, "a.b": 3}, {"id": 4}],
            "meta": {"id": 5, "name": 6}
        });
        let found =
            Path::new(path).map(|path| path.find(&value).iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
        assert_eq!(found.unwrap_or_else(str::to_owned), expected, "{path}");
    }

    #[test]
    fn leads_where_it_says() {
        check("$.posts[*].id", "1 2 4");
        check("@.posts[0].by.name", "\"Ann\"");
        check("$['posts'][-1]['id']", "4");
        check("$.posts[0, 2].id", "1 4");
        check("$.posts[1][\"a.b\"]", "3");
        check("$..id", "5 1 2 4");
        check("$.meta.*", "5 6");
        check("$.meta.name", "6");
        check("$..[0].id", "1");
        check("$.none[7].x", "");
        check("$.posts.name", "");
    }

    #[test]
    fn what_is_no_path_is_told() {
        check("posts", "it begins with `$`");
        check("$posts", "a name follows a dot, an index stands in brackets");
        check("$.", "a name is missing behind a dot");
        check("$.a[0", "a bracket has no end");
        check("$.a['b]", "a bracket has no end");
        check("$.a[b]", "in brackets stand numbers, names in quotes, or `*`");
        check("$.a[0:2]", "slices are not known here; choose with `max_items`");
        check("$[?@.a]", "filters are not known here; choose with `url_include` and `url_exclude`");
    }

    #[test]
    fn costs_are_bounded() {
        let mut value = Value::from(1);
        for _ in 0..100 {
            value = Value::Array(vec![value.clone(), Value::from(2)]);
        }
        let wide = Value::Array(vec![value; 3000]);
        let path = Path::new(&format!("${}", "..*".repeat(30))).unwrap();
        assert!(path.find(&wide).len() <= STEPS);
    }
}
