//! JSON Feed 1.1: names, types and what is required.

use serde_json::{Map, Value};

use super::value::{is_address, is_language, is_line, is_media_type, is_visible, rfc_3339};
use super::{Faults, Said, html};

/// A key, whether it has to be there, and what its value is.
type Rule = (&'static str, bool, fn(&Value) -> bool);

const FEED: &[Rule] = &[
    ("version", true, |value| value == "https://jsonfeed.org/version/1.1"),
    ("title", true, line),
    ("home_page_url", false, address),
    ("feed_url", false, address),
    ("description", false, line),
    ("language", false, |value| value.as_str().is_some_and(is_language)),
    ("hubs", false, |value| each(value, |hub| keys_of(hub, &["type", "url"]) && address(&hub["url"]))),
    ("items", true, Value::is_array),
];

const ITEM: &[Rule] = &[
    ("id", true, line),
    ("url", false, address),
    ("title", true, line),
    ("content_html", true, some),
    ("summary", false, some),
    ("image", false, address),
    ("date_published", true, date),
    ("date_modified", true, date),
    ("authors", false, |value| each(value, |author| keys_of(author, &["name"]) && line(&author["name"]))),
    ("tags", false, |value| each(value, line)),
    ("language", false, |value| value.as_str().is_some_and(is_language)),
    ("attachments", false, |value| each(value, attachment)),
    // Extensions begin with an underscore and are objects.
    ("_oncefeed", false, Value::is_object),
];

pub(super) fn read(text: &str, faults: &mut Faults) -> Vec<Said> {
    let feed: Value = match serde_json::from_str(text) {
        Ok(feed) => feed,
        Err(cause) => {
            faults.0.push(cause.to_string());
            return Vec::new();
        }
    };
    let Some(object) = feed.as_object() else {
        faults.0.push("the feed is no object".to_owned());
        return Vec::new();
    };
    check(object, FEED, faults);
    let mut said = Vec::new();
    for item in feed["items"].as_array().into_iter().flatten() {
        let Some(object) = item.as_object() else {
            faults.0.push("an item is no object".to_owned());
            continue;
        };
        check(object, ITEM, faults);
        html::check(item["content_html"].as_str().unwrap_or_default(), faults);
        let seconds = |key: &str| item[key].as_str().and_then(rfc_3339).unwrap_or_default();
        faults.unless(seconds("date_published") <= seconds("date_modified"), || "modified before published".to_owned());
        said.push(Said {
            id: item["id"].as_str().unwrap_or_default().to_owned(),
            title: item["title"].as_str().unwrap_or_default().to_owned(),
            link: item["url"].as_str().map(str::to_owned),
            published: seconds("date_published"),
        });
    }
    said
}

fn check(object: &Map<String, Value>, rules: &[Rule], faults: &mut Faults) {
    for (key, required, holds) in rules {
        match object.get(*key) {
            Some(value) => faults.unless(holds(value), || format!("{key}: {value}")),
            None => faults.unless(!required, || format!("{key} is missing")),
        }
    }
    for key in object.keys() {
        faults.unless(rules.iter().any(|(known, ..)| known == key), || format!("the key {key}"));
    }
}

fn line(value: &Value) -> bool {
    value.as_str().is_some_and(is_line)
}

fn some(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty() && text.chars().all(is_visible))
}

fn address(value: &Value) -> bool {
    value.as_str().is_some_and(is_address)
}

fn date(value: &Value) -> bool {
    value.as_str().and_then(rfc_3339).is_some()
}

/// A list that is not there says as much as one without elements.
fn each(value: &Value, holds: impl Fn(&Value) -> bool) -> bool {
    value.as_array().is_some_and(|values| !values.is_empty() && values.iter().all(holds))
}

fn keys_of(value: &Value, keys: &[&str]) -> bool {
    value.as_object().is_some_and(|object| object.keys().all(|key| keys.contains(&key.as_str())))
}

fn attachment(value: &Value) -> bool {
    keys_of(value, &["url", "mime_type", "size_in_bytes"])
        && address(&value["url"])
        && value["mime_type"].as_str().is_some_and(is_media_type)
        && value.get("size_in_bytes").is_none_or(|size| size.as_u64().is_some_and(|size| size > 0))
}
