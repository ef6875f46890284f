//! What stands around a text and is not the text: datelines, bylines, known boilerplate lines.

/// Bytes of the dateline or agency mark that a text begins with ("PORT ELLERY, Nov 23 (Wire) - "),
/// 0 when there is none. It says where and by whom, so it is no part of what is compared; in the
/// exact hash it stays, or the same notice of two days would be one.
pub(super) fn dateline(text: &str) -> usize {
    let line = head(text, 90);
    let line = &line[..line.find('\n').unwrap_or(line.len())];
    let bracket = bracketed(line);
    if bracket > 0 {
        return bracket;
    }
    for (at, c) in line.char_indices() {
        if !matches!(c, '-' | '–' | '—' | ':' | '|') {
            continue;
        }
        let before = line[..at].trim_end();
        let after = &line[at + c.len_utf8()..];
        let spaced = line[..at].ends_with(' ') || c == '—' || before.ends_with(')');
        if c == ':' && !before.ends_with(')') || !spaced || !(after.starts_with([' ', '-']) || c == '—') {
            continue;
        }
        if !is_dateline(before) {
            return 0;
        }
        let rest = after.trim_start_matches(['-', '–', '—', ' ', '\u{a0}']);
        return text.len() - (text[at + c.len_utf8()..].len() - (after.len() - rest.len()));
    }
    0
}

/// The first characters of a text.
fn head(text: &str, characters: usize) -> &str {
    &text[..text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at)]
}

/// Bytes of a dateline as East Asian agencies write it: "【東京時事】", "［東京 ３日 通信］", "新华社北京3月5日电（记者王）".
fn bracketed(line: &str) -> usize {
    let short = head(line, 30);
    let open = |text: &str| text.starts_with(['【', '［', '[', '（', '(']);
    let closed = |text: &str| {
        text.find(['】', '］', ']', '）', ')']).map_or(0, |at| at + text[at..].chars().next().map_or(0, char::len_utf8))
    };
    let mut end = 0;
    if short.starts_with(['【', '［']) {
        end = closed(short);
    } else if let Some(at) = ["日电", "日電", "日讯"].iter().find_map(|mark| short.find(mark)) {
        let after = &line[at + "日电".len()..];
        // "3月5日电影节" speaks of a film festival.
        if open(after) || after.starts_with([' ', '\u{3000}']) {
            end = line.len() - after.len() + if open(after) { closed(head(after, 20)) } else { 0 };
        }
    }
    if end == 0 { 0 } else { line.len() - line[end..].trim_start_matches([' ', '\u{3000}', '-', '–', '—']).len() }
}

/// "BERLIN", "PARIS, March 3 (Agency)", "(SYDNEY)", "Port Ellery (AP)": capitals, or brackets, or a
/// place with a date, at most eight words.
fn is_dateline(text: &str) -> bool {
    let words = text.split_whitespace().count();
    if text.is_empty() || words > 9 || text.contains(':') {
        return false;
    }
    let first = text.trim_start_matches('(').split([' ', ',', ')']).next().unwrap_or("");
    let letters = first.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = letters >= 2 && first.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    let agency = text.ends_with(')') && text.contains('(');
    let dated = text.contains(',') && text.bytes().any(|b| b.is_ascii_digit()) && words <= 5;
    // Scripts without capitals are not lower case.
    let named = first.chars().next().is_some_and(|c| c.is_alphabetic() && !c.is_lowercase());
    shouted || named && (agency || dated)
}

