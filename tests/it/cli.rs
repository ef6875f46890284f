//! The command line: streams, exit codes, and messages that say what to do.

use crate::support::{Folder, NOW, rss};

const MINIMAL: &str = "[[source]]\nid = \"a\"\nurl = \"file:a.rss\"\n";

fn one_story() -> String {
    rss(
        "a",
        &[(
            "1",
            "Bridge reopens",
            "https://a.example/1",
            "Mon, 23 Nov 2026 10:00:00 GMT",
            "The bridge over the river reopened to all traffic on Monday morning.",
        )],
    )
}

#[track_caller]
fn check_config(text: &str, wanted: &[&str]) {
    let folder = Folder::new();
    folder.write("oncefeed.toml", text);
    let ran = folder.run(&["check"]);
    assert_eq!(ran.code, 78, "{}", ran.err);
    for part in wanted {
        assert!(ran.err.contains(part), "{part:?} is missing in:\n{}", ran.err);
    }
}

#[test]
fn mistakes_in_the_configuration_name_place_and_cure() {
    check_config(
        "[[source]]\nid = \"a\"\nurl = \"file:a\"\nevry = \"1h\"\n",
        &["oncefeed.toml:4:1", "unknown key \"evry\" in [[source]]", "did you mean \"every\"?", "^^^^"],
    );
    check_config("[fetc]\n", &["oncefeed.toml:1:2", "\"fetch\""]);
    check_config(
        "[[source]]\nid = \"a\"\nurl = \"file:a\"\n[[source]]\nid = \"a\"\nurl = \"file:b\"\n",
        &["oncefeed.toml:5:6", "is there already, in line 2"],
    );
    check_config("[fetch]\nevery = \"1 parsec\"\n", &["oncefeed.toml:2:9", "is no duration", "30m"]);
    check_config("[fetch]\nconcurrency = 0\n", &["oncefeed.toml:2:15", "between 1 and 1024"]);
    check_config("[[source]]\nid = \"A B\"\nurl = \"file:a\"\n", &["oncefeed.toml:2:6", "a-z, 0-9 and -"]);
    check_config("[[source]]\nid = \"a\"\nurl = \"gopher://a.example/\"\n", &["oncefeed.toml:3:7", "gopher"]);
    check_config("[[source]]\nid = \"a\"\n", &["oncefeed.toml:1:1", "`url` is missing"]);
    check_config(
        "[[output]]\nid = \"w\"\ngroups = [\"wrld\"]\n[[source]]\nid = \"a\"\nurl = \"file:a\"\ngroups = [\"world\"]\n",
        &["oncefeed.toml:3:11", "did you mean \"world\"?"],
    );
    check_config(
        "[notify]\nping = \"hc-ping.example/5ecret\"\n",
        &["oncefeed.toml:2:8", "no address of the web", "****"],
    );
    check_config("[fetch]\nuser_agent = \"News\\n\"\n", &["oncefeed.toml:2:14", "user_agent = \"News"]);
    check_config("[store]\nbackups = \"3\"\n", &["expected a whole number"]);
    check_config(
        "[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\nheaders = [\"X-Key: s3cret\"]\n",
        &["oncefeed.toml:4:11", "write { NAME = "],
    );
    check_config("[site\n", &["oncefeed.toml:1:"]);
    check_config("[[output]]\nid = \"w\"\nformats = [\"rsss\"]\n", &["oncefeed.toml:3:12", "did you mean \"rss\"?"]);
}

#[test]
fn the_address_of_the_ping_is_in_no_message_however_it_is_misspelt() {
    for line in
        ["[notify]\npnig = \"https://hc.example/5ecret\"\n", "[notify]\nping = 5ecret\n", "notify.ping = \"5ecret\"\n"]
    {
        let folder = Folder::new();
        folder.write("oncefeed.toml", line);
        let ran = folder.run(&["check"]);
        assert!(ran.code == 78 && !ran.err.contains("5ecret"), "{line}{}", ran.err);
    }
}

#[test]
fn check_names_sources_that_no_output_shows() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", &format!("{MINIMAL}[[output]]\nid = \"w\"\n"));
    assert_eq!(folder.run(&["check"]).err, "");
    folder.write("oncefeed.toml", &format!("{MINIMAL}private = true\n[[output]]\nid = \"w\"\n"));
    let ran = folder.run(&["check"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.contains("1 source in no output: a") && ran.err.contains("help: "), "{}", ran.err);
}

