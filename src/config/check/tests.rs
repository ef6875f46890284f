//! Sources that need more than an address: what is accepted, what is refused, and that no message shows a secret.

use std::path::Path;
use std::time::Duration;

use super::{Around, read_in};
use crate::config::Config;
use crate::model::{Access, Location, Login, Route};

/// A configuration of one source with these lines, in a folder with some files. `MY_PW` is `s3cret`.
fn with(lines: &str, exposed: bool) -> Result<Config, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("pw", &b"f1le pw\r\n"[..]),
        ("empty", b"\n"),
        ("binary", b"\xff"),
        ("url", b"https://n.example/s3cret/a?b=c\n"),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    if lines.contains("large") {
        std::fs::write(folder.path().join("large"), vec![b'x'; (1 << 20) + 1]).unwrap();
    }
    let url = if lines.contains("url") { "" } else { "url = \"https://n.example/feed\"\n" };
    let text = format!("[[source]]\nid = \"a\"\n{url}{lines}\n");
    let variable = |name: &str| match name {
        "MY_PW" => Some("s3cret".into()),
        "EMPTY" => Some("".into()),
        _ => None,
    };
    let around = Around { variable: &variable, exposed };
    let read = read_in(&folder.path().join("x.toml"), &text, &around);
    read.map_err(|mistake| format!("{mistake}\n{}", mistake.help().unwrap_or_default()))
}

fn access(lines: &str) -> Access {
    with(lines, false).unwrap_or_else(|mistake| panic!("{mistake}")).sources.remove(0).access
}

/// The mistake stands at this line and column and says this; and no mistake shows the secret.
#[track_caller]
fn check(lines: &str, place: &str, says: &str) {
    let mistake = with(lines, false).expect_err(lines);
    assert!(mistake.contains(&format!("x.toml:{place}: ")), "{mistake}");
    assert!(mistake.contains(says), "{mistake}");
    assert!(!mistake.contains("s3cret"), "{mistake}");
}

#[track_caller]
fn check_login(lines: &str, username: &str, password: &str) {
    let Some(Login::Basic { username: user, password: pw }) = access(lines).login else { panic!("{lines}") };
    assert_eq!((user.reveal(), pw.reveal()), (username, password));
}

#[test]
fn values_stand_in_the_file_in_variables_or_in_other_files() {
    check_login("username = \"me\"\npassword = \"pw\"", "me", "pw");
    check_login("username = \"me\"", "me", "");
    check_login("username = \"me\"\npassword_file = \"pw\"", "me", "f1le pw");
    check_login(
        "username = \"${MY_PW}x\"\npassword = \"a${MY_PW}$${MY_PW}${MY_PW}$\"",
        "s3cretx",
        "as3cret${MY_PW}s3cret$",
    );
    let Some(Login::Bearer(token)) = access("token = \"${MY_PW}\"").login else { panic!() };
    assert_eq!(token.reveal(), "s3cret");
}

#[test]
fn a_value_that_is_not_there_is_a_mistake_with_its_place() {
    check("token = \"x${NOT_SET}\"", "4:11", "the variable NOT_SET is not set");
    check("token = \"${EMPTY}\"", "4:10", "the variable EMPTY is not set");
    check("token = \"${NOT SET}\"", "4:10", "write ${NAME}");
    check("token = \"${}\"", "4:10", "this is no variable");
    check("token_file = \"none\"", "4:14", "cannot be read");
    check("token_file = \".\"", "4:14", "it is not a file");
    check("token_file = \"empty\"", "4:14", "this file is empty");
    check("token_file = \"large\"", "4:14", "is larger than 1 MiB");
    check("token_file = \"binary\"", "4:14", "not UTF-8");
    check("token = \"s3cret\"\ntoken_file = \"pw\"", "5:14", "`token` and `token_file` are both here");
    check("url = \"https://n.example/\"\nurl_file = \"url\"", "4:12", "are both here");
    check("headers_file = { \"X-Key\" = \"none\" }", "4:28", "cannot be read");
}

#[test]
fn a_source_needs_an_address() {
    let missing = with("rank = 1 # url", false).unwrap_err();
    assert!(missing.contains("`url` is missing here"), "{missing}");
}

#[test]
fn logins_are_whole_and_one() {
    check("password = \"s3cret\"", "4:12", "has no `username`");
    check("username = \"a:s3cret\"", "4:12", "a user name has no colon");
    check("username = \"a\"\npassword = \"s3cret\\n\"", "5:12", "control characters");
    check("username = \"a\"\ntoken = \"s3cret\"", "5:9", "only one of them");
    check("token = \"s3 cret\"", "4:9", "without spaces");
    check("url = \"https://a:s3cret@n.example/\"\ntoken = \"s3cret\"", "4:9", "already");
}

