//! The page that lists the outputs, and the stylesheets of pages and feeds.

use chrono::{DateTime, Utc};

use super::markup::{Markup, STYLE, count, word};
use super::{File, clean, looks, sheet};
use crate::model::{Edition, Format, Site};

/// The looks of every page.
const LOOKS: &str = include_str!("style.css");

/// The name of the page.
const NAME: &str = "index.html";

/// What the list says of an output: small, so that no edition has to be kept for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The output's id, which names its files.
    pub id: String,
    /// For readers.
    pub title: String,
    /// What it is written as.
    pub formats: Vec<Format>,
    /// Private outputs have a page, but are not listed.
    pub private: bool,
    /// How many entries it has.
    pub entries: usize,
    /// The newest change among them.
    pub updated: Option<DateTime<Utc>>,
}

impl Listed {
    /// Of an edition.
    pub fn of(edition: &Edition) -> Listed {
        let output = &edition.output;
        Listed {
            id: output.id.to_string(),
            title: output.title.clone(),
            formats: output.formats.clone(),
            private: output.private,
            entries: edition.entries.len(),
            updated: edition.updated,
        }
    }
}

/// Makes `index.html`, which lists the public outputs in their order, and the stylesheets: that of all
/// pages, where there is one, and that of all feeds in XML. No index when no output has a page, nor when
/// an output that is called `index` is itself the page at that place.
pub fn index(site: &Site, outputs: &[Listed]) -> Vec<File> {
    let paged: Vec<&Listed> = outputs.iter().filter(|output| output.formats.contains(&Format::Html)).collect();
    let mut files = Vec::new();
    if !paged.is_empty() && !paged.iter().any(|output| sheet::file_name(&output.id, Format::Html) == NAME) {
        let public: Vec<&Listed> = outputs.iter().filter(|output| !output.private).collect();
        files.push(File { name: NAME.to_owned(), bytes: page(site, &public) });
    }
    if outputs.iter().flat_map(|output| &output.formats).any(|format| looks::are_of(*format)) {
        files.push(looks::file());
    }
    if !paged.is_empty() {
        files.push(File { name: STYLE.to_owned(), bytes: LOOKS.as_bytes().to_vec() });
    }
    files
}

fn page(site: &Site, outputs: &[&Listed]) -> Vec<u8> {
    let title = clean::title(&site.title, &["News"], None);
    let feeds: Vec<_> = outputs.iter().flat_map(|output| feeds(output)).collect();
    let mut page = Markup::new(&title, &feeds);
    page.open("header", &[]).line().leaf("h1", &[], &title).line();
    page.leaf("p", &[("class", "meta")], &format!("{}, every story once", count(outputs.len(), "output")));
    page.line().close().line().open("main", &[]).line();
    if outputs.is_empty() {
        page.leaf("p", &[], "Nothing is public here.").line();
    } else {
        page.open("ul", &[("class", "outputs")]).line();
        for output in outputs {
            page.open("li", &[]).line();
            listed(&mut page, output);
            page.close().line();
        }
        page.close().line();
    }
    page.close().line();
    page.open("footer", &[]).leaf("p", &[], "Copy the address of a feed into your reader. All times are UTC.");
    page.close().line();
    page.finish()
}

fn listed(page: &mut Markup, output: &Listed) {
    let (title, files) = (title(output), files(output));
    let best = files.iter().find(|(format, _)| *format == Format::Html).or(files.first());
    page.open("h2", &[]).link(best.map(|(_, name)| name.as_str()), None, &title).close().line();
    page.open("p", &[("class", "meta")]).text(&count(output.entries, "item"));
    if let Some(updated) = output.updated {
        page.text(", newest ").time(clean::date(updated)).text(" UTC");
    }
    page.close().line().formats(&title, &files);
}

fn title(output: &Listed) -> String {
    clean::title(&output.title, &[&output.id], None)
}

/// Format and file, each once, in the order of the list of all formats.
fn files(output: &Listed) -> Vec<(Format, String)> {
    let has = |format: &&Format| output.formats.contains(format);
    Format::ALL.iter().filter(has).map(|format| (*format, sheet::file_name(&output.id, *format))).collect()
}

fn feeds(output: &Listed) -> Vec<(String, Format, String)> {
    let title = title(output);
    (files(output).into_iter())
        .filter(|(format, _)| *format != Format::Html)
        .map(|(format, name)| (format!("{title} ({})", word(format)), format, name))
        .collect()
}
