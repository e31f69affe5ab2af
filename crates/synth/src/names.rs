//! Invented names in seven naming customs, and the spellings that offices make of them.
//!
//! Surnames are put together from syllables and mean nobody. Given names are common ones, or invented.

use crate::chance::Chance;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A naming custom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Culture {
    Spanish,
    Haitian,
    Arabic,
    Chinese,
    Mayan,
    Portuguese,
    Ukrainian,
}

/// Recorded sex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sex {
    Female,
    Male,
}

/// A country, under the names by which the agencies know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Country {
    /// English short name.
    pub(crate) name: &'static str,
    /// The court's nationality code.
    pub(crate) eoir: &'static str,
}

/// A language, under its English name and the court's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Language {
    pub(crate) name: &'static str,
    pub(crate) eoir: &'static str,
}

const fn country(name: &'static str, eoir: &'static str) -> Country {
    Country { name, eoir }
}

const fn language(name: &'static str, eoir: &'static str) -> Language {
    Language { name, eoir }
}

/// Every country that occurs, for the lookup table.
pub(crate) const COUNTRIES: &[Country] = &[
    country("Angola", "AO"),
    country("Brazil", "BR"),
    country("Cape Verde", "CV"),
    country("China", "CH"),
    country("Colombia", "CO"),
    country("Egypt", "EG"),
    country("El Salvador", "ES"),
    country("Guatemala", "GT"),
    country("Haiti", "HA"),
    country("Honduras", "HO"),
    country("Mexico", "MX"),
    country("Nicaragua", "NU"),
    country("Sudan", "SU"),
    country("Syria", "SY"),
    country("Ukraine", "UE"),
    country("Venezuela", "VE"),
    country("Yemen", "YE"),
];

/// Every language that occurs, for the lookup table.
pub(crate) const LANGUAGES: &[Language] = &[
    language("Spanish", "SP"),
    language("Haitian Creole", "CRE"),
    language("Arabic", "AR"),
    language("Mandarin", "MAN"),
    language("Fuzhou", "FOO"),
    language("Mam", "MAM"),
    language("K'iche'", "QUI"),
    language("Chuj", "CHU"),
    language("Portuguese", "POR"),
    language("Ukrainian", "UK"),
    language("English", "ENG"),
];