#[test]
fn without_a_configuration_it_says_where_it_looked() {
    let ran = Folder::new().run(&["refresh"]);
    assert_eq!(ran.code, 78);
    assert!(ran.err.contains("./oncefeed.toml") || ran.err.contains("oncefeed.toml"), "{}", ran.err);
    assert!(ran.err.contains("oncefeed init"), "{}", ran.err);
}

#[test]
fn init_writes_a_valid_configuration_and_never_overwrites() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["init"]).code, 0);
    assert_eq!(folder.run(&["check"]).code, 0);
    folder.write("oncefeed.toml", "# mine\n");
    let ran = folder.run(&["init"]);
    assert_eq!(ran.code, 73);
    assert!(ran.err.contains("left as it is"), "{}", ran.err);
    assert_eq!(folder.read("oncefeed.toml"), "# mine\n");
}

#[test]
fn options_stand_before_or_after_the_command() {
    let folder = Folder::new();
    folder.write("mine.toml", MINIMAL).write("a.rss", &one_story());
    for arguments in [["--config", "mine.toml", "check", "--json"], ["check", "--json", "--config", "mine.toml"]] {
        let ran = folder.run(&arguments);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let checked: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(checked["sources"], 1);
    }
}

#[test]
fn wrong_usage_is_2_and_help_needs_nothing() {
    let folder = Folder::new();
    assert_eq!(folder.run(&["refresh", "--colour"]).code, 2);
    assert_eq!(folder.run(&["frobnicate"]).code, 2);
    assert_eq!(folder.run(&["--now", "yesterday", "refresh"]).code, 2);
    for arguments in [["--help"], ["--version"]] {
        let ran = folder.run(&arguments);
        assert_eq!(ran.code, 0);
        assert!(ran.out.contains("oncefeed"), "{}", ran.out);
    }
}

#[test]
fn a_source_that_fails_is_one_line_with_its_cure_and_exit_3() {
    let folder = Folder::new();
    folder
        .write("oncefeed.toml", &format!("{MINIMAL}[[source]]\nid = \"b\"\nurl = \"file:missing.xml\"\n"))
        .write("a.rss", &one_story());
    let ran = folder.run(&["--now", NOW, "refresh"]);
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("warning: source `b`: ") && ran.err.contains("help: "), "{}", ran.err);
    assert_eq!(folder.items("all.rss").len(), 1);
    // Cron mails what is printed: a failure is news once.
    let again = folder.run(&["--now", NOW, "refresh", "-q"]);
    assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (3, "", ""));
}

#[test]
fn when_every_source_fails_the_outputs_are_untouched_and_the_exit_is_4() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", MINIMAL).write("a.rss", &one_story());
    folder.refresh(NOW);
    let before = folder.read("public/all.rss");
    folder.write("a.rss", "<html><body>Sorry</body></html>");
    let ran = folder.run(&["--now", NOW, "refresh"]);
    assert_eq!(ran.code, 4, "{}", ran.err);
    assert_eq!(folder.read("public/all.rss"), before);
}

#[test]
fn of_all_that_were_visited_none_was_read_though_others_were_not_due() {
    let folder = Folder::new();
    // Nothing listens on port 80 of that address; the other one was just read and is not due for long.
    let server = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = server.local_addr().unwrap().port();
    let answered = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = server.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let body = one_story();
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    });
    folder.write(
        "oncefeed.toml",
        &format!(
            "[[source]]\nid = \"a\"\nurl = \"http://127.0.0.1:{port}/\"\nevery = \"20h\"\n[[source]]\nid = \"b\"\nurl = \"file:missing.rss\"\n"
        ),
    );
    let refresh = |now: &str| folder.run(&["--allow-private", "127.0.0.1/32", "--now", now, "refresh"]);
    assert_eq!(refresh("2026-11-24T12:00:00Z").code, 3);
    answered.join().unwrap();
    let again = refresh("2026-11-24T13:00:00Z");
    assert!(again.out.contains("1 not due") && again.out.contains("1 failed"), "{}", again.out);
    assert_eq!(again.code, 4, "the exit code is about the visited ones");
}

