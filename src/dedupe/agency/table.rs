//! The news agencies of the world and the press-release services, as credits name them.

use std::collections::HashMap;
use std::sync::LazyLock;

/// An agency.
#[derive(Debug)]
pub(super) struct Agency {
    /// As it is shown.
    pub(super) name: &'static str,
    /// It hands out what others wrote about themselves.
    pub(super) release: bool,
    /// Its names in lower case: they mean it wherever a credit stands.
    names: Words,
    /// What is a word, a first name or somebody's initials in small letters or alone: it counts in
    /// just this case.
    tags: Words,
    /// What means it only between the brackets of a dateline.
    marks: Words,
    /// Registrable domains of its own site.
    domains: Words,
}

/// No name is longer, in bytes.
const LONGEST: usize = 80;

/// Several, with `|` between.
type Words = &'static str;

fn each(words: Words) -> impl Iterator<Item = &'static str> {
    words.split('|').filter(|word| !word.is_empty())
}

const fn news(name: &'static str, names: Words, tags: Words, marks: Words, domains: Words) -> Agency {
    Agency { name, release: false, names, tags, marks, domains }
}

const fn releases(name: &'static str, names: Words, marks: Words, domains: Words) -> Agency {
    Agency { name, release: true, names, tags: "", marks, domains }
}

/// The table by what is looked up.
struct Index {
    /// Names in lower case and tags in their own: what counts where a credit stands alone.
    alone: HashMap<&'static str, &'static Agency>,
    /// Names, tags and marks, all in lower case.
    bracketed: HashMap<String, &'static Agency>,
    domains: HashMap<&'static str, &'static Agency>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let mut index = Index { alone: HashMap::new(), bracketed: HashMap::new(), domains: HashMap::new() };
    for agency in TABLE {
        index.alone.extend(each(agency.names).chain(each(agency.tags)).map(|name| (name, agency)));
        let all = each(agency.names).chain(each(agency.tags)).chain(each(agency.marks));
        index.bracketed.extend(all.map(|name| (name.to_lowercase(), agency)));
        index.domains.extend(each(agency.domains).map(|domain| (domain, agency)));
    }
    index
});

/// Whoever has this name where a credit stands alone: a byline, an author, a closing line.
pub(super) fn alone(credit: &str) -> Option<&'static Agency> {
    let credit = bare(credit);
    if credit.len() > LONGEST {
        return None;
    }
    INDEX
        .alone
        .get(credit)
        .or_else(|| {
            let lower = credit.to_lowercase();
            INDEX.alone.get(&*lower).filter(|agency| each(agency.names).any(|name| name == lower))
        })
        .copied()
}

/// Whoever has this name between the brackets of a dateline, where the place says enough.
pub(super) fn bracketed(credit: &str) -> Option<&'static Agency> {
    let credit = bare(credit);
    (credit.len() <= LONGEST).then(|| INDEX.bracketed.get(&credit.to_lowercase()).copied()).flatten()
}

/// Whose own site this domain is.
pub(super) fn at_home(domain: &str) -> Option<&'static Agency> {
    INDEX.domains.get(domain).copied()
}

/// Names that stand in a text without spaces around them, and whose they are.
pub(super) fn unspaced() -> impl Iterator<Item = (&'static str, &'static Agency)> {
    let is_unspaced = |name: &&str| name.contains(|c| matches!(c, '\u{3040}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'));
    TABLE.iter().flat_map(move |agency| each(agency.names).filter(is_unspaced).map(move |name| (name, agency)))
}

/// Without the article and marks around it.
fn bare(credit: &str) -> &str {
    let credit = credit.trim_matches(|c: char| !c.is_alphanumeric());
    let article = credit.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("the "));
    if article { credit[4..].trim_start() } else { credit }
}

