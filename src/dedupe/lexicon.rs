//! Words with a part to play: spelled numbers, units, the calendar, negations, and words that tell nothing.
//!
//! All in normalised spelling (see `normal`). Small on purpose: what is missing makes a comparison a
//! little weaker, never wrong.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::normal::word_hash;

/// What a word is for a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A spelled number: its digits, so that "three" and "3" are one word.
    Number(&'static str),
    /// One of several ways to write a unit: the one that stands for all.
    Unit(&'static str),
    /// A month or weekday: they differ between two notices made from one template.
    Calendar,
    /// It tells nothing about what a text is about, or editors exchange it freely ("said", "told
    /// reporters"). Negations are not among them.
    Stop,
}

/// The part that a word has to play; `None` for nearly all.
pub(super) fn role(word: &str) -> Option<Role> {
    static ROLES: LazyLock<HashMap<&str, Role>> = LazyLock::new(roles);
    if word.len() > LONGEST { None } else { ROLES.get(word).copied() }
}

/// Months and weekdays.
pub(super) fn is_calendar(word: &str) -> bool {
    role(word) == Some(Role::Calendar)
}

/// Whether a text has a word that turns what is said into its opposite, given its words' hashes.
pub(super) fn has_negation(tokens: &[u32]) -> bool {
    static HASHES: LazyLock<Vec<u32>> = LazyLock::new(|| NEGATIONS.split_whitespace().map(word_hash).collect());
    HASHES.iter().any(|hash| tokens.binary_search(hash).is_ok())
}

/// Bytes of the longest word in the tables.
const LONGEST: usize = 32;

fn roles() -> HashMap<&'static str, Role> {
    let mut roles = HashMap::new();
    roles.extend(STOP.split_whitespace().map(|word| (word, Role::Stop)));
    roles.extend(CALENDAR.split_whitespace().map(|word| (word, Role::Calendar)));
    for (unit, words) in UNITS {
        roles.extend(words.split_whitespace().map(|word| (word, Role::Unit(unit))));
    }
    for (digits, words) in NUMBERS {
        roles.extend(words.split_whitespace().map(|word| (word, Role::Number(digits))));
    }
    roles
}

/// Digits, and how they are spelled. Words that mean something else in another of the languages are
/// missing ("once" is 11 in Spanish, "neuf" is also new).
const NUMBERS: &[(&str, &str)] = &[
    ("2", "two dos deux zwei dois duas два две двух twee två दो اثنان"),
    ("3", "three tres trois drei tre três три трех drie तीन ثلاثة ثلاث"),
    ("4", "four cuatro quatre vier quattro quatro четыре четырех fyra चार أربعة أربع"),
    ("5", "five cinco cinq fünf cinque пять пяти vijf fem पांच خمسة خمس"),
    ("6", "six seis sechs шесть шести zes छह ستة ست"),
    ("7", "seven siete sieben sette sete семь семи zeven सात سبعة سبع"),
    ("8", "eight ocho huit acht oito восемь восьми åtta आठ ثمانية"),
    ("9", "nine nueve neun девять девяти negen नौ تسعة تسع"),
    ("10", "ten diez dix zehn dieci dez десять десяти tien दस عشرة"),
    ("11", "eleven onze elf undici одиннадцать"),
    ("12", "twelve doce douze zwölf dodici doze двенадцать"),
    ("13", "thirteen trece treize dreizehn"),
    ("14", "fourteen catorce quatorze vierzehn"),
    ("15", "fifteen quinze fünfzehn пятнадцать"),
    ("16", "sixteen sechzehn"),
    ("17", "seventeen siebzehn"),
    ("18", "eighteen achtzehn"),
    ("19", "nineteen neunzehn"),
    ("20", "twenty veinte vingt zwanzig venti vinte двадцать"),
    ("30", "thirty treinta trente dreißig dreissig trinta тридцать"),
    ("40", "forty cuarenta quarante vierzig сорок"),
    ("50", "fifty cincuenta cinquante fünfzig пятьдесят"),
    ("60", "sixty sesenta soixante sechzig"),
    ("70", "seventy siebzig"),
    ("80", "eighty ochenta achtzig"),
    ("90", "ninety noventa neunzig"),
];

