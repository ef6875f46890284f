//! The examples of RFC 9309 and of Google's documentation, and what is met in the wild.

use proptest::prelude::*;

use super::*;

fn allowed(robots: &str, path: &str) -> bool {
    allows(&rules(robots.as_bytes(), "oncefeed"), &format!("https://n.example{path}").parse().unwrap())
}

/// A robots.txt, and for each of its paths whether it may be fetched.
#[track_caller]
fn check(robots: &str, paths: &[(&str, bool)]) {
    for (path, expected) in paths {
        assert_eq!(allowed(robots, path), *expected, "{path} by {robots:?}");
    }
}

/// Whether a single rule matches: it is a prohibition then.
#[track_caller]
fn check_rule(rule: &str, matching: &[&str], others: &[&str]) {
    let robots = format!("user-agent: *\ndisallow: {rule}\n");
    for (paths, expected) in [(matching, false), (others, true)] {
        for path in paths {
            assert_eq!(allowed(&robots, path), expected, "{path} by {rule}");
        }
    }
}

#[test]
fn the_simple_example_of_the_rfc_holds() {
    // RFC 9309 §5.1, with our name in the place of theirs.
    let robots = "User-Agent: *\nDisallow: *.gif$\nDisallow: /example/\nAllow: /publications/\n\n\
                  User-Agent: foobot\nDisallow:/\nAllow:/example/page.html\nAllow:/example/allowed.gif\n\n\
                  User-Agent: barbot\nUser-Agent: bazbot\nDisallow: /example/page.html\n\n\
                  User-Agent: quxbot\n\nEOF";
    let decide = |token: &str, path: &str| {
        allows(&rules(robots.as_bytes(), token), &format!("https://n.example{path}").parse().unwrap())
    };
    for (token, path, expected) in [
        ("other", "/a.gif", false),
        ("other", "/a.gif?b", true),
        ("other", "/example/", false),
        ("other", "/publications/x.html", true),
        ("foobot", "/", false),
        ("foobot", "/publications/", false),
        ("foobot", "/example/page.html", true),
        ("foobot", "/example/allowed.gif", true),
        ("barbot", "/example/page.html", false),
        ("bazbot", "/example/page.html", false),
        ("bazbot", "/a.gif", true),
        ("quxbot", "/example/", true),
    ] {
        assert_eq!(decide(token, path), expected, "{token} {path}");
    }
}

#[test]
fn the_longest_match_decides() {
    // RFC 9309 §5.2.
    let robots = "User-Agent: oncefeed\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n";
    check(robots, &[("/example/page/a.gif", true), ("/example/page/disallowed.gif", false)]);
    // Google, "Order of precedence for rules".
    for (lines, path, expected) in [
        ("allow: /p\ndisallow: /", "/page", true),
        ("allow: /folder\ndisallow: /folder", "/folder/page", true),
        ("allow: /page\ndisallow: /*.htm", "/page.htm", false),
        ("allow: /page\ndisallow: /*.ph", "/page.php5", true),
        ("allow: /$\ndisallow: /", "/", true),
        ("allow: /$\ndisallow: /", "/page.htm", false),
    ] {
        check(&format!("user-agent: *\n{lines}"), &[(path, expected)]);
    }
}