#[test]
fn a_second_run_while_one_is_at_work_ends_at_once_with_75() {
    let folder = Folder::new();
    folder.write("oncefeed.toml", MINIMAL).write("a.rss", &one_story());
    let location = oncefeed::store::Location::Sqlite(folder.path("oncefeed.db"));
    let _lock = oncefeed::store::lock(&location, "process 4711 since then").unwrap();
    let ran = folder.run(&["--now", NOW, "refresh"]);
    assert_eq!(ran.code, 75);
    assert!(ran.err.contains("4711"), "{}", ran.err);
}

#[test]
fn a_database_that_is_none_is_65_and_stays_as_it_is() {
    let folder = Folder::new();
    folder
        .write("oncefeed.toml", MINIMAL)
        .write("a.rss", &one_story())
        .write("oncefeed.db", &"not a database ".repeat(1000));
    let ran = folder.run(&["--now", NOW, "refresh"]);
    assert_eq!(ran.code, 65, "{}", ran.err);
    assert!(folder.read("oncefeed.db").starts_with("not a database"));
}

#[test]
fn an_output_folder_that_cannot_be_made_is_73() {
    let folder = Folder::new();
    folder
        .write("oncefeed.toml", &format!("[publish]\ndir = \"a.rss/public\"\n{MINIMAL}"))
        .write("a.rss", &one_story());
    let ran = folder.run(&["--now", NOW, "refresh"]);
    assert_eq!(ran.code, 73, "{}", ran.err);
    assert!(ran.err.contains("a.rss/public"), "{}", ran.err);
}

#[test]
fn cluster_is_a_filter_over_lines() {
    let text = "The delegations left the hall on Sunday evening without a deal on the river, and no new date was set.";
    let line = |id: &str, source: &str, title: &str, text: &str| {
        serde_json::json!({"id": id, "source": source, "title": title, "text": text}).to_string()
    };
    let input = [
        line("1", "a", "We didn't get there", text),
        line(
            "2",
            "b",
            "Weather",
            "It will rain in the north of the valley on Monday, and the wind will turn to the east at night.",
        ),
        line("3", "c", "Treaty talks collapse", &format!("PORT ELLERY, Nov 23 (Wire) - {text}")),
        String::new(),
        line("4", "d", "We didn't get there", text),
    ]
    .join("\n");
    let ran = Folder::new().run_with(&["cluster"], &input);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let rows: Vec<serde_json::Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = rows
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row["cluster"].as_str().unwrap(), row["because"].as_str().unwrap()))
        .collect();
    assert_eq!(told, [("1", "1", "opens"), ("2", "2", "opens"), ("3", "1", "near-text"), ("4", "1", "same-text")]);
    assert_eq!(rows[0]["with"], serde_json::Value::Null);
    assert_eq!((&rows[3]["with"], rows[3]["score"].as_f64()), (&serde_json::json!("1"), Some(1.0)));
}

#[test]
fn cluster_names_the_event_only_when_asked() {
    let line =
        |id: &str, title: &str, text: &str| serde_json::json!({"id": id, "title": title, "text": text}).to_string();
    let aground =
        "The ferry Isola ran aground on the Skarn reef near Port Ellery early on Monday with 212 people on board.";
    let input = [
        line("1", "Ferry runs aground off Port Ellery", aground),
        line("2", "Warehouse fire in Greyhaven", "A fire destroyed a timber warehouse at the docks of Greyhaven."),
        line(
            "3",
            "Passengers taken off Isola",
            "All 212 passengers of the Isola were brought from the Skarn reef to Ellery.",
        ),
        line("4", "Ferry runs aground off Port Ellery", aground),
    ]
    .join("\n");
    let rows = |arguments: &[&str]| -> Vec<serde_json::Value> {
        let ran = Folder::new().run_with(arguments, &input);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    };
    let (plain, mut related) = (rows(&["cluster"]), rows(&["cluster", "--related"]));
    let events: Vec<_> = related.iter_mut().map(|row| row.as_object_mut().unwrap().remove("event").unwrap()).collect();
    assert_eq!(events, ["1", "2", "1", "1"]);
    assert_eq!(plain, related, "nothing else changes");
}

