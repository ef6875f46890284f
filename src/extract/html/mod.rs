//! HTML that strangers wrote, made harmless and readable.
//!
//! [`sanitise`] gives HTML that may be published, [`plain::text`] and [`plain::line`] give text.
//! No parser with a tree sees what a source sent: [`tame`] rewrites it first, in one pass, into
//! well-nested markup of bounded depth (html5ever is quadratic in depth, and a thread that spins
//! in it cannot be stopped).

mod list;
pub(crate) mod plain;
mod tame;

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use url::Url;

pub(crate) use tame::absolute;

/// The allow-list. What [`tame`] lets through is a subset; this is the second lock on the door.
static RULES: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut rules = Builder::empty();
    rules
        .tags(list::ELEMENTS.iter().map(|element| element.name).collect::<HashSet<_>>())
        .generic_attributes(HashSet::from(list::ANYWHERE))
        .tag_attributes(
            list::ATTRIBUTES
                .iter()
                .map(|(element, names)| (*element, names.iter().copied().collect()))
                .collect::<HashMap<_, HashSet<_>>>(),
        )
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener noreferrer nofollow"))
        .clean_content_tags(HashSet::from(["script", "style", "svg", "math"]));
    rules
});

/// HTML that may be shown: allowed elements and attributes only, links absolute, well-nested.
/// Links that stay relative for want of a `base` lose their target.
pub(crate) fn sanitise(html: &str, base: Option<&Url>) -> String {
    // Most summaries are plain sentences, and have nothing to clean.
    if memchr::memchr3(b'<', b'&', b'>', html.as_bytes()).is_none() {
        return html.trim().to_owned();
    }
    let tamed = tame::tame(html, base);
    RULES.clean(&tamed).to_string().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::extract::tests::spent;

    use super::sanitise;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        let base = "https://n.example/a/b".parse().ok();
        assert_eq!(sanitise(html, base.as_ref()), expected);
    }

    #[test]
    fn keeps_what_a_reader_needs() {
        check("<p>One <b>bold</b> &amp; <i>thin</i></p>", "<p>One <b>bold</b> &amp; <i>thin</i></p>");
        check("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>");
        check("<table><tr><td colspan=2>x</table>", "<table><tbody><tr><td colspan=\"2\">x</td></tr></tbody></table>");
        check("plain", "plain");
        check("R&D, 1 < 2", "R&amp;D, 1 &lt; 2");
    }

    #[test]
    fn makes_links_absolute() {
        check(
            "<a href='../c?x=1&amp;y=2'>c</a>",
            "<a href=\"https://n.example/c?x=1&amp;y=2\" rel=\"noopener noreferrer nofollow\">c</a>",
        );
        check("<img src=p.png alt=x>", "<img src=\"https://n.example/a/p.png\" alt=\"x\">");
        assert_eq!(sanitise("<a href='/c'>c</a>", None), "<a rel=\"noopener noreferrer nofollow\">c</a>");
    }

    #[test]
    fn drops_what_runs() {
        check("a<script>alert(1)</script>b", "ab");
        check("a<SCRIPT src=//x.example/y.js></SCRIPT >b", "ab");
        check("<b onclick=alert(1) ONLOAD='x'>b</b>", "<b>b</b>");
        check("<img src=x.png onerror=alert(1)>", "<img src=\"https://n.example/a/x.png\">");
        check("<iframe srcdoc='<script>alert(1)</script>'></iframe>c", "c");
        check("<svg><script>alert(1)</script><a href='javascript:alert(1)'>x</a></svg>c", "c");
        check("<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>c", "c");
        check("<style>@import 'x'</style><form action=/x><input name=a><button>go</button></form>", "go");
        check("<object data=x><embed src=y></object>c", "c");
    }

    #[test]
    fn drops_addresses_that_run() {
        let bare = "<a rel=\"noopener noreferrer nofollow\">x</a>";
        check("<a href='javascript:alert(1)'>x</a>", bare);
        check("<a href=' java\nscript:alert(1)'>x</a>", bare);
        check("<a href='&#106;avascript&colon;alert(1)'>x</a>", bare);
        check("<a href='data:text/html,<script>alert(1)</script>'>x</a>", bare);
        check("<a href='vbscript:x'>x</a>", bare);
        check("<img src='data:image/svg+xml,x'>c", "c");
    }

    #[test]
    fn markup_cannot_hide_from_it() {
        check(
            "<p title='\"><script>alert(1)</script>'>x</p>",
            "<p title=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\">x</p>",
        );
        check("<scr<script>ipt>alert(1)</script>", "");
        check("<!--><img src=x onerror=alert(1)>-->", "<img src=\"https://n.example/a/x\">--&gt;");
        check("<b/onclick=alert(1)>x", "<b>x</b>");
        check("<<b>script>alert(1)</b>", "&lt;<b>script&gt;alert(1)</b>");
    }

    #[test]
    fn drops_pictures_nobody_sees() {
        check("a<img src=https://t.example/p.gif width=1 height=1>", "a");
        check("<img data-src=big.jpg src='data:image/gif;base64,R0'>", "<img src=\"https://n.example/a/big.jpg\">");
    }

    #[test]
    fn finds_pictures_that_are_loaded_late() {
        check("<img src=blank.gif data-src=big.jpg>", "<img src=\"https://n.example/a/big.jpg\">");
        check(
            "<img src='data:image/gif;base64,R0' data-srcset='s.jpg 320w, l.jpg 1280w'>",
            "<img src=\"https://n.example/a/l.jpg\">",
        );
        check("<img srcset='one.jpg, two.jpg 2x'>", "<img src=\"https://n.example/a/two.jpg\">");
        check("<img src=p.jpg srcset='q.jpg 2x'>", "<img src=\"https://n.example/a/p.jpg\">");
        check("<img src='data:image/gif;base64,R0' srcset=','>c", "c");
    }

    #[test]
    fn depth_costs_nothing() {
        for tag in ["div", "b", "a", "span", "blockquote", "table", "li", "font"] {
            let html = format!("<{tag}>").repeat(20_000) + "x";
            let start = spent();
            let clean = sanitise(&html, None);
            assert!(spent() - start < Duration::from_secs(1), "{tag} took {:?}", spent() - start);
            assert!(clean.matches("<div").count() <= 256);
        }
    }

    #[test]
    fn nothing_is_quadratic() {
        for unit in [
            "<!--",
            "<a ",
            "</a ",
            "<a b='",
            "<a b=\"",
            "<",
            "&",
            "<![CDATA[",
            "<?",
            "<!",
            "&#",
            "<p a=1 ",
            "<b id=1>",
            "<table>",
            "<script>",
            "</b>",
            "<b><p>",
            "<i></b>",
            "<div></p>",
            "]]>",
            "<a><b></a>",
            "<ul><li>",
            "<svg>",
        ] {
            let html = unit.repeat(64 * 1024 / unit.len());
            let start = spent();
            sanitise(&html, None);
            assert!(spent() - start < Duration::from_secs(2), "{unit} took {:?}", spent() - start);
        }
    }
}