#[test]
fn a_rule_is_the_beginning_of_a_path() {
    // Google, "URL matching based on path values".
    check_rule("/", &["/", "/a?b"], &[]);
    check_rule(
        "/fish",
        &["/fish", "/fish.html", "/fish/salmon.html", "/fishheads", "/fish.php?id=anything"],
        &["/Fish.asp", "/catfish", "/?id=fish", "/desert/fish"],
    );
    check_rule("/fish*", &["/fish", "/fishheads/yummy.html"], &["/Fish.asp", "/catfish"]);
    check_rule("/fish/", &["/fish/", "/fish/?id=x", "/fish/salmon.htm"], &["/fish", "/fish.html", "/animals/fish/"]);
    check_rule(
        "/*.php",
        &["/index.php", "/folder/filename.php?parameters", "/folder/any.php.file.html", "/filename.php/"],
        &["/", "/windows.PHP"],
    );
    check_rule(
        "/*.php$",
        &["/filename.php", "/folder/filename.php"],
        &["/filename.php?x", "/filename.php/", "/filename.php5"],
    );
    check_rule("/fish*.php", &["/fish.php", "/fishheads/catfish.php?parameters"], &["/Fish.PHP"]);
    check_rule("/a$b", &["/a$b", "/a$bc"], &["/a", "/ab"]);
    check_rule("/a$$", &["/a$"], &["/a", "/a$b"]);
    check_rule("fish", &[], &["/fish", "/"]);
    check_rule("*fish", &["/fish", "/a/fish"], &["/"]);
    check_rule("/a*a$", &["/aa", "/aba"], &["/a", "/ab"]);
    check_rule("/a*b*a$", &["/aba", "/abba"], &["/aab", "/aa"]);
    check_rule("/*?", &["/?a", "/a?"], &["/a"]);
}

