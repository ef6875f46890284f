//! Other scripts and languages.

use super::{check, told};

#[test]
fn d44_d46_scripts_without_spaces_and_without_letters_of_ours() {
    let text = "中央气象台今晨发布橙色预警，今年第三号台风预计于今晚在沿海登陆。多地学校停课，轮渡和部分列车停运，渔船回港避风。气象专家提醒居民储备饮用水，不要靠近海边。";
    let near = "中央气象台今晨发布橙色预警，今年第三号台风预计于今晚在沿海登陆。多地学校停课，轮渡和部分列车停运，渔船已回港避风。气象专家提醒居民储备饮用水，不要靠近海边。记者报道。";
    check("AA", &[told("ap", 0, "台风逼近 多地停课停运", text), told("bbc", 1, "台风来了", near)]);
    check(
        "AB",
        &[
            told("ap", 0, "اجتماع المجلس البلدي مساء اليوم", ""),
            told("bbc", 1, "افتتاح مكتبة جديدة في المدينة القديمة", ""),
        ],
    );
    check("AB", &[told("ap", 0, "台风逼近", ""), told("bbc", 1, "新图书馆开放", "")]);
}

#[test]
fn d44_thai_and_japanese() {
    let thai = "ตลาดน้ำเก่าแก่ริมคลองกลับมาเปิดให้ประชาชนเข้าชมอีกครั้งเมื่อวันเสาร์ที่ผ่านมา หลังจากปิดปรับปรุงนานถึงสามปี ชาวบ้านช่วยกันซ่อมแซมเรือนไม้และทางเดินริมน้ำ";
    let japanese = "三年にわたる改修工事を終えた港町の市場が、土曜日の朝に再び開いた。木造の屋根は地元の大工が張り替え、魚を並べる石の台は昔のまま残された。";
    for (text, more, title) in
        [(thai, " โดยใช้ช่างในท้องถิ่นทั้งหมด", "ตลาดน้ำเก่า"), (japanese, "町は店を募っている。", "港町の市場")]
    {
        check("AA", &[told("ap", 0, title, text), told("bbc", 1, "News", &format!("{text}{more}"))]);
    }
    check("AB", &[told("ap", 0, "ตลาดน้ำ", thai), told("bbc", 1, "市場", japanese)]);
    let quake = |place: &str| {
        format!(
            "月曜日、{place}で震度を観測する地震がありました。この地震による津波の心配はありません。気象庁は今後の地震に注意するよう呼びかけています。"
        )
    };
    check("AB", &[told("ap", 0, "地震", &quake("静岡")), told("ap", 9, "地震", &quake("熊本"))]);
    let storm = |numbers: [&str; 3]| {
        format!(
            "中央气象台今晨发布橙色预警，今年第{}号台风预计于今晚在沿海登陆。铁路部门停运列车{}余趟，当地政府已转移居民{}余人，并开放临时避难场所。",
            numbers[0], numbers[1], numbers[2]
        )
    };
    check(
        "AB",
        &[
            told("ap", 0, "台风", &storm(["三", "二百", "一万二千"])),
            told("ap", 9, "台风", &storm(["七", "六十", "九千"])),
        ],
    );
    check(
        "AA",
        &[
            told("ap", 0, "台风", &storm(["三", "二百", "一万二千"])),
            told("bbc", 9, "台风", &storm(["三", "二百", "12000"])),
        ],
    );
}

#[test]
fn d45_one_text_in_many_spellings() {
    let pairs = [
        (
            "افتتحت البلدية مكتبة جديدة في الحي القديم بعد ترميم استمر ثلاث سنوات في بيت تاريخي",
            "افتتحـــت البلدية مكتبة جديدة في الحي القديم بعد ترميم استمر ثلاث سنوات في بيت تاريخي",
        ),
        (
            "पुराने पुल की मरम्मत पूरी हो गई और 30 दिन बाद यातायात फिर से शुरू",
            "पुराने पुल की मरम्मत पूरी हो गई और ३० दिन बाद यातायात फिर से शुरू",
        ),
        (
            "В городе открыли мост через старое русло реки, строительство шло четыре года",
            "В городе от\u{AD}крыли мост через старое русло реки, строительство шло четыре года",
        ),
        (
            "העירייה פתחה ספרייה חדשה ברובע העתיק אחרי שלוש שנים של שיפוץ",
            "העירייה פתחה\u{200F} ספרייה חדשה ברובע העתיק אחרי שלוש שנים של שיפוץ",
        ),
        (
            "L'état a ouvert le marché couvert du vieux port après deux ans",
            "L’e\u{301}tat a ouvert le marche\u{301} couvert du vieux port après deux ans",
        ),
        (
            "Ｔｈｅ ｏｌｄ mill by the river has been sold to a family",
            "The old mill by the “river” has been\u{200B} sold to a family",
        ),
    ];
    for (a, b) in pairs {
        check("AA", &[told("ap", 0, "One", a), told("bbc", 1, "One", b)]);
    }
    check("AB", &[told("ap", 0, "One", pairs[0].0), told("bbc", 1, "One", pairs[2].0)]);
}

#[test]
fn d47_d48_a_translation_is_another_story() {
    let english =
        "The old mill by the river has been sold to a family from the coast, who will bake bread there from spring.";
    let german = "Die alte Mühle am Fluss ist an eine Familie von der Küste verkauft worden, die dort ab Frühjahr Brot backen will.";
    check("AB", &[told("ap", 0, "Mill sold", english), told("bbc", 1, "Mühle verkauft", german)]);
    let simplified = "经过三年修缮，老城区图书馆上周六重新向公众开放，馆长说读者可以免费办理借书证。";
    let traditional = "經過三年修繕，老城區圖書館上週六重新向公眾開放，館長說讀者可以免費辦理借書證。";
    check("AB", &[told("ap", 0, "图书馆", simplified), told("bbc", 1, "圖書館", traditional)]);
}

/// Forms in scripts that show no names by capitals, and in a language that shows all nouns by them.
#[test]
fn forms_of_many_languages() {
    let forms: &[(&str, [&str; 2])] = &[
        (
            "زار وزير الخارجية يوم الخميس {} وبحث مع نظيره سبل التعاون في مجال الطاقة والتعليم وأكد الجانبان أهمية مواصلة التشاور",
            ["القاهرة", "الدوحة"],
        ),
        (
            "जिले में शुक्रवार को एक {} और बस की टक्कर में कई लोग घायल हो गए और उन्हें पास के अस्पताल में भर्ती कराया गया है",
            ["ट्रक", "कार"],
        ),
        (
            "外交部长在{}会见来访的客人，双方就两国关系和共同关心的问题交换了意见，同意继续加强在各个领域的合作。",
            ["长沙", "昆明"],
        ),
        (
            "Spaziergänger haben am Montag im Wald eine alte {} gefunden. Die Polizei sperrte das Gebiet ab und rief Fachleute herbei.",
            ["Granate", "Glocke"],
        ),
        (
            "Водитель {} не справился с управлением и выехал на встречную полосу, пострадавшие доставлены в городскую больницу",
            ["автобуса", "грузовика"],
        ),
    ];
    for (form, fillings) in forms {
        let [a, b] = fillings.map(|filling| form.replace("{}", filling));
        check("AB", &[told("ap", 0, "News of today", &a), told("ap", 9, "News of today", &b)]);
        check("AA", &[told("ap", 0, "News of today", &a), told("bbc", 1, "News of today, again", &a)]);
    }
}
