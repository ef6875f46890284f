//! An output as a page for people: a finite list of stories, readable without JavaScript, from a
//! folder or a server, and without a request to anybody else.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use super::clean;
use super::markup::{Markup, count, word};
use super::sheet::{Cover, Entry, Sheet};
use crate::model::{Format, Voices};

/// So many other tellers are named in the line below a story; all of them are in the list of its tellings.
const NAMED: usize = 3;

/// All that a page is made of: anything else in it came in from outside.
const ELEMENTS: &[&str] = &[
    "html", "head", "meta", "title", "link", "body", "header", "main", "footer", "nav", "h1", "h2", "p", "ol", "ul",
    "li", "a", "b", "span", "time", "article", "details", "summary",
];

/// The file's bytes.
pub(super) fn write(sheet: &Sheet) -> Vec<u8> {
    let files: Vec<(Format, String)> = (sheet.formats.iter())
        .filter(|format| **format != Format::Html)
        .map(|format| (*format, sheet.file_name(*format)))
        .collect();
    let feeds: Vec<_> = (files.iter())
        .map(|(format, name)| (format!("{} ({})", sheet.title, word(*format)), *format, name.clone()))
        .collect();
    let mut page = Markup::new(&format!("{} – {}", sheet.title, sheet.site), &feeds);

    page.open("header", &[]).line();
    page.open("p", &[("class", "site")]).link(Some("index.html"), None, &sheet.site).close().line();
    page.leaf("h1", &[], &sheet.title).line();
    let numbers = format!("{} from {}", count(sheet.entries.len(), "item"), count(sheet.sources(), "source"));
    page.open("p", &[("class", "meta")]).text(&numbers);
    if let Some(updated) = sheet.updated {
        page.text(", updated ").time(updated).text(" UTC");
    }
    page.close().line();
    if !files.is_empty() {
        page.open("nav", &[("aria-label", "Feeds")]).formats(&sheet.title, &files).close().line();
    }
    page.close().line();

    page.open("main", &[]).line();
    if sheet.entries.is_empty() {
        page.leaf("p", &[], "No stories yet.").line();
    } else {
        page.open("ol", &[("class", "stories")]).line();
        for entry in &sheet.entries {
            page.open("li", &[]);
            article(&mut page, sheet, entry);
            page.close().line();
        }
        page.close().line();
    }
    page.close().line();

    page.open("footer", &[]);
    page.leaf("p", &[], "Every story once: what several sources tell is one item here. All times are UTC.");
    page.close().line();
    page.finish()
}

fn article(page: &mut Markup, sheet: &Sheet, entry: &Entry) {
    page.open("article", &[("id", &entry.anchor)]).line();
    page.open("h2", &[]).link(entry.link.as_deref(), entry.language.as_deref(), &entry.title).close().line();
    page.open("p", &[]).leaf("b", &[], &entry.teller.name).text(" ");
    page.time(entry.published);
    if entry.release {
        page.text(" press release");
    }
    page.close().line();
    if let Some(lead) = &entry.lead {
        let lang = entry.language.as_deref().filter(|language| *language != "en").map(|language| ("lang", language));
        page.leaf("p", lang.as_slice(), lead).line();
    }
    if !entry.also.is_empty() {
        also(page, entry);
        tellings(page, &entry.also);
    }
    related(page, sheet, entry);
    page.close();
}

fn also(page: &mut Markup, entry: &Entry) {
    let also = &entry.also;
    page.open("p", &[("class", "also")]).text("Also covered by ");
    let named = also.len().min(NAMED);
    for (at, cover) in also.iter().take(named).enumerate() {
        let separator = match at {
            0 => "",
            _ if at + 1 == also.len() => " and ",
            _ => ", ",
        };
        page.text(separator).link(cover.url.as_deref(), None, &cover.label());
    }
    if also.len() > named {
        page.text(&format!(" and {} more", also.len() - named));
    }
    page.text(&voices(&entry.voices)).close().line();
}

/// The reports of the same event, further up or down the page.
fn related(page: &mut Markup, sheet: &Sheet, entry: &Entry) {
    let mut others = sheet.related(entry).peekable();
    if others.peek().is_none() {
        return;
    }
    page.open("p", &[("class", "also")]).text("Same event: ");
    for (at, other) in others.enumerate() {
        page.text(if at == 0 { "" } else { "; " });
        page.link(Some(&format!("#{}", other.anchor)), other.language.as_deref(), &other.title);
        page.text(&format!(" ({})", other.teller.name));
    }
    page.close().line();
}

