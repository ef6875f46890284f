//! Credits as they stand in the world's press, and what only looks like one.

use super::agency;
use crate::model::Story;

/// The agency of a story, `""` for none.
fn found(story: &Story) -> String {
    let credit =
        agency(story).map(|credit| format!("{}{}", credit.agency, if credit.release { " (release)" } else { "" }));
    credit.unwrap_or_default()
}

#[track_caller]
fn check(story: &Story, expected: &str) {
    assert_eq!(found(story), expected, "{:?} {:?} {:?}", story.text, story.authors, story.outlet);
}

/// Checks a whole table, so that all that is wrong is seen at once.
#[track_caller]
fn check_all(table: &[(&str, &str)], story: impl Fn(&str) -> Story) {
    let wrong = table.iter().map(|(credit, expected)| (credit, found(&story(credit)), expected));
    let wrong: Vec<_> = wrong.filter(|(_, found, expected)| found != *expected).collect();
    assert!(wrong.is_empty(), "(credit, found, expected): {wrong:#?}");
}

/// Beginnings of texts, and whose they are; `""`: nobody's.
#[track_caller]
fn check_begins(begins: &[(&str, &str)]) {
    check_all(begins, |begin| Story {
        text: format!(
            "{begin}Talks on the water broke up on Monday without a deal, officials said.\n\nNo date was set."
        ),
        ..Story::default()
    });
}

/// Ends of texts.
#[track_caller]
fn check_ends(ends: &[(&str, &str)]) {
    check_all(ends, |end| Story {
        text: format!("Talks on the water of the river broke up on Monday.\n\nNo date was set, officials said.{end}"),
        ..Story::default()
    });
}

#[track_caller]
fn check_authors(authors: &[(&str, &str)]) {
    check_all(authors, |author| Story {
        text: "Talks broke up on Monday.".to_owned(),
        authors: vec![author.to_owned()],
        ..Story::default()
    });
}

#[test]
fn datelines_in_english() {
    check_begins(&[
        ("(Reuters) - ", "Reuters"),
        ("LONDON (Reuters) - ", "Reuters"),
        ("LONDON, Nov 23 (Reuters) - ", "Reuters"),
        ("WASHINGTON/KYIV, Nov 23 (Reuters) - ", "Reuters"),
        ("HARLOW, England (Reuters) -", "Reuters"),
        ("NEW YORK (Reuters Breakingviews) - ", "Reuters"),
        ("LONDON, Nov 23 (Thomson Reuters Foundation) - ", "Reuters"),
        ("BEIJING (AP) — ", "AP"),
        ("LA CROSSE, Wis. (AP) — ", "AP"),
        ("ST. PAUL, Minn. (AP) -- ", "AP"),
        ("PARIS (AP) _ ", "AP"),
        ("PARIS, Nov 23 (AFP) - ", "AFP"),
        ("Paris, France (AFP) – ", "AFP"),
        ("Nov. 23 (UPI) -- ", "UPI"),
        ("NEW YORK (Bloomberg) -- ", "Bloomberg"),
        ("(Bloomberg) -- ", "Bloomberg"),
        ("(CNN) — ", "CNN"),
        ("Berlin (dpa) - ", "dpa"),
        ("BEIJING, Nov. 23 (Xinhua) -- ", "Xinhua"),
        ("MOSCOW, November 23. /TASS/. ", "TASS"),
        ("MOSCOW. Nov 23 (Interfax) - ", "Interfax"),
        ("SEOUL, Nov. 23 (Yonhap) -- ", "Yonhap"),
        ("TOKYO (Kyodo) -- ", "Kyodo"),
        ("TOKYO, Nov 23 (Jiji Press)--", "Jiji"),
        ("New Delhi, Nov 23 (PTI) ", "PTI"),
        ("New Delhi [India], November 23 (ANI): ", "ANI"),
        ("New Delhi, Nov 23 (IANS) ", "IANS"),
        ("ISLAMABAD, Nov 23 (APP):", "APP"),
        ("KUALA LUMPUR, Nov 23 (Bernama) -- ", "Bernama"),
        ("Jakarta (ANTARA) - ", "Antara"),
        ("Taipei, Nov. 23 (CNA) ", ""),
        ("ABU DHABI, 23rd November, 2026 (WAM) -- ", "WAM"),
        ("KUWAIT, Nov 23 (KUNA) -- ", "KUNA"),
        ("Amman, Nov. 23 (Petra) -- ", "Petra"),
        ("ISTANBUL (AA) - ", "Anadolu"),
        ("ANKARA, Nov 23 (AA) – ", "Anadolu"),
        ("Accra, Nov. 23, GNA – ", "GNA"),
        ("DHAKA, Nov 23, 2026 (BSS) - ", "BSS"),
        ("Pyongyang, November 23 (KCNA) -- ", "KCNA"),
        ("Havana, Nov 23 (Prensa Latina) ", "Prensa Latina"),
        ("JERUSALEM (JTA) — ", "JTA"),
        ("(RNS) — ", "Religion News Service"),
        ("(The Center Square) – ", "The Center Square"),
        ("AP - ", "AP"),
        ("AFP — ", "AFP"),
        ("PARIS, AFP — ", "AFP"),
    ]);
}

