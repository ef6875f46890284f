//! Languages as feeds name them: BCP 47 tags whose language is one of ISO 639.
//!
//! Feeds say much in the place of a language, and readers choose fonts, hyphenation and voices by it. What
//! ISO 639-3 has besides is left out, as validators and readers know no more than ISO 639-2.

use super::clean;

/// ISO 639-1.
const TWO_LETTERS: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en \
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja \
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Codes of three letters, each with the one of two letters that has to be used in its place (RFC 5646
/// §2.2.1), and codes that were withdrawn.
const SHORTER: &str = "\
    aar>aa abk>ab afr>af aka>ak alb>sq amh>am ara>ar arg>an arm>hy asm>as ava>av ave>ae aym>ay aze>az bak>ba bam>bm \
    baq>eu bel>be ben>bn bis>bi bod>bo bos>bs bre>br bul>bg bur>my cat>ca ces>cs cha>ch che>ce chi>zh chu>cu chv>cv \
    cor>kw cos>co cre>cr cym>cy cze>cs dan>da deu>de div>dv dut>nl dzo>dz ell>el eng>en epo>eo est>et eus>eu ewe>ee \
    fao>fo fas>fa fij>fj fin>fi fra>fr fre>fr fry>fy ful>ff geo>ka ger>de gla>gd gle>ga glg>gl glv>gv gre>el grn>gn \
    guj>gu hat>ht hau>ha hbs>sh heb>he her>hz hin>hi hmo>ho hrv>hr hun>hu hye>hy ibo>ig ice>is ido>io iii>ii iku>iu \
    ile>ie in>id ina>ia ind>id ipk>ik isl>is ita>it iw>he jav>jv ji>yi jpn>ja jw>jv kal>kl kan>kn kas>ks kat>ka \
    kau>kr kaz>kk khm>km kik>ki kin>rw kir>ky kom>kv kon>kg kor>ko kua>kj kur>ku lao>lo lat>la lav>lv lim>li lin>ln \
    lit>lt ltz>lb lub>lu lug>lg mac>mk mah>mh mal>ml mao>mi mar>mr may>ms mkd>mk mlg>mg mlt>mt mo>ro mon>mn mri>mi \
    msa>ms mya>my nau>na nav>nv nbl>nr nde>nd ndo>ng nep>ne nld>nl nno>nn nob>nb nor>no nya>ny oci>oc oji>oj ori>or \
    orm>om oss>os pan>pa per>fa pli>pi pol>pl por>pt pus>ps que>qu roh>rm ron>ro rum>ro run>rn rus>ru sag>sg san>sa \
    sin>si slk>sk slo>sk slv>sl sme>se smo>sm sna>sn snd>sd som>so sot>st spa>es sqi>sq srd>sc srp>sr ssw>ss sun>su \
    swa>sw swe>sv tah>ty tam>ta tat>tt tel>te tgk>tg tgl>tl tha>th tib>bo tir>ti ton>to tsn>tn tso>ts tuk>tk tur>tr \
    twi>tw uig>ug ukr>uk urd>ur uzb>uz ven>ve vie>vi vol>vo wel>cy wln>wa wol>wo xho>xh yid>yi yor>yo zha>za zho>zh \
    zul>zu";

/// Languages of ISO 639-2 that have only a code of three letters, and `mul` for several.
const THREE_LETTERS: &str = "\
    ace ach ada ady afh ain akk ale alt ang anp arc arn arp arw ast awa bal ban bas bej bem bho bik bin bla bra bua \
    bug byn cad car ceb chb chg chk chm chn cho chp chr chy cop crh csb dak dar del den dgr din doi dsb dua dum dyu \
    efi egy eka elx enm ewo fan fat fil fon frm fro frr frs fur gaa gay gba gez gil gmh goh gon gor got grb grc gsw \
    gwi hai haw hil hit hmn hsb hup iba ilo inh jbo jpr jrb kaa kab kac kam kaw kbd kha kho kmb kok kos kpe krc krl \
    kru kum kut lad lah lam lez lol loz lua lui lun luo lus mad mag mai mak man mas mdf mdr men mga mic min mnc mni \
    moh mos mul mus mwl mwr myv nap nds new nia niu nog non nso nwc nym nyn nyo nzi osa ota pag pal pam pap pau peo \
    phn pon pro raj rap rar rom rup sad sah sam sas sat scn sco sel sga shn sid sma smj smn sms snk sog srn srr suk \
    sus sux syr tem ter tet tig tiv tkl tlh tli tmh tog tpi tsi tum tvl tyv udm uga umb vai vot wal war was xal yao \
    yap zap zen zun";

/// A language tag in the form of BCP 47 (`en_US` becomes `en-US`); `None` when it is not one, or names a
/// language that ISO 639-2 does not know.
pub fn language(raw: &str) -> Option<String> {
    // POSIX locales (`de_DE.UTF-8`, `sr_RS@latin`) are common in feeds.
    let tag = raw.trim().split(['.', '@']).next()?.replace('_', "-");
    let mut parts = tag.split('-');
    let primary = parts.next().filter(|p| (2..=3).contains(&p.len()) && clean::is_all(p, u8::is_ascii_alphabetic))?;
    let mut language = registered(&primary.to_ascii_lowercase())?.to_owned();
    let mut last = language.len();
    for part in parts {
        if !(1..=8).contains(&part.len()) || !clean::is_all(part, u8::is_ascii_alphanumeric) {
            return None;
        }
        language.push('-');
        match part.len() {
            // A region, not the value of an extension (RFC 5646 §2.1.1).
            2 if last != 1 => language.push_str(&part.to_ascii_uppercase()),
            4 if last != 1 && clean::is_all(part, u8::is_ascii_alphabetic) => {
                language.push_str(&part[..1].to_ascii_uppercase());
                language.push_str(&part[1..].to_ascii_lowercase());
            }
            _ => language.push_str(&part.to_ascii_lowercase()),
        }
        last = part.len();
    }
    (last > 1).then_some(language)
}

/// The code to be used for a language: that of ISO 639-1 where there is one.
fn registered(code: &str) -> Option<&'static str> {
    let has = |codes: &'static str| codes.split_ascii_whitespace().find(|known| *known == code);
    let shorter =
        || SHORTER.split_ascii_whitespace().filter_map(|pair| pair.split_once('>')).find(|(long, _)| *long == code);
    has(TWO_LETTERS).or_else(|| shorter().map(|(_, short)| short)).or_else(|| has(THREE_LETTERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_language(raw: &str, expected: Option<&str>) {
        assert_eq!(language(raw).as_deref(), expected);
    }

    #[test]
    fn language_tags_are_normalised_or_dropped() {
        check_language("en_US", Some("en-US"));
        check_language(" DE ", Some("de"));
        check_language("zh-hant-tw", Some("zh-Hant-TW"));
        check_language("de_DE.UTF-8", Some("de-DE"));
        check_language("en-x-us", Some("en-x-us"));
        check_language("ger-at", Some("de-AT"));
        check_language("iw", Some("he"));
        check_language("ast", Some("ast"));
        for raw in ["", "english", "e", "en-", "en--US", "en-a", "en US", "日本", "en-\u{0}", "xx", "zzz", "und"] {
            check_language(raw, None);
        }
    }

    #[test]
    fn every_code_leads_to_one_that_is_final() {
        for code in TWO_LETTERS.split(' ').chain(THREE_LETTERS.split(' ')) {
            assert_eq!(registered(code), Some(code));
        }
        for (long, short) in SHORTER.split(' ').map(|pair| pair.split_once('>').unwrap()) {
            assert_eq!(registered(long), registered(short), "{long}");
            assert!(TWO_LETTERS.split(' ').any(|known| known == short), "{short}");
        }
    }
}
