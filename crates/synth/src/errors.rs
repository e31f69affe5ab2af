//! What offices make of a person's name, birth date and number: the errors that people really suffer.

use crate::chance::Chance;
use crate::names::{Culture, americanised, plain_capitals};
use crate::people::{FIRST_A_NUMBER, Person};
use jiff::civil::Date;

/// One way in which a record differs from the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slip {
    OneSurname,
    SurnamesSwapped,
    GivenSurnameSwapped,
    SecondGivenDropped,
    Respelled,
    Americanised,
    HyphenLost,
    DiacriticsLost,
    DayMonthSwapped,
    DefaultBirthday,
    BirthDateOff,
    BirthDateMissing,
    ANumberTransposed,
    ANumberDigit,
    ANumberMissing,
    SexMissing,
}

impl Slip {
    /// The name used in `truth/records.csv`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Slip::OneSurname => "one_surname",
            Slip::SurnamesSwapped => "surnames_swapped",
            Slip::GivenSurnameSwapped => "given_surname_swapped",
            Slip::SecondGivenDropped => "second_given_dropped",
            Slip::Respelled => "respelled",
            Slip::Americanised => "americanised",
            Slip::HyphenLost => "hyphen_lost",
            Slip::DiacriticsLost => "diacritics_lost",
            Slip::DayMonthSwapped => "day_month_swapped",
            Slip::DefaultBirthday => "default_birthday",
            Slip::BirthDateOff => "birth_date_off",
            Slip::BirthDateMissing => "birth_date_missing",
            Slip::ANumberTransposed => "a_number_transposed",
            Slip::ANumberDigit => "a_number_digit",
            Slip::ANumberMissing => "a_number_missing",
            Slip::SexMissing => "sex_missing",
        }
    }
}

/// How a source writes down people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Habits {
    /// Names in capitals without diacritics.
    pub(crate) capitals: bool,
    /// Share of records whose number is not written down at all.
    pub(crate) a_number_missing: f64,
    /// Share of records without a birth date.
    pub(crate) birth_missing: f64,
    /// Multiplies every other share.
    pub(crate) carelessness: f64,
}

/// The court.
pub(crate) const COURT: Habits =
    Habits { capitals: true, a_number_missing: 0.01, birth_missing: 0.03, carelessness: 1.0 };
/// ICE, detention and removals.
pub(crate) const CUSTODY: Habits =
    Habits { capitals: true, a_number_missing: 0.02, birth_missing: 0.02, carelessness: 1.2 };
/// USCIS.
pub(crate) const BENEFITS: Habits =
    Habits { capitals: true, a_number_missing: 0.05, birth_missing: 0.01, carelessness: 0.6 };
/// CBP, often at the roadside.
pub(crate) const BORDERS: Habits =
    Habits { capitals: true, a_number_missing: 0.45, birth_missing: 0.01, carelessness: 1.6 };
/// The office, which asks the person.
pub(crate) const INTAKE: Habits =
    Habits { capitals: false, a_number_missing: 0.12, birth_missing: 0.02, carelessness: 0.5 };

/// A person as one record has them.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) given: String,
    pub(crate) surname: String,
    pub(crate) birth: Option<Date>,
    pub(crate) a_number: Option<u32>,
    /// False if the record leaves the sex out.
    pub(crate) has_sex: bool,
    pub(crate) slips: Vec<Slip>,
}

/// How freely errors may fall on a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noise {
    /// As the shares say.
    Full,
    /// Names only, so that the dates of a made-up case stay as they were made.
    NamesOnly,
}

/// Writes the person down with the source's habits.
pub(crate) fn record(person: &Person, habits: Habits, noise: Noise, chance: &mut Chance) -> Recorded {
    let mut slips = Vec::new();
    let care = habits.carelessness;
    let (given, surname) = names(person, habits, care, chance, &mut slips);
    let birth = birth(person, habits, noise, chance, &mut slips);
    let a_number = a_number(person, habits, noise, chance, &mut slips);
    let has_sex = !(noise == Noise::Full && chance.yes(0.015));
    if !has_sex {
        slips.push(Slip::SexMissing);
    }
    slips.sort_unstable();
    Recorded { given, surname, birth, a_number, has_sex, slips }
}

