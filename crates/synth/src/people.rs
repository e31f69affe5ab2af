use crate::chance::Chance;
use crate::names::{Country, Culture, Language, Sex};
use jiff::civil::Date;

/// First of the alien registration numbers that are given out here. The Department has issued none so high; nothing
/// in these numbers is real.
pub const FIRST_A_NUMBER: u32 = 900_000_000;

/// A prime a little below the size of the range, so that stepping through it repeats no number.
const A_NUMBERS: u64 = 99_999_989;

/// A fictional person, as they are. What the offices make of them is in [`crate::errors`].
#[derive(Debug, Clone)]
pub(crate) struct Person {
    /// From 1.
    pub(crate) no: u32,
    pub(crate) culture: Culture,
    pub(crate) given: Vec<String>,
    pub(crate) surnames: Vec<String>,
    pub(crate) sex: Sex,
    pub(crate) birth: Date,
    pub(crate) citizenship: Country,
    pub(crate) language: Language,
    /// `None` for someone whom no agency has given a number.
    pub(crate) a_number: Option<u32>,
}

impl Person {
    pub(crate) fn new(seed: u64, no: u32, culture: Culture, birth: Date, chance: &mut Chance) -> Self {
        let sex = chance.pick(&[Sex::Female, Sex::Male]);
        let step = (seed % A_NUMBERS + u64::from(no) * 7_919_017) % A_NUMBERS;
        Self {
            no,
            culture,
            given: culture.given(sex, chance),
            surnames: culture.surnames(sex, chance),
            sex,
            birth,
            citizenship: culture.country(chance),
            language: culture.language(chance),
            a_number: u32::try_from(step).ok().map(|n| FIRST_A_NUMBER + n),
        }
    }

    /// The id under which the truth knows the person.
    pub(crate) fn id(&self) -> String {
        format!("p{:05}", self.no)
    }
}
