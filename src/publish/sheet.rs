//! An edition as every format says it: cleaned once, so that no two formats can differ.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::media::Media;
use super::{body, clean, language, person};
use crate::model::{self, ClusterId, Digest, Edition, Format, Site, Story, Telling, Voices};

/// A description is made from a text of which the source gave no summary. In characters.
const EXCERPT: usize = 300;

/// What a page shows of a story: about two lines. In characters.
const LEAD: usize = 200;

/// A day: whoever visits their sources once a month may change their mind. In minutes.
const LONGEST_TTL: u64 = 24 * 60;

/// A whole feed, ready to be written.
pub(super) struct Sheet {
    /// A URN: depends on the output's id alone, so a move to another host keeps it.
    pub(super) id: String,
    pub(super) title: String,
    /// The site's title, for the author that RFC 4287 §4.1.1 demands.
    pub(super) site: String,
    pub(super) description: String,
    /// Where the outputs are served.
    pub(super) home: Option<String>,
    /// As the site says, else of all entries; `None` when they differ or do not say.
    pub(super) language: Option<String>,
    /// The WebSub hub; never of a private output, which is nobody else's business.
    pub(super) hub: Option<String>,
    /// Asking again within so many minutes brings nothing; at least 1.
    pub(super) ttl: u64,
    /// The newest change among the entries; `None` when there are none.
    pub(super) updated: Option<DateTime<Utc>>,
    pub(super) entries: Vec<Entry>,
    /// What the output is written as, each once.
    pub(super) formats: Vec<Format>,
    output: String,
}

/// One entry, ready to be written. Every string is clean, none is empty.
pub(super) struct Entry {
    pub(super) id: String,
    /// Names the entry inside a page, for ever: `s` and the short id.
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) link: Option<String>,
    pub(super) published: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    /// The run that first knew of it.
    pub(super) decided: DateTime<Utc>,
    pub(super) authors: Vec<String>,
    pub(super) categories: Vec<String>,
    pub(super) language: Option<String>,
    /// Each address once.
    pub(super) media: Vec<Media>,
    /// The source's own summary as plain text.
    pub(super) summary: Option<String>,
    /// The beginning of the summary or the text; `None` when it would only repeat the title.
    pub(super) lead: Option<String>,
    /// HTML that says what the entry is about, in short.
    pub(super) description: String,
    /// The story as HTML, and who else tells it.
    pub(super) html: Option<String>,
    pub(super) image: Option<String>,
    /// Whose telling it is, and the address of that source's document.
    pub(super) teller: Teller,
    /// The source's id.
    pub(super) source: String,
    /// The tellings that were folded into it.
    pub(super) also: Vec<Cover>,
    /// Entries of the sheet about the same event.
    pub(super) related: Vec<ClusterId>,
    cluster: ClusterId,
    /// Whose copy is shown.
    pub(super) agency: Option<String>,
    /// It is what the subject wrote about itself.
    pub(super) release: bool,
    /// The independent voices among the tellings.
    pub(super) voices: Voices,
}

/// A name to show and an address behind it.
pub(super) struct Teller {
    pub(super) name: String,
    pub(super) url: Option<String>,
}

/// Another telling of an entry's story.
pub(super) struct Cover {
    pub(super) name: String,
    /// Where that telling is.
    pub(super) url: Option<String>,
    pub(super) title: String,
    pub(super) language: Option<String>,
    pub(super) published: DateTime<Utc>,
    /// The source's id.
    pub(super) source: String,
    /// The files that it brings and the entry itself does not have.
    pub(super) media: Vec<Media>,
    /// The agency whose copy it is.
    pub(super) agency: Option<String>,
}