const TABLE: &[Agency] = &[
    // The whole world.
    news(
        "Reuters",
        "reuters|thomson reuters|reuters news|reuters.com|reuters staff|reuters life!|reuters breakingviews|reuters health|thomson reuters foundation|рейтер|رويترز|路透社|路透|ロイター|로이터",
        "",
        "",
        "reuters.com",
    ),
    news(
        "AP",
        "associated press|associated press (ap)|ap news|apnews|apnews.com|美联社|美聯社",
        "AP|A.P",
        "ap|ap wire",
        "apnews.com|ap.org",
    ),
    news(
        "AFP",
        "afp|agence france-presse|agence france presse|agence france-presse (afp)|afp news|afp.com|afp relaxnews|afp-relaxnews|afp-services|法新社|afp通信|أ ف ب|وكالة فرانس برس",
        "",
        "",
        "afp.com",
    ),
    news(
        "dpa",
        "dpa|deutsche presse-agentur|deutsche presse agentur|dpa-infocom|dpa-infocom gmbh|dpa-afx|dpa-tmn|dpa themendienst|dpa/tmn|dpa english|德新社",
        "",
        "",
        "dpa.com|dpa-international.com",
    ),
    news("UPI", "united press international|upi.com", "UPI", "", "upi.com"),
    news(
        "Bloomberg",
        "bloomberg|bloomberg news|bloomberg opinion|bloomberg l.p|bloomberg lp|bloomberg finance lp",
        "",
        "",
        "bloomberg.com",
    ),
    news("Dow Jones", "dow jones|dow jones newswires|dow jones & company", "", "dj", "dowjones.com"),
    news("EFE", "agencia efe|efe verde|efe news", "EFE|Efe", "efe", "efe.com"),
    news(
        "Xinhua",
        "xinhua|xinhua news agency|xinhua news|新华社|新華社|新华网|新華網",
        "",
        "",
        "xinhuanet.com|news.cn",
    ),
    news("TASS", "tass|itar-tass|itar tass|тасс|итар-тасс", "", "", "tass.com|tass.ru"),
    news(
        "Tribune News Service",
        "tribune news service|tribune content agency|tribune content agency, llc",
        "TNS",
        "",
        "",
    ),
    news("CNN", "cnn newswire|cnn wire|the-cnn-wire", "CNN", "", "cnn.com"),
    news("IPS", "inter press service", "", "ips", "ipsnews.net"),
    news("Religion News Service", "religion news service", "RNS", "", "religionnews.com"),
    news("Catholic News Agency", "catholic news agency", "", "", "catholicnewsagency.com"),
    news("KNA", "katholische nachrichten-agentur", "KNA", "kna", "kna.de"),
    news("epd", "evangelischer pressedienst", "epd", "epd", "epd.de"),
    news("SID", "sport-informations-dienst", "SID", "sid", "sid.de"),
    news("The Center Square", "center square", "", "", "thecentersquare.com"),
    news("KFF Health News", "kff health news|kaiser health news", "KHN", "", "kffhealthnews.org"),
    news("States Newsroom", "states newsroom", "", "", "statesnewsroom.com"),
    // Britain, Ireland, Canada, Australia, New Zealand.
    news("PA Media", "pa media|press association|press association (pa)|pa news agency", "", "", "pa.media"),
    news(
        "The Canadian Press",
        "canadian press|la presse canadienne|presse canadienne",
        "",
        "cp",
        "thecanadianpress.com",
    ),
    news("AAP", "australian associated press|aapnews", "AAP", "", "aap.com.au"),
    news("RNZ", "", "RNZ", "", "rnz.co.nz"),
    // Middle Europe.
    news("APA", "austria presse agentur|austria presse agentur (apa)|apa ots", "APA", "", "apa.at"),
    news(
        "Keystone-SDA",
        "keystone-sda|keystone-ats|schweizerische depeschenagentur|agence télégraphique suisse",
        "SDA|sda",
        "sda|ats",
        "keystone-sda.ch",
    ),
    news("AWP", "awp finanznachrichten", "AWP|awp", "", "awp.ch"),
    news("Belga", "agence belga|belga news agency|belga news", "BELGA|Belga", "", "belga.be|belganewsagency.eu"),
    news("ANP", "algemeen nederlands persbureau", "ANP", "", "anp.nl"),
    news("Novum", "novum nieuws", "", "novum", ""),
    // The North.
    news("TT", "tidningarnas telegrambyrå|tt nyhetsbyrån|nyhetsbyrån tt", "TT", "", "tt.se"),
    news("NTB", "norsk telegrambyrå", "NTB", "", "ntb.no"),
    news("Ritzau", "ritzau|ritzaus bureau|ritzau finans", "", "", "ritzau.dk"),
    news("STT", "suomen tietotoimisto|stt–lehtikuva|stt-lehtikuva", "STT", "", "stt.fi"),
    news("FNB", "finska notisbyrån", "", "fnb", ""),
    news("BNS", "baltic news service", "BNS", "", "bns.lt|bns.lv|bns.ee"),
    news("LETA", "", "LETA", "leta", "leta.lv"),
    news("ELTA", "", "ELTA", "elta", "elta.lt"),
    // The South.
    news("ANSA", "ansa|agenzia ansa|redazione ansa", "", "", "ansa.it"),
    news("Adnkronos", "adnkronos|adnkronos salute", "", "", "adnkronos.com"),
    news("AGI", "agenzia giornalistica italia", "", "agi", "agi.it"),
    news("Askanews", "askanews", "", "", "askanews.it"),
    news("Italpress", "italpress", "", "", "italpress.com"),
    news("LaPresse", "lapresse", "", "", "lapresse.it"),
    news("Europa Press", "europa press|europapress", "", "", "europapress.es"),
    news("Colpisa", "colpisa", "", "", ""),
    news("Servimedia", "servimedia", "", "", "servimedia.es"),
    news("ACN", "agència catalana de notícies", "", "acn", "acn.cat"),
    news("Lusa", "agência lusa|agencia lusa", "Lusa|LUSA", "", "lusa.pt"),
    news(
        "ANA-MPA",
        "ana-mpa|athens-macedonian news agency|απε-μπε|αθηναϊκό-μακεδονικό πρακτορείο ειδήσεων",
        "ΑΠΕ-ΜΠΕ",
        "",
        "amna.gr",
    ),
    news("CNA Cyprus", "cyprus news agency", "", "cna/kype", "cna.org.cy"),
    news(
        "Anadolu",
        "anadolu|anadolu agency|anadolu ajansı|anadolu agency (aa)|anadolu ajansi|وكالة الأناضول",
        "",
        "aa",
        "aa.com.tr",
    ),
    news("DHA", "demirören haber ajansı", "DHA", "", "dha.com.tr"),
    news("İHA", "i̇hlas haber ajansı", "İHA|IHA", "", "iha.com.tr"),
    news("ANKA", "anka haber ajansı", "", "anka", "ankahaber.net"),
    // The East.
    news("PAP", "polska agencja prasowa", "PAP", "", "pap.pl"),
    news("ČTK", "čtk|česká tisková kancelář", "ČTK|CTK", "", "ctk.cz|ceskenoviny.cz"),
    news("TASR", "tasr|tlačová agentúra slovenskej republiky", "", "", "tasr.sk|teraz.sk"),
    news("SITA", "slovenská tlačová agentúra", "", "sita", "sita.sk"),
    news("MTI", "magyar távirati iroda", "MTI", "", "mti.hu"),
    news("Agerpres", "agerpres", "", "", "agerpres.ro"),
    news("Mediafax", "mediafax", "", "", "mediafax.ro"),
    news("BTA", "bulgarian news agency|българска телеграфна агенция", "BTA|БТА", "", "bta.bg"),
    news("Hina", "hrvatska izvještajna novinska agencija", "HINA", "hina", "hina.hr"),
    news("Tanjug", "tanjug|танјуг", "", "", "tanjug.rs"),
    news("Beta", "novinska agencija beta", "", "beta", "beta.rs"),
    news("FoNet", "fonet", "", "", "fonet.rs"),
    news("STA", "slovenska tiskovna agencija|slovenian press agency", "STA", "", "sta.si"),
    news("MIA", "media information agency", "", "mia", "mia.mk"),
    news("FENA", "", "FENA", "fena", "fena.ba"),
    news("SRNA", "", "SRNA", "srna", "srna.rs"),
    news("Ukrinform", "ukrinform|укринформ|укрінформ", "", "", "ukrinform.net|ukrinform.ua"),
    news("Interfax-Ukraine", "interfax-ukraine|интерфакс-украина|інтерфакс-україна", "", "", "interfax.com.ua"),
    news("UNIAN", "unian|униан|уніан", "", "", "unian.net|unian.ua"),
    news("Interfax", "interfax|interfax.ru|интерфакс", "", "", "interfax.com|interfax.ru"),
    news(
        "RIA Novosti",
        "ria novosti|риа новости|риа «новости»|sputnik|россия сегодня",
        "РИА",
        "ria",
        "ria.ru|sputniknews.com",
    ),
    news("Regnum", "regnum|иа регнум|иа regnum", "", "", "regnum.ru"),
    news("BelTA", "belta|белта", "", "", "belta.by"),
    news("Kazinform", "kazinform|казинформ", "", "", "inform.kz"),
    news("Trend", "trend news agency", "", "trend", "trend.az"),
    news("Azertac", "azertac|azərtac", "", "", "azertag.az"),
    news("Armenpress", "armenpress|арменпресс", "", "", "armenpress.am"),
    // The Near East.
    news("WAM", "emirates news agency", "WAM", "", "wam.ae"),
    news("SPA", "saudi press agency", "", "spa", "spa.gov.sa"),
    news("QNA", "qatar news agency", "QNA", "", "qna.org.qa"),
    news("KUNA", "kuwait news agency", "KUNA", "", "kuna.net.kw"),
    news("ONA", "oman news agency", "", "ona", "omannews.gov.om"),
    news("BNA", "bahrain news agency", "", "bna", "bna.bh"),
    news("Petra", "jordan news agency|petra news agency", "", "petra", "petra.gov.jo"),
    news("MENA", "middle east news agency", "", "mena", "mena.org.eg"),
    news("NNA", "national news agency", "", "nna", "nna-leb.gov.lb"),
    news("SANA", "syrian arab news agency", "", "sana", "sana.sy"),
    news("WAFA", "palestine news agency", "WAFA", "wafa", "wafa.ps"),
    news("IRNA", "islamic republic news agency", "IRNA", "", "irna.ir"),
    news("ISNA", "iranian students' news agency|iranian students news agency", "ISNA", "", "isna.ir"),
    news("Mehr", "mehr news agency", "", "mna|mehr", "mehrnews.com"),
    news("Tasnim", "tasnim news agency", "", "tasnim", "tasnimnews.com"),
    news("Fars", "fars news agency", "FNA", "fars", "farsnews.ir"),
    news("JNS", "jewish news syndicate|jns.org", "JNS", "", "jns.org"),
    news("JTA", "jewish telegraphic agency", "JTA", "", "jta.org"),
    news("TPS", "tazpit press service|press service of israel|tps-il", "", "tps", "tps.co.il"),
    // Africa.
    news("APS", "algérie presse service", "", "aps", "aps.dz"),
    news("MAP", "maghreb arabe presse|agence marocaine de presse", "", "map", "mapnews.ma"),
    news("TAP", "tunis afrique presse|agence tunis afrique presse", "", "tap", "tap.info.tn"),
    news("PANA", "panapress|panafrican news agency", "", "pana", "panapress.com"),
    news("GNA", "ghana news agency", "GNA", "", "gna.org.gh"),
    news("NAN", "news agency of nigeria", "NAN", "", "nannews.ng"),
    news("ENA", "ethiopian news agency", "", "ena", "ena.et"),
    news("KNA Kenya", "kenya news agency", "", "", "kenyanews.go.ke"),
    news("SAnews", "sanews.gov.za|south african government news agency", "", "", "sanews.gov.za"),
    news("News24Wire", "news24wire", "", "", ""),
    news("APO", "apo group", "", "", "apo-opa.com"),
    // South Asia.
    news("PTI", "press trust of india|press trust of india (pti)|pti news", "PTI", "", "ptinews.com"),
    news("ANI", "asian news international|ani news", "ANI", "", "aninews.in"),
    news("IANS", "indo-asian news service|ians english", "IANS", "", "ians.in"),
    news("UNI", "united news of india", "", "uni", "uniindia.com"),
    news("APP", "associated press of pakistan", "APP", "", "app.com.pk"),
    news("PPI", "pakistan press international", "", "ppi", "ppinewsagency.com"),
    news("INP", "independent news pakistan", "", "inp", ""),
    news("BSS", "bangladesh sangbad sangstha", "BSS", "", "bssnews.net"),
    news("UNB", "united news of bangladesh", "UNB", "", "unb.com.bd"),
    news("RSS Nepal", "rastriya samachar samiti", "", "rss", ""),
    news("Pajhwok", "pajhwok|pajhwok afghan news", "", "", "pajhwok.com"),
    // East Asia and the Pacific.
    news(
        "Kyodo",
        "kyodo|kyodo news|kyodo news service|共同通信|共同通信社|共同社|共同",
        "",
        "",
        "kyodonews.net|kyodonews.jp",
    ),
    news("Jiji", "jiji press|jiji|時事通信|時事", "", "", "jiji.com"),
    news("Yonhap", "yonhap|yonhap news agency|yonhap news|연합뉴스|聯合ニュース", "", "", "yna.co.kr"),
    news("Newsis", "newsis|뉴시스", "", "", "newsis.com"),
    news("News1", "뉴스1", "", "", "news1.kr"),
    news("KCNA", "korean central news agency|조선중앙통신", "KCNA", "", "kcna.kp"),
    news(
        "China News Service",
        "china news service|中新社|中新网|中新網|中国新闻社",
        "",
        "cns",
        "chinanews.com|chinanews.com.cn",
    ),
    news("CNA Taiwan", "central news agency|focus taiwan|中央社", "", "", "cna.com.tw|focustaiwan.tw"),
    news("Antara", "antara news|antara news agency|lkbn antara", "ANTARA", "antara", "antaranews.com"),
    news("Bernama", "bernama", "", "", "bernama.com"),
    news("PNA", "philippine news agency", "", "pna", "pna.gov.ph"),
    news("TNA", "thai news agency", "", "", ""),
    news("VNA", "vietnam news agency|ttxvn", "VNA|TTXVN", "", "vnanet.vn|vietnamplus.vn"),
    news("AKP", "agence kampuchea presse", "", "akp", "akp.gov.kh"),
    news("Montsame", "montsame", "", "", "montsame.mn"),
    news("BenarNews", "benarnews", "", "", "benarnews.org"),
    // Latin America.
    news("Télam", "télam", "Telam|TELAM", "telam", "telam.com.ar"),
    news("Noticias Argentinas", "noticias argentinas|agencia noticias argentinas", "", "na", "noticiasargentinas.com"),
    news("Agência Brasil", "agência brasil|agencia brasil", "", "", ""),
    news("Estadão Conteúdo", "estadão conteúdo|estadao conteudo|agência estado", "", "", ""),
    news("Folhapress", "folhapress", "", "", ""),
    news("Prensa Latina", "prensa latina", "", "", "prensa-latina.cu|plenglish.com"),
    news("ACN Cuba", "agencia cubana de noticias", "", "", "acn.cu"),
    news("Notimex", "notimex", "", "ntx", "notimex.gob.mx"),
    news("Colprensa", "colprensa", "", "", "colprensa.com"),
    news("Andina", "agencia andina", "", "andina", "andina.pe"),
    news("Agencia UNO", "agencia uno", "", "", "agenciauno.cl"),
    news("ABI", "agencia boliviana de información", "", "abi", "abi.bo"),
    news("AVN", "agencia venezolana de noticias", "", "avn", ""),
    news("CMC", "caribbean media corporation", "CMC", "", ""),
    // What the subject of a story wrote itself.
    releases(
        "PR Newswire",
        "pr newswire|prnewswire|prnewswire.com|pr newswire association llc|prnewswire-usnewswire|prnewswire-prweb|prnewswire-hispanic pr wire|prnewswire-firstcall|cision pr newswire",
        "",
        "prnewswire.com|prnewswire.co.uk",
    ),
    releases("Business Wire", "business wire|businesswire|businesswire.com|business wire, inc", "", "businesswire.com"),
    releases(
        "GlobeNewswire",
        "globenewswire|globe newswire|globenewswire.com|globenewswire, inc|globe newswire inc",
        "",
        "globenewswire.com",
    ),
    releases("Newswire.ca", "canada newswire|cnw group|cnw telbec", "cnw", "newswire.ca"),
    releases("ACCESS Newswire", "accesswire|access newswire|accesswire.com", "", "accesswire.com|accessnewswire.com"),
    releases("Newsfile", "newsfile corp|newsfile|tmx newsfile", "", "newsfilecorp.com"),
    releases("EIN Presswire", "ein presswire|einpresswire.com|einpresswire", "", "einpresswire.com"),
    releases("PRWeb", "prweb|prweb.com", "", "prweb.com"),
    releases("Newswire.com", "newswire.com", "", "newswire.com"),
    releases("Marketwired", "marketwired|marketwire", "", ""),
    releases("news aktuell", "news aktuell|presseportal|presseportal.de", "ots", "presseportal.de"),
    releases("APA-OTS", "apa-ots|ots.at", "", "ots.at"),
    releases("EQS", "eqs-news|eqs news|eqs group|dgap", "", "eqs-news.com"),
    releases("Cision", "cision", "", "cision.com"),
    releases("ActusNews", "actusnews|actusnews wire", "", "actusnews.com"),
    releases("Media OutReach", "media outreach newswire|media outreach", "", "media-outreach.com"),
    releases("PR Times", "pr times|prtimes", "", "prtimes.jp"),
    releases("Kyodo JBN", "kyodo jbn", "", ""),
    releases("RNS (London)", "regulatory news service", "", ""),
    releases("Send2Press", "send2press newswire|send2press", "", "send2press.com"),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_agencies_share_a_name() {
        let mut seen = HashSet::new();
        for agency in TABLE {
            assert!(!agency.name.contains('/'), "{}", agency.name);
            for name in each(agency.names) {
                assert_eq!(name, name.to_lowercase(), "names are written small");
                assert!(name.len() <= LONGEST && seen.insert(name.to_owned()), "{name} stands twice");
            }
            let tags: HashSet<String> =
                each(agency.tags).chain(each(agency.marks)).map(|tag| tag.to_lowercase()).collect();
            for tag in tags.into_iter().filter(|tag| !each(agency.names).any(|name| name == tag)) {
                assert!(seen.insert(tag.clone()), "{tag} stands twice");
            }
            for domain in each(agency.domains) {
                assert_eq!(psl::domain_str(domain), Some(domain), "a registrable domain");
            }
        }
    }

    #[test]
    fn names_count_in_any_case_and_tags_in_their_own() {
        let name = |credit: &str| alone(credit).map(|agency| agency.name);
        assert_eq!(name("The Associated Press."), Some("AP"));
        assert_eq!(name("(REUTERS)"), Some("Reuters"));
        assert_eq!(name("ANI"), Some("ANI"));
        for other in ["Ani", "ani", "Petra", "AA", "The Sun", "The", "", "äöü", "Reuters reporter"] {
            assert_eq!(name(other), None, "{other}");
        }
        assert_eq!(bracketed("aa").map(|agency| agency.name), Some("Anadolu"));
        assert_eq!(at_home("apnews.com").map(|agency| agency.name), Some("AP"));
    }
}