#[test]
fn spellings_of_one_address_are_one() {
    // RFC 9309 §2.2.2.
    for (rule, path) in [
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
        ("/foo/bar?baz=http://foo.bar", "/foo/bar?baz=http://foo.bar"),
        ("/foo/bar/\u{30C4}", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%E3%83%84", "/foo/bar/%E3%83%84"),
        ("/foo/bar/%e3%83%84", "/foo/bar/\u{30C4}"),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ("/foo/bar/baz", "/foo/bar/%62%61%7A"),
        ("/a b", "/a b"),
        ("/a%20b", "/a b"),
        ("/50%", "/50%"),
        ("/50%25", "/50%"),
    ] {
        check_rule(rule, &[path], &["/other"]);
    }
    // What is reserved means something else when it is encoded.
    check_rule("/a%2Fb", &["/a%2fb"], &["/a/b"]);
    check_rule("/a/b", &["/a/b"], &["/a%2Fb"]);
    // §2.2.3: special characters that stand for themselves.
    check_rule("/file-%2A.html", &["/file-*.html", "/file-%2A.html"], &["/file-a.html"]);
    check_rule("/a%24", &["/a$", "/a$b"], &["/a"]);
    check_rule("/file-*.html", &["/file-*.html", "/file-a.html"], &[]);
}

#[test]
fn the_group_that_names_us_is_ours_alone() {
    let both = |ours: &str| format!("user-agent: *\ndisallow: /\n\nuser-agent: {ours}\ndisallow: /b\n");
    for ours in ["oncefeed", "OnceFeed", "oncefeed/1.0", "oncefeed (news)", "oncefeed *"] {
        check(&both(ours), &[("/a", true), ("/b", false)]);
    }
    for other in ["once", "oncefeeds", "oncefeed-images", "other oncefeed", "x"] {
        check(&both(other), &[("/a", false), ("/b", false)]);
    }
    // A group of ours without a rule allows everything.
    check("user-agent: *\ndisallow: /\nuser-agent: oncefeed\n", &[("/a", true)]);
    check("user-agent: oncefeed\ndisallow:\n\nuser-agent: *\ndisallow: /", &[("/a", true)]);
}

#[test]
fn groups_are_put_together() {
    // RFC 9309 §2.2.1.
    let robots = "user-agent: oncefeed\ndisallow: /a\n\nuser-agent: other\ndisallow: /b\n\n\
                  user-agent: other\nuser-agent: oncefeed\ndisallow: /c\n";
    check(robots, &[("/a", false), ("/b", true), ("/c", false)]);
    check("user-agent: *\ndisallow: /a\nuser-agent: *\ndisallow: /b", &[("/a", false), ("/b", false), ("/c", true)]);
    // Lines of other kinds end no group.
    let between = "user-agent: oncefeed\nsitemap: https://n.example/s\ncrawl-delay: 2\n\nuser-agent: x\ndisallow: /a";
    check(between, &[("/a", false)]);
    check("disallow: /\nuser-agent: x\ndisallow: /", &[("/a", true)]);
}

#[test]
fn lines_are_read_however_they_are_written() {
    for robots in [
        "\u{feff}User-agent: *\nDisallow: /a\n",
        "USER-AGENT:*\r\nDISALLOW:/a\r\n",
        "user-agent: *\rdisallow: /a\r",
        "  user-agent : * # all\n\tdisallow :\t/a # not this\n",
        "user-agent *\ndisallow /a",
        "user-agent: * (everybody)\ndisallow: /a",
        "rubbish\nuser-agent: *\nrubbish: /\n:\ndisallow: /a",
    ] {
        check(robots, &[("/a", false), ("/b", true), ("/robots.txt", true)]);
    }
    let latin = b"user-agent: *\ndisallow: /caf\xe9\ndisallow: /a\n";
    assert!(!allows(&rules(latin, "oncefeed"), &"https://n.example/a".parse().unwrap()));
    check("user-agent: *\ndisallow: /", &[("/robots.txt", true), ("/robots.txt?a", false)]);
    // A page that says in HTML that there is none.
    check("<!doctype html>\n<html><body style=\"color:red\">Disallow: nothing</body></html>", &[("/a", true)]);
    check("", &[("/a", true)]);
}

#[test]
fn a_hostile_pattern_takes_no_longer_than_others() {
    let pattern = format!("/{}b", "*a".repeat(20_000));
    let robots = format!("user-agent: *\n{}", format!("disallow: {pattern}\n").repeat(10));
    let begin = std::time::Instant::now();
    check(&robots, &[(&format!("/{}", "a".repeat(60_000)), true), (&format!("/{}b", "a".repeat(60_000)), false)]);
    // Trying all ways would take longer than anybody lives.
    assert!(begin.elapsed() < std::time::Duration::from_secs(20));
}

#[test]
fn our_token_is_that_of_the_user_agent() {
    for (agent, expected) in
        [("oncefeed/0.1.0 (+https://n.example/)", "oncefeed"), ("My-Reader 2", "my-reader"), ("42", ""), ("", "")]
    {
        assert_eq!(token(agent), expected);
    }
}

/// What matching means, tried in all ways there are.
fn matches_somehow(pattern: &[u8], path: &[u8]) -> bool {
    match pattern {
        [] => true,
        b"$" => path.is_empty(),
        [b'*', rest @ ..] => (0..=path.len()).any(|from| matches_somehow(rest, &path[from..])),
        [first, rest @ ..] => path.first() == Some(first) && matches_somehow(rest, &path[1..]),
    }
}

proptest! {
    #[test]
    fn looking_once_finds_what_trying_all_ways_finds(pattern in "/[ab*$]{0,9}", path in "/[ab]{0,9}") {
        prop_assert_eq!(matches(&pattern, &path), matches_somehow(pattern.as_bytes(), path.as_bytes()));
    }

    #[test]
    fn any_bytes_are_read(
        body in proptest::collection::vec(any::<u8>(), 0..200), lines in "([ud]:[ -~\\n]{0,9}|%[0-9a-fx]{0,2}|[*$/#:\\r\\n]){0,20}", path in "/\\PC{0,20}"
    ) {
        let url = Url::parse("https://n.example").unwrap().join(&path).unwrap_or("https://n.example/".parse().unwrap());
        let lines = lines.replace("u:", "user-agent: oncefeed\n").replace("d:", "\ndisallow: ");
        for body in [&body, lines.as_bytes()] {
            allows(&rules(body, "oncefeed"), &url);
        }
    }

    #[test]
    fn normalising_again_changes_nothing(text in "(%[0-9a-fA-F]{0,2}|[ -~]|\\PC){0,20}") {
        let once = pattern(&text);
        prop_assert_eq!(pattern(&once), once);
    }
}
