//! Lines of the configuration as messages show them: messages are mailed and pasted, and a line that has a
//! mistake may hold a password.

use super::file::nearest;

/// Keys whose values are shown to nobody, and words that people use for them.
const KEYS: [&str; 7] = ["password", "token", "cookies", "headers", "proxy", "authorization", "username"];

/// The line that begins at a byte of the text, with stars for what it may hold of secrets. As many as it has
/// characters, so that what stands below it fits.
pub(super) fn line(text: &str, start: usize) -> String {
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default();
    if !is_secret(text, start) {
        return without_credentials(line);
    }
    // Inside of a value of several lines all of it is value.
    let (key, value) = match line.split_once('=') {
        Some((key, value)) if !is_inside_text(text.get(..start).unwrap_or_default()) => (format!("{key}="), value),
        _ => (String::new(), line),
    };
    key + &value.chars().map(|c| if c.is_whitespace() { c } else { '*' }).collect::<String>()
}

/// Whether the line that a byte of the text is in may hold a secret.
pub(super) fn is_secret(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let (before, rest) = text.split_at(start);
    let line = rest.lines().next().unwrap_or_default();
    words(line).any(is_key) || is_inside_secrets(before) || is_inside_text(before)
}

/// The line with stars from its first address to its last `@`: rather too many than a part of a password that
/// has quotes and slashes in it. Without an `@`, to its end where what should be a port is none.
pub(super) fn without_credentials(line: &str) -> String {
    let Some((before, after)) = line.split_once("//") else { return line.to_owned() };
    let (secret, open) = after.split_at(after.rfind('@').unwrap_or(if has_no_port(after) { after.len() } else { 0 }));
    format!("{before}//{}{open}", "*".repeat(secret.chars().count()))
}

fn has_no_port(address: &str) -> bool {
    let host = address.split(['/', ' ', ',']).next().unwrap_or_default().trim_end_matches(['"', '\'']);
    // An address of version 6 has colons of its own, and nothing else.
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit() || b":[]".contains(&byte));
    let port = if host.starts_with('[') { Some(host) } else { host.split_once(':').map(|(_, port)| port) };
    port.is_some_and(|port| !is_number(port))
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').filter(|word| !word.is_empty())
}

/// A key that was misspelt holds what the right one would.
fn is_key(word: &str) -> bool {
    let word = word.to_lowercase();
    // The name of a file is what is to be corrected, and what everybody is told is no secret.
    if word.ends_with("_file") || word == "user_agent" {
        return false;
    }
    nearest(&word, &KEYS).is_some()
        || matches!(&*word, "auth" | "secret" | "ping" | "notify" | "key" | "api_key" | "bearer" | "passwd")
}

/// Whether what follows belongs to a table of secrets: `[notify]`, `[source.headers]`, or `headers = {` over lines.
fn is_inside_secrets(before: &str) -> bool {
    let table = before.lines().map(str::trim_start).rfind(|line| line.starts_with('[')).unwrap_or_default();
    let open = before.rfind("headers").and_then(|at| before.get(at..)).unwrap_or_default();
    words(table).any(|word| matches!(word, "headers" | "notify"))
        || open.matches('{').count() > open.matches('}').count()
}

/// Whether what follows belongs to a text of several lines.
fn is_inside_text(before: &str) -> bool {
    ["\"\"\"", "'''"].iter().any(|quotes| before.matches(quotes).count() % 2 == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last line of the text as it is shown.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let start = text.rfind('\n').map_or(0, |at| at + 1);
        assert_eq!(line(text, start), expected);
    }

    #[test]
    fn values_of_secret_keys_are_stars() {
        check("password = \"s3cret\"", "password = ********");
        check("pasword = \"s3cret", "pasword = *******");
        check("token = 12345", "token = *****");
        check("headers.X-Key = \"s3cret\"", "headers.X-Key = ********");
        check("headers = { \"X-Key\" = \"s\" }", "headers = * ******* * *** *");
        check("source = [{ id = \"a\", token = \"s\" }]", "source = ** ** * **** ***** * *** **");
    }

    #[test]
    fn so_are_values_that_begin_above() {
        check("[source.headers]\nX-Key = \"s\"", "X-Key = ***");
        check("headers = {\n  X-Key = \"s\"", "  X-Key = ***");
        check("[notify]\npnig = \"https://n.example/s\"", "pnig = *********************");
        check("password = \"\"\"\na=s3cret", "********");
    }

    #[test]
    fn logins_in_addresses_are_stars() {
        check("url = \"https://me:pw@n.example/@a\"", "url = \"https://****************@a\"");
        check("url = \"https://me:p/w@n.example/\"", "url = \"https://******@n.example/\"");
        check("url = 'https://me:pw", "url = 'https://*****");
        check("a = 'http://n.example:80/', b = 'http://me:p@n/'", "a = 'http://********************************@n/'");
    }

    #[test]
    fn other_lines_are_shown_as_they_are() {
        for line in [
            "url = \"https://n.example/feed\"",
            "url = \"https://n.example:8443/a//b:c\"",
            "url = \"http://[::1]:80/\"",
            "password_file = \"secrets/harbour\"",
            "timeout = 5",
            "user_agent = \"News/1 (+https://n.example/)\"",
            "keep = \"48h\"",
            "every = \"1 h\"",
            "title = 'x'",
            "[[source]]",
            "headers = { a = \"b\" }\nrank = true",
        ] {
            check(line, line.lines().last().unwrap());
        }
    }
}