#[test]
fn cluster_names_the_bad_line() {
    for (input, wanted) in [
        ("{\"id\":\"1\"}\nrubbish\n", "line 2"),
        ("{\"id\":\"1\"}\n{\"id\":\"1\"}\n", "was there before"),
        ("{\"title\":\"x\"}\n", "missing field `id`"),
        ("[1]\n", "line 1"),
        ("{\"id\":\"1\",\"published\":\"yesterday\"}\n", "RFC 3339"),
    ] {
        let ran = Folder::new().run_with(&["cluster"], input);
        assert_eq!(ran.code, 65, "{input}");
        assert!(ran.err.contains(wanted), "{}", ran.err);
    }
}

#[test]
fn inspect_says_what_is_seen_and_what_is_not() {
    let folder = Folder::new();
    folder
        .write("a.rss", &one_story())
        .write("page.html", "<!doctype html><html><head><title>x</title></head><body><p>Hi</p></body></html>");
    let ran = folder.run(&["inspect", "a.rss", "page.html", "missing"]);
    assert_eq!(ran.code, 3);
    let rows: Vec<serde_json::Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(
        (&rows[0]["ok"], &rows[0]["kind"], &rows[0]["format"]),
        (&true.into(), &"feed".into(), &"rss2.0".into())
    );
    assert_eq!(rows[0]["stories"][0]["published"], "2026-11-23T10:00:00Z");
    assert!(rows[1]["ok"] == false && rows[1]["error"].is_string() && rows[1]["help"].is_string());
    assert_eq!(rows[2]["input"], "missing");
    assert_eq!(folder.run(&["inspect", "a.rss"]).code, 0);
}