impl Culture {
    pub(crate) const SHARES: &[(u32, Culture)] = &[
        (42, Culture::Spanish),
        (12, Culture::Haitian),
        (11, Culture::Arabic),
        (8, Culture::Chinese),
        (12, Culture::Mayan),
        (8, Culture::Portuguese),
        (7, Culture::Ukrainian),
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Culture::Spanish => "spanish",
            Culture::Haitian => "haitian",
            Culture::Arabic => "arabic",
            Culture::Chinese => "chinese",
            Culture::Mayan => "mayan",
            Culture::Portuguese => "portuguese",
            Culture::Ukrainian => "ukrainian",
        }
    }

    pub(crate) fn country(self, chance: &mut Chance) -> Country {
        let names: &[&str] = match self {
            Culture::Spanish => {
                &["Honduras", "El Salvador", "Venezuela", "Mexico", "Colombia", "Nicaragua", "Guatemala"]
            }
            Culture::Haitian => &["Haiti"],
            Culture::Arabic => &["Egypt", "Syria", "Yemen", "Sudan"],
            Culture::Chinese => &["China"],
            Culture::Mayan => &["Guatemala", "Guatemala", "Mexico"],
            Culture::Portuguese => &["Brazil", "Angola", "Cape Verde"],
            Culture::Ukrainian => &["Ukraine"],
        };
        let name = chance.pick(names);
        COUNTRIES.iter().copied().find(|c| c.name == name).unwrap_or(COUNTRIES[0])
    }

    pub(crate) fn language(self, chance: &mut Chance) -> Language {
        let names: &[&str] = match self {
            Culture::Spanish => &["Spanish"],
            Culture::Haitian => &["Haitian Creole"],
            Culture::Arabic => &["Arabic"],
            Culture::Chinese => &["Mandarin", "Mandarin", "Fuzhou"],
            Culture::Mayan => &["Mam", "K'iche'", "Chuj"],
            Culture::Portuguese => &["Portuguese"],
            Culture::Ukrainian => &["Ukrainian"],
        };
        let name = chance.pick(names);
        LANGUAGES.iter().copied().find(|l| l.name == name).unwrap_or(LANGUAGES[0])
    }

    /// Given names, one or two, as the person writes them.
    pub(crate) fn given(self, sex: Sex, chance: &mut Chance) -> Vec<String> {
        if self == Culture::Chinese {
            let first = chance.pick(CHINESE_GIVEN);
            let second = chance.pick(CHINESE_GIVEN).to_lowercase();
            return vec![format!("{first}{second}")];
        }
        let list = self.given_list(sex);
        let first = chance.pick(list);
        let two_share = match self {
            Culture::Spanish | Culture::Mayan | Culture::Portuguese => 0.5,
            Culture::Haitian | Culture::Arabic => 0.25,
            Culture::Chinese | Culture::Ukrainian => 0.0,
        };
        let mut names = vec![first.to_owned()];
        if chance.yes(two_share) {
            let second = chance.pick(list);
            if second != first {
                names.push(second.to_owned());
            }
        }
        names
    }

    fn given_list(self, sex: Sex) -> &'static [&'static str] {
        match (self, sex) {
            (Culture::Spanish, Sex::Female) => &[
                "María", "Lucía", "Yesenia", "Marisol", "Belén", "Noemí", "Xiomara", "Idalia", "Rocío", "Elena",
                "Cándida", "Inés", "Nayeli", "Ángela", "Dulce", "Milagros",
            ],
            (Culture::Spanish, Sex::Male) => &[
                "José", "Ángel", "Wilmer", "Óscar", "Miguel", "Rubén", "Elmer", "Darwin", "Joel", "Adán", "Héctor",
                "Yeison", "Juan", "Pedro", "Germán", "Eliseo",
            ],
            (Culture::Haitian, Sex::Female) => &[
                "Guerlande",
                "Rose-Nadine",
                "Marie-Flore",
                "Islande",
                "Wideline",
                "Fabienne",
                "Mirlande",
                "Célianne",
                "Judeline",
                "Yolette",
            ],
            (Culture::Haitian, Sex::Male) => &[
                "Jean-Robenson",
                "Wisly",
                "Evens",
                "Dieulin",
                "Frantz",
                "Jean-Évenel",
                "Ricardo",
                "Odilon",
                "Pierre",
                "Jameson",
            ],
            (Culture::Arabic, Sex::Female) => {
                &["Layla", "Rasha", "Zaynab", "Maryam", "Hanan", "Noura", "Samira", "Khadija", "Amina", "Salma"]
            }
            (Culture::Arabic, Sex::Male) => {
                &["Yousef", "Khaled", "Omar", "Mahmoud", "Tariq", "Hassan", "Ibrahim", "Walid", "Mustafa", "Karim"]
            }
            (Culture::Mayan, Sex::Female) => {
                &["Catarina", "Eulalia", "María", "Micaela", "Petrona", "Candelaria", "Juana", "Ana", "Isabela"]
            }
            (Culture::Mayan, Sex::Male) => {
                &["Juan", "Miguel", "Pascual", "Francisco", "Diego", "Gaspar", "Andrés", "Mateo", "Domingo"]
            }
            (Culture::Portuguese, Sex::Female) => {
                &["Conceição", "Luísa", "Joana", "Thaís", "Vitória", "Benedita", "Graça", "Rosângela", "Inácia"]
            }
            (Culture::Portuguese, Sex::Male) => {
                &["João", "Vítor", "Antônio", "Caíque", "Edmilson", "Valdir", "Estêvão", "Zeferino", "Luís"]
            }
            (Culture::Ukrainian, Sex::Female) => {
                &["Iryna", "Olha", "Nadiia", "Halyna", "Svitlana", "Yuliia", "Oksana", "Mariia"]
            }
            (Culture::Ukrainian, Sex::Male) => {
                &["Oleksandr", "Mykola", "Yevhen", "Serhii", "Andrii", "Volodymyr", "Dmytro", "Hryhorii"]
            }
            (Culture::Chinese, _) => CHINESE_GIVEN,
        }
    }

    /// Surnames, one or two by custom, as the person writes them.
    pub(crate) fn surnames(self, sex: Sex, chance: &mut Chance) -> Vec<String> {
        let count = match self {
            Culture::Spanish => 2 - usize::from(chance.yes(0.1)),
            Culture::Mayan => 2 - usize::from(chance.yes(0.15)),
            Culture::Portuguese => 2 - usize::from(chance.yes(0.25)),
            _ => 1,
        };
        (0..count).map(|_| self.surname(sex, chance)).collect()
    }

    fn surname(self, sex: Sex, chance: &mut Chance) -> String {
        let mut join = |parts: &[&[&str]]| parts.iter().map(|part| chance.pick(part)).collect::<String>();
        match self {
            Culture::Spanish => join(&[
                &["Bel", "Cor", "Dal", "Gal", "Iñ", "Lam", "Nor", "Ol", "Pal", "Quin", "Sal", "Tal", "Urb", "Zar"],
                &["a", "e", "i", "o", "ane", "ero", "ila", "una", "ome"],
                &["ñeda", "rriz", "mora", "rondo", "tilla", "bano", "guizo", "landa", "zola", "món", "mírez", "quín"],
            ]),
            Culture::Haitian => join(&[
                &["Dor", "Mer", "Cler", "Des", "Fré", "Lor", "Val", "Bazi", "Phil", "Théo"],
                &["vil", "mond", "zil", "nor", "cél", "rel", "lus"],
                &["ien", "art", "eau", "ius", "ard", "ine"],
            ]),
            Culture::Arabic => {
                let name = join(&[
                    &["Bar", "Dah", "Fak", "Ghad", "Haz", "Jum", "Kar", "Mas", "Naq", "Qas", "Rah", "Sab", "Tam"],
                    &["ou", "a", "ee", "i"],
                    &["di", "ri", "bani", "mani", "lawi", "hani", "rashi", "qi"],
                ]);
                if chance.yes(0.4) { format!("al-{name}") } else { name }
            }
            Culture::Chinese => join(&[
                &["Zh", "Q", "X", "Sh", "Ch", "J", "T", "L", "F", "H"],
                &["uan", "iang", "en", "ong", "ei", "uo"],
            ]),
            Culture::Mayan => join(&[
                &["Ix", "Tz'", "K'an", "Pok", "Baj", "Xol", "Kuk", "Mak", "Chak"],
                &["mat", "chel", "b'al", "koj", "tun", "xim", "lek"],
                &["", "ul", "in", "ok"],
            ]),
            Culture::Portuguese => {
                let name = join(&[
                    &["Ferv", "Mald", "Sobr", "Tav", "Quint", "Vasc", "Orn", "Bragu"],
                    &["eir", "anç", "al", "et", "on"],
                    &["inha", "edo", "ares", "osa", "eiro"],
                ]);
                if chance.yes(0.35) { format!("{} {name}", chance.pick(&["da", "de", "dos"])) } else { name }
            }
            Culture::Ukrainian => {
                let stem = join(&[
                    &["Bor", "Hrom", "Kov", "Luk", "Myr", "Ostr", "Pryl", "Shev", "Tym", "Vor", "Zab", "Khar"],
                    &["yn", "ov", "al", "ych", "ets"],
                ]);
                let end = chance.pick(&["enko", "iuk", "chuk", "skyi", "ak"]);
                let end = if end == "skyi" && sex == Sex::Female { "ska" } else { end };
                format!("{stem}{end}")
            }
        }
    }

    /// How other hands spell the sounds: pairs of letters, tried in turn.
    fn spellings(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Culture::Spanish => &[("z", "s"), ("v", "b"), ("ll", "y"), ("y", "i"), ("ie", "e"), ("qu", "k")],
            Culture::Haitian => &[("ien", "yen"), ("eau", "o"), ("ph", "f"), ("th", "t"), ("c", "k"), ("ine", "in")],
            Culture::Arabic => &[
                ("al-", "el-"),
                ("ou", "u"),
                ("ee", "i"),
                ("q", "k"),
                ("kh", "h"),
                ("gh", "g"),
                ("ay", "ai"),
                ("j", "g"),
                ("ss", "s"),
                ("mm", "m"),
            ],
            Culture::Chinese => &[("zh", "ch"), ("x", "hs"), ("q", "ch"), ("j", "ch"), ("ong", "ung"), ("uo", "o")],
            Culture::Mayan => &[("k'", "c"), ("tz'", "tz"), ("b'", "b"), ("x", "sh"), ("k", "c"), ("j", "h")],
            Culture::Portuguese => &[("nh", "n"), ("ç", "s"), ("ão", "ao"), ("ei", "e"), ("qu", "k")],
            Culture::Ukrainian => {
                &[("yi", "iy"), ("iu", "yu"), ("ii", "iy"), ("h", "g"), ("y", "i"), ("kh", "h"), ("ks", "x")]
            }
        }
    }

    /// The name as a clerk who hears it would write it; `None` if the custom offers no other spelling.
    pub(crate) fn respelled(self, name: &str, chance: &mut Chance) -> Option<String> {
        let lower = name.to_lowercase();
        let fitting: Vec<_> = self.spellings().iter().filter(|(from, _)| lower.contains(from)).copied().collect();
        if fitting.is_empty() {
            return None;
        }
        let (from, to) = chance.pick(&fitting);
        Some(capitalised(&lower.replacen(from, to, 1)))
    }
}