/// Whether a whole line is furniture of the page: what publishing systems put around every text.
/// Learnt lines of a single source come on top of these.
pub(super) fn is_boilerplate(line: &str) -> bool {
    let line = line.trim();
    // A paragraph is never furniture; a long line would also cost too much to look at.
    if line.is_empty() || line.len() > 240 {
        return false;
    }
    let lower = line.to_lowercase().replace('\u{2019}', "'");
    let is = |all: &[&str]| all.contains(&lower.as_str());
    let begins = |all: &[&str]| all.iter().any(|start| lower.starts_with(start));
    let holds = |all: &[&str]| all.iter().any(|part| lower.contains(part));
    is(&[
        "advertisement",
        "related articles",
        "related stories",
        "comments",
        "hashtags",
        "newsfeed",
        "read more",
        "share",
        "share this article",
        "print",
        "anzeige",
        "publicité",
        "publicidad",
        "pubblicità",
        "реклама",
        "إعلان",
        "広告",
        "广告",
    ]) || begins(&[
        "read more:",
        "read also:",
        "related:",
        "see also:",
        "also read:",
        "sign up for",
        "sign up to",
        "subscribe to",
        "subscribe now",
        "follow us on",
        "no comments yet",
        "click here to",
        "continue reading",
        "this article was originally",
        "this story was originally",
        "most read:",
        "share this",
        "listen to this article",
        "photo:",
        "photos:",
        "picture:",
        "image:",
        "foto:",
        "фото:",
        "reporting by ",
        "tags:",
        "topics:",
        "filed under",
        "text size",
        "print this page",
        "support local journalism",
        "lesen sie auch",
        "mehr zum thema",
        "lire aussi",
        "à lire aussi",
        "abonnez-vous",
        "inscrivez-vous",
        "leer más",
        "lea también",
        "suscríbete",
        "leia também",
        "leia mais",
        "leggi anche",
        "lees ook",
        "läs också",
        "читайте также",
        "подписывайтесь",
        "اقرأ أيضا",
        "यह भी पढ़ें",
        "関連記事",
        "相关阅读",
        "相关新闻",
        "have a tip",
        "got a tip",
        "do you know more",
        "copyright ©",
        "©",
        "(c) 20",
    ]) || (holds(&["video duration"]) && line.bytes().filter(u8::is_ascii_digit).count() >= 4 && line.len() < 120)
        || holds(&[
            "all rights reserved",
            "delivered to your inbox",
            "we use cookies",
            "cookie settings",
            "accept all cookies",
            "wherever you get your podcasts",
        ])
}

/// Whether a first line only says who wrote it.
pub(super) fn is_byline(line: &str) -> bool {
    let line = line.trim();
    let words = line.split_whitespace().count();
    (2..=9).contains(&words)
        && (line.starts_with("By ") || line.starts_with("Von ") || line.starts_with("Par "))
        && !line.ends_with('.')
}

/// Whether title or text say that this corrects or repeats an earlier telling. "Update" is not such a
/// word: it is in every weather notice.
pub fn is_correction(title: &str, text: &str) -> bool {
    let marked = |text: &str| {
        let head: String = text.chars().take(40).collect::<String>().to_lowercase();
        ["corrected", "corrects", "correction:", "(corrected)", "clarification:", "rpt-", "rpt ", "refile-"]
            .iter()
            .any(|word| head.trim_start_matches(['(', '*', ' ']).starts_with(word))
            || head.contains("(corrects")
    };
    marked(title) || marked(text)
}

/// The title as compared: without the outlet's name behind it and without marks before it.
pub(super) fn compared_title(title: &str) -> &str {
    let mut title = title.trim();
    // Marks come in rows: "UPDATE 2-EXCLUSIVE: ...".
    for _ in 0..3 {
        let before = title;
        for mark in [
            "breaking",
            "breaking news",
            "exclusive",
            "watch",
            "video",
            "live",
            "just in",
            "corrected",
            "correction",
            "update",
            "updated",
            "rpt",
            "refile",
            "alert",
            "urgent",
            "opinion",
            "analysis",
            "explainer",
            "photos",
            "eilmeldung",
            "exklusiv",
            "liveblog",
            "última hora",
            "urgente",
            "exclusiva",
            "en direct",
            "exclusif",
            "alerte info",
            "ultim'ora",
            "срочно",
            "видео",
            "عاجل",
            "快讯",
            "速報",
        ] {
            if let Some(rest) = strip_mark(title, mark) {
                title = rest;
            }
        }
        if title.len() == before.len() {
            break;
        }
    }
    for separator in [" | ", " - ", " – ", " — ", " :: ", " • "] {
        if let Some((head, tail)) = title.rsplit_once(separator) {
            let (head_words, tail_words) = (head.split_whitespace().count(), tail.split_whitespace().count());
            let outlet =
                tail.chars().next().is_some_and(char::is_uppercase) && !tail.bytes().any(|b| b.is_ascii_digit());
            if tail_words <= 4 && head_words >= 3 && head_words > tail_words && outlet {
                title = head.trim_end();
                break;
            }
        }
    }
    title
}

