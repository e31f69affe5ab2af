//! What type the texts of a column are.

use super::concepts::YES_NO;
use super::dates::FORMS;
use super::meaning::words;
use super::profile::Profile;
use model::ValueType;
use std::collections::BTreeMap;

/// Share of the filled cells that a type must read: what it cannot read becomes null and a problem.
const ENOUGH: f64 = 0.95;
/// Cells below which nothing is sure.
const FEW: u64 = 5;
/// Most digits of a number with which something can be counted.
const MOST_DIGITS: usize = 14;

/// The type of a column.
#[derive(Debug, Clone)]
pub(super) struct Guess {
    pub(super) kind: ValueType,
    pub(super) formats: Vec<String>,
    pub(super) true_texts: Vec<String>,
    pub(super) false_texts: Vec<String>,
    /// Texts that mean that there is no value.
    pub(super) null: Vec<String>,
    /// Texts that elsewhere mean so, and that here may be codes like the others.
    pub(super) null_or_code: Vec<String>,
    pub(super) shape: Option<String>,
    /// From 0 to 1.
    pub(super) confidence: f64,
    pub(super) why: Vec<String>,
    /// Of dates: what the values say of the order of day and month.
    pub(super) order: Order,
}

/// What the values say of the order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// It does not matter: the format is another, or there is no date.
    NoMatter,
    MonthFirst,
    DayFirst,
    /// Every date can be read in either order.
    Unknown,
    /// Some dates can only be read in the one order, some only in the other.
    Both,
}

