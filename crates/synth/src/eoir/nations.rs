use crate::chance::Rolls;

/// A nationality with the languages its people are heard in.
#[derive(Debug)]
pub(super) struct Nation {
    pub(super) code: &'static str,
    languages: &'static [(u32, &'static str)],
}

const SPANISH: &[(u32, &str)] = &[(97, "SP"), (3, "ENG")];
const ENGLISH: &[(u32, &str)] = &[(1, "ENG")];

macro_rules! nations {
    ($($share:literal $code:literal $languages:expr,)*) => {
        const NATIONS: &[(u32, Nation)] = &[$(($share, Nation { code: $code, languages: $languages }),)*];
    };
}

// The shares are round figures of our own; the extract has none for nationality.
nations! {
    165 "GT" &[(80, "SP"), (9, "MAM"), (6, "QUI"), (3, "KON"), (2, "ENG")],
    150 "HO" SPANISH,
    150 "MX" SPANISH,
    120 "ES" SPANISH,
    65 "VE" SPANISH,
    45 "CU" SPANISH,
    38 "CO" SPANISH,
    36 "NU" SPANISH,
    33 "EC" &[(90, "SP"), (10, "QUI")],
    30 "BR" &[(97, "POR"), (3, "ENG")],
    26 "HA" &[(93, "CRE"), (4, "FR"), (3, "ENG")],
    26 "CH" &[(80, "MAN"), (20, "FOO")],
    24 "IN" &[(65, "PUN"), (20, "HIN"), (15, "GUJ")],
    20 "PE" SPANISH,
    16 "DR" SPANISH,
    8 "JM" ENGLISH,
    7 "RU" &[(95, "RUS"), (5, "ENG")],
    6 "TU" &[(95, "TU"), (5, "ENG")],
    5 "NP" &[(1, "NEP")],
    5 "RP" &[(50, "TAG"), (50, "ENG")],
    4 "NI" ENGLISH,
    4 "BG" &[(1, "BEN")],
    4 "PK" &[(1, "UR")],
    4 "SG" &[(60, "WLF"), (40, "FR")],
    3 "CM" &[(50, "FR"), (50, "ENG")],
    3 "VM" &[(1, "VIE")],
    2 "AL" &[(1, "ALB")],
    2 "ET" &[(1, "AMH")],
    2 "UR" &[(1, "RUS")],
    2 "KS" &[(1, "KOR")],
    1 "GH" ENGLISH,
    1 "EG" &[(1, "AR")],
}

/// A nationality and a language, each as often as here set.
pub(super) fn some_nation(rolls: &mut Rolls) -> (&'static str, &'static str) {
    let total: u32 = NATIONS.iter().map(|(share, _)| share).sum();
    let mut left = rolls.between(0, total as i32 - 1) as u32;
    let found = NATIONS.iter().find(|(share, _)| {
        let here = left < *share;
        left = left.saturating_sub(*share);
        here
    });
    let nation = found.map_or(&NATIONS[0].1, |(_, nation)| nation);
    (nation.code, rolls.weighted(nation.languages))
}
