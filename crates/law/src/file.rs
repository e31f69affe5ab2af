//! Criterion files as they are written: TOML, read strictly.

use crate::{LoadError, Words};
use jiff::civil::Date;
use serde::Deserialize;
use std::ops::Range;
use toml::Spanned;
use toml::value::Datetime;

/// A criterion file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) id: Spanned<String>,
    pub(crate) code: String,
    pub(crate) kind: Spanned<String>,
    pub(crate) outcome: Spanned<String>,
    pub(crate) subject: Spanned<String>,
    pub(crate) selector: Spanned<String>,
    pub(crate) selector_fallback: Option<Spanned<String>>,
    pub(crate) done: Option<Spanned<String>>,
    pub(crate) act: Option<Spanned<String>>,
    pub(crate) liberty: bool,
    pub(crate) authority: Vec<String>,
    pub(crate) reviewed_by: Option<String>,
    pub(crate) reviewed_on: Option<Spanned<Datetime>>,
    pub(crate) title: Words,
    pub(crate) explanation: Words,
    pub(crate) owed_by: Words,
    pub(crate) owed_to: Words,
    #[serde(default)]
    pub(crate) contested: Vec<Words>,
    /// Clauses and dates of every version.
    #[serde(default)]
    pub(crate) every: Parts,
    pub(crate) versions: Vec<FileVersion>,
}

/// One version of the rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileVersion {
    pub(crate) id: Spanned<String>,
    pub(crate) from: Option<Spanned<Datetime>>,
    pub(crate) to: Option<Spanned<Datetime>>,
    pub(crate) scope: String,
    pub(crate) state: Spanned<String>,
    pub(crate) governs: Option<bool>,
    pub(crate) confidence: Spanned<String>,
    pub(crate) authority: Vec<String>,
    pub(crate) note: Option<Words>,
    pub(crate) watch: Option<Words>,
    #[serde(default)]
    pub(crate) applies: Vec<FileClause>,
    #[serde(default)]
    pub(crate) unless: Vec<FileClause>,
    #[serde(default)]
    pub(crate) no_limit: Vec<FileClause>,
    #[serde(default)]
    pub(crate) excuses: Vec<FileClause>,
    #[serde(default)]
    pub(crate) choices: Vec<FileClause>,
    #[serde(default)]
    pub(crate) signals: Vec<FileClause>,
    #[serde(default)]
    pub(crate) boundary: Vec<FileClause>,
    #[serde(default)]
    pub(crate) dates: Vec<FileDate>,
}

/// What every version shares.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parts {
    #[serde(default)]
    pub(crate) applies: Vec<FileClause>,
    #[serde(default)]
    pub(crate) unless: Vec<FileClause>,
    #[serde(default)]
    pub(crate) no_limit: Vec<FileClause>,
    #[serde(default)]
    pub(crate) excuses: Vec<FileClause>,
    #[serde(default)]
    pub(crate) choices: Vec<FileClause>,
    #[serde(default)]
    pub(crate) signals: Vec<FileClause>,
    #[serde(default)]
    pub(crate) boundary: Vec<FileClause>,
    #[serde(default)]
    pub(crate) dates: Vec<FileDate>,
}

/// One clause.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileClause {
    pub(crate) id: Spanned<String>,
    pub(crate) sql: Spanned<String>,
    pub(crate) en: String,
    pub(crate) es: String,
    pub(crate) if_unknown: Option<Spanned<String>>,
}

/// One named date.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FileDate {
    pub(crate) id: Spanned<String>,
    pub(crate) role: Spanned<String>,
    pub(crate) en: String,
    pub(crate) es: String,
    pub(crate) method: Option<Spanned<String>>,
    pub(crate) amount: Option<u16>,
    pub(crate) from: Option<Spanned<String>>,
    pub(crate) floor: Option<Spanned<Datetime>>,
    pub(crate) plus_days: Option<Spanned<String>>,
    pub(crate) safe_less_days: Option<u16>,
    pub(crate) place: Option<Spanned<String>>,
    pub(crate) on: Option<Spanned<Datetime>>,
    pub(crate) sql: Option<Spanned<String>>,
    pub(crate) not_before: Option<Spanned<Datetime>>,
    pub(crate) only_if: Option<Spanned<String>>,
}

/// A file's name and text, for messages that say where.
#[derive(Clone, Copy)]
pub(crate) struct Source<'a> {
    pub(crate) name: &'a str,
    pub(crate) text: &'a str,
}

impl Source<'_> {
    pub(crate) fn line(&self, span: Range<usize>) -> usize {
        1 + self.text.bytes().take(span.start).filter(|byte| *byte == b'\n').count()
    }

    /// Reads the text as a TOML shape.
    pub(crate) fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, LoadError> {
        toml::from_str(self.text).map_err(|error| LoadError::Toml {
            file: self.name.to_owned(),
            line: self.line(error.span().unwrap_or(0..0)),
            cause: error.message().to_owned(),
        })
    }

    /// An error about the item at `span`.
    pub(crate) fn refuse(
        &self,
        span: Range<usize>,
        item: impl Into<String>,
        cause: impl Into<String>,
        hint: impl Into<String>,
    ) -> LoadError {
        LoadError::Refused {
            file: self.name.to_owned(),
            line: self.line(span),
            item: item.into(),
            cause: cause.into(),
            hint: hint.into(),
        }
    }

    /// A TOML date as a civil date.
    pub(crate) fn date(&self, value: &Spanned<Datetime>) -> Result<Date, LoadError> {
        to_date(value.as_ref()).ok_or_else(|| {
            self.refuse(value.span(), format!("`{}`", value.as_ref()), "not a date without a time", "write 2026-03-09")
        })
    }
}

/// A TOML value as a civil date, if it is one.
pub(crate) fn to_date(value: &Datetime) -> Option<Date> {
    match (value.date, value.time, value.offset) {
        (Some(_), None, None) => value.to_string().parse().ok(),
        _ => None,
    }
}
