//! Editions of all that sources have ever sent, and worse: from a seed, so that each can be made again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use oncefeed::extract::{self, Hints};
use oncefeed::model::{
    ClusterId, Edition, Enclosure, Entry, Format, Kind, Output, Page, Site, SourceId, Story, Telling, Voice,
};

const TITLES: &[&str] = &[
    "Ferry & dock: \"open\" <again>",
    "]]> <![CDATA[ &amp;lt;b&amp;gt; &#0; &nbsp; &",
    "<script>alert(1)</script>",
    "</title></item></channel>",
    "<b>bold</b> and <a href='x'>linked</a>",
    "1 < 2 && 3 > 2; a<b>c",
    "\u{202e}gnp.exe \u{2066}isolated\u{2069} \u{200f}mark",
    "\u{0}\u{1}\u{b}\u{1b}[31mred\u{7f}\u{85}\u{9f}\u{fdd0}\u{fffe}\u{10ffff}",
    "\u{200b}\u{feff}\u{2060}",
    "",
    " \t\r\n ",
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇦🇹 family",
    "שלום, עולם! مرحبا بالعالم 123",
    "語り部が 東京で話す。漢字\u{3000}全角",
    "a\u{2028}b\u{2029}c\u{85}d\r\ne\n\nf",
    "Zalgo z\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}",
    "«\u{a0}Bonjour\u{a0}» – l’été…",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;amp;amp;",
    "--><!-- <?xml version=\"1.0\"?> <!DOCTYPE x>",
    "100% of %zz and %41",
    "\u{d7ff}\u{e000}\u{f8ff}\u{fffd} private",
    "http://n.example/not a title",
    "John Doe <john.doe@n.example>",
    "news@n.example",
];

const ADDRESSES: &[&str] = &[
    "https://n.example/a?b=1&c=2#d",
    "https://n.example/a b\t\"c\" <d>",
    "https://bücher.example/ü?q=ö#ß",
    "https://xn--bcher-kva.example/%C3%BC",
    "http://192.0.2.1/a",
    "http://0x7f.1/a",
    "https://n.example/|^`{}[]\\",
    "https://n.example/100%?x=%zz&y=%41",
    "https://n.example/#a#b|c",
    "https://me:secret@n.example/private",
    "https://n.example:443/a/../b/./c",
    "HTTPS://N.EXAMPLE./UPPER",
    "https://n.example/日本語/パス?キー=値",
    "https://n.example/'single'\"double\"",
    "https://n.example/;a=1,b=(2)*!$",
    "https://n.example?no-path",
    "https://n.example/\u{202e}/\u{0}/\u{fffe}",
    "https://n.example/]]>",
    "https://-dash-.example/",
    "https://a.b.c.d.e.f.example/",
    "https://n.example./",
    "https://faß.example/",
    "https://☃.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//n.example/",
    "/relative",
    "mailto:me@n.example",
    "ftp://n.example/",
    "https://",
    "",
    "not an address",
];

/// Valid addresses that the W3C feed validator takes for none: its grammar is older than literal addresses in
/// brackets, and it wants a dot and no underscore in the host of an enclosure.
const HOSTS: &[&str] = &[
    "http://[2001:db8::1]:8080/a",
    "http://[::ffff:192.0.2.1]/",
    "https://under_score.example/a.mp3",
    "http://localhost/a.mp3",
    "http://nas:8080/a.mp3",
];