/// What many outlets are worth that speak with few voices; nothing where each speaks for itself.
fn voices(voices: &Voices) -> String {
    match &voices.common {
        Some(agency) if voices.tellers > 1 => format!(", all from {}", clean::line(agency)),
        _ if voices.count() < voices.tellers => format!(" ({})", count(voices.count(), "voice")),
        _ => String::new(),
    }
}

/// The headlines of the other tellings, behind one click. The one that is shown stands above.
fn tellings(page: &mut Markup, also: &[Cover]) {
    page.open("details", &[]).leaf("summary", &[], &count(also.len(), "other headline"));
    page.open("ul", &[]).line();
    for cover in also {
        page.open("li", &[]).leaf("b", &[], &cover.name).text(" ");
        page.link(cover.url.as_deref(), cover.language.as_deref(), &cover.title)
            .text(&cover.published.format(", %-d\u{a0}%b\u{a0}%Y").to_string());
        page.close().line();
    }
    page.close().close().line();
}

/// Ids and titles of the articles in a page; else what does not belong there.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
    let mut reader = Reader::from_str(text);
    let (mut articles, mut in_title): (Vec<(String, String)>, bool) = (Vec::new(), false);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(element) | Event::Empty(element) => {
                belongs(&element)?;
                match element.name().as_ref() {
                    b"article" => articles.push((id(&element)?, String::new())),
                    b"h2" => in_title = true,
                    _ => {}
                }
            }
            Event::End(element) if element.name().as_ref() == b"h2" => in_title = false,
            Event::Text(part) if in_title => {
                let part = part.decode().map_err(|error| error.to_string())?;
                articles.last_mut().ok_or("a headline without an article")?.1.push_str(&part);
            }
            Event::GeneralRef(reference) if in_title => {
                let name = reference.decode().map_err(|error| error.to_string())?;
                let title = &mut articles.last_mut().ok_or("a headline without an article")?.1;
                match reference.resolve_char_ref().map_err(|error| error.to_string())? {
                    Some(c) => title.push(c),
                    None => title.push_str(resolve_xml_entity(&name).ok_or("an unknown reference")?),
                }
            }
            Event::Comment(_) | Event::CData(_) | Event::PI(_) => return Err("not only elements and text".to_owned()),
            Event::Eof => return Ok(articles),
            _ => {}
        }
    }
}

/// Whether the page itself writes such elements and attributes.
fn belongs(element: &BytesStart<'_>) -> Result<(), String> {
    let name = element.name();
    let name = String::from_utf8_lossy(name.as_ref());
    if !ELEMENTS.contains(&&*name) {
        return Err(format!("there is an element {name}"));
    }
    for attribute in element.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let key = attribute.key.as_ref();
        // Our own files have no colon in their names.
        let safe = [&b"https://"[..], b"http://"].iter().any(|start| attribute.value.starts_with(start));
        if key.starts_with(b"on") || key == b"style" || key == b"href" && !safe && attribute.value.contains(&b':') {
            return Err(format!("there is an attribute {}", String::from_utf8_lossy(key)));
        }
    }
    Ok(())
}

fn id(element: &BytesStart<'_>) -> Result<String, String> {
    let attribute = element.try_get_attribute("id").map_err(|error| error.to_string())?;
    let attribute = attribute.ok_or("an article has no id")?;
    Ok(String::from_utf8_lossy(&attribute.value).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_in_an_article_and_nothing_that_does_not_belong_there() {
        let page =
            "<html><article id=\"s1\"><h2>A &amp; <a href=\"https://n.example/\">&#39;b&#39;</a></h2></article></html>";
        assert_eq!(read(page.as_bytes()), Ok(vec![("s1".to_owned(), "A & 'b'".to_owned())]));
        for bad in [
            "<html><script/></html>",
            "<html><a href=\"javascript:alert(1)\">a</a></html>",
            "<html><p onclick=\"a()\"/></html>",
            "<html><p style=\"top:0\"/></html>",
            "<html><!-- --></html>",
            "<html><article/></html>",
            "<html><h2>a</h2></html>",
        ] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
