//! Why a pair scored as it did, field by field. Built only when somebody asks.

use std::fmt;

use crate::{
    compare::{self, Comparer, MISSING},
    em::Model,
    error::LinkError,
    fields::Records,
    pattern::Layout,
    score::{self, Scorer},
};

/// The weight of a pair taken apart. Prior and evidence add up to the weight, in bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// One record id.
    pub left: String,
    /// The other.
    pub right: String,
    /// What any pair has before it is compared.
    pub prior_bits: f64,
    /// The evidence, in the order of the fields.
    pub fields: Vec<FieldExplanation>,
    /// log2 of the odds of a match.
    pub weight: f64,
    /// The probability of a match.
    pub probability: f64,
}

/// The evidence of one field.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldExplanation {
    /// The field's name.
    pub field: String,
    /// The name of the level of agreement.
    pub level: &'static str,
    /// What that level means.
    pub doc: &'static str,
    /// The left value as it is compared.
    pub left: Option<String>,
    /// The right value as it is compared.
    pub right: Option<String>,
    /// The evidence of the level, without regard to how rare the value is.
    pub level_bits: f64,
    /// What its rarity adds or takes, where that is weighed.
    pub frequency: Option<FrequencyNote>,
}

/// How common the shared value, or the shared part of a name, is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrequencyNote {
    /// Records that carry it.
    pub records: u32,
    /// What that adds to the evidence, in bits.
    pub bits: f64,
}

impl FieldExplanation {
    /// All evidence of the field, in bits.
    pub fn bits(&self) -> f64 {
        self.level_bits + self.frequency.map_or(0.0, |f| f.bits)
    }
}

/// Explains any pair of records, whether or not a rule found it.
///
/// # Errors
///
/// Refuses ids that are not there and a model of other fields.
pub fn explain(records: &Records, model: &Model, left: &str, right: &str) -> Result<Explanation, LinkError> {
    model.check(records)?;
    let layout = Layout::new(records)?;
    let index = |id: &str| records.index(id).ok_or_else(|| LinkError::UnknownRecord { id: id.to_owned() });
    let (l, r) = (index(left)?, index(right)?);
    let pattern = Comparer::new(records, &layout).pattern(l, r);
    let scorer = Scorer::new(records, &layout, model);
    let field = |(at, field): (usize, &crate::fields::Field)| {
        let level = usize::from(layout.level(pattern, at));
        let levels = compare::levels(field.spec().kind);
        let info = level.checked_sub(1).and_then(|at| levels.get(at).copied()).unwrap_or(&MISSING);
        let bits = scorer.field_bits(pattern, at, l, r);
        FieldExplanation {
            field: field.spec().name.clone(),
            level: info.name,
            doc: info.doc,
            left: field.value(l),
            right: field.value(r),
            level_bits: bits.level,
            frequency: bits.carriers.map(|records| FrequencyNote { records, bits: bits.frequency }),
        }
    };
    let fields = records.fields().iter().enumerate().map(field).collect();
    let weight = scorer.weight(pattern, l, r);
    Ok(Explanation {
        left: left.to_owned(),
        right: right.to_owned(),
        prior_bits: scorer.prior,
        fields,
        weight,
        probability: score::probability(weight),
    })
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
        let rows: Vec<[String; 4]> = self
            .fields
            .iter()
            .map(|x| {
                let telling = x.frequency.filter(|n| n.bits.abs() >= 0.05);
                let note =
                    telling.map_or_else(String::new, |n| format!(" ({} records carry it: {:+.1})", n.records, n.bits));
                let values = format!("{} | {}", value(&x.left), value(&x.right));
                [x.field.clone(), format!("{:+.1}", x.bits()), format!("{}{note}", x.level), values]
            })
            .chain([["prior".to_owned(), format!("{:+.1}", self.prior_bits), String::new(), String::new()]])
            .chain([[
                "total".to_owned(),
                format!("{:+.1}", self.weight),
                format!("probability {:.4}", self.probability),
                String::new(),
            ]])
            .collect();
        let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
        let [name, bits, level] = [width(0), width(1), width(2)];
        writeln!(f, "{} – {}", self.left, self.right)?;
        for row in &rows {
            let line = format!("  {:name$}  {:>bits$}  {:level$}  {}", row[0], row[1], row[2], row[3]);
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