fn names(person: &Person, habits: Habits, care: f64, chance: &mut Chance, slips: &mut Vec<Slip>) -> (String, String) {
    let mut given = person.given.clone();
    let mut surnames = person.surnames.clone();
    if given.len() > 1 && chance.yes(0.3) {
        given.truncate(1);
        slips.push(Slip::SecondGivenDropped);
    }
    if surnames.len() > 1 {
        // Two-surname customs meet one-surname forms: this is the commonest loss of all.
        if chance.yes(0.22 * care.min(1.2)) {
            let kept = usize::from(chance.yes(0.3));
            surnames = vec![surnames[kept].clone()];
            slips.push(Slip::OneSurname);
        } else if chance.yes(0.05 * care) {
            surnames.swap(0, 1);
            slips.push(Slip::SurnamesSwapped);
        }
    }
    if chance.yes(0.2 * care) {
        let which = chance.between(0, 1);
        let list = if which == 0 { &mut given } else { &mut surnames };
        if let Some(spelled) = person.culture.respelled(&list[0], chance) {
            list[0] = spelled;
            slips.push(Slip::Respelled);
        }
    }
    if chance.yes(0.04 * care)
        && let Some(english) = americanised(&given[0])
    {
        english.clone_into(&mut given[0]);
        slips.push(Slip::Americanised);
    }
    let joint = if surnames.len() > 1 && chance.yes(0.06) { "-" } else { " " };
    let mut given = given.join(" ");
    let mut surname = surnames.join(joint);
    if (given.contains('-') || surname.contains('-')) && joint == " " && chance.yes(0.3 * care) {
        let space = if person.culture == Culture::Arabic && chance.yes(0.5) { "" } else { " " };
        given = given.replace('-', " ");
        surname = surname.replace('-', space);
        slips.push(Slip::HyphenLost);
    }
    if habits.capitals {
        let (plain_given, plain_surname) = (plain_capitals(&given), plain_capitals(&surname));
        if plain_given != given.to_uppercase() || plain_surname != surname.to_uppercase() {
            slips.push(Slip::DiacriticsLost);
        }
        (given, surname) = (plain_given, plain_surname);
    }
    if chance.yes(0.015 * care) {
        std::mem::swap(&mut given, &mut surname);
        slips.push(Slip::GivenSurnameSwapped);
    }
    (given, surname)
}

fn birth(person: &Person, habits: Habits, noise: Noise, chance: &mut Chance, slips: &mut Vec<Slip>) -> Option<Date> {
    let true_birth = person.birth;
    if noise == Noise::NamesOnly {
        return Some(true_birth);
    }
    let care = habits.carelessness;
    if chance.yes(habits.birth_missing) {
        slips.push(Slip::BirthDateMissing);
        return None;
    }
    let default_share = match person.culture {
        Culture::Haitian | Culture::Mayan | Culture::Arabic => 0.04,
        _ => 0.015,
    };
    let (slip, birth) = if chance.yes(0.025 * care) {
        let swapped = u8::try_from(true_birth.day())
            .ok()
            .filter(|day| *day <= 12)
            .and_then(|_| Date::new(true_birth.year(), true_birth.day(), true_birth.month()).ok());
        (Slip::DayMonthSwapped, swapped)
    } else if chance.yes(default_share * care) {
        (Slip::DefaultBirthday, Date::new(true_birth.year(), 1, 1).ok())
    } else if chance.yes(0.02 * care) {
        let years = chance.pick(&[-1, 1, -10, 10, 0]);
        let off =
            if years == 0 { crate::dates::plus(true_birth, 1) } else { crate::dates::plus_years(true_birth, years) };
        (Slip::BirthDateOff, Some(off))
    } else {
        return Some(true_birth);
    };
    match birth {
        Some(birth) if birth != true_birth => {
            slips.push(slip);
            Some(birth)
        }
        _ => Some(true_birth),
    }
}

fn a_number(person: &Person, habits: Habits, noise: Noise, chance: &mut Chance, slips: &mut Vec<Slip>) -> Option<u32> {
    let number = person.a_number?;
    if chance.yes(habits.a_number_missing) {
        slips.push(Slip::ANumberMissing);
        return None;
    }
    if noise == Noise::NamesOnly {
        return Some(number);
    }
    // The first digit is never touched, so that a wrong number stays in the range that is never issued.
    let place = 10_u32.pow(u32::try_from(chance.between(0, 6)).unwrap_or(0));
    if chance.yes(0.015 * habits.carelessness) {
        let (low, high) = (number / place % 10, number / (place * 10) % 10);
        if low != high {
            slips.push(Slip::ANumberTransposed);
            return Some(number - low * place - high * place * 10 + high * place + low * place * 10);
        }
    } else if chance.yes(0.012 * habits.carelessness) {
        let digit = number / place % 10;
        let other = (digit + u32::try_from(chance.between(1, 9)).unwrap_or(1)) % 10;
        slips.push(Slip::ANumberDigit);
        return Some((number - digit * place + other * place).max(FIRST_A_NUMBER));
    }
    Some(number)
}