#[test]
fn headers_have_names_and_values() {
    let headers =
        access("headers = { \"X-Key\" = \"${MY_PW}\", Accept-Language = \"de\" }\nheaders_file = { X-Pw = \"pw\" }")
            .headers;
    let shown: Vec<_> = headers.iter().map(|(name, value)| format!("{name}={}", value.reveal())).collect();
    assert_eq!(shown, ["accept-language=de", "x-key=s3cret", "x-pw=f1le pw"]);
    check("headers = { \"X Key\" = \"s3cret\" }", "4:13", "no name of a header");
    check("headers = { X-Key = \"s3cret\\r\\nHost: x\" }", "4:21", "one line of printable ASCII");
    check("headers = { X-Key = \"\" }", "4:21", "one line of printable ASCII");
    check("headers = { X-Key = \"s3cret\", x-key = \"b\" }", "4:31", "is here twice");
    for (name, says) in [
        ("Authorization", "`token`"),
        ("Cookie", "write `cookies`"),
        ("USER-AGENT", "write `user_agent`"),
        ("Host", "that of `url`"),
        ("Content-Length", "belongs to the connection"),
        ("Transfer-Encoding", "belongs to the connection"),
        ("Proxy-Authorization", "into `proxy`"),
        ("If-None-Match", "asked for by itself"),
        ("Accept-Encoding", "unpacked"),
    ] {
        check(&format!("headers = {{ {name} = \"s3cret\" }}"), "4:13", says);
    }
}

#[test]
fn cookies_are_pairs() {
    for cookies in ["a=b", "a=b; c=d=e", "a=", "a=b; "] {
        let sent = with(&format!("cookies = \"{}\"", cookies.trim()), false).unwrap().sources.remove(0).access.cookies;
        assert_eq!(sent.unwrap().reveal(), cookies.trim());
    }
    check("cookies = \"s3cret\"", "4:11", "name=value");
    check("cookies = \"=s3cret\"", "4:11", "name=value");
    check("cookies = \"a=s3cret\\u0001\"", "4:11", "printable ASCII");
}

#[test]
fn a_way_is_a_proxy_or_none() {
    let way = |lines: &str| match access(lines).route {
        Route::Over(proxy) => proxy.to_string(),
        other => format!("{other:?}"),
    };
    assert_eq!(way("rank = 0"), "Usual");
    assert_eq!(way("proxy = \"none\""), "Direct");
    assert_eq!(way("proxy = \"http://me:${MY_PW}@127.0.0.1:3128\""), "http://***@127.0.0.1:3128");
    assert_eq!(way("proxy = \"socks5h://127.0.0.1:9050\""), "socks5h://127.0.0.1:9050");
    for proxy in ["socks4://me:s3cret@p.example", "p.example:3128", "", "http://p.example/s3cret", "file:s3cret"] {
        check(&format!("proxy = \"{proxy}\""), "4:9", "this is no proxy");
    }
}

#[test]
fn certificates_are_looked_at() {
    check("ca_file = \"pw\"", "4:11", "no certificate in it");
    check("ca_file = \"none.pem\"", "4:11", "cannot be read");
}

#[test]
fn limits_of_a_source_are_its_own() {
    let limits = access("timeout = \"2m\"\nmax_bytes = \"1MiB\"\nuser_agent = \"me/1\"");
    assert_eq!((limits.timeout, limits.max_bytes), (Some(Duration::from_secs(120)), Some(1 << 20)));
    assert_eq!(limits.user_agent.as_deref(), Some("me/1"));
    assert!(!limits.has_credentials());
    check("timeout = \"0s\"", "4:11", "no time to answer");
    check("user_agent = \"a\\nb\"", "4:14", "printable ASCII");
}

#[test]
fn credentials_make_a_source_private_unless_it_says_otherwise() {
    for (lines, expected) in [
        ("token = \"a\"", true),
        ("cookies = \"a=b\"", true),
        ("headers = { X-Key = \"a\" }", true),
        ("url = \"https://n.example/${MY_PW}\"", true),
        ("url_file = \"url\"", true),
        ("url = \"https://me@n.example/\"", true),
        ("token = \"a\"\nprivate = false", false),
        ("headers = { Accept-Language = \"de\" }", false),
        ("proxy = \"http://me:pw@p.example\"", false),
        ("url = \"https://n.example/?token=a\"", false),
    ] {
        assert_eq!(with(lines, false).unwrap().sources[0].private, expected, "{lines}");
    }
}