impl Sheet {
    pub(super) fn of(site: &Site, edition: &Edition) -> Sheet {
        let output = edition.output.id.to_string();
        let title = clean::title(&edition.output.title, &[&output], None);
        let site_title = clean::title(&site.title, &[&title], None);
        let mut entries: Vec<Entry> = edition.entries.iter().map(Entry::of).collect();
        lengthen_equal_anchors(&mut entries);
        let home = site.base_url.as_ref().and_then(home);
        let mut formats = edition.output.formats.clone();
        formats.sort_by_key(|format| Format::ALL.iter().position(|known| known == format));
        formats.dedup();
        Sheet {
            id: urn("output", &output),
            description: format!("{title} from {site_title}: every story once"),
            title,
            site: site_title,
            language: site.language.as_deref().and_then(language).or_else(|| common_language(&entries)),
            hub: site
                .hub
                .as_ref()
                .filter(|_| !edition.output.private && home.is_some())
                .and_then(|hub| clean::link(hub.as_str())),
            ttl: (site.ttl.as_secs() / 60).clamp(1, LONGEST_TTL),
            home,
            // As the entries are written: cleaning may have moved their dates.
            updated: entries.iter().map(|entry| entry.updated).max(),
            entries,
            formats,
            output,
        }
    }

    /// The name of the file in a format.
    pub(super) fn file_name(&self, format: Format) -> String {
        file_name(&self.output, format)
    }

    /// The entries about the same event as one of them, as far as they are on the sheet.
    pub(super) fn related(&self, entry: &Entry) -> impl Iterator<Item = &Entry> {
        entry.related.iter().filter_map(|id| self.entries.iter().find(|other| other.cluster == *id))
    }

    /// How many sources the entries and their other tellings come from.
    pub(super) fn sources(&self) -> usize {
        let all = self
            .entries
            .iter()
            .flat_map(|entry| std::iter::once(&entry.source).chain(entry.also.iter().map(|cover| &cover.source)));
        all.collect::<BTreeSet<_>>().len()
    }

    /// Where that file is served.
    pub(super) fn self_link(&self, format: Format) -> Option<String> {
        self.home.as_ref().map(|home| format!("{home}{}", self.file_name(format)))
    }
}

impl Cover {
    /// The name as readers see it: with a word for what kind of telling it is, where that is no text.
    pub(super) fn label(&self) -> String {
        let major = |media: &Media| media.media_type.split('/').next().map(str::to_owned);
        let kind = self.media.iter().filter_map(major).find(|kind| matches!(kind.as_str(), "audio" | "video"));
        kind.map_or_else(|| self.name.clone(), |kind| format!("{} ({kind})", self.name))
    }
}

impl Entry {
    fn of(entry: &model::Entry) -> Entry {
        let story = &entry.shown.story;
        let link = story.url.as_deref().and_then(clean::link);
        let summary = story.summary.as_deref().map(body::plain).filter(|plain| !plain.is_empty());
        let summary = summary.map(|plain| clean::unlike_markup(&plain));
        let title = clean::title(&story.title, &[&story.text, summary.as_deref().unwrap_or("")], link.as_deref());
        let media = Media::of(&story.enclosures);
        let also = also(&entry.also, &media);

        let mut html = body::story(story.content_html.as_deref(), &story.text);
        let coverage = body::coverage(&also);
        // An Atom entry without content needs a link to what it is about (RFC 4287 §4.1.2), and the
        // other tellers must not stand there alone.
        if html.is_empty() && (link.is_none() || !coverage.is_empty()) {
            html = body::paragraphs(summary.as_deref().unwrap_or(&title));
        }
        let description = description(story, summary.as_deref(), &html, &title);
        html.push_str(&coverage);

        Entry {
            id: entry.id.urn(),
            anchor: format!("s{}", entry.id.short()),
            lead: lead(story, summary.as_deref(), &title),
            image: story.image.as_deref().and_then(clean::link),
            source: entry.shown.source.to_string(),
            link,
            published: clean::date(entry.published),
            updated: clean::date(entry.updated.max(entry.published)),
            decided: entry.shown.decided,
            authors: person::names(&story.authors),
            categories: clean::names(&story.categories),
            language: story.language.as_deref().and_then(language),
            media,
            description,
            summary,
            html: Some(html).filter(|html| !html.is_empty()),
            teller: Teller { name: name(&entry.shown), url: entry.shown.feed_url.as_deref().and_then(clean::link) },
            agency: agency(&entry.shown),
            release: entry.shown.voice.release,
            voices: entry.voices(),
            also,
            related: entry.related.clone(),
            cluster: entry.id,
            title,
        }
    }
}

