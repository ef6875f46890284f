//! References to `&` and `<` as the RSS Best Practices Profile has them, §Character Data.
//!
//! RSS does not say whether a title is HTML. Tried out there, more readers show a title as it is meant when its
//! `&` and `<` are written as hexadecimal references. To XML they mean the same, so no other part knows.

/// A named reference, and the number for it.
const NUMBERS: [(&[u8], &[u8]); 2] = [(b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;")];

const CDATA: (&[u8], &[u8]) = (b"<![CDATA[", b"]]>");

/// The document with numbers for names. CDATA sections have no references; addresses keep their names, as some
/// who only look for addresses know no others.
pub(super) fn in_numbers(xml: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(xml.len() + xml.len() / 16);
    let mut rest = xml;
    while !rest.is_empty() {
        let (part, after) = rest.split_at(next(rest));
        if part.starts_with(CDATA.0) || is_address(part) {
            out.extend_from_slice(part);
        } else {
            number(part, &mut out);
        }
        rest = after;
    }
    out
}

/// Where the text, value, markup or section ends that the document begins with.
fn next(xml: &[u8]) -> usize {
    if xml.starts_with(CDATA.0) {
        let end = xml.windows(CDATA.1.len()).position(|end| end == CDATA.1);
        return end.map_or(xml.len(), |end| end + CDATA.1.len());
    }
    let end = xml.iter().skip(1).position(|byte| matches!(byte, b'<' | b'>' | b'"'));
    end.map_or(xml.len(), |end| end + 1)
}

/// Whether a part, with the character that it begins after, is an address and nothing else.
fn is_address(part: &[u8]) -> bool {
    let part = part.get(1..).unwrap_or_default();
    (part.starts_with(b"http://") || part.starts_with(b"https://")) && !part.contains(&b' ')
}

fn number(part: &[u8], out: &mut Vec<u8>) {
    let mut rest = part;
    while let Some(at) = rest.iter().position(|byte| *byte == b'&') {
        let (before, after) = rest.split_at(at);
        out.extend_from_slice(before);
        let known = NUMBERS.iter().find(|(name, _)| after.starts_with(name));
        let (name, number) = known.copied().unwrap_or((b"&", b"&"));
        out.extend_from_slice(number);
        rest = after.get(name.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(xml: &str, expected: &str) {
        assert_eq!(String::from_utf8(in_numbers(xml.as_bytes())).unwrap(), expected);
    }

    #[test]
    fn names_become_numbers_but_in_sections_of_text() {
        check("<a b=\"1&amp;2\">&lt;&gt;&amp;lt;</a>", "<a b=\"1&#x26;2\">&#x3C;&gt;&#x26;lt;</a>");
        check("&amp;<![CDATA[&amp;<b>&lt;</b>]]>&amp;", "&#x26;<![CDATA[&amp;<b>&lt;</b>]]>&#x26;");
        check("<a><![CDATA[&amp;", "<a><![CDATA[&amp;");
        check("& &apos;", "& &apos;");
        check("", "");
    }

    #[test]
    fn addresses_are_left_as_everybody_knows_them() {
        let links = "<link>https://n.example/?a=1&amp;b=2</link><e url=\"http://n.example/?a&amp;b\" l=\"0\"/>";
        check(links, links);
        check("<title>https://n.example/ &amp; more</title>", "<title>https://n.example/ &#x26; more</title>");
    }
}