const HTML: &[&str] = &[
    "<p>One <b>bold <i>both</b> thin</i> &amp; more",
    "<div><p>unclosed<div><ul><li>a<li>b<table><tr><td>x<td>y</table>",
    "<a href='../rel'>rel</a> <a href='//h.example/x'>net</a> <a href='#frag'>frag</a> <img src=pic.png>",
    "<iframe src='https://v.example/embed'></iframe><object data=x><embed src=y></object>after",
    "<img src='data:image/png;base64,AAAA' alt='x'><img src='https://n.example/p.gif' width=1 height=1>",
    "<img srcset='a.png 1x, b.png 2x' src='a.png' alt='a \"quoted\" &amp; text'>",
    "<script>alert(1)</script><style>p{}</style><p onclick='x()' style='color:red'>p</p>",
    "<a href='javascript:alert(1)'>js</a><a href='vbscript:x'>vb</a><a href=' java\nscript:x'>ws</a>",
    "<svg><script>1</script></svg><math><mi>x</mi></math><form><input><button>go</button></form>",
    "<table><tbody><tr><th scope=row colspan=2>h</th></tr></tbody></table><pre>  a\n  b</pre><hr><br/>",
    "<video src='https://n.example/v.mp4' controls></video><audio><source src='/a.mp3'></audio>",
    "text ]]> and ]]&gt; and <![CDATA[inner]]> end",
    "<blockquote cite='https://n.example/q'>q</blockquote><q cite='/r'>r</q><time datetime='2026-01-01'>t</time>",
    "&nbsp;&eacute;&copy;&hellip;&#8217;&#x1F600;&bogus;&#0;&#xD800;&#xFFFE;&",
    "<p>\u{0}\u{b}\u{fffe}\u{fdd0}control</p>",
    "<h1>Head</h1><details><summary>S</summary>D</details><ruby>漢<rp>(<rt>kan<rp>)</ruby>",
    "<p dir=rtl lang=ar>مرحبا</p><bdo dir=rtl>x</bdo>",
    "<a href='https://n.example/a?b=1&c=2&copy=3'>amp</a><a href=\"https://n.example/'q'\">q</a>",
    "<o:p>word</o:p><font color=red>f</font><center>c</center><marquee>m</marquee><custom-el>x</custom-el>",
    "<!-- comment --><?php echo 1 ?><!DOCTYPE html><html><body>body</body></html>",
    "<a href='mailto:a@n.example?subject=x&body=y'>mail</a><a href='tel:+431'>tel</a>",
    "<a href='https://[::1/broken'>b</a><a href='https://a b/'>space</a><a href='http://ex ample/'>x</a>",
    "<<p>>double</p>> <p <b>x</b>",
    "<p title='\"><script>alert(1)</script>'>attr</p>",
    "<img src=\"https://n.example/a.jpg?x=1&y=2\" title='<b>'>",
    "<div><div><div><div><div><div><div><div>deep</div></div>",
    "",
    "plain text only",
    "   ",
    "<p></p><div></div>",
    "<img src='https://n.example/only.jpg'>",
];

const LANGUAGES: &[&str] = &[
    "en",
    "en_US",
    "en-us",
    "de_DE.UTF-8",
    "zh-hant-tw",
    "sr_RS@latin",
    "x-klingon",
    "i-default",
    "english",
    "",
    "e",
    "en-",
    "en--US",
    "日本",
    "mul",
    "und",
    "es-419",
    "en-GB-oxendict",
    "de-CH-1996",
    "xx",
    "zzz",
    "pt_BR",
    "iw",
    "no",
    "sl-rozaj",
    "en-a-bbb-x-a",
    "qaa",
    "aaaaaaaaa",
    "en-123456789",
    "EN",
    "fr-Latn-FR",
    "ar-x-private",
];

const MEDIA_TYPES: &[&str] = &[
    "audio/mpeg",
    "Audio/MPEG; charset=x",
    "mp3",
    "a/",
    "/b",
    "",
    "image/svg+xml",
    "video/*",
    "text/html",
    "a/b/c",
    "x y/z",
    "application/vnd.example-thing+json",
    "audio/",
    "unknown",
    "image/jpeg,image/png",
    "\u{0}/x",
    "VIDEO/MP4",
];

const FILES: &[&str] = &["a.mp3", "b.MP4?x=1&y=2", "c.jpg", "d", "e.unknown", "f g.png", "ü.ogg", "h.pdf#page=2"];

