//! Made-up cases for every criterion of the first library, with dates relative to the as-of date.

mod cases;
mod recipes;

use crate::chance::Chance;
use crate::dates::{plus, plus_years};
use crate::errors::Noise;
use crate::history::recipe_person;
use crate::life::Life;
use crate::names::Culture;
use jiff::civil::Date;
use recipes::RECIPES;

/// A person made to show one criterion in one status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Showcase {
    /// Number of the person, from 1: `p00001` is number 1.
    pub no: u32,
    /// A short name that does not change.
    pub key: &'static str,
    /// The criterion, as the reference numbers it: `A2`.
    pub criterion: &'static str,
    /// The status that the criterion should yield: a name of `model::Status`.
    pub expect: &'static str,
    /// What the records say, in a sentence.
    pub note: &'static str,
}

/// Every showcase, in the order of their persons: they are the first of the office.
pub fn showcases() -> impl Iterator<Item = Showcase> {
    (1..).zip(RECIPES).map(|(no, recipe)| Showcase {
        no,
        key: recipe.key,
        criterion: recipe.criterion,
        expect: recipe.expect,
        note: recipe.note,
    })
}

struct Recipe {
    key: &'static str,
    criterion: &'static str,
    expect: &'static str,
    note: &'static str,
    culture: Culture,
    age: i32,
    make: fn(&mut Life, Date, &mut Chance),
}

/// The person of recipe number `no`, if there is one.
pub(crate) fn made(seed: u64, no: u32, as_of: Date) -> Option<Life> {
    let recipe = RECIPES.get(usize::try_from(no).ok()?.checked_sub(1)?)?;
    // Far enough from the birthday for the age to hold, and no two people alike.
    let spread = i32::try_from(no * 37 % 190).unwrap_or(0);
    let birth = plus(plus_years(as_of, -recipe.age), -100 - spread);
    let (mut life, mut chance) = recipe_person(seed, no, recipe.culture, birth);
    life.showcase = Some(recipe.key);
    life.noise = Noise::NamesOnly;
    (recipe.make)(&mut life, as_of, &mut chance);
    Some(life)
}