const CHINESE_GIVEN: &[&str] =
    &["Mei", "Lan", "Xiu", "Hao", "Jun", "Yun", "Ting", "Bo", "Zhen", "Rui", "Feng", "Qing", "Shan", "Wen", "Lei"];

/// Given names that American offices turn into English ones.
const AMERICAN: &[(&str, &str)] = &[
    ("José", "Joseph"),
    ("Miguel", "Michael"),
    ("Juan", "John"),
    ("Pedro", "Peter"),
    ("Ángel", "Angel"),
    ("María", "Mary"),
    ("Elena", "Helen"),
    ("Catarina", "Catherine"),
    ("Mateo", "Matthew"),
    ("João", "John"),
    ("Antônio", "Anthony"),
    ("Oleksandr", "Alexander"),
    ("Mykola", "Nicholas"),
    ("Andrii", "Andrew"),
    ("Mariia", "Maria"),
    ("Yevhen", "Eugene"),
    ("Ibrahim", "Abraham"),
    ("Yousef", "Joseph"),
    ("Maryam", "Miriam"),
    ("Pierre", "Peter"),
    ("Francisco", "Francis"),
    ("Andrés", "Andrew"),
];

/// The English form of a given name; `None` if there is none.
pub(crate) fn americanised(given: &str) -> Option<&'static str> {
    AMERICAN.iter().find(|(own, _)| *own == given).map(|(_, english)| *english)
}

/// Plain capitals without diacritics, as most agency systems store names. Apostrophes are lost too.
pub(crate) fn plain_capitals(name: &str) -> String {
    name.nfkd().filter(|c| !is_combining_mark(*c) && *c != '\'').collect::<String>().to_uppercase()
}

/// The name with the first letter of every word in capitals, particles excepted.
fn capitalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut start = true;
    for (i, word) in name.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
            start = true;
        }
        let particle = ["da", "de", "dos"].contains(&word);
        for c in word.chars() {
            if start && !particle {
                out.extend(c.to_uppercase());
            } else {
                out.push(c);
            }
            start = c == '-';
        }
    }
    out
}