#[test]
fn explain_names_the_rule_and_its_numbers() {
    let folder = Folder::new();
    crate::support::copy("config", &folder.path("config"));
    let config = ["--config", "config/sample.toml"];
    assert_eq!(folder.run(&[&config[..], &["--now", NOW, "refresh"]].concat()).code, 0);
    let ran = folder.run(&[&config[..], &["explain", "we", "didn't", "get", "there"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        "opens",
        "near-text",
        "northfield",
        "ledger",
        "J ",
        "C ",
        "lead",
        "no veto",
        "5 sources, 1 voice: Coastline Wire",
    ] {
        assert!(ran.out.contains(part), "{part} is missing in:\n{}", ran.out);
    }
    // By id, as the feed has it and as people shorten it.
    let head = ran.out.lines().find(|line| line.starts_with("We didn't get there  ")).unwrap();
    let id = head.rsplit(' ').next().unwrap();
    let by_id = folder.run(&[&config[..], &["explain", id]].concat());
    assert!(ran.out.contains(&by_id.out) && by_id.out.starts_with(head), "{}", by_id.out);
    let item = folder.items("world.rss").into_iter().find(|item| item.title == "We didn't get there").unwrap();
    assert_eq!(folder.run(&[&config[..], &["explain", &item.id]].concat()).out, by_id.out);
    let by_url =
        folder.run(&[&config[..], &["explain", "https://www.metro.example/world/8841/we-didnt-get-there"]].concat());
    assert_eq!(by_url.out, by_id.out, "{}", by_url.err);
    let weather = folder.run(&[&config[..], &["explain", "weather forecast"]].concat());
    assert!(weather.out.contains("apart") && weather.out.contains("other numbers"), "{}", weather.out);
    let none = folder.run(&[&config[..], &["explain", "no such words"]].concat());
    assert_eq!(none.code, 65);
}

#[test]
fn try_without_arguments_shows_the_sample_and_writes_nothing() {
    let folder = Folder::new();
    let ran = folder.run(&["try"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    for part in ["became", "5x  We didn't get there", "near-text", "Kept apart", "other numbers", "Nothing was written"]
    {
        assert!(ran.out.contains(part), "{part} is missing in:\n{}", ran.out);
    }
    assert_eq!(std::fs::read_dir(folder.path(".")).unwrap().count(), 0);
}

#[test]
fn try_reads_files_and_lists_and_says_what_failed() {
    let folder = Folder::new();
    folder.write("a.rss", &one_story()).write("b.rss", &one_story());
    folder.write(
        "mine.opml",
        "<opml version=\"2.0\"><body><outline text=\"Gone\" xmlUrl=\"http://127.0.0.1:9/feed\"/></body></opml>",
    );
    let ran = folder.run(&["--now", NOW, "try", "a.rss", "b.rss", "missing.xml", "mine.opml", "--json"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let tried: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let outcomes: Vec<_> =
        tried["sources"].as_array().unwrap().iter().map(|row| row["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["ok", "ok", "failed", "blocked"]);
    assert_eq!((&tried["stories"], tried["items"].as_array().unwrap().len()), (&2.into(), 1));
    assert_eq!(std::fs::read_dir(folder.path(".")).unwrap().count(), 3, "nothing was written");
    let missing = tried["sources"][2]["help"].as_str().unwrap();
    assert!(missing.contains("name a file") && missing.contains("https://"), "{missing}");
    let words = folder.run(&["--now", NOW, "try", "a.rss", "b.rss"]);
    assert!(words.out.contains("2 stories became 1 item") && words.out.contains("/a.rss\"\ngroups"), "{}", words.out);
}

#[test]
fn try_names_everybody_who_tells_a_story_also_who_opened_it() {
    let folder = Folder::new();
    let text = "The bridge over the river reopened to all traffic on Monday morning, after nine weeks of work on it.";
    let told = |outlet: &str, date: &str, text: &str| {
        rss(outlet, &[(outlet, "Bridge reopens to traffic", "https://a.example/bridge", date, text)])
    };
    // The first to tell it says little, so that another one is shown.
    folder
        .write("a.rss", &told("a", "Mon, 23 Nov 2026 10:00:00 GMT", "The bridge reopened."))
        .write("b.rss", &told("b", "Mon, 23 Nov 2026 11:00:00 GMT", text));
    let ran = folder.run(&["--now", NOW, "try", "b.rss", "a.rss"]);
    let folded = ran.out.split("Folded").nth(1).unwrap_or_default().split("The feed would hold").next().unwrap();
    assert!(folded.contains("2x") && folded.contains("       a ") && folded.contains("opens"), "{}", ran.out);
}

#[test]
fn status_says_how_each_source_was() {
    let folder = Folder::new();
    folder
        .write("oncefeed.toml", &format!("{MINIMAL}[[source]]\nid = \"b\"\nurl = \"file:missing.xml\"\n"))
        .write("a.rss", &one_story());
    assert!(folder.run(&["status"]).out.contains("never visited"));
    folder.refresh(NOW);
    let status: serde_json::Value = serde_json::from_str(&folder.run(&["status", "--json"]).out).unwrap();
    let row = |at: usize| (status["sources"][at]["state"].clone(), status["sources"][at]["failures"].clone());
    assert_eq!((row(0), row(1)), (("ok".into(), 0.into()), ("broken".into(), 1.into())));
    assert_eq!(status["stories"], 1);
    assert_eq!((&status["sources"][0]["standing"]["unique"], &status["standing_days"]), (&1.into(), &30.into()));
    let words = folder.run(&["status"]);
    assert!(words.out.contains("help: ") && words.out.contains("(1 in a row)"), "{}", words.out);
}

#[test]
fn status_says_what_each_source_brings() {
    let folder = Folder::new();
    crate::support::copy("config", &folder.path("config"));
    let config = ["--config", "config/sample.toml"];
    assert_eq!(folder.run(&[&config[..], &["--now", NOW, "refresh"]].concat()).code, 0);
    let table = folder.run(&[&config[..], &["status", "--sources"]].concat()).out;
    let row = |id: &str| {
        let line = table.lines().find(|line| line.starts_with(id)).unwrap_or_else(|| panic!("{id}: {table}"));
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    // The wire story was at the next one 35 minutes later, and nobody else has the notes of `valley`.
    assert_eq!(row("harbour"), "harbour 8 6 75 % 2 2 35 min");
    assert_eq!(row("valley"), "valley 4 4 100 % 0 0");
    assert!(table.lines().all(|line| line.len() <= 100), "{table}");
    let all = folder.run(&[&config[..], &["status", "--sources", "--all", "--json"]].concat()).out;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    assert_eq!((&all["standing_days"], &all["sources"][0]["standing"]["first"]), (&serde_json::Value::Null, &2.into()));
    assert_eq!(folder.run(&[&config[..], &["status", "--all"]].concat()).code, 2);
}
