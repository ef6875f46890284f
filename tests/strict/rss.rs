//! RSS 2.0 as the RSS Advisory Board's specification and its best practices have it.

use super::value::{is_address, is_language, is_line, is_media_type, is_visible, rfc_822};
use super::xml::Element;
use super::{Faults, Said, html, xml};

/// Elements of a channel and of an item with how often they may stand there, at least and at most.
const CHANNEL: &[(&str, usize, usize)] = &[
    ("title", 1, 1),
    ("link", 1, 1),
    ("description", 1, 1),
    ("language", 0, 1),
    ("lastBuildDate", 0, 1),
    ("generator", 0, 1),
    ("docs", 0, 1),
    ("ttl", 0, 1),
    ("atom:link", 0, 2),
    ("item", 0, usize::MAX),
];
const ITEM: &[(&str, usize, usize)] = &[
    ("title", 1, 1),
    ("link", 0, 1),
    ("description", 1, 1),
    ("guid", 1, 1),
    ("pubDate", 1, 1),
    ("category", 0, usize::MAX),
    ("enclosure", 0, 1),
    ("source", 0, 1),
    ("content:encoded", 0, 1),
    ("dc:creator", 0, usize::MAX),
    ("dc:language", 0, 1),
    ("media:content", 0, usize::MAX),
    ("media:thumbnail", 0, 1),
    ("atom:link", 0, usize::MAX),
];

pub(super) fn read(text: &str, faults: &mut Faults) -> Vec<Said> {
    let (root, before) = match xml::read(text) {
        Ok(read) => read,
        Err(why) => {
            faults.0.push(why);
            return Vec::new();
        }
    };
    faults.unless(before.first().is_some_and(|first| first == "xml"), || "it has no XML declaration".to_owned());
    faults.unless(root.name == "rss" && root.get("version") == Some("2.0"), || format!("a root <{}>", root.name));
    let channels: Vec<&Element> = root.all("channel").collect();
    let [channel] = channels[..] else {
        faults.0.push("not one channel".to_owned());
        return Vec::new();
    };
    counts(channel, CHANNEL, faults);
    for name in ["title", "description", "generator"] {
        line(channel, name, faults);
    }
    for (name, holds) in [("link", is_address as fn(&str) -> bool), ("docs", is_address), ("language", is_language)] {
        let good = channel.all(name).all(|element| holds(&element.text));
        faults.unless(good, || format!("the channel's {name} {:?}", channel.text_of(name)));
    }
    let ttl = channel.text_of("ttl").is_none_or(|ttl| ttl.parse::<u32>().is_ok_and(|ttl| ttl > 0));
    faults.unless(ttl, || "a ttl is a positive number of minutes".to_owned());
    let built = channel.text_of("lastBuildDate").is_none_or(|date| rfc_822(date).is_some());
    faults.unless(built, || format!("the date {:?}", channel.text_of("lastBuildDate")));
    for link in channel.all("atom:link") {
        let good = matches!(link.get("rel"), Some("self" | "hub")) && link.get("href").is_some_and(is_address);
        faults.unless(good, || format!("the link {:?}", link.attributes));
    }
    channel.all("item").map(|element| item(element, channel.text_of("language"), faults)).collect()
}

fn item(item: &Element, feed_language: Option<&str>, faults: &mut Faults) -> Said {
    counts(item, ITEM, faults);
    for name in ["title", "category", "source", "dc:creator"] {
        line(item, name, faults);
    }
    for name in ["description", "content:encoded"] {
        for element in item.all(name) {
            faults.unless(!element.text.trim().is_empty(), || format!("an empty {name}"));
            html::check(&element.text, faults);
        }
    }
    let guid = item.all("guid").next();
    // A guid is a permalink unless it says that it is not.
    faults.unless(guid.is_some_and(|guid| guid.get("isPermaLink") == Some("false")), || "a guid as address".to_owned());
    faults.unless(item.all("link").all(|link| is_address(&link.text)), || format!("link {:?}", item.text_of("link")));
    let language = |element: &Element| is_language(&element.text) && Some(element.text.as_str()) != feed_language;
    faults.unless(item.all("dc:language").all(language), || "a language that is none, or the feed's".to_owned());
    faults.unless(item.all("enclosure").all(is_enclosure), || format!("enclosure {:?}", item.all("enclosure").next()));
    let source = |element: &Element| element.get("url").is_some_and(is_address);
    faults.unless(item.all("source").all(source), || "a source without an address".to_owned());
    for media in item.all("media:content").chain(item.all("media:thumbnail")) {
        let size = media.get("fileSize").is_none_or(|size| size.parse::<u64>().is_ok_and(|size| size > 0));
        let good = media.get("url").is_some_and(is_address) && media.get("type").is_none_or(is_media_type) && size;
        faults.unless(good, || format!("media {:?}", media.attributes));
    }
    for link in item.all("atom:link") {
        let title = link.get("title").is_none_or(is_line);
        let good = link.get("rel") == Some("related") && link.get("href").is_some_and(is_address) && title;
        faults.unless(good, || format!("the link {:?}", link.attributes));
    }
    let published = item.text_of("pubDate").and_then(rfc_822);
    faults.unless(published.is_some(), || format!("the date {:?}", item.text_of("pubDate")));
    Said {
        id: guid.map(|guid| guid.text.clone()).unwrap_or_default(),
        title: item.text_of("title").unwrap_or_default().to_owned(),
        link: item.text_of("link").map(str::to_owned),
        published: published.unwrap_or_default(),
    }
}

/// RSS 2.0 §`<enclosure>`: all three, and a length in bytes.
fn is_enclosure(enclosure: &Element) -> bool {
    enclosure.get("url").is_some_and(is_address)
        && enclosure.get("length").is_some_and(|length| length.parse::<u64>().is_ok())
        && enclosure.get("type").is_some_and(is_media_type)
        && enclosure.attributes.len() == 3
}

/// Whether each element is known, and there as often as it may be.
pub(super) fn counts(of: &Element, known: &[(&str, usize, usize)], faults: &mut Faults) {
    for (name, least, most) in known {
        let count = of.all(name).count();
        faults.unless((*least..=*most).contains(&count), || format!("{count} <{name}> in <{}>", of.name));
    }
    let unknown = of.children.iter().find(|child| known.iter().all(|(name, ..)| child.name != *name));
    faults.unless(unknown.is_none(), || format!("<{}> in <{}>", unknown.map_or("", |child| &child.name), of.name));
    faults.unless(of.text.trim().is_empty(), || format!("text in <{}>", of.name));
}

fn line(of: &Element, name: &str, faults: &mut Faults) {
    for element in of.all(name) {
        let good = is_line(&element.text) && element.text.chars().all(is_visible) && element.children.is_empty();
        faults.unless(good, || format!("<{name}> is no line: {:?}", element.text));
    }
}