#[test]
fn datelines_in_other_languages() {
    check_begins(&[
        ("Wien (APA) - ", "APA"),
        ("Wien/Berlin (APA/dpa) - ", "APA/dpa"),
        ("Frankfurt/Main (dpa/lhe) - ", "dpa"),
        ("FRANKFURT (dpa-AFX) - ", "dpa"),
        ("München (SID) - ", "SID"),
        ("Bern (sda) ", ""),
        ("BERN (sda) ", "Keystone-SDA"),
        ("(Keystone-SDA) ", "Keystone-SDA"),
        ("Paris (AFP) - ", "AFP"),
        ("Bruxelles, 23 nov 2026 (Belga) - ", "Belga"),
        ("(Belga) ", "Belga"),
        ("BRUSSEL 23/11 (BELGA) = ", "Belga"),
        ("DEN HAAG (ANP) - ", "ANP"),
        ("(ANSA) - ROMA, 23 NOV - ", "ANSA"),
        ("(ANSA-AFP) - PARIGI, 23 NOV - ", "ANSA/AFP"),
        ("ROMA (ITALPRESS) - ", "Italpress"),
        ("Roma, 23 nov. (Adnkronos) - ", "Adnkronos"),
        ("Madrid, 23 nov (EFE).- ", "EFE"),
        ("MADRID, 23 Nov. (EUROPA PRESS) - ", "Europa Press"),
        ("Lisboa, 23 nov 2026 (Lusa) – ", "Lusa"),
        ("ZAGREB, 23. studenoga 2026. (Hina) - ", "Hina"),
        ("Ljubljana, 23. novembra (STA) - ", "STA"),
        ("Budapest, 2026. november 23., hétfő (MTI) - ", "MTI"),
        ("Oslo (NTB): ", "NTB"),
        ("Stockholm (TT) - ", "TT"),
        ("МОСКВА, 23 ноя - РИА Новости. ", "RIA Novosti"),
        ("МОСКВА, 23 ноября. /ТАСС/. ", "TASS"),
        ("【ワシントン共同】", "Kyodo"),
        ("【パリAFP時事】", "AFP/Jiji"),
        ("(서울=연합뉴스) 김 기자 = ", "Yonhap"),
        ("[서울=뉴시스] 김 기자 = ", "Newsis"),
        ("新华社北京11月23日电 ", "Xinhua"),
        ("中新网11月23日电 ", "China News Service"),
        ("（中央社記者王台北23日電）", "CNA Taiwan"),
    ]);
}