/// RSS wants a description in every item: readers without `content:encoded` show only that. Where
/// the source has no summary an excerpt will do, as the whole text is in the content.
fn description(story: &Story, summary: Option<&str>, html: &str, title: &str) -> String {
    match summary {
        Some(summary) if summary.contains('\n') => return body::paragraphs(summary),
        Some(summary) => return body::escape(summary),
        None => {}
    }
    let excerpt = clean::beginning(&story.text, EXCERPT);
    match (excerpt.is_empty(), html.is_empty()) {
        (false, _) => body::escape(&excerpt),
        (true, false) => html.to_owned(),
        (true, true) => body::escape(title),
    }
}

fn lead(story: &Story, summary: Option<&str>, title: &str) -> Option<String> {
    let lead = clean::beginning(summary.unwrap_or(&story.text), LEAD);
    Some(lead).filter(|lead| !lead.is_empty() && lead != title)
}

fn also(tellings: &[Telling], shown: &[Media]) -> Vec<Cover> {
    let mut also: Vec<Cover> = Vec::new();
    for telling in tellings {
        let story = &telling.story;
        let (name, url) = (name(telling), story.url.as_deref().and_then(clean::link));
        if also.iter().all(|cover| (&cover.name, &cover.url) != (&name, &url)) {
            also.push(Cover {
                title: clean::title(&story.title, &[&story.text], url.as_deref()),
                language: story.language.as_deref().and_then(language),
                published: clean::date(telling.published),
                source: telling.source.to_string(),
                media: (Media::of(&story.enclosures).into_iter())
                    .filter(|media| shown.iter().all(|shown| shown.url != media.url))
                    .collect(),
                agency: agency(telling),
                name,
                url,
            });
        }
    }
    also
}

/// Short ids are for people, and somebody who tries can make two stories that share one.
fn lengthen_equal_anchors(entries: &mut [Entry]) {
    let mut times: HashMap<String, usize> = HashMap::new();
    for entry in &*entries {
        *times.entry(entry.anchor.clone()).or_default() += 1;
    }
    for entry in entries {
        if times.get(&entry.anchor).is_some_and(|&times| times > 1) {
            entry.anchor = format!("s{}", entry.id.trim_start_matches("urn:uuid:"));
        }
    }
}

/// An agency is named as the text named it, so it is cleaned as a text is.
fn agency(telling: &Telling) -> Option<String> {
    telling.voice.agency.as_deref().map(clean::name).filter(|agency| !agency.is_empty())
}

fn name(telling: &Telling) -> String {
    let name = clean::name(&telling.name);
    if name.is_empty() { telling.source.to_string() } else { name }
}

/// The name of an output's file in a format.
pub(super) fn file_name(output: &str, format: Format) -> String {
    format!("{output}.{}", format.as_str())
}

/// The address that file names are appended to.
pub(super) fn home(base: &Url) -> Option<String> {
    let mut base = base.clone();
    base.set_query(None);
    base.set_fragment(None);
    clean::link(base.as_str()).map(|home| format!("{}/", home.trim_end_matches('/')))
}

fn common_language(entries: &[Entry]) -> Option<String> {
    let first = entries.first()?.language.as_ref()?;
    entries.iter().all(|entry| entry.language.as_ref() == Some(first)).then(|| first.clone())
}

/// A name for something of a kind, by what tells it from others of the kind.
pub(super) fn urn(kind: &str, what: &str) -> String {
    let hash = Sha256::new().chain_update(format!("oncefeed {kind}\n")).chain_update(what).finalize();
    ClusterId::from_digest(&Digest(hash.into())).urn()
}
