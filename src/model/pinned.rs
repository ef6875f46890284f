//! Where the stories of a list are, as a person pinned it: `[source.list]`.

use serde::{Deserialize, Serialize};

/// Where the stories of a listing are.
///
/// In an HTML page by CSS selectors, which may end in `@attribute`: `h2 a@href`. In JSON by paths (RFC 9535 without
/// filters), `$.posts[*]`; a path may stand behind the script of a page that holds the JSON: `script#data $.posts[*]`.
/// All but `items` are looked for inside of each story; what is absent is found without them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListSelectors {
    /// Each story.
    pub items: String,
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its link; `href` is meant unless an attribute is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its date; `datetime` is preferred to the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// How that date is written, where it cannot be told from it.
    #[serde(skip_serializing_if = "DateForm::is_default")]
    pub date_form: DateForm,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    /// Its picture; `src` is meant unless an attribute is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Who wrote it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// What it is filed under; all that match count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub categories: Option<String>,
    /// Records that match one of these, or stand inside of what does, are no stories. For HTML pages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
    /// Parts of addresses, of which a story's has to hold one; `*` stands for anything. Empty: any will do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub url_include: Vec<String>,
    /// Parts of addresses that no story's may hold; `*` stands for anything.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub url_exclude: Vec<String>,
    /// What begins or ends titles and belongs to none of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub title_strip: Vec<String>,
    /// With fewer stories the page is not believed. 0: any number will do.
    #[serde(skip_serializing_if = "is_zero")]
    pub min_items: usize,
    /// No more stories than these are taken, the first on the page. `None`: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<usize>,
}

/// How the dates of a list are written, where they do not tell it themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DateForm {
    /// In the letters of strftime: `%d.%m.%Y %H:%M`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// The zone of times that name none: `Europe/Vienna`, `+02:00`, `CET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The language, which tells in what order day and month stand in `3/4/2026`: `en-US` has the month first,
    /// others have the day first, `zh`, `ja`, `ko` and `hu` the year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl DateForm {
    /// Whether nothing is said of it.
    pub fn is_default(&self) -> bool {
        *self == DateForm::default()
    }
}

/// As serde asks.
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// Where an article stands on its page: CSS selectors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArticleSelectors {
    /// Only what these match is the body, in the page's order; empty: it is looked for.
    pub keep: Vec<String>,
    /// What these match is taken out of the page before anything is read.
    pub remove: Vec<String>,
    /// The title; the text is meant unless an attribute is named: `meta.headline@content`.
    pub title: Option<String>,
}