#[test]
fn press_releases_are_told_apart() {
    check_begins(&[
        ("NEW YORK, Nov. 23, 2026 /PRNewswire/ -- ", "PR Newswire (release)"),
        ("LONDON, Nov. 23, 2026 /PRNewswire-PRWeb/ -- ", "PR Newswire (release)"),
        ("TORONTO, Nov. 23, 2026 /CNW/ - ", "Newswire.ca (release)"),
        ("NEW YORK--(BUSINESS WIRE)--", "Business Wire (release)"),
        ("SAN JOSE, Calif.--(BUSINESS WIRE)--", "Business Wire (release)"),
        ("NEW YORK, Nov. 23, 2026 (GLOBE NEWSWIRE) -- ", "GlobeNewswire (release)"),
        ("VANCOUVER, BC / ACCESSWIRE / November 23, 2026 / ", "ACCESS Newswire (release)"),
        ("Vancouver, British Columbia--(Newsfile Corp. - November 23, 2026) - ", "Newsfile (release)"),
        ("AUSTIN, TX, UNITED STATES, November 23, 2026 /EINPresswire.com/ -- ", "EIN Presswire (release)"),
        ("Berlin (ots) - ", "news aktuell (release)"),
    ]);
    check_ends(&[
        (
            "\n\nView source version on businesswire.com: https://www.businesswire.com/news/home/1/en/",
            "Business Wire (release)",
        ),
        (
            "\n\nSOURCE Quillmark Paper\n\nView original content: https://www.prnewswire.com/news-releases/1.html",
            "PR Newswire (release)",
        ),
    ]);
    check(
        &Story { url: Some("https://www.globenewswire.com/news-release/1".to_owned()), ..Story::default() },
        "GlobeNewswire (release)",
    );
}

#[test]
fn an_agency_that_nobody_knows_is_believed_where_the_dateline_is_clear() {
    check_begins(&[
        ("PORT ELLERY, Nov 23 (Coastline Wire) - ", "Coastline Wire"),
        ("Port Ellery (Coastline Wire) — ", "Coastline Wire"),
        ("PORT ELLERY, Nov. 23 (Coastline) -- ", "Coastline"),
        ("Port Ellery, 23 November 2026 (Agence Côtière) – ", "Agence Côtière"),
        // Not clear: somebody's party, club, age, rank; a share; a time.
        ("PORT ELLERY (Coastline) - ", ""),
        ("Ilse Marrant (CDU) - ", ""),
        ("Ilse Marrant, 34 (Labour) - ", ""),
        ("Maria Quell, 34 (Rovers) - ", ""),
        ("APPLE (AAPL) - ", ""),
        ("Quillmark Paper (NYSE: QMP) - ", ""),
        ("PORT ELLERY, Nov 23 (Monday) - ", ""),
        ("PORT ELLERY, Nov 23 (Updated) - ", ""),
        ("PORT ELLERY, Nov 23 (local time) - ", ""),
        ("PORT ELLERY, Nov 23 (18:00 GMT) - ", ""),
        ("PORT ELLERY, Nov 23 (Coastline) ", ""),
        ("PORT ELLERY, Nov 23 - ", ""),
        ("PORT ELLERY - ", ""),
        ("(Coastline Wire) - ", ""),
    ]);
}