#[test]
fn an_address_that_is_kept_out_of_the_file_is_shown_as_it_stands_there() {
    let address = |lines: &str| {
        let source = with(lines, false).unwrap().sources.remove(0);
        let Location::Web(url) = &source.location else { panic!("{lines}") };
        (url.to_string(), crate::fetch::shown(&source))
    };
    let variable = address("url = \"https://n.example/${MY_PW}/feed\"");
    assert_eq!(variable, ("https://n.example/s3cret/feed".to_owned(), "https://n.example/${MY_PW}/feed".to_owned()));
    let file = address("url_file = \"url\"");
    assert_eq!(file, ("https://n.example/s3cret/a?b=c".to_owned(), "https://n.example/***".to_owned()));
    check("url = \"${MY_PW}\"", "3:7", "\"${MY_PW}\" is no address");
    check("url = \"ftp://${MY_PW}\"", "3:7", "another scheme");
}

#[test]
fn a_file_is_not_asked_for_over_the_web() {
    for key in [
        "token = \"s3cret\"",
        "cookies = \"a=s3cret\"",
        "headers = { X-Key = \"s3cret\" }",
        "proxy = \"none\"",
        "timeout = \"1s\"",
    ] {
        let mistake = with(&format!("url = \"file:a.xml\"\n{key}"), false).expect_err(key);
        assert!(mistake.contains("`url` is a file") && !mistake.contains("s3cret"), "{mistake}");
    }
    assert!(with("url = \"file:a.xml\"\nmax_bytes = \"1KiB\"", false).is_ok());
}

#[test]
fn secrets_in_a_file_that_others_may_read_are_refused() {
    for lines in [
        "username = \"me\"\npassword = \"s3cret\"",
        "token = \"s3cret\"",
        "cookies = \"a=s3cret\"",
        "headers = { X-Key = \"s3cret\" }",
        "url = \"https://me:s3cret@n.example/\"",
        "proxy = \"http://me:s3cret@p.example\"",
        "[fetch]\nproxy = \"http://me:s3cret@p.example\"",
    ] {
        let mistake = with(lines, true).expect_err(lines);
        assert!(mistake.contains("other users may read the secret"), "{mistake}");
        assert!(mistake.contains("chmod 600") && mistake.contains("_file`"), "{mistake}");
        assert!(!mistake.contains("s3cret"), "{mistake}");
    }
    for lines in [
        "username = \"me\"\npassword_file = \"pw\"",
        "token = \"${MY_PW}\"",
        "url = \"https://me:${MY_PW}@n.example/\"",
        "url = \"https://n.example/?token=s3cret\"",
        "headers = { Accept-Language = \"de\" }",
        "proxy = \"http://p.example\"",
    ] {
        assert!(with(lines, true).is_ok(), "{lines}");
    }
}

#[test]
fn no_message_shows_what_it_stumbled_over() {
    for lines in [
        "password = s3cret",
        "password = \"s3cret",
        "passwrod = \"s3cret\"",
        "token = [\"s3cret\"]",
        "headers = \"s3cret\"",
        "headers = { X-Key = [\"s3cret\"] }",
        "[source.headers]\nX-Key = s3cret",
        "url = \"https://me:s3cret@[n.example\"",
    ] {
        let mistake = with(lines, false).expect_err(lines);
        assert!(!mistake.contains("s3cret"), "{mistake}");
    }
    assert!(!with("token = 5309", false).unwrap_err().contains("5309"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(100))]
    #[test]
    fn whatever_is_written_as_a_secret_is_not_shown(
        key in "password|token|cookies|proxy|headers|headers\\.X-Key|passwort|username",
        before in "[\"'{}\\[\\]=, .:$a-z0-9\\\\-]{0,12}",
        after in "[\"'{}\\[\\]=, .:$a-z0-9\\\\-]{0,12}",
        exposed: bool,
    ) {
        // The name of a variable is no secret.
        let before = before.replace("${", "$");
        let login = format!("url = \"https://me:{}s3cret{}@n.example/\"", before.replace(['"', ' ', '{'], ""), after.replace(['"', ' '], ""));
        if let Err(mistake) = with(&login, exposed) {
            assert!(!mistake.contains("s3cret"), "{mistake}");
        }
        if let Err(mistake) = with(&format!("{key} = {before}s3cret{after}"), exposed) {
            assert!(!mistake.contains("s3cret"), "{mistake}");
        }
    }
}

#[test]
fn a_proxy_of_all_is_that_of_fetch() {
    let config = with("[fetch]\nproxy = \"http://p.example:3128\"", false).unwrap();
    assert_eq!(config.fetch.proxy.unwrap().to_string(), "http://p.example:3128");
    assert_eq!(config.fetch.roots, None);
    assert!(crate::config::Config::parse(Path::new("x"), "[fetch]\nproxy = \"none\"").unwrap().fetch.proxy.is_none());
}
