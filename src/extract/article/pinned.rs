//! Articles whose parts are named by selectors: `[source.article]`.

use dom_query::{Document, Matcher};

use super::body::Body;
use crate::extract::ExtractError;
use crate::extract::draft::clip;
use crate::extract::listing::Source;
use crate::model::ArticleSelectors;

/// Elements of one page that a selector may pick.
const ELEMENTS: usize = 1000;

/// Whether every selector is one; the error names the first that is none.
pub(crate) fn check(selectors: &ArticleSelectors) -> Result<(), ExtractError> {
    selectors.keep.iter().try_for_each(|css| matcher("keep", css).map(drop))?;
    selectors.remove.iter().try_for_each(|css| matcher("remove", css).map(drop))?;
    selectors.title.iter().try_for_each(|text| matcher("title", split(text).0).map(drop))
}

fn matcher(key: &'static str, css: &str) -> Result<Matcher, ExtractError> {
    let wrong = || ExtractError::ArticleSelector { key, selector: css.to_owned() };
    let css = css.trim();
    if css.is_empty() { Err(wrong()) } else { Matcher::new(css).map_err(|_| wrong()) }
}

/// A selector and the attribute that is meant: `meta.headline@content`.
fn split(text: &str) -> (&str, Option<&str>) {
    let is_name =
        |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
    match text.rsplit_once('@') {
        Some((css, name)) if is_name(name) => (css, Some(name)),
        _ => (text, None),
    }
}

/// Takes out of a page what is to be removed, before anything of it is read.
pub(crate) fn strip(document: &Document, selectors: &ArticleSelectors) -> Result<(), ExtractError> {
    for css in &selectors.remove {
        document.select_matcher(&matcher("remove", css)?).remove();
    }
    Ok(())
}

/// The title where the selector finds one.
pub(crate) fn title(source: &Source<'_, '_>, selectors: &ArticleSelectors) -> Result<Option<String>, ExtractError> {
    let Some(text) = &selectors.title else { return Ok(None) };
    let (css, attribute) = split(text);
    let matcher = matcher("title", css)?;
    let tree = source.tree;
    let found = (0..tree.len()).filter(|at| tree.reference(*at).is_some_and(|node| node.is_match(&matcher)));
    let value = |at: usize| match attribute {
        Some(name) => tree.attribute(at, &name.to_ascii_lowercase()),
        None => Some(tree.text(tree.range(at))),
    };
    Ok(found.take(ELEMENTS).filter_map(value).find(|text| !text.is_empty()).map(|text| clip(text, 1024)))
}

/// What is to be kept, in the page's order; `None` when nothing is said of it. That it is not there is an error, and
/// never the whole page.
pub(super) fn body(source: &Source<'_, '_>, selectors: &ArticleSelectors) -> Result<Option<Body>, ExtractError> {
    if selectors.keep.is_empty() {
        return Ok(None);
    }
    let matchers = selectors.keep.iter().map(|css| matcher("keep", css)).collect::<Result<Vec<_>, _>>()?;
    let tree = source.tree;
    let (mut html, mut lines, mut end, mut found) = (String::new(), Vec::new(), 0, 0);
    for at in 0..tree.len() {
        // What stands inside of what is kept is kept already.
        if at < end || tree.node(at).name.is_empty() {
            continue;
        }
        let Some(node) = tree.reference(at).filter(|node| matchers.iter().any(|matcher| node.is_match(matcher))) else {
            continue;
        };
        found += 1;
        if found > ELEMENTS {
            break;
        }
        end = tree.range(at).end;
        html.push_str(&node.html());
        lines.extend(tree.lines(tree.range(at)));
    }
    let selector = || selectors.keep.join(", ");
    match (found, lines.is_empty()) {
        (0, _) => Err(ExtractError::BodyMissing { selector: selector() }),
        (_, true) => Err(ExtractError::BodyEmpty { selector: selector() }),
        _ => Ok(Some(Body { html, text: lines.join("\n\n") })),
    }
}