#[test]
fn prose_is_no_credit() {
    check_begins(&[
        ("The minister told Reuters on Monday that nothing was agreed. ", ""),
        ("Reuters reported on Monday that nothing was agreed. ", ""),
        ("Reuters, the news agency, cut jobs. ", ""),
        ("The Associated Press reports that nothing was agreed. ", ""),
        ("An AP photographer was hurt. ", ""),
        ("He told (AP) - the agency - nothing. ", ""),
        ("Officials at the agency (Reuters) said nothing. ", ""),
        ("A report by the news agency (dpa) - its second - said so. ", ""),
        ("Jane Doe, who left Reuters in March, won. ", ""),
        ("By Monday AP had called the race. ", ""),
        ("Quell and the AFP - the Australian Federal Police - met. ", ""),
        ("Ani - a singer - won. ", ""),
        ("The map - a new one - is out. ", ""),
        ("Photo: AFP\n\n", ""),
        ("Farmers at the weir on Monday. (AP Photo/Jane Doe)\n\n", ""),
        ("The talks, in a picture of Reuters\n\n", ""),
        ("PHILADELPHIA (PA) - ", ""),
    ]);
    check_ends(&[
        (" The minister told Reuters.", ""),
        (" \"Nothing,\" he told AFP", ""),
        ("\n\nThe Associated Press contributed to this report.", ""),
        ("\n\n(With inputs from PTI)", ""),
        ("\n\nReporting by Jane Doe; editing by John Roe", ""),
        ("\n\n(Reporting by Jane Doe in London; Editing by John Roe)", ""),
        ("\n\nPhoto: Reuters", ""),
        ("\n\nA farmer at the weir. (Photo by AFP)", ""),
        ("\n\nA farmer at the weir. (AP Photo/Jane Doe)", ""),
        ("\n\n© 2026 Harbour News", ""),
        ("\n\nCopyright 2026 Harbour News. All rights reserved. Some content by Reuters.", ""),
        ("\n\nThe copyright of AP is not in doubt.", ""),
        ("\n\nMore AP golf: https://golf.example/", ""),
        (" according to a survey (ANI says so).", ""),
    ]);
}

#[test]
fn bylines_above_the_text() {
    check_begins(&[
        ("By The Associated Press\n\n", "AP"),
        ("By JANE DOE\n\nAssociated Press\n\n", "AP"),
        ("By JANE DOE, Associated Press\n\n", "AP"),
        ("By JANE DOE Associated Press\n\n", "AP"),
        ("JANE DOE\n\nAP Sports Writer\n\n", ""),
        ("By JANE DOE, AP Sports Writer\n\n", "AP"),
        ("By Jane Doe and John Roe\n\nLONDON (Reuters) - ", "Reuters"),
        ("By Jane Doe\n\n", ""),
        ("By Jane Doe, former Reuters editor\n\n", ""),
        ("Von dpa\n\n", "dpa"),
        ("Von Ilse Marrant, dpa\n\n", "dpa"),
        ("Par AFP\n\n", "AFP"),
        ("Quelle: dpa\n\n", "dpa"),
        ("Reuters\n\n", "Reuters"),
        ("dpa/AFP\n\n", "dpa/AFP"),
        ("AFP - Paris\n\n", "AFP"),
    ]);
}

#[test]
fn authors() {
    check_authors(&[
        ("Reuters", "Reuters"),
        ("REUTERS", "Reuters"),
        ("Reuters Staff", "Reuters"),
        ("The Associated Press", "AP"),
        ("By The Associated Press", "AP"),
        ("Associated Press", "AP"),
        ("AP", "AP"),
        ("JANE DOE, AP Sports Writer", "AP"),
        ("Jane Doe | Associated Press", "AP"),
        ("Jane Doe (Reuters)", "Reuters"),
        ("AFP", "AFP"),
        ("Agence France-Presse", "AFP"),
        ("AFP/Jane Doe", "AFP"),
        ("Le Ledger avec AFP", "AFP"),
        ("dpa", "dpa"),
        ("DPA", "dpa"),
        ("dpa/AFP", "dpa/AFP"),
        ("Onlineredaktion/dpa", "dpa"),
        ("redazione ANSA", "ANSA"),
        ("PTI", "PTI"),
        ("EFE", "EFE"),
        ("PR Newswire", "PR Newswire (release)"),
        ("Business Wire", "Business Wire (release)"),
        ("Coastline Wire", ""),
        ("Jane Doe", ""),
        ("Ani", ""),
        ("AA", ""),
        ("Petra Quell", ""),
        ("Petra", ""),
        ("Staff and agencies", ""),
        ("Jane Doe, former Reuters editor", ""),
        ("Ap van Dam", ""),
    ]);
}

