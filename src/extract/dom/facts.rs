//! What a page declares about itself: `<meta>`, `<link>`, JSON-LD.

use serde_json::{Map, Value};
use url::Url;

use super::Tree;
use crate::extract::html::absolute;
use crate::extract::language;

/// Objects of JSON that are looked at.
const OBJECTS: usize = 20_000;

/// What a page declares.
pub(crate) struct Facts<'d> {
    /// `name`, `property` or `itemprop` in lower case, and content; in document order.
    meta: Vec<(String, String)>,
    /// `rel="canonical"`, as it stands there.
    pub(crate) canonical: Option<String>,
    /// `lang` of the page, else its content-language, in the form of BCP 47.
    pub(crate) language: Option<String>,
    /// The page's `<title>`.
    pub(crate) title: Option<String>,
    /// What relative addresses are relative to.
    pub(crate) base: Option<Url>,
    /// Every JSON-LD object with a type, outer ones first.
    pub(crate) things: Vec<&'d Map<String, Value>>,
    /// Every block of JSON, whatever it is for.
    pub(crate) json: &'d [Value],
}

impl<'d> Facts<'d> {
    pub(crate) fn new(json: &'d [Value], tree: &Tree<'_>, url: Option<&Url>) -> Facts<'d> {
        let mut facts = Facts {
            meta: Vec::new(),
            canonical: None,
            language: tree.attribute(0, "lang").and_then(|lang| language::tag(&lang)),
            title: None,
            base: url.cloned(),
            things: things(json),
            json,
        };
        let mut based = false;
        for at in 0..tree.len() {
            let value = |name| tree.attribute(at, name);
            match tree.node(at).name.as_str() {
                "meta" => {
                    let key = value("property").or_else(|| value("name")).or_else(|| value("itemprop"));
                    if let (Some(key), Some(content)) = (key, value("content").filter(|content| !content.is_empty())) {
                        facts.meta.push((key.to_lowercase(), content));
                    }
                    let is_language =
                        value("http-equiv").is_some_and(|key| key.eq_ignore_ascii_case("content-language"));
                    if is_language && facts.language.is_none() {
                        facts.language = value("content").and_then(|text| language::tag(&text));
                    }
                }
                "link"
                    if facts.canonical.is_none()
                        && value("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical")) =>
                {
                    facts.canonical = value("href");
                }
                "title" if facts.title.is_none() => {
                    facts.title = Some(tree.text(tree.range(at))).filter(|text| !text.is_empty());
                }
                "base" if !based => {
                    let href = value("href").and_then(|href| absolute(&href, url));
                    based = href.is_some();
                    facts.base = href.or(facts.base);
                }
                _ => {}
            }
        }
        // A saved page may know its address better than whoever saved it.
        if facts.base.is_none() {
            let own = facts.canonical.as_deref().or_else(|| facts.meta(&["og:url"]));
            facts.base = own.and_then(|address| absolute(address, None)).filter(Url::has_host);
        }
        facts
    }

    /// The first value of the first of these keys that the page has.
    pub(crate) fn meta(&self, keys: &[&str]) -> Option<&str> {
        keys.iter().find_map(|key| self.meta.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str()))
    }

    /// Every value of a key.
    pub(crate) fn all<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s str> + 's {
        self.meta.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The JSON-LD objects of which a type ends like this: `NewsArticle` and `Article` both end in "Article".
    pub(crate) fn of_kind(&self, endings: &[&str]) -> Vec<&'d Map<String, Value>> {
        (self.things.iter())
            .filter(|thing| kinds(thing).any(|kind| endings.iter().any(|ending| kind.ends_with(ending))))
            .copied()
            .collect()
    }
}

/// The types of a JSON-LD object.
pub(crate) fn kinds(thing: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let kind = thing.get("@type");
    let one = kind.and_then(Value::as_str);
    let many = kind.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    one.into_iter().chain(many)
}

/// The text of a value that may be an object with a name or an address, or a list of such.
pub(crate) fn text_of(value: &Value) -> Option<&str> {
    let value = value.as_array().and_then(|all| all.first()).unwrap_or(value);
    let text = value.as_str().or_else(|| {
        let object = value.as_object()?;
        ["url", "@id", "name", "@value", "contentUrl"].iter().find_map(|key| object.get(*key)?.as_str())
    });
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// Every object with a type, whatever it stands in. Not by recursion: the depth is the page's.
fn things(roots: &[Value]) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    let mut waiting: Vec<&Value> = roots.iter().rev().collect();
    let mut seen = 0;
    while let Some(value) = waiting.pop() {
        seen += 1;
        if seen > OBJECTS {
            break;
        }
        match value {
            Value::Array(all) => waiting.extend(all.iter().rev()),
            Value::Object(object) => {
                if object.contains_key("@type") {
                    found.push(object);
                }
                waiting.extend(object.values().rev().filter(|value| value.is_object() || value.is_array()));
            }
            _ => {}
        }
    }
    found
}