/// When all of it was seen.
const SEEN: &str = "2026-11-01T00:00:00Z";

/// A stream of numbers that looks like chance (splitmix64).
pub(crate) struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    fn one_in(&mut self, chances: usize) -> bool {
        self.below(chances) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    fn some<T>(&mut self, make: impl Fn(&mut Chance) -> T, most: usize) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    fn character(&mut self) -> char {
        let code = match self.below(4) {
            0 => self.below(0x80),
            1 => self.below(0x3000),
            2 => 0x3000 + self.below(0xd000),
            _ => self.below(0x11_0000),
        };
        u32::try_from(code).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
    }

    fn title(&mut self) -> String {
        match self.below(12) {
            0 => (0..self.below(60)).map(|_| self.character()).collect(),
            1 => self.pick(TITLES).repeat(10_000 / 20),
            2 => "長".repeat(10_000),
            3 => format!("{}{}", self.pick(TITLES), self.pick(TITLES)),
            _ => self.pick(TITLES).to_owned(),
        }
    }

    fn address(&mut self) -> String {
        match self.below(8) {
            0 => format!("https://n.example/{}", "long/".repeat(self.below(600))),
            1 => format!("https://n.example/{}", (0..self.below(20)).map(|_| self.character()).collect::<String>()),
            2 => format!("https://n.example/{}", self.title()),
            _ => self.pick(ADDRESSES).to_owned(),
        }
    }

    fn html(&mut self) -> String {
        match self.below(6) {
            0 => (0..self.below(12)).map(|_| self.pick(HTML)).collect(),
            1 => {
                // Cut anywhere, as by a summary of so many characters.
                let html: String = (0..4).map(|_| self.pick(HTML)).collect();
                html.chars().take(self.below(200)).collect()
            }
            2 => format!("<p>{}</p>", self.title()),
            _ => self.pick(HTML).to_owned(),
        }
    }

    fn time(&mut self) -> DateTime<Utc> {
        let moments = [
            i64::MIN / 4_000_000,
            -62_135_596_800,
            -2_208_988_801,
            0,
            951_782_400,
            1_483_228_799,
            1_774_000_000,
            253_402_300_799,
            253_402_300_800,
        ];
        let seconds = match self.below(3) {
            0 => self.pick(&moments),
            _ => 1_774_000_000 + i64::try_from(self.below(10_000_000)).unwrap(),
        };
        // A nanosecond above 999,999,999 is a leap second.
        let nanos = if self.one_in(3) { 1_500_000_000 } else { 0 };
        DateTime::from_timestamp(seconds, nanos)
            .or_else(|| DateTime::from_timestamp(seconds, 0))
            .unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    fn enclosure(&mut self) -> Enclosure {
        let url = match self.below(3) {
            0 => self.address(),
            _ => format!("https://m.example/{}", self.pick(FILES)),
        };
        let media_type = (!self.one_in(3)).then(|| self.pick(MEDIA_TYPES).to_owned());
        Enclosure { url, media_type, length: self.pick(&[0, 1, 4096, u64::MAX]) }
    }

    /// A story that came through the cleaning of HTML, and whose other fields nobody has cleaned: whoever
    /// publishes trusts nothing but the HTML.
    fn story(&mut self) -> Story {
        let mut story = cleaned(&self.html(), self.one_in(2).then(|| self.html()));
        story.title = self.title();
        story.url = (!self.one_in(6)).then(|| self.address());
        story.language = (!self.one_in(3)).then(|| self.pick(LANGUAGES).to_owned());
        story.authors = self.some(Chance::title, 3);
        story.categories = self.some(Chance::title, 4);
        story.enclosures = self.some(Chance::enclosure, 3);
        story.image = self.one_in(3).then(|| self.address()).or(story.image);
        if self.one_in(4) {
            story.summary = Some(self.title());
        }
        story
    }

    fn telling(&mut self) -> Telling {
        // Nothing is published after it was first seen: that holds before an edition is made.
        let published = self.time().min(SEEN.parse().unwrap());
        Telling {
            source: SourceId::new(self.pick(&["a", "b", "c", "d", "e", "f", "g", "h"])).unwrap(),
            name: self.title(),
            feed_url: (!self.one_in(3)).then(|| self.address()),
            rank: 0,
            story: self.story(),
            voice: Voice { agency: self.one_in(3).then(|| self.title()), release: self.one_in(4), owner: None },
            published,
            words: 0,
            decided: published,
            revised: None,
            publish: true,
            original: false,
            version: false,
            quiet: false,
            guest: false,
        }
    }

    fn entry(&mut self, number: u8) -> Entry {
        let shown = self.telling();
        let also = if self.one_in(3) { self.some(Chance::telling, 8) } else { Vec::new() };
        let (published, updated) =
            (shown.published, if self.one_in(2) { self.time().min(SEEN.parse().unwrap()) } else { shown.published });
        Entry { id: ClusterId([number; 16]), shown, also, published, updated, related: Vec::new() }
    }

    fn site(&mut self) -> Site {
        Site {
            once: oncefeed::model::Once::Output,
            title: self.title(),
            base_url: Some("https://news.example/".parse().unwrap()),
            language: self.one_in(3).then(|| self.pick(LANGUAGES).to_owned()),
            hub: self.one_in(2).then(|| "https://hub.example/?a=1&b=2".parse().unwrap()),
            ttl: Duration::from_secs(self.pick(&[0, 59, 3600, u64::MAX])),
        }
    }
}

/// The edition of a number, and the site that it is of. Its files are called after the number.
pub(crate) fn edition(number: u64) -> (Site, Edition) {
    let mut chance = Chance(number);
    let output = Output {
        each: oncefeed::model::Each::None,
        id: SourceId::new(&format!("nasty-{number}")).unwrap(),
        title: chance.title(),
        groups: Vec::new(),
        formats: Format::ALL.to_vec(),
        limit: 10_000,
        keep: Duration::from_secs(1),
        private: chance.one_in(8),
        related: false,
    };
    let site = chance.site();
    let entries = (0..chance.below(12)).map(|number| chance.entry(u8::try_from(number).unwrap())).collect();
    (site, Edition::of(&output, entries, DateTime::<Utc>::MIN_UTC))
}

/// One entry for each address that validators of others do not know, as its link and as its enclosure.
pub(crate) fn hosts() -> (Site, Edition) {
    let (site, edition) = edition(0);
    let entries = HOSTS.iter().zip(1..).map(|(address, number)| {
        let mut entry = Chance(0).entry(number);
        entry.shown.story.url = Some((*address).to_owned());
        entry.shown.story.enclosures = vec![Enclosure { url: (*address).to_owned(), media_type: None, length: 1 }];
        entry
    });
    let mut output = edition.output;
    output.id = SourceId::new("hosts").unwrap();
    (site, Edition::of(&output, entries.collect(), DateTime::<Utc>::MIN_UTC))
}

/// What cleaning makes of HTML in a feed.
fn cleaned(content: &str, summary: Option<String>) -> Story {
    let escaped = |html: &str| html.replace('&', "&amp;").replace('<', "&lt;");
    let summary = summary.map(|html| format!("<description>{}</description>", escaped(&html))).unwrap_or_default();
    let feed = format!(
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>t</title>\
         <link>https://n.example/</link><item><guid>1</guid><title>t</title>{summary}\
         <content:encoded>{}</content:encoded></item></channel></rss>",
        escaped(content)
    );
    let url = "https://n.example/feed".parse().ok();
    let page = Page { url, content_type: None, body: feed.into_bytes(), fetched_at: None };
    // A feed of little but zero bytes is refused.
    let reading = extract::read(&page, &Hints::from(Kind::Feed)).ok();
    reading.and_then(|reading| reading.drafts.into_iter().next()).map(|draft| draft.clean()).unwrap_or_default()
}