#[test]
fn closing_lines() {
    check_ends(&[
        ("\n\n© 2026 AFP", "AFP"),
        ("\n\n© 2026 Agence France-Presse", "AFP"),
        ("\n\n©AFP", "AFP"),
        ("\n\n© dpa-infocom, dpa:261123-930-123456/1", "dpa"),
        ("\n\n(c) Copyright Thomson Reuters 2026.", "Reuters"),
        ("\n\n© Thomson Reuters 2026 All rights reserved.", "Reuters"),
        ("\n\nCopyright 2026 The Associated Press. All rights reserved.", "AP"),
        (
            "\n\nCopyright 2026 The Associated Press. All rights reserved. This material may not be published, broadcast, rewritten or redistributed.",
            "AP",
        ),
        ("\n\n©2026 Bloomberg L.P.", "Bloomberg"),
        ("\n\nCopyright © 2026 AFP. All rights reserved.\n\nTags: water", "AFP"),
        ("\n\nOur Standards: The Thomson Reuters Trust Principles.", "Reuters"),
        ("\n\nThis report by The Canadian Press was first published Nov. 23, 2026.", "The Canadian Press"),
        (" – AFP", "AFP"),
        (" — Bernama", "Bernama"),
        (" - Reuters", "Reuters"),
        ("\n\n— AAP", "AAP"),
        (" (dpa)", "dpa"),
        ("\n\n(dpa/AFP)", "dpa/AFP"),
        ("\n\n(APA, red)", "APA"),
        ("\n\nAFP", "AFP"),
        ("\n\nThe Associated Press", "AP"),
        (" The Associated Press", "AP"),
        (".PTI LUX NAB GVS SUN", "PTI"),
        ("\n\nQuelle: dpa", "dpa"),
        ("\n\n/ritzau/", "Ritzau"),
        ("\n\n(PAP)", "PAP"),
    ]);
}

#[test]
fn an_agency_speaks_on_its_own_site_and_under_its_own_name() {
    let text = "Talks broke up on Monday.".to_owned();
    let at = |url: &str| Story { url: Some(url.to_owned()), text: text.clone(), ..Story::default() };
    check(&at("https://www.reuters.com/world/1"), "Reuters");
    check(&at("https://apnews.com/article/1"), "AP");
    check(&at("https://reuters.com.harbour.example/1"), "");
    check(&at("https://harbour.example/reuters.com"), "");
    check(&at("nonsense"), "");
    let of = |outlet: &str| Story { outlet: Some(outlet.to_owned()), text: text.clone(), ..Story::default() };
    check(&of("Reuters"), "Reuters");
    check(&of("The Associated Press"), "AP");
    check(&of("Harbour Post"), "");
    // What the text says comes first.
    let told = Story { outlet: Some("Reuters".to_owned()), text: format!("PARIS (AFP) - {text}"), ..Story::default() };
    check(&told, "AFP");
}

#[test]
fn a_summary_will_do_where_there_is_no_text() {
    let story = Story { summary: Some("LONDON (Reuters) - Talks broke up.".to_owned()), ..Story::default() };
    check(&story, "Reuters");
}

#[test]
fn odd_texts_say_nothing() {
    for text in ["", " ", "(", "()", "/", "//", "©", "(c)", "-", " - ", "copyright", "【", "\u{0}", "é(", "by ", "By "]
    {
        check(&Story { text: text.to_owned(), ..Story::default() }, "");
        check(&Story { authors: vec![text.to_owned()], ..Story::default() }, "");
        check(&Story { text: format!("{}{text}", "ü".repeat(500)), ..Story::default() }, "");
    }
}