/// Units, and what else they are called: wires abbreviate them, papers do not; and "not", which speakers
/// abbreviate.
const UNITS: &[(&str, &str)] = &[
    ("not", "cant cannot dont doesnt didnt isnt arent wasnt werent wont wouldnt couldnt shouldnt hasnt havent hadnt"),
    ("million", "mln millions mio"),
    ("billion", "bln bn billions mrd"),
    ("dollars", "dlr dlrs dollar"),
    ("percent", "pct pc"),
    ("km", "kms kilometre kilometres kilometer kilometers"),
    ("kg", "kilogram kilograms kilogramme kilogrammes kilo kilos"),
    ("cents", "cts"),
    ("shares", "shrs"),
];

/// Months and weekdays, in the cases that dates are written in.
const CALENDAR: &str = "monday tuesday wednesday thursday friday saturday sunday january february march april june july august \
    september october november december jan feb apr jun jul aug sept sep oct nov dec montag dienstag \
    mittwoch donnerstag freitag samstag sonnabend sonntag januar februar märz mai juni juli oktober dezember \
    lundi mardi mercredi jeudi vendredi samedi dimanche janvier février avril juin juillet août septembre \
    octobre novembre décembre lunes martes miércoles jueves viernes sábado domingo enero febrero abril mayo \
    junio julio agosto septiembre octubre noviembre diciembre janeiro fevereiro maio junho julho setembro \
    outubro dezembro lunedì martedì mercoledì giovedì venerdì sabato domenica gennaio febbraio aprile maggio \
    giugno luglio settembre ottobre dicembre maandag dinsdag woensdag donderdag vrijdag zaterdag zondag \
    måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag понедельник вторник среду \
    четверг пятницу субботу воскресенье января февраля марта апреля мая июня июля августа сентября октября \
    ноября декабря الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت يناير فبراير مارس أبريل مايو \
    يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार जनवरी \
    फरवरी मार्च अप्रैल जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर понедельника вторника среда среды \
    четверга пятница пятницы суббота субботы воскресенья январь февраль апрель май июнь июль август сентябрь \
    октябрь ноябрь декабрь poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę \
    stycznia lutego kwietnia czerwca lipca sierpnia września października listopada grudnia \
    pazartesi salı çarşamba perşembe cumartesi ocak şubat nisan mayıs haziran temmuz ağustos eylül ekim \
    kasım aralık 월요일 화요일 수요일 목요일 금요일 토요일 일요일 март";

/// Words that deny.
const NEGATIONS: &str = "not no never none nobody nothing without denies denied deny kein keine keinen keiner nicht nie niemand \
    ohne pas jamais aucun aucune ne non nunca jamás ningún ninguna sin não nenhum nenhuma mai nessun nessuna \
    не нет никогда ни без ليس ليست لم لن لا غير नहीं ना न niet geen inte ikke nigdy değil yok 不 没 無 ない ไม่";

/// Articles, prepositions, pronouns, and what editors put for one another.
const STOP: &str = "a about according after all already also although amid an and announced any are around as at be because \
    been being both but by can das de den der des did die do does du each el en et for from had has have he \
    her him his how however i if il im in into is it its just la las le les los many me meanwhile mit more \
    my new of on only or other others our out over reporters said says several she since some stated still \
    such than that the their them then there these they this those though to told un und une up von was we \
    were what when which while who will with would yet you your zu в и на о по с что";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_found_and_negations_are_not_among_them() {
        for word in ["a", "the", "said", "und", "что", "with"] {
            assert_eq!(role(word), Some(Role::Stop), "{word}");
        }
        for word in NEGATIONS.split_whitespace().chain(["may", "talks"]) {
            assert_ne!(role(word), Some(Role::Stop), "{word}");
        }
    }

    #[test]
    fn knows_the_calendar_spelled_numbers_and_units() {
        for word in ["tuesday", "märz", "мая", "الخميس"] {
            assert_eq!(role(word), Some(Role::Calendar), "{word}");
        }
        assert_eq!([role("may"), role("talks"), role("one"), role("once")], [None; 4]);
        assert_eq!([role("seven"), role("sieben")], [Some(Role::Number("7")); 2]);
        assert_eq!([role("mln"), role("pct")], [Some(Role::Unit("million")), Some(Role::Unit("percent"))]);
    }

    #[test]
    fn finds_negations() {
        let tokens = |words: &[&str]| {
            let mut tokens: Vec<u32> = words.iter().map(|word| word_hash(word)).collect();
            tokens.sort_unstable();
            tokens
        };
        assert!(has_negation(&tokens(&["plant", "will", "not", "close"])));
        assert!(!has_negation(&tokens(&["plant", "will", "close"])));
    }
}
