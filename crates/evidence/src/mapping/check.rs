//! Checks of a mapping, each with the key, the cause and the nearest name that would work.

use super::{Column, Crosswalk, MappingError, ObjectRule, ValueRule};
use crate::nearest::nearest;
use jiff::civil::DateTime;
use model::{Attribute, ValueType};

/// Makes errors that name the file.
pub(super) struct Checker<'a> {
    pub(super) file: &'a str,
}

impl Checker<'_> {
    pub(super) fn invalid(&self, key: &str, cause: String) -> MappingError {
        MappingError::Invalid { file: self.file.to_owned(), key: key.to_owned(), cause, nearest: None }
    }

    /// A name that is not one of those known.
    pub(super) fn unknown<'n>(
        &self,
        key: &str,
        name: &str,
        cause: &str,
        known: impl IntoIterator<Item = &'n str>,
    ) -> MappingError {
        MappingError::Invalid {
            file: self.file.to_owned(),
            key: key.to_owned(),
            cause: format!("`{name}` is {cause}"),
            nearest: nearest(name, known).map(str::to_owned),
        }
    }

    /// Reads a name out of a closed list.
    pub(super) fn one_of<T: Copy>(
        &self,
        key: &str,
        name: &str,
        parse: impl Fn(&str) -> Option<T>,
        all: &[T],
        name_of: impl Fn(T) -> &'static str,
    ) -> Result<T, MappingError> {
        parse(name).ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|t| name_of(*t)).collect();
            let cause =
                if known.len() <= 8 { format!("none of {}", known.join(", ")) } else { "no known name".to_owned() };
            self.unknown(key, name, &cause, known)
        })
    }

    /// Whether the second of two words stands there; the first is meant where none does.
    pub(super) fn choice(&self, key: &str, word: Option<&str>, words: [&str; 2]) -> Result<bool, MappingError> {
        match word {
            None => Ok(false),
            Some(word) if words.contains(&word) => Ok(word == words[1]),
            Some(other) => Err(self.unknown(key, other, &format!("neither `{}` nor `{}`", words[0], words[1]), words)),
        }
    }

    /// The index of a column by its `as` name.
    pub(super) fn column_named(&self, key: &str, name: &str, columns: &[Column]) -> Result<usize, MappingError> {
        let known = || columns.iter().map(|c| c.as_name.as_str());
        known().position(|n| n == name).ok_or_else(|| self.unknown(key, name, "no column of this table", known()))
    }

    /// The index of an object by its local name.
    pub(super) fn object_named(&self, key: &str, name: &str, objects: &[ObjectRule]) -> Result<usize, MappingError> {
        let known = || objects.iter().map(|o| o.name.as_str());
        known().position(|n| n == name).ok_or_else(|| self.unknown(key, name, "no object of this table", known()))
    }

    /// Lower case, digits and underscores.
    pub(super) fn plain_name(&self, key: &str, name: &str) -> Result<(), MappingError> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        if name.is_empty() || name.starts_with('_') || !name.bytes().all(plain) {
            let cause = format!("`{name}` is not made of lower-case letters, digits and underscores");
            return Err(MappingError::Invalid {
                file: self.file.to_owned(),
                key: key.to_owned(),
                cause,
                nearest: Some(crate::header::plain(name)),
            });
        }
        Ok(())
    }

    /// The use limit: nothing by which a person could be tracked is declared.
    pub(super) fn may_be_declared(&self, key: &str, name: &str) -> Result<(), MappingError> {
        match model::tracking_type(name) {
            None => Ok(()),
            Some(word) => Err(MappingError::UseLimit {
                file: self.file.to_owned(),
                key: key.to_owned(),
                name: name.to_owned(),
                word,
            }),
        }
    }

    /// A pattern that can be read as a date.
    pub(super) fn date_format(&self, key: &str, format: &str) -> Result<(), MappingError> {
        let sample = DateTime::constant(2001, 2, 3, 4, 5, 6, 0);
        let readable = jiff::fmt::strtime::format(format, sample)
            .ok()
            .and_then(|text| jiff::fmt::strtime::parse(format, &text).ok())
            .is_some_and(|broken| broken.to_date().is_ok());
        if readable {
            return Ok(());
        }
        Err(self.invalid(key, format!("`{format}` is no strptime pattern of a date, such as `%m/%d/%Y`")))
    }

    /// The rule yields values of the attribute's type.
    pub(super) fn fits_attribute(
        &self,
        key: &str,
        attribute: Attribute,
        rule: &ValueRule,
        columns: &[Column],
        maps: &[Crosswalk],
    ) -> Result<(), MappingError> {
        let wanted = attribute.value_type();
        let fits = match (wanted, rule) {
            (ValueType::Text, _) => true,
            (ValueType::Date, ValueRule::Column(c)) => {
                matches!(columns[*c].kind, ValueType::Date | ValueType::DateTime)
            }
            (_, ValueRule::Column(c)) => columns[*c].kind == wanted,
            (ValueType::Boolean, ValueRule::Mapped { map, .. }) => {
                maps[*map].values.values().all(|v| v == "true" || v == "false")
            }
            (ValueType::Boolean, ValueRule::Constant(text)) => text == "true" || text == "false",
            _ => false,
        };
        if fits {
            return Ok(());
        }
        Err(self.invalid(key, format!("the attribute is of type {}, the value is not", wanted.name())))
    }
}