/// Guesses the type. `usual_order` is what other columns of the table say of day and month.
pub(super) fn guess(header: &str, profile: &Profile, usual_order: Option<Order>) -> Guess {
    let mut guess = Guess {
        kind: ValueType::Text,
        formats: Vec::new(),
        true_texts: Vec::new(),
        false_texts: Vec::new(),
        null: Vec::new(),
        null_or_code: Vec::new(),
        shape: None,
        confidence: 0.9,
        why: Vec::new(),
        order: Order::NoMatter,
    };
    if profile.filled == 0 {
        guess.confidence = 0.3;
        guess.why.push(match (profile.redacted > 0, profile.null_like.is_empty()) {
            (true, _) => "every value is withheld".to_owned(),
            (false, true) => "every cell is empty".to_owned(),
            (false, false) => "every cell is empty or says that there is no value".to_owned(),
        });
        guess.null = profile.null_like.keys().cloned().collect();
        return guess;
    }
    let found = dated(header, profile, usual_order, &mut guess)
        || boolean(header, profile, &mut guess)
        || number(header, profile, &mut guess);
    if !found {
        text(profile, &mut guess);
    }
    null_texts(profile, &mut guess);
    if profile.filled < FEW {
        guess.confidence = guess.confidence.min(0.55);
        guess.why.push(match profile.filled {
            1 => "there is only one value".to_owned(),
            n => format!("there are only {n} values"),
        });
    }
    guess
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Whether a header has one of these words.
fn says(header: &str, any: &[&str]) -> bool {
    words(header).iter().any(|w| any.contains(&w.as_str()))
}

fn dated(header: &str, profile: &Profile, usual_order: Option<Order>, guess: &mut Guess) -> bool {
    let readable: u64 = profile.dates.iter().filter(|(formats, _)| !formats.is_empty()).map(|(_, n)| n).sum();
    // Eight digits are a day only if the header says so.
    let only_digits = profile.dates.keys().flatten().all(|n| FORMS[*n].day == "%Y%m%d") && profile.own_dates == 0;
    let says_so = says(header, &["date", "dob", "birth", "day", "fecha", "dt", "nacimiento", "on", "since", "when"]);
    if share(readable, profile.filled) < 0.9 || (only_digits && !says_so) {
        return false;
    }
    let order = order(&profile.dates);
    let day_first = match order {
        Order::DayFirst => true,
        Order::Both => only_in(&profile.dates, true) > only_in(&profile.dates, false),
        Order::Unknown => usual_order == Some(Order::DayFirst) || (usual_order.is_none() && spanish(header)),
        _ => false,
    };
    guess.formats = cover(&profile.dates, day_first);
    guess.order = order;
    let dates = if profile.timed > 0 { ValueType::DateTime } else { ValueType::Date };
    guess.kind = dates;
    let chosen: Vec<usize> =
        guess.formats.iter().filter_map(|f| FORMS.iter().position(|form| form.format == *f)).collect();
    let read: u64 =
        profile.dates.iter().filter(|(formats, _)| formats.iter().any(|n| chosen.contains(n))).map(|(_, n)| n).sum();
    guess.why.push(format!(
        "{read} of {} texts are dates of {}",
        profile.filled,
        crate::nearest::listed(&guess.formats)
    ));
    let (confidence, why) = match order {
        Order::NoMatter => (0.97, None),
        Order::MonthFirst => (0.97, Some("some can only be read month first".to_owned())),
        Order::DayFirst => (0.95, Some("some can only be read day first".to_owned())),
        Order::Unknown if usual_order == Some(Order::MonthFirst) || usual_order == Some(Order::DayFirst) => {
            let usual = if day_first { "day" } else { "month" };
            (0.7, Some(format!("all could be read either way; another column of the table is {usual} first")))
        }
        Order::Unknown => {
            let taken = if day_first { "day" } else { "month" };
            (0.4, Some(format!("day and month cannot be told apart, {taken} first is taken: ask the source")))
        }
        Order::Both => {
            let (few, other) = (only_in(&profile.dates, !day_first), if day_first { "month" } else { "day" });
            (0.35, Some(format!("the column is mixed: {few} can only be read {other} first, and become problems")))
        }
    };
    guess.confidence = confidence * share(read, profile.filled).max(0.5);
    guess.why.extend(why);
    if guess.formats.iter().any(|f| f.contains("%y")) {
        guess.confidence = guess.confidence.min(0.6);
        guess.why.push("years of two digits are taken for 1969 to 2068".to_owned());
    }
    true
}

fn spanish(header: &str) -> bool {
    says(header, &["fecha", "nacimiento", "entrada", "llegada", "audiencia", "salida"])
}

fn is_day_first(form: usize) -> bool {
    let format = FORMS[form].day;
    format.find("%d") < format.find("%m")
}

/// Cells that only formats of the one order can read.
fn only_in(dates: &BTreeMap<Vec<usize>, u64>, day_first: bool) -> u64 {
    let only = |formats: &&Vec<usize>| {
        !formats.is_empty() && formats.iter().all(|n| FORMS[*n].other.is_some() && is_day_first(*n) == day_first)
    };
    dates.iter().filter(|(formats, _)| only(formats)).map(|(_, n)| n).sum()
}

fn order(dates: &BTreeMap<Vec<usize>, u64>) -> Order {
    let matters = dates.keys().flatten().any(|n| FORMS[*n].other.is_some());
    match (matters, only_in(dates, false) > 0, only_in(dates, true) > 0) {
        (false, ..) => Order::NoMatter,
        (_, true, true) => Order::Both,
        (_, true, false) => Order::MonthFirst,
        (_, false, true) => Order::DayFirst,
        (_, false, false) => Order::Unknown,
    }
}

/// The formats that read most, the one that reads the most first, none of them of the other order.
fn cover(dates: &BTreeMap<Vec<usize>, u64>, day_first: bool) -> Vec<String> {
    let mut left: Vec<(&Vec<usize>, u64)> = dates.iter().map(|(formats, n)| (formats, *n)).collect();
    let mut chosen = Vec::new();
    loop {
        let mut counts: BTreeMap<usize, u64> = BTreeMap::new();
        for (formats, n) in &left {
            for form in *formats {
                if FORMS[*form].other.is_none() || is_day_first(*form) == day_first {
                    *counts.entry(*form).or_default() += n;
                }
            }
        }
        let best = counts.into_iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        let Some((best, _)) = best else { return chosen };
        chosen.push(FORMS[best].format.clone());
        left.retain(|(formats, _)| !formats.contains(&best));
    }
}

fn boolean(header: &str, profile: &Profile, guess: &mut Guess) -> bool {
    if profile.more_texts || profile.texts.len() > 4 {
        return false;
    }
    let hinted = says(header, &["is", "has", "flag", "yn", "exact", "indicator", "yes", "no", "had", "was"]);
    let here = |text: &str| profile.texts.contains_key(text);
    let pairs: Vec<&(&str, &str, bool)> =
        YES_NO.iter().filter(|(yes, no, by_itself)| (*by_itself || hinted) && (here(yes) || here(no))).collect();
    if pairs.is_empty() || !profile.texts.keys().all(|t| pairs.iter().any(|(yes, no, _)| yes == t || no == t)) {
        return false;
    }
    let both = pairs.iter().any(|(yes, ..)| here(yes)) && pairs.iter().any(|(_, no, _)| here(no));
    // `T`, `F` or `S` alone is more often something else.
    let says_little = |text: &String| text.len() == 1 && !matches!(text.as_str(), "Y" | "N" | "y" | "n");
    if !both && profile.texts.keys().any(says_little) {
        return false;
    }
    for (yes, no, _) in &pairs {
        for (texts, text) in [(&mut guess.true_texts, yes), (&mut guess.false_texts, no)] {
            if here(text) && !texts.iter().any(|t| t == text) {
                texts.push((*text).to_owned());
            }
        }
    }
    // Where only one was seen, the other of its pair is meant.
    if let (false, Some((yes, no, _))) = (both, pairs.first()) {
        guess.true_texts = vec![(*yes).to_owned()];
        guess.false_texts = vec![(*no).to_owned()];
    }
    guess.kind = ValueType::Boolean;
    let seen: Vec<&String> = profile.texts.keys().collect();
    guess.confidence = if both { 0.95 } else { 0.7 };
    guess.why.push(format!("the only texts are {}", crate::nearest::listed(&seen)));
    true
}

fn number(header: &str, profile: &Profile, guess: &mut Guess) -> bool {
    let names = says(
        header,
        &[
            "id",
            "code",
            "zip",
            "zipcode",
            "postcode",
            "postal",
            "number",
            "no",
            "num",
            "fips",
            "phone",
            "fax",
            "ssn",
            "key",
            "codigo",
            "numero",
            "identifier",
            "identificador",
            "expediente",
            "recibo",
            "receipt",
            "anumber",
            "alien",
        ],
    );
    let amount =
        says(header, &["amount", "bond", "fee", "fees", "cost", "paid", "price", "fianza", "monto", "pago", "income"]);
    let integers = share(profile.integers, profile.filled);
    let amounts = share(profile.amounts, profile.filled);
    if amounts >= ENOUGH && (profile.dollars > 0 || (amount && integers < 1.0) || (amount && !names)) {
        guess.kind = ValueType::Money;
        guess.confidence = if profile.dollars > 0 { 0.95 } else { 0.7 };
        guess.why.push(format!("{} of {} texts are amounts", profile.amounts, profile.filled));
        return true;
    }
    if integers < ENOUGH {
        return false;
    }
    if profile.zero_led > 0 || profile.digits > MOST_DIGITS || names {
        guess.shape = profile.look.shape();
        let why = match () {
            () if profile.zero_led > 0 => "some numbers begin with a zero, which would be lost",
            () if profile.digits > MOST_DIGITS => "the numbers are too long to count with",
            () => "the header says that the numbers name something",
        };
        guess.why.push(format!("kept as text, since {why}"));
        guess.confidence = 0.85;
        return true;
    }
    guess.kind = ValueType::Integer;
    guess.confidence = 0.9 * integers;
    guess.why.push(format!("{} of {} texts are whole numbers", profile.integers, profile.filled));
    true
}

fn text(profile: &Profile, guess: &mut Guess) {
    guess.shape = profile.look.shape();
    let decimals = share(profile.amounts, profile.filled) > 0.8;
    guess.why.push(match &guess.shape {
        Some(shape) => format!("every text is of the shape `{shape}`"),
        None if decimals => "the texts are decimal numbers, for which there is no type".to_owned(),
        None if profile.texts.len() == 1 => "one text, again and again".to_owned(),
        None if !profile.more_texts => format!("{} different texts", profile.texts.len()),
        None => "many different texts".to_owned(),
    });
}

/// Columns of a table in which a text must mean nothing, so that it does so where it may be a code.
const COLUMNS: usize = 3;

/// Decides on texts that may be codes like the others: where they mean nothing in several columns of the table, they do
/// so everywhere; otherwise they are left, and it is said.
pub(super) fn settle_nulls<'g>(guesses: impl Fn() -> Vec<&'g Guess>, of: &Guess) -> Guess {
    let mut settled = of.clone();
    for text in std::mem::take(&mut settled.null_or_code) {
        if guesses().iter().filter(|g| g.null.contains(&text)).count() >= COLUMNS {
            settled.confidence = settled.confidence.min(0.75);
            settled.why.push(format!("`{text}` is of that shape too, but means nothing in other columns"));
            settled.null.push(text);
        } else {
            settled.confidence = settled.confidence.min(0.55);
            settled.why.push(format!("`{text}` is of that shape too, and is not taken for null"));
            settled.null_or_code.push(text);
        }
    }
    settled
}

/// Texts that mean that there is no value, and those that may be codes like the others.
fn null_texts(profile: &Profile, guess: &mut Guess) {
    for text in profile.null_like.keys() {
        let like_a_code = guess.kind == ValueType::Text
            && guess.shape.as_ref().is_some_and(|shape| {
                regex::Regex::new(&format!("^(?:{shape})$")).is_ok_and(|shape| shape.is_match(text))
            });
        if like_a_code {
            guess.null_or_code.push(text.clone());
        } else {
            guess.null.push(text.clone());
        }
    }
}