/// `title` without `mark` and what ends it (":", "-", " 2-"), when it begins with it.
fn strip_mark<'a>(title: &'a str, mark: &str) -> Option<&'a str> {
    let mut rest = title.chars();
    for expected in mark.chars() {
        rest.next().filter(|c| c.to_lowercase().eq(std::iter::once(expected)))?;
    }
    let rest = rest.as_str().trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
    let rest = rest.strip_prefix([':', '：', '-', '|'])?;
    let rest = rest.trim_start();
    (!rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_dateline(text: &str, rest: &str) {
        assert_eq!(&text[dateline(text)..], rest);
    }

    #[test]
    fn datelines_go() {
        check_dateline("PORT ELLERY, Nov 23 (Coastline Wire) - Talks ended.", "Talks ended.");
        check_dateline("(SYDNEY) -- Talks ended.", "Talks ended.");
        check_dateline("Port Ellery (Wire) — Talks ended.", "Talks ended.");
        check_dateline("LONDON: Talks - ended", "LONDON: Talks - ended");
        check_dateline("BERNE — Talks ended.", "Talks ended.");
        check_dateline("Port Ellery, Nov. 23 – Talks ended.", "Talks ended.");
        check_dateline("PORT ELLERY | Talks ended.", "Talks ended.");
        check_dateline("القاهرة (وكالة) - انتهت المحادثات", "انتهت المحادثات");
        check_dateline("新华社北京3月5日电（记者 王）会谈结束。", "会谈结束。");
        check_dateline("【東京時事】会談は終わった。", "会談は終わった。");
        check_dateline("［東京　３日　通信］ - 会談は終わった。", "会談は終わった。");
    }

    #[test]
    fn sentences_stay() {
        for text in [
            "The mayor – who was there – left.",
            "A well-known baker won.",
            "Rain fell on Monday, 3 November - and stopped.",
            "",
            "It was late: nobody came.",
            "会谈结束了。3月5日电影节开幕，市民可以免费入场。",
            "【",
        ] {
            check_dateline(text, text);
        }
    }

    #[test]
    fn lines_of_the_page_are_furniture_and_sentences_are_not() {
        for line in [
            "Video Duration 02 minutes 25 seconds 02:25",
            "Read more: the ferry strike",
            "Sign up for our newsletter",
            "No comments yet. Be the first to leave a comment.",
            "© 2026 Harbour News",
            "Photo: Anna Lund/Wire",
            "Lesen Sie auch: Der Streik der Fähren",
            "Читайте также: забастовка паромов",
            "関連記事",
        ] {
            assert!(is_boilerplate(line), "{line}");
        }
        for line in [
            "Video duration matters less than rhythm, the editor of the film said at the festival.",
            "Comments by the mayor drew laughter.",
            "Share prices fell.",
            "Photos of the flood were shown in the town hall.",
        ] {
            assert!(!is_boilerplate(line), "{line}");
        }
    }

    #[track_caller]
    fn check_title(title: &str, compared: &str) {
        assert_eq!(compared_title(title), compared);
    }

    #[test]
    fn titles_lose_outlets_and_marks() {
        check_title("We didn't get there - Harbour News", "We didn't get there");
        check_title("Treaty talks end | The Ledger", "Treaty talks end");
        check_title("UPDATE 2-Treaty talks end", "Treaty talks end");
        check_title("BREAKING: Treaty talks end", "Treaty talks end");
        check_title("EXCLUSIVE: Watch: Treaty talks end", "Treaty talks end");
        check_title("ÚLTIMA HORA: Fin de las negociaciones", "Fin de las negociaciones");
        check_title("СРОЧНО: Переговоры окончены", "Переговоры окончены");
        check_title("快讯：会谈结束", "会谈结束");
    }

    #[test]
    fn titles_keep_what_belongs_to_them() {
        for title in
            ["Watch out for ice", "Live music returns", "Rovers win - 4-2", "Ice - a warning to all who walk", "Update"]
        {
            check_title(title, title);
        }
    }

    #[test]
    fn update_is_no_correction() {
        assert!(is_correction("CORRECTED: Talks end", ""));
        assert!(is_correction("Talks end", "(Corrects name in third paragraph) Talks"));
        assert!(is_correction("RPT-Talks end", ""));
        assert!(!is_correction("Updated forecast", "This is an update."));
        assert!(!is_correction("Correctional officers strike", ""));
    }
}
